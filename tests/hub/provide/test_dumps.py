"""Dumps: a full one and its deltas give the catalog; whole or not there; ResourceSync; the change feed; nights."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from lxml import etree

from flows import nightly
from hub.catalog.models import Source, Union
from hub.catalog.reads import union_uid
from hub.provide import dump_files
from hub.provide.dump_files import Dump, dumps, folder, make
from hub.provide.dumps import union_records
from hub.provide.return_files import write
from schemas import marc21, marcxml
from schemas.format import Reading
from schemas.problem import Trouble
from tests.hub.provide.network import ISBN, arrive, fill
from tests.hub.stages.books import book, raw

S, RS = "{http://www.sitemaps.org/schemas/sitemap/0.9}", "{http://www.openarchives.org/rs/terms/}"


def unpacked(dump: Dump, name: str) -> bytes:
    return gzip.decompress((folder() / dump.name / name).read_bytes())


def lines(dump: Dump) -> list[dict[str, Any]]:
    return [json.loads(line) for line in unpacked(dump, "records.jsonl.gz").splitlines()]


def loaded(module: Any, body: bytes) -> dict[str, Any]:
    """uid → the record, or ``None`` for a deletion, as our own reader reads the file."""
    found: dict[str, Any] = {}
    for one in module.split(io.BytesIO(body), Reading()):
        found[one.identifier] = None if one.deleted else module.parse(one.body, Reading()).fields
    return found


def made(**options: Any) -> Dump:
    dump = make(**options)
    assert dump
    return dump


def change() -> None:
    """A book is changed, one goes, one comes, two are merged."""
    city = Source.objects.get(name="thanh-pho")
    arrive(city, [raw(book("2", "Truyện cổ tích Việt Nam, in lại")), raw(book("3", "x"), deleted=True)])
    arrive(city, [raw(book("30", "Cuốn mới tinh", author="Người mới"))])
    arrive(Source.objects.get(name="truong-le-loi"), [raw(book("S2", "Dế Mèn phiêu lưu ký", isbn=ISBN))])


class TestFiles:
    def test_a_full_dump_and_its_deltas_give_the_catalog(self, store: str) -> None:
        fill()
        first = made()
        assert (first.kind, first.records, first.deletions) == ("full", 5, 0)
        assert make() is None
        change()
        second = made()
        assert second.kind == "delta"
        assert second.since == first.until
        assert second.deletions >= 2
        now = {union_uid(number): record.fields for number, record in union_records()}
        for module, name in ((marc21, "records.mrc.gz"), (marcxml, "records.xml.gz")):
            both = loaded(module, unpacked(first, name)) | loaded(module, unpacked(second, name))
            assert {uid: fields for uid, fields in both.items() if fields} == now
        states = {line["id"]: line for dump in (first, second) for line in lines(dump)}
        assert {uid for uid, line in states.items() if not line.get("deleted")} == now.keys()
        merged = [line["survivor"] for line in states.values() if line.get("survivor")]
        assert merged == ["LT-0000001"]

    @pytest.mark.usefixtures("network")
    def test_sums_and_manifest_are_right(self) -> None:
        dump = made()
        place = folder() / dump.name
        for line in (place / "SHA256SUMS").read_text().splitlines():
            digest, name = line.split("  ")
            assert hashlib.sha256((place / name).read_bytes()).hexdigest() == digest
        assert {path.name for path in place.iterdir()} == {*dump_files.FILES, "manifest.json", "SHA256SUMS"}
        assert json.loads((place / "manifest.json").read_text())["records"] == 5

    @pytest.mark.usefixtures("network")
    def test_a_dump_that_was_cut_is_not_there(self, monkeypatch: pytest.MonkeyPatch) -> None:
        with monkeypatch.context() as patched:
            patched.setattr(dump_files, "to_marcxml", lambda record: 1 / 0)
            with pytest.raises(ZeroDivisionError):
                make()
        assert dumps() == []
        assert list(folder().glob("*.part"))
        made()
        assert not list(folder().glob("*.part"))

    @pytest.mark.usefixtures("network")
    def test_one_at_a_time(self) -> None:
        with dump_files._alone(), pytest.raises(Trouble, match="writing a dump"):
            make()

    @pytest.mark.usefixtures("network")
    def test_old_ones_go_and_a_week_makes_a_full_one(self, monkeypatch: pytest.MonkeyPatch) -> None:
        start = datetime(2026, 1, 1, tzinfo=UTC)
        days = iter(range(100))
        monkeypatch.setattr(dump_files.timezone, "now", lambda: start + timedelta(days=next(days)))
        city = Source.objects.get(name="thanh-pho")
        kinds = []
        for number in range(8):
            with monkeypatch.context() as patched:
                patched.undo()
                arrive(city, [raw(book("2", f"Lần thứ {number}"))])
            monkeypatch.setattr(dump_files.timezone, "now", lambda n=number: start + timedelta(days=n, hours=n))
            kinds.append(made().kind)
        assert kinds == ["full", *["delta"] * 6, "full"]
        monkeypatch.undo()
        made(full=True, keep=1)
        assert [dump.kind for dump in dumps()] == ["full"]

    def test_an_empty_catalog_has_none(self, catalog: Path) -> None:
        assert make() is None
        assert make(full=True) is None


@pytest.mark.usefixtures("network")
class TestPages:
    def test_the_list_leads_to_the_files(self) -> None:
        made()
        change()
        made()
        said = Client().get("/du-lieu").json()
        assert [dump["needed"] for dump in said["dumps"]] == [True, True]
        for dump in said["dumps"]:
            for file in dump["files"]:
                response = Client().get(file["url"].removeprefix("http://127.0.0.1:8000"))
                body = b"".join(response.streaming_content)
                assert hashlib.sha256(body).hexdigest() == file["sha256"]
                assert response.headers["Content-Length"] == str(file["bytes"]) == str(len(body))

    def test_a_download_goes_on(self) -> None:
        dump = made()
        address = f"/du-lieu/{dump.name}/records.mrc.gz"
        whole = (folder() / dump.name / "records.mrc.gz").read_bytes()
        response = Client().get(address, headers={"range": "bytes=10-"})
        assert response.status_code == 206
        assert b"".join(response.streaming_content) == whole[10:]
        assert response.headers["Content-Range"] == f"bytes 10-{len(whole) - 1}/{len(whole)}"
        assert b"".join(Client().get(address, headers={"range": "bytes=3-5"}).streaming_content) == whole[3:6]
        assert Client().get(address, headers={"range": "bytes=99999999-"}).status_code == 416
        assert Client().get(address, headers={"range": "bytes=x"}).status_code == 200

    @pytest.mark.parametrize("path", ["..", "20260101T000000Z-full", "%2e%2e", "x"])
    @pytest.mark.parametrize("name", ["secret_key", "../secret_key", "manifest.json"])
    def test_nothing_else_is_given(self, path: str, name: str) -> None:
        made()
        assert Client().get(f"/du-lieu/{path}/{name}").status_code in (404, 400)

    def test_resourcesync(self) -> None:
        first = made()
        change()
        second = made()
        seen: dict[str, Any] = {}
        todo = ["/.well-known/resourcesync"]
        while todo:
            address = todo.pop()
            root = etree.fromstring(Client().get(address).content)
            kind = root.find(f"{RS}md").get("capability")
            seen[kind] = root
            if kind in ("description", "capabilitylist"):
                todo += [e.text.removeprefix("http://127.0.0.1:8000") for e in root.iter(f"{S}loc")]
        assert seen.keys() == {"description", "capabilitylist", "resourcelist", "changelist"}
        files = {url.findtext(f"{S}loc"): url.find(f"{RS}md") for url in seen["resourcelist"].iter(f"{S}url")}
        assert {name.split("/")[-2] for name in files} == {first.name}
        sums = {file["name"]: file["sha256"] for file in first.files}
        assert {md.get("hash") for md in files.values()} == {f"sha-256:{digest}" for digest in sums.values()}
        changed = [url.find(f"{RS}md") for url in seen["changelist"].iter(f"{S}url")]
        assert [md.get("change") for md in changed] == ["created"] * len(second.files)
        assert Client().get("/du-lieu/other.xml").status_code == 404

    def test_without_dumps_there_are_empty_lists(self) -> None:
        assert Client().get("/du-lieu").json()["dumps"] == []
        assert Client().get("/du-lieu/resourcelist.xml").status_code == 200


def test_the_change_feed_says_what_merged_and_what_left(store: str) -> None:
    fill()
    before = Client().get("/api/v1/changes?limit=500").json()
    assert len({one["id"] for one in before["changes"]}) == len(before["changes"]) == Union.objects.count() == 5
    change()
    page = Client().get("/api/v1/changes", {"cursor": before["cursor"]}).json()
    after = {one["id"]: one for one in page["changes"]}
    assert any(one["survivor"] == "LT-0000001" and one["deleted"] for one in after.values())
    assert after["LT-0000003"]["deleted"]


class TestNights:
    def test_once_a_day_after_the_hour(self, catalog: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        runs: list[Path] = []
        monkeypatch.setattr(nightly, "_run", runs.append)
        monkeypatch.setenv("LIENTHONG_DUMP_AT", "02:00")
        for hours, expected in ((-1, 0), (1, 1), (5, 1), (25.5, 2)):
            now = datetime(2026, 5, 1, 19, tzinfo=UTC) + timedelta(hours=hours)  # 02:00 in Hai Phong is 19:00
            monkeypatch.setattr(nightly.timezone, "now", lambda now=now: now)
            nightly.dump_when_due()
            assert len(runs) == expected
            if (folder() / nightly.TRIED).exists():
                os.utime(folder() / nightly.TRIED, (now.timestamp(),) * 2)

    def test_never_and_wrong_times(self, catalog: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("LIENTHONG_DUMP_AT", "never")
        assert not nightly.is_due(datetime(2026, 5, 1, 23, tzinfo=UTC))
        monkeypatch.setenv("LIENTHONG_DUMP_AT", "25:00")
        with pytest.raises(Trouble, match="25:00"):
            nightly.is_due(datetime(2026, 5, 1, tzinfo=UTC))


@pytest.mark.usefixtures("network")
class TestReturns:
    def test_a_library_gets_its_numbers_and_better_records(self, tmp_path: Path) -> None:
        target = tmp_path / "back" / "HP-LL"
        assert write("HP-LL", target) == []
        rows = (target / "numbers.csv").read_text(encoding="utf-8").splitlines()
        assert rows[1].startswith("truong-le-loi,S1,S1,LT-0000001,2,oai:lienthong.example:LT-0000001,")
        assert len(rows) == 3
        sums = (target / "SHA256SUMS").read_text().splitlines()
        assert [line.split("  ")[1] for line in sums] == ["improved.csv", "improved.mrc", "improved.xml", "numbers.csv"]
        assert write("HP-LL", target) == []
        (target / "mine.txt").write_text("x")
        with pytest.raises(Trouble, match="holds other things"):
            write("HP-LL", target)
        with pytest.raises(Trouble, match="HP-TP"):
            write("nobody", tmp_path / "x")
