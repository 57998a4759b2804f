"""Who may open a page: the decorators that every view carries, outermost.

``view.access`` says what a view demands; a test walks all addresses and tries every role.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from hub.accounts import sessions
from hub.accounts.rights import Reader
from hub.accounts.roles import Permission

View = Callable[..., HttpResponse]


@dataclass(frozen=True, slots=True)
class Access:
    """What a view demands: ``anyone``, ``signed_in``, or a permission, at the library whose code is in ``library``."""

    kind: str
    permission: Permission | None = None
    library: str = ""


def _guarded(view: View, access: Access) -> View:
    @wraps(view)
    def guard(request: HttpRequest, *arguments: Any, **named: Any) -> HttpResponse:
        if access.kind == "anyone":
            return view(request, *arguments, **named)
        reader = reader_of(request)
        if not reader.is_authenticated:
            return to_sign_in(request)
        if access.permission is not None:
            if not reader.may(access.permission):
                raise PermissionDenied
            if access.library:
                scoped(reader, access.permission, str(named[access.library]))
        return view(request, *arguments, **named)

    guard.access = access  # type: ignore[attr-defined]
    return guard


def anyone(view: View) -> View:
    """A page for everybody, signed in or not."""
    return _guarded(view, Access("anyone"))


def signed_in(view: View) -> View:
    """A page for everybody with an account."""
    return _guarded(view, Access("signed_in"))


def needs(permission: Permission, *, library: str = "") -> Callable[[View], View]:
    """A page for who has a permission; ``library`` names the keyword of the address that holds a library's code."""
    return lambda view: _guarded(view, Access("needs", permission, library))


def scoped(reader: Any, permission: Permission, code: str) -> None:
    """What belongs to a library is not there for who has no permission at that library: :class:`Http404`."""
    if not reader.may(permission, code):
        raise Http404


def reader_of(request: HttpRequest) -> Reader:
    """``request.user``, as what it is here."""
    return request.user  # type: ignore[return-value]


def to_sign_in(request: HttpRequest) -> HttpResponse:
    """The way to the sign-in page and back: to this page, or, after a form, to the page the form stands on."""
    back = request.get_full_path() if request.method in ("GET", "HEAD") else _page_of_form(request)
    over = {"note": "over"} if sessions.cookie() in request.COOKIES else {}
    return HttpResponseRedirect(f"{reverse('sign-in')}?{urlencode({'next': back, **over})}")


def _page_of_form(request: HttpRequest) -> str:
    from_there = urlsplit(request.headers.get("Referer", ""))
    query = f"?{from_there.query}" if from_there.query else ""
    return from_there.path + query if from_there.netloc == request.get_host() and from_there.path else reverse("home")
