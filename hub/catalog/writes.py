"""The only writer of the tables of a record's path: pages in, readings in, clusters in; each in one transaction."""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, NamedTuple

import zstandard
from django.db import connection
from django.utils import timezone

from hub.catalog import bulk
from hub.catalog.models import (
    AuditEvent,
    Bib,
    Holding,
    Link,
    MatchKey,
    Member,
    RawRecord,
    Record,
    Rejection,
    Run,
    Source,
    Union,
)
from schemas.problem import Problem, Trouble
from schemas.record import RawRecord as Arrived

LEVEL = 3
IDENTIFIER, DATESTAMP = 1000, 40  # characters the columns hold
LEASE = timedelta(seconds=100)
COUNTERS = ("received", "created", "updated", "unchanged", "deleted", "rejected")
RECORD = ("id", "source_id", "identifier", "datestamp", "state", "raw", "fingerprint", "due")
RAW = ("id", "record_id", "run_id", "datestamp", "deleted", "place", "sha256", "body")
BIB = ("record_id", "marc", "description", "repairs", "digest", "keys", "copies")
HOLDING = ("record_id", "library_id", "location", "call_number", "accessions", "copies")
REJECTION = ("record_id", "raw", "code", "facts", "arrived", "rejected_at", "rules", "tries")
UNION = ("id", "marc", "origins", "description", "digest", "members", "copies", "datestamp", "deleted", "survivor")


def stamp(moment: datetime) -> Any:
    """A moment as the database's driver takes it."""
    return connection.ops.adapt_datetimefield_value(moment)


def keep_source(name: str, values: Mapping[str, Any], *, by: str) -> Source:
    """The source's row, new or brought up to date; what a change touches is done again.

    Records are read again when the format or the reading changed, and merged again when the trust changed.
    """
    with bulk.writing():
        source = Source.objects.filter(name=name).first()
        if source is None:
            source = Source.objects.create(name=name, **values)
            audit(by, "source.added", name)
            return source
        changed = [key for key, value in values.items() if getattr(source, key) != value]
        if not changed:
            return source
        if "format" in changed or source.settings.get("reading") != values["settings"].get("reading"):
            _read_again(f"source_id = {source.pk:d}")
        if "trust" in changed:
            sql = f"UPDATE {bulk.table(Record)} SET due = 1 WHERE source_id = %s AND state = 'live'"
            bulk.execute(sql, [source.pk])
        Source.objects.filter(pk=source.pk).update(**values)
        audit(by, "source.changed", name, keys=changed)
        source.refresh_from_db()
        return source


def _read_again(which: str) -> None:
    """Records are pending again, except those rejected as they arrived; ``which`` is a condition of ours."""
    bulk.execute(
        f"UPDATE {bulk.table(Record)} SET state = 'pending' WHERE {which} AND state IN ('live', 'rejected')"
        f" AND id NOT IN (SELECT record_id FROM {bulk.table(Rejection)} WHERE arrived)"
    )


def open_run(source: Source, owner: str, full: bool) -> tuple[Run, int]:
    """Take the source's lease and its unfinished run, or a new one; returns the run and the fencing number.

    A source another worker holds is a :class:`Trouble`; a lease that has expired is free, and so is one of a process of
    this machine that is no more.
    """
    now = timezone.now()
    with bulk.writing():
        source.refresh_from_db()
        leased = source.lease_expires is not None and source.lease_expires > now
        if leased and source.lease_owner not in ("", owner) and not _gone(source.lease_owner):
            raise Trouble("source_busy", source=source.name, owner=source.lease_owner)
        fence = source.fence + 1
        Source.objects.filter(pk=source.pk).update(lease_owner=owner, lease_expires=now + LEASE, fence=fence)
        unfinished = Run.objects.filter(source=source, status=Run.Status.RUNNING)
        run = unfinished.filter(full=full).order_by("-id").first()
        if run is None:
            unfinished.update(status=Run.Status.FAILED, finished_at=now)
            run = Run.objects.create(source=source, started_at=now, full=full)
    source.refresh_from_db()
    return run, fence


