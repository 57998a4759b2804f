"""How matching, merging and publishing grow with the catalog, and what 1,000 new records cost against it.

``python -m benchmarks.growth --records 250000 500000 1000000 [--new 1000]``. The records are put into the tables as an
import leaves them, so that what is measured are the three stages alone. Each size is a catalog of its own, in the
database of LIENTHONG_DATABASE_URL (which must be empty and is then of one size), else in SQLite. Printed are seconds by
the clock and of processors (all processes together; on a busy machine only these mean something), records a second of
processor time, and the peak memory of the largest process. Goals on 2 cores: matching 1,000,000 records in 60 s and
2.5 GB, merging 10,000 union records/s, 1,000 new records against 1,000,000 in 1 s, growth near linear.
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

BATCH = 10_000
GIB = 1024 * 1024  # KiB
Row = tuple[Any, ...]


class Loaded(NamedTuple):
    """The rows of some records, as normalization makes them."""

    bibs: list[Row]
    keys: list[tuple[int, int]]


def made(span: tuple[int, int]) -> Loaded:
    """Records ``start`` to ``end``, their numbers one higher."""
    from hashlib import blake2b

    from benchmarks.books import book
    from hub.catalog.full_keys import pack_keys
    from hub.match import packed
    from hub.match.describe import describe
    from hub.match.keys import keys
    from hub.match.traits import traits
    from hub.sources import matching_rules

    rules = matching_rules()
    bibs: list[Row] = []
    found: list[tuple[int, int]] = []
    for number in range(*span):
        record = book(number)
        description = describe(record)
        seen = traits(description, rules)
        own = keys(seen)
        marc = record.pack()
        digest = blake2b(marc.encode(), digest_size=16).digest()
        bibs.append((number + 1, marc, description.dump(), "", digest, pack_keys(own), 1, packed.dump(seen)))
        found += [(key, number + 1) for key in own]
    return Loaded(bibs, found)


def load(start: int, end: int) -> None:
    """Put records into the tables, due to be matched."""
    from benchmarks.books import LIBRARIES
    from hub.catalog import bulk
    from hub.catalog.models import Bib, MatchKey, Record, Source
    from hub.network.models import Library
    from hub.stages.pool import spread

    for number in range(LIBRARIES):
        library, _ = Library.objects.get_or_create(code=f"L{number}", defaults={"name_vi": f"L{number}"})
        Source.objects.get_or_create(
            name=f"l{number}", defaults={"library": library, "connector": "files", "format": "marc21"}
        )
    sources = list(Source.objects.order_by("name").values_list("id", flat=True))
    spans = [(first, min(first + BATCH, end)) for first in range(start, end, BATCH)]
    for (first, last), rows in zip(spans, spread(made, spans, len(spans)), strict=True):
        records = [
            (n + 1, sources[n % LIBRARIES], f"{n:09d}", "", "live", n + 1, n + 1, b"", 1) for n in range(first, last)
        ]
        with bulk.writing():
            columns = "id source_id identifier datestamp state raw good fingerprint due".split()  # noqa: SIM905
            bulk.insert(Record, columns, records)
            columns = "record_id marc description repairs digest keys copies traits".split()  # noqa: SIM905
            bulk.insert(Bib, columns, rows.bibs)
            bulk.insert(MatchKey, ["key", "record_id"], sorted(rows.keys))


def timed(name: str, work: Callable[[], Any], records: int) -> dict[str, int]:
    """Run a stage and print what it took."""
    before, start = os.times(), time.perf_counter()
    counts: dict[str, int] = work().counts
    taken, after = time.perf_counter() - start, os.times()
    spent = sum(after[:4]) - sum(before[:4])
    used = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)) / GIB
    print(
        f"{records:>9,} {name:<10} {taken:8.1f} s {spent:8.1f} s of processors {records / max(spent, 0.001):>9,.0f}/s"
        f"  peak {used:4.1f} GiB  {counts}",
        flush=True,
    )
    return counts


def measure(records: int, new: int) -> None:
    """One size: in a process of its own, whose children are waited for by then."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hub.web.settings")
    django.setup()
    from flows.ready import ready
    from hub.stages.match import match
    from hub.stages.merge import merge_due
    from hub.stages.publish import publish

    ready()
    load(0, records)
    timed("match", match, records)
    timed("merge", merge_due, records)
    timed("publish", publish, records)
    load(records, records + new)
    timed("match new", match, new)
    timed("merge new", merge_due, new)
    timed("publish new", publish, new)


def sizes(asked: list[int], new: int) -> Iterator[list[str]]:
    for records in asked:
        yield [sys.executable, "-m", "benchmarks.growth", "--one", str(records), "--new", str(new)]


def main() -> None:
    """Print the stages of each size."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, nargs="+", default=[100_000, 200_000])
    parser.add_argument("--new", type=int, default=1_000)
    parser.add_argument("--one", type=int, default=0, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.one:
        measure(asked.one, asked.new)
        return
    for command in sizes(asked.records, asked.new):
        home = tempfile.mkdtemp(prefix="lienthong-growth-")
        try:
            subprocess.run(command, check=True, env={**os.environ, "LIENTHONG_HOME": home})
        finally:
            shutil.rmtree(home, ignore_errors=True)


if __name__ == "__main__":
    main()
