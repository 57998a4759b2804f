"""Names of people taken out of Dublin Core, MODS and ONIX: the statement goes, every other byte stays."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.format import Reading, find_format, formats
from schemas.taken_out_xml import DEPOSIT, from_dublin_core, from_mods, from_onix

LOG = "Submitted by Nguyễn Văn A (a@thuvien.example) on 2020-01-01T08:00:00Z"
DIM = f"""<record xmlns="http://www.openarchives.org/OAI/2.0/"><header><identifier>oai:x:1</identifier></header><metadata>
<dim:dim xmlns:dim="http://www.dspace.org/xmlns/dspace/dim">
  <dim:field mdschema="dc" element="title">Luận văn</dim:field>
  <dim:field mdschema="dc" element="description" qualifier="provenance" lang="en">{LOG}</dim:field>
  <dim:field element="contributor" mdschema="dc" qualifier="advisor">Lê Thu</dim:field>
  <dim:field mdschema="local" element="description" qualifier="provenance">của riêng</dim:field>
</dim:dim></metadata></record>"""
XOAI = f"""<metadata xmlns="http://www.lyncode.com/xoai"><element name="dc"><element name="title"><element name="none">
<field name="value">Luận văn</field></element></element>
<element name="description"><element name="provenance"><element name="en"><field name="value">{LOG}</field></element>
</element><element name="abstract"><element name="none"><field name="value">Tóm tắt</field></element></element></element>
</element></metadata>"""
QDC = f"""<qdc:qualifieddc xmlns:qdc="http://dspace.org/qualifieddc/" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:dcterms="http://purl.org/dc/terms/"><dc:title>Luận văn</dc:title><dcterms:provenance>{LOG}</dcterms:provenance>
<dc:description.provenance>{LOG}</dc:description.provenance><dcterms:provenance>Tủ sách Trần Văn B</dcterms:provenance>
<dcterms:abstract>Tóm tắt &amp; mục lục</dcterms:abstract></qdc:qualifieddc>"""
SIMPLE = """<oai_dc:dc xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/"
 xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>Luận văn</dc:title><dc:contributor>Lê Thu</dc:contributor>
