"""A library's own page of service points and of who is asked about what."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from hub.accounts.access import needs, reader_of
from hub.accounts.pages import given, sentence
from hub.accounts.roles import Permission
from hub.network import officers
from hub.network.models import Library
from hub.network.own_pages import frame, library_of, private
from hub.registry.words import MATTERS
from schemas.problem import Trouble


@needs(Permission.LIBRARY_SETTINGS, library="code")
@require_http_methods(["GET", "HEAD", "POST"])
def points(request: HttpRequest, code: str) -> HttpResponse:
    """See and change them."""
    library, wrong = library_of(code), ""
    if request.method == "POST":
        try:
            _change(request, library)
            return redirect(f"{request.path}?done=1")
        except Trouble as trouble:
            wrong = sentence(trouble)
    known = {one.matter: one for one in library.officers.all()}
    context = {
        **frame(request, library, "settings"),
        "points": library.points.all(),
        "officers": [(matter, name, known.get(matter)) for matter, name in MATTERS.items()],
        "done": request.GET.get("done"),
        "wrong": wrong,
    }
    return private(render(request, "registry/points.html", context, status=400 if wrong else 200))


def _change(request: HttpRequest, library: Library) -> None:
    by, act = reader_of(request).signature, given(request, "act")
    if act == "add":
        officers.add_point(library, given(request, "name"), given(request, "address"), given(request, "hours"), by=by)
    elif act == "remove":
        text = given(request, "point", 12)
        officers.remove_point(library, int(text) if text.isascii() and text.isdigit() else 0, by=by)
    else:
        said = {
            matter: {name: given(request, f"{matter}-{name}") for name in ("name", "email", "phone")}
            for matter in officers.MATTERS
        }
        officers.keep(library, said, by=by)
