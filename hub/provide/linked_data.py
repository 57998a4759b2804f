"""Union records as schema.org has them (https://schema.org/Book), for search engines."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import orjson
from django.conf import settings
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from hub.match.description import Description
from hub.provide.holders import Holder

KINDS = {"sound": "Audiobook", "video": "Movie", "map": "Map", "music": "SheetMusic", "serial": "Periodical"}
KINDS |= {"image": "VisualArtwork", "object": "CreativeWork", "mixed": "CreativeWork"}
ROLES = {"author": "author", "translator": "translator", "illustrator": "illustrator", "editor": "editor"}
UNSAFE = {ord("<"): "\\u003c", ord(">"): "\\u003e", ord("&"): "\\u0026"}  # nothing in it ends the element
AGES = {"a": "0-6", "b": "6-8", "c": "9-13", "d": "14-17", "j": "0-15"}


def address(uid: str) -> str:
    """The permanent address of a union record."""
    return settings.BASE_URL.rstrip("/") + reverse("record", args=[uid])


def json_ld(uid: str, it: Description, holders: Sequence[Holder] = ()) -> SafeString:
    """The record as JSON-LD that can stand in a page."""
    text = orjson.dumps({"@context": "https://schema.org", **described(uid, it, holders)}).decode()
    return mark_safe(text.translate(UNSAFE))  # noqa: S308


def described(uid: str, it: Description, holders: Sequence[Holder] = ()) -> dict[str, Any]:
    """The record as an object of schema.org; what it does not say is left out."""
    said: dict[str, Any] = {
        "@type": KINDS.get(it.form, "Book"),
        "@id": address(uid),
        "url": address(uid),
        "identifier": uid,
        "name": " : ".join(filter(None, (it.title, it.subtitle))) or uid,
        "alternateName": it.parallel,
        "inLanguage": it.languages or it.language,
        "datePublished": str(it.year) if it.year > 0 else "",
        "publisher": {"@type": "Organization", "name": it.publisher} if it.publisher else "",
        "isbn": it.isbns[0] if len(it.isbns) == 1 else it.isbns,
        "issn": it.issns if it.form == "serial" else "",
        "bookEdition": it.edition,
        "numberOfPages": it.pages,
        "about": it.subjects,
        "description": it.summary,
        "typicalAgeRange": AGES.get(it.audience, ""),
        "volumeNumber": it.volume,
        "bookFormat": "https://schema.org/EBook" if it.form == "electronic" else "",
        "offers": [_offer(code, name) for code, name in {h.code: h.name for h in holders if h.code}.items()],
    }
    for name, role in it.people:
        said.setdefault(ROLES.get(role, "contributor"), []).append({"@type": "Person", "name": name})
    return {name: value for name, value in said.items() if value}


def _offer(code: str, name: str) -> dict[str, Any]:
    """What a library lends (https://www.w3.org/community/schemabibex/wiki/Holdings_via_Offer)."""
    where = settings.BASE_URL.rstrip("/") + reverse("library", args=[code])
    return {
        "@type": "Offer",
        "businessFunction": "http://purl.org/goodrelations/v1#LeaseOut",
        "offeredBy": {"@type": "Library", "name": name, "url": where},
    }
