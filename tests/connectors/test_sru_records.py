"""Records in every packing and schema, diagnostics in their place, and answers recorded from real servers."""

import re

import pytest

from connectors.sru import CONNECTOR, pages
from connectors.sru_page import read_page, read_root
from connectors.sru_records import raw_records
from schemas.format import Reading, find_format
from schemas.marcxml import to_marcxml
from tests.connectors.partner import Reply, identifiers, serving, until_trouble
from tests.connectors.sru_site import (
    MARCXML,
    PICA,
    VERSIONS,
    Database,
    checked,
    codes,
    diagnostic,
    entry,
    harvest,
    job,
    numbers,
    outcome,
    problems,
    refusing,
    response,
    served,
    stopped,
    texts,
)
from tests.connectors.z3950_site import book

BOOKS = [book(number) for number in range(1, 26)]


# --- diagnostics and records


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize(
    ("number", "code"),
    [(1, "sru_diagnostic"), (2, "sru_busy"), (3, "sru_login"), (10, "sru_query_refused"), (16, "sru_query_refused"),
     (60, "sru_limited"), (66, "sru_schema_refused"), (235, "sru_database"), ("http://x.example/loi/9", "sru_diagnostic")],
)  # fmt: skip
def test_a_diagnostic_in_place_of_an_answer_is_said_in_both_languages(version, number, code):
    _, problem = stopped(lambda asked: refusing(number, "Không được", "vì sao", version), version=version)
    assert (problem.code, problem.facts["number"]) == (code, str(number))
    for language in ("vi", "en"):
        assert f"{number}" in problem.sentence(language)
        assert "Không được: vì sao" in problem.sentence(language)


def test_a_diagnostic_with_an_error_status_or_alone_is_read():
    body = refusing(235, "Database does not exist")
    assert stopped(lambda asked: Reply(body, status=404), version="1.2")[1].code == "sru_database"
    bare = diagnostic(10, "Query syntax error").encode()
    assert stopped(lambda asked: bare, version="1.2")[1].code == "sru_query_refused"
    assert stopped(lambda asked: b"<diagnostics>" + bare + b"</diagnostics>")[1].code == "sru_query_refused"


@pytest.mark.parametrize(("number", "everything"), [(59, False), (58, False), (80, True), ("khac:1", False)])
def test_a_warning_beside_records_is_noted(number, everything):
    database = Database(25)
    database.more = f"<z:diagnostics>{diagnostic(number, 'có cảnh báo')}</z:diagnostics>"
    harvested, _ = served(database)
    assert outcome(harvested) == (25, ["sru_warned"], True, everything)
    assert "có cảnh báo" in harvested[0].notes[0].sentence("vi")


@pytest.mark.parametrize("version", VERSIONS)
def test_a_diagnostic_in_place_of_a_record_rejects_that_record_and_keeps_its_bytes(version):
    database = Database(25)
    whole = database.entry
    surrogate = diagnostic(67, "Record not available in this schema", "vn00013", version)
    database.entry = lambda number, place=None: (
        entry(surrogate, place, schema="info:srw/schema/1/diagnostics-v1.1") if number == 13 else whole(number, place)
    )
    harvested, _ = served(database, version=version)
    records = [record for page in harvested for record in page.records]
    (rejected,) = [record for record in records if record.problem]
    assert [record.identifier for record in records if not record.problem] == [n for n in numbers(25) if n != "vn00013"]
    assert (rejected.problem.code, rejected.problem.facts["number"]) == ("sru_record_refused", "67")
    assert (rejected.place, b"vn00013" in rejected.body) == ("record 13", True)
    assert (codes(harvested), harvested[-1].complete, harvested[-1].everything) == (["full_doubtful"], True, False)


def test_nothing_but_diagnostics_in_place_of_records_is_no_harvest():
    database = Database(25)
    database.entry = lambda number, place=None: entry(diagnostic(67, "Record not available in this schema"), place)
    seen, problem = stopped(database)
    assert (seen, problem.code) == ([], "sru_gives_nothing")
    assert "67: Record not available in this schema" in problem.sentence("en")
    assert checked(database) == ["sru_record_refused"]


@pytest.mark.parametrize("broken", ["diagnostic", "status", "length"])
def test_a_page_that_one_record_spoils_is_read_in_parts(broken):
    database = Database(45)

    def before(asked):
        start, count = int(asked["startRecord"]), int(asked["maximumRecords"])
        if start <= 17 < start + count:
            if broken == "length":
                return Reply(b" " * 300_000)
            return refusing(70, "Record too large to send") if broken == "diagnostic" else Reply(b"", status=500)
        return None

    database.before = before
    harvested, _ = served(database, max_bytes=200_000, tries=2)
    records = [record for page in harvested for record in page.records]
    assert [record.identifier for record in records if not record.problem] == [n for n in numbers(45) if n != "vn00017"]
    (rejected,) = [record for record in records if record.problem]
    expected = {"diagnostic": "sru_diagnostic", "status": "http_failing", "length": "http_too_long"}
    assert (rejected.problem.code, rejected.place) == (expected[broken], "record 17")
    assert (harvested[-1].complete, harvested[-1].everything) == (True, False)


