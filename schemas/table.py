"""Tables of books (spreadsheets, CSV) → raw records: which rows are one record, and what is not taken.

A table is a header within the first 20 rows and the rows below it. Rows with one identifier, rows that say the same
publication, and rows below it that say only an accession number are copies of one record. The body of a raw record is
JSON, the cells as received: ``{"rows": [{"Nhan đề": "Dế Mèn phiêu lưu ký", "Số ĐKCB": "TN.00012"}, …]}``.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain, dropwhile, islice

import orjson

from schemas.cell_numbers import is_number
from schemas.cells import clean
from schemas.damage import mend_cells
from schemas.format import Reading
from schemas.guess import SAMPLE, guess_header
from schemas.headings import (
    FIELDS,
    HEADER_ROWS,
    Header,
    find_header,
    is_staff,
    lettered,
    reader_headings,
    recognize,
    words,
)
from schemas.mending import mend_mojibake
from schemas.problem import Problem, Trouble
from schemas.record import RawRecord, Record
from schemas.table_marc import to_marc

MAX_ROWS = 200_000
COPY_FIELDS = frozenset({"accession", "location", "call_number", "copies", "price", "number", "ledger", "note"})
KEY_FIELDS = ("title", "author", "publisher", "year", "volume", "edition", "isbn")
FORMULA = frozenset("=+-@\t\r＝＋－＠")  # a cell that begins so gets an apostrophe in the CSV files for people
JOINED = frozenset(
    {"author", "contributor", "translator", "illustrator", "editor", "corporate", "isbn", "issn", "class", "subject"}
    | {"keyword", "accession", "note", "language"}
)

Row = tuple[int, list[str]]
Cells = dict[str, str]


@dataclass(slots=True)
class Sheet:
    """A table with its header found: ``rows`` are the numbered rows (from 1) below the header."""

    name: str
    header: Header
    rows: Iterator[Row]


@dataclass(slots=True)
class _Group:
    """The rows of one record so far; ``values`` is the first of them by field."""

    identifier: str
    values: Cells
    rows: list[bytes] = field(default_factory=list)
    places: list[int] = field(default_factory=list)
    sheet: str = ""


def open_sheet(name: str, rows: Iterable[Row], reading: Reading) -> Sheet | None:
    """The table of ``rows``, or ``None`` where no title column is found, neither by its heading nor by its content.

    Raises :class:`Trouble` ``table_reader_data`` when the headings are those of readers: nothing of it is kept.
    """
    rows = dropwhile(lambda row: not any(cell.strip() for cell in row[1]), rows)
    first = list(islice(rows, HEADER_ROWS + 1))
    cells = [row for _, row in first]
    header = find_header(cells, reading.columns)
    until = header.data if header else HEADER_ROWS
    for headings in [*cells[:until], header.headings if header else ()]:
        if found := reader_headings(headings):
            raise Trouble("table_reader_data", headings=", ".join(found))
    if header is None:
        first += islice(rows, SAMPLE)
        guessed = guess_header([row for _, row in first])
        header = lettered(guessed, reading.columns) if guessed else None
    if header is None:
        return None
    return Sheet(name, header, chain(first[header.data :], rows))


def no_title(first_rows: Iterable[list[str]], sheet: str = "") -> Trouble:
    """The trouble of a table without a title column, with the headings seen and the ones known."""
    rows = [[clean(cell) for cell in row if cell.strip()] for row in islice(first_rows, HEADER_ROWS)]
    seen = max(rows, key=lambda row: sum(len(cell) < 40 for cell in row), default=[])
    facts = {
        "headings": ", ".join(cell[:40] for cell in seen[:20]) or "–",
        "known": ", ".join(FIELDS["title"].split("|")[:8]),
    }
    return Trouble("table_no_title", sheet=f" ({sheet})" if sheet else "", **facts)


def records(sheets: Iterable[Sheet], reading: Reading) -> Iterator[RawRecord]:
    """The raw records of the sheets; copies of a publication are one record across all of them."""
    rows = _Placed(reading)
    for sheet in sheets:
        rows.above = None
        for number, cells in _cells(sheet, reading):
            rejected = rows.place(number, cells, sheet.name)
            if rejected is not None:
                yield rejected
    for group in rows.groups.values():
        body = b'{"rows":[' + b",".join(group.rows) + b"]}"
        yield RawRecord(group.identifier, body, _place(group.places, group.sheet))


def parse(body: bytes, reading: Reading, view: Callable[[str], str] = str) -> Record:
    """The record of one body of :func:`records`; :class:`Trouble` when it is no such body or has no title.

    Each cell is seen through ``view``, and mended of what the source's records are known to suffer from.
    """
    try:
        rows = orjson.loads(body)["rows"]
        cells = [{str(heading): view(str(text)) for heading, text in row.items()} for row in rows]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Trouble("table_body", detail=str(error) or type(error).__name__) from None
    mended = [dict(zip(row, mend_cells(list(row.values()), reading.damage), strict=True)) for row in cells]
    values = [_by_field(row, reading.columns) for row in mended]
    if not any(_title(row) for row in values):
        raise Trouble("table_row_no_title", place="–")
    return to_marc(_identifier(values[0]), values)


def without(body: bytes, names: Collection[str]) -> tuple[bytes, list[str]]:
    """The body without the cells that hold names of staff, and without the columns of these names."""
    wanted = {words(name) for name in names}
    try:
        rows = orjson.loads(body)["rows"]
        taken = [heading for row in rows for heading in row if is_staff(heading) or words(heading) in wanted]
        left = [{heading: text for heading, text in row.items() if heading not in taken} for row in rows]
    except (ValueError, KeyError, TypeError, AttributeError):
        return body, []
    return (b'{"rows":[' + b",".join(map(orjson.dumps, left)) + b"]}", taken) if taken else (body, [])


def _cells(sheet: Sheet, reading: Reading) -> Iterator[tuple[int, Cells]]:
    """The non-empty cells of each row by heading; empty rows and repeated header rows are left out."""
    headings = sheet.header.headings
    ledger = {h for h in headings if recognize(h, reading.columns) == "number"}
    count = 0
    for number, row in sheet.rows:
        cells = {heading: text for heading, text in zip(headings, row, strict=False) if text.strip()}
        cells |= {f"+{i}": text for i, text in enumerate(row[len(headings) :], 1) if text.strip()}
        only_number = cells.keys() <= ledger and all(is_number(text.strip()) for text in cells.values())
        if not cells or only_number or all(heading == text.strip() for heading, text in cells.items()):
            continue
        count += 1
        if count > MAX_ROWS:
            raise Trouble("table_too_long", limit=f"{MAX_ROWS:,}")
        yield number, cells


@dataclass(slots=True)
class _Placed:
    """The records so far, by their identifiers, and the one the row above belongs to."""

    reading: Reading
    groups: dict[str, _Group] = field(default_factory=dict)
    above: _Group | None = None

    def place(self, number: int, cells: Cells, sheet: str) -> RawRecord | None:
        """Put a row with its record; a row that cannot be one comes back as a rejected raw record."""
        values = _by_field(cells, self.reading.columns)
        row = orjson.dumps({_sound(heading): _sound(text) for heading, text in cells.items()})
        found = self._group(values, sheet)
        self.above = None if isinstance(found, Problem) else found
        if isinstance(found, Problem):
            facts = {"place": _place([number], sheet)} if found.code == "table_row_no_title" else found.facts
            return _rejected(row, number, sheet, Problem(found.code, facts))
        found.rows.append(row)
        found.places.append(number)
        return None

    def _group(self, values: Cells, sheet: str) -> _Group | Problem:
        """The record of a row: the one above it, one of the same identifier, or a new one."""
        if self.above and _is_copy(values, self.above.values):
            return self.above
        if not _title(values):
            return Problem("table_row_no_title")
        identifier = _identifier(values)
        group = self.groups.setdefault(identifier, _Group(identifier, values, sheet=sheet))
        if _same(_title(group.values)) != _same(_title(values)):
            return Problem("table_id_twice", {"identifier": identifier, "other": _title(group.values)})
        return group


def _is_copy(values: Cells, above: Cells) -> bool:
    """Whether a row is one more copy of the record above it.

    It has an accession number, and of the publication it says nothing, or only what stands above. Where the title is
    there again, the volume must be too: volumes are no copies.
    """
    if not values.get("accession"):
        return False
    repeated = all(
        _same(text) == _same(above.get(name, "")) for name, text in values.items() if name not in COPY_FIELDS
    )
    return repeated and (not _title(values) or _same(values.get("volume", "")) == _same(above.get("volume", "")))


def _rejected(row: bytes, number: int, sheet: str, problem: Problem) -> RawRecord:
    start = problem.facts.get("identifier") or "k" + hashlib.sha256(row).hexdigest()[:16]
    body = b'{"rows":[' + row + b"]}"
    return RawRecord(f"{start}#{number}", body, _place([number], sheet), problem=problem)


def _by_field(cells: Mapping[str, str], columns: Mapping[str, str]) -> Cells:
    """The cells by what they mean; of several columns of one meaning the first counts, or all where all may."""
    values: Cells = {}
    for heading, text in cells.items():
        name = recognize(heading, columns)
        if not name or not text.strip():
            continue
        text = text[1:] if text.startswith("'") and text[1:2] in FORMULA else text
        if name not in values:
            values[name] = text
        elif name in JOINED:
            values[name] += "; " + text
    return values


def _title(values: Mapping[str, str]) -> str:
    return clean(values.get("title", "") or values.get("author_title", ""))


def _identifier(values: Mapping[str, str]) -> str:
    """The identifier column, else a key of what the row says about the publication (not of its copies)."""
    if own := clean(values.get("id", "")):
        return own[:200]
    said = [values.get(name, "") for name in KEY_FIELDS]
    said[0] = said[0] or values.get("author_title", "")
    return "k" + hashlib.sha256("\x1f".join(map(_same, said)).encode()).hexdigest()[:16]


def _same(text: str) -> str:
    """The text as it is compared: NFC, case folded, one space, not encoded twice."""
    return unicodedata.normalize("NFC", clean(mend_mojibake(text) or text).casefold())


def _sound(text: str) -> str:
    """The text without lone surrogates, which JSON cannot hold."""
    return text.encode("utf-8", "replace").decode()


def _place(numbers: list[int], sheet: str) -> str:
    shown = ", ".join(map(str, numbers[:20])) + (", …" if len(numbers) > 20 else "")
    place = f"row {shown}" if len(numbers) == 1 else f"rows {shown}"
    return f"sheet “{sheet}”, {place}" if sheet else place
