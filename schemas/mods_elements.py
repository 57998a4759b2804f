"""The elements of MODS as they are asked for, and what a title and a name are in MARC 21."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import TypeAlias

from lxml import etree

from schemas.cells import clean
from schemas.mods_codes import CODE_OF_ROLE, RELATORS
from schemas.record import Field, Subfield, data_field
from schemas.xml import local_name

Element: TypeAlias = etree._Element


def children(element: Element, *names: str) -> list[Element]:
    """The children with one of the names, in order."""
    return [child for child in element if local_name(child) in names]


def value(element: Element) -> str:
    """The text of an element, one space between words; what directs the writing from right to left belongs to it."""
    text = "".join(str(part) for part in element.itertext())
    return unicodedata.normalize("NFC", " ".join(text.split())) if not text.isascii() else clean(text)


def values(element: Element, *names: str) -> list[str]:
    return [text for child in children(element, *names) if (text := value(child))]


def text_of(element: Element, *names: str) -> str:
    """The text of the first child with one of the names, or ""."""
    return next(iter(values(element, *names)), "")


def below(element: Element, *path: str) -> list[Element]:
    """The elements at a path of names below."""
    found = [element]
    for name in path:
        found = [child for each in found for child in children(each, name)]
    return found


def values_at(element: Element, *path: str) -> list[str]:
    return [text for found in below(element, *path) if (text := value(found))]


def attribute(element: Element, name: str) -> str:
    return clean(element.get(name) or "")


def present(parts: Iterable[Subfield]) -> list[Subfield]:
    return [(code, value) for code, value in parts if value]


def made(tag: str, indicators: str, parts: Iterable[Subfield]) -> list[Field]:
    """A field, or none when no part has a value."""
    found = present(parts)
    return [data_field(tag, indicators, found)] if found else []


def non_sort(element: Element) -> str:
    """What is not sorted, with the space behind it; an apostrophe joins without one."""
    text = text_of(element, "nonSort")
    return text + ("" if text[-1:] in ("'", "’", "-") else " ") if text else ""


def title_parts(element: Element) -> list[Subfield]:
    title = re.sub(r"\s*[:/=]$", "", text_of(element, "title"))
    numbers, names = values(element, "partNumber"), values(element, "partName")
    parts = [("a", non_sort(element) + title), *(("n", n) for n in numbers), *(("p", n) for n in names)]
    return present([*parts, ("b", text_of(element, "subTitle"))])


def name_tag(element: Element) -> tuple[str, str]:
    kind = element.get("type") or "personal"
    if kind == "family":
        return "00", "3 "
    if kind in ("corporate", "conference"):
        return ("10", "2 ") if kind == "corporate" else ("11", "2 ")
    family = any(part.get("type") == "family" for part in children(element, "namePart"))
    return "00", "1 " if family or "," in text_of(element, "namePart") else "0 "


def name_parts(element: Element) -> list[Subfield]:
    """$a name (family, given), further parts of a corporate name $b, $c terms of address, $d dates."""
    parts = [(part.get("type") or "", value(part)) for part in children(element, "namePart") if value(part)]
    plain = [text for kind, text in parts if not kind]
    inverted = [" ".join(t for kind, t in parts if kind == wanted) for wanted in ("family", "given")]
    corporate = element.get("type") == "corporate"
    name = ", ".join(filter(None, inverted)) or ("" if not plain else plain[0] if corporate else " ".join(plain))
    name = name or text_of(element, "displayForm")
    more = [("b", text) for text in plain[1:]] if corporate else []
    rest = [("c", text) for kind, text in parts if kind == "termsOfAddress"]
    rest += [("d", text) for kind, text in parts if kind == "date"]
    return [("a", name.rstrip(" ,")), *more, *rest] if name else []


def role_terms(element: Element) -> list[str]:
    return [text.lower() for text in values_at(element, "role", "roleTerm")]


def roles_of(element: Element) -> list[Subfield]:
    """$e and $4 of the roles; a term that the list of relators knows gets its code, a code its term."""
    terms: list[Subfield] = []
    codes: list[Subfield] = []
    for role in children(element, "role"):
        found = [(term.get("type") or "", value(term)) for term in children(role, "roleTerm")]
        code = next((text.lower()[:3] for kind, text in found if kind == "code"), "")
        said = next((text for kind, text in found if kind != "code" and text), "")
        if not code:
            code = said.lower() if said.lower() in RELATORS else CODE_OF_ROLE.get(said.lower(), "")
        said = "" if said.lower() in ("creator", *RELATORS) else said
        terms.append(("e", said or RELATORS.get(code, ("", ""))[0]))
        codes.append(("4", code if code != "cre" else ""))
    return list(dict.fromkeys(present(terms + codes)))
