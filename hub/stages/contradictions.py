"""Where people's decisions and the rules disagree. A decision is never overturned; what disagrees with it is shown."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from hub.catalog import bulk
from hub.catalog.choices import rules_in_force
from hub.catalog.decisions import Decided, standing
from hub.catalog.models import Member, RawRecord, Record, Run
from hub.match.compare import Verdict, compare
from hub.sources import matching_rules
from hub.stages.match import load_traits
from hub.stages.report import storing


class Contradiction(NamedTuple):
    """A decision and what the rules say now; ``kind`` is one of :data:`hub.match.wording.CONTRADICTIONS`.

    ``changed``: one of the two records has arrived anew since the decision.
    """

    decided: Decided
    kind: str
    rules: Verdict
    changed: bool


def contradictions(records: Iterable[int] | None = None) -> list[Contradiction]:
    """The contradictions of all decisions, or of those about any of some records, in the order of the decisions."""
    with storing():
        decisions = standing(records)
        numbers = {number for one in decisions for number in (one.first, one.second)}
        known, unions, arrived = load_traits(numbers), _unions(numbers), _arrived(numbers)
        rules = rules_in_force(matching_rules())
        found = []
        for one in decisions:
            if one.first in known and one.second in known:
                verdict = compare(known[one.first], known[one.second], rules)
                if kind := _kind(one, verdict, unions):
                    changed = max(arrived[one.first], arrived[one.second]) > one.at.timestamp()
                    found.append(Contradiction(one, kind, verdict, changed))
    return found


def _kind(decided: Decided, verdict: Verdict, unions: dict[int, int]) -> str:
    if decided.verdict == "SAME":
        return "veto" if verdict.veto else "rules_different" if verdict.status == "DIFFERENT" else ""
    together = unions.get(decided.first, -1) == unions.get(decided.second, -2)
    return "decisions" if together else "rules_same" if verdict.status == "SAME" else ""


def _unions(numbers: Iterable[int]) -> dict[int, int]:
    """The union record of each record for which nothing is due."""
    sql = (
        f'SELECT m.record_id, m."union" FROM {bulk.table(Member)} m JOIN {bulk.table(Record)} r ON r.id = m.record_id'
        " WHERE r.due = 0 AND r.id IN {}"
    )
    return {int(record): int(union) for record, union in bulk.among(sql, sorted(numbers))}


def _arrived(numbers: Iterable[int]) -> dict[int, float]:
    """When the present version of each record arrived (seconds since 1970)."""
    sql = (
        f"SELECT r.id, w.run_id FROM {bulk.table(Record)} r JOIN {bulk.table(RawRecord)} w ON w.id = r.raw"
        " WHERE r.id IN {}"
    )
    runs = {int(record): int(run) for record, run in bulk.among(sql, sorted(numbers))}
    began = {run.pk: run.started_at.timestamp() for run in Run.objects.in_bulk(set(runs.values())).values()}
    return {record: began[run] for record, run in runs.items()}
