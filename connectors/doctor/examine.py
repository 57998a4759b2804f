"""The order of a visit: what blocks ends it, what runs out of time is said, whatever happens there is a diagnosis."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import parse_qsl, urlencode

from connectors.address import split_url
from connectors.doctor import conduct, dates, formats, identify, lists, records, single
from connectors.doctor.costs import Severity
from connectors.doctor.finding import Diagnosis, Finding, found, in_order
from connectors.doctor.known import Known
from connectors.doctor.visit import INTERVAL, REQUESTS, SECONDS, Spent, Visit

Examination = Callable[[Known], Iterator[Finding]]

FIRST: tuple[Examination, ...] = (identify.identify, formats.choose, lists.walk)
THEN: tuple[Examination, ...] = (
    lists.tokens,
    single.get,
    single.deletions,
    dates.windows,
    single.same_lists,
    conduct.future,
    identify.earliest,
    formats.sets,
    conduct.errors,
    conduct.post,
)
OAI = frozenset({"verb", "metadataPrefix", "from", "until", "set", "identifier", "resumptionToken"})


@dataclass(frozen=True, slots=True)
class Terms:
    """On what terms a repository is visited: the requests, the seconds for all, the seconds between two."""

    allow_private: bool = False
    limit: int = REQUESTS
    seconds: float = SECONDS
    interval: float = INTERVAL


def clean_url(text: str) -> str:
    """The address of a repository as people give it: http:// is added, the arguments of a request are taken off.

    :class:`schemas.problem.Trouble` ``http_url`` when it is none.
    """
    text = text.strip()
    text = text if "://" in text else f"http://{text}"
    parts, _ = split_url(text)
    query = urlencode([pair for pair in parse_qsl(parts.query, keep_blank_values=True) if pair[0] not in OAI])
    return parts._replace(query=query, fragment="", path=parts.path or "/").geturl()


def examine(url: str, terms: Terms | None = None) -> Diagnosis:
    """Visit the repository at ``url`` (see :func:`clean_url`) and say what was found."""
    terms = terms or Terms()
    url = clean_url(url)
    visit = Visit(
        url,
        allow_private=terms.allow_private,
        limit=terms.limit,
        seconds=terms.seconds,
        interval=terms.interval,
    )
    try:
        return _examine(url, Known(visit))
    finally:
        visit.close()


def _examine(url: str, known: Known) -> Diagnosis:
    at = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    findings: list[Finding] = []
    try:
        for examination in FIRST:
            findings += examination(known)
            if any(finding.severity is Severity.BLOCKS for finding in findings):
                break
        else:
            for examination in THEN:
                findings += examination(known)
    except Spent as spent:
        findings.append(found("not_examined", None, reason=spent))
    content, complete = records.examine(known)
    findings += [*content, *conduct.clock(known), *conduct.transfer(known)]
    figures, pace = conduct.speed(known, complete)
    return Diagnosis(url, at, in_order(_once([*findings, *pace])), figures)


def _once(findings: list[Finding]) -> list[Finding]:
    """Each code once: the first that was found."""
    kept: dict[str, Finding] = {}
    for finding in findings:
        kept.setdefault(finding.code, finding)
    return list(kept.values())
