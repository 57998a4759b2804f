"""Feeds of open e-books: OPDS 2.0 and 1.2."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client
from lxml import etree

from hub.provide.opds_book import is_web, kind_of
from schemas.record import Record, data_field
from tests.hub.provide.network import arrive, source
from tests.hub.provide.test_pages import page
from tests.hub.stages.books import book, raw

ATOM = {"a": "http://www.w3.org/2005/Atom", "dc": "http://purl.org/dc/terms/"}
LICENCE = "https://creativecommons.org/licenses/by/4.0/"


def ebook(number: str, title: str, *links: str, licence: str = LICENCE, audience: str = " ") -> Record:
    made = book(number, title)
    fields = [(tag, said[:22] + audience + said[23:] if tag == "008" else said) for tag, said in made.fields]
    fields += [data_field("506", "  ", [("a", licence)])] if licence else []
    fields += [data_field("856", "40", [("u", link)]) for link in links]
    return Record(made.leader, tuple(fields))


@pytest.fixture
def shelf(network: object) -> None:
    books = [
        ebook("E1", "Toán 6 mở", "https://x.example/toan6.epub", "https://x.example/toan6.pdf", audience="c"),
        ebook("E2", "Truyện mở <b>", "http://x.example/truyen", audience="b"),
        ebook("E3", "Không giấy phép", "https://x.example/a.pdf", licence="", audience="c"),
        ebook("E4", "Giấy phép mà không liên kết", audience="c"),
        ebook("E5", "Liên kết độc", "javascript:alert(1)", "//evil.example/x", "data:text/html,x", audience="c"),
    ]
    arrive(source("hoc-lieu", "HP-MO", "Kho học liệu mở"), [raw(one) for one in books])


def feed(path: str) -> Any:
    response = Client().get(path)
    assert response.status_code == 200
    return (
        json.loads(response.content)
        if "json" in response.headers["Content-Type"]
        else etree.fromstring(response.content)
    )


def valid_2(said: dict[str, Any]) -> None:
    """What https://drafts.opds.io/schema/feed.schema.json demands of a feed."""
    assert said["metadata"]["title"]
    assert any(link["rel"] == "self" and link["href"].startswith("http") for link in said["links"])
    assert said.keys() & {"navigation", "publications"}
    for one in said.get("navigation", ()):
        assert {"href", "title", "type", "rel"} <= one.keys()
    for one in said.get("publications", ()):
        assert one["metadata"]["title"]
        acquisitions = [link for link in one["links"] if link["rel"] == "http://opds-spec.org/acquisition/open-access"]
        assert acquisitions
        assert all(link["type"] and link["href"].startswith(("http://", "https://")) for link in acquisitions)


def valid_1(root: etree._Element) -> None:
    """What RFC 4287 and OPDS 1.2 demand of a feed and its entries."""
    for element in (root, *root.findall("a:entry", ATOM)):
        for name in ("id", "title", "updated"):
            assert len(element.findall(f"a:{name}", ATOM)) == 1, name
    assert root.xpath("a:link[@rel='self']/@type", namespaces=ATOM)[0].startswith(
        "application/atom+xml;profile=opds-catalog"
    )
    assert root.xpath("a:link[@rel='start']", namespaces=ATOM)
    ids = root.xpath("//a:entry/a:id/text()", namespaces=ATOM)
    assert len(ids) == len(set(ids))


@pytest.mark.usefixtures("shelf")
class TestFeeds:
    def test_start_leads_to_the_audiences_that_have_books(self) -> None:
        said = feed("/opds")
        valid_2(said)
        places = [one["href"].removeprefix("http://127.0.0.1:8000") for one in said["navigation"]]
        assert places == ["/opds/sach", "/opds/sach?audience=b", "/opds/sach?audience=c"]
        root = feed("/opds/1.2")
        valid_1(root)
        links = root.xpath("a:entry/a:link[@rel='subsection']/@href", namespaces=ATOM)
        assert len(links) == 3
        for place in links:
            valid_1(feed(place.removeprefix("http://127.0.0.1:8000")))

    def test_only_open_books_that_can_be_had(self) -> None:
        said = feed("/opds/sach")
        valid_2(said)
        titles = [one["metadata"]["title"] for one in said["publications"]]
        assert sorted(titles) == ["Toán 6 mở", "Truyện mở <b>"]
        (book,) = feed("/opds/sach?audience=c")["publications"]
        assert [link["type"] for link in book["links"]] == ["application/epub+zip", "application/pdf", "text/html"]
        assert book["metadata"]["language"] == ["vi"]

    def test_atom(self) -> None:
        root = feed("/opds/1.2/sach?audience=b")
        valid_1(root)
        (entry,) = root.findall("a:entry", ATOM)
        assert entry.findtext("a:title", namespaces=ATOM) == "Truyện mở <b>"
        links = entry.xpath("a:link[@rel='http://opds-spec.org/acquisition/open-access']/@href", namespaces=ATOM)
        assert links == ["http://x.example/truyen"]

    def test_search(self) -> None:
        said = feed("/opds/sach?query=toan")
        assert [one["metadata"]["title"] for one in said["publications"]] == ["Toán 6 mở"]
        templates = [link for link in feed("/opds")["links"] if link.get("templated")]
        assert templates[0]["href"] == "http://127.0.0.1:8000/opds/sach{?query}"

    def test_pages(self, monkeypatch: pytest.MonkeyPatch) -> None:
        from hub.provide import opds

        monkeypatch.setattr(opds, "SIZE", 1)
        first = feed("/opds/sach")
        following = next(link["href"] for link in first["links"] if link["rel"] == "next")
        last = feed(following.removeprefix("http://127.0.0.1:8000"))
        assert not any(link["rel"] == "next" for link in last["links"])
        assert first["publications"] != last["publications"]

    @pytest.mark.parametrize("path", ["/opds/sach", "/opds/1.2/sach"])
    @pytest.mark.parametrize(
        "query",
        [
            "audience=zz",
            "audience=%00",
            "page=99999",
            "page=-1",
            "page=x",
            "query=%00%01",
            "query=%ED%A0%80",
            "query='--",
        ],
    )
    def test_whatever_is_asked(self, path: str, query: str) -> None:
        said = feed(f"{path}?{query}")
        valid_2(said) if isinstance(said, dict) else valid_1(said)

    def test_found_as_a_facet(self) -> None:
        assert "2 nhan đề" in page("/tim?availability=open")


@pytest.mark.parametrize(
    "link",
    [
        "javascript:x",
        "JaVaScRiPt:x",
        "java\tscript:x",
        "data:text/html",
        "//evil",
        "ftp://x/y",
        "http://",
        "https://x/ y",
    ],
)
def test_nothing_but_web_addresses(link: str) -> None:
    assert not is_web(link)


def test_kinds_of_files() -> None:
    assert kind_of("https://x/a.EPUB?x=1") == "application/epub+zip"
    assert kind_of("https://x/handle/1") == "text/html"
