"""MARCXML (https://www.loc.gov/standards/marcxml/) and marcxchange (ISO 25577), both directions.

Namespaces are read loosely, as libraries write them: what counts are the local names record, leader, controlfield,
datafield and subfield. The record may stand alone, in a collection, or inside an OAI-PMH ``record``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any, BinaryIO
from xml.sax.saxutils import escape, quoteattr

from schemas.format import Format, Reading
from schemas.marc21 import key_of
from schemas.marcxml_plain import read_plain
from schemas.problem import Trouble
from schemas.record import BLANK_LEADER, DELIMITER, RawRecord, Record, is_control, subfields
from schemas.taken_out import from_marcxml
from schemas.xml import parse_document, readable, split_elements

NAMESPACE = "http://www.loc.gov/MARC21/slim"
MARC_RECORD = f"{{{NAMESPACE}}}record"
CONTROL_NUMBER = re.compile(rb"""<(?:[\w.-]+:)?controlfield[^>]*\btag=["']001["'][^>]*>\s*([^<]*?)\s*<""")
LEADER = re.compile(rb"<(?:[\w.-]+:)?leader[^>]*>([^<]{5,})<")
NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def split(stream: BinaryIO, reading: Reading) -> Iterator[RawRecord]:
    """The ``record`` elements of a MARCXML file, each a document of its own; leader/05 = d marks a deletion."""
    for number, raw in enumerate(split_elements(stream, frozenset({"record"})), 1):
        found = CONTROL_NUMBER.search(raw.body)
        identifier = found[1].decode("utf-8", "replace")[:200] if found and found[1] else key_of(raw.body)
        leader = LEADER.search(raw.body)
        deleted = bool(leader and leader[1][5:6] == b"d")
        yield RawRecord(identifier, raw.body, f"{raw.place}, record {number}", deleted=deleted, problem=raw.problem)


def parse(body: bytes, reading: Reading) -> Record:
    """The first MARC record of the document; :class:`Trouble` when there is none."""
    plain = reading.encoding in ("auto", "utf-8") and (not reading.evidence or body.isascii())
    if plain and (record := read_plain(body)):
        return record
    body = readable(body, reading)
    return read_plain(body) or read_tree(body)


def read_tree(body: bytes) -> Record:
    """The same by the XML parser, whatever way the document is written."""
    record = _find(parse_document(body))
    leader, fields = "", []
    for child in record:
        name = child.tag
        if not isinstance(name, str):
            continue
        name = name[name.rfind("}") + 1 :]
        if name == "datafield":
            fields.append((child.get("tag") or "", _content(child)))
        elif name == "controlfield":
            fields.append((child.get("tag") or "", child.text or ""))
        elif name == "leader":
            leader = child.text or ""
    return Record(leader or BLANK_LEADER, tuple(fields))


def _find(root: Any) -> Any:
    """The element that holds the fields: the root itself, or the first ``record`` below it with MARC inside."""
    if root.tag == MARC_RECORD:
        return root
    for element in root.iter("{*}record"):
        if any(isinstance(child.tag, str) and child.tag.endswith(("leader", "field")) for child in element):
            return element
    raise Trouble("marcxml_no_record")


def _content(field: Any) -> str:
    parts = [(field.get("ind1") or " ")[0] + (field.get("ind2") or " ")[0]]
    for child in field:
        if isinstance(child.tag, str) and (code := child.get("code")):
            parts.append(code + (child.text or ""))
    return DELIMITER.join(parts)


def to_marcxml(record: Record) -> str:
    """The ``record`` element of a record, its namespace declared; characters that XML forbids are left out."""
    parts = [f'<record xmlns="{NAMESPACE}"><leader>{_text(record.leader)}</leader>']
    for tag, content in record.fields:
        if is_control(tag):
            parts.append(f"<controlfield tag={quoteattr(tag)}>{_text(content)}</controlfield>")
            continue
        ind1, ind2 = content[:1] or " ", content[1:2] or " "
        parts.append(f"<datafield tag={quoteattr(tag)} ind1={quoteattr(ind1)} ind2={quoteattr(ind2)}>")
        parts += [f"<subfield code={quoteattr(c)}>{_text(v)}</subfield>" for c, v in subfields(content)]
        parts.append("</datafield>")
    parts.append("</record>")
    return "".join(parts)


def _text(value: str) -> str:
    return escape(NOT_XML.sub("", value))


def write(records: Iterable[Record], stream: BinaryIO) -> list[tuple[int, Trouble]]:
    """Write a collection; MARCXML has no limits, so nothing is refused."""
    stream.write(f'<?xml version="1.0" encoding="UTF-8"?>\n<collection xmlns="{NAMESPACE}">\n'.encode())
    for record in records:
        stream.write(to_marcxml(record).replace(f' xmlns="{NAMESPACE}"', "", 1).encode() + b"\n")
    stream.write(b"</collection>\n")
    return []


FORMAT = Format(
    name="marcxml",
    title={"vi": "MARCXML", "en": "MARCXML"},
    split=split,
    parse=parse,
    without=from_marcxml,
    write=write,
    prefixes=("marcxml", "marc21", "marc"),
    suffixes=(".xml", ".marcxml"),
)
