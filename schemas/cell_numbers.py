"""What the numbers of tables, Dublin Core and ONIX say: ISBNs, years, days, as libraries and spreadsheets write them.

Each function takes one value; what it does not understand it leaves as it is.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date, timedelta

_SPACE = re.compile(r"\s+")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b\u200e\u200f\ufeff]")
_FLOAT = re.compile(r"(\d[.,]\d+)E\+?12", re.IGNORECASE)  # 9.786041243958E+12: an ISBN that became a number
_LOST = re.compile(r"(?!604)\d{6,8}[\dXx]")  # 604 is a group of Vietnam: there a digit is missing at the end
_POINT_ZERO = re.compile(r"(\d+)\.0+")
_DAY_ZERO = date(1899, 12, 30)  # of the serial numbers of days in spreadsheets
_SERIALS = range(18_264, 73_051)  # 1950 to 2099
_DAY = re.compile(r"(\d{4})-\d\d-\d\d(?:T[\d:.]+)?")


def clean(text: str) -> str:
    """NFC, one space between words, no control characters: a value that may stand in a subfield."""
    return _SPACE.sub(" ", _CONTROL.sub("", unicodedata.normalize("NFC", text))).strip()


def valid_isbn(number: str) -> bool:
    """Whether 10 or 13 characters without hyphens carry the right check digit (ISO 2108)."""
    if re.fullmatch(r"97[89]\d{10}", number):
        return sum(int(d) * (1, 3)[i % 2] for i, d in enumerate(number)) % 10 == 0
    if not re.fullmatch(r"\d{9}[\dX]", number):
        return False
    return sum((10 - i) * (10 if d == "X" else int(d)) for i, d in enumerate(number)) % 11 == 0


def is_number(text: str) -> bool:
    """Whether a text is a whole number in the figures 0 to 9; «²» is none."""
    return text.isascii() and text.isdigit()


def read_isbns(text: str, *, lost_zeros: bool = False) -> list[tuple[str, str]]:
    """(code, value) pairs of a 020 each: a sound ISBN in $a without hyphens, anything else in $z as it was.

    With ``lost_zeros`` (a spreadsheet) an ISBN-10 that became a number has the zeros before it again, where its check
    digit says so.
    """
    found = []
    text = clean(text)
    for part in [text] if _FLOAT.fullmatch(text) else re.split(r"[;,/|\n]+", text):
        part = re.sub(r"^\s*(?:urn:)?isbn(?:[- ]?1[03])?\b\s*[:.]?\s*", "", part, flags=re.IGNORECASE).strip()
        number = re.sub(r"[-‐‑–.\s]", "", _in_figures(part)).upper()
        head = re.match(r"(\d{13}|\d{9}[\dX])(?!\d)", number)
        if head and valid_isbn(head[1]):
            found.append(("a", head[1]))
        elif lost_zeros and _LOST.fullmatch(_in_figures(part)) and valid_isbn(number.zfill(10)):
            found.append(("a", number.zfill(10)))
        elif part:
            found.append(("z", part))
    return found


def _in_figures(text: str) -> str:
    """A number as a spreadsheet shows or keeps it, in plain figures where all of them are there."""
    if whole := _POINT_ZERO.fullmatch(text):
        return whole[1]
    if (found := _FLOAT.fullmatch(text)) and len(found[1]) == 14:
        return found[1].replace(".", "").replace(",", "")
    return text


def find_year(text: str) -> str:
    """The first year from 1400 to 2099 of a value (c2015, [2015], 15/3/2015), or ""."""
    match = re.search(r"(?<!\d)(1[4-9]\d\d|20\d\d)(?!\d)", text)
    return match[1] if match else ""


def year_cell(text: str) -> str:
    """The cell of a year column: a day (2015-03-15), or its serial number (42078), is its year; else as it is."""
    if is_number(text) and len(text) == 5 and int(text) in _SERIALS:
        return str((_DAY_ZERO + timedelta(days=int(text))).year)
    day = _DAY.fullmatch(text)
    return day[1] if day else text
