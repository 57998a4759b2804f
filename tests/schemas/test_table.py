"""Spreadsheets and CSV: what becomes a record, what is a copy, what is refused."""

from __future__ import annotations

import datetime
import io
import json
import zipfile
from pathlib import Path

import openpyxl
import pytest
from openpyxl.styles import Font
from openpyxl.worksheet.worksheet import Worksheet

from schemas import csv as csv_format
from schemas import xlsx
from schemas.encodings import encode
from schemas.format import Reading
from schemas.problem import Trouble
from schemas.record import RawRecord, Record
from schemas.table import parse
from schemas.xlsx import cell_text

HEADINGS = ["Mã", "Tên sách", "Tác giả", "Năm XB", "Số ĐKCB"]


def book(rows: list[list[object]], **more: list[list[object]]) -> openpyxl.Workbook:
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    assert isinstance(sheet, Worksheet)
    for name, content in {"Sách": rows, **more}.items():
        target = sheet if name == "Sách" else workbook.create_sheet(name)
        target.title = name
        for row in content:
            target.append(row)
    return workbook


def saved(workbook: openpyxl.Workbook) -> io.BytesIO:
    stream = io.BytesIO()
    workbook.save(stream)
    stream.seek(0)
    return stream


def read(rows: list[list[object]], reading: Reading | None = None) -> list[RawRecord]:
    return list(xlsx.split(saved(book(rows)), reading or Reading()))


def read_csv(data: bytes, reading: Reading | None = None) -> list[RawRecord]:
    return list(csv_format.split(io.BytesIO(data), reading or Reading()))


def first(rows: list[list[object]]) -> Record:
    return parse(read(rows)[0].body, Reading())


def refusal(rows: list[list[object]]) -> Trouble:
    with pytest.raises(Trouble) as trouble:
        read(rows)
    return trouble.value


def test_rows_of_one_identifier_are_one_record_with_its_copies() -> None:
    rows = [HEADINGS, ["A1", "Dế Mèn", "Tô Hoài", 2015, "X1"], ["B2", "Truyện Kiều", "", "", "X2"]]
    rows.append(["A1", "Dế Mèn", "Tô Hoài", 2015, "X3"])
    found = read(rows)
    assert [(raw.identifier, raw.place) for raw in found] == [("A1", "rows 2, 4"), ("B2", "row 3")]
    assert parse(found[0].body, Reading()).values("852", "p") == ["X1", "X3"]


def test_without_an_identifier_the_publication_is_the_key() -> None:
    rows: list[list[object]] = [
        ["Tên sách", "Tác giả", "Số lượng"],
        ["Dế Mèn", "Tô Hoài", 2],
        ["DẾ  MÈN", "tô hoài", 3],
    ]
    (raw,) = read(rows)
    assert raw.identifier.startswith("k")
    assert len(raw.identifier) == 17
    assert parse(raw.body, Reading()).values("852", "9") == ["5"]


def test_volumes_do_not_become_copies() -> None:
    rows: list[list[object]] = [["Tên sách", "Tập"], ["Kính vạn hoa", 1], ["Kính vạn hoa", 2]]
    assert len(read(rows)) == 2
    assert first(rows).values("245", "n") == ["Tập 1"]


def test_an_identifier_of_two_titles_is_a_problem_of_the_later_row() -> None:
    found = read([HEADINGS, ["A1", "Dế Mèn"], ["A1", "Truyện Kiều"]])
    assert {raw.place: raw.problem.code if raw.problem else "" for raw in found} == {
        "row 2": "",
        "row 3": "table_id_twice",
    }


def test_a_row_without_a_title_is_kept_and_says_so() -> None:
    found = read([HEADINGS, ["A1", "Dế Mèn"], ["A2", "", "Tô Hoài"], [None, None], ["A3", "Truyện Kiều"]])
    (rejected,) = [raw for raw in found if raw.problem]
    assert rejected.problem is not None
    assert (rejected.problem.code, rejected.place) == ("table_row_no_title", "row 3")
    assert json.loads(rejected.body) == {"rows": [{"Mã": "A2", "Tác giả": "Tô Hoài"}]}


def test_rows_that_hold_only_their_number_are_empty() -> None:
    assert len(read([["STT", "Tên sách"], [1, "Dế Mèn"], [2, None], [3, None]])) == 1


