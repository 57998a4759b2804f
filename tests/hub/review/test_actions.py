"""What people do at the desk: kept over harvests and rebuilds, audited, undone, with what followed."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone

from hub.accounts.models import AuditEvent
from hub.catalog import choices
from hub.catalog.decisions import decide, standing
from hub.catalog.models import Decision, GenericTitle, Move, Question, Record, Union
from hub.catalog.reads import union_content
from hub.review import actions, acts, claims
from hub.review.models import Note
from schemas.problem import Trouble
from schemas.record import Record as Content
from tests.hub.provide.network import arrive
from tests.hub.review.asked import (
    TITLES,
    city,
    library,
    open_pairs,
    rebuild,
    record,
    school,
    uid_of,
    union_of,
    unions,
    unite,
)
from tests.hub.stages.books import book, raw


def title_of(number: int) -> str:
    content = union_content(union_of(number))
    assert content is not None
    return content.record.first("245", "a")


def joined() -> tuple[int, int]:
    """Two records that a person has joined."""
    pair = (record("TP000"), record("LL000"))
    actions.answer(pair, "SAME", by="Lan")
    return pair


def test_same_is_carried_out_at_once(waiting_anywhere: str) -> None:
    before = unions()
    pair = open_pairs()[0]
    done = actions.answer(pair, "SAME", by="Lan", reason="cầm sách trên tay")
    assert done.shown
    assert union_of(pair[0]) == union_of(pair[1])
    assert unions() == before - 1
    assert Record.objects.filter(due__gt=0).count() == 0
    event = AuditEvent.objects.order_by("-number").first()
    assert event is not None
    assert (event.act, event.by, event.facts["reason"]) == ("match.decided", "Lan", "cầm sách trên tay")


def test_a_large_load_is_not_held_up(waiting: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hub.stages.settle.WAITING", 0)
    pair = open_pairs()[0]
    assert not actions.answer(pair, "SAME", by="Lan").shown
    assert union_of(pair[0]) != union_of(pair[1])
    unite()
    assert union_of(pair[0]) == union_of(pair[1])


def test_what_is_decided_while_a_merge_plans_is_not_lost(waiting_anywhere: str) -> None:
    from hub.stages.merge import carry_out, plan_batch

    pair = open_pairs()[0]
    plan = plan_batch(list(pair))
    decide(*pair, "SAME", by="Lan")
    carry_out(plan)
    assert union_of(pair[0]) != union_of(pair[1])
    unite()
    assert union_of(pair[0]) == union_of(pair[1])


def test_what_began_before_a_merge_planned_and_ended_after_is_not_lost(waiting_anywhere: str) -> None:
    from hub.stages.merge import carry_out, plan_batch

    pair = open_pairs()[0]
    plan = plan_batch(list(pair))
    decide(*pair, "SAME", by="Lan")
    Decision.objects.update(at=timezone.now() - timedelta(minutes=5))  # it began long ago and was committed just now
    carry_out(plan)
    assert set(Record.objects.filter(pk__in=pair, due__gt=0).values_list("pk", flat=True)) == set(pair)
    unite()
    assert union_of(pair[0]) == union_of(pair[1])
    assert not Record.objects.filter(due__gt=0).exists()


def test_undo_brings_the_question_back(waiting_anywhere: str) -> None:
    before = list(Question.objects.order_by("first").values_list())
    done = actions.answer(open_pairs()[0], "SAME", by="Lan")
    undone, shown = acts.undo([done.ref], "Hoa")
    assert shown
    assert undone[0].kind == "same"
    assert list(Question.objects.order_by("first").values_list()) == before
    with pytest.raises(Trouble):
        acts.undo([done.ref], "Hoa")


def test_last_act_and_what_followed(waiting_anywhere: str) -> None:
    pair = joined()
    choice = actions.choose(pair[1], by="Hoa")
    act = acts.find(f"d{Decision.objects.get().pk}")
    assert [one.ref for one in acts.followed(act)] == [choice.ref]
    assert acts.followed(acts.find(choice.ref)) == []
    last = acts.last("Hoa")
    assert last is not None
    assert last.ref == choice.ref
    acts.undo([choice.ref, act.ref], "Lan")
    assert standing() == []
    assert union_of(pair[0]) != union_of(pair[1])
    assert acts.last("Hoa") is None
    assert [one.undone for one in acts.recent()] == [True, True]


def test_not_sure_is_undone(waiting: object) -> None:
    pair = open_pairs()[0]
    ref = actions.not_sure(pair, by="Lan").ref
    last = acts.last("Lan")
    assert last is not None
    assert (last.ref, last.kind) == (ref, "unsure")
    acts.undo([ref], "Lan")
    assert acts.last("Lan") is None


def test_not_sure_leaves_who_is_at_the_question_and_others_doubts_alone(waiting: object) -> None:
    pair = open_pairs()[0]
    claims.hold(pair, "Lan", over=True)
    first = actions.not_sure(pair, by="Hoa").ref
    assert claims.holder(pair, "Mai") is not None, "Lan is still at it"
    second = actions.not_sure(pair, by="Lan").ref
    assert first != second
    assert claims.holder(pair, "Mai") is None
    acts.undo([second], "Lan")
    assert claims.times_unsure(pair) == ["Hoa"]


def test_split_and_its_undo(waiting_anywhere: str) -> None:
    pair = joined()
    third = book("TP100", TITLES[0], author="Tô Hoài", year=2008, pages="120", isbn="9786040000002")
    arrive(library("thanh-pho"), [raw(third)])
    union = union_of(pair[0])
    assert union_of(record("TP100")) == union, "the rules join it"
    done = actions.split(union, [record("TP100")], by="Lan")
    assert done.ref.startswith("b")
    assert done.shown
    assert union_of(record("TP100")) != union
    assert union_of(pair[1]) == union
    left = Move.objects.filter(record=record("TP100")).order_by("-id").first()
    assert left is not None
    assert (left.before, left.after) == (union, record("TP100"))
    rebuild()
    assert union_of(record("TP100")) != union_of(pair[0])
    acts.undo([done.ref], "Lan")
    unite()
    assert union_of(record("TP100")) == union_of(pair[0])


def test_a_split_needs_both_sides(waiting: object) -> None:
    pair = joined()
    for leaving in ([], list(pair)):
        with pytest.raises(Trouble, match="To part"):
            actions.split(union_of(pair[0]), leaving, by="Lan")


def test_choices_survive_harvests_and_rebuilds(waiting_anywhere: str) -> None:
    pair = (record("TP000"), record("LL000"))
    arrive(library("truong-le-loi"), [raw(school(0, "Dế Mèn phiêu lưu kí"))])
    actions.answer(pair, "SAME", by="Lan")
    assert title_of(pair[0]) == "Dế Mèn phiêu lưu ký"
    done = actions.choose(pair[1], "245", by="Lan")
    assert done.shown
    assert title_of(pair[0]) == "Dế Mèn phiêu lưu kí"
    arrive(library("thanh-pho"), [raw(book("TP000", "Dế Mèn phiêu lưu ký", author="Tô Hoài", note="Sách quý"))])
    assert title_of(pair[0]) == "Dế Mèn phiêu lưu kí"
    rebuild()
    assert title_of(pair[0]) == "Dế Mèn phiêu lưu kí"
    acts.undo([done.ref], "Hoa")
    unite()
    assert title_of(pair[0]) == "Dế Mèn phiêu lưu ký"


def test_the_record_that_leads(waiting_anywhere: str) -> None:
    pair = joined()
    content = union_content(union_of(pair[0]))
    assert content is not None
    assert content.record.first("260", "c") == "2008"
    actions.choose(pair[1], by="Lan")
    content = union_content(union_of(pair[0]))
    assert content is not None
    assert content.record.first("260", "c") == "2019"
    assert content.record.first("300", "a"), "what the leading record lacks comes from the other"


def test_of_two_choices_the_newest_counts(waiting: object) -> None:
    pair = joined()
    actions.choose(pair[1], by="Lan")
    actions.choose(pair[0], by="Hoa")
    chosen = choices.choices_of(pair)
    assert choices.in_force(pair, chosen) == {"": pair[0]}


@pytest.mark.parametrize("tag", ["952", "24", "abc", "001", "2455"])
def test_only_shared_fields_can_be_chosen(waiting: object, tag: str) -> None:
    with pytest.raises(Trouble, match="cannot be chosen"):
        actions.choose(record("TP000"), tag, by="Lan")


def test_a_title_marked_as_generic(waiting_anywhere: str) -> None:
    one = book("TP200", "Những câu chuyện hay", author="", year=2010, pages="100")
    other = book("LL200", "Những câu chuyện hay", author="", year=2014, pages="100")
    arrive(library("thanh-pho"), [raw(one)])
    arrive(library("truong-le-loi"), [raw(other)])
    pair = (record("TP200"), record("LL200"))
    assert union_of(pair[0]) == union_of(pair[1]), "the rules join a reprint"
    done = actions.mark_generic("Những câu chuyện hay", by="Lan")
    assert not done.shown
    assert set(Record.objects.filter(due=1).values_list("pk", flat=True)) == set(pair)
    with pytest.raises(Trouble, match="already"):
        actions.mark_generic("NHỮNG CÂU CHUYỆN HAY", by="Hoa")
    unite()
    assert union_of(pair[0]) != union_of(pair[1])
    assert pair in open_pairs(), "a person is asked instead"
    rebuild()
    assert union_of(pair[0]) != union_of(pair[1])
    arrive(library("thanh-pho"), [raw(book("TP200", "Những câu chuyện hay", author="", year=2010, pages="101"))])
    assert union_of(pair[0]) != union_of(pair[1]), "it holds for what is harvested anew"
    acts.undo([done.ref], "Lan")
    unite()
    assert union_of(pair[0]) == union_of(pair[1])
    assert pair not in open_pairs()


def test_pairs_that_somebody_else_is_at_are_left_to_them(waiting: object) -> None:
    pairs = open_pairs()
    claims.hold(pairs[0], "Hoa")
    actions.answer_all(pairs[:3], "SAME", by="Lan")
    assert pairs[0] in open_pairs()
    assert Decision.objects.count() == 2


def test_several_pairs_in_one_act_and_one_undo(waiting_anywhere: str) -> None:
    pairs = open_pairs()
    done = actions.answer_all([*pairs[:3], (1, 10**9)], "SAME", by="Lan")
    assert len(open_pairs()) == len(pairs) - 3
    assert all(union_of(one) == union_of(other) for one, other in pairs[:3])
    act = acts.find(done.ref)
    assert (act.kind, act.count) == ("same", 3)
    with pytest.raises(Trouble):
        actions.answer_all(pairs[:3], "SAME", by="Lan")
    acts.undo([done.ref], "Lan")
    assert open_pairs() == pairs
    assert Union.objects.filter(deleted=False).count() == 2 * len(pairs)
    assert {event.act for event in AuditEvent.objects.filter(by="Lan")} == {"match.decided_all", "match.undone_all"}


def test_notes(waiting: object) -> None:
    pair = open_pairs()[0]
    kept = actions.note("  Xem lại bìa sách \x00", *pair, by="Lan")
    assert kept.text == "Xem lại bìa sách"
    with pytest.raises(Trouble, match="note is empty"):
        actions.note("  ", *pair, by="Lan")
    actions.remove_note(kept.pk, by="Hoa")
    assert Note.objects.get().removed_at is not None
    with pytest.raises(Trouble):
        actions.remove_note(kept.pk, by="Hoa")


def test_one_decision_speaks_for_two_clusters(waiting_anywhere: str) -> None:
    arrive(library("thanh-pho"), [raw(city(0, TITLES[0])), raw(book_again())])
    pair = (record("TP000"), record("LL000"))
    before = len(open_pairs())
    actions.answer(pair, "DIFFERENT", by="Lan")
    unite()
    assert len(open_pairs()) == before - 1, "the other record of the same cluster does not ask again"
    assert uid_of(record("TP300")) == uid_of(pair[0])


def book_again() -> Content:
    again = city(0, TITLES[0])
    return replace(again, fields=tuple(("001", "TP300") if tag == "001" else (tag, text) for tag, text in again.fields))


def test_a_title_with_a_number_is_marked_as_matching_compares_it(waiting: object) -> None:
    """Matching compares «Câu đố vui 5» as «câu đố vui» and the number by itself."""
    arrive(library("thanh-pho"), [raw(book("TP200", "Câu đố vui 5", year=2010))])
    unite()
    actions.mark_generic("Câu đố vui 5", by="Lan")
    assert list(GenericTitle.objects.values_list("title", flat=True)) == ["cau do vui"]
    assert set(Record.objects.filter(due=1).values_list("pk", flat=True)) == {record("TP200")}
