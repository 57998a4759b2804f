"""Two small libraries with records of their own and one in common, for the tests of the pages and of what goes out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from hub.catalog import arrivals, runs
from hub.catalog.models import Source
from hub.network.models import Library
from hub.stages.harvest import finish
from hub.stages.match import match
from hub.stages.merge import merge_due
from hub.stages.normalize import normalize_pending
from hub.stages.publish import publish
from schemas.record import RawRecord, Record, data_field
from tests.hub.stages.books import book, raw

HOSTILE = '<script>document.title="broken"</script>"><img src=x onerror=alert(1)>'
ISBN = "9786042990011"


def source(name: str, code: str, library: str) -> Source:
    row, _ = Library.objects.get_or_create(code=code, defaults={"name_vi": library, "kind": "public"})
    values = {"library": row, "connector": "files", "format": "marc21", "schedule": "0 2 * * *"}
    return Source.objects.get_or_create(name=name, defaults=values)[0]


def arrive(sender: Source, records: Sequence[RawRecord]) -> None:
    """One harvest of a source, read, matched, merged and published."""
    run, fence = runs.open_run(sender, "test", False)
    arrivals.store_page(run, fence, records, {"done": True})
    normalize_pending()
    finish(run, fence)
    match()
    merge_due()
    publish()


def hostile() -> Record:
    """A record that tries to run in a reader's browser."""
    links = [
        data_field("856", "40", [("u", address)])
        for address in ("javascript:alert(2)", "JaVaScRiPt:alert(3)", "//evil.example/x", "https://example.org/sach")
    ]
    record = book("X1", HOSTILE, author='"><script>alert(4)</script>')
    return replace(record, fields=(*record.fields, *links))


def fill() -> None:
    """The city's library and a school's; «Dế Mèn» is in both, one record of the school cannot be read."""
    city = [
        book("1", "Dế Mèn phiêu lưu ký", isbn=ISBN, copies="A1 A2 A3"),
        book("2", "Truyện cổ tích Việt Nam", author="Nguyễn Đổng Chi", year=2015, copies="A4"),
        book("3", "Đất rừng phương Nam", author="Đoàn Giỏi", year=1998),
        hostile(),
    ]
    school = [
        book("S1", "Dế Mèn phiêu lưu kí", isbn=ISBN, copies="B1 B2"),
        book("S2", "Ngữ văn 6", author="Bùi Mạnh Hùng"),
    ]
    broken = RawRecord("S3", b"00026nam no record at all", "record 3")
    arrive(source("thanh-pho", "HP-TP", "Thư viện thành phố"), [raw(record) for record in city])
    arrive(source("truong-le-loi", "HP-LL", "Trường Tiểu học Lê Lợi"), [*(raw(record) for record in school), broken])
