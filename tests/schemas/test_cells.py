"""Values as libraries type them."""

from __future__ import annotations

import pytest

from schemas import cells


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("Tô Hoài", [("Tô Hoài", "tác giả")]),
        ("Nguyễn Văn A, Trần Thị B", [("Nguyễn Văn A", "tác giả"), ("Trần Thị B", "tác giả")]),
        ("Rowling, J. K.", [("Rowling, J. K.", "tác giả")]),
        ("Nguyễn, Du, 1765-1820", [("Nguyễn, Du, 1765-1820", "tác giả")]),
        ("Lý Lan dịch", [("Lý Lan", "dịch")]),
        ("Dịch: Lý Lan", [("Lý Lan", "dịch")]),
        ("Nguyễn A (ch.b.)", [("Nguyễn A", "chủ biên")]),
        ("Gosho Aoyama, Tạ Huy Long minh họa", [("Gosho Aoyama", "tác giả"), ("Tạ Huy Long", "minh họa")]),
        ("Bộ Giáo dục và Đào tạo, Vụ Tiểu học", [("Bộ Giáo dục và Đào tạo, Vụ Tiểu học", "tác giả")]),
        ("Hồng Kể", [("Hồng Kể", "tác giả")]),
        ("Nhiều tác giả", []),
        ("Nhieu tac gia", []),
        ("Jonas Stumpf ... [et al.].", [("Jonas Stumpf", "tác giả")]),
        ("Ngô Tất Tố\nNam Cao", [("Ngô Tất Tố", "tác giả"), ("Nam Cao", "tác giả")]),
    ],
)
def test_people_and_roles(text: str, people: list[tuple[str, str]]) -> None:
    assert [cells.name_and_role(name) for name in cells.split_names(text)] == people


@pytest.mark.parametrize(
    ("title", "parts"),
    [
        ("Kính vạn hoa. T.2: Những con gấu bông", ("Kính vạn hoa", "T.2", "Những con gấu bông")),
        ("Tiếng Việt lớp 1 tập 1", ("Tiếng Việt lớp 1", "tập 1", "")),
        ("Toán 4. Tập hai (Kết nối tri thức)", ("Toán 4 (Kết nối tri thức)", "Tập hai", "")),
        ("Harry Potter (Tập 3)", ("Harry Potter", "Tập 3", "")),
        ("Tây du ký phần II", ("Tây du ký", "phần II", "")),
        ("Naruto #5", ("Naruto", "#5", "")),
        ("Tập làm văn", ("Tập làm văn", "", "")),
        ("Tập 1", ("Tập 1", "", "")),
        ("Part of Your World", ("Part of Your World", "", "")),
        ("Phần Lan", ("Phần Lan", "", "")),
    ],
)
def test_volumes_in_titles(title: str, parts: tuple[str, str, str]) -> None:
    assert cells.split_volume(title) == parts


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("978-604-1-24395-8", [("a", "9786041243958")]),
        ("0306406152; 9780306406157", [("a", "0306406152"), ("a", "9780306406157")]),
        ("ISBN 0-306-40615-2 (bìa mềm)", [("a", "0306406152")]),
        ("9.78604E+12", [("z", "9.78604E+12")]),
        ("9786042123450", [("z", "9786042123450")]),
        ("", []),
    ],
)
def test_isbns(text: str, found: list[tuple[str, str]]) -> None:
    assert cells.read_isbns(text) == found


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("Tiếng Việt", ["vie"]),
        ("Song ngữ Anh - Việt", ["eng", "vie"]),
        ("vi", ["vie"]),
        ("tieng phap", ["fre"]),
        ("Klingon", []),
    ],
)
def test_languages(text: str, codes: list[str]) -> None:
    assert cells.language_codes(text) == codes


@pytest.mark.parametrize(
    ("text", "code"),
    [("6-11 tuổi", "b"), ("lớp 3", "b"), ("3", "b"), ("Thiếu nhi", "j"), ("11+", "c"), ("Lớp 10", "d"), ("?", " ")],
)
def test_audiences(text: str, code: str) -> None:
    assert cells.audience_code(text) == code


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Tô Hoài. Dế Mèn phiêu lưu ký", ("Tô Hoài", "Dế Mèn phiêu lưu ký")),
        ("Dế Mèn phiêu lưu ký / Tô Hoài", ("Tô Hoài", "Dế Mèn phiêu lưu ký")),
        ("J. K. Rowling. Harry Potter", ("J. K. Rowling", "Harry Potter")),
        ("NGUYỄN NHẬT ÁNH. KÍNH VẠN HOA", ("NGUYỄN NHẬT ÁNH", "KÍNH VẠN HOA")),
        ("TOÁN NÂNG CAO. LỚP 3", ("", "TOÁN NÂNG CAO. LỚP 3")),
        ("Dế Mèn phiêu lưu ký. Tập 2", ("", "Dế Mèn phiêu lưu ký. Tập 2")),
        ("Harry Potter", ("", "Harry Potter")),
        ("Mai N. H.; Lê Quang Hương. Bài tập Tiếng Anh 9", ("Mai N. H.; Lê Quang Hương", "Bài tập Tiếng Anh 9")),
        ("Hà G. D. T. Tắc kè tí hon. Tập 2", ("Hà G. D. T", "Tắc kè tí hon. Tập 2")),
        ("Nhiều tác giả. Thạch Sanh", ("Nhiều tác giả", "Thạch Sanh")),
        ("Bộ Giáo dục và Đào tạo; Lê Lan. Toán 1", ("Bộ Giáo dục và Đào tạo; Lê Lan", "Toán 1")),
    ],
)
def test_author_and_title_in_one_cell(text: str, parts: tuple[str, str]) -> None:
    assert cells.split_author_title(text) == parts


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("Đoàn Giỏi", False),
        ("Đoàn Văn Cừ", False),
        ("Trường Chinh", False),
        ("Đoàn Thanh niên Cộng sản Hồ Chí Minh", True),
        ("Trường Tiểu học Minh Khai", True),
        ("Bộ Giáo dục và Đào tạo", True),
    ],
)
def test_surnames_that_are_also_words_for_bodies(name: str, body: bool) -> None:
    from schemas.cells import is_body

    assert is_body(name) is body
