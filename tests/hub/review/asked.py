"""A network in which many questions wait: books of two libraries that resemble each other without telling enough."""

from __future__ import annotations

from dataclasses import replace

from hub.catalog import writes
from hub.catalog.models import Member, Question, Record, Source, Union
from hub.catalog.reads import union_uid
from hub.stages.match import match
from hub.stages.merge import merge_due
from hub.stages.normalize import normalize_pending
from schemas.record import Record as Content
from schemas.record import data_field
from tests.hub.provide.network import HOSTILE, arrive, source
from tests.hub.stages.books import book, raw

TITLES = (
    "Dế Mèn phiêu lưu ký", "Đất rừng phương Nam", "Kính vạn hoa", "Tuổi thơ dữ dội", "Góc sân và khoảng trời",
    "Quê nội", "Cái Tết của mèo con", "Lá cờ thêu sáu chữ vàng", "Những ngày thơ ấu", "Búp sen xanh",
    "Chuyện hoa chuyện quả", "Hai làng Tà Pình và Động Hía", "Ngày xưa có một chuyện tình", "Bước qua lời nguyền",
    "Sông Đông êm đềm", "Miền thơ ấu", "Người đẹp ngủ trong rừng", "Thần đồng đất Việt", "Gánh hàng hoa",
    "Mùa lá rụng trong vườn", "Mắt biếc", "Vang bóng một thời", "Nhật ký trong tù", "Đôi bạn nơi biên thùy",
    "Trường ca Đam San", "Con đường sáng", "Hòn đảo kho báu", "Làng quê yêu dấu",
)  # fmt: skip
AUTHORS = ("Tô Hoài", "Đoàn Giỏi", "Nguyễn Nhật Ánh", "Phùng Quán", "Trần Đăng Khoa", "Võ Quảng", "Vũ Tú Nam")
RTL = "\u202e"


def isbn(number: int) -> str:
    """A valid ISBN of our own range."""
    body = f"978604{number:06d}"
    check = (10 - sum(int(d) * (3 if place % 2 else 1) for place, d in enumerate(body)) % 10) % 10
    return body + str(check)


def city(place: int, title: str) -> Content:
    """What the city's library says: everything."""
    author = AUTHORS[place % len(AUTHORS)]
    copies = " ".join(f"A{place}.{copy}" for copy in range(place % 4 + 1))
    return book(
        f"TP{place:03d}", title, author=author, year=2008, isbn=isbn(place), pages=str(120 + 7 * place), copies=copies
    )


def school(place: int, title: str) -> Content:
    """What the school says: another year and ISBN, no pages."""
    author = AUTHORS[place % len(AUTHORS)]
    record = book(f"LL{place:03d}", title, author=author, year=2019, isbn=isbn(5_000 + place), copies=f"B{place}")
    return replace(record, fields=tuple(field for field in record.fields if field[0] != "300"))


def fill(count: int = len(TITLES)) -> None:
    """The two libraries; each of the first ``count`` titles is a question."""
    arrive(library("thanh-pho"), [raw(city(place, title)) for place, title in enumerate(TITLES[:count])])
    arrive(library("truong-le-loi"), [raw(school(place, title)) for place, title in enumerate(TITLES[:count])])


def library(name: str) -> Source:
    """One of the two sources."""
    known = {
        "thanh-pho": ("HP-TP", "Thư viện thành phố"),
        "truong-le-loi": ("HP-LL", "Trường Tiểu học Lê Lợi"),
    }
    return source(name, *known[name])


def hostile() -> tuple[Content, Content]:
    """A pair of records that try to run in a cataloger's browser, and to turn the direction of writing."""
    title = f"{HOSTILE} {RTL}gnurt"
    link = data_field("856", "40", [("u", "javascript:alert(3)")])
    one = book("X1", title, author='"><script>alert(4)</script>', year=2008, isbn=isbn(900), pages="90")
    other = book("X2", title, author='"><script>alert(4)</script>', year=2019, isbn=isbn(5_900))
    other = replace(other, fields=tuple(field for field in other.fields if field[0] != "300"))
    return replace(one, fields=(*one.fields, link)), other


def open_pairs() -> list[tuple[int, int]]:
    """The open questions in the order of the queue."""
    return list(Question.objects.order_by("-gain", "first", "second").values_list("first", "second"))


def unite() -> None:
    match()
    merge_due()


def rebuild() -> None:
    writes.clear_derived(by="test")
    normalize_pending()
    unite()


def record(identifier: str) -> int:
    return int(Record.objects.get(identifier=identifier).pk)


def union_of(number: int) -> int:
    return int(Member.objects.get(record=number).union)


def uid_of(number: int) -> str:
    return union_uid(union_of(number))


def unions() -> int:
    return int(Union.objects.filter(deleted=False).count())
