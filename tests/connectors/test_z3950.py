import os
from ctypes import CDLL
from pathlib import Path
from unicodedata import normalize

import pytest
import yaml

from connectors import z3950_client
from connectors.connector import Job
from connectors.z3950 import CONNECTOR, Options, pages
from connectors.z3950_client import Client
from hub.catalog.models import Record as Row
from hub.catalog.models import Run
from hub.sources import SourceFile, make_source
from hub.stages.harvest import harvest as harvest_source
from schemas.format import Reading, find_format
from schemas.problem import Trouble
from tests.connectors.partner import identifiers, until_trouble
from tests.connectors.z3950_site import book, cutting, free_port, listening, zebra

COUNT = 250
BOOKS = [book(number) for number in range(1, COUNT + 1)]
YEARS = {"index": "@attr 1=date @attr 4=4"}
NUMBERS = [f"vn{number:05d}" for number in range(1, COUNT + 1)]

pytestmark = pytest.mark.usefixtures("yaz")


@pytest.fixture(scope="session")
def yaz():
    try:
        CDLL(z3950_client.LIBRARIES[0])
    except OSError:
        pytest.skip("YAZ is not installed: apt-get install libyaz5")


@pytest.fixture(scope="session")
def server(tmp_path_factory, yaz):
    """The port of a Zebra with 250 books and no other record."""
    with zebra(tmp_path_factory.mktemp("zebra"), BOOKS) as port:
        yield port


def job(port, checkpoint=None, *, full=False, form="marc21", encoding="auto", **options):
    settings = {"host": "127.0.0.1", "port": port, "allow_private": True, "pause": "0.001s", "tries": 3}
    reading = Reading(encoding=encoding)
    return Job("x", Options(**(settings | options)), find_format(form), reading, checkpoint or {}, full)


def harvest(*arguments, **named):
    return list(pages(job(*arguments, **named)))


def trouble(*arguments, **named):
    return until_trouble(pages(job(*arguments, **named)))[1]


def codes(harvested):
    return [note.code for page in harvested for note in page.notes]


def titles(asked):
    records = [raw for page in pages(asked) for raw in page.records]
    return [normalize("NFC", asked.format.parse(raw.body, asked.reading).first("245", "a")) for raw in records]


def test_every_record_arrives_once_and_the_last_page_says_so(server):
    harvested = harvest(server)
    assert identifiers(harvested) == NUMBERS
    assert [len(page.records) for page in harvested] == [100, 100, 50, 0]
    assert harvested[0].records[1].place == "record 2"
    assert (harvested[-1].complete, harvested[-1].everything, harvested[0].announced) == (True, True, COUNT)
    assert codes(harvested) == []
    assert CONNECTOR.check(job(server)) == []


@pytest.mark.parametrize(
    ("form", "encoding", "element_set"),
    [("marc21", "auto", "F"), ("marc21", "marc-8", "B"), ("marc21", "auto", "B"), ("marcxml", "auto", "marcxml")],
)
def test_text_is_the_same_in_every_syntax_and_encoding(server, form, encoding, element_set):
    asked = job(server, form=form, encoding=encoding, element_set=element_set)
    assert titles(asked) == [record.first("245", "a") for record in BOOKS]


def test_a_large_result_set_is_read_in_slices_and_what_has_no_year_comes_last(server):
    harvested = harvest(server, max_records=40, slices=YEARS)
    assert sorted(identifiers(harvested)) == NUMBERS
    assert harvested[-1].everything
    assert codes(harvested) == []
    places = [record.place for page in harvested for record in page.records]
    assert {place.split(" of ")[1] for place in places} > {"not 1400–2100"}
    assert identifiers(harvested)[-25:] == NUMBERS[9::10]


def test_a_set_smaller_than_the_limit_is_read_in_one(server):
    assert identifiers(harvest(server, max_records=1000, slices=YEARS)) == NUMBERS


