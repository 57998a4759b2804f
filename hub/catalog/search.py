"""Search and facets over the union catalog.

A word typed with marks must match exactly, in each of its spellings (hòa, hoà; ký, kí); a word typed without matches
every way of marking it, the unmarked first. When hardly anything is found exactly the marks are let go, when nothing
is found at all so is a letter of each word, and the result says so. Queries are built as trees, never as query
language.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import islice, product

from tantivy import FieldType, Occur, Query

from hub.catalog.index import FACETS, Held, IndexWriter, Reader, folder, reader, schema
from hub.catalog.query import Part, Wish, Word, understand

__all__ = [
    "DEEPEST",
    "FACETS",
    "Held",
    "Hit",
    "IndexWriter",
    "Results",
    "folder",
    "look",
    "search",
    "similar",
    "with_isbn",
]

FEW = 3  # with fewer exact results than this the marks are let go
MOST_SPELLINGS, MOST_VALUES, DEEPEST = 16, 2_000, 10_000
EXACTLY = 2_000  # up to so many results the works among them are counted one by one
BOOSTS = (("title", 6.0), ("author", 3.0), ("exact", 1.0))
STARTS = (  # of words that are heard, and typed, one for the other
    ("ch", "tr"), ("tr", "ch"), ("s", "x"), ("x", "s"), ("l", "n"), ("n", "l"), ("d", "gi"), ("gi", "d"), ("r", "d"),
    ("d", "r"), ("c", "k"), ("k", "c"), ("ngh", "ng"), ("ng", "ngh"), ("gh", "g"), ("g", "gh"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Hit:
    """A union record found."""

    union_id: int
    score: float
    work: int = 0


@dataclass(frozen=True, slots=True)
class Editions:
    """The union records of a work in the whole catalog, and the volumes among them."""

    records: int
    volumes: int


@dataclass(frozen=True, slots=True)
class Results:
    """One page of what was found.

    ``facets`` gives for each facet (value, count), the largest first; the counts of a facet leave its own filter
    out, so that another value can still be chosen. ``folded`` says that marks were let go to find these, ``fuzzy``
    that letters were. ``works`` is how many works ``total`` union records are of (about, when they are many);
    ``editions`` tells of those on this page that have more than one record.
    """

    total: int = 0
    hits: tuple[Hit, ...] = ()
    facets: dict[str, list[tuple[str, int]]] = field(default_factory=dict)
    folded: bool = False
    seconds: float = 0.0
    fuzzy: bool = False
    works: int = 0
    editions: dict[int, Editions] = field(default_factory=dict)


def search(
    query: str,
    filters: Mapping[str, Sequence[str]] | None = None,
    page: int = 1,
    size: int = 20,
    *,
    newest: bool = False,
    by_work: bool = False,
    years: tuple[int, int] | None = None,
) -> Results:
    """One page (from 1) of the union records that match ``query`` and, in each facet of ``filters``, one of its values.

    Without words everything matches, the newest first. ``by_work`` gives of each work the record that matches best;
    ``years`` are the first and the last, 0 for none. Times are in seconds.
    """
    started = time.perf_counter()
    index = reader()
    if index is None:
        return Results()
    wish = understand(query)
    wish = replace(wish, years=years) if years and not wish.years else wish
    chosen = tuple((name, tuple(sorted(set(filters[name])))) for name in FACETS if filters and filters.get(name))
    how = _widen(index, wish, chosen)
    tree = _all_of(_matching(wish, how.folded, how.fuzzy), *(_one_of(*choice) for choice in chosen))
    ranked = None if newest or not (wish.all_words or wish.isbn) else _ranked(tree, wish, how.folded)
    first = max(min((page - 1) * size, DEEPEST - size), 0)
    facets = _facets(index, wish, how, chosen)
    if by_work:
        total, hits, works = _by_work(index, tree, ranked, first, size)
        editions = _editions(index, hits)
    else:
        (total, hits), works, editions = look(index, tree, first, size, ranked), 0, {}
    taken = time.perf_counter() - started
    return Results(total, hits, facets, how.folded, taken, how.fuzzy, works, editions)


def similar(query: str, filters: Mapping[str, Sequence[str]] | None = None, size: int = 10) -> Results:
    """What is found when marks and a letter of each word are let go: where other wordings are looked for."""
    index, wish = reader(), understand(query)
    if index is None or not wish.words:
        return Results()
    chosen = [_one_of(name, filters[name]) for name in FACETS if filters and filters.get(name)]
    tree = _all_of(_matching(wish, True, True), *chosen)
    total, hits = look(index, tree, 0, size, _ranked(tree, wish, True))
    return Results(total, hits, folded=True, fuzzy=True)


def with_isbn(keys: Sequence[str]) -> list[int]:
    """The union records that have one of some ISBNs (:func:`hub.catalog.query.isbn_key`), at most a hundred."""
    index = reader()
    if index is None or not keys:
        return []
    tree = Query.term_set_query(schema(), "isbn", [*keys])
    return [hit.union_id for hit in look(index, tree, 0, 100, None)[1]]


def look(index: Reader, tree: Query, first: int, size: int, ranked: Query | None) -> tuple[int, tuple[Hit, ...]]:
    """How many records match and a page of them from ``first``: by ``ranked``, or without it the newest first."""
    if ranked is None:
        found = index.searcher.search(tree, size, offset=first, order_by_field="year")
    else:
        found = index.searcher.search(ranked, size, offset=first, weight_by_field="weight")
    addresses = [address for _, address in found.hits]
    numbers = index.searcher.fast_field_values("union", addresses)
    works = index.searcher.fast_field_values("work", addresses)
    rows = zip(numbers, works, found.hits, strict=True)
    hits = tuple(Hit(int(n or 0), float(s or 0), int(w or 0)) for n, w, (s, _) in rows)
    return int(getattr(found, "count", 0) or 0), hits


def _by_work(
    index: Reader, tree: Query, ranked: Query | None, first: int, size: int
) -> tuple[int, tuple[Hit, ...], int]:
    """(matching records, the best record of each work on the page, works)."""
    taken = min(max((first + size) * 3, 100), DEEPEST)
    while True:
        total, hits = look(index, tree, 0, taken, ranked)
        best: dict[int, Hit] = {}
        for hit in hits:
            best.setdefault(hit.work, hit)
        if len(best) >= first + size or len(hits) >= min(total, DEEPEST):
            break
        taken = min(taken * 4, DEEPEST)
    if len(hits) < total <= EXACTLY:
        every = look(index, tree, 0, EXACTLY, None)[1]
        works = len({hit.work for hit in every})
    else:
        works = len(best) if len(hits) == total else round(index.searcher.cardinality(tree, "work"))
    return total, tuple(best.values())[first : first + size], works


def _editions(index: Reader, hits: Sequence[Hit]) -> dict[int, Editions]:
    """By work, of those that have several union records."""
    if not hits:
        return {}
    tree = Query.term_set_query(schema(), "work", [hit.work for hit in hits])
    volumes = {"volumes": {"terms": {"field": "volume", "size": MOST_VALUES}}}
    answer = index.searcher.aggregate(tree, {"works": {"terms": {"field": "work", "size": len(hits)}, "aggs": volumes}})
    return {
        int(row["key"]): Editions(row["doc_count"], len(row["volumes"]["buckets"]))
        for row in answer["works"]["buckets"]
        if row["doc_count"] > 1
    }


Choice = tuple[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class How:
    """What is let go to find something: marks, letters."""

    folded: bool = False
    fuzzy: bool = False


def _widen(index: Reader, wish: Wish, chosen: tuple[Choice, ...]) -> How:
    """Let the marks go where they were typed, hardly anything has them, and more is found without; letters at last."""
    if not wish.all_words:
        return How()
    filters = [_one_of(*choice) for choice in chosen]
    exact = index.count(_all_of(_matching(wish, False), *filters))
    if exact >= FEW:
        return How()
    if wish.marked and index.count(_all_of(_matching(wish, True), *filters)) > exact:
        return How(folded=True)
    if not exact and index.count(_all_of(_matching(wish, True, True), *filters)):
        return How(folded=True, fuzzy=True)
    return How()


def _term(name: str, values: Sequence[str]) -> Query:
    """Any of the spellings of a word."""
    queries = [Query.term_query(schema(), name, value) for value in values]
    return queries[0] if len(queries) == 1 else Query.disjunction_max_query(queries)


def _like(name: str, word: Word) -> Query:
    """A word with a letter more, less or changed, two in a long one; or with a start that is heard like its own."""
    values = list(word.folded)
    text = word.folded[0]
    values += [new + text[len(old) :] for old, new in STARTS if text.startswith(old) and len(text) > len(old) + 1]
    queries = [Query.term_query(schema(), name, value) for value in values]
    if len(text) >= 3 and not text.isdigit():
        queries.append(Query.fuzzy_term_query(schema(), name, text, distance=2 if len(text) > 8 else 1))
    return queries[0] if len(queries) == 1 else Query.disjunction_max_query(queries)


def _all_of(*queries: Query) -> Query:
    return Query.boolean_query([(Occur.Must, query) for query in queries])


def _one_of(name: str, values: Iterable[str]) -> Query:
    """Any of the values of a facet; it says nothing about rank."""
    return Query.const_score_query(Query.term_set_query(schema(), name, [*values]), 0.0)


def _matching(wish: Wish, folded: bool, fuzzy: bool = False) -> Query:
    """What must match, word by word, and what must not."""
    must = [_one_of("isbn", [wish.isbn])] if wish.isbn else []
    must += [_word(word, "", folded, fuzzy) for word in wish.words]
    must += [_phrase(words, folded or not any(word.marked for word in words)) for words in wish.phrases]
    must += [_part(part, folded, fuzzy) for part in wish.parts if not part.minus]
    must += [_one_of(name, [value]) for name, value in wish.codes]
    if wish.years:
        lowest, highest = wish.years
        years = Query.range_query(schema(), "year", FieldType.Unsigned, max(lowest, 1), highest or None)
        must.append(Query.const_score_query(years, 0.0))
    never = [_part(part, False, False) for part in wish.parts if part.minus]
    if not never:
        return _all_of(*must) if must else Query.all_query()
    every = must or [Query.all_query()]
    return Query.boolean_query([(Occur.Must, query) for query in every] + [(Occur.MustNot, query) for query in never])


def _word(word: Word, name: str, folded: bool, fuzzy: bool) -> Query:
    if fuzzy:
        return _like(f"{name}_folded" if name else "folded", word)
    if word.marked and not folded:
        return _term(name or "exact", word.exact)
    return _term(f"{name}_folded" if name else "folded", word.folded)


def _part(part: Part, folded: bool, fuzzy: bool) -> Query:
    """What a field must say."""
    if part.phrase:
        return _phrase(part.words, folded or not any(word.marked for word in part.words), part.field)
    return _all_of(*(_word(word, part.field, folded, fuzzy) for word in part.words))


def _phrase(words: Sequence[Word], folded: bool, name: str = "") -> Query:
    name = (f"{name}_folded" if name else "folded") if folded else (name or "exact")
    values = [word.folded if folded else word.exact for word in words]
    if len(values) == 1:
        return _term(name, values[0])
    ways = islice(product(*values), MOST_SPELLINGS)
    return Query.disjunction_max_query([Query.phrase_query(schema(), name, [*way]) for way in ways])


def _ranked(tree: Query, wish: Wish, folded: bool) -> Query:
    """The matching tree with what makes a record come first: title before author before the rest, marks as typed."""
    better: list[tuple[Query, float]] = []
    for word in wish.all_words:
        better += [(_term(name, word.exact), boost) for name, boost in BOOSTS]
        if folded or not word.marked:
            better += [(_term("title_folded", word.folded), 2.0), (_term("author_folded", word.folded), 1.0)]
    titles = [wish.words, *(part.words for part in wish.parts if part.field == "title" and not part.minus)]
    for words in titles:
        if len(words) > 1:
            better.append((_phrase(words, False, "title"), 6.0))
            better.append((_phrase(words, True, "title"), 3.0))
        if words:
            better.append((_term("whole", _joined([word.exact for word in words])), 2.0))
            better.append((_term("whole", _joined([word.folded for word in words])), 1.0))
    boosted = [(Occur.Should, Query.boost_query(query, boost)) for query, boost in better]
    return Query.boolean_query([(Occur.Must, tree), *boosted])


def _joined(values: Sequence[tuple[str, ...]]) -> list[str]:
    return [" ".join(way) for way in islice(product(*values), MOST_SPELLINGS)]


@lru_cache(maxsize=512)
def _facets(index: Reader, wish: Wish, how: How, chosen: tuple[Choice, ...]) -> dict[str, list[tuple[str, int]]]:
    """The counts of every facet. Facets with a choice are each counted without it, the others together."""
    free = [name for name in FACETS if name not in dict(chosen)]
    groups = [(free, chosen)] if free else []
    groups += [([name], tuple(choice for choice in chosen if choice[0] != name)) for name, _ in chosen]
    counts = {}
    for names, choices in groups:
        tree = _all_of(_matching(wish, how.folded, how.fuzzy), *(_one_of(*choice) for choice in choices))
        asked = {name: {"terms": {"field": name, "size": MOST_VALUES}} for name in names}
        for name, answer in index.searcher.aggregate(tree, asked).items():
            counts[name] = [(bucket["key"], bucket["doc_count"]) for bucket in answer["buckets"]]
    return {name: counts[name] for name in FACETS}
