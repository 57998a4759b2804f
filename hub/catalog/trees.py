"""A wish as a tree of the search index: what must match, and what comes first. Never as query language."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice, product

from tantivy import FieldType, Occur, Query

from hub.catalog.index import schema
from hub.catalog.query import Part, Wish, Word

MOST_SPELLINGS = 16
BOOSTS = (("title", 6.0), ("author", 3.0), ("exact", 1.0))  # of a word that was typed with marks
BARE = (("title_folded", 6.0), ("author_folded", 2.0))  # of one without
SO_TOO = 0.5  # for a title that is written without marks itself: such words are rare, their weight would decide alone
STARTS = (  # of words that are heard, and typed, one for the other
    ("ch", "tr"), ("tr", "ch"), ("s", "x"), ("x", "s"), ("l", "n"), ("n", "l"), ("d", "gi"), ("gi", "d"), ("r", "d"),
    ("d", "r"), ("c", "k"), ("k", "c"), ("ngh", "ng"), ("ng", "ngh"), ("gh", "g"), ("g", "gh"),
)  # fmt: skip


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


def all_of(*queries: Query) -> Query:
    return Query.boolean_query([(Occur.Must, query) for query in queries])


def one_of(name: str, values: Iterable[str]) -> Query:
    """Any of the values of a facet; it says nothing about rank."""
    return Query.const_score_query(Query.term_set_query(schema(), name, [*values]), 0.0)


def matching(wish: Wish, folded: bool, fuzzy: bool = False) -> Query:
    """What must match, word by word, and what must not."""
    must = [one_of("isbn", [wish.isbn])] if wish.isbn else []
    must += [_word(word, "", folded, fuzzy) for word in wish.words]
    must += [_phrase(words, folded or not any(word.marked for word in words)) for words in wish.phrases]
    must += [_part(part, folded, fuzzy) for part in wish.parts if not part.minus]
    must += [one_of(name, [value]) for name, value in wish.codes]
    if wish.years:
        lowest, highest = wish.years
        years = Query.range_query(schema(), "year", FieldType.Unsigned, max(lowest, 1), highest or None)
        must.append(Query.const_score_query(years, 0.0))
    never = [_part(part, False, False) for part in wish.parts if part.minus]
    if not never:
        return all_of(*must) if must else Query.all_query()
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
    return all_of(*(_word(word, part.field, folded, fuzzy) for word in part.words))


def _phrase(words: Sequence[Word], folded: bool, name: str = "") -> Query:
    name = (f"{name}_folded" if name else "folded") if folded else (name or "exact")
    values = [word.folded if folded else word.exact for word in words]
    if len(values) == 1:
        return _term(name, values[0])
    ways = islice(product(*values), MOST_SPELLINGS)
    return Query.disjunction_max_query([Query.phrase_query(schema(), name, [*way]) for way in ways])


def ranked_by(tree: Query, wish: Wish, folded: bool) -> Query:
    """The matching tree with what makes a record come first: title before author before the rest, marks as typed."""
    better: list[tuple[Query, float]] = []
    for word in wish.all_words:
        for name, boost in BOOSTS if word.marked else BARE:
            better.append((_term(name, word.folded if name.endswith("_folded") else word.exact), boost))
        if not word.marked:
            better.append((Query.const_score_query(_term("title", word.exact), 1.0), SO_TOO))
        if folded and word.marked:
            better += [(_term("title_folded", word.folded), 2.0), (_term("author_folded", word.folded), 1.0)]
    titles = [wish.words, *(part.words for part in wish.parts if part.field == "title" and not part.minus)]
    for words in titles:
        if len(words) > 1:
            better.append((_phrase(words, folded or not any(word.marked for word in words), "title"), 8.0))
        if words:
            better.append((_term("whole", _joined([word.exact for word in words])), 2.0))
            better.append((_term("whole", _joined([word.folded for word in words])), 1.0))
    boosted = [(Occur.Should, Query.boost_query(query, boost)) for query, boost in better]
    return Query.boolean_query([(Occur.Must, tree), *boosted])


def _joined(values: Sequence[tuple[str, ...]]) -> list[str]:
    return [" ".join(way) for way in islice(product(*values), MOST_SPELLINGS)]
