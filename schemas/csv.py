"""CSV and TSV (RFC 4180, loosely): delimiter and encoding found out, cells as received.

Tab-separated values are the same format: the delimiter is told from the lines. Files with a Markdown rule below the
headings, quotes, and line breaks inside cells are read. What is damaged in a cell stays as it came; it is mended when
the record is read (:mod:`schemas.damage`).
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from itertools import chain, islice
from typing import BinaryIO, Literal

from schemas import encodings
from schemas.format import Format, Reading
from schemas.headings import HEADER_ROWS
from schemas.problem import Trouble
from schemas.record import RawRecord
from schemas.table import Row, Sheet, no_title, open_sheet, parse, records, without

SAMPLE = 2**18
MAX_CELL = 2**20
DELIMITERS = ",;\t|"
_RULE = re.compile(r"[\s:|=-]*$")
_OTHERS = {  # how files of other formats begin
    "xlsx": re.compile(rb"PK\x03\x04|\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
    "marc21": re.compile(rb"\d{5}[\x20-\x7e]{5}\d\d\d{5}[\x20-\x7e]{7}[^\x1d]*\x1e[^\x1d]*\x1d"),
}


def split(stream: BinaryIO, reading: Reading) -> Iterator[RawRecord]:
    """The records of a CSV file; :class:`Trouble` when it has no title column, or holds data of readers."""
    yield from records(tables(stream, reading), reading)


def tables(stream: BinaryIO, reading: Reading) -> list[Sheet]:
    """The one table of a file, with its header."""
    data = stream.read()
    if other := _other_format(data):
        raise Trouble("table_other_format", format=other)
    rows = numbered_rows(data, reading)
    first = list(islice(rows, HEADER_ROWS + 1))
    sheet = open_sheet("", chain(first, rows), reading)
    if sheet is None:
        raise no_title(row for _, row in first)
    return [sheet]


def _other_format(data: bytes) -> str:
    """The format of a file that is no table of text, told by its first bytes; ``""`` where it may be one."""
    return next((name for name, start in _OTHERS.items() if start.match(data)), "")


def numbered_rows(data: bytes, reading: Reading) -> Iterator[Row]:
    """The rows of a file, each with the number of the line it begins at, cells as received."""
    text = _text(data, reading).replace("\0", "")
    csv.field_size_limit(MAX_CELL)
    delimiter = sniff(text[:SAMPLE])
    quoting: Literal[0, 3] = csv.QUOTE_NONE if delimiter == "|" else csv.QUOTE_MINIMAL
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, quoting=quoting)
    line = 1
    try:
        for row in reader:
            if not _RULE.match("".join(row)):
                yield line, _framed(row) if delimiter == "|" else row
            line = reader.line_num + 1
    except csv.Error as error:
        raise Trouble("table_unreadable", detail=f"{error} ({line})") from None


def _text(data: bytes, reading: Reading) -> str:
    """The text of a file; where most lines are UTF-8 and some are not, those are read on their own."""
    if reading.encoding == "auto" and not data.startswith(encodings.MARKS[1:]) and not encodings.is_utf8(data):
        lines = [line for line in data.splitlines(keepends=True) if not line.isascii()]
        others = [line for line in lines if not encodings.is_utf8(line)]
        if len(others) < len(lines) / 2:
            name = encodings.encoding_of_file(b"".join(others), reading)
            return "".join(
                encodings.decode(line, "utf-8" if encodings.is_utf8(line) else name)
                for line in data.splitlines(keepends=True)
            )
    return encodings.decode(data, encodings.encoding_of_file(data, reading))


def sniff(text: str) -> str:
    """The delimiter that cuts the first lines into most columns of one number."""
    lines = [line for line in text.splitlines()[:50] if line.strip() and not _RULE.match(line)]
    counts = {delimiter: sorted(_count(line, delimiter) for line in lines) for delimiter in DELIMITERS}
    return max(DELIMITERS, key=lambda d: (counts[d][len(lines) // 2], counts[d][-1]) if lines else (0, 0))


def _count(line: str, delimiter: str) -> int:
    return re.sub(r'"[^"]*"', "", line).count(delimiter)


def _framed(row: list[str]) -> list[str]:
    """A row of a Markdown table without its outer bars."""
    if len(row) > 2 and not row[0].strip() and not row[-1].strip():
        row = row[1:-1]
    return [cell.strip() for cell in row]


FORMAT = Format(
    name="csv",
    title={"vi": "Bảng CSV", "en": "CSV table"},
    split=split,
    parse=parse,
    without=without,
    tables=tables,
    suffixes=(".csv", ".tsv", ".tab"),
)
