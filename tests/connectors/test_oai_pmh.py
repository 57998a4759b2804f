import json
from datetime import timedelta
from itertools import count, islice

import pytest
from pydantic import ValidationError

from connectors.duration import parse_duration
from connectors.oai_dates import DAYS, SECONDS, window_start
from connectors.oai_pmh import CONNECTOR, Options, pages
from connectors.oai_reading import IDLE_PAGES
from flows.sample_partners import Repository, serve
from schemas.problem import Trouble
from tests.connectors.partner import (
    MARC,
    Reply,
    error,
    harvest,
    identifiers,
    identify,
    job,
    listed,
    oai,
    record,
    serving,
)


def item(number, datestamp="2026-01-01T00:00:00Z", **more):
    named = {"identifier": f"oai:demo:{number:03}", "datestamp": datestamp, "sets": ["sách"]}
    return named | {"metadata": {"marcxml": MARC.format(number=number)}} | more


@pytest.fixture
def demo():
    """A repository of 60 records, every tenth deleted, and where it is served."""
    repository = Repository("demo", [item(n, deleted=n % 10 == 0) for n in range(1, 61)])
    with serve({"demo": repository}) as url:
        yield repository, f"{url}/demo"


def script(**answers):
    """Answers by the resumption token of a ListRecords request ("first" without one); values may be lists to use up."""

    def answer(arguments):
        if arguments["verb"] == "Identify":
            return answers.get("identify", identify())
        value = answers[arguments.get("resumptionToken", "first")]
        return (value.pop(0) if len(value) > 1 else value[0]) if isinstance(value, list) else value

    return answer


def trouble(call):
    with pytest.raises(Trouble) as caught:
        list(call)
    return caught.value.problem


def notes(harvested):
    return [note.code for page in harvested for note in page.notes]


def test_a_whole_list(demo):
    harvested = harvest(demo[1])
    assert identifiers(harvested) == [f"oai:demo:{n:03}" for n in range(1, 61)]
    assert [page.complete for page in harvested] == [False, False, True]
    assert [len(page.records) for page in harvested] == [25, 25, 10]
    assert sum(raw.deleted for page in harvested for raw in page.records) == 6
    assert harvested[-1].announced == 60
    assert set(harvested[-1].checkpoint) == {"asked", "from", "granularity", "deletions"}
    assert notes(harvested) == []
    json.dumps(harvested[0].checkpoint)


def test_only_what_changed_since_the_last_list(demo):
    repository, url = demo
    last = harvest(url)[-1].checkpoint
    repository.put(item(7, last["from"], deleted=True))
    repository.put(item(61, last["from"]))
    again = harvest(url, last)
    assert identifiers(again) == ["oai:demo:007", "oai:demo:061"]
    assert again[-1].complete
    assert again[-1].checkpoint["from"] >= last["from"]
    assert len(identifiers(harvest(url, last, full=True))) == 61


def test_nothing_new_is_a_complete_empty_list(demo):
    last = harvest(demo[1])[-1].checkpoint
    (page,) = harvest(demo[1], last)
    assert page.complete
    assert page.records == []
    assert page.checkpoint["from"] >= last["from"]


def test_a_cut_harvest_goes_on_where_it_stopped(demo):
    running = pages(job(demo[1]))
    first = next(running)
    running.close()
    rest = harvest(demo[1], json.loads(json.dumps(first.checkpoint)))
    assert identifiers([first, *rest]) == [f"oai:demo:{n:03}" for n in range(1, 61)]
    assert rest[0].records[0].place == "page 2, record 1"
    assert rest[-1].checkpoint["from"] == first.checkpoint["first_response"]
    assert rest[-1].complete


def test_the_next_list_starts_at_the_first_response_less_the_overlap():
    answers = script(
        first=oai(listed([record(1)], "t"), "2026-03-01T10:00:00Z"), t=oai(listed([record(2)]), "2026-03-01T11:00:00Z")
    )
    with serving(answers) as server:
        last = harvest(server.url)[-1].checkpoint
        harvest(server.url, last, overlap="1h")
    assert last["from"] == "2026-03-01T10:00:00Z"
    asked = [a for a in server.asked if "from" in a]
    assert asked == [{"verb": "ListRecords", "metadataPrefix": "marcxml", "from": "2026-03-01T09:00:00Z"}]
    assert server.asked[2] == {"verb": "ListRecords", "resumptionToken": "t"}


