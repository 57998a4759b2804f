import base64
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from connectors.address import resolve
from connectors.connector import Job
from connectors.http import _is_same_server
from connectors.rest import CONNECTOR, Options, pages
from connectors.rest_api import Given
from connectors.rest_list import FUTILE, STEPS_BACK, List
from flows import sample_partners
from flows.sample_partners import Repository, serve
from hub.catalog.models import Record as Row
from hub.catalog.models import Run
from hub.sources import SourceFile, make_source, read_source
from hub.stages.harvest import harvest as harvest_source
from schemas.format import Reading, find_format
from schemas.record import RawRecord
from tests.connectors.koha_site import Reply, book, koha
from tests.connectors.partner import identifiers, until_trouble

EXAMPLES = Path(__file__).resolve().parents[2] / "harvest_config" / "examples"
SINCE = {"q": '{"me.timestamp":{">=":"{since}"}}'}
DELETED_SINCE = {"q": '{"me.deleted_on":{">=":"{since}"}}'}
LATER = "2999-01-01T00:00:00Z"
FORMATS = ["marcjson", "marcxml", "marc21"]


@pytest.fixture(autouse=True)
def secrets(monkeypatch):
    monkeypatch.setenv("KOHA_PASSWORD", "mật khẩu")
    monkeypatch.setenv("KOHA_SECRET", "bí mật")


def options(site, **more):
    settings = {
        "url": f"{site.url}/biblios",
        "username": "thu-thu",
        "password_env": "KOHA_PASSWORD",
        "page_size": 10,
        "params": {"_order_by": "+biblio_id"},
        "allow_private": True,
        "pause": "0.001s",
        "tries": 2,
    }
    return settings | more


def by_token(site):
    return {
        "username": "",
        "password_env": "",
        "token_url": f"{site.url}/oauth/token",
        "client_id": "lienthong",
        "client_secret_env": "KOHA_SECRET",
    }


def job(site, checkpoint=None, *, full=False, form="marcjson", **more):
    given = Options.model_validate(options(site, **more))
    return Job("x", given, find_format(form), Reading(), json.loads(json.dumps(checkpoint or {})), full)


def harvest(*arguments, **named):
    return list(pages(job(*arguments, **named)))


def trouble(*arguments, **named):
    return until_trouble(pages(job(*arguments, **named)))[1]


def codes(harvested):
    return [note.code for page in harvested for note in page.notes]


def named(*numbers):
    return [f"ocm{number:05}" for number in numbers]


def kept(harvested):
    """The identifiers that are there in the end, each once."""
    found = {}
    for page in harvested:
        for raw in page.records:
            found.pop(raw.identifier, None)
            if not raw.deleted:
                found[raw.identifier] = raw
    return sorted(found)


@pytest.mark.parametrize("form", FORMATS)
def test_a_whole_list_in_each_form(form):
    with koha(25) as site:
        harvested = harvest(site, form=form)
        assert identifiers(harvested) == named(*range(1, 26))
        assert [len(page.records) for page in harvested] == [10, 10, 5]
        assert [page.complete for page in harvested] == [False, False, True]
        assert [page.everything for page in harvested] == [False, False, True]
        assert {page.announced for page in harvested} == {25}
        assert codes(harvested) == []
    raw = harvested[1].records[2]
    assert raw.place == "page 2, record 3"
    assert find_format(form).parse(raw.body, Reading()).first("245", "a") == "Dế Mèn phiêu lưu ký 13"
    assert site.asked[0] == {"_order_by": "+biblio_id", "_page": "1", "_per_page": "10"}


def test_a_list_that_fills_its_last_page_and_one_without_records():
    with koha(20) as site:
        assert [len(page.records) for page in harvest(site)] == [10, 10]
        assert harvest(site)[-1].everything
    with koha() as site:
        (page,) = harvest(site)
        assert (page.records, page.complete) == ([], True)


@pytest.mark.parametrize("form", FORMATS)
def test_without_a_total_the_list_ends_with_an_empty_page(form):
    with koha(20, marc_total=False) as site:
        harvested = harvest(site, form=form)
        assert [len(page.records) for page in harvested] == [10, 10, 0]
        assert harvested[-1].everything
        assert harvested[-1].announced is None


def test_a_total_that_only_json_tells_is_asked_for_and_compared():
    with koha(25, marc_total=False) as site:
        harvested = harvest(site, count_accept="application/json")
        assert harvested[0].announced == 25
        assert harvested[-1].everything
        site.before = fewer_at_the_end(site)
        harvested = harvest(site, count_accept="application/json")
        assert not harvested[-1].everything
        assert codes(harvested) == ["rest_counts_differ"]


