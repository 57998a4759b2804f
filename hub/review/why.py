"""Why the rules ask about two records, and what people said of pairs like it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from hub.catalog import questions
from hub.catalog.choices import rules_in_force
from hub.catalog.links import Known, known, links_of
from hub.catalog.models import Question
from hub.match import wording
from hub.match.doubt import pattern
from hub.match.explain import explain
from hub.match.wording import value
from hub.sources import matching_rules
from hub.stages.neighbors import read

MOST_OTHERS = 8


@dataclass(frozen=True, slots=True)
class Line:
    """A field of the evidence: what happened, in words, and its weight; ``sign`` is +, – or empty."""

    field: str
    words: str
    weight: float
    sign: str
    first: str
    second: str


@dataclass(frozen=True, slots=True)
class Why:
    """The verdict of the rules on two records, in words."""

    status: str
    words: str
    reason: str
    score: float
    same: float
    ask: float
    lines: list[Line]
    quiet: list[str]  # fields of which neither side says anything
    vetoes: list[str]
    changes: list[str]
    pattern: str


def why(a: Known, b: Known, language: str) -> Why:
    """The explanation of :mod:`hub.match.explain` in one language."""
    told = explain(read(a), read(b), rules_in_force(matching_rules()))
    lines, quiet = [], []
    for line in told.lines:
        field = wording.words(wording.FIELDS, line.field)[language]
        if not (line.first or line.second or line.weight):
            quiet.append(field)
            continue
        outcome = wording.words(wording.OUTCOMES.get(line.field, {}), line.outcome)[language]
        sign = "+" if line.weight > 0 else "–" if line.weight < 0 else ""
        sides = (value(line.first, language), value(line.second, language))
        lines.append(Line(field, outcome, line.weight, sign, *sides))
    same, _, ask = told.thresholds
    verdict = told.verdict
    return Why(
        verdict.status,
        wording.STATUSES[verdict.status][language],
        wording.words(wording.REASONS, verdict.reason)[language],
        verdict.score,
        same,
        ask,
        sorted(lines, key=lambda line: -abs(line.weight)),
        quiet,
        [wording.words(wording.VETOES, one.veto)[language] for one in told.vetoes],
        [_change(change, language) for change in told.changes[:2]],
        pattern(verdict.evidence),
    )


def _change(change: Any, language: str) -> str:
    joint = {"vi": " và ", "en": " and "}[language]
    steps = joint.join(
        f"{wording.words(wording.FIELDS, step.field)[language]}: "
        f"{wording.words(wording.OUTCOMES.get(step.field, {}), step.outcome)[language]}"
        for step in change.steps
    )
    return f"{steps} → {wording.STATUSES[change.status][language]}"


@dataclass(frozen=True, slots=True)
class Alike:
    """Pairs of one pattern: how people decided, and how many still wait."""

    same: int
    different: int
    waiting: int


def alike(pattern: str) -> Alike:
    """What is known of the pairs of a pattern."""
    found = questions.judged([pattern]).get(pattern, questions.Judged())
    return Alike(found.same, found.different, Question.objects.filter(pattern=pattern).count())


@dataclass(frozen=True, slots=True)
class Other:
    """Another record that one of the two may belong with; ``first`` and ``second`` make the address of that pair."""

    beside: str
    first: int
    second: int
    record: Known
    verdict: str
    score: float


def others(a: Known, b: Known) -> list[Other]:
    """The other candidates of either record: links into other union records, the best first."""
    found: dict[tuple[str, int], Other] = {}
    links = sorted(links_of([a.number, b.number]), key=lambda link: -link.score)
    ends = known({number for link in links for number in (link.first, link.second)})
    for link in links:
        for name, own, opposite in (("A", a, b), ("B", b, a)):
            if own.number not in (link.first, link.second):
                continue
            far = ends.get(link.second if link.first == own.number else link.first)
            if far is None or far.number == opposite.number or far.union in (own.union, opposite.union):
                continue
            one = Other(name, link.first, link.second, far, link.verdict, link.score)
            found.setdefault((name, far.union or -far.number), one)
    return list(found.values())[:MOST_OTHERS]
