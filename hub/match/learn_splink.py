"""m and u of every outcome by expectation and maximization, with Splink (the optional extra ``train``).

Splink compares two tables. Here each row of the first is a pair of records, with what happened in each of its fields
as columns, and the same row of the second stands for nothing: blocked by the number of the pair, Splink's comparison
vectors are our own outcomes, and what it learns is about the rules as they compare. m, u and the share of true pairs
are all left free; it starts from the present weights. Silence says nothing, except where a field has but one other
outcome. (Splink 5, https://moj-analytical-services.github.io/splink/.)
"""

from __future__ import annotations

import logging
import math
from collections import Counter
from collections.abc import Mapping
from typing import Any

from hub.match.learn import NAMES, Estimate, Outcome, Pattern, Tally, frequencies
from hub.match.peer_splink import installed
from hub.match.rules import Rules

__all__ = ["estimate", "installed"]

ROUNDS, CONVERGED = 300, 0.00001
STEEP = 4.0  # no outcome starts with more than so many bits
PAIR = "unique_id"
SILENT = "missing"
Probabilities = dict[Outcome, tuple[float, float]]  # m and u


def estimate(counts: Mapping[Tally, int], rules: Rules) -> Estimate:
    """The estimate from pairs without labels; the same pairs give the same."""
    levels = _levels(counts, rules)
    patterns = _patterns(counts, rules)
    share = _share(counts, rules)
    found = _trained(sorted(patterns.elements()), levels, share)
    ratios = {(field, SILENT): 0.0 for field in NAMES if SILENT in rules.weights[field]}
    ratios |= {outcome: math.log2(m / u) for outcome, (m, u) in found.items()}
    return Estimate(ratios, _prior(counts, ratios, math.log2(share / (1 - share))))


def _levels(counts: Mapping[Tally, int], rules: Rules) -> Probabilities:
    """Where each outcome that says anything starts: as often as it was seen, as the present weight parts m from u."""
    often = frequencies(counts)
    found: Probabilities = {}
    for field in NAMES:
        known = [(h, often[field, h], weight) for h, weight in rules.weights[field].items() if often[field, h]]
        known = [one for one in known if one[0] != SILENT] if len(known) > 2 else known
        m = {h: amount * 2 ** max(-STEEP, min(STEEP, weight)) for h, amount, weight in known}
        u = {h: amount * 2 ** -max(-STEEP, min(STEEP, weight)) for h, amount, weight in known}
        if len(known) > 1:
            found |= {(field, h): (m[h] / sum(m.values()), u[h] / sum(u.values())) for h in m}
    return found


def _patterns(counts: Mapping[Tally, int], rules: Rules) -> Counter[Pattern]:
    """The pairs by pattern, and for each outcome two more: one agrees in all else, the other differs in all else.

    So no outcome is impossible on either side, however seldom it is seen (Laplace's rule).
    """
    found: Counter[Pattern] = Counter()
    for tally, count in counts.items():
        found[tally.pattern] += count
    often = frequencies(counts)
    known = [sorted((w, h) for h, w in rules.weights[field].items() if often[field, h]) for field in NAMES]
    for end in (-1, 0):
        others = [outcomes[end][1] for outcomes in known]
        for place, outcomes in enumerate(known):
            found.update((*others[:place], happened, *others[place + 1 :]) for _, happened in outcomes)
    return found


def _share(counts: Mapping[Tally, int], rules: Rules) -> float:
    """The share of the pairs that are one publication by the present rules."""
    likely = 0
    for tally, count in counts.items():
        score = sum(rules.weights[field][happened] for field, happened in zip(NAMES, tally.pattern, strict=True))
        likely += count * (score >= rules.ask and not tally.vetoed)
    every = sum(counts.values())
    return (likely + 1) / (every + 2)


def _trained(rows: list[Pattern], levels: Probabilities, share: float) -> Probabilities:
    import duckdb
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on

    fields = [field for field in NAMES if any(name == field for name, _ in levels)]
    columns: dict[str, list[Any]] = {PAIR: list(range(len(rows)))}
    columns |= {field: [row[NAMES.index(field)] for row in rows] for field in fields}
    database = DuckDBAPI(connection=duckdb.connect(config={"threads": 1}))  # sums in one order: the same result
    settings = SettingsCreator(
        link_type="link_only",
        comparisons=[_comparison(field, levels) for field in fields],
        blocking_rules_to_generate_predictions=[block_on(PAIR)],
        probability_two_random_records_match=share,
        retain_matching_columns=False,
        max_iterations=ROUNDS,
        em_convergence=CONVERGED,
    )
    tables = [database.register(columns), database.register(columns)]
    linker = Linker(tables, settings, log_level=logging.ERROR, validate_settings=False)
    linker.training.estimate_parameters_using_expectation_maximisation(
        block_on(PAIR), estimate_without_term_frequencies=True, fix_u_probabilities=False
    )
    return {
        (comparison["output_column_name"], level["label_for_charts"]): (level["m_probability"], level["u_probability"])
        for comparison in linker.misc.save_model_to_json()["comparisons"]
        for level in comparison["comparison_levels"]
        if not level.get("is_null_level")
    }


def _comparison(field: str, levels: Probabilities) -> Any:
    from splink.comparison_level_library import CustomLevel
    from splink.comparison_library import CustomComparison

    made = [
        CustomLevel(f"{field}_l = '{happened}'", happened).configure(m_probability=m, u_probability=u)
        for (name, happened), (m, u) in levels.items()
        if name == field
    ]
    if (field, SILENT) not in levels:
        made.insert(0, CustomLevel(f"{field}_l = '{SILENT}'", SILENT).configure(is_null_level=True))
    return CustomComparison(output_column_name=field, comparison_levels=made)


def _prior(counts: Mapping[Tally, int], ratios: Mapping[Outcome, float], start: float) -> float:
    """The prior odds at which as many pairs are one publication as the estimate itself says."""
    prior, every = start, sum(counts.values())
    for _ in range(ROUNDS):
        estimated = Estimate(ratios, prior)
        share = sum(count * estimated.chance(tally.pattern) for tally, count in counts.items()) / every
        share = max(0.5 / every, min(1 - 0.5 / every, share))
        before, prior = prior, math.log2(share / (1 - share))
        if abs(prior - before) < CONVERGED:
            break
    return prior
