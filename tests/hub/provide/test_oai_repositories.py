"""What is in the repositories: sets and who leaves them, libraries' own records, provenance, merged records."""

from __future__ import annotations

import gzip
import os
import random
import zlib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client
from lxml import etree

from connectors.connector import Job
from connectors.oai_pmh import CONNECTOR
from hub.catalog.models import Listed, Record, Selection, Source, Union
from hub.network import contacts
from hub.network.models import Library
from hub.provide import oai
from hub.provide.oai_formats import FORMATS
from hub.provide.oai_token import Token
from hub.stages.lists import follow
from hub.stages.publish import publish
from schemas.format import Reading, find_format
from schemas.provenance import Origin, read, write
from schemas.record import RawRecord, data_field
from tests.hub.provide.network import ISBN, arrive, fill, source
from tests.hub.provide.oai_schema import schema
from tests.hub.provide.portal import serving
from tests.hub.provide.test_oai import LIST, SECURE, O, ask, error, identifiers
from tests.hub.stages.books import book, raw

FULL = os.environ.get("LIENTHONG_FULL") == "1"
OURS = "oai:lienthong.example:"


def asked(address: str, **arguments: Any) -> Any:
    response = Client().get(address, arguments)
    assert response.status_code == 200
    return etree.fromstring(response.content, SECURE)


def statuses(answer: Any) -> dict[str, str]:
    """identifier → "deleted", or ""."""
    return {h.findtext(f"{O}identifier").removeprefix(OURS): h.get("status", "") for h in answer.iter(f"{O}header")}


def listed(spec: str = "", address: str = "/oai", **more: str) -> dict[str, str]:
    chosen = {"set": spec} if spec else {}
    return statuses(asked(address, verb="ListIdentifiers", metadataPrefix="oai_dc", **chosen, **more))


@pytest.mark.usefixtures("network")
class TestSets:
    def test_open_licence_audience_and_language(self) -> None:
        free = book("9", "Thơ cho bé")
        fixed = "200101s2020    vm      a     000 0 eng d"
        fields = [(tag, fixed if tag == "008" else content) for tag, content in free.fields]
        fields.append(data_field("540", "  ", [("u", "https://creativecommons.org/licenses/by/4.0/")]))
        arrive(Source.objects.get(name="thanh-pho"), [raw(type(free)(free.leader, tuple(fields)))])
        new = {name for name in listed() if name not in ("LT-0000001",)}
        assert len(listed("open")) == 1
        assert listed("open") == listed("language:eng")
        assert set(listed("open")) <= new
        assert not [spec for spec in Selection.objects.values_list("spec", flat=True) if spec == "audience: "]

    def test_what_leaves_a_set_is_deleted_there_and_lives_elsewhere(self) -> None:
        assert listed("library:HP-LL")["LT-0000001"] == ""
        school = Source.objects.get(name="truong-le-loi")
        arrive(school, [raw(book("S1", "Một cuốn khác hẳn", author="Ai đó", year=1971, isbn="9786042990028"))])
        here = listed("library:HP-LL")
        assert here["LT-0000001"] == "deleted"
        assert listed("library:HP-TP")["LT-0000001"] == ""
        assert listed()["LT-0000001"] == ""
        arrive(school, [raw(book("S1", "Dế Mèn phiêu lưu kí", isbn=ISBN, copies="B1 B2"))])
        assert listed("library:HP-LL")["LT-0000001"] == ""

    def test_a_library_that_becomes_another_kind_moves_its_records(self) -> None:
        assert "LT-0000002" in listed("kind:public")
        Library.objects.filter(code="HP-TP").update(kind="school")
        before = Union.objects.get(id=2).datestamp
        publish()
        assert listed("kind:school")["LT-0000002"] == ""
        assert listed("kind:public")["LT-0000002"] == "deleted"
        assert Union.objects.get(id=2).datestamp > before

    def test_a_catalog_without_sets_gets_them(self) -> None:
        before = {spec: listed(spec) for spec in ("library:HP-TP", "kind:public", "language:vie")}
        Selection.objects.all().delete()
        Listed.objects.all().delete()
        Source.objects.update(listed=0)
        follow()
        assert {spec: listed(spec) for spec in before} == before
        assert len(listed(address="/oai-own")) == 6

    def test_a_merged_record_is_named_by_its_survivor(self) -> None:
        city = Source.objects.get(name="thanh-pho")
        arrive(city, [raw(book("20", "Truyện ngắn chọn lọc", isbn="9786042990028", year=2011))])
        school = Source.objects.get(name="truong-le-loi")
        arrive(school, [raw(book("S9", "Sách lạ hoàn toàn", author="Khác", year=1980))])
        own = {name for name, status in listed("library:HP-LL").items() if not status}
        arrive(school, [raw(book("S9", "Truyện ngắn chọn lọc", isbn="9786042990028", year=2011))])
        [ended] = [union for union in Union.objects.filter(deleted=True) if union.survivor]
        former = f"LT-{ended.pk:07d}"
        assert former in own
        survivor = f"{OURS}LT-{ended.survivor:07d}"
        answer = ask(verb="GetRecord", metadataPrefix="marcxml", identifier=survivor)
        assert answer.xpath("//*[@tag='035']/*[@code='z']/text()") == [f"(VN-HP-LT){former}"]
        assert listed("library:HP-LL")[former] == "deleted"
        gone = ask(verb="GetRecord", metadataPrefix="marcxml", identifier=OURS + former)
        assert gone.find(f".//{O}about") is None


