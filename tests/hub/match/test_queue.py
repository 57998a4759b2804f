"""The review queue asks once for a pair of clusters, and once for a record that fits several."""

from __future__ import annotations

from hub.match.queue import Question, questions

MEMBERS = {1: [10, 11, 12, 13], 2: [20], 3: [30], 4: [40]}
SAYS = {10: 5, 11: 5, 12: 2, 13: 5, 20: 4, 30: 1, 40: 1}


def asked(*links: Question, apart: frozenset[frozenset[int]] = frozenset()) -> list[Question]:
    return questions(links, MEMBERS, SAYS, lambda one, other: frozenset((one, other)) in apart)


def test_a_pair_of_clusters_is_asked_about_once_by_its_best_link() -> None:
    weak, strong = Question(10, 20, "ASK", 7.0, 1, 2), Question(11, 20, "ASK", 9.0, 1, 2)
    assert asked(weak, strong) == [strong]
    assert asked(strong, weak) == [strong]


def test_a_brief_record_that_fits_several_is_one_question() -> None:
    first, second = Question(10, 30, "FITS", 8.5, 1, 3), Question(20, 30, "FITS", 8.0, 2, 3)
    assert asked(second, first) == [first]


def test_each_brief_record_is_a_question_of_its_own() -> None:
    links = [Question(10, 30, "FITS", 8.5, 1, 3), Question(10, 40, "FITS", 8.5, 1, 4)]
    assert asked(*links) == links


def test_a_doubtful_record_is_one_question_too() -> None:
    first, second = Question(10, 30, "ASK", 8.5, 1, 3), Question(20, 30, "ASK", 8.0, 2, 3)
    assert asked(second, first) == [first]


def test_best_first() -> None:
    links = [Question(10, 30, "FITS", 6.0, 1, 3), Question(10, 20, "ASK", 9.0, 1, 2)]
    assert asked(*links) == list(reversed(links))


ONE_AND_TWO = frozenset({frozenset({1, 2})})


def test_a_brief_record_that_has_found_its_place_asks_nothing_about_a_cluster_parted_from_its_own() -> None:
    guest = Question(12, 20, "FITS", 8.0, 1, 2)
    assert asked(guest) == [guest], "the two clusters may still be one"
    assert asked(guest, apart=ONE_AND_TWO) == []


def test_the_fullest_records_of_parted_clusters_are_asked_about() -> None:
    doubt = Question(10, 20, "ASK", 8.0, 1, 2)
    assert asked(doubt, apart=ONE_AND_TWO) == [doubt]


def test_what_is_the_same_and_did_not_join_is_asked_about() -> None:
    same = Question(12, 20, "SAME", 12.0, 1, 2)
    assert asked(same, apart=ONE_AND_TWO) == [same]
