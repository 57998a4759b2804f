"""``lienthong import --dry-run``: what would happen, said before it does, and nothing written anywhere."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from hub.accounts.models import AuditEvent
from hub.catalog.models import RawRecord, Record, Run, Source
from hub.network.models import Library
from schemas import encodings, marc21, mrk
from schemas.marcxml import to_marcxml
from schemas.record import Record as Content
from schemas.record import data_field
from tests.flows.conftest import Command
from tests.hub.stages.books import book

DE_MEN = book("1", "Dế Mèn phiêu lưu ký", isbn="9786042990011", copies="A1 A2")


@pytest.fixture
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("files")


def written(path: Path, records: list[Content]) -> Path:
    path.write_bytes(b"".join(marc21.to_iso2709(record) for record in records))
    return path


def title_only(number: str, title: str) -> Content:
    """A record that says too little to be sure of."""
    return Content("00000nam a2200000   4500", (("001", number), data_field("245", "00", [("a", title)])))


def tables() -> list[int]:
    return [model.objects.count() for model in (Library, Source, Run, Record, RawRecord, AuditEvent)]


def files(folder: Path) -> dict[str, int]:
    return {str(path.relative_to(folder)): path.stat().st_size for path in folder.rglob("*") if path.is_file()}


def try_(lienthong: Command, path: Path, form: str = "marc21", library: str = "VN-A", *more: str) -> dict[str, object]:
    answer = lienthong("import", path, "--library", library, "--format", form, "--dry-run", "--json", *more)
    assert answer.status == 0, answer.err
    return dict(answer.json)


class TestAgainstTheStore:
    def test_new_changed_unchanged_and_nothing_written(self, lienthong: Command, folder: Path) -> None:
        path = written(folder / "a.mrc", [DE_MEN, book("2", "Số đỏ", author="Vũ Trọng Phụng")])
        assert try_(lienthong, path)["counts"] == {"read": 2, "new": 2, "titles": 2, "aside": 0}
        assert tables() == [0] * 6
        lienthong("import", path, "--library", "VN-A", "--format", "marc21")
        before = tables()
        written(path, [DE_MEN, book("2", "Số đỏ", author="Vũ Trọng Phụng", year=2023), book("3", "Bỉ vỏ")])
        counts = try_(lienthong, path)["counts"]
        assert counts == {"read": 3, "new": 1, "changed": 1, "unchanged": 1, "aside": 0, "titles": 2}
        assert tables() == before

    def test_what_the_union_has_for_sure_what_is_asked_and_what_is_new(self, lienthong: Command, folder: Path) -> None:
        mine = [DE_MEN, title_only("2", "Tuổi thơ dữ dội")]
        lienthong("import", written(folder / "a.mrc", mine), "--library", "VN-A", "--format", "marc21")
        theirs = [
            book("x1", "Dế Mèn phiêu lưu kí", isbn="9786042990011"),
            title_only("x2", "Tuổi thơ dữ dội"),
            book("x3", "Bỉ vỏ", author="Nguyên Hồng"),
        ]
        counts = try_(lienthong, written(folder / "b.mrc", theirs), library="VN-B")["counts"]
        assert isinstance(counts, dict)
        assert (counts["in_union"], counts["to_ask"], counts["titles"]) == (1, 1, 1)

    def test_an_identifier_that_comes_twice(self, lienthong: Command, folder: Path) -> None:
        path = written(folder / "a.mrc", [DE_MEN, DE_MEN])
        assert try_(lienthong, path)["counts"] == {"read": 2, "new": 1, "twice": 1, "titles": 1, "aside": 0}


class TestProblems:
    def test_each_kind_with_its_place_and_what_to_do(self, lienthong: Command, folder: Path) -> None:
        bodies = [to_marcxml(book(str(n), f"Hoa số {n} và lá")) for n in range(6)]
        spoilt = [body.replace(" và ", " & ") if n else body for n, body in enumerate(bodies)]
        path = folder / "a.xml"
        path.write_text("<collection>\n" + "\n".join(spoilt) + "\n</collection>", encoding="utf-8")
        found = try_(lienthong, path, "marcxml")
        problem = found["problems"]["xml_broken"]  # type: ignore[index]
        assert problem["count"] == 5
        assert len(problem["examples"]) == 3
        assert problem["examples"][0]["place"] == "a.xml, line 3, record 2"
        assert problem["examples"][0]["rule"] == "xml_ampersand@1"
        text = lienthong("import", path, "--library", "VN-A", "--format", "marcxml", "--dry-run").out
        assert "Cannot be taken (5)" in text
        assert "Write 1 bare & as &amp;." in text

    def test_a_file_in_which_nothing_can_be_read(self, lienthong: Command, folder: Path) -> None:
        path = folder / "a.xml"
        path.write_text("<collection><record><note/></record></collection>")
        answer = lienthong("import", path, "--library", "VN-A", "--format", "marcxml", "--dry-run")
        assert answer.status == 1
        assert "1 records read: 0 new" in answer.out
        assert tables() == [0] * 6

    @pytest.mark.parametrize(
        ("change", "code"),
        [({"--format": "marc22"}, "marc22"), ({"--library": "Tv An"}, "Tv An"), ({"--encoding": "abcd"}, "abcd")],
    )
    def test_what_is_typed_wrong_is_said(
        self, lienthong: Command, folder: Path, change: dict[str, str], code: str
    ) -> None:
        path = written(folder / "a.mrc", [DE_MEN])
        given = {"--library": "VN-A", "--format": "marc21"} | change
        answer = lienthong("import", path, *(part for pair in given.items() for part in pair), "--dry-run")
        assert answer.status == 1
        assert code in answer.sentence


class TestWhatIsShown:
    def test_a_spreadsheet(self, lienthong: Command, folder: Path) -> None:
        path = folder / "a.csv"
        path.write_text(
            "Nhan đề,Tác giả,Năm XB,ISBN,Số ĐKCB,Màu bìa\n"
            "Số đỏ,Vũ Trọng Phụng,2018,9.78604E+12,TV1,xanh\n"
            "Số đỏ,Vũ Trọng Phụng,2018,9.78604E+12,TV2,xanh\n",
            encoding="utf-8",
        )
        found = try_(lienthong, path, "csv")
        assert found["columns"] == {
            "Nhan đề": "title",
            "Tác giả": "author",
            "Năm XB": "year",
            "ISBN": "isbn",
            "Số ĐKCB": "accession",
            "Màu bìa": "",
        }
        assert found["copies"] == 2
        assert found["encoding"] == {"name": "utf-8", "evidence": {"rule": "strict utf-8"}}
        assert found["remarks"]["isbn_float"]["count"] == 1  # type: ignore[index]
        [record] = found["records"]  # type: ignore[misc]
        assert record["isbd"].startswith("Số đỏ / Vũ Trọng Phụng")
        assert record["copies"] == 2

    def test_in_vietnamese_as_a_cataloger_reads_it(
        self, lienthong: Command, folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("LIENTHONG_LANG", "vi")
        path = written(folder / "a.mrc", [book("1", "Dê\u0301 Mèn phiêu lưu ký", isbn="9786042990011", copies="A1 A2")])
        text = lienthong("import", path, "--library", "VN-A", "--format", "marc21", "--dry-run").out
        assert "Đọc 1 biểu ghi: 1 mới, 0 sẽ sửa" in text
        assert "Dế Mèn phiêu lưu ký / Tô Hoài. — " in text
        assert "Kim Đồng, 2020. — 143 tr." in text
        assert "ISBN 9786042990011 — 2 bản" in text
        assert "Bảng mã: utf-8 (mọi byte đều là UTF-8)." in text
        assert "chữ có dấu rời được viết liền" in text
        assert "chưa ghi gì" in text

    def test_the_records_of_a_file_say_its_encoding_together(self, lienthong: Command, folder: Path) -> None:
        names = ["Dế Mèn phiêu lưu ký", "Đất rừng phương Nam", "Tuổi thơ dữ dội", "Những tấm lòng cao cả"]
        books = [book(str(n), title, author="Nguyễn Đổng Chi") for n, title in enumerate(names)]
        path = folder / "a.mrk"
        path.write_bytes(b"\n".join(encodings.encode(mrk.to_mrk(one), "tcvn3") for one in books))
        found = try_(lienthong, path, "mrk")
        assert found["encoding"]["name"] == "tcvn3"  # type: ignore[index]
        assert [one["isbd"].split(" / ")[0] for one in found["records"]] == names[:3]  # type: ignore[attr-defined]

    def test_the_encoding_with_what_speaks_for_it(self, lienthong: Command, folder: Path) -> None:
        text = "=LDR  00000nam a2200000   4500\n=001  1\n=245  10$aDế Mèn phiêu lưu ký của Tô Hoài và Nguyễn Đổng Chi\n"
        path = folder / "a.mrk"
        path.write_bytes(encodings.encode(text, "tcvn3"))
        found = try_(lienthong, path, "mrk")["encoding"]
        assert found["name"] == "tcvn3"  # type: ignore[index]
        assert found["evidence"]["rule"] == "syllables"  # type: ignore[index]


def test_without_a_store_nothing_is_made(process: Command, home: Path, folder: Path) -> None:
    path = written(folder / "a.mrc", [DE_MEN])
    before = files(home)
    answer = process("import", path, "--library", "VN-A", "--format", "marc21", "--dry-run", "--json")
    assert answer.status == 0, answer.err
    assert json.loads(answer.out)["compared"] is False
    assert json.loads(answer.out)["counts"]["new"] == 1
    assert files(home) == before
