"""The days of a plan: periods of some weeks in which boxes stay, with hand-overs on days when libraries are open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from schemas.problem import Trouble

DAY = timedelta(days=1)
MOST = 60  # periods of a plan


@dataclass(frozen=True, slots=True)
class Closed:
    """Days on which nobody is there: holidays, the summer. Both days belong to it."""

    first: date
    last: date
    name: str = ""


@dataclass(frozen=True, slots=True)
class Period:
    """A time in which boxes stay: handed over on ``first``, on their way again on the first day of the next one."""

    number: int
    first: date
    last: date


def is_open(day: date, closed: Sequence[Closed]) -> bool:
    """Whether boxes can be handed over on a day: Monday to Friday, out of the holidays."""
    return day.weekday() < 5 and not any(one.first <= day <= one.last for one in closed)


def periods(first: date, last: date, weeks: int, closed: Sequence[Closed]) -> list[Period]:
    """The periods from the one day to the other. Weeks in which all is closed make a stay longer and count for nothing.

    :class:`Trouble` ``rotation_days`` where the days hold no period.
    """
    found: list[Period] = []
    start = _next_open(first, last, closed)
    while start is not None and len(found) < MOST:
        end = _end(start, last, weeks, closed)
        after = _next_open(end + DAY, last, closed)
        if (end - start).days + 1 < weeks * 7 // 2 and found:  # what is left over belongs to the period before
            found[-1] = Period(found[-1].number, found[-1].first, end)
            break
        found.append(Period(len(found), start, end if after is None else after - DAY))
        start = after
    if not found or weeks < 1:
        raise Trouble("rotation_days", first=first, last=last)
    return found


def _next_open(day: date, last: date, closed: Sequence[Closed]) -> date | None:
    while day <= last:
        if is_open(day, closed):
            return day
        day += DAY
    return None


def _end(start: date, last: date, weeks: int, closed: Sequence[Closed]) -> date:
    """The last day of a period: ``weeks`` times five open days later, at most."""
    left, day = weeks * 5, start
    while day <= last:
        left -= is_open(day, closed)
        if left == 0:
            break
        day += DAY
    day = min(day, last)
    while day < last and day.weekday() != 6:  # to the Sunday
        day += DAY
    return day
