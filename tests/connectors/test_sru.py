import re
from unicodedata import normalize

import pytest

from connectors.connector import Job
from connectors.slices import Slice
from connectors.sru import CONNECTOR, Options, pages
from connectors.sru_page import read_page, read_root, salvage
from connectors.sru_partner import arguments
from connectors.sru_records import raw_records
from schemas.format import Reading, find_format
from schemas.marcxml import to_marcxml
from schemas.problem import Trouble
from tests.connectors.partner import Reply, identifiers, serving, until_trouble
from tests.connectors.sru_site import Database, diagnostic, entry, numbers, refusing, response
from tests.connectors.z3950_site import book, zebra

COUNT = 250
BOOKS = [book(number) for number in range(1, COUNT + 1)]
YEARS = {"index": "dc.date"}
MARCXML = find_format("marcxml")
VERSIONS = ["1.1", "1.2", "2.0"]


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    """The address of a Zebra with 250 books and no other record."""
    with zebra(tmp_path_factory.mktemp("zebra"), BOOKS) as port:
        yield f"http://127.0.0.1:{port}/Default"


def job(url, checkpoint=None, *, full=False, form="marcxml", **options):
    settings = {"url": url, "allow_private": True, "pause": "0.001s", "tries": 3} | options
    return Job("x", Options(**settings), find_format(form), Reading(), checkpoint or {}, full)


def harvest(url, *arguments, **options):
    return list(pages(job(url, *arguments, **options)))


def served(database, stored=None, **options):
    """The harvest of a scripted server, ten records a page, and what it was asked for.

    A stored checkpoint counts as that of the same server, whatever port that had.
    """
    options = {"page_size": 10} | options
    with serving(database) as here:
        if stored:
            stored = stored | {"asked": job(here.url, **options).options.asked("marcxml")}
        return harvest(here.url, stored, **options), here.asked


def stopped(database, **options):
    """The pages until a problem, and the problem."""
    with serving(database) as here:
        return until_trouble(pages(job(here.url, **{"page_size": 10} | options)))


def checked(database, **options):
    with serving(database) as here:
        return CONNECTOR.check(job(here.url, **options))


def codes(harvested):
    return [note.code for page in harvested for note in page.notes]


def outcome(harvested):
    """How many different records came, what was noted, whether the list ended and was everything."""
    return len(set(identifiers(harvested))), codes(harvested), harvested[-1].complete, harvested[-1].everything


def problems(harvested):
    return [record.problem.code for page in harvested for record in page.records if record.problem]


def texts(harvested):
    records = [MARCXML.parse(raw.body, Reading()) for page in harvested for raw in page.records]
    return [normalize("NFC", record.pack()) for record in records]


def at(place, *answers):
    """Answers for the first pages that are asked for from a place on (not for single records), then as usual."""
    left = list(answers)

    def before(asked):
        if asked.get("startRecord") != str(place) or asked["maximumRecords"] == "1" or not left:
            return None
        return left.pop(0)

    return before


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
    assert [problem.code for problem in checked(Database(speaks=("3.0",)))] == ["sru_version"]


def test_a_server_that_explains_itself_whatever_it_is_asked_is_asked_in_another_version():
    database = Database(25)
    database.before = lambda asked: database.explain("1.1") if asked.get("version") != "1.1" else None
    harvested, _ = served(database)
    assert (outcome(harvested), database.versions) == ((25, [], True, True), {"1.1"})
    database.before = lambda asked: database.explain("1.1")
    assert stopped(database)[1].facts["element"] == "explainResponse"


# --- what the server says of its list


@pytest.mark.parametrize("cap", [1000, 7])
def test_a_list_longer_than_announced_is_read_to_its_end(cap):
    for nexts in (True, False):
        harvested, _ = served(Database(50, says=lambda hits: 20, cap=cap, nexts=nexts))
        assert outcome(harvested) == (50, ["sru_more"], True, False)


@pytest.mark.parametrize("beyond", ["diagnostic", "empty", "last"])
def test_a_list_shorter_than_announced_is_read_and_nothing_is_taken_to_be_gone(beyond):
    database = Database(50, says=lambda hits: 80)
    if beyond == "empty":
        database.before = lambda asked: response((), 80) if int(asked.get("startRecord", 1)) > 50 else None
    elif beyond == "last":
        database.before = lambda asked: (
            database.page(database.books, 41, 10) if int(asked.get("startRecord", 1)) > 50 else None
        )
    harvested, _ = served(database)
    found, said, complete, everything = outcome(harvested)
    assert (found, complete, everything) == (50, True, False)
    assert said == ["sru_stuck" if beyond == "last" else "sru_stopped", "sru_short"]


