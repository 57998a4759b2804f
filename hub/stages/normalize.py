"""Read and normalize what is pending: raw records into content, keys and holdings, or into quarantine."""

from __future__ import annotations

from functools import lru_cache
from hashlib import blake2b
from itertools import groupby
from typing import NamedTuple

import orjson
import zstandard

from hub.catalog import bulk, writes
from hub.catalog.models import RawRecord, Record, Source
from hub.catalog.writes import Read
from hub.match.describe import describe
from hub.match.keys import keys
from hub.normalize.holdings import holdings
from hub.normalize.normalize import normalize
from hub.stages.pool import spread
from hub.stages.report import Progress, StageReport, silent, storing
from schemas.format import Format, Reading, find_format
from schemas.problem import Problem, Trouble

BATCH = 2_500
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
        for reads, libraries in spread(read_range, ranges, len(ranges)):
            rejected += writes.store_reads(reads, libraries, ledger=ledger)
            done += len(reads)
            progress("normalize", done, len(numbers))
    return StageReport("normalize", {"read": done - rejected, "rejected": rejected})


def _parts(numbers: list[int]) -> list[list[int]]:
    return [numbers[start : start + BATCH] for start in range(0, len(numbers), BATCH)]


def read_range(bounds: tuple[int, int]) -> tuple[list[Read], dict[int, str]]:
    """Read the pending records of a range of numbers: what each says, and whose it is. Writes nothing."""
    rows = bulk.query(
        f"SELECT r.id, r.source_id, w.id, w.body FROM {bulk.table(Record)} r"
        f" JOIN {bulk.table(RawRecord)} w ON w.id = r.raw"
        " WHERE r.id BETWEEN %s AND %s AND r.state = 'pending' ORDER BY r.id",
        bounds,
    )
    reads, libraries = [], {}
    decompress = zstandard.ZstdDecompressor().decompress
    for source, group in groupby(rows, key=lambda row: row[1]):
        manner = _manner(source)
        for number, _, raw, body in group:
            reads.append(read(number, raw, decompress(body), manner))
            libraries[number] = manner.library
    return reads, libraries


def read(number: int, raw: int, body: bytes, manner: Manner) -> Read:
    """One raw record read, normalized and described; whatever its bytes are, the answer is a :class:`Read`."""
    try:
        record, marc, repairs = normalize(manner.format.parse(body, manner.reading))
        description = describe(record)
        held = [(h.location[:300], h.call_number[:300], "\n".join(h.accessions), h.copies) for h in holdings(record)]
    except Trouble as trouble:
        return Read(number, raw, problem=trouble.problem)
    except Exception as error:  # a record must not stop a harvest, whatever it holds
        return Read(
            number, raw, problem=Problem("record_unreadable", {"detail": f"{type(error).__name__}: {error}"[:300]})
        )
    return Read(
        number=number,
        raw=raw,
        marc=marc,
        description=description.dump(),
        repairs=orjson.dumps(repairs).decode() if repairs else "",
        digest=blake2b(marc.encode("utf-8", "surrogatepass"), digest_size=16).digest(),
        keys=tuple(keys(description)),
        holdings=tuple(held or ([("", "", "", 1)] if manner.holds else [])),
    )
