"""What a library's page says of its records: faults in words, the score and its parts, its way through the days."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from hub.catalog import waits
from hub.catalog.models import Quality, Record, Rejection
from hub.network.models import Library
from hub.normalize.quality import WEIGHTS
from hub.partners import pages, words
from hub.stages import quality
from hub.stages.quarantine import suggest
from schemas.problem import Problem

AT_ONCE = 2_000  # records that are assessed while somebody waits for the page
WIDTH, HEIGHT = 320, 80  # of the trend


@dataclass(frozen=True, slots=True)
class FaultRow:
    """A fault of this library's records, in words."""

    code: str
    count: int
    name: Any
    mend: Any


def assessment(library: Library) -> Quality | None:
    """The newest assessment; a small library is assessed at once where something has changed."""
    few = Record.objects.filter(source__library=library)[: AT_ONCE + 1].count() <= AT_ONCE
    if few and quality.is_due(library) and Record.objects.filter(source__library=library).exists():
        return quality.assess(library)
    return quality.newest(library)


def faults(found: Quality | None) -> list[FaultRow]:
    known = found.faults if found else {}
    rows = [FaultRow(c, n, *words.FAULTS[c]) for c, (n, _numbers) in known.items() if c in words.FAULTS]
    return sorted(rows, key=lambda row: -row.count)


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the formula: its weight, how many records have it, and the points that makes."""

    name: Any
    weight: int
    having: int
    share: float
    points: float


def parts(found: Quality | None) -> list[Part]:
    if found is None or not found.records:
        return []
    rows = ((name, weight, found.parts.get(name, 0)) for name, weight in WEIGHTS.items())
    of = found.records
    return [Part(words.PARTS[n], w, had, round(100 * had / of, 1), round(w * had / of, 1)) for n, w, had in rows]


def trend(days: list[Quality]) -> dict[str, Any]:
    """The points of a line, left to right in the time, 0 to 100 from below."""
    if len(days) < 2:
        return {}
    first, last = days[0].day.toordinal(), days[-1].day.toordinal()
    span = max(last - first, 1)
    points = [
        (round(4 + (WIDTH - 8) * (one.day.toordinal() - first) / span, 1), round(HEIGHT - one.score / 100 * HEIGHT, 1))
        for one in days
    ]
    return {
        "points": " ".join(f"{x},{y}" for x, y in points),
        "end": points[-1],
        "days": days,
        "change": round(days[-1].score - days[0].score, 1),
    }


@dataclass(frozen=True, slots=True)
class RejectedKind:
    """Records that cannot be read, of one kind: in words, and how to mend it."""

    code: str
    count: int
    sentence: str
    mend: str


def rejected(library: Library) -> list[RejectedKind]:
    counts: dict[str, list[Any]] = {}
    for name in library.sources.values_list("name", flat=True):
        for kind in waits.kinds(name):
            row = counts.setdefault(kind.code, [0, kind])
            row[0] += kind.count
    return [_kind(code, count, kind) for code, (count, kind) in sorted(counts.items(), key=lambda row: -row[1][0])]


def _kind(code: str, count: int, kind: waits.Kind) -> RejectedKind:
    example = Rejection.objects.filter(record__source__name=kind.source, code=code)
    first = example.select_related("record__source__library").first()
    mend = pages.mend(suggest(first).advice) if first else ""
    return RejectedKind(code, count, pages.problem_sentence(Problem(code, kind.facts)), mend)
