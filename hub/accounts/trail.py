"""The page of the audit trail: who did what, when, to what; the newest first."""

from __future__ import annotations

import json
from datetime import datetime, time, timedelta

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_safe

from hub.accounts.access import needs
from hub.accounts.acts import ACTS, act_name
from hub.accounts.models import AuditEvent
from hub.accounts.pages import shown
from hub.accounts.roles import Permission

SIZE = 50


@needs(Permission.AUDIT_SEE)
@require_safe
def trail(request: HttpRequest) -> HttpResponse:
    """The audit trail with its filters; a page goes on before the last number of the one before."""
    asked = {
        name: request.GET.get(name, "").replace("\x00", "").strip()[:300] for name in ("by", "act", "about", "day")
    }
    found = _filtered(asked)
    before = request.GET.get("before", "")
    if before.isascii() and before.isdigit() and len(before) < 19:
        found = found.filter(number__lt=int(before))
    rows = list(found.order_by("-number")[: SIZE + 1])
    context = {
        "rows": [(row, act_name(row.act), _facts(row)) for row in rows[:SIZE]],
        "older": rows[SIZE - 1].number if len(rows) > SIZE else 0,
        "asked": asked,
        "acts": sorted(ACTS.items(), key=lambda item: str(item[1])),
        "filtered": any(asked.values()) or bool(before),
    }
    return shown(request, "trail.html", context)


def _filtered(asked: dict[str, str]) -> QuerySet[AuditEvent]:
    found = AuditEvent.objects.all()
    if asked["by"]:
        found = found.filter(by__icontains=asked["by"])
    if asked["act"]:
        found = found.filter(act=asked["act"])
    if asked["about"]:
        found = found.filter(about__icontains=asked["about"])
    try:
        day = parse_date(asked["day"])
    except ValueError:
        day = None
    if day is not None and day.year < 9999:
        start = timezone.make_aware(datetime.combine(day, time()))
        found = found.filter(number__gte=_first(start), number__lt=_first(start + timedelta(days=1)))
    return found


def _first(moment: datetime) -> int:
    """The number of the first row from a moment on: rows are numbered as time goes."""
    row = AuditEvent.objects.filter(at__gte=moment).order_by("at", "number").values_list("number", flat=True).first()
    return 2**62 if row is None else row


def _facts(row: AuditEvent) -> str:
    parts = (
        f"{key}: {value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)}"
        for key, value in row.facts.items()
    )
    return "; ".join(part for part in parts if not part.endswith(": "))