def _gone(owner: str) -> bool:
    """Whether the owner ``host:process`` was a process of this machine and is no more.

    Should this be wrong (process numbers of containers), the fencing number keeps the two apart.
    """
    host, _, process = owner.rpartition(":")
    if host != socket.gethostname() or not process.isdigit():
        return False
    try:
        os.kill(int(process), 0)
    except ProcessLookupError:
        return True
    except OSError:
        return False
    return False


def close_run(run: Run, fence: int, status: str, notes: Sequence[Problem] = ()) -> None:
    """End a run and free its source, unless another worker has taken it meanwhile."""
    with bulk.writing():
        freed = Source.objects.filter(pk=run.source_id, fence=fence).update(lease_owner="", lease_expires=None)
        if freed:
            run.refresh_from_db()
            run.status, run.finished_at = status, timezone.now()
            run.notes = [_note(problem) for problem in notes] + run.notes
            run.save(update_fields=["status", "finished_at", "notes"])


def _note(problem: Problem) -> dict[str, Any]:
    return {"code": problem.code, "facts": problem.facts}


@dataclass(slots=True)
class _Batch:
    """What a page turns into."""

    records: dict[int, tuple[Any, ...]] = field(default_factory=dict)
    fresh: set[int] = field(default_factory=set)
    raws: list[tuple[Any, ...]] = field(default_factory=list)
    rejections: dict[int, tuple[Any, ...]] = field(default_factory=dict)
    stamps: list[tuple[str, int]] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(COUNTERS, 0))


def store_page(
    run: Run, fence: int, arrived: Sequence[Arrived], checkpoint: dict[str, Any], announced: int | None = None
) -> list[int]:
    """Store a page of raw records, its checkpoint and its ledger in one transaction; returns the records to be read.

    A worker whose fencing number is no longer the source's gets a :class:`Trouble` and has stored nothing.
    """
    with bulk.writing():
        held = Source.objects.filter(pk=run.source_id, fence=fence)
        if not held.update(checkpoint=checkpoint, lease_expires=timezone.now() + LEASE):
            raise Trouble("lease_lost", source=run.source.name)
        batch = _classify(run, arrived)
        _write(batch)
        added = ", ".join(f"{name} = {name} + %s" for name in COUNTERS)
        bulk.execute(
            f"UPDATE {bulk.table(Run)} SET pages = pages + 1, announced = COALESCE(%s, announced), {added}"
            " WHERE id = %s",
            [announced, *[batch.counts[name] for name in COUNTERS], run.pk],
        )
    return [row[0] for row in batch.records.values() if row[4] == "pending"]


def _classify(run: Run, arrived: Sequence[Arrived]) -> _Batch:
    """Say of each arrived record what it is: created, updated, unchanged, deleted or rejected."""
    batch = _Batch()
    arrived = [raw if _fits(raw) else _fitted(raw) for raw in arrived]
    known = _known(run.source_id, {raw.identifier for raw in arrived})
    next_record, next_raw = bulk.next_id(Record), bulk.next_id(RawRecord)
    compress = zstandard.ZstdCompressor(level=LEVEL).compress
    now = stamp(timezone.now())
    for raw in arrived:
        digest = sha256(raw.body).digest()
        fingerprint = (b"deleted" if raw.deleted else b"") + (raw.fingerprint or digest)
        fingerprint = sha256(fingerprint).digest() if raw.deleted else fingerprint
        before = known.get(raw.identifier)
        batch.counts["received"] += 1
        if before and before[1] == fingerprint:
            batch.counts["rejected" if before[2] == "rejected" else "unchanged"] += 1
            if before[3] != raw.datestamp:
                batch.stamps.append((raw.datestamp, before[0]))
            continue
        number = before[0] if before else next_record
        next_record += not before
        state = "rejected" if raw.problem else "deleted" if raw.deleted else "pending"
        batch.counts[_outcome(state, bool(before))] += 1
        batch.raws.append((next_raw, number, run.pk, raw.datestamp, raw.deleted, raw.place, digest, compress(raw.body)))
        if not before:
            batch.fresh.add(number)
        row = (
            number,
            run.source_id,
            raw.identifier,
            raw.datestamp,
            state,
            next_raw,
            fingerprint,
            int(state != "pending"),
        )
        batch.records[number] = row
        batch.rejections.pop(number, None)
        if raw.problem:
            facts = _facts(raw.problem.facts)
            batch.rejections[number] = (number, next_raw, raw.problem.code, facts, True, now, "", 1)
        known[raw.identifier] = (number, fingerprint, state, raw.datestamp)
        next_raw += 1
    return batch


