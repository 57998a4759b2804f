"""The pages of changes too large to be believed: what they would do, and a person's decision with its reason."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from hub.accounts.access import needs, reader_of, scoped
from hub.accounts.pages import language
from hub.accounts.roles import Permission
from hub.catalog import removals, waits
from hub.catalog.models import Hold
from hub.operations import scope
from hub.operations.done import to, told
from hub.operations.health import held
from hub.operations.views import page_of
from hub.stages.normalize import normalize_pending
from hub.stages.soon import soon
from schemas.problem import Trouble

RECORDS = 50  # of a hold that are shown


@needs(Permission.SOURCES_SEE)
@require_safe
def holds(request: HttpRequest) -> HttpResponse:
    """Changes too large to be believed, those to be decided first."""
    libraries, found = scope.libraries(request), waits.holds()
    page = page_of(request, found if libraries is None else found.filter(source__library__in=libraries))
    return render(request, "holds.html", {"page": page, "rows": [(hold, held(hold)) for hold in page]})


def _known_hold(request: HttpRequest, number: int, permission: Permission) -> Hold:
    found = waits.hold(number)
    if found is None:
        raise Http404
    scoped(reader_of(request), permission, found.source.library_id)
    return found


@needs(Permission.SOURCES_SEE)
@require_safe
def hold(request: HttpRequest, number: int) -> HttpResponse:
    """A hold: what it would do, to which records, and the buttons."""
    return _hold(request, _known_hold(request, number, Permission.SOURCES_SEE))


def _hold(request: HttpRequest, found: Hold, *, wrong: str = "", status: int = 200) -> HttpResponse:
    renaming = found.kind == Hold.Kind.RENAMING
    context = {
        "hold": found,
        "source": found.source,
        "sentence": held(found),
        "share": f"{100 * found.count / found.live:.0f}" if found.live else "",
        "records": waits.held(found, RECORDS) if not renaming else [],
        "pairs": waits.pairs(found, RECORDS),
        "done_by": waits.run_of(found),
        "undoable": waits.undoable(found),
        "left": found.removals.exists(),
        "decides": reader_of(request).may(Permission.HOLDS_DECIDE, found.source.library_id),
        "reason": request.POST.get("reason", "")[:1000],
        "told": told(request),
        "wrong": wrong,
    }
    return render(request, "hold.html", context, status=status)


@needs(Permission.HOLDS_DECIDE)
@require_POST
def decide(request: HttpRequest, number: int) -> HttpResponse:
    """Release or refuse a hold, or undo what was released; with a reason, by the name of who does it."""
    found = _known_hold(request, number, Permission.HOLDS_DECIDE)
    verdict, reason = request.POST.get("verdict", ""), request.POST.get("reason", "").strip()[:1000]
    try:
        if not reason:
            raise Trouble("reason_missing")
        done = _decide(found, verdict, reader_of(request).signature, reason)
    except Trouble as trouble:
        return _hold(request, found, wrong=trouble.problem.sentence(language()), status=409)
    return to("hold", number, done=done)


def _decide(found: Hold, verdict: str, by: str, reason: str) -> str:
    if verdict == "refuse":
        removals.refuse(found, by, reason)
        return "refused"
    if verdict == "release":
        removals.release(found, by, reason)
        done = "released"
    elif verdict == "undo" and (run := waits.run_of(found)):
        removals.undo(found.source.runs.get(pk=run), by, reason)
        done = "undone"
    else:
        raise Trouble("act_unknown", act=verdict[:20])
    normalize_pending(found.source_id)
    soon()
    return done
