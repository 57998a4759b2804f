"""Original scripts: 880 and what is written from right to left come back byte for byte, whatever carries them."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.format import Reading, find_format
from schemas.marcxml import to_marcxml
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


LETTERS = st.characters(min_codepoint=0x590, max_codepoint=0x77F) | st.sampled_from("海のか\u3099\u200f\u202b\u2067ﷺ")


@given(st.lists(st.text(LETTERS, min_size=1, max_size=20), min_size=1, max_size=4))
def test_any_text_from_right_to_left_comes_back(texts: list[str]) -> None:
    field = data_field("880", "  ", [("6", "245-01/(3/r"), *(("a", text) for text in texts)])
    for name in CARRIERS:
        assert carried(name, Record(RECORD.leader, (("001", "1"), field)))[0].fields == (("001", "1"), field)


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
