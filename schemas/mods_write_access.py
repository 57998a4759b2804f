"""MARC 21 → MODS: subjects, classes, related items, identifiers, locations."""

from __future__ import annotations

import re
from collections.abc import Callable

from schemas.mods_codes import CLASS_NAMES, NUMBERS, PLACES, PLATES, RELATED_NAMES, SCHEME_OF
from schemas.mods_tree import Element, add, add_each, add_name, add_title, bare, said_in, texts_of
from schemas.record import Record, subfields

_ORGANIZATION = re.compile(r"[A-Z][A-Za-z0-9-]{1,15}")
_HEADINGS = {
    "650": "topic",
    "651": "geographic",
    "648": "temporal",
    "653": "topic",
    "655": "genre",
    "656": "occupation",
}
_BELOW = {"x": "topic", "z": "geographic", "y": "temporal", "v": "genre"}


def add_subjects(mods: Element, record: Record) -> None:
    for tag, content in record.fields:
        if tag == "653":
            for value in texts_of(content, "a"):
                add(add(mods, "subject"), "topic", value)
        elif tag in _HEADINGS or tag in ("600", "610", "611", "630"):
            if tag != "655" or any(code in "vxyz" for code, _ in subfields(content)):
                _subject(mods, tag, content)
        elif tag == "662":
            _place(mods, content)
        elif tag == "043":
            for code, value in subfields(content):
                scheme = {"a": "marcgac", "c": "iso3166"}.get(code)
                if scheme and value:
                    add(add(mods, "subject"), "geographicCode", value, authority=scheme)
        elif tag == "255":
            map_data = add(add(mods, "subject"), "cartographics")
            for name, code in (("scale", "a"), ("projection", "b"), ("coordinates", "c")):
                add_each(map_data, name, texts_of(content, code)[:1])


def _subject(mods: Element, tag: str, content: str) -> None:
    scheme = SCHEME_OF.get(content[1:2], "") if tag[1] != "5" or tag in ("650", "651") else ""
    subject = add(mods, "subject", authority=next(iter(texts_of(content, "2")), scheme))
    parts = list(subfields(content))
    if tag in _HEADINGS:
        add_each(subject, _HEADINGS[tag], [bare(value) for code, value in parts if code == "a"][:1])
    elif tag == "630":
        add_title(add(subject, "titleInfo"), parts)
    else:
        add_name(subject, tag, content)
        for title in texts_of(content, "t"):
            add(add(subject, "titleInfo"), "title", title)
    for code, value in parts:
        if code in _BELOW:
            add_each(subject, _BELOW[code], [bare(value)])


def _place(mods: Element, content: str) -> None:
    """662, in the order the schema asks for."""
    names = {code: name for name, code in reversed(PLACES) if name not in ("province", "area", "island", "territory")}
    names["g"] = "region"
    place = add(add(mods, "subject"), "hierarchicalGeographic")
    for code, value in subfields(content):
        if code in names:
            add_each(place, names[code], [bare(value)])


def add_classes(mods: Element, record: Record) -> None:
    for tag, content in record.fields:
        edition = next(iter(texts_of(content, "2")), "") if not tag.startswith("00") else ""
        if tag in CLASS_NAMES:
            add_each(
                mods, "classification", [" ".join(texts_of(content, "ab"))], authority=CLASS_NAMES[tag], edition=edition
            )
        elif tag == "084":
            add_each(mods, "classification", texts_of(content, "a"), authority=edition)
        elif tag == "086":
            add_each(
                mods, "classification", texts_of(content, "a"), authority="candocs" if content[:1] == "1" else "sudocs"
            )


def add_relations(mods: Element, record: Record) -> None:
    stated = bool(record.contents("490") or record.contents("440"))
    for tag, content in record.fields:
        if tag in ("490", "440") or (tag == "830" and not stated):
            item = add(mods, "relatedItem", type="series")
            info = add(item, "titleInfo")
            add(info, "title", " ".join(texts_of(content, "a")))
            add_each(info, "partNumber", texts_of(content, "v")[:1])
            add_each(item, "identifier", texts_of(content, "x"), type="issn")
        elif tag in RELATED_NAMES or (tag == "510" and content[:1] != "4"):
            kind = RELATED_NAMES.get(tag, "isReferencedBy")
            _relation(add(mods, "relatedItem", type=kind, displayLabel=" ".join(texts_of(content, "i"))), tag, content)