def test_a_set_too_large_for_the_server_is_said_before_anything_is_read(server):
    problem = trouble(server, max_records=100)
    assert (problem.code, problem.facts["hits"]) == ("z3950_too_many", str(COUNT))
    assert [problem.code for problem in CONNECTOR.check(job(server, max_records=100))] == ["z3950_too_many"]


def test_a_slice_that_cannot_be_cut_is_said(server):
    assert trouble(server, max_records=3, slices=YEARS).code == "slice_too_large"


def test_records_beyond_the_ranges_are_asked_for_as_the_rest(server):
    query = "@attrset bib-1 @attr 1=date @attr 4=4 @attr 2=4 1950"
    whole = harvest(server, query=query, max_records=60, slices=YEARS | {"first": 1950, "last": 1989})
    assert (len(set(identifiers(whole))), whole[-1].everything) == (225, True)
    assert any(record.place.endswith("of not 1950–1989") for page in whole for record in page.records)


def test_a_server_that_cannot_search_for_the_rest_leaves_a_note_and_nothing_is_taken_to_be_gone(server, monkeypatch):
    search = Client.search

    def without_not(self, query):
        if query.startswith("@not"):
            raise Trouble("z3950_query_refused", host="127.0.0.1", number=110, message="Operator unsupported")
        return search(self, query)

    monkeypatch.setattr(Client, "search", without_not)
    harvested = harvest(server, max_records=40, slices=YEARS)
    assert (len(identifiers(harvested)), codes(harvested)) == (225, ["z3950_rest_refused", "z3950_slices_short"])
    assert (harvested[-1].complete, harvested[-1].everything) == (True, False)


def test_an_index_the_server_does_not_have_is_said(server):
    assert trouble(server, max_records=40, slices={"index": "@attr 1=9999"}).code == "z3950_query_refused"


def test_slices_need_a_limit():
    with pytest.raises(ValueError, match="max_records"):
        job(1, slices=YEARS)


@pytest.mark.parametrize("options", [{}, {"max_records": 60, "slices": YEARS}])
def test_a_harvest_that_was_stopped_goes_on_at_its_place(server, options):
    for stop in (1, 3, 6):
        first = []
        for page in pages(job(server, page_size=20, **options)):
            first.append(page)
            if len(first) == stop:
                break
        rest = harvest(server, first[-1].checkpoint, page_size=20, **options)
        assert sorted(identifiers(first) + identifiers(rest)) == NUMBERS
        assert (rest[-1].complete, rest[-1].everything) == (True, False)
    assert identifiers(harvest(server, rest[-1].checkpoint, **options)) == identifiers(harvest(server, **options))


@pytest.mark.parametrize("changed", [{"hits": 249}, {"last": "0" * 16}])
def test_a_result_set_that_has_changed_is_read_from_its_beginning(server, changed):
    stored = harvest(server)[0].checkpoint | changed
    rest = harvest(server, stored)
    assert identifiers(rest) == NUMBERS
    assert (codes(rest), rest[-1].everything) == (["z3950_changed"], False)


def test_another_query_does_not_go_on_where_the_old_one_was(server):
    stored = harvest(server)[0].checkpoint
    years = "@attr 1=date @attr 4=4 @attr 2=4 1950"
    assert len(identifiers(harvest(server, stored, query=years))) == 225
    assert len(identifiers(harvest(server, stored, full=True))) == COUNT


def test_a_line_that_is_cut_is_made_anew_and_nothing_is_lost_or_twice(server):
    with cutting(server, [30_000, 5_000, 40_000]) as line:
        harvested = harvest(line.port, page_size=20)
    assert identifiers(harvested) == NUMBERS
    assert harvested[-1].everything


