"""The page of the offline bundle: fetch it, and take in what it brings back."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from hub.accounts.access import needs, reader_of
from hub.accounts.pages import language, sentence
from hub.accounts.roles import Permission
from hub.network.own_pages import frame, library_of, private
from hub.rotation import bundle
from schemas.problem import Trouble


@needs(Permission.ROTATION_HAND, library="code")
@require_http_methods(["GET", "HEAD", "POST"])
def offline(request: HttpRequest, code: str) -> HttpResponse:
    """Fetch the bundle; take in the file that its page has saved."""
    library = library_of(code)
    context = {**frame(request, library, "boxes"), "taken": None, "wrong": ""}
    if request.method == "POST":
        found = request.FILES.get("file")
        try:
            body = found.read(bundle.LARGEST + 1) if found else b""
            taken = bundle.take(body, library, by=reader_of(request).signature, now=timezone.now())
            context["taken"] = taken
            context["refused"] = [(name, problem.sentence(language())) for name, problem in taken.refused]
        except Trouble as trouble:
            context["wrong"] = sentence(trouble)
    return private(render(request, "rotation/offline.html", context, status=400 if context["wrong"] else 200))


@needs(Permission.ROTATION_HAND, library="code")
@require_safe
def packed(request: HttpRequest, code: str) -> HttpResponse:
    """The bundle of a library."""
    response = HttpResponse(bundle.pack(library_of(code), timezone.now()), content_type="application/zip")
    response.headers["Content-Disposition"] = f'attachment; filename="{code}.zip"'
    return private(response)
