"""The dates of OAI-PMH: granularities, where the next list starts, and windows cut in two (OAI-PMH 2.0, sections 2.7.1
and 3.3)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

SECONDS = "YYYY-MM-DDThh:mm:ssZ"
DAYS = "YYYY-MM-DD"
FORMS = {SECONDS: "%Y-%m-%dT%H:%M:%SZ", DAYS: "%Y-%m-%d"}
UNITS = {SECONDS: timedelta(seconds=1), DAYS: timedelta(days=1)}
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MOST_LAG = timedelta(days=7)

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
    """A window cut in two; ``[]`` when it is too small to be cut.

    ``earliest`` and ``latest`` stand for an open side; the side stays open, so that nothing before or after is lost.
    Where an open side has come near ``earliest`` and still cannot be read, that was wrong, and 1970 stands in for it.
    The halves overlap by a unit on either side, for servers that leave out the bounds they were given.
    """
    first, last = instant_of(window[0] or earliest) or EPOCH, instant_of(window[1] or latest)
    unit, form = UNITS[granularity], FORMS[granularity]
    if last is not None and last - first < 4 * unit and not window[0]:
        first = EPOCH
    if last is None or last - first < 4 * unit:
        return []
    middle = first + (last - first) / 2
    return [(window[0], (middle + unit).strftime(form)), ((middle - unit).strftime(form), window[1])]


def lag(stored: str, datestamps: list[str]) -> timedelta:
    """How long after its datestamp the latest shown of some records came to be shown: each of these has a datestamp
    before ``stored``, and was not in the list that ended then. More than a week is another matter."""
    instant = instant_of(stored)
    found = [instant - d for d in map(instant_of, datestamps) if d is not None] if instant else []
    return max((late for late in found if timedelta() < late <= MOST_LAG), default=timedelta())
