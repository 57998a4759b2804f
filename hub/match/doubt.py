"""What leaves a question open, how likely its two records are one publication, and what an answer would win.

A pattern is what happened in each field, in the order of the fields: pairs of one pattern look alike to the rules, so
that what people decided of some of them says something of the others.
"""

from __future__ import annotations

from collections.abc import Iterable
from math import log2

from hub.match.compare import Evidence
from hub.match.packed import dump_evidence
from hub.match.rules import Rules

BRIEF = "brief"  # nothing speaks against it, but one of the two says too little
CUSTOM = 2.0  # how many decisions of people what the rules think is worth
STEEP = 0.8  # by how much one point makes it more likely, in bits
STEPS = 20  # of likelihood: a pattern finds another place in the queue a few times, not with each decision


def pattern(evidence: Iterable[Evidence]) -> str:
    """The pattern of some evidence, as links keep it."""
    return dump_evidence(evidence)


def doubt(evidence: Iterable[Evidence]) -> str:
    """The field that speaks against the two most, or ``brief`` where none does."""
    against = min(evidence, key=lambda line: line[2], default=("", "", 0.0))
    return against[0] if against[2] < 0 else BRIEF


def likelihood(score: float, rules: Rules, same: int = 0, different: int = 0) -> float:
    """How likely two records of this score are one, given how often people decided so of pairs of the pattern."""
    before = 1 / (1 + 2 ** (STEEP * ((rules.fits + rules.same) / 2 - score)))
    return round(STEPS * (same + CUSTOM * before) / (same + different + CUSTOM)) / STEPS or 1 / STEPS / 2


def size(records: int, copies: int) -> float:
    """What joins another cluster: its records, and its copies the less the more there are."""
    return records + log2(1 + copies)
