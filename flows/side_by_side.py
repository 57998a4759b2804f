"""Several sources harvested side by side in threads: they mostly wait for their servers, and a slow one delays no
other."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from schemas.problem import Trouble

AT_ONCE = 8

Outcome = list[dict[str, Any]] | Trouble


def harvest_one(name: str, full: bool, sweep: bool, now: bool, *, shown: bool = False) -> Outcome:
    """The ledgers of a source's runs, or what stopped it; ``shown`` tells of progress."""
    from django.db import connections

    from flows.screen import progress
    from hub.sources import load_source
    from hub.stages.harvest import harvest
    from hub.stages.report import silent

    try:
        config = load_source(name)
        reports = harvest(config, full=full, swept=sweep, now=now, progress=progress(name) if shown else silent)
        return [{"stage": report.stage, **report.counts} for report in reports]
    except Trouble as trouble:
        return trouble
    finally:
        connections.close_all()


def harvest_all(names: Sequence[str], full: bool, sweep: bool, now: bool) -> dict[str, Outcome]:
    """The outcome of each source, in the order of the names."""
    shown = len(names) == 1
    with ThreadPoolExecutor(min(AT_ONCE, len(names) or 1)) as pool:
        waiting = {name: pool.submit(harvest_one, name, full, sweep, now, shown=shown) for name in names}
        return {name: future.result() for name, future in waiting.items()}
