"""Records that the hub itself is told of, one or a few at a time: each time a run of its own, read at once."""

from __future__ import annotations

import os
import socket
import threading
import time
from collections.abc import Callable, Sequence
from typing import Any

from hub.catalog import arrivals, runs, writes
from hub.catalog.models import Run, Source
from hub.network.models import Library
from hub.sources import GuardEntry, ReadingEntry
from hub.stages import harvest
from hub.stages.normalize import normalize_pending, read_now
from schemas.problem import Trouble
from schemas.record import RawRecord as Arrived

PATIENCE = 10.0  # seconds another one for the same source is waited for


def keep_source(library: Library, connector: str, format_name: str, trust: int, *, by: str) -> Source:
    """The source that such records of a library are; nothing but :func:`store` ever feeds it."""
    values: dict[str, Any] = {
        "library": library,
        "connector": connector,
        "format": format_name,
        "trust": trust,
        "settings": {
            "reading": ReadingEntry().model_dump(),
            "options": {},
            "guard": GuardEntry(most=1_000_000, share=1.0).model_dump(),  # each removal is a person's own
        },
    }
    return writes.keep_source(f"{library.pk}-{connector}", values, by=by)


def store(source: Source, arrived: Callable[[], Sequence[Arrived]]) -> list[int]:
    """Keep what ``arrived`` gives once nobody else can change the source; their numbers (in ``storing()``)."""
    run, fence = _opened(source)
    try:
        stored = arrivals.store_page(run, fence, arrived(), {})
        if len(stored.pending) == 1:
            read_now(source.pk, stored.pending[0])
        elif stored.pending:
            normalize_pending(source.pk)
        harvest.finish(run, fence)
    except BaseException:
        runs.close_run(run, fence, Run.Status.FAILED)
        raise
    return stored.numbers


def _opened(source: Source) -> tuple[Run, int]:
    until = time.monotonic() + PATIENCE
    while True:
        try:
            return runs.open_run(source, f"{socket.gethostname()}:{os.getpid()}:{threading.get_ident()}", False)
        except Trouble as trouble:
            if trouble.problem.code != "source_busy" or time.monotonic() > until:
                raise
            time.sleep(0.05)
