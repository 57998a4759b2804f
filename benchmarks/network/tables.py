"""Descriptions as the tables of small libraries. A sheet with a row for each copy has no identifiers of its own."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from benchmarks.network import spelling
from benchmarks.network.said import Profile, Said
from tests.sample_network.tables import same_bytes

Row = list[str]
Rows = tuple[list[Row], list[int]]  # the rows below the headings, and for each the description it is of

WARD = [
    "STT",
    "Số ĐKCB",
    "Tên sách",
    "Tập",
    "Tác giả",
    "Nhà xuất bản",
    "Năm XB",
    "Số trang",
    "Mã ISBN",
    "SL",
    "Ghi chú",
]
TEMPLATE = ["Mã", "Nhan đề", "Phụ đề", "Tập", "Tác giả", "Người dịch", "Nhà xuất bản", "Nơi xuất bản", "Năm xuất bản"]
TEMPLATE += ["Số trang", "ISBN", "Lần xuất bản", "Bộ sách", "Số lượng"]
REGISTER = ["Mã", "Số ĐKCB", "Tên tác giả và tên sách", "Nhà XB", "Nơi XB", "Năm XB", "Số lượng", "Phụ chú"]
LIST = ["Ten sach", "Tac gia", "So luong"]
EXPORT = ["Book Id", "Title", "Author", "Additional Authors", "ISBN13", "Publisher", "Number of Pages"]
EXPORT += ["Year Published", "Owned Copies"]
SMALL = ["Mã", "Tên sách", "Tác giả", "NXB", "Năm", "Số lượng"]


def author(said: Said) -> str:
    """The makers in one cell."""
    return "; ".join(name for name, role in said.people if role not in ("translator", "illustrator"))


def helpers(said: Said, *roles: str) -> list[str]:
    """The translators or illustrators."""
    return [name for name, role in said.people if role in roles]


def full_title(said: Said) -> str:
    """Title and parallel title; a subtitle that has no column of its own."""
    return said.title + (f" = {said.parallel}" if said.parallel else "")


def digits(text: str) -> str:
    """The number in a text like «143tr.»."""
    return "".join(c for c in text if c.isdigit())


def _edition(said: Said) -> str:
    return f" ({said.edition})" if said.edition else ""


def ward(said: Said, identifier: str) -> list[Row]:
    """A row for each copy."""
    title = full_title(said) + (f" ({said.subtitle})" if said.subtitle else "") + _edition(said)
    translated = "".join(f" ; {name} dịch" for name in helpers(said, "translator"))
    isbn = "; ".join(said.isbns)
    rest = [
        said.volume,
        author(said) + translated,
        said.publisher,
        said.year,
        digits(said.pages),
        isbn,
        "1",
        said.series,
    ]
    return [["", f"{identifier}.{copy}", title, *rest] for copy in range(said.copies)]


def template(said: Said, identifier: str) -> list[Row]:
    """A row with a column for everything."""
    people = [author(said), "; ".join(helpers(said, "translator"))]
    imprint = [said.publisher, said.place, said.year, said.pages, "; ".join(said.isbns), said.edition, said.series]
    return [[identifier, full_title(said), said.subtitle, said.volume, *people, *imprint, str(said.copies)]]


def register(said: Said, identifier: str) -> list[Row]:
    """A row of an accession register: author and title in one cell."""
    title = full_title(said) + (f" ({said.subtitle})" if said.subtitle else "") + _edition(said)
    names = author(said)
    joined = f"{names}. {title}" if names and said.number % 5 else f"{title} / {names}" if names else title
    number = f"{identifier}-{said.number:05d}"
    note = said.remark or said.series
    return [[identifier, number, joined, said.publisher, said.place, said.year, str(said.copies), note]]


def clan(said: Said, identifier: str) -> list[Row]:
    """Title and author."""
    return [[full_title(said), author(said), str(said.copies)]]


def export(said: Said, identifier: str) -> list[Row]:
    """A row as a program for private collections writes it."""
    title = full_title(said) + (f": {said.subtitle}" if said.subtitle else "") + _edition(said)
    names, others = author(said), ", ".join(helpers(said, "translator", "illustrator"))
    isbn = said.isbns[0] if said.isbns else ""
    return [[identifier, title, names, others, isbn, said.publisher, digits(said.pages), digits(said.year), "1"]]


def small(said: Said, identifier: str) -> list[Row]:
    """A few columns."""
    title = full_title(said) + (f" ({said.subtitle})" if said.subtitle else "") + _edition(said)
    return [[identifier, title, author(said), said.publisher, digits(said.year), str(said.copies)]]


LAYOUTS: dict[str, tuple[list[str], Callable[[Said, str], list[Row]]]] = {
    "": (WARD, ward),
    "template": (TEMPLATE, template),
    "register": (REGISTER, register),
    "list": (LIST, clan),
    "export": (EXPORT, export),
    "small": (SMALL, small),
}
WITHOUT_IDENTIFIERS = ("", "list")
HEAD = (["ỦY BAN NHÂN DÂN PHƯỜNG"], ["DANH MỤC SÁCH THƯ VIỆN"], [""])


def table(descriptions: list[tuple[Said, str]], profile: Profile) -> tuple[bytes, list[int]]:
    """The file, and for each of its lines (from 1 on) the description it is of, -1 for those above the first."""
    headings, lay = LAYOUTS[profile.layout]
    lines: list[Row] = [*(HEAD if profile.format == "xlsx" and not profile.layout else ()), headings]
    owners = [-1] * len(lines)
    for number, (said, identifier) in enumerate(descriptions):
        made = lay(said, identifier)
        lines += made
        owners += [number] * len(made)
    return (_xlsx(lines) if profile.format == "xlsx" else _csv(lines, profile)), owners


def _xlsx(lines: list[Row]) -> bytes:
    workbook = Workbook()
    sheet = workbook.active
    assert isinstance(sheet, Worksheet)
    for line in lines:
        sheet.append([int(cell) if cell.isdigit() and len(cell) < 5 else cell for cell in line])
    return same_bytes(workbook)


def _csv(lines: list[Row], profile: Profile) -> bytes:
    text = io.StringIO()
    separator = ";" if profile.layout in ("list", "small") else ","
    csv.writer(text, delimiter=separator, lineterminator="\r\n").writerows(lines)
    if profile.encoding == "utf-16":
        return b"\xff\xfe" + text.getvalue().encode("utf-16-le")
    return spelling.for_cp1258(text.getvalue()) if profile.encoding == "cp1258" else text.getvalue().encode()
