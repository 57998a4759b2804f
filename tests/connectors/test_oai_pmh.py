import json
import re
from datetime import timedelta
from itertools import count, islice

import pytest
from pydantic import ValidationError

from connectors.duration import parse_duration
from connectors.oai_dates import DAYS, SECONDS, window_start
from connectors.oai_pmh import CONNECTOR, Options, pages
from connectors.oai_reading import IDLE_PAGES
from connectors.oai_single import FUTILE
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
    until_trouble,
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


def datestamped(hour):
    return f"2026-02-{1 + hour // 24:02}T{hour % 24:02}:00:00Z"


def within(arguments, datestamp):
    return arguments.get("from", "") <= datestamp <= (arguments.get("until") or "9999")


def in_windows(follow):
    """A server of 16 records, one an hour, four a page; ``follow(first, rest)`` is the token after its first page."""

    def answer(arguments):
        if arguments["verb"] == "Identify":
            return identify()
        if "resumptionToken" in arguments:
            return error("badResumptionToken")
        found = [record(n, datestamp=datestamped(n)) for n in range(16) if within(arguments, datestamped(n))]
        if not found:
            return error("noRecordsMatch")
        return oai(listed(found[:4], follow(found) if len(found) > 4 else ""), "2026-02-02T00:00:00Z")

    return answer


def test_a_list_whose_tokens_never_hold_is_read_in_windows():
    with serving(in_windows(lambda found: "t")) as server:
        harvested = harvest(server.url)
    assert {f"oai:x:{n}" for n in range(16)} == set(identifiers(harvested))
    assert harvested[-1].complete
    assert "oai_windows" in notes(harvested)
    lists = [a for a in server.asked if a["verb"] == "ListRecords" and "resumptionToken" not in a]
    assert all("until" not in a or "T" in a["until"] for a in lists)
    assert "until" not in max(lists, key=lambda a: a.get("from", ""))


def test_windows_go_on_after_a_cut():
    with serving(in_windows(lambda found: "t")) as server:
        whole = set(identifiers(harvest(server.url)))
        running, read = pages(job(server.url)), []
        while not (read and read[-1].checkpoint.get("windows")):
            read.append(next(running))
        running.close()
        rest = harvest(server.url, json.loads(json.dumps(read[-1].checkpoint)))
    assert set(identifiers(read + rest)) == whole
    assert rest[-1].checkpoint["from"] == "2026-02-02T00:00:00Z"
    assert not rest[-1].everything


def test_a_list_that_ends_early_is_read_again():
    short = [oai(listed([record(1)], size=None)), oai(listed([record(1), record(2)], "", 2))]
    with serving(script(first=[oai(listed([record(1)], "", 2)), *short[1:]])) as server:
        harvested = harvest(server.url)
    assert identifiers(harvested) == ["oai:x:1", "oai:x:1", "oai:x:2"]
    assert harvested[-1].everything
    assert notes(harvested) == ["oai_list_short"]


def by_date(numbers, follow=None, size=None, page=4, until=24):
    """A server of records, one an hour, some a page; tokens are how many came before."""

    def answer(arguments):
        if arguments["verb"] == "Identify":
            return identify()
        if arguments["verb"] == "GetRecord":
            return oai(f"<GetRecord>{record(int(arguments['identifier'].rpartition(':')[2]))}</GetRecord>")
        before, _, window = arguments.get("resumptionToken", "").partition("|")
        start, _, end = window.partition("|")
        start, end = arguments.get("from", start), arguments.get("until", end)
        found = [n for n in numbers if start <= datestamped(n) <= (end or "9999")]
        at = int(before or 0)
        more = at + page < len(found) if follow is None else follow(at + page, found)
        token = f"{at + page}|{start}|{end}" if more else ""
        if not found:
            return error("noRecordsMatch")
        announced = None if size is None else size(found[at : at + page], found)
        shown = [record(n, datestamp=datestamped(n)) for n in found[at : at + page]]
        written = listed(shown, token, announced)
        if arguments["verb"] == "ListIdentifiers":
            written = re.sub("<metadata>.*?</metadata>|</?record>", "", written).replace("Records", "Identifiers")
        return oai(written, "2026-02-03T00:00:00Z")

    return answer


