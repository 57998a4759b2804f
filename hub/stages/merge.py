"""Clusters and union records of what is due: only the neighborhood of a change is made again.

A neighborhood is closed under SAME links and under the clusters as they stood, so that what comes out is what a full
rebuild gives.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Any, NamedTuple

import orjson
from django.utils import timezone

from hub.catalog import bulk, selections, writes
from hub.catalog.choices import choices_of, in_force, rules_in_force
from hub.catalog.decisions import Pair, verdicts
from hub.catalog.models import Bib, Decision, Link, Member, Record, Source, Union
from hub.catalog.moves import keep_moves
from hub.catalog.questions import learn_all
from hub.match.cluster import clusters
from hub.match.compare import Traits, separation
from hub.match.describe import describe
from hub.match.description import Description
from hub.match.work import NO_WORK, work_key
from hub.merge.merge import Contribution, Merged, merge
from hub.sources import matching_rules
from hub.stages.ask import ask
from hub.stages.match import WHOLE, stored_traits
from hub.stages.pool import spread
from hub.stages.report import Progress, StageReport, silent, storing
from schemas.problem import Trouble
from schemas.record import Record as Content

BATCH = 5_000
Row = tuple[Any, ...]
EDGES = {
    f"SELECT first, second FROM {bulk.table(Link)} WHERE verdict IN ('SAME', 'FITS')": ("first", "second"),
    f'SELECT "union", record_id FROM {bulk.table(Member)} WHERE "union" <> record_id': ('"union"', "record_id"),
    f"SELECT first_id, second_id FROM {bulk.table(Decision)} WHERE verdict = 'SAME' AND undone_at IS NULL": (
        "first_id",
        "second_id",
    ),
}


class Said(NamedTuple):
    """What people decided about some records: verdicts by pair, choices of fields by record."""

    verdicts: dict[Pair, tuple[int, str]]
    choices: dict[int, list[tuple[int, str]]]

    def otherwise(self, now: Said) -> set[int]:
        """The records of which people say something else now."""
        pairs = {pair for pair, _ in self.verdicts.items() ^ now.verdicts.items()}
        chosen = self.choices.keys() | now.choices.keys()
        return {record for pair in pairs for record in pair} | {
            record for record in chosen if self.choices.get(record) != now.choices.get(record)
        }


def said_by_people(records: list[int]) -> Said:
    """What people have decided about some records, as it stands."""
    return Said(verdicts(records), choices_of(records))


class Plan(NamedTuple):
    """What some neighborhoods become: the changes to be written, worked out without writing."""

    said: Said  # what people had said when it was made; what they said meanwhile is not in it
    records: list[int]
    moved: list[tuple[int, int]]  # (record, union record)
    left: list[int]  # records that belong to no union record any more
    unions: list[Row]  # without their datestamps
    works: list[tuple[int, int]]  # (work, union record) where nothing else has changed
    ended: list[tuple[int, int | None]]  # (union record, its survivor)
    clusters: int


def merge_due(*, progress: Progress = silent) -> StageReport:
    """Make the clusters and union records that are due, a batch of whole neighborhoods in one transaction."""
    counts = {"clusters": 0, "changed": 0, "tombstones": 0}
    with storing():
        due = [number for (number,) in bulk.query(f"SELECT id FROM {bulk.table(Record)} WHERE due = 2 ORDER BY id")]
        batches = list(_batches(neighborhoods(due)))
        done = 0
        for plan in spread(plan_batch, batches, len(batches)):
            carry_out(plan)
            counts["clusters"] += plan.clusters
            counts["changed"] += len(plan.unions)
            counts["tombstones"] += len(plan.ended)
            done += len(plan.records)
            progress("merge", min(done, len(due)), len(due))
        learn_all()
    return StageReport("merge", counts)


def carry_out(plan: Plan) -> None:
    """Store a plan, with the questions that it leaves; records about which people decided meanwhile stay due."""
    with bulk.writing():
        keep_moves(plan.moved, plan.left, timezone.now())
        changed = change_time()
        now, at = writes.stamp(changed), selections.clock(changed)
        writes.store_members(plan.moved, plan.left)
        live = [(*row, now, False, None) for row in plan.unions]
        ended = [(number, "", "", "", b"", 0, 0, NO_WORK, now, True, survivor) for number, survivor in plan.ended]
        writes.store_unions([*live, *ended])
        selections.keep({row[0]: at for row in plan.unions}, {number: at for number, _ in plan.ended})
        writes.store_works(plan.works)
        meanwhile = plan.said.otherwise(said_by_people(plan.records))
        writes.settle([number for number in plan.records if number not in meanwhile])
        ask(plan.records)


def neighborhoods(stale: list[int]) -> list[list[int]]:
    """Groups of records whose clusters depend on each other and on nobody else; each stale record is in one."""
    neighbors: dict[int, list[int]] = defaultdict(list)
    edges = _all_edges() if len(stale) >= WHOLE else _reachable(stale)
    for a, b in edges:
        neighbors[a].append(b)
        neighbors[b].append(a)
    seen: set[int] = set()
    groups = []
    for number in stale:
        if number not in seen:
            seen.add(number)
            group = [number]
            for record in group:
                fresh = {other for other in neighbors.get(record, ()) if other not in seen}
                seen |= fresh
                group += fresh
            groups.append(group)
    return groups


def _all_edges() -> Iterator[tuple[int, int]]:
    """Every pair that is linked, was joined by a person, or was in one cluster."""
    for sql in EDGES:
        yield from bulk.stream(sql)


def _reachable(records: list[int]) -> Iterator[tuple[int, int]]:
    """The same pairs, as far as they can be reached from some records."""
    seen, frontier = set(records), sorted(records)
    while frontier:
        found = [
            pair
            for sql, (one, other) in EDGES.items()
            for end in (one, other)
            for pair in bulk.among(f"{sql} AND {end} IN {{}}", frontier)
        ]
        yield from found
        frontier = sorted({record for pair in found for record in pair} - seen)
        seen.update(frontier)


def _batches(groups: list[list[int]]) -> Iterable[list[int]]:
    batch: list[int] = []
    for group in groups:
        batch += group
        if len(batch) >= BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def plan_batch(records: list[int]) -> Plan:
    """New clusters of some neighborhoods, and what they change in the union catalog. Writes nothing."""
    numbers = sorted(records)
    said = said_by_people(numbers)
    sql = f"SELECT record_id FROM {bulk.table(Bib)} WHERE record_id IN {{}}"
    live = {row[0] for row in bulk.among(sql, numbers)}  # also those of which a newer version waits to be read
    groups = _clusters(sorted(live), said.verdicts)
    before = dict(bulk.among(f'SELECT record_id, "union" FROM {bulk.table(Member)} WHERE record_id IN {{}}', numbers))
    after = {record: founder for founder, members in groups.items() for record in members}
    return Plan(
        said,
        numbers,
        [(record, founder) for record, founder in after.items() if before.get(record) != founder],
        [record for record in before if record not in live],
        *_unions(groups),
        _ended(numbers, before, after, groups),
        len(groups),
    )


def _clusters(live: list[int], said: dict[Pair, tuple[int, str]]) -> dict[int, list[int]]:
    sql = (
        f"SELECT first, second, score, verdict FROM {bulk.table(Link)}"
        " WHERE verdict IN ('SAME', 'FITS') AND first IN {}"
    )
    here = set(live)
    found = [link for link in bulk.among(sql, live) if link[1] in here]
    links = [(first, second, score) for first, second, score, verdict in found if verdict == "SAME"]
    fits = [(first, second, score) for first, second, score, verdict in found if verdict == "FITS"]
    decided = [(pair, verdict) for pair, (_, verdict) in said.items() if here.issuperset(pair)]
    together = [pair for pair, verdict in decided if verdict == "SAME"]
    forbidden = {frozenset(pair) for pair, verdict in decided if verdict == "DIFFERENT"}
    rules = matching_rules()
    known = _Known({record for first, second, _ in fits for record in (first, second)})
    apart = _apart(forbidden, known)
    made = clusters(
        live, links, apart, together, fits, lambda record: known[record].substance, largest=rules.largest_cluster
    )
    return dict(made)


class _Known(dict[int, Traits]):
    """The traits of records, read when they are asked for."""

    def __init__(self, records: Iterable[int]) -> None:
        super().__init__(stored_traits(records))

    def __missing__(self, record: int) -> Traits:
        self.update(stored_traits([record]))
        return self[record]


def _apart(forbidden: set[frozenset[int]], known: _Known) -> Callable[[int, int], str]:
    """What keeps two records out of one cluster: a person's word or a rule."""
    rules = matching_rules()
    found: dict[tuple[int, int], str] = {}

    def apart(x: int, y: int) -> str:
        pair = (x, y) if x < y else (y, x)
        if pair not in found:
            decided = forbidden and frozenset(pair) in forbidden
            found[pair] = "hard" if decided else separation(known[x], known[y], rules)
        return found[pair]

    return apart


