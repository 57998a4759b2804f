"""Pages of legal deposit: a publisher's, the clerk's, and the question anybody may ask."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from hub.accounts.access import anyone, needs, reader_of
from hub.accounts.pages import given, language, sentence
from hub.accounts.roles import Permission
from hub.deposit import deposits, linked, printing
from hub.deposit.lines import lines
from hub.deposit.models import Delivery, Duty, Publication, Receipt
from hub.deposit.rules import name_of, rules
from hub.deposit.words import AUDIENCES, CHOICES, STATES
from hub.network.own_pages import frame, library_of, private
from hub.stages.sheets import sheet
from schemas.problem import Trouble

BOTH = ["GET", "HEAD", "POST"]
A_PAGE, SHOWN = 50, 20
SOON = timedelta(days=30)
SUGGESTED = ("title", "author", "isbn", "audience")
FIELDS = ("title", "author", "isbn", "registration", "decision", "release", "run", "audience", *CHOICES)


@needs(Permission.DEPOSIT_DECLARE, library="code")
@require_http_methods(BOTH)
def own(request: HttpRequest, code: str) -> HttpResponse:
    """What a publisher owes, by the day it is due; declare a publication; say what was deposited."""
    library, wrong = library_of(code), ""
    values = {name: given(request, name, 500) for name in FIELDS}
    by = reader_of(request).signature
    if request.method == "POST":
        try:
            if given(request, "act") == "deposited":
                day = deposits.day_of(given(request, "day", 10) or timezone.localdate().isoformat())
                deposits.deposited(_number(request, "duty"), code, day, given(request, "proof"), by=by)
            else:
                deposits.declare(library, deposits.checked(values), by=by)
            return redirect(f"{request.path}?done=1")
        except Trouble as trouble:
            wrong = sentence(trouble)
    duties = Duty.objects.filter(publication__publisher=library).select_related("publication")
    page = Paginator(Publication.objects.filter(publisher=library).order_by("-release", "-pk"), A_PAGE)
    announced = linked.announced(library)[:A_PAGE]
    told = {one.isbn for one in announced}
    context = {
        **frame(request, library, "deposit"),
        "owed": lines(duties.filter(deposits.is_open()).order_by("due", "pk")[: A_PAGE * 4]),
        "page": page.get_page(request.GET.get("page")),
        "announced": announced,
        "held": [one for one in linked.held(library, timezone.localdate()) if one.isbn not in told][:A_PAGE],
        "receipts": Receipt.objects.filter(publication__publisher=library).order_by("-pk")[:A_PAGE],
        "choices": CHOICES,
        "audiences": AUDIENCES,
        "values": values if wrong else {name: request.GET.get(name, "")[:500] for name in SUGGESTED},
        "wrong": wrong,
        "done": request.GET.get("done"),
        "today": timezone.localdate(),
    }
    return private(render(request, "deposit/own.html", context, status=400 if wrong else 200))


def _number(request: HttpRequest, name: str) -> int:
    text = given(request, name, 15)
    return int(text) if text.isascii() and text.isdigit() else 0


@needs(Permission.DEPOSIT_MANAGE)
@require_http_methods(BOTH)
def desk(request: HttpRequest) -> HttpResponse:
    """The clerk's queue: what is late, what is due soon, what has come in; claim, waive, note as deposited."""
    wrong, by, today = "", reader_of(request).signature, timezone.localdate()
    if request.method == "POST":
        try:
            _act(request, by)
            return redirect("deposit")
        except Trouble as trouble:
            wrong = sentence(trouble)
    asked = request.GET.get("year", "")
    year = int(asked) if asked.isascii() and asked.isdigit() and len(asked) == 4 else today.year
    late = deposits.overdue(today)
    soon = Duty.objects.filter(deposits.is_open(), due__gte=today, due__lte=today + SOON)
    page = Paginator(late, A_PAGE).get_page(request.GET.get("page"))
    context = {
        "nav": "deposit",
        "late": lines(page.object_list),
        "page": page,
        "soon": lines(soon.select_related("publication__publisher").order_by("due", "pk")[:A_PAGE]),
        "figures": _figures(year),
        "by_audience": _by_audience(year),
        "year": year,
        "years": Publication.objects.dates("release", "year", order="DESC")[:SHOWN],
        "publications": Publication.objects.select_related("publisher").order_by("-pk")[:SHOWN],
        "files": _files(),
        "wrong": wrong,
        "today": today,
    }
    return private(render(request, "deposit/desk.html", context, status=400 if wrong else 200))


