"""A library's table: its columns shown, corrected, kept as a source; and the dry run says what the import then does."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
import yaml

from flows.trial_report import RULES
from hub.catalog.models import Bib, Holding, Record, Run, Source
from hub.match.description import Description
from hub.normalize.normalize import rule_names
from hub.stages.encoding import SAMPLED, Sample, stride
from schemas import encodings, marc21, readings
from schemas.record import Record as Content
from schemas.record import data_field
from tests.flows.conftest import Command
from tests.hub.stages.books import book

TABLE = "Mã sách,Tên sách,Người viết,Năm,Mã\nS1,Dế Mèn phiêu lưu ký,Tô Hoài,2015,X1\nS2,Tắt đèn,Ngô Tất Tố,2016,X2\n"
TITLES = ["Dế Mèn phiêu lưu ký", "Đất rừng phương Nam", "Những tấm lòng cao cả", "Tuổi thơ dữ dội", "Sóng ở đáy sông"]


def import_(lienthong: Command, path: Path, *more: object) -> tuple[object, ...]:
    form = "xlsx" if path.suffix == ".xlsx" else path.suffix[1:].replace("mrc", "marc21")
    return ("import", path, "--library", "VN-A", "--name", "Thư viện A", "--format", form, *more)


def held() -> list[tuple[str, str]]:
    return list(Holding.objects.order_by("record").values_list("record__identifier", "accessions"))


def test_shown_corrected_saved_and_harvested(lienthong: Command, sources: Path, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(TABLE, encoding="utf-8")
    shown = lienthong(*import_(lienthong, path, "--dry-run", "--json")).json
    assert shown["columns"] == {"Mã sách": "id", "Tên sách": "title", "Người viết": "", "Năm": "year", "Mã": "id"}
    assert shown["tables"][0]["columns"][2] == {"letter": "C", "heading": "Người viết", "field": ""}
    mapping = ("--columns", "Người viết=author", "--columns", "Mã=accession")
    corrected = lienthong(*import_(lienthong, path, *mapping, "--dry-run", "--json", "--save-source", "tv-a")).json
    assert corrected["columns"]["Người viết"] == "author"
    assert corrected["records"][0]["isbd"].startswith("Dế Mèn phiêu lưu ký / Tô Hoài")
    assert list(sources.iterdir()) == [], "a dry run writes nothing"
    done = lienthong(*import_(lienthong, path, *mapping, "--save-source", "tv-a", "--json"))
    assert done.json["source"] == "tv-a"
    assert (sources / "tv-a.yaml").read_text(encoding="utf-8") == corrected["profile"]
    assert yaml.safe_load(corrected["profile"]) == {
        "library": {"code": "VN-A", "name": {"vi": "Thư viện A"}},
        "connector": "files",
        "format": "csv",
        "reading": {
            "columns": {"Mã sách": "id", "Tên sách": "title", "Người viết": "author", "Năm": "year", "Mã": "accession"}
        },
        "options": {"path": str(path)},
    }
    assert held() == [("S1", "X1"), ("S2", "X2")]
    path.write_text(TABLE + "S3,Số đỏ,Vũ Trọng Phụng,2017,X3-5\n", encoding="utf-8")
    [ledger] = lienthong("harvest", "tv-a", "--no-prefect", "--json").json["ledgers"].values()
    assert (ledger["created"], ledger["unchanged"]) == (1, 2)
    assert held()[2:] == [("S3", "X3\nX4\nX5")]
    assert list(Source.objects.values_list("name", flat=True)) == ["tv-a"], "one source, not two"


def test_a_sheet_and_columns_by_their_letters(lienthong: Command, sources: Path, tmp_path: Path) -> None:
    workbook = openpyxl.Workbook()
    workbook["Sheet"].append(["Ghi chú chung"])
    sheet = workbook.create_sheet("Sổ 2")
    for row in (["Mục", "Tác giả", "NXB", "Mã vạch"], ["Dế Mèn", "Tô Hoài", "Kim Đồng", 12]):
        sheet.append(row)
    sheet["D2"].number_format = '"TN."00000'
    path = tmp_path / "a.xlsx"
    workbook.save(path)
    answer = lienthong(*import_(lienthong, path, "--sheet", "Sổ 2", "--columns", "A=title", "--save-source", "tv-a"))
    assert answer.status == 0, answer.err
    reading = yaml.safe_load((sources / "tv-a.yaml").read_text(encoding="utf-8"))["reading"]
    assert reading == {
        "sheet": "Sổ 2",
        "columns": {"A": "title", "Tác giả": "author", "NXB": "publisher", "Mã vạch": "accession"},
    }
    assert [numbers for _, numbers in held()] == ["TN.00012"]
    assert "Sổ 3" in lienthong(*import_(lienthong, path, "--sheet", "Sổ 3", "--dry-run")).sentence


def test_a_table_without_headings_in_an_old_encoding(lienthong: Command, sources: Path, tmp_path: Path) -> None:
    names = ["Tô Hoài", "Đoàn Giỏi", "Hà Mai Anh", "Phùng Quán", "Khuất Quang Thụy"]
    rows = [
        f"{at}\t{name}\t{title}\t20{at + 10}" for at, (name, title) in enumerate(zip(names, TITLES, strict=True), 1)
    ]
    path = tmp_path / "a.csv"
    path.write_bytes(encodings.encode("\n".join(rows).lower(), "tcvn3"))
    assert lienthong(*import_(lienthong, path, "--dry-run")).status == 1, "names in lower case are no names"
    path.write_bytes(encodings.encode("\n".join(rows), "tcvn3"))
    text = lienthong(*import_(lienthong, path, "--dry-run", "--columns", "A=accession")).out
    assert "The table has no headings" in text
    assert "C → title" in text
    lienthong(*import_(lienthong, path, "--columns", "A=accession", "--save-source", "tv-a"))
    reading = yaml.safe_load((sources / "tv-a.yaml").read_text(encoding="utf-8"))["reading"]
    assert reading == {"encoding": "tcvn3", "columns": {"A": "accession", "B": "author", "C": "title", "D": "year"}}
    shown = [Description.load(text).title.lower() for text in Bib.objects.values_list("description", flat=True)]
    assert sorted(shown) == sorted(title.lower() for title in TITLES)
    assert lienthong("harvest", "tv-a", "--full", "--no-prefect").status == 0
    assert Record.objects.count() == len(TITLES), "read by its letters as it was read before"


def test_the_encoding_of_records_is_kept(lienthong: Command, sources: Path, tmp_path: Path) -> None:
    from schemas import mrk

    path = tmp_path / "a.mrk"
    books = [book(str(n), title, author="Nguyễn Đổng Chi") for n, title in enumerate(TITLES)]
    path.write_bytes(b"\n".join(encodings.encode(mrk.to_mrk(one), "vni") for one in books))
    assert lienthong(*import_(lienthong, path, "--save-source", "tv-a")).status == 0
    assert yaml.safe_load((sources / "tv-a.yaml").read_text(encoding="utf-8"))["reading"] == {"encoding": "vni"}


class TestRefused:
    @pytest.mark.parametrize(
        ("more", "said"),
        [
            (["--columns", "Người viết"], "Heading=field"),
            (["--columns", "Người viết=tac gia"], "author_title"),
            (["--columns", "=author"], "Heading=field"),
            (["--columns", "Người dịch sách=author"], "no column “Người dịch sách”"),
            (["--save-source", "../tv"], "not valid"),
            (["--save-source", "tv a"], "not valid"),
            (["--save-source", "co-roi"], "already"),
        ],
    )
    @pytest.mark.parametrize("dry", [["--dry-run"], []])
    def test_what_is_typed_wrong(
        self, lienthong: Command, sources: Path, tmp_path: Path, more: list[str], said: str, dry: list[str]
    ) -> None:
        (sources / "co-roi.yaml").write_text("của người khác", encoding="utf-8")
        path = tmp_path / "a.csv"
        path.write_text(TABLE, encoding="utf-8")
        answer = lienthong(*import_(lienthong, path, *more, *dry))
        assert answer.status == 1
        assert said in answer.sentence
        assert (sources / "co-roi.yaml").read_text(encoding="utf-8") == "của người khác"
        assert len(list(sources.iterdir())) == 1
        assert not Run.objects.exists()

    def test_columns_of_what_is_no_table(self, lienthong: Command, sources: Path, tmp_path: Path) -> None:
        path = tmp_path / "a.mrc"
        path.write_bytes(marc21.to_iso2709(book("1", "Dế Mèn")))
        for more in (["--columns", "A=title"], ["--sheet", "Sách"]):
            assert "no table" in lienthong(*import_(lienthong, path, *more)).sentence

    def test_the_name_of_another_librarys_source(self, lienthong: Command, sources: Path, tmp_path: Path) -> None:
        path = tmp_path / "a.csv"
        path.write_text(TABLE, encoding="utf-8")
        lienthong(*import_(lienthong, path))
        answer = lienthong(
            "import", path, "--library", "VN-B", "--name", "B", "--format", "csv", "--save-source", "VN-A-csv"
        )
        assert "VN-A" in answer.sentence
        assert list(sources.iterdir()) == []


class TestSaysWhatTheImportDoes:
    def damaged(self, path: Path, encoding: str) -> None:
        """A file whose text is what a font of an old encoding shows, as Unicode."""
        shown = [encodings.encode(title, encoding).decode("cp1252") for title in TITLES]
        fields = [(("001", str(at)), data_field("245", "00", [("a", title)])) for at, title in enumerate(shown)]
        records = [Content("00000nam a2200000   4500", each) for each in fields]
        path.write_bytes(b"".join(map(marc21.to_iso2709, records)))

    @pytest.mark.parametrize(("encoding", "rule"), [("tcvn3", "TCVN3"), ("vni", "VNI")])
    def test_damaged_titles_are_shown_as_they_would_be_mended(
        self, lienthong: Command, tmp_path: Path, encoding: str, rule: str
    ) -> None:
        path = tmp_path / "a.mrc"
        self.damaged(path, encoding)
        shown = lienthong(*import_(lienthong, path, "--dry-run", "--json")).json
        assert f"text of {rule}" in lienthong(*import_(lienthong, path, "--dry-run")).out
        lienthong(*import_(lienthong, path))
        titles = [
            Description.load(text).title
            for text in Bib.objects.order_by("record").values_list("description", flat=True)
        ]
        assert [title.lower() for title in titles] == [title.lower() for title in TITLES]
        assert [one["isbd"] for one in shown["records"]] == titles[:3]
        repaired = sum(bool(repairs) for repairs in Bib.objects.values_list("repairs", flat=True))
        assert max(group["count"] for group in shown["repairs"].values()) >= repaired > 0
        assert shown["counts"]["new"] == len(titles)

    def test_of_a_number_that_comes_twice_the_last_is_taken(self, lienthong: Command, tmp_path: Path) -> None:
        path = tmp_path / "a.mrc"
        both = [book("1", "Dế Mèn"), book("2", "Tắt đèn"), book("1", "Dế Mèn phiêu lưu ký")]
        path.write_bytes(b"".join(map(marc21.to_iso2709, both)))
        shown = lienthong(*import_(lienthong, path, "--dry-run", "--json")).json
        lienthong(*import_(lienthong, path))
        titles = {Description.load(text).title for text in Bib.objects.values_list("description", flat=True)}
        assert {one["isbd"].split(" / ")[0] for one in shown["records"]} == titles == {"Dế Mèn phiêu lưu ký", "Tắt đèn"}
        assert (shown["counts"]["new"], shown["counts"]["twice"]) == (2, 1)

    @pytest.mark.parametrize("count", [0, 1, SAMPLED - 1, SAMPLED, SAMPLED + 1, 4001, 9999])
    def test_the_sample_is_that_of_the_import(self, count: int) -> None:
        bodies = [str(at).encode() for at in range(count)]
        sample = Sample()
        for body in bodies:
            sample.add(body)
        assert sample.bodies == bodies[:: stride(count)]
        assert len(sample.bodies) <= SAMPLED

    def test_every_rule_has_its_words(self) -> None:
        named = {rule.partition("@")[0] for rule in (*rule_names(), *readings.RULES.values())}
        assert named <= RULES.keys()
