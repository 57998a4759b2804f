"""Uploads: recognized by content, mapped, previewed, imported, undone; the state before comes back on both databases."""

from __future__ import annotations

import re
import threading
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from hub.catalog import runs
from hub.catalog.models import Bib, Holding, Member, RawRecord, Record, Run, Source, Union
from hub.network.models import Library
from hub.partners import bringing, mapping
from hub.partners.models import Upload
from hub.stages import files, harvest, soon, uploads
from hub.stages.sheets import cell
from schemas.format import Reading, find_format
from schemas.marc21 import to_iso2709
from schemas.problem import Trouble
from tests.hub.partners.sheets import BOOKS, HEADINGS, ward
from tests.hub.provide.network import fill
from tests.hub.stages.books import book

AsRole = Callable[..., Any]
EVIL = "../../<img src=x onerror=alert(1)>\u202ecsv.xlsx"


@pytest.fixture
def school(store: str, at_once: None) -> Library:
    fill()
    return Library.objects.get(pk="HP-LL")


def state() -> dict[str, list[Any]]:
    """Everything the union catalog says, without when it was said."""
    return {
        "live": sorted(Record.objects.filter(state="live").values_list("source__name", "identifier", "raw")),
        "bibs": sorted(Bib.objects.values_list("record__identifier", "marc", "copies")),
        "holdings": sorted(Holding.objects.values_list("record__identifier", "library", "copies", "accessions")),
        "members": sorted(Member.objects.values_list("record__identifier", "union")),
        "unions": sorted(Union.objects.filter(deleted=False).values_list("id", "members", "copies", "marc")),
    }


def send(client: Any, content: bytes, name: str = "danh-muc.xlsx", code: str = "HP-LL") -> Upload:
    before = set(Upload.objects.values_list("pk", flat=True))
    response = client.post(f"/cua-toi/{code}/tai-len", {"file": SimpleUploadedFile(name, content)})
    assert response.status_code == 302, re.sub(r"<[^>]+>", " ", response.content.decode())[:2000]
    return Upload.objects.exclude(pk__in=before).get()


def choose(client: Any, upload: Upload, **more: str) -> None:
    """Take every column as it was guessed, and go on."""
    page = client.get(address(upload)).content.decode()
    given = {}
    for name, options in re.findall(r'<select id="c-[^"]*" name="([^"]*)">(.*?)</select>', page, re.S):
        chosen = re.search(r'<option value="([a-z_]+)" selected>', options)
        given[name] = chosen[1] if chosen else "ledger"
    assert client.post(address(upload), {"whole": "no", **given, **more}).status_code == 302


def address(upload: Upload, act: str = "") -> str:
    return f"/cua-toi/{upload.library_id}/tai-len/{upload.pk}{act}"


def counts(upload: Upload) -> dict[str, int]:
    upload.refresh_from_db()
    return {name: upload.counts.get(name, 0) for name in ("received", "created", "updated", "deleted", "rejected")}


def test_import_and_undo_give_the_start(school: Library, as_role: AsRole) -> None:
    client = as_role("partner_librarian", "HP-LL")
    start = state()
    upload = send(client, ward())
    choose(client, upload)
    page = re.sub(r"<[^>]+>", " ", client.get(address(upload, "/xem-truoc")).content.decode())
    assert "Dế Mèn phiêu lưu ký" in page
    assert "Nhan đề viết hoa toàn bộ" in page
    assert state() == start, "nothing is written before it is confirmed"
    client.post(address(upload, "/nhap"))
    assert counts(upload) == {"received": 5, "created": 4, "updated": 0, "deleted": 0, "rejected": 1}
    assert upload.state == "imported"
    assert (
        Holding.objects.filter(record__source__name="HP-LL-xlsx", record__bib__marc__contains="Truyện cổ tích")
        .get()
        .copies
        == 2
    )
    raws = RawRecord.objects.count()
    client.post(address(upload, "/hoan-tac"))
    upload.refresh_from_db()
    assert (upload.state, upload.undone_by) == ("undone", client.user.email)
    assert state() == start
    assert RawRecord.objects.count() > raws, "raw data are kept; tombstones are added"
    ledger = Run.objects.get(pk=upload.undo_run)
    assert (ledger.kind, ledger.deleted) == ("decision", 5)


