"""How Vietnamese catalogs put things: responsibility, extent, ISBN, class and call numbers, subjects."""

from __future__ import annotations

from tests.sample_network.books import Book, ascii_only, dice, direct

ROLE_WORDS = {
    "translator": "{} dịch",
    "illustrator": "{} minh họa",
    "chief": "{} (tổng ch.b.)",
    "editor": "{} (ch.b.)",
    "reviser": "{} hiệu đính",
    "adapter": "{} biên soạn",
    "compiler": "{} sưu tầm, biên soạn",
}
SUBJECTS = {
    "895.922": "Văn học Việt Nam",
    "895.1": "Văn học Trung Quốc",
    "895.6": "Văn học Nhật Bản",
    "843": "Văn học Pháp",
    "823": "Văn học Anh",
    "813": "Văn học Mỹ",
    "891.7": "Văn học Nga",
    "853": "Văn học Italia",
    "398": "Văn học dân gian",
    "741.5": "Truyện tranh",
    "372": "Sách giáo khoa",
    "959.7": "Lịch sử Việt Nam",
    "158": "Tâm lí học ứng dụng",
    "5": "Khoa học tự nhiên",
    "050": "Báo chí",
}
CLASSES_OF_19 = {  # of the 19-class scheme, for children's books
    "895.9221": "ĐV11",
    "895.922": "ĐV13",
    "398": "ĐV12",
    "741.5": "ĐV18",
    "372": "Đ37",
    "959.7": "Đ9(V)",
    "5": "Đ5",
    "8": "ĐN13",
}
REGISTRANT_WIDTHS = ((2, 1), (4, 3), (8, 2), (9, 3))


def responsibility(book: Book, as_in_index: bool = False) -> str:
    """``Antoine de Saint-Exupéry ; Trác Phong dịch``."""
    authors = [name if as_in_index else direct(name) for name in book.names("author", "corporate")]
    said = [", ".join(authors)] if authors else []
    for role, pattern in ROLE_WORDS.items():
        if names := book.names(role):
            said.append(pattern.format(", ".join(direct(name) for name in names)))
    return " ; ".join(said)


def hyphenated(isbn: str) -> str:
    """``978-604-2-99001-1``; the registrant's width as in the ranges of group 604."""
    if not isbn.startswith("978604"):
        return isbn
    rest = isbn[6:12]
    width = next(width for highest, width in REGISTRANT_WIDTHS if int(rest[0]) <= highest)
    return f"978-604-{rest[:width]}-{rest[width:]}-{isbn[12]}"


def isbn10(isbn: str) -> str:
    """The ISBN of ten digits, as stood in books before 2007."""
    first = isbn[3:12]
    rest = -sum(int(digit) * (10 - place) for place, digit in enumerate(first)) % 11
    return first + ("X" if rest == 10 else str(rest))


def longest(table: dict[str, str], number: str) -> str:
    """What a table of class numbers says of the longest beginning of ``number``, or ``""``."""
    fitting = [start for start in table if number.startswith(start)]
    return table[max(fitting, key=len)] if fitting else ""


def cutter(title: str) -> str:
    """A title code like ``D250M``: first letter, a number for the rime, first letter of the second word."""
    first, *others = [word for word in ascii_only(title).upper().split() if word[0].isalnum()]
    rime = {"A": 100, "E": 200, "I": 300, "O": 400, "U": 500, "Y": 600}
    vowel = next((letter for letter in first[1:] if letter in rime), "A")
    return f"{first[0]}{rime[vowel] + dice(first) % 30}{others[0][0] if others else ''}"


def subjects(book: Book) -> list[str]:
    """Subject headings: what it is about, and that it is for children."""
    found = [longest(SUBJECTS, book.ddc)]
    if book.audience in "abcj" and book.ddc[:1] == "8" and not book.shelf:
        found.append("Văn học thiếu nhi")
    if book.ddc.startswith("959.735"):
        found.append("Hải Phòng")
    return [subject for subject in found if subject]
