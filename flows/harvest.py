"""The flows ``harvest`` (one source) and ``harvest-many``: fetched into the raw store, read, swept when due, the ledger
closed."""

from __future__ import annotations

from typing import Any

from prefect import flow, task
from prefect.task_runners import ThreadPoolTaskRunner

from flows.ready import ready
from flows.side_by_side import AT_ONCE, Outcome, harvest_one
from flows.union import union

Ledger = dict[str, Any]  # {"stage", and a count for each outcome}


@task
def fetch(name: str, full: bool, now: bool) -> tuple[int, int]:
    """Pages of the source into the raw store; returns the run's number and its fencing number."""
    from flows.screen import progress
    from hub.sources import load_source
    from hub.stages import harvest as stage

    run, fence = stage.fetch(load_source(name), full=full, now=now, progress=progress(name))
    return run.pk, fence


@task
def read(name: str, run: int, fence: int) -> Ledger:
    """What is pending is read and normalized; the ledger of the run."""
    from flows.screen import progress
    from hub.catalog.models import Run
    from hub.stages.harvest import Opened, read_and_finish

    report = read_and_finish(Opened(Run.objects.get(pk=run), fence), progress(name))
    return {"stage": report.stage, **report.counts}


@task
def sweep(name: str, asked: bool) -> Ledger | None:
    """The list of all identifiers compared with what is stored, when that is asked for or due."""
    from flows.screen import progress
    from hub.sources import load_source
    from hub.stages.harvest import is_sweep_due, sweep_source

    config = load_source(name)
    if not asked and not is_sweep_due(config):
        return None
    report = sweep_source(config, progress=progress(name))
    return {"stage": report.stage, **report.counts}


@flow(name="harvest", flow_run_name="harvest-{name}")
def harvest(
    name: str, full: bool = False, publish: bool = True, swept: bool = False, now: bool = False
) -> list[Ledger]:
    """Harvest one source; with ``publish`` the union catalog follows at once."""
    ready()
    run, fence = fetch(name, full, now)
    ledgers = [read(name, run, fence)]
    found = sweep(name, swept)
    if publish:
        union()
    return [*ledgers, found] if found else ledgers


@task(task_run_name="harvest-{name}")
def one_of_many(name: str, full: bool, swept: bool, now: bool) -> Outcome:
    """One source among several; what stops it does not stop the others."""
    return harvest_one(name, full, swept, now)


@flow(name="harvest-many", task_runner=ThreadPoolTaskRunner(max_workers=AT_ONCE))  # type: ignore[arg-type]
def harvest_many(names: list[str], full: bool = False, swept: bool = False, now: bool = False) -> dict[str, Outcome]:
    """Several sources side by side: a slow one delays no other."""
    ready()
    waiting = {name: one_of_many.submit(name, full, swept, now) for name in names}
    return {name: future.result() for name, future in waiting.items()}
