"""The pages of what waits for a person: nothing waits unseen, and each page says what to type."""

from __future__ import annotations

from pathlib import Path

import pytest

from hub.catalog import arrivals, removals, runs
from hub.catalog.models import Hold, Rejection, Source
from hub.operations.octets import dump, text
from hub.stages.normalize import normalize_pending
from schemas.record import RawRecord
from tests.hub.operations.test_network import page, staff
from tests.hub.operations.troubled import fill, holds


@pytest.fixture
def troubled(catalog: Path) -> Path:
    fill()
    return catalog


def english(address: str) -> str:
    return staff("en").get(address).content.decode()


@pytest.mark.usefixtures("troubled")
class TestDesk:
    def test_a_hold_is_loud_and_comes_first(self) -> None:
        html = page("/dieu-hanh")
        assert "Có 8 biểu ghi bị báo xóa, đang chờ người quyết định." in html
        assert "dường như đã đổi mã định danh" in html
        assert html.index("ke-sach") < html.index("tu-sach")
        assert html.count('class="health error"') == 3  # the sum and the two sources
        assert 'class="urgent"' in html
        assert f'href="/cho-duyet/{holds()["deletions"].pk}"' in html

    def test_what_waits_is_counted_with_the_oldest(self) -> None:
        assert "2 biểu ghi cách ly" in page("/dieu-hanh")
        assert "lâu nhất từ" in page("/nguon/tu-sach")

    def test_a_source_says_until_when_it_rests_and_why(self) -> None:
        html = page("/nguon/tu-sach")
        assert "Nghỉ đến" in html
        assert "Danh sách của nguồn dừng giữa chừng" in html
        assert "Đang nghỉ, còn 2 giờ nữa." in html

    def test_the_page_of_a_source_shows_its_hold_and_the_kind_of_its_runs(self) -> None:
        html = page("/nguon/ke-sach")
        assert "8 trong 12 biểu ghi" in html
        assert "thu hoạch" in html
        assert "Đối chiếu cả danh sách" in html


@pytest.mark.usefixtures("troubled")
class TestQuarantine:
    def test_kinds_with_counts_and_a_page_for_each_record(self) -> None:
        html = page("/nguon/tu-sach/tu-choi")
        number = Rejection.objects.get(record__identifier="2").pk
        assert "xml_broken" in html
        assert f'href="/nguon/tu-sach/tu-choi/{number}"' in html

    def test_a_record_has_its_bytes_its_reason_and_what_to_type(self) -> None:
        number = Rejection.objects.get(record__identifier="2").pk
        html = page(f"/nguon/tu-sach/tu-choi/{number}")
        assert "cu.xml, line 9, record 2" in html
        assert "Viết 1 dấu &amp; đứng riêng thành &amp;amp;." in html
        assert f'action="/nguon/tu-sach/tu-choi/{number}/sua"' in html
        assert f"lienthong quarantine repair {number} --by TÊN" in html, "in a fold"
        assert "Hoa &amp; lá" in html
        assert "Hoa &amp;amp; lá" in html
        assert "3c 72 65 63 6f 72 64" in html, "the bytes in hexadecimal"
        assert "xml_ampersand@1" in html
        assert "Accept the suggestion" in english(f"/nguon/tu-sach/tu-choi/{number}")

    def test_a_hostile_identifier_is_inert_and_what_cannot_be_mended_offers_nothing(self) -> None:
        number = Rejection.objects.exclude(record__identifier="2").get().pk
        html = page(f"/nguon/tu-sach/tu-choi/{number}")
        assert "<b>3</b>" not in html
        assert "lienthong quarantine repair" not in html
        assert "/sua" not in html

    @pytest.mark.parametrize(
        "address", ["/nguon/tu-sach/tu-choi/999", "/nguon/ke-sach/tu-choi/2", "/nguon/x/tu-choi/2"]
    )
    def test_unknown(self, address: str) -> None:
        page(address, 404)


