"""The whole path: file → stored → read → matched → merged → searchable, with memory, and the cost of 1,000 changes.

``python -m benchmarks.path [--records N ...] [--changes N]``. Everything runs as a library would run it: an import of a
file into an empty data folder, then the union; the database is the one of LIENTHONG_DATABASE_URL, else SQLite.
Goals at 1,000,000 records on 2 cores: 12,000 records/s, memory that does not grow with the records,
1,000 changes in 5 s.
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
from itertools import islice
from pathlib import Path

from benchmarks.books import LIBRARIES, book, books
from schemas.marc21 import to_iso2709


def write_files(folder: Path, count: int) -> list[Path]:
    """One file a library."""
    paths = [folder / f"library-{number}.mrc" for number in range(LIBRARIES)]
    streams = [path.open("wb") for path in paths]
    for number, body in enumerate(books(count)):
        streams[number % LIBRARIES].write(body)
    for stream in streams:
        stream.close()
    return paths


def change_file(folder: Path, count: int, changes: int) -> Path:
    """A file of one library with some of its records changed."""
    path = folder / "changes.mrc"
    numbers = islice(range(0, count, max(1, count // changes // LIBRARIES * LIBRARIES)), changes)
    path.write_bytes(b"".join(to_iso2709(book(number, note=" changed")) for number in numbers))
    return path


def run(*arguments: str) -> tuple[float, int]:
    """Run the command line; seconds, and the largest process' memory in MiB."""
    start = time.perf_counter()
    command = [sys.executable, "-m", "flows.cli", *arguments]
    subprocess.run(command, check=True, stderr=None if os.environ.get("BENCHMARK_VERBOSE") else subprocess.DEVNULL)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    return time.perf_counter() - start, peak


def measure(count: int, changes: int) -> float:
    """One size; returns records a second."""
    folder = Path(tempfile.mkdtemp(prefix="lienthong-benchmark-"))
    os.environ["LIENTHONG_HOME"] = str(folder / "var")
    try:
        paths = write_files(folder, count)
        imports = [run("import", str(path), "--library", f"L{n}", "--format", "marc21") for n, path in enumerate(paths)]
        taken = sum(seconds for seconds, _ in imports)
        union, peak = run("union")
        total = taken + union
        print(
            f"{count:>9,} records: import {count / taken:>7,.0f}/s, union {count / union:>7,.0f}/s, "
            f"whole path {count / total:>7,.0f}/s ({total:.1f} s), peak {max(peak, *[m for _, m in imports])} MiB"
        )
        changed = change_file(folder, count, changes)
        first, _ = run("import", str(changed), "--library", "L0", "--format", "marc21")
        second, _ = run("union")
        print(f"{'':>9} {changes:,} changes: import {first:.1f} s, union {second:.1f} s, both {first + second:.1f} s")
        return count / total
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def main() -> None:
    """Print a line for each size and the ratio between the sizes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, nargs="+", default=[50_000, 200_000])
    parser.add_argument("--changes", type=int, default=1_000)
    arguments = parser.parse_args()
    speeds = [measure(count, arguments.changes) for count in arguments.records]
    if len(speeds) > 1:
        print(f"speed at the largest size ÷ at the smallest: {speeds[-1] / speeds[0]:.2f} (1.00 = linear)")


if __name__ == "__main__":
    main()
