"""The coordinator's pages: all loans, those that are late first, messages that wait, figures by library."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from hub.accounts import audit
from hub.accounts.access import needs, reader_of
from hub.accounts.roles import Permission
from hub.lending import figures, outbox, suppliers
from hub.lending.models import Loan, Outgoing
from hub.lending.states import STATES
from hub.lending.views import Line
from hub.lending.words import STATES as STATE_NAMES
from hub.network.own_pages import private
from hub.stages.sheets import sheet

A_PAGE = 50


@needs(Permission.LENDING_OVERSEE)
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """All loans, by the day on which something is to be done."""
    state, library = request.GET.get("state", ""), request.GET.get("library", "")[:40]
    rows = Loan.objects.select_related("requester", "supplier")
    rows = rows.filter(state=state) if state in STATES else rows.filter(state__in=suppliers.OPEN)
    if library:
        rows = rows.filter(requester=library) | rows.filter(supplier=library)
    page = Paginator(rows.order_by("act_by", "-pk"), A_PAGE).get_page(request.GET.get("page"))
    waiting = Outgoing.objects.exclude(due_at=None).select_related("library", "loan").order_by("due_at")
    context = {
        "nav": "loans",
        "page": page,
        "lines": list(map(Line, page.object_list)),
        "state": state,
        "library": library,
        "states": STATE_NAMES.items(),
        "late": Loan.objects.filter(state__in=suppliers.OPEN, act_by__lt=timezone.localdate()).count(),
        "waiting": waiting[:A_PAGE],
        "figures": figures.by_library(*figures.year(timezone.localdate())),
        "year": timezone.localdate().year,
    }
    return private(render(request, "lending/overview.html", context))


@needs(Permission.LENDING_OVERSEE)
@require_POST
def send_again(request: HttpRequest, number: int) -> HttpResponse:
    """Send a message that waits, now."""
    one = Outgoing.objects.filter(pk=number).first()
    if one is None:
        raise Http404
    outbox.again(number, timezone.now())
    outbox.send_due()
    audit.record(reader_of(request).signature, "loan.sent_again", str(one.loan_id), library=one.library_id)
    return redirect("loans")


@needs(Permission.LENDING_OVERSEE)
@require_safe
def table(request: HttpRequest, year: int) -> HttpResponse:
    """The figures of a year by library as a table."""
    rows = figures.by_library(*figures.of_year(year))
    header = [_("Library"), _("Code"), _("Requests"), _("Received"), _("Not received"), _("Days until it arrived"),
              _("Was asked"), _("Lent"), _("Could not lend"), _("Lost")]  # fmt: skip
    body = (_row(one) for one in rows)
    response = HttpResponse(sheet(header, body), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="loans-{year}.csv"'
    return private(response)


def _row(one: figures.Figures) -> list[Any]:
    days = "" if one.days is None else round(one.days, 1)
    return [one.name, one.code, one.asked, one.received, one.unfilled, days, one.was_asked, one.lent, one.refused,
            one.lost]  # fmt: skip
