"""Search and facets over the union catalog: a tantivy index that is built from the tables and can be thrown away.

Text is indexed twice. *Exact*: words in lower case, where marks count. *Folded*: without marks, đ as d. A word typed
with marks must match exactly, in each of its spellings (hòa, hoà; ký, kí); a word typed without matches every way of
marking it, the unmarked first. When hardly anything is found exactly, the marks are let go and the result says so.
Queries are built as trees, never as query language.
"""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice, product
from pathlib import Path
from types import TracebackType

import tantivy
from tantivy import Occur, Query

from hub.catalog.query import FOLDING, WORDS, Wish, Word, isbn_key, understand
from hub.home import home
from hub.match.description import Description

SCHEMA_VERSION = 1
FACETS = ("library", "kind", "language", "decade", "form", "audience")
FEW = 3  # with fewer exact results than this the marks are let go
MOST_SPELLINGS, MOST_VALUES, DEEPEST = 16, 2_000, 10_000
HEAP = 160_000_000
BOOSTS = (("title", 6.0), ("author", 3.0), ("exact", 1.0))


def folder() -> Path:
    """Where the index lies."""
    return home() / "index"


@lru_cache(maxsize=1)
def _schema() -> tantivy.Schema:
    schema = tantivy.SchemaBuilder()
    schema.add_unsigned_field("union", indexed=True, fast=True)
    schema.add_unsigned_field("year", fast=True)
    for name in ("exact", "title"):
        schema.add_text_field(name, tokenizer_name="words", index_option="position")
    schema.add_text_field("author", tokenizer_name="words", index_option="freq")
    for name in ("folded", "title_folded"):
        schema.add_text_field(name, tokenizer_name="folding", index_option="position")
    schema.add_text_field("author_folded", tokenizer_name="folding", index_option="freq")
    schema.add_text_field("isbn", tokenizer_name="raw", index_option="basic")
    for name in FACETS:
        schema.add_text_field(name, tokenizer_name="raw", fast=True, index_option="basic")
    return schema.build()


def _open(path: Path) -> tantivy.Index:
    """The index at ``path``, made if it is not there; ``ValueError`` when it has another schema."""
    path.mkdir(parents=True, exist_ok=True)
    index = tantivy.Index(_schema(), path=str(path))
    index.register_tokenizer("words", WORDS)
    index.register_tokenizer("folding", FOLDING)
    return index


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
        self._schema = _schema()
        self._writer = _open(folder()).writer(HEAP * threads, threads)
        self._writer.garbage_collect_files()  # of a writer that died: a file of its commit would be in the way of ours

    def put(self, union_id: int, description: Description, libraries: Sequence[str], kinds: Sequence[str]) -> None:
        """Index a union record, in place of what was indexed under its number."""
        if not self._fresh:
            self.delete(union_id)
        document = _document(union_id, description, libraries, kinds)
        self._writer.add_document(tantivy.Document.from_dict(document, self._schema))

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