def _unions(groups: dict[int, list[int]]) -> tuple[list[Row], list[tuple[int, int]]]:
    """The rows of union records that are new or have changed; (work, number) of those whose work alone is another."""
    present = _present(groups)
    read = _read([record for members in groups.values() for record in members])
    several = _contributions([record for members in groups.values() if len(members) > 1 for record in members])
    rules, chosen = rules_in_force(matching_rules()), choices_of(several)
    rows: list[Row] = []
    works: list[tuple[int, int]] = []
    for founder, members in groups.items():
        choices = in_force(members, chosen) if len(members) > 1 else {}
        if len(members) == 1:
            digest = read[founder].digest
        else:
            stamps = b"".join(several[m].stamp + m.to_bytes(8, "big") for m in members)
            stamps += orjson.dumps(sorted(choices.items())) if choices else b""
            digest = blake2b(stamps, digest_size=16).digest()
        before = present.get(founder)
        if before and before.digest == digest:
            work = work_key(Description.load(before.description or read[founder].description), rules)
            works += [(work, founder)] if work != before.number else []
            continue
        content = ("", "", "")
        if len(members) > 1:
            content = _content(merge([several[record].contribution for record in members], choices))
        copies = sum(read[record].number for record in members)
        work = work_key(Description.load(content[2] or read[founder].description), rules)
        rows.append((founder, *content, digest, len(members), copies, work))
    return rows, works


