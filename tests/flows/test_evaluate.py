"""The command ``evaluate``: the union catalog of the sample network against its truth."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path

import pytest

from benchmarks.network.build import network, truth
from tests.flows.conftest import Command
from tests.sample_network.build import DATA, HERE

CONTROL_NUMBER = re.compile(r'(<controlfield tag="001">)[^<]*<')
OAI = "http://www.openarchives.org/OAI/2.0/"
FILES = {  # library → its file in the sample network and the format
    "VN-HP-0001": ("thanh-pho.jsonl", "marcxml"),
    "VN-HP-0002": ("hai-duong.jsonl", "marcxml"),
    "VN-HP-0003": ("thieu-nhi.mrc", "marc21"),
    "VN-HP-0004": ("le-chan.xlsx", "xlsx"),
    "VN-HP-0005": ("minh-khai.csv", "csv"),
    "VN-HP-0006": ("tu-sach-nguyen.csv", "csv"),
    "VN-HP-0007": ("hoc-lieu.jsonl", "oai_dc"),
    "VN-HP-0008": ("nxb-hai-phong.xml", "onix"),
    "VN-HP-0009": ("hoa-phuong.csv", "csv"),
}


def handed_over(path: Path, form: str, folder: Path) -> Path:
    """The file; what a repository serves by OAI-PMH as one answer with its records, known by its identifiers."""
    if path.suffix != ".jsonl":
        return path
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    records = "".join(
        f"<record><header><identifier>{line['identifier']}</identifier></header><metadata>"
        + CONTROL_NUMBER.sub(rf"\g<1>{line['identifier']}<", line["metadata"][form])
        + "</metadata></record>\n"
        for line in lines
        if not line["deleted"]
    )
    made = folder / f"{path.stem}.xml"
    made.write_text(f'<OAI-PMH xmlns="{OAI}"><ListRecords>\n{records}</ListRecords></OAI-PMH>', encoding="utf-8")
    return made


@pytest.fixture
def sample(lienthong: Command, tmp_path: Path) -> Command:
    """The sample network, matched and merged."""
    for code, (name, form) in FILES.items():
        path = handed_over(DATA / name, form, tmp_path)
        answer = lienthong("import", path, "--library", code, "--format", form)
        assert answer.status == 0, answer.err
    assert lienthong("union").status == 0
    return lienthong


def true_rows() -> list[dict[str, str]]:
    with (HERE / "clusters.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def write(path: Path, rows: list[dict[str, str]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    return path


def test_the_sample_network(sample: Command, tmp_path: Path) -> None:
    rows = true_rows()
    file = write(tmp_path / "truth.csv", rows)
    found = sample("evaluate", file, "--json").json
    assert (found["records"], found["unknown"]) == (len(rows), 0), "tables without identifiers are found by their rows"
    clusters: dict[str, int] = {}
    for row in rows:
        clusters[row["cluster"]] = clusters.get(row["cluster"], 0) + 1
    assert found["pairs"]["truth"] == sum(size * (size - 1) // 2 for size in clusters.values())
    assert found["precision"] >= 0.95
    assert found["recall"] <= found["recall_with_queue"] <= found["recall_answered"] <= 1
    assert found["pairs"]["right"] <= found["reachable"] <= found["pairs"]["truth"]

    answer = sample("evaluate", file, "--examples", "3", "--peers")
    assert answer.status == 0
    assert f"{found['precision']:.4f}" in answer.out
    for name in ("goldrush", "isbn", "recordmanager", "folded+volume", "splink"):
        assert name in answer.out
    assert answer.out.count("•") == min(3, found["false_joins"]) + min(3, found["misses"]["pairs"])

    peers = sample("evaluate", file, "--json", "--peers", "--examples", "0").json["peers"]
    assert peers["goldrush"]["recall"] < found["recall"]
    assert peers["goldrush"]["pairs"]["truth"] == found["pairs"]["truth"]


def test_kinds_and_what_is_left_out(sample: Command, tmp_path: Path) -> None:
    rows = [{**row, "kind": "no-marks" if row["library"] == "VN-HP-0006" else ""} for row in true_rows()]
    for row in rows[:5]:
        row["kind"] += " ambiguous"
    rows.append({"library": "VN-HP-0006", "identifier": "row:999", "cluster": "x", "kind": ""})
    file = write(tmp_path / "truth.csv", rows)
    found = sample("evaluate", file, "--json").json
    assert (found["ambiguous"], found["unknown"], found["records"]) == (5, 1, len(rows) - 6)
    assert found["kinds"]["no-marks"]["pairs"] > 10
    assert sample("evaluate", file, "--json", "--all").json["records"] == len(rows) - 1
    said = sample("evaluate", file).out
    assert "no-marks" in said
    assert "5 ambiguous records are left out" in said
    assert "1 rows are not in the catalog" in said


def test_records_named_by_their_source(sample: Command, tmp_path: Path) -> None:
    rows = [
        {"source": "VN-HP-0003-marc21", "identifier": row["identifier"], "cluster": row["cluster"]}
        for row in true_rows()
        if row["library"] == "VN-HP-0003"
    ]
    found = sample("evaluate", write(tmp_path / "truth.csv", rows), "--json").json
    assert (found["records"], found["unknown"]) == (len(rows), 0)


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (None, "There is no truth file"),
        (b"library;identifier;cluster\na;1;x\n", "It needs library (or source), identifier, cluster"),
        (b"identifier,cluster\n1,x\n", "has the columns: cluster, identifier"),
        (b"library,identifier,cluster\n", "has no row with identifier and cluster"),
        ("library,identifier,cluster\nThư viện,1,x\n".encode("utf-16"), "is not UTF-8 text"),
    ],
)
def test_a_truth_that_is_none(lienthong: Command, tmp_path: Path, body: bytes | None, sentence: str) -> None:
    file = tmp_path / "truth.csv"
    if body is not None:
        file.write_bytes(body)
    answer = lienthong("evaluate", file)
    assert (answer.status, sentence in answer.sentence) == (1, True), answer.sentence


def test_a_truth_of_other_records(lienthong: Command, tmp_path: Path) -> None:
    file = write(tmp_path / "truth.csv", [{"library": "VN-X", "identifier": "1", "cluster": "a"}])
    answer = lienthong("evaluate", file)
    assert (answer.status, "1 rows are not in the catalog" in answer.out) == (1, True)


def test_an_invented_network_is_read_without_rejections(lienthong: Command, tmp_path: Path) -> None:
    files = network(300, 12, seed=7)
    for file in files:
        path = tmp_path / file.name
        path.write_bytes(file.body)
        ledger = lienthong(
            "import", path, "--library", file.profile.code, "--format", file.profile.format, "--json"
        ).json["ledger"]
        assert (ledger["created"], ledger["rejected"]) == (len(file.descriptions), 0), file.name
    assert lienthong("union").status == 0
    (tmp_path / "truth.csv").write_text(truth(files), encoding="utf-8")
    found = lienthong("evaluate", tmp_path / "truth.csv", "--json").json
    assert found["unknown"] == 0
    assert found["records"] + found["ambiguous"] == sum(len(file.descriptions) for file in files)
    assert found["pairs"]["truth"] > 100
