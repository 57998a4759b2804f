"""How a source is: good, slow, error or silent, and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.formats import number_format
from django.utils.translation import gettext

from hub.catalog.models import Hold, Run
from hub.catalog.reads import SourceState
from hub.operations.schedule import interval, span

SILENT_AFTER = 3  # intervals without a success
LONG_RUN = timedelta(hours=12)
WAITED = timedelta(days=30)  # a rejected record that nobody has looked at


@dataclass(frozen=True, slots=True)
class Health:
    """A word (``good``, ``slow``, ``error``, ``silent``) and its reason in the reader's language."""

    word: str
    reason: str


def health(state: SourceState, now: datetime) -> Health:
    """Judge a source by what waits for a person, its last run, its last success and its schedule."""
    last, success = state.last, state.success
    if state.holds:
        return Health("error", held(state.holds[0]))
    if last is None:
        return Health("silent", gettext("It has never been harvested. Start its first run."))
    if last.status == Run.Status.FAILED:
        return Health("error", gettext("The last run failed; what was stored before is kept."))
    if last.status == Run.Status.EMPTY:
        return Health("error", gettext("The last run received nothing, although records were expected."))
    if state.source.not_before and state.source.not_before > now:
        return Health("slow", gettext("It rests for another %(time)s.") % {"time": span(now, state.source.not_before)})
    if last.status == Run.Status.RUNNING and now - last.started_at > LONG_RUN:
        return Health(
            "slow", gettext("The present run has been going for %(time)s.") % {"time": span(last.started_at, now)}
        )
    return _by_schedule(state.source.schedule, success, now) or _by_quarantine(state, now)


def held(hold: Hold) -> str:
    """What a hold keeps from happening."""
    facts = {"count": number_format(hold.count, use_l10n=True, force_grouping=True)}
    if hold.kind == Hold.Kind.RENAMING:
        return gettext("%(count)s records seem to have new identifiers; this waits for a person's decision.") % facts
    return gettext("%(count)s records are reported as deleted; this waits for a person's decision.") % facts


def _by_quarantine(state: SourceState, now: datetime) -> Health:
    """What is rejected must not be much, and must not wait for long."""
    success, waiting = state.success, state.waiting
    if success and success.rejected * 10 > success.received:
        return Health("slow", gettext("More than one record in ten was rejected in the last run."))
    if waiting.oldest and now - waiting.oldest > WAITED:
        facts = {"count": waiting.count, "time": span(waiting.oldest, now)}
        return Health("slow", gettext("%(count)s rejected records wait, the oldest for %(time)s.") % facts)
    return Health("good", gettext("The last run succeeded."))


def _by_schedule(schedule: str, success: Run | None, now: datetime) -> Health | None:
    if success is None or success.finished_at is None:
        return Health("good", gettext("The first run is under way."))
    waited = now - success.finished_at
    expected = interval(schedule, now)
    facts = {"time": span(success.finished_at, now)}
    if expected and waited > SILENT_AFTER * expected:
        return Health("silent", gettext("No success for %(time)s: several scheduled runs are missing.") % facts)
    if expected and waited > 1.5 * expected:
        return Health("slow", gettext("The last success was %(time)s ago: a scheduled run is late.") % facts)
    return None
