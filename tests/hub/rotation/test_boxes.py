"""Boxes on both databases: one custodian for each copy, whatever arrives twice, late and out of order."""

from __future__ import annotations

import os
import random
from datetime import UTC, date, datetime, timedelta
from itertools import permutations

import pytest

from hub.custody.models import Copy
from hub.lending import suppliers
from hub.network.models import Library
from hub.rotation import boxes, making
from hub.rotation.boxes import Signed, Where
from hub.rotation.calendar import Closed
from hub.rotation.models import Box, Handover, Plan
from schemas.problem import Trouble
from tests.hub.lending.conftest import CITY, NOW, SCHOOL, WARD, act, asked, three, union_of

FULL = bool(os.environ.get("LIENTHONG_FULL"))
__all__ = ("three",)


@pytest.fixture
def box(three: str) -> Box:
    made = boxes.make("h-01", "Truyện tranh", Library.objects.get(pk=CITY), "b", by="Lan")
    assert boxes.fill(made, ["TP.1", "TP.2", "TP.3", "TP.1", " "], by="Lan", at=NOW) == 3
    return made


def signed(key: str, hours: int, name: str = "Cô Hoa") -> Signed:
    return Signed(name, NOW + timedelta(hours=hours), key, "lan@hp")


def standing() -> set[tuple[str, str, str]]:
    return set(Copy.objects.values_list("accession", "custodian_id", "state"))


def test_a_box_goes_round_and_is_counted(box: Box) -> None:
    first, second, third = Copy.objects.order_by("accession").values_list("pk", flat=True)
    assert Copy.objects.get(pk=first).title.startswith("Dế Mèn")
    boxes.give(box, CITY, SCHOOL, {}, signed("a", 1))
    assert boxes.whereabouts(box) == Where(CITY, "on_the_way")
    assert {state for *_, state in standing()} == {"on_the_way"}
    boxes.receive(box, SCHOOL, {second: "damaged", third: "missing"}, signed("b", 2))
    assert standing() == {("TP.1", SCHOOL, "with"), ("TP.2", SCHOOL, "with"), ("TP.3", CITY, "lost")}
    boxes.give(box, SCHOOL, CITY, {third: "missing"}, signed("c", 3))
    boxes.receive(box, CITY, {}, signed("d", 4))
    assert standing() == {(f"TP.{n}", CITY, "with") for n in (1, 2, 3)}, "the third was found at home"
    assert [(one.year, one.number) for one in Handover.objects.order_by("pk")] == [(2026, n) for n in (1, 2, 3, 4)]


ACTS = (
    ("give", CITY, "a", 1, {}),
    ("receive", SCHOOL, "b", 2, {2: "missing"}),
    ("give", SCHOOL, "c", 3, {2: "missing"}),
    ("receive", WARD, "d", 4, {1: "missing"}),
    ("give", WARD, "e", 5, {1: "missing"}),
)


def play(box: Box, acts: tuple[tuple[str, str, str, int, dict[int, str]], ...]) -> set[tuple[str, str, str]]:
    copies = sorted(Copy.objects.values_list("pk", flat=True))
    for name, library, key, hours, counts in acts:
        said = {copies[n]: count for n, count in counts.items()}
        if name == "give":
            boxes.give(box, library, None, said, signed(key, hours))
        else:
            boxes.receive(box, library, said, signed(key, hours))
        assert Copy.objects.count() == 3
    return standing()


def test_every_order_of_hand_overs_leads_to_one_end(box: Box) -> None:
    wanted = play(box, ACTS)
    every = list(permutations(ACTS))
    for order in every if FULL else random.Random(5).sample(every, 12):
        Handover.objects.all().delete()
        Copy.objects.update(custodian=CITY, state="with")
        for one in Copy.objects.all():
            one.events.all().delete()
        twice = order + tuple(random.Random(1).sample(order, 3))
        assert play(box, twice) == wanted, [one[2] for one in order]
        assert Handover.objects.count() == 5


