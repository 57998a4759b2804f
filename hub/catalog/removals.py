"""Deletions and other changes too large to be believed: written down first, carried out when they are certain.

A deletion is carried out when the source has said it, or when a record was missing from a whole list and was gone
twice. A run that would remove more than a source's guard allows removes nothing: it opens a hold that waits for a named
person. A record that its source shows again is no longer to be removed; a hold of which most records were shown again
has been a false alarm, and what is left of it is judged anew. What was carried out can be undone, because every version
is kept; it is then refused, so that the next list does not remove it again.
"""

from __future__ import annotations

import os
import socket
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import NamedTuple

from django.utils import timezone

from hub.catalog import bulk, runs
from hub.catalog.models import Hold, RawRecord, Record, Rejection, Removal, Run, Source
from hub.catalog.renaming import rename
from hub.catalog.stones import DELETED, set_records, stone, told_gone
from hub.catalog.writes import RAW, audit, forget_content, stamp
from hub.sources import Guard
from schemas.problem import Problem, Trouble

SHOWN_AGAIN = "nguồn đã hiện lại các biểu ghi này · the source shows these records again"
UNDONE = "hoàn lại lượt {run} · run {run} undone"
PRESENT = ("live", "pending", "rejected", "aside")


def present(source: Source) -> int:
    """How many records of the source are there."""
    return Record.objects.filter(source=source, state__in=PRESENT).count()


def settle(run: Run, fence: int, guard: Guard) -> Problem | None:
    """Carry out the removals of a source that are certain, or hold them; the problem of a new or larger hold."""
    with runs.writing(run, fence):
        _end_false_alarms(run, guard)
        ready = Removal.objects.filter(source=run.source_id, hold=None).exclude(raw=None, confirmed=None)
        rows = list(ready.values_list("record_id", "raw"))
        if not rows:
            return None
        waiting = Hold.objects.filter(source=run.source_id, kind=Hold.Kind.DELETIONS, verdict=Hold.Verdict.OPEN).first()
        total = len(rows) + (waiting.count if waiting else 0)
        live = present(run.source)
        if guard.allows(total, live):
            carry_out(run, rows)
            return None
        return _held(run, waiting, [row[0] for row in rows], live)


def shown(run: Run, fence: int, numbers: Sequence[int]) -> None:
    """A whole list names these records as being there: they are not to be removed."""
    waiting = set(Removal.objects.filter(source=run.source_id).values_list("record_id", flat=True))
    there = sorted(waiting.intersection(numbers))
    if there:
        with runs.writing(run, fence):
            bulk.touch(f"DELETE FROM {bulk.table(Removal)} WHERE record_id IN {{}}", there)


def _end_false_alarms(run: Run, guard: Guard) -> None:
    """Of a hold most of whose records were shown again, the rest needs new evidence, as if it had never been held."""
    holds = Hold.objects.filter(source=run.source_id, kind=Hold.Kind.DELETIONS)
    for hold in holds.exclude(verdict=Hold.Verdict.RELEASED):
        left = hold.removals.count()
        if 2 * left >= hold.count or not guard.allows(left, present(run.source)):
            continue
        told = RawRecord.objects.filter(run=run, pk__in=hold.removals.exclude(raw=None).values("raw")).values("pk")
        hold.removals.exclude(raw__in=told).update(raw=None, confirmed=None, since=timezone.now())
        hold.removals.update(hold=None)
        if hold.verdict == Hold.Verdict.OPEN:
            _decide(hold, Hold.Verdict.REFUSED, "lienthong", SHOWN_AGAIN)
        if left:
            audit("lienthong", "hold.judged_anew", run.source.name, hold=hold.pk, count=left, run=run.pk)


def _held(run: Run, waiting: Hold | None, numbers: Sequence[int], live: int) -> Problem:
    """Put removals on hold; the ledgers of the runs that were told no longer say that they are deleted."""
    now = timezone.now()
    hold = waiting or Hold.objects.create(
        source=run.source, run=run, kind=Hold.Kind.DELETIONS, count=0, live=live, opened_at=now
    )
    bulk.touch(f"UPDATE {bulk.table(Removal)} SET hold_id = {hold.pk:d} WHERE record_id IN {{}}", numbers)
    hold.count = hold.removals.count()
    hold.save(update_fields=["count"])
    told = bulk.among(
        f"SELECT w.run_id FROM {bulk.table(Removal)} d JOIN {bulk.table(RawRecord)} w ON w.id = d.raw"
        " WHERE d.record_id IN {}",
        numbers,
    )
    _not_removed(Counter(row[0] for row in told))
    return Problem("removals_held", {"count": str(hold.count), "live": str(live), "hold": str(hold.pk)})


