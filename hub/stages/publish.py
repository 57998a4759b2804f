"""Publish: the search index follows the change feed of the union catalog.

The feed is the union records in the order of (datestamp, number). The index keeps the place it has come to beside its
own files, so each machine builds its own, a cut run goes on where it stopped, and a lost index is made again.
"""

from __future__ import annotations

import fcntl
import json
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from hub.catalog import bulk, index
from hub.catalog.models import Bib, Holding, Listed, Member, Selection, Union
from hub.home import home
from hub.match.description import Description
from hub.network.models import Library
from hub.network.shown import hidden
from hub.stages.lists import follow
from hub.stages.merge import check_copies
from hub.stages.report import Progress, StageReport, silent, storing

BATCH = 5_000
COMMIT = 500_000  # documents between two commits of the index: what a cut run has to do again
Position = tuple[str, int]
START: Position = ("", 0)


def publish(*, progress: Progress = silent, fresh: bool = False) -> StageReport:
    """Bring sets, own lists and the search index up to the union catalog; ``fresh`` makes the index anew."""
    counts = {"indexed": 0, "removed": 0}
    follow()
    with storing(), _alone():
        check_copies()
        position = START if fresh else _position()
        total = bulk.query(f"SELECT COUNT(*) FROM {bulk.table(Union)}")[0][0] if position == START else 0
        places = _places()
        rows = _changes(position)
        first = next(rows, None)
        if first is None and position != START:
            return StageReport("publish", counts)
        with index.IndexWriter(fresh=position == START) as writer:
            uncommitted = 0
            for batch, position in _chain(first, rows):
                for name, value in _put(writer, batch, places).items():
                    counts[name] += value
                uncommitted += len(batch)
                if uncommitted >= COMMIT:
                    writer.commit()
                    _keep(position)
                    uncommitted = 0
                progress("publish", counts["indexed"], total)
            writer.commit()
            _keep(position)
    return StageReport("publish", counts)


@contextmanager
def _alone() -> Iterator[None]:
    """One process of this machine at a time writes the index; another waits here."""
    with (home() / "index.lock").open("w") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        yield


def _chain(first: Any, rest: Iterator[Any]) -> Iterator[tuple[list[tuple[Any, ...]], Position]]:
    if first is not None:
        yield first
        yield from rest


def _changes(position: Position) -> Iterator[tuple[list[tuple[Any, ...]], Position]]:
    """The union records changed after a position, a batch at a time, with the position after each batch."""
    columns = "u.id, u.deleted, u.datestamp, u.description, b.description, u.copies, u.work"
    base = f"SELECT {columns} FROM {bulk.table(Union)} u LEFT JOIN {bulk.table(Bib)} b ON b.record_id = u.id"
    order = f" ORDER BY u.datestamp, u.id LIMIT {BATCH}"
    while True:
        if position == START:
            rows = bulk.query(base + order)
        else:
            rows = bulk.query(base + " WHERE (u.datestamp, u.id) > (%s, %s)" + order, position)
        if not rows:
            return
        position = (str(rows[-1][2]), rows[-1][0])
        yield rows, position


class Places(NamedTuple):
    """Of each library its kind and its unit; "" where the unit would tell which of a few bookcases it is."""

    kinds: dict[str, str]
    units: dict[str, str]


def _places() -> Places:
    rows = list(Library.objects.values_list("code", "kind", "unit"))
    away = hidden()
    return Places({row[0]: row[1] for row in rows}, {row[0]: row[2] for row in rows if row[0] not in away})


def _put(writer: index.IndexWriter, rows: list[tuple[Any, ...]], places: Places) -> dict[str, int]:
    live = [row[0] for row in rows if not row[1]]
    libraries, free = _libraries(live), _open(live)
    for number, deleted, _, merged, single, copies, work in rows:
        if deleted:
            writer.delete(number)
        else:
            codes = libraries.get(number, [])
            kinds = {places.kinds[code] for code in codes}
            units = {unit for code in codes if (unit := places.units.get(code))}
            held = index.Held(codes, sorted(kinds), sorted(units), copies, number in free, work)
            writer.put(number, Description.load(merged or single), held)
    return {"indexed": len(live), "removed": len(rows) - len(live)}


def _open(unions: list[int]) -> set[int]:
    """Those of them that everybody may read or copy: the set ``open``."""
    selection = Selection.objects.filter(spec="open").values_list("id", flat=True).first()
    if selection is None:
        return set()
    sql = f"SELECT item FROM {bulk.table(Listed)} WHERE selection = %s AND NOT gone AND item IN {{}}"
    return {row[0] for row in bulk.among(sql, unions, [selection])}


def _libraries(unions: list[int]) -> dict[int, list[str]]:
    """The libraries that hold each union record."""
    sql = (
        f'SELECT DISTINCT m."union", h.library_id FROM {bulk.table(Member)} m'
        f' JOIN {bulk.table(Holding)} h ON h.record_id = m.record_id WHERE m."union" IN {{}}'
    )
    held: dict[int, list[str]] = defaultdict(list)
    for union, library in bulk.among(sql, unions):
        held[union].append(library)
    return held


def _position() -> Position:
    """Where the index has come to; the start where there is none, or one of another schema."""
    path = index.folder() / "position.json"
    try:
        stamp, number, version = json.loads(path.read_text())
    except (OSError, ValueError):
        return START
    return (str(stamp), int(number)) if version == index.SCHEMA_VERSION else START


def _keep(position: Position) -> None:
    path = index.folder() / "position.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps([*position, index.SCHEMA_VERSION]))
