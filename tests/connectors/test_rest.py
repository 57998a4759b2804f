import base64
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from connectors.address import resolve
from connectors.connector import Job
from connectors.http import _is_same_server
from connectors.rest import CONNECTOR, Options, pages
from hub.catalog.models import Record as Row
from hub.catalog.models import Run
from hub.sources import SourceFile, make_source
from hub.stages.harvest import harvest as harvest_source
from schemas.format import Reading, find_format
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