def _fits(raw: Arrived) -> bool:
    return len(raw.identifier) <= IDENTIFIER and len(raw.datestamp) <= DATESTAMP and "\x00" not in raw.identifier


def _fitted(raw: Arrived) -> Arrived:
    """An identifier that no column holds (too long, with NUL) keeps its beginning and gets a key of the whole."""
    key = sha256(raw.identifier.encode("utf-8", "surrogatepass")).hexdigest()[:16]
    identifier = raw.identifier.replace("\x00", "")[: IDENTIFIER - 17] + "~" + key
    return replace(raw, identifier=identifier, datestamp=raw.datestamp[:DATESTAMP])


def _facts(facts: Mapping[str, str]) -> str:
    """Facts as JSON that both databases take: without NUL, no value too long to read."""
    return json.dumps({name: value.replace("\x00", "")[:500] for name, value in facts.items()})


def _outcome(state: str, known: bool) -> str:
    if state == "pending":
        return "updated" if known else "created"
    return state


def _known(source: int, identifiers: Iterable[str]) -> dict[str, tuple[int, bytes, str, str]]:
    """The records of a source by identifier: number, fingerprint, state, datestamp."""
    rows = bulk.among(
        f"SELECT identifier, id, fingerprint, state, datestamp FROM {bulk.table(Record)}"
        " WHERE source_id = %s AND identifier IN {}",
        identifiers,
        [source],
    )
    return {row[0]: (row[1], bytes(row[2]), row[3], row[4]) for row in rows}


def _write(batch: _Batch) -> None:
    fresh = [row for number, row in batch.records.items() if number in batch.fresh]
    changed = [row for number, row in batch.records.items() if number not in batch.fresh]
    bulk.insert(Record, RECORD, fresh)
    bulk.upsert(Record, RECORD, changed, ("id",))
    bulk.insert(RawRecord, RAW, batch.raws)
    if changed:
        bulk.touch(f"DELETE FROM {bulk.table(Rejection)} WHERE record_id IN {{}}", [row[0] for row in changed])
        forget_content([row[0] for row in changed if row[4] in ("deleted", "rejected")])
    bulk.insert(Rejection, REJECTION, list(batch.rejections.values()))
    if batch.stamps:
        with connection.cursor() as cursor:
            cursor.executemany(f"UPDATE {bulk.table(Record)} SET datestamp = %s WHERE id = %s", batch.stamps)


def forget_content(numbers: Sequence[int]) -> None:
    """Remove what followed from records that are no longer live: content, keys, holdings."""
    keys = [
        (key, number)
        for number, blob in bulk.among(
            f"SELECT record_id, keys FROM {bulk.table(Bib)} WHERE record_id IN {{}}", numbers
        )
        for key in unpack_keys(blob)
    ]
    _drop_keys(keys)
    for model in (Holding, Bib):
        bulk.touch(f"DELETE FROM {bulk.table(model)} WHERE record_id IN {{}}", numbers)


