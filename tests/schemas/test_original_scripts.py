"""Original scripts: 880 and what is written from right to left come back byte for byte, whatever carries them."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.format import Reading, find_format
from schemas.marcxml import to_marcxml, write_marcxchange
from schemas.record import Record, data_field

CARRIERS = ("marc21", "marcxml", "marcjson", "mrk")
FIELDS = (
    ("001", "rtl-1"),
    ("008", "240101s2024    is            000 ||heb d"),
    data_field("066", "  ", [("c", "(2"), ("c", "(3"), ("c", "$1")]),
    data_field("100", "1 ", [("6", "880-01"), ("a", "Amir, Noʻam")]),
    data_field("245", "10", [("6", "880-02"), ("a", "Sefer ha-yam :"), ("b", "{brackets} $ and \\ marks")]),
    data_field("880", "1 ", [("6", "100-01/(2/r"), ("a", "עמיר, נעם")]),
    data_field("880", "10", [("6", "245-02/(2/r"), ("a", "ספר הים :"), ("b", "שִׁירִים \u200f(2024)\u200e")]),
    data_field("880", "00", [("6", "500-00/(3/r"), ("a", "كِتَابُ البَحْرِ — مجلّد ١"), ("b", "می\u200cخواهم")]),
    data_field("880", "00", [("6", "500-00/$1"), ("a", "海の本　第二巻"), ("b", "ﾊﾝｶｸ・が・か\u3099")]),
)
RECORD = Record("00000nam a2200000   4500", FIELDS)


def carried(name: str, record: Record) -> tuple[Record, bytes]:
    """A record after the way out and in, and its bytes on the way."""
    kind = find_format(name)
    stream = io.BytesIO()
    assert kind.write is not None
    assert kind.write([record], stream) == []
    stream.seek(0)
    (raw,) = kind.split(stream, Reading())
    return kind.parse(raw.body, Reading()), stream.getvalue()


@pytest.mark.parametrize("name", CARRIERS)
def test_original_scripts_come_back_byte_for_byte(name: str) -> None:
    record, data = carried(name, RECORD)
    assert record.fields == FIELDS
    assert carried(name, record)[1] == data
    assert "ספר הים".encode() in data, "in the order of speech, not of the screen"


def test_from_carrier_to_carrier_nothing_changes() -> None:
    record = RECORD
    for name in (*CARRIERS, *reversed(CARRIERS)):
        record = carried(name, record)[0]
    assert record.fields == FIELDS


LETTERS = st.characters(min_codepoint=0x590, max_codepoint=0x77F) | st.sampled_from(
    "海のか\u3099\u200f\u202b\u2067ﷺ\r\\{}$<&>"
)


@given(st.lists(st.text(LETTERS, min_size=1, max_size=20), min_size=1, max_size=4))
def test_any_text_from_right_to_left_comes_back(texts: list[str]) -> None:
    field = data_field("880", "  ", [("6", "245-01/(3/r"), *(("a", text) for text in texts)])
    for name in CARRIERS:
        assert carried(name, Record(RECORD.leader, (("001", "1"), field)))[0].fields == (("001", "1"), field)


@pytest.mark.parametrize("name", ["marcxml", "marcjson", "mrk"])
def test_carriage_returns_and_signs_of_a_form_come_back(name: str) -> None:
    text = "هجدهم تيرماه 78 :\r\n جناح\rهاى {lcub} \\ $ {0D} &#13; </subfield>"
    field = data_field("880", "10", [("6", "245-02/(3/r"), ("a", text)])
    record, _ = carried(name, Record(RECORD.leader, (("001", "IT\\ICCU\\1"), field)))
    assert record.fields == (("001", "IT\\ICCU\\1"), field)


def test_mods_keeps_original_scripts_beside_the_fields_they_belong_to() -> None:
    fields = (
        ("001", "rtl-2"),
        ("008", "240101s2024    is            000 ||heb d"),
        data_field("100", "0 ", [("6", "880-01"), ("a", "Amir")]),
        data_field("245", "10", [("6", "880-02"), ("a", "Sefer ha-yam")]),
        data_field("246", "3 ", [("6", "880-03"), ("a", "Book of the sea")]),
        data_field("260", "  ", [("6", "880-04"), ("a", "Tel Aviv"), ("b", "ʻAm ʻoved"), ("c", "2024")]),
        data_field("700", "0 ", [("6", "880-05"), ("a", "Noʻam")]),
        data_field("880", "0 ", [("6", "100-01/(2/r"), ("a", "עמיר")]),
        data_field("880", "00", [("6", "245-02/(2/r"), ("a", "ספר הים \u200f(2024)")]),
        data_field("880", "3 ", [("6", "246-03/(2/r"), ("a", "הספר של הים")]),
        data_field("880", "  ", [("6", "260-04/(2/r"), ("a", "תל אביב"), ("b", "עם עובד")]),
        data_field("880", "0 ", [("6", "700-05/(2/r"), ("a", "נועם")]),
        data_field("880", "  ", [("6", "500-00/(3/r"), ("a", "كتاب البحر")]),
    )
    record, data = carried("mods", Record("00000nam a2200000   4500", fields))
    assert record.fields == fields
    assert carried("mods", record)[1] == data
    text = data.decode()
    assert text.count('altRepGroup="02"') == 2
    assert '<titleInfo altRepGroup="02" script="Hebr" lang="heb"><title>ספר הים' in text


def test_a_mods_record_in_one_script_only_keeps_its_title() -> None:
    body = (
        '<mods xmlns="http://www.loc.gov/mods/v3"><titleInfo script="Hebr" altRepGroup="1"><title>ספר הים</title>'
        "</titleInfo></mods>"
    )
    assert find_format("mods").parse(body.encode(), Reading()).first("245", "a") == "ספר הים"


def test_dublin_core_has_no_place_for_original_scripts() -> None:
    for name in ("qdc", "oai_dc"):
        assert "ספר".encode() not in carried(name, RECORD)[1]


def test_marcxchange_is_written_and_read_back() -> None:
    stream = io.BytesIO()
    assert write_marcxchange([RECORD, Record("00000nz  a2200000n  4500", (("001", "2"),))], stream) == []
    assert b'xmlns="info:lc/xmlns/marcxchange-v2"' in stream.getvalue()
    assert stream.getvalue().count(b'<record format="MARC21" type="Authority">') == 1
    stream.seek(0)
    marcxml = find_format("marcxml")
    assert next(marcxml.parse(raw.body, Reading()) for raw in marcxml.split(stream, Reading())) == RECORD


@pytest.mark.parametrize("namespace", ["info:lc/xmlns/marcxchange-v1", "info:lc/xmlns/marcxchange-v2"])
@pytest.mark.parametrize("prefix", ["", "mx", "marc-xchange"])
@pytest.mark.parametrize("kind", ["Bibliographic", "Authority", "Holdings"])
def test_marcxchange_of_either_edition_reads_with_any_prefix(namespace: str, prefix: str, kind: str) -> None:
    text = to_marcxml(RECORD).replace("http://www.loc.gov/MARC21/slim", namespace)
    text = text.replace("<record ", f'<record format="MARC21" type="{kind}" ', 1)
    if prefix:
        text = text.replace("xmlns=", f"xmlns:{prefix}=", 1)
        for name in ("record", "leader", "controlfield", "datafield", "subfield"):
            text = text.replace(f"<{name}", f"<{prefix}:{name}").replace(f"</{name}", f"</{prefix}:{name}")
    marcxml = find_format("marcxml")
    (raw,) = marcxml.split(io.BytesIO(text.encode()), Reading())
    assert raw.identifier == "rtl-1"
    assert marcxml.parse(raw.body, Reading()) == RECORD