def miss(run: Run, fence: int, numbers: Sequence[int], confirm_after: timedelta) -> None:
    """These records are missing, or gone when asked for: the second time after long enough, that is certain."""
    now = timezone.now()
    with runs.writing(run, fence):
        sql = f"SELECT record_id FROM {bulk.table(Removal)} WHERE record_id IN {{}}"
        before = {row[0] for row in bulk.among(sql, numbers)}
        sure = f"UPDATE {bulk.table(Removal)} SET confirmed = %s WHERE confirmed IS NULL AND raw IS NULL"
        bulk.touch(f"{sure} AND since <= %s AND record_id IN {{}}", before, [stamp(now), stamp(now - confirm_after)])
        fresh = [(number, run.source_id, None, stamp(now)) for number in numbers if number not in before]
        bulk.insert(Removal, ("record_id", "source_id", "raw", "since"), fresh)


def gone(run: Run, fence: int, numbers: Sequence[int]) -> None:
    """These records are gone for certain: their source lists everything it has, and not them."""
    now = timezone.now()
    with runs.writing(run, fence):
        rows = [(number, run.source_id, stamp(now), stamp(now)) for number in numbers]
        bulk.upsert(Removal, ("record_id", "source_id", "since", "confirmed"), rows, ("record_id",))


def to_confirm(source: Source, before: datetime, most: int) -> list[tuple[int, str]]:
    """(number, identifier) of records that were missing at ``before`` or earlier and must be asked for again."""
    waiting = Removal.objects.filter(source=source, raw=None, confirmed=None, hold=None, since__lte=before)
    return list(waiting.order_by("since").values_list("record_id", "record__identifier")[:most])


def known(source: Source) -> set[int]:
    """The numbers of records whose removal is written down: certain, to be asked about again, held or refused."""
    return set(Removal.objects.filter(source=source).values_list("record_id", flat=True))


def hold_missing(run: Run, fence: int, numbers: Sequence[int], pairs: Sequence[tuple[int, int]] = ()) -> Problem:
    """Hold the removal of many records that are missing from a whole list, or their renaming, pair by pair."""
    kind = Hold.Kind.RENAMING if pairs else Hold.Kind.DELETIONS
    live = present(run.source)
    with runs.writing(run, fence):
        held = Removal.objects.filter(source=run.source, hold__isnull=False).values_list("record_id", flat=True)
        fresh = set(numbers) - set(held)
        open_holds = Hold.objects.filter(source=run.source, kind=kind, verdict=Hold.Verdict.OPEN)
        hold = open_holds.first()
        if hold is None and fresh:
            now = timezone.now()
            hold = Hold.objects.create(source=run.source, run=run, kind=kind, count=0, live=live, opened_at=now)
        if hold is None:
            return Problem("removals_refused", {"count": str(len(numbers))})
        now = stamp(timezone.now())
        rows = [(number, run.source_id, now, now, hold.pk) for number in sorted(fresh)]
        bulk.upsert(Removal, ("record_id", "source_id", "since", "confirmed", "hold_id"), rows, ("record_id",))
        hold.pairs = [*hold.pairs, *([old, new] for old, new in pairs if old in fresh)]
        hold.count = hold.removals.count()
        hold.save(update_fields=["count", "pairs"])
    code = "renaming_held" if pairs else "removals_held"
    return Problem(code, {"count": str(hold.count), "live": str(live), "hold": str(hold.pk)})


@contextmanager
def deciding(source: Source) -> Iterator[tuple[Run, int]]:
    """A run by which a named person's decision is carried out; it ends whatever becomes of it."""
    run, fence = runs.open_run(source, f"{socket.gethostname()}:{os.getpid()}", False, Run.Kind.DECISION)
    status: str = Run.Status.FAILED
    try:
        with runs.writing(run, fence):
            yield run, fence
        status = Run.Status.SUCCEEDED
    finally:
        runs.close_run(run, fence, status)


def release(hold: Hold, by: str, reason: str = "") -> Run:
    """A named person lets a hold's change happen, also one that was refused before; returns the run that did it."""
    _check(hold, Hold.Verdict.RELEASED, by)
    with deciding(hold.source) as (run, _):
        _decide(hold, Hold.Verdict.RELEASED, by, reason)
        renamed = rename(run, hold.pairs) if hold.kind == Hold.Kind.RENAMING else set()
        numbers = [n for n in hold.removals.values_list("record_id", flat=True) if n not in renamed]
        carry_out(run, [(number, None) for number in numbers])
        bulk.touch(f"DELETE FROM {bulk.table(Removal)} WHERE record_id IN {{}}", renamed)
        audit(by, "hold.released", hold.source.name, hold=hold.pk, count=hold.count, reason=reason, run=run.pk)
    return run


def refuse(hold: Hold, by: str, reason: str = "") -> None:
    """A named person keeps what a hold would remove; it is not asked again until the source shows the records anew."""
    with bulk.writing():
        _decide(hold, Hold.Verdict.REFUSED, by, reason)
        audit(by, "hold.refused", hold.source.name, hold=hold.pk, count=hold.count, reason=reason)


def _check(hold: Hold, verdict: str, by: str) -> None:
    """A decision has a name, and is the first; only what was refused, and still waits, may be released after all."""
    if not by.strip():
        raise Trouble("hold_nobody", hold=hold.pk)
    hold.refresh_from_db()
    after_all = (hold.verdict, verdict) == (Hold.Verdict.REFUSED, Hold.Verdict.RELEASED) and hold.removals.exists()
    if hold.verdict != Hold.Verdict.OPEN and not after_all:
        raise Trouble("hold_decided", hold=hold.pk, by=hold.decided_by)


