"""What a person's query asks for: words in their spellings, phrases in quotation marks, or an ISBN."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, product

from tantivy import Filter, TextAnalyzerBuilder, Tokenizer

from hub.normalize.identifiers import isbn13

MOST_WORDS, MOST_CHARACTERS = 24, 400
CHUNK = re.compile(r'"([^"]*)"|“([^”]*)”|([^\s"“”]+)')
ONE_LETTER = re.compile(r"[hklmst]|qu")
ISBN_QUERY = re.compile(r"[\d\-\s]{9,20}[\dXx]")
WORDS = TextAnalyzerBuilder(Tokenizer.simple()).filter(Filter.lowercase()).build()
FOLDING = TextAnalyzerBuilder(Tokenizer.simple()).filter(Filter.lowercase()).filter(Filter.ascii_fold()).build()


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a query in both forms, each in its spellings; ``marked`` when it was typed with marks."""

    exact: tuple[str, ...]
    folded: tuple[str, ...]
    marked: bool


@dataclass(frozen=True, slots=True)
class Wish:
    """A query understood: single words, phrases, or an ISBN."""

    words: tuple[Word, ...] = ()
    phrases: tuple[tuple[Word, ...], ...] = ()
    isbn: str = ""

    @property
    def all_words(self) -> tuple[Word, ...]:
        return (*self.words, *chain.from_iterable(self.phrases))

    @property
    def marked(self) -> bool:
        return any(word.marked for word in self.all_words)


def understand(query: str) -> Wish:
    """What a person's query asks for; every text is a query, none an error."""
    query = unicodedata.normalize("NFC", query)[:MOST_CHARACTERS].strip()
    if ISBN_QUERY.fullmatch(query) and len(key := isbn_key(query)) in (10, 13):
        return Wish(isbn=key)
    words: list[Word] = []
    phrases = []
    for straight, curly, single in CHUNK.findall(query):
        if single:
            words.extend(_words(single))
        elif phrase := tuple(_words(straight or curly)):
            phrases.append(phrase)
    return Wish(tuple(words[:MOST_WORDS]), tuple(phrases[:MOST_WORDS]))


def _words(text: str) -> Iterator[Word]:
    for word in WORDS.analyze(text):
        folded = "".join(FOLDING.analyze(word))
        yield Word(spellings(word), spellings(folded), word != folded)


def _other_ends() -> dict[str, str]:
    """òa ↔ oà and so on: the two styles of tone placement in oa, oe, uy (QĐ 1989/QĐ-BGDĐT, 25/5/2018, Điều 8)."""
    ends: dict[str, str] = {}
    for (first, second), tone in product((("o", "a"), ("o", "e"), ("u", "y")), TONES[1:]):
        old, new = (unicodedata.normalize("NFC", text) for text in (first + tone + second, first + second + tone))
        ends |= {old: new, new: old}
    return ends


TONES = ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")
OTHER_END = _other_ends()
I_AND_Y = {
    one: other
    for pair in (tuple(unicodedata.normalize("NFC", letter + tone) for letter in "iy") for tone in TONES)
    for one, other in (pair, pair[::-1])
}


def spellings(word: str) -> tuple[str, ...]:
    """A lower-case word in each way it is written: hòa, hoà; ký, kí; quý, quí."""
    if word[-1:] in I_AND_Y and ONE_LETTER.fullmatch(word[:-1]):
        return word, word[:-1] + I_AND_Y[word[-1]]
    if word[-2:] in OTHER_END and not word.startswith("qu"):
        return word, word[:-2] + OTHER_END[word[-2:]]
    return (word,)


def isbn_key(isbn: str) -> str:
    """The ISBN-13; one that does not check, by its digits alone, so that it is still found as it is printed."""
    if len(isbn) == 13 and isbn.isdigit():
        return isbn
    return isbn13(isbn) or re.sub(r"[^\dX]", "", isbn.upper())
