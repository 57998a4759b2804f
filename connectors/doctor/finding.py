"""The nouns of an examination: a finding with its evidence, the figures, and the diagnosis of one visit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from connectors.doctor.costs import COSTS, Severity
from schemas.problem import Problem

COMPLETENESS = (
    "title", "author", "isbn", "publisher", "year", "language", "subject", "classification", "holdings",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Evidence:
    """A request and the first bytes of its answer, as text."""

    request: str
    start: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was found: a code of :data:`COSTS` and of the wording, its facts, and what was seen.

    ``problem`` is the reason in the words of another layer, where there is one.
    """

    code: str
    facts: dict[str, str] = field(default_factory=dict)
    evidence: Evidence | None = None
    problem: Problem | None = None

    @property
    def severity(self) -> Severity:
        """What it costs."""
        return COSTS[self.code]


def found(code: str, evidence: Evidence | None = None, problem: Problem | None = None, /, **facts: object) -> Finding:
    """A finding; its facts are kept as text."""
    return Finding(code, {name: str(value) for name, value in facts.items()}, evidence, problem)


@dataclass(frozen=True, slots=True)
class Figures:
    """What was measured; ``None`` and ``""`` are unknown. ``complete`` is the share (%) of records with a field."""

    requests: int = 0
    milliseconds: int = 0  # the median of a request
    sample: int = 0  # records looked at
    page: int | None = None  # records a page
    announced: int | None = None  # completeListSize
    per_second: int | None = None  # records a second
    minutes: int | None = None  # a whole harvest, estimated
    prefix: str = ""
    format: str = ""
    complete: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What one visit found at ``url``, the most costly first; ``at`` is our time (ISO 8601, UTC)."""

    url: str
    at: str
    findings: tuple[Finding, ...]
    figures: Figures

    @property
    def worst(self) -> Severity:
        """The worst there is."""
        severities = [finding.severity for finding in self.findings]
        return min(severities, key=list(Severity).index, default=Severity.GOOD)

    def of(self, severity: Severity) -> list[Finding]:
        """The findings of one severity, in order."""
        return [finding for finding in self.findings if finding.severity is severity]

    def to_json(self) -> dict[str, Any]:
        """The diagnosis as JSON; :meth:`from_json` reads it back."""
        content = asdict(self)
        for given, finding in zip(content["findings"], self.findings, strict=True):
            given["severity"] = finding.severity.value
        return content | {"worst": self.worst.value, "findings": list(content["findings"])}

    @classmethod
    def from_json(cls, content: Mapping[str, Any]) -> Diagnosis:
        """A stored diagnosis; a finding whose code is no longer known is left out."""
        findings = [_finding(given) for given in content["findings"] if given["code"] in COSTS]
        return cls(content["url"], content["at"], in_order(findings), Figures(**content["figures"]))


def _finding(given: Mapping[str, Any]) -> Finding:
    evidence, problem = given.get("evidence"), given.get("problem")
    return Finding(
        given["code"],
        dict(given["facts"]),
        Evidence(**evidence) if evidence else None,
        Problem(**problem) if problem else None,
    )


def in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings, the most costly first."""
    order = list(COSTS)
    return tuple(sorted(findings, key=lambda finding: order.index(finding.code)))


@dataclass(frozen=True, slots=True)
class Difference:
    """What changed between two visits to the same address: what is new, and what was mended."""

    new: tuple[Finding, ...]
    mended: tuple[Finding, ...]


def compare(before: Diagnosis, now: Diagnosis) -> Difference:
    """What is wrong now and was not before, and the reverse.

    What could not be examined now is not called mended.
    """
    wrong = {finding.code: finding for finding in now.findings if finding.severity is not Severity.GOOD}
    was = {finding.code: finding for finding in before.findings if finding.severity is not Severity.GOOD}
    cut = any(finding.code == "not_examined" or finding.severity is Severity.BLOCKS for finding in now.findings)
    mended = [finding for code, finding in was.items() if code not in wrong and code != "not_examined"]
    if cut:
        mended = [finding for finding in mended if finding.severity is Severity.BLOCKS]
    new = [finding for code, finding in wrong.items() if code not in was and code != "not_examined"]
    return Difference(tuple(new), tuple(mended))
