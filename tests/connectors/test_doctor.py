"""The endpoint doctor against servers on loopback: each finding has its cause, and nothing else is said."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from string import Formatter
from typing import Any

import pytest

from connectors.doctor import records as sample
from connectors.doctor.costs import COSTS, Severity
from connectors.doctor.examine import Terms, clean_url, examine
from connectors.doctor.finding import Diagnosis, Figures, compare, found
from connectors.doctor.letter import as_text, of_one, span, write
from connectors.doctor.marc_rules import breaches
from connectors.doctor.words import WORDS
from flows.sample_partners import Repository as Partner
from flows.sample_partners import serve
from schemas.problem import Trouble
from schemas.record import Record, data_field
from tests.connectors.partner import Reply, error, identify, oai, serving
from tests.faulty.exchange import Occurrence
from tests.faulty.faults import FAULTS
from tests.faulty.protocol import Responder
from tests.faulty.quirks import QUIRKS, Manners
from tests.faulty.repository import Repository
from tests.faulty.server import serving as faulty

TERMS = Terms(allow_private=True, interval=0)
ALWAYS = {"plain_http"}  # loopback
LEADER = "00512nam a2200181 a 4500"
RECORD = (
    '<record xmlns="http://www.loc.gov/MARC21/slim"><leader>00512nam a2200181 a 4500</leader>'
    '<controlfield tag="001">{n}</controlfield>'
    '<controlfield tag="008">260101s2020    vm ||||j||||||||||||vie||</controlfield>'
    '<datafield tag="020" ind1=" " ind2=" "><subfield code="a">9786042000000</subfield></datafield>'
    '<datafield tag="082" ind1="0" ind2="4"><subfield code="a">895.9</subfield></datafield>'
    '<datafield tag="100" ind1="1" ind2=" "><subfield code="a">Tô Hoài</subfield></datafield>'
    '<datafield tag="245" ind1="1" ind2="0"><subfield code="a">{title}</subfield></datafield>'
    '<datafield tag="260" ind1=" " ind2=" "><subfield code="a">H.</subfield><subfield code="b">Kim Đồng</subfield>'
    '<subfield code="c">2020</subfield></datafield>'
    '<datafield tag="650" ind1=" " ind2="7"><subfield code="a">Văn học thiếu nhi</subfield></datafield>'
    '<datafield tag="852" ind1=" " ind2=" "><subfield code="b">Kho mở</subfield></datafield>{more}</record>'
)

DUBLIN_CORE = (
    '<oai_dc:dc xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/" xmlns:dc="http://purl.org/dc/elements/1.1/">'
    "<dc:title>{title}</dc:title></oai_dc:dc>"
)


def codes(diagnosis: Diagnosis) -> set[str]:
    """The codes of what is not good."""
    return {finding.code for finding in diagnosis.findings if finding.severity is not Severity.GOOD}


def item(number: int, title: str = "Dế Mèn phiêu lưu ký", more: str = "", **fields: Any) -> dict[str, Any]:
    stamp = f"2026-01-{number % 28 + 1:02}T08:00:00Z"
    record = RECORD.format(n=number, title=title, more=more)
    dc = DUBLIN_CORE.format(title=title)
    metadata = {"marcxml": record, "oai_dc": dc}
    given = {"identifier": f"oai:x:{number}", "datestamp": stamp, "sets": ["sach"], "metadata": metadata}
    return given | fields


def of_items(items: list[dict[str, Any]]) -> Diagnosis:
    with serve({"x": Partner("x", items)}) as base:
        return examine(f"{base}/x", TERMS)


def of_faulty(name: str, *, changes: int = 2) -> Diagnosis:
    """The diagnosis of a repository with one quirk or with one fault that never stops."""
    quirk = QUIRKS.get(name)
    repository = Repository("x", 60, quirk.on(Manners()) if quirk else Manners())
    for _ in range(changes):
        repository.change()
    responder = Responder(repository)
    if quirk is None:
        responder.occurrences = [Occurrence(FAULTS[name])]
    with faulty({"x": responder}) as server:
        return examine(server.address("x"), TERMS)


@pytest.fixture(scope="module")
def plain() -> set[str]:
    """What is always said of the faulty server, which is no model of good manners."""
    repository = Repository("x", 60)
    repository.change()
    with faulty({"x": Responder(repository)}) as server:
        return codes(examine(server.address("x"), TERMS))


def test_a_good_repository_is_well() -> None:
    found = of_items([item(n) for n in range(60)] + [item(70, deleted=True)])
    assert codes(found) == ALWAYS | {"no_gzip"}
    good = {finding.code for finding in found.of(Severity.GOOD)}
    assert {"dates_good", "token_good", "deleted_good", "errors_good", "post_good", "marc_good"} <= good
    assert found.figures.requests <= 30
    assert set(found.figures.complete.values()) == {100}
    assert found.figures.announced == 61


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("lower_case_granularity", "granularity_case"),
        ("granularity_lie", "seconds_refused"),
        ("days_lie", "datestamps_differ"),
        ("earliest_too_late", "earliest_late"),
        ("earliest_nonsense", "earliest_illegal"),
        ("no_size", "size_missing"),
        ("no_deletions", "deletions_no"),
        ("transient_deletions", "deletions_transient"),
        ("until_exclusive", "until_exclusive"),
        ("from_exclusive", "from_exclusive"),
        ("no_metadata_in_lists", "records_without_metadata"),
        ("no_namespace", "namespace"),
        ("date_with_offset", "response_date"),
        ("bom", "byte_order_mark"),
        ("moved_for_good", "moved"),
        ("gzip_cut", "gzip_cut"),
        ("redirect", "moved"),
        ("token_expires", "token_refused"),
        ("token_repeats", "token_circle"),
        ("token_cycle", "token_circle"),
        ("list_ends_early", "list_ends_early"),
        ("seconds_refused", "seconds_refused"),
        ("control_character", "page_broken"),
        ("stray_byte", "page_broken"),
        ("unclosed_element", "page_broken"),
        ("declared_latin1", "declared_encoding"),
        ("charset_latin1", "charset"),
        ("not_as_declared", "other_bytes"),
        ("utf16", "declared_encoding"),
        ("printed_around", "printed_around"),
        ("empty_pages", "pages_empty"),
    ],
)
def test_each_fault_is_named_and_nothing_else(name: str, code: str, plain: set[str]) -> None:
    found = codes(of_faulty(name))
    assert code in found
    assert found - plain - {code} <= {"no_gzip", "flaky", "base_url"}


@pytest.mark.parametrize("name", ["token_characters", "spaces_in_identifiers", "empty_page", "other_prefix", "days"])
def test_what_is_odd_but_right_is_no_finding(name: str, plain: set[str]) -> None:
    assert codes(of_faulty(name)) - plain == set()


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("html", "not_oai"),
        ("html_as_xml", "not_oai"),
        ("empty", "not_oai"),
        ("failing", "failing"),
        ("reset", "cut"),
        ("short_body", "cut"),
        ("content_encoding_lie", "cut"),
        ("xml_cut", "list_fails"),
        ("unknown_error", "list_fails"),
    ],
)
def test_what_blocks_is_the_first_point(name: str, code: str) -> None:
    diagnosis = of_faulty(name, changes=0)
    assert diagnosis.worst is Severity.BLOCKS
    assert diagnosis.findings[0].code == code
    assert diagnosis.figures.requests < 8


@pytest.mark.parametrize(
    ("status", "code"), [(404, "address_wrong"), (403, "forbidden"), (401, "forbidden"), (500, "failing")]
)
def test_statuses(status: int, code: str) -> None:
    with serving(lambda _: Reply(b"<html>no</html>", status)) as server:
        assert examine(server.url, TERMS).findings[0].code == code


def test_a_busy_server_is_left_alone() -> None:
    with serving(lambda _: Reply(b"", 503, {"Retry-After": "3600"})) as server:
        diagnosis = examine(server.url, TERMS)
        assert len(server.asked) == 1
    assert diagnosis.findings[0].code == "busy"


def test_a_document_type_is_refused() -> None:
    bomb = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><OAI-PMH>&a;</OAI-PMH>'
    with serving(lambda _: bomb) as server:
        assert examine(server.url, TERMS).findings[0].code == "doctype"


def test_a_private_address_is_not_asked() -> None:
    with serving(lambda _: identify()) as server:
        diagnosis = examine(server.url)
        assert server.asked == []
    assert [finding.code for finding in diagnosis.findings] == ["private_address"]


def test_few_requests_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    with serve({"x": Partner("x", [item(n) for n in range(60)])}) as base:
        diagnosis = examine(f"{base}/x", replace(TERMS, limit=7))
        assert diagnosis.figures.requests == 7
        assert "not_examined" in codes(diagnosis)
        assert codes(examine(f"{base}/x", replace(TERMS, seconds=0.5))) == {"not_examined"}


def one_answer(verbs: dict[str, Callable[[dict[str, str]], bytes]]) -> Callable[[dict[str, str]], bytes]:
    return lambda asked: verbs.get(asked.get("verb", ""), lambda _: error("badVerb"))(asked)


def test_a_repository_without_a_format_of_ours() -> None:
    formats = oai(
        "<ListMetadataFormats><metadataFormat><metadataPrefix>rdf</metadataPrefix></metadataFormat></ListMetadataFormats>"
    )
    who = identify().replace(b"<granularity>", b"<protocolVersion>2.0</protocolVersion><granularity>")
    with serving(one_answer({"Identify": lambda _: who, "ListMetadataFormats": lambda _: formats})) as server:
        assert "no_readable_format" in codes(examine(server.url, TERMS))
    old = who.replace(b"2.0</protocolVersion>", b"1.1</protocolVersion>")
    with serving(one_answer({"Identify": lambda _: old})) as server:
        assert examine(server.url, TERMS).findings[0].code == "version"


# Records


@pytest.mark.parametrize(
    ("title", "code"),
    [
        ("Dáº¿ MÃ¨n phiÃªu lÆ°u kÃ½", "mojibake"),
        ("DÕ MÌn phiªu l­u ký vµ nh÷ng ng­êi b¹n", "legacy_encoding"),
        ("D? Mèn phiêu l?u ký", "lost_letters"),
        ("D? Mèn", "lost_letters"),
        ("D\ufffd Mèn phiêu lưu ký", "lost_letters"),
        ("Le Petit Prince, édition illustrée à l'aquarelle", ""),
        ("Đồng hào có ma? Ai biết?", ""),
    ],
)
def test_letters_that_were_lost_or_mistaken(title: str, code: str) -> None:
    found = of_items([item(1, title)])
    assert codes(found) & {"mojibake", "legacy_encoding", "lost_letters"} == ({code} if code else set())


def test_what_must_not_be_sent_is_named_but_not_repeated() -> None:
    local = '<datafield tag="{}" ind1=" " ind2=" "><subfield code="x">{}</subfield></datafield>'
    private = [local.format("952", "lien he 0912345678"), local.format("912", "Trần Thị Biên Mục")]
    diagnosis = of_items([item(n, more=more) for n, more in enumerate(private)])
    [finding] = [finding for finding in diagnosis.findings if finding.code == "personal_data"]
    assert finding.facts["places"] == "952 $x, 912"
    assert "0912345678" not in as_text(diagnosis)
    assert "Biên Mục" not in as_text(diagnosis)
    assert "personal_data" not in codes(of_items([item(1, more=local.format("952", "Kho B, giá 3"))]))


def test_unreadable_records_and_missing_copies() -> None:
    bad = item(2) | {"metadata": {"marcxml": "<nothing/>"}}
    diagnosis = of_items([item(1).copy(), bad])
    [finding] = [finding for finding in diagnosis.findings if finding.code == "records_unreadable"]
    assert (finding.facts["count"], finding.facts["of"], finding.facts["example"]) == ("1", "2", "oai:x:2")
    assert finding.evidence is not None
    assert "verb=GetRecord" in finding.evidence.request
    bare = item(1)
    bare["metadata"] = {"marcxml": bare["metadata"]["marcxml"].replace('tag="852"', 'tag="500"')}
    assert "no_holdings" in codes(of_items([bare]))


GOOD = (
    ("001", "1"),
    ("008", "260101s2020    vm ||||j||||||||||||vie||"),
    data_field("245", "10", [("a", "Dế Mèn")]),
)


@pytest.mark.parametrize(
    ("leader", "fields", "seen"),
    [
        (LEADER, GOOD, []),
        ("short", GOOD, [("marc_leader", "short")]),
        (LEADER, (*GOOD[:1], ("008", "vie"), GOOD[2]), [("marc_008", "3")]),
        (LEADER, GOOD[:2], [("marc_title", "245")]),
        (LEADER, (*GOOD[:2], data_field("245", "10", [("b", "x")])), [("marc_title", "245 $a")]),
        (LEADER, GOOD[1:], [("marc_numbers", "001")]),
        (LEADER, (*GOOD, data_field("299", "  ", [("a", "x")])), [("marc_tags", "299")]),
        (LEADER, (*GOOD, data_field("952", "xx", [("a", "x")]), data_field("591", "  ", [("a", "x")])), []),
        (LEADER, (*GOOD, data_field("650", " 9", [("a", "x")])), [("marc_indicators", "650 #9")]),
        (LEADER, (*GOOD, GOOD[2]), [("marc_repeated", "245")]),
    ],
)
def test_the_rules_of_marc21(leader: str, fields: tuple[tuple[str, str], ...], seen: list[tuple[str, str]]) -> None:
    assert list(breaches(Record(leader, fields))) == seen


# Addresses, words, letters


@pytest.mark.parametrize(
    ("given", "clean"),
    [
        (" thuvien.example/oai?verb=Identify ", "http://thuvien.example/oai"),
        ("https://x.example/oai?db=1&verb=ListSets#a", "https://x.example/oai?db=1"),
        ("http://x.example", "http://x.example/"),
    ],
)
def test_addresses_as_people_give_them(given: str, clean: str) -> None:
    assert clean_url(given) == clean


@pytest.mark.parametrize(
    "given", ["", "ftp://x.example/", "http://user@x.example/", "file:///etc/passwd", "http://x:99999/"]
)
def test_what_is_no_address(given: str) -> None:
    with pytest.raises(Trouble):
        clean_url(given)


def test_every_code_has_its_words() -> None:
    assert WORDS.keys() == COSTS.keys()
    for code, words in WORDS.items():
        assert words.keys() == {"vi", "en"}, code
        assert len(words["vi"]) == len(words["en"]) == (1 if COSTS[code] is Severity.GOOD else 3), code
        for vi, en in zip(words["vi"], words["en"], strict=True):
            assert {f[1] for f in Formatter().parse(vi)} == {f[1] for f in Formatter().parse(en)}, code


def texts() -> Iterator[Diagnosis]:
    yield of_faulty("control_character")
    yield of_faulty("html", changes=0)
    yield of_items([item(1, "Dáº¿ MÃ¨n", '<datafield tag="299" ind1=" " ind2=" "/>')])


def test_no_letter_has_a_hole() -> None:
    for diagnosis in texts():
        for language in ("vi", "en"):
            text = as_text(diagnosis, language)
            assert "{" not in text
            for section in write(diagnosis, language).sections:
                assert all(one.what for one in section.items)


def test_a_diagnosis_is_stored_and_read_back() -> None:
    diagnosis = of_faulty("stray_byte")
    assert Diagnosis.from_json(diagnosis.to_json()) == diagnosis


def made(*names: str) -> Diagnosis:
    return Diagnosis("u", "2026-01-01T00:00:00Z", tuple(found(name) for name in names), Figures())


def test_what_changed_between_two_visits() -> None:
    difference = compare(made("no_gzip", "slow", "get_good"), made("slow", "no_post", "get_good"))
    assert [finding.code for finding in difference.new] == ["no_post"]
    assert [finding.code for finding in difference.mended] == ["no_gzip"]
    assert compare(made("no_gzip"), made("not_oai")).mended == ()
    assert compare(made("no_gzip"), made("not_examined")).mended == ()


def test_spans_of_time() -> None:
    assert [span(n, "vi") for n in (1, 90, 420, 5000)] == ["1 phút", "90 phút", "7 giờ", "3 ngày"]
    assert span(1, "en") == "1 minute"


def test_every_wanted_field_can_be_had() -> None:
    assert set(sample.HAS) == set(sample.COMPLETENESS)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("1 of 50 records are not deleted", "1 of 50 records is not deleted"),
        ("1 of the first 5 pages have no record", "1 of the first 5 pages has no record"),
        ("21 of 50 records are", "21 of 50 records are"),
        ("can be read: 1 pages, 1 records.", "can be read: 1 page, 1 record."),
        ("1 records of the sample keep to it", "1 record of the sample keeps to it"),
        ("There are 1 sets that can", "There is 1 set that can"),
        ("1,001 records are", "1,001 records are"),
        ("2.1 records are", "2.1 records are"),
    ],
)
def test_one_is_not_many(written: str, expected: str) -> None:
    assert of_one(written) == expected


def test_one_thing_is_not_things() -> None:
    alone = Diagnosis("http://x/oai", "2026-03-01T10:00:00Z", (found("plain_http"),), Figures())
    assert "one thing" in write(alone, "en").summary
    assert "một điều" in write(alone).summary
    two = replace(alone, findings=(found("plain_http"), found("no_gzip")))
    assert "2 things" in write(two, "en").summary


def test_a_port_that_is_none_of_the_web_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("socket.getaddrinfo", lambda *_, **__: [(2, 1, 6, "", ("9.9.9.9", 8081))])
    assert codes(examine("http://opac.example:8081/oai", Terms(interval=0))) == {"unusual_port"}