def test_a_second_file_changes_and_removes_and_its_undo_brings_the_first_back(school: Library, as_role: AsRole) -> None:
    client = as_role("partner_librarian", "HP-LL")
    first = send(client, ward())
    choose(client, first)
    client.post(address(first, "/nhap"))
    middle = state()
    changed = [("1", "Dế Mèn phiêu lưu ký", "Tô Hoài", "Kim Đồng", "2020", "978-604-2-99001-1", "9", ""), *BOOKS[1:3]]
    second = send(client, ward([*changed, ("9", "Sách mới của phường", "A", "B", "2020", "", "1", "")]))
    choose(client, second, whole="yes")
    page = re.sub(r"<[^>]+>", " ", client.get(address(second, "/xem-truoc")).content.decode())
    assert "2 biểu ghi có trong tệp trước nhưng không có trong tệp này sẽ bị gỡ" in " ".join(page.split())
    client.post(address(second, "/nhap"))
    assert counts(second)["deleted"] == 2
    assert (counts(second)["created"], counts(second)["updated"]) == (1, 1)
    assert client.post(address(first, "/hoan-tac")).status_code == 409, "the later one first"
    client.post(address(second, "/hoan-tac"))
    assert state() == middle
    again = send(client, ward())
    choose(client, again)
    client.post(address(again, "/nhap"))
    assert state() == middle, "the same file changes nothing"


def test_undone_then_sent_again(school: Library, as_role: AsRole) -> None:
    client = as_role("partner_librarian", "HP-LL")
    start = state()
    for _ in range(2):
        upload = send(client, ward())
        choose(client, upload)
        client.post(address(upload, "/nhap"))
        assert Record.objects.filter(source__name="HP-LL-xlsx", state="live").count() == 4
        client.post(address(upload, "/hoan-tac"))
        assert state() == start


def test_a_heading_nobody_knows_is_named_once_and_remembered(school: Library, as_role: AsRole) -> None:
    client = as_role("partner_librarian", "HP-LL")
    strange = ("STT", "Cuốn", *HEADINGS[2:])
    upload = send(client, ward(headings=strange))
    page = client.get(address(upload)).content.decode()
    assert [heading in page for heading in ("Cuốn", "STT", "Năm XB")] == [True] * 3
    assert client.post(address(upload), {"column-0-0": "number"}).status_code == 400, "no title yet"
    choose(client, upload, **{"column-0-1": "title"})
    client.post(address(upload, "/nhap"))
    assert counts(upload)["created"] == 4, "the headings are no record"
    later = send(client, ward(headings=strange))
    choose(client, later)
    later.refresh_from_db()
    assert later.columns["Cuốn"] == "title"


def test_a_table_without_headings_has_letters(home: Path) -> None:
    rows = "\n".join(f"{n};Sách thứ {n} của phường;Nguyễn Văn {n}" for n in range(1, 9))
    kept = files.keep("a.csv", [rows.encode()])
    for chosen in ({}, {"B": "title", "C": "author"}):
        (table,) = mapping.tables(files.path_of(kept.stored), "csv", "auto", chosen)
        assert [column.key for column in table.columns] == ["A", "B", "C"]
        assert table.columns[1].samples[0] == "Sách thứ 1 của phường"
    assert [column.meaning for column in table.columns][1:] == ["title", "author"]


def test_a_column_may_be_left_out_and_stays_so(school: Library, as_role: AsRole) -> None:
    client = as_role("partner_librarian", "HP-LL")
    upload = send(client, ward())
    choose(client, upload, **{"column-0-3": "ledger"})
    client.post(address(upload, "/nhap"))
    assert "Kim Đồng" not in "".join(
        Bib.objects.filter(record__source__name="HP-LL-xlsx").values_list("marc", flat=True)
    )
    later = send(client, ward())
    assert uploads.remembered_columns(school)["NXB"] == "ledger"
    page = client.get(address(later)).content.decode()
    row = page[page.index('name="column-0-3"') :].partition("</select>")[0]
    assert "selected" not in row


