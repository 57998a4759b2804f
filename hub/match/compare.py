"""Two records compared: evidence field by field, vetoes, and the verdict SAME, FITS, ASK or DIFFERENT.

SAME: the records say enough to tell that they are one publication. FITS: nothing speaks against it, but one of them says
too little to tell editions apart; it joins where exactly one publication fits (:mod:`hub.match.cluster`). ASK: a person
decides. The verdict is the same whichever of the two comes first.
"""

from __future__ import annotations

from dataclasses import dataclass

from hub.match.evidence import FIELDS
from hub.match.rules import Rules
from hub.match.traits import Traits, traits
from hub.match.vetoes import ASKED, VETOES

Evidence = tuple[str, str, float]  # field, what happened, weight

__all__ = ["FIELDS", "VETOES", "Evidence", "Traits", "Verdict", "compare", "traits", "vetoed"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """SAME, FITS, ASK or DIFFERENT, the sum of the weights, and why.

    ``veto`` is the first rule that keeps the two apart. ``reason`` says what decided where it is not the sum alone:
    ``brief``, ``generic`` or ``veto``.
    """

    status: str
    score: float
    evidence: tuple[Evidence, ...]
    veto: str = ""
    reason: str = ""


def vetoed(a: Traits, b: Traits, rules: Rules) -> str:
    """The first veto on two records, or ``""``."""
    return next((name for name in rules.vetoes if VETOES[name](a, b)), "")


def compare(a: Traits, b: Traits, rules: Rules) -> Verdict:
    """The verdict on two records. Symmetric: the order of the two does not matter."""
    evidence: list[Evidence] = []
    score = 0.0
    outcomes: dict[str, str] = {}
    for field, look in FIELDS:
        happened = outcomes[field] = look(a, b)
        weight = rules.weights[field][happened]
        score += weight
        evidence.append((field, happened, weight))
    score = round(score, 2)
    kept = tuple(evidence)
    if veto := vetoed(a, b, rules):
        asked = veto in ASKED and score >= rules.same and outcomes["pages"] == "equal" and _confirmed(outcomes)
        return Verdict("ASK" if asked else "DIFFERENT", score, kept, veto=veto, reason="veto")
    if a.generic and not _well_told(outcomes):
        return Verdict("ASK" if score >= rules.same else "DIFFERENT", score, kept, reason="generic")
    if _confirmed(outcomes) and score >= rules.same:
        return Verdict("SAME", score, kept)
    if score >= rules.fits and not _contradicted(outcomes, rules) and not _confirmed(outcomes):
        return Verdict("FITS", score, kept, reason="brief")
    return Verdict("ASK" if score >= rules.ask else "DIFFERENT", score, kept)


def _confirmed(outcomes: dict[str, str]) -> bool:
    """Whether something tells the edition: a number, the publisher, or the year together with the pages."""
    if "shared" in (outcomes["isbn"], outcomes["identifier"]):
        return True
    if outcomes["publisher"] == "equal":
        return outcomes["author"] != "missing" or outcomes["pages"] == "equal" or outcomes["year"] == "equal"
    return outcomes["pages"] == "equal" and outcomes["year"] in ("equal", "near")


def _contradicted(outcomes: dict[str, str], rules: Rules) -> bool:
    return any(rules.weights[field][happened] < 0 for field, happened in outcomes.items())


def _well_told(outcomes: dict[str, str]) -> bool:
    """What a title needs that many books have: a number, or author, publisher and pages or year that agree."""
    if "shared" in (outcomes["isbn"], outcomes["identifier"]):
        return True
    agreed = outcomes["publisher"] == "equal" and "equal" in (outcomes["pages"], outcomes["year"])
    return agreed and outcomes["author"] in ("equal", "shared", "unmarked", "partial")
