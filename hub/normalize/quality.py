"""How good a record is: what a reader needs of it, and what its library could mend, told from the record alone.

The score of a library is a sum that anybody can check: for each part of :data:`WEIGHTS` the share of the library's
records that have it, times its weight. Records that cannot be read have nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from hub.normalize.identifiers import DASHES, FLOAT
from hub.normalize.text import has_marks
from schemas.record import Record, subfields

WEIGHTS = {
    "title": 20, "author": 15, "publisher": 10, "year": 15, "isbn": 10, "language": 5, "pages": 5, "class": 10,
    "copies": 10,
}  # fmt: skip
PART_OF = {  # which part of the formula a fault costs
    "isbn_short": "isbn", "isbn_float": "isbn", "isbn_wrong": "isbn", "isbn_none": "isbn", "title_capitals": "title",
    "title_unmarked": "title", "author_none": "author", "publisher_none": "publisher", "year_none": "year",
    "language_none": "language", "pages_none": "pages", "class_none": "class", "copies_none": "copies",
}  # fmt: skip
FAULTS = tuple(PART_OF)
ISBN_SINCE = 2008  # books of earlier years may have none
NAMES = ("100", "110", "111", "700", "710", "711")
CLASSES = ("080", "082", "084")
YEAR = re.compile(r"(?<!\d)(1[5-9]\d\d|20\d\d)(?!\d)")
ZEROS = re.compile(r"97[89]\d{3}0{7}")


class Fault(NamedTuple):
    """Something the library can mend: which, and the value it is about (``""`` where something is missing)."""

    code: str
    value: str


def faults(record: Record, copies: int) -> list[Fault]:
    """Everything of a normalized record that its library could mend."""
    found = [*_isbn(record), *_title(record)]
    year = _year(record)
    missing = (
        ("author_none", not (any(tag in NAMES for tag, _ in record.fields) or record.first("245", "c"))),
        ("publisher_none", not (record.first("260", "b") or record.first("264", "b"))),
        ("year_none", not year),
        ("language_none", _language(record) in ("", "und")),
        ("pages_none", not record.first("300", "a")),
        ("class_none", not any(tag in CLASSES for tag, _ in record.fields)),
        ("copies_none", not copies),
    )
    if (
        int(year or 0) >= ISBN_SINCE
        and _is_book(record)
        and not any(tag == "020" and _number(c) for tag, c in record.fields)
    ):
        found.append(Fault("isbn_none", ""))
    return [*found, *(Fault(code, "") for code, lacking in missing if lacking)]


def score(having: Mapping[str, int], records: int) -> float:
    """0 to 100, with one decimal: each part's weight times the share of the records that have it."""
    if not records:
        return 0.0
    return round(sum(weight * having.get(part, 0) / records for part, weight in WEIGHTS.items()), 1)


def full_isbn(value: str) -> str:
    """The ISBN whose last figure is missing, with that figure; ``""`` where it cannot be told."""
    digits = re.sub(r"[^\dXx]", "", value.translate(DASHES))
    if len(digits) == 12 and digits.isdigit() and digits.startswith(("978", "979")):
        return digits + str(-(sum(map(int, digits[::2])) + 3 * sum(map(int, digits[1::2]))) % 10)
    if len(digits) == 9 and digits.isdigit():
        last = -sum((10 - place) * int(digit) for place, digit in enumerate(digits)) % 11
        return digits + ("X" if last == 10 else str(last))
    return ""


def _isbn(record: Record) -> Iterator[Fault]:
    if any(code == "a" and value for content in record.contents("020") for code, value in subfields(content)):
        return
    for value in record.values("020", "z"):
        if FLOAT.search(value) or ZEROS.search(value):
            yield Fault("isbn_float", value)
        elif full_isbn(value):
            yield Fault("isbn_short", value)
        else:
            yield Fault("isbn_wrong", value)
        return


def _title(record: Record) -> Iterator[Fault]:
    title = record.first("245", "a")
    letters = [c for c in title if c.isalpha()]
    if len(letters) > 5 and len(title.split()) > 1 and all(c.isupper() for c in letters):
        yield Fault("title_capitals", title)
    elif _language(record) == "vie" and len(title.split()) > 2 and not has_marks(title):
        yield Fault("title_unmarked", title)


def _year(record: Record) -> str:
    said = record.control("008")[7:11]
    if said.isdecimal():
        return said
    found = YEAR.search(record.first("260", "c") or record.first("264", "c"))
    return found[1] if found else ""


def _language(record: Record) -> str:
    said = record.control("008")[35:38].strip(" |#")
    return said or record.first("041", "a")


def _is_book(record: Record) -> bool:
    return record.leader[6:8] == "am"


def _number(content: str) -> bool:
    return any(code in "az" and value for code, value in subfields(content))
