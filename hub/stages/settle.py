"""What a person has just decided is carried out at once where that is quick; else it waits for ``lienthong union``.

Quick is a small neighborhood of which nothing waits to be matched, in a catalog that is not being loaded now. It is
planned and stored under the lock of the writer, so that no other merge comes between.
"""

from __future__ import annotations

from collections.abc import Collection

from hub.catalog import bulk
from hub.catalog.models import Record
from hub.stages.merge import EDGES, carry_out, plan_batch
from hub.stages.report import storing

MOST = 300  # records of the neighborhood
WAITING = 1_000  # due records from which on the catalog is being loaded


def settle(records: Collection[int]) -> bool:
    """Make the clusters around some records again, now; ``False`` where that is left to the next union."""
    with storing():
        if _loading():
            return False
        if near := neighborhood(records):
            with bulk.writing():
                if _all_matched(near):
                    carry_out(plan_batch(sorted(near)))
                    return True
    return False


def _loading() -> bool:
    sql = f"SELECT COUNT(*) FROM (SELECT 1 FROM {bulk.table(Record)} WHERE due > 0 LIMIT {WAITING}) AS waiting"
    return bool(bulk.query(sql)[0][0] >= WAITING)


def _all_matched(records: Collection[int]) -> bool:
    """Whether the links of these records are known: matching them again may find others."""
    sql = f"SELECT id FROM {bulk.table(Record)} WHERE due = 1 AND id IN {{}}"
    return not list(bulk.among(sql, sorted(records)))


def neighborhood(records: Collection[int], most: int = MOST) -> set[int]:
    """The records whose clusters depend on some records' (:func:`hub.stages.merge.neighborhoods`).

    Empty where they are more than ``most``.
    """
    seen, frontier = set(records), sorted(records)
    while frontier and len(seen) <= most:
        found = {
            record
            for sql, (one, other) in EDGES.items()
            for end in (one, other)
            for pair in bulk.among(f"{sql} AND {end} IN {{}}", frontier)
            for record in pair
        }
        frontier = sorted(found - seen)
        seen |= found
    return seen if len(seen) <= most else set()
