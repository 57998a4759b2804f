"""Spreadsheets: Excel (.xlsx, .xls) and OpenDocument (.ods), told apart by their content.

Every visible sheet with a title column is read, or the sheet that the source names. Numbers are written in full (an
ISBN is not 9.78604E+12) and as their format shows them where that says more (345 formatted «"TN."000000» is TN.000345),
dates as ISO 8601. Merged cells: over rows, each row has the value; in the header also over columns. Workbooks are
opened only within limits, as a small file can claim a huge sheet (OWASP ASVS 5.2.3).
"""

from __future__ import annotations

import datetime
import io
import re
import zipfile
from collections.abc import Iterator
from typing import BinaryIO

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from schemas import sheet_formats, xls_formats
from schemas.damage import FONTS, mend_all
from schemas.format import Format, Reading
from schemas.headings import HEADER_ROWS
from schemas.number_format import NumberFormat
from schemas.problem import Trouble
from schemas.record import RawRecord, Record
from schemas.sheet_formats import Look, Span, column
from schemas.table import Row, Sheet, no_title, open_sheet, records, without
from schemas.table import parse as parse_cells

MAX_FILE = 128 * 2**20
MAX_UNPACKED = 512 * 2**20
MAX_CELLS = 20_000_000
_CELL = re.compile(rb"<(?:[\w.-]+:)?c(?=[\s/>])([^>]*)>(\s*</)?")
_POSITION = re.compile(rb"""(?:^|\s)r\s*=\s*["']([A-Za-z]{1,3})(\d{1,7})["']""")
_ROW = re.compile(rb"""<(?:[\w.-]+:)?row(?=\s)[^>]*?\sr\s*=\s*["'](\d{1,7})["']""")
_ODS_ROW = re.compile(rb"<(?:[\w.-]+:)?table-row(?=[\s/>])([^>]*)>")
_ODS_CELL = re.compile(rb"<(?:[\w.-]+:)?(?:covered-)?table-cell(?=[\s/>])([^>]*)>")
_ODS_REPEATED = re.compile(rb"""number-(?:rows|columns)-repeated\s*=\s*["'](\d{1,9})["']""")


def split(stream: BinaryIO, reading: Reading) -> Iterator[RawRecord]:
    """The records of a workbook; :class:`Trouble` when no sheet has a title column, or one holds data of readers."""
    try:
        yield from records(tables(stream, reading), reading)
    except CalamineError as error:
        raise Trouble("table_unreadable", detail=error) from None
    except BaseException as error:
        raise _panic(error) from None


def tables(stream: BinaryIO, reading: Reading) -> list[Sheet]:
    """The sheets that are read, with their headers; a sheet that is alone has no name."""
    book, looks = _open(stream)
    found = [(name, book.get_sheet_by_name(name)) for name in _sheets(book, reading.sheet)]
    rows = [(name if len(found) > 1 else "", _rows(table, looks.get(name, Look()))) for name, table in found]
    sheets = [sheet for name, numbered in rows if (sheet := open_sheet(name, numbered, reading))]
    if not sheets:
        raise _no_title(found)
    return sheets


def plain_rows(stream: BinaryIO) -> Iterator[list[str]]:
    """The rows of the sheets that are shown, whatever they hold, their cells as text."""
    book, looks = _open(stream)
    try:
        for name in _sheets(book, ""):
            for _, row in _rows(book.get_sheet_by_name(name), looks.get(name, Look())):
                yield row
    except CalamineError as error:
        raise Trouble("table_unreadable", detail=error) from None
    except BaseException as error:
        raise _panic(error) from None


def parse(body: bytes, reading: Reading) -> Record:
    """The record of one body; cells that a font of the source's encoding shows are read by that encoding."""
    if reading.encoding not in FONTS:
        return parse_cells(body, reading)
    return parse_cells(body, reading, lambda text: mend_all(text, reading.encoding))


def _open(stream: BinaryIO) -> tuple[CalamineWorkbook, dict[str, Look]]:
    """The workbook, and how its sheets look."""
    data = stream.read(MAX_FILE + 1)
    if len(data) > MAX_FILE:
        raise Trouble("table_unreadable", detail=f"> {MAX_FILE // 2**20} MiB")
    try:
        looks = _looks(data) if data.startswith(b"PK") else xls_formats.looks(data)
        return CalamineWorkbook.from_filelike(io.BytesIO(data)), looks
    except Trouble:
        raise
    except Exception as error:  # what a damaged archive makes zipfile, zlib and the reader raise has no common class
        raise Trouble("table_unreadable", detail=str(error) or type(error).__name__) from None
    except BaseException as error:
        raise _panic(error) from None


def _panic(error: BaseException) -> BaseException:
    """A panic of the reader is no ``Exception``; to us it is a workbook that cannot be opened."""
    return Trouble("table_unreadable", detail=error) if type(error).__name__ == "PanicException" else error


