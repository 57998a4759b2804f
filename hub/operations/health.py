"""How a source is: good, slow, error or silent, and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext

from hub.catalog.models import Run
from hub.catalog.reads import SourceState
from hub.operations.schedule import interval, span

SILENT_AFTER = 3  # intervals without a success
LONG_RUN = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class Health:
    """A word (``good``, ``slow``, ``error``, ``silent``) and its reason in the reader's language."""

    word: str
    reason: str


def health(state: SourceState, now: datetime) -> Health:
    """Judge a source by its last run, its last success and its schedule."""
    last, success = state.last, state.success
    if last is None:
        return Health("silent", gettext("It has never been harvested. Start its first run."))
    if last.status == Run.Status.FAILED:
        return Health("error", gettext("The last run failed; what was stored before is kept."))
    if last.status == Run.Status.EMPTY:
        return Health("error", gettext("The last run received nothing, although records were expected."))
    if last.status == Run.Status.RUNNING and now - last.started_at > LONG_RUN:
        return Health(
            "slow", gettext("The present run has been going for %(time)s.") % {"time": span(last.started_at, now)}
        )
    return _by_schedule(state.source.schedule, success, now)


def _by_schedule(schedule: str, success: Run | None, now: datetime) -> Health:
    if success is None or success.finished_at is None:
        return Health("good", gettext("The first run is under way."))
    waited = now - success.finished_at
    expected = interval(schedule, now)
    facts = {"time": span(success.finished_at, now)}
    if expected and waited > SILENT_AFTER * expected:
        return Health("silent", gettext("No success for %(time)s: several scheduled runs are missing.") % facts)
    if expected and waited > 1.5 * expected:
        return Health("slow", gettext("The last success was %(time)s ago: a scheduled run is late.") % facts)
    if success.rejected * 10 > success.received:
        return Health("slow", gettext("More than one record in ten was rejected in the last run."))
    return Health("good", gettext("The last run succeeded."))
