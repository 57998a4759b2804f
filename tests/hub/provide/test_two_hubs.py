"""Two hubs that harvest each other come to a standstill: nothing is taken twice, nothing grows, origins are kept."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import PROJECT
from tests.hub.provide.network import ISBN

OTHER = "9786042990028"
FILE = """\
library: {{code: HUB-{other}, name: {{vi: Hub {other}}}}}
connector: oai_pmh
format: marcxml
options: {{url: "http://127.0.0.1:{port}{path}", allow_private: true, overlap: 0s, confirm_after: 0s, hub: {hub}}}
"""
OF_A = [["1", "Dế Mèn phiêu lưu ký", ISBN, "A1 A2"], ["2", "Truyện cổ tích Việt Nam", "", "A3"]]
OF_B = [["7", "Dế Mèn phiêu lưu kí", ISBN, "B1"], ["8", "Đất rừng phương Nam", OTHER, "B2 B3 B4"]]


class Hub:
    """A hub's process."""

    def __init__(self, child: subprocess.Popen[str]) -> None:
        self.child = child
        assert self.answer() == "ready"

    def answer(self) -> Any:
        assert self.child.stdout
        line = self.child.stdout.readline()
        assert line, "the hub has ended"
        return json.loads(line)

    def __call__(self, *act: Any) -> Any:
        assert self.child.stdin
        self.child.stdin.write(json.dumps(act) + "\n")
        self.child.stdin.flush()
        return self.answer()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


@contextmanager
def running(folder: Path, name: str, port: int, source: str = "", module: str = "provide.hub_process") -> Iterator[Hub]:
    sources = folder / name / "sources"
    sources.mkdir(parents=True, exist_ok=True)
    if source:
        (sources / "hub-kia.yaml").write_text(source, encoding="utf-8")
    environment = {
        **os.environ,
        "LIENTHONG_HOME": str(folder / name),
        "LIENTHONG_SOURCES": str(sources),
        "LIENTHONG_BASE_URL": f"http://127.0.0.1:{port}",
        "LIENTHONG_OAI_NAMESPACE": f"{name}.example",
        "LIENTHONG_WORKERS": "1",
        "LIENTHONG_PRIVATE_HOSTS": "*",
    }
    environment.pop("LIENTHONG_DATABASE_URL", None)
    child = subprocess.Popen(
        [sys.executable, "-m", f"tests.hub.{module}", str(port)],
        cwd=PROJECT,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield Hub(child)
    finally:
        assert child.stdin
        child.stdin.close()
        try:
            child.wait(20)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


@contextmanager
def two_hubs(folder: Path, path: str, hub: bool) -> Iterator[tuple[Hub, Hub]]:
    port_a, port_b = free_port(), free_port()
    said = {"path": path, "hub": str(hub).lower()}
    with ExitStack() as stack:
        a = stack.enter_context(running(folder, "a", port_a, FILE.format(other="B", port=port_b, **said)))
        b = stack.enter_context(running(folder, "b", port_b, FILE.format(other="A", port=port_a, **said)))
        a("bring", OF_A)
        b("bring", OF_B)
        yield a, b


def rounds(a: Hub, b: Hub, count: int) -> None:
    for _ in range(count):
        a("harvest")
        b("harvest")


def standing(a: Hub, b: Hub) -> list[Any]:
    """The state of both, which three more rounds must not change."""
    before = [a("state"), b("state")]
    rounds(a, b, 3)
    assert [a("state"), b("state")] == before
    ledger = a("harvest")
    assert {name: ledger[name] for name in ("created", "updated", "deleted", "rejected") if ledger[name]} == {}
    return before


def titles(state: Any) -> list[str]:
    return sorted(title for _, title, _ in state["unions"])


def test_each_gives_its_libraries_own_records(tmp_path: Path) -> None:
    with two_hubs(tmp_path, "/oai-own", True) as (a, b):
        rounds(a, b, 2)
        of_a, of_b = standing(a, b)
        assert len(of_a["unions"]) == len(of_b["unions"]) == 3
        assert of_a["copies"] == of_b["copies"] == 7
        assert (of_a["echoes"], of_b["echoes"]) == (0, 0)
        assert "oai:b.example:HP-TP/2" in of_a["records"]
        origins = "".join(of_a["origins"].values())
        assert "/oai-own</baseURL><identifier>oai:b.example:HP-TP/" in origins
        b("drop", "8")
        rounds(a, b, 2)
        of_a, of_b = standing(a, b)
        assert titles(of_a)[0] == "Dế Mèn phiêu lưu ký"
        assert len(of_a["unions"]) == len(of_b["unions"]) == 2
        assert of_a["copies"] == of_b["copies"] == 4


@pytest.mark.parametrize("hub", [True, False])
def test_whole_union_catalogs_do_not_loop_either(tmp_path: Path, hub: bool) -> None:
    with two_hubs(tmp_path, "/oai", hub) as (a, b):
        rounds(a, b, 3)
        of_a, of_b = standing(a, b)
        assert titles(of_a)[1:] == ["Truyện cổ tích Việt Nam", "Đất rừng phương Nam"]
        assert len(of_a["unions"]) == len(of_b["unions"]) == 3
        assert max(of_a["copies"], of_b["copies"]) <= 7
        assert of_a["echoes"] + of_b["echoes"] >= 2
        a("bring", [["1", "Dế Mèn phiêu lưu ký (bản mới)", ISBN, "A1 A2"]])
        rounds(a, b, 2)
        standing(a, b)