def fewer_at_the_end(site):
    """A record goes when the empty page behind the list has been asked for."""

    def before(path, arguments):
        if arguments["_page"] == "4" and arguments["_per_page"] == "10":
            site.ended = True
        elif getattr(site, "ended", False) and arguments["_per_page"] == "1" and arguments["_page"] == "1":
            site.books.pop(25, None)

    return before


# --- logging in -----------------------------------------------------------------------------------------------------


def test_a_login_by_password():
    with koha(5) as site:
        harvest(site)
        login = base64.b64encode("thu-thu:mật khẩu".encode()).decode()
        assert {headers["Authorization"] for headers in site.headers} == {f"Basic {login}"}
        assert {headers["Accept"] for headers in site.headers} == {"application/marc-in-json"}


def test_a_login_by_client_credentials_and_a_token_that_runs_out():
    with koha(25, token_uses=2) as site:
        harvested = harvest(site, **by_token(site))
        assert identifiers(harvested) == named(*range(1, 26))
        assert site.forms[0] == {
            "grant_type": "client_credentials",
            "client_id": "lienthong",
            "client_secret": "bí mật",
        }
        assert len(site.forms) == 3  # three pages and two looks back, two with each token
        assert harvested[-1].everything


@pytest.mark.parametrize(
    ("settings", "code", "said"),
    [
        ({"username": "ai-do"}, "rest_unauthorized", "Authentication failure"),
        ({"username": "ban-doc", "password_env": "KOHA_OTHER"}, "rest_forbidden", "Missing required permission"),
        ({"url": "{}/nothing"}, "rest_not_found", "Not Found"),
        ({"accept": "application/weird"}, "rest_refused", "Malformed"),
        ({"params": {"sort": "id"}}, "rest_refused", "Malformed"),
    ],
)
def test_what_the_server_refuses_is_said_in_its_own_words(monkeypatch, settings, code, said):
    monkeypatch.setenv("KOHA_OTHER", "khác")
    with koha(5) as site:
        given = {name: value.format(site.url) if name == "url" else value for name, value in settings.items()}
        problem = trouble(site, **given)
        assert problem.code == code
        assert said in problem.facts["text"]
        assert [p.code for p in CONNECTOR.check(job(site, **given))] == [code]
        assert "mật khẩu" not in str(problem.facts)


def test_a_token_that_is_refused_or_never_good():
    with koha(5) as site:
        problem = trouble(site, **by_token(site) | {"client_id": "khac"})
        assert (problem.code, problem.facts["status"]) == ("rest_token_refused", "403")
        assert "bí mật" not in str(problem.facts)
    with koha(5, token_uses=0) as site:
        assert trouble(site, **by_token(site)).code == "rest_unauthorized"
        assert len(site.forms) == 2


def test_a_secret_that_is_not_set_stops_before_anything_is_asked(monkeypatch):
    monkeypatch.delenv("KOHA_PASSWORD")
    with koha(5) as site:
        assert trouble(site).code == "secret_missing"
        assert site.asked == []


def test_a_password_does_not_follow_a_redirect_to_another_server(monkeypatch):
    with koha(5) as other, koha(5) as site:
        monkeypatch.setattr("connectors.http.WEB_PORTS", {int(other.url.split(":")[2].split("/")[0])})
        monkeypatch.setattr("connectors.http.resolve", lambda origin, allowed: resolve(origin, True))
        site.before = lambda path, arguments: Reply(status=302, headers={"Location": f"{other.url}/biblios"})
        assert trouble(site).code == "rest_unauthorized"
        assert len(other.headers) == 1
        assert "Authorization" not in other.headers[0]
    same = "https://x.example/api"
    assert [_is_same_server("http://x.example/api", url) for url in (same, "http://x.example:8080/api")] == [
        True,
        False,
    ]
    assert [_is_same_server(same, url) for url in ("http://x.example/api", "https://y.example/api")] == [False, False]


def test_a_redirect_within_the_server_keeps_the_login():
    with koha(5) as site:

        def before(path, arguments):
            if path == "/api/v1/old":
                return Reply(status=307, headers={"Location": "/api/v1/biblios"})
            return None

        site.before = before
        assert identifiers(harvest(site, url=f"{site.url}/old")) == named(*range(1, 6))


def test_a_token_request_is_not_sent_on():
    with koha(5) as site:
        problem = trouble(site, **by_token(site) | {"token_url": f"{site.url}/nothing"})
        assert (problem.code, problem.facts["status"]) == ("rest_token_refused", "404")


