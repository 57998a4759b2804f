"""The dry run: a file read as an import would read it, compared with the store, and nothing written anywhere.

Records go through the functions of the real path (split, parse, normalize, describe, keys, compare), a batch at a time,
so a file of any length takes the memory of one batch and of the sample that says its encoding and its damage. As in an
import, that is weighed on the whole file before any record is read. Without a store every sound record is a new one.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b, sha256
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

import orjson

from hub.catalog import bulk, reads
from hub.catalog.full_keys import unpack_keys
from hub.catalog.models import MatchKey, Source
from hub.catalog.models import Record as CatalogRecord
from hub.catalog.removals import PRESENT
from hub.catalog.writes import Reads
from hub.match.compare import compare, traits
from hub.match.description import Description
from hub.match.keys import MAX_BLOCK
from hub.network.models import Library
from hub.sources import SourceConfig, matching_rules
from hub.stages.encoding import UNICODE, Sample, weighed
from hub.stages.match import load_traits
from hub.stages.normalize import manner_of, read
from hub.stages.personal import Personal
from hub.stages.profile import Table, encoding_of, tables_of
from hub.stages.report import Progress, silent
from schemas.advice import Advice, advice
from schemas.problem import Problem
from schemas.record import RawRecord, Record

AT_ONCE = 500
SHOWN = 3  # examples of each kind, and records shown
FLOAT = re.compile(r"\d[.,]\d+E\+?\d{1,2}|97[89]\d{3}0{7}", re.IGNORECASE)  # 9.78604E+12, 9786040000000
Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Example:
    """A record with a problem: where it stood, its identifier, the problem, and what to do about it."""

    place: str
    identifier: str
    problem: Problem
    advice: Advice | None


@dataclass(slots=True)
class Group:
    """Records with one kind of problem, or changed by one rule, with the first examples."""

    count: int = 0
    examples: list[Any] = field(default_factory=list)

    def add(self, example: Any) -> None:
        """One more."""
        self.count += 1
        if len(self.examples) < SHOWN:
            self.examples.append(example)


@dataclass(slots=True)
class Shown:
    """A record as a cataloger reads it."""

    description: Description
    copies: int
    place: str


@dataclass(slots=True)
class Looked:
    """One of the first records of the file, as it would be: ``outcome`` is new, changed, unchanged, deleted, twice or
    rejected.

    ``content`` and ``description`` are those of new and changed ones, ``problem`` and ``advice`` of rejected ones.
    """

    place: str
    identifier: str
    outcome: str
    content: Record | None = None
    description: Description | None = None
    copies: int = 0
    problem: Problem | None = None
    advice: Advice | None = None


@dataclass(slots=True)
class Trial:
    """What an import would do.

    ``counts``: read, new, changed, unchanged, deleted, rejected, twice (a number that came before in the file), aside
    (authority and holdings records); of new and changed together: in_union (a sure match), to_ask, titles (new to the
    union), where ``compared`` says that there is a union to compare with; missing, where the file is everything the
    source has: records that are there and not in it. ``copies`` counts those of new and changed
    records. ``repairs`` are by rule with (tag, before, after); ``removed`` counts the fields taken out before storing;
    ``tables`` are those of the file, with what their columns are taken as.
    """

    compared: bool
    counts: Counter[str] = field(default_factory=Counter)
    copies: int = 0
    problems: dict[str, Group] = field(default_factory=dict)
    remarks: dict[str, Group] = field(default_factory=dict)
    repairs: dict[str, Group] = field(default_factory=dict)
    removed: Counter[str] = field(default_factory=Counter)
    encoding: str = ""
    evidence: dict[str, object] = field(default_factory=dict)
    tables: list[Table] = field(default_factory=list)
    shown: list[Shown] = field(default_factory=list)
    rows: list[Looked] = field(default_factory=list)
    notes: list[Problem] = field(default_factory=list)


def try_import(
    config: SourceConfig, library: Library, *, store: bool, rows: int = 0, progress: Progress = silent
) -> Trial:
    """What importing the files of ``config`` would do; ``store`` says whether there is a store to compare with.

    The first ``rows`` records of the file are given one by one, in their order.
    """
    known = Source.objects.filter(name=config.name).first() if store else None
    attempt = _Attempt(config, library, known, Trial(store), rows)
    attempt.trial.tables = tables_of(config)
    for page in config.connector.pages(config.job({}, full=True)):
        attempt.look(Personal(config).removed(page.records))
        progress("weigh", attempt.looked_at, 0)
    attempt.weigh()
    personal = Personal(config)
    for page in config.connector.pages(config.job({}, full=True)):
        attempt.trial.notes += page.notes
        records = personal.removed(page.records)
        for start in range(0, len(records), AT_ONCE):
            attempt.take(records[start : start + AT_ONCE])
            progress("trial", attempt.trial.counts["read"], 0)
    attempt.trial.removed = personal.taken
    if known and getattr(config.options, "content", "changes") == "full":
        attempt.trial.counts["missing"] = attempt.missing(known)
    return attempt.trial


class _Seen(NamedTuple):
    """A record and what an import would do with it: the number it is known by (0: new), or why it would not be read."""

    raw: RawRecord
    number: int
    otherwise: str = ""  # problem, deleted, unchanged


class _Attempt:
    """One dry run while it goes on: first every record is looked at, then they are taken."""

    def __init__(
        self, config: SourceConfig, library: Library, known: Source | None, trial: Trial, rows: int = 0
    ) -> None:
        settings = {"reading": config.entry.reading.model_dump()}
        self.config = config
        self.source = Source(name=config.name, library=library, format=config.entry.format, settings=settings)
        self.source.evidence = known.evidence if known else {}
        self.manner = manner_of(self.source)
        self.known = known
        self.trial = trial
        self.rows = rows
        self.order: list[int] = []  # of the rows kept of the batch
        self.places: dict[int, int] = {}  # where each record of the batch stands in the file
        self.sample = Sample()
        self.looked_at = 0
        self.last: dict[bytes, int] = {}  # where each identifier comes last: that is the one an import keeps
        self.at = 0

    def look(self, records: Sequence[RawRecord]) -> None:
        """Take a sample of what would be read, and note where each identifier comes last."""
        for seen in self._seen(records):
            self.last[_key(seen.raw)] = self.looked_at
            self.looked_at += 1
            if not seen.otherwise:
                self.sample.add(seen.raw.body)

    def weigh(self) -> None:
        """Let the records say together what encoding they are in and how they are damaged, as those of a source do."""
        reading, form = self.config.job({}).reading, self.manner.format
        if reading.encoding in UNICODE and self.sample.bodies:
            self.source.evidence = weighed(self.source.evidence, self.sample.bodies, form, reading)
            self.manner = manner_of(self.source)
        self.trial.encoding, self.trial.evidence = encoding_of(self.config, self.sample.bodies)

    def take(self, records: Sequence[RawRecord]) -> None:
        """The next records of the file."""
        counts, first = self.trial.counts, len(self.trial.rows)
        counts["read"] += len(records)
        self.places = {id(raw): at for at, raw in enumerate(records)} if first < self.rows else {}
        fresh = list(self._fresh(records))
        found = Reads.none()
        for at, seen in enumerate(fresh):
            read(at, 0, seen.raw.body, self.manner, found)
        for at, _, code, facts in found.problems:
            self._problem(fresh[at].raw, Problem(code, facts))
        counts["aside"] += len(found.asides)
        for row in found.bibs:
            counts["changed" if fresh[row[0]].number else "new"] += 1
            self._look_at(row, fresh[row[0]].raw, "changed" if fresh[row[0]].number else "new")
        self.trial.rows[first:] = self._in_order(self.trial.rows[first:])[: self.rows - first]
        if self.trial.compared:
            self._compare([(row, fresh[row[0]].number) for row in found.bibs])
        else:
            counts["titles"] += len(found.bibs)

    def _seen(self, records: Sequence[RawRecord]) -> Iterator[_Seen]:
        """Each record with what the store knows of it."""
        stored = reads.stored(self.known, [raw.identifier for raw in records]) if self.known else {}
        for raw in records:
            before = stored.get(raw.identifier)
            fingerprint = raw.fingerprint or sha256(raw.body).digest()
            if raw.problem or raw.deleted:
                yield _Seen(raw, 0, "problem" if raw.problem else "deleted")
            elif before and before.fingerprint == fingerprint and before.state not in ("rejected", "deleted"):
                yield _Seen(raw, 0, "unchanged")
            else:
                yield _Seen(raw, before.number if before and before.state != "deleted" else 0)

    def _fresh(self, records: Sequence[RawRecord]) -> Iterator[_Seen]:
        """The records that would be read; the others are counted."""
        counts = self.trial.counts
        for seen in self._seen(records):
            self.at += 1
            if self.last.get(_key(seen.raw), 0) >= self.at:
                counts["twice"] += 1
                self._row(seen.raw, "twice")
            elif seen.raw.problem:
                self._problem(seen.raw, seen.raw.problem)
            elif seen.otherwise:
                counts[seen.otherwise] += 1
                self._row(seen.raw, seen.otherwise)
            else:
                yield seen

    def _problem(self, raw: RawRecord, problem: Problem) -> None:
        self.trial.counts["rejected"] += 1
        group = self.trial.problems.setdefault(problem.code, Group())
        found = None
        if group.count < SHOWN or self.places:
            found = advice(problem.code, problem.facts, raw.body, self.manner.format, self.manner.reading)
        group.add(Example(raw.place, raw.identifier, problem, found))
        self._row(raw, "rejected", problem=problem, advice=found)

    def _row(self, raw: RawRecord, outcome: str, **more: Any) -> None:
        """Keep one of the first records of the file, with where it stands."""
        if self.places:
            self.trial.rows.append(Looked(raw.place, raw.identifier, outcome, **more))
            self.order.append(self.places[id(raw)])

    def _in_order(self, rows: Sequence[Looked]) -> list[Looked]:
        """The rows of a batch as they stand in the file."""
        places, self.order = self.order, []
        return [row for _, row in sorted(zip(places, rows, strict=True), key=itemgetter(0))]

    def missing(self, known: Source) -> int:
        """How many records of the source are there and not in the file."""
        names = CatalogRecord.objects.filter(source=known, state__in=PRESENT).values_list("identifier", flat=True)
        return sum(_name_key(name) not in self.last for name in names.iterator())

    def _look_at(self, row: Row, raw: RawRecord, outcome: str) -> None:
        """Copies, repairs, remarks and the first records of what would be taken."""
        trial = self.trial
        if self.places:
            content, description = Record.unpack(row[1]), Description.load(row[2])
            self._row(raw, outcome, content=content, description=description, copies=row[6])
        trial.copies += row[6]
        for rule, tag, before, after in orjson.loads(row[3]) if row[3] else ():
            trial.repairs.setdefault(rule, Group()).add((tag, before, after))
        if len(trial.shown) < SHOWN:
            trial.shown.append(Shown(Description.load(row[2]), row[6], raw.place))
        for value in Record.unpack(row[1]).values("020", "z") if "020" in row[1] else ():
            if FLOAT.search(value):
                remark = Problem("isbn_float", {"value": value[:40]})
                trial.remarks.setdefault(remark.code, Group()).add(Example(raw.place, raw.identifier, remark, None))

    def _compare(self, rows: Sequence[tuple[Row, int]]) -> None:
        """How many of these books the union has for sure, perhaps, or not at all."""
        rules = matching_rules()
        keys = {at: unpack_keys(row[5]) for at, (row, _) in enumerate(rows)}
        blocks = _blocks({key for found in keys.values() for key in found})
        near = {at: {n for key in found for n in blocks.get(key, ())} - {rows[at][1]} for at, found in keys.items()}
        others = load_traits({number for found in near.values() for number in found})
        for at, (row, _) in enumerate(rows):
            own = traits(Description.load(row[2]), rules)
            verdicts = {compare(own, others[number], rules).status for number in near[at] if number in others}
            outcome = "in_union" if "SAME" in verdicts else "to_ask" if {"ASK", "FITS"} & verdicts else "titles"
            self.trial.counts[outcome] += 1


def _key(raw: RawRecord) -> bytes:
    return _name_key(raw.identifier)


def _name_key(identifier: str) -> bytes:
    return blake2b(identifier.encode("utf-8", "replace"), digest_size=8).digest()


def _blocks(keys: Iterable[int]) -> dict[int, list[int]]:
    """The records of the store by blocking key, without the keys that too many share."""
    sql = f"SELECT key, record_id FROM {bulk.table(MatchKey)} WHERE key IN {{}}"
    rows = sorted(bulk.among(sql, sorted(keys)))
    blocks = {key: [number for _, number in group] for key, group in groupby(rows, key=itemgetter(0))}
    return {key: numbers for key, numbers in blocks.items() if len(numbers) < MAX_BLOCK}
