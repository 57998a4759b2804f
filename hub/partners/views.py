"""The doctor's pages: a form for an address, and the letter on what was found there."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from connectors.doctor.letter import item, write
from hub.accounts.access import anyone
from hub.accounts.pages import language
from hub.partners import checkups
from hub.partners.models import Checkup
from schemas.problem import Trouble

LONGEST = 500
STATUSES = {"doctor_busy": 429}


@anyone
@require_http_methods(["GET", "HEAD", "POST"])
def doctor(request: HttpRequest) -> HttpResponse:
    """Ask for the address of an endpoint; given one, examine it and lead to the letter."""
    given = request.POST if request.method == "POST" else request.GET
    url = given.get("url", "").strip()[:LONGEST]
    if request.method != "POST":
        return render(request, "doctor.html", {"url": url, "nav": "doctor"})
    try:
        return redirect("letter", checkups.make(url).pk)
    except Trouble as trouble:
        context = {"url": url, "nav": "doctor", "wrong": trouble.problem.sentence(language())}
        return render(request, "doctor.html", context, status=STATUSES.get(trouble.problem.code, 400))


@anyone
@require_safe
def letter(request: HttpRequest, number: UUID) -> HttpResponse:
    """The letter of one examination, with what changed since the one before."""
    checkup = get_object_or_404(Checkup, pk=number)
    lang, change = language(), checkups.difference(checkup)
    context = {
        "checkup": checkup,
        "letter": write(checkups.diagnosis(checkup), lang),
        "changed": change is not None,
        "new": [item(finding, lang) for finding in change.new] if change else [],
        "mended": [item(finding, lang) for finding in change.mended] if change else [],
        "history": checkups.history(checkup)[: checkups.KEPT],
        "nav": "doctor",
    }
    response = render(request, "letter.html", context)
    response.headers["Cache-Control"] = "private, no-store"
    return response
