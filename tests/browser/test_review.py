"""The catalogers' desk in a real browser: pair after pair by one key each, in both languages, and on a phone."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from hub.catalog.models import Decision, Question
from hub.review.models import Unsure
from tests.accounts_in_tests import apart, sign_in
from tests.browser.axe import violations
from tests.browser.chromium import PHONE
from tests.hub.provide.network import arrive
from tests.hub.provide.portal import serving
from tests.hub.review import asked
from tests.hub.stages.books import raw

pytestmark = pytest.mark.browser
PAIRS = 20
KEYS = "ttkt?" * 4
RECORDED = {"vi": "Đã ghi:", "en": "Recorded:"}


@pytest.fixture
def portal(catalog: Path) -> Iterator[str]:
    """The address of a portal in which questions wait."""
    asked.fill()
    one, other = asked.hostile()
    arrive(asked.library("thanh-pho"), [raw(one)])
    arrive(asked.library("truong-le-loi"), [raw(other)])
    assert len(asked.open_pairs()) >= 25
    with serving() as address:
        yield address


def cataloger(browser: Browser, address: str, language: str = "vi", **options: object) -> Page:
    page = browser.new_context(**options).new_page()  # type: ignore[arg-type]
    sign_in(page, address, "cataloger")
    page.goto(f"{address}/duyet?lang={language}")
    return page


@pytest.mark.parametrize("language", ["vi", "en"])
def test_twenty_pairs_by_keyboard_and_one_undone(portal: str, browser: Browser, language: str) -> None:
    complaints: list[str] = []
    tab = cataloger(browser, portal, language)
    tab.on("console", lambda message: complaints.append(message.text))
    tab.on("dialog", lambda dialog: complaints.append(dialog.message))
    waiting = len(apart(asked.open_pairs))
    tab.keyboard.press("Enter")
    tab.wait_for_url("**/duyet/cap/**")
    seen = {tab.url.partition("?")[0]}
    for key in KEYS[:PAIRS]:
        before = tab.url
        tab.keyboard.press(key)
        tab.wait_for_url(lambda url, before=before: url != before)  # type: ignore[misc]
        expect(tab.locator("#say")).to_contain_text(RECORDED[language])
        seen.add(tab.url.partition("?")[0])
        assert tab.evaluate("document.activeElement.id") == "ask", "reading begins at the head of the next pair"
    assert len(seen) == PAIRS + 1, "no pair is shown twice"
    assert apart(lambda: (Decision.objects.count(), Unsure.objects.count())) == (16, 4)
    assert len(apart(asked.open_pairs)) == waiting - 16
    tab.keyboard.press("t")
    tab.wait_for_url("**?done=d*")
    last = apart(lambda: Decision.objects.latest("pk"))
    tab.keyboard.press("z")
    tab.wait_for_url("**?undone=d*")
    assert apart(lambda: Decision.objects.latest("pk").undone_at) is not None
    assert f"/duyet/cap/{last.first_id}/{last.second_id}" in tab.url
    assert complaints == []


def test_keys_do_nothing_while_somebody_writes_or_when_switched_off(portal: str, browser: Browser) -> None:
    tab = cataloger(browser, portal)
    tab.locator("#go").click()
    tab.locator("textarea").fill("")
    tab.locator("textarea").press_sequentially("tkz")
    assert tab.locator("textarea").input_value() == "tkz"
    tab.locator("#shortcuts button:visible").click()
    tab.locator("#ask").focus()
    tab.keyboard.press("t")
    tab.keyboard.press("Control+k")
    assert apart(Decision.objects.count) == 0
    tab.locator("#shortcuts button:visible").click()
    tab.keyboard.press("f")
    assert tab.locator("#fields").get_attribute("open") is not None
    assert tab.evaluate("document.activeElement.name") == "lead"


def test_the_same_without_scripts(portal: str, browser: Browser) -> None:
    tab = cataloger(browser, portal, java_script_enabled=False)
    tab.get_by_role("button", name="Bắt đầu duyệt").click()
    tab.get_by_role("button", name="Trùng").click()
    tab.get_by_role("button", name="Khác").click()
    tab.locator("#notice").get_by_role("button", name="Hoàn tác").click()
    assert apart(lambda: [one.verdict for one in Decision.objects.filter(undone_at=None)]) == ["SAME"]


def test_nothing_is_wider_than_a_phone_nothing_runs_and_all_can_be_used(portal: str, browser: Browser) -> None:
    complaints: list[str] = []
    for language, scheme in (("vi", "light"), ("en", "dark")):
        tab = cataloger(browser, portal, language, viewport=PHONE, color_scheme=scheme)
        tab.on("console", lambda message: complaints.append(message.text))
        tab.on("dialog", lambda dialog: complaints.append(dialog.message))
        pair = apart(lambda: (asked.record("X1"), asked.record("X2")))
        tab.goto(f"{portal}/duyet/cap/{pair[0]}/{pair[1]}")
        if apart(Question.objects.filter(first=pair[0]).exists):
            tab.locator("button[value=same]").click()
        uid = apart(partial(asked.uid_of, pair[0]))
        first = apart(asked.open_pairs)[0]
        pages = [
            "/duyet", f"/duyet/cap/{pair[0]}/{pair[1]}", f"/duyet/cap/{first[0]}/{first[1]}",
            f"/duyet/cap/{first[0]}/{first[1]}/cung-kieu", f"/duyet/cum/{uid}", f"/duyet/lich-su/{uid}",
            "/duyet/viec-da-lam", "/duyet/mau-thuan",
        ]  # fmt: skip
        for path in pages:
            tab.goto(portal + path)
            tab.evaluate("document.querySelectorAll('details').forEach(it => it.open = true)")
            assert tab.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], path
            assert tab.title() != "broken", path
            assert violations(tab) == [], path
            assert len(tab.content().encode()) < 200_000, path
    assert complaints == []
