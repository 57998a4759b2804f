"""What people decided about two records: events that are kept for ever; the newest one about a pair counts.

A decision is about records, which keep their numbers for ever, so that it outlives any harvest and rebuild. It outranks
the rules (:mod:`hub.stages.merge`); where they disagree, :mod:`hub.stages.contradictions` says so.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from django.utils import timezone

from hub.catalog import bulk, writes
from hub.catalog.models import Decision, Record
from schemas.problem import Trouble

VERDICTS = ("SAME", "DIFFERENT")
Pair = tuple[int, int]


class Decided(NamedTuple):
    """A decision that stands; ``first`` is the lower record number."""

    number: int
    first: int
    second: int
    verdict: str
    by: str
    at: datetime
    reason: str


def decide(one: int, other: int, verdict: str, *, by: str, reason: str = "") -> Decision:
    """A person says that two records are, or are not, one publication; their clusters are due."""
    if not by.strip():
        raise Trouble("decision_nobody")
    if one == other or verdict not in VERDICTS:
        raise ValueError(f"no decision: {one}, {other}, {verdict}")
    first, second = sorted((one, other))
    with bulk.writing():
        made = Decision.objects.create(
            first_id=first, second_id=second, verdict=verdict, by=by, at=timezone.now(), reason=reason
        )
        writes.audit(by, "match.decided", f"{first} {second}", verdict=verdict, reason=reason)
        _due(first, second)
    return made


def undo(number: int, *, by: str) -> None:
    """A decision counts no more; the one before it about the same pair, if any, counts again."""
    if not by.strip():
        raise Trouble("decision_nobody")
    with bulk.writing():
        found = Decision.objects.filter(pk=number, undone_at=None).first()
        if found is None:
            raise Trouble("decision_unknown", number=number)
        Decision.objects.filter(pk=number).update(undone_at=timezone.now())
        writes.audit(by, "match.undone", f"{found.first_id} {found.second_id}", decision=number)
        _due(found.first_id, found.second_id)


def _due(first: int, second: int) -> None:
    sql = f"UPDATE {bulk.table(Record)} SET due = 2 WHERE due = 0 AND id IN (%s, %s)"
    bulk.execute(sql, [first, second])


def verdicts(records: Iterable[int] | None = None) -> dict[Pair, tuple[int, str]]:
    """(number, verdict) of the decision that counts, by pair: of all pairs, or those with any of some records."""
    sql = f"SELECT id, first_id, second_id, verdict FROM {bulk.table(Decision)} WHERE undone_at IS NULL"
    if records is None:
        rows = set(bulk.query(sql))
    else:
        numbers = sorted(set(records))
        rows = {row for end in ("first_id", "second_id") for row in bulk.among(f"{sql} AND {end} IN {{}}", numbers)}
    return {
        (min(one, other), max(one, other)): (number, verdict) for number, one, other, verdict in sorted(rows)
    }  # of one pair the newest comes last


def standing(records: Iterable[int] | None = None) -> list[Decided]:
    """The decisions that count, the oldest first."""
    numbers = sorted(number for number, _ in verdicts(records).values())
    found: list[Decided] = []
    for start in range(0, len(numbers), bulk.CHUNK):
        rows = Decision.objects.filter(pk__in=numbers[start : start + bulk.CHUNK]).order_by("id")
        found += map(_decided, rows)
    return found


def _decided(made: Decision) -> Decided:
    first, second = sorted((made.first_id, made.second_id))
    return Decided(made.pk, first, second, made.verdict, made.by, made.at, made.reason)
