"""A plan of boxes for a year: time, kilometers, what is new, who goes without, beside a plan as it is made by hand.

``python -m benchmarks.rotation [--schools 30] [--boxes 40] [--periods 10]``. By hand: each box goes on to the next
school of a list, as Koha's stock rotation does with its stages. Goal: 30 schools, 40 boxes and a year in 10 s.
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Sequence

from hub.rotation.planning import Crate, Place, Plan, Point, Reasons, Stop, plan
from hub.rotation.routes import Move, route

AUDIENCES = ("b", "b", "c", "bc", "d")


def network(schools: int, boxes: int) -> tuple[list[Place], list[Crate]]:
    """Schools in an area of 60 × 60 km, three of them on islands; boxes of 40 titles out of 1,500."""
    chance = random.Random(30)
    places = [
        Place(
            f"S{n:03}",
            Point(chance.uniform(-30, 30), chance.uniform(-30, 30)),
            n < 3,
            frozenset(chance.choice(AUDIENCES)),
            titles=frozenset(chance.sample(range(1500), 150)),
        )
        for n in range(schools)
    ]
    crates = [
        Crate(
            f"H{n:03}",
            "DEPOT",
            frozenset(chance.choice(AUDIENCES)),
            frozenset(chance.sample(range(1500), 40)),
            point=Point(0, 0),
        )
        for n in range(boxes)
    ]
    return places, crates


def by_hand(crates: Sequence[Crate], places: Sequence[Place], periods: int) -> Plan:
    """Each box to the next school of the list that is of its age."""
    made, points = Plan(), {one.code: one.point for one in places}
    known = {one.code: set(one.titles) for one in places}
    for period in range(periods):
        served = set()
        for number, box in enumerate(crates):
            fitting = [one for one in places if not box.bands or box.bands & one.bands]
            place = fitting[(number + period) % len(fitting)]
            before = points.get(made.stops[-len(crates)].place) if period else box.point
            km = round(before.to(place.point)) if before and place.point else 0
            new = 100 * len(box.titles - known[place.code]) // len(box.titles)
            made.stops.append(Stop(box.code, place.code, period, Reasons(km, 0, place.island, new)))
            known[place.code] |= box.titles
            made.km += km
            served.add(place.code)
        made.without.append(sorted({one.code for one in places} - served))
    return made


def told(name: str, made: Plan, seconds: float, places: Sequence[Place], crates: Sequence[Crate]) -> float:
    """One line; returns the kilometers of the rounds."""
    points = {one.code: one.point for one in places if one.point} | {"DEPOT": Point(0, 0)}
    at, rounds = {one.code: one.at for one in crates}, 0.0
    start = time.perf_counter()
    for period in range(len(made.without)):
        stops = [stop for stop in made.stops if stop.period == period]
        rounds += route([Move(stop.box, at[stop.box], stop.place) for stop in stops], points, "DEPOT")[1]
        at.update({stop.box: stop.place for stop in stops})
    routed = time.perf_counter() - start
    new = sum(stop.reasons.new for stop in made.stops if not stop.reasons.kept) / max(len(made.stops), 1)
    without = sum(map(len, made.without))
    print(
        f"{name:<10} planned in {seconds:6.2f} s, its rounds in {routed:5.1f} s; {len(made.stops)} stops,"
        f" {rounds:,.0f} km of rounds, {new:.0f} % of the titles new, {without} times a school without a box"
    )
    return rounds


def main() -> None:
    """Print both plans and their ratio."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--schools", type=int, default=30)
    parser.add_argument("--boxes", type=int, default=40)
    parser.add_argument("--periods", type=int, default=10)
    said = parser.parse_args()
    places, crates = network(said.schools, said.boxes)
    start = time.perf_counter()
    made = plan(crates, places, said.periods)
    ours = told("planned", made, time.perf_counter() - start, places, crates)
    start = time.perf_counter()
    listed = by_hand(crates, places, said.periods)
    hand = told("by hand", listed, time.perf_counter() - start, places, crates)
    print(f"kilometers: {ours / hand:.2f} of those by hand")


if __name__ == "__main__":
    main()
