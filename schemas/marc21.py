"""MARC 21 in ISO 2709 (https://www.loc.gov/marc/specifications/specrecstruc.html), both directions.

A well-formed record in UTF-8 or plain ASCII takes a fast path: decode once, split at the field terminators, and check
every directory entry against what was found. Whatever does not fit goes the careful way: fields by the directory,
MARC-8 by pymarc, Vietnamese legacy encodings by :mod:`schemas.encodings`. pymarc is the reference: on every record it
reads, both paths give the same fields.

The bytes decide about UTF-8, not leader/09: what is valid UTF-8 beyond ASCII is not MARC-8.
"""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Iterable, Iterator
from itertools import accumulate, chain
from typing import BinaryIO

import pymarc
from pymarc.marc8 import marc8_to_unicode

from schemas import encodings
from schemas.format import Format, Reading
from schemas.problem import Problem, Trouble
from schemas.record import DELIMITER, RawRecord, Record, is_control
from schemas.taken_out import from_iso2709

LEADER = 24
ENTRY = 12
MAX_RECORD = 4 * 1024 * 1024  # what is longer without a record terminator is no record
MAX_ISO2709 = 99_999
MAX_FIELD = 9_999
CHUNK = 1 << 20
NOT_PLAIN = re.compile(rb"[\x00-\x1b\x1d]")  # in MARC-8: an escape sequence, or controls that have no place
STRAY = {0x1D: None, 0x1E: None}  # terminators inside a field: no text, and the packed form needs them
BETWEEN = b"\r\n\t \x00\x1a"  # what some systems put between records


def split(stream: BinaryIO, reading: Reading) -> Iterator[RawRecord]:
    """The records of an ISO 2709 file, cut at the record terminator 1D, each with its place "byte N".

    The identifier is field 001, else a key made of the bytes. Leader/05 = d marks a deletion. Cutting at the
    terminator and not by the leader's length means that a wrong length costs nothing.
    """
    first = stream.read(CHUNK)
    if first.strip() and b"\x1e" not in first and b"\x1d" not in first:
        raise Trouble("marc_not_iso2709", start=ascii(first[:20].decode("latin-1")))
    offset = 0
    for part, terminated in _parts(first, stream):
        body = part.lstrip(BETWEEN).removeprefix(b"\xef\xbb\xbf")
        if body.strip(BETWEEN):
            yield _raw(body + (b"\x1d" if terminated else b""), offset + len(part) - len(body))
        offset += len(part) + terminated


def _parts(first: bytes, stream: BinaryIO) -> Iterator[tuple[bytes, bool]]:
    """The pieces between record terminators, and whether a terminator followed."""
    rest, chunk = b"", first
    while chunk:
        *whole, rest = (rest + chunk).split(b"\x1d")
        for part in whole:
            yield part, True
        while len(rest) > MAX_RECORD:
            yield rest[:MAX_RECORD], False
            rest = rest[MAX_RECORD:]
        chunk = stream.read(CHUNK)
    if rest:
        yield rest, False


def _raw(body: bytes, offset: int) -> RawRecord:
    place = f"byte {offset}"
    identifier = _identifier(body)
    if len(body) > MAX_RECORD:
        return RawRecord(identifier, body, place, problem=Problem("record_too_long", {"limit": str(MAX_RECORD)}))
    return RawRecord(identifier, body, place, deleted=body[5:6] == b"d")


def _identifier(body: bytes) -> str:
    """Field 001 by the directory, else a stable key of the bytes."""
    try:
        base = int(body[12:17])
        for entry in range(LEADER, base - 1, ENTRY):
            if body[entry : entry + 3] == b"001":
                start = base + int(body[entry + 7 : entry + 12])
                value = body[start : start + int(body[entry + 3 : entry + 7])].rstrip(b"\x1e")
                text = value.decode("utf-8", "replace").strip()
                if text and text.isprintable():
                    return text[:200]
                break
    except ValueError:
        pass
    return key_of(body)


def key_of(body: bytes) -> str:
    """The stable key of a record that brings no identifier: "k" and 16 hexadecimal digits of its SHA-256."""
    return "k" + hashlib.sha256(body).hexdigest()[:16]


def parse(body: bytes, reading: Reading) -> Record:
    """The record of one ISO 2709 body; :class:`Trouble` says what is wrong with it."""
    return parse_as(body, reading, "" if body[9:10] == b"a" else "marc-8")


def parse_as(body: bytes, reading: Reading, declared: str) -> Record:
    """The same, of a record that declares an encoding (``""``: UTF-8, or none), which counts where the bytes are not.

    MARC 21 declares it in leader/09, UNIMARC in 100 $a.
    """
    record = _well_formed(body) if reading.encoding in ("auto", "utf-8") else None
    if record is not None and (not reading.evidence or body.isascii()):
        return record
    try:
        return _careful(body, reading, declared)
    except (ValueError, IndexError, KeyError, AttributeError, TypeError, pymarc.exceptions.PymarcException) as error:
        if isinstance(error, UnicodeDecodeError):
            raise Trouble("marc_encoding", declared=body[9:10].decode("ascii", "replace"), at=error.start) from None
        raise Trouble("marc_unreadable", detail=str(error) or type(error).__name__) from None