def test_cells_are_kept_as_received() -> None:
    rows = [["Tên sách", "ISBN", "Ngày nhập", "Màu bìa"], ["Dế Mèn", 9786041243958, datetime.date(2015, 3, 9), "xanh"]]
    (raw,) = read(rows)
    cells = {"Tên sách": "Dế Mèn", "ISBN": "9786041243958", "Ngày nhập": "2015-03-09", "Màu bìa": "xanh"}
    assert json.loads(raw.body) == {"rows": [cells]}


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (9786042123450.0, "9786042123450"),
        (12.5, "12.5"),
        ("9.78604E+12", "9.78604E+12"),
        (True, "TRUE"),
        (datetime.datetime(2015, 3, 9), "2015-03-09"),
        ("", ""),
    ],
)
def test_cell_text(value: object, text: str) -> None:
    assert cell_text(value) == text


def test_a_damaged_isbn_is_kept_as_such() -> None:
    record = first([["Tên sách", "ISBN", "Giá tiền"], ["Dế Mèn", "9.78604E+12", "35.000đ"]])
    assert record.values("020", "z") == ["9.78604E+12"]
    assert record.values("020", "a") == []
    assert record.values("020", "c") == ["35.000đ"]


def test_the_fields_of_a_full_row() -> None:
    headings = "Nhan đề|Tác giả|Người dịch|Nhà xuất bản|Nơi xuất bản|Năm xuất bản|Số trang|Khổ|Tùng thư|Ngôn ngữ|"
    headings += "Môn loại|Chủ đề|Lứa tuổi|Kho|Ký hiệu xếp giá|Lần xuất bản"
    row = "Harry Potter : tiểu thuyết|Rowling, J. K.|Lý Lan|Nxb. Trẻ|Tp. HCM|c2015|429|20|Cánh cửa|Tiếng Việt|"
    row += "823 H109P|Văn học; Anh|11+|Kho đọc|VV 12|2"
    record = first([list(headings.split("|")), list(row.split("|"))])
    fixed = record.control("008")
    assert (len(fixed), fixed[7:11], fixed[15:18], fixed[22], fixed[35:38]) == (40, "2015", "vm ", "c", "vie")
    shown = {tag: content.replace("\x1f", "$") for tag, content in record.fields}
    assert shown["041"] == "1 $avie"
    assert shown["082"] == "04$a823$bH109P"
    assert shown["100"] == "1 $aRowling, J. K.$etác giả"
    assert shown["245"] == "10$aHarry Potter$btiểu thuyết$cRowling, J. K. ; Lý Lan dịch"
    assert shown["250"] == "  $aLần 2"
    assert shown["260"] == "  $aTp. HCM$bNxb. Trẻ$cc2015"
    assert shown["300"] == "  $a429 tr.$c20 cm"
    assert shown["490"] == "0 $aCánh cửa"
    assert shown["700"] == "1 $aLý Lan$edịch"
    assert shown["852"] == "  $bKho đọc$hVV 12$91"
    assert record.values("650", "a") == ["Văn học", "Anh"]
    assert [tag for tag, _ in record.fields] == sorted(tag for tag, _ in record.fields)


def test_more_copies_than_accession_numbers_are_not_lost() -> None:
    for said, copies in ((12, ["12"]), (10, []), (3, []), ("²", []), (None, [])):
        record = first([["Tên sách", "Số ĐKCB", "SL"], ["Toán 5", "SGK-00040-00049", said]])
        assert (record.values("852", "p"), record.values("852", "9")) == (["SGK-00040-00049"], copies)
    rows: list[list[object]] = [["Tên sách", "Số ĐKCB", "SL"], ["Toán 5", "SGK 1-10", None], ["Toán 5", None, 5]]
    assert first(rows).values("852", "9") == ["15"]


COPIES = ["Tên sách", "Tác giả", "Tập", "Năm XB", "Kho", "Số ĐKCB"]


def test_rows_below_a_title_with_accession_numbers_alone_are_its_copies() -> None:
    rows: list[list[object]] = [COPIES, ["Dế Mèn", "Tô Hoài", None, 2015, "Kho A", "X1"]]
    rows += [[None, None, None, None, None, "X2"], [None, None, None, None, "Kho B", "X3"]]
    rows += [["Tắt đèn", None, None, None, "Kho A", "X4"], [None, None, None, None, None, "X5"]]
    de_men, tat_den = read(rows)
    assert (de_men.place, tat_den.place) == ("rows 2, 3, 4", "rows 5, 6")
    held = [content.replace("\x1f", "$") for content in parse(de_men.body, Reading()).contents("852")]
    assert held == ["  $bKho A$pX1$pX2", "  $bKho B$pX3"]
    assert parse(tat_den.body, Reading()).values("852", "bp") == ["Kho A", "X4", "X5"]


