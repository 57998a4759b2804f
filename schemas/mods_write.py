"""MARC 21 → MODS 3.7, the other way of :mod:`schemas.mods_read`; what stands between subfields by ISBD is left out."""

from __future__ import annotations

import re
from typing import Any

from lxml import etree

from schemas.mods_codes import AUDIENCES, FORMS, MANUSCRIPTS, NAMESPACE, NOTE_TYPES, PART_NAMES, RESOURCES
from schemas.mods_scripts import add_scripts
from schemas.mods_tree import NAMES, Element, add, add_each, add_name, add_title, bare, said_in, texts_of
from schemas.mods_write_access import add_classes, add_identifiers, add_locations, add_relations, add_subjects
from schemas.record import Record, subfields

VERSION = "3.7"
_PREFIXES: Any = {None: NAMESPACE}
DIGITS = frozenset("0123456789")
_LEVELS = {"s": "serial", "i": "integrating resource", "m": "monographic"}


def to_mods(record: Record) -> str:
    """The ``mods`` element of a record, its namespace declared."""
    mods = _tree(record)
    if record.contents("880"):
        add_scripts(mods, record, _tree)
    return str(etree.tostring(mods, encoding="unicode"))


def _tree(record: Record) -> Element:
    mods = etree.Element(f"{{{NAMESPACE}}}mods", nsmap=_PREFIXES, version=VERSION)
    for write in (_titles, _names, _resource, _origin, _languages, _physical, _notes, add_subjects, add_classes):
        write(mods, record)
    for write in (add_relations, add_identifiers, add_locations, _conditions, _record_info):
        write(mods, record)
    return mods


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
            label = " ".join(texts_of(content, "i")) if tag == "246" else ""
            info = add(mods, "titleInfo", type="translated" if translated else kind, displayLabel=label)
            skipped = content[1:2] if tag == "245" else ""
            add_title(info, list(subfields(content)), int(skipped) if skipped in DIGITS else 0)


def _names(mods: Element, record: Record) -> None:
    for tag, content in record.fields:
        if tag[:1] in ("1", "7") and tag[1:] in NAMES:
            name = add_name(mods, tag, content)
            if tag[:1] == "1":
                name.set("usage", "primary")


def _resource(mods: Element, record: Record) -> None:
    code = record.leader[6:7]
    manuscript = next((plain for plain, written in MANUSCRIPTS.items() if written == code), "")
    name = RESOURCES.get(manuscript or code, "text")
    collection = "yes" if record.leader[7:8] == "c" else ""
    add(mods, "typeOfResource", name, collection=collection, manuscript="yes" if manuscript else "")
    for content in record.contents("655"):
        if not any(code in "vxyz" for code, _ in subfields(content)):
            add_each(mods, "genre", texts_of(content, "a")[:1], authority=next(iter(texts_of(content, "2")), ""))


def _origin(mods: Element, record: Record) -> None:
    """One originInfo for each 260 and 264; the first has what the fixed fields say."""
    imprints = [content for tag, content in record.fields if tag in ("260", "264")]
    fixed = record.control("008").ljust(40)
    for number, content in enumerate(imprints or ["  "]):
        origin = add(mods, "originInfo")
        country = fixed[15:18].strip(" |")
        if number == 0 and country and country != "xx":
            add(add(origin, "place"), "placeTerm", country, type="code", authority="marccountry")
        for place in texts_of(content, "a"):
            add(add(origin, "place"), "placeTerm", place, type="text")
        add_each(origin, "publisher", texts_of(content, "b"))
        add_each(origin, "dateIssued", [re.sub(r"(?<=\d)\.$", "", text) for text in texts_of(content, "c")])
        add_each(origin, "dateCreated", texts_of(content, "g"))
        if number == 0:
            name = "dateIssued" if texts_of(content, "c") else "dateCreated" if texts_of(content, "g") else "dateOther"
            _coded_dates(origin, name, fixed)
            add_each(origin, "edition", (bare(" ".join(texts_of(c, "ab"))) for c in record.contents("250")))
            add_each(origin, "issuance", [_LEVELS.get(record.leader[7:8], "")])
            add_each(origin, "frequency", (bare(value) for value in record.values("310", "a")))
        if len(origin) == 0:
            mods.remove(origin)


