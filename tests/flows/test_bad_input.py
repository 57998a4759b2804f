"""Bad input: never a traceback, never exit status 0, one sentence that says what, where and how to mend; nothing is lost."""

from __future__ import annotations

import json
import os
import random
import socket
import sqlite3
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from schemas import marc21
from tests.flows.conftest import PROJECT, Answer, Command, balanced
from tests.hub.stages.books import book

DEMO = PROJECT / "harvest_config" / "demo" / "data"
MARC, XLSX, CSV, ONIX = (
    DEMO / name for name in ("thieu-nhi.mrc", "le-chan.xlsx", "hoa-phuong.csv", "nxb-hai-phong.xml")
)


@pytest.fixture
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("files")


def refused(answer: Answer, *said: str, lines: int = 1) -> None:
    """One sentence, and it says what it must; ``lines`` counts the lines of progress before it too."""
    assert answer.status == 1, answer.err
    assert answer.out == ""
    assert len(answer.err.strip().splitlines()) == lines, answer.err
    for part in said:
        assert part in answer.sentence, answer.sentence
    assert answer.sentence.endswith(".")


def import_(lienthong: Command, path: Path, form: str, *more: str) -> Answer:
    return lienthong("import", path, "--library", "VN-A", "--format", form, *more)


def test_a_missing_file(lienthong: Command, folder: Path) -> None:
    refused(import_(lienthong, folder / "no.mrc", "marc21"), "no.mrc", "not found", "Check the path")


def test_a_folder_instead_of_a_file(lienthong: Command, folder: Path) -> None:
    refused(import_(lienthong, folder, "marc21"), str(folder), "is a folder", "Name the file")


def test_an_unknown_format(lienthong: Command) -> None:
    refused(import_(lienthong, CSV, "pdf"), "no format “pdf”", "marc21, marcjson, marcxml")


def test_an_unknown_encoding(lienthong: Command) -> None:
    refused(import_(lienthong, CSV, "csv", "--encoding", "klingon"), "no encoding “klingon”", "tcvn3, vni")


def test_an_unknown_kind_of_library(lienthong: Command) -> None:
    refused(import_(lienthong, CSV, "csv", "--kind", "castle"), "no kind of library “castle”", "public, children")


@pytest.mark.parametrize("code", ["VN 01", "thư-viện", "", "-x", "a" * 41, "../etc"])
def test_a_library_code_that_is_none(lienthong: Command, code: str) -> None:
    refused(lienthong("import", CSV, f"--library={code}", "--format", "csv"), f"“{code}”", "letters A to Z")


@pytest.mark.parametrize("form", ["csv", "marc21", "marcjson", "marcxml", "mrk", "oai_dc", "onix", "unimarc", "xlsx"])
def test_an_empty_file(lienthong: Command, folder: Path, form: str) -> None:
    path = folder / "empty.dat"
    path.touch()
    refused(import_(lienthong, path, form), "empty.dat", "empty (0 bytes)", "Send it again", lines=3)


def test_an_empty_file_of_a_library_that_sent_records_before(lienthong: Command, folder: Path) -> None:
    path = folder / "books.mrc"
    path.write_bytes(MARC.read_bytes())
    assert import_(lienthong, path, "marc21", "--encoding", "tcvn3").status == 0
    path.write_bytes(b"")
    refused(import_(lienthong, path, "marc21", "--encoding", "tcvn3"), "empty (0 bytes)", lines=3)
    assert lienthong("status", "--json").json["records"] == 97


@pytest.mark.parametrize(
    ("path", "form", "said"),
    [
        (CSV, "marc21", "not MARC 21 (ISO 2709)"),
        (ONIX, "marc21", "not MARC 21 (ISO 2709)"),
        (CSV, "xlsx", "spreadsheet cannot be opened"),
        (XLSX, "csv", "format: xlsx"),
        (MARC, "csv", "format: marc21"),
    ],
)
def test_a_file_of_another_format_is_refused_at_once(lienthong: Command, path: Path, form: str, said: str) -> None:
    refused(import_(lienthong, path, form), said)
    assert lienthong("status", "--json").json["records"] == 0


