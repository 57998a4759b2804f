"""The words of ``words.yaml``: titles, names, publishers and ISBNs drawn from them."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import yaml

from benchmarks.network.publication import Person
from tests.sample_network.books import check_digit

SLOT = re.compile(r"\{(\w+)\}")
FIELDS = ("children", "adult", "textbook", "science", "folk", "translation")


@cache
def table() -> dict[str, Any]:
    """The whole of ``words.yaml``."""
    with Path(__file__).with_name("words.yaml").open(encoding="utf-8") as stream:
        return dict(yaml.safe_load(stream))


def capital(text: str) -> str:
    """``text`` with a capital at its beginning."""
    return text[:1].upper() + text[1:]


class Words:
    """Draws words; it remembers how many ISBNs each publisher has used."""

    def __init__(self, seed: int) -> None:
        self.random = Random(f"words {seed}")
        self.used: Counter[str] = Counter()
        self.authors = [self.vietnamese() for _ in range(420)]
        self.translators = [self.vietnamese() for _ in range(90)]
        self.illustrators = [self.vietnamese() for _ in range(50)]
        self.foreigners = {code: [self.foreign(code) for _ in range(45)] for code in table()["foreign_names"]}

    def pick(self, among: Any) -> Any:
        """One of a list, or of the list of that name."""
        return self.random.choice(table()[among] if isinstance(among, str) else among)

    def title(self, pattern: str) -> str:
        """A title by one of the patterns of a kind."""
        return self.fill(self.pick(table()["patterns"][pattern]))

    def fill(self, pattern: str) -> str:
        """The pattern with its slots filled."""
        slots = {**table()["slots"], **table()["english"]}
        return capital(SLOT.sub(lambda found: self.random.choice(slots[found[1]]), pattern))

    def vietnamese(self) -> Person:
        """A Vietnamese person, one in five known by a pen name."""
        name = f"{self.pick('families')} {self.pick('middles')} {self.pick('givens')}"
        if self.random.random() < 0.2:
            name = f"{self.pick('families')} {self.pick('givens')}"
        if self.random.random() < 0.25:
            name = f"{self.pick('families')} {self.pick('middles')} {self.pick('middles')} {self.pick('givens')}"
        born = self.random.randint(1910, 1990)
        dates = f"{born}-{born + self.random.randint(50, 90)}" if born < 1935 else f"{born}-"
        if self.random.random() < 0.2:
            return Person(f"{self.pick('pen_first')} {self.pick('pen_last')}", other=name, dates=dates)
        return Person(name, dates=dates)

    def foreign(self, language: str) -> Person:
        """A foreign person with the name in phonetic spelling."""
        names = table()["foreign_names"][language]
        first, last = self.pick(list(names["first"])), self.pick(list(names["last"]))
        said = f"{names['first'][first]} {names['last'][last]}"
        return Person(f"{first} {last}", last, said, dates=f"{self.random.randint(1900, 1985)}-")

    def publisher(self, field: str) -> str:
        """A publisher of books of a field."""
        names = list(table()["publishers"])
        at = 2 + FIELDS.index(field)
        return str(self.random.choices(names, [table()["publishers"][name][at] for name in names])[0])

    def place(self, publisher: str) -> str:
        """Where a publisher is."""
        return str(table()["publishers"][publisher][0])

    def isbn(self, publisher: str) -> str:
        """The publisher's next ISBN."""
        registrant = str(table()["publishers"][publisher][1])
        self.used[registrant] += 1
        width = 6 - len(registrant)
        first = f"978604{registrant}{self.used[registrant] % 10**width:0{width}d}"
        if self.used[registrant] >= 10**width:  # the block is full: go on in a block nobody else has
            first = f"97860{self.used[registrant] % 10**7:07d}"
        return first + check_digit(first)

    def foreign_isbn(self, language: str) -> str:
        """An ISBN of the English (0, 1) or French (2) group."""
        group = {"eng": self.random.choice("01"), "fre": "2"}[language]
        first = f"978{group}{self.random.randrange(10**8):08d}"
        return first + check_digit(first)
