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
from schemas.problem import Problem, Trouble
from schemas.record import RawRecord
from schemas.xml import local_name, parse_document

OAI = "{http://www.openarchives.org/OAI/2.0/}"
DELETED = sha256(b"deleted").digest()
SHOWN = 200

_PREFIX = rb"(?:[\w.-]+:)?"
_ROOT = re.compile(rb"<" + _PREFIX + rb"OAI-PMH\b[^>]*>")
_ROOT_END = re.compile(rb"</(" + _PREFIX + rb")OAI-PMH\s*>\s*(?:<!--[^>]*-->\s*)*\Z")
_DECLARATION = re.compile(rb"\A\s*<\?xml[^>]*\?>")
_RECORD = re.compile(rb"<" + _PREFIX + rb"record\b[^>]*>\s*<" + _PREFIX + rb"header\b")
_RECORD_END = re.compile(rb"</" + _PREFIX + rb"record\s*>")
_HEADER_END = re.compile(rb"</" + _PREFIX + rb"header>|<" + _PREFIX + rb"header\b[^>]*/>")
_IDENTIFIER = re.compile(rb"<" + _PREFIX + rb"identifier\b[^>]*>\s*([^<]{1,1000}?)\s*<")
_DATESTAMP = re.compile(rb"<" + _PREFIX + rb"datestamp\b[^>]*>\s*([\d:TZ.+-]{1,40})\s*<")
_TOKEN = re.compile(rb"<" + _PREFIX + rb"resumptionToken\b[^>]*?(?:/>|>[^<]*</" + _PREFIX + rb"resumptionToken\s*>)")
_DATE = re.compile(rb"<" + _PREFIX + rb"responseDate\b[^>]*>[^<]*</" + _PREFIX + rb"responseDate\s*>")
_SINGLE_BYTE = re.compile(
    rb"\A\s*<\?xml\b[^>]*?\bencoding\s*=\s*[\"'](iso-8859-\d+|latin-?1|windows-\d+|cp\d+|us-ascii)[\"']", re.I
)
_DOCTYPE = re.compile(rb"<!DOCTYPE", re.IGNORECASE)


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
    if not body.strip():
        raise Trouble("oai_not_oai", start="")
    start = body[:SHOWN].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<!doctype html", b"<html")) or not start.startswith(b"<"):
        raise Trouble("oai_not_oai", start=_shown(body))
    root = parse_document(honest(body), limit=limit)
    if local_name(root) != "OAI-PMH":
        raise Trouble("oai_not_oai", start=_shown(body))
    return root


def honest(body: bytes) -> bytes:
    """A page that declares a single-byte encoding and is UTF-8 all the same, declared as UTF-8.

    Text in a single-byte encoding is never valid UTF-8 by chance once it has more than a few letters beyond ASCII.
    """
    declared = _SINGLE_BYTE.match(body)
    if declared is None or body.isascii():
        return body
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return body
    return body[: declared.start(1)] + b"UTF-8" + body[declared.end(1) :]


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
    root, end = _ROOT.search(body), _ROOT_END.search(body)
    starts = [found.start() for found in _RECORD.finditer(body)]
    if root is None or end is None or not starts or _DOCTYPE.search(body, 0, root.start()):
        raise Trouble("oai_cut", page=number)
    declaration = _DECLARATION.match(body)
    shell = ((declaration[0] if declaration else b"") + root[0], b"</" + end[1] + b"OAI-PMH>")
    spans = [body[a:b] for a, b in zip(starts, [*starts[1:], len(body)], strict=True)]
    cuts = [_cut(span) for span in spans]
    rest = spans[-1][len(cuts[-1]) :]
    records = [_salvaged(cut, shell, f"page {number}, record {n}") for n, cut in enumerate(cuts, 1)]
    token, announced = _token(_alone(_TOKEN.search(rest), shell))
    date = _alone(_DATE.search(body, 0, starts[0]), shell)
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


def _salvaged(cut: bytes, shell: tuple[bytes, bytes], place: str) -> RawRecord:
    """One record cut out of a broken page; when it is the broken one, its bytes as received and the reason."""
    try:
        return _record(parse_document(shell[0] + cut + shell[1])[0], place)
    except (Trouble, IndexError) as error:
        reason = error.problem.facts.get("detail", error.problem.code) if isinstance(error, Trouble) else "empty"
    head = re.split(rb"</" + _PREFIX + rb"header", cut, maxsplit=1)[0]
    found, dated = _IDENTIFIER.search(head), _DATESTAMP.search(head)
    identifier = found[1].decode("utf-8", "replace") if found else _unnamed(cut)
    problem = Problem("oai_record_broken", {"identifier": identifier, "place": place, "detail": reason})
    datestamp = dated[1].decode() if dated else ""
    return RawRecord(identifier, cut, place, datestamp, problem=problem, fingerprint=sha256(cut).digest())


def _cut(span: bytes) -> bytes:
    """A record up to its last end tag; one without an end tag reaches to the end of its span."""
    ends = [found.end() for found in _RECORD_END.finditer(span)]
    if ends:
        return span[: ends[-1]]
    token = _TOKEN.search(span)
    return span[: token.start()] if token else span


def _alone(found: re.Match[bytes] | None, shell: tuple[bytes, bytes]) -> Any:
    """A small element of the page read by itself; what cannot be read stops the page rather than end the list."""
    return None if found is None else parse_document(shell[0] + found[0] + shell[1])[0]


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


def _shown(body: bytes) -> str:
    return " ".join(body[:SHOWN].decode("utf-8", "replace").split())
