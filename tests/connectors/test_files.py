import gzip
import io
import os
import tarfile
import time
import zipfile

import pytest

from connectors import files as connector
from connectors import packed
from connectors.connector import Job
from connectors.files import CONNECTOR, Options, pages
from schemas.format import Format, Reading, find_format
from schemas.marc21 import to_iso2709
from schemas.problem import Problem, Trouble
from schemas.record import RawRecord, Record
from tests.connectors.partner import MARC, identifiers

READ = []


def split(stream, reading):
    """A format of the tests: one record a line, ``!`` before one that is broken."""
    for number, line in enumerate(stream, 1):
        READ.append(line)
        text = line.decode().strip()
        problem = Problem("xml_doctype") if text.startswith("!") else None
        yield RawRecord(text, line, f"line {number}", problem=problem)


LINES = Format("lines", {}, split, lambda body, reading: None)


def job(folder, path, checkpoint=None, *, full=False, form=LINES, **options):
    return Job("x", Options(path=str(path), **options), form, Reading(), checkpoint or {}, full, folder)


def harvest(*arguments, **named):
    return list(pages(job(*arguments, **named)))


def code(call):
    with pytest.raises(Trouble) as caught:
        list(call)
    return caught.value.problem.code


@pytest.fixture(autouse=True)
def forget():
    READ.clear()


def test_one_file_by_relative_or_absolute_path(tmp_path):
    (tmp_path / "a.txt").write_bytes(b"1\n2\n!3\n")
    harvested = harvest(tmp_path, "a.txt")
    assert identifiers(harvested) == ["1", "2", "!3"]
    assert [raw.place for raw in harvested[0].records][2] == "a.txt, line 3"
    assert harvested[0].records[2].problem is not None
    assert [page.complete for page in harvested] == [False, True]
    assert identifiers(harvest(tmp_path / "elsewhere", tmp_path / "a.txt")) == ["1", "2", "!3"]


def test_what_was_read_is_not_read_again_unless_it_changed_or_all_is_asked_for(tmp_path):
    (tmp_path / "a.txt").write_bytes(b"1\n")
    (tmp_path / "b.txt").write_bytes(b"2\n")
    last = harvest(tmp_path, ".")[-1].checkpoint
    assert set(last["files"]) == {"a.txt", "b.txt"}
    READ.clear()
    (page,) = harvest(tmp_path, ".", last)
    assert page.complete
    assert READ == []
    (tmp_path / "b.txt").rename(tmp_path / "c.txt")
    (tmp_path / "a.txt").write_bytes(b"1\n3\n")
    assert identifiers(harvest(tmp_path, ".", last)) == ["1", "3"]
    assert identifiers(harvest(tmp_path, ".", last, full=True)) == ["1", "3", "2"]


def test_a_cut_run_goes_on_within_the_file(tmp_path, monkeypatch):
    monkeypatch.setattr(connector, "PAGE_RECORDS", 2)
    (tmp_path / "a.txt").write_bytes(b"1\n2\n3\n4\n5\n")
    (tmp_path / "b.txt").write_bytes(b"6\n")
    running = pages(job(tmp_path, "*.txt"))
    first = next(running)
    running.close()
    assert first.checkpoint["reading"]["records"] == 2
    rest = harvest(tmp_path, "*.txt", first.checkpoint)
    assert identifiers([first, *rest]) == ["1", "2", "3", "4", "5", "6"]
    (tmp_path / "a.txt").write_bytes(b"9\n8\n7\n")
    assert identifiers(harvest(tmp_path, "*.txt", first.checkpoint)) == ["9", "8", "7", "6"]


