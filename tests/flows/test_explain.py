"""The commands that explain a match and help a library to clean its catalog."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.flows.conftest import Command
from tests.hub.provide.network import fill


@pytest.fixture
def network(lienthong: Command) -> Command:
    fill()
    return lienthong


def test_explain_a_pair(network: Command) -> None:
    told = network("explain", "thanh-pho:1", "HP-LL:S1", "--json").json
    assert (told["kind"], told["together"], told["rules"]["verdict"]) == ("pair", True, "SAME")
    text = network("explain", "thanh-pho:1", "HP-LL:S1").out
    assert "SAME: the same publication" in text
    assert "cùng một ấn phẩm" in network("explain", "thanh-pho:1", "HP-LL:S1", "--lang", "vi").out


def test_explain_a_union_record(network: Command) -> None:
    told = network("explain", "LT-0000001", "--json").json
    assert [record["record"] for record in told["records"]] == ["thanh-pho:1", "truong-le-loi:S1"]
    assert "The cluster has 2 records:" in network("explain", "LT-0000001").out
    assert "The cluster has 1 record:" in network("explain", "thanh-pho:2").out


def test_an_unknown_record_is_said(network: Command) -> None:
    answer = network("explain", "thanh-pho:99")
    assert (answer.status, "Write LT-0000123" in answer.sentence) == (1, True)


def test_exports_for_cleaning(network: Command, tmp_path: Path) -> None:
    for name in ("duplicates", "improved"):
        for form in ("csv", "marc21", "marcxml"):
            path = tmp_path / f"{name}.{form}"
            assert network("export", name, "--library", "HP-LL", "--format", form, "-o", path).status == 0
            assert path.exists()
    assert network("export", "duplicates", "--library", "nobody").status == 1
    assert network("export", "improved").status == 2
    assert network("export", "contradictions").out.startswith("library_a,identifier_a")
