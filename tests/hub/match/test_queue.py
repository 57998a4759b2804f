"""The review queue asks once for a pair of clusters, and once for a record that fits several."""

from __future__ import annotations

from hub.match.queue import Question, questions

SUBSTANCE = {1: (5, 4), 2: (4, 1), 3: (1, 1), 4: (1, 1)}


def asked(*links: Question) -> list[Question]:
    return questions(links, SUBSTANCE.__getitem__)


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


def test_best_first() -> None:
    links = [Question(10, 30, "FITS", 6.0, 1, 3), Question(10, 20, "ASK", 9.0, 1, 2)]
    assert asked(*links) == list(reversed(links))
