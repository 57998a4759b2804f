"""Read and normalize what is pending: raw records into content, keys and holdings, or into quarantine."""

from __future__ import annotations

from functools import lru_cache
from hashlib import blake2b
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

import orjson
import zstandard

from hub.catalog import bulk, writes
from hub.catalog.models import RawRecord, Record, Source
from hub.catalog.writes import Reads
from hub.match.describe import describe
from hub.match.keys import keys
from hub.normalize.holdings import Held, holdings
from hub.normalize.normalize import normalize
from hub.stages.pool import spread
from hub.stages.report import Progress, StageReport, silent, storing
from schemas.format import Format, Reading, find_format
from schemas.problem import Trouble

BATCH = 2_500
IMPLIED = Held("", "", (), 1)  # a library's record without items still says that the library has the book
NO_HOLDINGS = ("publisher",)  # kinds that announce books and do not hold them


class Manner(NamedTuple):
    """How the records of a source are read."""

    format: Format
    reading: Reading
    library: str
    holds: bool


@lru_cache(maxsize=4096)
def _manner(source: int) -> Manner:
    row = Source.objects.select_related("library").get(pk=source)
    reading = Reading(**row.settings.get("reading", {}))
    return Manner(find_format(row.format), reading, row.library_id, row.library.kind not in NO_HOLDINGS)


def normalize_pending(*, progress: Progress = silent, ledger: bool = True) -> StageReport:
    """Read every pending record. Stopped anywhere, the next call goes on with what is still pending."""
    _manner.cache_clear()
    with storing():
        numbers = [
            row[0] for row in bulk.query(f"SELECT id FROM {bulk.table(Record)} WHERE state = 'pending' ORDER BY id")
        ]
        ranges = [(part[0], part[-1]) for part in _parts(numbers)]
        done = rejected = 0
        for reads in spread(read_range, ranges, len(ranges)):
            rejected += writes.store_reads(reads, ledger=ledger)
            done += len(reads.raws)
            progress("normalize", done, len(numbers))
    return StageReport("normalize", {"read": done - rejected, "rejected": rejected})


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
    reads = Reads([], [], [], [], [])
    decompress = zstandard.ZstdDecompressor().decompress
    for source, group in groupby(rows, key=itemgetter(1)):
        manner = _manner(source)
        for number, _, raw, body in group:
            read(number, raw, decompress(body), manner, reads)
    reads.keys.sort()
    return reads


def read(number: int, raw: int, body: bytes, manner: Manner, reads: Reads) -> None:
    """Read, normalize and describe one raw record; whatever its bytes are, ``reads`` has an answer afterwards."""
    reads.raws.append((number, raw))
    try:
        record, marc, repairs = normalize(manner.format.parse(body, manner.reading))
        description = describe(record)
        numbers = keys(description)
        held = holdings(record) or ([IMPLIED] if manner.holds else [])
        digest = blake2b(marc.encode("utf-8"), digest_size=16).digest()
    except Trouble as trouble:
        reads.problems.append((number, raw, trouble.problem.code, trouble.problem.facts))
        return
    except Exception as error:  # a record must not stop a harvest, whatever it holds
        detail = f"{type(error).__name__}: {error}"[:300]
        reads.problems.append((number, raw, "record_unreadable", {"detail": detail}))
        return
    repaired = orjson.dumps(repairs).decode() if repairs else ""
    copies = sum(h.copies for h in held)
    reads.bibs.append((number, marc, description.dump(), repaired, digest, writes.pack_keys(numbers), copies))
    reads.keys.extend([(key, number) for key in numbers])
    for h in held:
        accessions = "\n".join(h.accessions)
        reads.holdings.append((number, manner.library, h.location[:300], h.call_number[:300], accessions, h.copies))
