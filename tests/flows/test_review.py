"""The commands of the review queue do what the desk does."""

from __future__ import annotations

import pytest

from hub.catalog.decisions import standing
from hub.catalog.models import Choice, GenericTitle
from hub.review.models import Unsure
from tests.flows.conftest import Command
from tests.hub.review import asked

ONE, OTHER = "thanh-pho:TP000", "truong-le-loi:LL000"


@pytest.fixture
def review(lienthong: Command) -> Command:
    asked.fill(4)
    return lambda *arguments: lienthong("review", *arguments)


def test_list_and_its_filters(review: Command) -> None:
    answer = review("list", "--json").json
    assert answer["count"] == 4
    assert {"first", "second", "titles", "verdict", "score", "doubt", "gain"} == answer["pairs"][0].keys()
    assert [row["gain"] for row in answer["pairs"]] == sorted((row["gain"] for row in answer["pairs"]), reverse=True)
    assert "4 pairs wait" in review("list", "--limit", 2).err
    assert len(review("list", "--limit", 2).out.splitlines()) == 2
    assert review("list", "--doubt", "author", "--json").json["count"] == 0
    assert (
        review("list", "--library", "HP-LL", "--source", "truong-le-loi", "--language", "vie", "--json").json["count"]
        == 4
    )


def test_show(review: Command) -> None:
    assert "0 the same, 0 different; 4 wait" in review("show", ONE, OTHER).out
    assert review("show", ONE, OTHER, "--json").json["alike"] == {"same": 0, "different": 0, "waiting": 4}
    assert review("show", ONE, ONE).status == 1
    assert review("show", ONE, "nobody:1").status == 1


def test_decide_and_undo(review: Command) -> None:
    answer = review("decide", ONE, OTHER, "same", "--by", "Lan", "--reason", "seen")
    ref = answer.out.strip()
    assert (answer.status, ref[0]) == (0, "d")
    assert [(one.verdict, one.by, one.reason) for one in standing()] == [("SAME", "Lan", "seen")]
    assert asked.union_of(asked.record("TP000")) == asked.union_of(asked.record("LL000"))
    assert review("acts", "--json").json[0]["act"] == ref
    assert "Undone: 1" in review("undo", ref, "--by", "Hoa").err
    assert standing() == []
    assert review("undo", ref, "--by", "Hoa").status == 1
    assert "(undone)" in review("acts").out
    assert review("decide", ONE, OTHER, "same").status == 2, "a decision needs a name"
    assert review("decide", ONE, OTHER, "same", "--by", " ").status == 1


def test_not_sure(review: Command) -> None:
    assert review("decide", ONE, OTHER, "unsure", "--by", "Lan").status == 0
    assert Unsure.objects.get().by == "Lan"


def test_pairs_of_one_kind(review: Command) -> None:
    answer = review("decide", ONE, OTHER, "different", "--alike", "--dry-run", "--by", "Lan")
    assert len(answer.out.splitlines()) == 4
    assert standing() == []
    ref = review("decide", ONE, OTHER, "different", "--alike", "--by", "Lan").out.strip()
    assert len(standing()) == 4
    assert review("decide", ONE, OTHER, "different", "--alike", "--by", "Lan").status == 1
    assert review("undo", ref, "--by", "Lan").status == 0
    assert standing() == []


def test_choose_split_and_what_followed(review: Command) -> None:
    first = review("decide", ONE, OTHER, "same", "--by", "Lan").out.strip()
    chosen = review("choose", OTHER, "--tag", "245", "--by", "Lan", "--reason", "title page").out.strip()
    assert Choice.objects.get().tag == "245"
    assert review("choose", OTHER, "--tag", "952", "--by", "Lan").status == 1
    assert chosen in review("undo", first, "--by", "Lan").err
    again = review("decide", ONE, OTHER, "same", "--by", "Lan").out.strip()
    assert review("choose", ONE, "--by", "Lan").status == 0
    assert "Undone: 2" in review("undo", again, "--cascade", "--by", "Lan").err
    review("decide", ONE, OTHER, "same", "--by", "Lan")
    uid = asked.uid_of(asked.record("TP000"))
    assert review("split", uid, OTHER, "--by", "Lan", "--reason", "another translation").status == 0
    assert asked.union_of(asked.record("TP000")) != asked.union_of(asked.record("LL000"))
    assert review("split", uid, ONE, "--by", "Lan").status == 1


def test_a_generic_title(review: Command) -> None:
    answer = review("generic", "Kính vạn hoa", "--by", "Lan", "--reason", "many")
    assert "lienthong union" in answer.err
    assert GenericTitle.objects.get().title == "kinh van hoa"


def test_nothing_done_yet(review: Command) -> None:
    assert "Nothing was decided yet" in review("acts").err
