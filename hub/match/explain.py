"""Why two records are, or are not, the same publication: what each says, what was made of it, what would change it.

What would change the verdict is found by trying: one field of the two is made to agree, to be silent or to differ, and
the scorer (:func:`hub.match.compare.compare`) is asked again, so that an explanation never says other than the rules.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from hub.match import wording
from hub.match.alter import ALTERATIONS, Alter
from hub.match.compare import Traits, Verdict, compare, seen
from hub.match.rules import Rules
from hub.match.says import FIELDS_SAY, VETOES_SAY, said
from hub.match.vetoes import VETOES

MOST_CHANGES = 6
FAR = ("DIFFERENT", "ASK", "FITS", "SAME")  # from apart to together


@dataclass(frozen=True, slots=True)
class Line:
    """A field: what each side says, what happened, its weight."""

    field: str
    first: str
    second: str
    outcome: str
    weight: float


@dataclass(frozen=True, slots=True)
class Objection:
    """A veto: what each side says, and the verdict if this veto alone were not there."""

    veto: str
    first: str
    second: str
    without: str


@dataclass(frozen=True, slots=True)
class Step:
    """A field in which something else would have happened, and by how much its weight would differ."""

    field: str
    outcome: str
    gain: float


@dataclass(frozen=True, slots=True)
class Change:
    """One or two steps after which the verdict would be another."""

    steps: tuple[Step, ...]
    status: str
    score: float
    veto: str = ""


@dataclass(frozen=True, slots=True)
class Explanation:
    """A verdict with its reasons; ``freed`` is what it would be without any veto."""

    verdict: Verdict
    lines: tuple[Line, ...]
    vetoes: tuple[Objection, ...]
    freed: str
    changes: tuple[Change, ...]
    thresholds: tuple[float, float, float]  # same, fits, ask


def explain(a: Traits, b: Traits, rules: Rules) -> Explanation:
    """The verdict on two records, explained; ``first`` is ``a`` throughout."""
    a, b = (t._replace(alternates=()) for t in seen(a, b))
    verdict = compare(a, b, rules)
    lines = tuple(
        Line(field, said(FIELDS_SAY, field, a), said(FIELDS_SAY, field, b), happened, weight)
        for field, happened, weight in verdict.evidence
    )
    return Explanation(
        verdict,
        lines,
        tuple(_objections(a, b, rules)),
        compare(a, b, rules.model_copy(update={"vetoes": ()})).status,
        tuple(_changes(a, b, verdict, rules)),
        (rules.same, rules.fits, rules.ask),
    )


def _objections(a: Traits, b: Traits, rules: Rules) -> Iterator[Objection]:
    for name in rules.vetoes:
        if VETOES[name](a, b):
            others = tuple(other for other in rules.vetoes if other != name)
            without = compare(a, b, rules.model_copy(update={"vetoes": others})).status
            yield Objection(name, said(VETOES_SAY, name, a), said(VETOES_SAY, name, b), without)


def _changes(a: Traits, b: Traits, verdict: Verdict, rules: Rules) -> list[Change]:
    """The smallest changes first: of one field; of two where no single one brings the two together."""
    tried = [(field, alter) for field, alters in ALTERATIONS.items() for alter in alters]
    found = _tried([[one] for one in tried], a, b, verdict, rules)
    nearer = [change for change in found if FAR.index(change.status) > FAR.index(verdict.status)]
    if verdict.status != "SAME" and not nearer:
        agree = [(field, alters[0]) for field, alters in ALTERATIONS.items()]
        nearer = _tried([list(pair) for pair in combinations(agree, 2)], a, b, verdict, rules)
    wanted = found if verdict.status == "SAME" else nearer
    return sorted(wanted, key=lambda change: _size(change, verdict))[:MOST_CHANGES]


def _size(change: Change, verdict: Verdict) -> tuple[int, float, str]:
    named = " ".join(f"{step.field} {step.outcome}" for step in change.steps)
    return len(change.steps), abs(change.score - verdict.score), named


def _tried(ways: list[list[tuple[str, Alter]]], a: Traits, b: Traits, verdict: Verdict, rules: Rules) -> list[Change]:
    """The ways that lead to another verdict."""
    before = {field: (happened, weight) for field, happened, weight in verdict.evidence}
    found: dict[tuple[Step, ...], Change] = {}
    for way in ways:
        x, y = a, b
        for _, alter in way:
            x, y = alter(x, y)
        after = compare(x, y, rules)
        made = {field: (happened, weight) for field, happened, weight in after.evidence}
        steps = tuple(Step(f, made[f][0], round(made[f][1] - before[f][1], 2)) for f, _ in way)
        moved = all(made[f][0] != before[f][0] for f, _ in way)
        if moved and after.status != verdict.status:
            found.setdefault(steps, Change(steps, after.status, after.score, after.veto))
    return list(found.values())


def as_json(explanation: Explanation) -> dict[str, Any]:
    """The explanation for programs and pages, with the words in both languages."""
    verdict = explanation.verdict
    same, fits, ask = explanation.thresholds
    return {
        "verdict": verdict.status,
        "words": wording.words(wording.STATUSES, verdict.status),
        "reason": verdict.reason,
        "reason_words": wording.words(wording.REASONS, verdict.reason),
        "score": verdict.score,
        "thresholds": {"same": same, "fits": fits, "ask": ask},
        "veto": verdict.veto,
        "veto_words": wording.words(wording.VETOES, verdict.veto) if verdict.veto else None,
        "evidence": [_line(line) for line in explanation.lines],
        "vetoes": [
            {
                "veto": one.veto,
                "words": wording.words(wording.VETOES, one.veto),
                "first": one.first,
                "second": one.second,
            }
            | {"without": one.without}
            for one in explanation.vetoes
        ],
        "without_vetoes": explanation.freed,
        "changes": [
            {
                "steps": [_step(step) for step in change.steps],
                "verdict": change.status,
                "words": wording.words(wording.STATUSES, change.status),
                "score": change.score,
                "veto": change.veto,
            }
            for change in explanation.changes
        ],
    }


def _line(line: Line) -> dict[str, Any]:
    return {
        "field": line.field,
        "field_words": wording.words(wording.FIELDS, line.field),
        "first": line.first,
        "second": line.second,
        "outcome": line.outcome,
        "words": wording.words(wording.OUTCOMES.get(line.field, {}), line.outcome),
        "weight": line.weight,
    }


def _step(step: Step) -> dict[str, Any]:
    return {
        "field": step.field,
        "field_words": wording.words(wording.FIELDS, step.field),
        "outcome": step.outcome,
        "words": wording.words(wording.OUTCOMES.get(step.field, {}), step.outcome),
        "gain": step.gain,
    }
