"""Match what is due: candidates by shared keys, each pair compared; SAME, FITS and ASK are kept, with evidence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import itemgetter

import orjson

from hub.catalog import bulk, writes
from hub.catalog.models import Bib, MatchKey, Record
from hub.match.compare import Traits, judge, traits
from hub.match.description import Description
from hub.match.keys import MAX_BLOCK
from hub.match.rules import Rules
from hub.sources import matching_rules
from hub.stages.pool import spread
from hub.stages.report import Progress, StageReport, silent, storing

PAIRS = 10_000  # compared in one task
WHOLE = 50_000  # from so many stale records on, all keys are read in one pass
Pair = tuple[int, int]
LinkRow = tuple[int, int, str, float, str]


def match(*, progress: Progress = silent) -> StageReport:
    """Find and store the links of the records whose matches are due; after that their clusters are due."""
    with storing():
        due = dict(bulk.query(f"SELECT id, raw FROM {bulk.table(Record)} WHERE due = 1 ORDER BY id"))
        pairs = sorted(candidates(list(due)))
        tasks = [pairs[start : start + PAIRS] for start in range(0, len(pairs), PAIRS)]
        links: list[LinkRow] = []
        for number, found in enumerate(spread(compare_pairs, tasks, len(tasks)), 1):
            links += found
            progress("match", min(number * PAIRS, len(pairs)), len(pairs))
        with bulk.writing():
            writes.store_links(due, links)
    same = sum(1 for link in links if link[2] == "SAME")
    fits = sum(1 for link in links if link[2] == "FITS")
    counts = {"stale": len(due), "pairs": len(pairs), "same": same, "fits": fits, "ask": len(links) - same - fits}
    return StageReport("match", counts)


def candidates(stale: list[int]) -> set[Pair]:
    """The pairs, lower number first, that share a key and of which at least one is among ``stale``."""
    wanted = set(stale)
    pairs: set[Pair] = set()
    for _, block in groupby(_key_rows(stale), key=itemgetter(0)):
        records = [record for _, record in block]
        if 2 <= len(records) <= MAX_BLOCK:
            records.sort()
            for position, first in enumerate(records):
                known = first in wanted
                pairs.update((first, second) for second in records[position + 1 :] if known or second in wanted)
    return pairs


def _key_rows(stale: list[int]) -> Iterable[tuple[int, int]]:
    """(key, record) rows grouped by key: of all keys, or of the keys the stale records have."""
    if len(stale) >= WHOLE:
        return bulk.stream(f"SELECT key, record_id FROM {bulk.table(MatchKey)} ORDER BY key")
    blobs = bulk.among(f"SELECT keys FROM {bulk.table(Bib)} WHERE record_id IN {{}}", stale)
    keys = {key for (blob,) in blobs for key in writes.unpack_keys(blob)}
    sql = f"SELECT key, record_id FROM {bulk.table(MatchKey)} WHERE key IN {{}}"
    return sorted(bulk.among(sql, sorted(keys)))


def compare_pairs(pairs: list[Pair]) -> list[LinkRow]:
    """The links among some pairs. Reads descriptions, writes nothing."""
    rules = matching_rules()
    known = load_traits({number for pair in pairs for number in pair})
    return list(_links(pairs, known, rules))


def _links(pairs: list[Pair], known: dict[int, Traits], rules: Rules) -> Iterator[LinkRow]:
    for first, second in pairs:
        if verdict := judge(known[first], known[second], rules):
            yield first, second, verdict.status, verdict.score, orjson.dumps(verdict.evidence).decode()


def load_traits(numbers: Iterable[int]) -> dict[int, Traits]:
    """The traits of some live records."""
    rules = matching_rules()
    sql = f"SELECT record_id, description FROM {bulk.table(Bib)} WHERE record_id IN {{}}"
    return {number: traits(Description.load(text), rules) for number, text in bulk.among(sql, sorted(numbers))}
