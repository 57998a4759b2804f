"""What is suggested for a rejected record: what it mends, that nothing else changes, and when nobody can mend it."""

from __future__ import annotations

import io

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas import encodings, marc21
from schemas.advice import Advice, advice
from schemas.format import Reading, find_format, formats
from schemas.marcxml import to_marcxml
from schemas.problem import Trouble
from schemas.record import Record
from tests.hub.stages.books import book

BOOK = book("vn1", "Dế Mèn phiêu lưu ký", author="Tô Hoài", publisher="Nhà xuất bản Kim Đồng")
ISO = marc21.to_iso2709(BOOK)
XML = to_marcxml(BOOK).encode()
TITLE = "Dế Mèn phiêu lưu ký"


def refused(body: bytes, form: str, reading: Reading) -> str:
    """The code a body is refused for."""
    with pytest.raises(Trouble) as stopped:
        find_format(form).parse(body, reading)
    return stopped.value.problem.code


def advised(body: bytes, form: str = "marc21", reading: Reading | None = None, code: str = "") -> Advice:
    reading = reading or Reading()
    return advice(code or refused(body, form, reading), {}, body, find_format(form), reading)


def mended(found: Advice, form: str = "marc21", reading: Reading | None = None) -> Record:
    assert found.body is not None
    return find_format(form).parse(found.body, reading or Reading())


def tcvn3(record: Record, declared: str = " ") -> bytes:
    """The record as a system of TCVN3 wrote it."""
    fields = [(tag.encode(), encodings.encode(content, "tcvn3")) for tag, content in record.fields]
    directory, data = b"", b""
    for tag, content in fields:
        directory += b"%s%04d%05d" % (tag, len(content) + 1, len(data))
        data += content + b"\x1e"
    base = 25 + len(directory)
    leader = b"%05dnam %s2200000   4500" % (base + len(data) + 1, declared.encode())
    return leader[:12] + b"%05d" % base + leader[17:] + directory + b"\x1e" + data + b"\x1d"


class TestIso2709:
    def test_a_record_in_tcvn3_is_read_by_its_own_encoding(self) -> None:
        reading = Reading(encoding="utf-8")
        found = advised(tcvn3(BOOK, declared="a"), reading=reading)
        assert found.rule == "encoding@1"
        assert found.encoding == "tcvn3"
        assert mended(found, reading=reading).fields == BOOK.fields
        assert "tcvn3" in found.sentence("vi")

    def test_a_record_in_utf8_within_a_source_of_tcvn3(self) -> None:
        reading = Reading(encoding="tcvn3")
        body = ISO.replace("Dế".encode(), "Dế ✓".encode())
        found = advised(body, reading=reading, code="encoding_broken")
        assert found.body is None, "a check mark has no place in TCVN3: the person is told, nothing is lost"
        found = advised(ISO, reading=reading, code="encoding_broken")
        assert mended(found, reading=reading).first("245", "a") == TITLE

    def test_a_stray_byte_is_a_letter_of_cp1252(self) -> None:
        found = advised(ISO.replace("Tô".encode(), b"T\xf4 "))
        assert found.rule.endswith("marc_bytes@1")
        assert mended(found).first("100", "a") == "Tô  Hoài"
        assert mended(found).first("245", "a") == TITLE

    def test_directory_and_leader_are_made_anew(self) -> None:
        spoilt = ISO[:24] + b"0" + ISO[24:]
        assert mended(advised(spoilt)).fields == BOOK.fields
        spoilt = b"\xff\xff\xff" + ISO[3:]
        found = advised(spoilt)
        assert found.rule == "marc_directory@1"
        assert mended(found).fields == BOOK.fields

    def test_a_leader_that_is_not_there(self) -> None:
        found = advised(ISO[24:], code="marc_leader")
        assert mended(found).fields == BOOK.fields
        assert mended(found).leader[5:8] == "nam"

    def test_a_terminator_within_a_field_stays_with_it(self) -> None:
        at = ISO.index("phiêu".encode())
        spoilt = (ISO[:at] + b"\x1e" + ISO[at + 1 :]).replace(b"vn1", b"vn001")
        found = advised(spoilt)
        assert mended(found).control("001") == "vn001"
        assert mended(found).first("245", "a") == "Dế Mèn hiêu lưu ký"

    def test_a_record_cut_short_keeps_its_whole_fields(self) -> None:
        cut = ISO[: ISO.index("Nhà xuất bản".encode()) + 4]
        found = advised(cut)
        assert found.rule == "marc_cut@1"
        assert mended(found).fields == BOOK.fields[:4]
        assert "4" in found.sentence("vi")

    def test_a_record_cut_before_its_title_is_asked_for_again(self) -> None:
        found = advised(ISO[: ISO.index(b"T\xc3\xb4")])
        assert found.body is None
        assert found.rule == ""
        assert [step.code for step in found.steps] == ["ask_again"]

    def test_xml_sent_as_iso2709_names_its_format(self) -> None:
        found = advised(XML, code="marc_leader")
        assert found.rule == "format@1"
        assert mended(found).fields == BOOK.fields


