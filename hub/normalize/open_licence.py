"""Whether a record says that everybody may read, copy or change the work itself.

What counts in a note of access or use (506, 540, 542) or beside a link (856): an address of a Creative Commons licence
or public domain mark, or of a statement of rightsstatements.org that restricts nothing; the name of such a licence; the
standard term "unrestricted online access" of 506 $f.
"""

from __future__ import annotations

import re

from schemas.record import FIELD_END

_FIELD = re.compile(f"{FIELD_END}(?:506|540|542|856)([^{FIELD_END}]*)")
_OPEN = re.compile(
    r"creativecommons\.org/(?:licenses|publicdomain)/"
    r"|rightsstatements\.org/(?:vocab|page)/(?:NoC-(?:US|OKLR)|NKC)/"
    r"|unrestricted online access|(?<!\w)CC0(?!\w)|(?<!\w)CC[ -]BY(?:-(?:SA|NC|ND|NC-SA|NC-ND))?(?!\w)",
    re.IGNORECASE,
)


def is_open(packed: str) -> bool:
    """Whether the packed record (:meth:`schemas.record.Record.pack`) says so."""
    return any(_OPEN.search(field) for field in _FIELD.findall(packed))