def test_a_size_that_is_always_too_high_is_found_out_and_remembered():
    numbers = list(range(12))
    with serving(by_date(numbers, size=lambda _, found: 2 * len(found))) as server:
        harvested = harvest(server.url)
        assert set(identifiers(harvested)) == {f"oai:x:{n}" for n in numbers}
        last = harvested[-1]
        assert notes(harvested) == ["oai_list_short", "oai_size_wrong"]
        assert (last.complete, last.everything, last.checkpoint["from"]) == (True, True, "2026-02-03T00:00:00Z")
        assert last.checkpoint["size_ratio"] == 0.5
        asked = len(server.asked)
        again = harvest(server.url, last.checkpoint, full=True)
        assert (len(server.asked) - asked, notes(again), again[-1].everything) == (4, [], True)
        headers = list(CONNECTOR.sweeping.headers(job(server.url, last.checkpoint)))
        assert (headers[-1].complete, [note.code for page in headers for note in page.notes]) == (True, [])


def test_a_list_that_ends_at_the_same_place_each_time_is_short_and_read_in_windows():
    numbers = list(range(20))
    with serving(by_date(numbers, lambda at, found: False, size=lambda _, found: len(found))) as server:
        harvested = harvest(server.url)
    assert set(identifiers(harvested)) == {f"oai:x:{n}" for n in numbers}
    assert "oai_windows" in notes(harvested)
    assert "oai_size_wrong" not in notes(harvested)
    assert harvested[-1].everything


def test_a_size_that_was_wrong_does_not_hide_a_list_that_ends_early():
    numbers, cut = list(range(20)), [False]

    def follow(at, found):
        return at < len(found) and not cut[0]

    with serving(by_date(numbers, follow, size=lambda _, found: 2 * len(found))) as server:
        learned = harvest(server.url)[-1].checkpoint
        cut[0] = True
        assert set(identifiers(harvest(server.url, learned, full=True))) == {f"oai:x:{n}" for n in numbers}


