"""The dates of OAI-PMH: granularities, where the next list starts, and windows cut in two (OAI-PMH 2.0, sections 2.7.1
and 3.3)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime, timedelta

SECONDS = "YYYY-MM-DDThh:mm:ssZ"
DAYS = "YYYY-MM-DD"
FORMS = {SECONDS: "%Y-%m-%dT%H:%M:%SZ", DAYS: "%Y-%m-%d"}
UNITS = {SECONDS: timedelta(seconds=1), DAYS: timedelta(days=1)}
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MOST_LAG = timedelta(days=7)
TIGHT = {3: (2, 1), 2: (1, 1), 1: (0, 1)}  # units of a window: where its first half ends and its second begins

Window = tuple[str, str]  # the arguments ``from`` and ``until``; "" is open


def instant_of(written: str) -> datetime | None:
    """The instant of a responseDate, also one with fractions or an offset; ``None`` when it cannot be read."""
    try:
        found = datetime.fromisoformat(written.upper())
    except ValueError:
        return None
    return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)


def window_start(stored: str, overlap: timedelta, granularity: str) -> str:
    """The ``from`` of the next list, by the granularity of the repository; ``""`` when nothing is stored.

    Days reach back a whole day at least; nothing reaches back beyond 1970.
    """
    instant = instant_of(stored)
    if instant is None:
        return ""
    back = overlap if granularity == SECONDS else max(overlap, timedelta(days=1))
    return (instant - min(back, instant - EPOCH)).strftime(FORMS[granularity])


def halves(window: Window, earliest: str, latest: str, granularity: str) -> list[Window]:
    """A window cut in two in the middle of its time; ``[]`` when it is a single second, or a single day.

    ``earliest`` and ``latest`` stand for an open side; the side stays open, so that nothing before or after is lost.
    Where an open side has come near ``earliest`` and still cannot be read, that was wrong, and 1970 stands in for it.
    The halves overlap by a unit on either side, for servers that leave out the bounds they were given; those of less
    than four units cannot, see :func:`is_tight`.
    """
    first, last = instant_of(window[0] or earliest) or EPOCH, instant_of(window[1] or latest)
    unit = UNITS[granularity]
    if last is not None and last - first < 4 * unit and not window[0]:
        first = EPOCH
    units = (last - first) // unit if last is not None else 0
    return _between(window, first, units, granularity)


def parted(window: Window, stamps: Collection[str], latest: str, granularity: str) -> list[Window]:
    """A window cut in two between the datestamps of records it has given, so that either half has some of them.

    Where all have one datestamp, the time after it is cut off, then the time before; ``[]`` when there is none to cut.
    """
    unit, length = UNITS[granularity], len("YYYY-MM-DD") if granularity == DAYS else None
    start = instant_of(window[0]) or EPOCH
    end = instant_of(window[1] or latest)
    found = sorted(i for i in {instant_of(stamp[:length]) for stamp in stamps} if i and start <= i <= (end or i))
    if len(found) > 1:
        low, high = found[len(found) // 2 - 1 : len(found) // 2 + 1]
        return _between(window, low, (high - low) // unit or 1, granularity)
    for stamp in found:
        after, before = (end - stamp) // unit if end else 4, (stamp - start) // unit
        units = 4 if max(after, before) >= 4 else min(max(after, before), 1)
        return _between(window, stamp if after >= max(units, 1) else stamp - units * unit, units, granularity)
    return []


def _between(window: Window, first: datetime, units: int, granularity: str) -> list[Window]:
    """A window cut in the middle of so many units after ``first``."""
    if units < 1:
        return []
    unit, form = UNITS[granularity], FORMS[granularity]
    before, after = (units // 2 + 1, units // 2 - 1) if units >= 4 else TIGHT[units]
    return [(window[0], (first + before * unit).strftime(form)), ((first + after * unit).strftime(form), window[1])]


def is_tight(parts: list[Window], granularity: str) -> bool:
    """Whether two halves overlap too little for a server that leaves out both bounds."""
    end, start = instant_of(parts[0][1]), instant_of(parts[1][0])
    return end is None or start is None or end - start < UNITS[granularity]


def lag(stored: str, datestamps: list[str]) -> timedelta:
    """How long after its datestamp the latest shown of some records came to be shown: each of these has a datestamp
    before ``stored``, and was not in the list that ended then. More than a week is another matter."""
    instant = instant_of(stored)
    found = [instant - d for d in map(instant_of, datestamps) if d is not None] if instant else []
    return max((late for late in found if timedelta() < late <= MOST_LAG), default=timedelta())
