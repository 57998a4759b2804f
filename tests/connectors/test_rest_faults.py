"""A REST API whose lists are cut, change while they are read, are broken, or never end."""

from random import Random

import pytest

from connectors.rest import Options, pages
from connectors.rest_api import Given
from connectors.rest_list import FUTILE, STEPS_BACK, List
from schemas.record import RawRecord
from tests.connectors.koha_site import Reply, book, koha
from tests.connectors.partner import identifiers
from tests.connectors.test_rest import (
    DELETED_SINCE,
    FORMATS,
    LATER,
    SINCE,
    codes,
    harvest,
    job,
    named,
    secrets,
    trouble,
)

assert secrets


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
