"""Each desk's main errand in a browser without scripts (scanning and keys apart, everything works so)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from hub.accounts.models import Invitation
from hub.catalog.models import Correction, Decision, Record
from hub.stages import soon
from tests.accounts_in_tests import apart, sign_in
from tests.browser.chromium import PHONE
from tests.hub.operations import troubled
from tests.hub.partners.sheets import ward, write
from tests.hub.provide.portal import serving
from tests.hub.review import asked

pytestmark = pytest.mark.browser


@pytest.fixture
def portal(catalog: Path) -> Iterator[str]:
    asked.fill(4)
    troubled.fill()
    with serving() as address:
        yield address
        soon.FOLLOWER.wait()


@pytest.fixture
def tab(browser: Browser, portal: str) -> Page:
    return browser.new_context(java_script_enabled=False, viewport=PHONE).new_page()  # type: ignore[arg-type]


def live(source: str) -> int:
    return int(apart(Record.objects.filter(source__name=source, state="live").count))


def test_a_cataloger_decides_a_pair_and_undoes_it(portal: str, tab: Page) -> None:
    sign_in(tab, portal, "cataloger")
    tab.goto(f"{portal}/duyet")
    tab.get_by_role("button", name="Bắt đầu duyệt").click()
    tab.get_by_role("button", name="Trùng").click()
    assert "Đã ghi:" in tab.locator("#notice").inner_text()
    assert apart(Decision.objects.filter(undone_at=None).count) == 1
    tab.locator("#notice").get_by_role("button", name="Hoàn tác").click()
    assert apart(Decision.objects.filter(undone_at=None).count) == 0


def test_it_staff_decide_a_hold_and_ask_for_a_run(portal: str, tab: Page) -> None:
    sign_in(tab, portal, "it_staff")
    tab.goto(f"{portal}/dieu-hanh")
    tab.locator(".urgent").filter(has_text="bị báo xóa").get_by_role("link").click()
    tab.get_by_label("Lý do").fill("đã thanh lý")
    tab.get_by_role("button", name="Cho phép").click()
    assert tab.get_by_role("status").count() == 1
    assert live("ke-sach") == 4
    tab.goto(f"{portal}/dieu-hanh/cach-ly")
    tab.locator("section a[href*='xml_broken']").click()
    tab.get_by_role("link", name="Sửa mọi lỗi loại này").click()
    tab.get_by_role("button", name="Nhận cách sửa cho tất cả lỗi loại này").click()
    assert apart(Record.objects.get, source__name="tu-sach", identifier="2").state == "live"


def test_a_library_uploads_its_list_and_corrects_a_record(portal: str, tab: Page, tmp_path: Path) -> None:
    sign_in(tab, portal, "partner_librarian", "HP-LL")
    tab.goto(f"{portal}/cua-toi/HP-LL/tai-len")
    tab.locator("input[type=file]").set_input_files(write(tmp_path / "phuong.xlsx", ward()))
    tab.get_by_role("button", name="Tiếp tục").click()
    tab.get_by_role("button", name="Xem trước kết quả").click()
    tab.get_by_role("button", name="Nhập vào mục lục").click()
    assert "Đã nhập" in tab.locator(".status").inner_text()
    assert live("HP-LL-xlsx") == 4
    number = apart(lambda: Record.objects.get(identifier="LL000").pk)
    tab.goto(f"{portal}/cua-toi/HP-LL/bieu-ghi/{number}")
    tab.get_by_label("Số trang").fill("98")
    tab.get_by_role("button", name="Lưu bản sửa").click()
    assert apart(lambda: Correction.objects.get(record=number).new) == "98"


def test_an_administrator_invites_somebody(portal: str, tab: Page) -> None:
    sign_in(tab, portal, "administrator")
    tab.goto(f"{portal}/quan-tri/tai-khoan")
    tab.get_by_label("Địa chỉ thư điện tử").fill("hoa@x.example")
    tab.get_by_label("Vai trò").select_option("cataloger")
    tab.get_by_role("button", name="Mời").click()
    assert apart(lambda: Invitation.objects.get().role) == "cataloger"
