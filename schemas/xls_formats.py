"""The number formats of the cells of old Excel workbooks (.xls): BIFF8 in a compound file.

Read are FORMAT, XF, BOUNDSHEET and the positions of the cells with numbers ([MS-XLS] 2.4), in the stream «Workbook» of
the container ([MS-CFB] 2.2 to 2.6). The values are read by calamine. Excel 95 and older has other strings: of it
nothing is said.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

from schemas.number_format import NumberFormat, number_format
from schemas.sheet_formats import MAX_STYLED, Look, Place

SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_LAST = 0xFFFFFFFA  # sectors from here on are marks: free, end of chain
_MINI_STREAM = 4096  # bytes: shorter streams lie in the mini stream, as no workbook does
BOF, BOUNDSHEET, FORMAT, XF, END = 0x0809, 0x0085, 0x041E, 0x00E0, 0x000A
NUMBER, RK, MULRK, FORMULA = 0x0203, 0x027E, 0x00BD, 0x0006
BIFF8 = 0x0600
MAX_RECORDS = 2_000_000  # of one sheet: 65,536 rows of 30 cells
MAX_SHEETS = 64


def looks(data: bytes) -> dict[str, Look]:
    """The looks of the sheets of a workbook, by their names; what cannot be read says nothing."""
    try:
        stream = _workbook(data)
        formats, sheets = _globals(stream)
        return {name: Look(dict(_styled(stream, start, formats))) for name, start in sheets} if formats else {}
    except (struct.error, IndexError, ValueError):  # what calamine opens all the same is read without
        return {}


def _workbook(data: bytes) -> bytes:
    """The stream «Workbook» of a compound file."""
    sector, fat_sectors, directory = 1 << _u16(data, 30), _u32(data, 44), _u32(data, 48)
    if not data.startswith(SIGNATURE) or sector not in (512, 4096):
        raise ValueError
    if fat_sectors > len(data) // sector:
        raise ValueError
    table = list(struct.unpack_from("<109I", data, 76))
    following = _u32(data, 68)
    while following < _LAST and len(table) < fat_sectors:
        part = struct.unpack_from(f"<{sector // 4}I", data, sector * (following + 1))
        table += part[:-1]
        following = part[-1]
    fat = b"".join(data[sector * (at + 1) : sector * (at + 2)] for at in table[:fat_sectors])
    entries = _chain(data, directory, fat, sector)
    for at in range(0, len(entries) - 127, 128):
        if entries[at : at + 18] == "Workbook\0".encode("utf-16-le") and _u32(entries, at + 120) >= _MINI_STREAM:
            return _chain(data, _u32(entries, at + 116), fat, sector)[: _u32(entries, at + 120)]
    raise ValueError


def _chain(data: bytes, first: int, fat: bytes, sector: int) -> bytes:
    """The sectors of a stream, one after the other; a chain that runs in circles ends when the file does."""
    parts: list[bytes] = []
    while first < _LAST and len(parts) <= len(data) // sector:
        parts.append(data[sector * (first + 1) : sector * (first + 2)])
        first = _u32(fat, 4 * first)
    return b"".join(parts)


def _records(stream: bytes, at: int) -> Iterator[tuple[int, int, int]]:
    """(kind, start, length) of the records from a place up to the end of the substream."""
    for _ in range(MAX_RECORDS):
        kind, length = struct.unpack_from("<HH", stream, at)
        yield kind, at + 4, length
        if kind == END:
            return
        at += 4 + length


def _globals(stream: bytes) -> tuple[dict[int, NumberFormat], list[tuple[str, int]]]:
    """The formats that say more than the number, by the number of the XF record; the sheets with their places."""
    codes: dict[int, str] = {}
    formats: list[int] = []
    sheets: list[tuple[str, int]] = []
    for kind, at, _ in _records(stream, 0):
        if kind == BOF and _u16(stream, at) != BIFF8:
            raise ValueError
        if kind == FORMAT:
            codes[_u16(stream, at)] = _text(stream, at + 5, _u16(stream, at + 2), stream[at + 4])
        elif kind == XF:
            formats.append(_u16(stream, at + 2))
        elif kind == BOUNDSHEET:
            sheets.append((_text(stream, at + 8, stream[at + 6], stream[at + 7]), _u32(stream, at)))
    found = {at: number_format(codes.get(code, "General")) for at, code in enumerate(formats)}
    return {at: each for at, each in found.items() if each}, sheets[:MAX_SHEETS]


def _text(stream: bytes, at: int, length: int, flags: int) -> str:
    """A string of BIFF8: one byte a character (Latin-1), or two (UTF-16)."""
    return stream[at : at + 2 * length].decode("utf-16-le") if flags & 1 else stream[at : at + length].decode("latin-1")


def _styled(stream: bytes, start: int, formats: dict[int, NumberFormat]) -> Iterator[tuple[Place, NumberFormat]]:
    """The cells with numbers of a sheet that have such a format."""
    count = 0
    for kind, at, length in _records(stream, start):
        for place, style in _cells(stream, kind, at, length):
            if style in formats and count < MAX_STYLED:
                yield place, formats[style]
                count += 1


def _cells(stream: bytes, kind: int, at: int, length: int) -> Iterator[tuple[Place, int]]:
    """(row and column, XF) of the cells of one record."""
    if kind in (NUMBER, RK, FORMULA):
        row, column, style = struct.unpack_from("<HHH", stream, at)
        yield (row, column), style
    elif kind == MULRK:
        row, column = struct.unpack_from("<HH", stream, at)
        for number in range((length - 6) // 6):
            yield (row, column + number), _u16(stream, at + 4 + 6 * number)


def _u16(data: bytes, at: int) -> int:
    return int(struct.unpack_from("<H", data, at)[0])


def _u32(data: bytes, at: int) -> int:
    return int(struct.unpack_from("<I", data, at)[0])
