"""A library's own record as it would be with what the union record adds or says better; nothing of its own is lost.

The library's control number, its local fields and every statement that the union record does not say better stay as
they are. Better is the same statement with its marks, not in capitals, with more subfields, or with more words; a
different statement is not better. What was taken over is linked to field 883 (metadata provenance) by $8, with the
records it came from (https://www.loc.gov/marc/bibliographic/bd883.html).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from hub.merge.merge import FAMILIES, _sense, shared
from hub.normalize.text import fold
from schemas.record import DELIMITER, Field, Record, data_field, is_control, subfields

REPEATED = frozenset(  # more of these is a gain even where a record has some; of the others it needs none of its own
    {
        "246",
        "586",
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
        "730",
        "740",
        "856",
    }
)
KEPT_BACK = frozenset({"541", "583", "880", "883"})  # acquisitions and actions of others, fields linked to others
LINKED = re.compile(rf"{DELIMITER}8(\d+)")
HUB = "VN-HP-LT"
PROCESS = "Liên thông: gộp từ mục lục liên hợp · united from the union catalog"


@dataclass(frozen=True, slots=True)
class Gain:
    """A field that is new (``before`` is empty) or better, and the numbers of the records that say it."""

    tag: str
    before: str
    after: str
    origins: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Improved:
    """The better record, and what it gains; without gains it is the record as it was."""

    record: Record
    gains: tuple[Gain, ...]


def improve(
    own: Record,
    union: Record,
    origins: Sequence[Collection[int]],
    names: Mapping[int, str],
    *,
    unsure: Collection[str] = (),
) -> Improved:
    """The library's record ``own``, better by what the union record says.

    ``origins`` are those of the union record's fields; ``names`` are the records as 883 $w gives them, "(CODE)number",
    without ``own``. Fields of the families ``unsure`` are not taken over: the members of the cluster do not agree.
    """
    gains: list[Gain] = []
    places: dict[int, Field] = {}  # of own fields that are said better
    added: list[Field] = []
    for (tag, content), said_by in zip(union.fields, origins, strict=False):
        others = tuple(sorted(number for number in said_by if number in names))
        if tag in KEPT_BACK or not others or not shared(tag) or FAMILIES.get(tag, tag) in unsure:
            continue
        place = _counterpart(own, tag, content)
        if place is None:
            gains.append(Gain(tag, "", content, others))
            added.append((tag, content))
        elif place >= 0 and place not in places and better(own.fields[place], (tag, content)):
            gains.append(Gain(tag, own.fields[place][1], content, others))
            places[place] = tag, content
    return Improved(_rebuilt(own, places, added, gains, names) if gains else own, tuple(gains))


def _counterpart(own: Record, tag: str, content: str) -> int | None:
    """The place of the own field that says the same or stands in its stead; -1: none may be better; None: add it."""
    family = FAMILIES.get(tag, tag)
    sense = _sense(tag, content)
    kin = [place for place, (other, _) in enumerate(own.fields) if FAMILIES.get(other, other) == family]
    same = next((place for place, field in enumerate(own.fields) if _sense(*field) == sense), None)
    if same is not None:
        return same if same in kin else -1
    if tag in REPEATED or not kin:
        return None
    return kin[0] if len(kin) == 1 else -1


def better(own: Field, other: Field) -> bool:
    """Whether the other field makes the same statement better."""
    if own == other or is_control(own[0]):
        return False
    mine, theirs = _text(own[1]), _text(other[1])
    if _shouts(theirs) > _shouts(mine) or (not mine.isascii() and theirs.isascii()):
        return False
    words, more = Counter(fold(mine).split()), Counter(fold(theirs).split())
    if words == more:
        parts, others = len(subfields(own[1])), len(subfields(other[1]))
        return _shouts(mine) > _shouts(theirs) or mine.isascii() > theirs.isascii() or parts < others
    return words <= more


def _text(content: str) -> str:
    return " ".join(value for code, value in subfields(content) if code.isalpha())


def _shouts(text: str) -> bool:
    return text.isupper()


def _rebuilt(
    own: Record, places: Mapping[int, Field], added: Sequence[Field], gains: Sequence[Gain], names: Mapping[int, str]
) -> Record:
    """The record with the better fields in their places and the new ones behind those of their tags, with origins."""
    used = [int(number) for _, content in own.fields for number in LINKED.findall(content)]
    links: dict[tuple[int, ...], int] = {}
    for gain in gains:
        if not is_control(gain.tag):
            links.setdefault(gain.origins, max(used, default=0) + 1 + len(links))
    number_of = {(gain.tag, gain.after): links.get(gain.origins, 0) for gain in gains}
    fields = [
        _marked(places[place], number_of[places[place]]) if place in places else field
        for place, field in enumerate(own.fields)
    ]
    for field in added:
        insert(fields, _marked(field, number_of[field]))
    for origins, number in links.items():
        parts = [("8", f"{number}\\p"), ("a", PROCESS), ("q", HUB), *(("w", names[origin]) for origin in origins)]
        insert(fields, data_field("883", "0 ", parts))
    return Record(own.leader, tuple(fields))


def _marked(field: Field, number: int) -> Field:
    tag, content = field
    return (tag, f"{content[:2]}{DELIMITER}8{number}\\p{content[2:]}") if number else field


def insert(fields: list[Field], field: Field) -> None:
    """Put a field behind the last one whose tag is not higher, local fields aside."""
    before = [place for place, (tag, _) in enumerate(fields) if tag <= field[0]]
    fields.insert(before[-1] + 1 if before else 0, field)
