"""Fields taken out of raw records: nothing of them is left, and nothing else is touched."""

from __future__ import annotations

import io
from random import Random

import pytest

from schemas.format import Reading, find_format
from schemas.marc21 import to_iso2709
from schemas.record import Record, data_field
from schemas.taken_out import from_iso2709, from_marcjson, from_marcxml, from_mrk
from tests.fuzz.damage import damaged

NAMES = ("912", "952$x", "945")
STAFF = "Nguyễn Thị Bí Mật"
RECORD = Record(
    "00000nam a2200000   4500",
    (
        ("001", "x912"),
        data_field("245", "10", [("a", "Dế Mèn"), ("x", "giữ lại")]),
        data_field("912", "  ", [("a", STAFF)]),
        data_field("952", "  ", [("b", "Kho"), ("x", STAFF), ("p", "A1")]),
        data_field("952", "  ", [("x", STAFF)]),
        data_field("999", "  ", [("a", "912")]),
    ),
)
EXPECTED = Record(
    RECORD.leader,
    (
        *RECORD.fields[:2],
        data_field("952", "  ", [("b", "Kho"), ("p", "A1")]),
        RECORD.fields[5],
    ),
)


def written(form: str, record: Record) -> bytes:
    stream = io.BytesIO()
    write = find_format(form).write
    assert write is not None
    assert write([record], stream) == []
    stream.seek(0)
    (raw,) = find_format(form).split(stream, Reading())
    return raw.body


@pytest.mark.parametrize("form", ["marc21", "marcxml", "marcjson", "mrk"])
def test_whole_fields_and_subfields_go_and_the_rest_stays(form: str) -> None:
    kind = find_format(form)
    assert kind.without is not None
    body = written(form, RECORD)
    made, taken = kind.without(body, NAMES)
    assert sorted(taken) == ["912", "952$x", "952$x"]
    assert STAFF.encode() not in made
    assert "Bí Mật" not in made.decode()
    assert kind.parse(made, Reading()).fields == EXPECTED.fields
    assert kind.without(made, NAMES) == (made, [])


@pytest.mark.parametrize("form", ["marc21", "marcxml", "marcjson", "mrk", "unimarc"])
def test_a_record_without_them_keeps_its_bytes(form: str) -> None:
    body = written("marc21" if form == "unimarc" else form, EXPECTED)
    without = find_format(form).without
    assert without is not None
    assert without(body, NAMES)[0] is body


def test_the_bytes_of_other_fields_stay_in_any_encoding() -> None:
    staff = STAFF.encode("utf-16-le").replace(b"\x1e", b"").replace(b"\x1f", b"").replace(b"\x1d", b"")
    fields = [(b"001", b"7\x1e"), (b"245", b"10\x1faD\xd5 M\xcen\x1e"), (b"912", b"  \x1fa" + staff + b"\x1e")]
    directory, data = b"", b""
    for tag, content in fields:
        directory += b"%s%04d%05d" % (tag, len(content), len(data))
        data += content
    base = 24 + len(directory) + 1
    body = b"%05dnam  22%05d   4500" % (base + len(data) + 1, base) + directory + b"\x1e" + data + b"\x1d"
    made, taken = from_iso2709(body, NAMES)
    assert taken == ["912"]
    assert staff not in made
    assert b"10\x1faD\xd5 M\xcen\x1e" in made
    assert int(made[:5]) == len(made)


def test_a_damaged_record_is_blanked_as_far_as_its_fields_can_be_told() -> None:
    body = to_iso2709(RECORD)
    wrong = body[:12] + b"00077" + body[17:]
    made, taken = from_iso2709(wrong, NAMES)
    assert "912" in taken
    assert STAFF.encode() not in made
    assert len(made) == len(wrong)


def test_damage_never_stops_it() -> None:
    samples = {form: written(form, RECORD) for form in ("marc21", "marcxml", "marcjson", "mrk")}
    for seed in range(400):
        for form, body in samples.items():
            without = find_format(form).without
            assert without is not None
            made, taken = without(damaged(body, Random(seed)), NAMES)
            assert made or taken


def test_a_record_whose_fields_cannot_be_told_apart_loses_all_its_text() -> None:
    body = to_iso2709(RECORD).replace(b"\x1e10\x1f", b"10\x1f", 1)
    made, taken = from_iso2709(body, NAMES)
    assert {"912", "952"} <= set(taken)
    assert "Mật".encode() not in made
    assert len(made) == len(body)