def _looks(data: bytes) -> dict[str, Look]:
    """How the sheets of a workbook look, once it is known to be of a size that can be opened."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        _check_size(archive)
        return sheet_formats.looks(archive)


def _check_size(archive: zipfile.ZipFile) -> None:
    """Refuse a workbook that unpacks to too much, or whose sheets span too many cells."""
    members = archive.infolist()
    if sum(member.file_size for member in members) > MAX_UNPACKED or len(members) > 10_000:
        raise Trouble("table_unreadable", detail=f"> {MAX_UNPACKED // 2**20} MiB")
    for member in members:
        name = member.filename.lower()
        if name.endswith(".bin") and "sheet" in name:
            raise Trouble("table_unreadable", detail=".xlsb")
        if name.endswith(".xml") and _span(name, archive.read(member)) > MAX_CELLS:
            raise Trouble("table_unreadable", detail=f"> {MAX_CELLS:,} cells")


def _span(name: str, xml: bytes) -> int:
    """How many cells a sheet spans from A1 to the last cell with content."""
    if name.endswith("content.xml"):
        return _ods_span(xml)
    cells = _CELL.findall(xml)
    places = [(found, _is_empty(*cell)) for cell in cells if (found := _POSITION.search(cell[0]))]
    rows = max((int(found[2]) for found, empty in places if not empty), default=0)
    width = max((column(found[1]) for found, empty in places if not empty), default=0)
    if len(places) < len(cells):
        rows = max([rows, *map(int, _ROW.findall(xml))])
        width = max([width, *(len(_CELL.findall(part)) for part in re.split(rb"<(?:[\w.-]+:)?row(?=[\s/>])", xml))])
    return rows * width


def _is_empty(attributes: bytes, end: bytes) -> bool:
    """Whether a cell has a format and nothing in it."""
    return attributes.endswith(b"/") or bool(end)


def _ods_span(xml: bytes) -> int:
    """The same for OpenDocument, where rows and cells are repeated by number."""
    last_row = last_column = row = 0
    starts = [*_ODS_ROW.finditer(xml)]
    for start, following in zip(starts, [*starts[1:], None], strict=True):
        row += _repeated(start[1])
        column = 0
        for cell in _ODS_CELL.findall(xml, start.end(), following.start() if following else len(xml)):
            column += _repeated(cell)
            if not cell.endswith(b"/"):
                last_row, last_column = row, max(last_column, column)
    return last_row * last_column


def _repeated(attributes: bytes) -> int:
    found = _ODS_REPEATED.search(attributes)
    return int(found[1]) if found else 1


def _sheets(book: CalamineWorkbook, wanted: str) -> list[str]:
    if wanted:
        if wanted not in book.sheet_names:
            raise Trouble("table_no_sheet", sheet=wanted, sheets=", ".join(book.sheet_names))
        return [wanted]
    shown = [
        sheet.name
        for sheet in book.sheets_metadata
        if sheet.visible == SheetVisibleEnum.Visible and sheet.typ == SheetTypeEnum.WorkSheet
    ]
    return shown or list(book.sheet_names)


def _no_title(tables: list[tuple[str, CalamineSheet]]) -> Trouble:
    first = [row for _, table in tables[:1] for row in _first(table)]
    return no_title(first, sheet=", ".join(name for name, _ in tables))


def _first(table: CalamineSheet) -> list[list[str]]:
    rows = _rows(table, Look())
    return [row for (_, row), _ in zip(rows, range(HEADER_ROWS), strict=False)]


def _rows(table: CalamineSheet, look: Look) -> Iterator[Row]:
    """The numbered rows from the first that is used, their cells as text, merged cells filled."""
    if table.start is None:
        return
    merged = _merged(table, look.merged)
    above: list[str] = []
    for at, values in enumerate(table.iter_rows()):
        row = [""] * table.start[1]
        row += [cell_text(value, look.shown.get((at, place))) for place, value in enumerate(values, table.start[1])]
        for place, across in merged.get(at, ()):
            if across < 0:
                row[place] = row[place] or (above[place] if place < len(above) else "")
            elif at < HEADER_ROWS:
                row[place] = row[place] or row[across]
        above = row
        yield at + 1, row


def _merged(table: CalamineSheet, spans: list[Span]) -> dict[int, list[tuple[int, int]]]:
    """What to fill: row → (column, the column of the row it repeats, or -1 for the row above)."""
    fill: dict[int, list[tuple[int, int]]] = {}
    width = table.start[1] + table.width if table.start else 0
    for (top, left), (bottom, right) in table.merged_cell_ranges or spans:
        if right >= width or bottom - top > 100_000:
            continue
        fill.setdefault(top, []).extend((place, left) for place in range(left + 1, right + 1))
        for row in range(top + 1, bottom + 1):
            places = range(left, right + 1) if row < HEADER_ROWS else range(left, left + 1)
            fill.setdefault(row, []).extend((place, -1) for place in places)
    return fill


def cell_text(value: object, shown: NumberFormat | str | None = None) -> str:
    """A cell as text: 9786042123450.0 is 9786042123450, a date 2015-03-15, TRUE and FALSE as shown.

    ``shown`` is the format of a number, or its text, where that says more than the number.
    """
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return str(value).upper()
    if shown and isinstance(value, (int, float)) and 0 <= value < 1e15 and value == int(value):
        return shown if isinstance(shown, str) else shown.text(int(value))
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e17 else f"{value:.15g}"
    if isinstance(value, datetime.datetime):
        return value.date().isoformat() if value.time() == datetime.time() else value.isoformat()
    return str(value)


FORMAT = Format(
    name="xlsx",
    title={"vi": "Bảng tính (Excel, OpenDocument)", "en": "Spreadsheet (Excel, OpenDocument)"},
    split=split,
    parse=parse,
    without=without,
    tables=tables,
    suffixes=(".xlsx", ".xls", ".ods"),
)
