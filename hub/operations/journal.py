"""The log of a run: what happened in plain words, and what the program said, for whoever mends it; at most so much.

Writing a log never stops a harvest: a line that cannot be stored is left out.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import DatabaseError
from django.db.models import Q
from django.utils import timezone, translation
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _

from hub.catalog.models import Run
from hub.operations.models import LogLine
from schemas.problem import Problem
from schemas.wording import SENTENCES

MOST_LINES = 400  # of one run
LONGEST = 20_000  # characters of technical text
OFTEN = 5.0  # seconds between two lines of one stage's progress
KEPT = timedelta(days=180)
WORDS = {
    "began_schedule": _("Begun by the schedule."),
    "began_asked": _("Begun because %(by)s asked for it."),
    "began_command": _("Begun by a command."),
    "taken_again": _("Taken up again: the worker before this one was stopped on the way."),
    "harvest": _("%(done)s records received."),
    "harvest_of": _("%(done)s of %(of)s records received."),
    "normalize": _("%(done)s records read and normalized."),
    "normalize_of": _("%(done)s of %(of)s records read and normalized."),
    "sweep": _("%(done)s identifiers compared."),
    "sweep_of": _("%(done)s of %(of)s identifiers compared."),
    "union": _("The union catalog has followed: %(changed)s union records changed."),
    "union_failed": _("The records are stored, but the union catalog could not follow yet."),
    "ended_succeeded": _("Ended well: %(received)s records received."),
    "ended_failed": _("Ended without success. What was stored before stays."),
    "ended_empty": _("Nothing was received, although records were expected. This is no success."),
    "ended_paused": _("Stopped for now; the next run goes on from here."),
    "prefect": "",  # where Prefect shows this run
}
STAGES = ("harvest", "normalize", "sweep")


@dataclass(frozen=True, slots=True)
class Line:
    """A line as it is shown: a sentence, or technical text."""

    at: datetime
    sentence: str
    text: str


class Journal:
    """Writes the log of the run that a source has open, and keeps to it when the run has ended."""

    def __init__(self, source: str, run: int = 0) -> None:
        self.source = source
        self.run = run
        self._before = 0 if run else _newest(source)
        self._shown: dict[str, float] = {}
        self._early: list[tuple[str, dict[str, str], str]] = []

    def progress(self, stage: str, done: int, of: int) -> None:
        """How far a stage is; a line now and then."""
        now = time.monotonic()
        if stage not in STAGES or (now - self._shown.get(stage, -OFTEN) < OFTEN and not (of and done >= of)):
            return
        self._shown[stage] = now
        self.say(f"{stage}_of" if of else stage, done=done, of=of)

    def say(self, code: str, **facts: object) -> None:
        """A line in plain words: a code of :data:`WORDS` or of a problem."""
        self._write(code, {name: str(value) for name, value in facts.items()}, "")

    def before(self, code: str, **facts: object) -> None:
        """A line of the time before the run is opened: it is written with the next one."""
        self._early.append((code, {name: str(value) for name, value in facts.items()}, ""))

    def problem(self, problem: Problem) -> None:
        """A problem, in its own words."""
        self._write(problem.code, problem.facts, "")

    def technical(self, text: str) -> None:
        """What the program says."""
        self._write("", {}, text[-LONGEST:].replace("\x00", ""))

    def _write(self, code: str, facts: dict[str, str], text: str) -> None:
        with suppress(DatabaseError):
            if not self.find_run():
                self._early.append((code, facts, text))
                return
            rows, self._early = [*self._early, (code, facts, text)], []
            _store(self.run, rows)

    def find_run(self) -> int:
        """The number of the run that is open, or that was opened since the log was begun; 0 before."""
        if not self.run:
            ours = Q(status=Run.Status.RUNNING) | Q(pk__gt=self._before)
            found = Run.objects.filter(ours, source__name=self.source).order_by("-id")
            self.run = found.values_list("pk", flat=True).first() or 0
        return self.run


def _newest(source: str) -> int:
    """The number of the source's last run; 0 where there is none yet."""
    with suppress(DatabaseError):
        return Run.objects.filter(source__name=source).order_by("-id").values_list("pk", flat=True).first() or 0
    return 0


def _store(run: int, rows: Sequence[tuple[str, dict[str, str], str]]) -> None:
    now = timezone.now()
    LogLine.objects.bulk_create([LogLine(run=run, at=now, code=c, facts=f, text=t) for c, f, t in rows])
    kept = LogLine.objects.filter(run=run)
    over = kept.count() - MOST_LINES
    if over > 0:  # the oldest lines of progress go first
        stages = {*STAGES, *(f"{stage}_of" for stage in STAGES)}
        old = list(kept.filter(code__in=stages).order_by("pk").values_list("pk", flat=True)[:over])
        old += list(kept.exclude(pk__in=old).order_by("pk").values_list("pk", flat=True)[: over - len(old)])
        LogLine.objects.filter(pk__in=old).delete()


def lines(run: int, language: str) -> Iterator[Line]:
    """The log of a run, in the reader's language."""
    rows = LogLine.objects.filter(run=run).exclude(code="prefect").order_by("pk")
    with translation.override(language):
        found = [Line(row.at, _sentence(row.code, row.facts, language), row.text) for row in rows]
    yield from found


def _sentence(code: str, facts: dict[str, str], language: str) -> str:
    if code in WORDS:
        return str(WORDS[code]) % {name: _said(value) for name, value in facts.items()}
    with suppress(KeyError, ValueError, IndexError):
        return Problem(code, facts).sentence(language) if code in SENTENCES else code
    return code


def _said(value: str) -> str:
    whole = value.isascii() and value.isdigit()
    return str(number_format(int(value), use_l10n=True, force_grouping=True)) if whole else value


def flow_run(run: int) -> str:
    """Prefect's name of the flow run that did a run; ``""`` where Prefect did not."""
    row = LogLine.objects.filter(run=run, code="prefect").order_by("-pk").first()
    return str(row.facts.get("flow_run", "")) if row else ""


def forget_old() -> None:
    """Logs of long ago."""
    LogLine.objects.filter(at__lt=timezone.now() - KEPT).delete()