def test_a_page_that_was_halved_does_not_show_the_end():
    database = Database(45, says=lambda hits: 27, nexts=False)

    def before(asked):
        start, count = int(asked["startRecord"]), int(asked["maximumRecords"])
        return refusing(70, "Record too large to send") if start <= 28 < start + count else None

    database.before = before
    harvested, _ = served(database)
    assert outcome(harvested) == (27, ["sru_unproven"], True, False)


def test_several_records_in_a_row_that_cannot_be_had_are_rejected_one_by_one():
    for bad in (range(17, 22), range(41, 46)):
        database = Database(45)

        def before(asked, bad=bad):
            start, count = int(asked["startRecord"]), int(asked["maximumRecords"])
            spoiled = start <= bad[-1] and bad[0] < start + count
            return refusing(70, "Record too large to send") if spoiled else None

        database.before = before
        harvested, _ = served(database)
        rejected = [record.place for page in harvested for record in page.records if record.problem]
        assert rejected == [f"record {number}" for number in bad]
        assert len(identifiers(harvested)) == 45
        assert not harvested[-1].everything


def test_a_server_that_fails_for_good_in_the_middle_is_gone_on_with_later():
    database = Database(45)
    database.before = lambda asked: Reply(b"", status=500) if int(asked["startRecord"]) > 20 else None
    seen, problem = stopped(database, tries=1)
    assert (identifiers(seen), problem.code) == (numbers(20), "http_failing")
    database.before = lambda asked: None
    assert identifiers(served(database, seen[-1].checkpoint)[0]) == numbers(45)[20:]


def test_a_first_record_that_cannot_be_had_does_not_hide_the_others():
    database = Database(25)

    def before(asked):
        start, count = int(asked.get("startRecord", 0)), int(asked.get("maximumRecords", 0))
        return refusing(64, "Record temporarily unavailable") if start <= 1 < start + count else None

    database.before = before
    harvested, _ = served(database)
    assert identifiers(harvested)[1:] == numbers(25)[1:]
    assert problems(harvested) == ["sru_diagnostic"]


# --- packing, schemas, namespaces


@pytest.mark.parametrize("version", VERSIONS)
def test_records_sent_as_text_are_the_same_records(version):
    harvested, _ = served(Database(25, packing="string"), version=version)
    assert texts(harvested) == [record.pack() for record in BOOKS[:25]]
    database = Database(3, packing="string")
    database.entry = lambda number, place=None: entry(
        '<?xml version="1.0" encoding="ISO-8859-1"?>\n' + to_marcxml(book(number)), place, packing="string"
    )
    assert texts(served(database)[0]) == [record.pack() for record in BOOKS[:3]]
    assert checked(database) == []


def test_what_is_said_of_the_packing_does_not_matter():
    database = Database(3)
    database.entry = lambda number, place=None: entry(to_marcxml(book(number))).replace(">xml<", ">string<")
    assert texts(served(database)[0]) == [record.pack() for record in BOOKS[:3]]
    database.entry = lambda number, place=None: entry(f"<![CDATA[{to_marcxml(book(number))}]]>")
    assert texts(served(database)[0]) == [record.pack() for record in BOOKS[:3]]


@pytest.mark.parametrize(
    ("prefixed", "declared"), [(False, "record"), (False, "nowhere"), (True, "record"), (True, "page")]
)
def test_namespaces_may_be_declared_anywhere(prefixed, declared):
    slim = ' xmlns="http://www.loc.gov/MARC21/slim"'
    text = to_marcxml(book(1))
    if prefixed:
        text = re.sub(r"<(/?)(?=[a-z])", r"<\1marc:", text)
        text = text.replace(slim, slim.replace("xmlns", "xmlns:marc"))
    outside = slim.replace("xmlns", "xmlns:marc") if declared == "page" else ""
    if declared != "record":
        text = text.replace(slim.replace("xmlns", "xmlns:marc"), "").replace(slim, "")
    page = read_page(read_root(response([entry(text)], 1).replace(b" xmlns:z=", outside.encode() + b" xmlns:z=")))
    (raw,) = raw_records(MARCXML, Reading(), page.entries[0], "marcxml", "record 1")
    assert (raw.problem, raw.identifier) == (None, "vn00001")
    assert MARCXML.parse(raw.body, Reading()) == BOOKS[0]


def test_several_records_in_one_place_are_all_read():
    several = "".join(to_marcxml(book(number)) for number in (1, 2))
    for data in (several, f"<collection>{several}</collection>"):
        page = read_page(read_root(response([entry(data)], 1)))
        raws = raw_records(MARCXML, Reading(), page.entries[0], "marcxml", "record 1")
        assert [raw.identifier for raw in raws] == ["vn00001", "vn00002"]


def read_entry(element, form="marcxml", asked="marcxml"):
    page = read_page(read_root(response([element], 1)))
    return raw_records(find_format(form), Reading(), page.entries[0], asked, "record 7")