@pytest.mark.parametrize("size", [None, lambda page, _: len(page), lambda _, found: len(found)])
def test_a_last_page_that_leads_to_itself_ends_the_list(size):
    numbers = list(range(10))

    def answer(arguments):
        told = arguments.get("resumptionToken", "")
        if told.startswith("8|"):
            arguments = arguments | {"resumptionToken": told}
        return by_date(numbers, lambda at, found: True, size)(arguments)

    def stuck(arguments):
        token = arguments.get("resumptionToken", "")
        at = int(token.partition("|")[0] or 0)
        first, second = token.partition("|")[2].split("|") if token else ("", "")
        window = {"from": arguments.get("from", first), "until": arguments.get("until", second)}
        found = [n for n in numbers if window["from"] <= datestamped(n) <= (window["until"] or "9999")]
        last = max((len(found) - 1) // 4 * 4, 0)
        if at > last:
            arguments = arguments | {"resumptionToken": f"{last}|{window['from']}|{window['until']}"}
        answered = answer(arguments)
        return re.sub(rb">(\d+)\|", lambda m: b">%d|" % min(int(m[1]), last + 4), answered)

    with serving(stuck) as server:
        harvested = harvest(server.url)
    assert set(identifiers(harvested)) == {f"oai:x:{n}" for n in numbers}
    assert harvested[-1].complete
    assert harvested[-1].checkpoint["from"] == "2026-02-03T00:00:00Z"
    assert "oai_endless" in notes(harvested)
    assert "oai_windows" not in notes(harvested)


def test_a_size_that_is_that_of_a_page_does_not_end_a_circle():
    numbers = list(range(24))

    def circle(arguments):
        answered = by_date(numbers, size=lambda page, _: len(page))(arguments)
        return re.sub(rb">12\|", b">4|", answered) if b">12|" in answered else answered

    with serving(circle) as server:
        harvested = harvest(server.url)
    assert set(identifiers(harvested)) == {f"oai:x:{n}" for n in numbers}
    assert harvested[-1].checkpoint["from"] == "2026-02-03T00:00:00Z"


@pytest.mark.parametrize(("empty", "announced"), [(150, False), (150, True), (900, True)])
def test_pages_without_records_are_gone_past(empty, announced):
    def answer(arguments):
        if arguments["verb"] == "Identify":
            return identify()
        at, size = int(arguments.get("resumptionToken", "0")), 2 if announced else None
        shown = [record(1)] if at == 0 else [record(2)] if at > empty else []
        return oai(listed(shown, str(at + 1) if at <= empty else "", size))

    with serving(answer) as server:
        harvested = harvest(server.url)
    assert identifiers(harvested) == ["oai:x:1", "oai:x:2"]
    assert harvested[-1].everything
    assert notes(harvested) == []


def test_pages_without_records_for_ever_end_a_list_that_is_short_if_it_announced_more():
    numbers = count()

    def answer(size):
        def give(arguments):
            if arguments["verb"] == "Identify":
                return identify()
            shown = [] if "resumptionToken" in arguments else [record(1)]
            return oai(listed(shown, str(next(numbers)), size))

        return give

    for size, start in ((None, "2026-03-01T10:00:00Z"), (2, "")):
        with serving(answer(size)) as server:
            last = harvest(server.url)[-1]
        assert (last.complete, last.everything, last.checkpoint["from"]) == (True, False, start)


def test_a_day_whose_tokens_are_never_taken_is_read_after_the_list_of_identifiers():
    numbers = list(range(16))
    plain, broken = by_date(numbers), by_date(numbers, lambda at, found: at < len(found))

    def answer(arguments):
        if arguments["verb"] == "Identify":
            return identify("YYYY-MM-DD")
        if arguments["verb"] == "ListRecords" and "resumptionToken" in arguments:
            return error("badResumptionToken")
        days = {n: v + ("T00:00:00Z" if n == "from" else "T23:59:59Z") for n, v in arguments.items() if n in LIMITS}
        return (plain if arguments["verb"] != "ListRecords" else broken)(arguments | days)

    with serving(answer) as server:
        harvested = harvest(server.url)
        windows = {(a.get("from", ""), a.get("until", "")) for a in server.asked if a["verb"] == "ListRecords"}
    assert set(identifiers(harvested)) == {f"oai:x:{n}" for n in numbers}
    assert harvested[-1].checkpoint["from"] == "2026-02-03T00:00:00Z"
    assert "oai_one_by_one" in notes(harvested)
    assert ("2026-02-01", "2026-02-01") in windows


LIMITS = ("from", "until")


def test_a_day_that_cannot_be_read_in_any_way_does_not_keep_the_others_from_coming():
    numbers = [*range(8), *range(24, 40)]

    def stamp(n):
        return f"2026-02-{1 + n // 24:02}"

    def answer(arguments):
        if arguments["verb"] == "Identify":
            return identify("YYYY-MM-DD")
        if "resumptionToken" in arguments:
            return error("badResumptionToken")
        found = [n for n in numbers if arguments.get("from", "") <= stamp(n) <= arguments.get("until", "9999")]
        shown = [record(n, datestamp=stamp(n)) for n in found[:8]]
        return oai(listed(shown, "t" if len(found) > 8 else ""), "2026-02-03T00:00:00Z") if found else error(NO_RECORDS)

    with serving(answer) as server:
        read, problem = until_trouble(pages(job(server.url)))
    assert problem.code == "oai_restarts"
    assert set(identifiers(read)) == {f"oai:x:{n}" for n in [*range(8), *range(24, 32)]}
    assert (read[-1].complete, read[-1].everything, read[-1].checkpoint["from"]) == (True, False, "")


NO_RECORDS = "noRecordsMatch"


def test_days_that_were_all_the_server_took_are_asked_for_at_once_the_next_time():
    def answer(arguments):
        if arguments["verb"] == "Identify":
            return identify()
        return error("badArgument") if "T" in arguments.get("from", "") else oai(listed([record(1)]))

    with serving(answer) as server:
        learned = harvest(server.url, {"from": "2026-03-01T10:00:00Z"})[-1].checkpoint
        asked = len(server.asked)
        assert notes(harvest(server.url, learned)) == []
        assert [a.get("from") for a in server.asked[asked:]] == ["2026-02-28"]


def get(url, *wanted, **options):
    return list(CONNECTOR.sweeping.get(job(url, tries=2, **options), [f"oai:x:{n}" for n in wanted]))


def alone(answers):
    """A server that answers GetRecord by number; Identify too."""

    def answer(arguments):
        if arguments["verb"] == "Identify":
            return identify()
        given = answers(int(arguments["identifier"].rpartition(":")[2]))
        return given if isinstance(given, Reply) else oai(f"<GetRecord>{given}</GetRecord>")

    return answer


def test_single_records_that_are_broken_are_given_with_their_bytes_and_end_nothing():
    broken = alone(lambda n: record(n).replace("Dế", "Dế &"))
    with serving(broken) as server:
        found = get(server.url, *range(30))
    assert [identifier for identifier, _ in found] == [f"oai:x:{n}" for n in range(30)]
    assert {raw.problem.code for _, raw in found} == {"oai_record_broken"}
    assert all(raw.identifier == identifier and b"Phi" not in raw.body for identifier, raw in found)
    with serving(script(first=oai(listed([record(7).replace("Dế", "Dế &")])))) as server:
        (in_list,) = [raw for page in harvest(server.url) for raw in page.records]
    assert (in_list.body, in_list.fingerprint) == (found[7][1].body, found[7][1].fingerprint)


@pytest.mark.parametrize("given", [Reply(b"no", status=500), Reply(b"no", status=403), Reply(b"<a>"), Reply(b"")])
def test_single_records_the_server_cannot_give_are_left_out_while_it_is_there(given):
    with serving(alone(lambda n: record(n) if n == 20 else given)) as server:
        assert [identifier for identifier, _ in get(server.url, *range(21))] == ["oai:x:20"]


def test_a_server_that_is_gone_ends_the_questions():
    with serving(lambda arguments: Reply(b"no", status=500)) as server:
        problem = trouble(CONNECTOR.sweeping.get(job(server.url, tries=2), [f"oai:x:{n}" for n in range(99)]))
    assert problem.code == "http_failing"
    assert len(server.asked) == 2 * (FUTILE + 2)


def test_a_busy_server_ends_the_questions_at_once():
    with serving(lambda arguments: Reply(b"no", status=503, headers={"Retry-After": "99"})) as server:
        problem = trouble(CONNECTOR.sweeping.get(job(server.url, max_wait="1s"), ["oai:x:1", "oai:x:2"]))
    assert (problem.code, len(server.asked)) == ("http_busy", 1)


def test_a_record_without_metadata_is_asked_for_alone():
    bare = "<record><header><identifier>oai:x:2</identifier><datestamp>2026-02-01</datestamp></header></record>"

    def answer(arguments):
        if arguments["verb"] == "Identify":
            return identify()
        if arguments["verb"] == "GetRecord":
            return oai(f"<GetRecord>{record(int(arguments['identifier'][-1]))}</GetRecord>")
        return oai(listed([record(1), bare]))

    with serving(answer) as server:
        found = [raw for page in harvest(server.url) for raw in page.records]
    assert [raw.problem for raw in found] == [None, None]
    assert found[1].place == "page 1, record 2, GetRecord"


def test_text_declared_in_a_single_byte_encoding_that_is_utf_8():
    page = oai(listed([record(1)])).replace(b'encoding="UTF-8"', b"encoding='ISO-8859-1'")
    with serving(script(first=page)) as server:
        (raw,) = (raw for page in harvest(server.url) for raw in page.records)
    assert "Dế Mèn".encode() in raw.body


def test_the_list_of_identifiers_and_single_records():
    inner = "".join(
        f"<header{status}><identifier>oai:x:{n}</identifier><datestamp>2026-02-0{n}</datestamp></header>"
        for n, status in ((1, ""), (2, ' status="deleted"'))
    )

    def answer(arguments):
        if arguments["verb"] == "Identify":
            return identify()
        if arguments["verb"] == "ListIdentifiers":
            return oai(f"<ListIdentifiers>{inner}</ListIdentifiers>")
        return (
            oai(f"<GetRecord>{record(1)}</GetRecord>")
            if arguments["identifier"] == "oai:x:1"
            else error("idDoesNotExist")
        )

    sweeping = CONNECTOR.sweeping
    with serving(answer) as server:
        (page,) = sweeping.headers(job(server.url))
        found = dict(sweeping.get(job(server.url), ["oai:x:1", "oai:x:9"]))
    assert page.complete
    assert [(h.identifier, h.datestamp, h.deleted) for h in page.headers] == [
        ("oai:x:1", "2026-02-01", False),
        ("oai:x:2", "2026-02-02", True),
    ]
    assert found["oai:x:9"] is None
    assert b"D\xe1\xba\xbf M\xc3\xa8n" in found["oai:x:1"].body


@pytest.mark.parametrize(("deletions", "days"), [("persistent", 30), ("transient", 7), ("no", 7), ("", 7)])
def test_how_often_a_source_is_swept(deletions, days):
    sweeping = CONNECTOR.sweeping
    assert sweeping.every(job("http://127.0.0.1/", {"deletions": deletions})) == timedelta(days=days)
    assert sweeping.every(job("http://127.0.0.1/", {"deletions": deletions}, sweep_every="2h")) == timedelta(hours=2)


def test_the_overlap_grows_with_the_lag_a_sweep_finds():
    widened = CONNECTOR.sweeping.widened(
        {"from": "2026-02-01T10:00:00Z"}, ["2026-02-01T09:00:00Z", "2025-01-01T00:00:00Z"]
    )
    assert widened["lag"] == 5400
    assert CONNECTOR.sweeping.widened(widened, ["2026-02-01T09:59:00Z"])["lag"] == 5400
    with serving(script(first=oai(listed([record(1)])))) as server:
        harvest(server.url, widened)
    assert server.asked[-1]["from"] == "2026-02-01T08:30:00Z"


def poisoned(number, failure, alone=None):
    """A server of 40 records that fails on every page with one of them, and, where told so, on the record alone."""
    plain = by_date(range(40))

    def answer(arguments):
        if arguments["verb"] == "GetRecord":
            asked = int(arguments["identifier"].rpartition(":")[2])
            return alone if alone is not None and asked == number else plain(arguments)
        answered = plain(arguments)
        bad = arguments["verb"] == "ListRecords" and f"<identifier>oai:x:{number}<".encode() in answered
        return failure if bad else answered

    return answer


def test_a_page_that_cannot_be_had_stops_a_run_once_and_then_costs_what_is_bad_on_it():
    with serving(poisoned(21, Reply(b"no", status=500))) as server:
        read, problem = until_trouble(pages(job(server.url, tries=2)))
        assert (problem.code, len(read)) == ("http_failing", 5)
        rest = harvest(server.url, json.loads(json.dumps(read[-1].checkpoint)), tries=2)
    assert set(identifiers([*read, *rest])) == {f"oai:x:{n}" for n in range(40)}
    assert rest[-1].checkpoint["from"] == "2026-02-03T00:00:00Z"
    assert {"oai_windows", "oai_one_by_one"} <= set(notes(rest))


@pytest.mark.parametrize("number", [0, 3])
@pytest.mark.parametrize("failure", [Reply(b"no", status=500), oai(listed([record(1)]))[:-40], b"<html/>"])
def test_a_first_page_that_cannot_be_had_costs_what_is_bad_on_it(number, failure):
    gone = Reply(b"no", status=500)
    with serving(poisoned(number, failure, alone=gone)) as server:
        harvested = harvest(server.url, tries=2)
    assert set(identifiers(harvested)) == {f"oai:x:{n}" for n in range(40)} - {f"oai:x:{number}"}
    assert harvested[-1].complete
    assert "oai_not_given" in notes(harvested)


def test_a_server_that_gives_no_page_at_all_is_not_asked_for_ever():
    def answer(arguments):
        return identify() if arguments["verb"] == "Identify" else Reply(b"no", status=500)

    with serving(answer) as server:
        assert trouble(pages(job(server.url, tries=2))).code == "http_failing"
    assert len(server.asked) <= 20
