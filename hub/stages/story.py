"""The history of a union record: when its records came and changed, which joined and left, and what people decided.

It is told from what is kept: every version of every record as received, the moves between union records, decisions.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from hub.catalog.models import Move, RawRecord, Record, Run, Source, Union
from hub.normalize.normalize import normalize
from hub.stages.normalize import Manner, manner_of
from hub.stages.quarantine import unpacked
from schemas.damage import parse_mended
from schemas.problem import Trouble
from schemas.record import Record as Content

MOST_RECORDS = 30  # whose versions are read
MOST_VERSIONS = 6  # of each, the newest


@dataclass(frozen=True, slots=True)
class Version:
    """A version of a record as received; ``content`` is empty where it says that the record is gone or unreadable."""

    record: int
    at: datetime
    run: int
    deleted: bool
    content: Content | None
    before: Content | None  # what the version before it said
    first: bool


@dataclass(frozen=True, slots=True)
class Moved:
    """A record joined this union record (``joined``) or left it; ``other`` is the one it came from or went to."""

    record: int
    at: datetime
    joined: bool
    other: int | None


@dataclass(frozen=True, slots=True)
class Merged:
    """A union record that became part of this one."""

    union: int
    at: datetime


def versions(records: Iterable[int]) -> list[Version]:
    """The versions of some records with what each says, the oldest first."""
    numbers = sorted(records)[:MOST_RECORDS]
    rows = list(RawRecord.objects.filter(record__in=numbers).order_by("id"))
    began = dict(Run.objects.filter(pk__in={row.run_id for row in rows}).values_list("pk", "started_at"))
    manners = _manners(numbers)
    grouped: defaultdict[int, list[RawRecord]] = defaultdict(list)
    for row in rows:
        grouped[row.record_id].append(row)
    found = []
    for record, mine in grouped.items():
        before: Content | None = None
        for place, row in enumerate(mine):
            if len(mine) - place > MOST_VERSIONS and place:
                continue
            content = None if row.deleted else _read(row, manners[record])
            found.append(Version(record, began[row.run_id], row.run_id, row.deleted, content, before, place == 0))
            before = content or before
    return sorted(found, key=lambda one: (one.at, one.record))


def _manners(records: list[int]) -> dict[int, Manner]:
    owners = dict(Record.objects.filter(pk__in=records).values_list("pk", "source_id"))
    sources = {
        source.pk: manner_of(source)
        for source in Source.objects.select_related("library").filter(pk__in=set(owners.values()))
    }
    return {record: sources[source] for record, source in owners.items()}


def _read(row: RawRecord, manner: Manner) -> Content | None:
    """What a version says, in normalized form; nothing where it cannot be read."""
    try:
        parsed, _ = parse_mended(manner.format, unpacked(row), manner.reading)
        return normalize(parsed, manner.vocabulary).record
    except Trouble:
        return None
    except Exception:  # a record must not stop a page, whatever it holds
        return None


def moves(union: int) -> list[Moved]:
    """Which records joined and left a union record, the oldest first."""
    rows = Move.objects.filter(Q(before=union) | Q(after=union)).order_by("id")
    return [
        Moved(row.record_id, row.at, row.after == union, row.before if row.after == union else row.after)
        for row in rows
    ]


def merged(union: int) -> list[Merged]:
    """The union records that became part of this one."""
    rows = Union.objects.filter(deleted=True, survivor=union).order_by("datestamp")
    return [Merged(row.pk, row.datestamp) for row in rows]
