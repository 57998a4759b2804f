"""Which language a page speaks: Vietnamese, unless the reader has chosen English. The browser is not asked."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import translation

COOKIE = "language"
YEAR = 365 * 24 * 3600


def choose_language(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: ``?lang=en`` on any page is remembered in a cookie, and the page is shown again without it."""
    known = dict(settings.LANGUAGES)

    def speak(request: HttpRequest) -> HttpResponse:
        chosen = _asked(request)
        if request.method == "GET" and chosen in known:
            response: HttpResponse = HttpResponseRedirect(_without_choice(request))
            response.set_cookie(COOKIE, chosen, max_age=YEAR, httponly=True, samesite="Lax")
            return response
        language = request.COOKIES.get(COOKIE, "")
        with translation.override(language if language in known else settings.LANGUAGE_CODE):
            response = get_response(request)
            response.headers.setdefault("Content-Language", translation.get_language() or "")
        return response

    return speak


def _asked(request: HttpRequest) -> str:
    """The language asked for; a query that cannot be read asks for none: what that means is for the page to say."""
    try:
        return request.GET.get("lang", "")
    except SuspiciousOperation:
        return ""


def _without_choice(request: HttpRequest) -> str:
    """The same address without ``lang``: a path of this host, whatever slashes it starts with."""
    query = request.GET.copy()
    del query["lang"]
    path = "/" + request.path.lstrip("/\\")
    return f"{path}?{query.urlencode()}" if query else path
