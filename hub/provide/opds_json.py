"""OPDS 2.0 (https://drafts.opds.io/opds-2.0): feeds in JSON, publications as the Readium manifest has them."""

from __future__ import annotations

from datetime import UTC
from typing import Any

import orjson
from django.http import HttpResponse

from hub.provide.linked_data import address
from hub.provide.opds_book import Book
from hub.provide.opds_feed import Feed

MEDIA = "application/opds+json"
PUBLICATION = "application/opds-publication+json"
OPEN_ACCESS = "http://opds-spec.org/acquisition/open-access"
SIZE = 50
LANGUAGES = {"vie": "vi", "eng": "en", "fre": "fr", "rus": "ru", "chi": "zh", "jpn": "ja", "kor": "ko", "ger": "de"}
ROLES = {"author": "author", "translator": "translator", "illustrator": "illustrator", "editor": "editor"}


def answer(feed: Feed) -> HttpResponse:
    """The feed as it is sent; any reading app may read it from any page."""
    headers = {"Access-Control-Allow-Origin": "*"}
    return HttpResponse(orjson.dumps(written(feed)), content_type=MEDIA, headers=headers)


def written(feed: Feed) -> dict[str, Any]:
    """The feed as an object."""
    links = [
        {"rel": "self", "href": feed.address, "type": MEDIA},
        {"rel": "start", "href": feed.start, "type": MEDIA},
        {"rel": "search", "href": feed.search + "{?query}", "type": MEDIA, "templated": True},
    ]
    links += [
        {"rel": rel, "href": to, "type": MEDIA} for rel, to in (("previous", feed.previous), ("next", feed.next)) if to
    ]
    metadata: dict[str, Any] = {"title": feed.title}
    if feed.updated:
        metadata["modified"] = feed.updated.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    made: dict[str, Any] = {"metadata": metadata, "links": links}
    if feed.places:
        made["navigation"] = [
            {"title": place.title, "href": place.address, "type": MEDIA, "rel": "subsection"}
            | ({"properties": {"numberOfItems": place.count}} if place.count is not None else {})
            for place in feed.places
        ]
    else:
        metadata |= {"numberOfItems": feed.total, "itemsPerPage": SIZE, "currentPage": feed.page}
        made["publications"] = [publication(book) for book in feed.books]
    return made


def publication(book: Book) -> dict[str, Any]:
    """A book: what it is, and where it can be had for nothing."""
    it = book.description
    metadata: dict[str, Any] = {
        "@type": "http://schema.org/Audiobook" if it.form == "sound" else "http://schema.org/Book",
        "identifier": f"urn:isbn:{it.isbns[0]}" if it.isbns and it.isbns[0].isdigit() else address(book.uid),
        "title": it.title or book.uid,
        "subtitle": it.subtitle,
        "publisher": it.publisher,
        "published": f"{it.year:04d}" if it.year > 0 else "",
        "modified": book.updated.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
        "language": [LANGUAGES.get(code, code) for code in it.languages or [it.language] if code],
        "description": it.summary,
        "numberOfPages": it.pages,
        "subject": it.subjects,
    }
    for name, role in it.people:
        metadata.setdefault(ROLES.get(role, "contributor"), []).append(name)
    links = [{"rel": OPEN_ACCESS, "href": link, "type": kind} for link, kind in book.links]
    links.append({"rel": "alternate", "href": address(book.uid), "type": "text/html"})
    return {"metadata": {name: value for name, value in metadata.items() if value}, "links": links, "images": []}
