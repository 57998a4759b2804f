"""What a cataloger is asked: one question for each pair of clusters, and for a record that fits several the best one.

A brief record that fits five editions is one question, not five: whoever decides sees the others beside it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple


class Question(NamedTuple):
    """Two records of two clusters that may be one publication, the link between them that says most."""

    first: int
    second: int
    verdict: str  # "ASK" | "FITS"
    score: float
    cluster: int  # of the first record
    other: int  # of the second


def questions(links: Iterable[Question], substance: Callable[[int], tuple[int, int]]) -> list[Question]:
    """The questions worth a person's time, best first.

    ``links`` are those between clusters. ``substance`` says of a cluster how much it says and how many records it has:
    the poorer of two asks where it belongs.
    """
    best: dict[tuple[int, int], Question] = {}
    for link in links:
        pair = (min(link.cluster, link.other), max(link.cluster, link.other))
        if pair not in best or _rank(link) < _rank(best[pair]):
            best[pair] = link
    asked = [question for question in best.values() if question.verdict == "ASK"]
    placed: dict[int, Question] = {}
    for (a, b), question in best.items():
        if question.verdict != "ASK":
            poorer = min((a, b), key=lambda cluster: (*substance(cluster), -cluster))
            if poorer not in placed or _rank(question) < _rank(placed[poorer]):
                placed[poorer] = question
    return sorted({*asked, *placed.values()}, key=_rank)


def _rank(question: Question) -> tuple[float, int, int]:
    return -question.score, question.first, question.second
