"""A CQL query as a query of the search index: what each relation, modifier and boolean means here.

Marks count where they are given, as on the pages for people. ``=`` on text asks for all the words and puts the phrase
first; ``adj`` asks for the phrase. ``==`` compares whole titles; of people, subjects and publishers, whose parts are
not told apart in the index, it asks for the phrase.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import islice, product

from tantivy import FieldType, Occur, Query

from hub.catalog.index import issn_key, schema
from hub.catalog.query import ISBN_QUERY, isbn_key
from hub.catalog.reads import union_number
from hub.provide.cql import Boolean, Clause, Node
from hub.provide.cql_indexes import Index, find_index
from hub.provide.cql_manner import ORDERED, Manner, manner_of, relation_of
from hub.provide.cql_proximity import proximity
from hub.provide.cql_words import (
    ANY,
    MOST_SPELLINGS,
    ONE,
    SHORTEST,
    Term,
    pattern,
    phrase_query,
    read_term,
    word_query,
)
from hub.provide.sru_diagnostics import Diagnostic

MOST_WORDS, MOST_MASKED, MOST_NEAR = 64, 8, 4  # of a whole query: words, masked ones, proximities
HEAVY_WORDS = 16
YEAR = re.compile(r"(\d{1,4})(?:-\d\d(?:-\d\d)?)?")
HIGHEST = 2**63


class Tree:
    """A query of the index; ``ranked`` says that words were looked for, so that some records fit better than others.

    Nothing is found by the ``hidden`` libraries.
    """

    def __init__(self, root: Node, hidden: frozenset[str] = frozenset()) -> None:
        self.hidden = hidden
        self.words = self.masked = self.near = 0
        self.ranked = False
        self.query = self._node(root)

    @property
    def heavy(self) -> bool:
        """Whether it asks for much work at once."""
        return self.words > HEAVY_WORDS or self.masked > 1 or self.near > 1

    def _node(self, node: Node) -> Query:
        if isinstance(node, Clause):
            return self._clause(node)
        if node.operator == "prox":
            self.near += 1
            if self.near > MOST_NEAR:
                raise Diagnostic(38, f"more than {MOST_NEAR} of prox")
            self.ranked = True
            return proximity(node)
        if node.modifiers:
            raise Diagnostic(46, str(node.modifiers[0].name))
        return self._boolean(node)

    def _boolean(self, node: Boolean) -> Query:
        left, right = self._node(node.left), self._node(node.right)
        if node.operator == "or":
            return any_of([left, right])
        return both(left, Occur.MustNot if node.operator == "not" else Occur.Must, right)

    def _clause(self, clause: Clause) -> Query:
        key, index = find_index(clause.index)
        relation = relation_of(clause)
        manner = manner_of(clause.modifiers, key)
        term = read_term(clause.term, manner.masks)
        if not term.text:
            raise Diagnostic(27, str(clause.index))
        self.words += max(len(term.words), 1)
        if self.words > MOST_WORDS:
            raise Diagnostic(38, f"more than {MOST_WORDS} words")
        self.masked += sum(word.masked for word in term.words)
        if self.masked > MOST_MASKED:
            raise Diagnostic(30, f"more than {MOST_MASKED} masked words")
        if relation == "<>":
            return both(Query.all_query(), Occur.MustNot, self._positive(key, index, "=", term, manner))
        return self._positive(key, index, relation, term, manner)

    def _positive(self, key: str, index: Index, relation: str, term: Term, manner: Manner) -> Query:
        if index.kind == "all":
            return Query.all_query()
        if index.kind == "text":
            if relation in ORDERED or relation == "encloses":
                raise Diagnostic(22, f"{index.title} {relation}")
            self.ranked = True
            return text_query(key, index.fields[0], relation, term, manner)
        if index.kind == "number":
            return number_query(index, relation, term)
        return code_query(index, relation, term, manner, self.hidden)


def any_of(queries: list[Query]) -> Query:
    """What one of several finds."""
    if len(queries) == 1:
        return queries[0]
    return Query.boolean_query([(Occur.Should, query) for query in queries]) if queries else Query.empty_query()


def both(left: Query, occur: Occur, right: Query) -> Query:
    """What ``left`` finds and ``right`` finds too, or does not."""
    return Query.boolean_query([(Occur.Must, left), (occur, right)])


def text_query(key: str, name: str, relation: str, term: Term, manner: Manner) -> Query:
    """Records whose text has the words of a term."""
    words = term.words
    if not words:
        raise Diagnostic(27, "no letter or figure in it")
    if relation in ("==", "exact") or manner.whole or (term.first and term.last):
        return _whole(term, manner) if key == "title" and not term.masked else phrase_query(name, words, manner.accents)
    if term.first and key == "title" and not term.masked:
        return _begins(term, manner)
    if relation == "adj" or term.first or term.last:
        return phrase_query(name, words, manner.accents)
    single = [word_query(name, word, manner.accents) for word in words]
    if relation == "any":
        return any_of(single)
    found = single[0] if len(single) == 1 else Query.boolean_query([(Occur.Must, query) for query in single])
    if key == "any" and ISBN_QUERY.fullmatch(term.text) and len(isbn := isbn_key(term.text)) in (10, 13):
        return any_of([found, Query.term_query(schema(), "isbn", isbn)])
    if len(words) == 1 or term.masked or relation == "all":
        return found
    better = Query.boost_query(phrase_query(name, words, manner.accents), 2.0)
    return both(found, Occur.Should, better)


def _titles(term: Term, manner: Manner) -> Iterator[str]:
    """A whole title in its ways of writing, as the index keeps it."""
    exact = any(word.marked for word in term.words) if manner.accents is None else manner.accents
    ways = product(*(word.forms(exact)[1] for word in term.words))
    return (" ".join(way) for way in islice(ways, MOST_SPELLINGS))


def _whole(term: Term, manner: Manner) -> Query:
    return any_of([Query.term_query(schema(), "whole", title) for title in _titles(term, manner)])


def _begins(term: Term, manner: Manner) -> Query:
    titles = [pattern(title) for title in _titles(term, manner)]
    return any_of([Query.regex_query(schema(), "whole", f"{title}( .*)?") for title in titles])


def code_query(index: Index, relation: str, term: Term, manner: Manner, hidden: frozenset[str]) -> Query:
    """Records with a code: compared whole, in the form in which the index keeps it."""
    if relation in ORDERED or relation == "encloses":
        raise Diagnostic(22, f"{index.title} {relation}")
    fields = [name for name in index.fields if manner.authority in ("", name)]
    if term.masked and "library" in fields:
        raise Diagnostic(28, "codes of libraries are given whole")
    values = term.text.split() if relation in ("any", "all") else [term.text]
    each = [any_of([query for name in fields for query in _code(name, value, term, hidden)]) for value in values]
    if relation == "all":
        return Query.boolean_query([(Occur.Must, query) for query in each])
    return any_of(each)


def _code(name: str, value: str, term: Term, hidden: frozenset[str]) -> Iterator[Query]:
    if term.masked and name != "union":
        letters = value.replace("*", ANY).replace("?", ONE)
        if len(letters.replace(ONE, ANY).partition(ANY)[0]) < SHORTEST:
            raise Diagnostic(29, f"{SHORTEST} characters before the first mask: {value}")
        for way in CODES[name](letters):
            yield Query.regex_query(schema(), name, pattern(way))
    elif name == "union":
        if number := _number(value):
            yield Query.term_query(schema(), "union", number)
    else:
        yield from (Query.term_query(schema(), name, way) for way in CODES[name](value) if way and way not in hidden)


def _isbn(value: str) -> list[str]:
    return [value.replace("-", "").upper()] if ANY in value or ONE in value else [isbn_key(value)]


CODES: dict[str, Callable[[str], list[str]]] = {  # how the index writes the codes of a field
    "isbn": _isbn,
    "issn": lambda value: [issn_key(value)],
    "language": lambda value: [value.lower()],
    "library": lambda value: [*dict.fromkeys((value, value.upper()))],
    "audience": lambda value: [value.lower()],
    "form": lambda value: [value.lower()],
}


def _number(value: str) -> int | None:
    """The number of a union record from its name, ``LT-0000123``, or its figures."""
    figures = value.isascii() and value.isdigit() and len(value) <= 18
    return (int(value) if figures else union_number(value.upper())) or None


def number_query(index: Index, relation: str, term: Term) -> Query:
    """Records whose number stands in a relation to that of a term; a year that is not known stands in none."""
    name = index.fields[0]
    values = [_value(name, value) for value in term.text.split()]
    if relation == "within":
        if len(values) != 2:
            raise Diagnostic(24, "within takes two values")
        return _range(name, values[0], values[1])
    if relation == "any":
        return any_of([_range(name, value, value) for value in values])
    if len(values) != 1 or relation in ("encloses", "all"):
        raise Diagnostic(22 if relation in ("encloses", "all") else 36, f"{index.title} {relation} {term.text[:60]}")
    value = values[0]
    bounds = {"<": (1, value - 1), "<=": (1, value), ">": (value + 1, HIGHEST), ">=": (value, HIGHEST)}
    return _range(name, *bounds.get(relation, (value, value)))


def _value(name: str, text: str) -> int:
    if name == "union":
        number = _number(text)
        if number is None:
            raise Diagnostic(36, text[:60])
        return number
    found = YEAR.fullmatch(text)
    if not found:
        raise Diagnostic(36, f"a year has four figures: {text[:60]}")
    return int(found[1])


def _range(name: str, first: int, last: int) -> Query:
    if first > last:
        return Query.empty_query()
    return Query.const_score_query(
        Query.range_query(schema(), name, FieldType.Unsigned, max(first, 1), min(last, HIGHEST)), 0.0
    )