def test_a_line_that_is_cut_again_and_again_fails_and_the_next_harvest_goes_on(server):
    with cutting(server, [30_000, *[10] * 20]) as line:
        seen, problem = until_trouble(pages(job(line.port, page_size=20, tries=2)))
    assert problem.code == "z3950_lost"
    assert 0 < len(identifiers(seen)) < COUNT
    stored = seen[-1].checkpoint | {"asked": harvest(server, page_size=20)[0].checkpoint["asked"]}
    assert identifiers(seen) + identifiers(harvest(server, stored, page_size=20)) == NUMBERS


@pytest.fixture
def started(monkeypatch):
    """The numbers of the processes that are started."""
    numbers = []
    start = z3950_client.Process.__init__

    def noted(self):
        start(self)
        numbers.append(self.number)

    monkeypatch.setattr(z3950_client.Process, "__init__", noted)
    return numbers


def test_a_line_the_server_ends_between_two_pages_is_not_made_anew_behind_our_back(server, started):
    with cutting(server, []) as line:
        asked = pages(job(line.port, page_size=50))
        harvested = [next(asked)]
        line.hang_up()
        harvested += asked
    assert (identifiers(harvested), len(started)) == (NUMBERS, 2)
    assert harvested[-1].everything


def test_a_session_is_made_anew_before_the_library_keeps_too_much(server, started, monkeypatch):
    monkeypatch.setattr(z3950_client, "SESSION_BYTES", 10_000)
    assert identifiers(harvest(server, page_size=20)) == NUMBERS
    assert len(started) > 3


def test_a_server_that_never_answers_ends_one_process_and_no_other(server, started):
    options = job(server).options
    with listening(lambda line: None) as silent, Client(options.target("usmarc"), options) as busy:
        assert busy.search(options.query) == COUNT
        assert trouble(silent.port, deadline="0.7s", tries=1).code == "z3950_timeout"
        assert len(busy.present(0, 5)) == 5
        assert (gone(started[1]), gone(started[0])) == (True, False)
    assert gone(started[0])


def test_every_process_is_ended_with_its_harvest(server, started):
    stopped = pages(job(server))
    next(stopped)
    assert not gone(started[0])
    stopped.close()
    with listening(lambda line: None) as silent:
        assert trouble(silent.port, deadline="0.5s", tries=2).code == "z3950_timeout"
    assert [gone(number) for number in started] == [True, True, True]


def gone(number):
    """Whether there is no process of this number."""
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return True
    return False


def test_what_the_server_refuses_is_said_with_the_diagnostic(server):
    problem = trouble(server, database="Khong")
    assert (problem.code, problem.facts["number"]) == ("z3950_database", "109")
    assert "109: Database unavailable: Khong" in problem.sentence("en")
    assert CONNECTOR.check(job(server, database="Khong")) == [problem]
    assert trouble(server, query="@and x").code == "z3950_query_refused"
    problem = trouble(server, query="@attr 1=9999 x")
    assert (problem.code, problem.facts["number"]) == ("z3950_query_refused", "114")
    assert trouble(server, form="unimarc").code == "z3950_syntax_refused"
    assert trouble(server, element_set="Khong").code == "z3950_syntax_refused"


def test_a_query_that_finds_nothing_is_no_harvest(server):
    (page,) = harvest(server, query="@attr 1=title khongco")
    assert (page.records, page.complete) == ([], True)
    assert [problem.code for problem in CONNECTOR.check(job(server, query="@attr 1=title khongco"))] == ["z3950_empty"]


def test_one_record_the_server_cannot_give_does_not_keep_the_others_back(tmp_path):
    with zebra(tmp_path, BOOKS[:30], broken=1) as port:
        harvested = harvest(port, page_size=10)
    records = [record for page in harvested for record in page.records]
    assert [record.identifier for record in records if not record.problem] == NUMBERS[:30]
    (problem,) = [record.problem for record in records if record.problem]
    assert (problem.code, problem.facts["number"], problem.facts["place"]) == (
        "z3950_record_refused",
        "14",
        "record 31",
    )
    assert (harvested[-1].complete, harvested[-1].everything, codes(harvested)) == (True, False, ["full_doubtful"])


