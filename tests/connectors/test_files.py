import gzip
import io
import os
import tarfile
import time
import zipfile

import pytest

from connectors import file_records, packed
from connectors.connector import Job
from connectors.files import CONNECTOR, Options, pages
from schemas.format import Format, Reading, find_format
from schemas.marc21 import to_iso2709
from schemas.problem import Problem, Trouble
from schemas.record import RawRecord, Record
from tests.connectors.partner import MARC, identifiers, until_trouble

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
    settings = {"stable_seconds": 0} | options
    return Job("x", Options(path=str(path), **settings), form, Reading(), checkpoint or {}, full, folder)


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
    monkeypatch.setattr(file_records, "PAGE_RECORDS", 2)
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
    monkeypatch.setattr(file_records, "PAGE_RECORDS", 1)
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


# --- what a reading means -------------------------------------------------------------------------------------------


def deleted(harvested):
    return [raw.identifier for page in harvested for raw in page.records if raw.deleted]


def write(folder, **files):
    for name, text in files.items():
        (folder / f"{name}.txt").write_text(text)


def test_a_full_copy_is_everything_and_what_has_not_changed_is_not_read(tmp_path):
    write(tmp_path, a="1\n2\n", b="3\n")
    first = harvest(tmp_path, ".", content="full")
    assert (identifiers(first), first[-1].complete, first[-1].everything) == (["1", "2", "3"], True, True)
    READ.clear()
    (again,) = harvest(tmp_path, ".", first[-1].checkpoint, content="full")
    assert (again.records, again.everything, READ) == ([], False, [])
    (tmp_path / "b.txt").rename(tmp_path / "c.txt")
    (renamed,) = harvest(tmp_path, ".", again.checkpoint, content="full")
    assert set(renamed.checkpoint["files"]) == {"a.txt", "c.txt"}
    write(tmp_path, c="3\n4\n")
    changed = harvest(tmp_path, ".", renamed.checkpoint, content="full")
    assert (identifiers(changed), changed[-1].everything) == (["1", "2", "3", "4"], True)


def test_a_file_that_left_the_full_copy_takes_its_records_along(tmp_path):
    write(tmp_path, a="1\n", b="2\n")
    last = harvest(tmp_path, ".", content="full")[-1].checkpoint
    (tmp_path / "b.txt").unlink()
    rest = harvest(tmp_path, ".", last, content="full")
    assert (identifiers(rest), rest[-1].everything) == (["1"], True)


def test_a_cut_full_reading_starts_at_its_first_file_even_when_the_old_copy_comes_back(tmp_path, monkeypatch):
    monkeypatch.setattr(file_records, "PAGE_RECORDS", 1)
    write(tmp_path, a="1\n", b="2\n")
    old = harvest(tmp_path, ".", content="full")[-1].checkpoint
    write(tmp_path, b="2\n3\n")
    running = pages(job(tmp_path, ".", old, content="full"))
    cut = [next(running), next(running)][-1].checkpoint
    running.close()
    assert identifiers(harvest(tmp_path, ".", cut, content="full")) == ["1", "2", "3"]
    write(tmp_path, b="2\n")
    back = harvest(tmp_path, ".", cut, content="full")
    assert (identifiers(back), back[-1].everything) == (["1", "2"], True)


@pytest.mark.parametrize("late", ["", "9\n"])
def test_a_full_copy_waits_until_all_its_files_are_whole(tmp_path, late):
    write(tmp_path, a="1\n", b=late)
    old = time.time() - 120
    os.utime(tmp_path / "a.txt", (old, old))
    (page,) = harvest(tmp_path, ".", content="full", stable_seconds=60)
    assert (page.records, page.everything, page.checkpoint["files"]) == ([], False, {})
    assert [note.code for note in page.notes] == ["file_growing" if late else "file_empty", "full_waits"]


def test_a_full_copy_with_a_nameless_broken_record_takes_nothing_away(tmp_path):
    good = to_iso2709(Record("00000nam a2200000   4500", (("001", "1"), ("245", "10\x1faMột"))))
    (tmp_path / "a.mrc").write_bytes(good + b"rubbish\x1d")
    harvested = harvest(tmp_path, ".", content="full", form=find_format("marc21"))
    assert len(identifiers(harvested)) == 2
    assert harvested[-1].everything is False
    assert [note.code for note in harvested[-1].notes] == ["full_doubtful"]


