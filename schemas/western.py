"""Which code page text of Europe is in: CP1252 (with Latin-1), CP1250, CP1251; or MARC-8 or ISO 5426 after all.

What is no Vietnamese is weighed here, word by word and in all readings at once: how many words have only letters of the
languages that a reading serves, and how many hold what those languages never write («pøíruèka» is no word of the west,
«voilŕ» none of the middle). MARC-8 and ISO 5426 put a mark before its letter; the same bytes as CP1252 have letters
without one to follow.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, fields
from itertools import pairwise

from schemas.coding import is_clean, lenient
from schemas.syllables import beyond_ascii

PAGES = ("cp1252", "cp1250", "cp1251")
MARKED = ("marc-8", "iso-5426")  # a mark stands before its letter
ENOUGH = 10  # words beyond ASCII that a source must have
SHARE = 0.90
LOOSE = 0.05  # share of words that MARC-8 cannot hold: in text that is MARC-8 there are hardly any
TELLING = 3  # how much more often the other page must be impossible
_WEST = re.compile(r"[A-Za-zÀ-ÖØ-öø-ÿŒœŠšŽžŸ]+[ºª]?")
_MIDDLE = re.compile(r"[A-Za-zÁÂÄÇÉËÍÎÓÔÖÚÜÝßáâäçéëíîóôöúüýĂ-ćČ-đĘ-ěĹĺĽľŁ-ńŇňŐőŔŕŘ-śŞ-ťŮ-űŹ-ž]+")
_EAST = re.compile(r"[А-ЯЁЂЃЄЅІЇЈЉЊЋЌЎЏҐ]+|[А-ЯЁЂЃЄЅІЇЈЉЊЋЌЎЏҐ]?[а-яёђѓєѕіїјљњћќўџґ]+")
_NOT_WEST = re.compile(  # Czech, Slovak, Polish and Hungarian letters as CP1252 shows them
    "ø(?=[íáýìèùšž])|(?<=[íáýìšž])ø|è(?=[aeiouyáíéóúùìý])|ì(?=[a-zšžèøýáíé])|ù(?=[a-zšžèøýáíé])|ñ(?![aeiouyáéíóúüAEIOU])"
    "|õ$|[a-z][¹³¿]|[¹³¿£][a-z]"
)
_NOT_MIDDLE = re.compile(  # French, Spanish, Portuguese, Italian, Nordic letters as CP1250 shows them
    "(?<![bcdfghjklmnprstvxz])[ĺŕ]|[ĺŕ](?![bcdfghjklmnprstvxz])|[aeiou]ů|ń[aeiouáéíóú]|ăo|őe|č(?=[rtlgn]e)|ę(?=me|te)"
)
_COMMON = frozenset("оеаинтОЕАИНТ")  # nearly half of the letters of Russian, more of its neighbors
_COMMON_SHARE = 0.30


@dataclass(slots=True)
class Europe:
    """What the words beyond ASCII of some pieces are in each reading, added up.

    ``west``, ``middle``, ``east``: words of the letters of CP1252, CP1250, CP1251; ``not_west``, ``not_middle``: those
    of them that the languages rule out; ``letters`` and ``common``: letters of CP1251, and how many are common ones;
    ``marc8``, ``iso5426``: words that are sound there; ``loose``: those that MARC-8 cannot hold.
    """

    words: int = 0
    west: int = 0
    middle: int = 0
    east: int = 0
    not_west: int = 0
    not_middle: int = 0
    letters: int = 0
    common: int = 0
    marc8: int = 0
    iso5426: int = 0
    loose: int = 0

    def add(self, text: bytes) -> None:
        """Count one piece, without its codes."""
        west = beyond_ascii(lenient(text, "cp1252"))
        self.words += len(west)
        self.west += sum(is_west(word) for word in west)
        self.not_west += sum(_NOT_WEST.search(word) is not None for word in west)
        middle = beyond_ascii(lenient(text, "cp1250"))
        self.middle += sum(_MIDDLE.fullmatch(word) is not None and _is_orderly(word) for word in middle)
        self.not_middle += sum(_NOT_MIDDLE.search(word) is not None for word in middle)
        east = [word for word in beyond_ascii(lenient(text, "cp1251")) if _EAST.fullmatch(word)]
        self.east += len(east)
        self.letters += sum(map(len, east))
        self.common += sum(letter in _COMMON for word in east for letter in word)
        words = [word for word in text.split() if not word.isascii()]
        whole = [word for word in words if is_clean(word, "marc-8")]
        self.loose += len(words) - len(whole)
        self.marc8 += _sound(whole, "marc-8")
        self.iso5426 += _sound([word for word in words if is_clean(word, "iso-5426")], "iso-5426")

    def best(self) -> tuple[str, float, str, float]:
        """The best page and its share of words, the next reading and its share; ``""`` where none is to be had."""
        shares = self.shares()
        if not shares:
            return "", 0.0, "", 0.0
        page = max(PAGES, key=lambda name: shares[name])
        following = max((name for name in shares if name != page), key=lambda name: shares[name])
        return page, shares[page], following, shares[following]

    def is_doubtful(self) -> bool:
        """Whether some of the words are none of MARC-8 though nearly all are of a page: a few bytes, or both mixed."""
        return self.loose > 0 and self.loose >= LOOSE * self.words and self.best()[1] >= SHARE

    def shares(self) -> dict[str, float]:
        """Of each reading the share of words that it explains."""
        if not self.words:
            return {}
        west, middle = (self.west, self.middle) if self.loose >= LOOSE * self.words else (0, 0)
        if self.not_middle >= TELLING * self.not_west:  # also where nothing speaks against either: the pages agree
            middle = 0
        elif self.not_west >= TELLING * self.not_middle:
            west = 0
        east = self.east if self.common >= _COMMON_SHARE * self.letters else 0
        if east >= SHARE * self.words:
            west = middle = 0
        found = {"cp1252": west, "cp1250": middle, "cp1251": east, "marc-8": self.marc8, "iso-5426": self.iso5426}
        return {name: count / self.words for name, count in found.items()}

    def dump(self) -> dict[str, int]:
        return {each.name: getattr(self, each.name) for each in fields(self)}

    @classmethod
    def load(cls, kept: dict[str, int]) -> Europe:
        return cls(**{each.name: kept.get(each.name, 0) for each in fields(cls)})


def is_west(word: str) -> bool:
    """Whether a word has letters of Western Europe only, and none of them a capital after a small letter."""
    return _WEST.fullmatch(word) is not None and _is_orderly(word)


def is_western(words: Iterable[str]) -> bool:
    """Whether there are words of several letters and all words are of the west: «Élève», «für»."""
    found = list(words)
    return any(len(word) > 1 for word in found) and all(map(is_west, found))


def _is_orderly(word: str) -> bool:
    """«hÉros» is a wrong reading; «McÉwan» is none, for its letters beyond ASCII are no evidence that it is one."""
    return not any(b.isupper() and not b.isascii() and a.islower() for a, b in pairwise(word))


def _sound(words: list[bytes], name: str) -> int:
    """How many of some words are sound where a mark stands before its letter: all composed, nothing unknown."""
    return sum(map(_is_composed, beyond_ascii(lenient(b" ".join(words), name))))


def _is_composed(word: str) -> bool:
    return "\ufffd" not in word and not any("\u0300" <= letter <= "\u036f" for letter in word) and _is_orderly(word)
