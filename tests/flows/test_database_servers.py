"""One database harvested by both of its protocols: Z39.50 and SRU."""

from __future__ import annotations

from collections.abc import Iterator
from ctypes import CDLL
from pathlib import Path

import pytest

from connectors import z3950_client
from hub.catalog.models import Bib, Record, Run
from tests.connectors.z3950_site import book, zebra
from tests.flows.conftest import Command, balanced

COUNT = 120
SOURCE = """\
library: {{code: {code}, name: {{vi: Thư viện {code}}}}}
connector: {connector}
format: marcxml
options: {{{where}, allow_private: true, page_size: 50, pause: 0.001s, max_records: 40, slices: {{index: "{index}"}}}}
"""


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """A Zebra with 120 books."""
    try:
        CDLL(z3950_client.LIBRARIES[0])
    except OSError:
        pytest.skip("YAZ is not installed: apt-get install libyaz5")
    with zebra(tmp_path_factory.mktemp("zebra"), [book(number) for number in range(1, COUNT + 1)]) as port:
        yield port


def contents(source: str) -> dict[str, bytes]:
    """The records of a source as they were read, by identifier."""
    rows = Bib.objects.filter(record__source__name=source, record__state=Record.State.LIVE)
    return dict(rows.values_list("record__identifier", "marc"))


def test_both_protocols_give_the_same_records(lienthong: Command, sources: Path, port: int) -> None:
    where = f"host: 127.0.0.1, port: {port}, element_set: marcxml"
    text = SOURCE.format(code="Z", connector="z3950", where=where, index="@attr 1=date @attr 4=4")
    (sources / "z.yaml").write_text(text, encoding="utf-8")
    where = f'url: "http://127.0.0.1:{port}/Default"'
    text = SOURCE.format(code="S", connector="sru", where=where, index="dc.date")
    (sources / "s.yaml").write_text(text, encoding="utf-8")
    assert lienthong("sources", "check", "s").status == 0
    for name in ("z", "s"):
        answer = lienthong("harvest", name, "--no-prefect", "--json")
        assert (answer.status, answer.json["ledgers"][name]["created"]) == (0, COUNT)
        assert balanced(answer.json["ledgers"][name])
    assert contents("s") == contents("z")
    assert len(contents("s")) == COUNT


def test_what_a_whole_list_lacks_is_gone(lienthong: Command, sources: Path, port: int) -> None:
    text = """\
library: {{code: S, name: {{vi: Thư viện S}}}}
connector: sru
format: marcxml
options: {{url: "http://127.0.0.1:{port}/Default", allow_private: true, confirm_after: 0s, query: "{query}"}}
"""
    source = sources / "s.yaml"
    source.write_text(text.format(port=port, query="cql.allRecords=1"), encoding="utf-8")
    assert lienthong("harvest", "s", "--no-prefect").status == 0
    source.write_text(text.format(port=port, query="dc.date >= 1950"), encoding="utf-8")
    for deleted in (0, COUNT // 10):  # one list is only an answer; the second one lacks them too
        answer = lienthong("harvest", "s", "--no-prefect", "--json")
        ledger = answer.json["ledgers"]["s"]
        assert (ledger["unchanged"], ledger["deleted"]) == (COUNT - COUNT // 10, deleted)
    source.write_text(text.format(port=port, query="dc.title = khongco"), encoding="utf-8")
    assert lienthong("harvest", "s", "--no-prefect").status == 0
    assert Record.objects.filter(state="live").count() == COUNT - COUNT // 10
    assert "sru_empty" in {note["code"] for note in Run.objects.latest("pk").notes}
