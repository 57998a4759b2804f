"""CSV and TSV (RFC 4180, loosely): delimiter and encoding found out, cells as received.

UTF-8 that was read as CP1252 on its way is mended cell by cell; files with a Markdown rule below the headings, quotes,
and line breaks inside cells are read.
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
from schemas.table import Row, no_title, open_sheet, parse, records

SAMPLE = 2**18
MAX_CELL = 2**20
DELIMITERS = ",;\t|"
_RULE = re.compile(r"[\s:|=-]*$")


def split(stream: BinaryIO, reading: Reading) -> Iterator[RawRecord]:
    """The records of a CSV file; :class:`Trouble` when it has no title column, or holds data of readers."""
    sample = stream.read(SAMPLE)
    encoding = reading.encoding if reading.encoding != "auto" else _detect(sample)
    rows = _rows(sample, stream, encodings.find(encoding))
    first = list(islice(rows, HEADER_ROWS + 1))
    sheet = open_sheet("", chain(first, rows), reading)
    if sheet is None:
        raise no_title(row for _, row in first)
    yield from records([sheet], reading)


def _detect(sample: bytes) -> str:
    complete = sample[: sample.rfind(b"\n") + 1] if len(sample) == SAMPLE else sample
    encoding, _ = encodings.detect([complete or sample])
    if encoding == "unknown":
        raise Trouble("encoding_undecided", known=", ".join(encodings.NAMES))
    return encoding


def _rows(sample: bytes, stream: BinaryIO, encoding: str) -> Iterator[Row]:
    """The numbered rows; the number is that of the line a row begins at."""
    data = sample + stream.read()
    text = encodings.decode(data, encoding).replace("\0", "")
    csv.field_size_limit(MAX_CELL)
    delimiter = sniff(text[:SAMPLE])
    quoting: Literal[0, 3] = csv.QUOTE_NONE if delimiter == "|" else csv.QUOTE_MINIMAL
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, quoting=quoting)
    line = 1
    try:
        for row in reader:
            if not _RULE.match("".join(row)):
                yield line, [_cell(cell) for cell in (_framed(row) if delimiter == "|" else row)]
            line = reader.line_num + 1
    except csv.Error as error:
        raise Trouble("table_unreadable", detail=f"{error} ({line})") from None


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


def _cell(cell: str) -> str:
    return encodings.mend_mojibake(cell) or cell


FORMAT = Format(
    name="csv",
    title={"vi": "Bảng CSV", "en": "CSV table"},
    split=split,
    parse=parse,
    suffixes=(".csv", ".tsv"),
)