def _decide(hold: Hold, verdict: str, by: str, reason: str) -> None:
    _check(hold, verdict, by)
    hold.verdict, hold.decided_by, hold.reason = verdict, by, reason
    hold.decided_at = timezone.now()
    hold.save(update_fields=["verdict", "decided_by", "reason", "decided_at"])


class Removed(NamedTuple):
    """A record that a run removed: its number, and the raw version it comes back with."""

    number: int
    version: int


def removed_by(run: Run) -> list[Removed]:
    """What a run removed and is still removed: what it carried out, whoever was told of it."""
    rows = bulk.query(
        f"SELECT r.id, COALESCE(r.good, MAX(v.id)) FROM {bulk.table(Record)} r"
        f" JOIN {bulk.table(RawRecord)} w ON w.id = r.raw"
        f" JOIN {bulk.table(RawRecord)} v ON v.record_id = r.id AND NOT v.deleted AND v.id < w.id"
        " WHERE r.source_id = %s AND r.state = 'deleted' AND w.run_id = %s GROUP BY r.id, r.good ORDER BY r.id",
        [run.source_id, run.pk],
    )
    return [Removed(*row) for row in rows]


def undo(run: Run, by: str, reason: str = "") -> Run:
    """Bring back what a run removed: each record's last good version is read again; returns the run that did it.

    The removals are kept as refused: the source may go on saying, or showing, that the records are gone.
    """
    if not by.strip():
        raise Trouble("undo_nobody", run=run.pk)
    if not removed_by(run):
        raise Trouble("nothing_removed", run=run.pk)
    with deciding(run.source) as (mine, _):
        found = removed_by(run)
        sql = f"SELECT id, sha256 FROM {bulk.table(RawRecord)} WHERE id IN {{}}"
        digests = {number: bytes(digest) for number, digest in bulk.among(sql, [one.version for one in found])}
        set_records(
            "state = 'pending', raw = %s, fingerprint = %s",
            [(one.version, digests[one.version], one.number) for one in found],
        )
        _keep_refused(run, found, by, reason or UNDONE.format(run=run.pk))
        runs.count(mine, received=len(found), updated=len(found))
        audit(by, "removals.undone", run.source.name, run=run.pk, count=len(found), by_run=mine.pk, reason=reason)
    return mine


def _keep_refused(run: Run, found: Sequence[Removed], by: str, reason: str) -> None:
    """Keep what is brought back as removals that a person has refused, with what the source had said of them."""
    now, count = timezone.now(), len(found)
    hold = Hold.objects.create(
        source=run.source, run=run, kind=Hold.Kind.DELETIONS, verdict=Hold.Verdict.REFUSED, count=count,
        live=present(run.source), opened_at=now, decided_at=now, decided_by=by, reason=reason,
    )  # fmt: skip
    said = told_gone([one.number for one in found])
    since = stamp(now)
    rows = [
        (one.number, run.source_id, raw if (raw := said.get(one.number, 0)) > one.version else None, since, hold.pk)
        for one in found
    ]
    bulk.upsert(Removal, ("record_id", "source_id", "raw", "since", "hold_id"), rows, ("record_id",))


def carry_out(run: Run, rows: Sequence[tuple[int, int | None]]) -> None:
    """The records are gone: (number, the raw version that says so or ``None``).

    Each gets a version by this run, unless it is this run that was told: so it is known who removed it.
    """
    sql = f"SELECT id, run_id FROM {bulk.table(RawRecord)} WHERE id IN {{}}"
    brought = dict(bulk.among(sql, [raw for _, raw in rows if raw is not None]))
    versions = {number: raw for number, raw in rows if raw is not None and brought.get(raw) == run.pk}
    others = [(number, raw) for number, raw in rows if number not in versions]
    first = bulk.next_id(RawRecord)
    stones = [stone(first + n, number, run.pk) for n, (number, _) in enumerate(others)]
    bulk.insert(RawRecord, RAW, stones)
    versions |= {row[1]: row[0] for row in stones}
    set_records(
        "state = 'deleted', raw = %s, fingerprint = %s, due = 1",
        [(version, DELETED, number) for number, version in versions.items()],
    )
    numbers = list(versions)
    forget_content(numbers)
    for model in (Rejection, Removal):
        bulk.touch(f"DELETE FROM {bulk.table(model)} WHERE record_id IN {{}}", numbers)
    if others:
        runs.count(run, received=len(others), deleted=len(others))
    _not_removed(Counter(brought[raw] for _, raw in others if raw in brought))


def _not_removed(told: Counter[int]) -> None:
    """Runs (with how many each) that were told of deletions have not carried them out: to them nothing has changed."""
    for run, count in told.items():
        sql = f"UPDATE {bulk.table(Run)} SET deleted = deleted - %s, unchanged = unchanged + %s WHERE id = %s"
        bulk.execute(sql, [count, count, run])
