"""The term of a search clause as words: which way of writing counts, what is masked, where the term is anchored."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice, product

from tantivy import Query

from hub.catalog.index import schema
from hub.catalog.query import FOLDING, WORDS, spellings
from hub.provide.sru_diagnostics import Diagnostic

ANY, ONE = "\ue000", "\ue001"  # * and ? where they mask
MOST_MASKS, SHORTEST, SHORTEST_INSIDE = 4, 2, 3  # masks in a word; letters of one that begins with letters, with a mask
MOST_SPELLINGS = 16
REGEX = frozenset(r"\.+*?()|[]{}^$#&-~/")


@dataclass(frozen=True, slots=True)
class Word:
    """A word in both forms, each in its spellings; ``marked``: it was given with marks; ``masked``: with * or ?."""

    exact: tuple[str, ...]
    folded: tuple[str, ...]
    marked: bool
    masked: bool = False

    def forms(self, accents: bool | None) -> tuple[bool, tuple[str, ...]]:
        """Whether marks count, and the spellings to be looked for; unless said, they count where they were given."""
        exact = self.marked if accents is None else accents
        return exact, self.exact if exact else self.folded


@dataclass(frozen=True, slots=True)
class Term:
    """What a term asks for; ``first`` and ``last``: anchored to the beginning and the end of the field."""

    text: str  # as given, masks and anchors as plain text
    words: tuple[Word, ...]
    first: bool = False
    last: bool = False

    @property
    def masked(self) -> bool:
        return any(word.masked for word in self.words)


def read_term(term: str, masks: bool = True) -> Term:
    """The words of a term as CQL writes it; :class:`Diagnostic` for masks and anchors where they cannot be."""
    letters = "".join(_letters(term, masks))
    first, last = letters.startswith("\ue002"), letters.endswith("\ue002")
    letters = letters.removeprefix("\ue002").removesuffix("\ue002")
    if "\ue002" in letters:
        raise Diagnostic(32, "^ at the beginning or the end of the term only")
    text = unicodedata.normalize("NFC", letters)
    plain = text.replace(ANY, "*").replace(ONE, "?").strip()
    return Term(plain, tuple(word for chunk in text.split() for word in _words(chunk)), first, last)


def _letters(term: str, masks: bool) -> Iterator[str]:
    """The characters of a term; what masks or anchors as a character of its own."""
    special = {"*": ANY, "?": ONE} if masks else {}
    escaped = False
    for letter in term:
        if letter in (ANY, ONE, "\ue002"):
            yield " "
        elif escaped or letter not in '\\*?^"':
            yield letter
        elif letter == "^":
            yield "\ue002"
        elif letter != "\\":
            yield special.get(letter, letter)
        escaped = letter == "\\" and not escaped


def _words(chunk: str) -> Iterator[Word]:
    if ANY not in chunk and ONE not in chunk:
        for word in WORDS.analyze(chunk):
            folded = "".join(FOLDING.analyze(word))
            yield Word(spellings(word), spellings(folded), word != folded)
        return
    spaced = "".join(letter if letter.isalnum() or letter in (ANY, ONE) else " " for letter in chunk.lower())
    for part in spaced.split():
        if ANY in part or ONE in part:
            yield _masked(part)
        else:
            yield from _words(part)


def _masked(part: str) -> Word:
    """A word with masks as two regular expressions; :class:`Diagnostic` 29 or 30 where too little of it is left."""
    masks = part.count(ANY) + part.count(ONE)
    if masks > MOST_MASKS:
        raise Diagnostic(30, f"at most {MOST_MASKS} in a word")
    begins = part.replace(ONE, ANY).partition(ANY)[0]
    if len(begins) < SHORTEST and len(part) - masks < SHORTEST_INSIDE:
        raise Diagnostic(29, f"{SHORTEST} letters before the first mask, or {SHORTEST_INSIDE} in all: {shown(part)}")
    folded = "".join(letter if letter in (ANY, ONE) else "".join(FOLDING.analyze(letter)) for letter in part)
    return Word((pattern(part),), (pattern(folded),), part != folded, masked=True)


def shown(text: str) -> str:
    return text.replace(ANY, "*").replace(ONE, "?")


def pattern(text: str) -> str:
    """A regular expression of the index for a text with masks."""
    masks = {ANY: ".*", ONE: "."}
    return "".join(masks.get(letter) or (f"\\{letter}" if letter in REGEX else letter) for letter in text)


def word_query(name: str, word: Word, accents: bool | None) -> Query:
    """Records with a word in the field ``name`` in any of its spellings."""
    exact, values = word.forms(accents)
    name = field_of(name, exact)
    if word.masked:
        return Query.regex_query(schema(), name, values[0])
    queries = [Query.term_query(schema(), name, value) for value in values]
    return queries[0] if len(queries) == 1 else Query.disjunction_max_query(queries)


def phrase_query(name: str, words: tuple[Word, ...], accents: bool | None) -> Query:
    """Records with the words side by side in the field ``name``; where one of them has marks, all are exact."""
    if any(word.masked for word in words):
        raise Diagnostic(33)
    if len(words) == 1:
        return word_query(name, words[0], accents)
    exact = any(word.marked for word in words) if accents is None else accents
    return apart_query(field_of(name, exact), [word.forms(exact)[1] for word in words], [*range(len(words))])


def apart_query(name: str, values: list[tuple[str, ...]], places: list[int]) -> Query:
    """Records with words, each in any of its spellings, at these places to each other."""
    ways = islice(product(*values), MOST_SPELLINGS)
    queries = [Query.phrase_query(schema(), name, [*zip(places, way, strict=True)]) for way in ways]
    return queries[0] if len(queries) == 1 else Query.disjunction_max_query(queries)


def field_of(name: str, exact: bool) -> str:
    """The field of the index with a text as it is written, or folded."""
    if exact:
        return name
    return "folded" if name == "exact" else f"{name}_folded"
