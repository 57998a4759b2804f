"""Copies change hands: one custodian at every moment, each act once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hub.custody import custody
from hub.custody.custody import Deed
from hub.custody.models import Copy, Custody
from hub.network.models import Library
from schemas.problem import Trouble

NOW = datetime(2026, 9, 7, 8, tzinfo=UTC)
PLACES = ("VN-HP-TP", "VN-HP-LL", "VN-HP-BLV")


@pytest.fixture
def copies(store: str) -> list[int]:
    for code in PLACES:
        Library.objects.create(code=code, name_vi=code)
    return [custody.known(PLACES[0], f"TN.{n}", title="Dế Mèn", union=7, at=NOW).pk for n in range(3)]


def deed(key: str, minutes: int = 0) -> Deed:
    return Deed("loan", "42", key, "Lan", NOW + timedelta(minutes=minutes))


def test_a_copy_goes_out_and_comes_home(copies: list[int]) -> None:
    custody.send(copies[:2], PLACES[0], deed("out"))
    assert {(one.custodian_id, one.state) for one in custody.where([7])} == {(PLACES[0], "on_the_way")}
    custody.receive(copies[:2], PLACES[1], deed("in", 5))
    assert {one.custodian_id for one in custody.away(PLACES[0])} == {PLACES[1]}
    custody.send(copies[:2], PLACES[1], deed("back", 10))
    custody.receive(copies[:2], PLACES[0], deed("home", 15))
    assert not custody.away(PLACES[0]).exists()
    assert not custody.where([7]).exists()
    assert Custody.objects.count() == 8


def test_nobody_gives_away_what_another_has_and_nothing_is_half_done(copies: list[int]) -> None:
    custody.send(copies[:1], PLACES[0], deed("out"))
    custody.receive(copies[:1], PLACES[1], deed("in"))
    with pytest.raises(Trouble) as refused:
        custody.send(copies, PLACES[0], deed("all"))
    assert refused.value.problem.code == "copy_elsewhere"
    assert set(Copy.objects.exclude(pk=copies[0]).values_list("state", flat=True)) == {"with"}
    assert not Custody.objects.filter(key="all").exists()


def test_the_same_act_again_changes_nothing(copies: list[int]) -> None:
    for _ in range(2):
        custody.send(copies, PLACES[0], deed("out"))
    for _ in range(2):
        custody.receive(copies, PLACES[1], deed("in"))
    custody.send(copies, PLACES[0], deed("out"))  # late, from a USB stick
    assert set(Copy.objects.values_list("custodian", "state")) == {(PLACES[1], "with")}
    assert Custody.objects.count() == 6


def test_lost_and_found(copies: list[int]) -> None:
    custody.send(copies, PLACES[0], deed("out"))
    custody.lose(copies[:1], deed("lost"))
    lost = Copy.objects.get(pk=copies[0])
    assert (lost.state, lost.custodian_id) == ("lost", PLACES[0]), "who sent it answers for it"
    with pytest.raises(Trouble):
        custody.receive(copies[:1], PLACES[1], deed("in"))
    custody.find(copies[:1], PLACES[2], deed("found"))
    assert Copy.objects.get(pk=copies[0]).custodian_id == PLACES[2]


ACTS: dict[str, Callable[[list[int], str, Deed], None]] = {
    "send": custody.send,
    "receive": custody.receive,
    "lose": lambda copies, _, deed: custody.lose(copies, deed),
    "find": custody.find,
}
STEP = st.tuples(st.sampled_from(sorted(ACTS)), st.sampled_from(PLACES), st.sets(st.integers(0, 2), min_size=1))


def test_whatever_is_tried_each_copy_has_one_custodian_and_its_events_say_which(copies: list[int]) -> None:
    @settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.lists(STEP, max_size=12), st.randoms())
    def check(steps: list[tuple[str, str, set[int]]], random: object) -> None:
        Custody.objects.all().delete()
        Copy.objects.update(custodian=PLACES[0], state="with")
        for number, (act, place, which) in enumerate(steps):
            chosen = [copies[at] for at in which]
            for _ in range(2):  # everything comes twice
                try:
                    ACTS[act](chosen, place, deed(f"k{number}"))
                except Trouble:
                    assert not Custody.objects.filter(key=f"k{number}").exists()
        for one in Copy.objects.all():
            last = one.events.order_by("pk").last()
            if last:
                assert one.custodian_id == last.custodian_id
                assert one.state == {"sent": "on_the_way", "lost": "lost"}.get(last.act, "with")
            else:
                assert (one.custodian_id, one.state) == (PLACES[0], "with")
        keys = list(Custody.objects.values_list("key", "copy"))
        assert len(keys) == len(set(keys))

    check()
