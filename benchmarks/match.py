"""Matching against labelled sets: import, union and evaluate, as a library would run them, in a data folder of its own.

``python -m benchmarks.match --network 22000`` invents a Vietnamese network (:mod:`benchmarks.network`);
``--aco``, ``--princeton`` and ``--hcmut`` read the shared test data (``LIENTHONG_SHARED``). ``--no-identifiers`` drops
010, 020, 022, 024, 035 and the like before. ``--peers`` measures other ways of matching on the same records, ``--keep
DIR`` leaves the data folder for ``lienthong evaluate`` and ``lienthong explain``.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks import labelled


def run(*arguments: object) -> float:
    """Run the command line; seconds."""
    start = time.perf_counter()
    verbose = os.environ.get("BENCHMARK_VERBOSE")
    command = [sys.executable, "-m", "flows.cli", *map(str, arguments)]
    done = subprocess.run(command, check=False, stderr=None if verbose else subprocess.PIPE, text=True)
    if done.returncode and arguments[0] != "evaluate":
        sys.exit(f"lienthong {' '.join(map(str, arguments))}\n{done.stderr or ''}")
    return time.perf_counter() - start


def measure(found: labelled.Labelled, home: Path, asked: argparse.Namespace) -> None:
    """Import the files, make the union catalog, print the measure."""
    os.environ["LIENTHONG_HOME"] = str(home)
    taken = sum(run("import", one.path, "--library", one.library, "--format", one.format) for one in found.files)
    joined = run("union")
    print(f"{found.name}: import {taken:.1f} s, union {joined:.1f} s", flush=True)
    options = ["--peers"] * asked.peers + ["--json"] * asked.json
    run("evaluate", found.truth, "--examples", asked.examples, *options)


def chosen(asked: argparse.Namespace, folder: Path) -> list[labelled.Labelled]:
    """The labelled sets asked for, their files written into ``folder``."""
    drop = asked.no_identifiers
    found = []
    if asked.network:
        found.append(labelled.network(folder, asked.network, asked.libraries, asked.seed, drop))
    if asked.files:
        found.append(labelled.written(asked.files, folder, drop))
    for name in ("aco", "princeton", "hcmut"):
        if getattr(asked, name):
            found.append(getattr(labelled, name)(folder, drop))
    return found


def main() -> None:
    """Print a table for each set."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--network", type=int, default=0, metavar="RECORDS", help="an invented Vietnamese network")
    parser.add_argument("--libraries", type=int, default=12)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--files", type=Path, metavar="DIR", help="a network written by python -m benchmarks.network")
    for name in ("aco", "princeton", "hcmut"):
        parser.add_argument(f"--{name}", action="store_true", help=f"the labelled set {name}")
    parser.add_argument("--no-identifiers", action="store_true", help="drop 010, 020, 022, 024, 035… before")
    parser.add_argument("--peers", action="store_true", help="other ways of matching on the same records")
    parser.add_argument("--json", action="store_true", help="as JSON")
    parser.add_argument("--examples", type=int, default=10)
    parser.add_argument("--keep", type=Path, metavar="DIR", help="keep the data folder here")
    asked = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="lienthong-match-"))
    try:
        for found in chosen(asked, folder) or [labelled.network(folder, 22_000, 12, asked.seed, asked.no_identifiers)]:
            measure(found, asked.keep or folder / f"home-{found.name}", asked)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
