"""Matching by ranges of keys, on whichever machines: for a first load or a rebuild that is too large for one.

Blocking keys are hashes, so equal parts of their range are equal parts of the work. Each part is read and compared by
itself, by the same functions as always; together they give the links that :func:`hub.stages.match.match` gives. Workers
read the database and write nothing. Keys that have ceased to be full are left to the next matching.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

from hub.catalog import bulk, full_keys, writes
from hub.catalog.models import MatchKey, Record
from hub.match.keys import MAX_BLOCK
from hub.stages.match import Blocks, LinkRow, compare_blocks
from hub.stages.report import StageReport, storing

LOWEST, HIGHEST = -(2**63), 2**63 - 1


class Range(NamedTuple):
    """Some of the blocking keys, both ends included."""

    low: int
    high: int


class Asked(NamedTuple):
    """What a worker is asked for: the links of a range, given which keys of the whole catalog are full."""

    keys: Range
    full: tuple[int, ...]


Ask = Callable[[Sequence[Asked]], Iterable[list[LinkRow]]]


def ranges(parts: int) -> list[Range]:
    """All keys in so many parts."""
    ends = [LOWEST + (HIGHEST - LOWEST + 1) * part // parts for part in range(parts + 1)]
    return [Range(low, high - 1) for low, high in pairwise(ends)]


def links_of(asked: Asked) -> list[LinkRow]:
    """The links that the keys of a range give: each pair is in the range of the lowest key it shares."""
    due = [number for (number,) in bulk.query(f"SELECT id FROM {bulk.table(Record)} WHERE due = 1")]
    low, high = asked.keys
    sql = f"SELECT key, record_id FROM {bulk.table(MatchKey)} WHERE key BETWEEN {low:d} AND {high:d} ORDER BY key"
    blocks = Blocks(due, frozenset(), bulk.stream(sql))
    blocks.full = set(asked.full)
    return [link for task in blocks.tasks() for link in compare_blocks(task)[0]]


def match_by_ranges(parts: int, ask: Ask) -> StageReport:
    """Find the links of what is due by asking others for those of each range, and store them."""
    with storing():
        due = dict(bulk.query(f"SELECT id, raw FROM {bulk.table(Record)} WHERE due = 1 ORDER BY id"))
        known = full_keys.full_keys()
        over = _over() - known
        full = tuple(sorted(known | over))
        asked = [Asked(keys, full) for keys in ranges(parts)]
        links = sorted(link for found in ask(asked) for link in found)
        with bulk.writing():
            writes.store_links(due, links)
            full_keys.settle(_resting(over), {}, MAX_BLOCK)
    counts = {verdict.lower(): sum(link[2] == verdict for link in links) for verdict in ("SAME", "FITS", "ASK")}
    return StageReport("match", {"stale": len(due), **counts})


def _over() -> set[int]:
    """The keys that more records share than are compared."""
    sql = f"SELECT key FROM {bulk.table(MatchKey)} GROUP BY key HAVING COUNT(*) > {MAX_BLOCK:d}"
    return {key for (key,) in bulk.query(sql)}


def _resting(keys: Iterable[int]) -> dict[int, list[int]]:
    """The records of some keys that were not due."""
    found: dict[int, list[int]] = defaultdict(list, {key: [] for key in keys})
    sql = f"SELECT k.key, k.record_id FROM {bulk.table(MatchKey)} k JOIN {bulk.table(Record)} r ON r.id = k.record_id"
    for key, record in bulk.among(f"{sql} WHERE r.due <> 1 AND k.key IN {{}}", sorted(found)):
        found[key].append(record)
    return dict(found)
