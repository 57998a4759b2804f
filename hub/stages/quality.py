"""How good the records of a library are: assessed from what is read, kept once a day for the trend."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from django.db.models import Max
from django.utils import timezone

from hub.catalog import bulk
from hub.catalog.models import Bib, Correction, Member, Quality, Record, Run, Source
from hub.catalog.sizes import of_library
from hub.network.models import Library
from hub.normalize.quality import PART_OF, WEIGHTS, faults, score
from hub.stages.cleaning import duplicate_groups
from hub.stages.report import storing
from schemas.record import Record as Content

EXAMPLES = 100  # record numbers kept of each fault
COUNTED = ("live", "pending", "rejected")


class Faulty(NamedTuple):
    """A record with something to mend."""

    number: int
    source: str
    identifier: str
    title: str
    value: str


def assess(library: Library) -> Quality:
    """Look at every record of a library and keep what was found, in place of an earlier assessment of today."""
    with storing():
        having: Counter[str] = Counter()
        found: dict[str, list[int]] = {}
        counts: Counter[str] = Counter()
        held = 0
        for one in _records(library):
            held += one.copies
            had = faults(one.content, one.copies)
            having.update(set(WEIGHTS) - {PART_OF[fault.code] for fault in had})
            for fault in had:
                counts[fault.code] += 1
                if counts[fault.code] <= EXAMPLES:
                    found.setdefault(fault.code, []).append(one.number)
        present = Record.objects.filter(source__library=library, state__in=COUNTED).count()
        values = {
            "at": timezone.now(),
            "records": present,
            "united": Member.objects.filter(record__source__library=library).count(),
            "duplicates": duplicate_groups(library.pk, most=0)[0],
            "copies": held,
            "score": score(having, present),
            "parts": {part: having[part] for part in WEIGHTS},
            "faults": {code: [count, found[code]] for code, count in counts.most_common()},
        }
        made, _ = Quality.objects.update_or_create(library=library, day=timezone.localdate(), defaults=values)
    return made


def assess_due() -> int:
    """Assess the libraries whose records have changed since, and each once a day; how many."""
    due = [library for library in Library.objects.filter(sources__isnull=False).distinct() if is_due(library)]
    for library in due:
        assess(library)
    return len(due)


def is_due(library: Library) -> bool:
    """Whether the last assessment of a library is of another day, or older than its last run or correction."""
    last = newest(library)
    if last is None or last.day != timezone.localdate():
        return True
    ran = Run.objects.filter(source__library=library).aggregate(at=Max("finished_at"))["at"]
    corrected = of_library(Correction.objects.all(), library).aggregate(at=Max("at"), un=Max("undone_at"))
    return any(moment and moment > last.at for moment in (ran, *corrected.values()))


def newest(library: Library) -> Quality | None:
    """The last assessment of a library."""
    return Quality.objects.filter(library=library).order_by("-day").first()


def trend(library: Library, days: int = 90) -> list[Quality]:
    """The assessments of a library, a day each, the oldest first."""
    return list(Quality.objects.filter(library=library).order_by("-day")[:days])[::-1]


def faulty(library: Library, code: str, numbers: list[int] | None = None) -> Iterator[Faulty]:
    """The records of a library with a fault: among some numbers, or all."""
    for one in _records(library, numbers):
        for fault in faults(one.content, one.copies):
            if fault.code == code:
                name = one.content.control("001") or one.identifier
                yield Faulty(one.number, one.source, name, one.content.first("245", "a"), fault.value)


class _Own(NamedTuple):
    """A record that a library has in the catalog."""

    number: int
    content: Content
    copies: int
    source: str
    identifier: str


def _records(library: Library, numbers: list[int] | None = None) -> Iterator[_Own]:
    """What a library has in the catalog: some of its records, or all."""
    sources = dict(Source.objects.filter(library=library).values_list("pk", "name"))
    if not sources:
        return
    listed = ", ".join(f"{source:d}" for source in sources)
    sql = (
        f"SELECT b.record_id, b.marc, b.copies, r.source_id, r.identifier FROM {bulk.table(Bib)} b"
        f" JOIN {bulk.table(Record)} r ON r.id = b.record_id WHERE r.source_id IN ({listed})"
    )
    if numbers is None:
        rows = bulk.stream(sql + " ORDER BY b.record_id")
    else:
        rows = bulk.among(sql + " AND b.record_id IN {}", numbers)
    for number, marc, copies, source, identifier in rows:
        yield _Own(number, Content.unpack(marc), copies, sources[source], identifier)
