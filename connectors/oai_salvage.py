"""Records out of a page that cannot be read as a whole: each by itself, with its bytes as they came where need be.

Where one record breaks the page, its span is cut out of the bytes and kept with a problem, and its page mates are read.
Where a page is in another encoding than it declares, its records are sound but for their letters: they are kept as
received, for the evidence of the source to say what the letters are (:func:`schemas.xml.readable`).
"""

from __future__ import annotations

import re
from dataclasses import replace
from hashlib import sha256
from html import unescape
from io import BytesIO
from typing import Any

from connectors.oai_bytes import decoded, is_mostly_utf8, labelled, within_root
from connectors.oai_page import OaiPage, content_fingerprint, record_of, token_of, unnamed
from connectors.xml_page import PREFIX, Pieces, take_apart
from schemas.problem import Problem, Trouble
from schemas.record import RawRecord
from schemas.xml import parse_document, split_elements

_RECORD = re.compile(rb"<" + PREFIX + rb"record\b[^>]*>\s*<" + PREFIX + rb"header\b")
_IDENTIFIER = re.compile(rb"<" + PREFIX + rb"identifier\b[^>]*>\s*([^<]{1,1000}?)\s*<")
_DATESTAMP = re.compile(rb"<" + PREFIX + rb"datestamp\b[^>]*>\s*([\d:TZ.+-]{1,40})\s*<")
_TOKEN = re.compile(rb"<" + PREFIX + rb"resumptionToken\b[^>]*?(?:/>|>[^<]*</" + PREFIX + rb"resumptionToken\s*>)")
_DATE = re.compile(rb"<" + PREFIX + rb"responseDate\b[^>]*>[^<]*</" + PREFIX + rb"responseDate\s*>")
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")
_NAMES = frozenset({"record"})


def has_records(body: bytes) -> bool:
    """Whether a page has a record that can be told apart."""
    return _RECORD.search(body) is not None


def salvage(body: bytes, number: int, charset: str = "", encoding: str = "") -> OaiPage:
    """The records of a page that is whole, each read by itself; page 0 is the answer to GetRecord.

    ``charset`` is what HTTP told. With an ``encoding`` every record is kept as received, in that encoding.
    :class:`Trouble` ``oai_cut`` when the page does not end as it must, or holds no record that can be told apart.
    """
    body = within_root(body if encoding else labelled(body, charset))
    pieces = take_apart(body, b"OAI-PMH", _RECORD, _TOKEN)
    if pieces is None:
        raise Trouble("oai_cut", page=number or "GetRecord")
    records = [_salvaged(cut, pieces, _place(number, n), encoding) for n, cut in enumerate(pieces.records, 1)]
    token, announced = token_of(pieces.find(_TOKEN, pieces.tail))
    date = pieces.find(_DATE, pieces.head)
    broken = sum(raw.problem is not None and raw.problem.code == "oai_record_broken" for raw in records)
    foreign = 0 if encoding else sum(raw.problem is None and not _is_utf8(raw.body) for raw in records)
    return OaiPage(records, (date.text or "").strip() if date is not None else "", token, announced, broken, foreign)


def _place(number: int, record: int) -> str:
    return f"page {number}, record {record}" if number else "GetRecord"


def _salvaged(cut: bytes, pieces: Pieces, place: str, encoding: str) -> RawRecord:
    """One record cut out of a page: as it reads, as it came, or with the reason why it can be neither."""
    try:
        element, reason = pieces.alone(cut), ""
    except (Trouble, IndexError) as error:
        element, reason = None, _reason(error)
    if element is not None and not encoding:
        return record_of(element, place)
    as_it_came = _received(cut, pieces, place, encoding, element)
    return as_it_came or _broken(cut, place, reason)


def _received(cut: bytes, pieces: Pieces, place: str, encoding: str, element: Any) -> RawRecord | None:
    """A record with its bytes as received, where they are in ``encoding``, or in one that nobody knows yet.

    ``None`` when more is wrong with it than its letters.
    """
    if element is None and encoding:
        element = _element(decoded(cut, encoding), pieces)
    if element is None and not _is_utf8(cut) and not is_mostly_utf8(cut):
        element = _element(_CONTROLS.sub("?", cut.decode("latin-1")).encode(), pieces)
    found = list(split_elements(BytesIO(pieces.opening + cut + pieces.closing), _NAMES))
    if element is None or len(found) != 1 or (found[0].problem and not encoding):
        return None
    raw, body = record_of(element, place), found[0].body
    return replace(raw, body=body, fingerprint=raw.fingerprint if raw.deleted else content_fingerprint(body))


def _element(text: bytes, pieces: Pieces) -> Any:
    """The record element of a text in UTF-8, or ``None``."""
    try:
        return parse_document(pieces.opening + text + pieces.closing)[0]
    except (Trouble, IndexError):
        return None


def _broken(cut: bytes, place: str, reason: str) -> RawRecord:
    """The record that breaks its page: its bytes as received and the reason."""
    head = re.split(rb"</" + PREFIX + rb"header", cut, maxsplit=1)[0]
    found, dated = _IDENTIFIER.search(head), _DATESTAMP.search(head)
    identifier = unescape(found[1].decode("utf-8", "replace")) if found else unnamed(cut)
    problem = Problem("oai_record_broken", {"identifier": identifier, "place": place, "detail": reason})
    datestamp = dated[1].decode() if dated else ""
    return RawRecord(identifier, cut, place, datestamp, problem=problem, fingerprint=sha256(cut).digest())


def _reason(error: Exception) -> str:
    return error.problem.facts.get("detail", error.problem.code) if isinstance(error, Trouble) else "empty"


def _is_utf8(body: bytes) -> bool:
    try:
        body.decode()
    except UnicodeDecodeError:
        return False
    return True