def _files() -> list[tuple[Delivery, Any]]:
    """The files that came last, whatever became of them, each with the word for it."""
    rows = Delivery.objects.exclude(state__in=(Delivery.State.ARRIVING, Delivery.State.DROPPED))
    return [(one, STATES[one.state]) for one in rows.select_related("library").order_by("-changed_at")[:SHOWN]]


def _act(request: HttpRequest, by: str) -> None:
    act, number = given(request, "act"), _number(request, "duty")
    if act == "claim":
        deposits.claim(number, by=by)
    elif act == "waive":
        deposits.waive(number, given(request, "why", 500), by=by)
    elif act == "deposited":
        deposits.deposited(number, None, timezone.localdate(), given(request, "proof"), by=by)
    else:
        raise Http404


def _figures(year: int) -> list[dict[str, Any]]:
    """The publications of a year by publisher, with obligations met and open."""
    rows = Publication.objects.filter(release__year=year).values("publisher", "publisher__name_vi")
    counted = rows.annotate(count=Count("pk", distinct=True), owed=Count("duties"))
    met = Duty.objects.filter(publication__release__year=year).exclude(done_on=None).values("publication__publisher")
    done = {row["publication__publisher"]: row["n"] for row in met.annotate(n=Count("pk"))}
    return [
        {**row, "name": row["publisher__name_vi"], "met": done.get(row["publisher"], 0)}
        for row in counted.order_by("publisher__name_vi")
    ]


def _by_audience(year: int) -> list[dict[str, Any]]:
    """The publications of a year by audience, with the files that are kept of them."""
    rows = Publication.objects.filter(release__year=year).values("audience")
    counted = rows.annotate(count=Count("pk", distinct=True), kept=Count("files", distinct=True)).order_by("audience")
    return [{**row, "name": AUDIENCES.get(row["audience"], _("not said"))} for row in counted]


@needs(Permission.DEPOSIT_MANAGE)
@require_safe
def late_table(request: HttpRequest) -> HttpResponse:
    """What is late, as a table to work through."""
    header = [_("Publisher"), _("Title"), "ISBN", _("To whom"), _("Copies"), _("Due"), _("Article"), _("Verified")]
    known, shown = rules().recipients, language()
    rows = (
        [
            one.publication.publisher.name_vi,
            one.publication.title,
            one.publication.isbn,
            name_of(one.recipient, shown, known),
            one.copies,
            one.due.isoformat(),
            one.basis,
            _("yes") if one.verified else _("not verified"),
        ]
        for one in deposits.overdue(timezone.localdate())
    )
    response = HttpResponse(sheet(header, rows), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="deposit-late.csv"'
    return private(response)


@needs(Permission.DEPOSIT_DECLARE)
@require_safe
def receipt(request: HttpRequest, number: int) -> HttpResponse:
    """A receipt as PDF; it says that it stands in for no receipt of an authority."""
    one = get_object_or_404(Receipt.objects.select_related("publication"), pk=number)
    if not reader_of(request).may(Permission.DEPOSIT_DECLARE, one.publication.publisher_id):
        raise Http404
    return _pdf(one)


@needs(Permission.LENDING_ACT, library="code")
@require_safe
def exchange_receipt(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """A receipt, for the library that received."""
    return _pdf(get_object_or_404(Receipt.objects.select_related("pdf"), pk=number, library=code))


def _pdf(one: Receipt) -> HttpResponse:
    response = HttpResponse(printing.receipt(one), content_type="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="giay-nhan-{one.year}-{one.number:02d}.pdf"'
    return private(response)


@anyone
@require_safe
def ask(request: HttpRequest) -> HttpResponse:
    """Was it deposited? By ISBN, number of registration or title."""
    text = request.GET.get("q", "").replace("\0", "")[:200]
    rows = [(one, lines(one.duties.order_by("due", "pk"))) for one in deposits.found(text)[:SHOWN]]
    return render(request, "deposit/ask.html", {"nav": "libraries", "q": text, "rows": rows})
