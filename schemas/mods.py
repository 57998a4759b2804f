"""MODS 3.x (https://www.loc.gov/standards/mods/) ↔ MARC 21: :mod:`schemas.mods_read` and :mod:`schemas.mods_write`.

A record may stand alone, in a ``modsCollection``, in the ``record`` of an answer of OAI-PMH or SRU. Namespaces are read
loosely. The identifier is that of the OAI header, else recordIdentifier, else the first identifier.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from html import unescape
from typing import BinaryIO

from schemas.cells import clean
from schemas.format import Format, Reading
from schemas.marc21 import key_of
from schemas.mods_codes import NAMESPACE
from schemas.mods_read import to_marc
from schemas.mods_write import to_mods
from schemas.oai_dc import header_identifier
from schemas.problem import Trouble
from schemas.record import RawRecord, Record
from schemas.taken_out_xml import MODS_NAME, from_mods
from schemas.xml import parse_document, readable, split_elements

_TEXT = rb"[^>]*>\s*([^<]+?)\s*<"
_HEADER_ID = re.compile(rb"<(?:[\w.-]+:)?header[^>]*>\s*<(?:[\w.-]+:)?identifier" + _TEXT)
_RECORD_ID = re.compile(rb"<(?:[\w.-]+:)?recordIdentifier" + _TEXT)
_DELETED = re.compile(rb"""<(?:[\w.-]+:)?header[^>]*\sstatus\s*=\s*["']deleted["']""")


def split(stream: BinaryIO, reading: Reading) -> Iterator[RawRecord]:
    """The records of a file: ``mods`` elements, or the ``record`` elements around them."""
    for number, piece in enumerate(split_elements(stream, frozenset({"record", "mods"})), 1):
        place = f"{piece.place}, record {number}"
        deleted = piece.problem is None and bool(_DELETED.search(piece.body))
        yield RawRecord(_identifier(piece.body), piece.body, place, deleted=deleted, problem=piece.problem)


def _identifier(body: bytes) -> str:
    found = _HEADER_ID.search(body) or _own_number(body)
    return unescape(clean(found[1].decode("utf-8", "replace")))[:200] if found else key_of(body)


def _own_number(body: bytes) -> re.Match[bytes] | None:
    """recordIdentifier where there is only one: a related item may have one too."""
    found = list(_RECORD_ID.finditer(body))
    return found[0] if len(found) == 1 else None


def parse(body: bytes, reading: Reading) -> Record:
    """The record of the first ``mods`` element; :class:`Trouble` when there is none, or none with a title."""
    root = parse_document(readable(body, reading))
    for mods in root.iter("{*}mods"):
        return to_marc(mods, header_identifier(root))
    raise Trouble("mods_no_record")


def write(records: Iterable[Record], stream: BinaryIO) -> list[tuple[int, Trouble]]:
    """Write the records as a ``modsCollection`` of MODS 3.7; nothing is refused."""
    stream.write(f'<?xml version="1.0" encoding="UTF-8"?>\n<modsCollection xmlns="{NAMESPACE}">\n'.encode())
    stream.writelines(to_mods(record).encode() + b"\n" for record in records)
    stream.write(b"</modsCollection>\n")
    return []


FORMAT = Format(
    name="mods",
    title={"vi": "MODS", "en": "MODS"},
    split=split,
    parse=parse,
    without=from_mods,
    droppable=MODS_NAME,
    write=write,
    prefixes=("mods",),
    suffixes=(".mods",),
)
