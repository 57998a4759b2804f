"""Clients that others wrote: YAZ by SRU and, through the gateway, by Z39.50; our own connectors harvest what we serve."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from connectors import z3950 as z3950_connector
from connectors.connector import Job
from connectors.sru import CONNECTOR, Options, pages
from flows.commands.z3950 import PACKAGE, USES, gateway, installed
from hub.home import home
from hub.provide.cql_indexes import INDEXES, OURS
from hub.sources import SourceFile, make_source
from hub.stages.harvest import harvest as harvest_source
from schemas.format import Reading, find_format
from schemas.problem import Trouble
from tests.connectors.z3950_site import free_port
from tests.hub.provide.network import ISBN
from tests.hub.provide.portal import serving

yaz = pytest.mark.skipif(shutil.which("yaz-client") is None, reason="YAZ is not installed: apt-get install yaz")
simple2zoom = pytest.mark.skipif(not installed(), reason=f"no Z39.50 gateway: apt-get install {PACKAGE}")


def has_catmandu() -> bool:
    if shutil.which("catmandu") is None:
        return False
    return not subprocess.run(["perl", "-MCatmandu::Importer::SRU", "-e1"], capture_output=True, check=False).returncode


QUERIES: list[tuple[str, int]] = [  # in PQF, and how many records they find
    ("@attr 1=1 giỏi", 1), ('@attr 1=1 "Đoàn Giỏi"', 1), ('@attr 1=4 "dế mèn"', 1), ("@attr 1=4 de", 1),
    (f"@attr 1=7 {ISBN}", 1), ("@attr 1=7 978-604-299-001-1", 1), ("@attr 1=8 1234-5679", 0),
    ('@attr 1=21 "không có"', 0), ("@attr 1=1003 Giỏi", 1), ('@attr 1=1016 "rừng Đoàn"', 1),
    ("@attr 1=31 2015", 1), ("@attr 1=31 @attr 2=1 2000", 1), ("@attr 1=30 @attr 2=4 2015", 4),
    ("@attr 1=12 LT-0000003", 1),
    ("@attr 1=4 @attr 5=1 phi", 1), ("@attr 1=4 @attr 5=104 phi#u", 1), ("@attr 1=4 phi?u", 0),
    ("@and @attr 1=4 dế @attr 1=31 2015", 0), ("@or @attr 1=4 dế @attr 1=4 rừng", 2),
    ("@not @attr 1=1016 rừng @attr 1=31 2015", 1), ("dế", 1),
    ('@attr 1=4 @attr 6=3 "Dế Mèn phiêu lưu ký"', 1), ('@attr 1=4 @attr 3=1 "mèn"', 0),
    ('@attr 1=4 "dế (mèn)"', 1), ('@attr 1=4 "\\"dế\\""', 1), ("@attr 1=4 and", 0),
]  # fmt: skip


@pytest.fixture
def portal(network: Path) -> Iterator[str]:
    with serving() as address:
        yield address


@pytest.fixture
def z3950(portal: str) -> Iterator[str]:
    port = free_port()
    with gateway("127.0.0.1", port, f"{portal}/sru"):
        yield f"tcp:127.0.0.1:{port}/Default"


def client(address: str, *commands: str) -> str:
    """What yaz-client says to some commands, in UTF-8."""
    script = "\n".join((f"open {address}", *commands, "quit")) + "\n"
    done = subprocess.run(["yaz-client"], input=script.encode(), capture_output=True, timeout=60, check=False)
    return done.stdout.decode("utf-8", "replace")


def zoomsh(*commands: str) -> str:
    done = subprocess.run(["zoomsh", *commands, "quit"], capture_output=True, timeout=60, check=False)
    return (done.stdout + done.stderr).decode("utf-8", "replace")


@yaz
class TestSru:
    @pytest.mark.parametrize("version", ["1.1", "1.2", "2.0"])
    def test_yaz_client(self, portal: str, version: str) -> None:
        said = client(f"{portal}/sru", f"sru get {version}", "querytype cql", 'find dc.title = "dế mèn"', "show 1+1")
        assert "Number of hits: 1" in said
        assert "Dế Mèn phiêu lưu ký" in said

    def test_yaz_client_is_told_what_is_wrong(self, portal: str) -> None:
        said = client(f"{portal}/sru", "sru get 1.1", "querytype cql", "find foo.title = a")
        assert "info:srw/diagnostic/1/15" in said

    def test_yaz_client_scans(self, portal: str) -> None:
        said = client(f"{portal}/sru", "sru get 1.1", "querytype cql", "scan title=de")
        assert "de: 1" in said

    def test_zoomsh(self, portal: str) -> None:
        said = zoomsh("set sru get", "set sru_version 1.1", f"connect {portal}/sru", "search cql:rừng", "show 0 1")
        assert "1 hits" in said
        assert "Đất rừng phương Nam" in said


@pytest.mark.skipif(not has_catmandu(), reason="no Catmandu with SRU: apt-get install libcatmandu-sru-perl")
def test_catmandu(portal: str) -> None:
    options = [
        "--base",
        f"{portal}/sru",
        "--query",
        "cql.allRecords=1",
        "--recordSchema",
        "marcxml",
        "--parser",
        "marcxml",
    ]
    done = subprocess.run(
        ["catmandu", "convert", "SRU", *options, "--limit", "2", "to", "JSON"],
        capture_output=True,
        timeout=90,
        check=False,
    )
    records = json.loads(done.stdout)
    assert [record["_id"] for record in records] == [f"LT-{number:07d}" for number in (1, 2, 3, 4, 6)], done.stderr


@yaz
@simple2zoom
class TestGateway:
    def test_bib_1(self, z3950: str) -> None:
        said = client(z3950, "charset utf-8", *(f"find {query}" for query, _ in QUERIES))
        found = [int(number) for number in re.findall(r"Number of hits: (\d+)", said)]
        assert dict(zip([query for query, _ in QUERIES], found, strict=True)) == dict(QUERIES)

    def test_usmarc_and_xml(self, z3950: str) -> None:
        said = client(z3950, "format usmarc", 'find @attr 1=4 "dế mèn"', "show 1+1")
        assert "Dế Mèn phiêu lưu ký" in said
        assert "record type: USmarc" in said.replace("Usmarc", "USmarc") or "245 10 $a" in said
        said = client(z3950, "format xml", 'find @attr 1=4 "dế mèn"', "show 1+1")
        assert '<record xmlns="http://www.loc.gov/MARC21/slim"' in said

    def test_several_records_at_once(self, z3950: str) -> None:
        said = client(z3950, "format usmarc", "find @attr 1=54 vie", "show 1+5")
        assert said.count("LT-00000") >= 5

    def test_scan(self, z3950: str) -> None:
        said = client(z3950, "scan @attr 1=4 mèn", "scan @attr 1=1003 a", "scan @attr 1=31 2000")
        assert re.search(r"\bmen \(1\)", said)
        assert re.search(r"\bgioi \(1\)", said)
        assert "[114]" in said or "code 6" in said

    def test_sort_and_result_sets(self, z3950: str) -> None:
        said = client(z3950, "format usmarc", "find @attr 1=54 vie", "find @and @set 1 @attr 1=4 rừng", "show 1")
        assert "Đất rừng" in said
        said = client(z3950, "format usmarc", "find @attr 1=54 vie", "sort 1=4 i<", "show 1+5")
        assert "vie" not in (home() / "z3950.log").read_text(encoding="utf-8")  # nobody's searches are kept
        assert said.index("Dế Mèn") < said.index("Đất rừng") < said.index("Ngữ văn") < said.index("Truyện cổ")

    def test_what_is_wrong_is_a_diagnostic(self, z3950: str) -> None:
        assert "114" in client(z3950, "find @attr 1=9999 a")
        assert "235" in client(z3950.replace("Default", "other"), "find a")
        assert "109" in client(z3950, "base nowhere", "find a") or "235" in client(z3950, "base nowhere", "find a")

    def test_it_goes_to_our_server_only(self, z3950: str) -> None:
        said = client(z3950, "base cfg:address=127.0.0.1:1", "find a")
        assert "235" in said

    def test_our_own_connector_harvests_it(self, z3950: str) -> None:
        port = int(z3950.split(":")[2].split("/")[0])
        options: dict[str, Any] = {
            "host": "127.0.0.1", "port": port, "database": "Default", "allow_private": True, "pause": "0.001s",
            "query": "@attr 1=54 vie",
        }  # fmt: skip
        job = Job("x", z3950_connector.Options(**options), find_format("marc21"), Reading(encoding="auto"), {}, False)
        records = [record for page in z3950_connector.pages(job) for record in page.records]
        assert sorted(record.identifier for record in records) == [f"LT-{n:07d}" for n in (1, 2, 3, 4, 6)]
        read = [job.format.parse(record.body, job.reading) for record in records]
        assert "Đất rừng phương Nam" in {record.first("245", "a") for record in read}
        assert {record.leader[9] for record in read} == {"a"}


class TestOurOwn:
    @pytest.mark.parametrize("form", ["marcxml", "mods", "oai_dc"])
    @pytest.mark.parametrize("version", ["1.1", "1.2", "2.0"])
    def test_our_connector_harvests_everything(self, portal: str, version: str, form: str) -> None:
        settings: dict[str, Any] = {
            "url": f"{portal}/sru", "allow_private": True, "pause": "0.001s", "version": version, "page_size": 2,
        }  # fmt: skip
        job = Job("x", Options(**settings), find_format(form), Reading(), {}, False)
        assert CONNECTOR.check(job) == []
        given = list(pages(job))
        records = [record for page in given for record in page.records]
        assert len(records) == 5
        assert given[-1].everything
        assert all(job.format.parse(record.body, Reading()).fields for record in records)

    def test_in_slices(self, portal: str) -> None:
        settings: dict[str, Any] = {
            "url": f"{portal}/sru", "allow_private": True, "pause": "0.001s", "max_records": 3,
            "slices": {"index": "rec.identifier", "first": 1, "last": 9},
        }  # fmt: skip
        job = Job("x", Options(**settings), find_format("marcxml"), Reading(), {}, False)
        identifiers = {record.identifier for page in pages(job) for record in page.records}
        assert identifiers == {f"LT-{n:07d}" for n in (1, 2, 3, 4, 6)}


def test_from_our_server_to_a_catalog(portal: str, catalog: Path) -> None:
    written = {
        "library": {"code": "HUB", "name": {"vi": "Hub khác"}}, "connector": "sru", "format": "marcxml", "schedule": "0 2 * * *",
        "options": {"url": f"{portal}/sru", "allow_private": True, "pause": "0.001s"},
    }  # fmt: skip
    config = make_source("hub", SourceFile.model_validate(written), catalog, catalog / "hub.yaml", "")
    (report,) = harvest_source(config)
    assert (report.counts["received"], report.counts["created"], report.counts["rejected"]) == (5, 5, 0)
    (report,) = harvest_source(config)
    assert (report.counts["received"], report.counts["unchanged"]) == (5, 5)


def test_a_machine_without_the_gateway_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("flows.commands.z3950.installed", lambda: False)
    with pytest.raises(Trouble) as raised, gateway("127.0.0.1", 1, "http://127.0.0.1:8000/sru"):
        pass
    assert raised.value.problem.facts == {"package": PACKAGE}


def test_every_use_attribute_leads_to_an_index() -> None:
    ours = {name for index in INDEXES.values() for prefix, name in index.names if prefix == OURS}
    assert set(USES) <= ours
    assert {1, 4, 7, 8, 12, 21, 30, 31, 1003, 1016} <= {use for uses in USES.values() for use in uses}