@pytest.mark.parametrize(
    ("row", "copies"),
    [
        (["Dế Mèn", "Tô Hoài", 1, None, None, "X2"], 2),  # says nothing else
        (["Dế Mèn", None, 1, 2015, None, "X2"], 2),
        (["Dế Mèn", "Tô Hoài", 2, 2015, None, "X2"], 1),  # another volume
        (["Dế Mèn", "Tô Hoài", None, 2015, None, "X2"], 1),  # perhaps another volume
        (["Dế Mèn", "Tô Hoài", 1, 2016, None, "X2"], 1),  # another year
        ([None, "Nam Cao", None, None, None, "X2"], 1),  # another author: no title, so no record
        ([None, None, None, None, None, None, 345], 1),  # a sum
        ([None, None, None, None, "Kho A", None], 1),
    ],
)
def test_what_says_something_else_is_no_copy_of_the_row_above(row: list[object], copies: int) -> None:
    found = [raw for raw in read([COPIES, ["Dế Mèn", "Tô Hoài", 1, 2015, "Kho", "X1"], row]) if raw.problem is None]
    assert len(parse(found[0].body, Reading()).values("852", "p")) == copies


def test_no_copy_is_added_to_a_row_that_was_rejected_or_of_another_sheet() -> None:
    rows: list[list[object]] = [HEADINGS, ["A1", "Dế Mèn"], ["A1", "Số đỏ"], [None, None, None, None, "X9"]]
    assert [raw.problem.code if raw.problem else "" for raw in sorted(read(rows), key=lambda raw: raw.place)] == [
        "",
        "table_id_twice",
        "table_row_no_title",
    ]
    workbook = book([HEADINGS, ["A1", "Dế Mèn"]], Khác=[HEADINGS, [None, None, None, None, "X9"]])
    found = list(xlsx.split(saved(workbook), Reading()))
    assert [raw.problem.code for raw in found if raw.problem] == ["table_row_no_title"]


@pytest.mark.parametrize(
    ("year", "said"),
    [("42078", "2015"), ("2015-03-15", "2015"), ("2015", "2015"), ("c2015", "2015"), ("99999", ""), ("12345", "")],
)
def test_a_day_or_its_serial_number_in_the_column_of_years_is_its_year(year: str, said: str) -> None:
    record = first([["Tên sách", "Năm XB"], ["Dế Mèn", year]])
    assert record.control("008")[7:11].strip("u") == said
    assert record.first("260", "c") == (said if said and "c" not in year else year)


@pytest.mark.parametrize(
    ("isbn", "code", "number"),
    [
        ("140328726", "a", "0140328726"),
        ("7117582", "a", "0007117582"),
        ("140328727", "z", "140328727"),
        ("604124395", "z", "604124395"),
        ("9786041243958.0", "a", "9786041243958"),
        ("9.786041243958E+12", "a", "9786041243958"),
        ("9,786041243958E+12", "a", "9786041243958"),
        ("9.78604E+12", "z", "9.78604E+12"),
        ("0140328726", "a", "0140328726"),
        ("²", "z", "²"),
    ],
)
def test_isbns_that_became_numbers(isbn: str, code: str, number: str) -> None:
    record = first([["Tên sách", "ISBN"], ["Dế Mèn", isbn]])
    assert [(c, value) for c in "az" for value in record.values("020", c)] == [(code, number)]


def test_superscripts_are_no_numbers() -> None:
    headings = ["Tên sách", "Năm XB", "Số trang", "Lần xuất bản", "Khổ", "Số lượng", "Lứa tuổi"]
    record = first([list(headings), ["Dế Mèn", "²", "²", "³", "²", "²", "²"]])
    assert record.values("300", "ac") == ["²", "²"]
    rows = [f"Nhan đề sách thứ {word} trong kho\tTô Hoài\t²\t2015\t89{word[:1]}" for word in "abcdefgh"]
    with pytest.raises(Trouble):
        read_csv("\n".join(rows).encode())


