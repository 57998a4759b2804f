"""From links to clusters: strongest links first, never two records together that a rule or a person keeps apart.

The clusters follow from the set of links alone, not from the order in which records arrived: the same links give the
same clusters, whether all at once or a little at a time.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence

SIZE_GUARD = 1000  # a cluster that would grow beyond this waits for a person
SLIPS = 0.25  # of the pairs between two groups that a soft rule may part: one member's slip does not split a cluster
MARGIN = 2.0  # by which one publication must fit better than the next, for what says little to join it

Link = tuple[int, int, float]  # first, second, score; first < second
Apart = Callable[[int, int], str]  # "hard", "soft" or ""


def clusters(
    members: Iterable[int],
    links: Sequence[Link],
    apart: Apart,
    together: Iterable[tuple[int, int]] = (),
    fits: Sequence[Link] = (),
    substance: Callable[[int], int] = lambda record: 0,
    largest: int = SIZE_GUARD,
) -> Mapping[int, list[int]]:
    """The clusters as founder → members in ascending order; the founder is the lowest record number.

    ``apart(a, b)`` says whether two records must not be in one cluster: ``hard`` never, ``soft`` not unless it is the
    slip of few. ``together`` are pairs a person joined: they come first and no rule keeps them apart. ``fits`` are
    pairs of which one says too little to tell editions apart; ``substance`` is how much a record says.
    """
    made = _Clusters(members, apart, largest)
    for first, second in sorted(together):
        made.join(first, second)
    for first, second, _ in sorted(links, key=lambda link: (-link[2], link[0], link[1])):
        if made.may_join(first, second):
            made.join(first, second)
    if fits:
        _Placing(made, fits, substance).place()
    return made.groups


class _Clusters:
    """Groups of records and which group a record is in."""

    def __init__(self, members: Iterable[int], apart: Apart, largest: int) -> None:
        self.groups: dict[int, list[int]] = {record: [record] for record in members}
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
        return not self.parted(a, b)

    def parted(self, a: int, b: int) -> bool:
        """Whether the groups of two founders must stay two."""
        return parted(self.groups[a], self.groups[b], self.apart)


def parted(some: Sequence[int], others: Sequence[int], apart: Apart) -> bool:
    """Whether two groups must stay two: a hard rule parts any two of them, or soft ones part more than a few."""
    most = SLIPS * len(some) * len(others)
    slips = 0
    for x in some:
        for y in others:
            kind = apart(x, y)
            slips += kind == "soft"
            if kind == "hard" or slips > most:
                return True
    return False


class _Placing:
    """Lets what says little join the one publication that fits it best, from what says most to what says least.

    Where two fit about as well it stays by itself. Of groups that say equally little and fit nothing better, those that
    all fit each other are one.
    """

    def __init__(self, made: _Clusters, fits: Sequence[Link], substance: Callable[[int], int]) -> None:
        self.made, self.fits = made, fits
        founders = {made.founder[record] for first, second, _ in fits for record in (first, second)}
        self.said = {founder: max(map(substance, made.groups[founder])) for founder in founders}

    def place(self) -> None:
        for amount in sorted(set(self.said.values()), reverse=True):
            near = self._neighbors()
            level = sorted(founder for founder, said in self.said.items() if said == amount)
            better = {f: {o: s for o, s in near[f].items() if self.said[o] > amount} for f in level}
            equals = {f: {o for o in near[f] if self.said[o] == amount} for f in level if not better[f]}
            for founder in level:
                target = _best(better[founder])
                if target is not None:
                    self._join(founder, target)
            self._join_circles(equals)

    def _neighbors(self) -> dict[int, dict[int, float]]:
        """Which groups fit which as they stand, and how well: the best score of a pair between them."""
        scores: dict[tuple[int, int], float] = {}
        for first, second, score in self.fits:
            a, b = sorted((self.made.founder[first], self.made.founder[second]))
            if a != b:
                scores[a, b] = max(score, scores.get((a, b), score))
        near: dict[int, dict[int, float]] = defaultdict(dict)
        for (a, b), score in scores.items():
            if not self.made.parted(a, b):
                near[a][b] = near[b][a] = score
        return near

    def _join(self, founder: int, target: int) -> None:
        if founder in self.made.groups and target in self.made.groups and self.made.may_join(founder, target):
            said = max(self.said.pop(founder), self.said.pop(target))
            self.made.join(founder, target)
            self.said[min(founder, target)] = said

    def _join_circles(self, equals: dict[int, set[int]]) -> None:
        """Join the groups that fit each other all round and nothing else."""
        done: set[int] = set()
        for founder in sorted(equals):
            circle = {founder, *equals[founder]}
            if founder not in done and len(circle) > 1 and all({o, *equals.get(o, ())} == circle for o in circle):
                done |= circle
                for other in sorted(circle - {founder}):
                    self._join(min(founder, self.made.founder[founder]), other)


def _best(scores: dict[int, float]) -> int | None:
    """The one that fits better than all others by the margin, if there is one."""
    ranked = sorted(scores.items(), key=lambda item: (-item[1], item[0]))
    if not ranked or (len(ranked) > 1 and ranked[0][1] - ranked[1][1] < MARGIN):
        return None
    return ranked[0][0]
