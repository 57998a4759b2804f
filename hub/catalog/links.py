"""What is read of records, their links and their clusters to explain them. Nothing here writes."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import NamedTuple

from hub.catalog import bulk
from hub.catalog.models import Bib, FormerIdentifier, Link, MatchKey, Member, Record, Source, Union
from hub.catalog.reads import survivor, union_number, union_uid
from hub.match.description import Description
from hub.match.packed import load_evidence
from hub.sources import matching_rules
from schemas.problem import Trouble

Evidence = tuple[tuple[str, str, float], ...]
RECORD = "r.id, s.name, s.library_id, r.identifier, r.state, r.due"


class Known(NamedTuple):
    """A record as it is named to people; ``union`` is 0 where it is in no union record (yet)."""

    number: int
    source: str
    library: str
    identifier: str
    state: str
    due: int
    union: int
    description: Description

    @property
    def uid(self) -> str:
        """The name of its union record, or ``""``."""
        return union_uid(self.union) if self.union else ""


class Linked(NamedTuple):
    """A link the rules made: SAME, FITS or ASK, first < second, with its evidence."""

    first: int
    second: int
    verdict: str
    score: float
    evidence: Evidence


class Found(NamedTuple):
    """What an identifier stands for: a record, or the records of a union record (``record`` is 0 then)."""

    record: int
    union: int

    def records(self) -> list[int]:
        """The record, or the members of the union record."""
        return [self.record] if self.record else members(self.union)


def find(text: str) -> Found:
    """The record or union record of LT-0000123, SOURCE:IDENTIFIER or LIBRARY:IDENTIFIER.

    A union record that was merged stands for its survivor. :class:`Trouble` ``record_unknown``, ``record_gone``,
    ``record_not_live`` or ``record_ambiguous``.
    """
    number = union_number(text)
    if number:
        if not Union.objects.filter(id=number).exists():
            raise Trouble("record_unknown", id=text)
        if not (live := survivor(number)):
            raise Trouble("record_gone", id=text)
        return Found(0, live)
    record = _find_record(text)
    union = Member.objects.filter(record_id=record).values_list("union", flat=True).first()
    return Found(record, union or 0)


def _find_record(text: str) -> int:
    where, _, identifier = text.partition(":")
    sources = Source.objects.filter(name=where) | Source.objects.filter(library_id=where)
    found = list(Record.objects.filter(source__in=sources, identifier=identifier).order_by("id"))
    if not found:
        former = FormerIdentifier.objects.filter(source__in=sources, identifier=identifier)
        found = list(Record.objects.filter(id__in=former.values("record_id")).order_by("id"))
    if not found:
        raise Trouble("record_unknown", id=text)
    live = [record for record in found if record.state == Record.State.LIVE]
    if not live:
        raise Trouble("record_not_live", id=text, state=found[0].state)
    if len(live) > 1:
        names = ", ".join(f"{record.source.name}:{record.identifier}" for record in live)
        raise Trouble("record_ambiguous", id=text, known=names)
    return live[0].pk


def members(union: int) -> list[int]:
    """The records of a union record, in ascending order."""
    return list(Member.objects.filter(union=union).order_by("record_id").values_list("record_id", flat=True))


def known(numbers: Iterable[int]) -> dict[int, Known]:
    """Live records by their number, in ascending order."""
    sql = (
        f'SELECT {RECORD}, COALESCE(m."union", 0), b.description FROM {bulk.table(Record)} r'
        f" JOIN {bulk.table(Source)} s ON s.id = r.source_id JOIN {bulk.table(Bib)} b ON b.record_id = r.id"
        f" LEFT JOIN {bulk.table(Member)} m ON m.record_id = r.id WHERE r.id IN {{}}"
    )
    return {
        number: Known(number, source, library, identifier, state, due, union, Description.load(said))
        for number, source, library, identifier, state, due, union, said in sorted(
            bulk.among(sql, sorted(set(numbers)))
        )
    }


def links_of(numbers: Collection[int]) -> list[Linked]:
    """Every link that any of some records has, in the order of their numbers."""
    rules = matching_rules()
    sql = f"SELECT first, second, verdict, score, evidence FROM {bulk.table(Link)} WHERE"
    rows = {row for end in ("first", "second") for row in bulk.among(f"{sql} {end} IN {{}}", sorted(numbers))}
    return [
        Linked(first, second, verdict, score, load_evidence(said, rules))
        for first, second, verdict, score, said in sorted(rows)
    ]


def key_sizes(keys: Collection[int]) -> dict[int, int]:
    """How many records have each blocking key."""
    sql = f"SELECT key, COUNT(*) FROM {bulk.table(MatchKey)} WHERE key IN {{}} GROUP BY key"
    return {int(key): int(count) for key, count in bulk.among(sql, sorted(keys))}
