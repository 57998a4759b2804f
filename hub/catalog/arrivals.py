"""Pages of raw records as they arrive: stored with their checkpoint and their ledger in one transaction.

Of each record it is said what it is: created, updated, unchanged, deleted or rejected. What its content is, not its
datestamp, decides whether it changed. A deletion of a record that is there is written down as a removal and carried out
when the run ends well (:mod:`hub.catalog.removals`), so that a server that deletes everything by mistake deletes
nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Any, NamedTuple

import zstandard
from django.db import connection
from django.utils import timezone

from hub.catalog import bulk, quarantine, runs
from hub.catalog.models import Hold, RawRecord, Record, Rejection, Removal, Run, Source
from hub.catalog.quarantine import REJECTION, facts_json
from hub.catalog.stones import DELETED, LEVEL
from hub.catalog.writes import RAW, RECORD, forget_content, stamp
from schemas.record import RawRecord as Arrived

IDENTIFIER, DATESTAMP = 1000, 40  # characters the columns hold
REMOVAL = ("record_id", "source_id", "raw", "since")


class Older(NamedTuple):
    """A stored version of a record that was shown again although a newer one is known."""

    version: int
    datestamp: str
    fingerprint: bytes
    place: str


class Stored(NamedTuple):
    """What storing a page gave: the records to be read, and the numbers of all records the page showed.

    ``older`` are the showings (number, version) that were passed over, because a newer version is known.
    """

    pending: list[int]
    numbers: list[int]
    older: Sequence[tuple[int, Older]] = ()


class _Known(NamedTuple):
    """A record as it stands before a page; ``good`` is the version its content was last read from.

    ``refused``: its present version is in quarantine.
    """

    number: int
    fingerprint: bytes
    state: str
    datestamp: str
    raw: int
    good: int | None
    due: int
    refused: bool


class _Past(NamedTuple):
    """Of records shown with an older datestamp: their stored versions by digest, and which this run stored."""

    digests: dict[str, dict[bytes, int]]
    recent: set[str]

    def holds(self, raw: Arrived, before: _Known, batch: _Batch) -> bool:
        """Whether a record is an older version whose newer one came in the same list."""
        shown = raw.identifier in self.recent or before.number in batch.records
        return raw.identifier in self.digests and shown and raw.datestamp < before.datestamp


@dataclass(slots=True)
class _Batch:
    """What a page turns into."""

    run: Run
    next_record: int
    next_raw: int
    now: Any
    records: dict[int, tuple[Any, ...]] = field(default_factory=dict)
    fresh: set[int] = field(default_factory=set)
    raws: list[tuple[Any, ...]] = field(default_factory=list)
    rejections: dict[int, tuple[Any, ...]] = field(default_factory=dict)
    removals: dict[int, tuple[Any, ...]] = field(default_factory=dict)
    stamps: list[tuple[str, int]] = field(default_factory=list)
    shown: set[int] = field(default_factory=set)  # records the page shows as being there
    older: list[tuple[int, Older]] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(runs.COUNTERS, 0))


def store_page(
    run: Run,
    fence: int,
    arrived: Sequence[Arrived],
    checkpoint: dict[str, Any],
    announced: int | None = None,
    *,
    asked: bool = False,
) -> Stored:
    """Store a page of raw records, its checkpoint and its ledger in one transaction.

    A worker whose fencing number is no longer the source's gets a :class:`Trouble` and has stored nothing. ``asked``
    says that each record was asked for by its identifier: then even an older datestamp is the present state.
    """
    with runs.writing(run, fence):
        held = Source.objects.filter(pk=run.source_id)
        held.update(checkpoint=checkpoint, lease_expires=timezone.now() + runs.LEASE)
        batch = _classify(run, arrived, asked)
        _write(batch)
        runs.count(run, **batch.counts)
        bulk.execute(
            f"UPDATE {bulk.table(Run)} SET pages = pages + 1, announced = COALESCE(%s, announced) WHERE id = %s",
            [announced, run.pk],
        )
    return Stored([row[0] for row in batch.records.values() if row[4] == "pending"], batch.numbers, batch.older)


def _classify(run: Run, arrived: Sequence[Arrived], asked: bool) -> _Batch:
    """Say of each arrived record what it is."""
    batch = _Batch(run, bulk.next_id(Record), bulk.next_id(RawRecord), stamp(timezone.now()))
    arrived = [raw if _fits(raw) else _fitted(raw) for raw in arrived]
    known = _known(run.source_id, {raw.identifier for raw in arrived})
    past = _Past({}, set()) if asked else _past(run, arrived, known)
    told = _told(arrived, known)
    compress = zstandard.ZstdCompressor(level=LEVEL).compress
    for raw in arrived:
        before = known.get(raw.identifier)
        batch.counts["received"] += 1
        digest = sha256(raw.body).digest()
        fingerprint = DELETED if raw.deleted else raw.fingerprint or digest
        if before:
            batch.numbers.append(before.number)
            if _says_nothing_new(batch, raw, before, fingerprint, digest, told, past):
                continue
        number = before.number if before else batch.next_record
        row = (batch.next_raw, number, run.pk, raw.datestamp, raw.deleted, raw.place, digest, compress(raw.body))
        batch.raws.append(row)
        batch.next_raw += 1
        if before and past.holds(raw, before, batch):
            batch.counts["unchanged"] += 1  # an older version, shown after the newer one: kept, not taken
        elif before and raw.deleted and before.state != "deleted":
            _note_removal(batch, raw, before, known)
        else:
            known[raw.identifier] = _take(batch, raw, before, fingerprint)
    return batch


def _says_nothing_new(
    batch: _Batch,
    raw: Arrived,
    before: _Known,
    fingerprint: bytes,
    digest: bytes,
    told: set[int],
    past: _Past,
) -> bool:
    """Whether a record says what is known already: the same content, the same deletion, or a version that is past."""
    number = before.number
    version = past.digests.get(raw.identifier, {}).get(digest)
    if version is not None and raw.datestamp < before.datestamp:
        batch.counts["unchanged"] += 1
        if raw.problem is None:
            batch.older.append((number, Older(version, raw.datestamp, fingerprint, raw.place)))
        return True
    if raw.deleted and (number in told or number in batch.removals):
        batch.counts["unchanged"] += 1
        return True
    if not raw.deleted:
        batch.shown.add(number)
        batch.removals.pop(number, None)
    if before.fingerprint != fingerprint:
        return False
    batch.counts["rejected" if before.refused and before.state != "pending" else "unchanged"] += 1
    if before.datestamp != raw.datestamp:
        batch.stamps.append((raw.datestamp, number))
    return True


def _take(batch: _Batch, raw: Arrived, before: _Known | None, fingerprint: bytes) -> _Known:
    """The record's new present version (its raw row is the batch's last).

    One that cannot be read is rejected; where an earlier version could be, the record is read from that (``good``).
    """
    number = before.number if before else batch.next_record
    good = before.good if before else None
    outcome = "rejected" if raw.problem else "deleted" if raw.deleted else "updated" if before else "created"
    state = "pending" if outcome in ("updated", "created") or (raw.problem and good) else outcome
    batch.counts[outcome] += 1
    if not before:
        batch.next_record += 1
        batch.fresh.add(number)
        batch.numbers.append(number)
    version = batch.raws[-1][0]
    due = int(state != "pending") or (before.due if before else 0)
    source = batch.run.source_id
    batch.records[number] = (number, source, raw.identifier, raw.datestamp, state, version, fingerprint, due)
    batch.rejections.pop(number, None)
    if raw.problem:
        facts = facts_json(raw.problem.facts)
        batch.rejections[number] = (number, version, raw.problem.code, facts, True, batch.now, quarantine.rules(), 1)
    return _Known(number, fingerprint, state, raw.datestamp, version, good, due, bool(raw.problem))


def _note_removal(batch: _Batch, raw: Arrived, before: _Known, known: dict[str, _Known]) -> None:
    """The source says that a record is gone which is there: carried out when the run has ended well."""
    batch.counts["deleted"] += 1
    batch.shown.discard(before.number)
    batch.removals[before.number] = (before.number, batch.run.source_id, batch.raws[-1][0], batch.now)
    known[raw.identifier] = before._replace(datestamp=raw.datestamp)


def _fits(raw: Arrived) -> bool:
    return len(raw.identifier) <= IDENTIFIER and len(raw.datestamp) <= DATESTAMP and "\x00" not in raw.identifier


def _fitted(raw: Arrived) -> Arrived:
    """An identifier that no column holds (too long, with NUL) keeps its beginning and gets a key of the whole."""
    key = sha256(raw.identifier.encode("utf-8", "surrogatepass")).hexdigest()[:16]
    identifier = raw.identifier.replace("\x00", "")[: IDENTIFIER - 17] + "~" + key
    return replace(raw, identifier=identifier, datestamp=raw.datestamp[:DATESTAMP])


def _known(source: int, identifiers: Iterable[str]) -> dict[str, _Known]:
    """The records of a source by identifier."""
    rows = bulk.among(
        "SELECT r.identifier, r.id, r.fingerprint, r.state, r.datestamp, r.raw, r.good, r.due, j.raw"
        f" FROM {bulk.table(Record)} r LEFT JOIN {bulk.table(Rejection)} j ON j.record_id = r.id"
        " WHERE r.source_id = %s AND r.identifier IN {}",
        identifiers,
        [source],
    )
    return {row[0]: _Known(row[1], bytes(row[2]), *(*row[3:8], row[8] == row[5])) for row in rows}


def _past(run: Run, arrived: Sequence[Arrived], known: dict[str, _Known]) -> _Past:
    """What is known of the past of those records that a page shows with a datestamp older than another one's."""
    newest: dict[str, str] = {}
    older: set[str] = set()
    for raw in arrived:
        before = known.get(raw.identifier)
        latest = max(newest.get(raw.identifier, ""), before.datestamp if before else "")
        if raw.datestamp and len(raw.datestamp) == len(latest) and raw.datestamp < latest:
            older.add(raw.identifier)
        newest[raw.identifier] = max(raw.datestamp, newest.get(raw.identifier, ""))
    past = _Past({identifier: {} for identifier in older}, set())
    names = {known[identifier].number: identifier for identifier in older if identifier in known}
    sql = f"SELECT record_id, sha256, id, run_id FROM {bulk.table(RawRecord)} WHERE record_id IN {{}}"
    for number, digest, version, stored_by in bulk.among(sql, names) if names else ():
        past.digests[names[number]][bytes(digest)] = version
        if version == known[names[number]].raw and stored_by == run.pk:
            past.recent.add(names[number])
    return past