def test_gzip_zip_and_tar_are_streamed(tmp_path):
    (tmp_path / "a.txt.gz").write_bytes(gzip.compress(b"1\n"))
    with zipfile.ZipFile(tmp_path / "b.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("../../escape.txt", b"2\n")
        archive.writestr("folder/", b"")
        archive.writestr("folder/x.txt", b"3\n")
        archive.writestr("__MACOSX/._x.txt", b"no\n")
    with tarfile.open(tmp_path / "c.tar.gz", "w:gz") as archive:
        for name, kind in (("/abs.txt", tarfile.REGTYPE), ("link", tarfile.SYMTYPE)):
            info = tarfile.TarInfo(name)
            info.size, info.type, info.linkname = (2 if kind == tarfile.REGTYPE else 0), kind, "/etc/passwd"
            archive.addfile(info, io.BytesIO(b"4\n"))
    harvested = harvest(tmp_path, ".")
    assert identifiers(harvested) == ["1", "2", "3", "4"]
    assert harvested[1].records[1].place == "b.zip/folder/x.txt, line 1"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.txt.gz", "b.zip", "c.tar.gz"]
    assert not (tmp_path.parent.parent / "escape.txt").exists()


@pytest.mark.parametrize("name", ["a.gz", "a.zip", "a.tar", "a.tgz"])
def test_a_cut_or_false_archive_is_said(tmp_path, name):
    packed_bytes = gzip.compress(os.urandom(50_000))
    (tmp_path / name).write_bytes(packed_bytes[:30_000] if name == "a.gz" else b"not packed at all\n" * 100)
    assert code(pages(job(tmp_path, name))) == "file_cut"


def test_a_bomb_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(packed, "RATIO_FROM", 1000)
    (tmp_path / "a.gz").write_bytes(gzip.compress(b"x" * 10_000_000))
    assert code(pages(job(tmp_path, "a.gz"))) == "file_bomb"
    monkeypatch.setattr(packed, "MAX_MEMBERS", 2)
    with zipfile.ZipFile(tmp_path / "b.zip", "w") as archive:
        for number in range(3):
            archive.writestr(f"{number}", b"1\n")
    assert code(pages(job(tmp_path, "b.zip"))) == "file_bomb"


@pytest.mark.parametrize("path", ["none.mrc", "*.none", "empty"])
def test_missing_files_are_said(tmp_path, path):
    (tmp_path / "empty").mkdir()
    assert code(pages(job(tmp_path, path))) == "file_missing"
    assert CONNECTOR.check(job(tmp_path, path))[0].code == "file_missing"


def test_a_name_with_brackets_is_a_name(tmp_path):
    (tmp_path / "[2026] sách.txt").write_bytes(b"1\n")
    assert identifiers(harvest(tmp_path, "[2026] sách.txt")) == ["1"]


def test_an_empty_file_is_noted_and_looked_at_again(tmp_path):
    (tmp_path / "a.txt").touch()
    (page,) = harvest(tmp_path, "a.txt")
    assert [note.code for note in page.notes] == ["file_empty"]
    assert page.checkpoint == {"files": {}}
    assert [p.code for p in CONNECTOR.check(job(tmp_path, "a.txt"))] == ["file_empty"]


def test_a_file_without_records_is_noted(tmp_path):
    (tmp_path / "a.zip").write_bytes(b"")
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("nothing.txt", b"")
    assert [note.code for page in harvest(tmp_path, ".") for note in page.notes] == ["file_no_records"]


def test_a_growing_file_waits_for_the_next_run(tmp_path):
    (tmp_path / "a.txt").write_bytes(b"1\n")
    (page,) = harvest(tmp_path, ".", stable_seconds=60)
    assert [note.code for note in page.notes] == ["file_growing"]
    old = time.time() - 120
    os.utime(tmp_path / "a.txt", (old, old))
    assert identifiers(harvest(tmp_path, ".", stable_seconds=60)) == ["1"]


def test_a_file_that_changes_while_it_is_read_is_not_done(tmp_path, monkeypatch):
    monkeypatch.setattr(connector, "PAGE_RECORDS", 1)
    (tmp_path / "a.txt").write_bytes(b"1\n2\n")
    running = pages(job(tmp_path, "a.txt"))
    next(running)
    (tmp_path / "a.txt").write_bytes(b"1\n2\n3\n")
    assert code(running) == "file_changed"


def test_marcxml_through_the_format(tmp_path):
    (tmp_path / "a.xml").write_text(f"<collection>{MARC.format(number=1)}{MARC.format(number=2)}</collection>")
    form = find_format("marcxml")
    assert identifiers(harvest(tmp_path, "a.xml", form=form)) == ["1", "2"]
    assert CONNECTOR.check(job(tmp_path, "a.xml", form=form)) == []


def test_a_member_of_another_format_is_rejected_and_its_mates_are_read(tmp_path):
    good = to_iso2709(Record("00000nam a2200000   4500", (("001", "1"), ("245", "10\x1faMột"))))
    with tarfile.open(tmp_path / "mixed.tar.gz", "w:gz") as archive:
        for name, body in (("a.xml", b"<html/>"), ("b.mrc", good)):
            info = tarfile.TarInfo(name)
            info.size = len(body)
            archive.addfile(info, io.BytesIO(body))
    job = Job("s", Options(path=str(tmp_path / "mixed.tar.gz")), find_format("marc21"), Reading())
    records = [record for page in pages(job) for record in page.records]
    assert [(bool(r.problem), r.body) for r in records] == [(True, b"<html/>"), (False, good)]
