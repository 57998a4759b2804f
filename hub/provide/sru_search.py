"""CQL queries carried out: which union records, in which order, how many; terms and facets. Two seconds at most."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as TookTooLong
from dataclasses import dataclass, field
from typing import TypeVar

from tantivy import DocAddress, FieldType, Occur, Order, Query

from hub.catalog.index import Reader, reader, schema
from hub.provide.cql import Cql
from hub.provide.cql_sort import Way
from hub.provide.cql_trees import Tree, both
from hub.provide.sru_diagnostics import Diagnostic

SECONDS, WORKERS = 2.0, 4
DEEPEST = 10_000  # how far into what is ordered by how well it fits
FARTHEST = 1_000_000  # how far into any order
MOST_SORTED = 5_000  # records that more than one key can sort
UNSORTED: tuple[Way, ...] = (Way("union", False),)

T = TypeVar("T")
_workers = ThreadPoolExecutor(WORKERS, thread_name_prefix="sru")
_for_heavy = ThreadPoolExecutor(1, thread_name_prefix="sru-heavy")  # so that heavy searches wait for each other alone


@dataclass(frozen=True, slots=True)
class Found:
    """How many records a query finds, and the numbers of those that were asked for."""

    total: int = 0
    numbers: list[int] = field(default_factory=list)
    facets: dict[str, list[tuple[str, int]]] = field(default_factory=dict)


def within_time(work: Callable[[], T], *, heavy: bool = False) -> T:
    """What ``work`` gives; :class:`Diagnostic` 2 when it, or what waits before it, takes longer than two seconds."""
    waiting = (_for_heavy if heavy else _workers).submit(work)
    try:
        return waiting.result(SECONDS)
    except TookTooLong:
        waiting.cancel()
        raise Diagnostic(2, f"the search took longer than {SECONDS:g} seconds") from None


def find(
    query: Cql, ways: Sequence[Way], start: int, size: int, facets: dict[str, int], hidden: frozenset[str] = frozenset()
) -> Found:
    """``size`` records from place ``start`` (the first is 1) on; the largest ``facets`` (field → how many values)."""
    tree = Tree(query.root, hidden)
    index = reader()
    if index is None:
        return Found()
    return within_time(lambda: _find(index, tree, tuple(ways), start, size, facets), heavy=tree.heavy)


def _find(index: Reader, tree: Tree, ways: tuple[Way, ...], start: int, size: int, facets: dict[str, int]) -> Found:
    wanted = _with_values(tree.query, ways)
    deepest = DEEPEST if tree.ranked and not ways else FARTHEST
    if size and start + size - 1 > deepest:
        total = index.count(wanted)
        if start > min(total, deepest):
            raise Diagnostic(61, f"{min(total, deepest)} is the last that is given of {total}")
        size = deepest - start + 1
    if len(ways) > 1:
        total, numbers = _by_many_keys(index, wanted, ways, start, size)
    else:
        total, numbers = _by_one_key(index, wanted, ways if ways or tree.ranked else UNSORTED, start, size)
    return Found(total, numbers, _facets(index, wanted, facets))


def _with_values(query: Query, ways: tuple[Way, ...]) -> Query:
    """What ``query`` finds, without the records that an order leaves out."""
    for way in ways:
        if way.omit:
            known = Query.range_query(schema(), "year", FieldType.Unsigned, 1, None)
            has = known if way.field == "year" else Query.exists_query(way.field)
            query = both(query, Occur.Must, Query.const_score_query(has, 0.0))
    return query


def _by_one_key(index: Reader, query: Query, ways: tuple[Way, ...], start: int, size: int) -> tuple[int, list[int]]:
    """The total and the numbers; without a way, in the order of how well records fit."""
    if not size:
        return index.count(query), []
    if not ways:
        found = index.searcher.search(query, size, offset=start - 1)
    else:
        [way] = ways
        order = Order.Desc if way.descending else Order.Asc
        found = index.searcher.search(query, size, offset=start - 1, order_by_field=way.field, order=order)
    return int(getattr(found, "count", 0) or 0), _numbers(index, found.hits)


def _numbers(index: Reader, hits: Sequence[tuple[object, DocAddress]]) -> list[int]:
    numbers = index.searcher.fast_field_values("union", [place for _, place in hits])
    return [int(number or 0) for number in numbers]


def _by_many_keys(index: Reader, query: Query, ways: tuple[Way, ...], start: int, size: int) -> tuple[int, list[int]]:
    """The same by several keys: the places of all records in the order of each key, the last key first."""
    total = index.count(query)
    if total > MOST_SORTED:
        raise Diagnostic(83, f"{total}; more than one key sorts up to {MOST_SORTED}")
    numbers: list[int] = []
    rank: dict[int, list[int]] = {}
    for way in ways:
        order = Order.Desc if way.descending else Order.Asc
        hits = index.searcher.search(query, MOST_SORTED, order_by_field=way.field, order=order).hits
        numbers = _numbers(index, hits)
        place, before = -1, object()
        for number, (value, _) in zip(numbers, hits, strict=True):
            place, before = (place, before) if value == before else (place + 1, value)
            rank.setdefault(number, []).append(place)
    ordered = sorted(numbers, key=lambda number: (rank[number], number))
    return total, ordered[start - 1 : start - 1 + size]


def _facets(index: Reader, query: Query, asked: dict[str, int]) -> dict[str, list[tuple[str, int]]]:
    if not asked:
        return {}
    wanted = {name: {"terms": {"field": name, "size": count}} for name, count in asked.items()}
    answer = index.searcher.aggregate(query, wanted)
    return {name: [(bucket["key"], bucket["doc_count"]) for bucket in answer[name]["buckets"]] for name in asked}
