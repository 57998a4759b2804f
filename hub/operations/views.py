"""The pages of the network's state: for anyone its sources, for who may see it a source with its records and runs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from connectors.connector import connectors
from hub.accounts.access import anyone, needs, reader_of, scoped
from hub.accounts.pages import language
from hub.accounts.roles import Permission
from hub.catalog import reads, waits
from hub.catalog.models import Record, Run, Source
from hub.operations import coverage, pauses, requests
from hub.operations.done import told
from hub.operations.health import Health, health
from hub.operations.models import Request
from hub.operations.schedule import in_words, next_run
from hub.operations.scope import known
from schemas.problem import Problem

SIZE = 50
OUTCOMES = ("created", "updated", "unchanged", "deleted", "rejected")
ORDER = ("error", "silent", "slow", "good")


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a ledger's bar: ``start`` and ``count`` in records."""

    outcome: str
    start: int
    count: int


def ledger(run: Run | None) -> list[Part]:
    """The outcomes of a run side by side; together they are what was received."""
    parts, start = [], 0
    for outcome in OUTCOMES if run else ():
        count = getattr(run, outcome)
        parts.append(Part(outcome, start, count))
        start += count
    return parts


@dataclass(frozen=True, slots=True)
class SourceRow:
    """A source in a table: how it is, when it runs next, what of it is asked for or paused."""

    state: reads.SourceState
    health: Health
    words: str
    next: datetime | None
    ledger: list[Part]
    request: Request | None = None
    pause: Any = None


def row_of(
    state: reads.SourceState, request: Request | None = None, pause: Any = None, verdict: Health | None = None
) -> SourceRow:
    """A source as a row of a table."""
    now = timezone.localtime()
    schedule = state.source.schedule
    due = None if pause else next_run(schedule, now)
    return SourceRow(state, verdict or health(state, now), in_words(schedule), due, ledger(state.last), request, pause)


def judged(states: Iterable[reads.SourceState]) -> list[tuple[Health, reads.SourceState]]:
    """Sources with their health, those that need somebody first."""
    now = timezone.localtime()
    found = [(health(state, now), state) for state in states]
    return sorted(found, key=lambda pair: ORDER.index(pair[0].word))


def sentence(code: str, facts: dict[str, Any]) -> str:
    """A problem in the reader's language; one whose sentence is missing or lacks a fact, by its code."""
    try:
        return Problem(code, facts).sentence(language())
    except (KeyError, ValueError, IndexError, AttributeError):
        return code


@anyone
@require_safe
def network(request: HttpRequest) -> HttpResponse:
    """Every source at a glance, those that need somebody first; what only staff should see is on their desk."""
    every = judged(reads.sources())
    page = page_of(request, every)
    context = {
        "page": page,
        "total": len(every),
        "rows": [row_of(state, verdict=verdict) for verdict, state in page],
        "counts": {word: sum(verdict.word == word for verdict, _ in every) for word in ORDER},
        "staff": reader_of(request).may(Permission.SOURCES_SEE),
    }
    return render(request, "network.html", context)


def state_of(found: Source) -> reads.SourceState:
    """A source with its last runs; one that was never harvested has none."""
    states = reads.sources(name=found.name) if found.pk else []
    return states[0] if states else reads.SourceState(found, None, None, {})


@needs(Permission.SOURCES_SEE)
@require_safe
def source(request: HttpRequest, name: str) -> HttpResponse:
    """A source: how it is, its runs, what of it is rejected, what can be done."""
    return source_page(request, known(request, name))


