"""The queue: made by the merge, the same a little at a time and all at once, sorted by what it wins, held by one."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from hub.catalog.models import Question
from hub.catalog.questions import Chosen, chosen, judged, open_questions
from hub.match.doubt import doubt, likelihood, size
from hub.review import actions, claims
from hub.review.models import Claim, Unsure
from hub.sources import matching_rules
from tests.hub.provide.network import arrive
from tests.hub.review.asked import city, fill, library, open_pairs, rebuild, record, school, unite
from tests.hub.stages.books import raw

EVERY = Chosen()


def rows() -> list[tuple[object, ...]]:
    return list(Question.objects.order_by("first", "second").values_list())


def test_a_rebuild_asks_the_same(waiting_anywhere: str) -> None:
    actions.answer(open_pairs()[0], "DIFFERENT", by="Lan")
    before = rows()
    assert len(before) == 3
    rebuild()
    assert rows() == before


def test_a_little_at_a_time_asks_what_all_at_once_asks(waiting_anywhere: str) -> None:
    before = rows()
    arrive(library("truong-le-loi"), [raw(school(4, "Góc sân và khoảng trời"))])
    arrive(library("thanh-pho"), [raw(city(4, "Góc sân và khoảng trời"))])
    assert len(rows()) == len(before) + 1
    changed = rows()
    rebuild()
    assert rows() == changed


def test_what_wins_most_comes_first(waiting: object) -> None:
    found = list(chosen(EVERY))
    assert [one.gain for one in found] == sorted((one.gain for one in found), reverse=True)
    assert {(one.first, one.second) for one in found} == {(one.first, one.second) for one in open_questions()}
    assert all(one.doubt == "year" for one in found)


def test_filters(waiting: object) -> None:
    assert chosen(Chosen(library="HP-TP")).count() == 6
    assert chosen(Chosen(library="HP-TP", source="truong-le-loi")).count() == 0
    assert chosen(Chosen(source="truong-le-loi", language="vie", doubt="year")).count() == 6
    assert chosen(Chosen(language="eng")).count() == chosen(Chosen(doubt="author")).count() == 0
    assert chosen(Chosen(library="nobody")).count() == 0


def test_the_queue_learns_from_decisions_of_the_same_pattern(waiting_anywhere: str) -> None:
    pattern = Question.objects.first().pattern  # type: ignore[union-attr]
    before = Question.objects.get(first=open_pairs()[-1][0]).gain
    actions.answer(open_pairs()[0], "SAME", by="Lan")
    last = Question.objects.get(first=open_pairs()[-1][0])
    assert last.gain > before
    for _ in range(2):
        actions.answer(open_pairs()[0], "DIFFERENT", by="Lan")
    assert judged([pattern])[pattern] == (1, 2)
    assert Question.objects.get(first=last.first).gain < before
    unite()
    again = Question.objects.get(first=last.first).gain
    rebuild()
    assert Question.objects.get(first=last.first).gain == pytest.approx(again)


def test_two_people_do_not_get_the_same_question(waiting_anywhere: str) -> None:
    [first] = claims.take("Lan", EVERY)
    [second] = claims.take("Hoa", EVERY)
    assert first == open_pairs()[0]
    assert second == open_pairs()[1]
    assert claims.take("Lan", EVERY) == [first], "the same person goes on with the same question"
    assert not claims.hold(first, "Hoa")
    holder = claims.holder(first, "Hoa")
    assert holder is not None
    assert holder.by == "Lan"
    assert claims.hold(first, "Hoa", over=True)
    assert claims.holder(first, "Hoa") is None


def test_a_claim_ends(waiting_anywhere: str) -> None:
    [first] = claims.take("Lan", EVERY)
    Claim.objects.update(until=timezone.now() - timedelta(seconds=1))
    assert claims.take("Hoa", EVERY) == [first]


def test_several_at_once_are_mine(waiting: object) -> None:
    taken = claims.take("Lan", EVERY, 4)
    assert taken == open_pairs()[:4]
    assert claims.mine("Lan").count() == 4
    assert len(claims.take("Hoa", EVERY, 20)) == 2
    assert claims.take("Mai", EVERY) == []


def test_who_was_not_sure_gets_it_later_and_others_at_once(waiting_anywhere: str) -> None:
    [first] = claims.take("Lan", EVERY)
    actions.not_sure(first, by="Lan")
    assert claims.take("Lan", EVERY) != [first]
    assert claims.take("Hoa", EVERY) == [first]
    claims.let_go([first])
    Unsure.objects.update(at=timezone.now() - claims.LATER)
    Claim.objects.all().delete()
    assert claims.take("Lan", EVERY) == [first]


def test_an_answer_leaves_the_queue_at_once(waiting_anywhere: str) -> None:
    pair = open_pairs()[0]
    actions.answer(pair, "DIFFERENT", by="Lan")
    assert pair not in open_pairs()
    unite()
    assert pair not in open_pairs()


def test_what_leaves_a_question_open() -> None:
    assert doubt((("title", "equal", 5.0), ("year", "alone", -1.2), ("isbn", "different", -1.0))) == "year"
    assert doubt((("title", "equal", 5.0), ("author", "missing", 0.0))) == "brief"


def test_likelihood_follows_the_score_and_then_people() -> None:
    rules = matching_rules()
    assert likelihood(8, rules) > likelihood(6, rules) > 0
    assert likelihood(8, rules, different=40) < 0.1
    assert likelihood(5, rules, same=40) > 0.9
    assert size(1, 0) == 1 < size(1, 1) < size(1, 100) < size(40, 0)


def test_a_removed_record_asks_nothing(waiting_anywhere: str) -> None:
    gone = record("LL001")
    arrive(library("truong-le-loi"), [raw(school(1, "Đất rừng phương Nam"), deleted=True)])
    assert not Question.objects.filter(second=gone).exists()
    assert len(open_pairs()) == 3


def test_filling_again_asks_the_same(waiting: object) -> None:
    before = rows()
    fill(6)
    assert rows() == before
