"""The search index: a tantivy index that is built from the tables and can be thrown away.

Text is indexed twice. *Exact*: words in lower case, where marks count. *Folded*: without marks, đ as d. ``whole`` is
the whole title as one term, in both forms. ``weight`` is what the holders of a record, and how much it says, do for its
rank.
"""

from __future__ import annotations

import math
import os
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from types import TracebackType
from typing import NamedTuple

import orjson
import tantivy
from tantivy import Query

from hub.catalog.ordering import order_key
from hub.catalog.query import FOLDING, WORDS, isbn_key
from hub.home import home
from hub.match.description import Description

SCHEMA_VERSION = 3
FACETS = ("library", "unit", "kind", "audience", "language", "decade", "form", "availability")
TEXTS = ("title", "author", "subject", "publisher")  # each also as NAME_folded
ORDERS = ("title_order", "author_order")  # what lists are sorted by
COPIES, ONLINE, OPEN = "copies", "online", "open"  # the values of availability
HEAP = 160_000_000
WEB = ("http://", "https://")
HOLDERS = 0.12  # what twice as many holders add to a score, as a part of it
BRIEF = 0.85  # of the score of a record that says little


def folder() -> Path:
    """Where the index lies."""
    return home() / "index"


@lru_cache(maxsize=1)
def schema() -> tantivy.Schema:
    """The fields of the index; whoever changes them, or what is put into them, raises SCHEMA_VERSION."""
    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field("union", indexed=True, fast=True)
    builder.add_integer_field("work", indexed=True, fast=True)
    builder.add_unsigned_field("year", fast=True)
    builder.add_float_field("weight", fast=True)
    for name in ("exact", *TEXTS):
        builder.add_text_field(name, tokenizer_name="words", index_option="position")
    for name in ("folded", *(f"{name}_folded" for name in TEXTS)):
        builder.add_text_field(name, tokenizer_name="folding", index_option="position")
    for name in ("isbn", "issn", "whole"):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    builder.add_text_field("volume", tokenizer_name="raw", fast=True, index_option="basic")
    for name in (*ORDERS, *FACETS):
        builder.add_text_field(name, tokenizer_name="raw", fast=True, index_option="basic")
    return builder.build()


def _open(path: Path) -> tantivy.Index:
    """The index at ``path``, made if it is not there; ``ValueError`` when it has another schema."""
    path.mkdir(parents=True, exist_ok=True)
    index = tantivy.Index(schema(), path=str(path))
    index.register_tokenizer("words", WORDS)
    index.register_tokenizer("folding", FOLDING)
    return index


class Held(NamedTuple):
    """Who has a union record, and how: what the index knows beside its description."""

    libraries: Sequence[str] = ()
    kinds: Sequence[str] = ()
    units: Sequence[str] = ()
    copies: int = 0
    is_open: bool = False
    work: int = 0  # hub.match.work.work_key; 0: none is known


class IndexWriter:
    """Writes the index; nothing is seen by readers before :meth:`commit`, which leaving the context does.

    ``fresh`` starts an empty index, for building it anew: records are then put without looking for an older version.
    One writer at a time: a second one is refused with ``ValueError``.
    """

    def __init__(self, *, fresh: bool = False, threads: int = 0) -> None:
        if fresh:
            shutil.rmtree(folder(), ignore_errors=True)
        threads = threads or min(os.cpu_count() or 1, 4)
        self._fresh = fresh
        self._schema = schema()
        self._writer = _open(folder()).writer(HEAP * threads, threads)
        self._writer.garbage_collect_files()  # of a writer that died: a file of its commit would be in the way of ours

    def put(self, union_id: int, description: Description, held: Held) -> None:
        """Index a union record, in place of what was indexed under its number."""
        self.add(union_id, document(union_id, description, held))

    def add(self, union_id: int, made: str) -> None:
        """Index what :func:`document` has made, in place of what was indexed under the number."""
        if not self._fresh:
            self.delete(union_id)
        self._writer.add_json(made)

    def delete(self, union_id: int) -> None:
        """Take a union record out of the index."""
        self._writer.delete_documents_by_query(Query.term_query(self._schema, "union", union_id))

    def commit(self) -> None:
        self._writer.commit()

    def __enter__(self) -> IndexWriter:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if kind is None:
            self.commit()
        else:
            self._writer.rollback()
        self._writer.wait_merging_threads()


