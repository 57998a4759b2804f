import pytest

from connectors.sru import CONNECTOR, pages
from connectors.sru_page import read_page, read_root, salvage
from connectors.sru_partner import arguments
from connectors.sru_records import raw_records
from schemas.format import Reading
from schemas.problem import Trouble
from tests.connectors.partner import Reply, identifiers, serving, until_trouble
from tests.connectors.sru_site import (
    MARCXML,
    PICA,
    VERSIONS,
    YEARS,
    Database,
    at,
    checked,
    codes,
    diagnostic,
    entry,
    harvest,
    job,
    numbers,
    outcome,
    refusing,
    served,
    stopped,
    texts,
)
from tests.connectors.z3950_site import book, zebra

COUNT = 250
BOOKS = [book(number) for number in range(1, COUNT + 1)]


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    """The address of a Zebra with 250 books and no other record."""
    with zebra(tmp_path_factory.mktemp("zebra"), BOOKS) as port:
        yield f"http://127.0.0.1:{port}/Default"


# --- a real server


@pytest.mark.parametrize("version", ["auto", *VERSIONS])
def test_every_record_arrives_as_it_is_in_every_version(server, version):
    harvested = harvest(server, version=version)
    assert texts(harvested) == [record.pack() for record in BOOKS]
    assert identifiers(harvested) == numbers(COUNT)
    assert [len(page.records) for page in harvested] == [100, 100, 50, 0]
    assert harvested[0].records[1].place == "record 2"
    assert outcome(harvested) == (COUNT, [], True, True)
    assert harvested[0].announced == COUNT
    assert CONNECTOR.check(job(server, version=version)) == []


def test_bytes_are_the_same_in_every_version(server):
    bodies = [[raw.body for page in harvest(server, version=version) for raw in page.records] for version in VERSIONS]
    assert bodies[0] == bodies[1] == bodies[2]
    assert b"zing" not in bodies[0][0]


def test_a_large_list_is_read_in_slices_and_what_has_no_year_comes_last(server):
    harvested = harvest(server, max_records=40, slices=YEARS)
    assert sorted(identifiers(harvested)) == numbers(COUNT)
    assert (codes(harvested), harvested[-1].everything) == ([], True)
    places = [record.place for page in harvested for record in page.records]
    assert {place.split(" of ")[1] for place in places} > {"not 1400–2100"}
    assert identifiers(harvested)[-25:] == numbers(COUNT)[9::10]
    assert CONNECTOR.check(job(server, max_records=40, slices=YEARS)) == []


def test_a_list_shorter_than_the_limit_is_read_in_one(server):
    assert identifiers(harvest(server, max_records=1000, slices=YEARS)) == numbers(COUNT)


@pytest.mark.parametrize("limit", [100, COUNT])
def test_a_list_at_or_above_the_limit_needs_slices(server, limit):
    _, problem = until_trouble(pages(job(server, max_records=limit)))
    assert (problem.code, problem.facts["hits"]) == ("sru_too_many", str(COUNT))
    assert CONNECTOR.check(job(server, max_records=limit)) == [problem]


def test_a_slice_that_cannot_be_cut_is_said(server):
    assert until_trouble(pages(job(server, max_records=3, slices=YEARS)))[1].code == "slice_too_large"


@pytest.mark.parametrize("options", [{}, {"max_records": 60, "slices": YEARS}])
def test_a_harvest_that_was_stopped_goes_on_at_its_place(server, options):
    for stop in (1, 3, 6):
        first = []
        for page in pages(job(server, page_size=20, **options)):
            first.append(page)
            if len(first) == stop:
                break
        rest = harvest(server, first[-1].checkpoint, page_size=20, **options)
        assert sorted(identifiers(first) + identifiers(rest)) == numbers(COUNT)
        assert (rest[-1].complete, rest[-1].everything) == (True, False)
    assert identifiers(harvest(server, rest[-1].checkpoint, **options)) == identifiers(harvest(server, **options))


def test_another_query_does_not_go_on_where_the_old_one_was(server):
    stored = harvest(server)[0].checkpoint
    assert len(identifiers(harvest(server, stored, query="dc.date >= 1950"))) == 225
    assert len(identifiers(harvest(server, stored, full=True))) == COUNT


