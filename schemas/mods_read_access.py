"""MODS → MARC 21: subject → 6XX, 043, 255, 662; classification → 08X; relatedItem; identifier; location → 852, 856."""

from __future__ import annotations

import re
from collections.abc import Iterator

from schemas.cells import clean, read_isbns
from schemas.mods_codes import CLASSES, IDENTIFIERS, PLACES, RELATED, SUBJECT_SCHEMES, XLINK
from schemas.mods_elements import (
    Element,
    attribute,
    below,
    children,
    made,
    name_parts,
    name_tag,
    present,
    roles_of,
    text_of,
    title_parts,
    value,
    values,
    values_at,
)
from schemas.record import Field, Subfield, data_field
from schemas.xml import local_name

_HEADINGS = {"topic": "650", "geographic": "651", "temporal": "648", "titleInfo": "630", "occupation": "656"}
_HEADINGS |= {"genre": "655", "name": "600"}
_BELOW = {"topic": "x", "geographic": "z", "temporal": "y", "genre": "v", "occupation": "x"}
_CONTROLLED = re.compile(r"[a-z0-9-]+")


def subject_fields(subject: Element) -> Iterator[Field]:
    headings = [child for child in subject if local_name(child) in _HEADINGS and value(child)]
    if len(headings) == 1 and local_name(headings[0]) == "topic" and "; " in value(headings[0]):
        for topic in value(headings[0]).split("; "):
            yield from made("650", " 4", [("a", topic.strip())])
    elif headings:
        yield _heading(subject, headings)
    for place in children(subject, "hierarchicalGeographic"):
        parts = [(code, text) for name, code in PLACES for text in values(place, name)]
        yield from made("662", "  ", sorted(parts, key=lambda part: part[0]))
    for code in children(subject, "geographicCode"):
        letter = {"marcgac": "a", "iso3166": "c"}.get(attribute(code, "authority"), "")
        yield from made("043", "  ", [(letter, value(code))] if letter else [])
    for map_data in children(subject, "cartographics"):
        parts = [("a", text_of(map_data, "scale")), ("b", text_of(map_data, "projection"))]
        yield from made("255", "  ", [*parts, ("c", text_of(map_data, "coordinates"))])


def _heading(subject: Element, headings: list[Element]) -> Field:
    """The first child is the heading, the others subdivide it."""
    first, *others = headings
    name = local_name(first)
    scheme = (attribute(subject, "authority") or attribute(first, "authority")).lower()
    tag, indicator = _HEADINGS[name], " "
    if name == "name":
        kind, indicator = name_tag(first)
        tag = "6" + kind
        parts = name_parts(first) + roles_of(first)
    elif name == "titleInfo":
        parts = title_parts(first)
    else:
        parts = _divided(value(first), _BELOW[name])
    for other in others:
        kind = local_name(other)
        if kind in _BELOW:
            parts.append((_BELOW[kind], value(other)))
        else:
            code = "t" if kind == "titleInfo" and name == "name" else "x"
            parts.append((code, text_of(other, "title", "namePart") or value(other)))
    known = SUBJECT_SCHEMES.get(scheme, "7" if _CONTROLLED.fullmatch(scheme) else "4")
    if tag == "648" or tag in ("655", "656"):
        known = "7" if scheme else "4"
    parts += [("2", scheme)] if known == "7" else []
    return data_field(tag, f"{'0' if tag == '630' else indicator[0]}{known}", present(parts))


def _divided(text: str, code: str) -> list[Subfield]:
    """«Gettysburg (Pa.) -- History» as a heading and its subdivisions."""
    first, *rest = [part.strip() for part in text.split(" -- ")]
    return [("a", first), *(("x", part) for part in rest)]


def class_fields(element: Element) -> list[Field]:
    number, scheme = value(element), attribute(element, "authority").lower()
    if not number:
        return []
    if scheme in ("sudocs", "candocs"):
        return [data_field("086", "0 " if scheme == "sudocs" else "1 ", [("a", number)])]
    if scheme not in CLASSES:
        return made("084", "  ", [("a", number), ("2", scheme)])
    tag, indicators = CLASSES[scheme]
    head, mark, item = number.partition(" .") if tag in ("050", "060") else (number, "", "")
    return made(tag, indicators, [("a", head), ("b", mark.strip() + item), ("2", attribute(element, "edition"))])


def related_fields(item: Element) -> list[Field]:
    kind = item.get("type") or ""
    if kind == "series":
        return _series(item)
    tag, indicators = RELATED.get(kind, RELATED[""])
    names = [name_parts(name) for name in children(item, "name")]
    titles = [", ".join(v for _, v in title_parts(t)[:1]) for t in children(item, "titleInfo")]
    numbers = {code: _numbers(item, name) for name, code in (("issn", "x"), ("isbn", "z"))}
    origin = [text for path in ("publisher", "dateIssued") for text in values_at(item, "originInfo", path)[:1]]
    link = clean(item.get(f"{{{XLINK}}}href") or "") or next(iter(values_at(item, "location", "url")), "")
    parts = [
        ("a", names[0][0][1] if names and names[0] else ""),
        ("i", attribute(item, "displayLabel") if tag != "510" else ""),
        ("t" if tag != "510" else "a", next(filter(None, titles), "")),
        ("d", ", ".join(origin) if tag != "510" else ""),
        ("g", part_of(item) if tag != "510" else ""),
        *(("x", text) for text in numbers["x"]),
        *(("z", text) for text in numbers["z"] if tag != "510"),
        ("w", next(iter(values_at(item, "recordInfo", "recordIdentifier")), "") if tag != "510" else ""),
        ("u", link),
    ]
    found = present(parts)
    said = any(code in "tawxzu" for code, _ in found)
    return [data_field(tag, indicators, found)] if said else []