def _coded_dates(origin: Element, name: str, fixed: str) -> None:
    """The dates of 008 in the encoding "marc"."""
    kind, first, second = fixed[6], fixed[7:11], fixed[11:15]
    if not re.fullmatch(r"\d[\du]{3}", first):
        return
    qualifier = "questionable" if kind == "q" else ""
    if kind in "cdmiku" and re.fullmatch(r"\d[\du]{3}", second):
        add(origin, name, first, encoding="marc", point="start", qualifier=qualifier)
        add(origin, name, second, encoding="marc", point="end", qualifier=qualifier)
    else:
        add(origin, name, first, encoding="marc", qualifier=qualifier)


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
            language = add(mods, "language", objectPart=part)
            add(language, "languageTerm", code, type="code", authority="iso639-2b")
            add_each(language, "scriptTerm", scripts, type="text")
            scripts = []


def _physical(mods: Element, record: Record) -> None:
    form = next((name for name, code in FORMS.items() if code == record.control("008")[23:24]), "")
    media = list(dict.fromkeys(record.values("856", "q")))
    extents = [_extent(content) for content in record.contents("300")]
    for number, extent in enumerate(extents or ([""] if form or media else [])):
        element = add(mods, "physicalDescription")
        if number == 0:
            add_each(element, "form", [form], authority="marcform")
            add_each(element, "internetMediaType", media)
        add_each(element, "extent", [extent])


def _extent(content: str) -> str:
    pages, details, size = (" ".join(texts_of(content, code)) for code in "abc")
    return (f"{pages} : {details}" if details else pages) + (f" ; {size}" if size else "")


def _notes(mods: Element, record: Record) -> None:
    kinds = {"1": "review", "2": "scope and content", "0": "subject", "4": "content advice"}
    audience = record.control("008")[22:23]
    words = [name for name, code in AUDIENCES.items() if code == audience]
    add_each(mods, "targetAudience", words[:1], authority="marctarget")
    said = [" ".join(texts_of(content, "c")) for content in record.contents("245")]
    add_each(mods, "note", said, type="statement of responsibility")
    for tag, content in record.fields:
        if tag == "520":
            add_each(mods, "abstract", [said_in(content)], type=kinds.get(content[:1], ""))
        elif tag == "505":
            add_each(mods, "tableOfContents", [said_in(content)])
        elif tag == "521":
            add_each(mods, "targetAudience", [said_in(content)])
        elif (tag in NOTE_TYPES or tag in ("500", "501", "590")) and not (tag == "510" and content[:1] != "4"):
            add_each(mods, "note", [said_in(content, "b" if tag == "546" else "")], type=NOTE_TYPES.get(tag, ""))


def _conditions(mods: Element, record: Record) -> None:
    for tag, kind in (("506", "restriction on access"), ("540", "use and reproduction")):
        for content in record.contents(tag):
            add_each(mods, "accessCondition", [said_in(content)], type=kind)


def _record_info(mods: Element, record: Record) -> None:
    info = add(mods, "recordInfo")
    add_each(info, "recordContentSource", (bare(value) for value in record.values("040", "a")))
    entered = record.control("008")[:6]
    add_each(
        info,
        "recordCreationDate",
        [entered] if len(entered) == 6 and DIGITS.issuperset(entered) else [],
        encoding="marc",
    )
    add_each(info, "recordChangeDate", [record.control("005")], encoding="iso8601")
    add_each(info, "recordIdentifier", [record.control("001")], source=record.control("003"))
    for code in record.values("040", "b")[:1]:
        language = add(info, "languageOfCataloging")
        add(language, "languageTerm", code, type="code", authority="iso639-2b")
    add_each(info, "descriptionStandard", record.values("040", "e"))
    if len(info) == 0:
        mods.remove(info)
