r"""MARCMaker text (.mrk, https://www.loc.gov/marc/makrbrkr.html), both directions.

A line is a field: ``=245  10$aDế Mèn phiêu lưu ký``; records are parted by a blank line. ``\`` is a blank in control
fields and indicators; characters may be written by name, ``{dollar}`` or ``{eacute}`` (:mod:`schemas.mnemonics`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import BinaryIO

from schemas import encodings
from schemas.format import Format, Reading
from schemas.limits import MAX_RECORD, too_long, within
from schemas.marc21 import key_of
from schemas.mnemonics import decode, encode
from schemas.problem import Problem, Trouble
from schemas.record import BLANK_LEADER, DELIMITER, Field, RawRecord, Record, is_control
from schemas.taken_out import from_mrk

_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")
_LINE = re.compile(r"=([0-9A-Za-z]{3})(?:\s{1,2}|$)(.*)$", re.DOTALL)
_INDICATORS = re.compile(r"(?:\{[A-Za-z0-9]{1,9}\}|[^$]){0,2}")
_ID = re.compile(rb"^=001[ \t]+(.*?)[\\\s]*$", re.MULTILINE)
_STATUS = re.compile(rb"^=(?:LDR|000)[ \t]+.{5}d", re.MULTILINE)


def split(stream: BinaryIO, reading: Reading) -> Iterator[RawRecord]:
    """The records of a file, each beginning at a blank line or at its leader.

    What goes on for more than :data:`schemas.limits.MAX_RECORD` bytes is no record: all its pieces are rejected.
    """
    lines: list[bytes] = []
    start = size = 0
    long = False
    for number, line in enumerate(iter(lambda: stream.readline(MAX_RECORD), b""), 1):
        begins = line.startswith((b"=LDR", b"=000")) or not line.strip()
        full = size + len(line) > MAX_RECORD
        if lines and (begins or full):
            long = long or (full and not begins)
            yield _raw(b"".join(lines), start, long)
            lines, size = [], 0
        long = long and not begins
        if line.strip():
            start = start if lines else number
            lines.append(line)
            size += len(line)
    if lines:
        yield _raw(b"".join(lines), start, long)


def _raw(body: bytes, line: int, long: bool) -> RawRecord:
    place = f"line {line}"
    found = _ID.search(body)
    identifier = decode(found[1].decode("utf-8", "replace").replace("\\", " ")).strip()[:200] if found else ""
    problem = too_long() if long else None
    if problem is None and not body.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"="):
        text = ascii(body[:30].decode("latin-1")).strip("'\"")
        problem = Problem("mrk_line", {"line": str(line), "text": text})
    return RawRecord(identifier or key_of(body), body, place, deleted=bool(_STATUS.search(body)), problem=problem)


def parse(body: bytes, reading: Reading) -> Record:
    """The record of the lines of one; a line that does not begin with ``=`` belongs to the field before it."""
    leader, fields = BLANK_LEADER, []
    for number, line in _fields(_text(body, encodings.encoding_of(body, reading))):
        match = _LINE.match(line)
        if match is None:
            raise Trouble("mrk_line", line=number, text=ascii(line[:30]).strip("'\""))
        tag, content = match[1], _CONTROLS.sub(" ", match[2])
        if tag in ("LDR", "000"):
            leader = content.replace("\\", " ")[:24].ljust(24)
        else:
            fields.append(_field(tag, content))
    if not fields:
        raise Trouble("mrk_line", line=1, text="")
    return within(Record(leader, tuple(fields)))


def _text(body: bytes, encoding: str) -> str:
    """The text as it was written: what is UTF-8 keeps the form of its marks."""
    try:
        return body.decode().removeprefix("\ufeff") if encoding == "utf-8" else encodings.decode(body, encoding)
    except UnicodeDecodeError:
        return encodings.decode(body, encoding)


def _fields(text: str) -> list[tuple[int, str]]:
    lines: list[tuple[int, str]] = []
    for number, line in enumerate(re.split(r"\r\n|\r|\n", text), 1):
        if line.startswith("=") or not lines:
            if line.strip():
                lines.append((number, line))
        elif line.strip():
            lines[-1] = (lines[-1][0], f"{lines[-1][1]} {line.strip()}")
    return lines


def _field(tag: str, content: str) -> Field:
    if is_control(tag):
        return tag, decode(content.replace("\\", " "))
    said = _INDICATORS.match(content)
    indicators = decode(said[0].replace("\\", " ")).ljust(2) if said else "  "
    _, *parts = content.split("$")
    return tag, indicators[:2] + "".join(DELIMITER + decode(part) for part in parts if part)


def to_mrk(record: Record) -> str:
    """The lines of a record, without the blank line after it."""
    lines = [f"=LDR  {record.leader}"]
    for tag, content in record.fields:
        if is_control(tag):
            lines.append(f"={tag}  {encode(content).replace(' ', chr(92))}")
        else:
            indicators = encode(content[:2]).replace(" ", "\\")
            parts = [encode(part) for part in content[2:].split(DELIMITER)[1:]]
            lines.append(f"={tag}  {indicators}" + "".join("$" + part for part in parts))
    return "\n".join(lines) + "\n"


def write(records: Iterable[Record], stream: BinaryIO) -> list[tuple[int, Trouble]]:
    """Write the records in UTF-8; nothing is refused."""
    stream.writelines(to_mrk(record).encode("utf-8", "replace") + b"\n" for record in records)
    return []


FORMAT = Format(
    name="mrk",
    title={"vi": "MARCMaker (.mrk)", "en": "MARCMaker (.mrk)"},
    split=split,
    parse=parse,
    without=from_mrk,
    write=write,
    suffixes=(".mrk",),
)