@pytest.mark.parametrize(
    ("path", "form", "said"),
    [
        (XLSX, "marc21", "too short or its leader is damaged"),
        (MARC, "marcxml", "not well-formed at line 1"),
        (MARC, "oai_dc", "not well-formed at line 1"),
        (MARC, "onix", "not well-formed at line 1"),
        (MARC, "marcjson", "not in the encoding “utf-8”"),
        (CSV, "marcjson", "JSON is not well-formed"),
        (CSV, "mrk", "not a MARCMaker line"),
        (MARC, "unimarc", "it is MARC 21, not UNIMARC"),
    ],
)
def test_a_file_of_which_no_record_can_be_read_keeps_its_bytes(
    lienthong: Command, path: Path, form: str, said: str
) -> None:
    answer = import_(lienthong, path, form, "--json")
    assert answer.status == 1
    assert "none could be read; their bytes are kept" in answer.sentence
    assert said in answer.sentence
    assert answer.sentence.endswith(".")
    ledger = answer.json["ledger"]
    assert balanced(ledger)
    assert ledger["received"] == ledger["rejected"] > 0
    kept = [json.loads(line) for line in lienthong("export", "raw", "--source", f"VN-A-{form}").out.splitlines()]
    assert len(kept) == ledger["received"]
    assert all(line["status"] == "rejected" and line["reason"] for line in kept)


def test_xml_of_another_kind(lienthong: Command) -> None:
    refused(import_(lienthong, ONIX, "marcxml"), "No record was found", "nxb-hai-phong.xml", "format", lines=3)


def test_a_table_without_a_title_column(lienthong: Command, folder: Path) -> None:
    path = folder / "t.csv"
    path.write_text("Tác giả,Năm\nNam Cao,1941\n", "utf-8")
    refused(import_(lienthong, path, "csv"), "No title column", "Tác giả, Năm", "nhan đề, tên sách")


def test_a_table_of_headings_alone(lienthong: Command, folder: Path) -> None:
    path = folder / "t.csv"
    path.write_text("Nhan đề,Tác giả\n", "utf-8")
    refused(import_(lienthong, path, "csv"), "No record was found", "t.csv", lines=3)


def test_a_table_with_data_of_readers_is_not_stored(lienthong: Command, folder: Path, home: Path) -> None:
    path = folder / "t.csv"
    path.write_text("Nhan đề,Họ tên học sinh,Ngày mượn\nTắt đèn,Nguyễn Thị Không Ai,1/9/2026\n", "utf-8")
    refused(import_(lienthong, path, "csv"), "Họ tên học sinh, Ngày mượn", "nor stored", "Remove those columns")
    assert all("Không Ai".encode() not in file.read_bytes() for file in home.rglob("*") if file.is_file())
    assert lienthong("export", "raw", "--source", "VN-A-csv").out == ""


