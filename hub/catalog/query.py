"""What a person's query asks for: words in their spellings, phrases, fields, years, what must not be there, or an ISBN.

``tác giả: Tô Hoài năm:2010..2020 -truyện "dế mèn"``. The name of a field holds for the words after it until the next
field, a semicolon, or the end of a phrase that follows it at once.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, product

from tantivy import Filter, TextAnalyzerBuilder, Tokenizer

from hub.normalize.identifiers import isbn13
from hub.normalize.text import fold

MOST_WORDS, MOST_CHARACTERS = 24, 400
CHUNK = re.compile(r'(-?(?:[^\s"“”:;]+:)?)(?:"([^"]*)"|“([^”]*)”)|([^\s"“”;]+)|(;)')
ONE_LETTER = re.compile(r"[hklmst]|qu")
ISBN_QUERY = re.compile(r"[\d\-\s]{9,20}[\dXx]")
YEARS = re.compile(r"(\d{1,4})?\s*(\.{2,3}|-|–|—)?\s*(\d{1,4})?")
WORDS = TextAnalyzerBuilder(Tokenizer.simple()).filter(Filter.lowercase()).build()
FOLDING = TextAnalyzerBuilder(Tokenizer.simple()).filter(Filter.lowercase()).filter(Filter.ascii_fold()).build()
FIELDS = {  # folded names, Vietnamese and English
    "nhan de": "title", "ten sach": "title", "title": "title", "ti": "title",
    "tac gia": "author", "author": "author", "au": "author",
    "chu de": "subject", "de muc": "subject", "subject": "subject", "su": "subject",
    "nha xuat ban": "publisher", "nxb": "publisher", "publisher": "publisher",
    "isbn": "isbn", "issn": "issn",
    "nam": "year", "nam xuat ban": "year", "year": "year",
    "ngon ngu": "language", "language": "language",
}  # fmt: skip
LONGEST_NAME = 3  # words
TEXT_FIELDS = ("title", "author", "subject", "publisher")
SOUTH = ("viet", "mien", "phuong", "dong", "tay")  # before «Nam», which is no year then
NOTHING = "?"  # an ISBN that no record has


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a query in both forms, each in its spellings; ``marked`` when it was typed with marks."""

    exact: tuple[str, ...]
    folded: tuple[str, ...]
    marked: bool


@dataclass(frozen=True, slots=True)
class Part:
    """Words that must be in one field ("": anywhere), as a phrase or each by itself; with ``minus`` they must not."""

    field: str
    words: tuple[Word, ...]
    phrase: bool = False
    minus: bool = False


@dataclass(frozen=True, slots=True)
class Wish:
    """A query understood: single words, phrases, what fields must say, years (first, last; 0: open), or an ISBN."""

    words: tuple[Word, ...] = ()
    phrases: tuple[tuple[Word, ...], ...] = ()
    isbn: str = ""
    parts: tuple[Part, ...] = ()
    codes: tuple[tuple[str, str], ...] = ()  # (field, value) that is compared whole: issn, language
    years: tuple[int, int] | None = None

    @property
    def all_words(self) -> tuple[Word, ...]:
        wanted = (part.words for part in self.parts if not part.minus)
        return (*self.words, *chain.from_iterable(self.phrases), *chain.from_iterable(wanted))

    @property
    def marked(self) -> bool:
        return any(word.marked for word in self.all_words)

    @property
    def plain(self) -> bool:
        """Whether it is words alone."""
        return bool(self.words) and not (self.phrases or self.isbn or self.parts or self.codes or self.years)


class _Reading:
    """A query on its way to a :class:`Wish`."""

    def __init__(self, *, marked: bool) -> None:
        self.marked = marked
        self.field = ""
        self.loose: dict[str, list[str]] = {"": []}  # field → words that stand by themselves
        self.phrases: list[tuple[Word, ...]] = []
        self.parts: list[Part] = []

    def phrase(self, before: str, text: str) -> None:
        minus, name = before.startswith("-"), before.removeprefix("-").removesuffix(":")
        if name:
            self.single(name + ":")
        words = tuple(_words(text))[:MOST_WORDS]
        if self.field not in ("", *TEXT_FIELDS):
            self.loose.setdefault(self.field, []).append(text)
        elif words and (self.field or minus):
            self.parts.append(Part(self.field, words, phrase=True, minus=minus))
        elif words:
            self.phrases.append(words)
        self.field = ""

    def single(self, text: str) -> None:
        at = text.find(":")
        if at > 0 and self._named(text[:at]):
            text = text[at + 1 :]
            if not text:
                return
        if text.startswith("-") and len(text) > 1 and self.field in ("", *TEXT_FIELDS):
            if words := tuple(_words(text[1:])):
                self.parts.append(Part(self.field, words, phrase=len(words) > 1, minus=True))
            return
        self.loose.setdefault(self.field, []).append(text)

    def _named(self, last: str) -> bool:
        """Whether ``last``, with words before it, is the name of a field; these are then no longer words."""
        before = self.loose.get(self.field, [])
        for more in range(LONGEST_NAME - 1, -1, -1):
            taken = before[len(before) - more :]
            if len(taken) == more and (name := FIELDS.get(fold(" ".join([*taken, last])))):
                if name == "year" and not self._is_year(last, before):
                    return False
                del before[len(before) - more :]
                self.field = name
                return True
        return False

    def _is_year(self, last: str, before: list[str]) -> bool:
        """Whether «nam:» is meant as «năm:»; «Việt Nam:» is not."""
        return fold(last) != "nam" or last.lower() == "năm" or not (self.marked or fold(" ".join(before[-1:])) in SOUTH)

    def wish(self) -> Wish:
        words = tuple(word for text in self.loose.pop("") for word in _words(text))[:MOST_WORDS]
        isbn, years, codes = "", None, []
        for name, texts in self.loose.items():
            text = " ".join(texts)
            if name in TEXT_FIELDS:
                if found := tuple(_words(text))[:MOST_WORDS]:
                    self.parts.append(Part(name, found))
            elif name == "isbn":
                isbn = isbn_key(text) or NOTHING
            elif name == "year":
                years = _years(text)
            elif text.strip():
                value = text.replace("-", "").upper() if name == "issn" else text.strip().lower()
                codes.append((name, value))
        return Wish(words, tuple(self.phrases[:MOST_WORDS]), isbn, tuple(self.parts[:MOST_WORDS]), tuple(codes), years)


def understand(query: str) -> Wish:
    """What a person's query asks for; every text is a query, none an error."""
    query = unicodedata.normalize("NFC", query[: MOST_CHARACTERS * 4].encode("utf-8", "replace").decode())
    query = query[:MOST_CHARACTERS].strip()
    if ISBN_QUERY.fullmatch(query) and len(key := isbn_key(query)) in (10, 13):
        return Wish(isbn=key)
    reading = _Reading(marked=not query.isascii())
    for before, straight, curly, single, end in CHUNK.findall(query):
        if single:
            reading.single(single)
        elif end:
            reading.field = ""
        else:
            reading.phrase(before, straight or curly)
    return reading.wish()


def _years(text: str) -> tuple[int, int] | None:
    """2015; 2010..2020, 2010-2020; 2010.. and ..2020."""
    found = YEARS.fullmatch(text.strip())
    if not found or not (found[1] or found[3]):
        return None
    if not found[2]:
        return int(found[1] or found[3]), int(found[1] or found[3])
    return int(found[1] or 0), int(found[3] or 0)


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
