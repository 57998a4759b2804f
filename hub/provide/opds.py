"""Feeds of openly licensed e-books for reading apps: OPDS 2.0 (JSON) and OPDS 1.2 (Atom), by audience, with search.

https://drafts.opds.io/opds-2.0, https://specs.opds.io/opds-1.2. In the feeds is what has an open licence and a link
on the web, nothing else.
"""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from hub.accounts.access import anyone
from hub.catalog.index import OPEN
from hub.catalog.models import Union
from hub.catalog.reads import descriptions, totals, union_uid
from hub.catalog.search import DEEPEST, search
from hub.provide import opds_atom, opds_json
from hub.provide.names import AUDIENCE
from hub.provide.opds_book import Book, links_of
from hub.provide.opds_feed import Feed, Place
from hub.provide.views import page_number

SIZE = 50
AUDIENCES = ("a", "b", "c", "d", "j", "e", "g", "f")
Writer = Callable[[Feed], HttpResponse]


@anyone
@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """Where to begin, in OPDS 2.0."""
    return opds_json.answer(_start("opds-books", "opds"))


@anyone
@require_safe
def books(request: HttpRequest) -> HttpResponse:
    """Books, in OPDS 2.0."""
    return opds_json.answer(_books(request, "opds-books", "opds"))


@anyone
@require_safe
def start_1(request: HttpRequest) -> HttpResponse:
    """Where to begin, in OPDS 1.2."""
    return opds_atom.answer(_start("opds-books-1", "opds-1"))


@anyone
@require_safe
def books_1(request: HttpRequest) -> HttpResponse:
    """Books, in OPDS 1.2."""
    return opds_atom.answer(_books(request, "opds-books-1", "opds-1"))


def _address(name: str, **query: str | int) -> str:
    said = {key: value for key, value in query.items() if value not in ("", 1)}
    return settings.BASE_URL.rstrip("/") + reverse(name) + (f"?{urlencode(said)}" if said else "")


def _start(books: str, start: str) -> Feed:
    counts = dict(search("", {"availability": [OPEN]}, size=1).facets.get("audience", []))
    places = [Place(_("All open e-books, the newest first"), _address(books))]
    places += [
        Place(str(AUDIENCE[code]), _address(books, audience=code), counts[code])
        for code in AUDIENCES
        if counts.get(code)
    ]
    return Feed(
        _("Open e-books of the libraries of Hải Phòng"),
        _address(start),
        _address(books),
        _address(start),
        totals().updated,
        places=tuple(places),
    )


def _books(request: HttpRequest, books: str, start: str) -> Feed:
    audience = request.GET.get("audience", "")
    audience = audience if audience in AUDIENCE else ""
    query = request.GET.get("query", "").replace("\x00", "").strip()[:400]
    number = min(page_number(request), DEEPEST // SIZE)
    filters = {"availability": [OPEN]} | ({"audience": [audience]} if audience else {})
    found = search(query, filters, number, SIZE)
    numbers = [hit.union_id for hit in found.hits]
    said, stamps = descriptions(numbers), dict(Union.objects.filter(id__in=numbers).values_list("id", "datestamp"))
    listed = [Book(union_uid(n), said[n], stamps[n], links_of(said[n])) for n in numbers if n in said and n in stamps]
    there = {"audience": audience, "query": query}
    more = number * SIZE < min(found.total, DEEPEST)
    return Feed(
        query or (str(AUDIENCE[audience]) if audience else _("All open e-books, the newest first")),
        _address(books, **there, page=number),
        _address(books),
        _address(start),
        max(stamps.values(), default=totals().updated),
        books=tuple(book for book in listed if book.links),
        total=found.total,
        page=number,
        previous=_address(books, **there, page=number - 1) if number > 1 else "",
        next=_address(books, **there, page=number + 1) if more else "",
    )
