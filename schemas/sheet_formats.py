"""What a workbook says of its cells besides their values: how numbers are shown, and which cells are merged.

Excel (.xlsx): the styles of ECMA-376 Part 1, 18.8, as the cells of a sheet name them. OpenDocument (.ods): the text
that is shown beside the value and the cells spanned (OpenDocument 1.3 Part 3, 9.1.4 and 19.678). The values themselves
are read by calamine, which tells neither.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from schemas.number_format import NumberFormat, number_format
from schemas.problem import Trouble
from schemas.xml import local_name, parse_document, split_elements

MAX_STYLED = 2_000_000  # cells of a sheet whose format is kept
MAX_SPANS = 100_000
MAX_TABLE = 64 * 2**20  # bytes of one OpenDocument table
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_STRICT = "{http://purl.oclc.org/ooxml/officeDocument/relationships}id"
_CELL = re.compile(rb"<(?:[\w.-]+:)?c(?=\s)([^>]*)>")
_POSITION = re.compile(rb"""(?:^|\s)r\s*=\s*["']([A-Za-z]{1,3})(\d{1,7})["']""")
_STYLE = re.compile(rb"""(?:^|\s)s\s*=\s*["'](\d{1,6})["']""")
_SHOWN = re.compile(r"(?P<start>\D*?)(?P<zeros>0*)")

Place = tuple[int, int]  # row and column, from 0
Span = tuple[Place, Place]  # the first and the last cell of a merged range


@dataclass(slots=True)
class Look:
    """How a sheet looks: the formats of its numbers, or the text shown for them, and merged cells calamine misses."""

    shown: dict[Place, NumberFormat | str] = field(default_factory=dict)
    merged: list[Span] = field(default_factory=list)


def looks(archive: zipfile.ZipFile) -> dict[str, Look]:
    """The looks of the sheets of a workbook, by their names; what cannot be read says nothing."""
    names = set(archive.namelist())
    try:
        if "content.xml" in names:
            return dict(_open_document(archive.read("content.xml")))
        return dict(_excel(archive)) if "xl/styles.xml" in names else {}
    except (Trouble, KeyError, ValueError):
        return {}


# --- Excel ----------------------------------------------------------------------------------------------------------


def _excel(archive: zipfile.ZipFile) -> Iterator[tuple[str, Look]]:
    styles = _styles(_document(archive, "xl/styles.xml"))
    if not styles:
        return
    relations = _document(archive, "xl/_rels/workbook.xml.rels")
    targets = {link.get("Id"): link.get("Target", "") for link in relations if local_name(link) == "Relationship"}
    for sheet in _document(archive, "xl/workbook.xml").iter("{*}sheet"):
        target = targets.get(sheet.get(_RELATION) or sheet.get(_STRICT), "")
        path = posixpath.normpath(posixpath.join("xl", target)).lstrip("/")
        if path in archive.NameToInfo:
            yield sheet.get("name", ""), Look(dict(_styled(archive.read(path), styles)))


def _document(archive: zipfile.ZipFile, name: str) -> etree._Element:
    return parse_document(archive.read(name))


def _styles(root: etree._Element) -> dict[bytes, NumberFormat]:
    """The number formats that say more than the number, by the number of the cells' style."""
    codes = {each.get("numFmtId"): each.get("formatCode", "") for each in root.iter("{*}numFmt")}
    cells = next(root.iter("{*}cellXfs"), None)
    if cells is None:
        return {}
    formats = [number_format(codes.get(style.get("numFmtId"), "General")) for style in cells.iter("{*}xf")]
    return {str(at).encode(): found for at, found in enumerate(formats) if found}


def _styled(xml: bytes, styles: dict[bytes, NumberFormat]) -> Iterator[tuple[Place, NumberFormat]]:
    """The cells of a sheet with such a format."""
    count = 0
    for cell in _CELL.finditer(xml):
        style = _STYLE.search(cell[1])
        if style and style[1] in styles and (place := _POSITION.search(cell[1])):
            yield (int(place[2]) - 1, column(place[1]) - 1), styles[style[1]]
            count += 1
            if count >= MAX_STYLED:
                return


def column(letters: bytes) -> int:
    """The number of a column: A is 1, AA is 27."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


# --- OpenDocument ---------------------------------------------------------------------------------------------------


def _open_document(content: bytes) -> Iterator[tuple[str, Look]]:
    for piece in split_elements(io.BytesIO(content), frozenset({"table"})):
        table = parse_document(piece.body, limit=MAX_TABLE)
        yield _attribute(table, "name"), _table_look(table)


def _table_look(table: etree._Element) -> Look:
    """Rows and cells may be repeated by number."""
    look = Look()
    row = 0
    for element in table.iter("{*}table-row"):
        times, at = _number(element, "number-rows-repeated"), 0
        for cell in element:
            across = _number(cell, "number-columns-repeated")
            if len(cell) and len(look.shown) < MAX_STYLED:
                _look_at(cell, look, range(row, row + min(times, MAX_SPANS)), range(at, at + min(across, MAX_SPANS)))
            at += across
        row += times
    return look


def _look_at(cell: etree._Element, look: Look, rows: range, columns: range) -> None:
    down, across = _number(cell, "number-rows-spanned"), _number(cell, "number-columns-spanned")
    if (down > 1 or across > 1) and len(look.merged) < MAX_SPANS:
        look.merged.append(((rows[0], columns[0]), (rows[0] + down - 1, columns[0] + across - 1)))
    if text := _shown(cell):
        look.shown |= {(row, column): text for row in rows for column in columns}


def _shown(cell: etree._Element) -> str:
    """The text shown for a whole number, where that has letters or zeros before it; else ""."""
    if _attribute(cell, "value-type") != "float":
        return ""
    value = _attribute(cell, "value").removesuffix(".0")
    text = "".join(cell[0].itertext()).strip()
    found = _SHOWN.fullmatch(text.removesuffix(value)) if value.isascii() and value.isdigit() else None
    letters = found is not None and any(map(str.isalpha, found["start"]))
    return text if found and text.endswith(value) and (letters or (found["zeros"] and not found["start"])) else ""


def _attribute(element: etree._Element, name: str) -> str:
    """An attribute of any namespace."""
    return next((str(value) for key, value in element.attrib.items() if str(key).rpartition("}")[2] == name), "")


def _number(element: etree._Element, name: str) -> int:
    found = _attribute(element, name)
    return int(found) if re.fullmatch("[0-9]{1,9}", found) else 1
