"""Who reads: ``request.user`` is a user with a living session, or a stranger. Pages of a user are not stored."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from hub.accounts import sessions
from hub.accounts.rights import AnonymousReader, Reader


def identify(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: ``request.user``, looked up when first asked for; strangers cost no query."""

    def known(request: HttpRequest) -> HttpResponse:
        request.user = SimpleLazyObject(lambda: _reader(request))  # type: ignore[assignment]
        response = get_response(request)
        if request.session.get(sessions.USER) is not None or getattr(request, "personal", False):
            response.headers["Cache-Control"] = "private, no-store"
        return response

    return known


def _reader(request: HttpRequest) -> Reader:
    return sessions.user_of(request.session) or AnonymousReader()
