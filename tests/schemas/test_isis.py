"""CDS/ISIS exports: however they end their fields, break their lines, repeat and encode, nothing is lost."""

from __future__ import annotations

import io
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.encodings import encode
from schemas.format import Reading
from schemas.isis import FORMAT, parse, read_table, split, without
from schemas.problem import Trouble
from schemas.record import Record

TABLE = {"1": "001", "24": "245$a", "24^b": "245$b", "26^c": "260$c", "26^a": "260$a", "26^b": "260$b", "70": "100$a"}
Fields = Sequence[tuple[int, str]]


def export(fields: Fields, *, end: bytes = b"#", last: bytes = b"#", encoding: str = "utf-8") -> bytes:
    """A record as CDS/ISIS writes it."""
    directory, data = b"", b""
    for tag, text in fields:
        content = encode(text, encoding) + end
        directory += b"%03d%04d%05d" % (tag, len(content), len(data))
        data += content
    base = 24 + len(directory) + 1
    return b"%05d0000000%05d0004500" % (base + len(data) + 1, base) + directory + end + data + last


def wrapped(body: bytes, line_end: bytes) -> bytes:
    return b"".join(body[start : start + 80] + line_end for start in range(0, len(body), 80))


def read(data: bytes, reading: Reading) -> list[Record]:
    return [parse(raw.body, reading) for raw in split(io.BytesIO(data), reading)]


PLAIN = st.text("abcđêộ ,.", min_size=1, max_size=120).map(lambda text: f"a{text}b")


@given(st.lists(PLAIN, min_size=1, max_size=4), st.sampled_from([b"", b"\n", b"\r\n"]), st.booleans())
def test_every_record_is_found_however_it_is_written(titles: list[str], line_end: bytes, plain: bool) -> None:
    end, last = (b"\x1e", b"\x1d") if plain else (b"#", b"#")
    data = b""
    for number, title in enumerate(titles):
        body = export([(1, f"N{number}"), (24, title), (70, "Lê An")], end=end, last=last)
        data += wrapped(body, line_end) if line_end else body
    raws = list(split(io.BytesIO(data), Reading(field_table=TABLE)))
    assert b"".join(raw.body for raw in raws).replace(line_end or b"\0", b"") == data.replace(line_end or b"\0", b"")
    assert [raw.identifier for raw in raws] == [f"N{number}" for number in range(len(titles))]
    records = read(data, Reading(encoding="utf-8", field_table=TABLE))
    assert [record.first("245", "a") for record in records] == [" ".join(title.split()) for title in titles]


@pytest.mark.parametrize("encoding", ["tcvn3", "vni", "viscii"])
def test_legacy_encodings_are_told_or_given(encoding: str) -> None:
    data = export([(1, "1"), (24, "^aTruyện cổ miền biển^bnhững chuyện kể ở đảo")], encoding=encoding)
    for said in ("auto", encoding):
        (record,) = read(data, Reading(encoding=said, field_table=TABLE))
        assert record.values("245", "ab") == ["Truyện cổ miền biển", "những chuyện kể ở đảo"]


def test_an_encoding_that_cannot_be_told_asks_for_it() -> None:
    with pytest.raises(Trouble, match=r"[Ee]ncoding"):
        read(export([(24, "\xe9")], encoding="latin-1"), Reading(field_table=TABLE))


def test_the_order_of_the_table_is_the_order_of_subfields() -> None:
    (record,) = read(export([(24, "Một"), (26, "^c1990^bNxb^aH.")]), Reading(field_table=TABLE))
    assert record.contents("260") == ["  \x1fc1990\x1faH.\x1fbNxb"]


