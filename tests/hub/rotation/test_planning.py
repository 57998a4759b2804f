"""Plans by themselves: everybody in turn, nothing twice, islands first, the same again."""

from __future__ import annotations

import random
from collections import Counter
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.rotation.calendar import Closed, is_open, periods
from hub.rotation.planning import Crate, Place, Plan, Point, Reasons, Rules, plan
from hub.rotation.routes import Move, route
from schemas.problem import Trouble

TET = Closed(date(2027, 2, 1), date(2027, 2, 14), "Tết")


def schools(count: int, islands: int = 0, bands: str = "b") -> list[Place]:
    chance = random.Random(3)
    return [
        Place(f"S{n:02}", Point(chance.uniform(-30, 30), chance.uniform(-30, 30)), n < islands, frozenset(bands))
        for n in range(count)
    ]


def crates(count: int, at: str = "S00", bands: str = "b") -> list[Crate]:
    return [Crate(f"H{n:02}", at, frozenset(bands), frozenset(range(n * 30, n * 30 + 30))) for n in range(count)]


def by_box(made: Plan) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for stop in made.stops:
        found.setdefault(stop.box, []).append(stop.place)
    return found


def test_a_year_of_thirty_schools_and_forty_boxes() -> None:
    made = plan(crates(40), schools(30, islands=3), 10)
    assert made.without == [[]] * 10, "no school is ever without a box"
    most = Counter((stop.place, stop.period) for stop in made.stops)
    assert max(most.values()) <= 2
    assert made == plan(crates(40)[::-1], schools(30, islands=3)[::-1], 10), "the same, whatever the order"


def test_no_box_comes_twice_but_where_it_stays_on_an_island() -> None:
    made = plan(crates(40), schools(30, islands=3), 10)
    for places in by_box(made).values():
        for place in set(places):
            runs = [n for n, one in enumerate(places) if one == place]
            assert len(runs) <= (2 if place < "S03" else 1), (place, places)
            assert runs == list(range(runs[0], runs[0] + len(runs)))


def test_with_few_boxes_everybody_waits_in_turn_and_islands_come_first() -> None:
    made = plan(crates(3, at="S09"), schools(10, islands=2), 6)
    first = {stop.place for stop in made.stops if stop.period == 0}
    assert {"S00", "S01"} <= first
    served = {stop.place for stop in made.stops}
    assert len(served) == 10, "after six periods everybody had one"


def test_who_reads_other_books_is_not_given_them() -> None:
    made = plan(crates(4, bands="d"), [*schools(2, bands="b"), Place("T", bands=frozenset("d")), Place("X")], 2)
    assert {stop.place for stop in made.stops} == {"T", "X"}
    assert made.without == [["S00", "S01"]] * 2


def test_what_a_library_has_already_speaks_against_a_box() -> None:
    known = Place("A", Point(0, 1), titles=frozenset(range(30)))
    other = Place("B", Point(0, 5))
    made = plan([Crate("H", "A0", titles=frozenset(range(30)))], [known, other], 1)
    assert [stop.place for stop in made.stops] == ["B"]
    assert made.stops[0].reasons.new == 100


def test_where_a_box_has_been_before_the_plan_it_does_not_go() -> None:
    made = plan([Crate("H", "B", been=frozenset("A"))], [Place("A"), Place("B")], 3)
    assert [stop.place for stop in made.stops] == ["B"]
    assert made.resting == [[], ["H"], ["H"]]


def test_the_cost_is_the_sum_of_its_reasons() -> None:
    assert Reasons(12, 2, True, 50).cost(Rules()) == 12 + 15 - 20 * 3 * 2


@settings(max_examples=40, deadline=None)
@given(
    st.integers(1, 12), st.integers(1, 8), st.integers(1, 6), st.integers(0, 2),
    st.lists(st.sampled_from(["", "b", "c", "bc"]), min_size=20, max_size=20),
)  # fmt: skip
def test_whatever_there_is_to_plan(boxes: int, places: int, count: int, islands: int, bands: list[str]) -> None:
    crates_ = [Crate(f"H{n}", f"S{n % places}", frozenset(bands[n])) for n in range(boxes)]
    places_ = [Place(f"S{n}", None, n < islands, frozenset(bands[-n - 1])) for n in range(places)]
    made = plan(crates_, places_, count)
    fits = {(b.code, p.code) for b in crates_ for p in places_ if not (b.bands and p.bands and not b.bands & p.bands)}
    assert {(stop.box, stop.place) for stop in made.stops} <= fits
    assert len({(stop.box, stop.period) for stop in made.stops}) == len(made.stops)
    for period in range(count):
        placed = {stop.box for stop in made.stops if stop.period == period}
        assert placed.isdisjoint(made.resting[period])
        assert len(placed) + len(made.resting[period]) == boxes


def test_hand_overs_are_on_open_days_and_holidays_make_a_stay_longer() -> None:
    found = periods(date(2026, 9, 7), date(2027, 5, 28), 4, [TET])
    assert all(is_open(one.first, [TET]) for one in found)
    assert [a.last.toordinal() + 1 for a in found[:-1]] == [b.first.toordinal() for b in found[1:]]
    assert (found[0].first, found[-1].last) == (date(2026, 9, 7), date(2027, 5, 28))
    over = next(one for one in found if one.first <= TET.first <= one.last)
    assert (over.last - over.first).days + 1 >= 35
    with pytest.raises(Trouble, match="no open day"):
        periods(TET.first, TET.last, 4, [TET])


def test_a_round_fetches_before_it_delivers_and_is_shorter_than_one_by_one() -> None:
    chance = random.Random(8)
    points = {f"S{n}": Point(chance.uniform(-20, 20), chance.uniform(-20, 20)) for n in range(12)}
    moves = [Move(f"H{n}", f"S{n}", f"S{(n + 5) % 12}") for n in range(12)]
    halts, km = route(moves, points, "S0")
    carried: set[str] = set()
    for halt in halts:
        assert set(halt.leaves) <= carried
        carried = carried - set(halt.leaves) | set(halt.takes)
    assert carried == set()
    one_by_one = sum(points["S0"].to(points[m.before]) + points[m.before].to(points[m.after])
                     + points[m.after].to(points["S0"]) for m in moves)  # fmt: skip
    assert km < one_by_one / 2
    assert route([Move("H", "A", "A")], {}, "A") == ([], 0)