# --- what changed ---------------------------------------------------------------------------------------------------


def test_only_what_changed_since_the_last_list():
    with koha(25) as site:
        first = harvest(site, since=SINCE)
        last = first[-1].checkpoint
        assert first[-1].everything
        assert set(last) == {"asked", "since", "whole"}
        site.put(book(7), book(26), changed=LATER)
        site.books.pop(3)
        again = harvest(site, last, since=SINCE, overlap="1h")
        assert identifiers(again) == named(7, 26)
        assert again[-1].complete
        assert not again[-1].everything
        asked = json.loads(site.asked[-1]["q"])["me.timestamp"][">="]
        assert datetime.fromisoformat(asked) == datetime.fromisoformat(last["since"]) - timedelta(hours=1)
        assert again[-1].checkpoint["whole"] == last["whole"]
        assert again[-1].checkpoint["since"] >= last["since"]


def test_nothing_new_is_a_complete_empty_list():
    with koha(5) as site:
        last = harvest(site, since=SINCE)[-1].checkpoint
        (page,) = harvest(site, last, since=SINCE)
        assert (page.records, page.complete, page.everything) == ([], True, False)


def test_everything_is_listed_again_when_it_is_due_asked_for_or_something_else_is_asked():
    with koha(5) as site:
        last = harvest(site, since=SINCE)[-1].checkpoint
        old = (datetime.now(UTC) - timedelta(days=8)).strftime("%Y-%m-%dT%H:%M:%SZ")
        for harvested in (
            harvest(site, last | {"whole": old}, since=SINCE),
            harvest(site, last, since=SINCE, full=True),
            harvest(site, last, since=SINCE, id_field="999$c"),
            harvest(site, last),
        ):
            assert len(identifiers(harvested)) == 5
            assert harvested[-1].everything


def test_deletions_the_server_tells_are_taken_from_it():
    with koha(25) as site:
        told = {"since": SINCE, "deleted_url": f"{site.url}/deleted/biblios", "deleted_since": DELETED_SINCE}
        site.put(book(30, "ocm00007"))
        site.remove(30)  # long ago
        last = harvest(site, **told)[-1].checkpoint
        assert not any("deleted" in str(headers) for headers in site.headers)
        site.remove(3, LATER)
        site.put(book(4), changed=LATER)
        again = harvest(site, last, **told)
        assert [(raw.identifier, raw.deleted) for page in again for raw in page.records] == [
            ("ocm00004", False),
            ("ocm00003", True),
        ]
        assert [page.complete for page in again] == [False, True]
        assert not again[-1].everything


def test_a_deletion_does_not_take_another_record_of_the_same_number():
    with koha(5) as site:
        told = {"since": SINCE, "deleted_url": f"{site.url}/deleted/biblios", "deleted_since": DELETED_SINCE}
        last = harvest(site, **told)[-1].checkpoint
        site.put(book(8, "ocm00002"))
        site.remove(8, LATER)  # merged into number 2
        site.put(book(2), changed=LATER)
        again = harvest(site, last, **told)
        assert [(raw.identifier, raw.deleted) for page in again for raw in page.records] == [("ocm00002", False)]
        by_number = harvest(site, **told, id_field="999$c")[-1].checkpoint
        site.put(book(2), changed=LATER)
        again = harvest(site, by_number, **told, id_field="999$c")
        assert [(raw.identifier, raw.deleted) for page in again for raw in page.records] == [("2", False), ("8", True)]


def test_a_server_without_a_clock_does_not_move_the_time(monkeypatch):
    with koha(5) as site:
        monkeypatch.setattr("connectors.rest_api._date_of", lambda answer: "")
        harvested = harvest(site, since=SINCE)
        assert codes(harvested) == ["rest_no_date"]
        assert harvested[-1].checkpoint["since"] == ""


# --- names ----------------------------------------------------------------------------------------------------------


def test_records_are_named_by_the_field_that_is_asked_for():
    with koha(2) as site:
        site.put(book(3, "ocm00001"))
        assert identifiers(harvest(site)) == named(1, 2, 1)
        assert not harvest(site)[-1].everything  # two records, one name
        assert identifiers(harvest(site, id_field="999$c")) == ["1", "2", "3"]
        assert identifiers(harvest(site, id_field="001")) == named(1, 2, 1)


def test_a_record_without_that_field_is_set_aside():
    with koha(3) as site:
        harvested = harvest(site, id_field="998$a")
        assert {raw.problem.code for page in harvested for raw in page.records} == {"rest_no_id"}
        assert not harvested[-1].everything
        assert codes(harvested) == ["full_doubtful"]


