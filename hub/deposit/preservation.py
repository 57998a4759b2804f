"""The page of who keeps the files: how much, when it was last read, what was damaged, which formats are at risk."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.db.models import Count, Min, Q, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from hub.accounts.access import needs, reader_of
from hub.accounts.models import AuditEvent
from hub.accounts.pages import language, sentence
from hub.accounts.roles import Permission
from hub.deposit import arriving, files, judging, keeping
from hub.deposit.models import Delivery, Kept
from hub.deposit.rules import rules
from hub.deposit.stores import stores
from hub.deposit.words import EVENTS, MEANS, RISKS
from hub.network.own_pages import private
from schemas.content_type import MEDIA
from schemas.problem import Problem, Trouble

State = Delivery.State
SHOWN, COUNTED = 50, 5_000


@needs(Permission.DEPOSIT_MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest) -> HttpResponse:
    """Fixity, formats and remarks of everything that is kept; read some of it again at once."""
    now, done, wrong = timezone.now(), None, ""
    try:
        places = len(stores())
        files.reading_rooms()  # a wrong setting is said here
        arriving.largest()
        if request.method == "POST":
            done = keeping.check(now, SHOWN, by=reader_of(request).signature)
    except Trouble as trouble:
        places, wrong = 0, sentence(trouble)
    stale = Q(checked_at=None) | Q(checked_at__lt=now - keeping.EVERY)
    events = AuditEvent.objects.filter(act__in=EVENTS).order_by("-number")[:SHOWN]
    context = {
        "nav": "deposit",
        "total": Kept.objects.aggregate(count=Count("pk"), size=Sum("size", default=0)),
        "places": places,
        "stale": Kept.objects.filter(stale).count(),
        "oldest": Kept.objects.aggregate(at=Min("checked_at"))["at"],
        "waiting": Delivery.objects.filter(state__in=(State.ARRIVED, State.JUDGING)).count(),
        "lost": Kept.objects.exclude(lost_at=None).order_by("lost_at")[:SHOWN],
        "formats": _formats(),
        "means": [(MEANS[name], there) for name, there in judging.means().items()],
        "remarks": _remarks(),
        "events": [{"at": one.at, "what": EVENTS[one.act], "object": one.about, "facts": one.facts} for one in events],
        "done": done,
        "wrong": wrong,
    }
    return private(render(request, "deposit/preservation.html", context, status=400 if wrong else 200))


def _formats() -> list[dict[str, Any]]:
    """How much is kept in each format, with the risk that the configuration gives it."""
    rows = Kept.objects.values("format").annotate(count=Count("pk"), size=Sum("size")).order_by("-count")
    risks = rules().risks
    return [
        {**row, "name": MEDIA.get(row["format"], "—"), "risk": RISKS[risks.get(row["format"], "high")]} for row in rows
    ]


def _remarks() -> list[dict[str, Any]]:
    """What was remarked of kept files, by how many have it, with one example's sentence."""
    counted: Counter[str] = Counter()
    example: dict[str, Problem] = {}
    for report in Delivery.objects.filter(state=State.KEPT).order_by("-pk").values_list("report", flat=True)[:COUNTED]:
        for code in {row["code"] for row in report.get("problems", ())}:
            counted[code] += 1
        for row in report.get("problems", ()):
            example.setdefault(row["code"], Problem(row["code"], row["facts"]))
    shown = language()
    return [{"text": example[code].sentence(shown), "count": count} for code, count in counted.most_common(SHOWN)]
