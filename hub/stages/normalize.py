"""Read and normalize what is pending: raw records into content, keys and holdings, or into quarantine."""

from __future__ import annotations

from collections import deque
from concurrent.futures import Future, ProcessPoolExecutor
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

import orjson
import zstandard

from hub.catalog import bulk, writes
from hub.catalog.aside import Holder, digest_of, holder, holding_rows
from hub.catalog.models import RawRecord, Record, Source
from hub.catalog.writes import Reads
from hub.match.describe import describe
from hub.match.keys import keys
from hub.normalize.holdings import ASIDE, all_holdings, checked_key
from hub.normalize.normalize import normalize
from hub.normalize.rules import Vocabulary
from hub.sources import matching_rules, vocabulary
from hub.stages import encoding, retry
from hub.stages.pool import processes, spread, workers
from hub.stages.report import Progress, StageReport, silent, storing
from schemas.damage import parse_mended
from schemas.format import Format, Reading, find_format
from schemas.problem import Trouble

BATCH = 2_500
AHEAD_FROM = 15_000  # new records in one harvest from which worker processes are worth their start
AHEAD_MOST = 6  # batches in flight: bounds memory


class Manner(NamedTuple):
    """How the records of a source are read."""

    source: int
    format: Format
    reading: Reading
    holder: Holder
    vocabulary: Vocabulary


@lru_cache(maxsize=4096)
def _manner(source: int) -> Manner:
    return manner_of(Source.objects.select_related("library").get(pk=source))


def manner_of(source: Source) -> Manner:
    """How the records of a source (with its library) are read; it need not be stored."""
    return Manner(source.pk or 0, find_format(source.format), encoding.reading_of(source), holder(source), vocabulary())


def normalize_pending(*, progress: Progress = silent) -> StageReport:
    """Read every pending record, and what other rules than these had rejected.

    Stopped anywhere, the next call goes on with what is still pending.
    """
    with storing():
        retry.take_outdated()
        encoding.weigh_pending()
        _manner.cache_clear()
        numbers = [
            row[0] for row in bulk.query(f"SELECT id FROM {bulk.table(Record)} WHERE state = 'pending' ORDER BY id")
        ]
        ranges = [(part[0], part[-1]) for part in _parts(numbers)]
        done = rejected = 0
        for reads in spread(read_range, ranges, len(ranges)):
            rejected += writes.store_reads(reads)
            done += len(reads.raws)
            progress("normalize", done, len(numbers))
    return StageReport("normalize", {"read": done - rejected, "rejected": rejected})


class ReadAhead:
    """Reads new records in worker processes while more of them arrive, once there are enough to be worth it.

    What it has not read when it is left stays pending, for :func:`normalize_pending`.
    """

    def __init__(self, progress: Progress = silent) -> None:
        self._progress = progress
        self._waiting: list[int] = []
        self._arrived = self._done = 0
        self._pool: ProcessPoolExecutor | None = None
        self._futures: deque[Future[Reads]] = deque()

    def __enter__(self) -> ReadAhead:
        _manner.cache_clear()
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if self._pool is None:
            return
        while self._futures and kind is None:
            self._store()
        self._pool.shutdown(cancel_futures=True)

    def take(self, numbers: list[int]) -> None:
        """These records have arrived."""
        self._waiting += numbers
        self._arrived += len(numbers)
        if workers() == 1 or self._arrived < AHEAD_FROM:
            return
        if self._pool is None:
            encoding.weigh_pending()
            _manner.cache_clear()
            self._pool = processes()
        while len(self._waiting) >= BATCH:
            part, self._waiting = self._waiting[:BATCH], self._waiting[BATCH:]
            self._futures.append(self._pool.submit(read_range, (min(part), max(part))))
        while self._futures and (self._futures[0].done() or len(self._futures) > AHEAD_MOST):
            self._store()

    def _store(self) -> None:
        reads = self._futures.popleft().result()
        writes.store_reads(reads)
        self._done += len(reads.raws)
        self._progress("normalize", self._done, 0)


def _parts(numbers: list[int]) -> list[list[int]]:
    return [numbers[start : start + BATCH] for start in range(0, len(numbers), BATCH)]


def read_range(bounds: tuple[int, int]) -> Reads:
    """Read the pending records of a range of numbers. Writes nothing."""
    rows = bulk.query(
        f"SELECT r.id, r.source_id, w.id, w.body FROM {bulk.table(Record)} r"
        f" JOIN {bulk.table(RawRecord)} w ON w.id = r.raw"
        " WHERE r.id BETWEEN %s AND %s AND r.state = 'pending' ORDER BY r.id",
        bounds,
    )
    reads = Reads.none()
    decompress = zstandard.ZstdDecompressor().decompress
    for source, group in groupby(rows, key=itemgetter(1)):
        manner = _manner(source)
        reads.sources.add(source)
        for number, _, raw, body in group:
            read(number, raw, decompress(body), manner, reads)
    reads.keys.sort()
    return reads


def read(number: int, raw: int, body: bytes, manner: Manner, reads: Reads) -> None:
    """Read, normalize and describe one raw record; whatever its bytes are, ``reads`` has an answer afterwards."""
    reads.raws.append((number, raw))
    try:
        parsed, mended = parse_mended(manner.format, body, manner.reading)
        record, marc, repairs = normalize(parsed, manner.vocabulary)
        if kind := ASIDE.get(record.leader[6:7]):
            reads.asides.append((number, manner.source, kind, checked_key(kind, record, marc), marc))
            return
        description = describe(record)
        numbers = keys(description, matching_rules())
        held = all_holdings(record, (), manner.holder.items, holds=manner.holder.holds)
        digest = digest_of(marc, manner.holder.seal)
    except Trouble as trouble:
        reads.problems.append((number, raw, trouble.problem.code, trouble.problem.facts))
        return
    except Exception as error:  # a record must not stop a harvest, whatever it holds
        detail = f"{type(error).__name__}: {error}"[:300]
        reads.problems.append((number, raw, "record_unreadable", {"detail": detail}))
        return
    repaired = orjson.dumps([*mended, *repairs]).decode() if mended or repairs else ""
    copies = sum(h.copies for h in held)
    reads.bibs.append((number, marc, description.dump(), repaired, digest, writes.pack_keys(numbers), copies))
    reads.keys.extend([(key, number) for key in numbers])
    reads.holdings.extend(holding_rows(number, manner.holder.library, held))
