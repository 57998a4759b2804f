"""Writes what follows from raw records: readings in, links in, clusters in; each in one transaction.

This package is the only writer of the tables of a record's path: :mod:`hub.catalog.arrivals` stores what comes in,
:mod:`hub.catalog.runs` and :mod:`hub.catalog.removals` keep runs and deletions.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection
from django.utils import timezone

from hub.accounts import audit as trail
from hub.catalog import aside, bulk, full_keys, quarantine, runs
from hub.catalog.aside import HOLDING
from hub.catalog.full_keys import unpack_keys
from hub.catalog.models import (
    Aside,
    Bib,
    FullKey,
    Holding,
    Link,
    MatchKey,
    Member,
    Question,
    Record,
    Rejection,
    Source,
    Union,
)
from schemas.problem import Trouble

RECORD = ("id", "source_id", "identifier", "datestamp", "state", "raw", "fingerprint", "due")
RAW = ("id", "record_id", "run_id", "datestamp", "deleted", "place", "sha256", "body")
BIB = ("record_id", "marc", "description", "repairs", "digest", "keys", "copies", "traits")
LINK = ("first", "second", "verdict", "score", "evidence")
UNION = (
    "id", "marc", "origins", "description", "digest", "members", "copies", "work", "datestamp", "deleted", "survivor",
)  # fmt: skip


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
            quarantine.forget_rules(source=source.pk, arrived=True)
        if "trust" in changed:
            sql = f"UPDATE {bulk.table(Record)} SET due = 1 WHERE source_id = %s AND state IN ('live', 'pending')"
            bulk.execute(sql, [source.pk])
        Source.objects.filter(pk=source.pk).update(**values)
        audit(by, "source.changed", name, keys=changed)
        source.refresh_from_db()
        return source


def keep_evidence(source: Source, evidence: dict[str, Any]) -> None:
    """What the source's records say of their encoding; where that leads elsewhere than before, they are read again.

    Nothing is stored when another process has weighed them meanwhile.
    """
    with bulk.writing():
        before = Source.objects.get(pk=source.pk).evidence
        if before.get("upto") != source.evidence.get("upto"):
            return
        Source.objects.filter(pk=source.pk).update(evidence=evidence)
        said = {key: evidence[key] for key in ("encoding", "damage")}
        if said != {"encoding": before.get("encoding", ""), "damage": before.get("damage", [])}:
            _read_again(f"source_id = {source.pk:d}")
            audit("lienthong", "source.encoding", source.name, **said)


def read_again(numbers: Sequence[int]) -> None:
    """These records are read again by the next reading (inside :func:`hub.catalog.bulk.writing`)."""
    for number in numbers:
        _read_again(f"id = {number:d}")


def forget_checkpoint(source: Source, *, by: str) -> None:
    """The next harvest asks for everything, as if it were the first; the records stay.

    :class:`Trouble` ``source_busy`` while somebody harvests it.
    """
    with bulk.writing():
        source.refresh_from_db()
        if runs.is_held(source, timezone.now(), ""):
            raise Trouble("source_busy", source=source.name, owner=source.lease_owner)
        Source.objects.filter(pk=source.pk).update(checkpoint={}, failures=0, not_before=None, rest_reason={})
        audit(by, "source.reset", source.name)


def read_source_again(source: int) -> None:
    """The records of a source are read again by the next reading (inside :func:`hub.catalog.bulk.writing`)."""
    _read_again(f"source_id = {source:d}")


def _read_again(which: str) -> None:
    """Records are pending again, except those of which nothing can be read; ``which`` is a condition of ours."""
    bulk.execute(
        f"UPDATE {bulk.table(Record)} SET state = 'pending' WHERE {which} AND state IN ('live', 'rejected', 'aside')"
        f" AND (good IS NOT NULL OR id NOT IN (SELECT record_id FROM {bulk.table(Rejection)} WHERE arrived))"
    )


def forget_content(numbers: Sequence[int]) -> None:
    """Remove what followed from records that are no longer live: content, keys, holdings, what was kept aside."""
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
    aside.forget(numbers)


def _drop_keys(keys: Sequence[tuple[int, int]]) -> None:
    if keys:
        full_keys.leave(key for key, _ in keys)
        with connection.cursor() as cursor:
            cursor.executemany(f"DELETE FROM {bulk.table(MatchKey)} WHERE key = %s AND record_id = %s", keys)


class Reads(NamedTuple):
    """What reading some pending records gave, as the rows to be stored, in the order of the records' numbers.

    ``kept`` are the records whose newest version is refused, and whose content is that of an earlier one.
    """

    raws: list[tuple[int, int]]  # (record, the raw version that was read)
    bibs: list[tuple[Any, ...]]
    keys: list[tuple[int, int]]
    holdings: list[tuple[Any, ...]]
    problems: list[tuple[int, int, str, dict[str, str]]]  # (record, raw, code, facts)
    asides: list[tuple[Any, ...]]
    sources: set[int]
    kept: set[int]

    @classmethod
    def none(cls) -> Reads:
        """Nothing read yet."""
        return cls([], [], [], [], [], [], set(), set())


def store_reads(reads: Reads) -> int:
    """Store what reading gave; returns how many records were rejected.

    A record whose raw version changed meanwhile is left pending for the next reading. The runs that had counted a
    rejected record as created or updated are corrected.
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
        _mark([row[0] for row in reads.bibs], reads.kept)
        forget_content([row[0] for row in reads.problems if row[0] in before and row[0] not in reads.kept])
        if reads.raws:
            quarantine.settle(reads.raws, reads.problems, reads.kept)
        aside.settle(reads.sources, [number for number, _ in reads.raws], reads.asides)
        _remember([row[0] for row in reads.asides], reads.kept)
    return len(reads.problems)


