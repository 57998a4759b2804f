"""Fields taken out of raw records: nothing of them is left, and nothing else is touched."""

from __future__ import annotations

import io
from random import Random

import pytest

from schemas.format import Reading, find_format
from schemas.marc21 import to_iso2709
from schemas.record import Record, data_field
from schemas.taken_out import from_iso2709
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
