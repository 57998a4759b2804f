"""Strict reading of one OAI-PMH 2.0 answer (https://www.openarchives.org/OAI/openarchivesprotocol.html).

A page counts only as a whole: well-formed to its end, the root ``OAI-PMH``, the element of the verb present. Where one
record breaks the page, its span is cut out of the bytes and kept with a problem, and its page mates are read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from lxml import etree

from connectors.http import MAX_BYTES
from connectors.xml_page import PREFIX, Pieces, beginning, honest, is_no_xml, take_apart
from schemas.problem import Problem, Trouble
from schemas.record import RawRecord
from schemas.xml import local_name, parse_document

OAI = "{http://www.openarchives.org/OAI/2.0/}"
DELETED = sha256(b"deleted").digest()
SHOWN = 200

_RECORD = re.compile(rb"<" + PREFIX + rb"record\b[^>]*>\s*<" + PREFIX + rb"header\b")
_HEADER_END = re.compile(rb"</" + PREFIX + rb"header>|<" + PREFIX + rb"header\b[^>]*/>")
_IDENTIFIER = re.compile(rb"<" + PREFIX + rb"identifier\b[^>]*>\s*([^<]{1,1000}?)\s*<")
_DATESTAMP = re.compile(rb"<" + PREFIX + rb"datestamp\b[^>]*>\s*([\d:TZ.+-]{1,40})\s*<")
_TOKEN = re.compile(rb"<" + PREFIX + rb"resumptionToken\b[^>]*?(?:/>|>[^<]*</" + PREFIX + rb"resumptionToken\s*>)")
_DATE = re.compile(rb"<" + PREFIX + rb"responseDate\b[^>]*>[^<]*</" + PREFIX + rb"responseDate\s*>")


@dataclass(frozen=True, slots=True)
class OaiPage:
    """What one answer of a list says. ``salvaged`` counts the records that broke the page.

    The records of a list of identifiers have no body.
    """

    records: list[RawRecord]
    response_date: str
    token: str = ""
    announced: int | None = None
    salvaged: int = 0


@dataclass(frozen=True, slots=True)
class OaiError:
    """The first error element of an answer: its code and its text."""

    code: str
    text: str
    response_date: str


def read_root(body: bytes, limit: int = MAX_BYTES) -> Any:
    """The ``OAI-PMH`` element of an answer.

    :class:`Trouble` ``xml_doctype``, ``xml_broken`` (also a page that is cut) or ``oai_not_oai`` (another document).
    """
    if is_no_xml(body):
        raise Trouble("oai_not_oai", start=beginning(body))
    root = parse_document(honest(body), limit=limit)
    if local_name(root) != "OAI-PMH":
        raise Trouble("oai_not_oai", start=beginning(body))
    return root


def find_error(root: Any) -> OaiError | None:
    """The error an answer carries, if any."""
    error = root.find("{*}error")
    if error is None:
        return None
    text = " ".join((error.text or "").split())[:SHOWN]
    return OaiError((error.get("code") or "").strip(), text, _response_date(root))


def verb_element(root: Any, verb: str) -> Any:
    """The element of the verb; an answer without it is cut or confused: :class:`Trouble` ``oai_no_verb``."""
    element = root.find(f"{{*}}{verb}")
    if element is None:
        raise Trouble("oai_no_verb", verb=verb)
    return element


def read_list(root: Any, number: int) -> OaiPage:
    """The records of a ListRecords answer, page ``number`` of its list."""
    listed = verb_element(root, "ListRecords")
    elements = listed.findall(f"{OAI}record") or listed.findall("{*}record")
    records = [_record(element, f"page {number}, record {n}") for n, element in enumerate(elements, 1)]
    token, announced = _token(listed.find("{*}resumptionToken"))
    return OaiPage(records, _response_date(root), token, announced)


def read_headers(root: Any, number: int) -> OaiPage:
    """The headers of a ListIdentifiers answer as records without a body."""
    listed = verb_element(root, "ListIdentifiers")
    elements = listed.findall(f"{OAI}header") or listed.findall("{*}header")
    records = []
    for n, element in enumerate(elements, 1):
        identifier, datestamp, deleted = _said(element)
        if identifier:
            records.append(RawRecord(identifier, b"", f"page {number}, header {n}", datestamp, deleted))
    token, announced = _token(listed.find("{*}resumptionToken"))
    return OaiPage(records, _response_date(root), token, announced)


def read_record(root: Any) -> tuple[RawRecord, list[str]]:
    """The record of a GetRecord answer and the sets its header names."""
    element = verb_element(root, "GetRecord").find("{*}record")
    if element is None:
        raise Trouble("oai_no_verb", verb="GetRecord")
    return _record(element, "GetRecord"), [(e.text or "").strip() for e in element.iterfind("{*}header/{*}setSpec")]


def salvage(body: bytes, number: int) -> OaiPage:
    """The records of a page that is broken as XML but whole, each read by itself.

    :class:`Trouble` ``oai_cut`` when the page does not end as it must, or holds no record that can be told apart.
    """
    pieces = take_apart(body, b"OAI-PMH", _RECORD, _TOKEN)
    if pieces is None:
        raise Trouble("oai_cut", page=number)
    records = [_salvaged(cut, pieces, f"page {number}, record {n}") for n, cut in enumerate(pieces.records, 1)]
    token, announced = _token(pieces.find(_TOKEN, pieces.tail))
    date = pieces.find(_DATE, pieces.head)
    bad = sum(record.problem is not None and record.problem.code == "oai_record_broken" for record in records)
    return OaiPage(records, (date.text or "").strip() if date is not None else "", token, announced, bad)


def _record(element: Any, place: str) -> RawRecord:
    parts = {local_name(child): child for child in element}
    identifier, datestamp, deleted = _said(parts.get("header"))
    body = etree.tostring(element, encoding="UTF-8", xml_declaration=False, with_tail=False)
    problem = None
    if not deleted and not len(parts.get("metadata", ())):
        problem = Problem("oai_no_metadata", {"identifier": identifier, "place": place})
    if not identifier:
        problem = Problem("oai_no_identifier", {"place": place})
    fingerprint = DELETED if deleted else content_fingerprint(body)
    return RawRecord(identifier or _unnamed(body), body, place, datestamp, deleted, problem, fingerprint)


def _said(header: Any) -> tuple[str, str, bool]:
    """The identifier and the datestamp of a header, and whether it says that the record is deleted."""
    if header is None:
        return "", "", False
    said = {local_name(child): (child.text or "").strip() for child in header}
    deleted = (header.get("status") or "").strip().lower() == "deleted"
    return said.get("identifier", ""), said.get("datestamp", ""), deleted


def content_fingerprint(body: bytes) -> bytes:
    """The SHA-256 of what follows the header: metadata and about. The header changes without the record changing."""
    header = _HEADER_END.search(body)
    return sha256(body[header.end() :].strip() if header else body).digest()


def _salvaged(cut: bytes, pieces: Pieces, place: str) -> RawRecord:
    """One record cut out of a broken page; when it is the broken one, its bytes as received and the reason."""
    try:
        return _record(pieces.alone(cut), place)
    except (Trouble, IndexError) as error:
        reason = error.problem.facts.get("detail", error.problem.code) if isinstance(error, Trouble) else "empty"
    head = re.split(rb"</" + PREFIX + rb"header", cut, maxsplit=1)[0]
    found, dated = _IDENTIFIER.search(head), _DATESTAMP.search(head)
    identifier = found[1].decode("utf-8", "replace") if found else _unnamed(cut)
    problem = Problem("oai_record_broken", {"identifier": identifier, "place": place, "detail": reason})
    datestamp = dated[1].decode() if dated else ""
    return RawRecord(identifier, cut, place, datestamp, problem=problem, fingerprint=sha256(cut).digest())


def _token(element: Any) -> tuple[str, int | None]:
    if element is None:
        return "", None
    size = (element.get("completeListSize") or "").strip()
    return (element.text or "").strip(), int(size) if re.fullmatch("[0-9]{1,8}", size) and int(size) else None


def _response_date(root: Any) -> str:
    return _text(root, "responseDate")


def _text(element: Any, name: str) -> str:
    return (element.findtext(f"{{*}}{name}") or "").strip() if element is not None else ""


def _unnamed(body: bytes) -> str:
    return "?" + sha256(body).hexdigest()[:24]
