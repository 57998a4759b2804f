"""The pages of the network's state: its sources, their records and their runs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from hub.accounts.access import anyone
from hub.catalog import reads, waits
from hub.catalog.models import Record, Run, Source
from hub.operations.health import Health, health, held
from hub.operations.schedule import in_words, next_run
from schemas.problem import Problem

SIZE = 50
OUTCOMES = ("created", "updated", "unchanged", "deleted", "rejected")


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
    """A source in the table of the network."""

    state: reads.SourceState
    health: Health
    words: str
    next: datetime | None
    ledger: list[Part]


def _row(state: reads.SourceState) -> SourceRow:
    now = timezone.localtime()
    schedule = state.source.schedule
    return SourceRow(state, health(state, now), in_words(schedule), next_run(schedule, now), ledger(state.last))


def sentence(code: str, facts: dict[str, Any]) -> str:
    """A problem in the reader's language; one whose sentence is missing or lacks a fact, by its code."""
    try:
        return Problem(code, facts).sentence("en" if get_language() == "en" else "vi")
    except (KeyError, ValueError, IndexError, AttributeError):
        return code


@anyone
@require_safe
def network(request: HttpRequest) -> HttpResponse:
    """Every source at a glance, those that need somebody first."""
    order = ("error", "silent", "slow", "good")
    rows = sorted((_row(state) for state in reads.sources()), key=lambda row: order.index(row.health.word))
    counts = {word: sum(row.health.word == word for row in rows) for word in order}
    context = {
        "rows": rows,
        "counts": counts,
        "waiting": waits.waiting(),
        "holds": [(hold, held(hold)) for hold in waits.holds(undecided=True)],
    }
    return render(request, "network.html", context)


def known(name: str) -> Source:
    found = Source.objects.select_related("library").filter(name=name).first()
    if found is None:
        raise Http404
    return found


@anyone
@require_safe
def source(request: HttpRequest, name: str) -> HttpResponse:
    """A source: how it is, its runs, what of it is rejected."""
    found = known(name)
    state = reads.sources(name=name)[0]
    runs = page_of(request, found.runs.order_by("-id"), 20)
    context = {
        "row": _row(state),
        "source": state.source,
        "runs": runs,
        "rows": [(run, ledger(run)) for run in runs],
        "kinds": kinds(name),
        "holds": waits.holds(undecided=True, source=found),
        "unconfirmed": waits.unconfirmed(found),
        "kept": waits.kept(found),
        "rest": sentence(**found.rest_reason) if found.not_before and found.rest_reason else "",
        "resting": found.not_before and found.not_before > timezone.now(),
        "states": [(code, state.records.get(code, 0)) for code in Record.State.values],
        "notes": _notes(state.last),
    }
    return render(request, "source.html", context)


def kinds(name: str) -> list[tuple[waits.Kind, str]]:
    """The kinds of problem in a source's quarantine, the most frequent first, each with an example's sentence."""
    return [(kind, sentence(kind.code, kind.facts)) for kind in waits.kinds(name)]


def _notes(run: Run | None) -> list[str]:
    notes = run.notes if run else []
    return [sentence(note["code"], note.get("facts", {})) for note in notes[:20]]


def page_of(request: HttpRequest, rows: QuerySet[Any], size: int = SIZE) -> Any:
    return Paginator(rows, size).get_page(request.GET.get("page"))


def run_asked(found: Source, request: HttpRequest) -> Run | None:
    """The run of ``?run=``, when it is one of this source's."""
    number = request.GET.get("run", "")
    return found.runs.filter(pk=number).first() if number.isascii() and number.isdigit() and len(number) < 19 else None


@anyone
@require_safe
def records(request: HttpRequest, name: str) -> HttpResponse:
    """The records of a source, by state or by run."""
    found, state = known(name), request.GET.get("state", "")
    state = state if state in Record.State.values else ""
    of_run = run_asked(found, request)
    page = page_of(request, reads.source_records(found, run=of_run, state=state))
    raws = reads.raw_versions(record.raw for record in page)
    rows = [(record, raws.get(record.raw)) for record in page]
    return render(request, "records.html", {"source": found, "page": page, "rows": rows, "state": state, "run": of_run})


@anyone
@require_safe
def run(request: HttpRequest, number: int) -> HttpResponse:
    """A run: its ledger, its notes, and whether the ledger balances."""
    found = Run.objects.select_related("source__library").filter(pk=number).first() if number < 2**63 else None
    if found is None:
        raise Http404
    parts = ledger(found)
    context = {
        "run": found,
        "source": found.source,
        "ledger": parts,
        "balanced": sum(part.count for part in parts) == found.received,
        "notes": _notes(found),
        "removed": waits.removed(found),
        "took": found.finished_at - found.started_at if found.finished_at else None,
    }
    return render(request, "run.html", context)
