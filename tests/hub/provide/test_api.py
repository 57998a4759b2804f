"""The JSON API: shapes, walks by cursor, keys, limits, problems in two languages, and whatever may come in."""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from django.core import signing
from django.test import Client

from hub.accounts import keys
from hub.catalog.models import Union
from hub.network.models import Library
from hub.provide import api_limits
from hub.provide.api_limits import Meter
from hub.provide.api_problems import MEDIA, Refused
from tests.hub.provide.network import ISBN, arrive, source
from tests.hub.provide.test_pages import page
from tests.hub.provide.test_search_pages import home_library
from tests.hub.stages.books import book, raw

API = "/api/v1"


@pytest.fixture(autouse=True)
def fresh_meter(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api_limits, "METER", Meter())


def ask(path: str, client: Client | None = None, status: int = 200, **query: Any) -> Any:
    response = (client or Client()).get(API + path, query)
    assert response.status_code == status, response.content.decode()
    said = json.loads(response.content)
    if status >= 400:
        assert response.headers["Content-Type"] == MEDIA
        assert said["status"] == status
        assert said["detail_vi"] != said["detail_en"]
    return said


@pytest.mark.usefixtures("network")
class TestAnswers:
    def test_search_with_facets(self) -> None:
        said = ask("/search", q="đế mèn", library="HP-TP")
        assert (said["total"], said["folded"], said["did_you_mean"]) == (1, True, ["dế mèn"])
        (found,) = said["records"]
        assert (found["id"], found["copies"], len(found["libraries"])) == ("LT-0000001", 5, 2)
        assert {one["value"]: one["count"] for one in said["facets"]["library"]} == {"HP-LL": 1, "HP-TP": 1}
        assert ask("/search", **{"from": 1990, "to": 2016})["total"] == 2

    def test_search_by_work_and_page(self) -> None:
        pages = [ask("/search", by="work", size=2, page=number) for number in (1, 2, 3)]
        assert [len(said["records"]) for said in pages] == [2, 2, 1]
        assert {said["pages"] for said in pages} == {3}
        assert ask("/search", page=2000, size=100, status=400)["code"] == "api_deep"

    def test_a_record(self) -> None:
        said = ask("/records/LT-0000001")
        assert said["isbns"] == [ISBN]
        assert {one["code"] for one in said["holdings"]} == {"HP-TP", "HP-LL"}
        assert ask("/records/LT-0000001/holdings") == said["holdings"]
        marc = ask("/records/LT-0000001/marcjson")
        assert {"001": "LT-0000001"} in marc["fields"]
        assert ask(f"/works/{said['work']}")["editions"][0]["id"] == "LT-0000001"

    def test_tombstones(self) -> None:
        Union.objects.filter(id=2).update(deleted=True, survivor=1)
        for rest in ("", "/marcjson", "/holdings"):
            response = Client().get(f"{API}/records/LT-0000002{rest}")
            there = f"http://127.0.0.1:8000/api/v1/records/LT-0000001{rest}"
            assert (response.status_code, response.headers["Location"]) == (301, there)
        Union.objects.filter(id=2).update(survivor=None)
        assert "không còn trong mục lục" in ask("/records/LT-0000002", status=410)["detail_vi"]

    def test_libraries(self) -> None:
        home_library()
        said = ask("/libraries", limit=2)
        more = ask("/libraries", limit=2, cursor=said["cursor"])
        assert [one["code"] for one in said["libraries"] + more["libraries"]] == ["HP-LL", "HP-NHA", "HP-TP"]
        assert more["cursor"] is None
        assert ask("/libraries/HP-NHA")["titles"] is None
        assert ask("/libraries/HP-TP")["titles"] == 4

    def test_who_is_not_named(self) -> None:
        home_library()
        for path in ("/search", "/records", "/records/LT-0000001", "/records/LT-0000001/marcjson", "/changes"):
            assert "HP-NHA" not in json.dumps(ask(path)), path
        assert ask("/changes", set="library:HP-NHA", status=404)

    def test_copies(self) -> None:
        response = Client().get(f"{API}/copy", {"q": "978604299001", "encoding": "tcvn3"})
        assert response.headers["Content-Type"] == "application/marc"
        assert ask("/copy", q="9786040000002", status=404)
        body = {"asked": [ISBN, "x", "604299001"], "format": "mrk"}
        said = Client().post(f"{API}/copy", body, content_type="application/json").json()
        assert [one["by"] for one in said["lines"]] == ["isbn", "", "mended"]
        assert said["not_found"] == ["x"]
        assert base64.b64decode(said["data"]).decode().count("=LDR") == 1


