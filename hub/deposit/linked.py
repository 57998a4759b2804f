"""Deposits and the union catalog: which record a publication is, and what publishers announce without declaring it."""

from __future__ import annotations

from dataclasses import dataclass

from hub.catalog.models import Bib
from hub.catalog.query import isbn_key
from hub.catalog.reads import union_uid
from hub.catalog.search import with_isbn
from hub.deposit.models import Publication
from hub.match.description import Description
from hub.network.models import Library

LOOKED_AT = 2_000  # records of a publisher, the newest


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


def announced(publisher: Library) -> list[Announced]:
    """What is in a publisher's own records with an ISBN and was not declared, the newest first."""
    rows = Bib.objects.filter(record__source__library=publisher, record__state="live").order_by("-record_id")
    declared = set(Publication.objects.filter(publisher=publisher).values_list("isbn", flat=True))
    found: dict[str, Announced] = {}
    for number, text in rows.values_list("record_id", "description")[:LOOKED_AT]:
        said = Description.load(text)
        isbn = next((one for one in said.isbns if len(one) == 13), "")
        if isbn and not set(said.isbns) & declared:
            title = " ".join(filter(None, (said.title, said.part)))
            author = "; ".join(name for name, *_ in said.people[:3])
            found.setdefault(isbn, Announced(number, title, author, isbn, said.year, said.audience))
    return list(found.values())
