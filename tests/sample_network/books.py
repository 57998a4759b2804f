"""The books of ``works.yaml`` and who has them."""

from __future__ import annotations

import hashlib
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import yaml

WORKS = Path(__file__).with_name("works.yaml")
ROLES = ("author", "corporate", "translator", "illustrator", "chief", "editor", "reviser", "adapter", "compiler")
KEYS = {"by": "author", "org": "corporate"}
FIRST_ISBN_YEAR = 2009
PLAIN = {"title", "subtitle", "parallel", "volume", "part", "year", "pages", "size", "edition", "series", "original"}
PLAIN |= {"ddc", "price", "form", "shelf", "codes", "words", "invented"}
KNOWN = PLAIN | {"key", "aud", "pub", "place", "lang", "isbn", "in", "as", "vols", *ROLES, *KEYS}


@dataclass(frozen=True, slots=True)
class Book:
    """One publication, or what one library says of it. ``people`` are (name, role) in the order of the title page.

    ``isbn`` is 13 digits or ``""``; ``float`` and ``broken`` say that a library has spoiled it. ``codes`` are a
    school's numbers for author and publisher in place of their names.
    """

    key: str
    title: str
    subtitle: str = ""
    parallel: str = ""
    volume: str = ""
    part: str = ""
    people: tuple[tuple[str, str], ...] = ()
    publisher: str = ""
    place: str = ""
    year: int = 0
    pages: int = 0
    size: int = 21
    isbn: str = ""
    spoiled: str = ""
    edition: str = ""
    series: str = ""
    languages: tuple[str, ...] = ("vie",)
    original: str = ""
    ddc: str = ""
    audience: str = "g"
    price: int = 0
    form: str = "text"
    shelf: str = ""
    codes: str = ""
    words: bool = False
    invented: bool = False

    def names(self, *roles: str) -> list[str]:
        """The names of the people with one of ``roles``."""
        return [name for name, role in self.people if role in roles]

    @property
    def volume_words(self) -> str:
        """The volume as a cover says it: ``Tập 2``, in textbooks ``Tập hai``."""
        number = ["", "một", "hai", "ba"][int(self.volume)] if self.words and self.volume else self.volume
        return f"Tập {number}" if self.volume else ""


@dataclass(frozen=True, slots=True)
class Copy:
    """A book in one library: what it is (``book``), what the library says (``said``), its place there from 1 on."""

    book: Book
    said: Book
    number: int

    @property
    def dice(self) -> int:
        """A number that is always the same for this book: what differs from copy to copy depends on it."""
        return dice(self.book.key)