@pytest.mark.usefixtures("network")
class TestWalks:
    def walk(self, path: str, name: str, **query: Any) -> Iterator[list[Any]]:
        cursor, more = "", True
        while more:
            said = ask(path, cursor=cursor, limit=2, **query)
            yield [one["id"] for one in said[name]]
            cursor, more = said["cursor"] or "", said.get("more", bool(said["cursor"]))

    def test_all_records(self) -> None:
        live = Union.objects.filter(deleted=False).count()
        walked = [one for part in self.walk("/records", "records") for one in part]
        assert len(walked) == len(set(walked)) == live

    def test_changes_while_records_change(self) -> None:
        walked: list[str] = []
        for turn, part in enumerate(self.walk("/changes", "changes")):
            walked += part
            if turn == 0:
                more = [book("90", "Sách mới tới"), book("1", "Dế Mèn phiêu lưu ký", isbn=ISBN, note="đổi")]
                arrive(source("thanh-pho", "HP-TP", "Thư viện thành phố"), [raw(one) for one in more])
        present = {said["id"] for said in ask("/records", limit=500)["records"]}
        assert set(walked) == present
        assert walked.count("LT-0000001") <= 2

    def test_changes_go_on_later(self) -> None:
        last = ask("/changes", limit=500)
        assert not last["more"]
        assert ask("/changes", cursor=last["cursor"])["changes"] == []
        arrive(source("thanh-pho", "HP-TP", "Thư viện thành phố"), [raw(book("91", "Sách đến sau"))])
        assert len(ask("/changes", cursor=last["cursor"])["changes"]) == 1
        assert len(ask("/changes", set="library:HP-LL")["changes"]) == 2
        assert ask("/changes", since="2999-01-01T00:00:00Z")["changes"] == []

    def test_tampered_cursors(self) -> None:
        cursor = ask("/records", limit=2)["cursor"]
        wrong = [cursor[:-1], cursor[1:], cursor + "A", "x", "é", "'; DROP", signing.dumps(["records", 1], salt="x")]
        wrong += [
            cursor[:at] + ("A" if cursor[at] != "A" else "B") + cursor[at + 1 :] for at in range(0, len(cursor), 3)
        ]
        for text in wrong:
            ask("/records", cursor=text, status=400)
        ask("/changes", cursor=cursor, status=400)
        ask("/changes", set="open", cursor=ask("/changes", limit=1)["cursor"], status=404)