def test_what_the_server_refuses_is_said_with_its_diagnostic(server):
    for version in VERSIONS:
        _, problem = until_trouble(pages(job(server, version=version, record_schema="khong")))
        assert (problem.code, problem.facts["number"]) == ("sru_schema_refused", "66")
        assert "66: Unknown schema for retrieval: khong" in problem.sentence("en")
    found = CONNECTOR.check(job(server, record_schema="khong"))
    assert [problem.code for problem in found] == ["sru_schema_refused", "sru_schema_unknown"]
    assert found[1].facts == {"schema": "khong", "known": "marcxml"}
    for query, number in [("((", "10"), ("khong.co = 1", "15"), ("dc.khong = 1", "16")]:
        _, problem = until_trouble(pages(job(server, query=query)))
        assert (problem.code, problem.facts["number"]) == ("sru_query_refused", number)
        assert CONNECTOR.check(job(server, query=query)) == [problem]


def test_a_database_the_server_does_not_have_is_said(server):
    wrong = server.replace("Default", "Khong")
    _, problem = until_trouble(pages(job(wrong)))
    assert (problem.code, problem.facts["status"]) == ("http_status", "404")
    assert [problem.code for problem in CONNECTOR.check(job(wrong))] == ["http_status"]


def test_a_query_that_finds_nothing_takes_nothing_to_be_gone(server):
    (page,) = harvest(server, query="dc.title = khongco")
    assert (page.records, page.complete, page.everything) == ([], True, False)
    assert [note.code for note in page.notes] == ["sru_empty"]
    assert [problem.code for problem in CONNECTOR.check(job(server, query="dc.title = khongco"))] == ["sru_empty"]


# --- versions


def test_the_parameters_are_those_of_the_version():
    old = {"startRecord": "11", "maximumRecords": "10", "recordSchema": "marcxml", "query": "a"}
    named = {"operation": "searchRetrieve", "version": "1.2", "recordPacking": "xml"}
    assert arguments("1.2", "a", 11, 10, "marcxml") == old | named
    assert arguments("2.0", "a", 11, 10, "marcxml") == old | {"queryType": "cql", "recordXMLEscaping": "xml"}


@pytest.mark.parametrize("version", VERSIONS)
def test_auto_finds_the_one_version_a_server_speaks_and_remembers_it(version):
    database = Database(25, speaks=(version,))
    harvested, _ = served(database)
    assert outcome(harvested) == (25, [], True, True)
    assert (database.versions, harvested[-1].checkpoint["version"]) == ({version}, version)
    _, asked = served(database, harvested[-1].checkpoint)
    assert asked[0].get("version", "2.0") == version


def test_a_version_the_server_does_not_speak_is_said():
    for version, other in (("2.0", "1.1"), ("1.1", "2.0")):
        _, problem = stopped(Database(speaks=(other,)), version=version)
        assert (problem.code, problem.facts["number"]) == ("sru_version", "5")
    assert checked(Database(speaks=("3.0",))) == ["sru_version"]


def test_a_server_that_explains_itself_whatever_it_is_asked_is_asked_in_another_version():
    database = Database(25)
    database.before = lambda asked: database.explain("1.1") if asked.get("version") != "1.1" else None
    harvested, _ = served(database)
    assert (outcome(harvested), database.versions) == ((25, [], True, True), {"1.1"})
    database.before = lambda asked: database.explain("1.1")
    assert stopped(database)[1].facts["element"] == "explainResponse"


# --- transport