def test_what_is_in_a_box_is_lent_to_nobody(box: Box) -> None:
    found = {one.pk: why for one, why in suppliers.choose(SCHOOL, [union_of()], date(2026, 9, 7))}
    assert (found[CITY].copies, found[CITY].why) == (0, "away")
    loan = asked("A-1")
    assert loan.supplier_id == WARD
    with pytest.raises(Trouble):
        act(asked("A-2"), "send", CITY, accession="TP.1")


def test_a_box_is_filled_and_emptied_at_home_only(box: Box) -> None:
    other = boxes.make("H-02", "", Library.objects.get(pk=CITY), by="Lan")
    with pytest.raises(Trouble, match="another box"):
        boxes.fill(other, ["TP.1"], by="Lan", at=NOW)
    inside = list(box.copies.values_list("copy_id", flat=True))
    assert boxes.take_out(box, inside[:1], by="Lan") == 1
    assert boxes.fill(other, ["TP.1"], by="Lan", at=NOW) == 1
    boxes.give(box, CITY, SCHOOL, {}, signed("a", 1))
    with pytest.raises(Trouble, match="not at"):
        boxes.fill(box, ["TP.9"], by="Lan", at=NOW)
    for code in ("", "hộp 1", "x" * 21, "H-01"):
        with pytest.raises(Trouble):
            boxes.make(code, "x", box.home, by="Lan")


def test_nobody_signs_for_nothing(box: Box) -> None:
    with pytest.raises(Trouble, match="name of who signs"):
        boxes.give(box, CITY, None, {}, signed("a", 1, " "))
    empty = boxes.make("H-02", "", box.home, by="Lan")
    with pytest.raises(Trouble, match="no copies"):
        boxes.give(empty, CITY, None, {}, signed("b", 1))
    assert not Handover.objects.exists()


def test_a_plan_is_made_kept_and_put_in_force(box: Box) -> None:
    with pytest.raises(Trouble, match="no boxes"):
        making.make("", [], date(2026, 9, 7), date(2026, 12, 25), 4, [], by="Lan")
    days = (date(2026, 9, 7), date(2026, 12, 25))
    first = making.make("Học kỳ 1", [SCHOOL, WARD], *days, 4, [Closed(date(2026, 10, 5), date(2026, 10, 9))], by="Lan")
    assert list(first.stops.order_by("period").values_list("library", flat=True)) == [SCHOOL, WARD]
    assert first.stops.get(period=0).reasons["km"] == 2
    halts, km = making.round_of(first, 0)
    assert [(one.place, one.leaves, one.takes) for one in halts] == [(CITY, [], ["H-01"]), (SCHOOL, ["H-01"], [])]
    assert (km, making.round_of(Plan.objects.get(pk=first.pk), 0)[1]) == (3, 3)
    assert [(m.before, m.after) for m in making.moves(first, len(first.body["periods"]))] == [(WARD, CITY)]
    making.put_in_force(first, by="Lan")
    second = making.make("Lại", [SCHOOL], *days, 4, [], by="Lan")
    making.put_in_force(second, by="Lan")
    assert dict(Plan.objects.values_list("name", "state")) == {"Học kỳ 1": "ended", "Lại": "in_force"}


@pytest.mark.parametrize(
    ("name", "bands"),
    [("Trường Tiểu học Minh Khai", "b"), ("Trường THCS Lê Lợi", "c"), ("Trường Tiểu học và THCS Cát Hải", "bc"),
     ("Trường Mầm non Hoa Mai", "a"), ("Thư viện phường", "")],
)  # fmt: skip
def test_whom_a_library_serves(name: str, bands: str) -> None:
    assert making.bands_of(name) == frozenset(bands)


def test_the_moment_of_a_hand_over_counts_and_not_its_arrival(box: Box) -> None:
    boxes.give(box, CITY, SCHOOL, {}, signed("late", 1))
    assert boxes.whereabouts(box).state == "on_the_way"
    boxes.receive(box, WARD, {}, Signed("Hoa", datetime(2026, 9, 1, tzinfo=UTC), "earlier", "lan"))
    assert boxes.whereabouts(box) == Where(CITY, "on_the_way")
