"""Files on their way in: cut, repeated, swapped, renamed, hostile; judged, kept once, refused with a reason."""

from __future__ import annotations

import hashlib
import io
from contextlib import suppress
from pathlib import Path
from random import Random
from typing import Any

import pytest
from django.utils import timezone

from connectors import clamd
from hub.accounts.models import AuditEvent
from hub.deposit import arriving, deposits, judging, keeping, watched
from hub.deposit.models import Delivery, Kept, Publication
from hub.deposit.shelf import files_of
from hub.deposit.stores import stores
from hub.network.models import Library
from schemas.problem import Trouble
from tests.hub.deposit.brought import epub, pdf, zipped

NXB = "VN-HP-NXB"
FORM = {
    "title": "Chuyện biển",
    "author": "Trần Văn Tí",
    "isbn": "978-604-4983-03-5",
    "release": "2026-10-15",
    "form": "electronic",
}
MEBIBYTE = 2**20
State = Delivery.State
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("home")]


@pytest.fixture
def made() -> Publication:
    publisher = Library.objects.create(code=NXB, name_vi="Nhà xuất bản Hải Phòng", kind="publisher")
    return deposits.declare(publisher, deposits.checked(FORM), by="Lan")


def bring(made: Publication, body: bytes, name: str = "sach.epub", **values: Any) -> Delivery:
    publication = values.pop("publication", made)
    delivery = arriving.bring(made.publisher, publication, name, io.BytesIO(body), len(body), "api", by="Lan", **values)
    judging.judge_due(timezone.now())
    delivery.refresh_from_db()
    return delivery


def codes(delivery: Delivery) -> list[str]:
    return [row["code"] for row in delivery.report["problems"]]


def test_an_epub_is_kept_as_it_came(made: Publication) -> None:
    body = epub()
    found = bring(made, body, sha256=hashlib.sha256(body).hexdigest())
    assert (found.state, found.format, found.version) == (State.KEPT, "epub", 1), found.report
    assert found.report["facts"]["epubcheck"] == [0, 0, 0]
    assert codes(found) == []
    assert found.kept is not None
    assert found.kept.publication == made
    assert not arriving.path_of(found).exists()
    assert Publication.objects.get().list_on == timezone.localdate(), "the union record gets its link"


def test_the_same_content_is_kept_once_whatever_it_is_called(made: Publication) -> None:
    body = pdf()
    first = bring(made, body, "a.pdf")
    again = bring(made, body, "ten khac.pdf")
    assert (first.state, again.state) == (State.KEPT, State.KNOWN)
    assert Kept.objects.count() == 1
    known = bring(made, body, "b.pdf", sha256=hashlib.sha256(body).hexdigest())
    assert known.pk in (first.pk, again.pk), "nothing has to be sent again"


def test_content_of_two_publications_is_kept_once_and_is_of_both(made: Publication, client: Any) -> None:
    said = FORM | {"isbn": "978-604-2-99001-1", "title": "Chuyện biển, bản in"}
    other = deposits.declare(made.publisher, deposits.checked(said), by="Lan")
    body = pdf()
    first, second = bring(made, body), bring(other, body)
    assert (first.state, second.state, codes(second)) == (State.KEPT, State.KNOWN, ["judged_elsewhere"])
    assert [files_of(one).count() for one in (made, other)] == [1, 1]
    place = f"/luu-chieu/tep/{first.sha256}.pdf"
    assert client.get(place).status_code == 404
    terms = "https://creativecommons.org/licenses/by/4.0/"
    deposits.settle(other, {"level": "public", "free": "1", "lawful": "1", "usable": "1", "terms": terms}, by="Hoa")
    assert client.get(place).getvalue() == body, "one of them is open"
    part = client.get(place, headers={"Range": "bytes=10-19"})
    assert (part.status_code, part.getvalue(), part.headers["Content-Range"]) == (
        206,
        body[10:20],
        f"bytes 10-19/{len(body)}",
    )
    assert client.get(place, headers={"Range": f"bytes={len(body) - 3}-"}).getvalue() == body[-3:]
    assert client.get(place, headers={"Range": f"bytes={len(body)}-"}).status_code == 416
    assert first.sha256 in client.get("/luu-chieu/tep.xml").content.decode()
    deposits.settle(other, {"level": "forbidden"}, by="Hoa")
    assert client.get(place).status_code == 404


