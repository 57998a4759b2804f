"""The nouns of the generator: people, publications and their printings."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody by the name in direct order. ``family`` is what an index files a foreign name under.

    ``phonetic`` is a foreign name in Vietnamese spelling, ``other`` the name behind a pen name, ``dates`` of life.
    """

    name: str
    family: str = ""
    phonetic: str = ""
    other: str = ""
    dates: str = ""


@dataclass(frozen=True, slots=True)
class Printing:
    """One printing: another year and often another ISBN, the same pages."""

    year: int
    isbn: str = ""
    number: int = 1
    binding: str = ""


@dataclass(frozen=True, slots=True)
class Publication:
    """One publication: what libraries share and a cluster stands for.

    ``people`` are (person, role); ``parts`` is the number of volumes where a set is described as a whole. ``company``
    is the book company behind a licensed publisher. ``form`` is text, comic, braille, sound, electronic or serial.
    """

    key: str
    work: str
    kind: str
    title: str
    people: tuple[tuple[Person, str], ...]
    publisher: str
    place: str
    printings: tuple[Printing, ...]
    pages: int
    subtitle: str = ""
    part: str = ""
    volume: int = 0
    parts: int = 0
    series: str = ""
    company: str = ""
    parallel: str = ""
    original: str = ""
    original_title: str = ""
    languages: tuple[str, ...] = ("vie",)
    form: str = "text"
    revised: bool = False
    audience: str = "g"
    ddc: str = "895.9223"
    set_isbn: str = ""
    size: int = 21
    traits: tuple[str, ...] = ()
    unit: str = ""

    def names(self, *roles: str) -> list[Person]:
        """The people with one of ``roles``."""
        return [person for person, role in self.people if role in roles]

    @property
    def bilingual(self) -> bool:
        """Whether the text stands in two languages."""
        return len(self.languages) > 1

    @property
    def isbns(self) -> frozenset[str]:
        """The ISBNs of its printings, without that of a set."""
        return frozenset(printing.isbn for printing in self.printings if printing.isbn)