def test_a_number_that_is_none_or_missing_is_done_without():
    for said in (None, "", "nhiều", "-1", "1e3"):
        harvested, _ = served(Database(25, says=lambda hits, said=said: said))
        assert outcome(harvested) == (25, ["sru_uncounted"], True, False)
    assert [problem.code for problem in checked(Database(says=lambda hits: None))] == ["sru_uncounted"]
    _, problem = stopped(Database(says=lambda hits: None), max_records=20, slices=YEARS)
    assert problem.code == "sru_slice_uncounted"


def test_a_number_that_is_that_of_the_page_ends_nothing_early():
    database = Database(45, nexts=False)

    def before(asked):
        start, count = int(asked["startRecord"]), int(asked["maximumRecords"])
        chosen = database.books[start - 1 : start - 1 + count]
        return response([database.entry(number) for number in chosen], len(chosen))

    database.before = before
    found, said, complete, everything = outcome(served(database)[0])
    assert (found, complete, everything) == (45, True, False)
    assert "sru_changed" in said


def test_an_estimate_is_no_proof_that_something_is_gone():
    precision = "<z:resultCountPrecision>{}</z:resultCountPrecision>"
    harvested, _ = served(Database(25, more=precision.format("estimate")), version="2.0")
    assert outcome(harvested) == (25, ["sru_inexact"], True, False)
    exact = precision.format("info:srw/vocabulary/resultCountPrecision/1/exact")
    assert outcome(served(Database(25, more=exact), version="2.0")[0]) == (25, [], True, True)


@pytest.mark.parametrize(("deepest", "number"), [(30, 61), (30, 60), (30, 1), (30, 6), (30, "info:khac/7")])
def test_where_the_server_gives_no_more_of_its_list_the_diagnostic_is_said(deepest, number):
    database = Database(50)
    database.before = lambda asked: refusing(number, "Quá xa") if int(asked.get("startRecord", 1)) > deepest else None
    harvested, _ = served(database)
    assert outcome(harvested) == (30, ["sru_stopped", "sru_short"], True, False)
    (note, _) = [note for page in harvested for note in page.notes]
    assert (note.facts["place"], note.facts["hits"]) == ("30", "50")
    assert "Quá xa" in note.sentence("vi")


def test_slices_reach_beyond_the_limit_of_a_list():
    database = Database(250, deepest=60)
    harvested, asked = served(database, max_records=60, slices=YEARS)
    assert outcome(harvested) == (250, [], True, True)
    assert max(int(one["startRecord"]) for one in asked) <= 60
    assert checked(database, max_records=60, slices=YEARS) == []


def test_a_server_that_cannot_search_for_the_rest_leaves_a_note_and_nothing_is_taken_to_be_gone():
    database = Database(250)
    database.before = lambda asked: refusing(37, "not") if " not " in asked.get("query", "") else None
    harvested, _ = served(database, max_records=60, slices=YEARS)
    assert outcome(harvested) == (225, ["sru_rest_refused", "sru_slices_short"], True, False)
    assert [problem.code for problem in checked(database, max_records=60, slices=YEARS)] == ["sru_query_refused"]


def test_slices_that_miss_records_are_found_out():
    database = Database(250)
    whole = database.found
    database.found = lambda query: whole(query)[:0] if " not " in query else whole(query)
    harvested, _ = served(database, max_records=60, slices=YEARS)
    assert outcome(harvested) == (225, ["sru_slices_short"], True, False)
    assert [problem.code for problem in checked(database, max_records=60, slices=YEARS)] == ["sru_slices_short"]


def test_the_order_a_query_asks_for_stays_at_its_end():
    options = Options(url="http://x.example/", query='a = "x sortby y" sortBy rec.id', max_records=9, slices=YEARS)
    assert options.query_of(None) == options.query
    within = '(a = "x sortby y") and (dc.date >= 0950 and dc.date <= 2100) sortBy rec.id'
    assert options.query_of(Slice(950, 2100)) == within
    assert options.query_of(Slice(1, 2, rest=True)) == within.replace("and (", "not (", 1).replace(
        "0950", "0001"
    ).replace("2100", "0002")