def test_a_column_may_be_named_by_its_letter_beside_headings() -> None:
    rows: list[list[object]] = [["Tên sách", "Mã", "Ghi chú"], ["Dế Mèn", "X1", "Tô Hoài"]]
    reading = Reading(columns={"B": "accession", "C": "author"})
    (raw,) = read(rows, reading)
    record = parse(raw.body, reading)
    assert (record.values("852", "p"), record.first("100", "a")) == (["X1"], "Tô Hoài")
    assert raw.identifier.startswith("k")
    (raw,) = read([["Mục", "Tác giả", "NXB"], ["Dế Mèn", "Tô Hoài", "Trẻ"]], Reading(columns={"A": "title"}))
    assert parse(raw.body, Reading(columns={"A": "title"})).first("245", "a") == "Dế Mèn"
    (raw,) = read([["Dế Mèn", "Tô Hoài"]], Reading(columns={"A": "title"}))
    assert raw.place == "row 1", "a table without headings"


def test_a_table_without_a_title_column_names_what_it_saw_and_knows() -> None:
    trouble = refusal([["Cột 1", "Cột 2"], ["a", "b"]])
    assert trouble.problem.code == "table_no_title"
    assert "Cột 1" in trouble.problem.facts["headings"]
    assert "nhan đề" in trouble.problem.facts["known"]


@pytest.mark.parametrize(
    "headings", [["STT", "Họ và tên", "Lớp"], ["Tên sách", "Người mượn", "Ngày mượn"], ["Tên sách", "Lớp", "SĐT"]]
)
def test_tables_of_readers_are_refused_before_anything_is_taken(headings: list[str]) -> None:
    trouble = refusal([["DANH SÁCH"], [*headings], ["x", "y", "z"]])
    assert trouble.problem.code == "table_reader_data"


def test_a_sheet_of_readers_beside_the_books_refuses_the_file() -> None:
    workbook = book([["Tên sách"], ["Dế Mèn"]], Mượn=[["Họ và tên", "Ngày sinh"], ["A", "2012"]])
    with pytest.raises(Trouble, match="personal data"):
        list(xlsx.split(saved(workbook), Reading()))


def test_visible_sheets_with_a_header_are_read_and_copies_meet_across_them() -> None:
    workbook = book([["Tên sách"], ["Dế Mèn"]], Kho2=[["Tên sách"], ["Dế Mèn"], ["Truyện Kiều"]], Ghi=[["chú"]])
    workbook.create_sheet("Ẩn").append(["Tên sách"])
    workbook["Ẩn"].append(["Không đọc"])
    workbook["Ẩn"].sheet_state = "hidden"
    found = list(xlsx.split(saved(workbook), Reading()))
    assert [raw.place for raw in found] == ["sheet “Sách”, rows 2, 2", "sheet “Kho2”, row 3"]
    (only,) = xlsx.split(saved(workbook), Reading(sheet="Ẩn"))
    assert b"Kh\xc3\xb4ng \xc4\x91\xe1\xbb\x8dc" in only.body
    with pytest.raises(Trouble, match="no sheet"):
        list(xlsx.split(saved(workbook), Reading(sheet="Khác")))


def test_merged_cells_over_rows_are_filled() -> None:
    workbook = book([["Tên sách", "Tác giả", "Số ĐKCB"], ["Dế Mèn", "Tô Hoài", "X1"], [None, None, "X2"]])
    sheet = workbook["Sách"]
    sheet.merge_cells("A2:A3")
    sheet.merge_cells("B2:B3")
    (raw,) = xlsx.split(saved(workbook), Reading())
    assert raw.place == "rows 2, 3"
    assert parse(raw.body, Reading()).values("852", "p") == ["X1", "X2"]


def test_a_million_empty_rows_cost_nothing() -> None:
    workbook = book([["Tên sách"], ["Dế Mèn"]])
    workbook["Sách"].cell(1_048_576, 16_384).font = Font(bold=True)
    assert len(list(xlsx.split(saved(workbook), Reading()))) == 1


def test_a_sheet_that_claims_too_many_cells_is_refused_before_it_is_opened() -> None:
    workbook = book([["Tên sách"], ["Dế Mèn"]])
    workbook["Sách"].cell(1_048_576, 16_384).value = "x"
    with pytest.raises(Trouble, match="cells"):
        list(xlsx.split(saved(workbook), Reading()))


def test_an_opendocument_sheet_that_claims_too_many_cells_is_refused() -> None:
    stream = io.BytesIO()
    row = (
        '<table:table-row table:number-rows-repeated="1000000"><table:table-cell table:number-columns-repeated="9000">'
    )
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", f"<d>{row}<p>x</p></table:table-cell></table:table-row></d>")
    stream.seek(0)
    with pytest.raises(Trouble, match="cells"):
        list(xlsx.split(stream, Reading()))


