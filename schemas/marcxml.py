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
from schemas.limits import MAX_RECORD, too_long, within
from schemas.marc21 import key_of
from schemas.marcxml_plain import read_plain
from schemas.problem import Trouble
from schemas.record import BLANK_LEADER, DELIMITER, FIELD_END, Field, RawRecord, Record, is_control, subfields
from schemas.taken_out import from_marcxml
from schemas.xml import parse_document, readable, split_elements

NAMESPACE = "http://www.loc.gov/MARC21/slim"
MARCXCHANGE = "info:lc/xmlns/marcxchange-v2"
KINDS = {"z": "Authority", "u": "Holdings", "v": "Holdings", "x": "Holdings", "y": "Holdings", "w": "Classification"}
KINDS |= {"q": "Community"}
MARC_RECORD = f"{{{NAMESPACE}}}record"
CONTROL_NUMBER = re.compile(rb"""<(?:[\w.-]+:)?controlfield[^>]*\btag=["']001["'][^>]*>\s*([^<]*?)\s*<""")
LEADER = re.compile(rb"<(?:[\w.-]+:)?leader[^>]*>([^<]{5,})<")
TAG = re.compile("[0-9A-Za-z]{3}")
NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_ODD = re.compile(  # what is not just text between marks: see to_marcxml
    f'{DELIMITER}[&<>"\r]|{FIELD_END}[^{FIELD_END}{DELIMITER}]{{0,4}}[&<>"\r]'
    f"|[\x00-\x08\x0b\x0c\x0e-\x1d\ud800-\udfff\ufffe\uffff]"
)


def split(stream: BinaryIO, reading: Reading) -> Iterator[RawRecord]:
    """The ``record`` elements of a MARCXML file, each a document of its own; leader/05 = d marks a deletion."""
    for number, raw in enumerate(split_elements(stream, frozenset({"record"})), 1):
        found = CONTROL_NUMBER.search(raw.body)
        identifier = found[1].decode("utf-8", "replace")[:200] if found and found[1] else key_of(raw.body)
        leader = LEADER.search(raw.body)
        deleted = bool(leader and leader[1][5:6] == b"d")
        problem = raw.problem or (too_long() if len(raw.body) > MAX_RECORD else None)
        yield RawRecord(identifier, raw.body, f"{raw.place}, record {number}", deleted=deleted, problem=problem)


def parse(body: bytes, reading: Reading) -> Record:
    """The first MARC record of the document; :class:`Trouble` when there is none, or something in it has no place."""
    plain = reading.encoding in ("auto", "utf-8") and (not reading.evidence or body.isascii())
    if plain and (record := read_plain(body)):
        return within(record)
    body = readable(body, reading)
    return within(read_plain(body) or read_tree(body))


def read_tree(body: bytes) -> Record:
    """The same by the XML parser, whatever way the document is written."""
    record = _find(parse_document(body))
    leader, fields = "", list[Field]()
    for child in record:
        name = child.tag
        if not isinstance(name, str):
            continue
        name = name[name.rfind("}") + 1 :]
        if name in ("datafield", "controlfield"):
            fields.append(_field(child, name == "controlfield"))
        elif name == "leader":
            leader = child.text or ""
    return Record(leader[:24].ljust(24) if leader.strip() else BLANK_LEADER, tuple(fields))


def _find(root: Any) -> Any:
    """The element that holds the fields: the root itself, or the first ``record`` below it with MARC inside."""
    if root.tag == MARC_RECORD:
        return root
    for element in root.iter("{*}record"):
        if any(isinstance(child.tag, str) and child.tag.endswith(("leader", "field")) for child in element):
            return element
    raise Trouble("marcxml_no_record")


