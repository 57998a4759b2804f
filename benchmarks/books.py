"""Records for benchmarks: as many as wanted, the same every time, of the size and shape of a library's own.

One in five is a book that another of the five libraries has too, described a little otherwise.
"""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from schemas.marc21 import to_iso2709
from schemas.record import Record, data_field

LIBRARIES = 5
COMMON = 5  # one record in so many describes a book described before
SYLLABLES = tuple(
    "đất rừng phương nam dế mèn phiêu lưu ký hoa vàng trên cỏ xanh tuổi thơ dữ dội mùa hạ sông núi biển trời quê "  # noqa: SIM905
    "hương người mẹ con đường ánh sáng giấc mơ cánh buồm đỏ thắm chuyện kể về những vì sao bên cửa sổ lớp học".split()
)  # fmt: skip
FAMILIES = ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Vũ", "Đặng", "Bùi", "Đỗ", "Ngô", "Dương", "Lý")
GIVEN = ("An", "Bình", "Châu", "Dung", "Giang", "Hà", "Khánh", "Lan", "Minh", "Nga", "Oanh", "Phúc", "Quân", "Sơn")
PUBLISHERS = ("Kim Đồng", "Trẻ", "Giáo dục Việt Nam", "Văn học", "Hội Nhà văn", "Hải Phòng", "Phụ nữ Việt Nam")
SUBJECTS = ("Văn học thiếu nhi", "Truyện ngắn", "Lịch sử", "Khoa học thường thức", "Thơ", "Tiểu thuyết", "Địa chí")


def books(count: int, seed: int = 1) -> Iterator[bytes]:
    """``count`` records in ISO 2709."""
    for number in range(count):
        yield to_iso2709(book(number, seed))


def book(number: int, seed: int = 1, note: str = "") -> Record:
    """The record ``number``."""
    again = number % COMMON == COMMON - 1
    work = Random(seed * 1_000_003 + (number - COMMON + 1 if again else number))  # the book
    own = Random(seed * 1_000_033 + number)  # how this library describes it
    title = " ".join(work.choice(SYLLABLES) for _ in range(work.randint(4, 8))).capitalize()
    author = f"{work.choice(FAMILIES)} {work.choice(GIVEN)} {work.choice(GIVEN)}"
    publisher, year, pages = work.choice(PUBLISHERS), work.randint(1995, 2025), work.randint(24, 600)
    stem = f"978604{work.randrange(1_000_000):06d}"
    isbn = stem + str(-(sum(map(int, stem[::2])) + 3 * sum(map(int, stem[1::2]))) % 10)
    fields = [
        ("001", f"{number:09d}"),
        ("005", "20260101120000.0"),
        ("008", f"260101s{year}    vm a   j      000 1 vie d"),
    ]
    if own.random() < 0.4:
        fields.append(data_field("020", "  ", [("a", isbn), ("c", f"{own.randint(20, 200)}000đ")]))
    fields += [
        data_field("041", "0 ", [("a", "vie")]),
        data_field("082", "04", [("a", "895.9223"), ("2", "23"), ("b", f"D{own.randint(100, 999)}M")]),
        data_field("100", "1 ", [("a", author)]),
        data_field("245", "10", [("a", f"{title} /"), ("c", author)]),
        data_field("260", "  ", [("a", "H. :"), ("b", f"{publisher},"), ("c", str(year))]),
        data_field("300", "  ", [("a", f"{pages} tr. ;"), ("c", f"{own.randint(18, 27)} cm")]),
        data_field("520", "  ", [("a", " ".join(own.choice(SYLLABLES) for _ in range(40)))]),
        *[data_field("650", " 4", [("a", own.choice(SUBJECTS))]) for _ in range(3)],
        data_field("700", "1 ", [("a", f"{own.choice(FAMILIES)} {own.choice(GIVEN)}"), ("e", "minh họa")]),
        data_field("852", "  ", [("a", "VN-HP"), ("b", "Kho mượn"), ("p", f"VV{number:07d}")]),
        data_field("930", "  ", [("a", f"{own.randint(100_000, 999_999)}{note}")]),
    ]
    return Record("00000nam a2200000   4500", tuple(fields))
