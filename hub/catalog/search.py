"""Search and facets over the union catalog.

A word typed with marks must match exactly, in each of its spellings (hòa, hoà; ký, kí); a word typed without matches
every way of marking it, alike but for a little. When hardly anything is found exactly the marks are let go, when
nothing is found at all so is a letter of each word, and the result says so.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

from tantivy import Query

from hub.catalog.index import FACETS, Held, IndexWriter, Reader, folder, reader, schema
from hub.catalog.query import Wish, understand
from hub.catalog.trees import all_of, matching, one_of, ranked_by

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
MOST_VALUES, DEEPEST = 2_000, 10_000
EXACTLY = 2_000  # up to so many results the works among them are counted one by one
COUNTER = ThreadPoolExecutor(2, "facets")  # counts while a page is looked for


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
    first = max(min((page - 1) * size, DEEPEST - size), 0)
    place = Place(first, size, newest or not (wish.all_words or wish.isbn), by_work)
    found = _page(index, wish, How(), chosen, place)
    if wish.marked and found.total < FEW:
        found = max(found, _page(index, wish, How(folded=True), chosen, place), key=lambda page: page.total)
    if wish.all_words and not found.total:
        found = _page(index, wish, How(folded=True, fuzzy=True), chosen, place)
        found = found if found.total else Results(facets=found.facets)
    return replace(found, seconds=time.perf_counter() - started)


@dataclass(frozen=True, slots=True)
class Place:
    """Which part of what is found is wanted, in which order."""

    first: int
    size: int
    newest: bool
    by_work: bool


def _page(index: Reader, wish: Wish, how: How, chosen: tuple[Choice, ...], place: Place) -> Results:
    """A page of what matches; its facets are counted at the same time, on another core."""
    counting = COUNTER.submit(_facets, index, wish, how, chosen)
    tree = all_of(matching(wish, how.folded, how.fuzzy), *(one_of(*choice) for choice in chosen))
    ranked = None if place.newest else ranked_by(tree, wish, how.folded)
    if not place.by_work:
        total, hits = look(index, tree, place.first, place.size, ranked)
        return Results(total, hits, counting.result()[0], how.folded, fuzzy=how.fuzzy)
    total, hits, works = _by_work(index, tree, ranked, place)
    facets, about = counting.result()
    return Results(total, hits, facets, how.folded, 0.0, how.fuzzy, works or about, _editions(index, hits))


def similar(query: str, filters: Mapping[str, Sequence[str]] | None = None, size: int = 10) -> Results:
    """What is found when marks and a letter of each word are let go: where other wordings are looked for."""
    index, wish = reader(), understand(query)
    if index is None or not wish.words:
        return Results()
    chosen = [one_of(name, filters[name]) for name in FACETS if filters and filters.get(name)]
    tree = all_of(matching(wish, True, True), *chosen)
    total, hits = look(index, tree, 0, size, ranked_by(tree, wish, True))
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


def _by_work(index: Reader, tree: Query, ranked: Query | None, place: Place) -> tuple[int, tuple[Hit, ...], int]:
    """(matching records, the best record of each work on the page, works; 0 where they are too many to be counted)."""
    last = place.first + place.size
    taken = min(max(last * 3, 100), DEEPEST)
    while True:
        total, hits = look(index, tree, 0, taken, ranked)
        best: dict[int, Hit] = {}
        for hit in hits:
            best.setdefault(hit.work, hit)
        if len(best) >= last or len(hits) >= min(total, DEEPEST):
            break
        taken = min(taken * 4, DEEPEST)
    works = len(best) if len(hits) == total else 0
    if len(hits) < total <= EXACTLY:
        works = len({hit.work for hit in look(index, tree, 0, EXACTLY, None)[1]})
    return total, tuple(best.values())[place.first : last], works


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


@lru_cache(maxsize=512)
def _facets(
    index: Reader, wish: Wish, how: How, chosen: tuple[Choice, ...]
) -> tuple[dict[str, list[tuple[str, int]]], int]:
    """The counts of every facet, and about how many works there are.

    Facets with a choice are each counted without it, the others together.
    """
    groups = [([name for name in FACETS if name not in dict(chosen)], chosen)]
    groups += [([name], tuple(choice for choice in chosen if choice[0] != name)) for name, _ in chosen]
    counts, works = {}, 0
    for names, choices in groups:
        tree = all_of(matching(wish, how.folded, how.fuzzy), *(one_of(*choice) for choice in choices))
        asked: dict[str, Any] = {name: {"terms": {"field": name, "size": MOST_VALUES}} for name in names}
        if choices == chosen:
            asked["works"] = {"cardinality": {"field": "work"}}
        answers = index.searcher.aggregate(tree, asked)
        works = round(answers.pop("works")["value"]) if "works" in answers else works
        for name, answer in answers.items():
            counts[name] = [(bucket["key"], bucket["doc_count"]) for bucket in answer["buckets"]]
    return {name: counts[name] for name in FACETS}, works
