"""What one library says of one publication."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import yaml

from benchmarks.network.publication import Printing, Publication


@dataclass(frozen=True, slots=True)
class Profile:
    """How a library describes its books; see ``profiles.yaml``. ``recent`` is the first year it deals with."""

    code: str
    name: str
    format: str
    encoding: str
    layout: str
    tastes: dict[str, float]
    rates: dict[str, float]
    forms: dict[str, list[str]]
    recent: int = 0

    @property
    def is_marc(self) -> bool:
        """Whether it sends MARC."""
        return self.format in ("marc21", "marcxml")


@cache
def _table() -> dict[str, Any]:
    with Path(__file__).with_name("profiles.yaml").open(encoding="utf-8") as stream:
        return dict(yaml.safe_load(stream))


def profiles(count: int) -> list[Profile]:
    """``count`` libraries; beyond those of the file they are others of the same kinds."""
    known = _table()["libraries"]
    return [_profile(known[number % len(known)], number + 1) for number in range(count)]


def _profile(entry: dict[str, Any], number: int) -> Profile:
    said = {**_table()["every"], **entry}
    tastes = said.pop("tastes")
    rates = {name: float(value) for name, value in said.items() if isinstance(value, int | float)}
    forms = {name: [str(one) for one in value] for name, value in said.items() if isinstance(value, list)}
    names = {name: str(said.get(name, "")) for name in ("name", "format", "encoding", "layout")}
    return Profile(f"VN-T{number:02d}", tastes=tastes, rates=rates, forms=forms, recent=said.get("recent", 0), **names)


@dataclass(slots=True)
class Said:
    """A description in the making.

    ``people`` are (name, role) for headings, ``statement`` what 245 $c says. ``states`` names the elements that the
    record gives (author, translator, publisher, company, year, pages, isbn, series, subtitle, part, edition, revised,
    form), ``kinds`` the variations; ``own`` says that a named volume goes by its own name; ``volume_number`` and
    ``parts`` are what a reader learns of volumes. ``marked`` is false for text typed without marks.
    """

    publication: Publication
    printing: Printing
    number: int
    title: str = ""
    subtitle: str = ""
    volume: str = ""
    volume_place: str = ""
    part: str = ""
    parallel: str = ""
    people: list[tuple[str, str]] = field(default_factory=list)
    statement: str = ""
    edition: str = ""
    place: str = ""
    publisher: str = ""
    year: str = ""
    pages: str = ""
    isbns: list[str] = field(default_factory=list)
    series: str = ""
    series_volume: str = ""
    languages: tuple[str, ...] = ()
    original: str = ""
    form: str = "text"
    note: str = ""
    remark: str = ""
    states: set[str] = field(default_factory=set)
    kinds: set[str] = field(default_factory=set)
    own: bool = False
    volume_number: int = 0
    parts: int = 0
    marked: bool = True
    brief: bool = False

    @property
    def copies(self) -> int:
        """How many copies the library has."""
        return self.number * 7 % 4 + 1


class Teller:
    """A library's way to tell, with its dice."""

    def __init__(self, profile: Profile, random: Random) -> None:
        self.profile = profile
        self.random = random

    def happens(self, name: str) -> bool:
        """Whether the dice say that it happens, by the share ``name`` of the profile."""
        return self.random.random() < self.profile.rates[name]

    def form(self, name: str) -> str:
        """One of the forms ``name`` of the profile."""
        return self.random.choice(self.profile.forms[name])

    def chance(self, share: float) -> bool:
        """True in a share of the cases."""
        return self.random.random() < share

    def one_of(self, *among: str) -> str:
        """One of some words."""
        return self.random.choice(among)
