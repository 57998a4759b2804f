"""Pictures of a plan: the calendar of boxes, the round on a map. Numbers only; the words stand beside them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from hub.rotation.models import Stop
from hub.rotation.planning import Point
from hub.rotation.routes import Halt

WIDE, HIGH, EDGE = 640, 420, 24


@dataclass(slots=True)
class Row:
    """A box of the calendar: the library of each period, ``None`` where it rests."""

    box: str
    cells: list[Stop | None]


def calendar(stops: Iterable[Stop], periods: int) -> list[Row]:
    """A row a box, a cell a period."""
    found: dict[str, Row] = {}
    for stop in stops:
        row = found.setdefault(stop.box_id, Row(stop.box_id, [None] * periods))
        row.cells[stop.period] = stop
    return [found[box] for box in sorted(found)]


@dataclass(slots=True)
class Round:
    """A way through numbered points in a picture; halts whose place is not known are left out."""

    width: int = WIDE
    height: int = HIGH
    points: list[tuple[int, float, float]] = field(default_factory=list)
    line: str = ""


def route(halts: Sequence[Halt], points: Mapping[str, Point]) -> Round:
    """The round drawn to scale, north above."""
    known = [(n, points[one.place]) for n, one in enumerate(halts, start=1) if one.place in points]
    if not known:
        return Round()
    north, east = [at.north for _, at in known], [at.east for _, at in known]
    scale = min(
        (WIDE - 2 * EDGE) / max(max(east) - min(east), 0.1), (HIGH - 2 * EDGE) / max(max(north) - min(north), 0.1)
    )
    drawn = [
        (n, round(EDGE + (at.east - min(east)) * scale, 1), round(EDGE + (max(north) - at.north) * scale, 1))
        for n, at in known
    ]
    return Round(points=drawn, line=" ".join(f"{x},{y}" for _, x, y in drawn))
