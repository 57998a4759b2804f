"""Pages in every encoding, and what servers print around them."""

import pytest

from connectors.oai_bytes import charset_of, decoded, is_mostly_utf8, labelled, within_root
from connectors.oai_page import read_list, read_root, sets_of
from connectors.oai_pmh import CONNECTOR, pages
from connectors.oai_salvage import salvage
from schemas.encodings import encode
from schemas.format import Reading
from schemas.marcxml import parse
from schemas.problem import Trouble
from tests.connectors.partner import Reply, harvest, identify, job, listed, oai, record, serving

TITLE = "Dế Mèn phiêu lưu ký"
LATIN1 = {"Content-Type": "text/xml; charset=ISO-8859-1"}
PAGE = oai(listed([record(n) for n in range(3)], "more", 3)).decode()
CAFE = PAGE.replace(TITLE, "Café à la carte")
UNDECLARED = PAGE.replace(' encoding="UTF-8"', "")
LEGACY = ("tcvn3", "vni", "viscii", "cp1258")


def titles(page, **reading):
    return [parse(raw.body, Reading(**reading)).first("245", "a") for raw in page.records]


def read(body, charset=""):
    return read_list(read_root(body, charset=charset), 1)


def trouble(call, *arguments):
    with pytest.raises(Trouble) as caught:
        call(*arguments)
    return caught.value.problem.code


@pytest.mark.parametrize(
    ("body", "charset"),
    [
        (PAGE.encode(), ""),
        (PAGE.encode(), "iso-8859-1"),
        (PAGE.encode(), "us-ascii"),
        (PAGE.encode(), "no-such-charset"),
        (PAGE.encode("utf-8-sig"), "iso-8859-1"),
        (PAGE.replace("UTF-8", "ISO-8859-1").encode(), ""),
        (PAGE.replace("UTF-8", "us-ascii").encode(), ""),
        (PAGE.replace("UTF-8", "windows-1258").encode(), "utf-8"),
        (UNDECLARED.encode(), "windows-1252"),
        (PAGE.replace("UTF-8", "UTF-16").encode("utf-16"), ""),
        (PAGE.replace("UTF-8", "UTF-16").encode("utf-16-be"), "utf-16"),
        (PAGE.encode("utf-16-le"), "utf-8"),
        (PAGE.encode("utf-32"), ""),
        (b"\n \r\n\t" + PAGE.encode(), ""),
        (b"\xef\xbb\xbf\n" + PAGE.encode(), ""),
        (PAGE.encode() + b"<br />\n<b>Warning</b>: Unknown: write failed\n", ""),
        (b"<br />\n<b>Notice</b>: Undefined index\n" + PAGE.encode() + b"\n<!-- 0.1 s -->", ""),
        (b"Notice: Undefined index" + PAGE.encode(), ""),
    ],
)
def test_a_page_in_unicode_is_read_whatever_it_is_called_and_whatever_is_printed_around_it(body, charset):
    page = read(body, charset)
    assert titles(page) == [f"{TITLE} {n}" for n in range(3)]
    assert (page.token, page.announced, page.salvaged) == ("more", 3, 0)
    assert page.records[0] == read(PAGE.encode()).records[0]


@pytest.mark.parametrize(
    ("body", "charset"),
    [
        (CAFE.replace("UTF-8", "ISO-8859-1").encode("latin-1"), ""),
        (CAFE.encode("latin-1"), "iso-8859-1"),  # HTTP counts for more than the declaration
        (CAFE.replace("UTF-8", "windows-1258").encode("latin-1"), "iso-8859-1"),
        (b"\xef\xbb\xbf" + CAFE.encode("latin-1"), "windows-1252"),  # and for more than the mark
        (CAFE.replace("UTF-8", "iso-8859-1").encode("latin-1"), "utf-8"),  # unless it cannot be true
    ],
)
def test_a_page_in_a_single_byte_encoding_is_read_by_its_label(body, charset):
    page = read(body, charset) if charset != "utf-8" else salvage(body, 1, charset)
    assert titles(page, evidence="cp1252" if charset == "utf-8" else "") == [f"Café à la carte {n}" for n in range(3)]


def test_one_stray_byte_does_not_turn_a_page_of_utf8_into_another_encoding():
    body = PAGE.replace(f"{TITLE} 1", "Caf? và sách").encode().replace(b"Caf?", b"Caf\xe9")
    for page in (body, body.replace(b"UTF-8", b"ISO-8859-1")):
        assert trouble(read, page, "iso-8859-1") == "xml_broken"
        saved = salvage(page, 1, "iso-8859-1")
        assert [raw.problem and raw.problem.code for raw in saved.records] == [None, "oai_record_broken", None]
        assert parse(saved.records[2].body, Reading()).first("245", "a") == f"{TITLE} 2"


def in_encoding(name, text=PAGE):
    head, mark, rest = text.partition("</request>")
    return head.encode() + mark.encode() + encode(rest, name)


