"""What is slow to ask of a large source: rows beside its records, and how many records it has.

Beside the records stand small tables (rejections, corrections). Of a source with half a million records a database
that knows no better reads all of them to find the few; here the few are read first.
Counts of large sources are kept in the process until something has run, at most ten minutes.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from threading import Lock
from time import monotonic
from typing import Any, TypeVar

from django.db import connection
from django.db.models import Exists, OuterRef, QuerySet, Subquery

from hub.catalog.models import Record, Source

T = TypeVar("T")
Rows = TypeVar("Rows", bound=QuerySet[Any])
LARGE = 50_000  # records; a smaller source is counted each time
LONGEST = 600.0  # seconds
MOST = 2_000  # counts that are kept
_kept: dict[Hashable, tuple[float, Any]] = {}
_lock = Lock()


def of_sources(rows: Rows, sources: Iterable[int]) -> Rows:
    """Rows that stand beside records, of some sources: ``of`` is asked of each row, and no join lets records lead."""
    source = Record.objects.filter(pk=OuterRef("record")).values("source_id")[:1]
    return rows.annotate(of=Subquery(source)).filter(of__in=list(sources))


def of_library(rows: Rows, library: Any) -> Rows:
    """Rows that stand beside records, of a library (or its code)."""
    return of_sources(rows, Source.objects.filter(library=library).values_list("pk", flat=True))


def in_states(rows: Rows, states: Iterable[str]) -> Rows:
    """Rows that stand beside records in some states."""
    return rows.filter(Exists(Record.objects.filter(pk=OuterRef("record"), state__in=list(states))))


def kept(key: Hashable, count: Callable[[], T], size: Callable[[T], int]) -> T:
    """What ``count`` gives, or gave a while ago when it was about so many records (``size``) that it takes long.

    ``key`` names what is counted, and holds whatever ends it early: the numbers of the last runs.
    """
    place, now = (connection.settings_dict["NAME"], key), monotonic()
    with _lock:
        until, value = _kept.get(place, (0.0, None))
    if now < until:
        return value  # type: ignore[no-any-return]
    found = count()
    if size(found) > LARGE:
        with _lock:
            if len(_kept) >= MOST:
                _kept.clear()
            _kept[place] = (now + LONGEST, found)
    return found