# --- what goes wrong ------------------------------------------------------------------------------------------------


def test_a_cut_harvest_goes_on_where_it_stopped():
    with koha(35) as site:
        running = pages(job(site, since=SINCE))
        first = [next(running), next(running)]
        running.close()
        site.asked.clear()
        rest = harvest(site, first[-1].checkpoint, since=SINCE)
        assert identifiers([*first, *rest]) == named(*range(1, 36))
        assert site.pages() == [3, 4]
        assert rest[-1].complete
        assert not rest[-1].everything
        assert set(rest[-1].checkpoint) == {"asked", "since", "whole"}
        assert rest[-1].checkpoint["since"] == first[0].checkpoint["first"]


def test_a_cut_list_of_deletions_goes_on_too():
    with koha(5) as site:
        told = {"since": SINCE, "deleted_url": f"{site.url}/deleted/biblios", "deleted_since": DELETED_SINCE}
        last = harvest(site, **told)[-1].checkpoint
        for number in (1, 2, 3):
            site.remove(number, LATER)
        running = pages(job(site, last, page_size=2, **told))
        first = [next(running), next(running)]
        running.close()
        rest = harvest(site, first[-1].checkpoint, page_size=2, **told)
        assert identifiers([*first, *rest]) == named(1, 2, 3)
        assert rest[-1].complete


def test_a_list_that_changed_while_a_harvest_was_cut_is_read_anew():
    with koha(35) as site:
        running = pages(job(site))
        first = [next(running), next(running)]
        running.close()
        site.books.pop(1)
        rest = harvest(site, first[-1].checkpoint)
        assert set(identifiers([*first, *rest])) == set(named(*range(1, 36)))
        assert "rest_shifted" in codes(rest)
        assert not rest[-1].everything


def test_after_a_cut_whole_list_the_next_one_is_whole_again():
    with koha(25) as site:
        old = harvest(site, since=SINCE)[-1].checkpoint | {"whole": "2020-01-01T00:00:00Z"}
        running = pages(job(site, old, since=SINCE))
        cut = next(running).checkpoint
        running.close()
        last = harvest(site, cut, since=SINCE)[-1].checkpoint
        assert last["whole"] == "2020-01-01T00:00:00Z"
        assert harvest(site, last, since=SINCE)[-1].everything


@pytest.mark.parametrize("balanced", [False, True], ids=["fewer", "as many as before"])
def test_a_record_that_goes_while_the_list_is_read_hides_no_other(balanced):
    """Its successors move up a place: without care the first of page 2 is never seen, and counts may still agree."""
    with koha(35) as site:

        def before(path, arguments):
            if arguments["_page"] == "2" and arguments["_per_page"] == "10" and 5 in site.books:
                site.books.pop(5)
                if balanced:
                    site.put(book(36))

        site.before = before
        harvested = harvest(site)
        assert set(identifiers(harvested)) >= set(named(*site.books))
        assert not any(page.everything for page in harvested)
        assert harvested[-1].complete
        assert "rest_shifted" in codes(harvested)
        assert site.pages() == [1, 2, 1, 2, 3, 4]


@pytest.mark.parametrize("form", FORMATS)
def test_records_without_a_number_are_watched_too(form):
    with koha() as site:
        site.put(*[book(number, "-") for number in range(1, 36)])
        assert harvest(site, form=form)[-1].everything

        def before(path, arguments):
            if arguments["_page"] == "2":
                site.books.pop(5, None)

        site.before = before
        harvested = harvest(site, form=form)
        assert len(set(identifiers(harvested))) == 35
        assert not harvested[-1].everything


def test_a_list_that_shrinks_to_its_last_page_hides_no_record():
    with koha(11) as site:

        def before(path, arguments):
            if arguments["_page"] == "2" and arguments["_per_page"] == "10":
                site.books.pop(5, None)

        site.before = before
        harvested = harvest(site)
        assert set(identifiers(harvested)) >= set(named(*site.books))
        assert not harvested[-1].everything


def test_records_added_while_the_list_is_read_do_not_disturb_it():
    with koha(25) as site:
        site.before = lambda path, arguments: site.put(book(26)) if arguments["_page"] == "2" else None
        harvested = harvest(site)
        assert identifiers(harvested) == named(*range(1, 27))
        assert harvested[-1].everything


