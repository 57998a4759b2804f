"""Records that a whole list shows in an earlier version only, as a server does whose backup was restored.

Their bytes and datestamps are known and past. Beside a newer version in the same list that means nothing; alone it is
what the source says now.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from hub.catalog import bulk, runs
from hub.catalog.arrivals import REMOVAL, Older
from hub.catalog.models import RawRecord, Record, Rejection, Removal, Run
from hub.catalog.stones import set_records
from hub.catalog.writes import RAW, stamp

AT_ONCE = 500  # records of one transaction


def take_older(run: Run, fence: int, older: Mapping[int, Older]) -> list[int]:
    """A whole list showed these records in an earlier version only: that is their present one again.

    Returns the numbers of those to be read. A deletion that is shown so is a removal like any other.
    """
    numbers = sorted(older)
    parts = [numbers[start : start + AT_ONCE] for start in range(0, len(numbers), AT_ONCE)]
    return [number for part in parts for number in _take_some(run, fence, {number: older[number] for number in part})]


def _take_some(run: Run, fence: int, older: Mapping[int, Older]) -> list[int]:
    with runs.writing(run, fence):
        sql = f"SELECT id, state FROM {bulk.table(Record)} WHERE id IN {{}}"
        states = dict(bulk.among(sql, older))
        sql = f"SELECT id, record_id, deleted, sha256, body FROM {bulk.table(RawRecord)} WHERE id IN {{}}"
        kept = sorted(bulk.among(sql, [one.version for one in older.values()]))
        rows = [row for row in kept if not (row[2] and states[row[1]] == "deleted")]
        first = bulk.next_id(RawRecord)
        raws = [_again(first + n, row, run, older[row[1]]) for n, row in enumerate(rows)]
        bulk.insert(RawRecord, RAW, raws)
        back = [row for row in raws if not row[4]]
        pending = [row[1] for row in back]
        set_records(
            "state = 'pending', raw = %s, fingerprint = %s, datestamp = %s",
            [(row[0], older[row[1]].fingerprint, row[3], row[1]) for row in back],
        )
        for model in (Rejection, Removal):
            bulk.touch(f"DELETE FROM {bulk.table(model)} WHERE record_id IN {{}}", pending)
        gone = [(row[1], run.source_id, row[0], stamp(timezone.now())) for row in raws if row[4]]
        bulk.upsert(Removal, REMOVAL, gone, ("record_id",))
        runs.count(run, updated=len(back), deleted=len(gone), unchanged=-len(raws))
    return pending


def _again(number: int, kept: tuple[Any, ...], run: Run, shown: Older) -> tuple[Any, ...]:
    """The kept version as a version that came with this run."""
    _, record, deleted, digest, body = kept
    return number, record, run.pk, shown.datestamp, bool(deleted), shown.place, bytes(digest), bytes(body)
