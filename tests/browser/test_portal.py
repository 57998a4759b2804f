"""The portal in a real browser: headless Chromium against a server of our own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from hub.catalog.models import Member
from hub.catalog.reads import union_uid
from tests.accounts_in_tests import sign_in
from tests.browser.chromium import PHONE
from tests.hub.provide.network import fill
from tests.hub.provide.portal import serving

pytestmark = pytest.mark.browser


@pytest.fixture
def portal(catalog: Path) -> Iterator[tuple[str, str]]:
    """The address of the portal and of its hostile record."""
    fill()
    hostile = union_uid(Member.objects.get(record__identifier="X1").union)
    with serving() as address:
        yield address, f"{address}/r/{hostile}"


@pytest.fixture
def tab(browser: Browser) -> Page:
    return browser.new_page(locale="en-US")


def test_search_with_and_without_marks_leads_to_the_record(portal: tuple[str, str], tab: Page) -> None:
    for query in ("dế mèn", "de men"):
        tab.goto(portal[0])
        tab.get_by_role("searchbox").fill(query)
        tab.get_by_role("button", name="Tìm").click()
        tab.get_by_role("link", name="Dế Mèn phiêu lưu").click()
        assert tab.get_by_role("heading", level=1).inner_text().startswith("Dế Mèn phiêu lưu")
        assert tab.get_by_role("row", name="Trường Tiểu học Lê Lợi").count() >= 1


def test_facets_work_without_scripts(portal: tuple[str, str], browser: Browser) -> None:
    tab = browser.new_context(java_script_enabled=False).new_page()
    tab.goto(f"{portal[0]}/tim")
    tab.locator("#facets").get_by_role("link", name="Trường Tiểu học Lê Lợi").click()
    assert "2 nhan đề" in tab.get_by_role("heading", level=1).inner_text()
    tab.locator("#facets .chosen a").click()
    assert "5 nhan đề" in tab.get_by_role("heading", level=1).inner_text()


def test_vietnamese_first_and_english_on_choice(portal: tuple[str, str], tab: Page) -> None:
    tab.goto(portal[0])
    assert tab.locator("html").get_attribute("lang") == "vi"
    tab.get_by_role("link", name="English").click()
    assert tab.locator("html").get_attribute("lang") == "en"
    tab.goto(f"{portal[0]}/mang-luoi")
    assert tab.get_by_role("heading", level=1).inner_text() == "State of the network"


def test_nothing_is_wider_than_a_phone(portal: tuple[str, str], browser: Browser) -> None:
    tab = browser.new_page(viewport=PHONE)
    address, hostile = portal
    sign_in(tab, address, "it_staff")
    paths = (
        "/",
        "/tim",
        "/r/LT-0000001",
        "/mang-luoi",
        "/nguon/truong-le-loi",
        "/nguon/truong-le-loi/tu-choi",
        "/thu-vien",
    )
    for page in (*[address + path for path in paths], hostile):
        tab.goto(page)
        tab.evaluate("document.querySelectorAll('details').forEach(it => it.open = true)")
        assert tab.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], page


def test_a_hostile_record_is_inert(portal: tuple[str, str], tab: Page) -> None:
    dialogs: list[str] = []
    tab.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    address, hostile = portal
    sign_in(tab, address, "it_staff")
    for page in (hostile, f"{address}/tim", address, f"{address}/nguon/thanh-pho/bieu-ghi"):
        tab.goto(page)
        assert tab.title() != "broken"
        assert tab.locator("script:not([type='application/ld+json']), img[onerror]").count() == 0
    assert dialogs == []
    tab.goto(hostile)
    assert tab.locator("main a[href^='http']").evaluate_all("all => all.map(one => one.href)") == [
        "https://example.org/sach"
    ]


def test_pages_load_nothing_that_the_policy_forbids(portal: tuple[str, str], tab: Page) -> None:
    complaints: list[str] = []
    tab.on("console", lambda message: complaints.append(message.text))
    for path in ("/", "/tim", "/r/LT-0000001", "/mang-luoi"):
        tab.goto(portal[0] + path)
    assert complaints == []
    assert tab.evaluate("getComputedStyle(document.querySelector('.brand')).display") == "flex"
