"""The page of a run: how far it is while it goes on, its ledger, its log in plain words, and bringing back what it
removed."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from hub.accounts.access import needs, reader_of
from hub.accounts.pages import language
from hub.accounts.roles import Permission
from hub.catalog import removals, waits
from hub.catalog.models import Record, Run
from hub.operations import journal
from hub.operations.done import to, told
from hub.operations.models import Request
from hub.operations.views import known_run, ledger, notes_of
from hub.stages.normalize import normalize_pending
from hub.stages.soon import soon
from schemas.problem import Trouble

LINES = 200  # of the log, the last ones


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage of a run: ``done``, ``now``, ``waits`` or ``stopped``, and how far it is."""

    name: str
    word: str
    done: int = 0
    of: int = 0


def stages(run: Run) -> list[Stage]:
    """The stages of a harvest, from what its row and its records say."""
    going = run.status == Run.Status.RUNNING
    ended = "done" if run.status == Run.Status.SUCCEEDED else "stopped"
    pending = Record.objects.filter(source=run.source_id, state=Record.State.PENDING).count() if going else 0
    read = max(run.received - run.unchanged - run.deleted - pending, 0)
    whole = run.announced if run.announced and not run.full and run.announced >= run.received else run.announced or 0
    return [
        Stage("fetch", "now" if going else ended, run.received, whole),
        Stage("read", ("now" if run.received else "waits") if going else ended, read, read + pending),
        Stage("close", "waits" if going else ended),
    ]


def prefect_link(run: int) -> str:
    """Where Prefect shows a run; ``""`` without ``LIENTHONG_PREFECT_URL``, or where Prefect did not do it."""
    base = os.environ.get("LIENTHONG_PREFECT_URL", "").rstrip("/")
    number = journal.flow_run(run) if urlsplit(base).scheme in ("http", "https") else ""
    return f"{base}/runs/flow-run/{number}" if number else ""


def _context(request: HttpRequest, found: Run) -> dict[str, Any]:
    parts = ledger(found)
    lines = list(journal.lines(found.pk, language()))
    return {
        "run": found,
        "source": found.source,
        "live": found.status == Run.Status.RUNNING,
        "ledger": parts,
        "balanced": sum(part.count for part in parts) == found.received,
        "stages": stages(found) if found.kind != Run.Kind.DECISION else [],
        "said": [line for line in lines if line.sentence][-LINES:],
        "technical": [line for line in lines if line.text][-LINES:],
        "plain": not reader_of(request).may(Permission.QUARANTINE_SEE, found.source.library_id),
    }


@needs(Permission.SOURCES_SEE)
@require_safe
def run(request: HttpRequest, number: int) -> HttpResponse:
    """A run: its ledger, its notes, its log, and whether the ledger balances."""
    return _page(request, known_run(request, number))


def _page(request: HttpRequest, found: Run, *, wrong: str = "", status: int = 200) -> HttpResponse:
    decides = reader_of(request).may(Permission.HOLDS_DECIDE, found.source.library_id)
    context = _context(request, found) | {
        "notes": notes_of(found),
        "removed": waits.removed(found),
        "decides": decides,
        "asked": Request.objects.filter(run=found.pk).order_by("pk").first(),
        "took": found.finished_at - found.started_at if found.finished_at else None,
        "prefect": prefect_link(found.pk),
        "told": told(request),
        "wrong": wrong,
    }
    return render(request, "run.html", context, status=status)


@needs(Permission.SOURCES_SEE)
@require_safe
def progress(request: HttpRequest, number: int) -> HttpResponse:
    """The part of the page that changes while the run goes on."""
    response = render(request, "operations/progress.html", _context(request, known_run(request, number)))
    response.headers["Cache-Control"] = "private, no-store"
    return response


@needs(Permission.HOLDS_DECIDE)
@require_POST
def undo(request: HttpRequest, number: int) -> HttpResponse:
    """Bring back what a run removed, and keep it even while the source goes on saying that it is gone."""
    found = known_run(request, number, Permission.HOLDS_DECIDE)
    try:
        mine = removals.undo(found, reader_of(request).signature, request.POST.get("reason", "").strip()[:1000])
        normalize_pending(found.source_id)
    except Trouble as trouble:
        return _page(request, found, wrong=trouble.problem.sentence(language()), status=409)
    soon()
    return to("run", mine.pk, done="undone")
