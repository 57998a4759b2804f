import pytest

from connectors.oai_page import DELETED, read_list, read_root
from connectors.oai_salvage import salvage
from schemas.format import Reading
from schemas.marcxml import parse
from schemas.problem import Trouble
from tests.connectors.partner import listed, oai, record

BROKEN = record(2).replace("Dế", "Dế & Dế")


def code(call, *arguments):
    with pytest.raises(Trouble) as caught:
        call(*arguments)
    return caught.value.problem.code


def test_a_record_is_a_document_of_its_own():
    page = read_list(read_root(oai(listed([record(1), record(2)], "more", 9))), 3)
    raw = page.records[1]
    assert (raw.identifier, raw.datestamp, raw.place) == ("oai:x:2", "2026-02-01T00:00:00Z", "page 3, record 2")
    assert parse(raw.body, Reading()).first("245", "a") == "Dế Mèn phiêu lưu ký 2"
    assert "Dế".encode() in raw.body
    assert (page.token, page.announced, page.response_date) == ("more", 9, "2026-03-01T10:00:00Z")


def test_a_prefix_declared_at_the_root_is_declared_in_the_record():
    body = oai(listed([record(1, "<m:record><m:leader>00000nam a2200000   4500</m:leader></m:record>")]))
    body = body.replace(b"<OAI-PMH ", b'<OAI-PMH xmlns:m="http://www.loc.gov/MARC21/slim" ')
    raw = read_list(read_root(body), 1).records[0]
    assert parse(raw.body, Reading()).leader == "00000nam a2200000   4500"


def test_the_fingerprint_is_of_the_metadata_not_of_the_header():
    pages = [oai(listed([record(1, datestamp=day)])) for day in ("2026-01-01", "2026-02-02")]
    first, second = [read_list(read_root(page), 1).records[0] for page in pages]
    other = read_list(read_root(oai(listed([record(9).replace("oai:x:9", "oai:x:1")]))), 1).records[0]
    assert first.fingerprint == second.fingerprint != other.fingerprint
    assert first.body != second.body


def test_deleted_wins_and_live_without_metadata_is_a_problem():
    deleted = record(1).replace("<header>", '<header status="deleted">')
    bare = "<record><header><identifier>oai:x:2</identifier></header></record>"
    unnamed = record(3).replace("<identifier>oai:x:3</identifier>", "")
    first, second, third = read_list(read_root(oai(listed([deleted, bare, unnamed]))), 1).records
    assert first.deleted
    assert first.fingerprint == DELETED
    assert first.problem is None
    assert second.problem.code == "oai_no_metadata"
    assert third.problem.code == "oai_no_identifier"
    assert third.identifier.startswith("?")


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"", "oai_not_oai"),
        (b"<!DOCTYPE html><html><body>login</body></html>", "oai_not_oai"),
        (b"<html><head/></html>", "oai_not_oai"),
        (b"Fatal error: out of memory", "oai_not_oai"),
        (b"<rss/>", "oai_not_oai"),
        (oai(listed([record(1)]))[:-12], "xml_broken"),
        (b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>' + oai("<a>&e;</a>")[38:], "xml_doctype"),
    ],
)
def test_what_is_no_page(body, expected):
    assert code(read_root, body) == expected


def test_an_answer_without_its_verb_is_no_page():
    assert code(read_list, read_root(oai("")), 1) == "oai_no_verb"


@pytest.mark.parametrize(
    "broken",
    [
        BROKEN.encode(),
        record(2).replace("Dế", "D\x08").encode(),
        record(2).replace("Dế", "D&nbsp;").encode(),
        record(2).replace("Dế", "D?").encode().replace(b"D?", b"D\xe9"),
        record(2).replace("</subfield>", "").encode(),
        record(2).replace("</metadata></record>", "").encode(),
    ],
)
def test_a_broken_record_is_kept_and_its_mates_are_read(broken):
    body = oai(listed([record(1), "<X/>", record(3)], "more", 3)).replace(b"<X/>", broken)
    assert code(read_root, body) == "xml_broken"
    page = salvage(body, 1)
    assert [raw.identifier for raw in page.records] == ["oai:x:1", "oai:x:2", "oai:x:3"]
    assert [raw.problem and raw.problem.code for raw in page.records] == [None, "oai_record_broken", None]
    assert page.records[1].body == broken
    assert parse(page.records[2].body, Reading()).first("245", "a") == "Dế Mèn phiêu lưu ký 3"
    assert (page.token, page.announced, page.salvaged) == ("more", 3, 1)
    assert page.response_date == "2026-03-01T10:00:00Z"


def test_a_broken_last_record_does_not_take_the_token_with_it():
    page = salvage(oai(listed([record(1), BROKEN], "more")), 1)
    assert (page.token, page.salvaged) == ("more", 1)


def test_a_salvaged_record_is_the_same_as_a_well_read_one():
    whole = read_list(read_root(oai(listed([record(1)]))), 1).records[0]
    assert salvage(oai(listed([record(1), BROKEN])), 1).records[0] == whole


def test_a_cut_page_is_not_salvaged():
    body = oai(listed([record(1), record(2)], "more"))
    assert code(salvage, body[: len(body) // 2], 4) == "oai_cut"
    assert code(salvage, b"<!DOCTYPE x>" + oai(listed([BROKEN])), 4) == "oai_cut"
