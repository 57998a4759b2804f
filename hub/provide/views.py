"""The pages anyone may read: the front page, results, the libraries."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from hub.accounts.access import anyone
from hub.catalog import reads
from hub.catalog.models import Union
from hub.catalog.query import understand
from hub.catalog.search import DEEPEST, Results, search
from hub.network import contacts
from hub.network.models import Library
from hub.provide.asking import asked
from hub.provide.facets import facets
from hub.provide.holders import unseen
from hub.provide.listing import found_rows, rows
from hub.provide.search_ways import WAYS
from hub.provide.writing import FILES

SIZE = 20
CHILDREN = ("a", "b", "c", "d", "j")
ACCESSIBLE = ("braille", "large_print", "sound", "electronic")


@anyone
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Search first, then for whom, then how much there is."""
    totals = reads.totals()
    counts = {name: dict(values) for name, values in search("", size=1).facets.items()}
    newest = Union.objects.filter(deleted=False).order_by("-datestamp", "-id").values_list("id", flat=True)
    context = {
        "totals": totals,
        "children": [(code, counts.get("audience", {}).get(code, 0)) for code in CHILDREN],
        "accessible": [(form, counts.get("form", {}).get(form, 0)) for form in ACCESSIBLE],
        "open": counts.get("availability", {}).get("open", 0),
        "rows": rows(list(newest[:6]), unseen(request)),
    }
    return render(request, "home.html", context)


@anyone
@require_safe
def results(request: HttpRequest) -> HttpResponse:
    """What a query and its facets find."""
    away = unseen(request)
    question, number = asked(request.GET, away), page_number(request)
    found = question.find(number, SIZE)
    listed = found_rows(found.hits, found.editions, away)
    first, last = question.years or (0, 0)
    kept = request.GET.copy()
    for name in ("page", "from", "to"):
        kept.pop(name, None)
    context = {
        "query": question.query,
        "found": found,
        "rows": listed,
        "facets": facets(found.facets, request.GET, away),
        "chosen": sum(map(len, question.filters.values())) + bool(question.years),
        "newest": question.newest,
        "editions": question.editions,
        "marked": understand(question.query).marked,
        "wordings": question.other_wordings(found, [row.description for row in listed]),
        "first_year": first or "",
        "last_year": last or "",
        "kept": [(name, value) for name, values in kept.lists() for value in values],
        "files": FILES,
        **_pages(found, number, by_work=not question.editions),
    }
    return render(request, "results.html", context)


@anyone
@require_safe
def search_help(request: HttpRequest) -> HttpResponse:
    """What can be typed into the search box."""
    return render(request, "search_help.html", {"ways": WAYS})


def page_number(request: HttpRequest) -> int:
    """The page asked for, from 1; anything else is the first."""
    text = request.GET.get("page", "1")
    return max(int(text), 1) if text.isascii() and text.isdigit() and len(text) < 7 else 1


def _pages(found: Results, number: int, *, by_work: bool) -> dict[str, int]:
    total = found.works if by_work else found.total
    last = max(-(-min(total, DEEPEST) // SIZE), 1)
    number = min(number, last)
    return {
        "page": number,
        "last_page": last,
        "previous_page": number - 1,
        "next_page": number + 1 if number < last else 0,
        "first_shown": (number - 1) * SIZE + 1,
    }


@anyone
@require_safe
def libraries(request: HttpRequest) -> HttpResponse:
    """The libraries of the network, by name."""
    every = Paginator(Library.objects.order_by("name_vi", "code"), 100).get_page(page_number(request))
    counts, away = dict(search("", size=1).facets.get("library", [])), unseen(request)
    listed = [(lib, 0 if lib.code in away else counts.get(lib.code)) for lib in every]
    return render(request, "libraries.html", {"libraries": every, "rows": listed, "away": away})


@anyone
@require_safe
def library(request: HttpRequest, code: str) -> HttpResponse:
    """A library: what it sends and what of it is in the union catalog; not of one that keeps this to itself."""
    found, away = Library.objects.filter(code=code.replace("\x00", "")).first(), unseen(request)
    if found is None:
        raise Http404
    closed = found.code in away
    states = [] if closed else reads.sources(library=found.code)
    newest = Results() if closed else search("", {"library": [found.code]}, size=10)
    context = {
        "library": found,
        "closed": closed,
        "sources": states,
        "live": sum(state.records.get("live", 0) for state in states),
        "rejected": sum(state.records.get("rejected", 0) for state in states),
        "rows": rows([hit.union_id for hit in newest.hits], away),
        "contact": contacts.public(found),
    }
    return render(request, "library.html", context)
