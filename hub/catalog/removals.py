"""Deletions and other changes too large to be believed: written down first, carried out when they are certain.

A deletion is carried out when the source has said it, or when a record was missing from a whole list, was asked for by
itself and was gone, twice. A run that would remove more than a source's guard allows removes nothing: it opens a hold
that waits for a named person. A record that its source shows again is no longer to be removed; a hold of which most
records were shown again has been a false alarm, and what is left of it is judged anew. What was carried out can be
undone, because every version is kept.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

import zstandard
from django.db import connection
from django.utils import timezone

from hub.catalog import bulk, runs
from hub.catalog.arrivals import DELETED, LEVEL
from hub.catalog.models import FormerIdentifier, Hold, RawRecord, Record, Rejection, Removal, Run, Source
from hub.catalog.writes import RAW, audit, forget_content, stamp
from hub.sources import Guard
from schemas.problem import Problem, Trouble

SHOWN_AGAIN = "nguồn đã hiện lại các biểu ghi này · the source shows these records again"
EMPTY = zstandard.ZstdCompressor(level=LEVEL).compress(b"")
NOTHING = sha256(b"").digest()
PRESENT = ("live", "pending", "rejected", "aside")


def present(source: Source) -> int:
    """How many records of the source are there."""
    return Record.objects.filter(source=source, state__in=PRESENT).count()


def settle(run: Run, guard: Guard) -> Problem | None:
    """Carry out the removals of a source that are certain, or hold them; the problem of a new or larger hold."""
    with bulk.writing():
        _end_false_alarms(run, guard)
        ready = Removal.objects.filter(source=run.source_id, hold=None).exclude(raw=None, confirmed=None)
        rows = list(ready.values_list("record_id", "raw"))
        if not rows:
            return None
        waiting = Hold.objects.filter(source=run.source_id, kind=Hold.Kind.DELETIONS, verdict=Hold.Verdict.OPEN).first()
        total = len(rows) + (waiting.count if waiting else 0)
        live = present(run.source)
        if guard.allows(total, live):
            _carry_out(run, rows)
            return None
        return _held(run, waiting, [row[0] for row in rows], live)


def shown(source: Source, numbers: Sequence[int]) -> None:
    """A whole list names these records as being there: they are not to be removed."""
    waiting = set(Removal.objects.filter(source=source).values_list("record_id", flat=True))
    there = sorted(waiting.intersection(numbers))
    if there:
        with bulk.writing():
            bulk.touch(f"DELETE FROM {bulk.table(Removal)} WHERE record_id IN {{}}", there)


def _end_false_alarms(run: Run, guard: Guard) -> None:
    """Of a hold most of whose records were shown again, the rest needs new evidence, as if it had never been held."""
    holds = Hold.objects.filter(source=run.source_id, kind=Hold.Kind.DELETIONS)
    for hold in holds.exclude(verdict=Hold.Verdict.RELEASED):
        left = hold.removals.count()
        if 2 * left > hold.count or not guard.allows(left, present(run.source)):
            continue
        told = RawRecord.objects.filter(run=run, pk__in=hold.removals.exclude(raw=None).values("raw")).values("pk")
        hold.removals.exclude(raw__in=told).update(raw=None, confirmed=None, since=timezone.now())
        hold.removals.update(hold=None)
        if hold.verdict == Hold.Verdict.OPEN:
            _decide(hold, Hold.Verdict.REFUSED, "lienthong", SHOWN_AGAIN)
        if left:
            audit("lienthong", "hold.judged_anew", run.source.name, hold=hold.pk, count=left, run=run.pk)


def _held(run: Run, waiting: Hold | None, numbers: Sequence[int], live: int) -> Problem:
    """Put removals on hold; the run's ledger no longer says that they are deleted."""
    now = timezone.now()
    hold = waiting or Hold.objects.create(
        source=run.source, run=run, kind=Hold.Kind.DELETIONS, count=0, live=live, opened_at=now
    )
    bulk.touch(f"UPDATE {bulk.table(Removal)} SET hold_id = {hold.pk:d} WHERE record_id IN {{}}", numbers)
    hold.count = hold.removals.count()
    hold.save(update_fields=["count"])
    told = bulk.among(
        f"SELECT COUNT(*) FROM {bulk.table(Removal)} d JOIN {bulk.table(RawRecord)} w ON w.id = d.raw"
        f" WHERE w.run_id = {run.pk:d} AND d.record_id IN {{}}",
        numbers,
    )
    moved = sum(row[0] for row in told)
    runs.count(run, deleted=-moved, unchanged=moved)
    return Problem("removals_held", {"count": str(hold.count), "live": str(live), "hold": str(hold.pk)})


