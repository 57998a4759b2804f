"""How the cells of workbooks look: number formats and merged cells of .xlsx, .xls and .ods."""

from __future__ import annotations

import io
import random
import zipfile
from pathlib import Path

import openpyxl
import pytest

from schemas import sheet_formats, xls_formats, xlsx
from schemas.format import Reading
from schemas.number_format import number_format
from schemas.problem import Trouble
from schemas.record import RawRecord

GOLDEN = Path(__file__).parent.parent / "golden" / "xlsx"
OLD = GOLDEN / "number_formats_of_excel_97.xls"
OPEN = GOLDEN / "merged_cells_and_shown_numbers.ods"
EXCEL = GOLDEN / "two_header_rows_merged_cells_and_formats.xlsx"


def accessions(data: bytes) -> list[str]:
    """The accession numbers of the rows of a workbook."""
    bodies = [raw.body for raw in read(data)]
    records = [xlsx.FORMAT.parse(body, Reading()) for body in bodies]
    return [value for record in records for value in record.values("852", "p")]


def read(data: bytes) -> list[RawRecord]:
    return list(xlsx.split(io.BytesIO(data), Reading()))


def with_format(code: str, value: float) -> bytes:
    workbook = openpyxl.Workbook()
    sheet = workbook["Sheet"]
    sheet.append(["Tên sách", "Số ĐKCB"])
    sheet.append(["Dế Mèn", value])
    sheet["B2"].number_format = code
    stream = io.BytesIO()
    workbook.save(stream)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("code", "number", "shown"),
    [
        ("000000", 345, "000345"),
        ('"TN."000000', 346, "TN.000346"),
        ("\\T\\N000", 7, "TN007"),
        ('"VV-"#', 12, "VV-12"),
        ("000000", 1_234_567, "1234567"),
        ("000-0-00-000000-0", 9_786_042_990_011, "978-6-04-299001-1"),
        ("[Red]00000;-0", 7, "00007"),
        ('0" bản"', 3, "3 bản"),
        ("00_);(00)", 3, "03"),
    ],
)
def test_formats_that_say_more_than_the_number(code: str, number: int, shown: str) -> None:
    found = number_format(code)
    assert found is not None
    assert found.text(number) == shown
    assert accessions(with_format(code, number)) == [shown]


@pytest.mark.parametrize(
    "code",
    [
        "General",
        "0",
        "#,##0",
        "0.00",
        "0%",
        "@",
        "# ?/?",
        "##0.0E+0",
        "[>5]00",
        "[$-409]d",
        "[h]:00",
        '"abc"',
        "",
        "0" * 300,
    ],
)
def test_formats_that_say_how_a_number_looks(code: str) -> None:
    assert number_format(code) is None
    if code and len(code) < 256 and not any(letter in code for letter in "dh"):
        assert accessions(with_format(code, 345)) == ["345"]


@pytest.mark.parametrize("value", [12.5, -3])
def test_only_whole_numbers_are_shown_by_their_format(value: float) -> None:
    assert accessions(with_format("000000", value)) == [f"{value:g}"]


def test_a_table_may_begin_anywhere() -> None:
    workbook = openpyxl.Workbook()
    sheet = workbook["Sheet"]
    for place, value in (("C5", "Tên sách"), ("D5", "Số ĐKCB"), ("C6", "Dế Mèn"), ("D6", 12)):
        sheet[place] = value
    sheet["D6"].number_format = "00000"
    stream = io.BytesIO()
    workbook.save(stream)
    assert accessions(stream.getvalue()) == ["00012"]


def test_an_old_workbook_keeps_its_formats_and_merged_cells() -> None:
    data = OLD.read_bytes()
    looks = xls_formats.looks(data)
    assert {name: len(look.shown) for name, look in looks.items()} == {"Sách": 4, "Khác": 0}
    assert accessions(data) == ["000345", "TN.000346", "TN.000347"]


def test_an_opendocument_sheet_keeps_what_it_shows_and_its_merged_cells() -> None:
    with zipfile.ZipFile(OPEN) as archive:
        (look,) = sheet_formats.looks(archive).values()
    assert look.merged == [((3, 0), (4, 0)), ((3, 1), (4, 1))]
    assert sorted(look.shown.values(), key=str) == ["000345", "TN.000346"], "1.347 and 9.78604E+12 are how numbers look"
    first, second = read(OPEN.read_bytes())
    assert (first.place, second.place) == ("rows 4, 5", "row 6")


@pytest.mark.parametrize("path", [OLD, OPEN, EXCEL], ids=lambda path: path.suffix)
def test_damaged_workbooks_are_read_or_refused(path: Path) -> None:
    data = path.read_bytes()
    chance = random.Random(path.suffix)
    refused = set()
    for _ in range(150):
        broken = bytearray(data)
        for _ in range(chance.randrange(1, 40)):
            broken[chance.randrange(len(broken))] = chance.randrange(256)
        if chance.random() < 0.3:
            del broken[chance.randrange(len(broken)) :]
        try:
            read(bytes(broken))
        except Trouble as trouble:
            refused.add(trouble.problem.code)
    assert refused <= {
        "table_unreadable",
        "table_no_title",
        "table_row_no_title",
        "table_reader_data",
        "table_too_long",
    }


def test_old_workbooks_that_lead_in_circles_are_left_alone() -> None:
    data = bytearray(OLD.read_bytes())
    data[44:48] = b"\xff\xff\xff\xff"  # the number of sectors of the allocation table
    assert xls_formats.looks(bytes(data)) == {}
    data = bytearray(OLD.read_bytes())
    sector = int.from_bytes(data[76:80], "little")
    data[512 * (sector + 1) : 512 * (sector + 2)] = b"\0\0\0\0" * 128  # every sector leads to the first
    assert xls_formats.looks(bytes(data)) in ({}, {"Sách": sheet_formats.Look()})
    assert xls_formats.looks(b"") == {}
    assert xls_formats.looks(b"PK") == {}


def test_what_is_said_of_styles_wrongly_costs_no_record() -> None:
    data = with_format("000000", 345)
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as archive, zipfile.ZipFile(made, "w") as other:
        for name in archive.namelist():
            content = archive.read(name)
            if name == "xl/_rels/workbook.xml.rels":
                content = content.replace(b"sheet1.xml", b"sheet9.xml", 1).replace(b"Target=", b"Goal=", 1)
            other.writestr(name, content)
    with zipfile.ZipFile(made) as archive:
        assert sheet_formats.looks(archive) == {}
    with zipfile.ZipFile(io.BytesIO(), "w") as empty:
        assert sheet_formats.looks(empty) == {}