def test_marc_needs_no_mapping(school: Library, as_role: AsRole) -> None:
    client = as_role("partner_librarian", "HP-LL")
    start = state()
    data = b"".join(to_iso2709(book(f"N{n}", f"Sách số {n}", copies=f"C{n}")) for n in range(25))
    upload = send(client, data, "xuat.mrc")
    assert upload.format == "marc21"
    client.post(address(upload), {"whole": "no"})
    preview = client.get(address(upload, "/xem-truoc")).content.decode()
    assert preview.count('class="is-new"') == 20
    client.post(address(upload, "/nhap"))
    assert counts(upload)["created"] == 25
    client.post(address(upload, "/hoan-tac"))
    assert state() == start


def test_a_correction_outlives_uploads(school: Library, as_role: AsRole) -> None:
    client = as_role("partner_librarian", "HP-LL")
    upload = send(client, ward())
    choose(client, upload)
    client.post(address(upload, "/nhap"))
    number = Bib.objects.get(marc__contains="SỔ TAY NGƯỜI").pk
    client.post(f"/cua-toi/HP-LL/bieu-ghi/{number}", {"title": "Sổ tay người làm vườn"})
    again = send(client, ward([*BOOKS[:4], ("6", "Cuốn thêm", "A", "B", "2020", "", "1", "")]))
    choose(client, again)
    client.post(address(again, "/nhap"))
    assert "Sổ tay người làm vườn" in Bib.objects.get(pk=number).marc


def zipped(*names: str) -> bytes:
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return stream.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.xlsx", b"", "upload_empty"),
        ("a.xlsx", b"%PDF-1.7 ...", "upload_kind"),
        ("a.csv", b"MZ\x90\x00", "upload_kind"),
        ("a.xml", b"<!DOCTYPE html><html><script>alert(1)</script></html>", "upload_kind"),
        ("a.xlsx", b"\xff\xd8\xff\xe0", "upload_kind"),
        ("a.mrc", b"\x1f\x8b\x08", "upload_packed"),
        ("a.zip", zipped("a.mrc"), "upload_packed"),
        ("a.xlsx", zipped("word/document.xml"), "upload_kind"),
        ("a.xlsx", b"PK\x03\x04 nothing", "table_unreadable"),
    ],
)
def test_what_is_no_list_of_books_is_refused(home: Path, name: str, content: bytes, code: str) -> None:
    with pytest.raises(Trouble) as caught:
        files.keep(name, [content] if content else [])
    assert caught.value.problem.code == code
    assert list(files.folder().iterdir()) == [], "nothing is left of it"


@pytest.mark.parametrize(
    ("content", "form"),
    [
        (ward(), "xlsx"),
        ("Tên sách;Tác giả\nDế Mèn;Tô Hoài\n".encode(), "csv"),
        ("Tên sách\tTác giả\n".encode("utf-16"), "csv"),
        (to_iso2709(book("1", "Dế Mèn")), "marc21"),
        (b'<?xml version="1.0"?><collection xmlns="http://www.loc.gov/MARC21/slim"/>', "marcxml"),
        (b'<modsCollection xmlns="http://www.loc.gov/mods/v3"/>', "mods"),
        (b'<ONIXMessage release="3.0"/>', "onix"),
        (b"=LDR  00000nam a2200000 a 4500\n=245  10$aX\n", "mrk"),
        (b'{"leader":"00000nam", "fields":[]}', "marcjson"),
    ],
)
def test_a_format_is_told_by_its_content(home: Path, content: bytes, form: str) -> None:
    kept = files.keep(EVIL, [content])
    assert kept.form == form
    assert kept.name == "<img src=x onerror=alert(1)> csv.xlsx"
    assert files.STORED.fullmatch(kept.stored)
    assert files.path_of(kept.stored).parent == files.folder()


