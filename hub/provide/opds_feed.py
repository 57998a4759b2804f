"""What a feed of e-books says, before it is written as JSON or as Atom."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from hub.provide.opds_book import Book


@dataclass(frozen=True, slots=True)
class Place:
    """A feed that a feed leads to, with how many books are in it where that is known."""

    title: str
    address: str
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed: places to go to, or a page of books; ``search`` is the address that takes ``?query=``."""

    title: str
    address: str
    search: str
    start: str
    updated: datetime | None
    places: tuple[Place, ...] = ()
    books: tuple[Book, ...] = ()
    total: int = 0
    page: int = 1
    previous: str = ""
    next: str = ""
