"""A loan between two librarians in a real browser, in both languages: from the catalog to the shelf."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from hub.catalog.reads import union_uid
from hub.custody.models import Copy
from hub.lending.models import Loan
from hub.stages.match import match
from hub.stages.merge import merge_due
from hub.stages.publish import publish
from tests.accounts_in_tests import apart, sign_in
from tests.browser.axe import violations
from tests.hub.lending.conftest import CITY, SCHOOL, TITLE, union_of
from tests.hub.provide.network import arrive, source
from tests.hub.provide.portal import serving
from tests.hub.stages.books import book, raw

pytestmark = pytest.mark.browser
WORDS = {
    "vi": {
        "borrow": "Mượn về cho thư viện của bạn", "ask": "Hỏi mượn", "send": "Đã gửi đi", "arrived": "Đã nhận được",
        "turn": "Đến lượt bạn", "theirs": "Đến lượt thư viện", "back": "Đã gửi trả", "home": "Sách đã về",
        "done": "Không còn việc gì phải làm", "number": "Số phiếu của thư viện bạn", "at": "đang ở Trường Lê Lợi",
        "write": "Gửi lời nhắn", "refused": "không dùng làm số phiếu được", "accession": "Số đăng ký cá biệt",
    },
    "en": {
        "borrow": "Borrow it for your library", "ask": "Ask for it", "send": "It is on its way", "arrived": "It has arrived",
        "turn": "It is your turn", "theirs": "It is the turn of", "back": "It is on its way back", "home": "It is back at home",
        "done": "Nothing more is to be done", "number": "Your number for this request", "at": "is with Trường Lê Lợi",
        "write": "Write", "refused": "cannot be the number", "accession": "Accession number",
    },
}  # fmt: skip


@pytest.fixture
def portal(catalog: Path) -> Iterator[str]:
    city = source("thanh-pho", CITY, "Thư viện thành phố")
    school = source("truong-le-loi", SCHOOL, "Trường Lê Lợi")
    arrive(city, [raw(book("1", TITLE, author="Tô Hoài", year=2020, copies="TP.1 TP.2"))])
    arrive(school, [raw(book("1", "Quê nội", author="Võ Quảng", year=2019, copies="LL.1"))])
    match()
    merge_due()
    publish()
    with serving() as address:
        yield address


def tab_of(browser: Browser, portal: str, library: str, complaints: list[str]) -> Page:
    tab = browser.new_context(viewport={"width": 1100, "height": 900}).new_page()
    tab.on("console", lambda message: complaints.append(message.text))
    sign_in(tab, portal, "partner_librarian", library)
    return tab


def press(tab: Page, name: str) -> list[str]:
    tab.get_by_role("button", name=name, exact=True).click()
    return violations(tab)


@pytest.mark.parametrize("language", ["vi", "en"])
def test_a_loan_seen_from_both_sides(portal: str, browser: Browser, language: str) -> None:
    say, complaints = WORDS[language], list[str]()
    school, city = (tab_of(browser, portal, code, complaints) for code in (SCHOOL, CITY))
    school.goto(f"{portal}/r/{apart(lambda: union_uid(union_of()))}?lang={language}")
    school.get_by_role("link", name=say["borrow"]).click()
    wrong = violations(school)
    school.get_by_label(say["number"]).fill("Nguyễn An 3A")
    wrong += press(school, say["ask"])
    assert say["refused"] in school.get_by_role("alert").inner_text()
    school.get_by_label(say["number"]).fill("PM-17")
    wrong += press(school, say["ask"])
    assert say["theirs"] in school.get_by_role("status").inner_text()

    city.goto(f"{portal}/cua-toi/{CITY}/muon?lang={language}")
    wrong += violations(city)
    city.get_by_role("link", name=TITLE).click()
    assert say["turn"] in city.get_by_role("status").inner_text()
    city.get_by_label(say["accession"]).fill("TP.2")
    wrong += press(city, say["send"])
    city.get_by_role("textbox").last.fill("Gửi theo xe thư viện sáng thứ hai <b>nhé</b>")
    wrong += press(city, say["write"])

    school.reload()
    assert "sáng thứ hai <b>nhé</b>" in school.locator(".timeline").inner_text()
    wrong += press(school, say["arrived"])
    school.goto(f"{portal}/r/{apart(lambda: union_uid(union_of()))}")
    assert say["at"] in school.locator(".holders").inner_text()
    school.goto(f"{portal}/cua-toi/{SCHOOL}/muon")
    school.get_by_role("link", name=TITLE).click()
    wrong += press(school, say["back"])
    city.reload()
    wrong += press(city, say["home"])
    assert say["done"] in city.get_by_role("status").inner_text()
    assert apart(lambda: list(Loan.objects.values_list("state", "number"))) == [("done", "PM-17")]
    assert apart(lambda: list(Copy.objects.values_list("accession", "custodian_id", "state"))) == [
        ("TP.2", CITY, "with")
    ]
    assert wrong == []
    assert [one for one in complaints if "400" not in one] == []