def test_size_is_capped_while_it_arrives(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "LARGEST", 1000)
    with pytest.raises(Trouble) as caught:
        files.keep("a.csv", iter([b"x" * 600] * 10**9))
    assert caught.value.problem.code == "upload_large"
    assert list(files.folder().iterdir()) == []


def test_hostile_names_and_other_libraries(libraries: Library, as_role: AsRole) -> None:
    client = as_role("partner_librarian", "HP-LL")
    upload = send(client, ward(), EVIL)
    for page in (address(upload), "/cua-toi/HP-LL/tai-len"):
        assert "<img src=x" not in client.get(page).content.decode()
    other = as_role("partner_librarian", "HP-TP")
    for act in ("", "/xem-truoc"):
        assert other.get(address(upload, act)).status_code == 404
        assert other.get(address(upload, act).replace("HP-LL", "HP-TP")).status_code == 404
    for act in ("/nhap", "/hoan-tac", "/bo"):
        assert other.post(address(upload, act).replace("HP-LL", "HP-TP")).status_code == 404
    client.post(address(upload, "/bo"))
    assert client.get(address(upload)).status_code == 404
    assert list(files.folder().iterdir()) == []


def test_files_stay_no_longer_than_they_are_needed(libraries: Library, as_role: AsRole) -> None:
    client = as_role("partner_librarian", "HP-LL")
    readers = SimpleUploadedFile("a.csv", "Họ và tên;Ngày sinh;Tên sách\nLê A;1/1/2010;Dế Mèn\n".encode())
    refused = client.post("/cua-toi/HP-LL/tai-len", {"file": readers})
    assert refused.status_code == 400
    assert "bạn đọc" in refused.content.decode()
    assert (list(files.folder().iterdir()), Upload.objects.count()) == ([], 0)
    upload = send(client, ward())
    choose(client, upload)
    client.post(address(upload, "/nhap"))
    assert list(files.folder().iterdir()) == []
    client.post(address(upload, "/hoan-tac"))
    forgotten = send(client, ward())
    Upload.objects.filter(pk=forgotten.pk).update(at=forgotten.at - timedelta(days=8))
    send(client, ward())
    assert client.get(address(forgotten)).status_code == 404
    assert len(list(files.folder().iterdir())) == 1


def test_columns_are_guessed_from_a_wards_headings(home: Path) -> None:
    kept = files.keep("a.xlsx", [ward()])
    (table,) = mapping.tables(files.path_of(kept.stored), "xlsx", "auto", {})
    assert [(c.heading, c.meaning) for c in table.columns][:7] == [
        ("STT", "number"), ("Tên sách", "title"), ("Tác giả", "author"), ("NXB", "publisher"), ("Năm XB", "year"),
        ("ISBN", "isbn"), ("Số lượng", "copies"),
    ]  # fmt: skip
    assert table.columns[1].samples == ("Dế Mèn phiêu lưu ký", "Truyện cổ tích Việt Nam", "Lịch sử phường Cát Bi")
    assert mapping.guessed([table], {"Tên sách": "series"})["Tên sách"] == "series"
    given = {"column-0-1": "title", "column-0-2": "no such field", "column-0-99": "title", "library": "x"}
    chosen = mapping.chosen_of([table], given)
    assert (chosen["Tên sách"], chosen["Tác giả"]) == ("title", "ledger")
    assert set(chosen) == {c.key for c in table.columns}


def test_soon_follows_in_the_background(catalog: Path) -> None:
    fill()
    Record.objects.update(due=1)
    soon.soon()
    soon.soon()
    soon.FOLLOWER.wait()
    assert not Record.objects.exclude(due=0).exists()


def test_a_long_file_is_imported_in_the_background(
    libraries: Library, as_role: AsRole, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bringing, "AT_ONCE", 0)
    started: list[threading.Thread] = []
    start = threading.Thread.start
    monkeypatch.setattr(threading.Thread, "start", lambda self: (started.append(self), start(self))[1])
    client = as_role("partner_librarian", "HP-LL")
    upload = send(client, ward())
    choose(client, upload)
    client.get(address(upload, "/xem-truoc"))
    client.post(address(upload, "/nhap"))
    for thread in started:
        thread.join(60)
    assert counts(upload)["created"] == 4
    assert upload.state == "imported"
    client.post(address(upload, "/nhap"))
    assert Run.objects.filter(source__name="HP-LL-xlsx").count() == 1, "asked twice, done once"


