"""Harvest one source: pages of raw records into the raw store, each with its checkpoint and ledger; and sweep it."""

from __future__ import annotations

import getpass
import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from django.utils import timezone

from connectors.connector import Page
from connectors.errand import Errand, errand
from hub.catalog import arrivals, removals, restored, runs, waits, writes
from hub.catalog.models import Run, Source
from hub.home import language
from hub.network.models import Library
from hub.sources import Guard, SourceConfig
from hub.stages import missing, sweep
from hub.stages.lease import held
from hub.stages.listing import Listing
from hub.stages.normalize import ReadAhead, normalize_pending
from hub.stages.personal import Personal
from hub.stages.report import Progress, StageReport, silent, storing
from schemas.problem import Problem, Trouble

LOOK_AGAIN = 1.0  # seconds between two looks whether a server is free
NOT_BEFORE = "http_busy"  # the server has named the time
NOT_BEGUN = frozenset({"source_busy", "host_busy", "source_resting"})  # no run of ours: another's may be open
NOT_THE_SERVERS = ("lease_lost", "source_busy", "disk_full", "database_unreachable", "home_unusable")


class Opened(NamedTuple):
    """A run and the fencing number of its lease."""

    run: Run
    fence: int


def known_source(config: SourceConfig) -> Source:
    """The source's row and its library's, made or brought up to date from the configuration."""
    entry = config.entry.library
    with storing():
        library = Library.objects.filter(pk=entry.code).first()
        if entry.name is not None:
            said: dict[str, Any] = {"name_vi": entry.name.vi, "name_en": entry.name.en}
            said |= {"kind": entry.kind, "unit": entry.unit}
            if entry.latitude is not None and entry.longitude is not None:
                said |= {"latitude": entry.latitude, "longitude": entry.longitude}
            library, _ = Library.objects.update_or_create(code=entry.code, defaults=said)
        if library is None:
            raise Trouble("library_unknown", code=entry.code, source=config.name)
        if library.left_on is not None:
            raise Trouble("library_left", code=entry.code, day=library.left_on, source=config.name)
        settings = {
            "reading": config.entry.reading.model_dump(),
            "options": config.options.model_dump(mode="json"),
            "guard": config.entry.guard.model_dump(),
            "availability": asked.model_dump() if (asked := config.entry.availability) else None,
        }
        values: dict[str, Any] = {
            "library": library,
            "connector": config.entry.connector,
            "format": config.entry.format,
            "schedule": config.entry.schedule,
            "trust": config.entry.trust,
            "host": host_of(config),
            "settings": settings,
        }
        return writes.keep_source(config.name, values, by=whoever())


def host_of(config: SourceConfig) -> str:
    """The server a source asks, ``host:port``; ``""`` when it asks none."""
    url, host = getattr(config.options, "url", ""), getattr(config.options, "host", "")
    found = urlsplit(url).netloc.rpartition("@")[2] if url else f"{host}:{getattr(config.options, 'port', '')}"
    return found.strip(":").lower()[:260]


def whoever() -> str:
    """Who runs this: the account and the machine."""
    try:
        return f"{getpass.getuser()}@{socket.gethostname()}"
    except (KeyError, OSError):
        return f"{os.getuid()}@{socket.gethostname()}"


def harvest(
    config: SourceConfig, *, full: bool = False, swept: bool = False, now: bool = False, progress: Progress = silent
) -> list[StageReport]:
    """Harvest a source, read what came, and sweep it when that is asked for or due; a report of each run.

    Stopped anywhere, the next call goes on after the last stored page.
    """
    opened = fetch(config, full=full, now=now, progress=progress)
    reports = [read_and_finish(opened, progress)]
    if swept or is_sweep_due(config):
        reports.append(sweep_source(config, progress=progress))
    return reports


def read_and_finish(opened: Opened, progress: Progress = silent) -> StageReport:
    """Read what a run has fetched and close it."""
    with held(opened.run.source_id, opened.fence):
        normalize_pending(opened.run.source_id, progress=progress)
        return finish(*opened)