def _well_formed(body: bytes) -> Record | None:
    """The fast path: the record, or None when anything at all is out of the ordinary."""
    base = body.find(b"\x1e", LEADER) + 1
    if not body.endswith(b"\x1e\x1d") or body[12:17] != b"%05d" % base:
        return None
    data = body[base:-2]
    chunks = data.split(b"\x1e")
    if data.isascii() and body[9:10] != b"a" and NOT_PLAIN.search(data):
        return None
    try:
        texts = data.decode().split("\x1e")
        header = body[: base - 1].decode("ascii")
    except UnicodeDecodeError:
        return None
    count = len(chunks)
    tags = [header[at : at + 3] for at in range(LEADER, len(header), ENTRY)]
    if len(tags) != count or header[LEADER:] != _directory(tags, chunks):
        return None
    controls = 0
    while controls < count and is_control(tags[controls]):
        controls += 1
    if "".join([text[2:3] for text in texts[controls:]]) != DELIMITER * (count - controls):
        return None
    if controls < count and min(tags[controls:]) < "010":
        return None
    return Record(header[:9] + "a" + header[10:LEADER], tuple(zip(tags, texts, strict=True)))


def _directory(tags: list[str], chunks: list[bytes]) -> str:
    """The directory that these fields, one after the other, must have."""
    lengths = [len(chunk) + 1 for chunk in chunks]
    starts = accumulate(lengths, initial=0)
    return "%s%04d%05d" * len(tags) % tuple(chain.from_iterable(zip(tags, lengths, starts, strict=False)))


def _careful(body: bytes, reading: Reading, declared: str) -> Record:
    """The record by its directory, or by its terminators where the directory does not fit them."""
    if len(body) < LEADER + 2 or not body[:LEADER].isascii():
        raise Trouble("marc_leader")
    base = body.find(b"\x1e", LEADER) + 1
    directory = body[LEADER : base - 1]
    if not base or len(directory) % ENTRY or not directory:
        raise Trouble("marc_directory")
    entries = [directory[i : i + ENTRY] for i in range(0, len(directory), ENTRY)]
    contents = _by_directory(body, base, entries)
    if contents is None:
        contents = body[base:].rstrip(b"\x1d").removesuffix(b"\x1e").split(b"\x1e")
        if len(contents) != len(entries):
            raise Trouble("marc_directory")
    leader = body[:LEADER].decode("ascii")
    encoding = encodings.encoding_of(body, reading, declared)
    fields = [_field(e[:3].decode("ascii"), c, encoding) for e, c in zip(entries, contents, strict=True)]
    return Record(leader[:9] + "a" + leader[10:], tuple(fields))


def _by_directory(body: bytes, base: int, entries: list[bytes]) -> list[bytes] | None:
    """The field contents where the directory says, or None when one does not end with a field terminator."""
    contents = []
    for entry in entries:
        if not entry[3:].isdigit():
            return None
        start = base + int(entry[7:12])
        end = start + int(entry[3:7])
        if end <= start or body[end - 1 : end] != b"\x1e":
            return None
        contents.append(body[start : end - 1])
    return contents


def _field(tag: str, content: bytes, encoding: str) -> tuple[str, str]:
    if is_control(tag):
        return tag, content.decode("utf-8" if encoding == "utf-8" else "latin-1").translate(STRAY)
    start, *parts = content.split(b"\x1f")
    indicators = start[:2].decode("ascii", "replace").replace("\ufffd", " ").ljust(2)
    values = [_subfield(part, encoding) for part in parts if part]
    return tag, DELIMITER.join([indicators, *values]).translate(STRAY)


def _subfield(part: bytes, encoding: str) -> str:
    """Code and value; a code beyond ASCII (some Danish and Greek systems use such letters) is a letter of the text."""
    if part[0] < 0x80:
        return chr(part[0]) + _decode(part[1:], encoding)
    return _decode(part, encoding)


def _decode(value: bytes, encoding: str) -> str:
    if encoding == "marc-8":
        return str(marc8_to_unicode(value, hide_utf8_warnings=True))
    return value.decode() if encoding == "utf-8" else encodings.decode(value, encoding)


def write(records: Iterable[Record], stream: BinaryIO) -> list[tuple[int, Trouble]]:
    """Write records as ISO 2709 in UTF-8; those that it cannot hold are left out and returned with the reason.

    ISO 2709 gives a field at most 9,999 bytes and a record 99,999 (pymarc writes longer ones, which nobody
    can read).
    """
    refused = []
    for position, record in enumerate(records):
        try:
            stream.write(to_iso2709(record))
        except Trouble as trouble:
            refused.append((position, trouble))
    return refused


def to_iso2709(record: Record, encoding: str = "utf-8") -> bytes:
    """One record in ISO 2709; in another encoding than UTF-8 leader/09 is blank, and a letter may have no place."""
    directory, data = io.StringIO(), bytearray()
    unicode = encoding == "utf-8"
    for tag, content in record.fields:
        encoded = (content.encode() if unicode else encodings.encode(content, encoding)) + b"\x1e"
        if len(encoded) > MAX_FIELD:
            raise Trouble("marc_field_too_long", tag=tag, length=len(encoded), limit=MAX_FIELD)
        directory.write(f"{tag}{len(encoded):04d}{len(data):05d}")
        data += encoded
    base = LEADER + directory.tell() + 1
    length = base + len(data) + 1
    if length > MAX_ISO2709:
        raise Trouble("marc_record_too_long", length=length, limit=MAX_ISO2709)
    leader = record.leader.ljust(LEADER)[:LEADER]
    start = f"{length:05d}{leader[5:9]}{'a' if unicode else ' '}22{base:05d}{leader[17:20]}4500"
    return start.encode("ascii", "replace") + directory.getvalue().encode() + b"\x1e" + bytes(data) + b"\x1d"


FORMAT = Format(
    name="marc21",
    title={"vi": "MARC 21 (ISO 2709)", "en": "MARC 21 (ISO 2709)"},
    split=split,
    parse=parse,
    without=from_iso2709,
    write=write,
    suffixes=(".mrc", ".marc", ".dat", ".lif", ".usmarc"),
)
