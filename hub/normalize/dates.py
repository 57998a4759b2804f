"""Dates of publication: 260 and 264 $c in one form, what they mean in EDTF, and the dates of 008 (R-09).

EDTF is the Extended Date/Time Format of the Library of Congress (https://www.loc.gov/standards/datetime/): "199X" a
year of the nineties, "2015?" uncertain, "[1998,1999]" one of two, "1999/2001" an interval, "1999/.." an open one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from hub.normalize.context import Context, within
from schemas.record import DELIMITER, Field

YEAR_WORD = re.compile(r"^(\s*\[?)\s*(?:năm|nam)\s*:?\s*(?=\d{4}(?!\d))", re.IGNORECASE)
STOP = re.compile(r"^(\s*(?:1[5-9]|20)\d\d)\s*[.,;]\s*$")
SUPPLIED = re.compile(
    r"[\[\]<>()©℗]|(?<!\w)(?:năm|nam|copyright|printing|in)\b|(?<!\w)(?:cop|cop\.|c\.|i\.e\.)(?=\s*\d)"
    r"|(?<!\w)[cp](?=\s?\d{4})|(?<=\d{4})r(?=\.|$)"
)
YEAR = r"(?:1[5-9]|20)\d\d"
SINGLE = re.compile(rf"({YEAR})(\?)?")
DECADE = re.compile(r"(1[5-9]\d|20\d)[-?_.]?\??")
CENTURY = re.compile(r"(1[5-9]|20)(?:--|\?\?)\??")
EITHER = re.compile(rf"({YEAR}) (?:or|hoặc|hay|/) ({YEAR})")
INTERVAL = re.compile(rf"({YEAR})\s*[-–/]\s*({YEAR}|\d\d)?")
MONTH = re.compile(rf"(?:(?:tháng|th\.|t)?\s*)?(1[0-2]|0?[1-9])\s*[/.-]\s*({YEAR})", re.IGNORECASE)
DAY = re.compile(rf"(?:ngày\s+)?(3[01]|[12]\d|0?[1-9])\s*[/.-]\s*(1[0-2]|0?[1-9])\s*[/.-]\s*({YEAR})", re.IGNORECASE)
ISO_DAY = re.compile(rf"({YEAR})-(1[0-2]|0[1-9])-(3[01]|[12]\d|0[1-9])")
QUARTER = re.compile(rf"(?:quý|q\.?)\s*(?:[1-4]|iv|i{{1,3}})\s*[/.-]?\s*({YEAR})", re.IGNORECASE)
BLANK_DATES = ("    ", "||||", "9999", "####", "0000")
OPEN = ".."


def date(content: str, context: Context) -> str:
    """R-09: «năm 2015» and «2015.» → «2015».

    «c2015» and «[2015]» stay: they say that the date is that of copyright, or was supplied; the year they mean is
    2015 all the same, see :func:`edtf`.
    """
    if not context.ours or (content[-1:].isdecimal() and "ăm" not in content and "ĂM" not in content):
        return content
    return within(content, "c", _date)


@lru_cache(maxsize=4096)
def _date(value: str) -> str:
    return STOP.sub(r"\1", YEAR_WORD.sub(r"\1", value))


@lru_cache(maxsize=8192)
def edtf(text: str) -> str:
    """What a date of publication says, in EDTF; ``""`` when it says no year.

    Of several dates ("2000, c1999") the first counts.
    """
    plain = SUPPLIED.sub(" ", text.split(",")[0].strip().lower() if text.count(",") else text.lower())
    plain = " ".join(plain.split()).strip(" .,;:")
    if found := SINGLE.fullmatch(plain):
        return found[1] + (found[2] or "")
    if found := EITHER.fullmatch(plain):
        return f"[{found[1]},{found[2]}]"
    if found := MONTH.fullmatch(plain):
        return f"{found[2]}-{int(found[1]):02d}"
    if found := DAY.fullmatch(plain):
        return f"{found[3]}-{int(found[2]):02d}-{int(found[1]):02d}"
    if ISO_DAY.fullmatch(plain):
        return plain
    if found := QUARTER.fullmatch(plain):
        return found[1]
    if found := INTERVAL.fullmatch(plain):
        return _interval(found[1], found[2] or OPEN)
    if found := DECADE.fullmatch(plain):
        return f"{found[1]}X" + ("?" if plain.endswith("?") else "")
    found = CENTURY.fullmatch(plain)
    return f"{found[1]}XX" if found else ""


def _interval(start: str, end: str) -> str:
    """An interval; two digits are a year of the same century when they come later, else a month."""
    if len(end) == 2 and end != OPEN:
        if end > start[2:]:
            return f"{start}/{start[:2]}{end}"
        return f"{start}-{end}" if "01" <= end <= "12" else ""
    return f"{start}/{end}" if end == OPEN or end >= start else ""


def fixed_dates(fixed: str, leader: str, fields: Iterable[Field]) -> str:
    """R-09: 008/06-14 where they are blank, from the first date of 260 or 264 (https://www.loc.gov/marc/bibliographic/bd008a.html).

    A date 9999, which only date 2 can have, counts as blank; without any date the type is n (unknown).
    """
    if fixed[7:11] not in BLANK_DATES or fixed[6:7] == "b" or len(fixed) < 15:
        return fixed
    said = _said(fields)
    if not said:
        return fixed[:6] + "nuuuuuuuu" + fixed[15:] if fixed[7:11] == "9999" else fixed
    kind, first, second = coded(said, serial=leader[7:8] in ("s", "i"))
    return fixed[:6] + kind + first + second + fixed[15:]


def _said(fields: Iterable[Field]) -> str:
    for tag, content in fields:
        if tag in ("260", "264"):
            for part in content.split(DELIMITER)[1:]:
                if part[:1] == "c" and (found := edtf(part[1:])):
                    return found
    return ""


def coded(said: str, *, serial: bool = False) -> tuple[str, str, str]:
    """An EDTF date as MARC 21 008/06, 07-10 and 11-14 say it: "199X" → s, 199u, blank; "1999/.." → m, 1999, 9999."""
    if said.startswith("["):
        return "q", said[1:5], said[6:10]
    first, _, second = said.partition("/")
    first = first[:4].replace("X", "u")
    if not second:
        return ("c", first, "9999") if serial else ("s", first, "    ")
    if second == OPEN:
        return "c" if serial else "m", first, "9999"
    return "d" if serial else "m", first, second[:4]
