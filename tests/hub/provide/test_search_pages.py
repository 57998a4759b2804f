"""Results: facets, wordings, works and their editions, years, and libraries that are not named."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from hub.network.models import Contact, Library
from hub.network.shown import hidden
from hub.provide.holders import unseen
from tests.hub.provide.network import ISBN, arrive, source
from tests.hub.provide.test_pages import page
from tests.hub.stages.books import book, raw

pytestmark = pytest.mark.usefixtures("network")


def words(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def home_library(code: str = "HP-NHA", name: str = "Tủ sách nhà cụ Tam", kind: str = "family") -> None:
    """A family's bookcase with one book of the others and one of its own."""
    sender = source("nha", code, name)
    Library.objects.filter(code=code).update(kind=kind, unit="Phường Lê Chân")
    books = [book("N1", "Dế Mèn phiêu lưu ký", isbn=ISBN, copies="C1"), book("N2", "Gia phả họ Vũ", copies="C2")]
    arrive(sender, [raw(one) for one in books])


class TestWordings:
    def test_wrong_marks_are_proposed_right(self) -> None:
        html = page("/tim?q=đế+mèn")
        assert "Có phải ý là dế mèn" in words(html)
        assert "Dế Mèn phiêu lưu" in html

    def test_without_marks_the_ways_of_the_catalog(self) -> None:
        assert "Viết có dấu: truyện cổ tích" in words(page("/tim?q=truyen co tich"))

    def test_a_slip_of_the_pen(self) -> None:
        html = words(page("/tim?q=đất rừng phươg nam"))
        assert "Có phải ý là đất rừng phương nam" in html
        assert "chỉ khác một chữ cái" in html

    def test_typed_right_nothing_is_proposed(self) -> None:
        assert "Có phải ý là" not in page("/tim?q=dế mèn phiêu lưu")

    def test_in_english(self) -> None:
        client = Client()
        page("/?lang=en", client)
        assert "Did you mean dế mèn" in words(page("/tim?q=đế+mèn", client))


class TestWorks:
    @pytest.fixture
    def volumes(self, network: Path) -> None:
        more = [book(str(20 + n), "Dế Mèn phiêu lưu ký", volume=str(n), year=2000 + n) for n in range(1, 5)]
        arrive(source("thanh-pho", "HP-TP", "Thư viện thành phố"), [raw(record) for record in more])

    @pytest.mark.usefixtures("volumes")
    def test_a_work_stands_once_with_its_editions(self) -> None:
        html = page("/tim?q=dế mèn")
        assert len(re.findall(r"<h3><a href=\"/r/", html)) == 1
        assert "5 lần xuất bản, 4 tập" in words(html)
        assert "5 nhan đề" in html

    @pytest.mark.usefixtures("volumes")
    def test_or_every_edition_by_itself(self) -> None:
        html = page("/tim?q=dế mèn&by=edition")
        assert len(re.findall(r"<h3><a href=\"/r/", html)) == 5


class TestFacets:
    def test_several_at_once(self) -> None:
        html = page("/tim?library=HP-TP&library=HP-LL&decade=2020&availability=copies")
        assert "3 nhan đề" in html
        assert html.count('class="chosen"') == 4

    def test_years(self) -> None:
        assert "2 nhan đề" in page("/tim?from=1990&to=2016")
        assert "2 nhan đề" in page("/tim?from=2016&to=1990"), "turned round"
        assert "1 nhan đề" in page("/tim?to=2000")
        assert "5 nhan đề" in page("/tim?from=x&to=-1")

    @pytest.mark.parametrize("name", ["library", "unit", "kind", "availability", "decade", "form", "audience"])
    @pytest.mark.parametrize(
        "value", ["'%20OR%201=1--", "%22;DROP", "NEAR(%20%22%20*", "%25_", "%00", "%ED%A0%80", "*"]
    )
    def test_whatever_a_filter_says(self, name: str, value: str) -> None:
        page(f"/tim?q=a&{name}={value}")
        page(f"/tim?q={value}&sort={value}&by={value}&from={value}&page={value}")


class TestNotNamed:
    def test_a_familys_bookcase_is_a_holder_without_a_name(self) -> None:
        home_library()
        for address in ("/r/LT-0000001", "/tim?q=dế mèn", "/tim?q=gia phả", "/tim", "/", "/tim/tep/csv?q=gia"):
            assert "cụ Tam" not in page(address), address
        assert "một tủ sách riêng" in page("/tim?q=gia phả")
        html = words(page("/r/LT-0000001"))
        assert "một tủ sách riêng — — 1" in html

    def test_it_cannot_be_asked_for(self) -> None:
        home_library()
        assert "HP-NHA" not in page("/tim")
        assert "Lê Chân" not in page("/tim"), "its area would tell who it is"
        assert words(page("/tim?library=HP-NHA")).count("6 nhan đề") >= 1, "as if it had not been chosen"
        assert "Gia phả" not in page("/thu-vien/HP-NHA")
        for kind in ("mrc", "xml", "mrk", "json"):
            response = Client().get(f"/r/LT-0000001/tep/{kind}")
            assert b"HP-NHA" not in response.content
            assert b"HP-TP" in response.content

    def test_its_owner_sees_it(self, as_role: Callable[..., Any]) -> None:
        home_library()
        client = as_role("bookcase_owner", "HP-NHA")
        assert "cụ Tam" in page("/r/LT-0000001", client)
        assert "2 nhan đề" in page("/tim?library=HP-NHA", client)

    def test_it_may_be_named_where_it_says_so(self) -> None:
        home_library()
        assert hidden() == {"HP-NHA"}
        Contact.objects.create(library_id="HP-NHA", shown=True, changed_at=timezone.now(), changed_by="x")
        assert hidden() == frozenset()
        assert "cụ Tam" in page("/r/LT-0000001")


def test_help_gives_examples_that_find(network: Path) -> None:
    html = page("/tim/cach-tim")
    for query in re.findall(r'href="/tim\?q=([^"]+)"', html):
        page(f"/tim?q={query}")


def test_unseen_costs_one_query(network: Path, rf: Any, django_assert_num_queries: Any) -> None:
    from hub.accounts.rights import AnonymousReader

    request = rf.get("/")
    request.user = AnonymousReader()
    with django_assert_num_queries(1):
        assert unseen(request) == frozenset()