Window = tuple[str, str]  # two days, ISO 8601, both within


def fetch(
    config: SourceConfig,
    *,
    full: bool = False,
    now: bool = False,
    patient: bool = True,
    window: Window | None = None,
    progress: Progress = silent,
) -> Opened:
    """Fetch what the source has and store it raw; the run is still open.

    A source that rests after failures is a :class:`Trouble` ``source_resting``, unless it is asked ``now``; one whose
    server has named the time to come back is so in any case. While other sources of its server are harvested it waits,
    as long as the source's ``max_wait``; not ``patient``, it is a :class:`Trouble` ``host_busy`` at once, for callers
    with other sources to harvest meanwhile. With ``window`` only what changed between two days is asked for again, and
    the checkpoint stays; :class:`Trouble` ``window_impossible`` where the source cannot be asked so.
    """
    if window and config.connector.window is None:
        raise Trouble("window_impossible", source=config.name, connector=config.entry.connector)
    source = known_source(config)
    with storing(), errand(config.options) as spent:
        opened = _open(config, source, full, Run.Kind.WINDOW if window else Run.Kind.HARVEST, now, patient)
        with _closing(config, source, opened, spent), held(source.pk, opened.fence):
            try:
                _fetch_pages(config, _pages(config, source, opened, full, window), opened, progress, spent)
                missing.confirm(config, *opened)
            except Trouble as trouble:
                if trouble.problem.code != "run_limit":
                    raise
                spent.notes.append(runs.pausing(trouble.problem, opened.fence))
        runs.add_notes(*opened, spent.notes)
    return opened


def _open(
    config: SourceConfig, source: Source, full: bool, kind: str, now: bool = False, patient: bool = True
) -> Opened:
    """A run of the source, once its server has room for us."""
    asked_off = source.rest_reason.get("code") == NOT_BEFORE
    if runs.resting(source) and (asked_off or not now):
        raise Trouble("source_resting", source=source.name, until=_said(source.not_before), reason=_why(source))
    owner = f"{socket.gethostname()}:{os.getpid()}:{threading.get_ident()}"
    until = time.monotonic() + (max_wait(config) if patient else 0)
    while True:
        try:
            return Opened(*runs.open_run(source, owner, full, kind, getattr(config.options, "per_host", 0)))
        except Trouble as trouble:
            if trouble.problem.code != "host_busy" or time.monotonic() >= until:
                raise
        time.sleep(LOOK_AGAIN)


def max_wait(config: SourceConfig) -> float:
    """How many seconds a busy server of this source is waited for."""
    return float(getattr(config.options, "max_wait", timedelta()).total_seconds())


def _pages(config: SourceConfig, source: Source, opened: Opened, full: bool, window: Window | None) -> Iterator[Page]:
    """What the connector gives: what has changed, everything (unless a run goes on), or what changed in a window."""
    if window and config.connector.window:
        return config.connector.window(config.job(source.checkpoint), *window)
    return config.connector.pages(config.job(source.checkpoint, full=full and not opened.run.pages))


def _fetch_pages(
    config: SourceConfig, pages: Iterator[Page], opened: Opened, progress: Progress, spent: Errand
) -> None:
    """Store page after page; a list that is everything the source has shows what is gone."""
    run, fence = opened
    complete = everything = False
    listing = Listing()
    personal = Personal(config)
    with ReadAhead(run.source_id, progress) as ahead:
        for page in pages:
            records = personal.removed(page.records)
            stored = arrivals.store_page(run, fence, records, page.checkpoint, page.announced)
            ahead.take(stored.pending)
            listing.add(stored)
            spent.notes += page.notes
            complete, everything = page.complete, page.everything
            run.refresh_from_db()
            progress("harvest", run.received, run.announced or 0)
            if not complete:
                spent.check()
    if not complete:
        raise Trouble("list_incomplete")
    spent.notes += personal.notes()
    if everything and run.received:
        restored.take_older(run, fence, listing.only_older())
        spent.notes += missing.compared(config, run, fence, listing.seen)