@pytest.mark.usefixtures("network")
class TestKeysAndLimits:
    def test_a_stranger_is_asked_to_wait(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(api_limits, "ANONYMOUS", 3)
        for _ in range(3):
            ask("/libraries")
        response = Client().get(f"{API}/libraries")
        assert response.status_code == 429
        assert int(response.headers["Retry-After"]) > 0

    def test_a_key_lets_a_program_ask_more_and_see_what_its_owner_sees(
        self, as_role: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        home_library()
        monkeypatch.setattr(api_limits, "ANONYMOUS", 1)
        Library.objects.filter(code="HP-NHA").update(kind="clan")
        owner = as_role("partner_librarian", "HP-NHA").user
        _, text = keys.make(owner, "ILS", ["library.see"], days=30, by="x")
        client = Client(headers={"authorization": f"Bearer {text}"})
        for _ in range(5):
            said = ask("/records/LT-0000001", client)
        assert "HP-NHA" in {one["code"] for one in said["holdings"]}

    @pytest.mark.parametrize("header", ["Bearer lt_x", "Bearer", "Basic eDp5", "Bearer lt_" + "x" * 500])
    def test_a_wrong_key_is_said(self, header: str) -> None:
        assert ask("/libraries", Client(headers={"authorization": header}), status=401)["code"] == "api_key"

    def test_the_meter_starts_anew_each_minute_and_forgets(self, monkeypatch: pytest.MonkeyPatch) -> None:
        now = [0.0]
        meter = Meter(lambda: now[0])
        meter.count("a", 1)
        with pytest.raises(Refused):
            meter.count("a", 1)
        now[0] = 61
        meter.count("a", 1)
        monkeypatch.setattr(api_limits, "MOST_NETWORKS", 10)
        for number in range(100):
            meter.count(str(number), 5)
        assert len(meter.counts) <= 11


@pytest.mark.usefixtures("network")
class TestBadInput:
    @pytest.mark.parametrize(
        ("path", "status"),
        [
            ("/search?size=0", 422),
            ("/search?size=1000", 422),
            ("/search?page=x", 422),
            ("/search?sort=worst", 422),
            ("/search?from=-1", 422),
            ("/search?q=" + "a" * 500, 422),
            ("/records?limit=501", 422),
            ("/records/x", 404),
            ("/records/LT-9999999", 404),
            ("/records/LT-99999999999999999999/holdings", 404),
            ("/works/0", 404),
            ("/works/--1", 404),
            ("/works/%C2%B2", 404),
            ("/works/99999999999999999999999", 404),
            ("/libraries/%00", 404),
            ("/changes?since=yesterday", 422),
            ("/changes?set=%00", 404),
            ("/changes?set=own", 404),
            ("/copy", 422),
            ("/copy?q=x&format=exe", 422),
            (f"/copy?q={ISBN}&format=marcxml&encoding=vni", 400),
            ("/nowhere", 404),
            ("/x/y/", 404),
        ],
    )
    def test_is_answered_in_words(self, path: str, status: int) -> None:
        response = Client().get(API + path)
        assert (response.status_code, response.headers["Content-Type"]) == (status, MEDIA), response.content
        assert json.loads(response.content)["detail"]

    @pytest.mark.parametrize(
        "since", ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "9999-12-31T23:59:59-23:59", "1", "-1e18", "1e30"]
    )
    def test_moments_at_the_ends_of_time(self, since: str) -> None:
        assert Client().get(f"{API}/changes", {"since": since}).status_code in (200, 422)

    @pytest.mark.parametrize(
        "body", ["", "{", "[]", '{"asked": []}', '{"asked": ["\\ud800"]}', '{"asked": [1]}', "9" * 5000]
    )
    def test_bodies(self, body: str) -> None:
        response = Client().post(f"{API}/copy", body, content_type="application/json")
        assert response.status_code < 500
        assert Client().post(f"{API}/search", body, content_type="application/json").status_code == 405
        assert Client().delete(f"{API}/records").headers["Content-Type"] == MEDIA


def test_the_page_that_explains_it_names_everything(network: Path) -> None:
    said = json.loads(page(f"{API}/openapi.json"))
    for language in ("vi", "en"):
        html = page(f"{API}/docs?lang={language}")
        assert "<script" not in html
        for path, methods in said["paths"].items():
            assert path in html
            for operation in methods.values():
                assert operation["summary"]
                assert all(parameter["description"] for parameter in operation.get("parameters", ())), path


def test_schemathesis_finds_no_server_error(network: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Some hundred cases; with LIENTHONG_FULL=1 more than ten thousand."""
    import schemathesis
    from hypothesis import HealthCheck, Phase, given, settings
    from hypothesis.errors import Unsatisfiable

    from hub.web.wsgi import application

    monkeypatch.setattr(api_limits, "ANONYMOUS", 10**9)
    full = os.environ.get("LIENTHONG_FULL") == "1"
    schema = schemathesis.openapi.from_wsgi(f"{API}/openapi.json", application)
    count, seen = 0, set[int]()
    for result in schema.get_all_operations():
        operation = result.ok()
        for modes in (schemathesis.GenerationMode.POSITIVE, schemathesis.GenerationMode.NEGATIVE):
            strategy = operation.as_strategy(generation_mode=modes)

            @settings(
                max_examples=900 if full else 20, deadline=None, database=None, derandomize=True,
                phases=[Phase.generate], suppress_health_check=list(HealthCheck),
            )  # fmt: skip
            @given(case=strategy)
            def try_all(case: Any) -> None:
                nonlocal count
                count += 1
                response = case.call()
                seen.add(response.status_code)
                assert response.status_code < 500, (case.as_curl_command(), response.content[:500])

            with suppress(Unsatisfiable):  # what takes any text has no wrong one
                try_all()
    assert count >= (10_000 if full else 200)
    assert {200, 404, 422} <= seen


def test_walks_on_both_databases(store: str) -> None:
    from tests.hub.provide.network import fill

    fill()
    first = ask("/records", limit=3)
    rest = ask("/records", limit=3, cursor=first["cursor"])
    assert len(first["records"] + rest["records"]) == 5
    assert len(ask("/changes", limit=500)["changes"]) == 5
    assert [one["code"] for one in ask("/libraries")["libraries"]] == ["HP-LL", "HP-TP"]
    assert ask(f"/works/{first['records'][0]['work']}")
    assert "LT-0000001" in page("/sitemap-0.xml")
    for path in (
        "/r/%00",
        "/thu-vien/%00",
        "/api/v1/libraries/%00",
        "/api/v1/changes?set=%00",
        "/r/LT-0000001/tep/%00",
    ):
        assert Client().get(path).status_code == 404, path
    for path in ("/tim?q=%00&library=%00", "/sao-chep?q=%00", "/opds/sach?query=%00", "/tim/tep/csv?unit=%00"):
        assert Client().get(path).status_code == 200, path