class _Said(NamedTuple):
    """What a union record has, with its work as number; or what a record has, with its copies as number."""

    digest: bytes
    number: int
    description: str


def _present(groups: Iterable[int]) -> dict[int, _Said]:
    sql = f"SELECT id, digest, work, description FROM {bulk.table(Union)} WHERE NOT deleted AND id IN {{}}"
    return {row[0]: _Said(bytes(row[1]), *row[2:]) for row in bulk.among(sql, sorted(groups))}


def _read(records: list[int]) -> dict[int, _Said]:
    sql = f"SELECT record_id, digest, copies, description FROM {bulk.table(Bib)} WHERE record_id IN {{}}"
    return {row[0]: _Said(bytes(row[1]), *row[2:]) for row in bulk.among(sql, records)}


def _contributions(records: list[int]) -> dict[int, Any]:
    """What each record brings to its union record, with its source's trust."""
    trust = dict(Source.objects.values_list("id", "trust"))
    sql = (
        f"SELECT b.record_id, r.source_id, b.marc, b.digest FROM {bulk.table(Bib)} b"
        f" JOIN {bulk.table(Record)} r ON r.id = b.record_id WHERE b.record_id IN {{}}"
    )
    return {
        number: _Brought(Contribution(number, trust[source], Content.unpack(marc)), bytes(digest))
        for number, source, marc, digest in bulk.among(sql, sorted(records))
    }


class _Brought:
    __slots__ = ("contribution", "stamp")

    def __init__(self, contribution: Contribution, digest: bytes) -> None:
        self.contribution = contribution
        self.stamp = digest + contribution.trust.to_bytes(2, "big")


def _content(merged: Merged) -> tuple[str, str, str]:
    return merged.record.pack(), orjson.dumps(merged.origins).decode(), describe(merged.record).dump()


def _ended(
    numbers: list[int], before: dict[int, int], after: dict[int, int], groups: dict[int, list[int]]
) -> list[tuple[int, int | None]]:
    """Union records that are no more, each with the one where its book is now, if it is anywhere.

    A union record has the number of one of its members, so the ones that may have ended are among ``numbers``.
    """
    sql = f"SELECT id FROM {bulk.table(Union)} WHERE NOT deleted AND id IN {{}}"
    gone = [number for (number,) in bulk.among(sql, numbers) if number not in groups]
    survivors: dict[int, int] = {}
    for record, founder in sorted(before.items()):
        if record in after:
            survivors.setdefault(founder, after[record])
    survivors.update({founder: after[founder] for founder in gone if founder in after})
    return [(number, survivors.get(number)) for number in gone]


def change_time() -> datetime:
    """Now, but always after the last change: the change feed is walked in this order (inside ``writing()``)."""
    last = Union.objects.order_by("-datestamp").values_list("datestamp", flat=True).first()
    now = timezone.now()
    return now if last is None or now > last else last + timedelta(microseconds=1)


def check_copies() -> None:
    """Copies are conserved: what the live records hold is what the union catalog holds, or nothing is published."""
    held = bulk.query(f"SELECT COALESCE(SUM(copies), 0) FROM {bulk.table(Bib)}")[0][0]
    shown = bulk.query(f"SELECT COALESCE(SUM(copies), 0) FROM {bulk.table(Union)} WHERE NOT deleted")[0][0]
    if held != shown:
        raise Trouble("copies_lost", before=held, after=shown)