def _numbers(item: Element, kind: str) -> list[str]:
    return [
        value(element) for element in children(item, "identifier") if element.get("type") == kind and value(element)
    ]


def _series(item: Element) -> list[Field]:
    titles = children(item, "titleInfo")
    parts = title_parts(titles[0]) if titles else []
    name = ". ".join(value for code, value in parts if code in "ap")
    volume = [value for code, value in parts if code == "n"] or values_at(item, "part", "detail", "number")
    moved = [("a", name), *(("x", text) for text in _numbers(item, "issn")), ("v", next(iter(volume), ""))]
    return made("490", "0 ", moved) if name else []


def part_of(item: Element) -> str:
    """773 $g: «vol. 3, no. 1 (Jan. 2003), tr. 53-57»."""
    found = []
    dates = []
    for part in children(item, "part"):
        for detail in children(part, "detail"):
            number = text_of(detail, "number") or text_of(detail, "title")
            found.append(
                f"{text_of(detail, 'caption') or _CAPTIONS.get(attribute(detail, 'type'), '')} {number}".strip()
            )
        dates += values(part, "date")
        for extent in children(part, "extent"):
            pages = "-".join(filter(None, [text_of(extent, "start"), text_of(extent, "end")])) or text_of(
                extent, "list"
            )
            found.append(f"tr. {pages}" if pages and extent.get("unit") in ("page", "pages") else pages)
        found += values(part, "text")
    shown = ", ".join(filter(None, found))
    return f"{shown} ({dates[0]})".strip() if dates else shown


_CAPTIONS = {"volume": "T.", "issue": "S.", "number": "S."}


def media_of(mods: Element) -> list[Subfield]:
    return [("q", text) for text in values_at(mods, "physicalDescription", "internetMediaType")[:1]]


def identifier_fields(element: Element, media: list[Subfield]) -> Iterator[Field]:
    kind, text = attribute(element, "type").lower(), value(element)
    invalid = element.get("invalid") == "yes"
    if not text:
        return
    if kind == "isbn":
        number, _, qualifier = text.partition("(")
        pairs = [("z", number.strip())] if invalid else read_isbns(number)
        more = [("q", qualifier.strip(" )"))] if qualifier else []
        yield from (data_field("020", "  ", [pair, *more]) for pair in pairs)
    elif kind in ("issn", "issn-l", "eissn"):
        yield data_field("022", "  ", [("z" if invalid else "l" if kind == "issn-l" else "a", text)])
    elif kind == "oclc":
        yield data_field("035", "  ", [("a", f"(OCoLC){text}")])
    elif kind == "uri" and re.match("(https?|ftp)://", text):
        yield data_field("856", "40", [("u", text), *media])
    elif kind in IDENTIFIERS:
        tag, indicators, code, _ = IDENTIFIERS[kind]
        yield data_field(tag, indicators, [("z" if invalid and tag in ("010", "024") else code, text)])
    else:
        yield data_field("024", "7 ", [("z" if invalid else "a", text), ("2", kind)])


def location_fields(mods: Element) -> Iterator[Field]:
    for location in children(mods, "location"):
        place = next((element for element in children(location, "physicalLocation") if value(element)), None)
        code = "a" if place is not None and place.get("authority") else "b"
        where: list[Subfield] = [(code, value(place))] if place is not None else []
        copies = below(location, "holdingSimple", "copyInformation")
        for copy in copies:
            yield from _copy(copy, where, location)
        if not copies:
            shelf = [("h", text) for text in values(location, "shelfLocator")]
            yield from made("852", "  ", [*where, *shelf])
        for url in children(location, "url"):
            second = "2" if url.get("access") == "preview" else "0"
            parts = [("3", attribute(url, "displayLabel")), ("u", value(url)), *media_of(mods)]
            yield from made("856", "4" + second, [*parts, ("z", attribute(url, "note"))] if value(url) else [])


def _copy(copy: Element, where: list[Subfield], location: Element) -> Iterator[Field]:
    """852 of one copyInformation: $b place, $h shelf mark, $p items, $z notes; what is held goes to 866."""
    place = [("b", text) for text in values(copy, "subLocation")]
    if place:
        where = [("a", value) for _, value in where]
    shelf = values(copy, "shelfLocator") or values(location, "shelfLocator")
    items = [("p", text) for text in values(copy, "itemIdentifier")]
    notes = [("z", text) for text in values(copy, "note")]
    yield from made("852", "  ", [*where, *place, *(("h", text) for text in shelf), *items, *notes])
    yield from (data_field("856", "40", [("u", text)]) for text in values(copy, "electronicLocator"))
    for volumes in children(copy, "enumerationAndChronology"):
        tag = {"2": "867", "3": "868"}.get(volumes.get("unitType") or "", "866")
        yield from made(tag, " 0", [("a", value(volumes))])