HEAD = "library: {code: VN-A, name: {vi: Thư viện A}}\n"
FILES = HEAD + "connector: files\nformat: csv\n"
PATH = "options: {path: a.csv}\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (HEAD + "connector: files\nformat: [csv\noptions: {}\n", ("not valid YAML at line 4", "Mend that line")),
        (HEAD + "connector: files\n\tformat: csv\n", ("not valid YAML at line 3", "Mend that line")),
        ("- a\n", ("lines of “key: value”", "README")),
        ("", ("lines of “key: value”", "README")),
        (FILES + "shedule: x\n" + PATH, ("line 4", "no key “shedule”", "library, connector, format, schedule")),
        (FILES.replace("name:", "nam:") + PATH, ("line 1", "no key “library.nam”", "code, name, kind, unit")),
        (HEAD + "format: csv\n" + PATH, ("“connector” is missing", "Add it")),
        (HEAD + "connector: ftp\nformat: csv\n" + PATH, ("line 2", "“ftp”", "files, oai_pmh")),
        (HEAD + "connector: files\nformat: pdf\n" + PATH, ("line 3", "“pdf”", "csv, isis, marc21")),
        (
            FILES + "options: {path: a, pathh: b}\n",
            ("line 4", "no key “pathh”", "content, delete_pattern, stable_seconds, done_marker, path"),
        ),
        (FILES + "options: {}\n", ("“path” is missing", "Add it")),
        (FILES + "options: text\n", ("line 4", "“options” must hold “key: value” pairs")),
        (FILES + "trust: nhiều\n" + PATH, ("line 4", "“trust” must be a number, not “nhiều”")),
        (FILES + "trust: 101\n" + PATH, ("line 4", "“101”", "“trust”", "less than or equal to 100")),
        (FILES + "schedule: every day\n" + PATH, ("line 4", "“every day”", "0 2 * * *")),
        (FILES + "schedule: 5\n" + PATH, ("line 4", "“schedule” must be text", "between quotes")),
        (FILES + "reading: {encoding: klingon}\n" + PATH, ("line 4", "“klingon”", "auto, utf-8")),
        (FILES + "reading:\n  columns: {Sách: titel}\n" + PATH, ("line 5", "“titel”", "columns.Sách", "title")),
        (FILES.replace("VN-A", "VN A") + PATH, ("line 1", "“VN A”", "letters A to Z")),
        (FILES.replace("}}", "}, kind: castle}") + PATH, ("line 1", "“castle”", "public, children")),
        (FILES + "options: {path: a, stable_seconds: soon}\n", ("line 4", "must be a number")),
        (
            HEAD + "connector: oai_pmh\nformat: marcxml\noptions: {url: 'ftp://x'}\n",
            ("line 4", "“ftp://x”", "http:// or https://"),
        ),
        (
            HEAD + "connector: oai_pmh\nformat: marcxml\noptions: {url: 'http://x.example/', overlap: 5}\n",
            ("line 4", "“overlap”", "15m or 24h"),
        ),
        (
            HEAD + "connector: oai_pmh\nformat: marcxml\noptions: {url: 'http://x.example/', allow_private: maybe}\n",
            ("line 4", "“allow_private” must be true or false"),
        ),
    ],
)
def test_a_wrong_source_file_names_the_line(
    lienthong: Command, sources: Path, text: str, said: tuple[str, ...]
) -> None:
    path = sources / "wrong.yaml"
    path.write_text(text, "utf-8")
    known = () if any("missing" in part for part in said) else (str(path),)
    refused(lienthong("harvest", "wrong", "--no-prefect"), "wrong: ", *said, *known)
    listed = lienthong("sources", "list")
    assert (listed.status, listed.out) == (1, "")
    assert listed.sentence in lienthong("harvest", "wrong", "--no-prefect").sentence
    checked = lienthong("sources", "check", "wrong")
    assert checked.status == 1
    assert all(part in checked.out for part in said)


def test_a_source_file_that_is_not_utf8(lienthong: Command, sources: Path) -> None:
    (sources / "wrong.yaml").write_bytes(FILES.encode("utf-16"))
    refused(lienthong("harvest", "wrong", "--no-prefect"), "wrong.yaml", "not UTF-8", "Save it again")


def test_an_unknown_source(lienthong: Command, sources: Path) -> None:
    (sources / "a.yaml").write_text(FILES + PATH, "utf-8")
    refused(lienthong("harvest", "b", "--no-prefect"), "no source “b”", "The sources are: a.")
    refused(lienthong("export", "raw", "--source", "b"), "no source “b”")


def test_a_source_of_an_unknown_library_without_a_name(lienthong: Command, sources: Path) -> None:
    (sources / "a.yaml").write_text(FILES.replace(", name: {vi: Thư viện A}", "") + PATH, "utf-8")
    refused(lienthong("harvest", "a", "--no-prefect"), "“VN-A”", "not known yet", "Give its name")


def test_a_folder_of_sources_that_is_not_there(lienthong: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIENTHONG_SOURCES", "/nowhere")
    refused(lienthong("sources", "list"), "/nowhere", "LIENTHONG_SOURCES")


def test_a_partner_that_does_not_answer(lienthong: Command, sources: Path, closed_port: int) -> None:
    options = f"options: {{url: 'http://127.0.0.1:{closed_port}/oai', allow_private: true, tries: 1}}\n"
    (sources / "a.yaml").write_text(HEAD + "connector: oai_pmh\nformat: marcxml\n" + options, "utf-8")
    refused(lienthong("harvest", "a", "--no-prefect"), f"127.0.0.1 at port {closed_port}", "Ask the partner")
    run = lienthong("status", "--json").json["sources"][0]["last_run"]
    assert (run["status"], run["notes"][0]["code"]) == ("failed", "http_unreachable")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["frobnicate"], "No such command"),
        (["harvest"], "Give the names of sources, or --all"),
        (["harvest", "a", "--all"], "Give the names of sources, or --all"),
        (["import", "a.csv", "--format", "csv"], "--library"),
        (["import", "a.csv", "--library", "A", "--format", "csv", "--trust", "101"], "101"),
        (["export", "records", "--format", "pdf"], "'marcxml', 'marc21', 'marcxchange'"),
        (["export", "clusters", "-o", "."], "is a directory"),
    ],
)
def test_wrong_usage_ends_with_2(lienthong: Command, arguments: list[str], said: str) -> None:
    answer = lienthong(*arguments)
    assert answer.status == 2
    assert said in answer.sentence


