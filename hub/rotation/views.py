"""The coordinator's pages of rotation: boxes, labels, plans with their pictures."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from hub.accounts.access import needs, reader_of
from hub.accounts.pages import given, sentence
from hub.accounts.roles import Permission
from hub.network.models import Library
from hub.network.own_pages import private
from hub.rotation import boxes, labels, making, picture
from hub.rotation.calendar import Closed
from hub.rotation.models import Box, BoxCopy, Plan
from hub.rotation.words import BANDS
from schemas.problem import Trouble

BOTH = ["GET", "HEAD", "POST"]
KINDS = ("school", "ward", "children", "public", "family", "clan", "reading_room", "community", "private", "other")
A_YEAR = 300  # days


@needs(Permission.ROTATION_PLAN)
@require_http_methods(BOTH)
def home(request: HttpRequest) -> HttpResponse:
    """All boxes with where they are, all plans; a form for a new box."""
    wrong = ""
    if request.method == "POST":
        try:
            return redirect("box-contents", code=_made(request).pk)
        except Trouble as trouble:
            wrong = sentence(trouble)
    rows = Box.objects.filter(retired_at=None).select_related("home").annotate(count=Count("copies")).order_by("code")
    names = dict(Library.objects.values_list("code", "name_vi"))
    places = boxes.everywhere()
    found = [(one, _where(one, names, places)) for one in rows]
    context = {
        "nav": "rotation",
        "boxes": found,
        "plans": Plan.objects.order_by("-pk")[:50],
        "libraries": Library.objects.exclude(kind="publisher").order_by("name_vi"),
        "bands": BANDS.items(),
        "wrong": wrong,
        "values": {name: given(request, name) for name in ("code", "name", "home", "accessions")},
    }
    return private(render(request, "rotation/home.html", context, status=400 if wrong else 200))


def _where(box: Box, names: dict[str, str], places: dict[str, boxes.Where]) -> dict[str, Any]:
    at = places.get(box.pk, boxes.Where(box.home_id, "with"))
    return {"name": names.get(at.custodian, at.custodian), "code": at.custodian, "moving": at.state == "on_the_way"}


def _made(request: HttpRequest) -> Box:
    library = get_object_or_404(Library, pk=given(request, "home", 40))
    by = reader_of(request).signature
    with transaction.atomic():
        bands = "".join(request.POST.getlist("bands"))[:10]
        made = boxes.make(given(request, "code", 40), given(request, "name"), library, bands, by=by)
        boxes.fill(made, given(request, "accessions", 20_000).split(), by=by, at=timezone.now())
    return made


@needs(Permission.ROTATION_PLAN)
@require_http_methods(BOTH)
def contents(request: HttpRequest, code: str) -> HttpResponse:
    """What is in a box; put copies in, take copies out, retire it."""
    box, wrong = get_object_or_404(Box.objects.select_related("home"), pk=code), ""
    if request.method == "POST":
        by = reader_of(request).signature
        try:
            if given(request, "act") == "take_out":
                boxes.take_out(box, [int(one) for one in request.POST.getlist("copy") if one.isdigit()], by=by)
            else:
                boxes.fill(box, given(request, "accessions", 20_000).split(), by=by, at=timezone.now())
            return redirect("box-contents", code=code)
        except Trouble as trouble:
            wrong = sentence(trouble)
    rows = BoxCopy.objects.filter(box=box).select_related("copy__custodian").order_by("copy__title", "copy__accession")
    context = {"nav": "rotation", "box": box, "copies": [one.copy for one in rows], "wrong": wrong}
    return private(render(request, "rotation/contents.html", context, status=400 if wrong else 200))


@needs(Permission.ROTATION_PLAN)
@require_safe
def sheet_of_labels(request: HttpRequest) -> HttpResponse:
    """Labels with QR codes to print: of the boxes that are named (``?box=``), else of all."""
    chosen = request.GET.getlist("box")
    rows = Box.objects.filter(retired_at=None).select_related("home").annotate(count=Count("copies")).order_by("code")
    rows = rows.filter(pk__in=chosen) if chosen else rows
    return private(render(request, "rotation/labels.html", {"labels": [labels.label(one) for one in rows[:500]]}))


@needs(Permission.ROTATION_PLAN)
@require_http_methods(BOTH)
def new_plan(request: HttpRequest) -> HttpResponse:
    """A form for a plan: which libraries, which days, which holidays."""
    wrong, today = "", timezone.localdate()
    values = {name: given(request, name, 5_000) for name in ("name", "first", "last", "weeks", "closed")}
    if request.method == "POST":
        try:
            return redirect("plan", number=_planned(request, values).pk)
        except Trouble as trouble:
            wrong = sentence(trouble)
    else:
        last = date.fromordinal(today.toordinal() + A_YEAR)
        values |= {"first": today.isoformat(), "last": last.isoformat(), "weeks": "4"}
    kinds = Library.objects.filter(kind__in=KINDS).order_by("name_vi")
    chosen = set(request.POST.getlist("library")) or {one.pk for one in kinds if one.kind == "school"}
    context = {"nav": "rotation", "values": values, "libraries": kinds, "chosen": chosen, "wrong": wrong}
    return private(render(request, "rotation/new_plan.html", context, status=400 if wrong else 200))


def _planned(request: HttpRequest, values: dict[str, str]) -> Plan:
    first, last = _day(values["first"]), _day(values["last"])
    weeks = int(values["weeks"]) if values["weeks"].isascii() and values["weeks"].isdigit() else 0
    if not 1 <= weeks <= 26:
        raise Trouble("rotation_days", first=first, last=last)
    codes = request.POST.getlist("library")[:2_000]
    return making.make(
        values["name"], codes, first, last, weeks, _closed(values["closed"]), by=reader_of(request).signature
    )


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise Trouble("rotation_day_wrong", value=text[:40]) from None


def _closed(text: str) -> list[Closed]:
    """Holidays as people write them: two days and a name a line."""
    found = []
    for line in text.splitlines()[:50]:
        first, _, rest = line.strip().partition(" ")
        last, _, name = rest.strip().partition(" ")
        if first:
            found.append(Closed(_day(first), _day(last or first), name.strip()[:100]))
    return found


@needs(Permission.ROTATION_PLAN)
@require_http_methods(BOTH)
def plan(request: HttpRequest, number: int) -> HttpResponse:
    """A plan: its calendar, its rounds on a map, the reasons of each stop; put it in force."""
    kept = get_object_or_404(Plan, pk=number)
    if request.method == "POST":
        making.put_in_force(kept, by=reader_of(request).signature)
        return redirect("plan", number=number)
    spans = kept.body["periods"]
    text = request.GET.get("period", "0")
    chosen = min(int(text), len(spans)) if text.isascii() and text.isdigit() and len(text) < 4 else 0
    stops = list(kept.stops.select_related("library").order_by("box_id", "period"))
    halts, km = making.round_of(kept, chosen)
    names = dict(Library.objects.values_list("code", "name_vi"))
    missing = kept.body["without"][chosen] if chosen < len(spans) else []
    context = {
        "nav": "rotation",
        "plan": kept,
        "periods": [(n, date.fromisoformat(first), date.fromisoformat(last)) for n, (first, last) in enumerate(spans)],
        "chosen": chosen,
        "after": len(spans),
        "calendar": picture.calendar(stops, len(spans)),
        "map": picture.route(halts, making.points_of({one.place for one in halts})),
        "halts": [(names.get(one.place, one.place), one) for one in halts],
        "km": km,
        "stops": [one for one in stops if one.period == chosen],
        "without": [names.get(code, code) for code in missing],
        "resting": kept.body["resting"][chosen] if chosen < len(spans) else [],
    }
    return private(render(request, "rotation/plan.html", context))


def box_or_404(code: str) -> Box:
    """The box of a code, or 404."""
    found = Box.objects.select_related("home").filter(pk=code).first()
    if found is None:
        raise Http404
    return found
