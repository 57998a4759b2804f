"""Deposits and the union catalog: which record a publication is, what is announced or held without being declared."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from hub.catalog.models import Bib
from hub.catalog.query import isbn_key
from hub.catalog.reads import descriptions, union_uid
from hub.catalog.search import search, with_isbn
from hub.deposit.models import Publication
from hub.match.description import Description
from hub.network.models import Library
from hub.normalize.text import fold

LOOKED_AT = 2_000  # records of a publisher, the newest
A_SEARCH = 100
BEFORE = re.compile(r"^\s*(?:nhà xuất bản|nxb\.?)\s+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Announced:
    """What a publisher has told of, in its feed or list, and not declared."""

    record: int
    title: str
    author: str
    isbn: str
    year: int | None
    audience: str


def union_of(publication: Publication) -> str:
    """The name of the union record of a publication, by its ISBN; "" where there is none, or more than one."""
    found = with_isbn([isbn_key(publication.isbn)]) if publication.isbn else []
    return union_uid(found[0]) if len(found) == 1 else ""


def held(publisher: Library, day: date) -> list[Announced]:
    """What libraries have catalogued of a publisher since last year, with an ISBN, that nobody declared."""
    name = BEFORE.sub("", publisher.name_vi).strip()
    found: dict[str, Announced] = {}
    hits = search(f'nxb:"{name.replace(chr(34), " ")}"', newest=True, size=A_SEARCH, years=(day.year - 1, 0)).hits
    said = descriptions([hit.union_id for hit in hits]) if name else {}
    declared = set(Publication.objects.filter(publisher=publisher).values_list("isbn", flat=True))
    for number, one in said.items():
        isbn = next((isbn for isbn in one.isbns if len(isbn) == 13), "")
        if isbn and not set(one.isbns) & declared and fold(name) in fold(one.publisher):
            found.setdefault(isbn, _announced(number, one, isbn))
    return list(found.values())


def _announced(number: int, said: Description, isbn: str) -> Announced:
    title = " ".join(filter(None, (said.title, said.part)))
    author = "; ".join(name for name, *_ in said.people[:3])
    return Announced(number, title, author, isbn, said.year, said.audience)


def announced(publisher: Library) -> list[Announced]:
    """What is in a publisher's own records with an ISBN and was not declared, the newest first."""
    rows = Bib.objects.filter(record__source__library=publisher, record__state="live").order_by("-record_id")
    declared = set(Publication.objects.filter(publisher=publisher).values_list("isbn", flat=True))
    found: dict[str, Announced] = {}
    for number, text in rows.values_list("record_id", "description")[:LOOKED_AT]:
        said = Description.load(text)
        isbn = next((one for one in said.isbns if len(one) == 13), "")
        if isbn and not set(said.isbns) & declared:
            found.setdefault(isbn, _announced(number, said, isbn))
    return list(found.values())
