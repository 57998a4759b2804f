"""Headings as libraries write them, the header row found, and headings of readers."""

from __future__ import annotations

import unicodedata

import pytest

from schemas.headings import FIELDS, find_header, reader_headings, recognize, words


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("Nhan đề", "title"),
        ("NHAN ĐỀ", "title"),
        ("nhan de", "title"),
        ("Tên sách (*)", "title"),
        ("Title", "title"),
        ("Tên tác giả và tên sách", "author_title"),
        ("Nhà XB", "publisher"),
        ("NXB", "publisher"),
        ("Năm XB", "year"),
        ("Số\nĐKCB", "accession"),
        ("Kho", "location"),
        ("Khổ", "size"),
        ("Khổ (cm)", "size"),
        ("Giá", "price"),
        ("Giá sách", "location"),
        ("Giá tiền (đồng)", "price"),
        ("Ngôn ngữ", "language"),
        ("Lớp", "audience"),
        ("SL", "copies"),
        ("STT", "number"),
        ("245$a", "title"),
        ("260 c", "year"),
        ("020", "isbn"),
        ("Màu bìa", ""),
    ],
)
def test_a_heading_is_recognized(heading: str, field: str) -> None:
    assert recognize(heading) == field
    assert recognize(unicodedata.normalize("NFD", heading)) == field


def test_no_heading_stands_for_two_fields() -> None:
    names = [words(name) for listed in FIELDS.values() for name in listed.split("|")]
    assert len(names) == len(set(names))


def test_columns_of_the_source_come_first() -> None:
    assert recognize("Đầu mục", {"đầu mục": "title"}) == "title"
    assert recognize("Kho", {"Kho": "call_number"}) == "call_number"


def test_title_rows_above_the_header_are_passed_over() -> None:
    header = find_header(
        [["THƯ VIỆN PHƯỜNG"], ["Danh mục sách", ""], ["STT", "Tên sách", "Tác giả"], ["1", "A", "B"]], {}
    )
    assert header is not None
    assert (header.headings, header.data) == (("STT", "Tên sách", "Tác giả"), 3)


def test_two_header_rows_are_read_together() -> None:
    rows = [
        ["STT", "Tên sách", "Xuất bản", "", ""],
        ["", "", "Nơi", "Nhà", "Năm"],
        ["1", "Dế Mèn", "H.", "Kim Đồng", "2015"],
    ]
    header = find_header(rows, {})
    assert header is not None
    assert [recognize(heading) for heading in header.headings] == ["number", "title", "place", "publisher", "year"]
    assert header.data == 2


def test_a_table_without_headings_is_read_by_column_letters() -> None:
    header = find_header([["1", "Dế Mèn"]], {"B": "title"})
    assert header is not None
    assert (header.headings, header.data) == (("A", "B"), 0)


@pytest.mark.parametrize(
    ("headings", "personal"),
    [
        (["STT", "Họ và tên", "Lớp", "Ngày sinh"], ["Họ và tên", "Ngày sinh", "Lớp"]),
        (["Tên sách", "Người mượn"], ["Người mượn"]),
        (["Mã", "Lớp", "SĐT"], ["Lớp", "SĐT"]),
        (["Borrower", "Title"], ["Borrower"]),
        (["Tên sách", "Lớp", "Tác giả"], []),
        (["Họ tên tác giả", "Tên sách"], []),
    ],
)
def test_headings_of_readers(headings: list[str], personal: list[str]) -> None:
    assert reader_headings(headings) == personal
