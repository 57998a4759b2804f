"""The demonstration: one command, the whole sample network, and what its truth says of the result."""

from __future__ import annotations

import csv
import io
import json
import re
import socket
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations

import pytest

from flows.sample_partners import PORT
from tests.flows.conftest import PROJECT, Answer, Command, balanced
from tests.sample_network.build import HERE

SECONDS = 240
ROW = re.compile(r"\brows? (\d+)")
Pair = frozenset[tuple[str, str]]


@dataclass(frozen=True)
class Outcome:
    """What the demonstration left behind."""

    run: Command
    demo: Answer

    def export(self, *arguments: str) -> str:
        return self.run("export", *arguments).out


@pytest.fixture
def outcome(process: Command) -> Outcome:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", PORT))
        except OSError:
            pytest.skip(f"port {PORT}, where the demonstration's partners listen, is in use")
    return Outcome(process, process("demo", "--no-serve", timeout=SECONDS))


def test_the_demonstration_makes_the_union_catalog_of_the_sample_network(outcome: Outcome) -> None:
    assert outcome.demo.status == 0, outcome.demo.err
    assert outcome.demo.sentence.startswith("Done: ")
    state = json.loads(outcome.run("status", "--json").out)
    assert len(state["sources"]) == 10, "nine that are harvested, and what the publisher declares"
    assert all(s["last_run"]["status"] == "succeeded" and balanced(s["last_run"]) for s in state["sources"])
    assert (state["pending"], state["stale"], state["rejected"]) == (0, 0, 4)

    true, found = _truth(), _found(outcome)
    assert found.keys() == true.keys()
    same, made = _pairs(true), _pairs(found)
    precision, recall = len(same & made) / len(made), len(same & made) / len(same)
    print(f"sample network: precision {precision:.4f}, recall {recall:.4f} of {len(same)} pairs")
    for first, second in sorted(map(sorted, made - same)):
        print("  joined, though different:", first, second)
    assert precision >= 0.95
    assert recall >= 0.6

    before = _everything(outcome)
    again = outcome.run("demo", "--no-serve", timeout=SECONDS)
    assert again.status == 0, again.err
    assert _everything(outcome) == before


def _everything(outcome: Outcome) -> list[str]:
    """The union catalog and the raw records as they stand."""
    tables = [outcome.export(name) for name in ("clusters", "holdings", "review", "rejected")]
    raw = [outcome.export("raw", "--source", path.stem) for path in sorted(SOURCES.glob("*.yaml"))]
    return [*tables, outcome.export("records", "--format", "jsonl"), *raw]


SOURCES = PROJECT / "harvest_config" / "demo" / "sources"


def _truth() -> dict[tuple[str, str], str]:
    """(library, identifier) → publication; rows of tables are ``row:<number>``."""
    with (HERE / "clusters.csv").open(encoding="utf-8", newline="") as stream:
        return {(row["library"], row["identifier"]): row["cluster"] for row in csv.DictReader(stream)}


def _found(outcome: Outcome) -> dict[tuple[str, str], str]:
    """(library, identifier as the truth writes it) → union record."""
    rows = [row for row in _rows(outcome.export("clusters")) if row["library"] != "NXB-MAU"]
    union = {(row["library"], row["identifier"]): row["cluster"] for row in rows}
    truth = _truth()
    found = {}
    for library, identifier, place in _places(outcome):
        row = ROW.search(place)
        known = identifier if (library, identifier) in truth or row is None else f"row:{row[1]}"
        if (library, identifier) in union:
            found[library, known] = union[library, identifier]
    return found


def _places(outcome: Outcome) -> Iterable[tuple[str, str, str]]:
    """(library, identifier, place) of every raw record."""
    state = json.loads(outcome.run("status", "--json").out)
    for source in state["sources"]:
        for line in outcome.export("raw", "--source", source["name"]).splitlines():
            record = json.loads(line)
            yield source["library"], record["identifier"], record["place"]


def _rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def _pairs(clusters: dict[tuple[str, str], str]) -> set[Pair]:
    """The pairs of records that stand for one publication."""
    members: dict[str, list[tuple[str, str]]] = {}
    for record, cluster in clusters.items():
        members.setdefault(cluster, []).append(record)
    return {frozenset(pair) for records in members.values() for pair in combinations(records, 2)}