def miss(source: Source, numbers: Sequence[int], confirm_after: timedelta) -> None:
    """These records were asked for by themselves and are gone: the second time after long enough, that is certain."""
    now = timezone.now()
    with bulk.writing():
        before = dict(Removal.objects.filter(pk__in=list(numbers)).values_list("record_id", "since"))
        sure = [number for number in numbers if number in before and before[number] <= now - confirm_after]
        Removal.objects.filter(pk__in=sure).update(confirmed=now)
        fresh = [(number, source.pk, None, stamp(now)) for number in numbers if number not in before]
        bulk.insert(Removal, ("record_id", "source_id", "raw", "since"), fresh)


def gone(source: Source, numbers: Sequence[int]) -> None:
    """These records are gone for certain: their source lists everything it has, and not them."""
    now = timezone.now()
    with bulk.writing():
        rows = [(number, source.pk, stamp(now), stamp(now)) for number in numbers]
        bulk.upsert(Removal, ("record_id", "source_id", "since", "confirmed"), rows, ("record_id",))


def to_confirm(source: Source, before: datetime, most: int) -> list[tuple[int, str]]:
    """(number, identifier) of records that were missing at ``before`` or earlier and must be asked for again."""
    waiting = Removal.objects.filter(source=source, raw=None, confirmed=None, hold=None, since__lte=before)
    return list(waiting.order_by("since").values_list("record_id", "record__identifier")[:most])


def certain(source: Source) -> set[int]:
    """The numbers of records whose removal is certain already, or waits for a person."""
    waiting = Removal.objects.filter(source=source).exclude(raw=None, confirmed=None, hold=None)
    return set(waiting.values_list("record_id", flat=True))


def hold_missing(run: Run, numbers: Sequence[int], pairs: Sequence[tuple[int, int]] = ()) -> Problem:
    """Hold the removal of many records that are missing from a whole list, or their renaming, pair by pair."""
    kind = Hold.Kind.RENAMING if pairs else Hold.Kind.DELETIONS
    live = present(run.source)
    with bulk.writing():
        known = Removal.objects.filter(source=run.source, hold__isnull=False).values_list("record_id", flat=True)
        fresh = sorted(set(numbers) - set(known))
        open_holds = Hold.objects.filter(source=run.source, kind=kind, verdict=Hold.Verdict.OPEN)
        hold = open_holds.first()
        if hold is None and fresh:
            now = timezone.now()
            hold = Hold.objects.create(source=run.source, run=run, kind=kind, count=0, live=live, opened_at=now)
        if hold is None:
            return Problem("removals_refused", {"count": str(len(numbers))})
        now = stamp(timezone.now())
        rows = [(number, run.source_id, now, now, hold.pk) for number in fresh]
        bulk.upsert(Removal, ("record_id", "source_id", "since", "confirmed", "hold_id"), rows, ("record_id",))
        hold.pairs = [*hold.pairs, *([old, new] for old, new in pairs if old in set(fresh))]
        hold.count = hold.removals.count()
        hold.save(update_fields=["count", "pairs"])
    code = "renaming_held" if pairs else "removals_held"
    return Problem(code, {"count": str(hold.count), "live": str(live), "hold": str(hold.pk)})


def release(hold: Hold, by: str, reason: str = "") -> Run:
    """A named person lets a hold's change happen; returns the run that did it."""
    source = hold.source
    run, fence = runs.open_run(source, _worker(), False, Run.Kind.DECISION)
    with bulk.writing():
        _decide(hold, Hold.Verdict.RELEASED, by, reason)
        renamed = _rename(run, hold.pairs) if hold.kind == Hold.Kind.RENAMING else set()
        numbers = [n for n in hold.removals.values_list("record_id", flat=True) if n not in renamed]
        _carry_out(run, [(number, None) for number in numbers])
        Removal.objects.filter(pk__in=renamed).delete()
        audit(by, "hold.released", source.name, hold=hold.pk, count=hold.count, reason=reason, run=run.pk)
    runs.close_run(run, fence, Run.Status.SUCCEEDED)
    return run


def refuse(hold: Hold, by: str, reason: str = "") -> None:
    """A named person keeps what a hold would remove; it is not asked again until the source shows the records anew."""
    with bulk.writing():
        _decide(hold, Hold.Verdict.REFUSED, by, reason)
        audit(by, "hold.refused", hold.source.name, hold=hold.pk, count=hold.count, reason=reason)


