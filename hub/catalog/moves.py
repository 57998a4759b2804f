"""Which records went from one union record to another, and when: kept for the history of union records."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

from hub.catalog import bulk, writes
from hub.catalog.models import Member, Move, Union


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


def merged_into(unions: Iterable[int]) -> dict[int, list[int]]:
    """The numbers of the union records that live on in each of these, the lowest first."""
    found: dict[int, list[int]] = defaultdict(list)
    lives_in = {number: number for number in unions}
    frontier = [*lives_in]
    sql = f"SELECT survivor, id FROM {bulk.table(Union)} WHERE survivor IN {{}} AND deleted"
    while frontier:
        ended = [(before, number) for before, number in bulk.among(sql, frontier) if number not in lives_in]
        for before, number in ended:
            lives_in[number] = lives_in[before]
            found[lives_in[before]].append(number)
        frontier = [number for _, number in ended]
    return {number: sorted(former) for number, former in found.items()}
