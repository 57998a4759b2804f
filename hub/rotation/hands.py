"""Handing boxes over: a box's own page (where its QR code leads), a library's boxes, a carrier's round, the minutes."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import uuid4

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from hub.accounts.access import anyone, needs, reader_of, scoped
from hub.accounts.pages import given, sentence
from hub.accounts.roles import Permission
from hub.custody.models import Copy
from hub.network import contacts
from hub.network.models import Library
from hub.network.officers import officer
from hub.network.own_pages import frame, library_of, private
from hub.network.shown import hidden
from hub.rotation import boxes, making
from hub.rotation.models import Box, BoxCopy, Handover, Plan, Stop
from hub.rotation.views import box_or_404
from hub.rotation.words import COUNTS
from schemas.problem import Trouble


@anyone
@require_http_methods(["GET", "HEAD", "POST"])
def box(request: HttpRequest, code: str) -> HttpResponse:
    """What is in a box and where it is; who hands it over counts and signs here, on a phone."""
    found, wrong = box_or_404(code), ""
    at = boxes.whereabouts(found)
    moving = at.state == "on_the_way"
    stop = _stop(found, moving)
    to = _to(request, found, stop)
    library = to if moving else at.custodian
    may = _may(request, library)
    if request.method == "POST":
        if not may:
            raise Http404
        try:
            number = _handed(request, found, library, to, moving)
            return redirect("minutes", number=number)
        except Trouble as trouble:
            wrong = sentence(trouble)
    names = dict(Library.objects.filter(pk__in={at.custodian, to, found.home_id}).values_list("code", "name_vi"))
    unseen = hidden() if not may else frozenset[str]()
    rows = BoxCopy.objects.filter(box=found).select_related("copy").order_by("copy__title", "copy__accession")
    context = {
        "box": found,
        "copies": [one.copy for one in rows],
        "where": names.get(at.custodian, "") if at.custodian not in unseen else "",
        "moving": moving,
        "to": names.get(to, "") if to not in unseen else "",
        "may": may,
        "may_choose": may and reader_of(request).may(Permission.ROTATION_PLAN),
        "to_code": to,
        "counts": COUNTS.items(),
        "key": uuid4().hex,
        "wrong": wrong,
        "history": Handover.objects.filter(box=found).select_related("library").order_by("-at")[:30] if may else [],
        "carrier": reader_of(request).may(Permission.ROTATION_CARRY),
    }
    return private(render(request, "rotation/box.html", context, status=400 if wrong else 200))


def _stop(found: Box, moving: bool) -> Stop | None:
    """The stop that a box is on its way to, or goes to next: by the plan in force."""
    today = timezone.localdate()
    rows = Stop.objects.filter(box=found, plan__state=Plan.State.IN_FORCE).order_by("first")
    at = boxes.whereabouts(found).custodian
    coming = rows.filter(last__gte=today).exclude(library=at)
    return coming.first()


def _to(request: HttpRequest, found: Box, stop: Stop | None) -> str:
    """Where a box goes: where its last minutes say, where the coordinator says, by the plan, else home."""
    last = Handover.objects.filter(box=found).order_by("-at", "-key").first()
    if last is not None and last.act == Handover.Act.GIVEN and last.other_id:
        return str(last.other_id)
    said = given(request, "to", 40)
    if said and reader_of(request).may(Permission.ROTATION_PLAN) and Library.objects.filter(pk=said).exists():
        return said
    return str(stop.library_id if stop else found.home_id)


def _may(request: HttpRequest, library: str) -> bool:
    """Whether the reader hands boxes over at a library: its own people, carriers, the coordinator."""
    reader = reader_of(request)
    return reader.is_authenticated and reader.may(Permission.ROTATION_HAND, library)


def _handed(request: HttpRequest, found: Box, library: str, to: str, moving: bool) -> int:
    wanted = given(request, "act", 10)
    if wanted != ("receive" if moving else "give"):
        raise Trouble("box_moved", box=found.pk)
    inside = BoxCopy.objects.filter(box=found).values_list("copy_id", flat=True)
    counts = {copy: given(request, f"c{copy}", 10) for copy in inside}
    reader = reader_of(request)
    signed = boxes.Signed(
        given(request, "signed", 100),
        timezone.now(),
        f"page:{given(request, 'key', 32)}",
        reader.signature,
        given(request, "carrier", 100),
        given(request, "note", 500),
    )
    if moving:
        return boxes.receive(found, library, counts, signed).pk
    return boxes.give(found, library, to, counts, signed).pk


@needs(Permission.ROTATION_HAND, library="code")
@require_safe
def library_boxes(request: HttpRequest, code: str) -> HttpResponse:
    """The boxes of a library: those here, those on their way, those that come next."""
    library, today = library_of(code), timezone.localdate()
    every = Box.objects.filter(retired_at=None).select_related("home")
    places = boxes.everywhere()
    placed = [(one, places.get(one.pk, boxes.Where(one.home_id, "with"))) for one in every]
    coming = Stop.objects.filter(library=library, plan__state=Plan.State.IN_FORCE, last__gte=today)
    context = {
        **frame(request, library, "boxes"),
        "here": "boxes",
        "present": [one for one, at in placed if at == (code, "with")],
        "arriving": [one for one, at in placed if at.state == "on_the_way" and _bound_for(one) == code],
        "coming": coming.select_related("box").order_by("first")[:50],
        "minutes": Handover.objects.filter(library=library).select_related("box").order_by("-at")[:30],
    }
    return private(render(request, "rotation/library.html", context))


def _bound_for(found: Box) -> str:
    last = Handover.objects.filter(box=found).order_by("-at", "-key").first()
    return str(last.other_id or "") if last else ""


@needs(Permission.ROTATION_CARRY)
@require_safe
def carry(request: HttpRequest) -> HttpResponse:
    """The carrier's round: the halts in their order, what to leave and what to take, whom to call."""
    kept, today = Plan.objects.filter(state=Plan.State.IN_FORCE).first(), timezone.localdate()
    context: dict[str, Any] = {"nav": "carry", "plan": kept, "today": today}
    if kept is not None:
        spans = [date.fromisoformat(first) for first, _ in kept.body["periods"]]
        text = request.GET.get("period", "")
        usual = next((n for n, first in enumerate(spans) if first >= today), len(spans))
        chosen = int(text) if text.isascii() and text.isdigit() and len(text) < 4 else usual
        chosen = min(chosen, len(spans))
        halts, km = making.round_of(kept, chosen)
        known = {one.pk: one for one in Library.objects.filter(pk__in=[one.place for one in halts])}
        context |= {
            "day": spans[chosen] if chosen < len(spans) else kept.last,
            "number": chosen,
            "before": chosen - 1 if chosen else None,
            "after": chosen + 1 if chosen < len(spans) else None,
            "km": km,
            "halts": [
                (known[one.place], contacts.contact_of(known[one.place]), one, officer(one.place, "rotation"))
                for one in halts
            ],
        }
    return private(render(request, "rotation/carry.html", context))


@needs(Permission.ROTATION_HAND)
@require_safe
def minutes(request: HttpRequest, number: int) -> HttpResponse:
    """The minutes of a hand-over, to print: who gave or received what, how many are there, damaged, missing."""
    one = get_object_or_404(Handover.objects.select_related("box__home", "library", "other"), pk=number)
    scoped(reader_of(request), Permission.ROTATION_HAND, one.library_id)
    rows = Copy.objects.filter(pk__in=[int(copy) for copy in one.counts]).order_by("title", "accession")
    counts = [(copy, COUNTS[one.counts[str(copy.pk)]]) for copy in rows]
    totals = [(name, sum(count == code for count in one.counts.values())) for code, name in COUNTS.items()]
    context = {"one": one, "counts": counts, "totals": totals, "number": f"{one.number:02d}"}
    return private(render(request, "rotation/minutes.html", context))