@pytest.mark.parametrize("seed", range(100))
def test_whatever_goes_while_the_list_is_read_nothing_else_is_missed(seed):
    """What was there from beginning to end is read, and what a list that says it is everything lacks is gone."""
    chance = Random(seed)
    there = list(range(1, chance.randrange(2, 120)))
    started, most = set(there), chance.choice([0, 1, 1, 3, 30])
    with_total, often = chance.random() < 0.5, chance.choice([0.02, 0.2, 0.6])

    def ask(page, size):
        if chance.random() < often:
            for _ in range(min(most, len(there))):
                there.pop(chance.randrange(len(there)))
            there.extend(range(1000 + len(started), 1000 + len(started) + chance.randrange(3)))
            started.update(number for number in there if number >= 1000)
        found = there[(page - 1) * size : page * size]
        records = [RawRecord(str(number), b"x", "") for number in found]
        return Given(records, len(there) if with_total else None)

    settings = Options.model_validate({"url": "https://x.example", "page_size": chance.randrange(2, 12), "tries": 1})
    found = List(ask, lambda: len(there), lambda _: None, settings)
    first = set(there)
    seen = {int(raw.identifier) for records, _ in found.pages() for raw in records}
    if not found.short:
        assert first & set(there) <= seen
    if not (found.short or found.doubtful):
        assert not (first - seen) & set(there)


def test_a_list_that_never_stands_still_ends_all_the_same():
    with koha(400) as site:

        def before(path, arguments):
            if arguments["_per_page"] == "10":
                site.books.pop(min(site.books))

        site.before = before
        harvested = harvest(site, since=SINCE)
        assert harvested[-1].complete
        assert not harvested[-1].everything
        assert harvested[-1].checkpoint["since"] == ""
        assert codes(harvested).count("rest_shifted") == STEPS_BACK
        assert codes(harvested).count("rest_unstable") == 1


def test_a_page_that_is_always_the_same_ends():
    with koha(35) as site:

        def before(path, arguments):
            arguments["_page"] = "1"

        site.before = before
        assert trouble(site).code == "rest_endless"
        assert len(site.asked) < 10


def test_a_list_without_end_ends_at_the_limit():
    with koha(1, marc_total=False) as site:

        def before(path, arguments):
            site.books = {number: ("", book(number)) for number in range(1, int(arguments["_page"]) * 10 + 11)}

        site.before = before
        assert trouble(site, page_limit=5).code == "rest_page_limit"


def test_a_server_with_smaller_pages_of_its_own():
    with koha(25, most=4) as site:
        harvested = harvest(site)
        assert identifiers(harvested) == named(*range(1, 26))
        assert harvested[-1].everything
        assert [a["_per_page"] for a in site.asked if a["_per_page"] != "1"] == ["10", *["4"] * 6]


def test_a_server_that_ignores_the_size_is_not_believed_to_stand_still():
    with koha(25) as site:

        def before(path, arguments):
            arguments["_per_page"] = "10"

        site.before = before
        harvested = harvest(site)
        assert identifiers(harvested) == named(*range(1, 26))
        assert codes(harvested) == ["rest_size_ignored"]
        assert not harvested[-1].everything


def test_a_total_that_promises_more_leaves_the_time_where_it_was():
    with koha(25) as site:

        def before(path, arguments):
            if arguments["_page"] == "3":
                return Reply(b"[]", 200, {"X-Total-Count": "25"})
            return None

        site.before = before
        harvested = harvest(site, since=SINCE)
        assert len(identifiers(harvested)) == 20
        assert harvested[-1].complete
        assert not harvested[-1].everything
        assert codes(harvested) == ["rest_page_short", "rest_counts_differ"]
        assert harvested[-1].checkpoint["since"] == ""


CUT = {
    "marcjson": b'[{"leader":"00000nam a2200000   4500","fields":[{"001":"ocm00001"},{"245":{"ind1',
    "marcxml": b'<?xml version="1.0"?><collection xmlns="http://www.loc.gov/MARC21/slim"><record><leader>00000nam',
    "marc21": b"00052nam a2200037   4500001000900000\x1eocm0",
}


@pytest.mark.parametrize("form", FORMATS)
def test_a_page_that_was_cut_is_asked_for_again(form):
    with koha(15) as site:
        cuts = [CUT[form], b""] if form != "marc21" else [CUT[form]]

        def before(path, arguments):
            return Reply(cuts.pop()) if arguments["_page"] == "2" and cuts else None

        site.before = before
        harvested = harvest(site, form=form, tries=3)
        assert identifiers(harvested) == named(*range(1, 16))
        assert harvested[-1].everything
        assert codes(harvested) == []