def _relation(item: Element, tag: str, content: str) -> None:
    titles = texts_of(content, "a" if tag == "510" else "ts")
    if titles:
        add(add(item, "titleInfo"), "title", titles[0])
    if tag != "510":
        for name in texts_of(content, "a"):
            add(add(item, "name"), "namePart", name)
        for text in texts_of(content, "d")[:1]:
            add(add(item, "originInfo"), "publisher", text)
        for text in texts_of(content, "g"):
            add(add(item, "part"), "text", text)
    add_each(item, "identifier", texts_of(content, "x"), type="issn")
    add_each(item, "identifier", texts_of(content, "z"), type="isbn")
    for number in texts_of(content, "w")[:1]:
        add(add(item, "recordInfo"), "recordIdentifier", number)
    for url in texts_of(content, "u")[:1]:
        add(add(item, "location"), "url", url)


def _standard(content: str) -> str:
    """What number a 024 is: by its first indicator, or by $2."""
    return next(iter(texts_of(content, "2")), "") if content[:1] == "7" else NUMBERS.get(content[:1], "")


_IDENTIFIERS: dict[str, Callable[[str], str]] = {
    "010": lambda _: "lccn",
    "020": lambda _: "isbn",
    "022": lambda _: "issn",
    "024": _standard,
    "026": lambda _: "fingerprint",
    "027": lambda _: "strn",
    "028": lambda content: PLATES.get(content[:1], "issue number"),
    "037": lambda _: "stock number",
}


def add_identifiers(mods: Element, record: Record) -> None:
    for tag, content in record.fields:
        if tag in _IDENTIFIERS:
            kind = _IDENTIFIERS[tag](content)
            number = texts_of(content, "e" if tag == "026" else "a")
            qualifier = " ".join(texts_of(content, "q")) if tag == "020" else ""
            add_each(mods, "identifier", (f"{n} ({qualifier})" if qualifier else n for n in number), type=kind)
            add_each(mods, "identifier", texts_of(content, "z") if tag < "026" else [], type=kind, invalid="yes")
            add_each(mods, "identifier", texts_of(content, "l") if tag == "022" else [], type="issn-l")
        elif tag == "035":
            for value in texts_of(content, "a"):
                if value.startswith("(OCoLC)"):
                    add(mods, "identifier", value.removeprefix("(OCoLC)"), type="oclc")


def add_locations(mods: Element, record: Record) -> None:
    for content in record.contents("856"):
        access = "preview" if content[1:2] == "2" else ""
        label, note = " ".join(texts_of(content, "3y")), " ".join(texts_of(content, "z"))
        for url in (value.strip() for code, value in subfields(content) if code == "u"):
            add(add(mods, "location"), "url", url, displayLabel=label, note=note, access=access)
    volumes = [(tag, said_in(content)) for tag, content in record.fields if tag in ("866", "867", "868")]
    for content in record.contents("852") or (["  "] if volumes else []):
        _location(mods, content, volumes)
        volumes = []


def _location(mods: Element, content: str, volumes: list[tuple[str, str]]) -> None:
    """Place and shelf mark alone stand by themselves; items, notes and volumes belong to a copy."""
    location = add(mods, "location")
    institution, place, shelf = texts_of(content, "a"), texts_of(content, "bc"), [" ".join(texts_of(content, "khi"))]
    apart = bool(volumes or texts_of(content, "pjz") or len(place) > 1 or (institution and place))
    for name in institution:
        code = _ORGANIZATION.fullmatch(name) and not place
        add(location, "physicalLocation", name, authority="marcorg" if code else "")
    if not apart:
        add_each(location, "physicalLocation", place)
        add_each(location, "shelfLocator", shelf)
        return
    copy = add(add(location, "holdingSimple"), "copyInformation")
    add_each(copy, "subLocation", place)
    add_each(copy, "shelfLocator", shelf)
    add_each(copy, "note", texts_of(content, "z"))
    for tag, text in volumes:
        add_each(copy, "enumerationAndChronology", [text], unitType=str(int(tag) - 865))
    add_each(copy, "itemIdentifier", texts_of(content, "pj"), type="barcode")