def test_a_page_that_is_cut_is_never_taken():
    database = Database(45)
    whole = database.page(database.books, 21, 10)
    for cut in (len(whole) // 2, len(whole) - 5, 40):
        database.before = at(21, whole[:cut], Reply(whole, cut=100))
        assert outcome(served(database)[0]) == (45, [], True, True)


def test_a_page_that_stays_cut_is_read_in_parts_or_not_at_all():
    database = Database(45)

    def before(asked):
        start, count = int(asked["startRecord"]), int(asked["maximumRecords"])
        return database.page(database.books, start, count)[:-400] if start > 20 and count > 2 else None

    database.before = before
    harvested, _ = served(database, tries=2)
    assert outcome(harvested) == (45, [], True, True)
    database.before = lambda asked: b"<z:searchRetrieveResponse xmlns:z='x'><z:records>"
    assert stopped(database, tries=2)[1].code in ("xml_broken", "sru_cut")


@pytest.mark.parametrize(
    "body", [b"<html><body>Sign in</body></html>", b"", b"<!DOCTYPE html><html/>", b"<rss/>", b"ok"]
)
def test_another_page_with_the_status_200_is_asked_for_again_then_said(body):
    database = Database(45)
    database.before = at(21, Reply(body, headers={"Content-Type": "text/xml"}), body)
    assert outcome(served(database)[0]) == (45, [], True, True)
    database.before = at(21, *[body] * 9)
    seen, problem = stopped(database)
    assert (identifiers(seen), problem.code) == (numbers(20), "sru_not_sru")
    assert checked(lambda asked: body) == ["sru_not_sru"]


def test_a_document_type_declaration_is_refused():
    body = b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>' + Database().page([1], 1, 1).partition(b"?>")[2]
    assert stopped(lambda asked: body)[1].code == "xml_doctype"


def test_a_busy_server_is_waited_for_and_a_very_busy_one_is_left():
    database = Database(45)
    database.before = at(21, Reply(b"", 503, {"Retry-After": "0"}), Reply(b"", 429, {"Retry-After": "0"}), refusing(2))
    assert outcome(served(database)[0]) == (45, [], True, True)
    database.before = at(21, Reply(b"", 503, {"Retry-After": "86400"}))
    seen, problem = stopped(database)
    assert (identifiers(seen), problem.code) == (numbers(20), "http_busy")
    assert identifiers(seen) + identifiers(served(database, seen[-1].checkpoint)[0]) == numbers(45)


@pytest.mark.parametrize("number", [11, 15, 20])
@pytest.mark.parametrize("damage", ["\x01", "&", "&nbsp;", "<b>", "</z:recordData>"])
def test_a_record_that_breaks_its_page_is_kept_and_the_others_are_read(number, damage):
    database = Database(25)
    whole = database.entry
    database.entry = lambda n, place=None: (
        whole(n, place).replace("Chuyện", f"Chuyện{damage}") if n == number else whole(n, place)
    )
    harvested, _ = served(database)
    records = [record for page in harvested for record in page.records]
    (rejected,) = [record for record in records if record.problem]
    assert [record.identifier for record in records] == numbers(25)
    assert (rejected.identifier, rejected.problem.code) == (f"vn{number:05d}", "sru_record_broken")
    assert (rejected.place, damage.encode() in rejected.body) == (f"record {number}", True)
    assert (codes(harvested), harvested[-1].everything) == (["sru_salvaged"], True)


def test_a_broken_page_says_its_numbers_and_warnings_all_the_same():
    database = Database(25, more=f"<z:diagnostics>{diagnostic(59, 'một phần')}</z:diagnostics>")
    body = database.page(database.books, 11, 10).replace("Chuyện".encode(), b"&", 1)
    page = salvage(body, 11)
    assert (page.hits, page.following, page.salvaged, len(page.entries)) == (25, 21, 1, 10)
    assert [one.number for one in page.diagnostics] == ["59"]
    for cut in (body[:-3], body[: len(body) // 2], b"<a/>"):
        with pytest.raises(Trouble) as caught:
            salvage(cut, 11)
        assert caught.value.problem.code == "sru_cut"


def test_a_page_in_a_declared_encoding_is_read_and_so_is_one_that_declares_the_wrong_one():
    page = Database(2).page([1], 1, 1).decode()
    honest = page.replace("UTF-8", "windows-1258")
    (raw,) = raw_records(MARCXML, Reading(), read_page(read_root(honest.encode())).entries[0], "marcxml", "record 1")
    assert MARCXML.parse(raw.body, Reading()) == BOOKS[0]


def test_servers_that_are_none(server):
    assert until_trouble(pages(job(server, allow_private=False)))[1].code == "http_private"
    assert until_trouble(pages(job("http://nobody.invalid/sru", tries=1)))[1].code == "http_no_host"
    assert [problem.code for problem in CONNECTOR.check(job("http://127.0.0.1:1/"))] == ["http_unreachable"]
    with pytest.raises(ValueError, match="cannot be used"):
        job("ftp://thuvien.example/")
    with pytest.raises(ValueError, match="control characters"):
        job(server, query="a\n")
    with pytest.raises(ValueError, match="max_records"):
        job(server, slices=YEARS)


def test_a_check_says_when_the_format_is_not_what_comes():
    database = Database(5)
    database.entry = lambda number, place=None: entry(PICA, place, schema="picaxml")
    assert checked(database, record_schema="pica") == [
        "sru_other_schema",
        "sru_schema_unknown",
    ]
    with serving(Database(5)) as here:
        found = CONNECTOR.check(job(here.url, form="mods"))
    assert [problem.code for problem in found] == ["sru_other_schema", "sru_schema_unknown"]
    assert "marcxml, dc" in found[1].sentence("vi")
    assert checked(Database(5), form="mods", record_schema="marcxml") == ["mods_no_record"]
    empty = "<record><khong/></record>"
    database.entry = lambda number, place=None: entry(empty, place)
    assert checked(database) == ["marcxml_no_record"]


def test_a_server_without_explain_is_checked_all_the_same():
    database = Database(5)
    database.before = lambda asked: b"<html/>" if "query" not in asked else None
    assert checked(database) == []
