"""What a librarian corrected in a record, in plain words, put into the record whenever it is read.

A correction names a field of :data:`FIELDS`, what stood there, and what is to stand there. It holds for as long as the
source says what it said then, or normalization gives what it gave then; where both are others the source has changed
that field itself: its own newer word counts, and the correction is overtaken. The bytes of the source stay as they are.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from schemas.record import Field, Record, data_field, subfields

RULE = "correction@1"
LONGEST = 1_000  # characters of a value
BLANK_008 = "||||||nuuuu    xx            000 | und d"
YEAR = re.compile(r"(?<!\d)(1[5-9]\d\d|20\d\d)(?!\d)")
ENDS = re.compile(r"\s*[/:;=,]?\s*$")  # ISBD punctuation before the next subfield


class Place(NamedTuple):
    """Where a field in plain words stands in MARC 21: tags, the first of which is made where none is there."""

    tags: tuple[str, ...]
    code: str
    indicators: str = "  "
    order: str = ""  # of the subfields of the field, where a new one has to be put among them


PLACES = {
    "title": Place(("245",), "a", "00", "anpbhc"),
    "subtitle": Place(("245",), "b", "00", "anpbhc"),
    "volume": Place(("245",), "n", "00", "anpbhc"),
    "author": Place(("100", "110", "111"), "a", "1 "),
    "edition": Place(("250",), "a"),
    "place": Place(("260", "264"), "a", "  ", "abc"),
    "publisher": Place(("260", "264"), "b", "  ", "abc"),
    "year": Place(("260", "264"), "c", "  ", "abc"),
    "pages": Place(("300",), "a", "  ", "abc"),
    "isbn": Place(("020",), "a"),
}
CODED = {"language": (35, 38), "audience": (22, 23)}  # positions of 008
FIELDS = (
    "title", "subtitle", "volume", "author", "isbn", "edition", "place", "publisher", "year", "pages", "language",
    "audience",
)  # fmt: skip
NEEDED = ("title",)  # what cannot be made empty


@dataclass(frozen=True, slots=True)
class Correction:
    """One that stands; ``number`` is its own, the newest of a field counts."""

    number: int
    field: str
    said: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Corrected:
    """The record with what could be applied, the changes made, and the numbers of the corrections overtaken."""

    record: Record
    repairs: tuple[tuple[str, str, str, str], ...]  # rule, tag, before, after
    overtaken: tuple[int, ...]


def plain(text: str) -> str:
    """A value as it is compared and kept: NFC, one space, no control characters, at most LONGEST characters."""
    text = "".join(" " if unicodedata.category(c) in ("Cc", "Cs") else c for c in unicodedata.normalize("NFC", text))
    return " ".join(text.split())[:LONGEST]


def value_of(record: Record, field: str) -> str:
    """What the record says in a field of :data:`FIELDS`; ``""`` where it is silent."""
    if field in CODED:
        start, end = CODED[field]
        return record.control("008")[start:end].strip(" |#")
    place = PLACES[field]
    for tag, content in record.fields:
        if tag in place.tags:
            for code, value in subfields(content):
                if code == place.code or (field == "isbn" and code == "z"):
                    return plain(value[: len(value) - len(_end(value))])
    return ""


def with_value(record: Record, field: str, value: str) -> Record:
    """The record with another value in a field; ``""`` takes it out."""
    if field in CODED:
        return _coded(record, field, value)
    at = _at(record, field)
    fields = list(record.fields)
    if at is None:
        if value:
            tag = PLACES[field].tags[0]
            made = data_field(tag, PLACES[field].indicators, [(PLACES[field].code, value)])
            fields.insert(next((n for n, (t, _) in enumerate(fields) if t > tag), len(fields)), made)
    elif changed := _changed(fields[at], field, value):
        fields[at] = changed
    else:
        del fields[at]
    made_record = Record(record.leader, tuple(fields))
    found = YEAR.search(value) if field == "year" else None
    return _dated(made_record, found[1]) if found else made_record


def correct(said: Record, record: Record, corrections: Iterable[Correction]) -> Corrected:
    """Apply what stands to a normalized ``record``; ``said`` is the same as the source said it."""
    newest = {one.field: one for one in sorted(corrections, key=lambda one: one.number) if one.field in FIELDS}
    repairs, overtaken = [], []
    made = record
    for field in FIELDS:
        one = newest.get(field)
        if one is None:
            continue
        now = value_of(record, field)
        if now not in (one.old, one.new) and value_of(said, field) != one.said:
            overtaken.append(one.number)
        elif now != one.new:
            made = with_value(made, field, one.new)
            repairs.append((RULE, _tag(record, field), now, one.new))
    return Corrected(made, tuple(repairs), tuple(overtaken))


def _end(value: str) -> str:
    found = ENDS.search(value)
    return found[0] if found else ""


def _tag(record: Record, field: str) -> str:
    if field in CODED:
        return "008"
    at = _at(record, field)
    return PLACES[field].tags[0] if at is None else record.fields[at][0]


def _at(record: Record, field: str) -> int | None:
    """The field that has the value, else the first it could stand in."""
    place = PLACES[field]
    codes = place.code + ("z" if field == "isbn" else "")
    found = [n for n, (tag, _) in enumerate(record.fields) if tag in place.tags]
    having = (n for n in found if any(code in codes for code, _ in subfields(record.fields[n][1])))
    return next(having, found[0] if found else None)


def _changed(old: Field, field: str, value: str) -> Field | None:
    """The field with the value; ``None`` where nothing is left of it."""
    tag, content = old
    place = PLACES[field]
    parts = subfields(content)
    codes = place.code + ("z" if field == "isbn" else "")
    at = next((n for n, (code, _) in enumerate(parts) if code in codes), None)
    if at is not None:
        end = _end(parts[at][1])
        parts[at : at + 1] = [(place.code, value + end)] if value else []
    elif value:
        before = place.order[: place.order.find(place.code) + 1] if place.order else ""
        parts.insert(1 + max((n for n, (c, _) in enumerate(parts) if c in before), default=-1), (place.code, value))
    return data_field(tag, content[:2], parts) if parts else None


def _coded(record: Record, field: str, value: str) -> Record:
    start, end = CODED[field]
    record = _fixed(record, lambda text: text[:start] + f"{value:<{end - start}.{end - start}}" + text[end:])
    if field != "language" or not value:
        return record
    at = next((n for n, (tag, _) in enumerate(record.fields) if tag == "041"), None)
    if at is None:
        return record
    parts = subfields(record.fields[at][1])
    first = next((n for n, (code, _) in enumerate(parts) if code == "a"), None)
    if first is None:
        return record
    parts[first] = ("a", value)
    changed = data_field("041", record.fields[at][1][:2], parts)
    return Record(record.leader, (*record.fields[:at], changed, *record.fields[at + 1 :]))


def _dated(record: Record, year: str) -> Record:
    return _fixed(record, lambda text: text[:6] + "s" + year + "    " + text[15:])


def _fixed(record: Record, change: Callable[[str], str]) -> Record:
    """The record with another 008, which is made where there is none."""
    fields: Sequence[Field] = record.fields
    at = next((n for n, (tag, _) in enumerate(fields) if tag == "008"), None)
    if at is None:
        after = next((n for n, (tag, _) in enumerate(fields) if tag > "008"), len(fields))
        return Record(record.leader, (*fields[:after], ("008", change(BLANK_008)), *fields[after:]))
    return Record(record.leader, (*fields[:at], ("008", change(f"{fields[at][1]:<40}")), *fields[at + 1 :]))
