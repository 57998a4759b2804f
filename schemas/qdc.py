"""Qualified Dublin Core ↔ MARC 21; in through :mod:`schemas.dublin_core`.

Read are dcterms elements (``qualifieddc``, ``dcterms``, the ``dc`` of the DCMI terms), the qualifiers of DSpace in its
own two ways of writing them (``dim:field`` with element and qualifier, ``xoai`` with elements in elements) and as
``date.issued``. A refinement without a place of its own counts as its element. Written is ``qdc:qualifieddc`` with the
elements of DCMI Metadata Terms (https://www.dublincore.org/specifications/dublin-core/dcmi-terms/).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from html import unescape
from typing import Any, BinaryIO

from lxml import etree

from schemas.cells import clean
from schemas.dublin_core import REFINED, Values, to_marc
from schemas.format import Format, Reading
from schemas.marc21 import key_of
from schemas.oai_dc import header_identifier, statements
from schemas.problem import Trouble
from schemas.record import RawRecord, Record, subfields
from schemas.taken_out_xml import DC_NAME, from_dublin_core
from schemas.xml import local_name, parse_document, readable, split_elements

QDC = "http://dspace.org/qualifieddc/"
DC = "http://purl.org/dc/elements/1.1/"
TERMS = "http://purl.org/dc/terms/"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
_ROOTS = frozenset({"record", "qualifieddc", "qdc", "dcterms", "dim", "dc", "metadata"})
_TEXT = rb"[^>]*>\s*([^<]+?)\s*<"
_HEADER_ID = re.compile(rb"<(?:[\w.-]+:)?header[^>]*>\s*<(?:[\w.-]+:)?identifier" + _TEXT)
_DC_ID = re.compile(rb"<(?:[\w.-]+:)?identifier" + _TEXT)
_DELETED = re.compile(rb"""<(?:[\w.-]+:)?header[^>]*\sstatus\s*=\s*["']deleted["']""")
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_KNOWN = {name for name, *_ in REFINED} | {"author", "editor", "translator", "illustrator", "advisor"}
_ELEMENT_OF = {  # refinements that count as their element
    "issued": "issued", "created": "created", "available": "available", "datesubmitted": "date", "dateaccepted": "date",
    "accessioned": "modified", "updated": "modified", "modified": "modified", "valid": "date", "copyright": "created",
    "conformsto": "relation", "requires": "relation", "isrequiredby": "relation", "iso": "language",
    "uri": "identifier", "doi": "identifier", "mimetype": "format",
}  # fmt: skip
_SAID = {"isbn": "ISBN ", "issn": "ISSN ", "ddc": "DDC "}
_SCHEMES = {"ddc": "ddc", "lcsh": "lcsh", "lcc": "lcc", "mesh": "mesh", "udc": "udc", "isbn": "isbn", "issn": "issn"}
_SAME = {"citation": "bibliographiccitation", "level": "educationlevel", "holder": "rightsholder", "none": ""}


def split(stream: BinaryIO, reading: Reading) -> Iterator[RawRecord]:
    """The records of a file: OAI-PMH ``record`` elements, or elements of qualified Dublin Core that stand alone."""
    for number, piece in enumerate(split_elements(stream, _ROOTS), 1):
        found = _HEADER_ID.search(piece.body) or _DC_ID.search(piece.body)
        identifier = unescape(clean(found[1].decode("utf-8", "replace")))[:200] if found else ""
        deleted = piece.problem is None and bool(_DELETED.search(piece.body))
        place = f"{piece.place}, record {number}"
        yield RawRecord(identifier or key_of(piece.body), piece.body, place, deleted=deleted, problem=piece.problem)


def parse(body: bytes, reading: Reading) -> Record:
    """The record of the first element that holds Dublin Core, whichever way it is written."""
    root = parse_document(readable(body, reading))
    values: Values = {}
    for element, qualifier, text in _statements(root):
        name, said = _named(element.lower(), qualifier.lower())
        if text := clean(text):
            values.setdefault(name, []).append(said + text if not text.upper().startswith(said.strip()) else text)
    if not values:
        raise Trouble("dc_no_record")
    return to_marc(values, header_identifier(root))


def _named(element: str, qualifier: str) -> tuple[str, str]:
    """The name a statement goes by in the crosswalk, and what must stand before its text to be recognized."""
    qualifier = _SAME.get(qualifier, qualifier)
    if (element, qualifier) == ("description", "provenance"):
        return "history", ""  # DSpace: who deposited it and when; no part of the publication
    if qualifier in ("isbn", "issn"):
        return "identifier", _SAID[qualifier]
    if qualifier == "ddc":
        return "subject", _SAID["ddc"]
    if qualifier in _KNOWN:
        return qualifier, ""
    if (qualifier or element) in _KNOWN:
        return qualifier or element, ""
    return _ELEMENT_OF.get(qualifier, "") or _ELEMENT_OF.get(element, "") or element, ""


def _statements(root: etree._Element) -> Iterator[tuple[str, str, str]]:
    """(element, qualifier, text) of each statement."""
    if any(True for _ in root.iter("{*}field")):
        yield from _fields(root)
        return
    for child in _holder(root):
        element, _, qualifier = local_name(child).partition(".")
        kind = (child.get(f"{{{XSI}}}type") or "").rpartition(":")[2].lower()
        yield element, qualifier or _SCHEMES.get(kind, ""), "".join(str(part) for part in child.itertext())


def _holder(root: etree._Element) -> Iterable[etree._Element]:
    """The element with the statements: the first that has a title or a creator of Dublin Core in it."""
    for element in root.iter("*"):
        if any(_is_dc(child) and local_name(child).partition(".")[0] in ("title", "creator") for child in element):
            return [child for child in element if _is_dc(child)]
    return [child for element in root.iter("{*}qualifieddc", "{*}dcterms", "{*}dc") for child in element]


def _is_dc(element: etree._Element) -> bool:
    return str(element.tag).startswith(("{" + DC, "{" + TERMS)) or not str(element.tag).startswith("{")


def _fields(root: etree._Element) -> Iterator[tuple[str, str, str]]:
    """The ``field`` elements of dim (with attributes) and of xoai (the names are those of the elements around)."""
    for field in root.iter("{*}field"):
        text = "".join(str(part) for part in field.itertext())
        if field.get("mdschema"):
            if field.get("mdschema") in ("dc", "dcterms"):
                yield field.get("element") or "", field.get("qualifier") or "", text
            continue
        path = [a.get("name") or "" for a in field.iterancestors("{*}element")][::-1]
        if path[:1] in (["dc"], ["dcterms"]) and field.get("name") == "value" and len(path) >= 2:
            yield path[1], path[2] if len(path) > 3 else "", text


# --- out ------------------------------------------------------------------------------------------------------------

_WRITTEN = {  # tag → element of dcterms, subfields
    "246": ("alternative", "anp"), "505": ("tableOfContents", "agrt"), "520": ("abstract", "a"),
    "300": ("extent", "abc"), "340": ("medium", "a"), "490": ("isPartOf", "av"), "502": ("description", "a"),
    "506": ("accessRights", "a"), "510": ("isReferencedBy", "a"), "521": ("audience", "a"), "522": ("coverage", "a"),
    "524": ("bibliographicCitation", "a"), "540": ("rights", "af"), "542": ("rightsHolder", "d"),
    "561": ("provenance", "a"), "648": ("temporal", "a"), "651": ("spatial", "a"), "773": ("isPartOf", "tg"),
    "774": ("hasPart", "t"), "775": ("isVersionOf", "t"), "776": ("isFormatOf", "t"), "780": ("replaces", "t"),
    "785": ("isReplacedBy", "t"), "787": ("relation", "tn"), "786": ("source", "tn"), "500": ("description", "a"),
}  # fmt: skip
_TERM_NAMES = {name for name, _ in _WRITTEN.values()} - {"description", "coverage", "rights", "relation", "source"}
_TYPES = {"050": "LCC", "080": "UDC", "082": "DDC"}
_ELSEWHERE = ("publisher", "description", "coverage", "relation", "source", "rights", "format")


def to_qdc(record: Record) -> str:
    """The ``qdc:qualifieddc`` element of a record, its namespaces declared."""
    prefixes: Any = {"qdc": QDC, "dc": DC, "dcterms": TERMS, "xsi": XSI}
    root = etree.Element(f"{{{QDC}}}qualifieddc", nsmap=prefixes)
    for name, text, kind in _out(record):
        if said := _NOT_XML.sub("", text).strip():
            space = TERMS if name in _TERM_NAMES or name == "issued" else DC
            child = etree.SubElement(root, f"{{{space}}}{name}", {f"{{{XSI}}}type": f"dcterms:{kind}"} if kind else {})
            child.text = said
    return str(etree.tostring(root, encoding="unicode"))


def _out(record: Record) -> Iterator[tuple[str, str, str]]:
    """(element, text, kind of value) in the order of the simple crosswalk, and then what only terms can say."""
    titled = False
    for name, text in statements(record):
        if name == "title":
            if not titled:
                yield name, text, ""
            titled = True
        elif name == "date":
            yield "issued", text, "W3CDTF" if re.fullmatch(r"\d{4}", text) else ""
        elif name not in _ELSEWHERE and not (name == "subject" and text.startswith("DDC ")):
            yield name, text, "URI" if text.startswith(("http://", "https://")) else ""
    for tag, content in record.fields:
        parts = subfields(content) if tag > "009" else []
        if tag in ("260", "264"):
            said = [" ".join(_bare(value) for code, value in parts if code == letter) for letter in "ab"]
            yield "publisher", " : ".join(filter(None, said)), ""
        elif tag in _WRITTEN:
            name, codes = _WRITTEN[tag]
            yield name, " ".join(value for code, value in parts if code in codes), ""
        elif tag in _TYPES:
            yield "subject", " ".join(value for code, value in parts if code in "ab"), _TYPES[tag]
    yield from (("format", text, "IMT") for text in dict.fromkeys(record.values("856", "q")))


def _bare(value: str) -> str:
    """Without the ISBD marks that precede what follows."""
    return re.sub(r"\s*[:;,]\s*$", "", value.strip())


def write(records: Iterable[Record], stream: BinaryIO) -> list[tuple[int, Trouble]]:
    """Write the records as ``qdc:qualifieddc`` elements in one document; nothing is refused."""
    stream.write(b'<?xml version="1.0" encoding="UTF-8"?>\n<records>\n')
    stream.writelines(to_qdc(record).encode() + b"\n" for record in records)
    stream.write(b"</records>\n")
    return []


FORMAT = Format(
    name="qdc",
    title={"vi": "Dublin Core có hạn định (qdc)", "en": "Qualified Dublin Core (qdc)"},
    split=split,
    parse=parse,
    without=from_dublin_core,
    droppable=DC_NAME,
    write=write,
    prefixes=("qdc", "oai_qdc", "dcterms", "dim", "xoai"),
)
