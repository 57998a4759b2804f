"""A loan between two libraries as a table of states: whose turn it is, for how long, and what may be done.

Pure data and two functions. :func:`judge` says what an act does to a loan in a state; :func:`follow` takes acts in the
order in which they arrive, which need not be the order in which they were done: one that comes too early waits for
those before it, one that comes late changes nothing. Whatever the order, the end is the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol, TypeVar


class Side(StrEnum):
    """Who acts, and whose turn it is."""

    REQUESTER = "requester"
    SUPPLIER = "supplier"
    COORDINATOR = "coordinator"  # of the network, when both are silent
    NOBODY = ""


class Place(StrEnum):
    """Where the copy is."""

    HOME = "home"
    OUT = "out"  # on its way to the requester
    THERE = "there"
    BACK = "back"  # on its way home
    LOST = "lost"


class Fate(StrEnum):
    """What became of an act."""

    APPLIED = "applied"
    EARLY = "early"  # waits for those before it
    LATE = "late"  # kept, changes nothing


@dataclass(frozen=True, slots=True)
class State:
    """``turn``: who has to act, within ``days`` (0: until the day the copy is due); ``rank``: how far the loan is."""

    turn: Side
    days: int
    rank: int
    place: Place
    ends: bool = False


@dataclass(frozen=True, slots=True)
class Act:
    """``side`` may do it ("": either) in the states ``at``; it leads to ``to``.

    ``over``: earlier states that it passes over, because a copy that was received must have been sent.
    """

    side: Side
    at: tuple[str, ...]
    to: str
    over: tuple[str, ...] = ()


R, S = Side.REQUESTER, Side.SUPPLIER
STATES: dict[str, State] = {
    "asked": State(S, 3, 0, Place.HOME),
    "promised": State(S, 5, 1, Place.HOME),
    "cancel_asked": State(S, 3, 1, Place.HOME),
    "sent": State(R, 14, 2, Place.OUT),
    "on_loan": State(R, 0, 3, Place.THERE),
    "renewal_asked": State(S, 3, 3, Place.THERE),
    "recalled": State(R, 7, 3, Place.THERE),
    "returned": State(S, 14, 4, Place.BACK),
    "lost": State(S, 30, 4, Place.LOST),
    "done": State(Side.NOBODY, 0, 5, Place.HOME, ends=True),
    "cancelled": State(Side.NOBODY, 0, 5, Place.HOME, ends=True),
    "unfilled": State(Side.NOBODY, 0, 5, Place.HOME, ends=True),
    "settled": State(Side.NOBODY, 0, 5, Place.LOST, ends=True),
}
BEFORE = ("asked", "promised", "cancel_asked")
THERE = ("on_loan", "renewal_asked", "recalled")
ACTS: dict[str, Act] = {
    "agree": Act(S, ("asked",), "promised"),
    "refuse": Act(S, ("asked", "promised", "cancel_asked"), "unfilled"),
    "send": Act(S, BEFORE, "sent"),
    "cancel": Act(R, ("asked", "promised"), "cancel_asked"),
    "cancel_yes": Act(S, ("cancel_asked",), "cancelled"),
    "cancel_no": Act(S, ("cancel_asked",), "promised"),
    "receive": Act(R, ("sent",), "on_loan", over=BEFORE),
    "renew": Act(R, ("on_loan",), "renewal_asked"),
    "renew_yes": Act(S, ("renewal_asked",), "on_loan"),
    "renew_no": Act(S, ("renewal_asked",), "on_loan"),
    "recall": Act(S, ("on_loan", "renewal_asked"), "recalled"),
    "return": Act(R, THERE, "returned", over=(*BEFORE, "sent")),
    "check_in": Act(S, ("returned", "lost"), "done", over=(*BEFORE, "sent", *THERE)),
    "lose": Act(Side.NOBODY, ("sent", *THERE, "returned"), "lost", over=BEFORE),
    "find": Act(R, ("lost",), "on_loan"),
    "settle": Act(S, ("lost",), "settled", over=(*BEFORE, "sent", *THERE, "returned")),
}


USUAL = {  # what is done mostly in a state
    "asked": "agree",
    "promised": "send",
    "cancel_asked": "cancel_yes",
    "sent": "receive",
    "on_loan": "return",
    "renewal_asked": "renew_yes",
    "recalled": "return",
    "returned": "check_in",
    "lost": "settle",
}


def judge(state: str, act: str) -> Fate:
    """What an act does to a loan in a state: what it is past comes late, what it has not reached, early."""
    rule, now = ACTS[act], STATES[state]
    if state in rule.at or state in rule.over:
        return Fate.APPLIED
    return Fate.LATE if now.rank >= max(STATES[name].rank for name in rule.at) else Fate.EARLY


class Step(Protocol):
    """Something that was done."""

    @property
    def act(self) -> str:
        """Its name in :data:`ACTS`."""


One = TypeVar("One", bound=Step)


def follow(state: str, waiting: Sequence[One], new: One) -> tuple[list[One], list[One]]:
    """The steps that take place when a new one arrives, in their order, and those that wait on."""
    if judge(state, new.act) is Fate.LATE:
        return [], list(waiting)
    taken: list[One] = []
    left = [*waiting, new]
    while ready := next((one for one in left if judge(state, one.act) is Fate.APPLIED), None):
        left.remove(ready)
        taken.append(ready)
        state = ACTS[ready.act].to
    return taken, [one for one in left if judge(state, one.act) is Fate.EARLY]
