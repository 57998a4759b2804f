"""What people decided about two records: events that are kept for ever; the newest one about a pair counts.

A decision is about records, which keep their numbers for ever, so that it outlives any harvest and rebuild. It outranks
the rules (:mod:`hub.stages.merge`); where they disagree, :mod:`hub.stages.contradictions` says so. Several made in one
act (a cluster parted, pairs of one pattern) have one ``batch``, and are undone together.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from django.utils import timezone

from hub.catalog import bulk, questions, writes
from hub.catalog.models import Decision, Link, Record
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
    batch: int | None = None


def decide(one: int, other: int, verdict: str, *, by: str, reason: str = "") -> Decision:
    """A person says that two records are, or are not, one publication; their clusters are due."""
    [made] = decide_all([(one, other)], verdict, by=by, reason=reason)
    return made


def decide_all(pairs: Sequence[Pair], verdict: str, *, by: str, reason: str = "") -> list[Decision]:
    """The same about several pairs in one act, which is undone as one."""
    named(by)
    if not pairs or verdict not in VERDICTS or any(one == other for one, other in pairs):
        raise ValueError(f"no decision: {pairs}, {verdict}")
    wanted = list(dict.fromkeys((min(pair), max(pair)) for pair in pairs))
    with bulk.writing():
        now, patterns = timezone.now(), _patterns(wanted)
        made = [
            Decision(
                first_id=first, second_id=second, verdict=verdict, by=by, at=now, reason=reason,
                pattern=patterns.get((first, second), ""),
            )
            for first, second in wanted
        ]  # fmt: skip
        first_made = made[0]
        first_made.save()
        if len(made) > 1:
            first_made.batch = first_made.pk
            first_made.save(update_fields=["batch"])
            for one in made[1:]:
                one.batch = first_made.pk
            Decision.objects.bulk_create(made[1:], batch_size=200)
        if len(made) == 1:
            writes.audit(by, "match.decided", "{} {}".format(*wanted[0]), verdict=verdict, reason=reason)
        else:
            facts = {"verdict": verdict, "reason": reason, "pairs": len(wanted), "batch": first_made.pk}
            writes.audit(by, "match.decided_all", f"{len(wanted)} pairs", **facts)
        due({record for pair in wanted for record in pair})
        questions.answered(set(wanted), patterns.values())
    return made


def _patterns(pairs: Sequence[Pair]) -> dict[Pair, str]:
    """The patterns of pairs that the rules linked."""
    sql = f"SELECT first, second, evidence FROM {bulk.table(Link)} WHERE first IN {{}}"
    wanted = set(pairs)
    rows = bulk.among(sql, sorted({first for first, _ in pairs}))
    return {(first, second): evidence for first, second, evidence in rows if (first, second) in wanted}


def undo(number: int, *, by: str) -> None:
    """A decision counts no more; the one before it about the same pair, if any, counts again."""
    named(by)
    with bulk.writing():
        found = Decision.objects.filter(pk=number, undone_at=None).first()
        if found is None:
            raise Trouble("decision_unknown", number=number)
        _undo([found])
        writes.audit(by, "match.undone", f"{found.first_id} {found.second_id}", decision=number)


def undo_batch(batch: int, *, by: str) -> int:
    """What was decided in one act counts no more; how many decisions those were."""
    named(by)
    with bulk.writing():
        found = list(Decision.objects.filter(batch=batch, undone_at=None))
        if not found:
            raise Trouble("decision_unknown", number=batch)
        _undo(found)
        writes.audit(by, "match.undone_all", f"{len(found)} pairs", batch=batch)
    return len(found)


def _undo(found: Sequence[Decision]) -> None:
    bulk.touch(
        f"UPDATE {bulk.table(Decision)} SET undone_at = %s WHERE id IN {{}}",
        [one.pk for one in found],
        [writes.stamp(timezone.now())],
    )
    due({record for one in found for record in (one.first_id, one.second_id)})
    questions.learn({one.pattern for one in found})


def named(by: str) -> None:
    """:class:`Trouble` ``decision_nobody`` unless somebody signs."""
    if not by.strip():
        raise Trouble("decision_nobody")


def due(records: Iterable[int]) -> None:
    """The clusters of these records are to be made again."""
    bulk.touch(f"UPDATE {bulk.table(Record)} SET due = 2 WHERE due = 0 AND id IN {{}}", sorted(records))


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
    return Decided(made.pk, first, second, made.verdict, made.by, made.at, made.reason, made.batch)
