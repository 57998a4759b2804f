"""Weights learned from pairs whose answer is known: logistic regression that stays near the present weights.

What a truth says is the yardstick for what :mod:`hub.match.learn_splink` learns without. Fields are not taken to be
independent of each other here. Newton's method on the outcomes as indicators, in plain Python: some fifty outcomes,
some thousand patterns.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from hub.match.learn import NAMES, Estimate, Outcome, Tally
from hub.match.rules import Rules

RIDGE = 50.0  # how strongly each weight is held near the present one: as much as so many pairs or so
ROUNDS, CONVERGED, SMALLEST_STEP = 50, 0.000001, 0.0001
LOG2 = math.log(2)
Case = tuple[list[int], int, int]  # the places of its outcomes, how many pairs differ, how many are one
Vector = list[float]


def estimate(counts: Mapping[Tally, int], rules: Rules) -> Estimate:
    """The estimate from the labelled pairs."""
    outcomes = [(field, happened) for field in NAMES for happened in rules.weights[field] if happened != "missing"]
    place = {outcome: number for number, outcome in enumerate(outcomes, 1)}  # 0 is the prior
    cases = _cases(counts, place)
    target = [0.0, *(rules.weights[field][happened] * LOG2 for field, happened in outcomes)]
    found = _fit(cases, target)
    ratios = {outcome: found[number] / LOG2 for outcome, number in place.items()}
    ratios |= {(field, "missing"): 0.0 for field in NAMES if "missing" in rules.weights[field]}
    return Estimate(ratios, found[0] / LOG2)


def _cases(counts: Mapping[Tally, int], place: Mapping[Outcome, int]) -> list[Case]:
    found: dict[tuple[str, ...], list[int]] = {}
    for tally, count in counts.items():
        if tally.same is not None:
            found.setdefault(tally.pattern, [0, 0])[tally.same] += count
    return [
        ([0, *(place[o] for o in zip(NAMES, pattern, strict=True) if o in place)], different, same)
        for pattern, (different, same) in sorted(found.items())
    ]


def _fit(cases: Sequence[Case], target: Vector) -> Vector:
    """The most likely weights (natural logarithms), by Newton's method with halved steps."""
    weights = [0.0] * len(target)
    reached = _likelihood(cases, weights, target)
    for _ in range(ROUNDS):
        step = _solve(*_slopes(cases, weights, target))
        share = 1.0
        while share > SMALLEST_STEP:
            tried = [weight + share * change for weight, change in zip(weights, step, strict=True)]
            if (likelihood := _likelihood(cases, tried, target)) >= reached:
                weights, reached = tried, likelihood
                break
            share /= 2
        if share * max(map(abs, step)) < CONVERGED or share <= SMALLEST_STEP:
            break
    return weights


def _likelihood(cases: Sequence[Case], weights: Vector, target: Vector) -> float:
    far = sum((weight - wanted) ** 2 for weight, wanted in zip(weights[1:], target[1:], strict=True))
    found = -RIDGE / 2 * far
    for places, different, same in cases:
        odds = sum(weights[place] for place in places)
        log_one_plus = max(odds, 0.0) + math.log1p(math.exp(-abs(odds)))
        found += same * odds - (same + different) * log_one_plus
    return found


def _slopes(cases: Sequence[Case], weights: Vector, target: Vector) -> tuple[list[Vector], Vector]:
    """The second derivatives, negative, and the first."""
    size = len(weights)
    first = [0.0] + [RIDGE * (wanted - weight) for weight, wanted in zip(weights[1:], target[1:], strict=True)]
    second = [[RIDGE if row == column else 0.0 for column in range(size)] for row in range(size)]
    for places, different, same in cases:
        odds = sum(weights[place] for place in places)
        chance = 1 / (1 + math.exp(-max(-500.0, min(500.0, odds))))
        rest = same - (same + different) * chance
        curve = (same + different) * chance * (1 - chance)
        for row in places:
            first[row] += rest
            line = second[row]
            for column in places:
                line[column] += curve
    return second, first


def _solve(matrix: list[Vector], right: Vector) -> Vector:
    """The solution of a symmetric, positive definite system (Gauss)."""
    rows = [[*row, value] for row, value in zip(matrix, right, strict=True)]
    size = len(rows)
    for here in range(size):
        for below in range(here + 1, size):
            if factor := rows[below][here] / rows[here][here]:
                rows[below] = [x - factor * y for x, y in zip(rows[below], rows[here], strict=True)]
    found = [0.0] * size
    for here in reversed(range(size)):
        known = sum(rows[here][column] * found[column] for column in range(here + 1, size))
        found[here] = (rows[here][size] - known) / rows[here][here]
    return found
