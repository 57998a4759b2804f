"""Lists of OAI-PMH that lie about their end or their size, and how windows read them all the same."""

import json
import re
from itertools import count

import pytest

from connectors.oai_pmh import CONNECTOR, pages
from tests.connectors.partner import (
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
from tests.connectors.test_oai_pmh import notes, script


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
