"""The doctor in a real browser: an address in, a letter out, mended and examined again; without scripts, on a phone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from connectors.doctor.examine import Terms
from flows.sample_partners import Repository, serve
from hub.partners import checkups
from hub.partners.gate import Gate
from tests.browser.chromium import PHONE
from tests.connectors.test_doctor import item
from tests.hub.provide.portal import serving

pytestmark = pytest.mark.browser


@pytest.fixture
def portal(catalog: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setenv("LIENTHONG_DOCTOR_PRIVATE", "1")
    monkeypatch.setattr(checkups, "TERMS", Terms(interval=0))
    monkeypatch.setattr(checkups, "GATE", Gate(clock=iter(range(0, 10**6, 100)).__next__))
    with serving() as address:
        yield address


def test_an_address_in_a_letter_out_and_again(portal: str, browser: Browser) -> None:
    tab = browser.new_context(java_script_enabled=False, locale="vi-VN").new_page()
    broken = [item(n, "Dáº¿ MÃ¨n phiÃªu lÆ°u kÃ½") for n in range(30)]
    repository = Repository("x", broken)
    with serve({"x": repository}) as base:
        tab.goto(portal)
        tab.get_by_role("link", name="Bác sĩ máy chủ OAI-PMH").click()
        tab.get_by_label("Địa chỉ máy chủ OAI-PMH").fill(f"{base}/x?verb=Identify")
        tab.get_by_role("button", name="Khám").click()
        assert tab.get_by_role("heading", level=1).inner_text() == "Thư về máy chủ 127.0.0.1"
        assert tab.get_by_role("heading", level=2).first.inner_text().startswith("Thu hoạch sẽ mất mát hoặc sai")
        assert tab.get_by_role("heading", level=3).filter(has_text="mã hóa UTF-8 hai lần").count() == 1
        first = tab.url
        for n in range(30):
            repository.items[f"oai:x:{n}"] = item(n)
        tab.get_by_role("button", name="Khám lại").click()
        assert tab.url != first
        changed = tab.get_by_role("region", name="So với lần khám trước")
        assert "mã hóa UTF-8 hai lần" in changed.inner_text()
        assert tab.get_by_role("region", name="Các lần khám địa chỉ này").get_by_role("listitem").count() == 2


def test_fits_a_phone_and_paper(portal: str, browser: Browser) -> None:
    tab = browser.new_page(viewport=PHONE, locale="vi-VN")
    complaints: list[str] = []
    tab.on("console", lambda message: complaints.append(message.text))
    with serve({"x": Repository("x", [item(n, "D? Mèn") for n in range(30)])}) as base:
        tab.goto(f"{portal}/bac-si?url={base}/x")
        assert tab.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
        tab.get_by_role("button", name="Khám").click()
        tab.evaluate("document.querySelectorAll('details').forEach(it => it.open = true)")
        assert tab.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    tab.emulate_media(media="print")
    assert not tab.get_by_role("button", name="Khám lại").is_visible()
    assert tab.get_by_role("heading", level=1).is_visible()
    assert complaints == []
