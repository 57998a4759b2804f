"""The terms of an index around a term, with the number of records that have each: what scan gives.

The dictionary of the search index gives the terms that begin with some letters, in no order. They are read in small
parts: those that begin as the term does, then with each letter beside its last one, and so on to the first letter.
Words are those without marks; the terms of other alphabets are met where the scan starts among them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice

from tantivy import Query

from hub.catalog.index import Reader, issn_key, reader, schema
from hub.catalog.query import FOLDING
from hub.provide.cql import Clause, parse
from hub.provide.cql_indexes import INDEXES, find_index
from hub.provide.cql_manner import manner_of, relation_of
from hub.provide.cql_words import field_of, read_term
from hub.provide.sru_diagnostics import Diagnostic
from hub.provide.sru_search import within_time

LETTERS = "-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
LONGEST = 40  # letters of a term that are looked at
FLOORS = {"isbn": 5, "issn": 2}  # how much of the term all terms have in common: too many begin with less

Counted = tuple[str, int]
Subtree = Callable[[str], list[str]]


def scan(clause: str, position: int, most: int, hidden: frozenset[str]) -> list[Counted]:
    """``most`` terms with their numbers of records, without values that are ``hidden``.

    The term of ``clause``, or the next one, stands at ``position``: 1 is the first, 0 before it.
    """
    query = parse(clause)
    if not isinstance(query.root, Clause) or query.sort:
        raise Diagnostic(48, "a scan clause is one index, one relation and one term")
    name, start = start_of(query.root)
    found = reader()
    if found is None:
        return []
    return within_time(lambda: _around(found, name, start, position, most, hidden))


def start_of(clause: Clause) -> tuple[str, str]:
    """The field of the search index, and the term as this has it."""
    key, index = find_index(clause.index)
    if relation_of(clause) not in ("=", "scr", "==", "exact", "adj"):
        raise Diagnostic(19, str(clause.relation))
    manner_of(clause.modifiers, key)
    text = read_term(clause.term, masks=False).text[:LONGEST]
    if key not in SCANNED:
        raise Diagnostic(16, f"{clause.index}: {', '.join(SCANNED)} can be scanned")
    if index.kind == "text":
        words = FOLDING.analyze(text)
        return field_of(index.fields[0], False), words[0] if words else ""
    name = index.fields[0]
    if key in FLOORS:
        text = issn_key(text.replace(" ", ""))
        if len(text) <= FLOORS[key]:
            raise Diagnostic(36, f"more than {FLOORS[key]} figures")
    elif name != "library":
        text = text.lower()
    return name, text


SCANNED = tuple(key for key, index in INDEXES.items() if index.kind in ("text", "code") and key != "identifier")


def _around(index: Reader, name: str, start: str, position: int, most: int, hidden: frozenset[str]) -> list[Counted]:
    def subtree(prefix: str) -> list[str]:
        return sorted(str(term) for term, _ in index.searcher.terms_with_prefix(name, prefix) if term not in hidden)

    def counted(terms: Iterator[str]) -> Iterator[Counted]:
        """Those that records have: the dictionary keeps those of records that went for a while."""
        each = ((term, index.count(Query.term_query(schema(), name, term))) for term in terms)
        return (row for row in each if row[1])

    floor = FLOORS.get(name, 0)
    before = list(islice(counted(downward(subtree, start, floor)), max(position - 1, 0)))[::-1]
    following = upward(subtree, start, floor)
    if position == 0 and start:
        following = (term for term in following if term != start)
    return [*before, *islice(counted(following), max(most - len(before), 0))][:most]


def upward(subtree: Subtree, start: str, floor: int = 0) -> Iterator[str]:
    """The terms from ``start`` on, in the order of their letters."""
    if not start:
        for letter in LETTERS:
            yield from subtree(letter)
        return
    yield from subtree(start)
    for length in range(len(start) - 1, floor - 1, -1):
        for letter in LETTERS:
            if letter > start[length]:
                yield from subtree(start[:length] + letter)


def downward(subtree: Subtree, start: str, floor: int = 0) -> Iterator[str]:
    """The terms before ``start``, the nearest first."""
    for length in range(len(start) - 1, floor - 1, -1):
        prefix = start[:length]
        for letter in reversed(LETTERS):
            if letter < start[length]:
                yield from reversed(subtree(prefix + letter))
        if prefix:
            yield prefix
