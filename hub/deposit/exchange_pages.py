"""A library's own page of exchange: what comes, what is offered and wanted."""

from __future__ import annotations

from uuid import uuid4

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from hub.accounts.access import needs, reader_of
from hub.accounts.pages import given, sentence
from hub.accounts.roles import Permission
from hub.deposit import exchange
from hub.deposit.models import Offer, Share
from hub.network.models import Library
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
