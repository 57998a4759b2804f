"""Which records went from one union record to another, and when: kept for the history of union records."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from hub.catalog import bulk, writes
from hub.catalog.models import Member, Move


def keep_moves(moved: Sequence[tuple[int, int]], left: Sequence[int], at: datetime) -> None:
    """Keep where these records were until now (before members are stored, inside :func:`hub.catalog.bulk.writing`).

    A record that was nowhere has not moved: a first load and a rebuild keep nothing.
    """
    after: dict[int, int | None] = {**dict.fromkeys(left), **dict(moved)}
    if not after or not Member.objects.exists():
        return
    sql = f'SELECT record_id, "union" FROM {bulk.table(Member)} WHERE record_id IN {{}}'
    rows = [(record, before, after[record]) for record, before in bulk.among(sql, sorted(after))]
    stamp = writes.stamp(at)
    bulk.insert(Move, ("record_id", "before", "after", "at"), [(*row, stamp) for row in sorted(rows)])
