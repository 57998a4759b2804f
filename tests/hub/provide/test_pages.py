"""The pages anyone may read."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from django.test import Client, RequestFactory

from hub.catalog.models import Member, Union
from hub.catalog.reads import union_number, union_uid
from hub.web.language import _without_choice
from hub.web.show import number, web_link
from tests.hub.provide.network import HOSTILE, arrive, source
from tests.hub.stages.books import book, raw


def page(address: str, client: Client | None = None, status: int = 200) -> str:
    response = (client or Client()).get(address, follow=True)
    assert response.status_code == status
    return response.content.decode()


def test_an_empty_catalog_says_what_to_do(catalog: Path) -> None:
    assert "lienthong demo" in page("/")
    assert "lienthong import" in page("/thu-vien")
    assert "Không tìm thấy tài liệu nào" in page("/tim?q=abc")


@pytest.mark.usefixtures("network")
class TestPages:
    def test_front_page_counts_lead_to_their_rows(self) -> None:
        html = page("/")
        assert '<dt>nhan đề</dt><dd><a href="/tim">5</a></dd>' in html

    def test_results_with_and_without_marks(self) -> None:
        for query in ("dế mèn", "de men"):
            html = page(f"/tim?q={query}")
            assert f"1 nhan đề cho «{query}»" in html
            assert "<b>5 bản</b> ở 2 thư viện" in html

    def test_a_facet_is_let_go_by_choosing_it_again(self) -> None:
        html = page("/tim?q=de+men&library=HP-LL")
        assert "1 nhan đề" in html
        assert 'href="?q=de+men"' in html

    def test_record(self) -> None:
        html = page("/r/LT-0000001")
        assert "Thư viện thành phố" in html
        assert "Trường Tiểu học Lê Lợi" in html
        assert "Lập từ 2 biểu ghi" in html
        assert "$a Dế Mèn phiêu lưu ký" in html

    def test_other_editions_and_volumes_of_the_work(self) -> None:
        assert "Các lần xuất bản khác" not in page("/r/LT-0000001")
        more = [book("20", "Dế Mèn phiêu lưu ký", publisher="Văn học", pages="210", year=2009)]
        more += [book(str(20 + n), "Dế Mèn phiêu lưu ký", volume=str(n), year=2000 + n) for n in range(1, 14)]
        arrive(source("thanh-pho", "HP-TP", "Thư viện thành phố"), [raw(record) for record in more])
        html = page("/r/LT-0000001")
        assert "Các lần xuất bản khác" in html
        shown = re.findall(r'<a href="/r/(LT-\d+)"><bdi>Dế Mèn phiêu lưu ký\. Tập (\d+)</bdi>', html)
        assert [int(volume) for _, volume in shown] == list(range(1, 14)), "by volume"
        assert "Xem thêm 2" in html
        assert 'href="/r/LT-0000001"' in page(f"/r/{shown[0][0]}")

    def test_hostile_record_is_text(self) -> None:
        number = Member.objects.get(record__identifier="X1").union
        html = page(f"/r/{union_uid(number)}")
        (data,) = re.findall(r"<script([^>]*)>(.*?)</script>", html)
        assert data[0] == ' type="application/ld+json"'
        assert "<" not in data[1]
        assert json.loads(data[1])["name"].startswith(HOSTILE[:40])
        assert html.count("<script") == 1
        assert "onerror=alert(1)&gt;" in html
        assert re.findall(r'href="(https?://[^"]*|javascript[^"]*|//[^"]*)"', html, re.I) == [
            "http://127.0.0.1:8000/r/" + union_uid(number),
            "https://example.org/sach",
        ]

    def test_merged_record_leads_to_its_survivor(self) -> None:
        Union.objects.filter(id=2).update(deleted=True, survivor=1)
        response = Client().get("/r/LT-0000002")
        assert (response.status_code, response.headers["Location"]) == (302, "/r/LT-0000001?merged=LT-0000002")
        assert "LT-0000002 đã được gộp" in page("/r/LT-0000002")

    def test_gone_and_unknown_records(self) -> None:
        Union.objects.filter(id=2).update(deleted=True)
        assert "không còn trong mục lục" in page("/r/LT-0000002", status=410)
        for uid in ("LT-9999999", "LT-1", "LT-99999999999999999999", "x"):
            assert "Không có trang này" in page(f"/r/{uid}", status=404)

    def test_libraries(self) -> None:
        assert "Thư viện thành phố" in page("/thu-vien")
        assert "Đất rừng phương Nam" in page("/thu-vien/HP-TP")
        page("/thu-vien/nobody", status=404)

    def test_vietnamese_unless_english_was_chosen(self) -> None:
        client = Client(headers={"accept-language": "en"})
        assert 'lang="vi"' in page("/", client)
        assert "Find a book" in page("/?lang=en", client)
        assert "Find a book" in page("/", client)
        assert "Tìm sách" in page("/?lang=vi", client)

    def test_the_language_switch_stays_on_this_host(self) -> None:
        request = RequestFactory().get("/", {"lang": "en", "q": "a"})
        for path in ("//evil.example", "/\\evil.example", "/\\/evil.example"):
            request.path = path
            assert _without_choice(request) == "/evil.example?q=a"

    @pytest.mark.parametrize(
        "address", ["/", "/tim?q=a", "/r/LT-0000001", "/mang-luoi", "/oai?verb=Identify", "/nowhere"]
    )
    def test_browsers_are_told_what_is_allowed(self, address: str) -> None:
        headers = Client().get(address).headers
        assert "unsafe" not in headers["Content-Security-Policy"]
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"

    @pytest.mark.parametrize(
        "query", ["page=0", "page=-1", "page=99999", "page=x", "q=%00", "q=%FF", "decade=x&form=%00"]
    )
    def test_any_query_is_answered(self, query: str) -> None:
        page(f"/tim?{query}")


def test_names_of_union_records() -> None:
    assert union_uid(123) == "LT-0000123"
    assert union_number("LT-0000123") == 123
    assert union_number("LT-12345678") == 12345678
    assert union_number("LT-00000123") is None


def test_numbers_are_written_as_the_language_does() -> None:
    from django.utils import translation

    with translation.override("vi"):
        assert number(1234567) == "1.234.567"
    with translation.override("en"):
        assert number(1234567) == "1,234,567"


@pytest.mark.parametrize(
    "address",
    ["javascript:alert(1)", "JAVASCRIPT:x", "java\tscript:x", "data:text/html,x", "//evil", "http://", "http://[", ""],
)
def test_only_web_addresses_become_links(address: str) -> None:
    assert web_link(address) == ""