@pytest.mark.parametrize(
    ("stored", "overlap", "granularity", "expected"),
    [
        ("2026-03-01T10:00:00Z", "15m", SECONDS, "2026-03-01T09:45:00Z"),
        ("2026-03-01T10:00:00Z", "15m", DAYS, "2026-02-28"),
        ("2026-03-01", "7d", DAYS, "2026-02-22"),
        ("2026-03-01T10:00:00.123Z", "0s", SECONDS, "2026-03-01T10:00:00Z"),
        ("2026-03-01T17:00:00+07:00", "0s", SECONDS, "2026-03-01T10:00:00Z"),
        ("1970-01-01T00:05:00Z", "15m", SECONDS, "1970-01-01T00:00:00Z"),
        ("", "15m", SECONDS, ""),
        ("hôm qua", "15m", SECONDS, ""),
    ],
)
def test_where_a_window_starts(stored, overlap, granularity, expected):
    assert window_start(stored, parse_duration(overlap), granularity) == expected


def test_days_are_asked_for_when_seconds_are_refused():
    def answer(arguments):
        if arguments["verb"] == "Identify":
            return identify()
        return error("badArgument") if "T" in arguments.get("from", "") else oai(listed([record(1)]))

    with serving(answer) as server:
        harvested = harvest(server.url, {"from": "2026-03-01T10:00:00Z"})
    assert server.asked[-1]["from"] == "2026-02-28"
    assert notes(harvested) == ["oai_days_only"]
    assert harvested[-1].checkpoint["granularity"] == DAYS


def test_another_prefix_starts_anew(demo):
    stored = {"from": "2099-01-01T00:00:00Z", "asked": "oai_dc", "token": "x"}
    assert len(identifiers(harvest(demo[1], stored))) == 60


@pytest.mark.parametrize(
    "bad",
    [
        b"<!DOCTYPE html><html>busy</html>",
        oai(listed([record(1)]))[:-40],
        b"",
        oai(""),
        error("InternalException"),
        Reply(oai(listed([record(1)])), cut=30),
        Reply(b"later", status=503, headers={"Retry-After": "0"}),
    ],
)
def test_a_bad_page_is_asked_for_again_and_never_taken(bad):
    with serving(script(first=[bad, oai(listed([record(1), record(2)]))])) as server:
        assert identifiers(harvest(server.url)) == ["oai:x:1", "oai:x:2"]
    with serving(script(first=oai(listed([record(1)], "t")), t=bad)) as server:
        running = pages(job(server.url, tries=2, max_wait="0s"))
        assert next(running).checkpoint["token"] == "t"
        assert trouble(running).code in {
            "oai_not_oai", "oai_cut", "oai_no_verb", "oai_unknown_error", "http_cut", "http_failing",
        }  # fmt: skip


def test_a_doctype_is_refused():
    bad = b'<?xml version="1.0"?><!DOCTYPE lol [<!ENTITY a "ha">]>' + oai(listed([record(1)]))[38:]
    with serving(script(first=bad)) as server:
        assert trouble(pages(job(server.url))).code == "xml_doctype"
    assert len(server.asked) == 2


def test_a_page_beyond_the_limit_is_refused():
    with serving(script(first=oai(listed([record(n) for n in range(50)])))) as server:
        assert trouble(pages(job(server.url, max_bytes=10_000))).code == "http_too_long"


def test_a_broken_record_costs_itself_and_not_its_page():
    broken = record(2).replace("Dế", "Dế &")
    with serving(script(first=oai(listed([record(1), broken, record(3)], "t")), t=oai(listed([record(4)])))) as server:
        harvested = harvest(server.url)
    assert identifiers(harvested) == ["oai:x:1", "oai:x:2", "oai:x:3", "oai:x:4"]
    assert [raw.problem.code for page in harvested for raw in page.records if raw.problem] == ["oai_record_broken"]
    assert notes(harvested) == ["oai_salvaged"]
    listed_by = [a.get("resumptionToken") for a in server.asked if a["verb"] == "ListRecords"]
    assert listed_by == [None, None, "t"]
    assert [a["identifier"] for a in server.asked if a["verb"] == "GetRecord"] == ["oai:x:2"] * 2


def test_an_expired_token_starts_the_window_again():
    expired = [error("badResumptionToken"), error("badResumptionToken"), oai(listed([record(2)]))]
    with serving(script(first=oai(listed([record(1)], "t")), t=expired)) as server:
        harvested = harvest(server.url, {"from": "2026-03-01T10:00:00Z"})
    assert identifiers(harvested) == ["oai:x:1"] * 3 + ["oai:x:2"]
    assert notes(harvested) == ["oai_token_refused"] * 2
    assert [a["from"] for a in server.asked if "from" in a] == ["2026-03-01T09:45:00Z"] * 3


def test_a_stored_token_that_expired_starts_the_stored_window_again():
    stored = {"from": "2026-03-02T00:00:00Z", "window": "2026-02-01T00:00:00Z", "token": "old", "granularity": SECONDS}
    with serving(script(first=oai(listed([record(1)])), old=error("badArgument"))) as server:
        assert harvest(server.url, stored)[-1].complete
    assert server.asked[-1]["from"] == "2026-02-01T00:00:00Z"


