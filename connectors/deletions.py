"""Files that say what is gone: records of the source's format, or plain lists with one identifier a line.

A ``.txt`` file is a list. A ``.csv`` or ``.tsv`` file is one too, unless the source's format is CSV and the file has a
title column: its first column, or the one whose heading stands for an identifier, names the records. Every other file
is read in the source's format, and each record in it that has an identifier of its own is a deletion.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from pathlib import PurePath
from typing import BinaryIO

from schemas import encodings
from schemas.format import Format, Reading
from schemas.headings import recognize
from schemas.marc21 import key_of
from schemas.problem import Problem, Trouble
from schemas.record import RawRecord

MAX_LIST = 64 * 2**20  # bytes of a list of identifiers
MAX_LINE = 1_000  # characters of an identifier
KEY = re.compile(r"k[0-9a-f]{16}")  # what schemas.marc21.key_of makes
TABLES = (".csv", ".tsv")


def deletions(stream: BinaryIO, name: str, form: Format, reading: Reading) -> Iterator[RawRecord]:
    """The deletions a file tells; ``name`` is the file's, for its suffix; the stream can seek."""
    suffix = PurePath(name.lower().removesuffix(".gz")).suffix
    if suffix == ".txt" or (suffix in TABLES and not _has_records(stream, form, reading)):
        yield from _listed(stream, suffix, reading)
        return
    for raw in form.split(stream, reading):
        yield replace(raw, deleted=True, problem=None) if raw.problem is None or is_named(raw) else raw


def is_named(raw: RawRecord) -> bool:
    """Whether a record brings an identifier; without one it has a key made of its bytes."""
    return KEY.fullmatch(raw.identifier) is None


def _has_records(stream: BinaryIO, form: Format, reading: Reading) -> bool:
    """Whether a table is one of the source's format, with titles."""
    try:
        return ".csv" in form.suffixes and bool(list(islice(form.split(stream, reading), 1)))
    except Trouble:
        return False
    finally:
        stream.seek(0)


def _listed(stream: BinaryIO, suffix: str, reading: Reading) -> Iterator[RawRecord]:
    """The identifiers of a list; a line that cannot be one is a record with a problem."""
    text = _text(stream, reading)
    if suffix in TABLES:
        yield from _column(text, "\t" if suffix == ".tsv" else _delimiter(text), reading)
        return
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip():
            yield _deletion(line.strip(), line, number)


def _text(stream: BinaryIO, reading: Reading) -> str:
    data = stream.read(MAX_LIST + 1)
    if len(data) > MAX_LIST:
        raise Trouble("deletions_too_long", limit=MAX_LIST)
    return encodings.decode(data, encodings.encoding_of_file(data, reading)).removeprefix("\ufeff")


def _delimiter(text: str) -> str:
    """What cuts the first line into columns."""
    first = text.lstrip().partition("\n")[0]
    return max(",;\t", key=first.count)


def _column(text: str, delimiter: str, reading: Reading) -> Iterator[RawRecord]:
    """The column of identifiers of a table, with a heading or without."""
    column = 0
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        for position, row in enumerate(row for row in rows if any(cell.strip() for cell in row)):
            fields = [recognize(cell, reading.columns) for cell in row]
            if position == 0 and "id" in fields:
                column = fields.index("id")
                continue
            identifier = row[column].strip() if column < len(row) else ""
            yield _deletion(identifier, delimiter.join(row), rows.line_num)
    except csv.Error as error:
        raise Trouble("table_unreadable", detail=f"{error} ({rows.line_num})") from None


def _deletion(identifier: str, line: str, number: int) -> RawRecord:
    body, place = line.encode(), f"line {number}"
    if not identifier or len(identifier) > MAX_LINE or not identifier.isprintable():
        problem = Problem("deletion_not_identifier", {"place": place, "start": identifier[:40]})
        return RawRecord(key_of(body), body, place, problem=problem)
    return RawRecord(identifier, body, place, deleted=True)
