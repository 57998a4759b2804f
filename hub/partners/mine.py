"""My library: what the hub has of it, what needs a person, how good it is, and files to take back."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from hub.accounts.access import needs, reader_of
from hub.accounts.roles import Permission
from hub.catalog import reads
from hub.catalog.models import Correction, Rejection
from hub.catalog.sizes import of_library
from hub.network.models import Library
from hub.normalize.quality import full_isbn
from hub.partners import figures, pages, words
from hub.partners.models import Upload
from hub.stages import cleaning, entries, quality
from hub.stages.quarantine import suggest
from schemas.problem import Problem

LIST = 100
FORMS = {"csv": ("csv", "text/csv"), "mrc": ("marc21", "application/marc"), "xml": ("marcxml", "application/xml")}
FILES = {"trung": cleaning.duplicates, "tot-hon": cleaning.improved}


@needs(Permission.LIBRARY_SEE)
@require_safe
def my_library(request: HttpRequest) -> HttpResponse:
    """One's own library; a choice where there are several."""
    codes = reader_of(request).libraries(Permission.LIBRARY_SEE)
    every = Library.objects.order_by("name_vi", "code")
    own = every if codes is None else every.filter(pk__in=codes)
    if codes is not None and own.count() == 1:
        return redirect("library-home", own[0].pk)
    page = Paginator(own, 100).get_page(request.GET.get("page", "1"))
    return render(request, "partners/choice.html", {"page": page, "all": codes is None})


@needs(Permission.LIBRARY_SEE, library="code")
@require_safe
def home(request: HttpRequest, code: str) -> HttpResponse:
    """The library at a glance."""
    library = pages.library_of(code)
    found = figures.assessment(library)
    states = reads.sources(library=code)
    live = sum(state.records.get("live", 0) for state in states)
    waiting = sum(state.records.get("rejected", 0) + state.records.get("pending", 0) for state in states)
    newest = max((s.success.finished_at for s in states if s.success and s.success.finished_at), default=None)
    context = {
        **pages.frame(request, library, "home"),
        "states": states,
        "present": live + waiting,
        "live": live,
        "waiting": waiting,
        "newest": newest,
        "troubled": [state for state in states if state.last and state.last.status in ("failed", "empty")],
        "kinds": figures.rejected(library),
        "faults": figures.faults(found),
        "quality": found,
        "parts": figures.parts(found),
        "trend": figures.trend(quality.trend(library)),
        "groups": found.duplicates if found else 0,
        "copies": found.copies if found else 0,
        "entered": entries.totals(library),
        "endpoints": _endpoints(states),
        "corrections": of_library(Correction.objects.filter(undone_at=None), library).count(),
        "uploads": Upload.objects.filter(library=library).exclude(state="dropped").order_by("-at")[:3],
        "oai": f"{settings.BASE_URL.rstrip('/')}/oai?verb=ListRecords&metadataPrefix=marcxml&set=library:{code}",
    }
    return pages.private(render(request, "partners/home.html", context))


def _endpoints(states: list[reads.SourceState]) -> list[str]:
    """The OAI-PMH servers of this library."""
    found = (state.source.settings.get("options", {}).get("url", "") for state in states)
    return [url for url in dict.fromkeys(found) if url.startswith(("http://", "https://"))]


@needs(Permission.LIBRARY_SEE, library="code")
@require_safe
def fault(request: HttpRequest, code: str, kind: str) -> HttpResponse:
    """The records with one fault."""
    library = pages.library_of(code)
    if kind not in words.FAULTS:
        raise Http404
    found = figures.assessment(library)
    count, numbers = found.faults.get(kind, (0, [])) if found else (0, [])
    rows = [
        (row, full_isbn(row.value) if kind == "isbn_short" else "") for row in quality.faulty(library, kind, numbers)
    ]
    context = {
        **pages.frame(request, library, "home"),
        "kind": kind,
        "words": words.FAULTS[kind],
        "count": count,
        "rows": rows,
        "more": count > len(numbers),
    }
    return pages.private(render(request, "partners/fault.html", context))


@needs(Permission.LIBRARY_SEE, library="code")
@require_safe
def fault_file(request: HttpRequest, code: str, kind: str) -> HttpResponse:
    """The same as a table to work through."""
    library = pages.library_of(code)
    if kind not in words.FAULTS:
        raise Http404
    header = [_("Number"), _("Source"), _("Title"), _("Value"), _("Suggestion"), _("How to mend it")]
    mend = words.FAULTS[kind].mend
    rows = (
        (row.identifier, row.source, row.title, row.value, full_isbn(row.value) if kind == "isbn_short" else "", mend)
        for row in quality.faulty(library, kind)
    )
    return pages.table(f"{code}-{kind}.csv", header, rows)