FIELD_912 = f'<datafield tag="912" ind1=" " ind2=" "><subfield code="a">{STAFF}</subfield></datafield>'


@pytest.mark.parametrize(
    "document",
    [
        f'<record><datafield tag="245" ind1=" " ind2=" "/>{FIELD_912}</record>',
        f"<record>{FIELD_912.replace('>' + STAFF, f'><![CDATA[</datafield>{STAFF}]]>')}</record>",
        f"<record>{FIELD_912.replace('<', '<marc:').replace('<marc:/', '</marc:')}</record>",
        f"<record>{FIELD_912.replace(chr(34), chr(39))}</record>",
        f"<record>{FIELD_912.replace(' ind1=', chr(10) + 'ind1=').replace('tag=', 'id=' + chr(34) + 'x' + chr(34) + ' tag = ')}</record>",
        f'<?xml version="1.0" encoding="utf-16"?><record>{FIELD_912}</record>',
        f"<record>{FIELD_912}",
    ],
)
def test_xml_however_it_is_written(document: str) -> None:
    body = document.encode("utf-16" if "utf-16" in document else "utf-8")
    made, taken = from_marcxml(body, NAMES)
    assert taken == ["912"]
    assert all(STAFF.encode(form) not in made for form in ("utf-8", "utf-16-le", "utf-16-be"))
    assert b"245" not in body or b'tag="245"' in made


def test_a_field_that_comes_and_goes_in_written_xml_leaves_no_trace() -> None:
    lines = '<record>\n  <datafield tag="245" ind1=" " ind2=" "/>\n</record>'
    assert from_marcxml(lines.replace("\n</", f"\n  {FIELD_912}\n</").encode(), NAMES)[0] == lines.encode()


@pytest.mark.parametrize(
    "text",
    [
        '{"leader": "x", "fields": [{"912": {"subfields": [{"a": "NAME"}]}}, {"245": "A\x07"}]}',
        '{"leader": "x", "fields": [{"912": "NAME", "245": "A"}]}',
        '{"datafield": [{"tag": "912", "subfield": {"code": "a", "content": "NAME"}}, {"tag": "245", "subfield": []}]}',
        '{"datafield": {"tag": "952", "subfield": [{"code": "x", "content": "NAME"}, {"code": "p", "content": "245"}]}}',
        '{"leader": "x", "fields": [{"912": {"subfields": [{"a": "NAME"}]}}, {"245": {"subfields": [{"a": "A"}]}}',
        '{"leader": "\\ud800", "fields": [{"912": "NAME"}, {"245": "A"}]}',
    ],
)
def test_json_however_it_is_written(text: str) -> None:
    made, taken = from_marcjson(text.replace("NAME", STAFF).encode(), NAMES)
    assert taken
    assert "Mật".encode() not in made
    assert b"245" in made


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_that_run_on_go_with_their_field(end: str) -> None:
    lines = [
        "=LDR  00000nam a22",
        "=245  10$aDế Mèn",
        f"=912  \\\\$a{STAFF},",
        f"{STAFF} =912",
        "=952  \\\\$bKho$xMật$pA1",
        "",
    ]
    made, taken = from_mrk(end.join(lines).encode(), NAMES)
    assert sorted(taken) == ["912", "952$x"]
    assert made.decode() == end.join([lines[0], lines[1], "=952  \\\\$bKho$pA1", ""])


def test_columns_of_staff_are_not_in_the_rows_of_a_table() -> None:
    table = f"Nhan đề,Người nhập,Cán bộ biên mục,Vị trí lạ\nTắt đèn,{STAFF},{STAFF},Tủ 3\n,{STAFF},,\n"
    kind = find_format("csv")
    assert kind.without is not None
    raws = sorted(kind.split(io.BytesIO(table.encode()), Reading()), key=lambda raw: raw.problem is not None)
    assert len(raws) == 2
    assert all(STAFF in raw.body.decode() for raw in raws)
    made = [kind.without(raw.body, NAMES) for raw in raws]
    assert all(STAFF not in body.decode() for body, _ in made)
    assert made[0] == (
        '{"rows":[{"Nhan đề":"Tắt đèn","Vị trí lạ":"Tủ 3"}]}'.encode(),
        ["Người nhập", "Cán bộ biên mục"],
    )
    assert kind.without(made[0][0], NAMES) == (made[0][0], [])
