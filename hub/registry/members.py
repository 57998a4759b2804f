"""Pages of the members: a list and a map, what each is in law, groups, who asks to join, who leaves."""

from __future__ import annotations

from collections import Counter
from math import cos, radians
from typing import Any

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from hub.accounts import audit, invitations, people, throttle
from hub.accounts.access import anyone, needs, reader_of
from hub.accounts.client import network_of
from hub.accounts.pages import given, sentence
from hub.accounts.roles import Permission
from hub.network import contacts, groups
from hub.network.models import Application, Group, Library
from hub.network.own_pages import library_of, private
from hub.network.policies import policies
from hub.network.shown import hidden
from hub.network.types import BY_KIND, LEGAL, legal_type
from hub.registry.views import day_of
from hub.registry.words import LEGAL_NAMES
from hub.sources import KINDS
from hub.stages import leaving
from schemas.problem import Trouble

BOTH = ["GET", "HEAD", "POST"]
WIDE, EDGE, TALL, NEAR = 640, 24, 520, 20
JOINING = throttle.Limit(free=5, most=10, longest=60)
OWNERS = ("clan", "family", "private")  # whose people enter books one by one


@anyone
@require_safe
def members(request: HttpRequest) -> HttpResponse:
    """The libraries of the network by what they are in law, on a map, with what they lend; those that have left."""
    every = list(Library.objects.select_related("parent", "successor").order_by("name_vi"))
    unseen = hidden()
    present = [one for one in every if one.left_on is None]
    lends = policies([one.pk for one in present])
    named = [one for one in present if one.pk not in unseen]
    hours = {one.pk: contact.hours for one in named if (contact := contacts.public(one)) is not None}
    rows: dict[str, list[dict[str, Any]]] = {}
    for one in named:
        row = {"library": one, "lends": lends[one.pk].lends, "hours": hours.get(one.pk, "")}
        rows.setdefault(legal_type(one), []).append(row)
    counts = Counter(legal_type(one) for one in present if one.parent_id is None)
    context = {
        "nav": "libraries",
        "parts": [(LEGAL_NAMES[name], counts[name], rows.get(name, [])) for name in (*LEGAL, "") if counts[name]],
        "map": _map(named),
        "unnamed": len(present) - len(named),
        "left": [one for one in every if one.left_on is not None and one.pk not in unseen],
        "total": sum(counts.values()),
        "children": sum(one.parent_id is not None for one in present),
        "may": reader_of(request).may(Permission.NETWORK_MANAGE),
        "groups": Group.objects.filter(until=None).order_by("name"),
        "waiting": Application.objects.filter(state=Application.State.WAITS).count(),
    }
    return render(request, "registry/members.html", context)


def _map(libraries: list[Library]) -> dict[str, Any]:
    """Points of the libraries that have said where they lie, to scale."""
    known = [one for one in libraries if one.latitude is not None and one.longitude is not None]
    if not known:
        return {"points": []}
    north, east = [one.latitude or 0 for one in known], [one.longitude or 0 for one in known]
    narrow = cos(radians(sum(north) / len(north)))
    scale = (WIDE - 2 * EDGE) / max((max(east) - min(east)) * narrow, (max(north) - min(north)) * WIDE / TALL, 0.01)
    spots: list[dict[str, Any]] = []
    for number, one in enumerate(known, start=1):
        x = round(EDGE + ((one.longitude or 0) - min(east)) * narrow * scale, 1)
        y = round(EDGE + (max(north) - (one.latitude or 0)) * scale, 1)
        near = next((spot for spot in spots if abs(spot["x"] - x) < NEAR and abs(spot["y"] - y) < NEAR), None)
        if near is None:
            spots.append({"x": x, "y": y, "numbers": [number]})
        else:
            near["numbers"].append(number)
    points = list(enumerate(known, start=1))
    return {
        "points": points,
        "spots": spots,
        "width": WIDE,
        "height": round((max(north) - min(north)) * scale + 2 * EDGE),
    }


@needs(Permission.NETWORK_MANAGE)
@require_http_methods(BOTH)
def member(request: HttpRequest, code: str) -> HttpResponse:
    """What a library is in law, what it belongs to, where it lies; it leaves, or comes back."""
    library, wrong = library_of(code), ""
    if request.method == "POST":
        try:
            _change(request, library)
            return redirect("member", code=code)
        except Trouble as trouble:
            wrong = sentence(trouble)
    others = Library.objects.filter(left_on=None).exclude(pk=code).order_by("name_vi")
    context = {
        "nav": "libraries",
        "library": library,
        "legal": [(name, LEGAL_NAMES[name]) for name in LEGAL],
        "usual": LEGAL_NAMES[BY_KIND.get(library.kind, "")],
        "others": others,
        "parents": others.filter(parent=None),
        "wrong": wrong,
        "today": timezone.localdate(),
    }
    return private(render(request, "registry/member.html", context, status=400 if wrong else 200))


