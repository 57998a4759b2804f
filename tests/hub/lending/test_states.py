"""The table of states by itself: everybody's turn, and the same end whatever the order."""

from __future__ import annotations

import os
from itertools import permutations
from typing import NamedTuple

import pytest

from hub.lending.states import ACTS, STATES, Fate, Side, follow, judge

FULL = bool(os.environ.get("LIENTHONG_FULL"))


class Step(NamedTuple):
    act: str


def end_of(acts: tuple[str, ...]) -> str:
    state, waiting = "asked", list[Step]()
    for act in acts:
        taken, waiting = follow(state, waiting, Step(act))
        state = ACTS[taken[-1].act].to if taken else state
    return state


def test_whoever_has_not_ended_is_somebodys_turn() -> None:
    for name, state in STATES.items():
        assert state.ends == (state.turn == Side.NOBODY), name
        assert state.ends or state.days or name == "on_loan", name


def test_each_state_can_be_left_and_reached() -> None:
    for name, state in STATES.items():
        leaves = [act for act in ACTS.values() if name in act.at]
        assert bool(leaves) != state.ends, name
        assert name == "asked" or any(act.to == name for act in ACTS.values()), name


def test_an_act_leads_no_further_back_than_a_question_does() -> None:
    back = {(name, at) for name, act in ACTS.items() for at in act.at if STATES[act.to].rank < STATES[at].rank}
    assert back == {("find", "lost")}


@pytest.mark.parametrize(
    "acts",
    [
        ("agree", "send", "receive", "renew", "renew_yes", "return", "check_in"),
        ("agree", "send", "receive", "recall", "return", "check_in", "renew"),
    ],
)
def test_every_order_of_seven_ends_the_same(acts: tuple[str, ...]) -> None:
    ends = {end_of(order) for order in permutations(acts)}
    assert len(list(permutations(acts))) == 5040
    assert ends == {"done"}


@pytest.mark.parametrize("acts", [("agree", "send", "receive", "renew"), ("agree", "send", "receive", "return")])
def test_before_the_end_too_every_order_leads_to_one_state(acts: tuple[str, ...]) -> None:
    assert len({end_of(order) for order in permutations(acts)}) == 1


def test_twice_is_once() -> None:
    acts = ("agree", "send", "receive", "return", "check_in")
    for order in permutations(acts + acts[:3]) if FULL else [acts + acts, acts[::-1] + acts]:
        assert end_of(order) == "done"


def test_what_is_over_is_late_and_what_is_not_yet_waits() -> None:
    assert judge("on_loan", "agree") is Fate.LATE
    assert judge("asked", "renew") is Fate.EARLY
    assert judge("done", "lose") is Fate.LATE
    assert judge("asked", "receive") is Fate.APPLIED, "what was received was sent"
