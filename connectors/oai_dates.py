"""The dates of OAI-PMH: granularities, and where the next list starts (OAI-PMH 2.0, sections 2.7.1 and 3.3)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

SECONDS = "YYYY-MM-DDThh:mm:ssZ"
DAYS = "YYYY-MM-DD"
FORMS = {SECONDS: "%Y-%m-%dT%H:%M:%SZ", DAYS: "%Y-%m-%d"}
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


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
