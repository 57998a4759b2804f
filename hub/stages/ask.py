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
from hub.match.cluster import parted
from hub.match.compare import separation
from hub.match.description import Description
from hub.match.doubt import doubt, likelihood, size
from hub.match.packed import load_evidence
from hub.match.queue import Question
from hub.match.queue import questions as worth_asking
from hub.match.rules import Rules
from hub.sources import matching_rules
from hub.stages.match import stored_traits

Pair = tuple[int, int]


class _Said(NamedTuple):
    """What a question shows of a record."""

    source: int
    language: str


def ask(records: list[int]) -> None:
    """Make the questions about some neighborhoods anew (inside :func:`hub.catalog.bulk.writing`)."""
    patterns = dict(_links(records))
    links = _undecided(patterns.keys(), records)
    members = _members({cluster for link in links for cluster in (link.cluster, link.other)})
    known = stored_traits(number for group in members.values() for number in group)
    rules = matching_rules()
    asked = worth_asking(
        links,
        members,
        {number: t.substance for number, t in known.items()},
        lambda one, other: parted(members[one], members[other], lambda x, y: separation(known[x], known[y], rules)),
    )
    sizes = _sizes({cluster for one in asked for cluster in (one.cluster, one.other)})
    said = _said({number for one in asked for number in (one.first, one.second)})
    judged = questions.judged(patterns[one] for one in asked)
    rows = [_row(one, patterns[one], sizes, said, judged, rules) for one in asked]
    questions.store(records, rows)


def _links(records: Iterable[int]) -> dict[Question, str]:
    """The links between clusters that any of some records has, with their patterns."""
    sql = (
        f'SELECT l.first, l.second, l.verdict, l.score, ma."union", mb."union", l.evidence FROM {bulk.table(Link)} l'
        f" JOIN {bulk.table(Member)} ma ON ma.record_id = l.first"
        f" JOIN {bulk.table(Member)} mb ON mb.record_id = l.second"
        ' WHERE ma."union" <> mb."union" AND l.{end} IN {}'
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


def _members(clusters: Collection[int]) -> dict[int, list[int]]:
    """The records of some clusters."""
    sql = f'SELECT "union", record_id FROM {bulk.table(Member)} WHERE "union" IN {{}}'
    found: defaultdict[int, list[int]] = defaultdict(list)
    for cluster, number in bulk.among(sql, sorted(clusters)):
        found[cluster].append(number)
    return found


def _said(records: Collection[int]) -> dict[int, _Said]:
    sql = (
        f"SELECT b.record_id, r.source_id, b.description FROM {bulk.table(Bib)} b"
        f" JOIN {bulk.table(Record)} r ON r.id = b.record_id WHERE b.record_id IN {{}}"
    )
    return {
        number: _Said(source, Description.load(text).language)
        for number, source, text in bulk.among(sql, sorted(records))
    }


def _row(
    one: Question,
    pattern: str,
    sizes: dict[int, tuple[int, int]],
    said: dict[int, _Said],
    known: dict[str, questions.Judged],
    rules: Rules,
) -> tuple[Any, ...]:
    a, b = said[one.first], said[one.second]
    likely = likelihood(one.score, rules, *known.get(pattern, questions.Judged()))
    smaller = min(size(*sizes.get(cluster, (1, 0))) for cluster in (one.cluster, one.other))
    open_by = doubt(load_evidence(pattern, rules))
    return (
        one.first, one.second, one.verdict, one.score, pattern, one.cluster, one.other, open_by,
        (a.language or b.language)[:10], a.source, b.source, smaller, smaller * likely,
    )  # fmt: skip