DC = '<dc xmlns="info:srw/schema/1/dc-schema"><title xmlns="http://purl.org/dc/elements/1.1/">Số đỏ</title></dc>'


@pytest.mark.parametrize("packing", ["xml", "string"])
def test_a_record_in_another_schema_is_rejected_with_its_bytes(packing):
    for data, schema in ((PICA, "picaxml"), (PICA, ""), (DC, "info:srw/schema/1/dc-v1.1")):
        (raw,) = read_entry(entry(data, schema=schema, packing=packing))
        assert raw.problem.code == "sru_other_schema"
        assert (raw.problem.facts["place"], raw.problem.facts["asked"]) == ("record 7", "marcxml")
        assert raw.problem.facts["schema"] in (schema, "info:srw/schema/5/picaXML-v1.0")
        assert data.encode()[1:30] in raw.body
    (raw,) = read_entry(entry(DC, schema="dc", packing=packing), "oai_dc", "dc")
    assert raw.problem is None


def test_a_namespace_of_its_own_is_taken_where_the_schema_is_what_was_asked():
    odd = to_marcxml(book(1)).replace("http://www.loc.gov/MARC21/slim", "http://thuvien.example/marc")
    (raw,) = read_entry(entry(odd, schema="info:srw/schema/1/marcxml-v1.1"))
    assert (raw.problem, raw.identifier) == (None, "vn00001")
    (raw,) = read_entry(entry(odd, schema="khac"))
    assert (raw.problem.code, raw.identifier) == ("sru_other_schema", "vn00001")


def test_a_place_without_a_record_is_kept_with_the_reason():
    for element in ("<z:record/>", entry(""), entry("<x/>"), entry("chữ", packing="string"), entry("<a/><b/>")):
        (raw,) = read_entry(element)
        assert raw.problem is not None
        assert raw.body
    assert read_entry(entry("<x/>"))[0].problem.code == "sru_no_record"


def test_a_record_without_an_identifier_has_the_one_the_server_gives_it():
    bare = '<record xmlns="http://www.loc.gov/MARC21/slim"><leader>00000nam a2200000   4500</leader></record>'
    named = entry(bare).replace("<z:recordData>", "<z:recordIdentifier>id 5</z:recordIdentifier><z:recordData>")
    assert read_entry(named)[0].identifier == "id 5"
    assert re.fullmatch("k[0-9a-f]{16}", read_entry(entry(bare))[0].identifier)
    own = entry(to_marcxml(book(1))).replace(
        "<z:recordData>", "<z:recordIdentifier>x</z:recordIdentifier><z:recordData>"
    )
    assert read_entry(own)[0].identifier == "vn00001"


def test_a_format_without_a_usual_schema_needs_one():
    problem = until_trouble(pages(job("http://127.0.0.1:1/", form="marc21")))[1]
    assert (problem.code, problem.facts["format"]) == ("sru_schema_missing", "marc21")
    assert CONNECTOR.check(job("http://127.0.0.1:1/", form="marc21")) == [problem]


# --- answers recorded from real servers


RECORDED = {
    "1.xml": ("marcxml", 10, None),
    "11.xml": ("marcxml", 10, None),
    "21.xml": ("marcxml", 3, None),
    "marcxml.xml": ("marcxml", 10, None),
    "marcxml_ns.xml": ("marcxml", 4, None),
    "marcxml_ns_prefix.xml": ("marcxml", 5, None),
    "meta.xml": ("marcxml", 10, None),
    "mods.xml": ("mods", 5, None),
    "picaxml.xml": ("marcxml", 1, "sru_other_schema"),
    "sru_oai_dc.xml": ("oai_dc", 2, None),
}


def recorded(shared):
    return shared / "data" / "oai" / "catmandu_sru"


def test_every_recorded_answer_is_known(shared):
    assert {path.name for path in recorded(shared).glob("*.xml")} == RECORDED.keys()


@pytest.mark.parametrize("name", sorted(RECORDED))
def test_recorded_answers_are_read_or_rejected_with_a_reason(shared, name):
    form, count, reason = RECORDED[name]
    form = find_format(form)
    page = read_page(read_root((recorded(shared) / name).read_bytes()))
    raws = [raw for one in page.entries for raw in raw_records(form, Reading(), one, "marcxml", "record 1")]
    assert len(raws) == count
    for raw in raws:
        assert (raw.problem.code if raw.problem else None) == reason
        if not reason:
            assert form.parse(raw.body, Reading()).first("245", "a")
    assert page.hits


def test_a_recorded_list_is_harvested_to_its_end(shared):
    answers = {path.stem: path.read_bytes() for path in recorded(shared).glob("*1.xml")}
    with serving(lambda asked: answers.get(asked.get("startRecord", ""), refusing(61, version="1.1"))) as here:
        harvested = harvest(here.url, page_size=10)
    assert outcome(harvested) == (23, [], True, True)
    assert harvested[0].announced == 23
