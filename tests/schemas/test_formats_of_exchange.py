"""oai_dc, ONIX, UNIMARC, MARC-in-JSON and MARCMaker: both directions where there are two, and the real files."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas import marcjson, mrk, oai_dc, onix, unimarc
from schemas.format import Format, Reading, find_format
from schemas.marc21 import to_iso2709
from schemas.problem import Trouble
from schemas.record import Record, data_field
from schemas.xml import parse_document

TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=12)
SUBFIELDS = st.lists(st.tuples(st.sampled_from("abcz9"), TEXT), min_size=1, max_size=4)
FIELDS = st.tuples(st.sampled_from(["020", "245", "650", "852"]), st.sampled_from(["  ", "10", " 4"]), SUBFIELDS)
RECORDS = st.builds(
    lambda number, fields: Record(
        "00000nam a2200000   4500", (("001", number), *(data_field(tag, ind, parts) for tag, ind, parts in fields))
    ),
    st.text("abc123", min_size=1, max_size=9),
    st.lists(FIELDS, min_size=1, max_size=4),
)
BOOK = Record(
    "00000nam a2200000   4500",
    (
        ("001", "1"),
        ("008", "||||||s2015    vm     j      000 ||vie d"),
        data_field("020", "  ", [("a", "9786041243958")]),
        data_field("100", "1 ", [("a", "Rowling, J. K."), ("e", "tác giả")]),
        data_field(
            "245", "10", [("a", "Harry Potter :"), ("n", "Tập 2"), ("b", "tiểu thuyết /"), ("c", "J. K. Rowling")]
        ),
        data_field("260", "  ", [("a", "H. :"), ("b", "Trẻ,"), ("c", "c2015")]),
        data_field("650", " 4", [("a", "Văn học"), ("z", "Anh")]),
        data_field("700", "1 ", [("a", "Lý Lan"), ("e", "dịch")]),
        data_field("856", "40", [("u", "https://example.org/?a=1&b=2")]),
    ),
)


def written(kind: Format, records: list[Record]) -> bytes:
    stream = io.BytesIO()
    assert kind.write is not None
    assert kind.write(records, stream) == []
    return stream.getvalue()


def read(kind: Format, data: bytes) -> list[Record]:
    return [kind.parse(raw.body, Reading()) for raw in kind.split(io.BytesIO(data), Reading())]


@pytest.mark.parametrize("kind", [marcjson.FORMAT, mrk.FORMAT], ids=lambda kind: kind.name)
@given(records=st.lists(RECORDS, max_size=3))
@settings(max_examples=60, deadline=None)
def test_what_is_written_is_read_back(kind: Format, records: list[Record]) -> None:
    if kind is mrk.FORMAT:  # a line of text keeps neither mnemonics of its own nor line breaks
        records = [record for record in records if not set(record.pack()) & set("\\\u2028\u2029\x85")]
    assert read(kind, written(kind, records)) == records


def test_dublin_core_out() -> None:
    element = parse_document(oai_dc.to_oai_dc(BOOK).encode())
    found = [(child.tag.rpartition("}")[2], child.text) for child in element]
    assert found == [
        ("creator", "Rowling, J. K."),
        ("title", "Harry Potter. Tập 2 : tiểu thuyết"),
        ("subject", "Văn học -- Anh"),
        ("contributor", "Lý Lan (dịch)"),
        ("publisher", "Trẻ"),
        ("date", "2015"),
        ("language", "vie"),
        ("type", "Text"),
        ("identifier", "urn:ISBN:9786041243958"),
        ("identifier", "https://example.org/?a=1&b=2"),
    ]


def test_dublin_core_there_and_back_keeps_what_it_can_say() -> None:
    (record,) = read(oai_dc.FORMAT, written(oai_dc.FORMAT, [BOOK]))
    assert record.first("245", "a") == "Harry Potter"
    assert record.first("245", "n") == "Tập 2"
    assert record.first("700", "e") == "dịch"
    assert record.first("020", "a") == "9786041243958"
    assert record.control("008")[7:11] == "2015"


def test_dublin_core_without_a_title_is_a_trouble() -> None:
    body = b'<dc xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:creator>A</dc:creator></dc>'
    with pytest.raises(Trouble) as trouble:
        oai_dc.parse(body, Reading())
    assert trouble.value.problem.code == "dc_no_title"


def test_onix_without_a_title_is_a_trouble() -> None:
    with pytest.raises(Trouble) as trouble:
        onix.parse(b"<Product><RecordReference>1</RecordReference></Product>", Reading())
    assert trouble.value.problem.code == "onix_no_title"


@pytest.mark.parametrize(
    ("unit", "value", "code"), [("17", "3", "a"), ("17", "12", "c"), ("16", "30", "a"), ("18", "16", "d")]
)
def test_onix_ages_decide_the_audience(unit: str, value: str, code: str) -> None:
    body = f"""<Product><DescriptiveDetail><TitleDetail><TitleType>01</TitleType><TitleElement>
    <TitleElementLevel>01</TitleElementLevel><TitleText>T</TitleText></TitleElement></TitleDetail><AudienceRange>
    <AudienceRangeQualifier>{unit}</AudienceRangeQualifier><AudienceRangePrecision>03</AudienceRangePrecision>
    <AudienceRangeValue>{value}</AudienceRangeValue></AudienceRange></DescriptiveDetail></Product>"""
    assert onix.parse(body.encode(), Reading()).control("008")[22] == code


def test_unimarc_in_iso_2709_is_cut_and_read() -> None:
    fields = (("001", "U1"), data_field("200", "1 ", [("a", "Titre"), ("f", "Auteur")]))
    data = to_iso2709(Record("00000nam0 2200000   450 ", fields)) * 2
    assert [record.first("245", "c") for record in read(unimarc.FORMAT, data)] == ["Auteur", "Auteur"]


def test_marc21_sent_as_unimarc_is_not_misread() -> None:
    with pytest.raises(Trouble) as trouble:
        unimarc.parse(to_iso2709(BOOK), Reading())
    assert trouble.value.problem.code == "unimarc_is_marc21"


def test_json_in_all_three_arrangements() -> None:
    lines = written(marcjson.FORMAT, [BOOK, BOOK])
    one = lines.splitlines()[0]
    for data, count in ((one, 1), (lines, 2), (b"[" + one + b",\n" + one + b"]", 2), (b"", 0)):
        assert read(marcjson.FORMAT, data) == [BOOK] * count


@pytest.mark.parametrize(
    ("folder", "pattern", "name", "read_count", "rejected"),
    [
        ("onix", "**/*.xml", "onix", 43, 0),
        ("unimarc/abes_qualimarc", "*.xml", "unimarc", 15, 0),
        ("unimarc", "periouni_0001-1000.mrc", "unimarc", 1000, 0),
        ("unimarc/qa_catalogue", "*.bnr.*.mrc", "unimarc", 21, 0),
        ("oai/idzebra", "*.xml", "oai_dc", 102, 0),
        ("oai/traject", "*.xml", "oai_dc", 22, 0),
        ("marc21", "**/*.json", "marcjson", 109, 2),
        ("marc21", "**/*.ndj", "marcjson", 9, 0),
        ("marc21", "**/*.mrk", "mrk", 10, 0),
    ],
)
def test_real_files(shared: Path, folder: str, pattern: str, name: str, read_count: int, rejected: int) -> None:
    kind = find_format(name)
    found = [0, 0]
    for file in sorted((shared / "data" / folder).glob(pattern)):
        with file.open("rb") as stream:
            for raw in kind.split(stream, Reading()):
                try:
                    found[raw.problem is not None] += 1
                    if raw.problem is None:
                        assert kind.parse(raw.body, Reading()).fields
                except Trouble:
                    found[0] -= 1
                    found[1] += 1
    assert found == [read_count, rejected]