def test_records_in_another_syntax_than_the_format_are_rejected_with_their_bytes(server):
    harvested = harvest(server, form="marc21", syntax="xml", element_set="marcxml")
    problems = {record.problem.code for page in harvested for record in page.records}
    assert problems == {"marc_not_iso2709"}
    assert all(record.body.startswith(b"<") for page in harvested for record in page.records)


def test_servers_that_are_none(server):
    assert trouble(free_port()).code == "http_unreachable"
    assert trouble(server, allow_private=False).code == "http_private"
    assert trouble(server, host="nobody.invalid").code == "http_no_host"

    def web(line):
        line.recv(1000)
        line.sendall(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")

    def noise(line):
        line.recv(1000)
        line.sendall(b"\x30\x84\x7f\xff\xff\xff" + bytes(5000))
        line.close()

    with listening(web) as here:
        assert trouble(here.port).code == "z3950_web_server"
    with listening(noise) as here:
        assert trouble(here.port, deadline="5s").code in ("z3950_lost", "z3950_login")


def test_a_page_longer_than_allowed_is_refused(server):
    assert trouble(server, max_bytes=5000).code in ("http_too_long", "z3950_short")


def test_without_the_library_one_sentence_says_what_to_install(monkeypatch):
    monkeypatch.setattr(z3950_client, "LIBRARIES", ("libyaz-khong-co.so.5",))
    problem = trouble(free_port())
    assert problem.code == "z3950_library_missing"
    for language in ("vi", "en"):
        assert "apt-get install libyaz5" in problem.sentence(language)
    assert CONNECTOR.check(job(free_port())) == [problem]


def test_a_password_goes_to_the_server_and_is_in_no_environment_and_no_argument(started, monkeypatch):
    login = {"username": "lienthong", "password_env": "THUVIEN_Z3950"}
    assert trouble(free_port(), **login).code == "secret_missing"
    monkeypatch.setenv("THUVIEN_Z3950", "bí mật")
    sent, shown = [], []

    def listen(line):
        sent.append(line.recv(10_000))
        shown.extend(Path(f"/proc/{started[0]}/{name}").read_bytes() for name in ("environ", "cmdline"))
        line.close()

    with listening(listen) as here:
        assert trouble(here.port, tries=1, **login).code == "z3950_lost"
    assert b"lienthong" in sent[0]
    assert "bí mật".encode() in sent[0]
    assert "bí mật".encode() not in b"".join(shown)


def source(port, **options):
    entry = {
        "library": {"code": "VN-HP-0007", "name": {"vi": "Thư viện tỉnh"}},
        "connector": "z3950",
        "format": "marc21",
        "options": {"host": "127.0.0.1", "port": port, "allow_private": True, "pause": "0.001s", "page_size": 60}
        | options,
    }
    return SourceFile.model_validate(entry), yaml.safe_dump(entry)


def test_from_the_server_to_the_catalog_and_what_is_missing_is_gone(server, catalog):
    entry, text = source(server)
    config = make_source("tinh", entry, catalog, catalog / "tinh.yaml", text)
    (report,) = harvest_source(config)
    assert (report.counts["received"], report.counts["created"], report.counts["rejected"]) == (COUNT, COUNT, 0)
    (report,) = harvest_source(config)
    assert (report.counts["received"], report.counts["unchanged"]) == (COUNT, COUNT)
    assert Row.objects.filter(state="live").count() == COUNT
    entry, text = source(server, query="@attr 1=date @attr 4=4 @attr 2=4 1950", confirm_after="0s")
    for deleted in (0, 25):  # one list is only an answer; the second one lacks them too
        (report,) = harvest_source(make_source("tinh", entry, catalog, catalog / "tinh.yaml", text))
        assert (report.counts["unchanged"], report.counts["deleted"]) == (225, deleted)
    assert Run.objects.latest("pk").status == Run.Status.SUCCEEDED
