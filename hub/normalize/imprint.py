"""The place and the publisher of 260 and 264, each in one form (R-01 to R-04).

A place or a publisher is changed only where the whole of it is a form that the vocabulary knows; brackets, which say
that the cataloger supplied it, and the marks of ISBD stay.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from hub.normalize.context import PLACES, YEAR, Context, framed, within
from hub.normalize.rule import Change, Moved
from hub.normalize.rules import Vocabulary, key, place_of
from schemas.record import DELIMITER, data_field

SEVERAL = re.compile(r"\s*;\s*")
TOGETHER = re.compile(r"\s*;\s*|\s+[-–]\s+|\s*,\s+")
JOINED_ON = re.compile(r"(?:và|va|and|&)\b", re.IGNORECASE)
PUBLICATION = (" ", "1", "0")  # second indicators of 264 that name publishers or producers; 260 has a blank


def place_rule(name: str) -> Change:
    """R-01 and R-02: the place in $a in one form, by the entries of the vocabulary that this rule reports."""

    def place(content: str, context: Context) -> str:
        return within(content, "a", lambda value: _place(value, name, content, context))

    return place


def _place(value: str, rule: str, content: str, context: Context) -> str:
    """One place, or several: «H. ; Tp. HCM»."""
    start, core, end = framed(value)
    parts = [core] if place_of(core, context.vocabulary) else PLACES.split(core)
    parts[::2] = [_one_place(part, rule, content, context) for part in parts[::2]]
    return start + "".join(parts) + end


def _one_place(text: str, rule: str, content: str, context: Context) -> str:
    form = place_of(text, context.vocabulary)
    if form is None or form.rule != rule or text.rstrip(".") == form.name:
        return text
    if form.abroad and not context.vietnamese:
        return text
    if form.until and _year(content, context) <= form.until:
        return text
    return form.name


def _year(content: str, context: Context) -> int:
    """The year of this field, else of the record, or 0: without one a former name is kept."""
    found = YEAR.search(content)
    return int(found[1]) if found else context.year


@lru_cache(maxsize=8192)
def _key(text: str) -> str:
    return key(text) if len(text) < 60 else ""


def publisher(content: str, context: Context) -> str:
    """R-03: $b without «Nxb.», «Nhà xuất bản»…, and an abbreviated name in full: «NXB Trẻ» → «Trẻ»."""
    if content[1:2] not in PUBLICATION:
        return content
    return within(content, "b", lambda value: _publisher(value, context.vocabulary))


@lru_cache(maxsize=8192)
def _publisher(value: str, vocabulary: Vocabulary) -> str:
    start, core, end = framed(value)
    if ";" not in core:
        return start + _one_publisher(core, vocabulary) + end
    return start + " ; ".join(_one_publisher(part, vocabulary) for part in SEVERAL.split(core)).strip() + end


def _one_publisher(text: str, vocabulary: Vocabulary) -> str:
    name = text
    while found := vocabulary.publisher_prefix.match(name):
        rest = name[found.end() :]
        if not rest or not rest[0].isalnum() or JOINED_ON.match(rest):
            break
        name = rest[0].upper() + rest[1:]
    return vocabulary.publishers.get(_key(name.rstrip(".")), name)


class Companies(NamedTuple):
    """What a $b says: the publishers that remain, and the book companies it names beside or instead of them."""

    remains: str
    companies: tuple[str, ...]


def book_company(content: str, context: Context) -> str | Moved:
    """R-04: a book company in $b is no publisher: it goes to 264 #2 (distribution); the legal publisher stays.

    Where nobody else is named, the publisher is unknown and $b is left out.
    """
    if content[1:2] not in PUBLICATION:
        return content
    parts: list[str] = []
    moved: list[str] = []
    for part in content.split(DELIMITER):
        if part[:1] == "b" and parts:
            found = _companies(part[1:], context.vocabulary)
            moved += found.companies
            if found.companies and not found.remains:
                _close(parts)
                continue
            part = "b" + found.remains
        parts.append(part)
    if not moved:
        return content
    fields = tuple(data_field("264", " 2", [("b", name)]) for name in moved)
    return Moved(DELIMITER.join(parts) if len(parts) > 1 else "", fields)


def _close(parts: list[str]) -> None:
    """The subfield before a publisher that is gone ends as if it stood before the date."""
    if len(parts) > 1 and parts[-1].endswith(":"):
        parts[-1] = parts[-1].rstrip(" :") + ","


@lru_cache(maxsize=8192)
def _companies(value: str, vocabulary: Vocabulary) -> Companies:
    start, core, end = framed(value)
    if not vocabulary.companies or len(core) > 200:
        return Companies(value, ())
    if _is_company(core, vocabulary):
        return Companies("", (core,))
    parts = [_one_publisher(part, vocabulary) for part in TOGETHER.split(core)]
    companies = tuple(part for part in parts if _is_company(part, vocabulary))
    if not companies:
        return Companies(value, ())
    remains = " ; ".join(part for part in parts if part not in companies and part)
    return Companies(start + remains + end if remains else "", companies)


def _is_company(text: str, vocabulary: Vocabulary) -> bool:
    found = vocabulary.company_prefix.match(text)
    name = text[found.end() :] if found else text
    return key(name) in vocabulary.companies
