"""Declarations and what became of them, on both databases and on the pages."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone

from hub.accounts import post
from hub.accounts.models import AuditEvent
from hub.catalog.models import Source
from hub.deposit import deposits, letters, linked, printing
from hub.deposit.models import Claim, Duty, Publication, Receipt
from hub.network.models import Library, Officer
from hub.stages.match import match
from hub.stages.merge import merge_due
from hub.stages.publish import publish
from schemas.format import Reading, find_format
from schemas.problem import Trouble
from tests.hub.provide.network import arrive, source
from tests.hub.stages.books import book, raw

NXB, CITY = "NXB-HP", "HP-TP"
FORM = {
    "title": "Chuyện  biển",
    "author": "Lan",
    "isbn": "978-604-4983-03-5",
    "registration": "1328-2024/CXBIPH/3-98/ĐHKTQD",
    "release": "2026-10-15",
    "run": "1000",
}


@pytest.fixture
def publisher(store: str) -> Library:
    Library.objects.create(code=CITY, name_vi="Thư viện thành phố", kind="public")
    Library.objects.create(code="NXB-2", name_vi="Nhà xuất bản khác", kind="publisher")
    return Library.objects.create(code=NXB, name_vi="Nhà xuất bản Hải Phòng", kind="publisher")


def declared(publisher: Library, **values: str) -> Publication:
    return deposits.declare(publisher, deposits.checked(FORM | values), by="Lan")


def test_a_declaration_says_what_is_owed(publisher: Library) -> None:
    made = declared(publisher)
    assert (made.title, made.isbn, made.run) == ("Chuyện biển", "9786044983035", 1000)
    assert list(made.duties.order_by("due").values_list("rule", "copies", "due")) == [
        ("LC-01", 3, date(2026, 10, 5)),
        ("LC-06", 3, date(2026, 11, 30)),
    ]
    with pytest.raises(Trouble, match="declared on"):
        declared(publisher)
    assert declared(publisher, form="electronic").duties.count() == 2, "the e-book of it is another publication"
    assert declared(publisher, isbn="").pk != declared(publisher, isbn="").pk


@pytest.mark.parametrize(
    ("values", "code"),
    [({"title": " "}, "deposit_title"), ({"release": ""}, "deposit_title"), ({"release": "mai"}, "deposit_day"),
     ({"isbn": "978-604-4983-03-6"}, "deposit_isbn"), ({"registration": "1/2"}, "deposit_registration"),
     ({"run": "-1"}, "deposit_number"), ({"run": "nhiều"}, "deposit_number"), ({"licence": "me"}, "deposit_choice")],
)  # fmt: skip
def test_what_is_wrong_with_a_declaration_is_said(values: dict[str, str], code: str) -> None:
    with pytest.raises(Trouble) as refused:
        deposits.checked(FORM | values)
    assert refused.value.problem.code == code


def test_an_obligation_is_met_waived_or_late(publisher: Library) -> None:
    first, second = declared(publisher).duties.order_by("due")
    assert [one.pk for one in deposits.overdue(date(2026, 12, 1))] == [first.pk, second.pk]
    assert list(deposits.overdue(date(2026, 10, 5))) == [], "on its last day it is not late"
    with pytest.raises(Trouble, match="met or waived"):
        deposits.deposited(first.pk, "NXB-2", date(2026, 10, 1), "", by="Lan")
    deposits.deposited(first.pk, NXB, date(2026, 10, 1), "12/GN", by="Lan")
    with pytest.raises(Trouble, match="reason"):
        deposits.waive(second.pk, " ", by="Hoa")
    deposits.claim(second.pk, by="Hoa")
    deposits.waive(second.pk, "in lại theo lệnh", by="Hoa")
    for act in (lambda: deposits.claim(second.pk, by="Hoa"), lambda: deposits.waive(first.pk, "x", by="Hoa")):
        with pytest.raises(Trouble, match="met or waived"):
            act()
    assert not deposits.overdue(date(2030, 1, 1)).exists()
    assert Claim.objects.count() == 1
    assert AuditEvent.objects.filter(act__startswith="deposit.").count() == 4


def test_receipts_are_numbered_without_a_gap_and_never_change(publisher: Library) -> None:
    made, city = declared(publisher), Library.objects.get(pk=CITY)
    first = deposits.receive(made, city, "2", "tốt", "a", by="Lan")
    assert deposits.receive(made, city, "9", "", "a", by="Lan").pk == first.pk, "the same form sent twice"
    with pytest.raises(Trouble):
        deposits.receive(made, city, "0", "", "b", by="Lan")
    second = deposits.receive(made, city, "1", "", "c", by="Lan")
    assert [first.number, second.number] == [1, 2]
    Library.objects.filter(pk=NXB).update(name_vi="Tên mới")
    Publication.objects.update(title="Tên khác")
    body = Receipt.objects.get(pk=first.pk).body
    assert (body["publisher"], body["title"], body["copies"]) == ("Nhà xuất bản Hải Phòng", "Chuyện biển", 2)


def test_a_receipt_says_what_it_is_and_what_it_is_not(publisher: Library, home: Path) -> None:
    Publication.objects.all().delete()
    made = declared(publisher, title='Chuyện «biển» #let x = 1 ] \\ "Ỵ"')
    one = deposits.receive(made, Library.objects.get(pk=CITY), "2", "rách bìa", "a", by="Lan")
    text = text_of(printing.receipt(one))
    for said in ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc", f"Số: 01/GN-{one.year}", "#let x = 1 ]",
                 "không thay thế giấy nhận lưu chiểu", "Số bản 02", "rách bìa"):  # fmt: skip
        assert said in text, text


def text_of(pdf: bytes) -> str:
    done = subprocess.run(["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True, check=True)
    return " ".join(done.stdout.decode().split())


def test_a_letter_names_what_is_due_and_counts_as_a_claim(publisher: Library) -> None:
    declared(publisher)
    Officer.objects.create(library=publisher, matter="deposit", email="luuchieu@nxb.example")
    first = Duty.objects.order_by("due")[0]
    at = timezone.make_aware(datetime.combine(first.due - timedelta(days=8), time(8)))
    assert letters.send_daily(at) == 0, "nothing is near"
    assert letters.send_daily(at + timedelta(days=1)) == 1
    assert letters.send_daily(at + timedelta(days=1, hours=2)) == 0, "once a day"
    assert letters.send_daily(at + timedelta(days=9, hours=-2)) == 0, "not before seven"
    assert letters.send_daily(at + timedelta(days=9)) == 1, "the day after it was due"
    assert [one.by for one in Claim.objects.filter(duty=first)] == ["lienthong"]
    post.wait()
    assert "Chuyện biển" in mail.outbox[-1].body
    assert "(trễ)" in mail.outbox[-1].body
    assert "chưa kiểm chứng" in mail.outbox[-1].body


def test_a_publisher_declares_and_a_clerk_follows(
    publisher: Library,
    as_role: Callable[..., Any],
    client: Any,
    home: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    own = as_role("publisher", NXB)
    address = f"/cua-toi/{NXB}/luu-chieu"
    assert own.post(address, FORM).status_code == 302
    assert own.post(address, FORM | {"isbn": "x"}).status_code == 400
    assert "chưa kiểm chứng" in own.get(address).content.decode()
    assert own.get("/cua-toi/NXB-2/luu-chieu").status_code == 404
    duty = Duty.objects.order_by("due")[0]
    assert (
        own.post(address, {"act": "deposited", "duty": duty.pk, "proof": "12/GN", "day": "2026-10-01"}).status_code
        == 302
    )
    assert own.get("/luu-chieu").status_code == 403

    Duty.objects.filter(done_on=None).update(due=timezone.localdate() - timedelta(days=3))
    clerk = as_role("deposit_clerk")
    page = clerk.get("/luu-chieu").content.decode()
    assert "Chuyện biển" in page
    late = Duty.objects.get(done_on=None)
    clerk.post("/luu-chieu", {"act": "claim", "duty": late.pk})
    assert "đã nhắc 1 lần" in clerk.get("/luu-chieu").content.decode()
    table = clerk.get("/luu-chieu/tre.csv").content.decode("utf-8-sig")
    assert table.splitlines()[1].split(",")[:3] == ["Nhà xuất bản Hải Phòng", "Chuyện biển", "9786044983035"]
    made = Publication.objects.get()
    answer = clerk.post(f"/luu-chieu/an-pham/{made.pk}", {"library": CITY, "copies": "2", "key": "k1"})
    assert answer["Location"].endswith("#receipts")
    place = f"/luu-chieu/giay-nhan/{Receipt.objects.get().pk}"
    assert place in clerk.get(answer["Location"]).content.decode()
    receipt = clerk.get(place)
    assert receipt.headers["Content-Type"] == "application/pdf"
    assert receipt.content.startswith(b"%PDF-")
    Library.objects.filter(pk=CITY).update(name_vi="Tên mới")
    monkeypatch.setattr(printing, "LAYOUT", tmp_path / "another layout")
    assert clerk.get(place).content == receipt.content, "it prints the same for ever"

    for query in ("9786044983035", "1328-2024/CXBIPH/3-98/ĐHKTQD", "chuyện"):
        assert "đã nộp" in client.get("/luu-chieu/tra-cuu", {"q": query}).content.decode()
    assert "không có tờ khai" in client.get("/luu-chieu/tra-cuu", {"q": "khác"}).content.decode()


def test_what_is_a_secret_is_told_to_nobody(publisher: Library, client: Any) -> None:
    declared(publisher, content="secret")
    assert "Chuyện biển" not in client.get("/luu-chieu/tra-cuu", {"q": "9786044983035"}).content.decode()


def test_what_is_announced_and_not_declared_is_shown_and_tied_to_its_record(
    publisher: Library, as_role: Callable[..., Any]
) -> None:
    feed = source("nxb", NXB, "Nhà xuất bản Hải Phòng")
    arrive(feed, [raw(book("1", "Chuyện biển", isbn="9786044983035", author="Lan", year=2026)),
                  raw(book("2", "Không có số", author="Lan"))])  # fmt: skip
    match()
    merge_due()
    publish()
    assert [(one.title, one.isbn, one.year) for one in linked.announced(publisher)] == [
        ("Chuyện biển", "9786044983035", 2026)
    ]
    own = as_role("publisher", NXB)
    page = own.get(f"/cua-toi/{NXB}/luu-chieu?title=Chuyện biển&isbn=9786044983035").content.decode()
    assert "Đã công bố mà chưa khai" in page
    assert 'value="9786044983035"' in page
    made = declared(publisher)
    assert linked.announced(publisher) == []
    uid = linked.union_of(made)
    assert f"/r/{uid}" in as_role("deposit_clerk").get(f"/luu-chieu/an-pham/{made.pk}").content.decode()


def test_real_onix_becomes_announcements_with_their_audience(
    publisher: Library, shared: Path, as_role: Callable[..., Any]
) -> None:
    feed = source("nxb-onix", NXB, publisher.name_vi)
    Source.objects.filter(pk=feed.pk).update(format="onix")
    feed.refresh_from_db()
    kind, records = find_format("onix"), []
    files = sorted(
        (shared / "data/onix/elibri").glob("*.xml"), key=lambda path: ("audience_range" in path.name, path.name)
    )
    for path in files:  # the examples share their identifiers: each is a product of its own here
        with path.open("rb") as stream:
            records += [
                replace(one, identifier=path.stem) for one in kind.split(stream, Reading()) if one.problem is None
            ]
    assert len(records) == 43
    arrive(feed, records)
    said = {one.isbn: one.audience for one in linked.announced(publisher)}
    assert said["9788324799992"] == "b", "7 to 10 years"
    assert len(said) == 5
    page = as_role("publisher", NXB).get(f"/cua-toi/{NXB}/luu-chieu").content.decode()
    assert "isbn=9788324799992&amp;audience=b#declare" in page


def test_the_calendar_shows_what_is_due_on_each_day(publisher: Library, as_role: Callable[..., Any]) -> None:
    declared(publisher)
    first = Duty.objects.order_by("due")[0]
    clerk = as_role("deposit_clerk")
    page = clerk.get("/luu-chieu/lich", {"month": f"{first.due:%Y-%m}", "day": first.due.isoformat()}).content.decode()
    assert f"day={first.due.isoformat()}" in page
    assert "Chuyện biển" in page
    for text in ("2026-13", "x", "", "0001-01", "9999-12"):
        assert clerk.get("/luu-chieu/lich", {"month": text, "day": text}).status_code == 200
    Duty.objects.update(due=timezone.localdate())
    Publication.objects.update(title="Biển, đảo; " + "rất xa " * 30)
    body = clerk.get("/luu-chieu/lich.ics").content.decode()
    assert body.count("BEGIN:VEVENT") == 2
    assert all(len(line.encode()) <= 75 for line in body.split("\r\n"))
    assert "Biển\\, đảo\\;" in body.replace("\r\n ", "")


def test_what_libraries_hold_of_a_publisher_and_nobody_declared_is_seen(
    publisher: Library, as_role: Callable[..., Any]
) -> None:
    year = timezone.localdate().year
    arrive(source("thanh-pho", CITY, "Thư viện thành phố"), [
        raw(book("1", "Chuyện biển", isbn="9786044983035", publisher="Nxb. Hải Phòng", year=year)),
        raw(book("2", "Đèn biển", isbn="9786042990011", publisher="Hải Phòng", year=year)),
        raw(book("3", "Sách cũ", isbn="9786042990028", publisher="Hải Phòng", year=year - 9)),
        raw(book("4", "Của nơi khác", isbn="9786042990035", publisher="Kim Đồng", year=year)),
    ])  # fmt: skip
    declared(publisher)
    assert [one.title for one in linked.held(publisher, timezone.localdate())] == ["Đèn biển"]
    page = as_role("publisher", NXB).get(f"/cua-toi/{NXB}/luu-chieu").content.decode()
    assert "Có trong mục lục các thư viện, chưa khai" in page
