"""Search in a real browser: facets, wordings, works, files, copies and the pages around them, in both languages."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.axe import violations
from tests.hub.provide.network import arrive, fill, source
from tests.hub.provide.portal import serving
from tests.hub.provide.test_opds import ebook
from tests.hub.provide.test_search_pages import home_library
from tests.hub.stages.books import book, raw

pytestmark = pytest.mark.browser
PAGES = {
    "results": "/tim?q=đế+mèn",
    "works": "/tim?q=dế+mèn",
    "facets": "/tim?library=HP-TP&decade=2020&from=2000",
    "nothing": "/tim?q=xyzzyq",
    "slip": "/tim?q=đất+rừng+phươg+nam",
    "help": "/tim/cach-tim",
    "record": "/r/LT-0000001",
    "copy": "/sao-chep",
    "copied": "/sao-chep?q=978604299001",
    "box": "/nhung",
    "api": "/api/v1/docs",
    "closed": "/thu-vien/HP-NHA",
}


@pytest.fixture
def portal(catalog: Path) -> Iterator[str]:
    fill()
    more = [book(str(20 + n), "Dế Mèn phiêu lưu ký", volume=str(n), year=2000 + n) for n in range(1, 5)]
    more += [ebook("E1", "Toán 6 mở", "https://x.example/toan6.epub", audience="c")]
    arrive(source("thanh-pho", "HP-TP", "Thư viện thành phố"), [raw(one) for one in more])
    home_library()
    with serving() as address:
        yield address


@pytest.fixture
def tab(browser: Browser) -> Page:
    return browser.new_page()


def test_wrong_marks_lead_to_the_right_ones(portal: str, tab: Page) -> None:
    for language, said in (("vi", "Có phải ý là"), ("en", "Did you mean")):
        tab.goto(f"{portal}/?lang={language}")
        tab.get_by_role("searchbox").fill("đế mèn")
        tab.get_by_role("searchbox").press("Enter")
        assert said in tab.locator(".wordings").inner_text()
        tab.locator(".wordings").get_by_role("link", name="dế mèn", exact=True).click()
        assert tab.get_by_role("searchbox").input_value() == "dế mèn"
        assert tab.locator(".wordings").count() == 0


def test_works_and_every_edition(portal: str, tab: Page) -> None:
    tab.goto(f"{portal}/tim?q=dế mèn")
    assert tab.locator("ol.books > li").count() == 1
    assert "5 lần xuất bản, 4 tập" in tab.locator(".editions").inner_text()
    tab.get_by_role("link", name="từng lần xuất bản").click()
    assert tab.locator("ol.books > li").count() == 5
    tab.get_by_role("link", name="tác phẩm", exact=True).click()
    tab.locator(".editions a").click()
    assert tab.get_by_role("heading", name="Các lần xuất bản khác").is_visible()


def test_several_facets_and_years_without_scripts(portal: str, browser: Browser) -> None:
    tab = browser.new_context(java_script_enabled=False).new_page()
    tab.goto(f"{portal}/tim?by=edition")
    facets = tab.locator("#facets")
    facets.get_by_role("link", name="Thư viện thành phố").click()
    facets.get_by_label("từ").fill("2001")
    facets.get_by_label("đến").fill("2003")
    facets.get_by_role("button", name="Lọc").click()
    assert "3 nhan đề" in tab.get_by_role("heading", level=1).inner_text()
    assert facets.locator(".chosen").count() == 1
    facets.get_by_role("link", name="Bỏ tất cả bộ lọc").click()
    assert facets.locator(".chosen").count() == 0
    assert "cụ Tam" not in tab.content()


def test_files_come_down(portal: str, tab: Page) -> None:
    tab.goto(f"{portal}/r/LT-0000001")
    with tab.expect_download() as waiting:
        tab.get_by_role("link", name="BibTeX").click()
    assert waiting.value.suggested_filename == "LT-0000001.bib"


def test_a_list_of_isbns_comes_back_as_records(portal: str, tab: Page) -> None:
    tab.goto(f"{portal}/sao-chep")
    tab.get_by_label("ISBN hoặc nhan đề, mỗi dòng").fill("978604299001\nTruyện cổ tích Việt Nam\n9786040000002")
    with tab.expect_download() as waiting:
        tab.get_by_role("button", name="Lấy các biểu ghi").click()
    assert waiting.value.suggested_filename == "lienthong.zip"
    tab.get_by_role("button", name="Lấy các biểu ghi").press("Tab")
    tab.goto(f"{portal}/sao-chep")
    tab.get_by_role("button", name="Lấy các biểu ghi").click()
    assert "Chưa có ISBN" in tab.get_by_role("alert").inner_text()


@pytest.mark.parametrize("width", [360, 1280])
def test_pages_are_accessible_fit_and_obey_the_policy(portal: str, browser: Browser, width: int) -> None:
    shots = os.environ.get("LIENTHONG_SHOTS")
    wrong: list[str] = []
    for language, scheme in (("vi", "light"), ("en", "dark")):
        tab = browser.new_page(viewport={"width": width, "height": 800}, color_scheme=scheme)  # type: ignore[arg-type]
        tab.on("console", lambda message, told=wrong: told.append(message.text))
        tab.goto(f"{portal}/?lang={language}")
        for name, path in PAGES.items():
            tab.goto(portal + path)
            if shots:
                tab.screenshot(path=f"{shots}/{name}-{language}-{width}.png", full_page=True)
            wrong += violations(tab)
            if tab.evaluate("document.documentElement.scrollWidth") > width:
                wrong.append(f"{path} is wider than {width}")
    assert wrong == []
