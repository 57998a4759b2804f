"""Lists that lie, change, stop and go in circles."""

import pytest

from connectors.slices import Slice
from connectors.sru import Options
from tests.connectors.partner import Reply, identifiers
from tests.connectors.sru_site import (
    YEARS,
    Database,
    at,
    checked,
    codes,
    numbers,
    outcome,
    problems,
    refusing,
    response,
    served,
    stopped,
)

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


@pytest.mark.parametrize(("number", "everything"), [(61, True), (6, True), (60, False), (1, False), (None, False)])
def test_a_server_that_fails_beyond_its_end_has_given_all_but_proves_nothing(number, everything):
    database = Database(40, nexts=False)
    beyond = Reply(b"", status=500) if number is None else refusing(number)
    database.before = lambda asked: beyond if int(asked.get("startRecord", 1)) > 40 else None
    harvested, _ = served(database, tries=1)
    assert outcome(harvested) == (40, [] if everything else ["sru_unproven"], True, everything)


def test_a_number_that_is_none_or_missing_is_done_without():
    for said in (None, "", "nhiều", "-1", "1e3"):
        harvested, _ = served(Database(25, says=lambda hits, said=said: said))
        assert outcome(harvested) == (25, ["sru_uncounted"], True, False)
    assert checked(Database(says=lambda hits: None)) == ["sru_uncounted"]
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


def test_a_number_that_looks_like_a_limit_is_no_proof_that_something_is_gone():
    for count, said in ((1000, ["sru_round"]), (999, ["sru_round"]), (1001, [])):
        harvested, _ = served(Database(count), page_size=400)
        assert outcome(harvested) == (count, said, True, not said)


def test_an_estimate_is_no_proof_that_something_is_gone():
    precision = "<z:resultCountPrecision>{}</z:resultCountPrecision>"
    harvested, _ = served(Database(25, more=precision.format("estimate")), version="2.0")
    assert outcome(harvested) == (25, ["sru_inexact"], True, False)
    exact = precision.format("info:srw/vocabulary/resultCountPrecision/1/exact")
    assert outcome(served(Database(25, more=exact), version="2.0")[0]) == (25, [], True, True)


@pytest.mark.parametrize("number", [61, 60, 1, 6, "info:khac/7"])
@pytest.mark.parametrize("deepest", [30, 33])
def test_where_the_server_gives_no_more_of_its_list_the_diagnostic_is_said(number, deepest):
    database = Database(50)

    def before(asked):
        last = int(asked["startRecord"]) + (int(asked["maximumRecords"]) - 1 if number == 1 else 0)
        return refusing(number, "Quá xa") if last > deepest else None

    database.before, database.deepest = before, deepest
    harvested, asked = served(database)
    assert outcome(harvested) == (deepest, ["sru_stopped", "sru_short"], True, False)
    assert (problems(harvested), len(asked) < 30) == ([], True)
    (note, _) = [note for page in harvested for note in page.notes]
    assert (note.facts["place"], note.facts["hits"]) == (str(deepest), "50")
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
    assert checked(database, max_records=60, slices=YEARS) == ["sru_query_refused"]


def test_slices_that_miss_records_are_found_out():
    database = Database(250)
    whole = database.found
    database.found = lambda query: whole(query)[:0] if " not " in query else whole(query)
    harvested, _ = served(database, max_records=60, slices=YEARS)
    assert outcome(harvested) == (225, ["sru_slices_short"], True, False)
    assert checked(database, max_records=60, slices=YEARS) == ["sru_slices_short"]


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


def test_a_server_that_gives_its_last_page_again_beyond_the_end_proves_nothing():
    database = Database(40, nexts=False)
    database.before = lambda asked: (
        database.page(database.books, 31, 10) if int(asked.get("startRecord", 1)) > 40 else None
    )
    assert outcome(served(database)[0]) == (40, ["sru_stuck"], True, False)


def test_pages_that_go_round_and_round_come_to_an_end():
    database = Database(5005, nexts=False)
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
    assert checked(database) == ["sru_gives_nothing"]


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
