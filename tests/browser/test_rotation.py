"""Boxes in a real browser: a coordinator plans, a driver hands over on a phone, a place without a line counts offline."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Browser

from hub.catalog.models import Record
from hub.custody.models import Copy
from hub.network.models import Library
from hub.rotation import boxes, bundle
from hub.rotation.models import Box, Handover, Plan
from hub.stages.match import match
from hub.stages.merge import merge_due
from hub.stages.publish import publish
from tests.accounts_in_tests import apart, sign_in
from tests.browser.axe import violations
from tests.browser.chromium import PHONE
from tests.hub.lending.conftest import CITY, SCHOOL
from tests.hub.provide.network import arrive, source
from tests.hub.provide.portal import serving
from tests.hub.stages.books import book, raw

pytestmark = pytest.mark.browser
WORDS = {
    "vi": {
        "make": "Tạo hộp", "plan": "Lập kế hoạch", "this": "Lập kế hoạch này", "force": "Thực hiện kế hoạch", "code": "Mã ghi trên nhãn",
        "copies": "Số đăng ký cá biệt của các bản sách", "given": "Ký giao", "received": "Ký nhận", "signs": "Người ký thay thư viện",
        "missing": "thiếu", "minutes": "Biên bản nhận hộp sách", "gave": "Biên bản giao hộp sách", "file": "Tệp mang về", "take": "Nhập vào",
        "new": "Đã nhập 2 việc, 0 việc đã có", "again": "Đã nhập 0 việc, 2 việc đã có",
    },
    "en": {
        "make": "Make the box", "plan": "Make a plan", "this": "Make the plan", "force": "Put it in force", "code": "Code on the label",
        "copies": "Accession numbers of its copies", "given": "Sign: given", "received": "Sign: received", "signs": "Who signs for the library",
        "missing": "missing", "minutes": "Minutes of receiving", "gave": "Minutes of giving", "file": "The file that came back", "take": "Take it in",
        "new": "2 acts taken in, 0 were known", "again": "0 acts taken in, 2 were known",
    },
}  # fmt: skip


@pytest.fixture
def portal(catalog: Path) -> Iterator[str]:
    city = source("thanh-pho", CITY, "Thư viện thành phố")
    titles = ("Dế Mèn phiêu lưu ký", "Đất rừng phương Nam", "Quê nội </script><b>")
    arrive(city, [raw(book(f"{n}", title, copies=f"TN.{n}")) for n, title in enumerate(titles, start=1)])
    school = source("truong-le-loi", SCHOOL, "Trường Tiểu học Lê Lợi")
    arrive(school, [raw(book("1", "Góc sân và khoảng trời", copies="LL.1"))])
    match()
    merge_due()
    publish()
    Library.objects.filter(pk=CITY).update(latitude=20.86, longitude=106.68, kind="public")
    Library.objects.filter(pk=SCHOOL).update(latitude=20.85, longitude=106.72, kind="school")
    with serving() as address:
        yield address


def where() -> Any:
    rows = Copy.objects.order_by("accession").values_list("accession", "custodian_id", "state")
    return apart(lambda: list(rows))


@pytest.mark.parametrize("language", ["vi", "en"])
def test_from_the_plan_to_the_drivers_phone(portal: str, browser: Browser, language: str) -> None:
    say, complaints = WORDS[language], list[str]()
    desk = browser.new_context(viewport={"width": 1100, "height": 900}).new_page()
    desk.on("console", lambda message: complaints.append(message.text))
    sign_in(desk, portal, "coordinator")
    desk.goto(f"{portal}/luan-chuyen?lang={language}")
    desk.get_by_label(say["code"]).fill("h-01")
    desk.get_by_label(say["copies"]).fill("TN.1 TN.2\nTN.3")
    wrong = violations(desk)
    desk.get_by_role("button", name=say["make"], exact=True).click()
    wrong += violations(desk)
    desk.goto(f"{portal}/luan-chuyen/nhan")
    assert desk.locator("svg.qr").count() == 1
    wrong += violations(desk)
    desk.goto(f"{portal}/luan-chuyen/ke-hoach")
    wrong += violations(desk)
    desk.get_by_role("button", name=say["this"], exact=True).click()
    assert "Trường Tiểu học Lê Lợi" in desk.locator(".calendar").inner_text()
    assert desk.locator(".round-map circle").count() == 2
    wrong += violations(desk)
    desk.get_by_role("button", name=say["force"], exact=True).click()

    phone = browser.new_context(viewport=PHONE).new_page()
    phone.on("console", lambda message: complaints.append(message.text))
    sign_in(phone, portal, "carrier")
    phone.goto(f"{portal}/xe?lang={language}&period=0")
    wrong += violations(phone)
    phone.get_by_role("link", name="H-01").first.click()
    wrong += violations(phone)
    phone.get_by_label(say["signs"]).fill("Cô Hoa")
    phone.get_by_role("button", name=say["given"]).click()
    assert phone.get_by_role("heading", level=1).inner_text().startswith(say["gave"])
    wrong += violations(phone)
    assert {state for *_, state in where()} == {"on_the_way"}

    phone.goto(f"{portal}/hop/H-01")
    phone.get_by_role("group", name="TN.2").get_by_label(say["missing"]).check()
    phone.get_by_label(say["signs"]).fill("Thầy Nam")
    phone.get_by_role("button", name=say["received"]).click()
    assert phone.get_by_role("heading", level=1).inner_text().startswith(say["minutes"])
    assert where() == [("TN.1", SCHOOL, "with"), ("TN.2", CITY, "lost"), ("TN.3", SCHOOL, "with")]
    assert phone.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert wrong == []
    assert complaints == []


@pytest.mark.parametrize("language", ["vi", "en"])
def test_a_place_without_a_line(portal: str, browser: Browser, tmp_path: Path, language: str) -> None:
    say = WORDS[language]

    def prepare() -> bytes:
        box = boxes.make("H-01", "Truyện", Library.objects.get(pk=CITY), by="Lan")
        boxes.fill(box, ["TN.1", "TN.3"], by="Lan", at=timezone.now())
        day = timezone.localdate()
        plan = Plan.objects.create(name="x", first=day, last=day + timedelta(days=90), weeks=4, state="in_force",
                                   made_at=timezone.now(), made_by="Lan")  # fmt: skip
        plan.stops.create(box=box, library_id=SCHOOL, period=0, first=day, last=day + timedelta(days=90))
        boxes.give(box, CITY, SCHOOL, {}, boxes.Signed("Hoa", timezone.now(), "k" * 32, "lan"))
        return bundle.pack(Library.objects.get(pk=SCHOOL), timezone.now())

    with zipfile.ZipFile(io.BytesIO(apart(prepare))) as packed:
        packed.extractall(tmp_path)
        assert set(packed.namelist()) == {"mo-tep-nay.html", "danh-muc.csv", "hop.csv", "du-lieu.json"}
    alone = browser.new_context(offline=True, accept_downloads=True).new_page()
    complaints: list[str] = []
    alone.on("console", lambda message: complaints.append(message.text))
    alone.goto((tmp_path / "mo-tep-nay.html").as_uri())
    alone.locator("#q").fill("goc san")
    assert "Góc sân và khoảng trời" in alone.locator("#found").inner_text()
    wrong = violations(alone)
    assert "Quê nội </script><b>" in alone.locator("#copies").inner_text()
    alone.locator("#copies select").last.select_option("missing")
    alone.locator("#signed").fill("Thầy Nam")
    alone.locator("[data-act=receive]").click()
    alone.locator("#title").fill("Chuyện đảo nhỏ")
    alone.locator("[data-act=book]").click()
    with alone.expect_download() as saved:
        alone.locator("#save").click()
    back = tmp_path / "back.json"
    saved.value.save_as(back)
    assert len(json.loads(back.read_text())["acts"]) == 2

    tab = browser.new_context().new_page()
    sign_in(tab, portal, "partner_librarian", SCHOOL)
    for words in (say["new"], say["again"]):
        tab.goto(f"{portal}/cua-toi/{SCHOOL}/usb?lang={language}")
        tab.get_by_label(say["file"]).set_input_files(back)
        tab.get_by_role("button", name=say["take"]).click()
        assert words in tab.get_by_role("status").inner_text()
        wrong += violations(tab)
    assert [(one[1], one[2]) for one in where()].count((SCHOOL, "with")) == 1
    assert apart(lambda: Handover.objects.filter(library=SCHOOL).count()) == 1
    assert apart(lambda: Record.objects.filter(source__library=SCHOOL, source__connector="entry").count()) == 1
    assert apart(lambda: boxes.whereabouts(Box.objects.get(pk="H-01"))) == (SCHOOL, "with")
    assert wrong == []
    assert complaints == []
