"""The lists of small libraries: a ward's Excel sheet, a school's register, a clan's list, a private library's export."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
import zipfile
from typing import Literal

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.worksheet.worksheet import Worksheet

from tests.sample_network.books import Book, Copy, ascii_only, direct
from tests.sample_network.legacy import mojibake
from tests.sample_network.marc import author_of
from tests.sample_network.words import CLASSES_OF_19, hyphenated, longest, responsibility

WARD_HEADINGS = ["STT", "Số ĐKCB", "Tên sách", "Tác giả", "Nhà xuất bản", "Năm XB", "Số trang", "Mã ISBN", "Giá tiền"]
WARD_HEADINGS += ["SL", "Kho", "Ghi chú"]
WARD_HEADER_ROW = 4
UNTITLED_AFTER = 40  # the ward's row without a title stands after this book
MERGED_COLUMNS = (1, 3, 4, 5, 6, 7, 8)
SCHOOL_HEADINGS = ["Mã", "Ngày vào sổ", "Số ĐKCB", "Tên tác giả và tên sách", "Nhà XB", "Nơi XB", "Năm XB", "Giá tiền"]
SCHOOL_HEADINGS += ["Số lượng", "Môn loại", "Số vào sổ tổng quát", "Ngày và số biên bản xuất", "Kiểm kê", "Phụ chú"]
CLAN_HEADINGS = ["Ten sach", "Tac gia", "So luong"]
PRIVATE_HEADINGS = ["Book Id", "Title", "Author", "Additional Authors", "ISBN13", "Publisher", "Number of Pages"]
PRIVATE_HEADINGS += ["Year Published", "Owned Copies"]
FIXED_DATE = (2026, 1, 1, 0, 0, 0)
FLOAT_ISBN = "9.78604E+12"


def one_line(book: Book) -> str:
    """Title, volume and title of the volume as people type them into one cell."""
    head = f"{book.title} ({book.subtitle})" if book.subtitle else book.title
    head += f" = {book.parallel}" if book.parallel else ""
    if book.volume:
        head += f". {book.volume_words}" if book.words else f" - Tập {book.volume}"
    return head + (f": {book.part}" if book.part and book.volume else f". {book.part}" if book.part else "")


def ward(copies: list[Copy]) -> bytes:
    """The ward's workbook: three rows of titles, the header on row 4, a row for each copy."""
    workbook = Workbook()
    sheet = workbook.active
    assert isinstance(sheet, Worksheet)
    sheet.title = "Danh mục sách"
    _ward_head(sheet)
    for copy in copies:
        _ward_rows(sheet, copy)
        if copy.number == UNTITLED_AFTER:
            sheet.append(["", "LC.09001", "", "", "Kim Đồng", 2019, 64, "", "18.000đ", 1, "Kho thiếu nhi", "Mất bìa"])
    for column, width in zip("ABCDEFGHIJKL", (6, 16, 52, 28, 18, 9, 9, 20, 12, 6, 16, 18), strict=True):
        sheet.column_dimensions[column].width = width
    return same_bytes(workbook)


def _ward_head(sheet: Worksheet) -> None:
    sheet.append(["ỦY BAN NHÂN DÂN PHƯỜNG LÊ CHÂN"])
    sheet.append(["DANH MỤC SÁCH THƯ VIỆN PHƯỜNG LÊ CHÂN NĂM 2026"])
    sheet.append(["(Kèm theo biên bản kiểm kê ngày 15 tháng 01 năm 2026)"])
    sheet.append(WARD_HEADINGS)
    for row in range(1, WARD_HEADER_ROW):
        sheet.merge_cells(start_row=row, start_column=1, end_row=row, end_column=len(WARD_HEADINGS))
        sheet.cell(row, 1).alignment = Alignment(horizontal="center")
    for cell in sheet[WARD_HEADER_ROW]:
        cell.font = Font(bold=True)


def ward_rows(copies: list[Copy]) -> dict[int, int]:
    """The number of each book and the first row of the sheet it stands in (from 1 on)."""
    rows, row = {}, WARD_HEADER_ROW + 1
    for copy in copies:
        rows[copy.number] = row
        row += (1 if _in_one_row(copy) else _how_many(copy)) + (copy.number == UNTITLED_AFTER)
    return rows


def _how_many(copy: Copy) -> int:
    return copy.dice % 3 + 1


def _in_one_row(copy: Copy) -> bool:
    return copy.number % 4 == 0


def _ward_rows(sheet: Worksheet, copy: Copy) -> None:
    """A row a copy; every fourth book in one row with a range, every fifth with its cells merged over its rows."""
    many, first = _how_many(copy), copy.number * 6
    if _in_one_row(copy):
        last = f"-{first + many - 1:05d}" if many > 1 else ""
        sheet.append(_ward_row(copy, f"LC.{first:05d}{last}", many))
        return
    top = sheet.max_row + 1
    for item in range(many):
        sheet.append(_ward_row(copy, f"LC.{first + item:05d}", 1))
    if copy.number % 5 == 0 and many > 1:
        for column in MERGED_COLUMNS:
            sheet.merge_cells(start_row=top, start_column=column, end_row=top + many - 1, end_column=column)


