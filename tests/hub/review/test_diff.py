"""Differences to the character: nothing is lost, letters and marks are told apart, hidden signs are shown."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.review.diff import CASE, HIDDEN, LETTERS, MARKS, ONLY, SAME, align, clusters, differences, fields

TEXT = st.text(
    alphabet=st.sampled_from([*"kýíòóaàảãáạđĐdDn hoàhòaêếệ", "\u0301", "\u0323", "\u202e", "界"]), max_size=24
)


def told(one: str, other: str) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    left, right = differences(one, other)
    return [(p.text, p.kind) for p in left], [(p.text, p.kind) for p in right]


@pytest.mark.parametrize(
    ("one", "other", "left", "right"),
    [
        ("phiêu lưu ký", "phiêu lưu kí", ("ý", LETTERS), ("í", LETTERS)),
        ("Bố ơi", "Bồ ơi", ("ố", MARKS), ("ồ", MARKS)),
        ("Nguyễn", "Nguyên", ("ễ", MARKS), ("ê", MARKS)),
        ("Đất rừng", "Dất rừng", ("Đ", MARKS), ("D", MARKS)),
        ("Kim Đồng", "Kim đồng", ("Đ", CASE), ("đ", CASE)),
        ("2020", "2021", ("0", LETTERS), ("1", LETTERS)),
    ],
)
def test_one_character(one: str, other: str, left: tuple[str, str], right: tuple[str, str]) -> None:
    first, second = told(one, other)
    assert [part for part in first if part[1] != SAME] == [left]
    assert [part for part in second if part[1] != SAME] == [right]


def test_what_one_side_has_more() -> None:
    left, right = told("Kim Đồng", "Nxb Kim Đồng")
    assert left == [("Kim Đồng", SAME)]
    assert right == [("Nxb ", ONLY), ("Kim Đồng", SAME)]


def test_two_codings_of_one_letter_are_the_same() -> None:
    composed = "Thiếu nhi"
    left, right = told(composed, unicodedata.normalize("NFD", composed))
    assert {kind for _, kind in left + right} == {SAME}


def test_texts_that_have_nothing_in_common_are_marked_whole() -> None:
    left, right = told("Kim Đồng", "Phụ nữ VN")
    assert [kind for _, kind in left] == [LETTERS]
    assert [kind for _, kind in right] == [LETTERS]


def test_silence_is_no_difference() -> None:
    assert told("", "143") == ([], [("143", SAME)])


def test_what_turns_the_direction_of_writing_is_seen() -> None:
    left, _ = differences("abc\u202edef", "abcdef")
    assert [(part.kind, part.shown) for part in left if part.kind == HIDDEN] == [(HIDDEN, "U+202E")]


@given(TEXT, TEXT)
def test_nothing_is_lost(one: str, other: str) -> None:
    left, right = differences(one, other)
    assert "".join(part.text for part in left) == one
    assert "".join(part.text for part in right) == other
    assert all(part.text for part in left + right)


@given(TEXT)
def test_a_text_does_not_differ_from_itself(text: str) -> None:
    for side in differences(text, text):
        assert {part.kind for part in side} <= {SAME, HIDDEN}


@given(TEXT)
def test_clusters_are_the_text(text: str) -> None:
    assert "".join(clusters(text)) == text


@given(st.lists(TEXT.filter(bool), min_size=2, max_size=4))
def test_a_field_of_several_records(said: list[str]) -> None:
    aligned = align("title", said)
    assert ["".join(part.text for part in side) for side in aligned.sides] == said
    assert aligned.same == (len(set(said)) == 1)


@given(*[st.lists(st.tuples(st.sampled_from(["245", "650", "700"]), TEXT.filter(bool)), max_size=6)] * 2)
def test_fields_beside_each_other_are_all_of_both(one: list[tuple[str, str]], other: list[tuple[str, str]]) -> None:
    rows = list(fields(one, other))
    assert sorted((tag, x) for tag, x, _ in rows if x) == sorted(one)
    assert sorted((tag, y) for tag, _, y in rows if y) == sorted(other)
    assert [tag for tag, _, _ in rows] == sorted(tag for tag, _, _ in rows)
