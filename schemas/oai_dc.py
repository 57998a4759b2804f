"""Dublin Core (oai_dc) ↔ MARC 21. In: :mod:`schemas.dublin_core`.

Out: the Library of Congress crosswalk (https://www.loc.gov/marc/marc2dc.html).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import BinaryIO
from xml.sax.saxutils import escape

from lxml import etree

from schemas.cells import clean, find_year
from schemas.dublin_core import Values, to_marc
from schemas.format import Format, Reading
from schemas.marc21 import key_of
from schemas.problem import Trouble
from schemas.record import RawRecord, Record, is_control, subfields
from schemas.taken_out_xml import DC_NAME, from_dublin_core
from schemas.xml import local_name, parse_document, readable, split_elements

OAI_DC = "http://www.openarchives.org/OAI/2.0/oai_dc/"
DC = "http://purl.org/dc/elements/1.1/"
_TERMS = {
    "alternative": "title", "issued": "date", "created": "date", "abstract": "description", "extent": "format",
    "ispartof": "relation", "tableofcontents": "description", "medium": "format", "spatial": "coverage",
}  # fmt: skip
_HEADER_ID = re.compile(rb"<(?:[\w.-]+:)?header[^>]*>\s*<(?:[\w.-]+:)?identifier[^>]*>\s*([^<]+?)\s*<")
_DC_ID = re.compile(rb"<(?:[\w.-]+:)?identifier[^>]*>\s*([^<]+?)\s*<")
_DELETED = re.compile(rb"""<(?:[\w.-]+:)?header[^>]*\sstatus\s*=\s*["']deleted["']""")
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def split(stream: BinaryIO, reading: Reading) -> Iterator[RawRecord]:
    """The records of a file: OAI-PMH ``record`` elements, or ``dc`` elements that stand alone."""
    for number, piece in enumerate(split_elements(stream, frozenset({"record", "dc"})), 1):
        found = _HEADER_ID.search(piece.body) or _DC_ID.search(piece.body)
        identifier = clean(found[1].decode("utf-8", "replace"))[:200] if found else ""
        place = f"{piece.place}, record {number}"
        deleted = piece.problem is None and bool(_DELETED.search(piece.body))
        yield RawRecord(identifier or key_of(piece.body), piece.body, place, deleted=deleted, problem=piece.problem)


def parse(body: bytes, reading: Reading) -> Record:
    """The record of an oai_dc element, alone or inside an OAI-PMH ``record``."""
    root = parse_document(readable(body, reading))
    return to_marc(_values(_find(root)), header_identifier(root))


def _find(root: etree._Element) -> etree._Element:
    """The element that holds the Dublin Core: ``dc``, or the first one with a title or creator in it."""
    for element in root.iter("{*}dc"):
        return element
    for element in root.iter("*"):
        if any(_is_dc(child) and local_name(child) in ("title", "creator") for child in element):
            return element
    raise Trouble("dc_no_record")


def _is_dc(element: etree._Element) -> bool:
    """Whether an element is Dublin Core: by its namespace, or without any."""
    return str(element.tag).startswith("{http://purl.org/dc/") or not str(element.tag).startswith("{")


def _values(element: etree._Element) -> Values:
    values: Values = {}
    for child in element:
        name = local_name(child).lower()
        if text := clean("".join(str(part) for part in child.itertext())):
            values.setdefault(_TERMS.get(name, name), []).append(text)
    return values


def header_identifier(root: etree._Element) -> str:
    """The identifier of an OAI-PMH ``record``'s header, or ""."""
    for header in root.iter("{*}header"):
        for child in header:
            if local_name(child) == "identifier":
                return clean(child.text or "")
    return ""


# --- out ------------------------------------------------------------------------------------------------------------

_KINDS = {"a": "Text", "t": "Text", "c": "Notated music", "e": "Image", "g": "MovingImage", "i": "Sound", "j": "Sound"}
_KINDS |= {"k": "Image", "m": "Software", "o": "Collection", "r": "PhysicalObject"}
_AUTHOR = {"", "tác giả", "author", "aut"}
_NAMESPACES = (
    f'xmlns:oai_dc="{OAI_DC}" xmlns:dc="{DC}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
    f'xsi:schemaLocation="{OAI_DC} http://www.openarchives.org/OAI/2.0/oai_dc.xsd"'
)
_OUT = (
    ("description", {"500", "502", "505", "511", "520", "521"}, "a"),
    ("coverage", {"522", "648", "651"}, "az"),
    ("relation", {"440", "490", "773", "780", "785", "787", "830"}, "tavgn"),
    ("source", {"534", "786"}, "tn"),
    ("rights", {"506", "540"}, "a"),
)


def to_oai_dc(record: Record) -> str:
    """The ``oai_dc:dc`` element of a record, namespaces declared; a record without a title gets none of its own."""
    lines = []
    for name, value in statements(record):
        if text := escape(_NOT_XML.sub("", value).strip()):
            lines.append(f"<dc:{name}>{text}</dc:{name}>")
    return f"<oai_dc:dc {_NAMESPACES}>{''.join(lines)}</oai_dc:dc>"


def statements(record: Record) -> Iterator[tuple[str, str]]:
    """The (element, text) pairs of a record in the order of the crosswalk."""
    for tag, content in record.fields:
        if tag == "245":
            yield "title", _joined(content, "anpb")
        elif tag == "246":
            yield "title", _joined(content, "anp")
        elif tag in ("100", "110", "111", "700", "710", "711", "720"):
            yield _person(tag, content)
        elif tag.startswith("6") and tag not in ("648", "651", "655"):
            yield "subject", " -- ".join(_trim(value) for code, value in subfields(content) if code in "abcdtxyz")
    yield from _publication(record)
    kind = _KINDS.get(record.leader[6:7])
    yield from (("type", text) for text in [kind, *record.values("655", "a")] if text)
    yield from (("format", _joined(content, "ac")) for content in record.contents("300"))
    yield from _numbers(record)
    for name, tags, codes in _OUT:
        for tag, content in record.fields:
            if tag in tags and not is_control(tag):
                yield name, _joined(content, codes)


def _person(tag: str, content: str) -> tuple[str, str]:
    parts = list(subfields(content))
    name = _trim(" ".join(value for code, value in parts if code in "abcdq"))
    role = _trim(next((value for code, value in parts if code == "e"), ""))
    if tag.startswith("1"):
        return "creator", name
    return ("creator", name) if role in _AUTHOR - {""} else ("contributor", f"{name} ({role})" if role else name)


def _publication(record: Record) -> Iterator[tuple[str, str]]:
    fixed = record.control("008")
    for tag in ("260", "264"):
        yield from (("publisher", _trim(value)) for value in record.values(tag, "b"))
    said = record.first("260", "c") or record.first("264", "c")
    year = find_year(fixed[7:11]) or find_year(said) or _trim(said)
    yield "date", year
    codes = [fixed[35:38], *record.values("041", "a")]
    for code in dict.fromkeys(code for code in codes if re.fullmatch("[a-z]{3}", code)):
        yield "language", code


def _numbers(record: Record) -> Iterator[tuple[str, str]]:
    yield from (("identifier", f"urn:ISBN:{value.split()[0]}") for value in record.values("020", "a") if value.strip())
    yield from (("identifier", f"urn:ISSN:{value.split()[0]}") for value in record.values("022", "a") if value.strip())
    yield from (("identifier", value) for value in record.values("856", "u"))
    yield from (("subject", f"DDC {value}") for value in record.values("082", "a"))


def _joined(content: str, codes: str) -> str:
    """The subfields as one text: $n after a full stop, $p after a comma, $b after a colon, as ISBD shows them."""
    text = ""
    for code, value in subfields(content):
        if code not in codes or not (value := _trim(value)):
            continue
        mark = {"n": ". ", "p": ", ", "b": " : ", "c": " ; "}.get(code, " ")
        text += (" " if value.startswith("= ") else mark) + value if text else value
    return text


def _trim(value: str) -> str:
    """Without the ISBD marks that precede what follows."""
    return re.sub(r"\s*[/:;,=]\s*$", "", value.strip())


def write(records: Iterable[Record], stream: BinaryIO) -> list[tuple[int, Trouble]]:
    """Write the records as ``oai_dc:dc`` elements in one document; nothing is refused."""
    stream.write(b'<?xml version="1.0" encoding="UTF-8"?>\n<records>\n')
    stream.writelines(to_oai_dc(record).encode() + b"\n" for record in records)
    stream.write(b"</records>\n")
    return []


FORMAT = Format(
    name="oai_dc",
    title={"vi": "Dublin Core (oai_dc)", "en": "Dublin Core (oai_dc)"},
    split=split,
    parse=parse,
    without=from_dublin_core,
    droppable=DC_NAME,
    write=write,
    prefixes=("oai_dc", "dc"),
)
