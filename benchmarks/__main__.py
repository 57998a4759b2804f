"""Run every benchmark, one after the other: ``python -m benchmarks``; each takes its own options when run alone."""

from __future__ import annotations

import subprocess
import sys

ALL = ("parse", "harvest", "path")


def main() -> None:
    """Each benchmark in a process of its own, so that none warms up or burdens the next."""
    for name in ALL:
        print(f"— {name}", flush=True)
        subprocess.run([sys.executable, "-m", f"benchmarks.{name}"], check=True)


if __name__ == "__main__":
    main()