# --- a list that changes, or leads nowhere


def growing(database, place, change):
    """Something that happens once, before the page from ``place`` on is given."""
    left = [change]

    def before(asked):
        if asked.get("startRecord") == str(place) and asked["maximumRecords"] != "1" and left:
            left.pop()()
        return None

    return before


def test_records_added_at_the_end_come_too():
    database = Database(45)
    database.before = growing(database, 21, lambda: database.books.extend([46, 47]))
    harvested, asked = served(database)
    assert outcome(harvested) == (47, ["sru_changed"], True, False)
    assert sum(one["maximumRecords"] == "10" for one in asked) == 5


@pytest.mark.parametrize("added", [[101], [101, 102, 103]])
def test_a_list_that_moves_down_is_gone_on_with(added):
    database = Database(45)
    database.before = growing(database, 21, lambda: database.books.__setitem__(slice(0, 0), added))
    harvested, _ = served(database)
    assert identifiers(harvested) == numbers(45)
    assert (codes(harvested), harvested[-1].everything) == (["sru_changed", "sru_short"], False)


def test_a_list_that_moves_up_loses_nothing():
    database = Database(45)
    database.before = growing(database, 21, lambda: database.books.__delitem__(slice(3, 6)))
    harvested, _ = served(database)
    assert identifiers(harvested) == numbers(45)
    assert (codes(harvested), harvested[-1].everything) == (["sru_changed"], False)


def test_a_list_that_is_another_one_is_read_from_its_beginning():
    database = Database(45)

    def change():
        database.books = [*range(45, 20, -1), *range(101, 121)]

    database.before = growing(database, 21, lambda: (change(), database.books.pop()))
    harvested, _ = served(database)
    assert set(identifiers(harvested)) == {*numbers(45), *(f"vn{n:05d}" for n in range(101, 120))}
    assert codes(harvested) == ["sru_changed", "sru_restarted"]
    assert not harvested[-1].everything


def test_a_list_that_is_never_the_same_ends_in_a_sentence():
    database = Database(45)

    def before(asked):
        database.books = [100 + number for number in database.books] + [1000 + len(database.books)]
        return None

    database.before = before
    seen, problem = stopped(database)
    assert (problem.code, problem.facts["limit"]) == ("sru_unstable", "3")
    assert len(seen) <= 8


@pytest.mark.parametrize("number", [50, 51, 52])
def test_a_result_set_that_is_gone_is_asked_for_again_then_the_list_is_read_again(number):
    database = Database(45)
    database.before = at(21, *[refusing(number, "Result set does not exist")] * 2)
    assert outcome(served(database)[0]) == (45, [], True, True)
    database.before = at(21, *[refusing(number, "Result set does not exist")] * 3)
    harvested, _ = served(database)
    assert outcome(harvested) == (45, ["sru_restarted"], True, False)
    database.before = at(21, *[refusing(number, "Result set does not exist")] * 30)
    assert stopped(database)[1].code == "sru_unstable"


def test_a_harvest_goes_on_where_the_list_has_moved_meanwhile():
    database = Database(45)
    first, _ = served(database)
    database.books[:0] = [101, 102]
    rest, asked = served(database, first[1].checkpoint)
    assert identifiers(rest) == numbers(45)[20:]
    assert (codes(rest), rest[-1].everything) == (["sru_changed", "sru_short"], False)
    assert [one["startRecord"] for one in asked[:3]] == ["20", "20", "22"]
    database.books.reverse()
    again, _ = served(database, first[1].checkpoint)
    assert len(set(identifiers(again))) == 47
    assert "sru_restarted" in codes(again)


def test_a_server_that_cannot_turn_pages_is_said():
    database = Database(50, nexts=False)
    database.before = lambda asked: (
        database.page(database.books, 1, int(asked["maximumRecords"])) if "startRecord" in asked else None
    )
    seen, problem = stopped(database)
    assert (problem.code, problem.facts) == ("sru_repeats", {"place": "10", "hits": "50"})
    assert identifiers(seen) == numbers(10)
    assert identifiers(served(database, page_size=50)[0]) == numbers(50)