def test_another_meaning_reads_the_files_anew(tmp_path):
    write(tmp_path, a="1\n")
    last = harvest(tmp_path, ".")[-1].checkpoint
    assert harvest(tmp_path, ".", last, content="full")[-1].everything
    assert deleted(harvest(tmp_path, ".", last, content="deletes")) == ["1"]


def test_changes_and_deletions_share_a_folder_by_their_names(tmp_path):
    write(tmp_path, **{"01": "1\n2\n3\n", "02-XOA": "2\n\n", "03": "4\n"})
    harvested = harvest(tmp_path, ".", delete_pattern="*-xoa*")
    assert (identifiers(harvested), deleted(harvested)) == (["1", "2", "3", "2", "4"], ["2"])
    assert identifiers(harvest(tmp_path, ".", harvested[-1].checkpoint, delete_pattern="*-xoa*")) == []
    write(tmp_path, **{"04": "2\n"})
    assert deleted(harvest(tmp_path, ".", harvested[-1].checkpoint, delete_pattern="*-xoa*")) == []


def test_a_full_copy_may_come_with_deletions_that_are_read_once(tmp_path):
    write(tmp_path, a="1\n2\n", xoa="7\n")
    first = harvest(tmp_path, ".", content="full", delete_pattern="xoa*")
    assert (identifiers(first), deleted(first), first[-1].everything) == (["7", "1", "2"], ["7"], True)
    write(tmp_path, a="1\n7\n")
    again = harvest(tmp_path, ".", first[-1].checkpoint, content="full", delete_pattern="xoa*")
    assert (identifiers(again), deleted(again), again[-1].everything) == (["1", "7"], [], True)


@pytest.mark.parametrize(
    ("name", "text", "wanted"),
    [
        ("a.txt", "\ufeffVN-1\r\n  oai:x:2  \r\n", ["VN-1", "oai:x:2"]),
        ("a.csv", "VN-1,2026\nVN-2,2026\n", ["VN-1", "VN-2"]),
        ("a.csv", "Ngày;Mã biểu ghi\n2026;VN-1\n2026;VN-2\n", ["VN-1", "VN-2"]),
        ("a.tsv", "id\tlý do\nVN-1\tmất\n", ["VN-1"]),
        (
            "a.mrk",
            "=LDR  00000dam a2200000   4500\n=001  VN-1\n\n=LDR  00000nam a2200000   4500\n=001  VN-2\n",
            ["VN-1", "VN-2"],
        ),
    ],
)
def test_lists_tables_and_records_name_what_is_gone(tmp_path, name, text, wanted):
    (tmp_path / name).write_text(text, encoding="utf-8")
    assert deleted(harvest(tmp_path, ".", content="deletes", form=find_format("mrk"))) == wanted


def test_a_table_of_a_table_source_is_read_by_its_titles_or_as_a_list(tmp_path):
    (tmp_path / "a.csv").write_text("Mã,Nhan đề\nS1,Dế Mèn phiêu lưu ký\n", encoding="utf-8")
    (tmp_path / "b.csv").write_text("Mã\nS2\n", encoding="utf-8")
    assert deleted(harvest(tmp_path, ".", content="deletes", form=find_format("csv"))) == ["S1", "S2"]


def test_what_is_no_identifier_deletes_nothing(tmp_path):
    (tmp_path / "a.txt").write_bytes(b"VN-1\n\x00\x01\x02\n" + b"x" * 2000 + b"\n")
    harvested = harvest(tmp_path, ".", content="deletes")
    assert deleted(harvested) == ["VN-1"]
    problems = [raw.problem.code for page in harvested for raw in page.records if raw.problem]
    assert problems == ["deletion_not_identifier"] * 2


def test_leader_05_d_is_a_deletion_among_changes(tmp_path):
    gone = to_iso2709(Record("00000dam a2200000   4500", (("001", "1"),)))
    (tmp_path / "a.mrc").write_bytes(gone.replace(b"nam", b"dam", 1))
    assert deleted(harvest(tmp_path, ".", form=find_format("marc21"))) == ["1"]


# --- files that are not as they should be ----------------------------------------------------------------------------


