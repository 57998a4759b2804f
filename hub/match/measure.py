"""How good clusters are against a known truth: pairs, B-cubed, what waits in the review queue, by kind of variation.

A pair is two records of one cluster. Precision is the share of the pairs made that are true, recall the share of the
true pairs that are made. B-cubed (Bagga and Baldwin, 1998) takes both over each record's own cluster and gives every
record the same weight, so that large clusters do not outweigh the many small ones.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations

Pair = tuple[int, int]  # record numbers, the lower one first
Clustering = Mapping[int, str | int]  # record → its cluster


@dataclass(frozen=True, slots=True)
class Score:
    """Precision and recall; 1.0 where there was nothing to be wrong about."""

    precision: float
    recall: float

    @property
    def f1(self) -> float:
        """The harmonic mean of both."""
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0


@dataclass(frozen=True, slots=True)
class KindScore:
    """The pairs in which a record of one kind of variation takes part."""

    true_pairs: int = 0
    found: int = 0
    waiting: int = 0
    reachable: int = 0
    false_joins: int = 0

    @property
    def recall(self) -> float:
        """The share of its true pairs that are made."""
        return _share(self.found, self.true_pairs)

    @property
    def recall_with_queue(self) -> float:
        """The same, with the pairs that wait in the queue counted as found."""
        return _share(self.found + self.waiting, self.true_pairs)


@dataclass(frozen=True, slots=True)
class Measure:
    """What an evaluation found.

    ``true_pairs`` are those of the truth, ``made_pairs`` those of the clusters, ``right_pairs`` those of both.
    ``waiting`` are missed pairs that are in the queue themselves, ``answered`` the pairs that would be made if all
    questions of the queue were answered rightly. ``reachable`` are true pairs that share a blocking key, ``None`` where
    keys were not looked at. ``queue_pairs`` and ``queue_records`` are its questions and the records they are about.
    ``missed`` and ``false_joins`` are the pairs themselves, in the order of their numbers.
    """

    records: int
    true_clusters: int
    made_clusters: int
    true_pairs: int
    made_pairs: int
    right_pairs: int
    pairs: Score
    bcubed: Score
    waiting: int
    answered: int
    queue_pairs: int
    queue_records: int
    reachable: int | None
    missed: tuple[Pair, ...]
    false_joins: tuple[Pair, ...]
    kinds: Mapping[str, KindScore] = field(default_factory=dict)

    @property
    def misses_waiting(self) -> float:
        """The share of the missed pairs that wait in the queue."""
        return _share(self.waiting, len(self.missed))

    @property
    def recall_with_queue(self) -> float:
        """Recall with the pairs that wait in the queue counted as found."""
        return _share(self.right_pairs + self.waiting, self.true_pairs)

    @property
    def recall_answered(self) -> float:
        """Recall once all questions of the queue are answered rightly."""
        return _share(self.answered, self.true_pairs)

    @property
    def queue_share(self) -> float:
        """The questions of the queue as a share of the records."""
        return self.queue_pairs / self.records if self.records else 0.0


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 1.0


def pairs_of(clustering: Clustering) -> Iterator[Pair]:
    """The pairs of a clustering, the lower number first."""
    for members in _groups(clustering).values():
        yield from combinations(sorted(members), 2)


def _groups(clustering: Clustering) -> dict[str | int, list[int]]:
    groups: dict[str | int, list[int]] = defaultdict(list)
    for record, cluster in clustering.items():
        groups[cluster].append(record)
    return groups


def measure(
    truth: Clustering,
    made: Clustering,
    queue: Iterable[Pair] = (),
    reached: Collection[Pair] | None = None,
    kinds: Mapping[int, Collection[str]] | None = None,
) -> Measure:
    """Measure ``made`` against ``truth`` over the records of the truth.

    A record that ``made`` does not know is a cluster of its own. ``queue`` are the pairs a person is asked about,
    ``reached`` the pairs that the blocking keys bring together, ``kinds`` the kinds of variation of each record.
    """
    ours = {record: made.get(record, f"-{record}") for record in truth}
    asked = {pair for pair in queue if pair[0] in truth and pair[1] in truth and ours[pair[0]] != ours[pair[1]]}
    true_pairs = list(pairs_of(truth))
    missed = sorted(pair for pair in true_pairs if ours[pair[0]] != ours[pair[1]])
    false = sorted(pair for pair in pairs_of(ours) if truth[pair[0]] != truth[pair[1]])
    right = len(true_pairs) - len(missed)
    return Measure(
        records=len(truth),
        true_clusters=len(set(truth.values())),
        made_clusters=len(set(ours.values())),
        true_pairs=len(true_pairs),
        made_pairs=right + len(false),
        right_pairs=right,
        pairs=Score(_share(right, right + len(false)), _share(right, len(true_pairs))),
        bcubed=bcubed(truth, ours),
        waiting=sum(1 for pair in missed if pair in asked),
        answered=_answered(truth, ours, asked),
        queue_pairs=len(asked),
        queue_records=len({record for pair in asked for record in pair}),
        reachable=None if reached is None else sum(1 for pair in true_pairs if pair in reached),
        missed=tuple(missed),
        false_joins=tuple(false),
        kinds=_by_kind(true_pairs, set(missed), false, asked, reached or (), kinds or {}),
    )


def bcubed(truth: Clustering, made: Clustering) -> Score:
    """B-cubed precision and recall over the records of ``truth``, all of which ``made`` must know."""
    if not truth:
        return Score(1.0, 1.0)
    both = Counter((truth[record], made[record]) for record in truth)
    true_sizes, made_sizes = Counter(truth.values()), Counter(made[record] for record in truth)
    precision = sum(count * count / made_sizes[cell[1]] for cell, count in both.items())
    recall = sum(count * count / true_sizes[cell[0]] for cell, count in both.items())
    return Score(precision / len(truth), recall / len(truth))


def _answered(truth: Clustering, ours: Clustering, asked: Iterable[Pair]) -> int:
    """The true pairs made once the questions whose answer is yes have joined their clusters."""
    leader: dict[str | int, str | int] = {}

    def find(cluster: str | int) -> str | int:
        while cluster in leader:
            cluster = leader[cluster]
        return cluster

    for first, second in asked:
        if truth[first] == truth[second] and (a := find(ours[first])) != (b := find(ours[second])):
            leader[b] = a
    cells = Counter((truth[record], find(cluster)) for record, cluster in ours.items())
    return sum(count * (count - 1) // 2 for count in cells.values())


def _by_kind(
    true_pairs: Sequence[Pair],
    missed: Collection[Pair],
    false: Iterable[Pair],
    asked: Collection[Pair],
    reached: Collection[Pair],
    kinds: Mapping[int, Collection[str]],
) -> dict[str, KindScore]:
    """Each pair counts for every kind of either of its records."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for pair in true_pairs:
        lost = pair in missed
        for kind in {*kinds.get(pair[0], ()), *kinds.get(pair[1], ())}:
            counts[kind]["true_pairs"] += 1
            counts[kind]["found"] += not lost
            counts[kind]["waiting"] += lost and pair in asked
            counts[kind]["reachable"] += pair in reached
    for pair in false:
        for kind in {*kinds.get(pair[0], ()), *kinds.get(pair[1], ())}:
            counts[kind]["false_joins"] += 1
    return {kind: KindScore(**counts[kind]) for kind in sorted(counts)}
