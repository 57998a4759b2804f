"""Several sources harvested side by side in threads: they mostly wait for their servers, and a slow one delays no
other.

Of one server only some sources are harvested at once. One whose server is busy gives its thread back and is taken up
again when another has ended, so that the sources of other servers do not wait behind it.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from typing import Any, Protocol

from schemas.problem import Trouble

AT_ONCE = 8
LOOK_AGAIN = 2.0  # seconds between two looks whether a server is free that others keep busy

Outcome = list[dict[str, Any]] | Trouble


@dataclass(slots=True, eq=False)
class Work:
    """A source to be harvested, and the ledgers of its runs that have ended; ``shown`` tells of progress.

    ``host`` is its server. ``waits`` is how many seconds a server is waited for that others than we keep busy,
    ``since`` when that began (monotonic).
    """

    name: str
    full: bool = False
    sweep: bool = False
    now: bool = False
    shown: bool = False
    ledgers: list[dict[str, Any]] = field(default_factory=list)
    host: str = ""
    waits: float = 0.0
    since: float | None = None

    def go_on(self) -> Outcome:
        """The ledgers of the source's runs, or what stopped it; after ``host_busy`` it can be gone on with."""
        from django.db import connections

        try:
            self._harvest()
            return self.ledgers
        except Trouble as trouble:
            return trouble
        finally:
            connections.close_all()

    def _harvest(self) -> None:
        from flows.watching import Watch
        from hub.sources import load_source
        from hub.stages.harvest import fetch, host_of, is_sweep_due, max_wait, read_and_finish, sweep_source

        config = load_source(self.name)
        self.host, self.waits = host_of(config), max_wait(config)
        show = Watch(self.name, shown=self.shown)
        if not self.ledgers:
            show.begin(0, scheduled=False)
            with show.failing():
                opened = fetch(config, full=self.full, now=self.now, patient=False, progress=show)
                self._keep(read_and_finish(opened, show))
            show.ended(opened.run.pk)
            show = Watch(self.name, shown=self.shown)
        if self.sweep or is_sweep_due(config):
            self._keep(sweep_source(config, now=self.now, patient=False, progress=show))

    def _keep(self, report: Any) -> None:
        self.ledgers.append({"stage": report.stage, **report.counts})


class Done(Protocol):
    """What starting a work gives: a future of Python or of Prefect."""

    def add_done_callback(self, fn: Callable[[Any], None], /) -> None:
        """Call with the future when it is done."""

    def result(self) -> Outcome:
        """What the work gave."""


class Queue:
    """Works of which AT_ONCE are under way; those whose server is busy are set aside, the first to come first."""

    def __init__(self, works: Iterable[Work], start: Callable[[Work], Done]) -> None:
        self._start = start
        self._ready = deque(works)
        self._running: set[Work] = set()
        self._aside: list[Work] = []
        self._ended: SimpleQueue[tuple[Work, Done]] = SimpleQueue()
        self._outcomes: dict[str, Outcome] = {}

    def work_off(self) -> dict[str, Outcome]:
        """The outcome of each work, when all have ended."""
        while self._ready or self._running or self._aside:
            while self._ready and len(self._running) < AT_ONCE:
                self._begin(self._ready.popleft())
            try:
                work, future = self._ended.get(timeout=LOOK_AGAIN if self._aside else None)
            except Empty:
                self._take_up()
                continue
            self._running.remove(work)
            self._end(work, future.result())
        return self._outcomes

    def _begin(self, work: Work) -> None:
        self._running.add(work)
        self._start(work).add_done_callback(lambda future: self._ended.put((work, future)))

    def _end(self, work: Work, outcome: Outcome) -> None:
        """A work has ended, or its server is busy: with others of ours, or for as long as it may be waited for."""
        if not (isinstance(outcome, Trouble) and outcome.problem.code == "host_busy"):
            self._outcomes[work.name] = outcome
            self._take_up(work.host)
            return
        now = time.monotonic()
        work.since = None if self._ours(work.host) else work.since or now
        if work.since is not None and now >= work.since + work.waits:
            self._outcomes[work.name] = outcome
        else:
            self._aside.append(work)

    def _ours(self, host: str) -> bool:
        return any(work.host == host for work in self._running)

    def _take_up(self, freed: str = "") -> None:
        """The first work set aside of each server may try again, where one of ours has ended or none is under way."""
        tried: set[str] = set()
        for work in list(self._aside):
            if work.host not in tried and (work.host == freed or not self._ours(work.host)):
                tried.add(work.host)
                self._aside.remove(work)
                self._ready.appendleft(work)


def work_off(works: Iterable[Work], start: Callable[[Work], Done]) -> dict[str, Outcome]:
    """The outcome of each source, in the order of the works."""
    every = list(works)
    outcomes = Queue(every, start).work_off()
    return {work.name: outcomes[work.name] for work in every}


def harvest_all(names: Sequence[str], full: bool, sweep: bool, now: bool) -> dict[str, Outcome]:
    """The outcome of each source, in the order of the names."""
    works = [Work(name, full, sweep, now, shown=len(names) == 1) for name in names]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return work_off(works, lambda work: pool.submit(work.go_on))
