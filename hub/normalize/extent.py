"""Extent and size: 300 $a and $c in one form (R-05, R-15)."""

from __future__ import annotations

import re

from hub.normalize.context import Context, within
from schemas.record import DELIMITER

PAGES = re.compile(r"(?<![\d.])(\d{1,5})\s*(?:trang|tr|trg)(?![\w])(?:\.(?!\.))?", re.IGNORECASE)
BARE_P = re.compile(r"^(\s*\[?)(\d{1,5})(\]?)\s*(?:pp|p|pages)\.?(\s*[:;,]?\s*)$", re.IGNORECASE)
WITH_SIZE = re.compile(
    r"^(.*?\btr\.)\s*[;,:]\s*(\d{1,3}(?:,\d)?(?:\s*[x×]\s*\d{1,3}(?:,\d)?)?)\s*cm\.?\s*$", re.IGNORECASE
)
SIZE = re.compile(r"(\d)\s*cm(?!\w)", re.IGNORECASE)
TIMES = re.compile(r"(\d)\s*[x×X]\s*(\d)")


def extent(content: str, context: Context) -> str:
    """R-05: «143tr.», «143 trang», and «143p.» of a Vietnamese text → «143 tr.»."""

    def change(value: str) -> str:
        made = PAGES.sub(r"\1 tr.", value)
        return BARE_P.sub(r"\1\2\3 tr.\4", made) if context.ours and context.vietnamese else made

    return within(content, "a", change)


def size(content: str, context: Context) -> str:
    """R-15: «19x27cm» → «19 x 27 cm» in $c; a size at the end of $a goes to $c where there is none."""
    if "cm" not in content and "CM" not in content and "Cm" not in content:
        return content
    if DELIMITER + "c" in content:
        return within(content, "c", _size)
    parts = content.split(DELIMITER)
    found = WITH_SIZE.match(parts[1][1:]) if len(parts) == 2 and parts[1][:1] == "a" else None
    if found is None:
        return content
    return f"{parts[0]}{DELIMITER}a{found[1]} ;{DELIMITER}c{_size(found[2] + ' cm')}"


def _size(value: str) -> str:
    return SIZE.sub(r"\1 cm", TIMES.sub(r"\1 x \2", value))