<dc:description>Made available in DSpace on 2020-01-02 (GMT). No. of bitstreams: 1</dc:description>
<dc:description>Tóm tắt</dc:description></oai_dc:dc>"""
MODS = """<mods xmlns="http://www.loc.gov/mods/v3"><titleInfo><title>Tắt đèn</title></titleInfo>
<note type="staff">Người nhập: Trần B</note><recordInfo><recordContentSource>TV</recordContentSource>
<recordInfoNote>Trần B</recordInfoNote></recordInfo></mods>"""
ONIX = """<product><a001>1</a001><title><b202>01</b202><b203>Tắt đèn</b203></title>
<contributor><b035>A01</b035><b036>Ngô Tất Tố</b036><b044>Sinh năm 1893</b044></contributor></product>"""


@pytest.mark.parametrize(
    ("form", "body", "count"), [("qdc", DIM, 1), ("qdc", XOAI, 1), ("qdc", QDC, 2), ("oai_dc", SIMPLE, 1)]
)
def test_the_deposit_log_of_dspace_is_gone(form: str, body: str, count: int) -> None:
    kind = find_format(form)
    assert kind.without is not None
    made, taken = kind.without(body.encode(), (DEPOSIT,))
    assert taken == [DEPOSIT] * count
    assert "Nguyễn Văn A" not in made.decode()
    assert "thuvien.example" not in made.decode()
    assert "bitstreams" not in made.decode()
    before, after = (kind.parse(each, Reading()) for each in (body.encode(), made))
    assert after.first("245", "a") == "Luận văn"
    assert [f for f in before.fields if f[0] not in ("520", "561")] == [
        f for f in after.fields if f[0] not in ("520", "561")
    ]


def test_every_other_byte_stays() -> None:
    made, _ = from_dublin_core(DIM.encode(), (DEPOSIT,))
    assert made.decode() == re.sub(r"\s*<dim:field mdschema=\"dc\" element=\"description\".*?</dim:field>", "", DIM)
    for body in (DIM, QDC, SIMPLE, MODS, ONIX):
        assert from_dublin_core(body.encode(), ("source",)) == (body.encode(), [])
        assert from_dublin_core(body.encode(), ()) == (body.encode(), [])


@pytest.mark.parametrize(
    ("body", "name", "gone"),
    [
        (DIM, "contributor.advisor", 1),
        (DIM, "dc:contributor", 1),
        (DIM, "dcterms:contributor.author", 0),
        (SIMPLE, "contributor", 1),
        (QDC, "provenance", 2),
        (XOAI, "description", 1),
        (DIM, "identifier", 0),
    ],
)
def test_statements_are_named_by_element_and_qualifier(body: str, name: str, gone: int) -> None:
    made, taken = from_dublin_core(body.encode(), (name,))
    assert taken == [name] * gone
    assert (made == body.encode()) == (not gone)


def test_mods_and_onix_are_named_by_paths() -> None:
    made, taken = from_mods(MODS.encode(), ("mods:note", "mods:recordInfo.recordInfoNote"))
    assert taken == ["mods:note", "mods:recordInfo.recordInfoNote"]
    assert "Trần B" not in made.decode()
    assert find_format("mods").parse(made, Reading()).first("040", "a") == "TV"
    made, taken = from_onix(ONIX.encode(), ("onix:Contributor.BiographicalNote",))
    assert taken == ["onix:Contributor.BiographicalNote"]
    assert find_format("onix").parse(made, Reading()).first("100", "a") == "Ngô Tất Tố"
    _, taken = from_onix(ONIX.encode(), ("onix:b036", "onix:contributor.b044"))
    assert taken == ["onix:b036", "onix:contributor.b044"]
    made, taken = from_onix(ONIX.encode(), ("onix:Contributor",))
    assert find_format("onix").parse(made, Reading()).contents("100") == []


def test_what_does_not_end_is_blanked() -> None:
    body = QDC[: QDC.index("thuvien.example")].encode()
    made, taken = from_dublin_core(body, (DEPOSIT,))
    assert taken == [DEPOSIT]
    assert "Nguyễn" not in made.decode()
    assert "Luận văn" in made.decode()


@pytest.mark.parametrize(
    ("form", "obeyed", "refused"),
    [
        ("qdc", "description.provenance", "912"),
        ("oai_dc", "dc:contributor", "952$x"),
        ("mods", "mods:note", "note"),
        ("onix", "onix:Contributor", "700"),
        ("marc21", "952$x", "description.provenance"),
        ("mrk", "912", "mods:note"),
        ("unimarc", "801", "dc:creator.x"),
    ],
)
def test_a_format_says_what_it_can_take_out(form: str, obeyed: str, refused: str) -> None:
    assert find_format(form).obeys(obeyed)
    assert not find_format(form).obeys(refused)


def test_every_format_takes_names_out() -> None:
    assert [name for name, form in formats().items() if form.without is None] == []


@given(st.binary(max_size=120), st.integers(0, 400))
@settings(max_examples=200, deadline=None)
def test_whatever_the_bytes_are_there_is_an_answer(junk: bytes, at: int) -> None:
    body = QDC.encode()[:at] + junk + QDC.encode()[at:]
    for take in (from_dublin_core, from_mods, from_onix):
        made, taken = take(body, (DEPOSIT, "mods:note", "onix:Contributor"))
        assert (made == body) == (not taken)


def test_elements_within_each_other_cost_no_more_than_their_bytes() -> None:
    body = b"<dc:description>" * 200_000 + b"Submitted by provenance"
    made, _ = from_dublin_core(body, (DEPOSIT,))
    assert len(made) <= len(body)
