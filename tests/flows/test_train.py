"""The command ``match train``: weights learned from an invented network, beside the present ones and as a file."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from benchmarks.network.build import network, truth
from hub import sources
from hub.home import CONFIG
from hub.match import learn_splink
from hub.match.rules import Rules
from hub.stages.train import REMARK, raised
from tests.flows.conftest import Command

PRESENT = CONFIG / "matching.yaml"


@pytest.fixture
def united(lienthong: Command, tmp_path: Path) -> Command:
    """An invented network of 1,500 records, matched and merged; its truth is ``truth.csv``."""
    files = network(1_500, 12, seed=7)
    for file in files:
        path = tmp_path / file.name
        path.write_bytes(file.body)
        options = ["--library", file.profile.code, "--format", file.profile.format]
        assert lienthong("import", path, *options).status == 0
    (tmp_path / "truth.csv").write_text(truth(files), encoding="utf-8")
    assert lienthong("union").status == 0
    return lienthong


@pytest.fixture
def adopted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A file that stands for the rules in force, once it is there."""
    folder = tmp_path / "config"
    shutil.copytree(CONFIG, folder)
    monkeypatch.setenv("LIENTHONG_WORKERS", "1")
    monkeypatch.setattr(sources, "CONFIG", folder)
    sources.matching_rules.cache_clear()
    yield folder / "matching.yaml"
    sources.matching_rules.cache_clear()


def weights(said: dict[str, Any]) -> dict[str, dict[str, float]]:
    found: dict[str, dict[str, float]] = {}
    for row in said["weights"]:
        found.setdefault(row["field"], {})[row["happened"]] = row["learned"]
    return found


def assert_signs_and_order(found: dict[str, dict[str, float]]) -> None:
    assert found["title"]["equal"] >= found["title"]["unmarked"] > found["title"]["different"]
    assert found["author"]["equal"] >= found["author"]["unmarked"] > 0 > found["author"]["different"]
    for field in ("publisher", "year", "pages"):
        assert found[field]["equal"] > 0 > found[field]["different"], field
    assert found["isbn"]["shared"] > 0


def test_from_a_truth_the_file_it_writes_and_the_catalog_it_makes(
    united: Command, tmp_path: Path, adopted: Path
) -> None:
    labels, file = tmp_path / "truth.csv", tmp_path / "learned.yaml"
    answer = united("match", "train", "--truth", labels, "--write", file, "--json")
    said = answer.json
    assert (answer.status, said["labelled"] == said["pairs"] > 1_000) == (0, True)
    assert_signs_and_order(weights(said))
    assert said["same"]["errors"] <= 0.005
    assert united("match", "train", "--truth", labels, "--json").json == said, "the same records teach the same"

    text, present = file.read_text(encoding="utf-8"), PRESENT.read_text(encoding="utf-8")
    rules, before = Rules.model_validate(yaml.safe_load(text)), Rules.model_validate(yaml.safe_load(present))
    assert (rules.version, rules.same, rules.ask) == (
        raised(before.version),
        said["same"]["score"],
        said["ask"]["score"],
    )
    assert rules.weights == weights(said)
    assert rules.model_copy(update=before.model_dump(include={"version", "same", "ask", "weights"})) == before
    comments = [line for line in text.splitlines() if line.startswith("#") and not line.startswith(REMARK)]
    assert comments == [line for line in present.splitlines() if line.startswith("#")], "the comments stay"
    assert PRESENT.read_text(encoding="utf-8") == present, "the rules in force are not touched"

    old = united("evaluate", labels, "--json").json
    shutil.copy(file, adopted)
    sources.matching_rules.cache_clear()
    assert united("rebuild").status == 0
    new = united("evaluate", labels, "--json").json
    assert new["precision"] >= 0.98
    assert new["f1"] >= old["f1"] - 0.02


def test_without_labels(united: Command, tmp_path: Path) -> None:
    pytest.importorskip("splink", reason="the extra “train” is not installed")
    said = united("match", "train", "--json").json
    assert said["labelled"] == 0
    assert_signs_and_order(weights(said))
    assert united("match", "train", "--json").json == said, "the same records teach the same"
    shown = united("match", "train", "--error", "0.02", "--write", tmp_path / "learned.yaml")
    assert shown.status == 0
    assert "seldom seen, kept" in shown.out
    assert "EM, error 0.02" in (tmp_path / "learned.yaml").read_text(encoding="utf-8")
    fewer = united("match", "train", "--records", "700", "--json").json
    assert 0 < fewer["pairs"] < said["pairs"]


def test_without_splink_it_says_how_to_install_it(lienthong: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(learn_splink, "installed", lambda: False)
    answer = lienthong("match", "train")
    assert (answer.status, "pip install 'lienthong[train]'" in answer.sentence) == (1, True)


def test_too_few_records_teach_nothing(lienthong: Command, tmp_path: Path) -> None:
    labels = tmp_path / "truth.csv"
    labels.write_text("library,identifier,cluster\na,1,x\n", encoding="utf-8")
    answer = lienthong("match", "train", "--truth", labels)
    assert (answer.status, "only 0 pairs" in answer.sentence) == (1, True)


def test_no_file_is_written_over_unasked(lienthong: Command, tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text("mine", encoding="utf-8")
    answer = lienthong("match", "train", "--write", file)
    assert (answer.status, "add --force" in answer.sentence, file.read_text(encoding="utf-8")) == (1, True, "mine")
    for options in ((), ("--force",)):
        answer = lienthong("match", "train", "--write", PRESENT, *options)
        assert (answer.status, "rules in force" in answer.sentence) == (1, True)


@pytest.mark.parametrize(("before", "after"), [("2", "3"), ("2.9", "2.10"), ("hp", "hp-2"), ("3b", "4b")])
def test_versions_rise(before: str, after: str) -> None:
    assert raised(before) == after
