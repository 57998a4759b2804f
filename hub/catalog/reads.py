"""What is read of the catalog's tables: for the pages, for search, and for what goes out. Nothing here writes."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any, NamedTuple

import orjson
from django.db import connection
from django.db.models import Count, Exists, Max, OuterRef, QuerySet, Subquery, Sum
from django.utils import timezone

from hub.catalog import bulk
from hub.catalog.models import Bib, Hold, Holding, Member, RawRecord, Record, Rejection, Run, Source, Union
from hub.catalog.moves import merged_into
from hub.catalog.sizes import kept, of_sources
from hub.catalog.waits import NOBODY, Waiting, waiting_by_source
from hub.match.description import Description
from hub.match.work import place
from hub.merge.merge import publish
from hub.network.models import Library
from schemas import record as marc

SETTLED = timedelta(minutes=1)
EDITIONS = 200  # of one work that are looked at
UID = re.compile(r"LT-(\d{7,18})")


def union_uid(number: int) -> str:
    """The public name of a union record: ``LT-0000123``."""
    return f"LT-{number:07d}"


def union_number(uid: str) -> int | None:
    """The number of :func:`union_uid`, or ``None`` when the text is no such name."""
    found = UID.fullmatch(uid)
    number = int(found[1]) if found else 0
    return number if found and union_uid(number) == uid and number < 2**63 else None


@dataclass(frozen=True, slots=True)
class Contributor:
    """A record of a source that a union record is made of."""

    number: int
    identifier: str
    source: str
    library: str
    library_name: str


@dataclass(frozen=True, slots=True)
class UnionContent:
    """A union record with everything a page or an export asks of it.

    ``origins`` has for each field of ``record`` the numbers of the members that say it. A tombstone has an empty
    record and no members.
    """

    id: int
    uid: str
    record: marc.Record
    description: Description
    origins: list[list[int]]
    members: list[Contributor]
    datestamp: datetime
    deleted: bool = False
    survivor: int | None = None
    former: tuple[str, ...] = ()  # names of union records that were merged into this one

    @property
    def libraries(self) -> list[str]:
        """The codes of the libraries whose records these are."""
        return sorted({member.library for member in self.members})

    def published(self) -> marc.Record:
        """The MARC 21 record as it goes out, with its own 001, 003, 005 and an 035 for each member."""
        stamp = self.datestamp.astimezone(UTC).strftime("%Y%m%d%H%M%S.0")
        members = [(member.library, member.identifier) for member in self.members]
        return publish(self.record, self.uid, stamp, members, self.former)


def union_content(union_id: int) -> UnionContent | None:
    """The union record of this number, live or tombstone."""
    return next(iter(union_contents(Union.objects.filter(id=union_id))), None)


def union_contents(unions: Iterable[Union]) -> list[UnionContent]:
    """The contents of union records, in the order given, with two queries for all of them."""
    unions = list(unions)
    members = contributors([union.id for union in unions if not union.deleted])
    alone = {union.id: members[union.id][0].number for union in unions if not union.marc and members[union.id]}
    bibs = {bib.pk: bib for bib in Bib.objects.filter(pk__in=alone.values()).only("marc", "description")}
    former = merged_into(union.id for union in unions if not union.deleted)
    return [
        _content(union, members[union.id], bibs.get(alone.get(union.id, 0)), former.get(union.id, ()))
        for union in unions
    ]


def _content(union: Union, members: list[Contributor], bib: Bib | None, former: Sequence[int]) -> UnionContent:
    packed, described = (bib.marc, bib.description) if bib else (union.marc, union.description)
    record = marc.Record.unpack(packed) if packed else marc.Record(marc.BLANK_LEADER, ())
    origins = (
        orjson.loads(union.origins) if union.origins and not bib else [[bib.pk] if bib else []] * len(record.fields)
    )
    return UnionContent(
        union.id,
        union_uid(union.id),
        record,
        Description.load(described) if described else Description(),
        [[*numbers] for numbers in origins],
        members,
        union.datestamp,
        union.deleted,
        union.survivor,
        tuple(map(union_uid, former)),
    )


def survivor(union_id: int) -> int | None:
    """The live union record at the end of a chain of tombstones: itself where it is live."""
    number: int | None = union_id
    for _ in range(50):
        union = Union.objects.filter(id=number).first() if number else None
        if union is None or not union.deleted:
            return union.id if union else None
        number = union.survivor
    return None


def contributors(union_ids: Sequence[int]) -> defaultdict[int, list[Contributor]]:
    """The members of each union record, the oldest first."""
    found: defaultdict[int, list[Contributor]] = defaultdict(list)
    rows = Member.objects.filter(union__in=union_ids).order_by("record_id")
    for row in rows.values_list(
        "union",
        "record_id",
        "record__identifier",
        "record__source__name",
        "record__source__library_id",
        "record__source__library__name_vi",
    ):
        found[row[0]].append(Contributor(*row[1:]))
    return found


def descriptions(union_ids: Sequence[int]) -> dict[int, Description]:
    """The descriptions of live union records, for lists of results."""
    found = Union.objects.filter(id__in=union_ids, deleted=False).values_list("id", "description")
    texts = {number: text for number, text in found if text}
    alone = [number for number, text in found if not text]
    texts |= dict(Member.objects.filter(union__in=alone).values_list("union", "record__bib__description"))
    return {number: Description.load(text) for number, text in texts.items() if text}


def other_editions(union_id: int) -> list[tuple[int, Description]]:
    """(number, description) of the other union records of the same work, by volume and year; at most EDITIONS."""
    work = Union.objects.filter(id=union_id, deleted=False).values_list("work", flat=True).first()
    if not work:
        return []
    others = Union.objects.filter(work=work, deleted=False).exclude(id=union_id).order_by("id")
    found = descriptions(list(others.values_list("id", flat=True)[:EDITIONS]))
    return sorted(found.items(), key=lambda row: (place(row[1]), row[0]))


@dataclass(slots=True)
class Availability:
    """Copies of a union record and the libraries that have it; one that is not to be named is ""."""

    copies: int = 0
    libraries: list[str] = field(default_factory=list)


def availability(union_ids: Sequence[int], unseen: Collection[str] = ()) -> dict[int, Availability]:
    """Who has each union record: libraries by name; a library whose record says nothing of copies counts too.

    Those whose codes are ``unseen`` come last, without their names.
    """
    found = {number: Availability() for number in union_ids}
    for number, members in contributors(union_ids).items():
        named = sorted({member.library_name for member in members if member.library not in unseen})
        found[number].libraries = named + [""] * len({m.library for m in members if m.library in unseen})
    rows = Member.objects.filter(union__in=union_ids).values("union").annotate(copies=Sum("record__holding__copies"))
    for row in rows:
        found[row["union"]].copies = row["copies"] or 0
    return found


def holdings(union_id: int) -> QuerySet[Holding]:
    """The copies of a union record, by library."""
    owned = Holding.objects.filter(record__member__union=union_id).select_related("library")
    return owned.order_by("library__name_vi", "location", "call_number", "id")


# What goes out.


def earliest() -> datetime | None:
    """The oldest datestamp of the union catalog."""
    return Union.objects.order_by("datestamp").values_list("datestamp", flat=True).first()


# The state of the network.


@dataclass(frozen=True, slots=True)
class Totals:
    """What the front page says of the union catalog; ``updated`` is when a record last changed."""

    titles: int
    copies: int
    libraries: int
    updated: datetime | None


def totals() -> Totals:
    """Titles, copies and libraries of the union catalog; counted once for each change that has settled."""
    updated = Union.objects.aggregate(updated=Max("datestamp"))["updated"]
    if updated is None or timezone.now() - updated < SETTLED:
        return _count(updated)
    return _counted(str(connection.settings_dict["NAME"]), updated)


@lru_cache(maxsize=4)
def _counted(database: str, updated: datetime) -> Totals:
    return _count(updated)


def _count(updated: datetime | None) -> Totals:
    live = Union.objects.filter(deleted=False).aggregate(titles=Count("id"), copies=Sum("copies"))
    return Totals(live["titles"], live["copies"] or 0, contributing_libraries().count(), updated)


def contributing_libraries() -> QuerySet[Library]:
    """The libraries that send records, by name."""
    return Library.objects.filter(sources__isnull=False).distinct().order_by("name_vi")


@dataclass(frozen=True, slots=True)
class SourceState:
    """A source with its last run and its last success; ``records`` counts its records by state where asked for.

    ``waiting`` is its quarantine, ``holds`` are the changes that wait for a person's decision.
    """

    source: Source
    last: Run | None
    success: Run | None
    records: dict[str, int]
    waiting: Waiting = NOBODY
    holds: tuple[Hold, ...] = ()


def sources(*, name: str = "", library: str = "") -> list[SourceState]:
    """Every source, by the name of its library; those of one name or one library with their records counted."""
    chosen = {key: value for key, value in (("name", name), ("library", library)) if value}
    every = (
        Source.objects.filter(**chosen)
        .select_related("library")
        .annotate(last=_newest_run(), success=_newest_run(status=Run.Status.SUCCEEDED))
    )
    ordered = list(every.order_by("library__name_vi", "name"))
    wanted = {number for source in ordered for number in (source.last, source.success) if number}
    runs = Run.objects.in_bulk(wanted)
    counts = _kept_counts(ordered, runs) if chosen else {}
    waiting = waiting_by_source([source.pk for source in ordered] if chosen else ())
    held = list(Hold.objects.filter(verdict=Hold.Verdict.OPEN).order_by("id"))
    return [
        SourceState(
            source=source,
            last=runs.get(source.last),
            success=runs.get(source.success),
            records=counts.get(source.pk, {}),
            waiting=waiting.get(source.pk, NOBODY),
            holds=tuple(hold for hold in held if hold.source_id == source.pk),
        )
        for source in ordered
    ]


def _newest_run(**conditions: Any) -> Subquery:
    return Subquery(Run.objects.filter(source=OuterRef("pk"), **conditions).order_by("-id").values("id")[:1])


def _kept_counts(sources: Sequence[Any], runs: dict[int, Run]) -> dict[int, dict[str, int]]:
    ran = tuple((source.pk, source.last, getattr(runs.get(source.last), "finished_at", None)) for source in sources)

    def size(counts: dict[int, dict[str, int]]) -> int:
        return sum(sum(states.values()) for states in counts.values())

    return kept(("records", ran), lambda: _record_counts(sources), size)


def _record_counts(sources: Sequence[Source]) -> dict[int, dict[str, int]]:
    """The number of records by source and state."""
    counts: defaultdict[int, dict[str, int]] = defaultdict(dict)
    records = Record.objects.filter(source__in=sources)
    for row in records.order_by().values("source_id", "state").annotate(n=Count("id")):
        counts[row["source_id"]][row["state"]] = row["n"]
    return counts


def source_records(source: Source, *, run: Run | None = None, state: str = "") -> QuerySet[Record]:
    """A source's records by identifier: all, those in one state, or those whose present version came with one run."""
    records = Record.objects.filter(source=source).select_related("member").order_by("identifier")
    if state:
        records = records.filter(state=state)
    if run:
        records = records.filter(Exists(RawRecord.objects.filter(id=OuterRef("raw"), run=run)))
    return records