def _told(arrived: Sequence[Arrived], known: dict[str, _Known]) -> set[int]:
    """The records whose deletion was told before and waits."""
    numbers = [known[raw.identifier].number for raw in arrived if raw.deleted and raw.identifier in known]
    if not numbers:
        return set()
    sql = f"SELECT record_id FROM {bulk.table(Removal)} WHERE raw IS NOT NULL AND record_id IN {{}}"
    return {row[0] for row in bulk.among(sql, numbers)}


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
    _write_removals(batch)


def _write_removals(batch: _Batch) -> None:
    """Deletions that were told, and the end of those whose record is there after all."""
    if batch.shown and Removal.objects.filter(source=batch.run.source_id).exists():
        bulk.touch(f"DELETE FROM {bulk.table(Removal)} WHERE record_id IN {{}}", sorted(batch.shown))
    bulk.upsert(Removal, REMOVAL, list(batch.removals.values()), ("record_id",))
    refused = list(Hold.objects.filter(source=batch.run.source_id, verdict=Hold.Verdict.REFUSED).values_list("pk"))
    if refused and batch.removals:  # what was only missing then is now told, which nobody has refused
        kept = ", ".join(f"{row[0]:d}" for row in refused)
        touched = f"UPDATE {bulk.table(Removal)} SET hold_id = NULL WHERE hold_id IN ({kept}) AND record_id IN {{}}"
        bulk.touch(touched, sorted(batch.removals))
