"""The survey of the union catalog: its books and their copies by area, and what follows from them, kept."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from statistics import fmean
from typing import Any

import orjson
from django.db import transaction
from django.utils import timezone

from hub.accounts import audit
from hub.catalog import bulk
from hub.catalog.models import Bib, Holding, Listed, Member, Selection, Union
from hub.match.description import Description
from hub.network.geography import Position, positions
from hub.network.models import Library
from hub.network.shown import hidden
from hub.normalize.holdings import NO_HOLDINGS
from hub.reports.gaps import Book, Found, find
from hub.reports.models import Survey

LARGE = 60_000  # union records that a page does not wait for
KEPT = 60
BATCH = 5_000  # union records read at a time
TEXTBOOKS = ("SGK", "SNV")  # what schools begin the numbers and places of textbooks and teachers' books with


def make(by: str) -> Survey:
    """Look at every union record as it is now, and keep what was found."""
    found = survey()
    body = found.dump()
    digest = hashlib.sha256(orjson.dumps(body)).hexdigest()
    with transaction.atomic():
        kept = Survey.objects.create(
            made_at=timezone.now(), made_by=by, titles=found.looked_at, digest=digest, body=body
        )
        old = Survey.objects.order_by("-made_at", "-pk").values_list("pk", flat=True)[KEPT:]
        Survey.objects.filter(pk__in=list(old)).delete()
        audit.record(by, "gaps.surveyed", str(kept.pk), titles=found.looked_at, digest=digest)
    return kept


def newest() -> Survey | None:
    """The survey that was made last."""
    return Survey.objects.order_by("-made_at", "-pk").first()


def is_large() -> bool:
    """Whether the catalog is too large for a page to wait for its survey."""
    return Union.objects.filter(deleted=False).count() > LARGE


def survey() -> Found:
    """What the union catalog lacks, as it is now; nothing is written."""
    areas = areas_of()
    return find(_books(areas), sorted(set(areas.values())))


def areas_of() -> dict[str, str]:
    """The ward or commune of each library that says one; publishers announce books and hold none."""
    holding = Library.objects.exclude(unit="").exclude(kind__in=NO_HOLDINGS)
    return dict(holding.values_list("code", "unit"))


def places() -> dict[str, tuple[float, float]]:
    """Where each area lies, (latitude, longitude): amid its libraries whose places are known and may be shown."""
    away = hidden()
    areas = {code: area for code, area in areas_of().items() if code not in away}
    points: dict[str, list[Position]] = {}
    for code, position in positions(areas).items():
        points.setdefault(areas[code], []).append(position)
    return {
        area: (fmean(one.latitude for one in found), fmean(one.longitude for one in found))
        for area, found in points.items()
    }


def _books(areas: dict[str, str]) -> Iterator[Book]:
    """The live union records by number, each with its copies by area."""
    sql = (
        f"SELECT u.id, u.description, b.description FROM {bulk.table(Union)} u LEFT JOIN {bulk.table(Bib)} b"
        f" ON b.record_id = u.id WHERE NOT u.deleted AND u.id > %s ORDER BY u.id LIMIT {BATCH}"
    )
    online, last = _online(), 0
    while rows := bulk.query(sql, [last]):
        first, last = rows[0][0], rows[-1][0]
        held = _held(first, last)
        for number, merged, single in rows:
            said = Description.load(merged or single)
            author = said.people[0][0] if said.people else ""
            title = " ".join(filter(None, (said.title, said.part)))
            copies, lessons = Counter[str](), 0
            for library, count, of_lessons in held.get(number, ()):
                copies[areas.get(library, "")] += int(count)
                lessons += int(of_lessons)
            yield Book(
                number, title, author, said.audience, said.year, number in online, copies, 0 < copies.total() == lessons
            )


def _held(first: int, last: int) -> dict[int, list[tuple[Any, ...]]]:
    """Of the union records between two numbers: (library, copies, those of them that are textbooks)."""
    marked = " OR ".join(f"h.{name} LIKE %s" for name in ("location", "call_number", "accessions") for _ in TEXTBOOKS)
    sql = (
        f'SELECT m."union", h.library_id, SUM(h.copies), SUM(CASE WHEN {marked} THEN h.copies ELSE 0 END)'
        f" FROM {bulk.table(Member)} m JOIN {bulk.table(Holding)} h ON h.record_id = m.record_id"
        ' WHERE m."union" BETWEEN %s AND %s GROUP BY m."union", h.library_id'
    )
    found: dict[int, list[tuple[Any, ...]]] = {}
    for union, *row in bulk.query(sql, [*(f"{prefix}%" for prefix in TEXTBOOKS * 3), first, last]):
        found.setdefault(union, []).append(tuple(row))
    return found


def _online() -> set[int]:
    """The union records that everybody may read or copy: the set ``open``."""
    selection = Selection.objects.filter(spec="open").values_list("id", flat=True).first()
    if selection is None:
        return set()
    sql = f"SELECT item FROM {bulk.table(Listed)} WHERE selection = %s AND NOT gone"
    return {row[0] for row in bulk.query(sql, [selection])}