@dataclass(frozen=True, slots=True)
class RejectedRow:
    """A record that cannot be read: which, why, and what to do."""

    identifier: str
    source: str
    place: str
    sentence: str
    mend: str


@needs(Permission.LIBRARY_SEE, library="code")
@require_safe
def rejected(request: HttpRequest, code: str) -> HttpResponse:
    """The records that cannot be read, one by one."""
    library = pages.library_of(code)
    kind = request.GET.get("kind", "")
    page = Paginator(_rejections(library, kind), LIST).get_page(request.GET.get("page", "1"))
    context = {
        **pages.frame(request, library, "home"),
        "page": page,
        "rows": [_rejected_row(one) for one in page],
        "kind": kind,
    }
    return pages.private(render(request, "partners/rejected.html", context))


def _rejections(library: Library, kind: str) -> Any:
    found = of_library(Rejection.objects.all(), library).order_by("pk")
    return (found.filter(code=kind) if kind else found).select_related("record__source__library")


def _rejected_row(one: Rejection) -> RejectedRow:
    suggestion = suggest(one)
    return RejectedRow(
        one.record.identifier,
        one.record.source.name,
        pages.place(suggestion.raw.place),
        pages.problem_sentence(Problem(one.code, one.facts)),
        pages.mend(suggestion.advice),
    )


@needs(Permission.LIBRARY_SEE, library="code")
@require_safe
def rejected_file(request: HttpRequest, code: str) -> HttpResponse:
    """The same as a table."""
    library = pages.library_of(code)
    header = [_("Number"), _("Source"), _("Where it stood"), _("What is wrong"), _("How to mend it")]

    def rows() -> Iterator[tuple[str, ...]]:
        for one in _rejections(library, request.GET.get("kind", "")).iterator(chunk_size=200):
            row = _rejected_row(one)
            yield row.identifier, row.source, row.place, row.sentence, row.mend

    return pages.table(f"{code}-rejected.csv", header, rows())


@needs(Permission.LIBRARY_SEE, library="code")
@require_safe
def duplicates(request: HttpRequest, code: str) -> HttpResponse:
    """Groups of the library's own records that are one publication."""
    library = pages.library_of(code)
    text = request.GET.get("page", "1")
    number = max(int(text), 1) if text.isascii() and text.isdigit() and len(text) < 7 else 1
    total, groups = cleaning.duplicate_groups(code, (number - 1) * 20, 20)
    context = {
        **pages.frame(request, library, "home"),
        "total": total,
        "groups": [(group, cleaning.fullest(group)) for group in groups],
        "number": number,
        "last": max(-(-total // 20), 1),
    }
    return pages.private(render(request, "partners/duplicates.html", context))


@needs(Permission.LIBRARY_SEE, library="code")
@require_safe
def take_back(request: HttpRequest, code: str, what: str, form: str) -> HttpResponse:
    """A file for the library's own system: its duplicates, or its records made better.

    What does not fit into the form is told of first; ``?rest=1`` gives the others.
    """
    library = pages.library_of(code)
    if what not in FILES or form not in FORMS:
        raise Http404
    name, kind = FORMS[form]
    stream = io.BytesIO()
    refused = FILES[what](code, name, stream)
    if refused and "rest" not in request.GET:
        rows = [(name, pages.sentence(trouble.problem)) for name, trouble in refused[:LIST]]
        context = {**pages.frame(request, library, "home"), "refused": rows, "what": what}
        return pages.private(render(request, "partners/left_out.html", context))
    if form == "csv":
        return pages.safe_table(f"{code}-{what}.csv", stream.getvalue())
    return pages.attachment(f"{code}-{what}.{form}", stream.getvalue(), kind)


@needs(Permission.LIBRARY_SEE, library="code")
@require_safe
def holdings_file(request: HttpRequest, code: str) -> HttpResponse:
    """The copies the hub knows of, as a table to compare with the shelves."""
    library = pages.library_of(code)
    header = [
        _("Number"),
        _("Title"),
        _("Where it stands"),
        _("Call number"),
        _("Accession number"),
        _("Number of copies"),
    ]
    return pages.table(f"{code}-copies.csv", header, cleaning.copies(library.pk))
