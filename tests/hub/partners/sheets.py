"""Spreadsheets as wards keep them, made for tests."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path

from openpyxl import Workbook

HEADINGS = ("STT", "Tên sách", "Tác giả", "NXB", "Năm XB", "ISBN", "Số lượng", "Ghi chú của phường")
BOOKS: tuple[tuple[str, ...], ...] = (
    ("1", "Dế Mèn phiêu lưu ký", "Tô Hoài", "Kim Đồng", "2020", "978-604-2-99001-1", "3", "tủ A"),
    ("2", "Truyện cổ tích Việt Nam", "Nguyễn Đổng Chi", "Kim Đồng", "2015", "", "2", "tủ A"),
    ("3", "Lịch sử phường Cát Bi", "Ban biên soạn phường", "Hải Phòng", "2011", "97860429902", "1", "tủ B"),
    ("4", "SỔ TAY NGƯỜI LÀM VƯỜN", "Lê Văn Hòa", "Nông nghiệp", "2009", "", "4", "tủ B"),
    ("5", "", "Khuyết danh", "", "", "", "1", ""),
)


def ward(books: Sequence[Sequence[str]] = BOOKS, headings: Sequence[str] = HEADINGS) -> bytes:
    """A ward's list: a merged title and a date above the header, numbers as text."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Danh mục"
    sheet["A1"] = "UBND PHƯỜNG CÁT BI – DANH MỤC SÁCH TỦ SÁCH CỘNG ĐỒNG"
    sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=len(headings))
    sheet["A2"] = "(Tính đến ngày 01/11/2026)"
    sheet.merge_cells(start_row=2, start_column=1, end_row=2, end_column=len(headings))
    for row in ((), headings, *books):
        sheet.append([*row])
    for cells in sheet.iter_rows():
        for cell in cells:
            if cell.value is not None:
                cell.data_type = "s"
                cell.number_format = "@"
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def write(path: Path, content: bytes) -> Path:
    """A file of it."""
    path.write_bytes(content)
    return path
