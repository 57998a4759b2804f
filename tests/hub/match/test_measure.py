"""Measures by hand and by definition."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.match.measure import Score, bcubed, measure, pairs_of

TRUTH = {1: "a", 2: "a", 3: "a", 4: "b", 5: "b", 6: "c"}
MADE = {1: 1, 2: 1, 3: 3, 4: 3, 5: 5, 6: 6}
CLUSTERINGS = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), max_size=12)


def two(rows: list[tuple[int, int]]) -> tuple[dict[int, int], dict[int, int]]:
    """The truth and the clusters of records 0, 1, 2…"""
    return {at: row[0] for at, row in enumerate(rows)}, {at: row[1] for at, row in enumerate(rows)}


def test_pairs_by_hand() -> None:
    found = measure(TRUTH, MADE)
    assert (found.records, found.true_clusters, found.made_clusters) == (6, 3, 4)
    assert (found.true_pairs, found.made_pairs, found.right_pairs) == (4, 2, 1)
    assert found.pairs == Score(1 / 2, 1 / 4)
    assert found.pairs.f1 == pytest.approx(1 / 3)
    assert found.missed == ((1, 3), (2, 3), (4, 5))
    assert found.false_joins == ((3, 4),)


def test_bcubed_by_hand() -> None:
    score = bcubed(TRUTH, MADE)
    assert score.precision == pytest.approx((1 + 1 + 1 / 2 + 1 / 2 + 1 + 1) / 6)
    assert score.recall == pytest.approx((2 / 3 + 2 / 3 + 1 / 3 + 1 / 2 + 1 / 2 + 1) / 6)


def test_what_waits_counts_as_found_with_the_queue() -> None:
    found = measure(TRUTH, MADE, queue=[(1, 3), (1, 2), (1, 6), (1, 99)])
    assert (found.queue_pairs, found.queue_records) == (2, 3), "joined pairs and foreign records are no questions"
    assert found.queue_share == pytest.approx(2 / 6)
    assert found.waiting == 1
    assert found.misses_waiting == pytest.approx(1 / 3)
    assert found.recall_with_queue == pytest.approx(2 / 4)


def test_a_right_answer_joins_whole_clusters() -> None:
    truth = dict.fromkeys(range(4), "a")
    found = measure(truth, {0: 1, 1: 1, 2: 2, 3: 2}, queue=[(0, 2)])
    assert found.recall_with_queue == pytest.approx(3 / 6)
    assert found.recall_answered == 1.0


def test_keys_that_reach() -> None:
    assert measure(TRUTH, MADE).reachable is None
    assert measure(TRUTH, MADE, reached={(1, 2), (4, 5), (1, 6)}).reachable == 2


def test_by_kind_of_variation() -> None:
    kinds = {1: ("no-marks", "no-isbn"), 3: ("no-marks",), 4: ("volume",)}
    found = measure(TRUTH, MADE, [(2, 3)], {(1, 2), (2, 3)}, kinds).kinds
    marks = found["no-marks"]
    assert (marks.true_pairs, marks.found, marks.waiting, marks.reachable, marks.false_joins) == (3, 1, 1, 2, 1)
    assert (marks.recall, marks.recall_with_queue) == (pytest.approx(1 / 3), pytest.approx(2 / 3))
    assert (found["no-isbn"].true_pairs, found["no-isbn"].false_joins) == (2, 0)
    assert (found["volume"].true_pairs, found["volume"].false_joins) == (1, 1)


def test_records_that_the_catalog_does_not_have_are_alone() -> None:
    found = measure({1: "a", 2: "a", 3: "b"}, {1: 1})
    assert (found.pairs.recall, found.pairs.precision, found.made_clusters) == (0.0, 1.0, 3)


def test_nothing_to_be_wrong_about() -> None:
    found = measure({}, {})
    assert (found.pairs, found.bcubed, found.queue_share) == (Score(1.0, 1.0), Score(1.0, 1.0), 0.0)
    assert Score(0.0, 0.0).f1 == 0.0


@given(CLUSTERINGS)
def test_the_same_clusters_are_perfect(rows: list[tuple[int, int]]) -> None:
    truth, _ = two(rows)
    found = measure(truth, {record: cluster * 7 for record, cluster in truth.items()})
    assert (found.pairs, found.missed, found.false_joins) == (Score(1.0, 1.0), (), ())
    assert found.bcubed.f1 == pytest.approx(1.0)


@given(CLUSTERINGS)
def test_precision_one_way_is_recall_the_other(rows: list[tuple[int, int]]) -> None:
    truth, made = two(rows)
    there, back = measure(truth, made), measure(made, truth)
    assert there.pairs == Score(back.pairs.recall, back.pairs.precision)
    assert there.bcubed.precision == pytest.approx(back.bcubed.recall)
    assert there.missed == back.false_joins


@given(CLUSTERINGS)
def test_both_measures_are_their_definitions(rows: list[tuple[int, int]]) -> None:
    truth, made = two(rows)
    found = measure(truth, made)
    every = list(combinations(range(len(rows)), 2))
    true = {pair for pair in every if truth[pair[0]] == truth[pair[1]]}
    ours = {pair for pair in every if made[pair[0]] == made[pair[1]]}
    assert (set(pairs_of(truth)), set(found.missed), set(found.false_joins)) == (true, true - ours, ours - true)
    for one in truth:
        mates = [other for other in truth if made[other] == made[one]]
        assert 0 < sum(truth[other] == truth[one] for other in mates) / len(mates) <= 1
    shares = [
        sum(truth[other] == truth[one] for other in truth if made[other] == made[one])
        / sum(made[other] == made[one] for other in truth)
        for one in truth
    ]
    assert found.bcubed.precision == pytest.approx(sum(shares) / len(shares) if shares else 1.0)


@given(CLUSTERINGS, st.sets(st.tuples(st.integers(0, 11), st.integers(0, 11)), max_size=8))
def test_the_queue_only_adds(rows: list[tuple[int, int]], asked: set[tuple[int, int]]) -> None:
    truth, made = two(rows)
    found = measure(truth, made, queue={pair for pair in asked if pair[0] < pair[1]})
    assert found.pairs.recall <= found.recall_with_queue <= found.recall_answered <= 1.0
    assert found.waiting <= len(found.missed)
