"""What the weights of the rules would be if they were learned from pairs of records.

After Fellegi and Sunter (1969): an outcome weighs log2(m/u), m being how often it happens to two records of one
publication, u how often to two of different ones. :mod:`hub.match.learn_splink` estimates both without labels,
:mod:`hub.match.learn_labels` learns the weights from pairs whose answer is known. Here the estimates become weights
that can be read beside the present ones, and thresholds.

Only pairs that the rules leave open count: no hard veto, titles not plainly different.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import NamedTuple

from hub.match.compare import seen
from hub.match.evidence import FIELDS
from hub.match.rules import Rules
from hub.match.traits import Traits
from hub.match.vetoes import SOFT, VETOES

FEW = 25  # pairs: an outcome that is seen less often keeps its weight
NAMES = tuple(name for name, _ in FIELDS)
LADDERS = {  # outcomes of which an earlier one never weighs less than a later one
    "title": ("equal", "unmarked", "half_marked", "marks_differ"),
    "author": ("equal", "unmarked", "partial", "different"),
    "subtitle": ("equal", "close", "different"),
    "isbn": ("shared", "missing", "different"),
    "publisher": ("equal", "close", "different"),
    "year": ("equal", "reprint", "alone", "different"),
    "pages": ("equal", "near", "close", "different"),
    "edition": ("equal", "reprint", "different"),
}
SMALLEST_SCALE, LARGEST_SCALE = 0.1, 2.0

Pattern = tuple[str, ...]  # what happened in each field, in the order of FIELDS
Outcome = tuple[str, str]  # a field and what happened in it


class Tally(NamedTuple):
    """A kind of pair: what happened, whether a veto keeps the two apart, whether they are one (``None``: unknown)."""

    pattern: Pattern
    vetoed: bool
    same: bool | None = None


@dataclass(frozen=True, slots=True)
class Estimate:
    """What an outcome says for two records being one publication, and how likely any two are, both as log2 of odds."""

    ratios: Mapping[Outcome, float]
    prior: float

    def chance(self, pattern: Pattern) -> float:
        """How likely two records of this pattern are one publication."""
        odds = self.prior + sum(self.ratios.get(outcome, 0.0) for outcome in zip(NAMES, pattern, strict=True))
        return 1 / (1 + 2 ** -max(-500.0, min(500.0, odds)))


class Weight(NamedTuple):
    """A weight as it is and as it was learned; ``seen`` is how many pairs had the outcome, ``kept`` that it was few."""

    field: str
    happened: str
    present: float
    learned: float
    seen: int
    kept: bool


class Threshold(NamedTuple):
    """A threshold, and what it means for the pairs: the share of errors above it, the share of true ones that reach it.

    Both are reckoned over pairs without a veto, by the estimate, or by the labels where there are any.
    """

    score: float
    errors: float
    reached: float


@dataclass(frozen=True, slots=True)
class Lesson:
    """What was learned of ``pairs`` pairs, of which ``labelled`` had an answer."""

    weights: tuple[Weight, ...]
    same: Threshold
    ask: Threshold
    pairs: int
    labelled: int

    def table(self) -> dict[str, dict[str, float]]:
        """The learned weights as the rules hold them."""
        found: dict[str, dict[str, float]] = {}
        for weight in self.weights:
            found.setdefault(weight.field, {})[weight.happened] = weight.learned
        return found


def observe(a: Traits, b: Traits, rules: Rules) -> Tally | None:
    """What happens between two records; ``None`` where the rules settle it before anything is weighed.

    Other titles are settled too, but for a shared number: of them nothing can be learned, since they are seen only so.
    """
    if a.alternates or b.alternates:
        a, b = seen(a, b)
    vetoes = [name for name in rules.vetoes if VETOES[name](a, b)]
    if not SOFT.issuperset(vetoes):
        return None
    happened = {name: look(a, b) for name, look in FIELDS}
    if happened["title"] == "different":
        return None
    return Tally(tuple(happened.values()), bool(vetoes))


def frequencies(counts: Mapping[Tally, int]) -> Counter[Outcome]:
    """How many pairs have each outcome."""
    found: Counter[Outcome] = Counter()
    for tally, count in counts.items():
        for outcome in zip(NAMES, tally.pattern, strict=True):
            found[outcome] += count
    return found


def learn(counts: Mapping[Tally, int], estimate: Estimate, rules: Rules, error: float) -> Lesson:
    """Weights and thresholds of an estimate. ``error`` is the share of false joins to be borne, and of misses."""
    often = frequencies(counts)
    learned: dict[Outcome, float] = {}
    for field in NAMES:
        learned |= _of_field(field, estimate, often, rules)
    scale = _scale(learned, often, rules)
    weights = tuple(
        _weight((field, happened), learned, often[field, happened], scale, rules)
        for field, known in rules.weights.items()
        for happened in known
    )
    same, ask = _thresholds(counts, {weight[:2]: weight.learned for weight in weights}, estimate, error)
    labelled = sum(count for tally, count in counts.items() if tally.same is not None)
    return Lesson(weights, same, ask, sum(counts.values()), labelled)


def _anchor(field: str, rules: Rules) -> Outcome:
    """The outcome whose weight stays what it is: that one is silent, else that the two are equal.

    Only the differences within a field can be learned; what is added to all of them is as well added to the thresholds.
    """
    known = rules.weights[field]
    return field, "missing" if "missing" in known else next(iter(known))


def _of_field(field: str, estimate: Estimate, often: Mapping[Outcome, int], rules: Rules) -> dict[Outcome, float]:
    """What the outcomes of a field say beyond its anchor, for those that were seen often enough."""
    anchor = _anchor(field, rules)
    enough = {
        (field, happened): estimate.ratios[field, happened]
        for happened in rules.weights[field]
        if often.get((field, happened), 0) >= FEW and (field, happened) in estimate.ratios
    }
    enough |= _in_order([(field, h) for h in LADDERS.get(field, ()) if (field, h) in enough], enough, often)
    start = enough.get(anchor)
    return {} if start is None else {outcome: ratio - start for outcome, ratio in enough.items()}


def _in_order(
    ladder: Sequence[Outcome], ratios: Mapping[Outcome, float], often: Mapping[Outcome, int]
) -> dict[Outcome, float]:
    """The nearest values that do not rise along the ladder: neighbors in the wrong order share their mean."""
    steps: list[tuple[float, int, list[Outcome]]] = []
    for outcome in ladder:
        value, weight, members = ratios[outcome], often[outcome], [outcome]
        while steps and steps[-1][0] < value:
            before, amount, others = steps.pop()
            value = (value * weight + before * amount) / (weight + amount)
            weight, members = weight + amount, others + members
        steps.append((value, weight, members))
    return {outcome: value for value, _, members in steps for outcome in members}


def _scale(learned: Mapping[Outcome, float], often: Mapping[Outcome, int], rules: Rules) -> float:
    """What the learned values are multiplied by to be nearest to the present weights (least squares over the pairs)."""
    up = down = 0.0
    for (field, happened), value in learned.items():
        present = rules.weights[field][happened] - rules.weights[field][_anchor(field, rules)[1]]
        up += often[field, happened] * value * present
        down += often[field, happened] * value * value
    return max(SMALLEST_SCALE, min(LARGEST_SCALE, up / down)) if down else 1.0


def _weight(outcome: Outcome, learned: Mapping[Outcome, float], seen: int, scale: float, rules: Rules) -> Weight:
    field, happened = outcome
    present = rules.weights[field][happened]
    if outcome not in learned:
        return Weight(field, happened, present, present, seen, seen < FEW)
    start = rules.weights[field][_anchor(field, rules)[1]]
    return Weight(field, happened, present, round(start + scale * learned[outcome], 1) + 0.0, seen, False)


def _thresholds(
    counts: Mapping[Tally, int], weights: Mapping[Outcome, float], estimate: Estimate, error: float
) -> tuple[Threshold, Threshold]:
    """Of ``same`` and of ``ask``: the lowest with few enough errors above it, the highest with few enough below it."""
    right: defaultdict[float, float] = defaultdict(float)
    wrong: defaultdict[float, float] = defaultdict(float)
    for tally, count in counts.items():
        if not tally.vetoed:
            score = round(sum(weights[outcome] for outcome in zip(NAMES, tally.pattern, strict=True)), 1)
            chance = estimate.chance(tally.pattern) if tally.same is None else float(tally.same)
            right[score] += count * chance
            wrong[score] += count * (1 - chance)
    scores = sorted(right, reverse=True)
    true = list(accumulate(right[score] for score in scores))
    false = list(accumulate(wrong[score] for score in scores))
    every = [
        Threshold(score, n / (y + n), y / true[-1] if true[-1] else 1.0)
        for score, y, n in zip(scores, true, false, strict=True)
    ]
    same = max((one for one in every if one.errors <= error), key=lambda one: -one.score, default=every[0])
    ask = next((one for one in every if one.reached >= 1 - error), every[-1])
    return same, min(same, ask)
