"""The sweep: every identifier a source lists, compared with what is stored.

It finds what increments cannot show: changes whose datestamps lie in the past, records that came late, deletions that
nobody announced. Single records that differ are asked for; a list that is short removes nothing.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from connectors.connector import Header, Sweeping
from hub.catalog import arrivals, bulk, removals
from hub.catalog.models import Record, Rejection, Run, Source
from hub.sources import SourceConfig
from hub.stages.missing import ASKED, compared, find_missing
from hub.stages.personal import Personal
from hub.stages.report import Progress, silent
from schemas.problem import Problem, Trouble
from schemas.record import RawRecord


def sweeping_of(config: SourceConfig) -> Sweeping:
    """How the source is swept; a :class:`Trouble` when its protocol cannot."""
    if config.connector.sweeping is None:
        raise Trouble("sweep_unsupported", source=config.name, connector=config.entry.connector)
    return config.connector.sweeping


def sweep_due(config: SourceConfig, source: Source, now: datetime) -> bool:
    """Whether the source's last sweep is long enough ago. One that comes from the future is of a wrong clock."""
    sweeping = config.connector.sweeping
    if sweeping is None:
        return False
    if source.swept_at is None:
        return True
    return not timedelta() <= now - source.swept_at < sweeping.every(config.job(source.checkpoint))


NOT_NOW = ("http_busy", "run_limit")  # troubles after which the server is not asked anything more


@dataclass(slots=True)
class _Difference:
    """What a list of identifiers says that the store does not."""

    seen: array[int] = field(default_factory=lambda: array("q"))
    wanted: list[Header] = field(default_factory=list)
    refused: list[Header] = field(default_factory=list)  # in quarantine as they arrived: perhaps mended since
    deleted: list[RawRecord] = field(default_factory=list)
    complete: bool = False
    notes: list[Problem] = field(default_factory=list)


def compare(config: SourceConfig, run: Run, fence: int, progress: Progress = silent) -> tuple[list[Problem], bool]:
    """Compare and bring up to date; returns what to note, and whether so much differs that a full list is better.

    Where more is missing than the guard allows, too, the list of records decides before a person is asked.
    """
    sweeping, source = sweeping_of(config), run.source
    difference = _Difference()
    for page in sweeping.headers(config.job(source.checkpoint)):
        _look(source, page.headers, difference)
        difference.notes += page.notes
        difference.complete = page.complete
        progress("sweep", len(difference.seen), 0)
    removals.shown(run, fence, difference.seen)
    if difference.deleted:
        arrivals.store_page(run, fence, difference.deleted, source.checkpoint)
    if len(difference.wanted) > ASKED:
        return difference.notes, True
    _fetch(config, sweeping, run, fence, difference)
    if not difference.complete:
        return [*difference.notes, Problem("sweep_short")], False
    missing = len(find_missing(source, difference.seen))
    if difference.seen and not config.guard.allows(missing, removals.present(source)):  # half a list
        return [*difference.notes, Problem("sweep_many_missing", {"count": str(missing)})], True
    return difference.notes + compared(config, run, fence, difference.seen), False


def _look(source: Source, headers: Sequence[Header], difference: _Difference) -> None:
    """Compare a page of headers with the store."""
    rows = bulk.among(
        "SELECT r.identifier, r.id, r.state, r.datestamp, j.arrived"
        f" FROM {bulk.table(Record)} r LEFT JOIN {bulk.table(Rejection)} j ON j.record_id = r.id"
        " WHERE r.source_id = %s AND r.identifier IN {}",
        [header.identifier for header in headers],
        [source.pk],
    )
    known = {row[0]: row[1:] for row in rows}
    for header in headers:
        number, state, datestamp, refused = known.get(header.identifier, (0, "", "", False))
        if number and not header.deleted:
            difference.seen.append(number)
        if header.deleted:
            if state not in ("", "deleted"):
                stone = RawRecord(header.identifier, b"", "sweep", header.datestamp, deleted=True)
                difference.deleted.append(stone)
        elif state in ("", "deleted") or datestamp != header.datestamp:
            difference.wanted.append(header)
        elif refused:
            difference.refused.append(header)


def _asked_for(
    config: SourceConfig, sweeping: Sweeping, source: Source, headers: Sequence[Header]
) -> list[tuple[str, RawRecord | None]]:
    """What the source gives of single records."""
    return list(sweeping.get(config.job(source.checkpoint), [header.identifier for header in headers]))


def _fetch(config: SourceConfig, sweeping: Sweeping, run: Run, fence: int, difference: _Difference) -> None:
    """Ask for the records that are unknown or differ; how late they were shown widens the overlap of increments."""
    source = run.source
    asked = [*difference.wanted, *difference.refused[: ASKED - len(difference.wanted)]]
    found = _asked_for(config, sweeping, source, difference.wanted)
    try:
        found += _asked_for(config, sweeping, source, asked[len(difference.wanted) :])
    except Trouble as trouble:  # they were looked at only for a chance mend
        if trouble.problem.code in NOT_NOW:
            raise
    if len(found) < len(asked):
        difference.notes.append(Problem("sweep_not_given", {"count": str(len(asked) - len(found))}))
    records = Personal(config).removed(raw for _, raw in found if raw is not None)
    checkpoint = sweeping.widened(source.checkpoint, [raw.datestamp for raw in records])
    for start in range(0, len(records), 100):
        stored = arrivals.store_page(run, fence, records[start : start + 100], checkpoint, asked=True)
        difference.seen.extend(stored.numbers)
    source.refresh_from_db(fields=["checkpoint"])
