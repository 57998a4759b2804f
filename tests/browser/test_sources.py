"""The IT staff's errands in a real browser: a source added and run to its end, holds decided, quarantine mended in bulk."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page

from flows.asked import Worker
from hub.catalog.models import Record, Run
from hub.operations import guess
from tests.accounts_in_tests import apart, sign_in
from tests.browser.axe import violations
from tests.browser.chromium import PHONE
from tests.connectors.partner import serving as partner
from tests.hub.operations.test_requests import sources
from tests.hub.operations.test_wizard import answer
from tests.hub.operations.troubled import fill, holds
from tests.hub.provide.portal import serving

pytestmark = pytest.mark.browser
assert sources
WORDS = {
    "vi": {
        "add": "Thêm nguồn", "look": "Xem thử", "show": "Xem hai mươi biểu ghi", "on": "Trông đúng rồi: tiếp tục",
        "file": "Xem tệp sẽ ghi", "save": "Lưu và chạy", "schedule": "mỗi đêm lúc 2 giờ", "often": "hằng ngày lúc 02:00",
        "done": "Thành công", "ended": "Kết thúc tốt", "release": "Cho phép", "undo": "Hoàn lại",
        "address": "Địa chỉ", "new": "Tên thư viện mới", "code": "Mã của thư viện trong mạng lưới", "how": "Bao lâu một lần",
        "run": "Chạy ngay", "again": "Đọc lại tất cả", "mend": "Sửa tất cả", "accept": "Nhận cách sửa cho tất cả lỗi loại này",
        "reason": "Lý do", "removed": "bị báo xóa",
    },
    "en": {
        "add": "Add a source", "look": "Look at it", "show": "Show twenty records", "on": "It looks right: go on",
        "file": "Show the file", "save": "Save and run", "schedule": "every night at 2", "often": "every day at 02:00",
        "done": "Succeeded", "ended": "Ended well", "release": "Let it happen", "undo": "Undo it",
        "address": "Address", "new": "Name of the new library", "code": "Its code in the network", "how": "How often",
        "run": "Run now", "again": "Read all of them again", "mend": "Mend all", "accept": "Accept for all of this kind",
        "reason": "Reason", "removed": "reported as deleted",
    },
}  # fmt: skip


@pytest.fixture
def portal(catalog: Path) -> Iterator[str]:
    """The address of a portal with a network in trouble."""
    fill()
    with serving() as address:
        yield address


@pytest.fixture
def worker(portal: str) -> Iterator[Worker]:
    """The worker of requests, in a thread."""
    assert portal
    running = Worker()
    thread = threading.Thread(target=running.stay)
    thread.start()
    yield running
    running.stop()
    thread.join(30)


def desk(browser: Browser, address: str, language: str, *, phone: bool = False, scripts: bool = True) -> Page:
    """A tab of somebody of the IT staff, at the desk."""
    size = PHONE if phone else {"width": 1280, "height": 900}
    context = browser.new_context(viewport=size, java_script_enabled=scripts)  # type: ignore[arg-type]
    tab = context.new_page()
    tab.set_default_timeout(8000)
    sign_in(tab, address, "it_staff")
    context.add_cookies([{"name": "language", "value": language, "url": address}])
    tab.goto(f"{address}/dieu-hanh")
    return tab


def live(source: str) -> int:
    """How many live records a source has."""
    return int(apart(Record.objects.filter(source__name=source, state="live").count))


def state(identifier: str) -> str:
    return str(apart(Record.objects.get, source__name="tu-sach", identifier=identifier).state)


def newest() -> Run:
    """The last harvest of the shelf."""
    found: Run = apart(Run.objects.filter(source__name="ke-sach", kind="harvest").latest, "pk")
    return found


def change(run: Run, **values: object) -> None:
    apart(Run.objects.filter(pk=run.pk).update, **values)


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.usefixtures("sources", "worker")
def test_a_source_is_added_by_the_wizard_and_run_to_its_end(
    portal: str, browser: Browser, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = WORDS[language]
    monkeypatch.setattr(guess, "TERMS", guess.Terms(limit=8, seconds=10, interval=0))
    with partner(answer) as server:
        monkeypatch.setenv("LIENTHONG_PRIVATE_HOSTS", urlsplit(server.url).netloc)
        tab = desk(browser, portal, language, scripts=language == "vi")
        tab.get_by_role("link", name=said["add"]).click()
        tab.get_by_label(said["address"]).fill(server.url)
        tab.get_by_role("button", name=said["look"]).click()
        tab.get_by_role("button", name=said["show"]).click()
        assert tab.locator(".sampled > li").count() == 20
        assert "Dế Mèn phiêu lưu ký 7" in tab.locator(".sampled").inner_text()
        tab.get_by_role("button", name=said["on"]).click()
        tab.get_by_label(said["new"]).fill("Thư viện phường Chín")
        tab.get_by_label(said["code"]).fill("TV-9")
        tab.get_by_label(said["how"]).fill(said["schedule"])
        tab.get_by_role("button", name=said["file"]).click()
        assert said["often"] in tab.locator(".facts").inner_text()
        tab.get_by_role("button", name=said["save"]).click()
        assert tab.get_by_role("status").count() == 1
        link = tab.locator(".plain a[href^='/luot/']")
        for _ in range(60):  # until the worker has taken it
            if link.count():
                break
            tab.wait_for_timeout(250)
            tab.goto(f"{portal}/nguon/thu-vien-phuong-chin")
        link.click()
        for _ in range(60):
            if tab.locator(".lead .status").inner_text() == said["done"]:
                break
            tab.wait_for_timeout(250)
            tab.reload()
        assert tab.locator(".lead .status").inner_text() == said["done"]
        assert said["ended"] in tab.locator(".log").inner_text()
    assert live("thu-vien-phuong-chin") == 24


@pytest.mark.parametrize("language", ["vi", "en"])
def test_a_hold_is_released_and_undone(portal: str, browser: Browser, language: str) -> None:
    said = WORDS[language]
    tab = desk(browser, portal, language)
    tab.locator(".urgent").filter(has_text=said["removed"]).get_by_role("link").click()
    tab.get_by_role("button", name=said["release"]).click()
    assert tab.get_by_role("status").count() == 0, "without a reason the browser does not even send it"
    assert live("ke-sach") == 12
    tab.get_by_label(said["reason"]).fill("đã thanh lý")
    tab.get_by_role("button", name=said["release"]).click()
    assert tab.get_by_role("status").count() == 1
    assert live("ke-sach") == 4
    tab.get_by_label(said["reason"]).fill("nhầm")
    tab.get_by_role("button", name=said["undo"]).click()
    assert live("ke-sach") == 12
    assert apart(holds)["deletions"].decided_by == "it_staff@lienthong.example"


@pytest.mark.parametrize("language", ["vi", "en"])
def test_quarantine_is_read_again_and_mended_in_bulk(portal: str, browser: Browser, language: str) -> None:
    said = WORDS[language]
    tab = desk(browser, portal, language)
    tab.locator(".waits a[href='/dieu-hanh/cach-ly']").click()
    tab.locator("section a[href*='xml_broken']").click()
    tab.get_by_role("button", name=said["again"]).click()
    assert tab.get_by_role("status").count() == 1
    assert state("2") == "rejected"
    tab.locator("tr", has_text="xml_broken").get_by_role("link", name=said["mend"]).click()
    assert "&amp; lá" in tab.locator(".sides").first.inner_text()
    tab.get_by_role("button", name=said["accept"]).click()
    assert tab.get_by_role("status").count() == 1
    assert state("2") == "live"


@pytest.mark.usefixtures("sources")
def test_every_page_of_the_desk_fits_a_phone_and_nothing_is_complained_of(portal: str, browser: Browser) -> None:
    run = newest()
    change(run, status="running", announced=40)
    pages = [
        "/dieu-hanh", "/dieu-hanh/cach-ly", "/dieu-hanh/lien-he", "/nguon/moi", "/nguon/ke-sach", "/nguon/a",
        "/nguon/a/cai-dat", "/nguon/ke-sach/do-phu", f"/luot/{run.pk}", "/cho-duyet",
        f"/cho-duyet/{apart(holds)['deletions'].pk}", "/nguon/tu-sach/tu-choi",
        "/nguon/tu-sach/tu-choi/xem-truoc?code=xml_broken", "/mang-luoi",
    ]  # fmt: skip
    for language in ("vi", "en"):
        tab = desk(browser, portal, language, phone=True)
        complaints: list[str] = []
        wrong: list[str] = []
        tab.on("console", lambda message, seen=complaints: seen.append(message.text))
        for page in pages:
            tab.goto(portal + page)
            tab.evaluate("document.querySelectorAll('details').forEach(it => it.open = true)")
            assert tab.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], page
            unnamed = "[...document.querySelectorAll('main :is(input, select, textarea)')].filter(it => it.type !== 'hidden' && !it.hidden && !it.labels.length && !it.ariaLabel).length"
            assert tab.evaluate(unnamed) == 0, page
            wrong += violations(tab) if language == "vi" else []
        assert complaints == []
        assert wrong == []


def test_the_page_of_a_run_follows_it_by_itself(portal: str, browser: Browser) -> None:
    run = newest()
    change(run, status="running", finished_at=None, received=12, announced=40)
    tab = desk(browser, portal, "vi")
    tab.goto(f"{portal}/luot/{run.pk}")
    change(run, received=20, updated=20, created=0, deleted=0, unchanged=0)
    tab.locator(".stages").get_by_text("20 / 40").wait_for()
    change(run, status="succeeded")
    tab.locator(".lead .status", has_text="Thành công").wait_for()
