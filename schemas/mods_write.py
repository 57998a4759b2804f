"""MARC 21 → MODS 3.7, the other way of :mod:`schemas.mods_read`; what stands between subfields by ISBD is left out."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

from lxml import etree

from schemas.mods_codes import (
    AUDIENCES,
    CLASS_NAMES,
    FORMS,
    MANUSCRIPTS,
    NAMESPACE,
    NOTE_TYPES,
    NUMBERS,
    PART_NAMES,
    PLACES,
    PLATES,
    RELATED_NAMES,
    RELATORS,
    RESOURCES,
    SCHEME_OF,
)
from schemas.record import Record, Subfield, subfields

Element = etree._Element
VERSION = "3.7"
_PREFIXES: Any = {None: NAMESPACE}
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_NOT_SORTED = re.compile(r".*[ '’-]$")
_ORGANIZATION = re.compile(r"[A-Z][A-Za-z0-9-]{1,15}")
_NAMES = {"00": "personal", "10": "corporate", "11": "conference"}
_LEVELS = {"s": "serial", "i": "integrating resource", "m": "monographic"}


def to_mods(record: Record) -> str:
    """The ``mods`` element of a record, its namespace declared."""
    mods = etree.Element(f"{{{NAMESPACE}}}mods", nsmap=_PREFIXES, version=VERSION)
    for write in (_titles, _names, _resource, _origin, _languages, _physical, _notes, _subjects, _classes):
        write(mods, record)
    for write in (_relations, _identifiers, _locations, _conditions, _record_info):
        write(mods, record)
    return etree.tostring(mods, encoding="unicode")


def _add(parent: Element, name: str, text: str = "", **attributes: str) -> Element:
    """A child of the MODS namespace; attributes without a value are left out."""
    given = {key: _NOT_XML.sub("", value) for key, value in attributes.items() if value}
    child = etree.SubElement(parent, f"{{{NAMESPACE}}}{name}", given)
    child.text = _NOT_XML.sub("", text) or None
    return child


def _each(parent: Element, name: str, texts: Iterable[str], **attributes: str) -> None:
    for text in texts:
        if text:
            _add(parent, name, text, **attributes)


def _bare(value: str) -> str:
    """Without the ISBD marks that precede what follows."""
    return re.sub(r"\s*[/:;,=]\s*$", "", value.strip())


def _of(content: str, codes: str) -> list[str]:
    """The values of some subfields; addresses and labels keep every sign."""
    found = ((value.strip() if code in "ui" else _bare(value)) for code, value in subfields(content) if code in codes)
    return [text for text in found if text]


def _said(content: str, but: str = "") -> str:
    """All of a field that is text: without control subfields."""
    return " ".join(value.strip() for code, value in subfields(content) if code.isalpha() and code not in but + "uw")


# --- titles and names -----------------------------------------------------------------------------------------------


def _titles(mods: Element, record: Record) -> None:
    for tag, kind in (
        ("245", ""),
        ("246", "alternative"),
        ("210", "abbreviated"),
        ("130", "uniform"),
        ("240", "uniform"),
    ):
        for content in record.contents(tag):
            translated = tag == "246" and content[1:2] == "1"
            label = " ".join(_of(content, "i")) if tag == "246" else ""
            info = _add(mods, "titleInfo", type="translated" if translated else kind, displayLabel=label)
            _title(info, list(subfields(content)), int(content[1]) if tag == "245" and content[1:2].isdigit() else 0)


def _title(info: Element, parts: list[Subfield], skipped: int = 0) -> None:
    title = next((value for code, value in parts if code in "at"), "")
    prefix = title[:skipped]
    if prefix and _NOT_SORTED.match(prefix):
        _add(info, "nonSort", prefix)
        title = title[skipped:]
    _add(info, "title", _bare(title))
    for name, code in (("partNumber", "n"), ("partName", "p")):
        _each(info, name, (_bare(value) for c, value in parts if c == code))
    rest = " : ".join(filter(None, (_bare(value) for code, value in parts if code == "b")))
    _each(info, "subTitle", [re.sub(r"^= ", "= ", rest)])


def _names(mods: Element, record: Record) -> None:
    for tag, content in record.fields:
        if tag[:1] in ("1", "7") and tag[1:] in _NAMES:
            name = _name(mods, tag, content)
            if tag[:1] == "1":
                name.set("usage", "primary")


def _name(parent: Element, tag: str, content: str) -> Element:
    kind = "family" if tag[1:] == "00" and content[:1] == "3" else _NAMES[tag[1:]]
    name = _add(
        parent, "name", type=kind, valueURI=next((v for c, v in subfields(content) if c == "0" and "://" in v), "")
    )
    first = " ".join(_of(content, "a" if kind == "corporate" else "abq" if kind in ("personal", "family") else "an"))
    _each(name, "namePart", [first, *(_of(content, "b") if kind == "corporate" else [])])
    _each(name, "namePart", _of(content, "c"), type="termsOfAddress")
    _each(name, "namePart", _of(content, "d"), type="date")
    _each(name, "affiliation", _of(content, "u"))
    _roles(name, content)
    return name


def _roles(name: Element, content: str) -> None:
    """A role a code, with the term of $e that says the same, and a role a term that is left."""
    terms = _of(content, "e")
    for code in dict.fromkeys(value.rpartition("/")[2] for c, value in subfields(content) if c == "4"):
        role = _add(name, "role")
        known = RELATORS.get(code, ("", ""))
        term = next((term for term in terms if term.lower() in known), "")
        if term:
            terms.remove(term)
            _add(role, "roleTerm", term, type="text")
        _add(role, "roleTerm", code, type="code", authority="marcrelator")
    for term in terms:
        _add(_add(name, "role"), "roleTerm", term, type="text")


def _resource(mods: Element, record: Record) -> None:
    code = record.leader[6:7]
    manuscript = next((plain for plain, written in MANUSCRIPTS.items() if written == code), "")
    name = RESOURCES.get(manuscript or code, "text")
    collection = "yes" if record.leader[7:8] == "c" else ""
    _add(mods, "typeOfResource", name, collection=collection, manuscript="yes" if manuscript else "")
    for content in record.contents("655"):
        if not any(code in "vxyz" for code, _ in subfields(content)):
            _each(mods, "genre", _of(content, "a")[:1], authority=next(iter(_of(content, "2")), ""))


# --- origin, languages, description ---------------------------------------------------------------------------------


def _origin(mods: Element, record: Record) -> None:
    """One originInfo for each 260 and 264; the first has what the fixed fields say."""
    imprints = [content for tag, content in record.fields if tag in ("260", "264")]
    fixed = record.control("008").ljust(40)
    for number, content in enumerate(imprints or ["  "]):
        origin = _add(mods, "originInfo")
        country = fixed[15:18].strip(" |")
        if number == 0 and country and country != "xx":
            _add(_add(origin, "place"), "placeTerm", country, type="code", authority="marccountry")
        for place in _of(content, "a"):
            _add(_add(origin, "place"), "placeTerm", place, type="text")
        _each(origin, "publisher", _of(content, "b"))
        _each(origin, "dateIssued", [re.sub(r"(?<=\d)\.$", "", text) for text in _of(content, "c")])
        _each(origin, "dateCreated", _of(content, "g"))
        if number == 0:
            name = "dateIssued" if _of(content, "c") else "dateCreated" if _of(content, "g") else "dateOther"
            _coded_dates(origin, name, fixed)
            _each(origin, "edition", (_bare(" ".join(_of(c, "ab"))) for c in record.contents("250")))
            _each(origin, "issuance", [_LEVELS.get(record.leader[7:8], "")])
            _each(origin, "frequency", (_bare(value) for value in record.values("310", "a")))
        if len(origin) == 0:
            mods.remove(origin)


def _coded_dates(origin: Element, name: str, fixed: str) -> None:
    """The dates of 008 in the encoding "marc"."""
    kind, first, second = fixed[6], fixed[7:11], fixed[11:15]
    if not re.fullmatch(r"\d[\du]{3}", first):
        return
    qualifier = "questionable" if kind == "q" else ""
    if kind in "cdmiku" and re.fullmatch(r"\d[\du]{3}", second):
        _add(origin, name, first, encoding="marc", point="start", qualifier=qualifier)
        _add(origin, name, second, encoding="marc", point="end", qualifier=qualifier)
    else:
        _add(origin, name, first, encoding="marc", qualifier=qualifier)


def _languages(mods: Element, record: Record) -> None:
    fixed = record.control("008")[35:38]
    own = dict.fromkeys([fixed, *record.values("041", "a")])
    parts = [("", code) for code in own] + [
        (PART_NAMES[letter], value)
        for content in record.contents("041")
        for letter, value in subfields(content)
        if letter in PART_NAMES
    ]
    scripts = record.values("546", "b")
    for part, code in parts:
        if re.fullmatch("[a-z]{3}", code):
            language = _add(mods, "language", objectPart=part)
            _add(language, "languageTerm", code, type="code", authority="iso639-2b")
            _each(language, "scriptTerm", scripts, type="text")
            scripts = []


def _physical(mods: Element, record: Record) -> None:
    form = next((name for name, code in FORMS.items() if code == record.control("008")[23:24]), "")
    media = list(dict.fromkeys(record.values("856", "q")))
    extents = [_extent(content) for content in record.contents("300")]
    for number, extent in enumerate(extents or ([""] if form or media else [])):
        element = _add(mods, "physicalDescription")
        if number == 0:
            _each(element, "form", [form], authority="marcform")
            _each(element, "internetMediaType", media)
        _each(element, "extent", [extent])


def _extent(content: str) -> str:
    pages, details, size = (" ".join(_of(content, code)) for code in "abc")
    return (f"{pages} : {details}" if details else pages) + (f" ; {size}" if size else "")


def _notes(mods: Element, record: Record) -> None:
    kinds = {"1": "review", "2": "scope and content", "0": "subject", "4": "content advice"}
    audience = record.control("008")[22:23]
    words = [name for name, code in AUDIENCES.items() if code == audience]
    _each(mods, "targetAudience", words[:1], authority="marctarget")
    said = [" ".join(_of(content, "c")) for content in record.contents("245")]
    _each(mods, "note", said, type="statement of responsibility")
    for tag, content in record.fields:
        if tag == "520":
            _each(mods, "abstract", [_said(content)], type=kinds.get(content[:1], ""))
        elif tag == "505":
            _each(mods, "tableOfContents", [_said(content)])
        elif tag == "521":
            _each(mods, "targetAudience", [_said(content)])
        elif (tag in NOTE_TYPES or tag in ("500", "501", "590")) and not (tag == "510" and content[:1] != "4"):
            _each(mods, "note", [_said(content, "b" if tag == "546" else "")], type=NOTE_TYPES.get(tag, ""))


def _conditions(mods: Element, record: Record) -> None:
    for tag, kind in (("506", "restriction on access"), ("540", "use and reproduction")):
        for content in record.contents(tag):
            _each(mods, "accessCondition", [_said(content)], type=kind)


# --- subjects and classes -------------------------------------------------------------------------------------------

_HEADINGS = {
    "650": "topic",
    "651": "geographic",
    "648": "temporal",
    "653": "topic",
    "655": "genre",
    "656": "occupation",
}
_BELOW = {"x": "topic", "z": "geographic", "y": "temporal", "v": "genre"}


def _subjects(mods: Element, record: Record) -> None:
    for tag, content in record.fields:
        if tag == "653":
            for value in _of(content, "a"):
                _add(_add(mods, "subject"), "topic", value)
        elif tag in _HEADINGS or tag in ("600", "610", "611", "630"):
            if tag != "655" or any(code in "vxyz" for code, _ in subfields(content)):
                _subject(mods, tag, content)
        elif tag == "662":
            _place(mods, content)
        elif tag == "043":
            for code, value in subfields(content):
                scheme = {"a": "marcgac", "c": "iso3166"}.get(code)
                if scheme and value:
                    _add(_add(mods, "subject"), "geographicCode", value, authority=scheme)
        elif tag == "255":
            map_data = _add(_add(mods, "subject"), "cartographics")
            for name, code in (("scale", "a"), ("projection", "b"), ("coordinates", "c")):
                _each(map_data, name, _of(content, code)[:1])


def _subject(mods: Element, tag: str, content: str) -> None:
    scheme = SCHEME_OF.get(content[1:2], "") if tag[1] != "5" or tag in ("650", "651") else ""
    subject = _add(mods, "subject", authority=next(iter(_of(content, "2")), scheme))
    parts = list(subfields(content))
    if tag in _HEADINGS:
        _each(subject, _HEADINGS[tag], [_bare(value) for code, value in parts if code == "a"][:1])
    elif tag == "630":
        _title(_add(subject, "titleInfo"), parts)
    else:
        _name(subject, tag, content)
        for title in _of(content, "t"):
            _add(_add(subject, "titleInfo"), "title", title)
    for code, value in parts:
        if code in _BELOW:
            _each(subject, _BELOW[code], [_bare(value)])


def _place(mods: Element, content: str) -> None:
    """662, in the order the schema asks for."""
    names = {code: name for name, code in reversed(PLACES) if name not in ("province", "area", "island", "territory")}
    names["g"] = "region"
    place = _add(_add(mods, "subject"), "hierarchicalGeographic")
    for code, value in subfields(content):
        if code in names:
            _each(place, names[code], [_bare(value)])


def _classes(mods: Element, record: Record) -> None:
    for tag, content in record.fields:
        edition = next(iter(_of(content, "2")), "") if not tag.startswith("00") else ""
        if tag in CLASS_NAMES:
            _each(mods, "classification", [" ".join(_of(content, "ab"))], authority=CLASS_NAMES[tag], edition=edition)
        elif tag == "084":
            _each(mods, "classification", _of(content, "a"), authority=edition)
        elif tag == "086":
            _each(mods, "classification", _of(content, "a"), authority="candocs" if content[:1] == "1" else "sudocs")


# --- relations, identifiers, locations ------------------------------------------------------------------------------


def _relations(mods: Element, record: Record) -> None:
    for tag, content in record.fields:
        if tag == "490":
            item = _add(mods, "relatedItem", type="series")
            info = _add(item, "titleInfo")
            _add(info, "title", " ".join(_of(content, "a")))
            _each(info, "partNumber", _of(content, "v")[:1])
            _each(item, "identifier", _of(content, "x"), type="issn")
        elif tag in RELATED_NAMES or (tag == "510" and content[:1] != "4"):
            kind = RELATED_NAMES.get(tag, "isReferencedBy")
            _relation(_add(mods, "relatedItem", type=kind, displayLabel=" ".join(_of(content, "i"))), tag, content)


def _relation(item: Element, tag: str, content: str) -> None:
    titles = _of(content, "a" if tag == "510" else "ts")
    if titles:
        _add(_add(item, "titleInfo"), "title", titles[0])
    if tag != "510":
        for name in _of(content, "a"):
            _add(_add(item, "name"), "namePart", name)
        for text in _of(content, "d")[:1]:
            _add(_add(item, "originInfo"), "publisher", text)
        for text in _of(content, "g"):
            _add(_add(item, "part"), "text", text)
    _each(item, "identifier", _of(content, "x"), type="issn")
    _each(item, "identifier", _of(content, "z"), type="isbn")
    for number in _of(content, "w")[:1]:
        _add(_add(item, "recordInfo"), "recordIdentifier", number)
    for url in _of(content, "u")[:1]:
        _add(_add(item, "location"), "url", url)


def _standard(content: str) -> str:
    """What number a 024 is: by its first indicator, or by $2."""
    return next(iter(_of(content, "2")), "") if content[:1] == "7" else NUMBERS.get(content[:1], "")


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


def _identifiers(mods: Element, record: Record) -> None:
    for tag, content in record.fields:
        if tag in _IDENTIFIERS:
            kind = _IDENTIFIERS[tag](content)
            number = _of(content, "e" if tag == "026" else "a")
            qualifier = " ".join(_of(content, "q")) if tag == "020" else ""
            _each(mods, "identifier", (f"{n} ({qualifier})" if qualifier else n for n in number), type=kind)
            _each(mods, "identifier", _of(content, "z") if tag < "026" else [], type=kind, invalid="yes")
            _each(mods, "identifier", _of(content, "l") if tag == "022" else [], type="issn-l")
        elif tag == "035":
            for value in _of(content, "a"):
                if value.startswith("(OCoLC)"):
                    _add(mods, "identifier", value.removeprefix("(OCoLC)"), type="oclc")


def _locations(mods: Element, record: Record) -> None:
    for content in record.contents("856"):
        access = "preview" if content[1:2] == "2" else ""
        label, note = " ".join(_of(content, "3y")), " ".join(_of(content, "z"))
        for url in (value.strip() for code, value in subfields(content) if code == "u"):
            _add(_add(mods, "location"), "url", url, displayLabel=label, note=note, access=access)
    volumes = [(tag, _said(content)) for tag, content in record.fields if tag in ("866", "867", "868")]
    for content in record.contents("852") or (["  "] if volumes else []):
        _location(mods, content, volumes)
        volumes = []


def _location(mods: Element, content: str, volumes: list[tuple[str, str]]) -> None:
    """Place and shelf mark alone stand by themselves; items, notes and volumes belong to a copy."""
    location = _add(mods, "location")
    institution, place, shelf = _of(content, "a"), _of(content, "bc"), [" ".join(_of(content, "khi"))]
    apart = bool(volumes or _of(content, "pjz") or len(place) > 1 or (institution and place))
    for name in institution:
        code = _ORGANIZATION.fullmatch(name) and not place
        _add(location, "physicalLocation", name, authority="marcorg" if code else "")
    if not apart:
        _each(location, "physicalLocation", place)
        _each(location, "shelfLocator", shelf)
        return
    copy = _add(_add(location, "holdingSimple"), "copyInformation")
    _each(copy, "subLocation", place)
    _each(copy, "shelfLocator", shelf)
    _each(copy, "note", _of(content, "z"))
    for tag, text in volumes:
        _each(copy, "enumerationAndChronology", [text], unitType=str(int(tag) - 865))
    _each(copy, "itemIdentifier", _of(content, "pj"), type="barcode")


def _record_info(mods: Element, record: Record) -> None:
    info = _add(mods, "recordInfo")
    _each(info, "recordContentSource", (_bare(value) for value in record.values("040", "a")))
    entered = record.control("008")[:6]
    _each(info, "recordCreationDate", [entered] if entered.isdigit() else [], encoding="marc")
    _each(info, "recordChangeDate", [record.control("005")], encoding="iso8601")
    _each(info, "recordIdentifier", [record.control("001")], source=record.control("003"))
    for code in record.values("040", "b")[:1]:
        language = _add(info, "languageOfCataloging")
        _add(language, "languageTerm", code, type="code", authority="iso639-2b")
    _each(info, "descriptionStandard", record.values("040", "e"))
    if len(info) == 0:
        mods.remove(info)
