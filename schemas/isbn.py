"""What a damaged ISBN may have been: numbers whose check digit is right, the likeliest kind of slip first.

Slips of those who type, scan and keep lists: a letter for a figure, the check digit left off, two figures changed
places, one figure wrong, one too many, one too few.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

LOOKALIKE = str.maketrans({"O": "0", "Q": "0", "D": "0", "I": "1", "L": "1", "|": "1", "S": "5", "B": "8", "Z": "2"})
FIGURES = re.compile(r"[0-9OQDILSBZX|][0-9OQDILSBZX|\s.\-–—]{7,22}")
BOOKLAND = ("978", "979")


def check_digit(digits: str) -> str:
    """The 13th digit of an ISBN-13 from its first twelve (ISBN Users' Manual, section 4)."""
    return str(-(sum(map(int, digits[0:12:2])) + 3 * sum(map(int, digits[1:12:2]))) % 10)


def is_isbn13(digits: str) -> bool:
    """Whether 13 figures are an ISBN."""
    return (
        len(digits) == 13
        and digits.isdecimal()
        and digits.startswith(BOOKLAND)
        and digits[12] == check_digit(digits[:12])
    )


def isbns(text: str) -> list[str]:
    """The ISBN-13s that stand in a text, with hyphens or without, each once."""
    found = (re.sub(r"[^0-9]", "", one) for one in re.findall(r"(?<![0-9])97[89](?:[ -]?[0-9]){10}(?![0-9])", text))
    return list(dict.fromkeys(one for one in found if is_isbn13(one)))


def figures(text: str) -> str:
    """The figures that look like a number of this kind, with letters that were read for figures put right."""
    found = FIGURES.search(text.upper())
    if found is None or sum(map(str.isdigit, found[0])) < 7:
        return ""
    kept = re.sub(r"[^0-9A-Z|]", "", found[0])
    last = kept[-1:] if kept[-1:] == "X" else ""
    return kept.removesuffix(last).translate(LOOKALIKE).replace("X", "") + last


def repairs(text: str) -> Iterator[list[str]]:
    """The ISBN-13s that a damaged number may have been, a list for each kind of slip; none for one that is right."""
    digits = figures(text)
    if not digits or is_isbn13(digits):
        return
    core = digits.removesuffix("X")
    if not core.isdecimal() or not core.isascii():
        return
    if len(core) == 12 and core.startswith(BOOKLAND):
        yield [core + check_digit(core)]
    if len(digits) in (9, 10) and len(core) >= 9:
        yield ["978" + core[:9] + check_digit("978" + core[:9])]  # its own check digit is missing or wrong
        core = "978" + core[:9] + check_digit("978" + core[:9]) if len(digits) == 9 else core
    if len(core) == 13:
        yield _right(core[:at] + core[at + 1] + core[at] + core[at + 2 :] for at in range(12))
        yield _right(core[:at] + new + core[at + 1 :] for at in range(13) for new in "0123456789")
    if len(core) == 14:
        yield _right(core[:at] + core[at + 1 :] for at in range(14))
    if len(core) == 12:
        yield _right(core[:at] + new + core[at:] for at in range(13) for new in "0123456789")


def _right(numbers: Iterator[str]) -> list[str]:
    return [*dict.fromkeys(number for number in numbers if is_isbn13(number))]
