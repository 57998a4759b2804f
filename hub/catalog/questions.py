"""The open questions of the catalog: pairs of records that a person is asked about, those that win most first.

The merge stage makes them (:mod:`hub.stages.ask`); a decision takes its question away at once, and how people decide of
a pattern moves the other questions of that pattern in the queue.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from functools import lru_cache
from time import monotonic
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Count, Q, QuerySet

from hub.catalog import bulk
from hub.catalog.models import Decision, Question, Source
from hub.match.doubt import likelihood
from hub.match.queue import Question as Asked
from hub.sources import matching_rules

Pair = tuple[int, int]
COLUMNS = (
    "first", "second", "verdict", "score", "pattern", "cluster", "other", "doubt", "language", "source", "beside",
    "size", "gain",
)  # fmt: skip
ORDER = ("-gain", "first", "second")
MINUTE = 60
QUICK, EVERY = 2_000, 10**9  # questions of one pattern that find their place at once, or after a merge


def open_questions() -> list[Asked]:
    """Every question: ASK, and SAME or FITS that did not join; not in one cluster, not decided by a person."""
    rows = Question.objects.order_by(*ORDER).values_list("first", "second", "verdict", "score", "cluster", "other")
    return [Asked(*row) for row in rows]


def count_questions() -> int:
    """How many questions wait for a person."""
    return Question.objects.count()


class Chosen(NamedTuple):
    """Which questions are wanted; empty: all."""

    library: str = ""
    source: str = ""
    language: str = ""
    doubt: str = ""
    pattern: str = ""


def chosen(wanted: Chosen) -> QuerySet[Question]:
    """The questions that are wanted, in the order of the queue."""
    found = Question.objects.order_by(*ORDER)
    if wanted.library or wanted.source:
        sources = Source.objects.all()
        if wanted.library:
            sources = sources.filter(library_id=wanted.library)
        if wanted.source:
            sources = sources.filter(name=wanted.source)
        numbers = list(sources.values_list("id", flat=True))
        found = found.filter(Q(source__in=numbers) | Q(beside__in=numbers))
    values = {key: value for key, value in wanted._asdict().items() if value and key not in ("library", "source")}
    return found.filter(**values)


def kinds(column: str) -> list[tuple[str, int]]:
    """The values of ``doubt`` or ``language`` with their counts, the most frequent first; counted once a minute."""
    return _counted(str(connection.settings_dict["NAME"]), column, int(monotonic() // MINUTE))


@lru_cache(maxsize=8)
def _counted(database: str, column: str, minute: int) -> list[tuple[str, int]]:
    rows = Question.objects.order_by().values(column).annotate(n=Count("first"))
    return sorted(((row[column], row["n"]) for row in rows), key=lambda row: (-row[1], row[0]))


def alike(pattern: str, limit: int) -> list[Pair]:
    """The open pairs of a pattern, in the order of the queue."""
    found = Question.objects.filter(pattern=pattern).order_by(*ORDER)
    return list(found.values_list("first", "second")[:limit])


class Judged(NamedTuple):
    """How people decided of pairs of a pattern."""

    same: int = 0
    different: int = 0


def judged(patterns: Iterable[str]) -> dict[str, Judged]:
    """What people decided of pairs of some patterns, by pattern; decisions that were undone do not count."""
    sql = (
        f"SELECT pattern, verdict, COUNT(*) FROM {bulk.table(Decision)}"
        " WHERE undone_at IS NULL AND pattern IN {} GROUP BY pattern, verdict"
    )
    counts: Counter[tuple[str, str]] = Counter()
    for pattern, verdict, count in bulk.among(sql, sorted({pattern for pattern in patterns if pattern})):
        counts[pattern, verdict] = count
    return {pattern: Judged(counts[pattern, "SAME"], counts[pattern, "DIFFERENT"]) for pattern, _ in counts}


def store(touched: Collection[int], rows: Sequence[tuple[Any, ...]]) -> None:
    """Replace the questions about any of some records (inside :func:`hub.catalog.bulk.writing`)."""
    for end in ("first", "second"):
        bulk.touch(f"DELETE FROM {bulk.table(Question)} WHERE {end} IN {{}}", touched)
    bulk.insert(Question, COLUMNS, rows)


def answered(pairs: Collection[Pair], patterns: Iterable[str]) -> None:
    """Take the questions about some pairs out of the queue, and let the others of their patterns find their place.

    Inside :func:`hub.catalog.bulk.writing`.
    """
    bulk.set_where(Question, "gain = -1", ("first", "second"), sorted(pairs))
    bulk.execute(f"DELETE FROM {bulk.table(Question)} WHERE gain < 0")
    learn(patterns)


def learn(patterns: Iterable[str], most: int = QUICK) -> None:
    """The questions of some patterns are as likely as people's decisions make them.

    A pattern of more than ``most`` questions is left to :func:`learn_all`. Inside :func:`hub.catalog.bulk.writing`.
    """
    wanted = sorted({pattern for pattern in patterns if pattern})
    known, rules = judged(wanted), matching_rules()
    for pattern in wanted:
        alike = Question.objects.filter(pattern=pattern).order_by()
        first = next(iter(alike[:1]), None)
        if first is not None and not alike[most:].exists():
            likely = likelihood(first.score, rules, *known.get(pattern, Judged()))
            sql = f"UPDATE {bulk.table(Question)} SET gain = size * %s WHERE pattern = %s AND gain <> size * %s"
            bulk.execute(sql, [likely, pattern, likely])


def learn_all() -> None:
    """The same for every pattern about which somebody has decided, or undone, something; after each merge."""
    patterns = [pattern for (pattern,) in bulk.query(f"SELECT DISTINCT pattern FROM {bulk.table(Decision)}")]
    if patterns:
        with bulk.writing():
            learn(patterns, EVERY)
