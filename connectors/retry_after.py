"""When a server wants to be asked again (RFC 9110 section 10.2.3)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

LONGEST = 10**9  # seconds
_SECONDS = re.compile(r"[0-9]{1,12}(?:\.[0-9]{1,9})?")
_ASCTIME = re.compile(r"[A-Z][a-z]{2} ([A-Z][a-z]{2}) {1,2}(\d{1,2}) (\d\d:\d\d:\d\d) (\d{4})")


def retry_after(headers: Mapping[str, str]) -> float | None:
    """The seconds a server asks to wait, from either form of Retry-After; ``None`` when it does not say.

    A date is compared with the server's own clock where it tells its time.
    """
    value = headers.get("Retry-After", "").strip()
    if _SECONDS.fullmatch(value):
        return float(min(float(value), LONGEST))
    until = _instant(value)
    if until is None:
        return None
    now = _instant(headers.get("Date", "")) or datetime.now(UTC)
    return max(0.0, (until - now).total_seconds())


def _instant(written: str) -> datetime | None:
    """An HTTP-date in any of its three forms (RFC 9110 section 5.6.7)."""
    if old := _ASCTIME.fullmatch(written.strip()):
        written = f"{old[2]} {old[1]} {old[4]} {old[3]} GMT"
    try:
        found = parsedate_to_datetime(written)
    except (ValueError, TypeError):
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