def _drop_keys(keys: Sequence[tuple[int, int]]) -> None:
    if keys:
        with connection.cursor() as cursor:
            cursor.executemany(f"DELETE FROM {bulk.table(MatchKey)} WHERE key = %s AND record_id = %s", keys)


def pack_keys(keys: Iterable[int]) -> bytes:
    """Blocking keys as bytes, 8 each."""
    return b"".join(key.to_bytes(8, "big", signed=True) for key in keys)


def unpack_keys(blob: bytes) -> list[int]:
    """The blocking keys of :func:`pack_keys`."""
    blob = bytes(blob)
    return [int.from_bytes(blob[i : i + 8], "big", signed=True) for i in range(0, len(blob), 8)]


class Reads(NamedTuple):
    """What reading some pending records gave, as the rows to be stored, in the order of the records' numbers."""

    raws: list[tuple[int, int]]  # (record, the raw version that was read)
    bibs: list[tuple[Any, ...]]
    keys: list[tuple[int, int]]
    holdings: list[tuple[Any, ...]]
    problems: list[tuple[int, int, str, dict[str, str]]]  # (record, raw, code, facts)


def store_reads(reads: Reads, *, ledger: bool = True) -> int:
    """Store what reading gave; returns how many records were rejected.

    A record whose raw version changed meanwhile is left pending for the next reading. With ``ledger`` the runs that had
    counted a rejected record as created or updated are corrected (not in a rebuild).
    """
    if not reads.raws:
        return 0
    with bulk.writing():
        numbers = [number for number, _ in reads.raws]
        sql = f"SELECT id, raw FROM {bulk.table(Record)} WHERE state = 'pending' AND id BETWEEN %s AND %s"
        present = dict(bulk.query(sql, [numbers[0], numbers[-1]]))
        before = _digests(numbers)
        if before or any(present.get(number) != raw for number, raw in reads.raws):
            reads = _still_wanted(reads, present, before)
        bulk.insert(Bib, BIB, reads.bibs)
        bulk.insert(MatchKey, ("key", "record_id"), reads.keys)
        bulk.insert(Holding, HOLDING, reads.holdings)
        _mark([row[0] for row in reads.bibs])
        _reject(reads.problems, before)
        if ledger:
            _correct_ledgers([raw for _, raw, _, _ in reads.problems])
    return len(reads.problems)


def _still_wanted(reads: Reads, present: dict[int, int], before: dict[int, tuple[bytes, bytes]]) -> Reads:
    """Without the records whose raw version changed meanwhile, and without those that say what they said before."""
    wanted = {number for number, raw in reads.raws if present.get(number) == raw}
    changed = {row[0] for row in reads.bibs if row[0] in wanted and before.get(row[0], (b"",))[0] != row[4]}
    rejected = {row[0] for row in reads.problems}
    bulk.touch(f"UPDATE {bulk.table(Record)} SET state = 'live' WHERE id IN {{}}", wanted - changed - rejected)
    forget_content(sorted(changed & before.keys()))
    return Reads(
        reads.raws,
        [row for row in reads.bibs if row[0] in changed],
        [row for row in reads.keys if row[1] in changed],
        [row for row in reads.holdings if row[0] in changed],
        [row for row in reads.problems if row[0] in wanted],
    )


def _digests(numbers: Iterable[int]) -> dict[int, tuple[bytes, bytes]]:
    rows = bulk.among(f"SELECT record_id, digest, keys FROM {bulk.table(Bib)} WHERE record_id IN {{}}", numbers)
    return {row[0]: (bytes(row[1]), bytes(row[2])) for row in rows}


def _mark(numbers: Sequence[int]) -> None:
    """These records are live, and their matches must be looked for."""
    sets = "state = 'live', due = 1"
    if numbers and numbers[-1] - numbers[0] == len(numbers) - 1:
        sql = f"UPDATE {bulk.table(Record)} SET {sets} WHERE id BETWEEN %s AND %s"
        bulk.execute(sql, [numbers[0], numbers[-1]])
    else:
        bulk.touch(f"UPDATE {bulk.table(Record)} SET {sets} WHERE id IN {{}}", numbers)


