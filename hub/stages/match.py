"""Match what is due: candidates by shared keys, each pair compared; SAME, FITS and ASK are kept, with evidence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Set
from itertools import combinations, groupby
from operator import itemgetter
from typing import NamedTuple

import orjson

from hub.catalog import bulk, full_keys, writes
from hub.catalog.full_keys import unpack_keys
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


class Blocks(NamedTuple):
    """The pairs to be compared, and the keys that are full now, or no more, each with its records that are not stale."""

    pairs: set[Pair]
    filled: dict[int, list[int]]
    opened: dict[int, list[int]]


def match(*, progress: Progress = silent) -> StageReport:
    """Find and store the links of the records whose matches are due; after that their clusters are due."""
    with storing():
        due = dict(bulk.query(f"SELECT id, raw FROM {bulk.table(Record)} WHERE due = 1 ORDER BY id"))
        blocks = look(list(due), full_keys.opened_keys(MAX_BLOCK))
        pairs = sorted(blocks.pairs)
        tasks = [pairs[start : start + PAIRS] for start in range(0, len(pairs), PAIRS)]
        links: list[LinkRow] = []
        for number, found in enumerate(spread(compare_pairs, tasks, len(tasks)), 1):
            links += found
            progress("match", min(number * PAIRS, len(pairs)), len(pairs))
        with bulk.writing():
            writes.store_links(due, links)
            full_keys.settle(blocks.filled, blocks.opened, MAX_BLOCK)
    same = sum(1 for link in links if link[2] == "SAME")
    fits = sum(1 for link in links if link[2] == "FITS")
    counts = {"stale": len(due), "pairs": len(pairs), "same": same, "fits": fits, "ask": len(links) - same - fits}
    return StageReport("match", counts)


def candidates(stale: list[int]) -> set[Pair]:
    """The pairs, lower number first, that share a key and of which at least one is among ``stale``."""
    return look(stale, frozenset()).pairs


def look(stale: list[int], opened: Set[int]) -> Blocks:
    """The blocks of the keys that stale records have, and of the ``opened`` keys, of which all pairs are compared.

    A key that is known to be full is passed over, and an opened one that has filled again stays what it was.
    """
    wanted, full = set(stale), full_keys.full_keys() - opened
    found = Blocks(set(), {}, {key: [] for key in opened})
    for key, block in groupby(_key_rows(stale, full, opened), key=itemgetter(0)):
        records = [record for _, record in block]
        if key in full:
            continue
        if len(records) > MAX_BLOCK:
            if found.opened.pop(key, None) is None:
                found.filled[key] = [record for record in records if record not in wanted]
        elif key in opened:
            found.opened[key] = [record for record in records if record not in wanted]
            found.pairs.update(combinations(sorted(records), 2))
        elif len(records) > 1:
            _add_pairs(found.pairs, sorted(records), wanted)
    return found


def _add_pairs(pairs: set[Pair], records: list[int], wanted: Set[int]) -> None:
    """The pairs of a block of which at least one record is wanted."""
    for position, first in enumerate(records):
        known = first in wanted
        pairs.update((first, second) for second in records[position + 1 :] if known or second in wanted)


def _key_rows(stale: list[int], full: Set[int], opened: Set[int]) -> Iterable[tuple[int, int]]:
    """(key, record) rows grouped by key: of all keys, or of the keys the stale records have that are not full."""
    if len(stale) >= WHOLE:
        return bulk.stream(f"SELECT key, record_id FROM {bulk.table(MatchKey)} ORDER BY key")
    blobs = bulk.among(f"SELECT keys FROM {bulk.table(Bib)} WHERE record_id IN {{}}", stale)
    keys = {key for (blob,) in blobs for key in unpack_keys(blob)} - full | opened
    sql = f"SELECT key, record_id FROM {bulk.table(MatchKey)} WHERE key IN {{}}"
    return sorted(bulk.among(sql, sorted(keys)))


def compare_pairs(pairs: list[Pair]) -> list[LinkRow]:
    """The links among some pairs. Reads descriptions, writes nothing."""
    rules = matching_rules()
    known = load_traits({number for pair in pairs for number in pair})
    return list(_links(pairs, known, rules))


def _links(pairs: list[Pair], known: dict[int, Traits], rules: Rules) -> Iterator[LinkRow]:
    for first, second in pairs:
        if first not in known or second not in known:
            continue  # deleted meanwhile, and due itself
        if verdict := judge(known[first], known[second], rules):
            yield first, second, verdict.status, verdict.score, orjson.dumps(verdict.evidence).decode()


def load_traits(numbers: Iterable[int]) -> dict[int, Traits]:
    """The traits of some live records."""
    rules = matching_rules()
    sql = f"SELECT record_id, description FROM {bulk.table(Bib)} WHERE record_id IN {{}}"
    return {number: traits(Description.load(text), rules) for number, text in bulk.among(sql, sorted(numbers))}
