"""What a cataloger is asked: where a cluster belongs that may belong to several, the best of them first.

A brief record that fits five editions is one question, not five: whoever decides sees the others beside it, and "not
this one" asks about the next.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple


class Question(NamedTuple):
    """Two records of two clusters that may be one publication, the link between them that says most."""

    first: int
    second: int
    verdict: str  # "ASK" | "SAME" | "FITS"
    score: float
    cluster: int  # of the first record
    other: int  # of the second


def questions(
    links: Iterable[Question],
    members: Mapping[int, Sequence[int]],
    says: Mapping[int, int],
    parted: Callable[[int, int], bool],
) -> list[Question]:
    """The questions worth a person's time, best first.

    ``links`` are those between clusters, ``members`` the records of each cluster, ``says`` how much a record says: the
    poorer of two clusters asks where it belongs. A record that says less than its cluster has found its place there: by
    it nobody is asked about a cluster that is ``parted`` from its own.
    """
    best: dict[tuple[int, int], Question] = {}
    for link in links:
        pair = (min(link.cluster, link.other), max(link.cluster, link.other))
        if pair not in best or _rank(link) < _rank(best[pair]):
            best[pair] = link
    said = {cluster: max(says[record] for record in members[cluster]) for pair in best for cluster in pair}
    asked: list[Question] = []
    placed: dict[int, Question] = {}
    for pair, question in best.items():
        guests = (says[question.first] < said[question.cluster]) + (says[question.second] < said[question.other])
        if guests >= GUESTS[question.verdict] and parted(*pair):
            continue
        if question.verdict == "SAME":
            asked.append(question)
            continue
        poorer = min(pair, key=lambda cluster: (said[cluster], len(members[cluster]), -cluster))
        if poorer not in placed or _rank(question) < _rank(placed[poorer]):
            placed[poorer] = question
    return sorted({*asked, *placed.values()}, key=_rank)


GUESTS = {"SAME": 3, "ASK": 2, "FITS": 1}  # from how many ends on that have found their place


def _rank(question: Question) -> tuple[float, int, int]:
    return -question.score, question.first, question.second