@pytest.mark.usefixtures("troubled")
def test_a_version_before_that_stays_is_said() -> None:
    sender = Source.objects.get(name="tu-sach")
    run, fence = runs.open_run(sender, "test", False)
    again = RawRecord("1", b"<record><title>\xff</title></record>", "moi.xml, record 1")
    arrivals.store_page(run, fence, [again], {})
    normalize_pending()
    runs.close_run(run, fence, "succeeded")
    number = Rejection.objects.get(record__identifier="1").pk
    assert "Bản trước vẫn ở trong mục lục" in page(f"/nguon/tu-sach/tu-choi/{number}")
    for address in ("/nguon/tu-sach", "/nguon/tu-sach/tu-choi"):
        assert "1 biểu ghi trong số đó vẫn ở trong mục lục với bản trước." in page(address)
    assert "stays in the catalog" in english(f"/nguon/tu-sach/tu-choi/{number}")
    other = Rejection.objects.get(record__identifier="2").pk
    assert "Bản trước" not in page(f"/nguon/tu-sach/tu-choi/{other}")


@pytest.mark.usefixtures("troubled")
class TestHolds:
    def test_the_list_has_those_to_be_decided_first(self) -> None:
        removals.refuse(holds()["renaming"], "Cô Lan", "hỏi lại đã")
        html = page("/cho-duyet")
        assert html.index("bị báo xóa") < html.index("đổi mã định danh,")
        assert "Cô Lan" in html

    def test_a_deletion_shows_titles_and_what_to_type(self) -> None:
        hold = holds()["deletions"]
        html = page(f"/cho-duyet/{hold.pk}")
        assert "8 trong 12 biểu ghi" in html
        assert "Truyện cổ tích, tập oai:thu-vien:0" in html
        assert f'action="/cho-duyet/{hold.pk}/quyet-dinh"' in html
        assert 'value="release"' in html
        assert 'value="refuse"' in html
        assert f"lienthong holds release {hold.pk} --by TÊN" in html, "in a fold"

    def test_a_renaming_shows_its_pairs(self) -> None:
        html = page(f"/cho-duyet/{holds()['renaming'].pk}")
        assert "oai:thu-vien:3" in html
        assert "oai:moi:3" in html

    def test_a_decided_one_says_who_and_how_to_undo_it(self) -> None:
        hold = holds()["deletions"]
        run = removals.release(hold, "Cô Lan", "họ đã thanh lý")
        normalize_pending()
        html = page(f"/cho-duyet/{hold.pk}")
        assert "Cô Lan" in html
        assert "họ đã thanh lý" in html
        assert 'value="undo"' in html
        assert "quyết định" in page(f"/luot/{run.pk}")

    def test_a_run_that_removed_records_says_how_to_bring_them_back(self) -> None:
        hold = holds()["deletions"]
        run = removals.release(hold, "Cô Lan")
        html = page(f"/luot/{run.pk}")
        assert "Khôi phục 8 biểu ghi đã xóa" in html
        assert f'action="/luot/{run.pk}/hoan-lai"' in html
        removals.undo(run, "Anh Ba", "nhầm")
        assert "hoan-lai" not in page(f"/luot/{run.pk}")
        assert 'value="undo"' not in page(f"/cho-duyet/{hold.pk}")

    def test_what_was_refused_may_be_released_after_all(self) -> None:
        hold = holds()["deletions"]
        removals.refuse(hold, "Cô Lan")
        html = page(f"/cho-duyet/{hold.pk}")
        assert 'value="release"' in html
        assert 'value="refuse"' not in html

    @pytest.mark.parametrize("address", ["/cho-duyet/999", "/cho-duyet/99999999999999999999999"])
    def test_unknown(self, address: str) -> None:
        page(address, 404)

    def test_every_page_is_in_english_too(self) -> None:
        assert "reported as deleted" in english("/dieu-hanh")
        assert "Let it happen" in english(f"/cho-duyet/{holds()['deletions'].pk}")
        assert "Waiting for a decision" in english("/cho-duyet")


@pytest.mark.usefixtures("catalog")
def test_nothing_waits() -> None:
    assert "Không có gì chờ quyết định" in page("/cho-duyet")
    assert not Hold.objects.exists()


def test_bytes_are_shown_as_they_are() -> None:
    [line] = dump(b"Ab\x1e\x1f\xff\n")
    assert line == ("000000", "41 62 1e 1f ff 0a", "Ab␞␟·␊")
    assert text(b"a\x1fb\x1ec\xff\x00") == "a $b\nc�·"
