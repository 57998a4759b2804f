"""OPDS 1.2 (https://specs.opds.io/opds-1.2): feeds in Atom (RFC 4287)."""

from __future__ import annotations

from datetime import UTC, datetime

from django.http import HttpResponse
from lxml import etree

from hub.provide.linked_data import address
from hub.provide.opds_book import Book
from hub.provide.opds_feed import Feed, Place
from hub.provide.opds_json import LANGUAGES, OPEN_ACCESS, SIZE
from schemas.marcxml import NOT_XML

ATOM, DC = "http://www.w3.org/2005/Atom", "http://purl.org/dc/terms/"
SEARCH = "http://a9.com/-/spec/opensearch/1.1/"
NAMESPACES = {None: ATOM, "dc": DC, "opds": "http://opds-spec.org/2010/catalog", "opensearch": SEARCH}
NAVIGATION = "application/atom+xml;profile=opds-catalog;kind=navigation"
ACQUISITION = "application/atom+xml;profile=opds-catalog;kind=acquisition"
DESCRIPTION = "application/opensearchdescription+xml"
NEVER = datetime(2020, 1, 1, tzinfo=UTC)


def answer(feed: Feed) -> HttpResponse:
    """The feed as it is sent."""
    kind = NAVIGATION if feed.places else ACQUISITION
    root = written(feed, kind)
    return HttpResponse(etree.tostring(root, xml_declaration=True, encoding="UTF-8"), content_type=kind)


def written(feed: Feed, kind: str) -> etree._Element:
    """The feed as an element."""
    root = etree.Element(f"{{{ATOM}}}feed", nsmap=NAMESPACES)
    _add(root, "id", feed.address)
    _add(root, "title", feed.title)
    _add(root, "updated", _moment(feed.updated))
    _add(etree.SubElement(root, f"{{{ATOM}}}author"), "name", "Liên thông")
    site = feed.start.rpartition("/opds")[0]
    _link(root, "self", feed.address, kind)
    _link(root, "start", feed.start, NAVIGATION)
    _link(root, "search", f"{site}/opensearch.xml", DESCRIPTION)
    for rel, to in (("previous", feed.previous), ("next", feed.next)):
        if to:
            _link(root, rel, to, ACQUISITION)
    for place in feed.places:
        _place(root, place, feed.updated)
    if not feed.places:
        for name, value in (
            ("totalResults", feed.total),
            ("itemsPerPage", SIZE),
            ("startIndex", (feed.page - 1) * SIZE + 1),
        ):
            etree.SubElement(root, f"{{{SEARCH}}}{name}").text = str(value)
        for book in feed.books:
            _book(root, book)
    return root


def _place(root: etree._Element, place: Place, updated: datetime | None) -> None:
    entry = etree.SubElement(root, f"{{{ATOM}}}entry")
    _add(entry, "title", place.title)
    _add(entry, "id", place.address)
    _add(entry, "updated", _moment(updated))
    _add(entry, "content", place.title if place.count is None else f"{place.title} ({place.count})", type="text")
    _link(entry, "subsection", place.address, ACQUISITION)


def _book(root: etree._Element, book: Book) -> None:
    it = book.description
    entry = etree.SubElement(root, f"{{{ATOM}}}entry")
    _add(entry, "title", " : ".join(filter(None, (it.title, it.subtitle))) or book.uid)
    _add(entry, "id", address(book.uid))
    _add(entry, "updated", _moment(book.updated))
    for name, role in it.people:
        _add(etree.SubElement(entry, f"{{{ATOM}}}{'author' if role == 'author' else 'contributor'}"), "name", name)
    for code in it.languages or [it.language]:
        _said(entry, "language", LANGUAGES.get(code, code))
    _said(entry, "publisher", it.publisher)
    _said(entry, "issued", f"{it.year:04d}" if it.year > 0 else "")
    for isbn in it.isbns:
        _said(entry, "identifier", f"urn:isbn:{isbn}")
    for subject in it.subjects:
        term = NOT_XML.sub("", subject)
        etree.SubElement(entry, f"{{{ATOM}}}category", term=term, label=term)
    if it.summary:
        _add(entry, "summary", it.summary, type="text")
    for link, kind in book.links:
        _link(entry, OPEN_ACCESS, link, kind)
    _link(entry, "alternate", address(book.uid), "text/html")


def _moment(value: datetime | None) -> str:
    return (value or NEVER).astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _add(parent: etree._Element, name: str, text: str, **attributes: str) -> None:
    etree.SubElement(parent, f"{{{ATOM}}}{name}", attributes).text = NOT_XML.sub("", text)


def _said(parent: etree._Element, name: str, text: str) -> None:
    if text:
        etree.SubElement(parent, f"{{{DC}}}{name}").text = NOT_XML.sub("", text)


def _link(parent: etree._Element, rel: str, href: str, kind: str) -> None:
    etree.SubElement(parent, f"{{{ATOM}}}link", rel=rel, href=NOT_XML.sub("", href), type=kind)
