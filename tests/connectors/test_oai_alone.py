"""Records asked for one by one, lists of identifiers, pages that cannot be had."""

import json
from datetime import timedelta

import pytest

from connectors.oai_pmh import CONNECTOR, pages
from connectors.oai_single import FUTILE
from tests.connectors.partner import (
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
from tests.connectors.test_oai_pmh import notes, script, trouble
from tests.connectors.test_oai_windows import by_date


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
