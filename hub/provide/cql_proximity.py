"""``prox`` of CQL: two words of one index, at most ten words from each other, in any order or in the given."""

from __future__ import annotations

from tantivy import Occur, Query

from hub.provide.cql import Boolean, Clause, Modifier
from hub.provide.cql_indexes import find_index, set_of
from hub.provide.cql_words import Word, apart_query, field_of, read_term
from hub.provide.sru_diagnostics import Diagnostic

FARTHEST = 10


def proximity(node: Boolean) -> Query:
    """The query for it; :class:`Diagnostic` 39 to 44 for what the index cannot answer."""
    nearest, farthest, ordered = _distance(node.modifiers)
    left, right = node.left, node.right
    if not (isinstance(left, Clause) and isinstance(right, Clause)):
        raise Diagnostic(39, "between two words only")
    (key, index), (other, _) = find_index(left.index), find_index(right.index)
    if index.kind != "text" or key != other:
        raise Diagnostic(39, "between words of one index of text only")
    first, second = _word(left), _word(right)
    exact = first.marked or second.marked
    name = field_of(index.fields[0], exact)
    one, two = first.forms(exact)[1], second.forms(exact)[1]
    queries = []
    for apart in range(nearest, farthest + 1):
        queries.append(apart_query(name, [one, two], [0, apart]))
        if not ordered:
            queries.append(apart_query(name, [two, one], [0, apart]))
    return Query.boolean_query([(Occur.Should, query) for query in queries])


def _word(clause: Clause) -> Word:
    if clause.relation.name not in ("=", "scr", "adj", "any", "all") or clause.modifiers:
        raise Diagnostic(39, "with the relation = without modifiers only")
    term = read_term(clause.term)
    if term.masked:
        raise Diagnostic(33)
    if len(term.words) != 1:
        raise Diagnostic(39, "one word on each side")
    return term.words[0]


def _distance(modifiers: tuple[Modifier, ...]) -> tuple[int, int, bool]:
    """The nearest and the farthest distance in words, and whether the order counts."""
    relation, distance, ordered = "<=", 1, False
    said = set()
    for modifier in modifiers:
        name = modifier.name.name.lower()
        if set_of(modifier.name) not in ("", "cql") or name not in ("unit", "distance", "ordered", "unordered"):
            raise Diagnostic(46, str(modifier.name))
        said.add(name)
        if name == "unit" and (modifier.value.lower() != "word" or modifier.comparison not in ("=", "==")):
            raise Diagnostic(42, modifier.value)
        if name == "distance":
            relation, distance = modifier.comparison, _figure(modifier.value)
        ordered = ordered or name == "ordered"
    if {"ordered", "unordered"} <= said:
        raise Diagnostic(44, "ordered, unordered")
    bounds = {"<=": (1, distance), "<": (1, distance - 1), "=": (distance, distance), "==": (distance, distance)}
    if relation not in bounds:
        raise Diagnostic(40, relation or "distance without a relation")
    nearest, farthest = bounds[relation]
    if not 1 <= nearest <= farthest <= FARTHEST:
        raise Diagnostic(41, f"1 to {FARTHEST} words")
    return nearest, farthest, ordered


def _figure(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 4):
        raise Diagnostic(41, text[:60])
    return int(text)
