"""The first records of a source as they would look in the catalog, faults in place; nothing is written anywhere.

They go through the functions of the real path (fetched, personal data out, read, normalized, described). How their
bytes are to be read is weighed on them alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any

import orjson

from connectors.errand import errand
from hub.catalog.models import Source
from hub.catalog.writes import Reads
from hub.match.description import Description
from hub.network.models import Library
from hub.sources import SourceConfig
from hub.stages.encoding import UNICODE, Sample, weighed
from hub.stages.normalize import manner_of, read
from hub.stages.personal import Personal
from hub.stages.profile import encoding_of
from schemas.advice import Advice, advice
from schemas.problem import Problem
from schemas.record import RawRecord

MOST = 20


@dataclass(frozen=True, slots=True)
class Sampled:
    """One record: as a cataloger would read it, or why it cannot be read and what to do; what was mended."""

    place: str
    identifier: str
    description: Description | None = None
    copies: int = 0
    problem: Problem | None = None
    advice: Advice | None = None
    deleted: bool = False
    aside: bool = False
    repairs: tuple[tuple[str, str, str, str], ...] = ()  # (rule, tag, before, after)


@dataclass(slots=True)
class Look:
    """The first records, the encoding they speak for, the personal data taken out, what the connector noted."""

    records: list[Sampled] = field(default_factory=list)
    encoding: str = ""
    evidence: dict[str, Any] = field(default_factory=dict)
    removed: dict[str, int] = field(default_factory=dict)
    notes: list[Problem] = field(default_factory=list)
    announced: int | None = None

    @property
    def bad(self) -> int:
        """How many cannot be read."""
        return sum(one.problem is not None for one in self.records)


def look(config: SourceConfig, library: Library, most: int = MOST) -> Look:
    """Fetch and read the first records of a source; :class:`schemas.problem.Trouble` as a harvest has it."""
    found = Look()
    personal = Personal(config)
    with errand(config.options):
        raws = personal.removed(_first(config, found, most))
    found.removed = dict(personal.taken)
    bodies = [raw.body for raw in raws if not raw.problem and not raw.deleted]
    settings = {"reading": config.entry.reading.model_dump()}
    source = Source(name=config.name, library=library, format=config.entry.format, settings=settings)
    manner = manner_of(source)
    sample = Sample()
    for body in bodies:
        sample.add(body)
    if manner.reading.encoding in UNICODE and sample.bodies:
        source.evidence = weighed({}, sample.bodies, manner.format, config.job({}).reading)
        manner = manner_of(source)
    found.encoding, found.evidence = (
        encoding_of(config, sample.bodies) if config.entry.connector == "files" else ("", {})
    )
    reads = Reads.none()
    for at, raw in enumerate(raws):
        if not raw.problem and not raw.deleted:
            read(at, 0, raw.body, manner, reads)
    found.records = list(_shown(raws, reads, manner))
    return found


def _first(config: SourceConfig, found: Look, most: int) -> list[RawRecord]:
    records: list[RawRecord] = []
    with closing(config.connector.pages(config.job({}, full=True))) as pages:  # type: ignore[type-var]
        for page in pages:
            records += page.records
            found.notes += page.notes
            found.announced = page.announced if page.announced is not None else found.announced
            if len(records) >= most:
                break
    return records[:most]


def _shown(raws: list[RawRecord], reads: Reads, manner: Any) -> Iterator[Sampled]:
    bibs = {row[0]: row for row in reads.bibs}
    problems = {row[0]: Problem(row[2], row[3]) for row in reads.problems}
    asides = {row[0] for row in reads.asides}
    for at, raw in enumerate(raws):
        problem = raw.problem or problems.get(at)
        if problem:
            found = advice(problem.code, problem.facts, raw.body, manner.format, manner.reading)
            yield Sampled(raw.place, raw.identifier, problem=problem, advice=found)
        elif raw.deleted or at in asides:
            yield Sampled(raw.place, raw.identifier, deleted=raw.deleted, aside=at in asides)
        else:
            row = bibs[at]
            repairs = tuple((rule, tag, old, new) for rule, tag, old, new in (orjson.loads(row[3]) if row[3] else ()))
            yield Sampled(raw.place, raw.identifier, Description.load(row[2]), row[6], repairs=repairs)
