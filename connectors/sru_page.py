"""Strict reading of one SRU answer: 1.1 and 1.2 (https://www.loc.gov/standards/sru/sru-1-2.html), 2.0 (OASIS,
searchRetrieve version 1.0, part 3: https://docs.oasis-open.org/search-ws/searchRetrieve/v1.0/).

A page counts only as a whole: well-formed to its end, the root ``searchRetrieveResponse``. Elements are known by their
local names, whatever the version and the prefix. Record data may be XML or escaped text, whatever was asked for. Where
one record breaks the page, its span is cut out of the bytes and kept with a problem, and its page mates are read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from lxml import etree

from connectors.http import MAX_BYTES
from connectors.sru_diagnostics import Diagnostic, find_diagnostics
from connectors.xml_page import PREFIX, Pieces, beginning, honest, is_no_xml, take_apart
from schemas.problem import Problem, Trouble
from schemas.xml import local_name, parse_document

SRW = "http://www.loc.gov/zing/srw/"
SRU2 = "http://docs.oasis-open.org/ns/search-ws/sruResponse"
RESPONSE = "searchRetrieveResponse"
ROOTS = frozenset({RESPONSE, "explainResponse", "scanResponse", "diagnostics", "diagnostic"})
MOST = 12  # digits of a number

_CHILD = rb"(?:recordSchema|recordPacking|recordXMLEscaping|recordIdentifier|recordData|recordPosition)\b"
_RECORD = re.compile(rb"<" + PREFIX + rb"record\b[^>]*>\s*<" + PREFIX + _CHILD)
_AFTER = re.compile(rb"</" + PREFIX + rb"records\s*>|<" + PREFIX + rb"nextRecordPosition\b")
_DATA = re.compile(rb"<" + PREFIX + rb"recordData\b[^>]*>(.*)</" + PREFIX + rb"recordData\s*>", re.DOTALL)
_DIAGNOSTICS = re.compile(rb"<" + PREFIX + rb"diagnostics\b[^>]*>.*</" + PREFIX + rb"diagnostics\s*>", re.DOTALL)
_XML_DECLARATION = re.compile(r"\A\s*<\?xml[^>]*\?>\s*")
_OF_PROTOCOL = re.compile(
    rb' xmlns:([\w.-]+)="(?:http://www\.loc\.gov/zing/srw/|http://docs\.oasis-open\.org/ns/search-ws/)[^"]*"'
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One ``record`` of an answer: what its data are, as a document, and what is said of them.

    ``schema`` is the schema the server names, ``namespace`` that of the data's root. With a ``diagnostic`` there is no
    record in this place, and ``data`` are those of the diagnostic.
    """

    data: bytes
    schema: str = ""
    namespace: str = ""
    identifier: str = ""
    position: int | None = None
    diagnostic: Diagnostic | None = None
    problem: Problem | None = None


@dataclass(frozen=True, slots=True)
class SruPage:
    """What one answer says. ``hits`` and ``following`` are ``None`` where it does not say; ``exact`` is whether the
    server vouches for ``hits``; ``salvaged`` counts the records that broke the page.

    ``refusal`` is the diagnostic that says that there are no records so far on.
    """

    entries: tuple[Entry, ...] = ()
    hits: int | None = None
    following: int | None = None
    diagnostics: tuple[Diagnostic, ...] = ()
    exact: bool = True
    version: str = ""
    salvaged: int = 0
    refusal: str = ""


@dataclass(frozen=True, slots=True)
class Explain:
    """What explain says: the schemas by their short names, with their identifiers."""

    schemas: dict[str, str]

    def knows(self, schema: str) -> bool:
        """Whether a schema is among those named; where none are named nobody knows, and it may be."""
        known = {name.lower() for pair in self.schemas.items() for name in pair}
        return not known or schema.lower() in known


def read_root(body: bytes, limit: int = MAX_BYTES) -> Any:
    """The root of an SRU answer.

    :class:`Trouble` ``xml_doctype``, ``xml_broken`` (also a page that is cut) or ``sru_not_sru`` (another document).
    """
    if is_no_xml(body):
        raise Trouble("sru_not_sru", start=beginning(body))
    root = parse_document(honest(body), limit=limit)
    if local_name(root) not in ROOTS:
        raise Trouble("sru_not_sru", start=beginning(body))
    return root


def read_page(root: Any) -> SruPage:
    """The records and the numbers of a searchRetrieve answer; one that is only diagnostics is a page of them.

    :class:`Trouble` ``sru_no_answer`` for the answer to another question.
    """
    if local_name(root) in ("diagnostics", "diagnostic"):
        return SruPage(diagnostics=find_diagnostics(root))
    if local_name(root) != RESPONSE:
        raise Trouble("sru_no_answer", element=local_name(root))
    records = root.find("{*}records")
    entries = () if records is None else tuple(_entry(element) for element in records.iterfind("{*}record"))
    hits = _number(_text(root, "numberOfRecords"))
    precision = _text(root, "resultCountPrecision").lower()
    return SruPage(
        entries=entries,
        hits=hits if hits or not entries else None,
        following=_number(_text(root, "nextRecordPosition")),
        diagnostics=find_diagnostics(root.find("{*}diagnostics")),
        exact=precision.rpartition("/")[2] in ("", "exact"),
        version="2.0" if root.tag.startswith(f"{{{SRU2}}}") else _text(root, "version"),
    )


