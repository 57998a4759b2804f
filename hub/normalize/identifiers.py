"""ISBN and ISSN: what is valid, in one form (ISBN-13 of 13 digits)."""

from __future__ import annotations

import re
from functools import lru_cache

from stdnum import issn as stdnum_issn
from stdnum.exceptions import ValidationError

ISBN = re.compile(r"97[89][\d\- ]{10,16}|\d[\d\- ]{8,12}[\dXx]")
JOINERS = str.maketrans("", "", "- ")


@lru_cache(maxsize=65536)
def isbn13(text: str) -> str:
    """The ISBN-13 (13 digits) of a text such as "604-2-01234-5 (bìa mềm)", or ``""`` when it holds no valid ISBN.

    Check digits after the ISBN Users' Manual, 7th edition, section 4.
    """
    found = ISBN.search(text)
    if not found:
        return ""
    digits = found[0].translate(JOINERS).upper()
    if len(digits) == 10 and _valid10(digits):
        digits = "978" + digits[:9]
        return digits + _check13(digits)
    return digits if len(digits) == 13 and digits.isdigit() and digits[12] == _check13(digits) else ""


def _valid10(digits: str) -> bool:
    values = [10 if digit == "X" else int(digit) for digit in digits]
    return "X" not in digits[:9] and sum((10 - place) * value for place, value in enumerate(values)) % 11 == 0


def _check13(digits: str) -> str:
    odd, even = digits[0:12:2], digits[1:12:2]
    return str(-(sum(map(int, odd)) + 3 * sum(map(int, even))) % 10)


def issn(text: str) -> str:
    """The ISSN (8 characters without hyphen) of a text, or ``""`` when it holds no valid ISSN."""
    try:
        return str(stdnum_issn.validate(text.strip()[:9]))
    except ValidationError:
        return ""