def document(union_id: int, it: Description, held: Held) -> str:
    """What is indexed of a union record, as JSON."""
    title = " ".join(filter(None, (it.title, it.subtitle, it.part, it.parallel)))
    author = " ".join([it.responsibility, *(person[0] for person in it.people)])
    subject = " ".join(it.subjects)
    text = " ".join(
        (title, author, it.publisher, it.place, it.series, subject, it.summary, *it.issns, str(it.year or ""))
    )
    made: dict[str, object] = {
        "union": union_id,
        "work": held.work or -union_id,
        "year": max(it.year, 0),
        "weight": weight(len(held.libraries), says_little(it)),
        "title": title,
        "author": author,
        "exact": text,
        "title_folded": title,
        "author_folded": author,
        "folded": text,
        "whole": whole(it.title),
        "title_order": order_key(" ".join((it.title, it.subtitle, it.part))),
        "author_order": order_key(it.people[0][0] if it.people else it.responsibility),
        "form": it.form or [],
        "language": it.languages or it.language or [],
        "library": held.libraries,
        "kind": held.kinds,
        "unit": held.units,
        "availability": _availability(it, held),
    }
    if it.subjects:
        made["subject"] = made["subject_folded"] = subject
    if it.publisher:
        made["publisher"] = made["publisher_folded"] = it.publisher
    if it.isbns:
        made["isbn"] = [isbn_key(isbn) for isbn in it.isbns]
    if it.issns:
        made["issn"] = [issn_key(issn) for issn in it.issns]
    if it.volume or it.part:
        made["volume"] = it.volume or it.part
    if it.year > 0:
        made["decade"] = str(it.year // 10 * 10)
    if it.audience:
        made["audience"] = it.audience
    return orjson.dumps({name: value for name, value in made.items() if value or value == 0}).decode()


def whole(title: str) -> list[str]:
    """A title as one term: as it is written, and folded."""
    words = WORDS.analyze(title[:200])
    exact = " ".join(words)
    folded = " ".join(FOLDING.analyze(exact))
    return [exact] if exact == folded else [exact, folded]


def issn_key(issn: str) -> str:
    """An ISSN by its figures: eight of them, the last may be X."""
    return issn.replace("-", "").upper()


def weight(holders: int, brief: bool = False) -> float:
    """What makes a searcher multiply scores by 1 + HOLDERS · log2(1 + holders): it takes log2(2 + weight).

    Those of a record that says little are multiplied by BRIEF as well.
    """
    factor = 1 + HOLDERS * math.log2(1 + holders)
    return float(2 ** (factor * BRIEF if brief else factor) - 2)


def says_little(it: Description) -> bool:
    """Whether a record says no more than a title and a name: of two that fit alike the fuller is meant."""
    return not (it.publisher or it.year or it.isbns or it.pages)


def _availability(it: Description, held: Held) -> list[str]:
    linked = any(link.startswith(WEB) for link in it.links)
    kept = ((COPIES, held.copies > 0), (ONLINE, linked), (OPEN, linked and held.is_open))
    return [name for name, holds in kept if holds]


@dataclass(frozen=True)
class Reader:
    """An opened index and the state of its files (compared by that state alone)."""

    state: tuple[str, int, int, int]
    searcher: tantivy.Searcher = field(compare=False)

    def count(self, tree: Query) -> int:
        return int(getattr(self.searcher.search(tree, 1), "count", 0) or 0)


def reader() -> Reader | None:
    """The index as last committed, or ``None`` before the first commit."""
    try:
        meta = (folder() / "meta.json").stat()
    except FileNotFoundError:
        return None
    return _opened((str(folder()), meta.st_ino, meta.st_mtime_ns, meta.st_size))


@lru_cache(maxsize=1)
def _opened(state: tuple[str, int, int, int]) -> Reader | None:
    try:
        index = _open(Path(state[0]))
    except ValueError:  # of another schema, or half written: to be built anew
        return None
    return Reader(state, index.searcher())
