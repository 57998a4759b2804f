"""Harvest one source: pages of raw records into the raw store, each with its checkpoint and its ledger."""

from __future__ import annotations

import getpass
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from hub.catalog import writes
from hub.catalog.models import Run, Source
from hub.network.models import Library
from hub.sources import SourceConfig
from hub.stages.normalize import ReadAhead
from hub.stages.report import Progress, StageReport, silent, storing
from schemas.problem import Problem, Trouble


def known_source(config: SourceConfig) -> Source:
    """The source's row and its library's, made or brought up to date from the configuration."""
    entry = config.entry.library
    with storing():
        library = Library.objects.filter(pk=entry.code).first()
        if entry.name is not None:
            names = {"name_vi": entry.name.vi, "name_en": entry.name.en, "kind": entry.kind, "unit": entry.unit}
            library, _ = Library.objects.update_or_create(code=entry.code, defaults=names)
        if library is None:
            raise Trouble("library_unknown", code=entry.code, source=config.name)
        settings = {"reading": config.entry.reading.model_dump(), "options": config.options.model_dump(mode="json")}
        values: dict[str, Any] = {
            "library": library,
            "connector": config.entry.connector,
            "format": config.entry.format,
            "schedule": config.entry.schedule,
            "trust": config.entry.trust,
            "settings": settings,
        }
        return writes.keep_source(config.name, values, by=whoever())


def whoever() -> str:
    """Who runs this: the account and the machine."""
    try:
        return f"{getpass.getuser()}@{socket.gethostname()}"
    except (KeyError, OSError):
        return f"{os.getuid()}@{socket.gethostname()}"


@contextmanager
def _closing(run: Run, fence: int) -> Iterator[None]:
    """A run that is stopped by a problem ends as failed, with the reason."""
    try:
        yield
    except Trouble as trouble:
        if trouble.problem.code not in ("lease_lost", "disk_full"):
            writes.close_run(run, fence, Run.Status.FAILED, [trouble.problem])
        raise


def fetch(config: SourceConfig, *, full: bool = False, progress: Progress = silent) -> tuple[Run, int]:
    """Fetch what the source has and store it raw; returns the run, still open, and its fencing number.

    Stopped anywhere, the next call goes on after the last stored page.
    """
    source = known_source(config)
    owner = f"{socket.gethostname()}:{os.getpid()}"
    with storing():
        run, fence = writes.open_run(source, owner, full)
        with _closing(run, fence):
            complete = False
            notes: list[Problem] = []
            fresh = full and not run.pages
            with ReadAhead(progress) as ahead:
                for page in config.connector.pages(config.job(source.checkpoint, full=fresh)):
                    ahead.take(writes.store_page(run, fence, page.records, page.checkpoint, page.announced))
                    notes += page.notes
                    complete = page.complete
                    run.refresh_from_db()
                    progress("harvest", run.received, run.announced or 0)
            if not complete:
                raise Trouble("list_incomplete")
    run.notes = [{"code": note.code, "facts": note.facts} for note in notes[-50:]]
    run.save(update_fields=["notes"])
    return run, fence


def finish(run: Run, fence: int) -> StageReport:
    """Close the run when its records have been read: succeeded, or empty where records were expected.

    Nothing new is a success; nothing at all, on the first run or when everything was asked for, is not.
    """
    run.refresh_from_db()
    nothing = run.received == 0 and (run.full or not run.source.runs.filter(received__gt=0).exists())
    problems = [Problem("nothing_received")] if nothing else []
    writes.close_run(run, fence, Run.Status.EMPTY if nothing else Run.Status.SUCCEEDED, problems)
    run.refresh_from_db()
    return StageReport("harvest", {name: getattr(run, name) for name in writes.COUNTERS}, tuple(problems))
