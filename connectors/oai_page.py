"""Strict reading of one OAI-PMH 2.0 answer (https://www.openarchives.org/OAI/openarchivesprotocol.html).

A page counts only as a whole: well-formed to its end, the root ``OAI-PMH``, the element of the verb present. What a
server printed before or after the document is left out. Where a record breaks the page, :mod:`connectors.oai_salvage`
reads the others.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from hashlib import sha256
from html import unescape
from typing import Any

from lxml import etree

from connectors.http import MAX_BYTES
from connectors.oai_bytes import labelled, within_root
from connectors.xml_page import PREFIX, beginning, is_no_xml
from schemas.problem import Problem, Trouble
from schemas.record import RawRecord
from schemas.xml import local_name, parse_document

OAI = "{http://www.openarchives.org/OAI/2.0/}"
DELETED = sha256(b"deleted").digest()
SHOWN = 200

_HEADER_END = re.compile(rb"</" + PREFIX + rb"header>|<" + PREFIX + rb"header\b[^>]*/>")
_SET = re.compile(rb"<" + PREFIX + rb"setSpec\b[^>]*>\s*([^<]*?)\s*</")


@dataclass(frozen=True, slots=True)
class OaiPage:
    """What one answer of a list says. ``salvaged`` counts the records that broke the page, ``foreign`` those whose
    bytes are in another encoding than it declares.

    The records of a list of identifiers have no body.
    """

    records: list[RawRecord]
    response_date: str
    token: str = ""
    announced: int | None = None
    salvaged: int = 0
    foreign: int = 0


@dataclass(frozen=True, slots=True)
class OaiError:
    """The first error element of an answer: its code and its text."""

    code: str
    text: str
    response_date: str


def read_root(body: bytes, limit: int = MAX_BYTES, charset: str = "") -> Any:
    """The ``OAI-PMH`` element of an answer with the charset HTTP told.

    :class:`Trouble` ``xml_doctype``, ``xml_broken`` (also a page that is cut) or ``oai_not_oai`` (another document).
    """
    body = labelled(body, charset)
    try:
        return _root(body, limit)
    except Trouble as trouble:
        inner = within_root(body) if trouble.problem.code in ("xml_broken", "oai_not_oai") else body
        if inner == body:
            raise
    return _root(inner, limit)


def _root(body: bytes, limit: int) -> Any:
    if is_no_xml(body):
        raise Trouble("oai_not_oai", start=beginning(body))
    root = parse_document(body, limit=limit)
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
    records = [record_of(element, f"page {number}, record {n}") for n, element in enumerate(elements, 1)]
    token, announced = token_of(listed.find("{*}resumptionToken"))
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
    token, announced = token_of(listed.find("{*}resumptionToken"))
    return OaiPage(records, _response_date(root), token, announced)


def read_record(root: Any) -> RawRecord:
    """The record of a GetRecord answer."""
    element = verb_element(root, "GetRecord").find("{*}record")
    if element is None:
        raise Trouble("oai_no_verb", verb="GetRecord")
    return record_of(element, "GetRecord")


def sets_of(raw: RawRecord) -> list[str]:
    """The sets the header of a record names."""
    header = _HEADER_END.search(raw.body)
    found = _SET.findall(raw.body, 0, header.end() if header else 0)
    return [unescape(name.decode("utf-8", "replace")) for name in found]


def record_of(element: Any, place: str) -> RawRecord:
    """The raw record of a ``record`` element; live without metadata, or without an identifier, it has a problem."""
    parts = {local_name(child): child for child in element}
    identifier, datestamp, deleted = _said(parts.get("header"))
    body = etree.tostring(element, encoding="UTF-8", xml_declaration=False, with_tail=False)
    problem = None
    if not deleted and not len(parts.get("metadata", ())):
        problem = Problem("oai_no_metadata", {"identifier": identifier, "place": place})
    if not identifier:
        problem = Problem("oai_no_identifier", {"place": place})
    fingerprint = DELETED if deleted else content_fingerprint(body)
    return RawRecord(identifier or unnamed(body), body, place, datestamp, deleted, problem, fingerprint)


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


def token_of(element: Any) -> tuple[str, int | None]:
    """The token of a ``resumptionToken`` element and the completeListSize; a size of 0 or 10^8 and more is none."""
    if element is None:
        return "", None
    size = (element.get("completeListSize") or "").strip()
    return (element.text or "").strip(), int(size) if re.fullmatch("[0-9]{1,8}", size) and int(size) else None


def _response_date(root: Any) -> str:
    return _text(root, "responseDate")


def _text(element: Any, name: str) -> str:
    return (element.findtext(f"{{*}}{name}") or "").strip() if element is not None else ""


def unnamed(body: bytes) -> str:
    """What a record without an identifier is known by."""
    return "?" + sha256(body).hexdigest()[:24]
