"""The flows ``harvest`` (one source) and ``harvest-many``: fetched into the raw store, read, swept when due, the ledger
closed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from prefect import flow, task
from prefect.deployments import run_deployment
from prefect.runtime import deployment, flow_run
from prefect.task_runners import ThreadPoolTaskRunner

from flows.ready import ready
from flows.side_by_side import AT_ONCE, Outcome, Work, work_off
from flows.union import union
from schemas.problem import Trouble

Ledger = dict[str, Any]  # {"stage", and a count for each outcome}
AGAIN = timedelta(minutes=5)  # after which a scheduled harvest whose server is busy is tried again
MOST_TRIES = 12 * 24  # a day of them


@task
def fetch(
    name: str,
    full: bool,
    now: bool,
    patient: bool = True,
    window: tuple[str, str] | None = None,
    request: int = 0,
) -> tuple[int, int]:
    """Pages of the source into the raw store; returns the run's number and its fencing number."""
    from flows.watching import Watch
    from hub.sources import load_source
    from hub.stages import harvest as stage

    watch = Watch(name, request)
    watch.begin(request, scheduled=bool(deployment.id), flow_run=str(flow_run.id or ""))
    with watch.failing():
        opened = stage.fetch(load_source(name), full=full, now=now, patient=patient, window=window, progress=watch)
    watch.tell()
    return opened.run.pk, opened.fence


@task
def read(name: str, run: int, fence: int, request: int = 0) -> Ledger:
    """What is pending of the source is read and normalized; the ledger of the run."""
    from flows.watching import Watch
    from hub.catalog.models import Run
    from hub.stages.harvest import Opened, read_and_finish

    watch = Watch(name, request, run)
    with watch.failing():
        report = read_and_finish(Opened(Run.objects.get(pk=run), fence), watch)
    watch.ended(run)
    return {"stage": report.stage, **report.counts}


@task
def sweep(name: str, asked: bool, patient: bool = True, request: int = 0) -> Ledger | None:
    """The list of all identifiers compared with what is stored, when that is asked for or due.

    Not ``patient``, a sweep that is only due waits for the next harvest when the server is busy.
    """
    from flows.watching import Watch
    from hub.sources import load_source
    from hub.stages.harvest import is_sweep_due, sweep_source

    config = load_source(name)
    if not asked and not is_sweep_due(config):
        return None
    watch = Watch(name, request)
    try:
        with watch.failing():
            report = sweep_source(config, patient=patient or asked, progress=watch)
    except Trouble as trouble:
        if asked or patient or trouble.problem.code != "host_busy":
            raise
        return None
    if run := watch.journal.find_run():
        watch.ended(run)
    return {"stage": report.stage, **report.counts}


@flow(name="harvest", flow_run_name="harvest-{name}")
def harvest(
    name: str,
    full: bool = False,
    publish: bool = True,
    swept: bool = False,
    now: bool = False,
    tries: int = 1,
    window: list[str] | None = None,
    request: int = 0,
) -> list[Ledger]:
    """Harvest one source; with ``publish`` the union catalog follows at once.

    Run by its schedule, it gives its place to other sources when its server is busy, and is scheduled anew; a source
    that is paused it leaves alone. ``request`` is the number of the request that asked for it.
    """
    ready()
    scheduled = bool(deployment.id)
    if scheduled and _is_paused(name):
        return []
    days = (window[0], window[1]) if window else None
    try:
        run, fence = fetch(name, full, now, not scheduled, days, request)
    except Trouble as trouble:
        if trouble.problem.code != "host_busy" or not scheduled or tries >= MOST_TRIES:
            raise
        _later({"name": name, "full": full, "publish": publish, "swept": swept, "now": now, "tries": tries + 1})
        return []
    ledgers = [read(name, run, fence, request)]
    found = sweep(name, swept, patient=not scheduled, request=request if swept else 0) if not window else None
    if publish:
        _follow(name, run)
    return [*ledgers, found] if found else ledgers


def _follow(name: str, run: int) -> None:
    """The union catalog follows the run, which says so in its log."""
    from flows.watching import Watch

    watch = Watch(name, run=run)
    try:
        watch.united(union().get("changed", 0))
    except Trouble:
        watch.journal.say("union_failed")
        raise


def _is_paused(name: str) -> bool:
    from hub.operations.pauses import paused

    return paused(name) is not None


def _later(parameters: dict[str, Any]) -> None:
    """The same run of this deployment a little later."""
    run_deployment(
        deployment.id,
        parameters=parameters,
        scheduled_time=datetime.now(UTC) + AGAIN,
        timeout=0,
        as_subflow=False,
    )


@flow(name="harvest-many", task_runner=ThreadPoolTaskRunner(max_workers=AT_ONCE))  # type: ignore[arg-type]
def harvest_many(names: list[str], full: bool = False, swept: bool = False, now: bool = False) -> dict[str, Outcome]:
    """Several sources side by side: a slow one delays no other, and neither do many of one slow server."""
    ready()
    works = {name: Work(name, full, swept, now) for name in names}

    @task(task_run_name="harvest-{name}")
    def one_of_many(name: str) -> Outcome:
        """One source among several; what stops it does not stop the others."""
        return works[name].go_on()

    return work_off(works.values(), lambda work: one_of_many.submit(work.name))
