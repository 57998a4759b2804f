"""The vocabularies of normalization as ``harvest_config/normalization.yaml`` states them, and made ready for use.

What a library would want to add to stands in that file; the rules that use it are pure and get it passed in.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from typing import Literal

from pydantic import BaseModel, ConfigDict

from hub.normalize.text import fold, has_marks, syllables

LONGEST_PLACE = 60  # characters: what is longer is no place's name alone


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class PlaceEntry(_Strict):
    """A place: its one form, how else it is written, its forms in other languages, and its former names.

    ``abroad`` are forms that are right in a text of another language. ``until`` gives a former name the last year in
    which it is kept. ``rule`` is the rule that reports the change.
    """

    name: str
    forms: tuple[str, ...] = ()
    abroad: tuple[str, ...] = ()
    until: dict[str, int] = {}
    rule: Literal["R-01", "R-02"] = "R-01"


class Rules(_Strict):
    """The vocabularies; see the comments of ``harvest_config/normalization.yaml``."""

    version: str
    places: tuple[PlaceEntry, ...]
    place_prefixes: tuple[str, ...] = ()
    publisher_prefixes: tuple[str, ...]
    publishers: dict[str, tuple[str, ...]]
    book_companies: tuple[str, ...]
    company_prefixes: tuple[str, ...]
    languages: dict[str, tuple[str, ...]]
    countries: dict[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class PlaceForm:
    """What a form of a place's name stands for, and when."""

    name: str
    rule: str
    abroad: bool = False
    until: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class Vocabulary:
    """The vocabularies as the rules look into them: by words with their tones, and by words without marks.

    Two vocabularies are equal when they are the same one, so that results can be kept by vocabulary.
    """

    places: dict[str, PlaceForm]
    place_prefix: re.Pattern[str]
    publisher_prefix: re.Pattern[str]
    publishers: dict[str, str]
    companies: frozenset[str]
    company_prefix: re.Pattern[str]
    languages: dict[str, str]
    countries: dict[str, str]


def key(text: str) -> str:
    """What a form is found by: its words with their tones; without any mark, its plain words."""
    return syllables(text) if has_marks(text) else fold(text)


def _keys(form: str) -> set[str]:
    """A form with marks is also found by the same text without any."""
    return {key(form), fold(form)}


def _prefix(forms: tuple[str, ...]) -> re.Pattern[str]:
    """Any of the forms at the start of a text, the longest first, with the space and stops behind it."""
    if not forms:
        return re.compile("(?!)")
    said = [r"[\s.]*".join(map(re.escape, re.findall(r"\w+", form))) for form in sorted(forms, key=len, reverse=True)]
    return re.compile(rf"(?:{'|'.join(said)})(?!\w)[\s.:]*", re.IGNORECASE)


def vocabulary(rules: Rules) -> Vocabulary:
    """The vocabularies made ready."""
    places: dict[str, PlaceForm] = {}
    for entry in rules.places:
        forms = dict.fromkeys((entry.name, *entry.forms), PlaceForm(entry.name, entry.rule))
        forms |= dict.fromkeys(entry.abroad, PlaceForm(entry.name, entry.rule, abroad=True))
        forms |= {form: PlaceForm(entry.name, entry.rule, until=year) for form, year in entry.until.items()}
        for form, meant in forms.items():
            for found in _keys(form):
                places.setdefault(found, meant)
    return Vocabulary(
        places=places,
        place_prefix=_prefix(rules.place_prefixes),
        publisher_prefix=_prefix(rules.publisher_prefixes),
        publishers={found: name for name, forms in rules.publishers.items() for form in forms for found in _keys(form)},
        companies=frozenset(found for name in rules.book_companies for found in _keys(name)),
        company_prefix=_prefix(rules.company_prefixes),
        languages=_codes(rules.languages),
        countries=_codes(rules.countries),
    )


def place_of(text: str, vocabulary: Vocabulary) -> PlaceForm | None:
    """What a place's name stands for, with or without the word for city or province before it; ``None`` if unknown."""
    return _place_of(text, vocabulary) if len(text) < LONGEST_PLACE else None


@lru_cache(maxsize=8192)
def _place_of(text: str, vocabulary: Vocabulary) -> PlaceForm | None:
    if found := vocabulary.places.get(key(text)):
        return found
    prefix = vocabulary.place_prefix.match(text)
    return vocabulary.places.get(key(text[prefix.end() :])) if prefix else None


def _codes(names: dict[str, tuple[str, ...]]) -> dict[str, str]:
    return {found: code for code, forms in names.items() for form in forms for found in _keys(form)}


def digest(rules: Rules, names: tuple[str, ...]) -> str:
    """32 hexadecimal digits that change with a vocabulary or with a rule's version."""
    said = "\n".join((*names, rules.model_dump_json()))
    return sha256(said.encode()).hexdigest()[:32]