def rejections(source: Source, *, run: Run | None = None, code: str = "") -> QuerySet[Rejection]:
    """A source's quarantine, the newest first; of one run or one kind of problem where asked."""
    rejected = of_sources(Rejection.objects.all(), [source.pk]).select_related("record").order_by("-raw")
    if run:
        rejected = rejected.filter(Exists(RawRecord.objects.filter(id=OuterRef("raw"), run=run)))
    return rejected.filter(code=code) if code else rejected


def raw_versions(numbers: Iterable[int]) -> dict[int, RawRecord]:
    """Raw records by their number."""
    return RawRecord.objects.in_bulk(list(numbers))


class Stored(NamedTuple):
    """A record as the store has it: its number, the fingerprint of what the source sent, the state of that version."""

    number: int
    fingerprint: bytes
    state: str


def stored(source: Source, identifiers: Iterable[str]) -> dict[str, Stored]:
    """The records of a source by identifier."""
    sql = (
        "SELECT r.identifier, r.id, r.fingerprint, CASE WHEN j.raw = r.raw THEN 'rejected' ELSE r.state END"
        f" FROM {bulk.table(Record)} r LEFT JOIN {bulk.table(Rejection)} j ON j.record_id = r.id"
        " WHERE r.source_id = %s AND r.identifier IN {}"
    )
    rows = bulk.among(sql, identifiers, [source.pk])
    return {row[0]: Stored(row[1], bytes(row[2]), row[3]) for row in rows}
