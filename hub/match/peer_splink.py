"""Splink as a peer: Fellegi–Sunter weights learned from the records themselves by EM (the optional extra ``train``).

After Splink's own tutorial (https://moj-analytical-services.github.io/splink/): Jaro–Winkler levels for title and
author, exact levels for the rest, term frequencies for the title, links from a probability of 0.95 on.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from hub.normalize.text import fold

if TYPE_CHECKING:
    from hub.match.peers import Known

ENOUGH = 0.95  # probability
MAX_PAIRS = 1_000_000  # sampled to learn how often two different records agree
SEED = 1
NULL = None


def installed() -> bool:
    """Whether Splink and DuckDB are there."""
    return find_spec("splink") is not None and find_spec("duckdb") is not None


def row(known: Known) -> dict[str, Any]:
    """The columns of a record as Splink sees them; ``None`` where it is silent."""
    d = known.description
    author = next((name for name, role in d.people if role == "author"), "")
    title = fold(f"{d.title} {d.subtitle}")
    return {
        "unique_id": known.number,
        "title": title or NULL,
        "start": title[:10] or NULL,
        "author": " ".join(sorted(fold(author).split())) or NULL,
        "publisher": fold(d.publisher) or NULL,
        "year": d.year or NULL,
        "pages": d.pages or NULL,
        "volume": d.volume or "0",
        "isbn": d.isbns[0] if d.isbns else NULL,
    }


def linked_pairs(records: Sequence[Known], volumes: bool) -> list[tuple[int, int]]:
    """The pairs that Splink links. With ``volumes`` only records of the same volume are compared."""
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on

    logging.getLogger("splink").setLevel(logging.ERROR)
    database = DuckDBAPI()
    more = ("volume",) if volumes else ()
    rules = [block_on("title", *more), block_on("author", "year", *more), block_on("isbn", *more)]
    rules.append(block_on("start", "year", *more))
    settings = SettingsCreator(
        link_type="dedupe_only", comparisons=_comparisons(volumes), blocking_rules_to_generate_predictions=rules
    )
    linker = Linker(database.register(_columns([row(known) for known in records])), settings)
    linker.training.estimate_probability_two_random_records_match(
        [block_on("title", "author", "year", "volume")], recall=0.5
    )
    linker.training.estimate_u_using_random_sampling(max_pairs=MAX_PAIRS, seed=SEED)
    for rule in (block_on("title", "volume"), block_on("author", "year")):
        linker.training.estimate_parameters_using_expectation_maximisation(rule)
    found = linker.inference.predict(threshold_match_probability=ENOUGH).as_dict()
    return [(int(a), int(b)) for a, b in zip(found["unique_id_l"], found["unique_id_r"], strict=True)]


def _columns(rows: Sequence[Mapping[str, Any]]) -> dict[str, list[Any]]:
    return {name: [one[name] for one in rows] for name in rows[0]}


def _comparisons(volumes: bool) -> list[Any]:
    import splink.comparison_library as cl

    found = [
        cl.JaroWinklerAtThresholds("title", [0.95, 0.88]).configure(term_frequency_adjustments=True),
        cl.JaroWinklerAtThresholds("author", [0.92, 0.8]),
        cl.JaroWinklerAtThresholds("publisher", [0.9]),
        cl.ExactMatch("year"),
        cl.ExactMatch("pages"),
        cl.ExactMatch("isbn"),
    ]
    return found if volumes else [*found, cl.ExactMatch("volume")]