@contextmanager
def _closing(config: SourceConfig, source: Source, opened: Opened, spent: Errand) -> Iterator[None]:
    """A run that is stopped by a problem ends as failed, with the reason, and the source may have to rest.

    What has arrived until then is read all the same.
    """
    run, fence = opened
    try:
        yield
    except Trouble as trouble:
        problem = trouble.problem
        if problem.code not in NOT_THE_SERVERS:
            if problem.code == NOT_BEFORE:
                runs.rest_until(source, fence, datetime.fromisoformat(problem.facts["until"]), problem)
            elif problem.code != "run_limit":
                runs.failed(source, fence, getattr(config.options, "rest", timedelta()), problem)
            with suppress(Trouble), held(source.pk, fence):
                normalize_pending(source.pk)
            runs.close_run(run, fence, Run.Status.FAILED, [problem, *spent.notes[-50:]])
        raise
    else:
        runs.answered(source, fence)


def finish(run: Run, fence: int) -> StageReport:
    """Carry out or hold what was deleted, and close the run: succeeded, failed or empty. One that has lasted as long as
    it may stays open, and the next run goes on with it.

    Nothing new is a success; nothing at all, on the first run or when everything was asked for, is not, and neither are
    records none of which can be read.
    """
    if paused := runs.pause(run, fence):
        return _report(run, [paused])
    problem = removals.settle(run, fence, Guard(**run.source.settings.get("guard", {})))
    run.refresh_from_db()
    problems = [problem] if problem else []
    if kept := waits.kept_by(run):
        problems.append(Problem("versions_kept", {"count": str(kept)}))
    status: str = Run.Status.SUCCEEDED
    if run.full or not run.source.runs.filter(received__gt=0).exclude(pk=run.pk).exists():
        if run.received == 0:
            status = Run.Status.EMPTY
            problems.append(Problem("nothing_received"))
        elif run.received == run.rejected:
            status = Run.Status.FAILED
            problems.append(Problem("nothing_read", {"count": str(run.received)}))
    runs.close_run(run, fence, status, problems)
    run.refresh_from_db()
    return _report(run, problems)


def is_sweep_due(config: SourceConfig) -> bool:
    """Whether the source's list of identifiers should be compared with the store again."""
    source = Source.objects.get(name=config.name)
    return sweep.sweep_due(config, source, timezone.now()) and not runs.is_paused(source)


def sweep_source(
    config: SourceConfig, *, now: bool = False, patient: bool = True, progress: Progress = silent
) -> StageReport:
    """Compare everything the source lists with what is stored, and bring it up to date; a run of its own.

    Where very much differs, a full harvest follows. See :func:`fetch` for ``now`` and ``patient``.
    """
    sweep.sweeping_of(config)
    source = known_source(config)
    with storing(), errand(config.options) as spent:
        opened = _open(config, source, False, Run.Kind.SWEEP, now, patient)
        with _closing(config, source, opened, spent), held(source.pk, opened.fence):
            missing.confirm(config, *opened)
            notes, too_much = sweep.compare(config, *opened, progress=progress)
            normalize_pending(source.pk, progress=progress)
            problem = removals.settle(*opened, config.guard)
        notes += [problem] if problem else []
        notes += spent.notes
        runs.close_run(*opened, Run.Status.SUCCEEDED, notes[-50:])
    opened.run.refresh_from_db()
    if too_much:
        return read_and_finish(fetch(config, full=True, now=now, progress=progress), progress)
    return _report(opened.run, notes)


def _report(run: Run, problems: list[Problem]) -> StageReport:
    return StageReport(run.kind, {name: getattr(run, name) for name in runs.COUNTERS}, tuple(problems))


def _said(moment: datetime | None) -> str:
    return timezone.localtime(moment).strftime("%Y-%m-%d %H:%M") if moment else ""


def _why(source: Source) -> str:
    return Problem(**source.rest_reason).sentence(language()) if source.rest_reason else ""
