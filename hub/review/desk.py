"""What the pages of the desk have in common: which questions are wanted, and what was just done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from hub.accounts.access import reader_of
from hub.accounts.pages import language
from hub.accounts.roles import Permission
from hub.catalog.links import known
from hub.catalog.models import Decision, Question
from hub.catalog.questions import Chosen
from hub.review import acts, claims
from hub.review.actions import Done
from hub.stages.neighbors import full_title
from schemas.problem import Trouble

PACE = timedelta(minutes=5)
FILTERS = ("library", "source", "language", "doubt")


def signature(request: HttpRequest) -> str:
    """The name by which the reader signs."""
    return reader_of(request).signature


def may_decide(request: HttpRequest) -> bool:
    """Whether the reader may decide."""
    return reader_of(request).may(Permission.REVIEW_DECIDE)


def wanted(request: HttpRequest) -> Chosen:
    """The filters of the address."""
    values = {name: request.GET.get(name, "").replace("\x00", "")[:100] for name in FILTERS}
    return Chosen(**values)


def query(chosen: Chosen, **more: str) -> str:
    """The same filters as an address has them, with ``?`` before them."""
    values = {name: value for name, value in chosen._asdict().items() if value and name in FILTERS} | more
    return f"?{urlencode(values)}" if values else ""


def to_pair(pair: tuple[int, int], chosen: Chosen, **more: str) -> HttpResponse:
    """Lead to a pair."""
    return HttpResponseRedirect(reverse("review-pair", args=pair) + query(chosen, **more))


def to_next(request: HttpRequest, **more: str) -> HttpResponse:
    """Lead to the next question, which is the reader's from now on, or to the queue where there is none."""
    chosen = wanted(request)
    found = claims.take(signature(request), chosen)
    if not found:
        return HttpResponseRedirect(reverse("review-queue") + query(chosen, **more))
    return to_pair(found[0], chosen, **more)


def told(done: Done) -> dict[str, str]:
    """What the next page is to say of what was done."""
    return {"done": done.ref, "shown": "1" if done.shown else "0"}


@dataclass(frozen=True, slots=True)
class Notice:
    """What was just done, or undone, for the line at the head of a page."""

    act: acts.Act
    titles: list[str]
    undone: bool
    shown: bool


def notice(request: HttpRequest) -> Notice | None:
    """The act that the address names, if there is one."""
    ref = request.GET.get("done") or request.GET.get("undone") or ""
    try:
        act = acts.find(ref) if ref else None
    except Trouble:
        act = None
    if act is None:
        return None
    return Notice(act, titles_of(act), "undone" in request.GET or act.undone, request.GET.get("shown") != "0")


def titles_of(act: acts.Act) -> list[str]:
    """The titles of the records an act is about."""
    found = known(act.records)
    return [full_title(found[number]) if number in found else f"#{number}" for number in act.records]


@dataclass(frozen=True, slots=True)
class Counts:
    """How much waits, how much of it is the reader's, and how fast the reader is."""

    open: int
    mine: int
    today: int
    pace: float


def counts(by: str) -> Counts:
    """The figures at the head of the desk."""
    now = timezone.now()
    midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    made = Decision.objects.filter(by=by, undone_at=None, at__gte=min(midnight, now - PACE))
    moments = list(made.values_list("at", flat=True).order_by("-id")[:2_000])
    lately = sum(at >= now - PACE for at in moments)
    return Counts(
        Question.objects.count(),
        claims.mine(by).count(),
        sum(at >= midnight for at in moments),
        lately / (PACE.total_seconds() / 60),
    )


def page(request: HttpRequest, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    """A page of the desk; it is nobody else's to keep."""
    more = {"may_decide": may_decide(request), "may_bulk": reader_of(request).may(Permission.REVIEW_BULK)}
    response = render(request, f"review/{template}", {**context, **more, "notice": notice(request)}, status=status)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def sentence(trouble: Trouble) -> str:
    """What went wrong, in the reader's language."""
    return trouble.problem.sentence(language())