def _document(union_id: int, it: Description, libraries: Sequence[str], kinds: Sequence[str]) -> dict[str, object]:
    title = " ".join(filter(None, (it.title, it.subtitle, it.part, it.parallel)))
    author = " ".join([it.responsibility, *(person[0] for person in it.people)])
    text = " ".join(
        (title, author, it.publisher, it.place, it.series, *it.subjects, it.summary, *it.issns, str(it.year or ""))
    )
    return {
        "union": union_id,
        "year": max(it.year, 0),
        "title": title,
        "author": author,
        "exact": text,
        "title_folded": title,
        "author_folded": author,
        "folded": text,
        "isbn": [isbn_key(isbn) for isbn in it.isbns],
        "library": [*libraries],
        "kind": [*kinds],
        "language": it.languages or it.language or [],
        "decade": str(it.year // 10 * 10) if it.year > 0 else [],
        "form": it.form or [],
        "audience": it.audience or [],
    }


@dataclass(frozen=True, slots=True)
class Hit:
    """A union record found."""

    union_id: int
    score: float


@dataclass(frozen=True, slots=True)
class Results:
    """One page of what was found.

    ``facets`` gives for each facet (value, count), the largest first; the counts of a facet leave its own filter
    out, so that another value can still be chosen. ``folded`` says that marks were let go to find these.
    """

    total: int = 0
    hits: tuple[Hit, ...] = ()
    facets: dict[str, list[tuple[str, int]]] = field(default_factory=dict)
    folded: bool = False
    seconds: float = 0.0


def search(
    query: str,
    filters: Mapping[str, Sequence[str]] | None = None,
    page: int = 1,
    size: int = 20,
    *,
    newest: bool = False,
) -> Results:
    """One page (from 1) of the union records that match ``query`` and, in each facet of ``filters``, one of its values.

    Without words everything matches, the newest first. Times are in seconds.
    """
    started = time.perf_counter()
    index = _reader()
    if index is None:
        return Results()
    wish = understand(query)
    chosen = tuple((name, tuple(sorted(set(filters[name])))) for name in FACETS if filters and filters.get(name))
    folded = _widen(index, wish, chosen)
    tree = _all_of(_matching(wish, folded), *(_one_of(*choice) for choice in chosen))
    offset = max(min((page - 1) * size, DEEPEST - size), 0)
    by_year = newest or not (wish.all_words or wish.isbn)
    ranked = tree if by_year else _ranked(tree, wish, folded)
    found = index.searcher.search(ranked, size, offset=offset, order_by_field="year" if by_year else None)
    numbers = index.searcher.fast_field_values("union", [address for _, address in found.hits])
    hits = tuple(Hit(int(n or 0), float(s or 0)) for n, (s, _) in zip(numbers, found.hits, strict=True))
    facets = _facets(index, wish, folded, chosen)
    return Results(int(getattr(found, "count", 0) or 0), hits, facets, folded, time.perf_counter() - started)


@dataclass(frozen=True)
class Reader:
    """An opened index and the state of its files (compared by that state alone)."""

    state: tuple[str, int, int, int]
    searcher: tantivy.Searcher = field(compare=False)

    def count(self, tree: Query) -> int:
        return int(getattr(self.searcher.search(tree, 1), "count", 0) or 0)


def _reader() -> Reader | None:
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


Choice = tuple[str, tuple[str, ...]]


def _widen(index: Reader, wish: Wish, chosen: tuple[Choice, ...]) -> bool:
    """Whether to let the marks go: they were typed, hardly anything has them, and more is found without."""
    if not wish.marked:
        return False
    filters = [_one_of(*choice) for choice in chosen]
    exact = index.count(_all_of(_matching(wish, False), *filters))
    return exact < FEW and index.count(_all_of(_matching(wish, True), *filters)) > exact


def _term(name: str, values: Sequence[str]) -> Query:
    """Any of the spellings of a word."""
    queries = [Query.term_query(_schema(), name, value) for value in values]
    return queries[0] if len(queries) == 1 else Query.disjunction_max_query(queries)


def _all_of(*queries: Query) -> Query:
    return Query.boolean_query([(Occur.Must, query) for query in queries])


def _one_of(name: str, values: Iterable[str]) -> Query:
    """Any of the values of a facet; it says nothing about rank."""
    return Query.const_score_query(Query.term_set_query(_schema(), name, [*values]), 0.0)


def _matching(wish: Wish, folded: bool) -> Query:
    """What must match, word by word."""
    if wish.isbn:
        return _term("isbn", [wish.isbn])
    parts = [
        _term("exact", word.exact) if word.marked and not folded else _term("folded", word.folded)
        for word in wish.words
    ]
    parts += [_phrase(words, folded or not any(word.marked for word in words)) for words in wish.phrases]
    return _all_of(*parts) if parts else Query.all_query()


def _phrase(words: Sequence[Word], folded: bool, name: str = "") -> Query:
    name = (f"{name}_folded" if name else "folded") if folded else (name or "exact")
    values = [word.folded if folded else word.exact for word in words]
    if len(values) == 1:
        return _term(name, values[0])
    ways = islice(product(*values), MOST_SPELLINGS)
    return Query.disjunction_max_query([Query.phrase_query(_schema(), name, [*way]) for way in ways])


def _ranked(tree: Query, wish: Wish, folded: bool) -> Query:
    """The matching tree with what makes a record come first: title before author before the rest, marks as typed."""
    better: list[tuple[Query, float]] = []
    for word in wish.all_words:
        better += [(_term(name, word.exact), boost) for name, boost in BOOSTS]
        if folded or not word.marked:
            better += [(_term("title_folded", word.folded), 2.0), (_term("author_folded", word.folded), 1.0)]
    if len(wish.words) > 1:
        better.append((_phrase(wish.words, False, "title"), 6.0))
        better.append((_phrase(wish.words, True, "title"), 3.0))
    boosted = [(Occur.Should, Query.boost_query(query, boost)) for query, boost in better]
    return Query.boolean_query([(Occur.Must, tree), *boosted])


@lru_cache(maxsize=512)
def _facets(index: Reader, wish: Wish, folded: bool, chosen: tuple[Choice, ...]) -> dict[str, list[tuple[str, int]]]:
    """The counts of every facet. Facets with a choice are each counted without it, the others together."""
    free = [name for name in FACETS if name not in dict(chosen)]
    groups = [(free, chosen)] if free else []
    groups += [([name], tuple(choice for choice in chosen if choice[0] != name)) for name, _ in chosen]
    counts = {}
    for names, choices in groups:
        tree = _all_of(_matching(wish, folded), *(_one_of(*choice) for choice in choices))
        asked = {name: {"terms": {"field": name, "size": MOST_VALUES}} for name in names}
        for name, answer in index.searcher.aggregate(tree, asked).items():
            counts[name] = [(bucket["key"], bucket["doc_count"]) for bucket in answer["buckets"]]
    return {name: counts[name] for name in FACETS}