def source_page(request: HttpRequest, found: Source, *, wrong: str = "", status: int = 200) -> HttpResponse:
    """The page of a source; ``wrong`` says why what was asked for was not done."""
    state = state_of(found)
    stored = found.pk is not None
    runs = page_of(request, found.runs.order_by("-id") if stored else Run.objects.none(), 20)
    may = reader_of(request).may
    context = {
        "row": row_of(state, pause=pauses.paused(found.name)),
        "source": state.source,
        "library": state.source.library,
        "stored": stored,
        "runs": runs,
        "rows": [(run, ledger(run)) for run in runs],
        "kinds": kinds(found.name) if may(Permission.QUARANTINE_SEE, found.library_id) else [],
        "sees_quarantine": may(Permission.QUARANTINE_SEE, found.library_id),
        "holds": waits.holds(undecided=True, source=found) if stored else [],
        "unconfirmed": waits.unconfirmed(found) if stored else None,
        "kept": waits.kept(found) if stored else 0,
        "rest": sentence(**found.rest_reason) if found.not_before and found.rest_reason else "",
        "resting": found.not_before and found.not_before > timezone.now(),
        "states": [(code, state.records.get(code, 0)) for code in Record.State.values],
        "notes": notes_of(state.last),
        "requests": [(asked, why(asked)) for asked in requests.recent(found.name, 5)],
        "months": coverage.of(found, 2),
        "starts": may(Permission.RUNS_START, found.library_id),
        "manages": may(Permission.SOURCES_MANAGE, found.library_id),
        "windows": found.connector in connectors() and connectors()[found.connector].window is not None,
        "today": timezone.localdate().isoformat(),
        "told": told(request),
        "wrong": wrong,
    }  # fmt: skip
    return render(request, "source.html", context, status=status)


def why(asked: Request) -> str:
    """Why a request was not done; ``""`` where it was, or is still to be."""
    return sentence(**asked.problem) if asked.problem else ""


@needs(Permission.SOURCES_SEE)
@require_safe
def calendar(request: HttpRequest, name: str) -> HttpResponse:
    """The coverage calendar of a source, as far back as its runs go, two years at most."""
    found = known(request, name)
    months = coverage.of(found, 24)
    context = {"source": found, "months": months, "counts": coverage.counted(months)}
    return render(request, "operations/calendar.html", context)


def kinds(name: str) -> list[tuple[waits.Kind, str]]:
    """The kinds of problem in a source's quarantine, the most frequent first, each with an example's sentence."""
    return [(kind, sentence(kind.code, kind.facts)) for kind in waits.kinds(name)]


def notes_of(run: Run | None) -> list[str]:
    """The notes of a run in words."""
    notes = run.notes if run else []
    return [sentence(note["code"], note.get("facts", {})) for note in notes[:20]]


def page_of(request: HttpRequest, rows: QuerySet[Any] | Sequence[Any], size: int = SIZE) -> Any:
    """The page of ``?page=``."""
    return Paginator(rows, size).get_page(request.GET.get("page"))


def run_asked(found: Source, request: HttpRequest) -> Run | None:
    """The run of ``?run=``, when it is one of this source's."""
    number = request.GET.get("run", "")
    return found.runs.filter(pk=number).first() if number.isascii() and number.isdigit() and len(number) < 19 else None


@needs(Permission.SOURCES_SEE)
@require_safe
def records(request: HttpRequest, name: str) -> HttpResponse:
    """The records of a source, by state or by run."""
    found, state = known(request, name), request.GET.get("state", "")
    if found.pk is None:
        raise Http404
    state = state if state in Record.State.values else ""
    of_run = run_asked(found, request)
    page = page_of(request, reads.source_records(found, run=of_run, state=state))
    raws = reads.raw_versions(record.raw for record in page)
    rows = [(record, raws.get(record.raw)) for record in page]
    return render(request, "records.html", {"source": found, "page": page, "rows": rows, "state": state, "run": of_run})


def known_run(request: HttpRequest, number: int, permission: Permission = Permission.SOURCES_SEE) -> Run:
    """The run of a number, as far as the reader may see it."""
    found = Run.objects.select_related("source__library").filter(pk=number).first() if number < 2**63 else None
    if found is None:
        raise Http404
    scoped(reader_of(request), permission, found.source.library_id)
    return found
