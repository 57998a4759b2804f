"""The known truth: which record describes which publication."""

from __future__ import annotations

from collections.abc import Iterable

from tests.sample_network.books import Book, Copy, ascii_only
from tests.sample_network.marc import author_of
from tests.sample_network.tables import clan_author, clan_title

SILENT_FORMS = {"text", "comic"}  # other carriers do not stand on a bookshelf without saying so


def clan_cluster(copy: Copy, name: str, books: Iterable[Book]) -> str:
    """The publication, if only one of the network fits what the clan's list says; else a cluster of its own."""
    title, author = clan_title(copy.said).lower(), clan_author(copy).lower()
    fitting = [book for book in books if _fits(book, title, author)]
    return fitting[0].key if fitting == [copy.book] else name


def _fits(book: Book, title: str, author: str) -> bool:
    if book.form not in SILENT_FORMS or clan_title(book).lower() != title:
        return False
    written = ascii_only(author_of(book)).lower()
    return not author or not written or author == written
