"""A MODS tree while it is written: elements, texts without ISBD marks, titles and names."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TypeAlias

from lxml import etree

from schemas.mods_codes import NAMESPACE, RELATORS
from schemas.record import Subfield, subfields

Element: TypeAlias = etree._Element
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_NOT_SORTED = re.compile(r".*[ '’-]$")
NAMES = {"00": "personal", "10": "corporate", "11": "conference"}


def add(parent: Element, name: str, text: str = "", **attributes: str) -> Element:
    """A child of the MODS namespace; attributes without a value are left out."""
    given = {key: _NOT_XML.sub("", value) for key, value in attributes.items() if value}
    child = etree.SubElement(parent, f"{{{NAMESPACE}}}{name}", given)
    child.text = _NOT_XML.sub("", text) or None
    return child


def add_each(parent: Element, name: str, texts: Iterable[str], **attributes: str) -> None:
    for text in texts:
        if text:
            add(parent, name, text, **attributes)


def bare(value: str) -> str:
    """Without the ISBD marks that precede what follows."""
    return re.sub(r"\s*[/:;,=]\s*$", "", value.strip())


def texts_of(content: str, codes: str) -> list[str]:
    """The values of some subfields; addresses and labels keep every sign."""
    found = ((value.strip() if code in "ui" else bare(value)) for code, value in subfields(content) if code in codes)
    return [text for text in found if text]


def said_in(content: str, but: str = "") -> str:
    """All of a field that is text: without control subfields."""
    return " ".join(value.strip() for code, value in subfields(content) if code.isalpha() and code not in but + "uw")


def add_title(info: Element, parts: list[Subfield], skipped: int = 0) -> None:
    title = next((value for code, value in parts if code in "at"), "")
    prefix = title[:skipped]
    if prefix and _NOT_SORTED.match(prefix):
        add(info, "nonSort", prefix)
        title = title[skipped:]
    add(info, "title", bare(title))
    for name, code in (("partNumber", "n"), ("partName", "p")):
        add_each(info, name, (bare(value) for c, value in parts if c == code))
    rest = " : ".join(filter(None, (bare(value) for code, value in parts if code == "b")))
    add_each(info, "subTitle", [re.sub(r"^= ", "= ", rest)])


def add_name(parent: Element, tag: str, content: str) -> Element:
    kind = "family" if tag[1:] == "00" and content[:1] == "3" else NAMES[tag[1:]]
    name = add(
        parent, "name", type=kind, valueURI=next((v for c, v in subfields(content) if c == "0" and "://" in v), "")
    )
    first = " ".join(
        texts_of(content, "a" if kind == "corporate" else "abq" if kind in ("personal", "family") else "an")
    )
    add_each(name, "namePart", [first, *(texts_of(content, "b") if kind == "corporate" else [])])
    add_each(name, "namePart", texts_of(content, "c"), type="termsOfAddress")
    add_each(name, "namePart", texts_of(content, "d"), type="date")
    add_each(name, "affiliation", texts_of(content, "u"))
    _roles(name, content)
    return name


def _roles(name: Element, content: str) -> None:
    """A role a code, with the term of $e that says the same, and a role a term that is left."""
    terms = texts_of(content, "e")
    for code in dict.fromkeys(value.rpartition("/")[2] for c, value in subfields(content) if c == "4"):
        role = add(name, "role")
        known = RELATORS.get(code, ("", ""))
        term = next((term for term in terms if term.lower() in known), "")
        if term:
            terms.remove(term)
            add(role, "roleTerm", term, type="text")
        add(role, "roleTerm", code, type="code", authority="marcrelator")
    for term in terms:
        add(add(name, "role"), "roleTerm", term, type="text")
