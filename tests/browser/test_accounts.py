"""Signing in and the pages of accounts in a real browser: on a phone, with the keyboard, without scripts, in both languages."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.contrib.auth.hashers import check_password
from playwright.sync_api import Browser, Page

from hub.accounts import invitations
from hub.accounts.models import User
from tests.accounts_in_tests import apart, sign_in, somebody
from tests.browser.axe import violations
from tests.browser.chromium import PHONE
from tests.hub.provide.network import fill
from tests.hub.provide.portal import serving

pytestmark = pytest.mark.browser
PASSWORD = "một câu dễ nhớ"
PAGES = ("/tai-khoan", "/tai-khoan/khoa", "/tai-khoan/dong-nghiep/HP-TP", "/quan-tri/tai-khoan", "/quan-tri/nhat-ky")
STRANGERS = ("/dang-nhap", "/dang-nhap/quen", "/dang-nhap/da-gui")
WORDS = {
    "vi": ("Đăng nhập", "Địa chỉ thư điện tử", "Mật khẩu", "Đăng xuất"),
    "en": ("Sign in", "E-mail address", "Password", "Sign out"),
}


@pytest.fixture
def portal(catalog: Path) -> Iterator[str]:
    fill()
    with serving() as address:
        yield address


@pytest.fixture
def complaints() -> list[str]:
    return []


@pytest.fixture
def tab(browser: Browser, complaints: list[str]) -> Page:
    page = browser.new_context(viewport=PHONE, java_script_enabled=True).new_page()
    page.on("console", lambda message: complaints.append(message.text))
    return page


def _lan() -> None:
    user = somebody("cataloger", email="lan@x.example")
    user.set_password(PASSWORD)
    user.save()


def _password_of(email: str) -> str:
    return User.objects.get(email=email).password


def fits(tab: Page) -> bool:
    return bool(tab.evaluate("document.documentElement.scrollWidth") <= PHONE["width"])


@pytest.mark.parametrize("language", ["vi", "en"])
def test_in_and_out_on_a_phone_with_the_keyboard(portal: str, tab: Page, language: str) -> None:
    apart(_lan)
    enter, address, password, leave = WORDS[language]
    tab.goto(f"{portal}/?lang={language}")
    tab.get_by_role("link", name=enter).click()
    assert tab.locator("html").get_attribute("lang") == language
    tab.get_by_label(address).fill("lan@x.example")
    tab.keyboard.press("Tab")
    tab.keyboard.type("wrong")
    tab.keyboard.press("Enter")
    tab.get_by_role("alert").wait_for()
    assert tab.get_by_label(address).input_value() == "lan@x.example", "what was typed stays"
    tab.get_by_label(password).fill(PASSWORD)
    tab.keyboard.press("Enter")
    tab.wait_for_url(f"{portal}/")
    assert fits(tab)
    tab.get_by_role("button", name=leave).click()
    tab.get_by_role("status").wait_for()
    assert fits(tab)
    tab.goto(f"{portal}/tai-khoan")
    assert "/dang-nhap?next=" in tab.url


@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_page_fits_and_every_field_has_its_label(
    portal: str, tab: Page, language: str, complaints: list[str]
) -> None:
    apart(invitations.invite, "hoa@x.example", "publisher", "HP-TP", by="x")
    tab.goto(f"{portal}/?lang={language}")
    for page in STRANGERS:
        tab.goto(portal + page)
        assert fits(tab), page
        assert violations(tab) == []
    user = sign_in(tab, portal, "administrator")
    sign_in(tab, portal, "partner_librarian", "HP-TP")
    sign_in(tab, portal, "administrator")
    for page in (*PAGES, f"/quan-tri/tai-khoan/{user.pk}"):
        tab.goto(portal + page)
        assert tab.get_by_role("heading", level=1).count() == 1, page
        assert fits(tab), page
        assert violations(tab) == []
    assert complaints == []


def test_an_invitation_without_scripts(portal: str, browser: Browser) -> None:
    tab = browser.new_context(viewport=PHONE, java_script_enabled=False).new_page()
    _, link = apart(invitations.invite, "hoa@x.example", "bookcase_owner", "HP-TP", by="lan@x.example")
    tab.goto(portal + link.removeprefix("http://127.0.0.1:8000"))
    assert "Thư viện thành phố" in tab.locator("main").inner_text()
    tab.get_by_label("Tên").fill("Trần Thị Hoa")
    tab.get_by_label("Mật khẩu mới", exact=True).fill("đọc sách mỗi ngày")
    tab.get_by_label("Gõ lại mật khẩu mới").fill("đọc sách mỗi ngày")
    tab.get_by_role("button", name="Nhận lời mời").click()
    assert tab.get_by_role("heading", level=1).inner_text() == "Trần Thị Hoa"
    assert check_password("đọc sách mỗi ngày", apart(_password_of, "hoa@x.example"))


def test_the_demos_door(portal: str, tab: Page) -> None:
    tab.goto(apart(invitations.entry, portal))
    tab.get_by_role("button", name="Vào với vai trò quản trị viên").click()
    tab.get_by_role("link", name="Tài khoản", exact=True).click()
    assert tab.get_by_role("heading", level=1).inner_text() == "Tài khoản"