def _decide(hold: Hold, verdict: str, by: str, reason: str) -> None:
    if not by.strip():
        raise Trouble("hold_nobody", hold=hold.pk)
    hold.refresh_from_db()
    if hold.verdict != Hold.Verdict.OPEN:
        raise Trouble("hold_decided", hold=hold.pk, by=hold.decided_by)
    hold.verdict, hold.decided_by, hold.reason = verdict, by, reason
    hold.decided_at = timezone.now()
    hold.save(update_fields=["verdict", "decided_by", "reason", "decided_at"])


def undo(run: Run, by: str) -> Run:
    """Bring back what a run removed: each record's last version is read again; returns the run that did it."""
    source = run.source
    mine, fence = runs.open_run(source, _worker(), False, Run.Kind.DECISION)
    with bulk.writing():
        rows = bulk.query(
            f"SELECT r.id, MAX(v.id) FROM {bulk.table(Record)} r JOIN {bulk.table(RawRecord)} w ON w.id = r.raw"
            f" JOIN {bulk.table(RawRecord)} v ON v.record_id = r.id AND NOT v.deleted AND v.id < w.id"
            " WHERE r.source_id = %s AND r.state = 'deleted' AND w.run_id = %s GROUP BY r.id",
            [source.pk, run.pk],
        )
        digests = bulk.among(
            f"SELECT id, sha256 FROM {bulk.table(RawRecord)} WHERE id IN {{}}", [version for _, version in rows]
        )
        found = {version: bytes(digest) for version, digest in digests}
        _update(
            "state = 'pending', raw = %s, fingerprint = %s, due = 0",
            [(version, found[version], number) for number, version in rows],
        )
        runs.count(mine, received=len(rows), updated=len(rows))
        audit(by, "removals.undone", source.name, run=run.pk, count=len(rows), by_run=mine.pk)
    runs.close_run(mine, fence, Run.Status.SUCCEEDED)
    return mine


def _carry_out(run: Run, rows: Iterable[tuple[int, int | None]]) -> None:
    """The records are gone: (number, the raw version that says so or ``None``, then one is written)."""
    rows = list(rows)
    untold = [number for number, raw in rows if raw is None]
    first = bulk.next_id(RawRecord)
    place = f"run {run.pk}"
    stones = [(first + n, number, run.pk, "", True, place, NOTHING, EMPTY) for n, number in enumerate(untold)]
    bulk.insert(RawRecord, RAW, stones)
    versions = {row[1]: row[0] for row in stones} | {number: raw for number, raw in rows if raw is not None}
    _update(
        "state = 'deleted', raw = %s, fingerprint = %s, due = 1",
        [(version, DELETED, number) for number, version in versions.items()],
    )
    numbers = list(versions)
    forget_content(numbers)
    for model in (Rejection, Removal):
        bulk.touch(f"DELETE FROM {bulk.table(model)} WHERE record_id IN {{}}", numbers)
    if untold:
        runs.count(run, received=len(untold), deleted=len(untold))


def _update(assignments: str, rows: Sequence[tuple[Any, ...]]) -> None:
    with connection.cursor() as cursor:
        cursor.executemany(f"UPDATE {bulk.table(Record)} SET {assignments} WHERE id = %s", rows)


def _rename(run: Run, pairs: Iterable[Sequence[int]]) -> set[int]:
    """Give the records that vanished the identifiers and the content that came under new ones; returns the former.

    The record keeps its number, and with it its place in the union; the row of the new identifier becomes the
    tombstone of the old one.
    """
    found = {record.pk: record for record in Record.objects.filter(pk__in=[n for pair in pairs for n in pair])}
    now, renamed = timezone.now(), set()
    for old, new in pairs:
        if old not in found or new not in found or found[new].state == Record.State.DELETED:
            continue
        before, after = found[old], found[new]
        FormerIdentifier.objects.create(source=run.source, identifier=before.identifier, record=before, at=now)
        RawRecord.objects.filter(record_id=new).update(record_id=old)
        Rejection.objects.filter(record_id=new).delete()
        forget_content([new])
        Record.objects.filter(pk=new).update(identifier=f"\x01{old}")
        _update(
            "identifier = %s, raw = %s, fingerprint = %s, datestamp = %s, state = 'pending', due = 0",
            [(after.identifier, after.raw, bytes(after.fingerprint), after.datestamp, old)],
        )
        stone = bulk.next_id(RawRecord)
        bulk.insert(RawRecord, RAW, [(stone, new, run.pk, "", True, f"run {run.pk}", NOTHING, EMPTY)])
        _update(
            "identifier = %s, raw = %s, fingerprint = %s, state = 'deleted', due = 1",
            [(before.identifier, stone, DELETED, new)],
        )
        renamed.add(old)
    runs.count(run, received=len(renamed), updated=len(renamed))
    return renamed


def _worker() -> str:
    return f"{socket.gethostname()}:{os.getpid()}"
