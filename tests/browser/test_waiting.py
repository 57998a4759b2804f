"""The pages of what waits for a person, in a real browser: readable on a phone, nothing runs, nothing is forbidden."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from hub.catalog.models import Rejection
from tests.accounts_in_tests import sign_in
from tests.browser.chromium import PHONE
from tests.hub.operations.troubled import fill, holds
from tests.hub.provide.portal import serving

pytestmark = pytest.mark.browser


@pytest.fixture
def portal(catalog: Path) -> Iterator[tuple[str, list[str]]]:
    """The address of the portal, and its pages of what waits."""
    fill()
    rejected = [f"/nguon/tu-sach/tu-choi/{number}" for number in Rejection.objects.values_list("pk", flat=True)]
    held = [f"/cho-duyet/{hold.pk}" for hold in holds().values()]
    with serving() as address:
        yield address, ["/dieu-hanh", "/nguon/tu-sach", "/nguon/tu-sach/tu-choi", *rejected, "/cho-duyet", *held]


@pytest.fixture
def tab(browser: Browser, portal: tuple[str, list[str]]) -> Page:
    page = browser.new_page(viewport=PHONE)
    sign_in(page, portal[0], "it_staff")
    return page


def test_nothing_is_wider_than_a_phone_and_nothing_is_complained_of(portal: tuple[str, list[str]], tab: Page) -> None:
    complaints: list[str] = []
    tab.on("console", lambda message: complaints.append(message.text))
    address, pages = portal
    for language in ("vi", "en"):
        tab.goto(f"{address}/mang-luoi?lang={language}")
        for page in pages:
            tab.goto(address + page)
            tab.evaluate("document.querySelectorAll('details').forEach(it => it.open = true)")
            assert tab.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], page
            assert tab.locator("script").count() == 0
    assert complaints == []


def test_from_the_desk_to_a_hold_and_to_a_rejected_record(portal: tuple[str, list[str]], tab: Page) -> None:
    tab.goto(f"{portal[0]}/dieu-hanh")
    tab.locator(".urgent").filter(has_text="bị báo xóa").get_by_role("link").click()
    assert "8 trong 12 biểu ghi" in tab.get_by_role("heading", level=1).inner_text()
    assert tab.get_by_role("button", name="Cho phép").is_visible()
    tab.goto(f"{portal[0]}/dieu-hanh")
    tab.get_by_role("link", name="2 biểu ghi cách ly").click()
    tab.locator("section a[href*='xml_broken']").click()
    tab.get_by_role("link", name="2", exact=True).last.click()
    assert tab.get_by_role("button", name="Nhận đề nghị").is_visible()
