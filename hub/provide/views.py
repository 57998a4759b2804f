"""The pages anyone may read: the front page, results, a union record, the libraries."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from hub.accounts.access import anyone
from hub.catalog import reads
from hub.catalog.models import Union
from hub.catalog.query import understand
from hub.catalog.search import DEEPEST, Results, search
from hub.match.description import Description
from hub.network import contacts
from hub.network.models import Library
from hub.provide.facets import chosen_values, facets
from hub.provide.fields import field_rows, marc_text

SIZE = 20
EDITIONS = 12  # shown at once
CHILDREN = ("a", "b", "c", "d", "j")
ACCESSIBLE = ("braille", "large_print", "sound", "electronic")


@dataclass(frozen=True, slots=True)
class Row:
    """A union record in a list."""

    uid: str
    description: Description
    availability: reads.Availability


def rows(union_ids: list[int]) -> list[Row]:
    """Union records for a list, in the order given; one that is gone meanwhile is left out."""
    described, available = reads.descriptions(union_ids), reads.availability(union_ids)
    return [Row(reads.union_uid(n), described[n], available[n]) for n in union_ids if n in described]


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
        "rows": rows(list(newest[:6])),
    }
    return render(request, "home.html", context)


@anyone
@require_safe
def results(request: HttpRequest) -> HttpResponse:
    """What a query and its facets find."""
    query = request.GET.get("q", "").replace("\x00", "").strip()
    filters = chosen_values(request.GET)
    number = page_number(request)
    newest = request.GET.get("sort") == "newest"
    found = search(query, filters, number, SIZE, newest=newest)
    context = {
        "query": query,
        "found": found,
        "rows": rows([hit.union_id for hit in found.hits]),
        "facets": facets(found.facets, request.GET),
        "chosen": sum(map(len, filters.values())),
        "newest": newest,
        "marked": understand(query).marked,
        **_pages(found, number),
    }
    return render(request, "results.html", context)


def page_number(request: HttpRequest) -> int:
    """The page asked for, from 1; anything else is the first."""
    text = request.GET.get("page", "1")
    return max(int(text), 1) if text.isascii() and text.isdigit() and len(text) < 7 else 1


def _pages(found: Results, number: int) -> dict[str, int]:
    last = max(-(-min(found.total, DEEPEST) // SIZE), 1)
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
def record(request: HttpRequest, uid: str) -> HttpResponse:
    """A union record; one that was merged leads to its survivor, one that is gone says so (410)."""
    number = reads.union_number(uid)
    content = reads.union_content(number) if number else None
    if content is None:
        raise Http404
    if content.deleted:
        survivor = reads.survivor(content.id)
        if survivor:
            return redirect(f"{reverse('record', args=[reads.union_uid(survivor)])}?merged={content.uid}")
        return render(request, "gone.html", {"uid": content.uid, "since": content.datestamp}, status=410)
    merged = request.GET.get("merged", "")
    editions = [(reads.union_uid(other), said) for other, said in reads.other_editions(content.id)]
    context = {
        "content": content,
        "it": content.description,
        "holdings": list(reads.holdings(content.id)),
        "silent": _without_copies(content),
        "editions": editions[:EDITIONS],
        "more_editions": editions[EDITIONS:],
        "fields": field_rows(content),
        "oai_identifier": f"oai:{settings.OAI_NAMESPACE}:{content.uid}",
        "marc": marc_text(content.published()),
        "merged": merged if reads.union_number(merged) else "",
    }
    return render(request, "record.html", context)


def _without_copies(content: reads.UnionContent) -> list[reads.Contributor]:
    """The libraries that send this record without saying anything of copies."""
    having = set(reads.holdings(content.id).values_list("library_id", flat=True))
    found = {member.library: member for member in content.members if member.library not in having}
    return sorted(found.values(), key=lambda member: member.library_name)


@anyone
@require_safe
def libraries(request: HttpRequest) -> HttpResponse:
    """The libraries of the network, by name."""
    every = Paginator(Library.objects.order_by("name_vi", "code"), 100).get_page(page_number(request))
    counts = dict(search("", size=1).facets.get("library", []))
    return render(
        request, "libraries.html", {"libraries": every, "rows": [(lib, counts.get(lib.code)) for lib in every]}
    )


@anyone
@require_safe
def library(request: HttpRequest, code: str) -> HttpResponse:
    """A library: what it sends and what of it is in the union catalog."""
    found = Library.objects.filter(code=code).first()
    if found is None:
        raise Http404
    states = reads.sources(library=found.code)
    newest = search("", {"library": [found.code]}, size=10)
    context = {
        "library": found,
        "sources": states,
        "live": sum(state.records.get("live", 0) for state in states),
        "rejected": sum(state.records.get("rejected", 0) for state in states),
        "rows": rows([hit.union_id for hit in newest.hits]),
        "contact": contacts.public(found),
    }
    return render(request, "library.html", context)