def test_a_file_for_reading_rooms_is_read_there(
    made: Publication, client: Any, as_role: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = bring(made, pdf())
    place = f"/luu-chieu/tep/{found.sha256}.pdf"
    monkeypatch.setenv("LIENTHONG_READING_ROOMS", "10.20.0.0/16, 2001:db8::/32")
    deposits.settle(made, {"level": "public", "room": "1"}, by="Hoa")
    statuses = {
        at: client.get(place, REMOTE_ADDR=at).status_code for at in ("10.20.3.4", "2001:db8::7", "10.21.0.1", "")
    }
    assert statuses == {"10.20.3.4": 200, "2001:db8::7": 200, "10.21.0.1": 404, "": 404}
    staff = as_role("partner_librarian", "VN-HP-0001")
    assert staff.get(place).status_code == 404, "the network's own people read it in the room too"
    deposits.settle(made, {"level": "internal"}, by="Hoa")
    answer = staff.get(place)
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert client.get(place, REMOTE_ADDR="10.20.3.4").status_code == 404
    assert as_role("publisher", NXB).get(place).status_code == 200
    for wrong in (f"/luu-chieu/tep/{found.sha256}.epub", "/luu-chieu/tep/..%2f..%2fetc", f"/luu-chieu/tep/{'0' * 64}"):
        assert staff.get(wrong).status_code == 404


def test_a_new_version_is_told_and_the_old_one_stays(made: Publication) -> None:
    assert bring(made, epub()).version == 1
    second = bring(made, epub(text="Biển xanh."))
    assert (second.version, codes(second)) == (2, ["judged_version"])
    assert Kept.objects.count() == 2


def test_an_upload_cut_at_every_mebibyte_loses_and_doubles_nothing(made: Publication) -> None:
    body = Random(1).randbytes(7 * MEBIBYTE + 123)
    body = b"OggS" + body[4:]
    delivery = arriving.begin(made.publisher, made, "sach-noi.ogg", len(body), "", "api", by="Lan")
    for cut in range(MEBIBYTE, len(body) + MEBIBYTE, MEBIBYTE):
        start = arriving.offset_of(delivery)
        with pytest.raises(Trouble, match="from byte"):
            arriving.append(delivery, start + 1, io.BytesIO(b"x"))
        if start >= MEBIBYTE:
            with pytest.raises(Trouble, match="from byte"):
                arriving.append(delivery, start - MEBIBYTE, io.BytesIO(body[start - MEBIBYTE : start]))
        arriving.append(delivery, start, io.BytesIO(body[start:cut]))
    judging.judge_due(timezone.now())
    delivery.refresh_from_db()
    assert delivery.state == State.KEPT
    assert delivery.sha256 == hashlib.sha256(body).hexdigest()


def test_pieces_in_any_disorder_end_as_the_file_or_as_nothing(made: Publication) -> None:
    body = b"OggS" + Random(2).randbytes(50_000)
    chance = Random(3)
    delivery = arriving.begin(
        made.publisher, made, "a.ogg", len(body), hashlib.sha256(body).hexdigest(), "api", by="Lan"
    )
    for _ in range(2_000):
        if delivery.state != State.ARRIVING:
            break
        start = chance.choice([0, arriving.offset_of(delivery), chance.randrange(len(body))])
        piece = body[start : start + chance.randrange(1, 5_000)]
        good = hashlib.sha256(piece).hexdigest()
        sent = piece if chance.random() < 0.7 else bytes(reversed(piece))
        with suppress(Trouble):
            arriving.append(delivery, start, io.BytesIO(sent), ("sha256", good))
    assert delivery.state == State.ARRIVED
    judging.judge_due(timezone.now())
    delivery.refresh_from_db()
    assert delivery.state == State.KEPT


def test_a_file_that_is_not_what_its_sender_says_is_refused(made: Publication) -> None:
    found = bring(made, b"OggS" + b"x" * 100, "a.ogg", sha256=hashlib.sha256(b"other").hexdigest())
    assert (found.state, codes(found)) == (State.REFUSED, ["keep_differs"])
    assert not Kept.objects.exists()
    with pytest.raises(Trouble, match="longer than"):
        arriving.append(
            arriving.begin(made.publisher, made, "a", 3, "", "api", by="Lan"), 0, io.BytesIO(b"abcd")
        )  # fmt: skip


HOSTILE: dict[str, tuple[bytes, str]] = {
    "chương trình.pdf": (b"MZ\x90\x00" + b"\0" * 200, "content_type"),
    "trang.epub": (b"<!DOCTYPE html><html><body>EPUB</body></html>", "content_type"),
    "hai thứ.pdf": (b"<html><script>alert(1)</script></html>\n" + pdf(), "content_type"),
    "rác trước.pdf": (b"junk\n" + pdf(), "pdf_before"),
    "khóa.pdf": (pdf(password="bí mật"), "pdf_password"),
    "hỏng.pdf": (pdf()[:200], "pdf_broken"),
    "không trang.pdf": (pdf(pages=0), "pdf_pages"),
    "ra ngoài.epub": (epub(more={"../../x.xhtml": "x"}), "zip_name"),
    "tuyệt đối.epub": (epub(more={"/etc/passwd": "x"}), "zip_name"),
    "windows.epub": (epub(more={"C:\\x.xhtml": "x"}), "zip_name"),
    "trùng.epub": (epub(more={"EPUB/NAV.xhtml": "x"}), "zip_twice"),
    "bom.epub": (epub(more={"EPUB/bom.bin": b"\0" * (20 * MEBIBYTE)}), "zip_bomb"),
    "dài.epub": (epub(more={"EPUB/" + "a" * 300: "x"}), "zip_name"),
    "drm.epub": (epub(more={"META-INF/rights.xml": "<rights/>"}), "epub_drm"),
    "lcp.epub": (epub(more={"META-INF/license.lcpl": "{}"}), "epub_drm"),
    "mã hóa.epub": (
        epub(more={"META-INF/encryption.xml": '<encryption xmlns="urn:oasis:names:tc:opendocument:xmlns:container" xmlns:enc="http://www.w3.org/2001/04/xmlenc#"><enc:EncryptedData><enc:EncryptionMethod Algorithm="http://www.w3.org/2001/04/xmlenc#aes256-cbc"/></enc:EncryptedData></encryption>'}),
        "epub_drm",
    ),
    "thiếu.epub": (epub(without="META-INF/container.xml"), "epub_container"),
    "doctype.epub": (epub(more={"META-INF/container.xml": '<!DOCTYPE c [<!ENTITY x SYSTEM "file:///etc/passwd">]><c>&x;</c>'}), "xml_doctype"),
    "nén.zip": (zipped({"a.txt": "x"}), "content_type"),
    "liên kết.epub": (zipped({"META-INF/container.xml": "x", "l": "/etc/passwd"}, first=b"application/epub+zip", links=("l",)), "zip_link"),
    "gói.zip": (zipped({"bagit.txt": "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n", "manifest-sha256.txt": "0" * 64 + "  ../../etc/passwd\n"}), "bag_outside"),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_hostile_or_locked_is_refused_with_a_reason(made: Publication, name: str) -> None:
    body, code = HOSTILE[name]
    found = bring(made, body, name)
    assert found.state == State.REFUSED
    assert code in codes(found), found.report
    assert not Kept.objects.exists()
    assert AuditEvent.objects.filter(act="deposit.file_refused").count() == 1


def test_what_could_act_is_kept_and_told_of(made: Publication) -> None:
    found = bring(made, pdf(script=True), "a.pdf")
    assert (found.state, codes(found)) == (State.KEPT, ["pdf_active", "pdf_active"])
    scripted = bring(made, epub(text="<a onclick='alert(1)'>x</a><img src='https://evil.example/x.png' alt=''/>"))
    assert scripted.state == State.KEPT
    assert {"epub_script", "epub_remote", "epubcheck_error"} <= set(codes(scripted))
    assert "pdf_restricted" in codes(bring(made, pdf(owner="chủ"), "b.pdf"))


def test_a_name_is_never_a_path(made: Publication) -> None:
    for name in ("../../etc/passwd", "..\\..\\x.pdf", "<img src=x>.pdf", "\0\n", "a" * 400):
        delivery = arriving.begin(made.publisher, made, name, 5, "", "api", by="Lan")
        assert "/" not in delivery.name
        assert "\\" not in delivery.name
        assert len(delivery.name) <= 255
        assert arriving.path_of(delivery).parent == arriving.folder()


def test_how_a_file_agrees_with_its_declaration(made: Publication) -> None:
    found = bring(made, epub("Toán lớp 6", "9786042990011"))
    assert {"judged_isbn", "judged_title"} <= set(codes(found))


def test_a_file_without_a_number_finds_its_publication_by_its_isbn(made: Publication) -> None:
    found = bring(made, epub(), publication=None)
    assert (found.state, found.publication) == (State.KEPT, made)
    other = bring(made, epub(isbn="9786042990011", text="y"), publication=None)
    assert codes(other) == ["judged_undeclared"]


def test_a_watched_folder_is_emptied_with_reasons(
    made: Publication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import os

    own = tmp_path / "inbox" / NXB
    own.mkdir(parents=True)
    (tmp_path / "inbox" / "unknown").mkdir()
    monkeypatch.setenv("LIENTHONG_DEPOSIT_INBOX", str(tmp_path / "inbox"))
    good = epub()
    for name, body in {
        "978-604-4983-03-5.epub": good,
        "khac.epub": epub(isbn="9786042990011"),
        "sai.pdf": b"MZ",
    }.items():
        (own / name).write_bytes(body)
    (own / "978-604-4983-03-5.epub.sha256").write_text(hashlib.sha256(good).hexdigest() + "  978-604-4983-03-5.epub\n")
    (own / "lien-ket.epub").symlink_to("/etc/passwd")
    assert watched.take(timezone.now()) == 0, "it may still be written"
    for path in own.iterdir():
        if not path.is_symlink():
            os.utime(path, (1, 1))
    assert watched.take(timezone.now()) == 3
    judging.judge_due(timezone.now())
    watched.answer()
    assert [row.state for row in Delivery.objects.order_by("name")] == [State.KEPT, State.REFUSED, State.REFUSED]
    refused = {path.name[9:]: path for path in (own / "refused").iterdir()}
    assert sorted(refused) == ["khac.epub", "khac.epub.txt", "sai.pdf", "sai.pdf.txt"]
    assert "Hãy khai trước" in refused["khac.epub.txt"].read_text("utf-8")
    taken = sorted(path.name[9:] for path in (own / "taken").iterdir())
    assert taken == ["978-604-4983-03-5.epub", "978-604-4983-03-5.epub.sha256"]
    (own / "sai.pdf").write_bytes(b"MZ of another day")
    os.utime(own / "sai.pdf", (1, 1))
    watched.take(timezone.now())
    judging.judge_due(timezone.now())
    watched.answer()
    assert len([path for path in (own / "refused").iterdir() if path.name.endswith("sai.pdf")]) == 2, "nothing is lost"


def test_a_last_piece_that_nobody_could_note_any_more_is_found(made: Publication) -> None:
    body = b"OggS" + b"x" * 100
    delivery = arriving.begin(made.publisher, made, "a.ogg", len(body), "", "api", by="Lan")
    arriving.append(delivery, 0, io.BytesIO(body[:50]))
    with arriving.path_of(delivery).open("ab") as stream:  # written, and then the process was killed
        stream.write(body[50:])
    delivery.refresh_from_db()
    assert delivery.state == State.ARRIVING
    arriving.forget(timezone.now())
    judging.judge_due(timezone.now())
    delivery.refresh_from_db()
    assert (delivery.state, delivery.sha256) == (State.KEPT, hashlib.sha256(body).hexdigest())


@pytest.mark.parametrize(("checksum", "left"), [(("sha256", "00"), 10), (("", ""), 15)])
def test_a_piece_whose_line_breaks_stays_only_where_nobody_vouches_for_it(
    made: Publication, checksum: Any, left: int
) -> None:
    class Broken(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            found = super().read(5)
            if not found:
                raise OSError("the line is down")
            return found

    delivery = arriving.begin(made.publisher, made, "a.ogg", 100, "", "api", by="Lan")
    arriving.append(delivery, 0, io.BytesIO(b"OggS012345"))
    with pytest.raises(OSError, match="down"):
        arriving.append(delivery, 10, Broken(b"67890"), checksum)
    assert arriving.offset_of(delivery) == left


def test_nobody_calls_a_file_whole_while_its_last_piece_is_being_checked(made: Publication) -> None:
    body = b"OggS" + b"x" * 100
    delivery = arriving.begin(made.publisher, made, "a.ogg", len(body), "", "api", by="Lan")

    class Looked(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            found = super().read(size)
            if not found:  # everything is written, and its checksum not compared yet
                assert arriving.recover([Delivery.objects.get(pk=delivery.pk)]) == 0
            return found

    with pytest.raises(Trouble, match="damaged on its way"):
        arriving.append(delivery, 0, Looked(body), ("sha256", "00"))
    assert arriving.offset_of(delivery) == 0


def test_content_that_was_lost_and_comes_again_is_kept_again(made: Publication) -> None:
    body = pdf()
    kept = bring(made, body).kept
    assert kept is not None
    for store in stores():
        store.files.rm(store.path(kept.sha256))
    assert keeping.check(timezone.now()).lost == [kept.name]
    again = bring(made, body, "b.pdf")
    kept.refresh_from_db()
    assert (again.state, again.kept, kept.lost_at) == (State.KEPT, kept, None)
    assert [store.digest(kept.sha256) for store in stores()] == [kept.sha256] * 2


def test_what_a_killed_process_left_behind_is_swept_away(made: Publication) -> None:
    for path in (arriving.folder() / "tmpabc", arriving.outgoing()):
        path.mkdir(parents=True, exist_ok=True)
    (arriving.folder() / "tmpabc" / "0").write_bytes(b"x")
    (arriving.outgoing() / "1-2.zip").write_bytes(b"x")
    waiting = arriving.begin(made.publisher, made, "a.ogg", 10, "", "api", by="Lan")
    arriving.append(waiting, 0, io.BytesIO(b"Ogg"))
    arriving.forget(timezone.now())
    assert (arriving.folder() / "tmpabc").exists(), "somebody may work there"
    arriving.forget(timezone.now() + arriving.LEFT * 1.1)
    assert [path.name for path in arriving.folder().iterdir()] == [waiting.token]
    assert list(arriving.outgoing().iterdir()) == []


def test_wrong_settings_are_said_and_open_nothing(
    made: Publication, as_role: Any, client: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = bring(made, pdf())
    deposits.settle(made, {"level": "public", "room": "1"}, by="Hoa")
    monkeypatch.setenv("LIENTHONG_READING_ROOMS", "10.20.0.0/16, phòng đọc")
    assert client.get(f"/luu-chieu/tep/{found.sha256}.pdf", REMOTE_ADDR="10.20.3.4").status_code == 404
    clerk = as_role("deposit_clerk")
    assert "phòng đọc" in clerk.get("/luu-chieu/luu-giu").content.decode()
    monkeypatch.delenv("LIENTHONG_READING_ROOMS")
    monkeypatch.setenv("LIENTHONG_DEPOSIT_LARGEST_GIB", "nhiều")
    assert "LIENTHONG_DEPOSIT_LARGEST_GIB" in clerk.get("/luu-chieu/luu-giu").content.decode()
    with pytest.raises(Trouble, match="LARGEST_GIB"):
        arriving.begin(made.publisher, made, "a.ogg", 10, "", "api", by="Lan")
    monkeypatch.setenv("LIENTHONG_CLAMD", "máy:cổng")
    with pytest.raises(Trouble, match="virus scan waits"):
        clamd.virus_in(io.BytesIO(b"x"))


def test_two_writers_do_not_mix(made: Publication) -> None:
    delivery = arriving.begin(made.publisher, made, "a.ogg", 10, "", "api", by="Lan")

    class Slow(io.RawIOBase):
        def read(self, _: int = -1) -> bytes:  # type: ignore[override]
            with pytest.raises(Trouble, match="from elsewhere"):
                arriving.append(delivery, 0, io.BytesIO(b"x"))
            return b""

    arriving.append(delivery, 0, Slow())
    assert arriving.offset_of(delivery) == 0


def test_what_nobody_goes_on_with_is_dropped(made: Publication) -> None:
    delivery = arriving.begin(made.publisher, made, "a.ogg", 10, "", "api", by="Lan")
    arriving.append(delivery, 0, io.BytesIO(b"Ogg"))
    assert arriving.forget(timezone.now()) == 0
    assert arriving.forget(timezone.now() + arriving.FORGOTTEN * 1.1) == 1
    assert not arriving.path_of(delivery).exists()
