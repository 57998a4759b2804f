"""A publisher declares, a clerk follows, in a real browser and both languages."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Browser

from hub.deposit.models import Claim, Duty, Receipt
from hub.network.models import Library
from tests.accounts_in_tests import apart, sign_in
from tests.browser.axe import violations
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
def portal(catalog: Path) -> Iterator[str]:
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
    assert "không thay thế giấy nhận lưu chiểu" in clerk.locator(".sheet").inner_text()
    wrong += violations(clerk)
    assert apart(lambda: (Duty.objects.count(), Claim.objects.count(), Receipt.objects.count())) == (2, 1, 1)
    assert wrong == []
    assert [one for one in complaints if "400" not in one] == []
