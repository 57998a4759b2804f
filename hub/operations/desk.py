"""The IT staff's desk: every source at a glance, what waits for whom, and the buttons."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from hub.accounts.access import needs, reader_of
from hub.accounts.pages import language
from hub.accounts.roles import Permission
from hub.catalog import reads
from hub.catalog.reads import SourceState
from hub.operations import pauses, requests, scope
from hub.operations.done import to, told
from hub.operations.health import held
from hub.operations.models import Message, Request
from hub.operations.views import ORDER, judged, page_of, row_of, source_page, why
from schemas.problem import Trouble

ASKED = ("run", "full", "reset", "sweep")
RECENT = 8
SIZE = 30  # sources a page
MOST = 30  # lines of what waits
LATELY = timedelta(days=2)
UNTAKEN = timedelta(minutes=1)  # a worker looks every second


@needs(Permission.SOURCES_SEE)
@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    """Every source the reader may see, those that need somebody first."""
    may = reader_of(request).may
    states = _states(scope.libraries(request))
    every = judged(states)
    words = {word: sum(verdict.word == word for verdict, _ in every) for word in ORDER}
    chosen = request.GET.get("health", "")
    page = page_of(request, [pair for pair in every if chosen in ("", pair[0].word)], SIZE)
    asked, paused = requests.waiting(), pauses.all_paused()
    names = {state.source.name for state in states}
    quarantined = sum(state.waiting.count for state in states) if may(Permission.QUARANTINE_SEE) else 0
    manages = may(Permission.SOURCES_MANAGE)
    missing = scope.no_folder() if manages else None
    context = {
        "page": page,
        "rows": [row_of(state, asked.get(_name(state)), paused.get(_name(state)), verdict) for verdict, state in page],
        "total": len(every),
        "words": words,
        "chosen": chosen if chosen in words else "",
        "holds": [(hold, held(hold)) for state in states for hold in state.holds][:MOST],
        "quarantined": quarantined,
        "open": [one for name, one in asked.items() if name in names][:MOST],
        "untaken": _untaken(asked.values()),
        "paused": len(names & paused.keys()),
        "failed": _failed(names),
        "broken": [(name, problem.sentence(language())) for name, problem in scope.broken_files()] if manages else [],
        "no_folder": missing.sentence(language()) if missing else "",
        "unsent": Message.objects.filter(due_at=None, sent_at=None).count() if manages else 0,
        "starts": may(Permission.RUNS_START),
        "manages": manages,
        "told": told(request),
    }
    return render(request, "operations/desk.html", context)


def _name(state: SourceState) -> str:
    return state.source.name


def _states(libraries: frozenset[str] | None) -> list[SourceState]:
    """The sources of some libraries, or of all; those that were never harvested too."""
    states = reads.sources()
    fresh = scope.unharvested({state.source.name for state in states})
    states += [SourceState(source, None, None, {}) for source in fresh]
    return [state for state in states if libraries is None or state.source.library_id in libraries]


def _untaken(asked: Iterable[Request]) -> bool:
    """Whether something waits though no worker is at work on anything."""
    now, every = timezone.now(), list(asked)
    working = any(one.lease_expires is not None and one.lease_expires > now for one in every)
    return not working and any((one.not_before or one.asked_at) < now - UNTAKEN for one in every)


def _failed(names: set[str]) -> list[tuple[Request, str]]:
    """What was asked for lately and did not come to a run."""
    since = timezone.now() - LATELY
    found = Request.objects.filter(status=Request.Status.FAILED, run=None, ended_at__gte=since).order_by("-ended_at")
    return [(asked, why(asked)) for asked in found[:200] if asked.source in names][:RECENT]


@needs(Permission.RUNS_START)
@require_POST
def act(request: HttpRequest, name: str) -> HttpResponse:
    """Run, harvest everything, a window or anew, compare, pause, resume, or take a request back."""
    found = scope.known(request, name, Permission.RUNS_START)
    by, wanted = reader_of(request).signature, request.POST.get("act", "")
    try:
        done = _do(wanted, found.name, request, by)
    except Trouble as trouble:
        return source_page(request, found, wrong=trouble.problem.sentence(language()), status=409)
    return to("operations-desk", done=done) if request.POST.get("back") == "desk" else to("source", name, done=done)


def _do(wanted: str, name: str, request: HttpRequest, by: str) -> str:
    if wanted in ASKED:
        requests.ask(name, wanted, by=by)
        return "asked"
    if wanted == Request.Act.WINDOW:
        days = requests.window(request.POST.get("from", ""), request.POST.get("until", ""))
        requests.ask(name, wanted, by=by, facts=days)
        return "asked"
    if wanted == "withdraw":
        number = request.POST.get("request", "")
        asked = requests.known(int(number) if number.isascii() and number.isdigit() and len(number) < 19 else 0)
        if asked.source != name:
            raise Trouble("request_unknown", number=number[:20])
        requests.withdraw(asked.pk, by=by)
        return "withdrawn"
    if wanted == "pause":
        pauses.pause(name, by=by, reason=request.POST.get("reason", ""))
        return "paused"
    if wanted == "resume":
        pauses.resume(name, by=by)
        return "resumed"
    raise Trouble("act_unknown", act=wanted[:20])