def _field(element: Any, is_text: bool) -> Field:
    """A field as its element says it; one whose tag is of the other kind (FMT of Aleph, 001 with subfields) is adapted.

    :class:`Trouble` ``marcxml_tag`` or ``marcxml_code`` names what has no place in a record.
    """
    tag = element.get("tag") or ""
    if not TAG.fullmatch(tag):
        raise Trouble("marcxml_tag", tag=tag[:20])
    if is_text:
        text = "".join(element.itertext())
        return (tag, text) if is_control(tag) else (tag, f"  {DELIMITER}a{text}")
    parts = _parts(tag, element)
    if is_control(tag):
        return tag, " ".join(part[1:] for part in parts)
    return tag, DELIMITER.join([(element.get("ind1") or " ")[0] + (element.get("ind2") or " ")[0], *parts])


def _parts(tag: str, element: Any) -> list[str]:
    """Code and value of each subfield; text outside of them, or under no code of one character, is refused."""
    parts, stray = [], element.text or ""
    for child in element:
        stray += child.tail or ""
        if not isinstance(child.tag, str):
            continue
        code, text = child.get("code") or "", "".join(child.itertext())
        if len(code) == 1:
            parts.append(code + text)
        elif text.strip():
            raise Trouble("marcxml_code", tag=tag, what=f"code=“{code[:20]}”", text=text.strip()[:60])
    if stray.strip():
        raise Trouble("marcxml_code", tag=tag, what="–", text=stray.strip()[:60])
    return parts


def to_marcxml(record: Record) -> str:
    """The ``record`` element of a record, its namespace declared; characters that XML forbids are left out."""
    packed = record.pack()
    if _ODD.search(packed):
        return _element_by_element(record)
    packed = packed.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\r", "&#13;")
    leader, *fields = packed.split(FIELD_END)
    if DELIMITER in leader or len(fields) != len(record.fields):
        return _element_by_element(record)
    parts = [f'<record xmlns="{NAMESPACE}"><leader>{leader}</leader>']
    for field in fields:
        tag = field[:3]
        if tag < "010" and tag.isdigit():
            parts.append(f'<controlfield tag="{tag}">{field[3:].replace(DELIMITER, "")}</controlfield>')
            continue
        head, *inner = field.split(DELIMITER)
        parts.append(f'<datafield tag="{tag}" ind1="{head[3:4] or " "}" ind2="{head[4:5] or " "}">')
        parts += [f'<subfield code="{part[0]}">{part[1:]}</subfield>' for part in inner if part]
        parts.append("</datafield>")
    parts.append("</record>")
    return "".join(parts)


def _element_by_element(record: Record) -> str:
    """The same for records whose tags, indicators and codes may be anything, or that hold what XML forbids."""
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
    """Text as XML has it; a carriage return as a reference, as a parser makes a line feed of it."""
    return escape(NOT_XML.sub("", value), {"\r": "&#13;"})


def write(records: Iterable[Record], stream: BinaryIO) -> list[tuple[int, Trouble]]:
    """Write a collection; MARCXML has no limits, so nothing is refused."""
    stream.write(f'<?xml version="1.0" encoding="UTF-8"?>\n<collection xmlns="{NAMESPACE}">\n'.encode())
    for record in records:
        stream.write(to_marcxml(record).replace(f' xmlns="{NAMESPACE}"', "", 1).encode() + b"\n")
    stream.write(b"</collection>\n")
    return []


def write_marcxchange(records: Iterable[Record], stream: BinaryIO) -> list[tuple[int, Trouble]]:
    """Write a collection of marcxchange (ISO 25577:2013): the same elements in its namespace, with format and kind."""
    stream.write(f'<?xml version="1.0" encoding="UTF-8"?>\n<collection xmlns="{MARCXCHANGE}">\n'.encode())
    for record in records:
        start = f'<record format="MARC21" type="{KINDS.get(record.leader[6:7], "Bibliographic")}">'
        stream.write(to_marcxml(record).replace(f'<record xmlns="{NAMESPACE}">', start, 1).encode() + b"\n")
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
