"""The coverage calendar: which days of a source's changes have been harvested, and where there is a gap.

A run that succeeded brings what changed since the success before it began, so it covers the days from then to its own;
a window that was asked for again covers its days; a whole list covers everything before it. A day after the last
success is not covered, and neither is one that only failed runs have tried. A day whose changes came later is covered:
what failed is shown, and so is that nothing is missing.
"""

from __future__ import annotations

from calendar import Calendar
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone

from hub.catalog.models import Run, Source
from hub.operations.models import Request

MONTHS = 6
BROUGHT = (Run.Kind.HARVEST, Run.Kind.WINDOW)
ORDER = ("failed", "empty", "running", "succeeded")  # what a day with several runs is called by


@dataclass(frozen=True, slots=True)
class Told:
    """A run as the calendar needs it; ``window`` are the days of one that was asked for again."""

    number: int
    status: str
    started: datetime
    full: bool = False
    received: int = 0
    window: tuple[date, date] | None = None


@dataclass(frozen=True, slots=True)
class Day:
    """A day: its runs by status, how much they received, and ``covered``, ``gap`` or ``open`` (``""``: no matter)."""

    date: date
    word: str  # covered | gap | open | "" before the first run and in the future
    status: str  # of its runs: the worst, "" without runs
    runs: int = 0
    received: int = 0
    number: int = 0  # of its last run


@dataclass(frozen=True, slots=True)
class Month:
    """A month as weeks from Monday to Sunday; ``None`` where a week reaches beyond it."""

    first: date
    weeks: list[list[Day | None]]
    gaps: int
    runs: int


def spans(runs: Iterable[Told]) -> list[tuple[date, date]]:
    """The days that runs (in the order they began) have covered."""
    found: list[tuple[date, date]] = []
    last: date | None = None
    for run in runs:
        if run.status != Run.Status.SUCCEEDED:
            continue
        day = run.started.date()
        if run.window:
            found.append((run.window[0], min(run.window[1], day)))
            continue
        found.append((date.min if run.full or last is None else last, day))
        last = day
    return found


def months(runs: Sequence[Told], today: date, most: int = MONTHS) -> list[Month]:
    """The last months up to today, the newest first."""
    covered = spans(runs)
    first_run = runs[0].started.date() if runs else today
    by_day: dict[date, list[Told]] = {}
    for run in runs:
        by_day.setdefault(run.started.date(), []).append(run)
    found = []
    first = today.replace(day=1)
    for _ in range(most):
        found.append(_month(first, by_day, covered, first_run, today))
        first = (first - timedelta(days=1)).replace(day=1)
        if first < first_run.replace(day=1):
            break
    return found


def _month(
    first: date, by_day: dict[date, list[Told]], covered: list[tuple[date, date]], first_run: date, today: date
) -> Month:
    weeks: list[list[Day | None]] = []
    gaps = runs = 0
    for week in Calendar().monthdatescalendar(first.year, first.month):
        row: list[Day | None] = []
        for moment in week:
            if moment.month != first.month:
                row.append(None)
                continue
            day = _day(moment, by_day.get(moment, []), covered, first_run, today)
            gaps += day.word == "gap"
            runs += day.runs
            row.append(day)
        weeks.append(row)
    return Month(first, weeks, gaps, runs)


def _day(moment: date, runs: list[Told], covered: list[tuple[date, date]], first_run: date, today: date) -> Day:
    status = next((word for word in ORDER if any(run.status == word for run in runs)), "")
    received = sum(run.received for run in runs)
    if moment > today or moment < first_run:
        word = ""
    elif any(start <= moment <= end for start, end in covered):
        word = "covered"
    else:
        word = "open" if moment == today else "gap"
    return Day(moment, word, status, len(runs), received, runs[-1].number if runs else 0)


def of(source: Source, most: int = MONTHS) -> list[Month]:
    """The calendar of a source."""
    if source.pk is None:
        return []
    wanted = source.runs.filter(kind__in=BROUGHT).only("status", "started_at", "full", "received", "kind", "source")
    rows = list(wanted.order_by("started_at", "pk"))
    windows = {
        run: (date.fromisoformat(facts["from"]), date.fromisoformat(facts["until"]))
        for run, facts in Request.objects.filter(act=Request.Act.WINDOW, run__in=[row.pk for row in rows]).values_list(
            "run", "facts"
        )
    }
    told = [
        Told(
            row.pk, row.status, timezone.localtime(row.started_at), row.full, row.received,
            windows.get(row.pk) or ((day, day) if row.kind == Run.Kind.WINDOW else None),
        )
        for row in rows
        for day in [timezone.localtime(row.started_at).date()]
    ]  # fmt: skip
    return months(told, timezone.localdate(), most)


def counted(found: Sequence[Month]) -> Counter[str]:
    """How many days of the calendar are covered, and how many are gaps."""
    return Counter(day.word for month in found for week in month.weeks for day in week if day and day.word)
