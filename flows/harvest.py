"""The flow ``harvest``: one source fetched into the raw store, read, normalized, and its ledger closed."""

from __future__ import annotations

from typing import Any

from prefect import flow, task

from flows.ready import ready
from flows.union import union


@task
def fetch(name: str, full: bool) -> tuple[int, int]:
    """Pages of the source into the raw store; returns the run's number and its fencing number."""
    from flows.screen import progress
    from hub.sources import load_source
    from hub.stages import harvest as stage

    run, fence = stage.fetch(load_source(name), full=full, progress=progress(name))
    return run.pk, fence


@task
def read(name: str) -> dict[str, int]:
    """What is pending is read and normalized."""
    from flows.screen import progress
    from hub.stages.normalize import normalize_pending

    return normalize_pending(progress=progress(name)).counts


@task
def close(run: int, fence: int) -> dict[str, int]:
    """The ledger of the run."""
    from hub.catalog.models import Run
    from hub.stages.harvest import finish

    return finish(Run.objects.get(pk=run), fence).counts


@flow(name="harvest", flow_run_name="harvest-{name}")
def harvest(name: str, full: bool = False, publish: bool = True) -> dict[str, Any]:
    """Harvest one source; with ``publish`` the union catalog follows at once."""
    ready()
    run, fence = fetch(name, full)
    read(name)
    ledger = close(run, fence)
    if publish:
        union()
    return ledger
