"""MODS and qualified Dublin Core: both directions, the schema, and the real files."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from schemas import mods, qdc
from schemas.format import Format, Reading
from schemas.problem import Trouble
from schemas.record import Record, data_field

GOLDEN = Path(__file__).parent.parent / "golden"
FIELDS = (
    ("001", "b1"),
    ("003", "VN-HP"),
    ("005", "20240506070809.0"),
    ("008", "240506s2019    vm     jr     000 ||vie d"),
    data_field("020", "  ", [("a", "9786042990011"), ("q", "bìa mềm")]),
    data_field("024", "7 ", [("a", "10.1234/5"), ("2", "doi")]),
    data_field("040", "  ", [("a", "Thư viện mẫu"), ("b", "vie")]),
    data_field("041", "1 ", [("a", "vie"), ("h", "fre")]),
    data_field("082", "04", [("a", "843.912"), ("2", "23")]),
    data_field("100", "1 ", [("a", "Saint-Exupéry, Antoine de"), ("d", "1900-1944"), ("e", "tác giả"), ("4", "aut")]),
    data_field("240", "10", [("a", "Petit prince")]),
    data_field("245", "14", [("a", "The little prince"), ("b", "hoàng tử bé"), ("c", "Saint-Exupéry")]),
    data_field("250", "  ", [("a", "Tái bản lần 2")]),
    data_field("260", "  ", [("a", "H."), ("b", "Kim Đồng"), ("c", "2019")]),
    data_field("300", "  ", [("a", "106 tr."), ("b", "tranh màu"), ("c", "21 cm")]),
    data_field("490", "0 ", [("a", "Văn học nước ngoài"), ("v", "3")]),
    data_field("500", "  ", [("a", "In theo bản 1943")]),
    data_field("505", "0 ", [("a", "Sa mạc -- Hành tinh B612")]),
    data_field("520", "  ", [("a", "Cuộc gặp giữa sa mạc")]),
    data_field("521", "  ", [("a", "Từ 9 tuổi")]),
    data_field("600", "14", [("a", "Saint-Exupéry, Antoine de"), ("d", "1900-1944"), ("x", "Tác phẩm")]),
    data_field("650", " 7", [("a", "Văn học Pháp"), ("y", "Thế kỷ 20"), ("v", "Truyện"), ("2", "btkvn")]),
    data_field("651", " 4", [("a", "Pháp")]),
    data_field("655", " 7", [("a", "novel"), ("2", "marcgt")]),
    data_field("700", "0 ", [("a", "Nguyễn Thành Long"), ("e", "dịch"), ("4", "trl")]),
    data_field("710", "2 ", [("a", "Nhà xuất bản Kim Đồng"), ("b", "Ban Văn học")]),
    data_field("773", "0 ", [("t", "Tuyển tập"), ("g", "T. 2, tr. 5-90"), ("x", "1859-0001")]),
    data_field("852", "  ", [("a", "VN-HP"), ("b", "Kho mượn"), ("h", "843 S000"), ("p", "M.1"), ("p", "M.2")]),
    data_field("856", "40", [("3", "Bìa"), ("u", "https://sach.example/1/")]),
)
BOOK = Record("00000nam a2200000   4500", FIELDS)


def read(kind: Format, data: bytes) -> list[Record]:
    return [kind.parse(raw.body, Reading()) for raw in kind.split(io.BytesIO(data), Reading())]


def written(kind: Format, *records: Record) -> bytes:
    stream = io.BytesIO()
    assert kind.write is not None
    assert kind.write(records, stream) == []
    return stream.getvalue()


def test_what_mods_has_a_place_for_comes_back_unchanged() -> None:
    (record,) = read(mods.FORMAT, written(mods.FORMAT, BOOK))
    assert record == BOOK


def test_isbd_marks_are_no_part_of_mods() -> None:
    fields = (("001", "1"), data_field("245", "00", [("a", "Biển :"), ("b", "truyện /"), ("c", "An.")]))
    isbd = Record("00000nam a2200000   4500", fields)
    data = written(mods.FORMAT, isbd).decode()
    assert all(part in data for part in ("<title>Biển</title>", "<subTitle>truyện</subTitle>", 'version="3.7"'))


def test_mods_without_a_record_or_a_title_says_so() -> None:
    with pytest.raises(Trouble, match="no MODS record"):
        mods.parse(b"<record/>", Reading())
    with pytest.raises(Trouble, match="no title"):
        mods.parse(b'<mods xmlns="http://www.loc.gov/mods/v3"><note>x</note></mods>', Reading())


def test_characters_that_xml_forbids_do_not_break_the_file() -> None:
    odd = Record(BOOK.leader, (("001", "1\x0b"), data_field("245", "00", [("a", "Bi\x00ển \ufffe")])))
    for kind in (mods.FORMAT, qdc.FORMAT):
        (record,) = read(kind, written(kind, odd))
        assert record.first("245", "a") == "Biển"


def mods_schema(shared: Path) -> etree.XMLSchema:
    folder = shared / "data" / "schemas"

    class Local(etree.Resolver):
        def resolve(self, url: str, public: str, context: Any) -> Any:
            return self.resolve_filename(str(folder / url.rpartition("/")[2]), context)  # type: ignore[attr-defined]

    parser = etree.XMLParser(no_network=True)
    parser.resolvers.add(Local())
    return etree.XMLSchema(etree.parse(str(folder / "mods.xsd"), parser))


def mods_files(shared: Path) -> list[Path]:
    data = shared / "data"
    return [*sorted((data / "mods_mets" / "mods").glob("*.xml")), data / "oai" / "catmandu_sru" / "mods.xml"]


def test_the_real_files_are_read_and_come_back_the_same(shared: Path) -> None:
    records = [record for file in mods_files(shared) for record in read(mods.FORMAT, file.read_bytes())]
    assert len(records) == 41
    schema = mods_schema(shared)
    for record in records:
        data = written(mods.FORMAT, record)
        assert read(mods.FORMAT, data) == [record]
        assert schema.validate(etree.fromstring(data.replace(b'version="3.7"', b'version="3.4"'))), schema.error_log


def test_what_is_written_is_valid_mods(shared: Path) -> None:
    schema = mods_schema(shared)  # of MODS 3.4: itemIdentifier is of 3.5
    tree = etree.fromstring(written(mods.FORMAT, BOOK).replace(b'version="3.7"', b'version="3.4"'))
    for item in list(tree.iter("{*}itemIdentifier")):
        item.getparent().remove(item)  # type: ignore[union-attr]
    assert schema.validate(tree), schema.error_log


def test_qualified_dublin_core_keeps_what_simple_dublin_core_loses() -> None:
    (record,) = read(qdc.FORMAT, written(qdc.FORMAT, BOOK))
    kept = {tag: record.contents(tag) for tag in ("505", "521", "651")}
    assert kept == {tag: BOOK.contents(tag) for tag in kept}
    assert BOOK.first("520", "a") in record.values("520", "a")
    assert record.first("245", "a") == "The little prince"
    assert record.first("245", "b") == "hoàng tử bé"
    assert record.values("020", "a") == ["9786042990011"]
    assert record.values("773", "t") == ["Văn học nước ngoài 3", "Tuyển tập T. 2, tr. 5-90"]
    assert record.values("100", "a") == ["Saint-Exupéry, Antoine de 1900-1944"]
    assert record.values("710", "a") == ["Nhà xuất bản Kim Đồng Ban Văn học"]
    assert record.values("700", "e") == ["dịch"]
    assert (record.first("260", "a"), record.first("260", "b")) == ("H.", "Kim Đồng")
    assert record.control("008")[7:11] == "2019"
    assert record.values("856", "u") == ["https://sach.example/1/"]


def test_qualified_dublin_core_is_stable_once_it_has_been_read() -> None:
    for file in sorted((GOLDEN / "qdc").glob("*.xml")):
        for raw in qdc.split(io.BytesIO(file.read_bytes()), Reading()):
            try:
                once = qdc.parse(raw.body, Reading())
            except Trouble:
                continue
            (twice,) = read(qdc.FORMAT, written(qdc.FORMAT, once))
            (thrice,) = read(qdc.FORMAT, written(qdc.FORMAT, twice))
            assert thrice == twice
