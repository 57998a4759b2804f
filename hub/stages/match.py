"""Match what is due: records that share a key are compared; SAME, FITS and ASK are kept, with evidence.

Workers take blocks of records that share a key, read what comparison looks at, and give links back. A pair that shares
several keys is given by the lowest of them only, so nothing has to be remembered between the blocks.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Set
from itertools import combinations, groupby, product
from operator import itemgetter
from typing import NamedTuple

from hub.catalog import bulk, full_keys, writes
from hub.catalog.choices import rules_in_force
from hub.catalog.full_keys import unpack_keys
from hub.catalog.models import Bib, MatchKey, Record
from hub.match import packed
from hub.match.compare import Traits, judge, traits
from hub.match.description import Description
from hub.match.keys import MAX_BLOCK
from hub.match.rules import Rules
from hub.sources import matching_rules
from hub.stages.pool import spread
from hub.stages.report import Progress, StageReport, silent, storing

PAIRS = 20_000  # compared in one task, about
WHOLE = 50_000  # from so many stale records on, all keys are read in one pass
Pair = tuple[int, int]
LinkRow = tuple[int, int, str, float, str]


class Block(NamedTuple):
    """The records that share a key: ``fresh`` are compared with each other and with the ``others``."""

    key: int
    fresh: list[int]
    others: list[int]

    def pairs(self) -> Iterator[Pair]:
        """The pairs to be compared, the lower number first."""
        yield from combinations(self.fresh, 2)
        for first, second in product(self.fresh, self.others):
            yield (first, second) if first < second else (second, first)

    def size(self) -> int:
        """How many pairs those are."""
        return len(self.fresh) * (len(self.fresh) - 1) // 2 + len(self.fresh) * len(self.others)


class Task(NamedTuple):
    """Some blocks, the full keys below theirs, and, where all keys were read, those of their records (packed)."""

    blocks: list[Block]
    full: frozenset[int]
    keys: dict[int, bytes] | None = None

    def records(self) -> set[int]:
        """The records of the blocks."""
        return {record for block in self.blocks for record in (*block.fresh, *block.others)}


class Blocks:
    """The blocks of the keys that stale records have, and of the ``opened`` keys, of which all pairs are compared.

    A key that is known to be full is passed over, and an opened one that has filled again stays what it was. ``filled``
    and ``opened`` are the keys that are full now, or no more, each with its records that are not stale; they are known
    once the blocks have been gone through. ``rows`` are the (key, record) rows where not all keys are wanted.
    """

    def __init__(self, stale: list[int], opened: Set[int], rows: Iterable[tuple[int, int]] | None = None) -> None:
        self.wanted = set(stale)
        self.full = full_keys.full_keys() - opened
        self.filled: dict[int, list[int]] = {}
        self.opened: dict[int, list[int]] = {key: [] for key in opened}
        self._whole = rows is None and len(stale) >= WHOLE
        self._rows = _key_rows(stale, self.full, opened) if rows is None else rows

    def __iter__(self) -> Iterator[Block]:
        known = frozenset(self.full)
        for key, rows in groupby(self._rows, key=itemgetter(0)):
            records = sorted(record for _, record in rows)
            if key in known:
                continue
            others = [record for record in records if record not in self.wanted]
            if len(records) > MAX_BLOCK:
                self.full.add(key)
                if self.opened.pop(key, None) is None:
                    self.filled[key] = others
            elif key in self.opened:
                self.opened[key] = others
                yield Block(key, records, [])
            elif len(records) > 1 and len(others) < len(records):
                yield Block(key, [record for record in records if record in self.wanted], others)

    def tasks(self) -> Iterator[Task]:
        """The blocks, some at a time. Where many records are stale, the keys of all are read once, in their order."""
        known = _all_keys() if self._whole else None
        blocks: list[Block] = []
        count = 0
        for block in self:
            blocks.append(block)
            count += block.size()
            if count >= PAIRS:
                yield self._task(blocks, known)
                blocks, count = [], 0
        if blocks:
            yield self._task(blocks, known)

    def _task(self, blocks: list[Block], known: dict[int, bytes] | None) -> Task:
        task = Task(blocks, frozenset(self.full))
        if known is None:
            return task
        return task._replace(keys={record: known[record] for record in task.records() if record in known})


def match(*, progress: Progress = silent) -> StageReport:
    """Find and store the links of the records whose matches are due; after that their clusters are due."""
    with storing():
        due = dict(bulk.query(f"SELECT id, raw FROM {bulk.table(Record)} WHERE due = 1 ORDER BY id"))
        blocks = Blocks(list(due), full_keys.opened_keys(MAX_BLOCK))
        links: list[LinkRow] = []
        pairs = 0
        for found, compared in spread(compare_blocks, blocks.tasks(), len(due) // 1000):
            links += found
            pairs += compared
            progress("match", len(links), 0)
        links.sort()
        with bulk.writing():
            writes.store_links(due, links)
            full_keys.settle(blocks.filled, blocks.opened, MAX_BLOCK)
    same = sum(1 for link in links if link[2] == "SAME")
    fits = sum(1 for link in links if link[2] == "FITS")
    counts = {"stale": len(due), "pairs": pairs, "same": same, "fits": fits, "ask": len(links) - same - fits}
    return StageReport("match", counts)


def candidates(stale: list[int]) -> set[Pair]:
    """The pairs, lower number first, that share a key and of which at least one is among ``stale``."""
    return {pair for block in Blocks(stale, frozenset()) for pair in block.pairs()}


def _key_rows(stale: list[int], full: Set[int], opened: Set[int]) -> Iterable[tuple[int, int]]:
    """(key, record) rows in the order of the keys: all keys, or those the stale records have that are not full."""
    if len(stale) >= WHOLE:
        return bulk.stream(f"SELECT key, record_id FROM {bulk.table(MatchKey)} ORDER BY key")
    blobs = bulk.among(f"SELECT keys FROM {bulk.table(Bib)} WHERE record_id IN {{}}", stale)
    keys = {key for (blob,) in blobs for key in unpack_keys(blob)} - full | opened
    sql = f"SELECT key, record_id FROM {bulk.table(MatchKey)} WHERE key IN {{}}"
    return sorted(bulk.among(sql, sorted(keys)))


def compare_blocks(task: Task) -> tuple[list[LinkRow], int]:
    """The links among the pairs of some blocks, and how many pairs were looked at. Writes nothing."""
    pairs = list(_first_met(task))
    known = stored_traits({number for pair in pairs for number in pair})
    links = list(_links(pairs, known, rules_in_force(matching_rules())))
    return links, sum(block.size() for block in task.blocks)


def _first_met(task: Task) -> Iterator[Pair]:
    """The pairs whose lowest shared key is that of their block: no other block gives them."""
    if task.keys is None:
        keys = _keys(task.records())
    else:
        keys = {record: frozenset(unpack_keys(blob)) for record, blob in task.keys.items()}
    full, nothing = task.full, frozenset[int]()
    for block in task.blocks:
        here = block.key
        for first, second in block.pairs():
            if min((keys.get(first, nothing) & keys.get(second, nothing)) - full, default=None) == here:
                yield first, second


def _links(pairs: Iterable[Pair], known: dict[int, Traits], rules: Rules) -> Iterator[LinkRow]:
    for first, second in pairs:
        a, b = known.get(first), known.get(second)
        if a is None or b is None:
            continue  # deleted meanwhile, and due itself
        if verdict := judge(a, b, rules):
            yield first, second, verdict.status, verdict.score, packed.dump_evidence(verdict.evidence)


def _all_keys() -> dict[int, bytes]:
    """The blocking keys of every live record, packed: some 200 bytes a record."""
    return {number: bytes(blob) for number, blob in bulk.stream(f"SELECT record_id, keys FROM {bulk.table(Bib)}")}


def _keys(numbers: Iterable[int]) -> dict[int, frozenset[int]]:
    """The blocking keys of some live records."""
    sql = f"SELECT record_id, keys FROM {bulk.table(Bib)} WHERE record_id IN {{}}"
    return {number: frozenset(unpack_keys(blob)) for number, blob in bulk.among(sql, sorted(numbers))}


def stored_traits(numbers: Iterable[int]) -> dict[int, Traits]:
    """The traits of some live records as they are kept: what comparison looks at."""
    sql = f"SELECT record_id, traits FROM {bulk.table(Bib)} WHERE record_id IN {{}}"
    return _unpacked(bulk.among(sql, sorted(numbers)))


def _unpacked(rows: Iterable[tuple[int, str]]) -> dict[int, Traits]:
    known, unkept = {}, []
    for number, text in rows:
        if text:
            known[number] = packed.load(text)
        else:
            unkept.append(number)  # stored before traits were kept
    return known | load_traits(unkept)


def load_traits(numbers: Iterable[int]) -> dict[int, Traits]:
    """The traits of some live records, with their whole descriptions."""
    rules = matching_rules()
    sql = f"SELECT record_id, description FROM {bulk.table(Bib)} WHERE record_id IN {{}}"
    return {number: traits(Description.load(text), rules) for number, text in bulk.among(sql, sorted(numbers))}
