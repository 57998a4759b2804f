"""What people are asked about the records that a merge has touched: the questions of the review queue.

Records that a merge touches come in whole neighborhoods, closed under what fits. So all links between two clusters of
which one is touched have an end among the touched records, and what is made a little at a time is what all at once
gives.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any, NamedTuple

from hub.catalog import bulk, questions
from hub.catalog.decisions import verdicts
from hub.catalog.models import Bib, Link, Member, Record, Union
from hub.match.description import Description
from hub.match.doubt import doubt, likelihood, size
from hub.match.packed import load_evidence
from hub.match.queue import Question
from hub.match.queue import questions as worth_asking
from hub.match.rules import Rules
from hub.sources import matching_rules

Pair = tuple[int, int]


class _Said(NamedTuple):
    """What a question needs of a record."""

    source: int
    language: str
    substance: int


def ask(records: list[int]) -> None:
    """Make the questions about some neighborhoods anew (inside :func:`hub.catalog.bulk.writing`)."""
    patterns = dict(_links(records))
    links = _undecided(patterns.keys(), records)
    clusters = {cluster for link in links for cluster in (link.cluster, link.other)}
    sizes = _sizes(clusters)
    said = _said({number for link in links for number in (link.first, link.second)} | _members(links))
    substance = _substance(links, said)
    asked = worth_asking(links, lambda cluster: (substance.get(cluster, 0), sizes.get(cluster, (0, 0))[0]))
    known = questions.judged(patterns[one] for one in asked)
    rules = matching_rules()
    rows = [_row(one, patterns[one], sizes, said, known, rules) for one in asked]
    questions.store(records, rows)


def _links(records: Iterable[int]) -> dict[Question, str]:
    """The links between clusters that any of some records has, with their patterns."""
    sql = (
        f'SELECT l.first, l.second, l.verdict, l.score, ma."union", mb."union", l.evidence FROM {bulk.table(Link)} l'
        f" JOIN {bulk.table(Member)} ma ON ma.record_id = l.first"
        f" JOIN {bulk.table(Member)} mb ON mb.record_id = l.second"
        " WHERE l.verdict IN ('ASK', 'FITS') AND ma.\"union\" <> mb.\"union\" AND l.{end} IN {}"
    )
    numbers = sorted(records)
    return {
        Question(*row[:6]): row[6]
        for end in ("first", "second")
        for row in bulk.among(sql.replace("{end}", end), numbers)
    }


def _undecided(links: Collection[Question], records: Collection[int]) -> list[Question]:
    """The links between clusters about which nobody has decided: one decision speaks for the two clusters."""
    if not links:
        return []
    touched = {number for link in links for number in (link.first, link.second)} | set(records)
    decided = verdicts(touched)
    clusters = _clusters({number for pair in decided for number in pair})
    parted = {
        frozenset((clusters[one], clusters[other])) for one, other in decided if one in clusters and other in clusters
    }
    return [link for link in links if frozenset((link.cluster, link.other)) not in parted]


def _clusters(records: Collection[int]) -> dict[int, int]:
    sql = f'SELECT record_id, "union" FROM {bulk.table(Member)} WHERE record_id IN {{}}'
    return dict(bulk.among(sql, sorted(records)))


def _sizes(clusters: Collection[int]) -> dict[int, tuple[int, int]]:
    """(records, copies) of some union records."""
    sql = f"SELECT id, members, copies FROM {bulk.table(Union)} WHERE id IN {{}}"
    return {number: (members, copies) for number, members, copies in bulk.among(sql, sorted(clusters))}


def _members(links: Iterable[Question]) -> set[int]:
    """The records of the clusters of which one may be placed in the other."""
    fitting = {cluster for link in links if link.verdict != "ASK" for cluster in (link.cluster, link.other)}
    sql = f'SELECT record_id FROM {bulk.table(Member)} WHERE "union" IN {{}}'
    return {number for (number,) in bulk.among(sql, sorted(fitting))}


def _said(records: Collection[int]) -> dict[int, _Said]:
    sql = (
        f"SELECT b.record_id, r.source_id, b.description FROM {bulk.table(Bib)} b"
        f" JOIN {bulk.table(Record)} r ON r.id = b.record_id WHERE b.record_id IN {{}}"
    )
    found = {}
    for number, source, text in bulk.among(sql, sorted(records)):
        d = Description.load(text)
        found[number] = _Said(source, d.language, sum(map(bool, (d.people, d.publisher, d.year, d.pages, d.isbns))))
    return found


def _substance(links: Iterable[Question], said: dict[int, _Said]) -> dict[int, int]:
    """How much the fullest record of each cluster that may be placed says."""
    found: defaultdict[int, int] = defaultdict(int)
    for number, cluster in _clusters(said.keys()).items():
        found[cluster] = max(found[cluster], said[number].substance)
    return found


def _row(
    one: Question,
    pattern: str,
    sizes: dict[int, tuple[int, int]],
    said: dict[int, _Said],
    known: dict[str, questions.Judged],
    rules: Rules,
) -> tuple[Any, ...]:
    a, b = said[one.first], said[one.second]
    likely = round(likelihood(one.score, rules, *known.get(pattern, questions.Judged())), 6)
    smaller = min(size(*sizes.get(cluster, (1, 0))) for cluster in (one.cluster, one.other))
    open_by = doubt(load_evidence(pattern, rules))
    return (
        one.first, one.second, one.verdict, one.score, pattern, one.cluster, one.other, open_by,
        (a.language or b.language)[:10], a.source, b.source, smaller, smaller * likely,
    )  # fmt: skip