def read_explain(root: Any) -> Explain:
    """What an explain answer (ZeeRex, http://explain.z3950.org/) says of the schemas."""
    if local_name(root) != "explainResponse":
        raise Trouble("sru_no_answer", element=local_name(root))
    data = root.find("{*}record/{*}recordData")
    if data is not None and not len(data) and (data.text or "").strip():
        data = parse_document(_unescaped(data.text))
    found = {} if data is None else {one.get("name", ""): one.get("identifier", "") for one in data.iter("{*}schema")}
    return Explain({name: identifier for name, identifier in found.items() if name})


def salvage(body: bytes, start: int) -> SruPage:
    """The records of a page that is broken as XML but whole, each read by itself; the first is record ``start``.

    :class:`Trouble` ``sru_cut`` when the page does not end as it must, or holds no record that can be told apart.
    """
    body = honest(body)
    pieces = take_apart(body, RESPONSE.encode(), _RECORD, _AFTER)
    if pieces is None:
        raise Trouble("sru_cut", place=start)
    entries = tuple(_salvaged(piece, pieces) for piece in pieces.records)
    return SruPage(
        entries=entries,
        hits=_between(pieces.head, b"numberOfRecords") or _between(pieces.tail, b"numberOfRecords"),
        following=_between(pieces.tail, b"nextRecordPosition"),
        diagnostics=find_diagnostics(pieces.find(_DIAGNOSTICS, pieces.tail)),
        version="2.0" if SRU2.encode() in pieces.opening else "",
        salvaged=sum(entry.problem is not None for entry in entries),
    )


def _entry(element: Any) -> Entry:
    """A ``record`` element; several elements of data stay together in theirs."""
    parts = {local_name(child): child for child in element}
    data = parts.get("recordData")
    schema, identifier = _said(parts.get("recordSchema")), _said(parts.get("recordIdentifier"))
    position = _number(_said(parts.get("recordPosition")))
    if data is None or (not len(data) and not (data.text or "").strip()):
        return Entry(_written(element), schema, "", identifier, position, problem=Problem("sru_no_record"))
    if not len(data):
        text = _unescaped(data.text)
        return Entry(text, schema, _namespace(text), identifier, position)
    content = data[0] if len(data) == 1 else data
    if local_name(content) == "diagnostic":
        return Entry(_written(content), schema, "", identifier, position, find_diagnostics(content)[0])
    return Entry(_written(content), schema, etree.QName(content).namespace or "", identifier, position)


def _salvaged(piece: bytes, pieces: Pieces) -> Entry:
    """One record cut out of a broken page; when it is the broken one, its bytes as received and the reason."""
    try:
        return _entry(pieces.alone(piece))
    except (Trouble, IndexError) as error:
        detail = error.problem.facts.get("detail", error.problem.code) if isinstance(error, Trouble) else "empty"
    found = _DATA.search(piece)
    data = pieces.declaration + (found[1].strip() if found else piece)
    return Entry(data, problem=Problem("sru_record_broken", {"detail": detail}))


def _written(element: Any) -> bytes:
    """An element as a document, with the namespaces it stands in but those of the protocol that it has no use for."""
    body = bytes(etree.tostring(element, encoding="UTF-8", xml_declaration=False, with_tail=False))
    for declared in _OF_PROTOCOL.finditer(body[: body.index(b">")]):
        prefix = declared[1] + b":"
        if b"<" + prefix not in body and b" " + prefix not in body:
            body = body.replace(declared[0], b"", 1)
    return body


def _unescaped(text: str) -> bytes:
    """Data that came as text, without a declaration: it spoke of other bytes."""
    return _XML_DECLARATION.sub("", text).strip().encode()


def _namespace(document: bytes) -> str:
    """The namespace of a document's root; ``""`` for one that is broken, which is said when it is cut."""
    try:
        return etree.QName(parse_document(document)).namespace or ""
    except Trouble:
        return ""


def _said(element: Any) -> str:
    return "" if element is None else (element.text or "").strip()


def _text(element: Any, name: str) -> str:
    return (element.findtext(f"{{*}}{name}") or "").strip()


def _number(text: str) -> int | None:
    """A number of records, ``None`` for what is none."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= MOST else None


def _between(part: bytes, name: bytes) -> int | None:
    found = re.search(rb"<" + PREFIX + name + rb"\b[^>]*>\s*(\d{1,12})\s*<", part)
    return int(found[1]) if found else None