def test_an_output_folder_that_is_not_there(lienthong: Command, folder: Path) -> None:
    refused(lienthong("export", "clusters", "-o", folder / "no" / "x.csv"), "no folder", "Make it first")


@pytest.fixture
def closed_port() -> int:
    """A port nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


@pytest.fixture
def taken_port() -> Iterator[int]:
    """A port somebody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        yield int(probe.getsockname()[1])


@pytest.mark.parametrize("words", [("serve",), ("demo",), ("up",), ("up", "--port", "0", "--prefect")])
def test_a_port_in_use(lienthong: Command, taken_port: int, words: tuple[str, ...]) -> None:
    *rest, last = words
    answer = lienthong(*rest, f"{last}-port" if rest else last, *([] if rest else ["--port"]), taken_port)
    refused(answer, f"Port {taken_port}", "in use", "choose another port")


def test_a_database_that_cannot_be_reached(process: Command, closed_port: int) -> None:
    url = f"postgresql://lienthong:secret@127.0.0.1:{closed_port}/lienthong"
    answer = process("status", LIENTHONG_DATABASE_URL=url)
    refused(answer, "cannot be used", str(closed_port), "LIENTHONG_DATABASE_URL")
    assert "secret" not in answer.err


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("LIENTHONG_DATABASE_URL", "mysql://lienthong:secret@127.0.0.1/lienthong", "mysql://"),
        ("LIENTHONG_DATABASE_URL", "postgresql://lienthong:secret@127.0.0.1:port/lienthong", "postgresql://user:"),
        ("LIENTHONG_DATABASE_URL", "secretsecret", "LIENTHONG_DATABASE_URL"),
        ("LIENTHONG_TIME_ZONE", "Mars/Olympus", "LIENTHONG_TIME_ZONE"),
        ("LIENTHONG_HOME", "/dev/null", "LIENTHONG_HOME"),
    ],
)
def test_a_wrong_setting_is_named(process: Command, name: str, value: str, said: str) -> None:
    answer = process("status", **{name: value})
    refused(answer, said)
    assert "secretsecret" not in answer.err
    assert ":secret@" not in answer.err


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A small disk of our own; skips where none can be mounted."""
    if os.getuid() != 0:
        pytest.skip("only root can mount a disk")
    place = tmp_path / "disk"
    place.mkdir()
    mounted = _mount("-t", "tmpfs", "-o", "size=12m", "tmpfs", str(place))
    if mounted.returncode:
        pytest.skip(f"no disk can be mounted here: {mounted.stderr.strip()}")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)


def _mount(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["mount", *arguments], capture_output=True, text=True, check=False)


def test_a_full_disk_loses_nothing(process: Command, disk: Path, tmp_path: Path) -> None:
    path, total = tmp_path / "large.mrc", 9_000
    noise = random.Random(9)
    with path.open("wb") as stream:
        marc21.write((book(f"n{n}", f"Sách {n}", note=noise.randbytes(700).hex()) for n in range(total)), stream)
    arguments = ("import", path, "--library", "VN-A", "--format", "marc21", "--json")
    answer = process(*arguments, LIENTHONG_HOME=disk)
    assert answer.status == 1
    assert answer.sentence.startswith(f"The disk of “{disk}” is full.")
    assert "run again" in answer.sentence

    assert _mount("-o", "remount,size=400m", str(disk)).returncode == 0
    answer = process(*arguments, LIENTHONG_HOME=disk)
    assert answer.status == 0, answer.err
    ledger = answer.json["ledger"]
    assert balanced(ledger)
    assert (ledger["received"], ledger["created"]) == (total, total)
    with sqlite3.connect(disk / "lienthong.sqlite3") as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert connection.execute("SELECT COUNT(*) FROM catalog_rawrecord").fetchone() == (total,)
        assert connection.execute("SELECT COUNT(*) FROM catalog_bib").fetchone() == (total,)


def test_a_disk_that_may_not_be_written_to(process: Command, disk: Path) -> None:
    assert _mount("-o", "remount,ro", str(disk)).returncode == 0
    answer = process("import", CSV, "--library", "VN-A", "--format", "csv", LIENTHONG_HOME=disk)
    refused(answer, str(disk), "Check the permissions")
