"""A publisher declares, a clerk follows, in a real browser and both languages."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from random import Random
from time import monotonic, sleep
from urllib.parse import urlsplit

import pytest
from django.utils import timezone
from playwright.sync_api import Browser

from hub.deposit import deposits, exchange, judging
from hub.deposit.models import Claim, Duty, Kept, Receipt
from hub.network.models import Library
from tests.accounts_in_tests import apart, sign_in
from tests.browser.axe import violations
from tests.hub.deposit.brought import epub
from tests.hub.provide.portal import serving

pytestmark = pytest.mark.browser
NXB, CITY = "NXB-HP", "HP-TP"
WORDS = {
    "vi": {"title": "Nhan đề", "release": "Ngày phát hành", "declare": "Khai", "wrong": "sai số kiểm tra", "isbn": "ISBN",
           "claim": "Ghi một lần nhắc", "claimed": "đã nhắc 1 lần", "give": "Lập giấy nhận", "owed": "chưa kiểm chứng"},
    "en": {"title": "Title", "release": "Day of release", "declare": "Declare", "wrong": "wrong check digit", "isbn": "ISBN",
           "claim": "Note a claim", "claimed": "claimed 1 time", "give": "Give a receipt", "owed": "not verified"},
}  # fmt: skip


@pytest.fixture
def portal(catalog: Path, home: Path) -> Iterator[str]:
    Library.objects.create(code=CITY, name_vi="Thư viện thành phố", kind="public")
    Library.objects.create(code=NXB, name_vi="Nhà xuất bản Hải Phòng", kind="publisher")
    with serving() as address:
        yield address


@pytest.mark.parametrize("language", ["vi", "en"])
def test_from_the_declaration_to_the_receipt(portal: str, browser: Browser, language: str) -> None:
    say, complaints = WORDS[language], list[str]()
    own = browser.new_context(viewport={"width": 1000, "height": 900}).new_page()
    own.on("console", lambda message: complaints.append(message.text))
    sign_in(own, portal, "publisher", NXB)
    own.goto(f"{portal}/cua-toi/{NXB}/luu-chieu?lang={language}")
    wrong = violations(own)
    own.get_by_label(say["title"], exact=True).fill("Chuyện biển")
    own.get_by_label(say["release"]).fill((timezone.localdate() - timedelta(days=60)).isoformat())
    own.get_by_label(say["isbn"]).fill("978-604-4983-03-6")
    own.get_by_role("button", name=say["declare"], exact=True).click()
    assert say["wrong"] in own.get_by_role("alert").inner_text()
    assert own.get_by_label(say["title"], exact=True).input_value() == "Chuyện biển", "nothing has to be typed again"
    own.get_by_label(say["isbn"]).fill("978-604-4983-03-5")
    own.get_by_role("button", name=say["declare"], exact=True).click()
    assert say["owed"] in own.locator(".timeline").inner_text()
    wrong += violations(own)

    clerk = browser.new_context(viewport={"width": 1000, "height": 900}).new_page()
    clerk.on("console", lambda message: complaints.append(message.text))
    sign_in(clerk, portal, "deposit_clerk")
    clerk.goto(f"{portal}/luu-chieu?lang={language}")
    wrong += violations(clerk)
    clerk.get_by_role("button", name=say["claim"]).first.click()
    assert say["claimed"] in clerk.locator(".timeline").inner_text()
    clerk.get_by_role("link", name="Chuyện biển").first.click()
    wrong += violations(clerk)
    clerk.get_by_role("button", name=say["give"]).click()
    link = clerk.get_by_role("link", name="01/").get_attribute("href")
    answer = clerk.request.get(f"{portal}{link}")
    assert answer.body().startswith(b"%PDF-")
    assert apart(lambda: (Duty.objects.count(), Claim.objects.count(), Receipt.objects.count())) == (2, 1, 1)
    assert wrong == []
    assert [one for one in complaints if "400" not in one] == []


SEND = {
    "vi": {"send": "Gửi", "file": "Tệp", "kept": "đã lưu giữ", "known": "đã lưu giữ từ trước", "refused": "không nhận", "judging": "đang kiểm tra",
           "level": "Mức", "save": "Lưu", "money": "không rào cản tài chính", "law": "không rào cản pháp lý",
           "technique": "không rào cản kỹ thuật", "terms": "Địa chỉ giấy phép mở", "open": "giấy phép mở", "again": "Đọc lại năm mươi tệp ngay"},
    "en": {"send": "Send", "file": "File", "kept": "kept", "known": "kept already", "refused": "not kept", "judging": "being looked at",
           "level": "Level", "save": "Save", "money": "none of money", "law": "none of law",
           "technique": "none of technique", "terms": "Address of the open licence", "open": "open licence", "again": "Read fifty files again now"},
}  # fmt: skip


def judged() -> None:
    """What the worker does, as soon as a file has come."""
    until = monotonic() + 60
    while monotonic() < until:
        if judging.judge_due(timezone.now()):
            return
        sleep(0.05)


@pytest.mark.parametrize("language", ["vi", "en"])
def test_a_publisher_sends_files_and_says_who_may_read_them(
    portal: str, browser: Browser, language: str, tmp_path: Path
) -> None:
    say, complaints = SEND[language], list[str]()
    said = {"title": "Chuyện biển", "isbn": "978-604-4983-03-5", "release": "2026-10-15", "form": "electronic"}
    made = apart(lambda: deposits.declare(Library.objects.get(pk=NXB), deposits.checked(said), by="Lan"))
    good, bad = tmp_path / "sách.epub", tmp_path / "giả.pdf"
    good.write_bytes(epub(text="Biển. " * 20, more={"EPUB/anh.bin": Random(1).randbytes(9 * 2**20)}))
    bad.write_bytes(b"MZ" + b"\0" * 100)
    own = browser.new_context(viewport={"width": 1000, "height": 900}).new_page()
    own.on("console", lambda message: complaints.append(message.text))
    sign_in(own, portal, "publisher", NXB)
    own.goto(f"{portal}/cua-toi/{NXB}/luu-chieu?lang={language}")
    own.get_by_role("link", name="Chuyện biển").click()
    wrong = violations(own)
    for path, end in ((good, "kept"), (good, "kept"), (bad, "refused")):
        before = own.locator("#uploads li").count()
        own.get_by_label(say["file"], exact=True).set_input_files(str(path))
        own.get_by_role("button", name=say["send"], exact=True).click()
        line = own.locator("#uploads li").first
        own.locator("#uploads li").nth(before).wait_for()
        if before == 0 or end == "refused":
            apart(judged)
        line.get_by_text(say[end], exact=True).wait_for(timeout=60_000)
    wrong += violations(own)
    own.reload()
    assert say["refused"] in own.locator("#uploads").inner_text()
    assert apart(Kept.objects.count) == 1
    own.get_by_label(say["level"], exact=True).select_option("public")
    for name in ("money", "law", "technique"):
        own.get_by_label(say[name]).check()
    own.get_by_role("button", name=say["save"], exact=True).click()
    assert say["open"] in own.get_by_role("alert").inner_text()
    assert own.get_by_label(say["law"]).is_checked(), "nothing has to be said again"
    own.get_by_label(say["terms"]).fill("https://creativecommons.org/licenses/by/4.0/")
    own.get_by_role("button", name=say["save"], exact=True).click()
    wrong += violations(own)
    own.get_by_role("link", name="sách.epub").first.wait_for()
    place = own.get_by_role("link", name="sách.epub").first.get_attribute("href") or ""
    stranger = browser.new_context()
    answer = stranger.request.get(portal + urlsplit(place).path)
    assert answer.body() == good.read_bytes(), "no barrier stands: everybody reads it"
    assert answer.headers["content-disposition"].startswith("attachment")

    clerk = browser.new_context(viewport={"width": 380, "height": 800}).new_page()
    clerk.on("console", lambda message: complaints.append(message.text))
    sign_in(clerk, portal, "deposit_clerk")
    clerk.goto(f"{portal}/luu-chieu/an-pham/{made.pk}?lang={language}")
    wrong += violations(clerk)
    clerk.goto(f"{portal}/luu-chieu/lich?month=2026-10")
    wrong += violations(clerk)
    assert clerk.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    clerk.goto(f"{portal}/luu-chieu/luu-giu")
    wrong += violations(clerk)
    clerk.get_by_role("button", name=say["again"]).click()
    assert clerk.get_by_role("status").inner_text()
    assert clerk.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    assert wrong == []
    assert [one for one in complaints if "400" not in one] == []


@pytest.mark.parametrize("language", ["vi", "en"])
def test_a_library_offers_and_confirms_what_came(portal: str, browser: Browser, language: str) -> None:
    say = {"vi": ("Tặng", "Đã nhận", "Nhan đề"), "en": ("Offer", "Received", "Title")}[language]
    said = {"title": "Chuyện biển", "isbn": "978-604-4983-03-5", "release": "2026-10-15", "run": "500"}
    made = apart(lambda: deposits.declare(Library.objects.get(pk=NXB), deposits.checked(said), by="Lan"))
    apart(lambda: exchange.distribute(made, {CITY: 2}, "d:1", by="Hoa"))
    page = browser.new_context(viewport={"width": 400, "height": 900}).new_page()
    sign_in(page, portal, "partner_librarian", CITY)
    page.goto(f"{portal}/cua-toi/{CITY}/trao-doi?lang={language}")
    wrong = violations(page)
    page.get_by_role("button", name=say[1], exact=True).click()
    page.get_by_role("link", name="01/").wait_for()
    page.get_by_label(say[2], exact=True).fill("Kính vạn hoa")
    page.get_by_role("button", name=say[0], exact=True).click()
    page.get_by_text("Kính vạn hoa").first.wait_for()
    wrong += violations(page)
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    assert wrong == []
    assert apart(lambda: list(Receipt.objects.values_list("copies", flat=True))) == [2]
