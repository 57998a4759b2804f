"""The union record of a cluster: the leading record's fields, what the others add, and the origin of each field.

The policy is the two lists below, read aloud: who leads, and which fields are united from all members. Local fields
(9XX and others with a 9) stay with their library; holdings are kept apart in their own table.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from hub.normalize.identifiers import isbn13
from hub.normalize.text import syllables
from schemas.record import DELIMITER, Field, Record, subfields

NAME = "Liên thông"
UNITED: tuple[str, ...] = ("020", "022", "041", "082", "084", "246", "490", "500", "505", "520", "521", "541", "586")
UNITED += ("600", "610", "611", "630", "648", "650", "651", "653", "655", "700", "710", "711", "740", "776", "856", "880")
LEFT_OUT = ("001", "003", "005", "029", "035", "040", "049", "841", "852", "853", "863", "866", "876", "952", "995")


@dataclass(frozen=True, slots=True)
class Contribution:
    """A member of a cluster as the merge sees it; ``trust`` is its source's (higher leads)."""

    number: int
    trust: int
    record: Record


@dataclass(frozen=True, slots=True)
class Merged:
    """A union record and, for each of its fields, the numbers of the records that say it."""

    record: Record
    origins: tuple[tuple[int, ...], ...]


def precedence(member: Contribution) -> tuple[int, int, int]:
    """Who leads: the most trusted source, then the fullest record, then the oldest."""
    return -member.trust, -sum(1 for tag, _ in member.record.fields if shared(tag)), member.number


def shared(tag: str) -> bool:
    """Whether a field belongs to everybody: no holding, no number of one system, no local field (9XX, X9X, XX9).

    490 is the one tag with a 9 that MARC 21 itself gives out.
    """
    return tag == "490" or (tag not in LEFT_OUT and "9" not in tag)


def merge(members: Sequence[Contribution]) -> Merged:
    """The union record; the order in which members are given does not matter."""
    ranked = sorted(members, key=precedence)
    leading = ranked[0].record
    fields: list[Field] = []
    origins: list[list[int]] = []
    places: dict[tuple[str, str], int] = {}
    tags = {tag for tag, _ in leading.fields}
    for rank, member in enumerate(ranked):
        for tag, content in member.record.fields:
            if not shared(tag):
                continue
            key = (tag, _sense(tag, content))
            if key in places:
                if member.number not in origins[places[key]]:
                    origins[places[key]].append(member.number)
            elif rank == 0 or tag in UNITED or tag not in tags:
                places[key] = len(fields)
                fields.append((tag, content))
                origins.append([member.number])
        if rank:
            tags |= {tag for tag, _ in member.record.fields}
    order = sorted(range(len(fields)), key=lambda i: (fields[i][0], i))
    return Merged(
        Record(leading.leader, tuple(fields[i] for i in order)),
        tuple(tuple(sorted(origins[i])) for i in order),
    )


def _sense(tag: str, content: str) -> str:
    """What makes two fields the same statement: the number of an ISBN, else the words of the values."""
    if tag == "020":
        for code, value in subfields(content):
            if code == "a" and (number := isbn13(value)):
                return number
    if tag < "010":
        return content
    return syllables(" ".join(value for code, value in subfields(content) if code not in "0123456789")) or content


def publish(merged: Record, uid: str, stamp: str, members: Sequence[tuple[str, str]]) -> Record:
    """The union record as it goes out: its own 001, 003, 005, and an 035 for each member (library code, identifier).

    ``stamp`` is the datestamp as MARC 21 005 wants it (yyyymmddhhmmss.0).
    """
    head = [("001", uid), ("003", "VN-HP-LT"), ("005", stamp)]
    numbers = [("035", f"  {DELIMITER}a({code}){identifier}") for code, identifier in members]
    agency = [("040", f"  {DELIMITER}aVN-HP-LT{DELIMITER}bvie{DELIMITER}cVN-HP-LT")]
    body = [field for field in merged.fields if shared(field[0])]
    fixed = [field for field in body if field[0] < "010"]
    rest = sorted([*numbers, *agency, *[field for field in body if field[0] >= "010"]], key=lambda field: field[0])
    leader = merged.leader.ljust(24)[:24]
    return Record(leader[:9] + "a" + leader[10:], tuple(head + fixed + rest))