def test_pages_that_go_round_and_round_come_to_an_end():
    database = Database(5000, nexts=False)
    database.before = lambda asked: (
        database.page(database.books, 1 + (int(asked["startRecord"]) - 1) % 30, int(asked["maximumRecords"]))
        if int(asked.get("startRecord", 1)) > 30
        else None
    )
    harvested, asked = served(database)
    assert outcome(harvested) == (30, ["sru_stuck", "sru_short"], True, False)
    assert len(asked) < 40


@pytest.mark.parametrize("following", [None, 1, 11, 10**6, 0])
def test_the_next_place_the_server_names_is_not_relied_on(following):
    database = Database(45)

    def before(asked):
        start, count = int(asked["startRecord"]), int(asked["maximumRecords"])
        if start > 45:
            return None
        chosen = list(enumerate(database.books, 1))[start - 1 : start - 1 + count]
        return response([database.entry(number, place) for place, number in chosen], 45, following)

    database.before = before
    assert outcome(served(database)[0]) == (45, [], True, True)


def test_an_empty_page_is_asked_for_again():
    database = Database(45)
    database.before = at(21, response((), 45), response((), 45))
    assert outcome(served(database)[0]) == (45, [], True, True)


def test_an_empty_page_that_points_further_on_is_passed():
    database = Database(45)
    database.before = lambda asked: response((), 45, 31) if asked.get("startRecord") == "21" else None
    harvested, _ = served(database)
    assert outcome(harvested) == (35, ["sru_skipped", "sru_short"], True, False)


def test_records_that_are_withheld_are_missing_from_the_count():
    database = Database(45)
    whole = database.entry
    database.entry = lambda number, place=None: "" if number in (15, 16) else whole(number, place)
    harvested, asked = served(database)
    assert outcome(harvested) == (43, ["sru_short"], True, False)
    assert len(identifiers(harvested)) == 43
    assert len(asked) == 6


def test_the_same_record_twice_is_one_record_too_few():
    database = Database(45)
    database.books[30] = 12
    harvested, _ = served(database)
    assert outcome(harvested) == (44, ["sru_short"], True, False)


def test_a_server_that_finds_records_and_gives_none_is_said():
    database = Database(45)
    database.before = lambda asked: response((), 45) if "startRecord" in asked else None
    assert stopped(database)[1].code == "sru_gives_nothing"
    assert [problem.code for problem in checked(database)] == ["sru_gives_nothing"]


def test_small_pages_are_taken_as_they_come():
    for nexts in (True, False):
        harvested, asked = served(Database(50, cap=7, nexts=nexts))
        assert outcome(harvested) == (50, [], True, True)
        assert len(asked) == 9


def test_a_server_that_refuses_large_pages_is_asked_for_smaller_ones():
    database = Database(45)
    database.before = lambda asked: (
        refusing(6, "Unsupported parameter value", "maximumRecords")
        if int(asked.get("maximumRecords", 1)) > 15
        else None
    )
    harvested, asked = served(database, page_size=40)
    assert outcome(harvested) == (45, [], True, True)
    assert sum(int(one["maximumRecords"]) > 15 for one in asked) <= 3


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
    assert [problem.code for problem in checked(database)] == ["sru_record_refused"]


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


PICA = '<record xmlns="info:srw/schema/5/picaXML-v1.0"><datafield tag="003@"><subfield code="0">1</subfield></datafield></record>'
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
    assert [problem.code for problem in checked(lambda asked: body)] == ["sru_not_sru"]


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
    assert [problem.code for problem in checked(database, record_schema="pica")] == [
        "sru_other_schema",
        "sru_schema_unknown",
    ]
    found = checked(Database(5), form="mods")
    assert [problem.code for problem in found] == ["sru_other_schema", "sru_schema_unknown"]
    assert "marcxml, dc" in found[1].sentence("vi")
    assert [problem.code for problem in checked(Database(5), form="mods", record_schema="marcxml")] == [
        "mods_no_record"
    ]
    empty = "<record><khong/></record>"
    database.entry = lambda number, place=None: entry(empty, place)
    assert [problem.code for problem in checked(database)] == ["marcxml_no_record"]


def test_a_server_without_explain_is_checked_all_the_same():
    database = Database(5)
    database.before = lambda asked: b"<html/>" if "query" not in asked else None
    assert checked(database) == []


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
