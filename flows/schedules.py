"""Deployments and schedules from the source files: the YAML says when, Prefect does it."""

from __future__ import annotations

import warnings

from prefect import serve
from prefect.schedules import Cron

from flows.harvest import harvest
from flows.screen import complain
from flows.union import union
from hub.sources import read_source, source_files
from hub.web.settings import TIME_ZONE
from schemas.problem import Trouble

AT_ONCE = 4


def deploy() -> None:
    """Serve one deployment a source, by its own schedule, and one of the union; stays until interrupted.

    A source whose file is wrong is said and left out: it does not keep the others from their harvests.
    """
    deployments = [union.to_deployment(name="union", description="match → merge → publish")]
    for path in source_files():
        try:
            entry = read_source(path).entry
        except Trouble as trouble:
            complain(trouble.problem)
            continue
        schedule = Cron(entry.schedule, timezone=TIME_ZONE) if entry.schedule else None
        deployments.append(
            harvest.to_deployment(
                name=path.stem,
                parameters={"name": path.stem},
                schedule=schedule,
                tags=["harvest", entry.library.code],
            )
        )
    # Prefect's runner leaves a coroutine behind when it is ended by a signal
    warnings.filterwarnings("ignore", message="coroutine 'Runner.astop'", category=RuntimeWarning)
    serve(*deployments, limit=AT_ONCE, print_starting_message=False)  # type: ignore[arg-type]