@pytest.mark.parametrize("form", FORMATS)
def test_nothing_is_taken_of_pages_that_stay_cut(form):
    with koha(15) as site:
        site.before = lambda path, arguments: Reply(CUT[form]) if arguments["_per_page"] != "1" else Reply(b"{")
        problem = trouble(site, form=form)
        assert problem.code in ("rest_page_broken", "marc_not_iso2709")


def test_a_record_that_breaks_its_page_costs_only_itself():
    with koha(25, unreadable={13}) as site:
        harvested = harvest(site, since=SINCE)
        assert [raw.identifier for raw in harvested[1].records if not raw.problem] == named(11, 12, *range(14, 21))
        (lost,) = [raw for raw in harvested[1].records if raw.problem]
        assert (lost.problem.code, lost.place) == ("rest_record_failing", "record 13")
        assert harvested[-1].complete
        assert not harvested[-1].everything
        assert codes(harvested) == ["rest_one_by_one", "full_doubtful"]
        assert harvested[-1].checkpoint["since"]


def test_a_broken_record_keeps_its_bytes():
    with koha(5) as site:

        def before(path, arguments):
            if arguments["_per_page"] == "10" or arguments["_page"] == "3":
                return Reply(b'[{"leader": "cut')
            return None

        site.before = before
        harvested = harvest(site)
        (lost,) = [raw for page in harvested for raw in page.records if raw.problem]
        assert (lost.body, lost.place, lost.problem.code) == (b'[{"leader": "cut', "record 3", "rest_page_broken")
        assert len(identifiers(harvested)) == 5


def test_a_server_that_fails_altogether_is_not_asked_for_every_record():
    with koha(25, unreadable=set(range(1, 26))) as site:
        problem = trouble(site)
        assert (problem.code, problem.facts["status"]) == ("http_failing", "500")
        assert len(site.asked) <= 2 * (FUTILE + 2)


def test_a_busy_server_is_obeyed(monkeypatch):
    waits = []
    monkeypatch.setattr("connectors.http.time.sleep", waits.append)
    with koha(5) as site:
        busy = [Reply(status=429, headers={"Retry-After": "7"})]
        site.before = lambda path, arguments: busy.pop() if busy else None
        assert len(identifiers(harvest(site))) == 5
        assert waits == [7.0]
        busy.append(Reply(status=429, headers={"Retry-After": "86400"}))
        assert trouble(site).code == "http_busy"


def test_a_login_page_in_place_of_records_is_said():
    with koha(5) as site:
        site.before = lambda path, arguments: Reply(b"<!DOCTYPE html><title>Koha</title>")
        assert trouble(site).code == "rest_is_page"


# --- options, check, the hub ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"url": "file:///etc/passwd"}, "url"),
        ({"url": ""}, "url"),
        ({"accept": "json"}, "accept"),
        ({"since": {"q": "always"}}, "since"),
        ({"deleted_url": "https://x.example/deleted"}, "belong together"),
        ({"deleted_url": "https://x.example/d", "deleted_since": {"q": "{since}"}}, "belong together"),
        ({"username": "a"}, "belong together"),
        ({"token_url": "https://x.example/token"}, "belong together"),
        ({"username": "a", "password_env": "A", "url": "http://x.example/api"}, "https"),
        ({"id_field": "title"}, "id_field"),
        ({"page_size": 0}, "page_size"),
        ({"password_env": "not a name"}, "password_env"),
        ({"page": "_page"}, "page"),
    ],
)
def test_options_that_cannot_be_meant_are_refused(settings, said):
    with pytest.raises(ValueError, match=said):
        Options.model_validate({"url": "https://x.example/api"} | settings)


def test_a_format_without_a_media_type_needs_one():
    with koha(5) as site:
        assert trouble(site, form="mrk").code == "rest_accept_missing"
        assert [p.code for p in CONNECTOR.check(job(site, form="mrk"))] == ["rest_accept_missing"]


def test_a_check_asks_for_one_record_of_each_list():
    with koha(25) as site:
        told = {"since": SINCE, "deleted_url": f"{site.url}/deleted/biblios", "deleted_since": DELETED_SINCE}
        assert CONNECTOR.check(job(site, **told, count_accept="application/json")) == []
        assert {arguments["_per_page"] for arguments in site.asked} == {"1"}
        assert len(site.asked) == 4
        wrong = told | {"since": {"q": '{"timestamp":{">=":"{since}"}}'}}
        assert [p.code for p in CONNECTOR.check(job(site, **wrong))] == ["http_failing"]
    with koha() as site:
        assert [p.code for p in CONNECTOR.check(job(site))] == ["rest_empty"]


