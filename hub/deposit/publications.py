"""The page of one publication, as its publisher and as the clerk see it: what is owed, its files, who may read them."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from hub.accounts.access import needs, reader_of
from hub.accounts.pages import given, language, sentence
from hub.accounts.roles import Permission
from hub.deposit import arriving, deposits, exchange, linked, listing, parcels
from hub.deposit.lines import lines
from hub.deposit.listing import address_of
from hub.deposit.models import Delivery, Publication, Recipient
from hub.deposit.words import CHOICES, LEVELS, STATES
from hub.network.groups import present
from hub.network.models import Group, Library
from hub.network.own_pages import frame, library_of, private
from hub.stages import soon
from schemas.problem import Problem, Trouble

BOTH = ["GET", "HEAD", "POST"]
A_PAGE = 100
ACCESS = ("level", "embargo", "terms", "room", *deposits.BARRIERS)


@needs(Permission.DEPOSIT_DECLARE, library="code")
@require_http_methods(BOTH)
def own(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """A publisher's own publication: send its files, see what became of them, settle who may read them."""
    library = library_of(code)
    one = get_object_or_404(Publication.objects.select_related("publisher"), pk=number, publisher=library)
    wrong = ""
    if request.method == "POST":
        try:
            act(request, one)
            return redirect("library-publication", code, number)
        except Trouble as trouble:
            wrong = sentence(trouble)
    context = {**frame(request, library, "deposit"), **shown(one), "may_send": True, "wrong": wrong}
    return private(render(request, "deposit/own_publication.html", context, status=400 if wrong else 200))


@needs(Permission.DEPOSIT_MANAGE)
@require_http_methods(BOTH)
def managed(request: HttpRequest, number: int) -> HttpResponse:
    """A publication for the clerk: its obligations, its files, copies that a library receives for exchange."""
    one, wrong = get_object_or_404(Publication.objects.select_related("publisher"), pk=number), ""
    if request.method == "POST":
        try:
            if given(request, "act") in ("file", "access"):
                act(request, one)
                return redirect("deposit-publication", number)
            library = get_object_or_404(Library, pk=given(request, "library", 40))
            copies, condition, key = (given(request, name, 300) for name in ("copies", "condition", "key"))
            by = reader_of(request).signature
            deposits.receive(one, library, copies, condition, f"page:{key[:32]}", by=by)
            return redirect(reverse("deposit-publication", args=[number]) + "#receipts")
        except Trouble as trouble:
            wrong = sentence(trouble)
    return page(request, one, wrong)


def page(request: HttpRequest, one: Publication, wrong: str) -> HttpResponse:
    """The clerk's page, with what went wrong."""
    context = {
        **shown(one),
        **_sharing(one),
        "nav": "deposit",
        "may_send": True,
        "receipts": one.receipts.select_related("library").order_by("pk"),
        "libraries": Library.objects.filter(left_on=None).exclude(kind="publisher").order_by("name_vi"),
        "key": uuid4().hex,
        "wrong": wrong,
    }
    return private(render(request, "deposit/publication.html", context, status=400 if wrong else 200))


@needs(Permission.DEPOSIT_MANAGE)
@require_POST
def distribute(request: HttpRequest, number: int) -> HttpResponse:
    """Share the exchange copies of a publication, or send its package to another hub."""
    one = get_object_or_404(Publication.objects.select_related("publisher"), pk=number)
    by, what = reader_of(request).signature, given(request, "act")
    try:
        if what == "parcel":
            parcels.post(one, get_object_or_404(Library, pk=given(request, "library", 40)), by=by)
        elif what == "again":
            text = given(request, "parcel", 15)
            parcels.again(int(text) if text.isascii() and text.isdigit() else 0, by=by)
        else:
            exchange.distribute(one, _shares(request), f"d:{given(request, 'key', 32)}", by=by)
    except Trouble as trouble:
        return page(request, one, sentence(trouble))
    return redirect("deposit-publication", number)


def _shares(request: HttpRequest) -> dict[str, int]:
    """The chosen libraries, and those of a chosen group, with their copies: all of them spread evenly."""
    chosen = list(dict.fromkeys(request.POST.getlist("to")))[:500]
    group = Group.objects.filter(code=given(request, "group", 40)).first()
    chosen += [one.library_id for one in present(group)] if group else []
    known = set(Library.objects.filter(pk__in=chosen).values_list("pk", flat=True))
    if total := given(request, "total", 5):
        copies = deposits.whole(total, 1, deposits.MOST_COPIES * 10)
        return exchange.spread(copies, {code: 1 for code in chosen if code in known})
    return {}


def _sharing(one: Publication) -> dict[str, Any]:
    """What the clerk's page shows of exchange."""
    return {
        "shares": one.shares.filter(cancelled_at=None).select_related("library", "receipt").order_by("pk"),
        "parcels": one.parcels.select_related("library").order_by("-pk"),
        "groups": Group.objects.filter(until=None).order_by("name"),
        "recipients": Recipient.objects.select_related("library").order_by("library__name_vi"),
    }


def act(request: HttpRequest, one: Publication) -> None:
    """What the forms of both pages do."""
    by, what = reader_of(request).signature, given(request, "act")
    if what == "access":
        said = {name: given(request, name) for name in ACCESS}
        try:
            deposits.settle(one, said, by=by)
        except Trouble:
            _keep_shown(one, said)
            raise
        listing.follow(timezone.now())  # what is withdrawn is withdrawn at once
        soon.soon()
    elif what == "file":
        brought = request.FILES.getlist("file")
        if not brought:
            raise Trouble("arriving_none")
        for each in brought:
            arriving.bring(one.publisher, one, each.name or "", each, each.size or 0, "page", by=by)
    else:
        raise Http404


def _keep_shown(one: Publication, said: dict[str, str]) -> None:
    """The form shows again what was said, though it is not kept."""
    one.level, one.terms = said["level"], said["terms"]
    for name in ("room", *deposits.BARRIERS):
        setattr(one, name, bool(said[name]))


def shown(one: Publication) -> dict[str, Any]:
    """What both pages show of a publication."""
    deliveries = one.deliveries.exclude(state=Delivery.State.DROPPED).select_related("kept").order_by("-pk")[:A_PAGE]
    return {
        "one": one,
        "publisher": one.publisher,
        "choices": {name: known.get(getattr(one, name), "") for name, known in CHOICES.items()},
        "uid": linked.union_of(one),
        "duties": lines(one.duties.order_by("due", "pk")),
        "deliveries": [_line(each) for each in deliveries],
        "states": STATES,
        "levels": LEVELS,
    }


def _line(delivery: Delivery) -> dict[str, Any]:
    rows = [(Problem(row["code"], row["facts"]), row["grave"]) for row in delivery.report.get("problems", ())]
    if waiting := delivery.report.get("waiting"):
        rows = [(Problem(waiting, delivery.report["facts"]), False)]
    shown_in = language()
    return {
        "one": delivery,
        "state": STATES[delivery.state],
        "address": address_of(delivery.kept) if delivery.kept else "",
        "problems": [{"grave": grave, "text": problem.sentence(shown_in)} for problem, grave in rows],
    }
