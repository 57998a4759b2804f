"""The pages of what the network lacks."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from hub.accounts.access import needs, reader_of
from hub.accounts.roles import Permission
from hub.catalog.reads import union_uid
from hub.reports import picture, survey
from hub.reports.gaps import BANDS, Line, Rules
from hub.reports.models import Survey
from hub.stages.sheets import sheet

LISTS = ("nobody", "often", "lacks")
SHOWN = 25


@needs(Permission.REPORTS_SEE)
@require_safe
def gaps(request: HttpRequest) -> HttpResponse:
    """What the network lacks and has too much of, as the newest survey found it."""
    found = survey.newest()
    if found is None:
        return render(request, "reports/gaps.html", {"nav": "gaps", "large": survey.is_large()})
    areas = found.body["areas"]
    chosen = request.GET.get("area", "")
    context = {
        "nav": "gaps",
        "survey": found,
        "large": survey.is_large(),
        "bands": BANDS,
        "rules": Rules(),
        "rows": [(name, [_cell(area, band) for band in BANDS], area["missing"]) for name, area in areas.items()],
        "map": picture.draw(areas, survey.places()),
        "nobody": [Line(*row) for row in found.body["nobody"][:SHOWN]],
        "often": [Line(*row) for row in found.body["often"][:SHOWN]],
        "area": chosen if chosen in areas else "",
        "lacks": [Line(*row) for row in areas[chosen]["lacks"][:SHOWN]] if chosen in areas else [],
    }
    return render(request, "reports/gaps.html", context)


def _cell(area: dict[str, Any], band: str) -> tuple[str, int, int, bool]:
    return band, area["titles"][band], area["copies"][band], band in area["poor"]


@needs(Permission.REPORTS_SEE)
@require_POST
def look(request: HttpRequest) -> HttpResponse:
    """Make the survey anew, where the catalog is small enough to wait for it."""
    if not survey.is_large():
        survey.make(reader_of(request).signature)
    return HttpResponseRedirect(reverse("gaps"))


@needs(Permission.REPORTS_SEE)
@require_safe
def table(request: HttpRequest, what: str) -> HttpResponse:
    """A list of the newest survey as a table; of what areas lack, all areas or one (``?area=``)."""
    found = survey.newest()
    if found is None or what not in LISTS:
        raise Http404
    header = [_("Number"), _("Title"), _("Author"), _("Audience"), _figure(what), _("Area"), _("Areas without it")]
    response = HttpResponse(sheet(header, _rows(found, what, request.GET.get("area", ""))), content_type="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="gaps-{what}.csv"'
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _figure(what: str) -> str:
    return {"nobody": _("Year of publication"), "often": _("Copies"), "lacks": _("Areas that have it")}[what]


def _rows(found: Survey, what: str, area: str) -> Iterable[list[object]]:
    if what == "lacks":
        areas = found.body["areas"]
        lines = [row for name, one in areas.items() if area in ("", name) for row in one["lacks"]]
    else:
        lines = found.body[what]
    for row in lines:
        line = Line(*row)
        yield [union_uid(line.union), line.title, line.author, line.band, line.figure, line.area, line.without or ""]
