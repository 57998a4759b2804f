"""The same links and clusters whoever finds them: this process, worker processes, or workers of Prefect by key ranges."""

from __future__ import annotations

import json
import subprocess
import sys
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from benchmarks.network.build import network
from hub.catalog import bulk
from hub.catalog.models import FullKey, Link, Member, Record
from hub.stages import match as matching
from hub.stages import pool, ranges
from hub.stages.match import match
from hub.stages.merge import merge_due
from hub.stages.ranges import HIGHEST, LOWEST, Asked, Range, links_of, match_by_ranges
from tests.flows.conftest import PROJECT, Command, surroundings

LARGEST = 12  # records of a block: some keys of this small network are full
Found = tuple[list[Any], list[Any], list[int]]


@pytest.fixture
def waiting(lienthong: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A network of 600 records whose matches are due."""
    monkeypatch.setenv("LIENTHONG_WORKERS", "1")
    for file in network(600, 6, seed=3):
        path = tmp_path / file.name
        path.write_bytes(file.body)
        options = ["--library", file.profile.code, "--format", file.profile.format]
        assert lienthong("import", path, *options).status == 0
    assert Record.objects.filter(due=1).count() == Record.objects.count()
    return tmp_path


def found() -> Found:
    """The links, the clusters, the full keys; then everything is due again."""
    merge_due()
    seen = (
        list(Link.objects.order_by("first", "second").values_list("first", "second", "verdict", "score", "evidence")),
        list(Member.objects.order_by("record_id").values_list("record_id", "union")),
        list(FullKey.objects.order_by("key").values_list("key", flat=True)),
    )
    for model in (Link, Member, FullKey):
        bulk.execute(f"DELETE FROM {bulk.table(model)}")
    bulk.execute(f"UPDATE {bulk.table(Record)} SET due = 1")
    return seen


def test_one_process_three_processes_and_prefect_find_the_same(waiting: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    match()
    alone = found()
    assert min(len(alone[0]), len({union for _, union in alone[1]})) > 100

    monkeypatch.setenv("LIENTHONG_WORKERS", "3")
    monkeypatch.setattr(pool, "WORTH_A_POOL", 0)
    monkeypatch.setattr(matching, "PAIRS", 100)
    match()
    assert found() == alone

    command = [sys.executable, "-m", "flows.match_on_workers", "--workers", "2", "--ranges", "5"]
    done = subprocess.run(
        command, env=surroundings(waiting), cwd=PROJECT, capture_output=True, text=True, timeout=240, check=False
    )
    assert done.returncode == 0, done.stderr
    counts = json.loads(done.stdout.splitlines()[-1])
    assert counts == {
        "stale": len(alone[1]),
        **{verdict.lower(): sum(link[2] == verdict for link in alone[0]) for verdict in ("SAME", "FITS", "ASK")},
    }
    assert found() == alone


@pytest.mark.parametrize("parts", [1, 2, 7])
def test_ranges_find_the_same_where_keys_are_full(waiting: Path, monkeypatch: pytest.MonkeyPatch, parts: int) -> None:
    for module in (matching, ranges):
        monkeypatch.setattr(module, "MAX_BLOCK", LARGEST)
    match()
    alone = found()
    assert alone[2], "no key is full"
    seen: list[Asked] = []

    def ask(asked: Any) -> Any:
        seen.extend(asked)
        return map(links_of, reversed(asked))

    match_by_ranges(parts, ask)
    assert (len(seen), found()) == (parts, alone)


def test_what_comes_later_is_found_by_ranges_as_well(waiting: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    match()
    alone = found()
    bulk.execute(f"UPDATE {bulk.table(Record)} SET due = 0 WHERE id % 3 = 0")
    match_by_ranges(4, lambda asked: map(links_of, asked))
    rest = [link for link in alone[0] if link[0] % 3 == 0 == link[1] % 3]
    assert found()[0] == [link for link in alone[0] if link not in rest]


@pytest.mark.parametrize("parts", [1, 2, 3, 16])
def test_ranges_are_all_keys_once(parts: int) -> None:
    made = ranges.ranges(parts)
    assert (made[0].low, made[-1].high, len(made)) == (LOWEST, HIGHEST, parts)
    assert all(one.high + 1 == other.low for one, other in pairwise(made))
    assert made[0] == Range(LOWEST, made[0].high)
