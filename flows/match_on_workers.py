"""Matching on several workers: ``python -m flows.match_on_workers --workers 2 --ranges 8``, then ``lienthong union``.

Each task is a range of blocking keys; it reads the database, compares, and gives links back; this process stores them.
Here the workers are processes of this machine (Prefect's process pool). With a task runner that reaches other machines
(Prefect's for Dask or Ray) the same flow runs there: ``match_on_workers.with_options(task_runner=…)``; they need the
program, ``harvest_config`` and ``LIENTHONG_DATABASE_URL``.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from typing import Any

from flows.ready import environment

environment()

from prefect import flow, task  # noqa: E402
from prefect.task_runners import ProcessPoolTaskRunner  # noqa: E402

from flows.ready import ready  # noqa: E402

Range = tuple[int, int]
Link = tuple[int, int, str, float, str]


@task
def links_of(keys: Range, full: tuple[int, ...]) -> list[Link]:
    """The links that the blocking keys of a range give."""
    ready()
    from hub.stages import ranges

    return ranges.links_of(ranges.Asked(ranges.Range(*keys), full))


@flow(name="match-on-workers")
def match_on_workers(parts: int = 16) -> dict[str, int]:
    """The links of what is due, found by ranges of keys; they are the same however many workers there are."""
    ready()
    from hub.stages.ranges import Asked, match_by_ranges

    def ask(asked: Sequence[Asked]) -> Iterator[list[Link]]:
        waiting = [links_of.submit((one.keys.low, one.keys.high), one.full) for one in asked]
        for future in waiting:
            yield future.result()

    return match_by_ranges(parts, ask).counts


def main() -> None:
    """Run the flow on processes of this machine and print the counts."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--workers", type=int, default=2, help="processes")
    parser.add_argument("--ranges", type=int, default=16, help="parts of the work")
    asked = parser.parse_args()
    processes: Any = ProcessPoolTaskRunner(max_workers=asked.workers)
    print(json.dumps(match_on_workers.with_options(task_runner=processes)(asked.ranges)))


if __name__ == "__main__":
    main()