@pytest.mark.usefixtures("network")
class TestOwnRecords:
    def test_a_library_has_an_endpoint_with_its_records_as_they_came(self) -> None:
        assert list(listed(address="/oai/HP-LL")) == ["HP-LL/5", "HP-LL/6"]
        answer = asked("/oai/HP-LL", verb="GetRecord", metadataPrefix="marcxml", identifier=f"{OURS}HP-LL/5")
        assert answer.findtext(".//{*}controlfield[@tag='001']") == "S1"
        assert "Dế Mèn phiêu lưu kí" in answer.xpath("string(//*[@tag='245'])")
        name = asked("/oai/HP-LL", verb="Identify").findtext(f".//{O}repositoryName")
        assert name == "Trường Tiểu học Lê Lợi (Liên thông)"
        assert error(asked("/oai/HP-LL", verb="ListSets")) == "noSetHierarchy"

    def test_changes_and_deletions_reach_it(self) -> None:
        school = Source.objects.get(name="truong-le-loi")
        since = asked("/oai/HP-LL", verb="Identify").findtext(f"{O}responseDate")
        arrive(school, [raw(book("S2", "Ngữ văn 6, tập hai")), raw(book("S1", "x"), deleted=True)])
        assert listed(address="/oai/HP-LL") == {"HP-LL/5": "deleted", "HP-LL/6": ""}
        assert "HP-LL/5" in listed(address="/oai-own", **{"from": since})
        answer = asked("/oai-own", verb="GetRecord", metadataPrefix="oai_dc", identifier=f"{OURS}HP-LL/6")
        assert "tập hai" in answer.xpath("string(//*[local-name()='title'])")

    def test_nothing_changes_when_nothing_has_changed(self) -> None:
        before = sorted(Listed.objects.values_list("item", "selection", "at", "gone", "version"))
        publish()
        assert follow(whole=True) == {"filled": 0, "moved": 0, "own": 0}
        assert sorted(Listed.objects.values_list("item", "selection", "at", "gone", "version")) == before

    def test_a_source_that_becomes_another_librarys_takes_its_records_along(self) -> None:
        Source.objects.filter(name="truong-le-loi").update(library="HP-TP")
        follow(whole=True)
        assert listed(address="/oai/HP-LL") == {"HP-LL/5": "deleted", "HP-LL/6": "deleted"}
        assert listed(address="/oai/HP-TP")["HP-TP/5"] == ""
        assert listed(address="/oai-own")["HP-TP/5"] == ""

    def test_all_of_them_for_other_hubs(self) -> None:
        assert len(listed(address="/oai-own")) == 6
        assert list(listed("library:HP-LL", "/oai-own")) == ["HP-LL/5", "HP-LL/6"]
        assert [e.text for e in asked("/oai-own", verb="ListSets").iter(f"{O}setSpec")] == [
            "library:HP-LL",
            "library:HP-TP",
        ]

    def test_a_bookcase_that_shows_nothing_has_none(self) -> None:
        library = Library.objects.get(code="HP-LL")
        contacts.keep(library, {}, shown=False, by="x")
        publish()
        assert Client().get("/oai/HP-LL", {"verb": "Identify"}).status_code == 404
        own = listed(address="/oai-own")
        assert {status for name, status in own.items() if name.startswith("HP-LL")} == {"deleted"}
        one = asked("/oai-own", verb="GetRecord", metadataPrefix="oai_dc", identifier=f"{OURS}HP-LL/5")
        assert statuses(one) == {"HP-LL/5": "deleted"}
        assert error(asked("/oai-own", **LIST, set="library:HP-LL")) == "noRecordsMatch"
        assert error(ask(**LIST, set="library:HP-LL")) == "noRecordsMatch"
        assert Client().get("/api/v1/changes", {"set": "library:HP-LL"}).status_code == 404
        everything = Client().get("/oai", LIST).content + Client().get("/oai?verb=ListSets").content
        assert b"HP-LL" not in everything
        assert list(listed())[-1] == "LT-0000006"  # they are given anew, without its name
        contacts.keep(library, {}, shown=True, by="x")
        publish()
        assert listed(address="/oai/HP-LL")["HP-LL/5"] == ""
        assert list(listed(address="/oai-own"))[-1].startswith("HP-LL")

    def test_a_bookcase_that_never_showed_anything_is_not_told_of(self) -> None:
        clan = source("tu-sach-vu", "HP-VU", "Tủ sách dòng họ Vũ")
        Library.objects.filter(code="HP-VU").update(kind="clan")
        arrive(clan, [raw(book("1", "Gia phả họ Vũ"))])
        assert not [name for name in listed(address="/oai-own") if name.startswith("HP-VU")]
        number = Record.objects.get(source=clan).pk
        one = {"verb": "GetRecord", "metadataPrefix": "oai_dc", "identifier": f"{OURS}HP-VU/{number}"}
        assert error(asked("/oai-own", **one)) == "idDoesNotExist"
        contacts.keep(Library.objects.get(code="HP-VU"), {}, shown=True, by="x")
        publish()
        assert listed(address="/oai-own")[f"HP-VU/{number}"] == ""
        assert listed(address="/oai/HP-VU") == {f"HP-VU/{number}": ""}
        arrive(clan, [raw(book("2", "Thơ họ Vũ"))])
        assert len(listed("library:HP-VU", "/oai-own")) == 2
        contacts.keep(Library.objects.get(code="HP-VU"), {}, shown=False, by="x")
        publish()
        assert listed(address="/oai-own")[f"HP-VU/{number}"] == "deleted"
        assert statuses(asked("/oai-own", **one)) == {f"HP-VU/{number}": "deleted"}

    def test_what_comes_from_another_hub_is_not_given_on(self) -> None:
        hub = source("hub-kia", "HUB", "Hub kia")
        Source.objects.filter(pk=hub.pk).update(settings={"options": {"hub": True}})
        arrive(Source.objects.get(pk=hub.pk), [raw(book("H1", "Sách của hub kia"))])
        assert len(listed()) == 6
        assert len(listed(address="/oai-own")) == 6

    def test_a_token_belongs_to_its_repository(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(oai, "PAGE", 1)
        token = asked("/oai/HP-LL", **LIST).findtext(f".//{O}resumptionToken")
        assert len(identifiers(asked("/oai/HP-LL", verb="ListRecords", resumptionToken=token))) == 1
        for address in ("/oai", "/oai-own", "/oai/HP-TP"):
            assert error(asked(address, verb="ListRecords", resumptionToken=token)) == "badResumptionToken"

    @pytest.mark.parametrize("name", ["HP-LL/0", "HP-LL/9999999", "HP-TP/5", "HP-LL/5x", "HP-LL", "nobody/1"])
    def test_strange_identifiers(self, name: str) -> None:
        answer = asked("/oai/HP-LL", verb="GetRecord", metadataPrefix="oai_dc", identifier=OURS + name)
        assert error(answer) == "idDoesNotExist"


def harvested(name: str, record: RawRecord, about: str = "") -> RawRecord:
    """The record as a page of OAI-PMH gives it."""
    from schemas.marc21 import parse

    metadata = FORMATS["marcxml"].write(parse(record.body, Reading()))
    head = f"<header><identifier>{name}</identifier><datestamp>2026-01-02T03:04:05Z</datestamp></header>"
    start = f'<record xmlns="{O[1:-1]}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
    body = f"{start}{head}<metadata>{metadata}</metadata>{about}</record>"
    return RawRecord(name, body.encode(), "page 1", "2026-01-02T03:04:05Z")


def repository(records: Sequence[RawRecord]) -> None:
    partner = source("kho", "HP-KHO", "Kho của đối tác")
    options = {"options": {"url": "https://user:secret@kho.example/oai?x=1"}}
    Source.objects.filter(pk=partner.pk).update(connector="oai_pmh", format="marcxml", settings=options)
    arrive(Source.objects.get(pk=partner.pk), records)


@pytest.mark.usefixtures("network")
class TestProvenance:
    def test_origins_within_origins(self) -> None:
        inner = Origin("http://first.example/oai", "oai:first:1", "2025-01-01", "http://x", "2025-02-02")
        about = f"<about>{write(inner)}</about>"
        repository(
            [
                harvested("oai:kho:7", raw(book("7", "Sách đi vòng")), about),
                harvested("oai:kho:8", raw(book("8", "Khác"))),
            ]
        )
        answer = ask(verb="ListRecords", metadataPrefix="oai_dc", set="library:HP-KHO")
        first, second = (read(etree.tostring(record))[0] for record in answer.iter(f"{O}record"))
        assert [origin.identifier for origin in first.chain()] == ["oai:kho:7", "oai:first:1"]
        assert first.base_url == "https://kho.example/oai"
        assert first.datestamp == "2026-01-02T03:04:05Z"
        assert second.before is None

    def test_what_was_made_of_ours_is_an_echo(self) -> None:
        inner = Origin("http://here.example/oai", f"{OURS}LT-0000001", "2025-01-01", "http://x", "2025-02-02")
        outer = Origin("http://b.example/oai", "oai:b:1", "2025-01-01", "http://x", "2025-02-02", True, inner)
        about = f"<about>{write(outer)}</about>"
        before = listed()
        repository([harvested("oai:kho:7", raw(book("7", "Dế Mèn phiêu lưu ký", isbn=ISBN)), about)])
        assert listed() == before

    def test_hostile_provenance_is_read_within_bounds(self) -> None:
        deep = "<originDescription>" * 5_000 + "</originDescription>" * 5_000
        assert read(f"<record><provenance>{deep}</provenance></record>".encode()) == []
        assert read(b"<record>originDescription") == []


def test_answers_are_valid(network: Path, shared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    inner = Origin("http://first.example/oai", "oai:first:1", "not a date", "http://x", "")
    repository([harvested("oai:kho:7", raw(book("7", "Sách đi vòng")), f"<about>{write(inner)}</about>")])
    arrive(Source.objects.get(name="thanh-pho"), [raw(book("2", "x"), deleted=True)])
    rules = schema(shared / "data/schemas", tmp_path)
    monkeypatch.setattr(oai, "PAGE", 2)
    requests: list[tuple[str, dict[str, str]]] = []
    for path, name in (("/oai", "LT-0000001"), ("/oai-own", "HP-TP/1"), ("/oai/HP-TP", "HP-TP/1")):
        for verb in ("Identify", "ListSets", "ListMetadataFormats", "Nothing"):
            requests.append((path, {"verb": verb}))
        for prefix in FORMATS:
            token = Token(path, "ListRecords", prefix, given=2).sign()
            requests.append((path, {"verb": "ListRecords", "metadataPrefix": prefix}))
            requests.append((path, {"verb": "ListRecords", "resumptionToken": token}))
            requests.append((path, {"verb": "ListIdentifiers", "metadataPrefix": prefix}))
            requests.append((path, {"verb": "GetRecord", "metadataPrefix": prefix, "identifier": OURS + name}))
        requests.append((path, {**LIST, "set": "library:HP-KHO"}))
    for path, request in requests:
        rules.assertValid(asked(path, **request))


@pytest.mark.usefixtures("network")
class TestManners:
    @pytest.mark.parametrize(
        ("wish", "coding"),
        [
            ("", ""), ("identity", ""), ("gzip", "gzip"), ("deflate, gzip;q=0.5", "deflate"), ("gzip;q=0", ""),
            ("*", "gzip"), ("br", ""), ("gzip;q=x", ""), ("GZIP , br", "gzip"), ("identity;q=1, gzip;q=0.1", ""),
        ],
    )  # fmt: skip
    def test_packing(self, wish: str, coding: str) -> None:
        plain = Client().get("/oai", LIST).content
        response = Client().get("/oai", LIST, headers={"accept-encoding": wish} if wish else {})
        assert response.headers.get("Content-Encoding", "") == coding
        assert "Accept-Encoding" in response.headers["Vary"]
        unpack = {"gzip": gzip.decompress, "deflate": zlib.decompress}.get(coding, bytes)
        assert len(unpack(response.content)) == len(plain)

    def test_a_browser_is_led_to_a_stylesheet_that_shows_text_as_text(self) -> None:
        response = Client().get("/oai", LIST)
        assert b'<?xml-stylesheet type="text/xsl" href="/static/oai.xsl"?>' in response.content
        sheet = etree.XSLT(etree.parse(Path(oai.__file__).parents[1] / "web/static/oai.xsl"))
        for request in ({"verb": "Identify"}, {"verb": "ListSets"}, LIST, {**LIST, "metadataPrefix": "oai_dc"}, {}):
            page = sheet(etree.fromstring(Client().get("/oai", request).content, SECURE))
            links = page.xpath("//a/@href")
            assert links
            assert all(link.startswith(("http://", "https://")) for link in links)
            assert not page.xpath("//script | //img | //@onerror | //@style")

    @pytest.mark.parametrize("request_of", [{"verb": "Identify"}, LIST, {**LIST, "metadataPrefix": "mods"}, {}])
    def test_a_browser_gets_a_page(self, request_of: dict[str, str]) -> None:
        browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
        response = Client().get("/oai", request_of, headers={"accept": browser})
        assert response.headers["Content-Type"] == "text/html; charset=utf-8"
        assert {"Accept", "Accept-Encoding"} <= set(response.headers["Vary"].replace(" ", "").split(","))
        text = response.content.decode()
        assert "<h1>OAI-PMH" in text
        assert "<script" not in text
        assert "onerror=alert(1)&gt;" in text or request_of != LIST
        assert 'rel="stylesheet"' in text

    @pytest.mark.parametrize(
        "accepted", ["*/*", "text/xml", "text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2", ""]
    )
    def test_a_harvester_gets_xml(self, accepted: str) -> None:
        response = Client().get("/oai", LIST, headers={"accept": accepted})
        assert response.headers["Content-Type"] == "text/xml; charset=utf-8"

    def test_ten_thousand_tampered_tokens(self) -> None:
        chance = random.Random(7)
        good = Token("/oai", "ListRecords", "oai_dc", "library:HP-TP", at=1, item=1).sign()
        letters = "ABCabc019-_:.= %'\"<&\x00ế"
        for _ in range(10_000 if FULL else 300):
            token = list(good)
            for _ in range(chance.randint(1, 4)):
                place = chance.randrange(len(token))
                act = chance.randrange(4)
                token[place : place + (act != 0)] = [chance.choice(letters)] * (act != 1) * (1 + (act == 3) * 50)
            if "".join(token) != good:
                answer = ask(verb="ListRecords", resumptionToken="".join(token))
                assert error(answer) == "badResumptionToken", token

    def test_an_old_token_is_refused(self, monkeypatch: pytest.MonkeyPatch) -> None:
        from datetime import timedelta

        from hub.provide import oai_token

        token = Token("/oai", "ListRecords", "oai_dc").sign()
        assert error(ask(verb="ListRecords", resumptionToken=token)) == ""
        monkeypatch.setattr(oai_token, "LIFE", timedelta(seconds=-1))
        assert error(ask(verb="ListRecords", resumptionToken=token)) == "badResumptionToken"

    def test_a_token_signed_for_something_else_is_refused(self) -> None:
        from django.core import signing

        for value in ({}, [], ["/oai"], ["/oai", "ListRecords", "oai_dc", "", "1", -1, -1, 0, 0, 0], "x", None):
            token = signing.dumps(value, salt="hub.provide.oai")
            assert error(ask(verb="ListRecords", resumptionToken=token)) == "badResumptionToken"

    def test_posts_that_cannot_be_read(self) -> None:
        for kind, body in (
            ("multipart/form-data; boundary=x", b"--y\r\n"),
            ("multipart/form-data", b""),
            ("application/json", b"{}"),
            ("application/x-www-form-urlencoded", b"&".join(b"a%d=1" % n for n in range(2_000))),
            ("application/x-www-form-urlencoded; charset=klingon", b"verb=Identify"),
        ):
            response = Client().generic("POST", "/oai", body, content_type=kind)
            assert response.status_code == 200, kind
        assert Client().get("/oai?" + "&".join(f"a{n}=1" for n in range(2_000))).status_code == 200


def test_sets_and_own_lists_on_both_databases(store: str, monkeypatch: pytest.MonkeyPatch) -> None:
    fill()
    monkeypatch.setattr(oai, "PAGE", 2)
    found: list[str] = []
    arguments: dict[str, str] = {**LIST, "set": "library:HP-TP", "from": "2020-01-01"}
    while True:
        answer = ask(**arguments)
        found += identifiers(answer)
        token = answer.findtext(f".//{O}resumptionToken")
        if not token:
            break
        arguments = {"verb": "ListRecords", "resumptionToken": token}
    assert len(set(found)) == len(found) == 4
    arrive(Source.objects.get(name="thanh-pho"), [raw(book("2", "x"), deleted=True)])
    monkeypatch.setattr(oai, "PAGE", 100)
    assert listed("library:HP-TP")["LT-0000002"] == "deleted"
    assert listed("kind:public", **{"from": "2020-01-01", "until": "2999-01-01"})["LT-0000002"] == "deleted"
    assert listed(address="/oai-own")["HP-TP/2"] == "deleted"
    assert error(asked("/oai/HP-TP", **LIST, until="2020-01-01")) == "noRecordsMatch"
    clan = source("tu-sach-vu", "HP-VU", "Tủ sách dòng họ Vũ")
    Library.objects.filter(code="HP-VU").update(kind="clan")
    arrive(clan, [raw(book("1", "Gia phả họ Vũ"))])
    assert not [name for name in listed(address="/oai-own") if name.startswith("HP-VU")]
    contacts.keep(Library.objects.get(code="HP-VU"), {}, shown=True, by="x")
    publish()
    assert len(listed("library:HP-VU", "/oai-own")) == 1


@pytest.mark.usefixtures("network")
def test_our_own_connector_sees_what_has_left_a_set() -> None:
    with serving() as address:
        options = {"url": f"{address}/oai", "allow_private": True, "set": "library:HP-LL"}
        form = find_format("marcxml")
        first = Job("x", CONNECTOR.options.model_validate(options), form, Reading(), {}, False, Path())
        pages = list(CONNECTOR.pages(first))
        assert sum(not record.deleted for page in pages for record in page.records) == 2
        arrive(Source.objects.get(name="truong-le-loi"), [raw(book("S1", "Khác hẳn", author="Ai đó", year=1971))])
        again = replace(first, checkpoint=pages[-1].checkpoint)
        shown = {record.identifier: record.deleted for page in CONNECTOR.pages(again) for record in page.records}
        assert shown[f"{OURS}LT-0000001"]


WORDS = [
    "", "x", "0", "-1", "99999999999999999999", "LT-0000001", f"{OURS}LT-0000001", "marcxml", "oai_dc", "library:HP-TP",
    "2020-01-01", "2020-01-01T00:00:00Z", "0001-01-01", "9999-12-31", "9999-12-31T23:59:59Z", "' OR 1=1--", "\x00", "\ud800",
    "%", "<a>&", "ế" * 300, "a" * 5_000, "own", "own:HP-TP", ":", "true", "[]", "{}", "../..", "ListRecords", "Identify",
]  # fmt: skip
NAMES = [
    "verb",
    "metadataPrefix",
    "set",
    "from",
    "until",
    "identifier",
    "resumptionToken",
    "after",
    "since",
    "limit",
    "x",
]


@pytest.mark.usefixtures("network")
def test_no_question_breaks_anything() -> None:
    chance = random.Random(11)
    addresses = ["/oai", "/oai-own", "/oai/HP-TP", "/oai/nobody", "/du-lieu", "/du-lieu/changelist.xml"]
    verbs = ["Identify", "ListSets", "ListMetadataFormats", "GetRecord", "ListRecords", "ListIdentifiers"]
    for _ in range(10_000 if FULL else 400):
        asked_for = [(name, chance.choice(WORDS)) for name in chance.choices(NAMES, k=chance.randrange(5))]
        if chance.random() < 0.7:
            asked_for.append(("verb", chance.choice(verbs)))
        query = urlencode([(name, value.encode("utf-8", "surrogatepass")) for name, value in asked_for])
        address = chance.choice(addresses)
        post = address.startswith("/oai") and chance.random() < 0.3
        kind = "application/x-www-form-urlencoded"
        client = Client(raise_request_exception=True)
        response = client.generic("POST", address, query, kind) if post else client.get(f"{address}?{query}")
        assert response.status_code in (200, 400, 404), (address, asked_for)
        if address in ("/oai", "/oai-own", "/oai/HP-TP"):
            assert response.status_code == 200, (address, asked_for)
            etree.fromstring(response.content, SECURE)
