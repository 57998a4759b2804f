"""A library's own pages in a real browser: the ward's Excel file, and twenty books on a phone, in both languages."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path
from time import monotonic
from typing import Any

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import Browser, Page

from hub.catalog.models import Record
from hub.network.models import Library
from hub.partners import photo
from hub.partners.models import Entry
from hub.stages import entries, soon
from schemas.problem import Trouble
from tests.accounts_in_tests import apart, sign_in
from tests.browser.axe import violations
from tests.browser.chromium import PHONE
from tests.hub.partners.sheets import HEADINGS, ward, write
from tests.hub.provide.network import arrive, fill, source
from tests.hub.provide.portal import serving
from tests.hub.stages.books import book, raw

pytestmark = pytest.mark.browser
TITLES = (
    "Dế Mèn phiêu lưu ký", "Đất rừng phương Nam", "Truyện cổ nước Nam", "Những cánh buồm nâu", "Cây đa bến cũ",
    "Sông Cấm mùa nước nổi", "Hải Phòng phố cũ", "Bí quyết trồng hoa đào", "Đường về quê mẹ", "Vườn cây của ông",
)  # fmt: skip


def isbn(n: int) -> str:
    body = f"97860429{n:04d}"
    return body + str(-(sum(map(int, body[::2])) + 3 * sum(map(int, body[1::2]))) % 10)


@pytest.fixture
def portal(catalog: Path) -> Iterator[str]:
    fill()
    books = [book(f"P{n}", f"{TITLES[n % 10]} {n // 10 + 1}", isbn=isbn(n), author=f"Tác giả {n}") for n in range(20)]
    arrive(source("thanh-pho", "HP-TP", "Thư viện thành phố"), [raw(one) for one in books])
    Library.objects.create(code="HP-VU", name_vi="Tủ sách dòng họ Vũ", kind="clan")
    with serving() as address:
        yield address
        soon.FOLLOWER.wait()


def shelf() -> Any:
    return apart(lambda: entries.totals(Library.objects.get(pk="HP-VU")))


def live(name: str) -> Any:
    return apart(lambda: Record.objects.filter(source__name=name, state="live").count())


WORDS = {
    "vi": {
        "go": "Tiếp tục", "see": "Xem trước kết quả", "import": "Nhập vào mục lục", "undo": "Hoàn tác lần nhập này",
        "undone": "Đã hoàn tác", "imported": "Đã nhập", "save": "Lưu, cuốn tiếp theo", "search": "Tìm", "saved": "Đã lưu",
    },
    "en": {
        "go": "Go on", "see": "See what would happen", "import": "Import", "undo": "Undo this import",
        "undone": "Undone", "imported": "Imported", "save": "Save, next one", "search": "Search", "saved": "Saved",
    },
}  # fmt: skip


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_wards_excel_file(portal: str, browser: Browser, tmp_path: Path, language: str) -> None:
    say = WORDS[language]
    tab = browser.new_page(viewport={"width": 1280, "height": 900})
    complaints: list[str] = []
    tab.on("console", lambda message: complaints.append(message.text))
    tab.on("dialog", lambda dialog: (complaints.append(dialog.message), dialog.dismiss()))
    sign_in(tab, portal, "partner_librarian", "HP-LL")
    tab.goto(f"{portal}/cua-toi/HP-LL/tai-len?lang={language}")
    headings = ("STT", "Cuốn", *HEADINGS[2:7], "<b>Ghi chú</b>")
    tab.locator("input[type=file]").set_input_files(write(tmp_path / "phuong.xlsx", ward(headings=headings)))
    tab.get_by_role("button", name=say["go"]).click()
    assert tab.get_by_role("heading", level=1).inner_text() == "phuong.xlsx"
    wrong = violations(tab)
    column_b = tab.locator("tr", has_text="Dế Mèn").locator("select")
    column_b.select_option("title")
    tab.get_by_role("button", name=say["see"]).click()
    if tab.get_by_role("alert").count():
        pytest.fail(tab.get_by_role("alert").inner_text())
    assert tab.locator(".preview li").count() == 5
    assert "Dế Mèn phiêu lưu ký" in tab.locator(".preview").inner_text()
    wrong += violations(tab)
    tab.get_by_role("button", name=say["import"]).click()
    wrong += violations(tab)
    assert say["imported"] in tab.locator(".status").inner_text()
    assert live("HP-LL-xlsx") == 4
    tab.get_by_role("button", name=say["undo"]).click()
    assert say["undone"] in tab.locator(".status").inner_text()
    assert live("HP-LL-xlsx") == 0
    assert wrong == []
    assert complaints == []


@pytest.mark.parametrize("language", ["vi", "en"])
def test_twenty_books_on_a_phone(
    portal: str, browser: Browser, language: str, record_property: pytest.FixtureRequest
) -> None:
    say = WORDS[language]
    tab = browser.new_page(viewport=PHONE, has_touch=True, is_mobile=True)
    complaints: list[str] = []
    tab.on("console", lambda message: complaints.append(message.text))
    sign_in(tab, portal, "bookcase_owner", "HP-VU")
    tab.goto(f"{portal}/cua-toi/HP-VU/them?lang={language}")
    begun = monotonic()
    for n in range(20):
        wanted = isbn(n) if n % 2 else _unmarked(f"{TITLES[n % 10]} {n // 10 + 1}")
        tab.locator("#q").fill(wanted)
        tab.locator("#find").get_by_role("button").click()
        card = tab.locator(".candidates li").filter(has=tab.get_by_text(f"{TITLES[n % 10]} {n // 10 + 1}")).first
        card.wait_for()
        if n % 5 == 0:
            card.locator(".step").last.click()
        assert tab.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
        card.get_by_role("button", name=say["save"]).click()
        tab.wait_for_url("**saved=**")
        assert say["saved"] in tab.locator(".flash:not(.waiting)").inner_text()
    seconds = monotonic() - begun
    record_property("seconds", seconds)  # type: ignore[operator]
    print(f"twenty books: {seconds:.1f} s by script")
    assert seconds < 120
    assert shelf() == (20, 24)
    soon.FOLLOWER.wait()
    own = Record.objects.filter(source__name="HP-VU-entry", state="live")
    joined = apart(lambda: [record.member.union != record.pk for record in own.select_related("member")])
    assert joined == [True] * 20, "each has joined the book it was picked from"
    assert complaints == []


def _unmarked(text: str) -> str:
    from schemas.headings import unmarked

    return unmarked(text.lower())


def test_what_was_entered_without_a_line_is_sent_once_when_it_is_back(portal: str, browser: Browser) -> None:
    tab = browser.new_page(viewport=PHONE)
    sign_in(tab, portal, "bookcase_owner", "HP-VU")
    tab.goto(f"{portal}/cua-toi/HP-VU/them?q={isbn(3)}")
    tab.context.set_offline(True)
    tab.get_by_role("button", name=WORDS["vi"]["save"]).first.click()
    tab.locator("#queue").get_by_text(TITLES[3]).wait_for()
    assert apart(Entry.objects.count) == 0
    kept = json.loads(tab.evaluate("localStorage.getItem('lienthong-queue-HP-VU')"))
    tab.locator("#q").fill("dat rung")
    tab.locator("#find").get_by_role("button").click()
    tab.locator("#queue").get_by_role("link", name="dat rung").wait_for()
    tab.context.set_offline(False)
    tab.locator("#queue").get_by_text(TITLES[3]).wait_for(state="detached")
    assert apart(Entry.objects.count) == 1
    tab.evaluate("queue => localStorage.setItem('lienthong-queue-HP-VU', queue)", json.dumps(kept))
    tab.goto(f"{portal}/cua-toi/HP-VU/them")
    tab.locator("#queue").get_by_text(TITLES[3]).wait_for(state="detached")
    assert tab.evaluate("localStorage.getItem('lienthong-queue-HP-VU')") == "[]"
    assert shelf() == (1, 1)


def test_without_scripts_by_typing(portal: str, browser: Browser) -> None:
    tab = browser.new_context(java_script_enabled=False, viewport=PHONE).new_page()  # type: ignore[arg-type]
    sign_in(tab, portal, "bookcase_owner", "HP-VU")
    tab.goto(f"{portal}/cua-toi/HP-VU/them")
    tab.locator("#q").fill("gia pha ho vu")
    tab.locator("#find").get_by_role("button").click()
    tab.get_by_label("Tên sách", exact=True).fill("Gia phả họ Vũ")
    tab.get_by_role("button", name=WORDS["vi"]["save"]).click()
    assert "Gia phả họ Vũ" in tab.locator(".flash:not(.waiting)").inner_text()
    tab.get_by_role("button", name="Hoàn tác").click()
    assert shelf() == (0, 0)


def barcode(number: str, size: tuple[int, int] = (1600, 1200), angle: float = 7) -> bytes:
    """A photo of a barcode: not straight, gray around it."""
    drawn = memoryview(zxingcpp.write_barcode_to_image(zxingcpp.create_barcode(number, zxingcpp.EAN13), scale=4))
    height, width = drawn.shape[:2]
    page = Image.new("L", size, 205)
    page.paste(Image.frombytes("L", (width, height), bytes(drawn)), (size[0] // 4, size[1] // 4))
    stream = io.BytesIO()
    page.rotate(angle, fillcolor=180).save(stream, "JPEG", quality=70)
    return stream.getvalue()


def test_a_photo_of_a_barcode_finds_the_book(portal: str, browser: Browser, tmp_path: Path) -> None:
    tab = browser.new_page(viewport=PHONE)
    sign_in(tab, portal, "bookcase_owner", "HP-VU")
    tab.goto(f"{portal}/cua-toi/HP-VU/them")
    tab.locator("#photo-file").set_input_files(write(tmp_path / "anh.jpg", barcode(isbn(7))))
    tab.wait_for_url("**q=**")
    assert TITLES[7] in tab.locator(".candidates").inner_text()


def test_the_browser_scans_by_itself_where_it_can(portal: str, browser: Browser) -> None:
    """Chromium for this machine has no BarcodeDetector: one of the same interface stands in for it."""
    tab = browser.new_page(viewport=PHONE)
    tab.add_init_script(
        f"""
        window.BarcodeDetector = class {{
          static async getSupportedFormats() {{ return ["ean_13"]; }}
          async detect() {{ return [{{ rawValue: "{isbn(4)}" }}]; }}
        }};
        navigator.mediaDevices.getUserMedia = async (wish) => {{
          window.wish = wish;
          return document.createElement("canvas").captureStream();
        }};
        HTMLMediaElement.prototype.play = async () => {{}};
        """
    )
    sign_in(tab, portal, "bookcase_owner", "HP-VU")
    tab.goto(f"{portal}/cua-toi/HP-VU/them")
    tab.get_by_role("button", name="Quét mã vạch").click()
    tab.wait_for_url(f"**q={isbn(4)}")
    assert TITLES[4] in tab.locator(".candidates").inner_text()


def test_photos_are_read_within_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    data = barcode("9786042990011")
    assert photo.number_in(io.BytesIO(data), len(data)) == "9786042990011"
    for content, code in ((b"<svg/>", "photo_kind"), (b"\xff\xd8\xff nothing", "photo_kind")):
        with pytest.raises(Trouble) as caught:
            photo.number_in(io.BytesIO(content), len(content))
        assert caught.value.problem.code == code
    blank = io.BytesIO()
    Image.new("L", (300, 300), 255).save(blank, "PNG")
    for limit, code in (("", "photo_unreadable"), ("PIXELS", "photo_large"), ("LARGEST", "photo_large")):
        if limit:
            monkeypatch.setattr(photo, limit, 100)
        with pytest.raises(Trouble) as caught:
            photo.number_in(io.BytesIO(blank.getvalue()), len(blank.getvalue()))
        assert caught.value.problem.code == code


def test_everything_fits_a_phone_and_nothing_is_complained_of(portal: str, browser: Browser) -> None:
    tab: Page = browser.new_page(viewport=PHONE)
    complaints: list[str] = []
    tab.on("console", lambda message: complaints.append(message.text))
    sign_in(tab, portal, "partner_librarian", "HP-TP")
    number = apart(lambda: Record.objects.get(identifier="X1").pk)
    own = ("", "/tai-len", "/bieu-ghi", f"/bieu-ghi/{number}", "/ban-sua", "/chua-doc-duoc", "/trung", "/cai-dat")
    own += ("/them", "/them?q=script", "/them?q=khong+co", "/sach", "/loi/class_none", "/loi/copies_none")
    found = {}
    for language in ("vi", "en"):
        tab.goto(f"{portal}/cua-toi/HP-TP?lang={language}")
        for page in own:
            answer = tab.goto(f"{portal}/cua-toi/HP-TP{page}")
            assert answer is not None
            assert answer.status == 200, page
            tab.evaluate("document.querySelectorAll('details').forEach(it => it.open = true)")
            assert tab.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], page
            assert tab.title() != "broken"
            assert tab.locator("img[onerror]").count() == 0
            found[page] = violations(tab)
    assert {page: wrong for page, wrong in found.items() if wrong} == {}
    assert complaints == []
