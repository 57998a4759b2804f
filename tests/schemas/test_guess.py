"""A list of books without headings is recognized by its content; other tables are not."""

from __future__ import annotations

import io

import pytest

from schemas.format import Reading, find_format
from schemas.guess import guess_header
from schemas.problem import Trouble

TITLES = ("Dế Mèn phiêu lưu ký", "Đất rừng phương Nam", "Kính vạn hoa", "Hoàng tử bé", "Búp sen xanh", "Mắt biếc")
AUTHORS = ("Tô Hoài", "Đoàn Giỏi", "Nguyễn Nhật Ánh", "Saint-Exupéry, Antoine de", "Sơn Tùng", "Nguyễn Nhật Ánh")
BOOKS = [
    [str(n + 1), "895.9223", title, author, str(2001 + n), f"VV.{1000 + n}", "Kho mượn"]
    for n, (title, author) in enumerate(zip(TITLES, AUTHORS, strict=True))
]


def test_columns_are_told_from_their_cells() -> None:
    header = guess_header(BOOKS)
    assert header is not None
    assert header.headings == ("A", "Môn loại", "Nhan đề", "Tác giả", "Năm xuất bản", "Số ĐKCB", "Kho")
    assert header.data == 0


def test_rows_become_records() -> None:
    text = "\n" * 30 + "\n".join(";".join(row) for row in BOOKS)
    form = find_format("csv")
    records = [form.parse(raw.body, Reading()) for raw in form.split(io.BytesIO(text.encode()), Reading())]
    assert [record.first("245", "a") for record in records] == list(TITLES)
    assert records[1].first("100", "a") == "Đoàn Giỏi"
    assert records[1].first("260", "c") == "2002"


@pytest.mark.parametrize(
    "rows",
    [
        [[str(n), str(n * 7), str(n * 13)] for n in range(50)],
        [[f"Nguyễn Văn {chr(65 + n)}", f"09{n:08d}", "Lớp 5A"] for n in range(20)],
        [["một câu dài nào đó không phải sách", "x"] for _ in range(20)],
        BOOKS[:3],
    ],
    ids=["numbers", "people", "sentences", "too few rows"],
)
def test_other_tables_are_not_taken_for_books(rows: list[list[str]]) -> None:
    assert guess_header(rows) is None
    with pytest.raises(Trouble, match="title column"):
        list(find_format("csv").split(io.BytesIO("\n".join(";".join(r) for r in rows).encode()), Reading()))
