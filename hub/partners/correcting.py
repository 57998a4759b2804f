"""Corrections: the library's own records, one field after the other, in plain words."""

from __future__ import annotations

import re

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hub.accounts.access import needs
from hub.accounts.roles import Permission
from hub.catalog import reads
from hub.catalog.models import Bib, Correction, Member, Record
from hub.catalog.search import search
from hub.catalog.sizes import of_library
from hub.match.description import Description
from hub.network.models import Library
from hub.normalize.corrections import FIELDS
from hub.normalize.identifiers import isbn13
from hub.partners import pages, words
from hub.stages import corrections
from schemas.problem import Trouble

AT_ONCE = 20
LANGUAGES = (
    "vie", "eng", "fre", "rus", "chi", "jpn", "kor", "ger", "spa", "ita", "por", "lat", "tha", "lao", "khm", "mul",
    "zxx",
)  # fmt: skip
AUDIENCES = tuple("abcdefgj")
CODED = {"language": LANGUAGES, "audience": AUDIENCES}
YEAR = re.compile(r"\D{0,3}\d{4}\D{0,3}")


@needs(Permission.LIBRARY_SEE, library="code")
@require_safe
def records(request: HttpRequest, code: str) -> HttpResponse:
    """The library's records: found by their number, or by words of the union catalog's search."""
    library = pages.library_of(code)
    query = request.GET.get("q", "").replace("\0", "").strip()[:400]
    numbers = _found(library, query)
    bibs = Bib.objects.select_related("record__source").in_bulk(numbers)
    rows = [(bibs[n].record, Description.load(bibs[n].description)) for n in numbers if n in bibs]
    context = {**pages.frame(request, library, "records"), "query": query, "rows": rows}
    return pages.private(render(request, "partners/records.html", context))


def _found(library: Library, query: str) -> list[int]:
    """Numbers of the library's records that a query finds; without a query, the newest."""
    own = Record.objects.filter(source__library=library, state="live")
    if not query:
        return list(own.order_by("-id").values_list("pk", flat=True)[:AT_ONCE])
    exact = list(own.filter(identifier=query).values_list("pk", flat=True)[:AT_ONCE])
    hits = [hit.union_id for hit in search(query, {"library": [library.pk]}, size=AT_ONCE).hits]
    members = Member.objects.filter(union__in=hits, record__source__library=library)
    by_union: dict[int, list[int]] = {}
    for union, number in members.values_list("union", "record_id"):
        by_union.setdefault(union, []).append(number)
    return list(dict.fromkeys([*exact, *(number for union in hits for number in sorted(by_union.get(union, ())))]))


def own_record(library: Library, number: int) -> Record:
    """A record of the library, or 404: a record of another library is not there."""
    found = Record.objects.select_related("source__library", "member").filter(source__library=library, pk=number)
    record = found.first()
    if record is None:
        raise Http404
    return record


@needs(Permission.LIBRARY_SEE, library="code")
@require_http_methods(["GET", "HEAD", "POST"])
def record(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """A record of the library, each field with what the source says and what a correction made of it."""
    library = pages.library_of(code)
    found = own_record(library, number)
    frame = pages.frame(request, library, "records")
    wrong, wanted = "", {}
    if request.method == "POST":
        if not frame["can"]["correct"]:
            raise Http404
        try:
            wanted = _changed(request, found)
            check(wanted)
            made = corrections.correct_fields(found, wanted, by=pages.signature(request))
            return redirect(f"{request.path}?corrected={len(made)}")
        except Trouble as trouble:
            wrong = pages.sentence(trouble.problem)
    try:
        said = corrections.fields_of(found)
    except Trouble as trouble:
        said, wrong = [], pages.sentence(trouble.problem)
    context = {
        **frame,
        "record": found,
        "uid": reads.union_uid(found.member.union) if hasattr(found, "member") else "",
        "fields": [(one, words.FIELDS[one.field], wanted.get(one.field, one.now), _choices(one)) for one in said],
        "wrong": wrong,
        "saved": request.GET.get("corrected", ""),
        "history": Correction.objects.filter(record=found).order_by("-id")[:20],
        "names": words.FIELDS,
    }
    return pages.private(render(request, "partners/record.html", context, status=400 if wrong and wanted else 200))


def _changed(request: HttpRequest, found: Record) -> dict[str, str]:
    """What the form says otherwise than the record: what stands there already, right or wrong, is no correction."""
    now = {one.field: one.now for one in corrections.fields_of(found)}
    given = {field: request.POST[field] for field in FIELDS if field in request.POST}
    return {
        field: text for field, text in given.items() if " ".join(text.split()) != " ".join(now.get(field, "").split())
    }


def _choices(one: corrections.FieldSaid) -> list[str]:
    """What may be chosen for a coded field, with what stands there."""
    known = list(CODED.get(one.field, ()))
    return [one.now, *known] if known and one.now and one.now not in known else known


def check(wanted: dict[str, str]) -> None:
    """An ISBN that checks, a year of four figures, codes that are known; :class:`Trouble` in words otherwise."""
    isbn = " ".join(wanted.get("isbn", "").split())
    if isbn:
        number = isbn13(isbn)
        if not number:
            raise Trouble("isbn_wrong", value=isbn[:40])
        wanted["isbn"] = number
    year = " ".join(wanted.get("year", "").split())
    if year and not YEAR.fullmatch(year):
        raise Trouble("year_wrong", value=year[:20])
    for field, known in CODED.items():
        if wanted.get(field, "") not in ("", *known):
            del wanted[field]


@needs(Permission.LIBRARY_SEE, library="code")
@require_safe
def history(request: HttpRequest, code: str) -> HttpResponse:
    """Every correction of the library's records, the newest first."""
    library = pages.library_of(code)
    found = of_library(Correction.objects.all(), library).order_by("-id").select_related("record__source")
    page = Paginator(found, 50).get_page(request.GET.get("page", "1"))
    context = {**pages.frame(request, library, "records"), "page": page, "names": words.FIELDS}
    return pages.private(render(request, "partners/corrections.html", context))


@needs(Permission.LIBRARY_CORRECT, library="code")
@require_POST
def undo(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """A correction counts no more."""
    library = pages.library_of(code)
    found = Correction.objects.filter(pk=number, record__source__library=library).first()
    if found is None:
        raise Http404
    if found.undone_at is None:
        corrections.undo(found.pk, by=pages.signature(request))
    return redirect("library-record", code, found.record_id)