def _ward_row(copy: Copy, accession: str, many: int) -> list[str | int | float]:
    book = copy.said
    title = one_line(book).upper() if copy.number % 5 < 2 else one_line(book)
    form: Literal["NFC", "NFD"] = "NFD" if copy.number % 3 == 0 else "NFC"
    publisher = f"NXB {book.publisher}" if copy.number % 2 and not book.publisher.startswith("NXB") else book.publisher
    author = author_of(book) + "".join(f" ; {direct(name)} dịch" for name in book.names("translator")[:1])
    price = f"{book.price:,}đ".replace(",", ".") if book.price else ""
    row: list[str | int | float] = [copy.number, accession, title, author, publisher, book.year, book.pages or ""]
    row += [_ward_isbn(copy), price, many, "Kho thiếu nhi" if book.audience in "abcj" else "Kho người lớn", ""]
    if copy.book.key == "de-men-kim-dong":
        row[2], row[3], row[-1] = title.upper().replace("(TÁI BẢN)", "(tái bản)"), author.upper(), "Sách hay đọc"
    return [unicodedata.normalize(form, cell) if isinstance(cell, str) else cell for cell in row]


def _ward_isbn(copy: Copy) -> str | float:
    isbn = copy.said.isbn
    if copy.said.spoiled == "float":
        return FLOAT_ISBN
    if not isbn or copy.number % 6 == 1:
        return ""
    return float(isbn) if copy.number % 3 == 0 else hyphenated(isbn) if copy.number % 3 == 1 else isbn


def same_bytes(workbook: Workbook) -> bytes:
    """The workbook with fixed dates and without compression: the same bytes on every day and every machine."""
    saved, packed = io.BytesIO(), io.BytesIO()
    workbook.save(saved)
    with zipfile.ZipFile(saved) as before, zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as after:
        for name in sorted(before.namelist()):
            body = re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", b"2026-01-01T00:00:00Z", before.read(name))
            info = zipfile.ZipInfo(name, FIXED_DATE)
            info.create_system = 3
            after.writestr(info, body)
    return packed.getvalue()


def school(copies: list[Copy]) -> bytes:
    """The school's register: UTF-16 little-endian with a byte order mark; one row has no title."""
    rows = [_school_row(copy) for copy in copies]
    untitled = ["MK0999", "12/09/2022", "STK-00977", "", "Giáo dục", "H.", "2015", "22.000", "1", "4", "88", "", "", ""]
    rows.insert(50, untitled)
    return b"\xff\xfe" + _csv(SCHOOL_HEADINGS, rows, ",").encode("utf-16-le")


def _school_row(copy: Copy) -> list[str]:
    book = copy.said
    shelf = book.shelf or "STN"
    many = copy.dice % 30 + 5 if shelf == "SGK" else copy.dice % 4 + 1
    first = copy.number * 40
    join = "…" if book.codes else "-"
    accession = f"{shelf}-{first:05d}" + (f"{join}{first + many - 1:05d}" if many > 1 else "")
    note = book.series if book.series and copy.number % 3 else ""
    title = one_line(book) + (f" ({book.series})" if book.series and not note else "")
    author, publisher = author_of(book) or direct((book.names("chief", "editor") or [""])[0]), book.publisher
    if book.codes:
        people, publisher = book.codes.split("/")
        author, note = "", f"mã TG {people}"
    said = f"{author}. {title}" if author and author != "Nhiều tác giả" else title
    entered = f"{copy.number % 27 + 1:02d}/09/{max(book.year, 2019)}"
    place = "H." if book.place == "Hà Nội" else book.place.replace("Thành phố", "TP.")
    price = f"{book.price:,}".replace(",", ".") if book.price else ""
    kind = "SGK" if shelf == "SGK" else longest(CLASSES_OF_19, book.ddc) or "8V"
    ledger = str(copy.number // 5 + 1)
    row = [f"MK{copy.number:04d}", entered, accession, said, publisher, place, str(book.year), price, str(many), kind]
    return [*row, ledger, "", "2025: đủ" if copy.dice % 3 else "", note]


def clan_title(book: Book) -> str:
    """What the clan's list says of a book's title: no diacritics, volumes as ``tap 2``."""
    volume = f" tap {book.volume}" if book.volume else ""
    kind = " (truyen tranh)" if book.form == "comic" else ""
    if book.parallel and len(book.languages) > 1:
        kind = " (song ngu)"
    return ascii_only(book.title).rstrip("!") + kind + volume


def clan_author(copy: Copy) -> str:
    """The author without diacritics; every sixth is left out."""
    return "" if copy.number % 6 == 0 else ascii_only(author_of(copy.said))


def clan(copies: list[Copy]) -> bytes:
    """The clan's list: three columns, semicolons, no diacritics."""
    rows = [[clan_title(copy.said), clan_author(copy), str(copy.dice % 2 + 1)] for copy in copies]
    return _csv(CLAN_HEADINGS, rows, ";").encode()


def private_number(copy: Copy) -> str:
    """The number the private library's program gave the book."""
    return str(7000000 + copy.number * 137)


def private(copies: list[Copy]) -> bytes:
    """The private library's export: UTF-8 encoded twice, every third ISBN spoiled by a spreadsheet."""
    rows = [[mojibake(cell) for cell in _private_row(copy)] for copy in copies]
    return _csv(PRIVATE_HEADINGS, rows, ",").encode()


def _private_row(copy: Copy) -> list[str]:
    book = copy.said
    isbn = FLOAT_ISBN if book.isbn and (book.spoiled == "float" or copy.number % 3 == 0) else book.isbn
    if book.spoiled == "broken":
        isbn = broken(book.isbn)
    helpers = [direct(name) for name in book.names("translator", "illustrator", "editor")]
    author = author_of(book) or responsibility(book)
    row = [private_number(copy), one_line(book), author, ", ".join(helpers), isbn, book.publisher]
    return [*row, str(book.pages or ""), str(book.year), "1"]


def broken(isbn: str) -> str:
    """The ISBN with a wrong check digit."""
    return isbn[:12] + str((int(isbn[12]) + 1) % 10)


def _csv(headings: list[str], rows: list[list[str]], separator: str) -> str:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=separator, lineterminator="\r\n")
    writer.writerows([headings, *rows])
    return text.getvalue()
