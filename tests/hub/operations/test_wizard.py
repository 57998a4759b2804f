"""The wizard against real servers on loopback and real files: what is found, how it looks, what is written and run."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import openpyxl
import pytest
import yaml
from django.core.files.uploadedfile import SimpleUploadedFile

from hub.accounts.models import AuditEvent
from hub.catalog.models import Record, Run, Source
from hub.home import home
from hub.network.models import Library
from hub.operations import guess, source_files
from hub.operations.models import Contact, Draft, Request
from hub.sources import load_source
from tests.connectors.partner import Reply, identify, listed, oai, record, serving
from tests.hub.operations.test_desk import body
from tests.hub.operations.test_requests import sources

assert sources
AsRole = Callable[..., Any]
FORMATS = (
    "<ListMetadataFormats><metadataFormat><metadataPrefix>marcxml</metadataPrefix>"
    "<metadataNamespace>http://www.loc.gov/MARC21/slim</metadataNamespace></metadataFormat></ListMetadataFormats>"
)
BROKEN = "<note>no record at all</note>"
ANSWERS = {
    "new_code": "TV-9", "new_vi": "Thư viện phường Chín", "new_kind": "ward", "schedule": "mỗi đêm lúc 2 giờ",
    "contact": "Chị Lan", "email": "lan@thuvien.example",
}  # fmt: skip


def answer(arguments: dict[str, str]) -> Reply | bytes:
    verb = arguments.get("verb", "")
    if verb == "Identify":
        return identify()
    if verb == "ListMetadataFormats":
        return oai(FORMATS)
    if verb == "ListRecords":
        return oai(listed([*(record(n) for n in range(24)), record(99, BROKEN)]))
    if verb == "GetRecord":
        return oai(f"<GetRecord>{record(int(arguments['identifier'].rpartition(':')[2]))}</GetRecord>")
    if verb == "ListIdentifiers":
        header = "<header><identifier>oai:x:{}</identifier><datestamp>2026-02-01T00:00:00Z</datestamp></header>"
        return oai(f"<ListIdentifiers>{''.join(header.format(n) for n in [*range(24), 99])}</ListIdentifiers>")
    return oai('<error code="badVerb">no</error>')


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guess, "TERMS", guess.Terms(limit=6, seconds=10, interval=0))
    monkeypatch.setattr("hub.operations.guess.BRIEF", guess.BRIEF | {"pause": guess.timedelta(seconds=0.001)})


def allow(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setenv("LIENTHONG_PRIVATE_HOSTS", urlsplit(url).netloc)


@pytest.mark.usefixtures("catalog", "sources")
class TestAddress:
    def test_from_an_address_to_the_first_run(self, as_role: AsRole, monkeypatch: pytest.MonkeyPatch) -> None:
        staff = as_role("it_staff")
        with serving(answer) as server:
            allow(monkeypatch, server.url)
            at = staff.post("/nguon/moi", {"url": server.url})["Location"]
            draft = at.partition("?")[0]
            found = body(staff.get(at))
            assert 'value="marcxml" selected' in found
            assert (
                staff.post(
                    draft,
                    {
                        "step": "2",
                        "connector": "oai_pmh",
                        "format": "marcxml",
                        "prefix": "marcxml",
                        "set": "",
                        "encoding": "auto",
                    },
                ).status_code
                == 302
            )
            looks = body(staff.get(draft + "?step=3"))
            assert looks.count("<li") >= 20
            assert "Dế Mèn phiêu lưu ký 3" in looks
            assert Record.objects.count() == 0, "nothing is stored"
            staff.post(draft, {"step": "3"})
            assert staff.post(draft, {"step": "4", **ANSWERS}).status_code == 302
            last = body(staff.get(draft))
            assert "schedule: 0 2 * * *" in last
            assert "hằng ngày lúc 02:00" in last
            assert staff.post(draft, {"step": "5"})["Location"] == "/nguon/thu-vien-phuong-chin?done=created"
            config = load_source("thu-vien-phuong-chin")
            assert (config.entry.schedule, config.entry.library.code) == ("0 2 * * *", "TV-9")
            assert Request.objects.get().act == "run"
            assert Contact.objects.get().source == "thu-vien-phuong-chin"
            assert not Draft.objects.exists()
            assert AuditEvent.objects.filter(act="source.file.created", by=staff.user.signature).exists()
            assert "Thư viện phường Chín" in body(staff.get("/dieu-hanh")), "before its first run"
            assert "Chạy ngay" in body(staff.get("/nguon/thu-vien-phuong-chin"))
            from flows.asked import Worker

            assert Worker().once() == 1
        assert Run.objects.get().received == 25
        assert Request.objects.get().status == "done"

    def test_a_private_address_is_refused_unless_the_deployment_names_it(
        self, as_role: AsRole, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.delenv("LIENTHONG_PRIVATE_HOSTS", raising=False)
        with serving(answer) as server:
            html = body(as_role("it_staff").post("/nguon/moi", {"url": server.url}), 400)
            assert "địa chỉ nội bộ" in html
            assert server.url in html, "what was typed stays"
            assert server.asked == []
        assert not Draft.objects.exists()

    @pytest.mark.parametrize("url", ["", "file:///etc/passwd", "http://a@b.example/", "http://", "gopher://x"])
    def test_what_is_no_address(self, as_role: AsRole, url: str) -> None:
        body(as_role("it_staff").post("/nguon/moi", {"url": url}), 400)

    def test_a_server_that_is_something_else_says_so_and_is_kept_to_be_changed(
        self, as_role: AsRole, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        staff = as_role("it_staff")
        with serving(lambda _: b"<html>hello</html>") as server:
            allow(monkeypatch, server.url)
            draft = staff.post("/nguon/moi", {"url": server.url})["Location"]
            html = body(staff.get(draft))
            assert "is-blocks" in html
            wrong = body(
                staff.post(draft.partition("?")[0], {"step": "2", "connector": "oai_pmh", "format": "marcxml"}), 400
            )
            assert 'role="alert"' in wrong
            assert "?step=3" not in wrong

    def test_faults_stand_in_their_place(self, as_role: AsRole, monkeypatch: pytest.MonkeyPatch) -> None:
        staff = as_role("it_staff")

        def bad(arguments: dict[str, str]) -> Reply | bytes:
            if arguments.get("verb") == "ListRecords":
                return oai(listed([record(1), record(99, BROKEN), record(3)]))
            return answer(arguments)

        with serving(bad) as server:
            allow(monkeypatch, server.url)
            draft = staff.post("/nguon/moi", {"url": server.url})["Location"].partition("?")[0]
            staff.post(draft, {"step": "2", "connector": "oai_pmh", "format": "marcxml", "prefix": "marcxml"})
        html = body(staff.get(draft + "?step=3"))
        assert "Đọc được 2 trong 3 biểu ghi đầu" in html
        assert html.index("ký 1") < html.index("Không đọc được") < html.index("ký 3")


HOSTILE = '<script>alert(1)</script>"><img src=x onerror=alert(2)>'


@pytest.mark.usefixtures("catalog", "sources")
def test_a_hostile_file_is_inert_at_every_step(as_role: AsRole) -> None:
    staff = as_role("it_staff")
    content = f'Nhan đề,"{HOSTILE.replace(chr(34), chr(34) * 2)}"\n"{HOSTILE.replace(chr(34), chr(34) * 2)}",x\n'
    made = staff.post("/nguon/moi", {"file": SimpleUploadedFile(f"{HOSTILE}.csv", content.encode())})
    draft = made["Location"].partition("?")[0]
    pages = [body(staff.get(draft + "?step=2"))]
    staff.post(draft, {"step": "2"})
    pages.append(body(staff.get(draft + "?step=3")))
    staff.post(draft, {"step": "4", **ANSWERS, "new_vi": HOSTILE, "name": "la"})
    pages += [body(staff.get(f"{draft}?step={step}")) for step in (4, 5)] + [body(staff.get("/nguon/moi"))]
    assert staff.post(draft, {"step": "5"}).status_code == 302
    pages += [body(staff.get(address)) for address in ("/dieu-hanh", "/nguon/la", "/nguon/la/cai-dat")]
    assert all("<script>alert" not in page and "<img src=x" not in page for page in pages)
    assert any("&lt;script&gt;alert(1)" in page for page in pages)


def workbook(*rows: tuple[object, ...]) -> bytes:
    book = openpyxl.Workbook()
    assert book.active is not None
    for row in rows:
        book.active.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


@pytest.mark.usefixtures("catalog", "sources")
class TestFile:
    def upload(self, client: Any, content: bytes, name: str = "Sách phường.xlsx") -> Any:
        return client.post("/nguon/moi", {"file": SimpleUploadedFile(name, content)})

    def test_a_spreadsheet_with_a_column_that_must_be_told(self, as_role: AsRole) -> None:
        staff = as_role("it_staff")
        Library.objects.create(code="TV-1", name_vi="Thư viện một")
        rows = [
            ("Nhan đề", "Tác giả", "Ai vẽ"),
            ("Dế Mèn phiêu lưu ký", "Tô Hoài", "Tạ Huy Long"),
            ("Đất rừng phương Nam", "Đoàn Giỏi", ""),
        ]
        at = self.upload(staff, workbook(*rows))["Location"]
        html = body(staff.get(at))
        assert 'name="column-0-C"' in html
        draft = at.partition("?")[0]
        staff.post(
            draft,
            {
                "step": "2",
                "encoding": "auto",
                "column-0-A": "title",
                "column-0-B": "author",
                "column-0-C": "illustrator",
            },
        )
        looked_at = body(staff.get(draft + "?step=3"))
        assert "Đất rừng phương Nam" in looked_at
        assert "Sách phường.xlsx, row 2" in looked_at, "by the name the file came under"
        staff.post(draft, {"step": "4", "library": "TV-1", "name": "phuong", "schedule": ""})
        assert staff.post(draft, {"step": "5"}).status_code == 302
        entry = load_source("phuong").entry
        assert entry.reading.columns == {"Ai vẽ": "illustrator"}
        from flows.asked import Worker

        Worker().once()
        assert Record.objects.filter(source__name="phuong", state="live").count() == 2
        assert not list((home() / "uploads").iterdir())

    @pytest.mark.parametrize("content", [b"", b"%PDF-1.7", b"MZ\x90", b"<html></html>", b"PK\x03\x04nothing"])
    def test_what_is_no_list_of_books(self, as_role: AsRole, content: bytes) -> None:
        body(self.upload(as_role("it_staff"), content), 400)
        assert not Draft.objects.exists()

    def test_one_too_large_is_not_even_read(self, as_role: AsRole, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("hub.stages.files.LARGEST", -(2**20) + 100)
        assert "lớn quá" in body(self.upload(as_role("it_staff"), b"x" * 10_000), 413)

    def test_its_form_needs_its_token(self, as_role: AsRole) -> None:
        staff = as_role("it_staff", enforce_csrf_checks=True)
        body(self.upload(staff, b"title\nx\n"), 403)
        assert not Draft.objects.exists()


@pytest.mark.usefixtures("catalog", "sources")
class TestDrafts:
    def begun(self, client: Any) -> str:
        made = client.post(
            "/nguon/moi", {"file": SimpleUploadedFile("a.csv", "Nhan đề,Tác giả\nTắt đèn,Ngô Tất Tố\n".encode())}
        )
        draft: str = made["Location"].partition("?")[0]
        client.post(draft, {"step": "2"})
        return draft

    def test_nobody_else_sees_it_and_it_can_be_given_up(self, as_role: AsRole) -> None:
        staff = as_role("it_staff")
        draft = self.begun(staff)
        body(as_role("administrator").get(draft), 404)
        assert draft in body(staff.get("/nguon/moi"))
        staff.post(draft, {"act": "drop"})
        assert not Draft.objects.exists()
        assert not list((home() / "uploads").iterdir())

    @pytest.mark.parametrize(
        ("said", "words"),
        [
            ({"new_code": "", "new_vi": ""}, "Hãy chọn một thư viện"),
            ({"schedule": "khi nào rảnh"}, "Không hiểu lịch"),
            ({"name": "moi"}, "không dùng được"),
            ({"name": "../x"}, "không dùng được"),
            ({"name": "a"}, "Đã có nguồn"),
            ({"trust": "101"}, "Độ tin cậy"),
            ({"email": "lan@"}, "thư điện tử"),
            ({"new_code": "có dấu"}, "TV"),
        ],
    )
    def test_what_is_wrong_is_said_and_what_was_typed_stays(
        self, as_role: AsRole, said: dict[str, str], words: str
    ) -> None:
        staff = as_role("it_staff")
        html = body(staff.post(self.begun(staff), {"step": "4", **ANSWERS, **said}), 400)
        assert words in html or 'role="alert"' in html
        assert "Chị Lan" in html

    def test_steps_are_not_skipped(self, as_role: AsRole) -> None:
        staff = as_role("it_staff")
        draft = self.begun(staff)
        staff.post(draft, {"step": "5"})
        assert (
            list(source_files.sources_folder().glob("*.yaml"))
            == [source_files.sources_folder() / name for name in ("a.yaml", "b.yaml")]
            or not Request.objects.exists()
        )
        assert not Source.objects.exists()

    def test_a_file_that_came_meanwhile_is_never_written_over(self, as_role: AsRole, sources: Path) -> None:
        staff = as_role("it_staff")
        draft = self.begun(staff)
        staff.post(draft, {"step": "4", **ANSWERS, "name": "tv-9"})
        (sources / "tv-9.yaml").write_text("# của người khác\n", encoding="utf-8")
        body(staff.post(draft, {"step": "5"}), 400)
        assert (sources / "tv-9.yaml").read_text(encoding="utf-8") == "# của người khác\n"
        assert [path.name for path in sources.iterdir() if path.name.startswith(".")] == []
        (sources / "tv-9.yaml").unlink()
        assert staff.post(draft, {"step": "5"}).status_code == 302
        assert yaml.safe_load((sources / "tv-9.yaml").read_text(encoding="utf-8"))["library"]["code"] == "TV-9"