def dice(text: str) -> int:
    """A large number made of ``text``."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:6])


def ascii_only(text: str) -> str:
    """``text`` as one types it without diacritics."""
    bare = unicodedata.normalize("NFD", text.replace("Đ", "D").replace("đ", "d"))
    return "".join(letter for letter in bare if not unicodedata.combining(letter))


def check_digit(first: str) -> str:
    """The check digit of the twelve digits of an ISBN (ISO 2108)."""
    total = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(first))
    return str(-total % 10)


def direct(name: str) -> str:
    """``Verne, Jules`` as ``Jules Verne``; other names as they are."""
    last, comma, first = name.partition(", ")
    return f"{first} {last}" if comma else name


@dataclass(frozen=True, slots=True)
class Network:
    """All publications, the dates of persons, and who has what: letter of the library → its copies."""

    books: dict[str, Book]
    dates: dict[str, str]
    copies: dict[str, list[Copy]]


def load() -> Network:
    """The network of ``works.yaml``; each library shelves its books in an order of its own."""
    table = yaml.safe_load(WORKS.read_text(encoding="utf-8"))
    maker = _Maker(table["publishers"])
    books: dict[str, Book] = {}
    held: dict[str, list[tuple[Book, Book]]] = {}
    for entry, holders in _entries(table["sections"]):
        book = maker.book(entry)
        if book.key in books:
            raise ValueError(f"two publications have the key {book.key}")
        books[book.key] = book
        for letter in holders:
            said = maker.said(book, entry.get("as", {}).get(letter, {}), books)
            held.setdefault(letter, []).append((book, said))
    copies = {letter: _shelved(letter, pairs) for letter, pairs in held.items()}
    return Network(books, table["dates"], copies)


def _entries(sections: list[dict[str, Any]]) -> Iterator[tuple[dict[str, Any], str]]:
    for section in sections:
        for work in section["works"]:
            entry = {**section["all"], **work}
            _check(entry)
            for volume, (part, holders) in entry.pop("vols", {}).items():
                yield {**entry, "volume": str(volume), "part": part, "vols": True}, holders
            if "in" in entry:
                yield entry, entry["in"]


def _shelved(letter: str, pairs: list[tuple[Book, Book]]) -> list[Copy]:
    ordered = sorted(pairs, key=lambda pair: dice(letter + pair[0].key))
    return [Copy(book, said, number) for number, (book, said) in enumerate(ordered, 1)]


class _Maker:
    """Makes books of entries; it counts the made-up ISBNs of each publisher."""

    def __init__(self, publishers: dict[str, list[str]]) -> None:
        self.publishers = publishers
        self.used: Counter[str] = Counter()
        self.sets: dict[str, str] = {}

    def book(self, entry: dict[str, Any]) -> Book:
        publisher = entry.get("pub", "")
        place = entry.get("place", self.publishers.get(publisher, [""])[0])
        book = Book(**_plain(entry), key=_key(entry), people=_people(entry), publisher=publisher, place=place)
        isbn = entry.get("isbn")
        if isbn == "set":
            book = replace(book, isbn=self.sets.get(book.title) or self._made_up(publisher))
            self.sets[book.title] = book.isbn
        elif isbn is not None:
            book = replace(book, isbn=isbn)
        elif book.year >= FIRST_ISBN_YEAR and publisher in self.publishers:
            book = replace(book, isbn=self._made_up(publisher))
        return replace(book, price=book.price or _price(book), pages=_pages(book, entry))

    def said(self, book: Book, changes: dict[str, Any], books: dict[str, Book]) -> Book:
        """What a library says of ``book``; an ISBN ``=key`` is that of another book, by mistake."""
        changed = dict(changes)
        isbn = changed.pop("isbn", None)
        if isbn in ("float", "broken"):
            changed["spoiled"] = isbn
        elif isbn is not None:
            changed["isbn"] = books[isbn[1:]].isbn if isbn.startswith("=") else isbn
        for short, name in (("pub", "publisher"), ("aud", "audience")):
            if short in changed:
                changed[name] = changed.pop(short)
        people = _people(changed)
        roles = {role for _, role in people}
        others = tuple(person for person in book.people if person[1] not in roles)
        names = [name for name in changed if KEYS.get(name, name) in ROLES]
        said = {name: value for name, value in changed.items() if name not in names}
        return replace(book, **said, people=people + others)

    def _made_up(self, publisher: str) -> str:
        registrant = self.publishers[publisher][1]
        self.used[registrant] += 1
        width = 6 - len(registrant)
        number = self.used[registrant] + 10**width - (1000 if width == 5 else 100)
        first = f"978604{registrant}{number}"
        return first + check_digit(first)


def _plain(entry: dict[str, Any]) -> dict[str, Any]:
    found = {name: value for name, value in entry.items() if name in PLAIN}
    return {**found, "audience": entry["aud"], "languages": tuple(entry.get("lang", "vie").split())}


def _check(entry: dict[str, Any]) -> None:
    for names in (entry, *entry.get("as", {}).values()):
        if unknown := set(names) - KNOWN:
            raise ValueError(f"{entry['title']}: what is {', '.join(sorted(unknown))}?")


def _people(entry: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    found = []
    for role in ROLES:
        for key in (role, *[key for key, value in KEYS.items() if value == role]):
            names = entry.get(key) or []
            found += [(name, role) for name in ([names] if isinstance(names, str) else names)]
    return tuple(found)


def _key(entry: dict[str, Any]) -> str:
    words = ascii_only(entry.get("key", entry["title"])).lower()
    slug = "-".join("".join(letter if letter.isalnum() else " " for letter in words).split())
    return f"{slug}-{entry['volume']}" if entry.get("vols") else slug


def _pages(book: Book, entry: dict[str, Any]) -> int:
    """The volumes of a set differ a little in thickness."""
    return book.pages + 8 * (int(book.volume) * 5 % 7 - 2) if entry.get("vols") and book.pages > 60 else book.pages


def _price(book: Book) -> int:
    return round(book.pages * 0.28 + 9) * 1000 if book.year >= 2005 and book.pages else 0
