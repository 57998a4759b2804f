"""A whole run taken back: what it brought is gone, what it changed or removed is as it was before.

Nothing is erased. Another run, of the kind "decision", puts the earlier versions in their places again and gives what
had not been there a tombstone. Records that a later run has touched stay as that run left them.
"""

from __future__ import annotations

from typing import NamedTuple

from hub.catalog import bulk, removals, runs, writes
from hub.catalog.models import RawRecord, Record, Rejection, Removal, Run
from hub.catalog.stones import set_records
from schemas.problem import Trouble


class Taken(NamedTuple):
    """The run that took back, how many records are gone again, how many are as they were, how many were left alone."""

    run: Run
    gone: int
    restored: int
    left: int


class _Touched(NamedTuple):
    """A record whose present version came with the run, and the version before (``None``: there was none)."""

    number: int
    state: str
    before: int | None
    was_deleted: bool


def take_back(run: Run, *, by: str, reason: str = "") -> Taken:
    """Undo a run; the records that come back are to be read again by the next reading."""
    if not by.strip():
        raise Trouble("undo_nobody", run=run.pk)
    with removals.deciding(run.source) as (mine, _):
        touched = _touched(run)
        brought = RawRecord.objects.filter(run=run).values("record_id").distinct().count()
        again = [one for one in touched if one.before is not None and not one.was_deleted]
        gone = [one for one in touched if one.before is None or one.was_deleted]
        _restore(mine, again)
        removals.carry_out(mine, [(one.number, None) for one in gone if one.state != "deleted"])
        writes.audit(by, "run.undone", run.source.name, run=run.pk, by_run=mine.pk, reason=reason,
                     gone=len(gone), restored=len(again))  # fmt: skip
    return Taken(mine, len(gone), len(again), brought - len(touched))


def _touched(run: Run) -> list[_Touched]:
    sql = (
        f"SELECT r.id, r.state, (SELECT MAX(v.id) FROM {bulk.table(RawRecord)} v WHERE v.record_id = r.id"
        f" AND v.run_id <> w.run_id AND v.id < w.id) FROM {bulk.table(Record)} r"
        f" JOIN {bulk.table(RawRecord)} w ON w.id = r.raw WHERE r.source_id = %s AND w.run_id = %s ORDER BY r.id"
    )
    rows = bulk.query(sql, [run.source_id, run.pk])
    versions = [before for _, _, before in rows if before is not None]
    deleted = dict(bulk.among(f"SELECT id, deleted FROM {bulk.table(RawRecord)} WHERE id IN {{}}", versions))
    return [_Touched(number, state, before, bool(deleted.get(before))) for number, state, before in rows]


def _restore(mine: Run, again: list[_Touched]) -> None:
    sql = f"SELECT id, sha256 FROM {bulk.table(RawRecord)} WHERE id IN {{}}"
    digests = {number: bytes(digest) for number, digest in bulk.among(sql, [one.before for one in again])}
    set_records(
        "state = 'pending', raw = %s, fingerprint = %s",
        [(one.before, digests[one.before or 0], one.number) for one in again],
    )
    numbers = [one.number for one in again]
    _say_good(numbers)
    for model in (Rejection, Removal):
        bulk.touch(f"DELETE FROM {bulk.table(model)} WHERE record_id IN {{}}", numbers)
    if again:
        runs.count(mine, received=len(again), updated=len(again))


def _say_good(numbers: list[int]) -> None:
    """From which version a record is read should the one that is back be one that cannot be: the one before it.

    A record that had been read from an earlier version still is.
    """
    raw = bulk.table(RawRecord)
    gone = f"SELECT COALESCE(MAX(d.id), 0) FROM {raw} d WHERE d.record_id = r.id AND d.deleted AND d.id < r.raw"
    earlier = (
        f"SELECT MAX(v.id) FROM {raw} v WHERE v.record_id = r.id AND NOT v.deleted AND v.id < r.raw AND v.id > ({gone})"
    )
    bulk.touch(
        f"UPDATE {bulk.table(Record)} AS r SET good = COALESCE(({earlier}), r.raw)"
        " WHERE (r.good IS NULL OR r.good > r.raw) AND r.id IN {}",
        numbers,
    )