def test_in_a_folder_a_fresh_file_waits_a_minute_and_a_single_file_does_not(tmp_path):
    write(tmp_path, a="1\n")
    assert [note.code for note in harvest(tmp_path, ".", stable_seconds=None)[0].notes] == ["file_growing"]
    assert identifiers(harvest(tmp_path, "a.txt", stable_seconds=None)) == ["1"]


def test_with_a_marker_a_file_counts_when_it_is_marked(tmp_path):
    write(tmp_path, a="1\n", b="2\n")
    (tmp_path / "b.txt.done").touch()
    harvested = harvest(tmp_path, ".", stable_seconds=None, done_marker=".done")
    assert identifiers(harvested) == ["2"]
    assert [note.code for page in harvested for note in page.notes] == ["file_not_done"]


def test_a_broken_file_fails_the_run_after_the_others_are_read(tmp_path):
    (tmp_path / "a.gz").write_bytes(gzip.compress(b"1\n" * 3 + os.urandom(60_000))[:50_000])
    write(tmp_path, b="2\n")
    seen, problem = until_trouble(pages(job(tmp_path, ".")))
    assert problem.code == "file_cut"
    assert identifiers(seen)[-1] == "2"
    assert set(seen[-1].checkpoint["files"]) == {"b.txt"}
    assert not any(page.complete for page in seen)


def test_what_came_before_a_cut_is_given(tmp_path):
    packed_bytes = gzip.compress(b"".join(b"%d\n" % number for number in range(100_000)))
    (tmp_path / "a.gz").write_bytes(packed_bytes[:-20_000])
    seen, _ = until_trouble(pages(job(tmp_path, "a.gz")))
    found = identifiers(seen)
    assert len(found) > 10_000
    assert found == [str(number) for number in range(len(found))]


def test_links_out_of_the_folder_are_refused_and_within_it_are_followed(tmp_path):
    folder = tmp_path / "in"
    (folder / "deep").mkdir(parents=True)
    (tmp_path / "secret.txt").write_text("secret\n")
    (folder / "deep" / "x.txt").write_text("1\n")
    (folder / "out.txt").symlink_to("../secret.txt")
    (folder / "within.txt").symlink_to("deep/x.txt")
    (folder / "loop.txt").symlink_to("loop.txt")
    harvested = harvest(tmp_path, "in")
    assert identifiers(harvested) == ["1"]
    assert [note.code for page in harvested for note in page.notes] == ["file_outside"]
    assert identifiers(harvest(tmp_path, "in/*.txt")) == ["1"]
    assert [problem.code for problem in CONNECTOR.check(job(tmp_path, "in"))] == ["file_outside"]


@pytest.mark.parametrize(("error", "wanted"), [(PermissionError, "file_denied"), (FileNotFoundError, "file_changed")])
def test_a_file_that_may_not_be_read_or_has_gone_is_said_and_the_others_are_read(tmp_path, monkeypatch, error, wanted):
    write(tmp_path, a="1\n", b="2\n")
    real = type(tmp_path).open

    def opened(path, *arguments, **named):
        if path.name == "a.txt":
            raise error(13, "no", str(path))
        return real(path, *arguments, **named)

    monkeypatch.setattr(type(tmp_path), "open", opened)
    seen, problem = until_trouble(pages(job(tmp_path, ".")))
    assert problem.code == wanted
    assert identifiers(seen) == ["2"]


def test_a_file_that_vanishes_while_it_is_read_is_said(tmp_path, monkeypatch):
    monkeypatch.setattr(file_records, "PAGE_RECORDS", 1)
    write(tmp_path, a="1\n2\n")
    running = pages(job(tmp_path, "."))
    next(running)
    (tmp_path / "a.txt").unlink()
    assert code(running) == "file_changed"


def test_a_name_that_is_not_utf_8_can_be_stored(tmp_path):
    (tmp_path / os.fsdecode(b"s\xe1ch.txt")).write_bytes(b"1\n")
    harvested = harvest(tmp_path, ".")
    assert list(harvested[-1].checkpoint["files"]) == ["s\\xe1ch.txt"]
    assert harvested[0].records[0].place.encode() == b"s\\xe1ch.txt, line 1"


def test_gzip_is_known_by_its_content(tmp_path):
    (tmp_path / "a.txt").write_bytes(gzip.compress(b"1\n"))
    assert identifiers(harvest(tmp_path, ".")) == ["1"]
