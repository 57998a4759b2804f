"""A month of what is due, for the clerk: as a grid of days, and as iCalendar (RFC 5545) for a calendar of one's own."""

from __future__ import annotations

from calendar import Calendar
from collections import Counter
from datetime import date, timedelta
from typing import Any

import icalendar as ical
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from hub.accounts.access import needs
from hub.accounts.pages import language
from hub.accounts.roles import Permission
from hub.deposit import deposits
from hub.deposit.lines import lines
from hub.deposit.models import Duty
from hub.deposit.rules import name_of, off_days, rules
from hub.network.own_pages import private

MOST, LISTED = 5_000, 200
DAY = timedelta(days=1)


@needs(Permission.DEPOSIT_MANAGE)
@require_safe
def month(request: HttpRequest) -> HttpResponse:
    """The days of a month (``?month=2026-11``), with how much is due on each; a day shows what."""
    today = timezone.localdate()
    first = _first(request.GET.get("month", ""), today)
    weeks = Calendar().monthdatescalendar(first.year, first.month)
    rows = Duty.objects.filter(deposits.is_open(), due__range=(weeks[0][0], weeks[-1][-1]))
    counts = Counter({row["due"]: row["n"] for row in rows.values("due").annotate(n=Count("pk"))})
    off = off_days(rules().days_off)
    chosen = _day(request.GET.get("day", ""))
    context = {
        "nav": "deposit",
        "first": first,
        "before": first - DAY,
        "after": (first + 32 * DAY).replace(day=1),
        "weeks": [[_cell(day, first, today, counts[day], off) for day in week] for week in weeks],
        "chosen": chosen,
        "lines": _on(chosen) if chosen else [],
    }
    return private(render(request, "deposit/calendar.html", context))


def _cell(day: date, first: date, today: date, count: int, off: Any) -> dict[str, Any]:
    return {
        "day": day, "count": count, "off": day in off or day.weekday() >= 5, "today": day == today,
        "late": day < today and count, "inside": day.month == first.month,
    }  # fmt: skip


def _on(day: date) -> list[dict[str, Any]]:
    rows = Duty.objects.filter(deposits.is_open(), due=day).select_related("publication__publisher")
    return lines(rows.order_by("publication__publisher", "pk")[:LISTED])


def _first(text: str, today: date) -> date:
    """The first day of a month; of this one for what is no month."""
    return (_day(f"{text}-01") or today).replace(day=1)


def _day(text: str) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if 1900 < found.year < 2200 else None


@needs(Permission.DEPOSIT_MANAGE)
@require_safe
def icalendar(request: HttpRequest) -> HttpResponse:
    """Everything that is due from today on."""
    today, shown, known = timezone.localdate(), language(), rules().recipients
    rows = Duty.objects.filter(deposits.is_open(), due__gte=today).select_related("publication__publisher")
    found = ical.Calendar()
    found.add("prodid", "-//Lienthong//Deposit//VI")
    found.add("version", "2.0")
    for one in rows.order_by("due", "pk")[:MOST]:
        event = ical.Event()
        event.add("uid", f"deposit-{one.pk}@lienthong")
        event.add("dtstamp", one.publication.at)
        event.add("dtstart", one.due)
        to = name_of(one.recipient, shown, known)
        event.add("summary", f"{one.publication.publisher.name_vi}: {one.publication.title} → {to}")
        found.add_component(event)
    response = HttpResponse(found.to_ical(), content_type="text/calendar; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="deposit.ics"'
    return private(response)
