"""Pages of administrative units: what there was on a day, what became of it, which libraries were in it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from hub.accounts import audit
from hub.accounts.access import anyone, needs, reader_of
from hub.accounts.pages import given, sentence
from hub.accounts.roles import Permission
from hub.network import units as network
from hub.network.models import Library, Unit
from hub.network.shown import hidden
from hub.network.unit_table import UNKNOWN
from schemas.problem import Trouble


@dataclass(frozen=True, slots=True)
class Row:
    """A unit of the list with how many libraries were in it, those below it among them."""

    unit: Unit
    libraries: int
    below: int = 0


def day_of(text: str) -> date | None:
    """A day as the form or a person writes it, ``None`` where it is none."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None


@anyone
@require_safe
def units(request: HttpRequest) -> HttpResponse:
    """The units there were on a day, by district where there were districts."""
    asked, today = request.GET.get("on", ""), timezone.localdate()
    wanted = day_of(asked) if asked else today
    day = wanted or today
    every = _rows(day)
    settled = [row for row in every if row.libraries]
    rows = every if request.GET.get("all") == "1" or not settled else settled
    context = {
        "nav": "libraries",
        "wrong": wanted is None,
        "day": day,
        "today": today,
        "may_place": reader_of(request).may(Permission.NETWORK_MANAGE),
        "rows": rows,
        "total": len(every),
        "left_out": len(every) - len(rows),
    }
    return render(request, "registry/units.html", context, status=400 if wanted is None else 200)


def _rows(day: date) -> list[Row]:
    """Districts with their communes after them, and communes that are in none."""
    every = list(network.in_force(day).order_by("code").select_related("parent"))
    inside = Counter(unit.pk for unit in network.places_on(None, day).values())
    below: dict[int | None, list[Unit]] = {}
    for unit in every:
        if unit.level == Unit.Level.COMMUNE:
            below.setdefault(unit.parent_id, []).append(unit)
    rows = []
    for unit in every:
        if unit.level == Unit.Level.DISTRICT:
            communes = below.pop(unit.pk, [])
            rows.append(Row(unit, inside[unit.pk] + sum(inside[one.pk] for one in communes), len(communes)))
            rows += [Row(one, inside[one.pk]) for one in communes]
    rest = [one for communes in below.values() for one in communes]
    return rows + [Row(one, inside[one.pk]) for one in sorted(rest, key=lambda one: one.code)]


@anyone
@require_safe
def unit(request: HttpRequest, number: int) -> HttpResponse:
    """One unit: its time, what it came out of and went into, the libraries that are or were in it last."""
    found = get_object_or_404(Unit.objects.select_related("parent"), pk=number)
    day = min(found.until or timezone.localdate(), timezone.localdate())
    within = {found.pk, *found.children.values_list("pk", flat=True)}
    codes = [code for code, place in network.places_on(None, day).items() if place.pk in within]
    away = hidden() & set(codes)
    context = {
        "nav": "libraries",
        "unit": found,
        "day": day,
        "since": None if found.since == UNKNOWN else found.since,
        "into": found.into.select_related("after").order_by("after__code"),
        "out_of": found.out_of.select_related("before").order_by("before__code"),
        "libraries": Library.objects.filter(code__in=set(codes) - away).order_by("name_vi", "code"),
        "unnamed": len(away),
    }
    return render(request, "registry/unit.html", context)


@needs(Permission.NETWORK_MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def placing(request: HttpRequest) -> HttpResponse:
    """Libraries that a person has to place: no unit of their name, several, or one that was divided."""
    wrong = ""
    if request.method == "POST":
        try:
            _place(request)
            return HttpResponseRedirect(reverse("placing"))
        except Trouble as trouble:
            wrong = sentence(trouble)
    today = timezone.localdate()
    placed = network.places_on(None, today)
    waiting = [one for one in Library.objects.order_by("name_vi", "code") if one.code not in placed]
    context = {
        "nav": "libraries",
        "wrong": wrong,
        "waiting": [(one, _last(one)) for one in waiting],
        "units": network.in_force(today, Unit.Level.COMMUNE).order_by("name"),
        "today": today,
        "placed": len(placed),
    }
    return render(request, "registry/placing.html", context, status=400 if wrong else 200)


def _last(library: Library) -> Unit | None:
    place = library.places.order_by("-since").select_related("unit").first()
    return place.unit if place else None


def _place(request: HttpRequest) -> None:
    """Settle all that can be told by its name, or put one library into a unit."""
    by = reader_of(request).signature
    if given(request, "act") == "settle":
        with transaction.atomic():
            done = network.settle(timezone.localdate(), by=by)
            audit.record(by, "network.settled", "", placed=done.placed, moved=done.moved, waiting=len(done.waiting))
        return
    library = Library.objects.filter(code=given(request, "library")).first()
    number, since = given(request, "unit"), day_of(given(request, "since"))
    meant = Unit.objects.filter(pk=int(number)).first() if number.isascii() and number.isdigit() else None
    if library is None:
        raise Trouble("library_code_unknown", code=given(request, "library"))
    if meant is None or since is None:
        raise Trouble("day_wrong", value=given(request, "since")) if since is None else Trouble("unit_not_chosen")
    with transaction.atomic():
        network.put(library, meant, since, by=by)
        audit.record(by, "network.placed", library.code, unit=meant.code, since=since.isoformat())
