"""What holds a cluster together: the links and records without which it falls apart, and the path between two records.

A graph of records and links; parallel links between the same two records count as one.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from typing import NamedTuple

Pair = tuple[int, int]
Neighbors = dict[int, list[int]]


class Bridges(NamedTuple):
    """The links (lower number first) and the records whose removal parts what they hold together."""

    links: list[Pair]
    records: list[int]


class _Visit:
    """The state of a walk through the graph, depth first: when a record was met, and how far back it reaches."""

    def __init__(self) -> None:
        self.met: dict[int, int] = {}
        self.reach: dict[int, int] = {}
        self.links: list[Pair] = []
        self.records: set[int] = set()

    def meet(self, record: int) -> None:
        self.met[record] = self.reach[record] = len(self.met)


def neighbors(members: Iterable[int], links: Iterable[Pair]) -> Neighbors:
    """Each record with the records it is linked to, in ascending order; links to other records do not count."""
    found: dict[int, set[int]] = {record: set() for record in members}
    for a, b in links:
        if a != b and a in found and b in found:
            found[a].add(b)
            found[b].add(a)
    return {record: sorted(others) for record, others in found.items()}


def bridges(members: Iterable[int], links: Iterable[Pair]) -> Bridges:
    """The bridges of a cluster (Tarjan, 1974), without recursion: a cluster may be a long chain."""
    near, visit = neighbors(members, links), _Visit()
    for root in sorted(near):
        if root not in visit.met:
            _walk(root, near, visit)
    return Bridges(sorted(visit.links), sorted(visit.records))


def _walk(root: int, near: Neighbors, visit: _Visit) -> None:
    visit.meet(root)
    stack = [(root, 0, iter(near[root]))]  # record, the one before it, what is still to be looked at
    branches = 0
    while stack:
        record, before, rest = stack[-1]
        for other in rest:
            if other not in visit.met:
                branches += record == root
                visit.meet(other)
                stack.append((other, record, iter(near[other])))
                break
            if other != before:
                visit.reach[record] = min(visit.reach[record], visit.met[other])
        else:
            stack.pop()
            if stack:
                _back(before, record, root, visit)
    if branches > 1:
        visit.records.add(root)


def _back(before: int, record: int, root: int, visit: _Visit) -> None:
    """All behind ``record`` has been seen: does it reach back beyond the record before it?"""
    visit.reach[before] = min(visit.reach[before], visit.reach[record])
    if visit.reach[record] > visit.met[before]:
        visit.links.append((min(before, record), max(before, record)))
    if before != root and visit.reach[record] >= visit.met[before]:
        visit.records.add(before)


def path(first: int, second: int, links: Iterable[Pair]) -> list[int]:
    """A shortest chain of linked records from one to the other, both included; empty where there is none."""
    pairs = list(links)
    near = neighbors({record for pair in pairs for record in pair} | {first, second}, pairs)
    before, waiting = {first: first}, deque([first])
    while waiting and second not in before:
        record = waiting.popleft()
        for other in near[record]:
            if other not in before:
                before[other] = record
                waiting.append(other)
    if second not in before:
        return []
    chain = [second]
    while chain[-1] != first:
        chain.append(before[chain[-1]])
    return chain[::-1]