def test_tokens_that_are_always_refused_end_the_run():
    with serving(script(first=oai(listed([record(1)], "t")), t=error("badResumptionToken"))) as server:
        assert trouble(pages(job(server.url))).code == "oai_restarts"


@pytest.mark.parametrize("second", ["a", "b"])
def test_tokens_in_a_circle_end_the_run(second):
    numbers = count()
    answers = {"a": second, "b": "a", "first": "a"}

    def answer(arguments):
        if arguments["verb"] == "Identify":
            return identify()
        return oai(listed([record(next(numbers))], answers[arguments.get("resumptionToken", "first")]))

    with serving(answer) as server:
        assert trouble(pages(job(server.url))).code == "oai_token_loop"


def test_fresh_tokens_for_ever_end_the_list_but_show_nothing_to_be_gone():
    numbers = count()

    def answer(arguments):
        return identify() if arguments["verb"] == "Identify" else oai(listed([record(1)], f"t{next(numbers)}"))

    with serving(answer) as server:
        *_, last = harvest(server.url)
    assert (last.complete, last.everything) == (True, False)
    assert "oai_endless" in [problem.code for problem in last.notes]
    assert next(numbers) <= IDLE_PAGES + 15


def test_an_empty_page_with_a_token_goes_on():
    with serving(
        script(first=oai(listed([], "t")), t=oai(listed([record(1)], "u")), u=error("noRecordsMatch"))
    ) as server:
        harvested = harvest(server.url)
    assert [len(page.records) for page in harvested] == [0, 1, 0]
    assert harvested[-1].complete


def test_a_list_that_ends_early_is_listed_again():
    early = [oai(listed([record(2)])), oai(listed([record(2), record(3)]))]
    with serving(script(first=oai(listed([record(1)], "t", 3)), t=early)) as server:
        harvested = harvest(server.url)
    assert identifiers(harvested) == ["oai:x:1", "oai:x:2", "oai:x:1", "oai:x:2", "oai:x:3"]
    assert [page.complete for page in harvested] == [False, False, False, True]
    assert notes(harvested) == ["oai_list_short"]
    assert harvested[1].checkpoint["from"] == ""
    assert harvested[-1].checkpoint["from"] == "2026-03-01T10:00:00Z"


def test_a_list_that_is_always_short_and_never_the_same_does_not_move_the_window():
    stored, numbers = {"from": "2026-01-01T00:00:00Z"}, count()

    def answer(arguments):
        if arguments["verb"] == "Identify":
            return identify()
        return oai(listed([record(next(numbers))], "", 99), "2026-01-01T00:00:03Z")

    with serving(answer) as server:
        last = harvest(server.url, stored, overlap="0s")[-1]
    assert (last.complete, last.everything) == (True, False)
    assert last.checkpoint["from"] == stored["from"]
    assert "oai_list_short" in [note.code for note in last.notes]


def test_a_set_that_does_not_exist_is_said():
    with serving(script(first=error("noSetHierarchy"))) as server:
        problem = trouble(pages(job(server.url, set="x")))
    assert problem.code == "oai_error"
    assert "noSetHierarchy" in problem.sentence("vi")


def test_a_private_address_needs_leave():
    with serving(script(first=oai(listed([record(1)])))) as server:
        assert trouble(pages(job(server.url, allow_private=False))).code == "http_private"
    assert server.asked == []


def test_the_check_asks_without_harvesting(demo):
    assert CONNECTOR.check(job(demo[1])) == []
    (problem,) = CONNECTOR.check(job(demo[1], metadata_prefix="mods"))
    assert (problem.code, problem.facts["known"]) == ("oai_prefix_unknown", "marcxml")
    assert CONNECTOR.check(job(demo[1].replace("demo", "none")))[0].code == "http_status"
    assert CONNECTOR.check(job(demo[1], set="none"))[0].code == "oai_empty"


@pytest.mark.parametrize(
    "wrong",
    [{"overlap": "15"}, {"overlap": 15}, {"url": "ftp://x/"}, {"prefix": "x"}, {"tries": 0}, {"max_wait": "-1m"}],
)
def test_options_that_are_wrong_are_refused(wrong):
    with pytest.raises(ValidationError):
        Options.model_validate({"url": "http://opac.example/oai"} | wrong)


def test_options_read_durations():
    options = Options.model_validate({"url": "http://opac.example/oai", "overlap": "7d", "max_wait": "24h"})
    assert (options.overlap, options.max_wait) == (timedelta(days=7), timedelta(hours=24))


def test_sets_select(demo):
    repository, url = demo
    repository.put(item(99, sets=["báo"]))
    assert identifiers(islice(pages(job(url, set="báo")), 5)) == ["oai:demo:099"]