def _still_wanted(reads: Reads, present: dict[int, int], before: dict[int, tuple[bytes, bytes]]) -> Reads:
    """Without the records whose raw version changed meanwhile, and without those that say what they said before."""
    wanted = {number for number, raw in reads.raws if present.get(number) == raw}
    changed = {row[0] for row in reads.bibs if row[0] in wanted and before.get(row[0], (b"",))[0] != row[4]}
    rejected = {row[0] for row in reads.problems} - reads.kept
    asides = {row[0] for row in reads.asides if row[0] in wanted}
    same = wanted - changed - rejected - asides
    bulk.touch(f"UPDATE {bulk.table(Record)} SET state = 'live' WHERE id IN {{}}", same)
    _remember(same, reads.kept)
    forget_content(sorted((changed | asides) & before.keys()))
    return Reads(
        [row for row in reads.raws if row[0] in wanted],
        [row for row in reads.bibs if row[0] in changed],
        [row for row in reads.keys if row[1] in changed],
        [row for row in reads.holdings if row[0] in changed],
        [row for row in reads.problems if row[0] in wanted],
        [row for row in reads.asides if row[0] in wanted],
        reads.sources,
        reads.kept & wanted,
    )


def _digests(numbers: Iterable[int]) -> dict[int, tuple[bytes, bytes]]:
    rows = bulk.among(f"SELECT record_id, digest, keys FROM {bulk.table(Bib)} WHERE record_id IN {{}}", numbers)
    return {row[0]: (bytes(row[1]), bytes(row[2])) for row in rows}


def _remember(numbers: Iterable[int], kept: set[int]) -> None:
    """The content of these records is that of their present version."""
    bulk.touch(f"UPDATE {bulk.table(Record)} SET good = raw WHERE id IN {{}}", [n for n in numbers if n not in kept])


def _mark(numbers: Sequence[int], kept: set[int]) -> None:
    """These records are live, and their matches must be looked for; all but the kept show their present version."""
    if kept:
        bulk.touch(
            f"UPDATE {bulk.table(Record)} SET state = 'live', due = 1 WHERE id IN {{}}", kept.intersection(numbers)
        )
        numbers = [number for number in numbers if number not in kept]
    sets = "state = 'live', due = 1, good = raw"
    if numbers and numbers[-1] - numbers[0] == len(numbers) - 1:
        sql = f"UPDATE {bulk.table(Record)} SET {sets} WHERE id BETWEEN %s AND %s"
        bulk.execute(sql, [numbers[0], numbers[-1]])
    else:
        bulk.touch(f"UPDATE {bulk.table(Record)} SET {sets} WHERE id IN {{}}", numbers)


def store_links(due: Mapping[int, int], links: Iterable[tuple[int, int, str, float, str]]) -> None:
    """Replace the links of some records (number → the raw version that was matched); their clusters are due now.

    So are the clusters of the records at the other ends, also of links that are no more: what fitted two publications
    may fit one alone. A record that changed meanwhile stays to be matched again (inside
    :func:`hub.catalog.bulk.writing`).
    """
    rows = list(links)
    touched = {end for row in rows if row[2] != "ASK" for end in row[:2]}
    for side, other in (("first", "second"), ("second", "first")):
        before = f"SELECT {other} FROM {bulk.table(Link)} WHERE verdict <> 'ASK' AND {side} IN {{}}"
        touched.update(row[0] for row in bulk.among(before, due))
        bulk.touch(f"DELETE FROM {bulk.table(Link)} WHERE {side} IN {{}}", due)
    between = [row for row in rows if row[0] not in due and row[1] not in due]
    bulk.upsert(Link, LINK, between, ("first", "second"))
    bulk.insert(Link, LINK, [row for row in rows if row[0] in due or row[1] in due] if between else rows)
    bulk.set_where(Record, "due = 2", ("id", "raw"), list(due.items()))
    full_keys.due_for_merging(touched - due.keys())


def store_members(rows: Sequence[tuple[int, int]], gone: Sequence[int]) -> None:
    """Which union record each record belongs to; ``gone`` are records that belong to none any more."""
    bulk.upsert(Member, ("record_id", "union"), rows, ("record_id",))
    bulk.touch(f"DELETE FROM {bulk.table(Member)} WHERE record_id IN {{}}", gone)


def store_unions(rows: Sequence[tuple[Any, ...]]) -> None:
    """Union records, live or tombstones (inside :func:`hub.catalog.bulk.writing`)."""
    bulk.upsert(Union, UNION, rows, ("id",))


def store_works(rows: Sequence[tuple[int, int]]) -> None:
    """(work, union record) of union records that have not changed otherwise: no datestamp is touched."""
    if rows:
        with connection.cursor() as cursor:
            cursor.executemany(f"UPDATE {bulk.table(Union)} SET work = %s WHERE id = %s", rows)


def settle(numbers: Sequence[int]) -> None:
    """The clusters of these records are made; one that changed meanwhile stays to be matched."""
    bulk.touch(f"UPDATE {bulk.table(Record)} SET due = 0 WHERE due = 2 AND id IN {{}}", numbers)


def audit(by: str, act: str, about: str, **facts: Any) -> None:
    """Write who did what (call it inside the act's own transaction)."""
    trail.record(by, act, about, **facts)


def clear_derived(*, by: str) -> None:
    """Delete what follows from raw records, configuration and decisions; union numbers and tombstones stay."""
    with bulk.writing():
        for model in (MatchKey, FullKey, Link, Question, Member, Holding, Aside, Bib):
            bulk.execute(f"DELETE FROM {bulk.table(model)}")
        bulk.execute(f"UPDATE {bulk.table(Record)} SET due = 0")
        _read_again("TRUE")
        audit(by, "rebuild", "union catalog")
