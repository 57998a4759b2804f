"""Read and normalize what is pending: raw records into content, keys and holdings, or into quarantine."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

import orjson
import zstandard
from django.conf import settings

from hub.catalog import bulk, corrections, quarantine, runs, writes
from hub.catalog.aside import Holder, digest_of, holder, holding_rows
from hub.catalog.full_keys import pack_keys
from hub.catalog.models import RawRecord, Record, Rejection, Source
from hub.catalog.writes import Reads
from hub.match import packed
from hub.match.describe import describe
from hub.match.keys import keys
from hub.match.traits import traits
from hub.normalize.corrections import Correction, correct
from hub.normalize.holdings import ASIDE, all_holdings, checked_key
from hub.normalize.normalize import Normalized, normalize
from hub.normalize.rules import Vocabulary
from hub.normalize.suppressed import SUPPRESSED, is_suppressed
from hub.sources import matching_rules, vocabulary
from hub.stages import encoding, retry
from hub.stages.pool import processes, spread, workers
from hub.stages.report import Progress, StageReport, silent, storing
from schemas import provenance
from schemas.damage import parse_mended
from schemas.format import Format, Reading, find_format
from schemas.limits import MAX_RECORD, within
from schemas.problem import Trouble
from schemas.record import Record as Content

BATCH = 2_500
ECHO = "echo"  # kept aside: what another hub made of our own records
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


def normalize_pending(source: int = 0, *, progress: Progress = silent) -> StageReport:
    """Read every pending record of a source, or of all, and what other rules than these had rejected.

    Stopped anywhere, the next call goes on with what is still pending.
    """
    with storing():
        retry.take_outdated(source)
        encoding.weigh_pending(source)
        _manner.cache_clear()
        only = f" AND source_id = {source:d}" if source else ""
        sql = f"SELECT id FROM {bulk.table(Record)} WHERE state = 'pending'{only} ORDER BY id"
        numbers = [row[0] for row in bulk.query(sql)]
        parts = [(source, part[0], part[-1]) for part in _parts(numbers)]
        done = rejected = 0
        for reads in spread(read_range, parts, len(parts)):
            rejected += writes.store_reads(reads)
            done += len(reads.raws)
            progress("normalize", done, len(numbers))
    return StageReport("normalize", {"read": done - rejected, "rejected": rejected})


def normalize_idle(*, progress: Progress = silent) -> StageReport:
    """The same for every source that nobody is harvesting: a harvest reads what it brings itself."""
    counts = {"read": 0, "rejected": 0}
    with storing():
        sql = f"SELECT DISTINCT source_id FROM {bulk.table(Record)} WHERE state = 'pending'"
        wanted = quarantine.outdated() | {row[0] for row in bulk.query(sql)}
        idle = runs.idle()
    for source in sorted(wanted.intersection(idle)):
        report = normalize_pending(source, progress=progress)
        counts = {name: count + report.counts[name] for name, count in counts.items()}
    return StageReport("normalize", counts)


def read_now(source: int, number: int) -> None:
    """Read one pending record of a source, whatever else of it is waiting."""
    with storing():
        _manner.cache_clear()
        writes.store_reads(read_range((source, number, number)))


class ReadAhead:
    """Reads new records of a source in worker processes while more arrive, once there are enough to be worth it.

    What it has not read when it is left stays pending, for :func:`normalize_pending`.
    """

    def __init__(self, source: int, progress: Progress = silent) -> None:
        self._source = source
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
            encoding.weigh_pending(self._source)
            _manner.cache_clear()
            self._pool = processes()
        while len(self._waiting) >= BATCH:
            part, self._waiting = self._waiting[:BATCH], self._waiting[BATCH:]
            self._futures.append(self._pool.submit(read_range, (self._source, min(part), max(part))))
        while self._futures and (self._futures[0].done() or len(self._futures) > AHEAD_MOST):
            self._store()

    def _store(self) -> None:
        reads = self._futures.popleft().result()
        writes.store_reads(reads)
        self._done += len(reads.raws)
        self._progress("normalize", self._done, 0)


def _parts(numbers: list[int]) -> list[list[int]]:
    return [numbers[start : start + BATCH] for start in range(0, len(numbers), BATCH)]


def read_range(part: tuple[int, int, int]) -> Reads:
    """Read the pending records of (a source or 0 for all, first number, last number). Writes nothing."""
    source, *bounds = part
    only = f" AND r.source_id = {source:d}" if source else ""
    rows = bulk.query(
        f"SELECT r.id, r.source_id, w.id, r.good, j.record_id, w.body FROM {bulk.table(Record)} r"
        f" JOIN {bulk.table(RawRecord)} w ON w.id = r.raw"
        f" LEFT JOIN {bulk.table(Rejection)} j ON j.record_id = r.id AND j.raw = r.raw AND j.arrived"
        f" WHERE r.id BETWEEN %s AND %s AND r.state = 'pending'{only} ORDER BY r.id",
        bounds,
    )
    reads = Reads.none()
    decompress = zstandard.ZstdDecompressor().decompress
    corrected = corrections.standing(rows[0][0], rows[-1][0]) if rows else {}
    for owner, group in groupby(rows, key=itemgetter(1)):
        manner = _manner(owner)
        reads.sources.add(owner)
        for number, _, raw, _, arrived_broken, body in group:
            if arrived_broken:
                reads.raws.append((number, raw))
            else:
                read(number, raw, decompress(body), manner, reads, corrected.get(number, ()))
    refused = {row[0] for row in reads.problems}
    _fall_back(reads, [Refused(*row[:4]) for row in rows if row[4] or row[0] in refused])
    reads.keys.sort()
    return reads


class Refused(NamedTuple):
    """A record whose newest version cannot be read, and ``good``: the last version that could be."""

    number: int
    source: int
    raw: int
    good: int | None


def _fall_back(reads: Reads, refused: Sequence[Refused]) -> None:
    """Where the newest version of a record is refused, its content stays that of the last one that could be read."""
    wanted = {one.good: one for one in refused if one.good not in (None, one.raw)}
    found = Reads.none()
    decompress = zstandard.ZstdDecompressor().decompress
    corrected = corrections.standing(refused[0].number, refused[-1].number) if wanted else {}
    sql = f"SELECT id, body FROM {bulk.table(RawRecord)} WHERE id IN {{}}"
    for version, body in bulk.among(sql, wanted):
        one = wanted[version]
        read(one.number, version, decompress(body), _manner(one.source), found, corrected.get(one.number, ()))
    reads.kept.update(row[0] for row in (*found.bibs, *found.asides))
    reads.bibs.extend(found.bibs)
    reads.keys.extend(found.keys)
    reads.holdings.extend(found.holdings)
    reads.asides.extend(found.asides)
    for rows in (reads.bibs, reads.asides):
        rows.sort(key=itemgetter(0))
    told = {row[0] for row in reads.problems}
    lost = (one for one in refused if one.number not in told and one.number not in reads.kept)
    reads.problems.extend((one.number, one.raw, "record_unreadable", {}) for one in lost)


def read(
    number: int, raw: int, body: bytes, manner: Manner, reads: Reads, corrected: Sequence[Correction] = ()
) -> None:
    """Read, normalize and describe one raw record; whatever its bytes are, ``reads`` has an answer afterwards.

    ``corrected`` are the corrections of its fields that stand.
    """
    reads.raws.append((number, raw))
    try:
        if len(body) > MAX_RECORD:
            raise Trouble("record_too_long", limit=MAX_RECORD)
        parsed, mended = parse_mended(manner.format, body, manner.reading)
        within(parsed)
        record, marc, repairs = _normalized(parsed, manner.vocabulary, corrected)
        if kind := ASIDE.get(record.leader[6:7]):
            reads.asides.append((number, manner.source, kind, checked_key(kind, record, marc), marc))
            return
        if is_suppressed(parsed, manner.reading.suppressed):
            reads.asides.append((number, manner.source, SUPPRESSED, "", marc))
            return
        if is_echo(body):
            reads.asides.append((number, manner.source, ECHO, "", marc))
            return
        description = describe(record)
        seen = traits(description, matching_rules())
        numbers = keys(seen)
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
    reads.bibs.append(
        (number, marc, description.dump(), repaired, digest, pack_keys(numbers), copies, packed.dump(seen))
    )
    reads.keys.extend([(key, number) for key in numbers])
    reads.holdings.extend(holding_rows(number, manner.holder.library, held))


def is_echo(body: bytes) -> bool:
    """Whether a harvested record was made of ours: its provenance names an identifier of this hub."""
    ours = f"oai:{settings.OAI_NAMESPACE}:"
    return any(one.identifier.startswith(ours) for origin in provenance.read(body) for one in origin.chain())


def _normalized(parsed: Content, vocabulary: Vocabulary, corrected: Sequence[Correction]) -> Normalized:
    """The record said the hub's way, with the corrections of its library that stand."""
    first = normalize(parsed, vocabulary)
    if not corrected:
        return first
    made = correct(parsed, first.record, corrected)
    again = normalize(made.record, vocabulary)
    return Normalized(again.record, again.packed, [*first.repairs, *made.repairs, *again.repairs])