def _change(request: HttpRequest, library: Library) -> None:
    by, act = reader_of(request).signature, given(request, "act")
    if act == "leave":
        successor = Library.objects.filter(pk=given(request, "successor", 40)).first()
        leaving.leave(library, day_of(given(request, "day")) or timezone.localdate(), successor, by=by)
    elif act == "back":
        leaving.come_back(library, by=by)
    else:
        legal, parent = given(request, "legal", 10), given(request, "parent", 40)
        found = Library.objects.filter(pk=parent, parent=None, left_on=None).exclude(pk=library.pk).first()
        found = None if library.children.exists() else found  # one level: a branch has no branches
        steward = given(request, "steward", 200)
        values: dict[str, Any] = {
            "steward": people.check_email(steward) if steward else "",
            "legal": legal if legal in LEGAL else "",
            "parent": found,
        }
        for name, most in (("latitude", 90), ("longitude", 180)):
            values[name] = _degrees(given(request, name, 20), most)
        with transaction.atomic():
            Library.objects.filter(pk=library.pk).update(**values)
            audit.record(by, "library.described", library.pk, legal=values["legal"], parent=found.pk if found else "")


def _degrees(text: str, most: int) -> float | None:
    try:
        value = float(text.replace(",", "."))
    except ValueError:
        return None
    return value if abs(value) <= most else None


@needs(Permission.NETWORK_MANAGE)
@require_http_methods(BOTH)
def sharing(request: HttpRequest) -> HttpResponse:
    """Groups that share, with their liaison library and agreement; who is in them."""
    wrong = ""
    if request.method == "POST":
        try:
            _share(request)
            return redirect("groups")
        except Trouble as trouble:
            wrong = sentence(trouble)
    rows = [(one, [m.library for m in groups.present(one)]) for one in Group.objects.order_by("name")]
    context = {
        "nav": "libraries",
        "groups": rows,
        "libraries": Library.objects.filter(left_on=None).order_by("name_vi"),
        "wrong": wrong,
    }
    return private(render(request, "registry/groups.html", context, status=400 if wrong else 200))


def _share(request: HttpRequest) -> None:
    by, today, act = reader_of(request).signature, timezone.localdate(), given(request, "act")
    library = Library.objects.filter(pk=given(request, "library", 40)).first()
    if act == "make":
        since = day_of(given(request, "since")) or today
        groups.make(
            given(request, "code", 40), given(request, "name"), library, given(request, "agreement"), since, by=by
        )
        return
    group = get_object_or_404(Group, code=given(request, "group", 40))
    if library is None:
        raise Http404
    if act == "join":
        groups.join(group, library, today, by=by)
    else:
        groups.leave(group, library, today, by=by)


@anyone
@require_http_methods(BOTH)
def joining(request: HttpRequest) -> HttpResponse:
    """Ask to join the network: anybody may, a coordinator answers."""
    wrong, done = "", request.GET.get("done") == "1"
    values = {name: given(request, name, 1_000) for name in ("name", "kind", "unit", "email", "phone", "note")}
    if request.method == "POST":
        try:
            if throttle.take({f"joining:{network_of(request)}": JOINING}, throttle.clock()) > 0:
                raise Trouble("application_later")
            groups.apply(**values)
            return redirect(f"{request.path}?done=1")
        except Trouble as trouble:
            wrong = sentence(trouble)
    kinds = [kind for kind in KINDS if kind not in ("national", "publisher")]
    context = {"nav": "libraries", "values": values, "kinds": kinds, "wrong": wrong, "done": done}
    return render(request, "registry/joining.html", context, status=400 if wrong else 200)


@needs(Permission.NETWORK_MANAGE)
@require_http_methods(BOTH)
def applications(request: HttpRequest) -> HttpResponse:
    """Who asks to join: yes, with a code and an invitation, or no, with a reason."""
    wrong, link = "", ""
    if request.method == "POST":
        try:
            link = _answer(request)
            if not link:
                return redirect("applications")
        except Trouble as trouble:
            wrong = sentence(trouble)
    context = {
        "nav": "libraries",
        "waiting": Application.objects.filter(state=Application.State.WAITS).order_by("at"),
        "answered": Application.objects.exclude(state=Application.State.WAITS).order_by("-decided_at")[:50],
        "code": groups.next_code(),
        "wrong": wrong,
        "link": link,
    }
    return private(render(request, "registry/applications.html", context, status=400 if wrong else 200))


def _answer(request: HttpRequest) -> str:
    """Carry out the answer; the link of the invitation, which is shown once, or ""."""
    by, text = reader_of(request).signature, given(request, "number", 12)
    number = int(text) if text.isascii() and text.isdigit() else 0
    if given(request, "act") == "refuse":
        groups.refuse(number, given(request, "why", 500), by=by)
        return ""
    asked = groups.accept(number, given(request, "code", 40), by=by)
    role = "bookcase_owner" if asked.kind in OWNERS else "partner_librarian"
    return invitations.invite(asked.email, role, str(asked.library_id), by=by)[1]