def test_what_a_whole_list_lacks_is_gone_from_the_catalog(catalog):
    entry = {"library": {"code": "X", "name": {"vi": "X"}}, "connector": "rest", "format": "marcxml"}
    with koha(25) as site:
        file = SourceFile.model_validate(
            entry | {"options": options(site, since=SINCE, id_field="999$c", confirm_after="0s")}
        )
        config = make_source("koha", file, Path(), Path("koha.yaml"))
        harvest_source(config)
        assert Row.objects.filter(state="live").count() == 25
        site.books.pop(3)
        site.put(book(7, title="Đất rừng phương Nam"), changed=LATER)
        harvest_source(config)
        assert Row.objects.filter(state="live").count() == 25
        assert Run.objects.latest("pk").updated == 1
        for live in (25, 24):  # one list is only an answer; the second one lacks it too
            harvest_source(config, full=True)
            assert Row.objects.filter(state="live").count() == live
        assert Row.objects.get(identifier="3").state == "deleted"


# --- the presets ----------------------------------------------------------------------------------------------------


def preset(name, tmp_path, url, **more):
    """The example ``name`` with the addresses of a server here."""
    text = (EXAMPLES / f"{name}.yaml").read_text(encoding="utf-8")
    for there in ("https://nhanvien.thuvien.example/api/v1", "https://thuvien.example/cgi-bin/koha/oai.pl"):
        text = text.replace(there, url)
    text = text.replace("https://dspace.thuvien.example/server/oai/request", url)
    text = text.replace("allow_private: false", "allow_private: true")
    if "allow_private" not in text:
        text = text.replace("options:", "options:\n  allow_private: true")
    for old, new in more.items():
        text = text.replace(f"{old}: ", f"{old}: {new}   # ", 1)
    path = tmp_path / f"{name}.yaml"
    path.write_text(text, encoding="utf-8")
    return read_source(path)


def read(config, checkpoint=None):
    """Everything a source sends, and its records as they are read."""
    work = config.job(checkpoint or {})
    harvested = list(config.connector.pages(work))
    raws = [raw for page in harvested for raw in page.records]
    return harvested, [work.format.parse(raw.body, work.reading) for raw in raws if not raw.deleted]


@pytest.mark.parametrize(("form", "marc_total"), [*((form, False) for form in FORMATS), ("marcjson", True)])
def test_the_preset_of_kohas_api(tmp_path, monkeypatch, form, marc_total):
    monkeypatch.setenv("THUVIEN_KOHA_SECRET", "bí mật")
    with koha(230, marc_total=marc_total) as site:
        config = preset("koha_rest", tmp_path, site.url, format=form, client_id="lienthong")
        assert config.connector.check(config.job({})) == []
        harvested, records = read(config)
        assert identifiers(harvested) == [str(number) for number in range(1, 231)]
        assert records[41].first("245", "a") == "Dế Mèn phiêu lưu ký 42"
        assert harvested[0].announced == 230
        assert harvested[-1].everything
        site.remove(5, LATER)
        site.put(book(231), changed=LATER)
        again, _ = read(config, harvested[-1].checkpoint)
        assert [(raw.identifier, raw.deleted) for page in again for raw in page.records] == [
            ("231", False),
            ("5", True),
        ]
        assert codes(harvested) + codes(again) == []


MARC_WITH_ITEMS = """
<record xmlns="http://www.loc.gov/MARC21/slim"><leader>00000nam a2200000   4500</leader>
<controlfield tag="001">ocm1</controlfield>
<datafield tag="100" ind1="1" ind2=" "><subfield code="a">Tô Hoài</subfield></datafield>
<datafield tag="245" ind1="1" ind2="0"><subfield code="a">Dế Mèn phiêu lưu ký</subfield></datafield>
<datafield tag="952" ind1=" " ind2=" "><subfield code="b">KHO1</subfield><subfield code="o">895.922 T</subfield>
<subfield code="p">DKCB-0001</subfield></datafield></record>"""

