"""What all pages of a library share: whose they are, who acts, what the frame shows."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse

from hub.accounts.access import reader_of
from hub.accounts.roles import Permission
from hub.network.models import Library

PRIVATE = "private, no-store"
PARTS = {
    "upload": Permission.LIBRARY_UPLOAD,
    "correct": Permission.LIBRARY_CORRECT,
    "settings": Permission.LIBRARY_SETTINGS,
    "enter": Permission.COPIES_ENTER,
    "see": Permission.LIBRARY_SEE,
    "lend": Permission.LENDING_ACT,
    "hand": Permission.ROTATION_HAND,
    "declare": Permission.DEPOSIT_DECLARE,
}


def library_of(code: str) -> Library:
    """The library of a code, or 404."""
    found = Library.objects.filter(pk=code).first()
    if found is None:
        raise Http404
    return found


def may(request: HttpRequest, permission: Permission, library: Library) -> bool:
    """Whether the reader has a permission at a library."""
    return reader_of(request).may(permission, library.pk)


def frame(request: HttpRequest, library: Library, here: str) -> dict[str, Any]:
    """What the frame of each page asks: the library, where the reader is, what the reader may do."""
    can = {name: may(request, permission, library) for name, permission in PARTS.items()}
    return {"library": library, "here": here, "can": can}


def private(response: HttpResponse) -> HttpResponse:
    """A page of one library alone: kept nowhere on the way."""
    response.headers["Cache-Control"] = PRIVATE
    return response
