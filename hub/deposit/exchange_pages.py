"""Pages of exchange: a library's own (what comes, what is offered and wanted), and the clerk's distribution."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from hub.accounts.access import needs, reader_of
from hub.accounts.pages import given, sentence
from hub.accounts.roles import Permission
from hub.deposit import exchange, parcels
from hub.deposit.deposits import MOST_COPIES, whole
from hub.deposit.models import Offer, Publication, Recipient, Share
from hub.network.groups import present
from hub.network.models import Group, Library
from hub.network.own_pages import frame, library_of, private
from schemas.problem import Trouble

SHOWN = 50
FIELDS = ("title", "isbn", "copies", "note", "wanted")


@needs(Permission.LENDING_ACT, library="code")
@require_http_methods(["GET", "HEAD", "POST"])
def own(request: HttpRequest, code: str) -> HttpResponse:
    """What comes to the library, what it offers and wants, what others offer."""
    library, wrong = library_of(code), ""
    if request.method == "POST":
        try:
            _act(request, library)
            return redirect("library-exchange", code)
        except Trouble as trouble:
            wrong = sentence(trouble)
    mine = Offer.objects.filter(library=library, closed_at=None).order_by("-pk")[:SHOWN]
    shares = Share.objects.filter(library=library, cancelled_at=None).select_related(
        "publication", "offer__library", "receipt"
    )
    given_away = Share.objects.filter(offer__library=library, cancelled_at=None).select_related("library", "offer")
    others = exchange.standing(False).exclude(library=library)[:SHOWN]
    context = {
        **frame(request, library, "exchange"),
        "coming": shares.filter(received_at=None).order_by("pk")[:SHOWN],
        "came": shares.exclude(received_at=None).order_by("-received_at")[:SHOWN],
        "given": given_away.order_by("-pk")[:SHOWN],
        "mine": [exchange.shown(one) for one in mine],
        "others": [row for row in map(exchange.shown, others) if row["left"]],
        "wanted": exchange.standing(True).exclude(library=library)[:SHOWN],
        "answers": [{"wish": wish, **exchange.shown(one)} for wish, one in exchange.answers(library)],
        "values": {name: given(request, name, 500) for name in FIELDS} if wrong else {"copies": "1"},
        "key": uuid4().hex,
        "wrong": wrong,
    }
    return private(render(request, "deposit/exchange.html", context, status=400 if wrong else 200))


def _act(request: HttpRequest, library: Library) -> None:
    by, act = reader_of(request).signature, given(request, "act")
    text = given(request, "number", 15)
    number = int(text) if text.isascii() and text.isdigit() else 0
    if act == "offer":
        exchange.offer(library, {name: given(request, name, 500) for name in FIELDS}, by=by)
    elif act == "close":
        exchange.close(number, library.pk, by=by)
    elif act == "take":
        key = f"take:{given(request, 'key', 32)}:{number}"
        exchange.take(number, library, given(request, "copies", 5), key[:64], by=by)
    elif act == "receive":
        exchange.receive(number, library, given(request, "came", 5), given(request, "condition"), by=by)
    elif act == "cancel":
        exchange.cancel(number, by=by, library=library.pk)
    else:
        raise Http404


@needs(Permission.DEPOSIT_MANAGE)
@require_POST
def distribute(request: HttpRequest, number: int) -> HttpResponse:
    """Share the exchange copies of a publication, or send its package to another hub."""
    one = get_object_or_404(Publication.objects.select_related("publisher"), pk=number)
    by = reader_of(request).signature
    try:
        if given(request, "act") == "parcel":
            parcels.post(one, get_object_or_404(Library, pk=given(request, "library", 40)), by=by)
        elif given(request, "act") == "again":
            text = given(request, "parcel", 15)
            parcels.again(int(text) if text.isascii() and text.isdigit() else 0, by=by)
        else:
            shares = _shares(request)
            exchange.distribute(one, shares, f"d:{given(request, 'key', 32)}", by=by)
    except Trouble as trouble:
        from hub.deposit.publications import page

        return page(request, one, sentence(trouble))
    return redirect("deposit-publication", number)


def _shares(request: HttpRequest) -> dict[str, int]:
    """The chosen libraries, and those of a chosen group, with their copies: all of them spread evenly."""
    chosen = list(dict.fromkeys(request.POST.getlist("to")))[:500]
    group = Group.objects.filter(code=given(request, "group", 40)).first()
    chosen += [one.library_id for one in present(group)] if group else []
    known = set(Library.objects.filter(pk__in=chosen).values_list("pk", flat=True))
    if total := given(request, "total", 5):
        return exchange.spread(whole(total, 1, MOST_COPIES * 10), {code: 1 for code in chosen if code in known})
    return {}


def shown(one: Publication) -> dict[str, Any]:
    """What the clerk's page shows of exchange."""
    return {
        "shares": one.shares.filter(cancelled_at=None).select_related("library", "receipt").order_by("pk"),
        "parcels": one.parcels.select_related("library").order_by("-pk"),
        "groups": Group.objects.filter(until=None).order_by("name"),
        "recipients": Recipient.objects.select_related("library").order_by("library__name_vi"),
    }