class TestXml:
    @pytest.mark.parametrize(
        ("before", "spoilt", "rule", "title"),
        [
            ("Mèn", "Mèn\x0b", "xml_characters@1", TITLE),
            ("Mèn", "Mèn&#x1F;", "xml_characters@1", TITLE),
            ("phiêu", "& phiêu", "xml_ampersand@1", "Dế Mèn & phiêu lưu ký"),
            ("phiêu", "&nbsp;phi&ecirc;u", "xml_entity@1", "Dế Mèn \xa0phiêu lưu ký"),
            ("phiêu", "&khong; phiêu", "xml_entity@1", "Dế Mèn &khong; phiêu lưu ký"),
            ("phiêu", "< 5 & phiêu", "xml_ampersand@1+xml_less_than@1", "Dế Mèn < 5 & phiêu lưu ký"),
        ],
    )
    def test_only_what_is_forbidden_changes(self, before: str, spoilt: str, rule: str, title: str) -> None:
        found = advised(XML.decode().replace(before, spoilt, 1).encode(), "marcxml")
        assert found.rule == rule
        assert mended(found, "marcxml").first("245", "a") == title
        assert len(mended(found, "marcxml").fields) == len(BOOK.fields)

    def test_a_byte_of_another_encoding(self) -> None:
        found = advised(XML.replace("Tô".encode(), b"T\xf4"), "marcxml")
        assert found.rule == "xml_bytes@1"
        assert mended(found, "marcxml").fields == BOOK.fields

    def test_a_record_in_tcvn3(self) -> None:
        body = encodings.encode(XML.decode(), "tcvn3")
        assert find_format("marcxml").parse(body, Reading()).fields == BOOK.fields
        reading = Reading(encoding="utf-8")
        found = advised(body, "marcxml", reading)
        assert found.encoding == "tcvn3"
        assert mended(found, "marcxml", reading).fields == BOOK.fields

    def test_an_ampersand_in_a_cdata_section_stays(self) -> None:
        body = XML.decode().replace("phiêu", "<![CDATA[A & B]]> & phiêu", 1).encode()
        assert mended(advised(body, "marcxml"), "marcxml").first("245", "a") == "Dế Mèn A & B & phiêu lưu ký"

    def test_a_record_cut_short_is_closed_and_said_to_be(self) -> None:
        found = advised(XML[: XML.index("Kim Đồng".encode())], "marcxml")
        assert found.rule == "xml_tags@1"
        assert mended(found, "marcxml").first("245", "a") == TITLE
        assert "thiếu" in found.sentence("vi")

    def test_a_doctype_that_declares_entities_is_not_taken(self) -> None:
        found = advised(b'<!DOCTYPE record [<!ENTITY a "b">]>' + XML, "marcxml")
        assert found.body is None

    def test_a_doctype_that_only_names_a_dtd_is_no_trouble(self) -> None:
        body = b'<!DOCTYPE record SYSTEM "record.dtd">' + XML
        assert find_format("marcxml").parse(body, Reading()).fields == BOOK.fields
        assert advised(body, "marcxml", code="xml_doctype").rule == "xml_doctype@1", "one that was refused before"

    @pytest.mark.parametrize("form", ["marcxml", "mods", "qdc", "oai_dc"])
    def test_a_mend_that_would_lose_records_is_not_offered(self, form: str) -> None:
        stream = io.BytesIO()
        write = find_format(form).write
        assert write is not None
        write([BOOK, book("vn2", "Tắt đèn", author="Ngô Tất Tố")], stream)
        found = advised(stream.getvalue().replace("Dế".encode(), "Dế &".encode()), form, code="xml_broken")
        assert found.body is None

    @pytest.mark.parametrize("form", ["mods", "qdc"])
    def test_records_of_mods_and_qualified_dublin_core_are_mended_too(self, form: str) -> None:
        stream = io.BytesIO()
        write = find_format(form).write
        assert write is not None
        write([BOOK], stream)
        found = advised(stream.getvalue().replace("Dế".encode(), "Dế &".encode()), form)
        assert found.rule == "xml_ampersand@1"
        assert mended(found, form).first("245", "a").startswith("Dế & Mèn")

    def test_a_title_that_nobody_gave_is_asked_for(self) -> None:
        body = b'<dc xmlns="http://purl.org/dc/elements/1.1/"><creator>Nam Cao</creator></dc>'
        assert [step.code for step in advised(body, "oai_dc").steps] == ["ask_title"]


def test_json_with_a_comma_too_many() -> None:
    body = b'{"leader":"00000nam a2200000   4500","fields":[{"245":{"ind1":"1","ind2":"0","subfields":[{"a":"A"},]}},]}'
    assert mended(advised(body, "marcjson"), "marcjson").first("245", "a") == "A"


def test_a_row_whose_number_is_taken_gets_its_own() -> None:
    body = orjson.dumps({"rows": [{"Mã": "7", "Nhan đề": "Tắt đèn"}]})
    found = advice("table_id_twice", {"identifier": "7", "other": "Số đỏ"}, body, find_format("csv"), Reading())
    record = mended(found, "csv")
    assert record.first("245", "a") == "Tắt đèn"
    assert record.control("001").startswith("7-")


@pytest.mark.parametrize("form", sorted(formats()))
@given(body=st.binary(max_size=200) | st.binary(max_size=40).map(lambda b: XML[:300] + b + XML[330:]))
@settings(max_examples=60, deadline=None)
def test_any_bytes_have_an_answer_and_what_is_offered_can_be_read(form: str, body: bytes) -> None:
    found = advice("record_unreadable", {}, body, find_format(form), Reading())
    assert found.sentence("vi")
    assert found.sentence("en")
    assert (found.rule == "") == (found.body is None)
    if found.body is not None:
        assert find_format(form).parse(found.body, Reading()).first("245", "abnp")