@pytest.mark.parametrize("name", LEGACY)
def test_a_page_in_an_encoding_it_does_not_declare_keeps_its_records_as_received(name):
    body = in_encoding(name)
    assert trouble(read, body) == "xml_broken"
    page = salvage(body, 1)
    assert [raw.identifier for raw in page.records] == ["oai:x:0", "oai:x:1", "oai:x:2"]
    assert (page.token, page.announced, page.salvaged, page.foreign) == ("more", 3, 0, 3)
    assert {raw.problem for raw in page.records} == {None}
    assert all(encode(TITLE, name) in raw.body for raw in page.records)
    assert titles(page, evidence=name) == titles(page, encoding=name) == [f"{TITLE} {n}" for n in range(3)]
    assert page.records[0].fingerprint != page.records[1].fingerprint


@pytest.mark.parametrize("name", LEGACY)
@pytest.mark.parametrize("declared", ["UTF-8", "ISO-8859-1", "us-ascii"])
def test_the_encoding_the_source_names_counts_for_more_than_all_labels(name, declared):
    body = in_encoding(name, PAGE.replace('encoding="UTF-8"', f'encoding="{declared}"'))

    def answer(arguments):
        if arguments["verb"] == "Identify":
            return identify()
        if arguments["verb"] == "GetRecord":
            return Reply(in_encoding(name, oai(f"<GetRecord>{record(1)}</GetRecord>").decode()), headers=LATIN1)
        return Reply(body.replace(b">more<", b"><"), headers=LATIN1)

    with serving(answer) as server:
        asked = job(server.url, reading=Reading(encoding=name))
        records = [raw for page in pages(asked) for raw in page.records]
        ((_, alone),) = CONNECTOR.sweeping.get(asked, ["oai:x:1"])
    assert [parse(raw.body, asked.reading).first("245", "a") for raw in records] == [f"{TITLE} {n}" for n in range(3)]
    assert (alone.body, alone.fingerprint) == (records[1].body, records[1].fingerprint)


def test_a_broken_record_in_a_page_of_another_encoding_costs_itself():
    body = in_encoding("cp1258").replace(encode(f"{TITLE} 1", "cp1258"), b"A & B")
    page = salvage(body, 1)
    assert [raw.problem and raw.problem.code for raw in page.records] == [None, "oai_record_broken", None]
    assert (page.salvaged, page.foreign) == (1, 2)


def test_what_http_says_of_the_charset():
    assert charset_of({"Content-Type": 'text/xml; Charset = "UTF-8"'}) == "utf-8"
    assert charset_of({"Content-Type": "text/xml"}) == charset_of({}) == ""


def test_letters_of_utf8_are_told_from_letters_of_one_byte():
    assert is_mostly_utf8("Dế Mèn".encode() + b"\xe9")
    assert not is_mostly_utf8("Café à la carte".encode("latin-1"))
    assert not is_mostly_utf8(encode(TITLE, "tcvn3"))


def test_what_cannot_be_decoded_stays_as_it_is():
    assert decoded(b"\x81\xff<a>", "cp1258") == b"\x81\xff<a>"
    assert decoded("Dế".encode(), "tcvn3") == "Dế".encode()
    assert labelled(b"\xff\xfe\x00") == b"\xff\xfe\x00"


@pytest.mark.parametrize(
    "body",
    [
        b"<!DOCTYPE html><html>" + PAGE.encode() + b"</html>",
        b"<html><body>login</body></html>",
        b"",
        PAGE.encode()[:-9],
    ],
)
def test_another_document_and_a_cut_one_are_not_trimmed_into_a_page(body):
    assert within_root(body) == body
    styled = b'<?xml version="1.0"?>\n<?xml-stylesheet type="text/xsl" href="/oai.xsl"?>\n<OAI-PMH></OAI-PMH>'
    assert within_root(styled) == styled
    assert trouble(read, body) in ("oai_not_oai", "xml_broken", "xml_doctype")


def test_the_sets_of_a_record_are_those_of_its_header():
    sets = "<setSpec>sách</setSpec><setSpec> a &amp; b </setSpec>"
    text = record(1, "<x><setSpec>none</setSpec></x>").replace("</header>", f"{sets}</header>")
    (raw,) = read(oai(listed([text]))).records
    assert sets_of(raw) == ["sách", "a & b"]


def test_an_identifier_reads_the_same_in_a_broken_record():
    broken = record(1).replace("oai:x:1", "oai:sách &amp; báo:1")
    (sound,) = read(oai(listed([broken]))).records
    (raw,) = salvage(oai(listed([broken.replace("Dế", "Dế &")])), 1).records
    assert raw.problem.code == "oai_record_broken"
    assert raw.identifier == sound.identifier == "oai:sách & báo:1"


def test_a_harvest_notes_pages_in_another_encoding():
    body = in_encoding("tcvn3").replace(b">more<", b"><")
    with serving(lambda arguments: identify() if arguments["verb"] == "Identify" else body) as server:
        harvested = harvest(server.url)
    assert [(note.code, note.facts["count"]) for page in harvested for note in page.notes] == [("oai_other_bytes", "3")]
