"""From links to clusters: strongest links first, never two records together that a rule or a person keeps apart.

The clusters follow from the set of links alone, not from the order in which records arrived: the same links give the
same clusters, whether all at once or a little at a time.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence

SIZE_GUARD = 1000  # a cluster that would grow beyond this waits for a person

Link = tuple[int, int, float]  # first, second, score; first < second
Groups = dict[int, list[int]]


def clusters(
    members: Iterable[int],
    links: Sequence[Link],
    apart: Callable[[int, int], bool],
    together: Iterable[tuple[int, int]] = (),
    fits: Iterable[tuple[int, int]] = (),
    substance: Callable[[int], int] = lambda record: 0,
    largest: int = SIZE_GUARD,
) -> Mapping[int, list[int]]:
    """The clusters as founder → members in ascending order; the founder is the lowest record number.

    ``apart(a, b)`` says whether two records must not be in one cluster. ``together`` are pairs a person joined: they
    come first and no rule keeps them apart. ``fits`` are pairs of which one says too little to tell editions apart;
    ``substance`` is how much a record says.
    """
    made = _Clusters(members, apart, largest)
    for first, second in sorted(together):
        made.join(first, second)
    for first, second, _ in sorted(links, key=lambda link: (-link[2], link[0], link[1])):
        if made.may_join(first, second):
            made.join(first, second)
    _place(made, list(fits), substance)
    return made.groups


class _Clusters:
    """Groups of records and which group a record is in."""

    def __init__(self, members: Iterable[int], apart: Callable[[int, int], bool], largest: int) -> None:
        self.groups: Groups = {record: [record] for record in members}
        self.founder: dict[int, int] = {record: record for record in self.groups}
        self.apart, self.largest = apart, largest

    def join(self, first: int, second: int) -> None:
        a, b = sorted((self.founder[first], self.founder[second]))
        if a != b:
            moved = self.groups.pop(b)
            self.groups[a] = sorted(self.groups[a] + moved)
            for record in moved:
                self.founder[record] = a

    def may_join(self, first: int, second: int) -> bool:
        a, b = self.founder[first], self.founder[second]
        if a == b or len(self.groups[a]) + len(self.groups[b]) > self.largest:
            return False
        return not any(self.apart(x, y) for x in self.groups[a] for y in self.groups[b])


def _place(made: _Clusters, fits: list[tuple[int, int]], substance: Callable[[int], int]) -> None:
    """Let what says little join the one publication that fits it, from what says most to what says least.

    Where several fit it stays by itself. Of groups that say equally little and fit nothing better, those that all fit
    each other are one.
    """
    if not fits:
        return
    said = {f: max(map(substance, made.groups[f])) for f in {made.founder[r] for pair in fits for r in pair}}
    level: dict[int, list[int]] = defaultdict(list)
    for founder, amount in said.items():
        level[amount].append(founder)
    for amount in sorted(level, reverse=True):
        near = _neighbors(made, fits, said)
        joins, equals = [], {}
        for founder in sorted(level[amount]):
            better = {other for other in near.get(founder, ()) if said[other] > amount}
            if len(better) == 1:
                joins.append((founder, next(iter(better))))
            elif not better:
                equals[founder] = {other for other in near.get(founder, ()) if said[other] == amount}
        for founder, target in joins:
            if made.may_join(founder, target):
                said[min(founder, target)] = max(said[founder], said[target])
                made.join(founder, target)
        _join_equals(made, equals)


def _neighbors(made: _Clusters, fits: list[tuple[int, int]], said: dict[int, int]) -> dict[int, set[int]]:
    """Which groups fit which as they stand: some pair of them fits and none is kept apart."""
    near: dict[int, set[int]] = defaultdict(set)
    for a, b in {tuple(sorted((made.founder[x], made.founder[y]))) for x, y in fits}:
        if a != b and not any(made.apart(x, y) for x in made.groups[a] for y in made.groups[b]):
            said.setdefault(a, 0)
            said.setdefault(b, 0)
            near[a].add(b)
            near[b].add(a)
    return near


def _join_equals(made: _Clusters, equals: dict[int, set[int]]) -> None:
    """Join the groups that fit each other all round and nothing else."""
    done: set[int] = set()
    for founder in sorted(equals):
        circle = {founder, *equals[founder]}
        if founder in done or len(circle) < 2:
            continue
        if all(other in equals and {other, *equals[other]} == circle for other in circle):
            done |= circle
            for other in sorted(circle - {founder}):
                if made.may_join(founder, other):
                    made.join(founder, other)