@pytest.mark.parametrize(
    "data", [b"", b"not a workbook", b"PK\x03\x04broken", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600]
)
def test_what_is_no_workbook_is_a_trouble(data: bytes) -> None:
    with pytest.raises(Trouble) as trouble:
        list(xlsx.split(io.BytesIO(data), Reading()))
    assert trouble.value.problem.code == "table_unreadable"


def test_a_workbook_typed_in_a_legacy_font_is_read_by_the_encoding_of_the_source() -> None:
    shown = "Khæ mÉu d÷ liÖu"
    reading = Reading(encoding="tcvn3", columns={"A": "title"})
    (raw,) = read([["Nhan đề"], [shown]], reading)
    assert xlsx.FORMAT.parse(raw.body, reading).first("245", "a") == "Khổ mẫu dữ liệu"


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiters_are_found(delimiter: str) -> None:
    lines = [["Tên sách", "Tác giả", "Năm XB"], ["Dế Mèn", "Tô Hoài", "2015"], ["Truyện Kiều", "Nguyễn Du", "2010"]]
    data = "\r\n".join(delimiter.join(line) for line in lines).encode()
    assert [parse(raw.body, Reading()).first("100", "a") for raw in read_csv(data)] == ["Tô Hoài", "Nguyễn Du"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "vni", "cp1258", "viscii"])
def test_encodings_are_found(encoding: str) -> None:
    text = "Tên sách,Tác giả\nDế Mèn phiêu lưu ký,Tô Hoài\nĐất rừng phương Nam,Đoàn Giỏi\n"
    data = encode(text, encoding) if encoding in ("vni", "cp1258", "viscii") else text.encode(encoding)
    assert [parse(raw.body, Reading()).first("245", "a") for raw in read_csv(data)] == [
        "Dế Mèn phiêu lưu ký",
        "Đất rừng phương Nam",
    ]


def test_tcvn3_loses_only_case() -> None:
    data = encode("Nhan ®Ò".replace("®", "đ").replace("Ò", "ề") + ",Năm XB\nđất rừng phương nam,2015\n", "tcvn3")
    (raw,) = read_csv(data)
    assert parse(raw.body, Reading()).first("245", "a") == "đất rừng phương nam"


def test_an_encoding_that_cannot_be_told_is_asked_for() -> None:
    with pytest.raises(Trouble) as trouble:
        read_csv("Title\nÉlève à la forêt déjà".encode("latin-1"))
    assert trouble.value.problem.code == "encoding_undecided"
    (raw,) = read_csv("Title\nÉlève".encode("latin-1"), Reading(encoding="latin-1"))
    assert parse(raw.body, Reading()).first("245", "a") == "Élève"


def test_double_encoded_cells_are_mended() -> None:
    damaged = "Dế Mèn".encode().decode("cp1252", "replace")
    damaged = "".join(bytes([b]).decode("cp1252", "ignore") or chr(b) for b in "Dế Mèn phiêu lưu ký".encode())
    (raw,) = read_csv(f"Title,Author\n{damaged},To Hoai\n".encode())
    assert parse(raw.body, Reading()).first("245", "a") == damaged, "one title alone proves nothing of its source"
    assert parse(raw.body, Reading(damage=("utf-8",))).first("245", "a") == "Dế Mèn phiêu lưu ký"


def test_quotes_and_line_breaks_within_cells() -> None:
    (raw,) = read_csv('Title,Note\n"Dế Mèn,\nphiêu lưu","nói ""vui"""\n'.encode())
    record = parse(raw.body, Reading())
    assert (record.first("245", "a"), record.first("500", "a")) == ("Dế Mèn, phiêu lưu", 'nói "vui"')


def test_columns_of_the_source_name_further_headings() -> None:
    reading = Reading(columns={"Đầu mục": "title", "Người viết": "author"})
    (raw,) = read_csv("Đầu mục,Người viết\nDế Mèn,Tô Hoài\n".encode(), reading)
    assert parse(raw.body, reading).first("100", "a") == "Tô Hoài"


def test_real_stock_lists(shared: Path) -> None:
    with (shared / "data/vietnamese/hcmut/data_mini.xlsx").open("rb") as stream:
        assert len(list(xlsx.split(stream, Reading()))) == 3
    with (shared / "data/vietnamese/tiki_book_data.csv").open("rb") as stream:
        found = list(csv_format.split(stream, Reading()))
    assert len(found) == 1729
    assert not any(raw.problem for raw in found)
    assert all(parse(raw.body, Reading()).first("245", "a") for raw in found)
