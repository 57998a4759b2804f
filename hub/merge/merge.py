"""The union record of a cluster: the leading record's fields, what the others add, and the origin of each field.

The policy is the two lists below, read aloud: who leads, and which fields are united from all members. Local fields
(9XX and others with a 9) stay with their library; holdings are kept apart in their own table.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from operator import itemgetter

from hub.normalize.identifiers import isbn13
from schemas.record import DELIMITER, Field, Record, subfields

UNITED: tuple[str, ...] = ("020", "022", "041", "082", "084", "246", "490", "500", "505", "520", "521", "541", "586")
UNITED += (
    "600",
    "610",
    "611",
    "630",
    "648",
    "650",
    "651",
    "653",
    "655",
    "700",
    "710",
    "711",
    "740",
    "776",
    "856",
    "880",
)
LEFT_OUT = ("001", "003", "005", "029", "035", "040", "049", "841", "852", "853", "863", "866", "876", "952", "995")
NAMES = ("100", "110", "111", "700", "710", "711")
SUBJECTS = ("650", "653")
FAMILIES = {"264": "260", "110": "100", "111": "100", "130": "100"}  # tags of which a record wants one
HUB = "VN-HP-LT"  # who publishes: 003 and 040
AGENCY = ("040", f"  {DELIMITER}a{HUB}{DELIMITER}bvie{DELIMITER}c{HUB}")
PUNCTUATION = str.maketrans("", "", " .,;:/=-–[]()'\"")


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


@cache
def shared(tag: str) -> bool:
    """Whether a field belongs to everybody: no holding, no number of one system, no local field (9XX, X9X, XX9).

    490 is the one tag with a 9 that MARC 21 itself gives out.
    """
    return tag == "490" or (tag not in LEFT_OUT and "9" not in tag)


def precedence(member: Contribution) -> tuple[int, int, int]:
    """Who leads: the most trusted source, then the fullest record, then the oldest."""
    return -member.trust, -len(member.record.fields), member.number


NO_CHOICES: Mapping[str, int] = {}


def merge(members: Sequence[Contribution], choices: Mapping[str, int] = NO_CHOICES) -> Merged:
    """The union record; the order in which members are given does not matter.

    Fields of one member that are not the very same stay beside each other; between members, those that mean the same
    are one, in the words of the more preferred. ``choices`` of a person go first: tag → the number of the member whose
    fields of this tag alone are taken, as long as it has some; under the empty tag, the member that leads.
    """
    leading = choices.get("")
    ranked = sorted(_as_chosen(members, choices), key=lambda member: (member.number != leading, precedence(member)))
    fields: list[Field] = []
    origins: list[list[int]] = []
    places: dict[tuple[str, str], int] = {}
    said: set[str] = set()  # the families of tags that more preferred members have
    for rank, member in enumerate(ranked):
        number, families = member.number, set()
        for tag, content in member.record.fields:
            if not shared(tag):
                continue
            family = FAMILIES.get(tag, tag)
            families.add(family)
            key = _sense(tag, content)
            place = places.get(key)
            if place is not None and (origins[place][0] != number or fields[place] == (tag, content)):
                if number not in origins[place]:
                    origins[place].append(number)
            elif rank == 0 or tag in UNITED or family not in said:
                places.setdefault(key, len(fields))
                fields.append((tag, content))
                origins.append([number])
        said |= families
    order = sorted(range(len(fields)), key=lambda place: (fields[place][0], place))
    return Merged(
        Record(ranked[0].record.leader, tuple(fields[place] for place in order)),
        tuple(tuple(sorted(origins[place])) for place in order),
    )


def _as_chosen(members: Sequence[Contribution], choices: Mapping[str, int]) -> Sequence[Contribution]:
    """The members without the fields that a person chose to take from another one."""
    known = {member.number: member for member in members}
    taken = {
        FAMILIES.get(tag, tag): number
        for tag, number in choices.items()
        if tag and number in known and any(name == tag for name, _ in known[number].record.fields)
    }
    if not taken:
        return members
    return [
        replace(
            member,
            record=replace(
                member.record,
                fields=tuple(
                    field
                    for field in member.record.fields
                    if taken.get(FAMILIES.get(field[0], field[0]), member.number) == member.number
                ),
            ),
        )
        for member in members
    ]


def _sense(tag: str, content: str) -> tuple[str, str]:
    """What makes two fields the same statement: an ISBN's number, a name, a subject's words, else all letters.

    A name is the same in 100 and 700 and whatever its role is called; a subject is the same in 650 and 653.
    """
    if tag == "020":
        for code, value in subfields(content):
            if code == "a" and (number := isbn13(value)):
                return tag, number
    if tag in NAMES:
        return "name", _plain(next((value for code, value in subfields(content) if code == "a"), content))
    if tag in SUBJECTS:
        return "subject", _plain("".join(value for code, value in subfields(content) if code.isalpha()))
    return tag, content if tag < "010" else _plain(content[2:])


def _plain(text: str) -> str:
    return text.lower().translate(PUNCTUATION)


def publish(
    merged: Record, uid: str, stamp: str, members: Sequence[tuple[str, str]], former: Sequence[str] = ()
) -> Record:
    """The union record as it goes out: its own 001, 003, 005, and an 035 for each member (library code, identifier).

    ``stamp`` is the datestamp as MARC 21 005 wants it (yyyymmddhhmmss.0). ``former`` are the names of union records
    that were merged into this one: canceled numbers, 035 $z.
    """
    head = [("001", uid), ("003", HUB), ("005", stamp)]
    numbers = [("035", f"  {DELIMITER}a({code}){identifier}") for code, identifier in members]
    numbers += [("035", f"  {DELIMITER}z({HUB}){name}") for name in former]
    body = [field for field in merged.fields if shared(field[0])]
    fixed = [field for field in body if field[0] < "010"]
    rest = sorted([*numbers, AGENCY, *(field for field in body if field[0] >= "010")], key=itemgetter(0))
    leader = merged.leader.ljust(24)[:24]
    return Record(leader[:9] + "a" + leader[10:], tuple(head + fixed + rest))
