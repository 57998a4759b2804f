"""What belongs to one library and not to the public (R-11): the print run in 020 $d goes to a local note.

Local fields (9XX and every tag with a 9 but 490) are given out by nobody, see :func:`hub.merge.merge.shared`; 930
(number of legal deposit) and 941 (local class) are such fields already.
"""

from __future__ import annotations

import re

from hub.normalize.context import Context
from hub.normalize.letters import eth, marks, spaces
from hub.normalize.rule import Moved
from schemas.record import DELIMITER, Field, data_field

LOCAL = "590"
LABEL = "Số lượng in: "
AFTER_PRICE = re.compile(r"^(.*?\d.*?)\s*[.,;]?\s*[-–:;]\s*(\d[\d.]*\s*(?:b|bản|cuốn))\.?\s*$", re.IGNORECASE)


def print_run(content: str, context: Context) -> str | Moved:
    """R-11: 020 $d ("2000b"), which MARC 21 does not have, and «35.000đ. - 2000b», «35.000đ : 2000b» in $c → 590."""
    start, *parts = content.split(DELIMITER)
    kept: list[str] = []
    moved: list[Field] = []
    for part in parts:
        found = AFTER_PRICE.match(part[1:]) if part[:1] == "c" else None
        if part[:1] == "d" and part[1:].strip():
            moved.append(_note(part[1:].strip()))
        elif found:
            kept.append("c" + found[1])
            moved.append(_note(found[2]))
        else:
            kept.append(part)
    if not moved:
        return content
    return Moved(DELIMITER.join([start, *kept]) if kept else "", tuple(moved))


def _note(said: str) -> Field:
    """The local note, as the rules of letters and blanks would have it: they have been applied to the others."""
    tag, content = data_field(LOCAL, "  ", [("a", LABEL + said)])
    return tag, spaces(tag, marks(eth(content)))