QDC = """
<qdc:qualifieddc xmlns:qdc="http://dspace.org/qualifieddc/" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:dcterms="http://purl.org/dc/terms/"><dc:title>Thư viện số ở Việt Nam</dc:title>
<dc:creator>Nguyễn, Văn An</dc:creator><dcterms:abstract>Tóm tắt.</dcterms:abstract>
<dcterms:issued>2024</dcterms:issued><dc:identifier>http://hdl.handle.net/123456789/7</dc:identifier>
<dc:language>vi</dc:language><dc:publisher>Trường Đại học</dc:publisher></qdc:qualifieddc>"""
DCTERMS = QDC.replace("qdc:qualifieddc", "dcterms:record")  # as other versions of DSpace name it
DIM = """
<dim:dim xmlns:dim="http://www.dspace.org/xmlns/dspace/dim" dspaceType="ITEM">
<dim:field mdschema="dc" element="contributor" qualifier="author">Nguyễn, Văn An</dim:field>
<dim:field mdschema="dc" element="contributor" qualifier="advisor">Trần, Thị Bình</dim:field>
<dim:field mdschema="dc" element="date" qualifier="accessioned">2025-01-02T03:04:05Z</dim:field>
<dim:field mdschema="dc" element="date" qualifier="issued">2024</dim:field>
<dim:field mdschema="dc" element="identifier" qualifier="isbn">978-604-1-00001-8</dim:field>
<dim:field mdschema="dc" element="identifier" qualifier="uri">http://hdl.handle.net/123456789/7</dim:field>
<dim:field mdschema="dc" element="description" qualifier="abstract" lang="vi">Tóm tắt.</dim:field>
<dim:field mdschema="dc" element="publisher">Trường Đại học</dim:field>
<dim:field mdschema="dc" element="title" lang="vi">Thư viện số ở Việt Nam</dim:field></dim:dim>"""


def _element(name, inner):
    return f'<element name="{name}">{inner}</element>'


def _value(value):
    return _element("none", f'<field name="value">{value}</field>')


XOAI = (
    '<metadata xmlns="http://www.lyncode.com/xoai">'
    + _element(
        "dc",
        _element("contributor", _element("author", _value("Nguyễn, Văn An")))
        + _element("date", _element("issued", _value("2024")))
        + _element("title", _value("Thư viện số ở Việt Nam"))
        + _element("publisher", _value("Trường Đại học")),
    )
    + _element("bundles", _element("bundle", '<field name="name">ORIGINAL</field>'))
    + _element("others", '<field name="handle">123456789/7</field>')
    + "</metadata>"
)


def items(prefix, metadata):
    """A repository with a record that is there and one that was withdrawn."""
    names = ("oai:dspace.thuvien.example:123456789/7", "oai:dspace.thuvien.example:123456789/8")
    common = {"datestamp": "2026-01-01T00:00:00Z", "sets": ["col_123456789_2"], "metadata": {prefix: metadata}}
    return [{"identifier": names[0], **common}, {"identifier": names[1], "deleted": True, **common}]


@pytest.fixture
def served(monkeypatch):
    """Serves a repository that gives records under one more prefix."""

    def start(prefix, metadata):
        monkeypatch.setitem(sample_partners.FORMATS, prefix, ("x", "x"))
        return serve({"oai": Repository("oai", items(prefix, metadata))})

    return start


@pytest.mark.parametrize(("prefix", "metadata"), [("dim", DIM), ("qdc", QDC), ("qdc", DCTERMS), ("xoai", XOAI)])
def test_the_preset_of_dspace(tmp_path, served, prefix, metadata):
    with served(prefix, metadata) as url:
        config = preset("dspace", tmp_path, f"{url}/oai", metadata_prefix=prefix)
        assert config.connector.check(config.job({})) == []
        harvested, (record,) = read(config)
        assert config.connector.sweeping.every(config.job(harvested[-1].checkpoint)) == timedelta(days=3)
    assert [(raw.identifier[-2:], raw.deleted) for page in harvested for raw in page.records] == [
        ("/7", False),
        ("/8", True),
    ]
    assert record.first("245", "a").startswith("Thư viện số ở Việt Nam")
    assert "Nguyễn, Văn An" in record.values("100", "a") + record.values("700", "a")
    assert "2024" in "".join(record.values("260", "c") + record.values("264", "c"))
    assert record.values("260", "b") + record.values("264", "b") == ["Trường Đại học"]
    if prefix == "dim":
        assert record.first("020", "a").replace("-", "") == "9786041000018"
        assert "Trần, Thị Bình" in record.values("700", "a")


def test_the_preset_of_kohas_oai(tmp_path, served):
    with served("marcxml", MARC_WITH_ITEMS) as url:
        config = preset("koha_oai", tmp_path, f"{url}/oai")
        assert config.connector.check(config.job({})) == []
        harvested, (record,) = read(config)
    assert harvested[-1].everything
    assert (record.first("245", "a"), record.first("100", "a")) == ("Dế Mèn phiêu lưu ký", "Tô Hoài")
    assert record.first("952", "p") == "DKCB-0001"
