"""The page that asks libraries' own systems whether a book is on the shelf now."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from hub.accounts import throttle
from hub.accounts.access import anyone
from hub.accounts.client import network_of
from hub.accounts.pages import language
from hub.provide.holders import unseen
from hub.provide.record import found
from hub.stages import availability

ASKING = throttle.Limit(free=30, most=120, longest=10)


@anyone
@require_safe
def now(request: HttpRequest, uid: str) -> HttpResponse:
    """What each library that can be asked says; what does not answer in time is said not to be known."""
    content = found(uid)
    if content.deleted or not availability.can_be_asked(content.id):
        raise Http404
    away = unseen(request)
    wait = throttle.take({f"availability:{network_of(request)}": ASKING}, throttle.clock())
    rows = [] if wait else [one for one in availability.ask(content.id) if one.library not in away]
    context = {
        "content": content,
        "it": content.description,
        "rows": [(one, one.problem.sentence(language()) if one.problem else "") for one in rows],
        "wait": wait > 0,
    }
    response = render(request, "now.html", context, status=429 if wait else 200)
    response.headers["Cache-Control"] = "no-store"
    return response
