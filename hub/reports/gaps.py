"""What the network lacks: books that nobody holds, that one area has too often, that an area's children miss.

Pure: books in, findings out, the same for the same books. A book is a union record, so that seven catalogs of one
edition are one book; copies are summed by area. Numbers of copies are what the libraries say, never estimated.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from heapq import nlargest
from math import ceil
from statistics import median
from typing import Any, NamedTuple

BANDS = ("a", "b", "c", "d", "j")  # MARC 21 008/22: whom a book is for, as far as they are children


class Book(NamedTuple):
    """A union record: whom it is for (008/22), whether everybody may read it online, and its copies by area."""

    union: int
    title: str
    author: str
    band: str
    year: int
    online: bool
    copies: Mapping[str, int]
    lessons: bool = False  # a textbook or a teacher's book: a set for a class is not too many


@dataclass(frozen=True, slots=True)
class Rules:
    """When something is said.

    ``core``: what this share of the areas holds, the others lack. ``many`` copies in one area, and ``times`` as many as
    the others have on average, are too many while one of them has none. ``poor``: an area whose titles of an age are
    less than this share of the median is poor in them. ``listed``: the longest list.
    """

    core: float = 0.5
    many: int = 5
    times: float = 3.0
    poor: float = 0.5
    listed: int = 200

    @property
    def core_percent(self) -> int:
        """``core`` as people say it."""
        return round(100 * self.core)

    @property
    def poor_percent(self) -> int:
        """``poor`` as people say it."""
        return round(100 * self.poor)


class Line(NamedTuple):
    """A book in a list, with the figure it is there for and, where there is one, the area."""

    union: int
    title: str
    author: str
    band: str
    figure: int
    area: str = ""
    without: int = 0  # of the areas


@dataclass(slots=True)
class Area:
    """What an area holds for children: (titles, copies) by band, and what most other areas have and it has not."""

    titles: Counter[str] = field(default_factory=Counter)
    copies: Counter[str] = field(default_factory=Counter)
    poor: list[str] = field(default_factory=list)
    missing: int = 0
    lacks: list[Line] = field(default_factory=list)


@dataclass(slots=True)
class Found:
    """The findings: by area, books nobody holds, books held too often; ``counts`` are of all, lists are cut."""

    looked_at: int
    areas: dict[str, Area]
    nobody: list[Line]
    often: list[Line]
    counts: dict[str, int]

    def dump(self) -> dict[str, Any]:
        """The findings as JSON, in an order that depends on nothing but the books."""
        return {
            "looked_at": self.looked_at,
            "counts": self.counts,
            "areas": {
                name: {
                    "titles": {band: area.titles[band] for band in BANDS},
                    "copies": {band: area.copies[band] for band in BANDS},
                    "poor": area.poor,
                    "missing": area.missing,
                    "lacks": [list(line) for line in area.lacks],
                }
                for name, area in sorted(self.areas.items())
            },
            "nobody": [list(line) for line in self.nobody],
            "often": [list(line) for line in self.often],
        }


def find(books: Iterable[Book], areas: Sequence[str], rules: Rules | None = None) -> Found:
    """What is lacking among the books of these areas; areas that hold nothing are told of as well."""
    rules = rules or Rules()
    looked_at, found = 0, {name: Area() for name in areas}
    core, nobody, often = _Longest(rules.listed), _Longest(rules.listed), _Longest(rules.listed)
    lacks = {name: _Longest(rules.listed) for name in areas}
    for book in books:
        looked_at += 1
        held = {area: copies for area, copies in book.copies.items() if area in found}
        if book.band in BANDS:
            _count(book, held, found)
            if len(held) >= max(2, ceil(rules.core * len(found))):
                core.add(_line(book, len(held)))
                for area in found.keys() - held.keys():
                    lacks[area].add(_line(book, len(held), area))
        if not book.copies and not book.online:
            nobody.add(_line(book, book.year))
        elif not book.lessons:
            for line in _too_often(book, held, len(found), rules):
                often.add(line)
    for name, here in found.items():
        here.missing, here.lacks = lacks[name].count, lacks[name].lines()
        here.poor = [band for band in BANDS if _is_poor(band, here, found, rules)]
    counts = {"core": core.count, "nobody": nobody.count, "often": often.count}
    return Found(looked_at, found, nobody.lines(), often.lines(), counts)


class _Longest:
    """The lines with the highest figures, and how many there were."""

    def __init__(self, most: int) -> None:
        self._most, self._kept, self.count = most, list[Line](), 0

    def add(self, line: Line) -> None:
        self.count += 1
        self._kept.append(line)
        if len(self._kept) >= 4 * self._most:
            self._kept = self.lines()

    def lines(self) -> list[Line]:
        return nlargest(self._most, self._kept, key=lambda line: (line.band in BANDS, line.figure, -line.union))


def _line(book: Book, figure: int, area: str = "", without: int = 0) -> Line:
    return Line(book.union, book.title, book.author, book.band, figure, area, without)


def _count(book: Book, held: Mapping[str, int], areas: Mapping[str, Area]) -> None:
    for area, copies in held.items():
        areas[area].titles[book.band] += 1
        areas[area].copies[book.band] += copies


def _too_often(book: Book, held: Mapping[str, int], areas: int, rules: Rules) -> Iterable[Line]:
    """The areas that have so many copies that others could have some."""
    if len(held) == areas:
        return
    every = sum(held.values())
    for area, copies in held.items():
        if copies >= rules.many and copies * (areas - 1) >= rules.times * (every - copies):
            yield _line(book, copies, area, areas - len(held))


def _is_poor(band: str, area: Area, areas: Mapping[str, Area], rules: Rules) -> bool:
    usual = median(one.titles[band] for one in areas.values())
    return area.titles[band] < rules.poor * usual