def _reject(problems: Sequence[tuple[int, int, str, dict[str, str]]], before: Container[int]) -> None:
    """Quarantine what could not be read."""
    if not problems:
        return
    now = stamp(timezone.now())
    rows = [(number, raw, code, _facts(facts), False, now, "", 1) for number, raw, code, facts in problems]
    bulk.upsert(Rejection, REJECTION, rows, ("record_id",))
    numbers = [row[0] for row in problems]
    forget_content([number for number in numbers if number in before])
    bulk.touch(f"UPDATE {bulk.table(Record)} SET state = 'rejected', due = 1 WHERE id IN {{}}", numbers)


def _correct_ledgers(raws: Sequence[int]) -> None:
    """The runs had counted these as created or updated when they arrived."""
    runs = bulk.among(
        f"SELECT w.run_id, (SELECT COUNT(*) FROM {bulk.table(RawRecord)} v"
        f" WHERE v.record_id = w.record_id AND v.id < w.id) FROM {bulk.table(RawRecord)} w WHERE w.id IN {{}}",
        raws,
    )
    for run, earlier in list(runs):
        counted = "updated" if earlier else "created"
        bulk.execute(
            f"UPDATE {bulk.table(Run)} SET rejected = rejected + 1, {counted} = {counted} - 1 WHERE id = %s", [run]
        )


def store_links(due: Mapping[int, int], links: Iterable[tuple[int, int, str, float, str]]) -> None:
    """Replace the links of some records (number → the raw version that was matched); their clusters are due now.

    A record that changed meanwhile stays to be matched again (inside :func:`hub.catalog.bulk.writing`).
    """
    for side in ("first", "second"):
        bulk.touch(f"DELETE FROM {bulk.table(Link)} WHERE {side} IN {{}}", due)
    bulk.insert(Link, ("first", "second", "verdict", "score", "evidence"), list(links))
    bulk.set_where(Record, "due = 2", ("id", "raw"), list(due.items()))


def store_members(rows: Sequence[tuple[int, int]], gone: Sequence[int]) -> None:
    """Which union record each record belongs to; ``gone`` are records that belong to none any more."""
    bulk.upsert(Member, ("record_id", "union"), rows, ("record_id",))
    bulk.touch(f"DELETE FROM {bulk.table(Member)} WHERE record_id IN {{}}", gone)


def store_unions(rows: Sequence[tuple[Any, ...]]) -> None:
    """Union records, live or tombstones (inside :func:`hub.catalog.bulk.writing`)."""
    bulk.upsert(Union, UNION, rows, ("id",))


def settle(numbers: Sequence[int]) -> None:
    """The clusters of these records are made; one that changed meanwhile stays to be matched."""
    bulk.touch(f"UPDATE {bulk.table(Record)} SET due = 0 WHERE due = 2 AND id IN {{}}", numbers)


def audit(by: str, act: str, about: str, **facts: Any) -> None:
    """Write who did what (call it inside the act's own transaction)."""
    AuditEvent.objects.create(at=timezone.now(), by=by, act=act, about=about, facts=facts)


def clear_derived(*, by: str) -> None:
    """Delete what follows from raw records, configuration and decisions; union numbers and tombstones stay."""
    with bulk.writing():
        for model in (MatchKey, Link, Member, Holding, Bib):
            bulk.execute(f"DELETE FROM {bulk.table(model)}")
        bulk.execute(f"DELETE FROM {bulk.table(Rejection)} WHERE NOT arrived")
        bulk.execute(f"UPDATE {bulk.table(Record)} SET due = 0")
        _read_again("TRUE")
        audit(by, "rebuild", "union catalog")
