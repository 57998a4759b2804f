"""Every command, with what a person or a script gets of it."""

from __future__ import annotations

import csv
import io
import json
import os
import signal
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from connectors.file_records import PAGE_RECORDS
from schemas import marc21
from schemas.format import Reading, find_format, formats
from schemas.record import Record
from tests.flows.conftest import PROJECT, Command, balanced, command, surroundings
from tests.hub.stages.books import book

DEMO = PROJECT / "harvest_config" / "demo" / "data"
GOLDEN = PROJECT / "tests" / "golden"
GIVEN = {
    "csv": DEMO / "hoa-phuong.csv",
    "xlsx": DEMO / "le-chan.xlsx",
    "onix": DEMO / "nxb-hai-phong.xml",
    "oai_dc": GOLDEN / "oai_dc" / "repository_dates_and_roles.xml",
    "unimarc": GOLDEN / "unimarc" / "names_title_and_sorting.xml",
}
BOOKS = [
    book("vn1", "Dế Mèn phiêu lưu ký", isbn="9786042090049"),
    book("vn2", "Đất rừng phương Nam", author="Đoàn Giỏi"),
    book("vn3", "Số đỏ", author="Vũ Trọng Phụng", year=2018),
]


@pytest.fixture
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where a library keeps its files."""
    return tmp_path_factory.mktemp("files")


def written(folder: Path, records: list[Record], form: str = "marc21") -> Path:
    """A file of the records; a format that is only read is given one it understands as well."""
    kind = formats()["marc21" if form == "isis" else form]
    assert kind.write is not None
    path = folder / f"books{(kind.suffixes or ('.dat',))[0]}"
    with path.open("wb") as stream:
        assert kind.write(records, stream) == []
    return path


def import_(lienthong: Command, path: Path, form: str, library: str = "VN-A") -> dict[str, int]:
    answer = lienthong("import", path, "--library", library, "--name", "Thư viện A", "--format", form, "--json")
    assert answer.status == 0, answer.err
    assert balanced(answer.json["ledger"])
    return dict(answer.json["ledger"])


@pytest.mark.parametrize("form", sorted(formats()))
def test_a_file_of_each_format_is_imported_and_the_second_time_nothing_changes(
    lienthong: Command, folder: Path, form: str
) -> None:
    path = GIVEN.get(form) or written(folder, BOOKS, form)
    first = import_(lienthong, path, form)
    assert first["created"] == first["received"] - first["deleted"] - first["rejected"] > 0
    again = import_(lienthong, path, form)
    assert (again["created"], again["updated"], again["deleted"]) == (0, 0, 0)
    assert again["unchanged"] + again["rejected"] == again["received"] == first["received"]


def test_what_import_prints_is_one_object(lienthong: Command, folder: Path) -> None:
    path = written(folder, BOOKS)
    answer = lienthong("import", path, "--library", "VN-A", "--format", "marc21", "--json")
    assert answer.json["source"] == "VN-A-marc21"
    assert answer.json["library"] == "VN-A"
    assert answer.out.count("\n") == 1
    assert "received 3, created 3, updated 0, unchanged 0, deleted 0, rejected 0." in answer.err


def test_a_changed_file_updates_what_has_changed(lienthong: Command, folder: Path) -> None:
    import_(lienthong, written(folder, BOOKS), "marc21")
    changed = [
        BOOKS[0],
        book("vn2", "Đất rừng phương Nam", author="Đoàn Giỏi", year=2023),
        BOOKS[2],
        book("vn4", "Bỉ vỏ"),
    ]
    ledger = import_(lienthong, written(folder, changed), "marc21")
    assert (ledger["created"], ledger["updated"], ledger["unchanged"]) == (1, 1, 2)


def test_headings_in_vietnamese_are_understood(lienthong: Command, folder: Path) -> None:
    path = folder / "sach.csv"
    path.write_text("Tên sách;Tác giả;NXB;Năm XB;Số ĐKCB\nSố đỏ;Vũ Trọng Phụng;Văn học;2018;TV.01\n", "utf-8")
    assert import_(lienthong, path, "csv")["created"] == 1
    lienthong("union")
    [record] = [json.loads(line) for line in lienthong("export", "records", "--format", "jsonl").out.splitlines()]
    said = {tag: field for entry in record["fields"] for tag, field in entry.items()}
    assert said["245"]["subfields"][0] == {"a": "Số đỏ"}
    [holding] = table(lienthong, "holdings")
    assert (holding["accession_numbers"], holding["copies"], holding["library"]) == ("TV.01", "1", "VN-A")


def table(lienthong: Command, name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(lienthong("export", name).out)))


@pytest.fixture
def united(lienthong: Command, folder: Path) -> Command:
    """Two libraries with one book in common, one book of their own each, and one record nobody can read."""
    import_(lienthong, written(folder, BOOKS[:2]), "marc21", "VN-A")
    path = folder / "b.csv"
    rows = ["Mã;Tên sách;Tác giả;NXB;Năm XB;ISBN", "1;Dế Mèn phiêu lưu ký;Tô Hoài;Kim Đồng;2020;9786042090049"]
    path.write_text("\n".join([*rows, "2;Tắt đèn;Ngô Tất Tố;Văn học;2019;", "3;;Nam Cao;Văn học;2019;"]), "utf-8")
    import_(lienthong, path, "csv", "VN-B")
    assert lienthong("union", "--json").json["same"] == 1
    return lienthong


def test_status_tells_the_state_of_the_network(united: Command) -> None:
    state = united("status", "--json").json
    assert (state["records"], state["union_records"], state["rejected"], state["pending"]) == (4, 3, 1, 0)
    assert [source["name"] for source in state["sources"]] == ["VN-A-marc21", "VN-B-csv"]
    assert all(
        source["last_run"]["status"] == "succeeded" and balanced(source["last_run"]) for source in state["sources"]
    )
    assert "3 union records of 4 records" in united("status").out


def test_union_again_changes_nothing(united: Command) -> None:
    assert united("union", "--json").json["stale"] == 0


@pytest.mark.parametrize(
    "form", ["marcxml", "marc21", "marcxchange", "marcjson", "mrk", "mods", "qdc", "oai_dc", "jsonl"]
)
def test_union_records_are_exported(united: Command, folder: Path, form: str) -> None:
    path = folder / f"out.{form}"
    assert united("export", "records", "--format", form, "-o", path).status == 0
    body = path.read_bytes()
    assert body.count("Dế Mèn phiêu lưu ký".encode()) == 1
    assert not list(folder.glob("*.part"))
    if form != "jsonl":
        kind = find_format("marcxml" if form == "marcxchange" else form)
        raws = [*kind.split(io.BytesIO(body), Reading())]
        assert sorted(kind.parse(raw.body, Reading()).first("245", "a") for raw in raws)[0] == "Dế Mèn phiêu lưu ký"
        assert len(raws) == 3


def test_tables_are_exported(united: Command) -> None:
    clusters = table(united, "clusters")
    shared = {row["cluster"] for row in clusters if row["identifier"] in ("vn1", "1")}
    assert (len(clusters), len(shared)) == (4, 1)
    assert {row["library"] for row in table(united, "holdings")} == {"VN-A", "VN-B"}
    assert table(united, "review") == []
    [rejected] = table(united, "rejected")
    assert rejected["place"].endswith("row 4")
    assert rejected["code"] == "table_row_no_title"


def test_raw_records_are_exported_as_they_came(united: Command) -> None:
    lines = [json.loads(line) for line in united("export", "raw", "--source", "VN-A-marc21").out.splitlines()]
    assert [line["identifier"] for line in lines] == ["vn1", "vn2"]
    stream = io.BytesIO()
    marc21.write(BOOKS[:2], stream)
    assert "".join(line["raw"] for line in lines).encode() == stream.getvalue()


def test_rebuild_gives_the_same_catalog(united: Command) -> None:
    before = [united("export", name).out for name in ("clusters", "holdings", "review", "rejected")]
    records = united("export", "records", "--format", "marc21").out
    assert united("rebuild").status == 0
    assert [united("export", name).out for name in ("clusters", "holdings", "review", "rejected")] == before
    assert united("export", "records", "--format", "marc21").out == records


def source(sources: Path, name: str, path: Path, form: str = "marc21") -> None:
    (sources / f"{name}.yaml").write_text(
        f"library: {{code: VN-{name}, name: {{vi: Thư viện {name}}}}}\nconnector: files\nformat: {form}\n"
        f'schedule: "0 2 * * *"\noptions: {{path: {path}}}\n',
        "utf-8",
    )


def test_a_source_is_listed_checked_and_harvested(lienthong: Command, sources: Path, folder: Path) -> None:
    source(sources, "A", written(folder, BOOKS))
    [listed] = lienthong("sources", "list", "--json").json
    assert listed == {
        "name": "A",
        "library": "VN-A",
        "connector": "files",
        "format": "marc21",
        "schedule": "0 2 * * *",
        "trust": 50,
    }
    assert lienthong("sources", "check", "A").out == "A: well.\n"
    harvested = lienthong("harvest", "A", "--no-prefect", "--json").json
    assert harvested["ledgers"]["A"]["created"] == 3
    assert lienthong("harvest", "A", "--no-prefect", "--json").json["ledgers"]["A"]["received"] == 0
    again = lienthong("harvest", "A", "--full", "--no-prefect", "--json").json
    assert again["ledgers"]["A"]["unchanged"] == 3


def test_a_wrong_source_does_not_keep_the_others_from_their_harvest(
    lienthong: Command, sources: Path, folder: Path
) -> None:
    source(sources, "A", folder / "nothing.mrc")
    source(sources, "B", written(folder, BOOKS))
    answer = lienthong("harvest", "--all", "--no-prefect", "--json")
    assert (answer.status, answer.json["failed"], list(answer.json["ledgers"])) == (1, 1, ["B"])
    assert "A: The file" in answer.err
    checked = lienthong("sources", "check")
    assert (checked.status, checked.out.splitlines()[1]) == (1, "B: well.")


def test_with_prefect_a_harvest_does_the_same(process: Command, sources: Path, folder: Path) -> None:
    source(sources, "A", written(folder, BOOKS))
    source(sources, "B", folder / "nothing.mrc")
    answer = process("harvest", "A", "B", "--json", timeout=240)
    assert list(answer.json["ledgers"]) == ["A"], answer.err
    assert answer.json["ledgers"]["A"]["created"] == 3
    assert answer.status == 1
    assert "B: The file" in answer.sentence


def test_messages_are_in_the_language_of_the_user(lienthong: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    assert lienthong("status").out.startswith("0 union records of 0 records")
    monkeypatch.setenv("LIENTHONG_LANG", "vi")
    assert lienthong("status").out.startswith("0 biểu ghi liên hợp từ 0 biểu ghi")


def test_a_harvest_that_is_killed_goes_on_where_it_was(
    process: Command, home: Path, sources: Path, folder: Path
) -> None:
    total = 8 * PAGE_RECORDS
    source(sources, "A", written(folder, [book(f"k{n}", f"Sách số {n}") for n in range(total)]))
    assert process("status").status == 0
    child = subprocess.Popen(
        command("harvest", "A", "--no-prefect"),
        env=surroundings(home),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        assert any(pages >= 2 for pages in _pages(home, child)), "the harvest ended before it could be killed"
        os.kill(child.pid, signal.SIGKILL)
    finally:
        child.kill()
        child.wait()
    [(stored, status)] = _query(home, "SELECT received, status FROM catalog_run")
    assert 0 < stored < total
    assert status == "running"

    answer = process("harvest", "A", "--no-prefect", "--json")
    assert answer.status == 0, answer.err
    ledger = answer.json["ledgers"]["A"]
    assert balanced(ledger)
    assert (ledger["received"], ledger["created"]) == (total, total)
    [(records, raws, live)] = _query(
        home,
        "SELECT (SELECT COUNT(DISTINCT identifier) FROM catalog_record), (SELECT COUNT(*) FROM catalog_rawrecord),"
        " (SELECT COUNT(*) FROM catalog_bib)",
    )
    assert (records, raws, live) == (total, total, total)


def _pages(home: Path, child: subprocess.Popen[bytes]) -> Iterator[int]:
    """How many pages are stored, again and again while the harvest runs and its list has not ended."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and child.poll() is None:
        for pages, received in _query(home, "SELECT pages, received FROM catalog_run"):
            if received < 8 * PAGE_RECORDS:
                yield pages


def _query(home: Path, sql: str) -> list[tuple[int, int]]:
    with sqlite3.connect(home / "lienthong.sqlite3", timeout=30) as connection:
        return connection.execute(sql).fetchall()
