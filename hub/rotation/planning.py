"""A plan of which box is where when, with the reasons of each stop: a minimum-cost flow for each period (OR-Tools).

In each period every box goes to one library and every library gets as many boxes as it can take, those that wait
longest first. A box goes only where readers of its age are, and nowhere twice. What a stop costs is a sum that can be
read (:class:`Reasons`); the flow with the least cost in all is exact, so the plan of a period is the best one there is
by these reasons. The same input gives the same plan.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

FIRST = 1_000_000  # what the first box of a library in a period is worth: nobody is left without while another has two


@dataclass(frozen=True, slots=True)
class Point:
    """Degrees north and east, in kilometers on a plane around the city."""

    north: float
    east: float

    def to(self, other: Point) -> float:
        """Kilometers as the crow flies."""
        return float(((self.north - other.north) ** 2 + (self.east - other.east) ** 2) ** 0.5)


@dataclass(frozen=True, slots=True)
class Place:
    """A library that takes boxes: ``bands`` of audience (008/22), at most ``takes`` at a time, ``titles`` it holds."""

    code: str
    point: Point | None = None
    island: bool = False
    bands: frozenset[str] = frozenset()
    takes: int = 2
    titles: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Crate:
    """A box: where it is now, for whom, what is in it, and where it has been before the plan."""

    code: str
    at: str
    bands: frozenset[str] = frozenset()
    titles: frozenset[int] = frozenset()
    been: frozenset[str] = frozenset()
    point: Point | None = None  # of where it is now


@dataclass(frozen=True, slots=True)
class Rules:
    """Weights in kilometers: what a period of waiting, and a box of which no title is new, are worth.

    On an island waiting counts ``island`` times, and a box stays ``island_stays`` periods, because every crossing is
    long.
    """

    waiting: int = 20
    island: int = 2
    known: int = 30
    island_stays: int = 2
    unknown_km: int = 30  # where nobody has said where a library lies

    def longing(self, waited: int, island: bool) -> int:
        """What a box is worth to a library that has waited so long."""
        return self.waiting * (waited + 1) * (self.island if island else 1)


@dataclass(frozen=True, slots=True)
class Reasons:
    """What speaks for a stop and what against it: kilometers, periods the library had waited, shares in percent."""

    km: int
    waited: int
    island: bool
    new: int  # percent of the titles that the library has not got and has not had
    kept: bool = False  # stays on, because it is on an island

    def cost(self, rules: Rules) -> int:
        """In kilometers; the less the better."""
        return self.km + rules.known * (100 - self.new) // 100 - rules.longing(self.waited, self.island)


@dataclass(frozen=True, slots=True)
class Stop:
    """A box is at a library in a period."""

    box: str
    place: str
    period: int
    reasons: Reasons


@dataclass(slots=True)
class Plan:
    """The stops by period and box, and who is left out of each period."""

    stops: list[Stop] = field(default_factory=list)
    without: list[list[str]] = field(default_factory=list)  # libraries without a box, by period
    resting: list[list[str]] = field(default_factory=list)  # boxes for which no library was left, by period
    km: int = 0

    def as_json(self) -> dict[str, Any]:
        """As it is kept."""
        return asdict(self)


def plan(boxes: Sequence[Crate], places: Sequence[Place], periods: int, rules: Rules | None = None) -> Plan:
    """Where each box is in each period, 0 to ``periods`` - 1."""
    state = _State(sorted(boxes, key=lambda one: one.code), sorted(places, key=lambda one: one.code), rules or Rules())
    made = Plan()
    for period in range(periods):
        state.step(period, made)
    return made


class _State:
    """What has come about so far: where the boxes are, who has had what, who waits since when."""

    def __init__(self, boxes: list[Crate], places: list[Place], rules: Rules) -> None:
        self.boxes, self.places, self.rules = boxes, places, rules
        self.by_code = {one.code: one for one in places}
        self.points = {one.at: one.point for one in boxes} | {one.code: one.point for one in places}
        self.at = {one.code: one.at for one in boxes}
        self.been = {one.code: set(one.been) for one in boxes}
        self.known = {one.code: set(one.titles) for one in places}
        self.waited = {one.code: 0 for one in places}
        self.stays = {one.code: 0 for one in boxes}
        self.crates = {one.code: one for one in boxes}

    def step(self, period: int, made: Plan) -> None:
        """One period."""
        stops = self._kept(period)
        stops += self._chosen(period, {one.box for one in stops}, stops)
        served = set()
        for stop in stops:
            served.add(stop.place)
            self.stays[stop.box] = self.stays[stop.box] + 1 if stop.reasons.kept else 1
            self.at[stop.box] = stop.place
            self.been[stop.box].add(stop.place)
            made.km += stop.reasons.km
        for stop in stops:
            self.known[stop.place] |= self.crates[stop.box].titles
        for code in self.waited:
            self.waited[code] = 0 if code in served else self.waited[code] + 1
        made.stops += sorted(stops, key=lambda one: one.box)
        made.without.append(sorted(set(self.waited) - served))
        made.resting.append(sorted({one.code for one in self.boxes} - {one.box for one in stops}))

    def _kept(self, period: int) -> list[Stop]:
        """Boxes on islands stay there for their time."""
        stay = []
        for box in self.boxes:
            place = self.by_code.get(self.at[box.code])
            if place is not None and place.island and 0 < self.stays[box.code] < self.rules.island_stays:
                stay.append(Stop(box.code, place.code, period, Reasons(0, 0, True, 0, kept=True)))
        return stay

    def _chosen(self, period: int, kept: set[str], stops: list[Stop]) -> list[Stop]:
        """The flow of least cost from the boxes that move to the libraries that have room."""
        boxes = [one for one in self.boxes if one.code not in kept]
        room = {one.code: one.takes - sum(stop.place == one.code for stop in stops) for one in self.places}
        flow, ways = SimpleMinCostFlow(), []
        source, sink = 0, 1 + len(boxes) + len(self.places)
        for number, box in enumerate(boxes, start=1):
            flow.add_arc_with_capacity_and_unit_cost(source, number, 1, 0)
            for index, place in enumerate(self.places, start=1 + len(boxes)):
                if room[place.code] > 0 and self._fits(box, place):
                    reasons = self._reasons(box, place)
                    arc = flow.add_arc_with_capacity_and_unit_cost(number, index, 1, reasons.cost(self.rules))
                    ways.append((arc, Stop(box.code, place.code, period, reasons)))
        for index, place in enumerate(self.places, start=1 + len(boxes)):
            bare = room[place.code] == place.takes
            longing = self.rules.longing(self.waited[place.code], place.island)
            self._way_out(flow, index, sink, room[place.code], FIRST + longing if bare else 0)
        flow.add_arc_with_capacity_and_unit_cost(source, sink, len(boxes), FIRST // 2)
        flow.set_node_supply(source, len(boxes))
        flow.set_node_supply(sink, -len(boxes))
        if flow.solve() != flow.OPTIMAL:  # there is always the way past all libraries
            raise AssertionError("the flow has a solution")
        return [stop for arc, stop in ways if flow.flow(arc)]

    @staticmethod
    def _way_out(flow: SimpleMinCostFlow, index: int, sink: int, room: int, worth: int) -> None:
        """The first box of a library is worth most."""
        if room > 0:
            flow.add_arc_with_capacity_and_unit_cost(index, sink, 1, -worth)
        if room > 1:
            flow.add_arc_with_capacity_and_unit_cost(index, sink, room - 1, 0)

    def _fits(self, box: Crate, place: Place) -> bool:
        apart = bool(box.bands and place.bands and not box.bands & place.bands)
        return not apart and place.code not in self.been[box.code]

    def _reasons(self, box: Crate, place: Place) -> Reasons:
        before = self.at[box.code]
        here, there = self.points.get(before), place.point
        km = 0 if before == place.code else round(here.to(there)) if here and there else self.rules.unknown_km
        new = 100 * len(box.titles - self.known[place.code]) // len(box.titles) if box.titles else 100
        return Reasons(km, self.waited[place.code], place.island, new)