def test_an_import_whose_process_died_is_gone_on_with(
    libraries: Library, as_role: AsRole, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = as_role("partner_librarian", "HP-LL")
    client.raise_request_exception = False
    start = state()
    upload = send(client, ward())
    choose(client, upload)
    with monkeypatch.context() as dying:
        dying.setattr(bringing, "_bring", lambda *arguments: 1 / 0)
        client.post(address(upload, "/nhap"))
    upload.refresh_from_db()
    assert upload.state == "importing"
    assert "Tiếp tục" not in client.get(address(upload)).content.decode()
    assert client.post(address(upload, "/nhap")).status_code == 409
    monkeypatch.setattr(bringing, "LONG", timedelta())
    assert "Tiếp tục" in client.get(address(upload)).content.decode()
    client.post(address(upload, "/nhap"))
    assert counts(upload)["created"] == 4
    client.post(address(upload, "/hoan-tac"))
    assert state() == start


def test_what_failed_is_taken_back_and_tried_again(
    libraries: Library, as_role: AsRole, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = as_role("partner_librarian", "HP-LL")
    start = state()
    upload = send(client, ward())
    choose(client, upload)
    with monkeypatch.context() as failing:
        failing.setattr(harvest, "read_and_finish", lambda *arguments: 1 / 0)
        client.post(address(upload, "/nhap"))
    upload.refresh_from_db()
    assert (upload.state, upload.problem["code"]) == ("failed", "upload_failed")
    Source.objects.update(lease_expires=None)
    client.post(address(upload, "/nhap"))
    upload.refresh_from_db()
    assert upload.state == "imported"
    assert Record.objects.filter(source__name="HP-LL-xlsx", state="live").count() == 4
    client.post(address(upload, "/hoan-tac"))
    assert state() == start


def test_a_list_for_people_comes_back_as_it_was() -> None:
    """An apostrophe that keeps a spreadsheet from seeing a formula is no part of the title."""
    text = f"Nhan đề,Tác giả\r\n{cell('=1+1 là mấy?')},{cell('-')}\r\n'Tis a title,X\r\n"
    form = find_format("csv")
    read = [form.parse(one.body, Reading()) for one in form.split(BytesIO(text.encode()), Reading())]
    assert [record.first("245", "a") for record in read] == ["=1+1 là mấy?", "'Tis a title"]


def test_a_file_that_had_to_wait_claims_no_run_of_another(school: Library, as_role: AsRole) -> None:
    client = as_role("partner_librarian", "HP-LL")
    first = send(client, ward())
    choose(client, first)
    second = send(client, ward(), "khac.xlsx")
    choose(client, second)
    client.post(address(first, "/nhap"))
    whole = state()
    run, fence = runs.open_run(Source.objects.get(name="HP-LL-xlsx"), "máy-khác:1", False)
    client.post(address(second, "/nhap"))
    second.refresh_from_db()
    assert (second.state, second.run, second.problem["code"]) == ("failed", None, "source_busy")
    runs.close_run(run, fence, Run.Status.FAILED)
    with pytest.raises(Trouble):
        bringing.undo(second, by="Lan")
    assert state() == whole


def test_columns_are_remembered_from_the_file_that_came_last(school: Library) -> None:
    for name, column in (("HP-LL-xlsx", "title"), ("HP-LL-csv", "author")):
        Source.objects.create(
            name=name, library=school, connector="files", format="csv",
            settings={"reading": {"columns": {"Tên": column}}},
        )  # fmt: skip
    for day, name in ((1, "HP-LL-csv"), (2, "HP-LL-xlsx")):
        started = datetime(2026, 11, day, tzinfo=UTC)
        Run.objects.create(source=Source.objects.get(name=name), started_at=started)
    assert uploads.remembered_columns(school) == {"Tên": "title"}
