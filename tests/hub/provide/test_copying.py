"""Copy cataloging: one book or a list, by ISBN, damaged or not, or title."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from hub.provide.copying import MOST, copy_list, copy_one, lines_of_file
from schemas.format import Reading, find_format
from schemas.problem import Trouble
from tests.hub.provide.network import ISBN, arrive, source
from tests.hub.provide.test_pages import page
from tests.hub.stages.books import book, raw

pytestmark = pytest.mark.usefixtures("network")


class TestOne:
    @pytest.mark.parametrize(
        "text", [ISBN, "978-604-299-001-1", f"ISBN {ISBN} (bìa mềm)", "6042990012", " 6-04-299001-2 "]
    )
    def test_by_isbn(self, text: str) -> None:
        found = copy_one(text)
        assert (found.number, found.by) == (1, "isbn")

    @pytest.mark.parametrize("text", ["978604299001", "9786042990O12", "9786024990011", "97860429900111", "604299001"])
    def test_by_a_damaged_isbn(self, text: str) -> None:
        assert (copy_one(text).number, copy_one(text).by) == (1, "mended")

    def test_a_damaged_isbn_that_two_books_may_have_had_finds_none(self) -> None:
        two = [book("I1", "Hai lúa", isbn="9786042990028"), book("I2", "Ba khía", isbn="9786042990103")]
        arrive(source("thanh-pho", "HP-TP", "Thư viện thành phố"), [raw(one) for one in two])
        assert copy_one("9786042990101").number == 0, "a slip away from two of them"
        assert copy_one("978604299010").by == "mended"

    @pytest.mark.parametrize("text", ["Dế Mèn phiêu lưu ký", "de men phieu luu ky", "Dế mèn phiêu lưu kí"])
    def test_by_title(self, text: str) -> None:
        assert (copy_one(text).number, copy_one(text).by) == (1, "title")

    @pytest.mark.parametrize(
        "text", ["", "Dế", "mèn phiêu", "9786040000002", "\ud800", "\x00", '"', "isbn:", "-", "A" * 5000]
    )
    def test_what_is_not_there(self, text: str) -> None:
        assert copy_one(text).number == 0


class TestPages:
    def test_one_book(self) -> None:
        html = page("/sao-chep?q=978604299001")
        assert "Dế Mèn phiêu lưu ký" in html
        assert "không phải ISBN đúng" in html
        assert "Không tìm thấy gì cho" in page("/sao-chep?q=9786040000002")

    @pytest.mark.parametrize("form", ["marc21", "marcxml", "mrk"])
    def test_its_file(self, form: str) -> None:
        data = Client().get("/sao-chep/tep", {"q": ISBN, "format": form}).content
        read = find_format(form)
        (record,) = [read.parse(one.body, Reading()) for one in read.split(io.BytesIO(data), Reading())]
        assert record.first("245", "a").startswith("Dế Mèn")
        assert record.contents("852") == []

    def test_with_who_has_it(self) -> None:
        data = Client().get("/sao-chep/tep", {"q": ISBN, "format": "mrk", "local": "yes"}).content.decode()
        assert "=852  \\\\$aHP-TP$bKho mượn$z3 bản" in data

    def test_local_fields_are_ones_own(self, as_role: Callable[..., Any]) -> None:
        from schemas.record import data_field

        mine = book("L1", "Sách địa chí", isbn="9786042990059")
        mine = type(mine)(mine.leader, (*mine.fields, data_field("941", "  ", [("a", "ĐC 1")])))
        arrive(source("thanh-pho", "HP-TP", "Thư viện thành phố"), [raw(mine)])
        ask = {"q": "9786042990059", "format": "mrk", "local": "yes"}
        assert "=941" not in Client().get("/sao-chep/tep", ask).content.decode()
        assert "=941" not in as_role("partner_librarian", "HP-LL").get("/sao-chep/tep", ask).content.decode()
        assert "=941" in as_role("partner_librarian", "HP-TP").get("/sao-chep/tep", ask).content.decode()

    @pytest.mark.parametrize(
        "query",
        [
            "",
            "q=",
            f"q={ISBN}&format=exe",
            f"q={ISBN}&encoding=utf-7",
            f"q={ISBN}&format=marcxml&encoding=vni",
            "q=%00",
            "q=%ED%A0%80",
        ],
    )
    def test_bad_input_is_answered_in_words(self, query: str) -> None:
        response = Client().get(f"/sao-chep/tep?{query}")
        assert response.status_code in (400, 404)
        assert "<h1>" in response.content.decode()


class TestLists:
    def unpacked(self, response: Any) -> dict[str, bytes]:
        assert response.status_code == 200, response.content.decode()
        with zipfile.ZipFile(io.BytesIO(response.content)) as archive:
            return {name: archive.read(name) for name in archive.namelist()}

    def test_typed(self) -> None:
        lines = f"{ISBN}\n\n978604299001\nTruyện cổ tích Việt Nam\n=9786040000002\n{ISBN}"
        files = self.unpacked(Client().post("/sao-chep", {"list": lines, "format": "marc21"}))
        assert files["lienthong.mrc"].count(b"\x1d") == 2
        missing = list(csv.reader(io.StringIO(files["khong-tim-thay.csv"].decode("utf-8-sig"))))
        assert missing == [["asked for"], ["'=9786040000002"]]
        outcome = list(csv.reader(io.StringIO(files["ket-qua.csv"].decode("utf-8-sig"))))
        assert [row[1] for row in outcome[1:]] == ["isbn", "mended", "title", "not found", "isbn"]

    def test_a_spreadsheet(self) -> None:
        made = openpyxl.Workbook()
        made.active.append(["STT", "ISBN", "Nhan đề"])
        made.active.append([1, int(ISBN), "x"])
        made.active.append([2, None, "Đất rừng phương Nam"])
        stream = io.BytesIO()
        made.save(stream)
        file = SimpleUploadedFile("sách.xlsx", stream.getvalue())
        files = self.unpacked(Client().post("/sao-chep", {"file": file, "format": "marcxml"}))
        assert files["lienthong.xml"].count(b"<record") == 2

    def test_a_csv_in_an_old_encoding(self) -> None:
        data = "ISBN;Nhan đề\n978-604-299-001-1;Dế Mèn\n".encode("cp1258", "ignore")
        assert [one.number for one in copy_list(lines_of_file("a.csv", data))][-1] == 1

    @pytest.mark.parametrize(
        ("data", "code"),
        [
            (b"", "copy_none"),
            (b"PK\x03\x04 broken", "copy_unreadable"),
            (b"\xd0\xcf\x11\xe0 broken", "copy_unreadable"),
            (b"1\n" * (MOST + 1), "copy_many"),
            (b"1" * (3 * 2**20), "copy_large"),
        ],
    )
    def test_files_that_are_refused(self, data: bytes, code: str) -> None:
        with pytest.raises(Trouble) as caught:
            lines_of_file("x", data)
        assert caught.value.problem.code == code

    def test_refusals_are_said_on_the_page(self) -> None:
        for given in ({}, {"list": " \n "}, {"list": "x\n" * 1500}, {"list": "x", "format": "exe"}):
            response = Client().post("/sao-chep", given)
            assert response.status_code == 400
            assert 'role="alert"' in response.content.decode()


def test_the_command(tmp_path: Path) -> None:
    from click.testing import CliRunner

    from flows.cli import cli

    target = tmp_path / "a.mrk"
    result = CliRunner().invoke(
        cli, ["copy", ISBN, "9786040000002", "--format", "mrk", "-o", str(target)], standalone_mode=False
    )
    assert result.return_value == 1, result.output
    assert "Dế Mèn" in target.read_text()
