"""Whether copies of a record are on the shelf now: each library's own system is asked, those that can be, at once.

Answers are kept some minutes. What does not answer in time is not known, and is asked again a minute later.
"""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from django.core.cache import cache

from connectors import availability, private
from connectors.availability import Copy
from hub.catalog.models import Record
from schemas.problem import Problem, Trouble

SECONDS = 4.0  # for all of them
KEPT, UNKNOWN_KEPT = 300, 60  # seconds
AT_ONCE = 8
NUMBER = re.compile(r"([A-Za-z0-9_-]+)$")  # the number of a record at the end of its identifier


@dataclass(frozen=True, slots=True)
class Answer:
    """What a library's system says now; ``problem``: why nothing is known."""

    library: str
    name: str
    copies: tuple[Copy, ...] = ()
    problem: Problem | None = None


def can_be_asked(union: int) -> bool:
    """Whether the system of some library that has the record can be asked."""
    return bool(_askable(union))


def _askable(union: int) -> list[tuple[Record, dict[str, Any]]]:
    rows = Record.objects.filter(member__union=union, state="live").select_related("source__library")[:50]
    return [(row, said) for row in rows if (said := row.source.settings.get("availability") or {})]


def ask(union: int) -> list[Answer]:
    """What each library that can be asked says now, by name."""
    rows = _askable(union)
    if not rows:
        return []
    with ThreadPoolExecutor(AT_ONCE) as pool:
        found = list(pool.map(lambda row: _answer(row[0].pk, row[0].identifier, row[1]), rows))
    answers = zip(rows, found, strict=True)
    named = [Answer(row.source.library_id, row.source.library.name_vi, *one) for (row, _), one in answers]
    return sorted(named, key=lambda one: (one.name, one.library))


def _is_named(url: str) -> bool:
    """Whether the deployment names this private address."""
    return url.startswith("http") and private.allows_url(url.replace("{id}", "1"))


def _answer(record: int, identifier: str, said: dict[str, Any]) -> tuple[tuple[Copy, ...], Problem | None]:
    """The copies of a record, from the cache or from the library's system."""
    key = f"availability:{record}"
    known: tuple[tuple[Copy, ...], Problem | None] | None = cache.get(key)
    if known is not None:
        return known
    number = NUMBER.search(identifier)
    try:
        url = str(said["url"])
        copies = availability.ask(
            said["kind"],
            url,
            number[1] if number else identifier,
            allow_private=bool(said.get("allow_private")) or _is_named(url),
            seconds=SECONDS,
        )
        found: tuple[tuple[Copy, ...], Problem | None] = (tuple(copies), None)
    except Trouble as trouble:
        found = ((), trouble.problem)
    cache.set(key, found, UNKNOWN_KEPT if found[1] else KEPT)
    return found