def test_fields_of_one_thing_come_together_and_occurrences_stay_apart() -> None:
    table = {"24": "245$a", "60": "650 #7$a", "61": "650$x", "90": "852$b", "91": "852$p"}
    fields = [(24, "Một"), (60, "Biển%Đảo"), (61, "Việt Nam"), (90, "Kho A"), (91, "1"), (91, "2")]
    (record,) = read(export(fields), Reading(field_table=table))
    assert record.contents("650") == [" 7\x1faBiển\x1fxViệt Nam", " 7\x1faĐảo"]
    assert record.contents("852") == ["  \x1fbKho A\x1fp1\x1fp2"]


def test_without_a_table_the_tags_must_be_those_of_marc() -> None:
    with pytest.raises(Trouble, match=r"has the fields 24, 70"):
        read(export([(24, "Một"), (70, "An")]), Reading())
    with pytest.raises(Trouble, match="no title"):
        read(export([(26, "^aH.")]), Reading(field_table=TABLE))


def test_lengths_that_are_wrong_cost_nothing_when_the_fields_are_whole() -> None:
    good = export([(1, "1"), (24, "Nhan đề")], end=b"\x1e", last=b"\x1d")
    recoded = good.replace("Nhan đề".encode(), "Nhan đề đã chuyển mã".encode())
    raws = list(split(io.BytesIO(recoded + good), Reading(field_table=TABLE)))
    assert [parse(raw.body, Reading(field_table=TABLE)).first("245", "a") for raw in raws] == [
        "Nhan đề đã chuyển mã",
        "Nhan đề",
    ]


def test_what_is_no_export_is_refused_or_rejected() -> None:
    with pytest.raises(Trouble, match="not MARC 21"):
        list(split(io.BytesIO(b"<xml/>"), Reading()))
    good = export([(24, "Một")])
    raws = list(split(io.BytesIO(b"00900broken##\r\n" + good), Reading(field_table=TABLE)))
    assert len(raws) == 2
    with pytest.raises(Trouble):
        parse(raws[0].body, Reading(field_table=TABLE))
    assert parse(raws[1].body, Reading(field_table=TABLE)).first("245", "a") == "Một"


@given(st.binary(max_size=400))
def test_no_bytes_do_more_than_be_rejected(data: bytes) -> None:
    try:
        for raw in split(io.BytesIO(b"00000" + data), Reading(field_table=TABLE)):
            FORMAT.parse(raw.body, Reading(field_table=TABLE))
    except Trouble:
        pass


@pytest.mark.parametrize(("source", "target"), [("24", "245"), ("x", "245$a"), ("24", "001$a"), ("24^ab", "245$a")])
def test_a_wrong_line_of_a_table_is_named(source: str, target: str) -> None:
    with pytest.raises(Trouble, match="field table has a wrong line"):
        read_table({source: target})


@pytest.mark.parametrize(("end", "last"), [(b"#", b"#"), (b"\x1e", b"\x1d")])
@pytest.mark.parametrize("line_end", [b"", b"\r\n"])
def test_fields_of_staff_are_taken_out_and_the_rest_stays(end: bytes, last: bytes, line_end: bytes) -> None:
    fields = [(1, "7"), (24, "Dế Mèn # 1^bphiêu lưu ký"), (90, "Nguyễn Thị Mật"), (91, "^aKho^xMật^bA1")]
    body = export(fields, end=end, last=last)
    made, taken = without(wrapped(body, line_end) if line_end else body, ("090", "091$x", "912"))
    assert taken == ["090", "091$x"]
    assert made == export([*fields[:2], (91, "^aKho^bA1")], end=end, last=last)
    assert without(made, ("090", "091$x")) == (made, [])


def test_a_record_that_cannot_be_cut_keeps_no_text_when_it_has_such_a_field() -> None:
    body = export([(24, "Dế Mèn"), (90, "Nguyễn Thị Mật")]).replace(b"#Nguy", b"Nguy#", 1)[:-30]
    made, taken = without(body, ("090",))
    assert taken == ["090"]
    assert b"Nguy" not in made
    assert without(body, ("091",)) == (body, [])
