"""Deployments and schedules from the source files: the YAML says when, Prefect does it.

The files are looked at again and again, so that a source that was set up, changed, paused or taken away on the desk is
so for its schedule too, without a restart.
"""

from __future__ import annotations

import asyncio
import warnings
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

from asgiref.sync import sync_to_async
from prefect.client.orchestration import get_client
from prefect.runner import Runner
from prefect.schedules import Cron

from flows.harvest import harvest
from flows.screen import complain
from flows.union import union
from hub.sources import read_source, source_files
from hub.web.settings import TIME_ZONE
from schemas.problem import Trouble

AT_ONCE = 4
LOOK = 5.0  # seconds between two looks at the source files


class Plan(NamedTuple):
    """What a source's deployment is made of."""

    schedule: str
    library: str


def plans() -> dict[str, Plan]:
    """The plan of each source by its name; a paused one has no schedule.

    A source whose file is wrong is said and left out: it does not keep the others from their harvests.
    """
    from django.db import DatabaseError

    from hub.operations.pauses import all_paused

    try:
        paused = all_paused()
    except DatabaseError:
        paused = {}
    found = {}
    for path in source_files():
        try:
            entry = read_source(path).entry
        except Trouble as trouble:
            complain(trouble.problem)
            continue
        found[path.stem] = Plan("" if path.stem in paused else entry.schedule, entry.library.code)
    return found


class Look(NamedTuple):
    """What was seen of the folder of sources and of the pauses; equal looks need no second reading."""

    files: tuple[tuple[str, int, int], ...]
    paused: tuple[str, ...]


def look() -> Look:
    """The source files with their times and sizes, and what is paused."""
    from hub.operations.models import Pause

    return Look(
        tuple(_stat(path) for path in source_files()), tuple(sorted(Pause.objects.values_list("pk", flat=True)))
    )


def _stat(path: Path) -> tuple[str, int, int]:
    with suppress(OSError):
        stat = path.stat()
        return path.stem, stat.st_mtime_ns, stat.st_size
    return path.stem, 0, 0


def changes(before: dict[str, Plan], now: dict[str, Plan]) -> tuple[dict[str, Plan], set[str]]:
    """(what is new or has changed, what is no more)."""
    return {name: plan for name, plan in now.items() if before.get(name) != plan}, before.keys() - now.keys()


async def _deployment(name: str, plan: Plan) -> Any:
    schedule = Cron(plan.schedule, timezone=TIME_ZONE) if plan.schedule else None
    tags = ["harvest", plan.library]
    return await harvest.ato_deployment(name=name, parameters={"name": name}, schedule=schedule, tags=tags)


class Schedules:
    """The deployments of a runner, kept as the source files say."""

    def __init__(self, runner: Any) -> None:
        self.runner = runner
        self.plans: dict[str, Plan] = {}
        self.seen: Look | None = None
        self.numbers: dict[str, Any] = {}

    async def renew(self) -> None:
        """Bring the deployments up to date, where something has changed."""
        seen = await sync_to_async(look)()
        if seen == self.seen:
            return
        now = await sync_to_async(plans)()
        changed, gone = changes(self.plans, now)
        for name, plan in changed.items():
            self.numbers[name] = await self.runner.aadd_deployment(await _deployment(name, plan))
        async with get_client() as client:
            for name in gone:
                await client.pause_deployment(self.numbers[name])
        self.plans, self.seen = now, seen

    async def watch(self) -> None:
        """Look again and again; what goes wrong is said, and tried again."""
        while True:
            await asyncio.sleep(LOOK)
            try:
                await self.renew()
            except Trouble as trouble:
                complain(trouble.problem)
            except Exception as error:  # Prefect's or the database's; the next look tries again
                warnings.warn(f"schedules: {type(error).__name__}: {error}", RuntimeWarning, stacklevel=1)


async def _serve() -> None:
    runner = Runner(pause_on_shutdown=True, limit=AT_ONCE)
    description = "match → merge → publish"
    await runner.aadd_deployment(await union.ato_deployment(name="union", description=description))
    schedules = Schedules(runner)
    await schedules.renew()
    watching = asyncio.create_task(schedules.watch())
    try:
        await runner.start()
    finally:
        watching.cancel()


def deploy() -> None:
    """Serve one deployment a source, by its own schedule, and one of the union; stays until interrupted."""
    # Prefect's runner leaves a coroutine behind when it is ended by a signal
    warnings.filterwarnings("ignore", message="coroutine 'Runner.astop'", category=RuntimeWarning)
    with suppress(KeyboardInterrupt):
        asyncio.run(_serve())
