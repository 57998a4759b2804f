"""The worker: does what was asked for on the desk, one thread a request, and sends what there is to tell.

It is killed without loss: the request's lease runs out and another worker takes it, the harvest goes on after its last
stored page, and a message that was not sent stays in the outbox.
"""

from __future__ import annotations

import os
import socket
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import count
from urllib.parse import urlsplit

from django.db import DatabaseError, connections

from flows.ready import environment
from flows.screen import complain
from hub.catalog import writes
from hub.catalog.models import Source
from hub.operations import journal, requests
from hub.operations.models import Request
from hub.stages.lease import beating
from schemas.problem import Problem, Trouble

AT_ONCE = 3  # requests
LOOK = 1.0  # seconds between two looks at the queue
OFTEN = 60.0  # seconds between two looks at what there is to tell
DAY = 24 * 3600.0
NUMBERS = count(1)


def name_of_worker() -> str:
    """``host:process:number``: so another worker of this machine sees that the process is gone."""
    return f"{socket.gethostname()}:{os.getpid()}:{next(NUMBERS)}"


class Worker:
    """Takes requests until it is stopped.

    ``tell`` is called now and then, to send what there is to tell; ``others`` as often: what is due once a day, loans.
    ``eager`` is called each time the worker looks: what somebody waits for at a page.
    """

    def __init__(
        self,
        *,
        prefect: bool = False,
        tell: Callable[[], None] = lambda: None,
        others: Sequence[Callable[[], None]] = (),
        eager: Sequence[Callable[[], None]] = (),
    ) -> None:
        environment()  # Prefect reads it when it is first imported
        self.prefect = prefect
        self.tell = tell
        self.others = others
        self.eager = eager
        self._under_way: dict[Callable[[], None], Future[None]] = {}
        self.stopped = threading.Event()
        self._told = self._cleaned = -DAY

    def stay(self) -> None:
        """Work until :meth:`stop`; what is under way then is finished."""
        free = threading.Semaphore(AT_ONCE)
        with ThreadPoolExecutor(AT_ONCE + 2 + len(self.others) + len(self.eager)) as pool:
            while not self.stopped.is_set():
                while not self.stopped.is_set() and free.acquire(blocking=False):
                    taken = self._take()
                    if taken is None:
                        free.release()
                        break
                    pool.submit(self._one, *taken).add_done_callback(lambda _: free.release())
                self._now_and_then(pool)
                self.stopped.wait(LOOK)

    def once(self) -> int:
        """Do what waits now, one after the other, and tell what there is to tell; how many requests."""
        done = 0
        while taken := self._take():
            self._one(*taken)
            done += 1
        self.tell()
        return done

    def stop(self) -> None:
        """Take no more."""
        self.stopped.set()

    def _take(self) -> tuple[Request, str] | None:
        owner = name_of_worker()
        try:
            found = requests.take(owner)
        except DatabaseError:
            return None  # the next look tries again
        return (found, owner) if found else None

    def _now_and_then(self, pool: ThreadPoolExecutor) -> None:
        now = time.monotonic()
        for job in self.eager:
            self._again(pool, job)
        if now - self._told >= OFTEN:
            self._told = now
            for job in (self.tell, *self.others):
                self._again(pool, job)
        if now - self._cleaned >= DAY:
            self._cleaned = now
            pool.submit(_closing_lines(_clean))

    def _again(self, pool: ThreadPoolExecutor, job: Callable[[], None]) -> None:
        """Begin a job anew, unless it is still at its last round: one that takes long holds up no other."""
        last = self._under_way.get(job)
        if last is None or last.done():
            self._under_way[job] = pool.submit(_closing_lines(job))

    def _one(self, request: Request, owner: str) -> None:
        try:
            carry_out(request, owner, prefect=self.prefect and is_there(os.environ.get("PREFECT_API_URL", "")))
        finally:
            if threading.current_thread() is not threading.main_thread():
                connections.close_all()


def _closing_lines(work: Callable[[], None]) -> Callable[[], None]:
    def run() -> None:
        try:
            work()
        except Trouble as trouble:
            complain(trouble.problem)
        except DatabaseError as error:
            complain(Problem("database_unreachable", {"detail": str(error).split("\n")[0]}))
        except Exception as error:  # one job's fault stops no other
            complain(Problem("run_unexpected", {"detail": f"{type(error).__name__}: {error}".split("\n")[0][:200]}))
        finally:
            connections.close_all()

    return run


def _clean() -> None:
    journal.forget_old()
    requests.forget_old()


def is_there(api: str) -> bool:
    """Whether Prefect's server listens; where it does not, the same is done without it."""
    parts = urlsplit(api)
    if not parts.hostname:
        return False
    with socket.socket() as probe:
        probe.settimeout(2)
        return probe.connect_ex((parts.hostname, parts.port or 80)) == 0


def carry_out(request: Request, owner: str, *, prefect: bool = False) -> None:
    """Do what a request asks for, and write down how it ended."""
    problem: Problem | None = None
    with beating(lambda: requests.renew(request, owner), requests.LEASE):
        try:
            if request.act == Request.Act.RESET and request.tries == 1:
                _forget(request)
            _way(request, prefect)(request)
        except Trouble as trouble:
            problem = trouble.problem
        except Exception as error:
            problem = Problem("run_unexpected", {"detail": f"{type(error).__name__}: {error}".split("\n")[0][:200]})
    requests.end(request, owner, problem)
    if problem and problem.code not in requests.PASSING:
        complain(problem)


def _forget(request: Request) -> None:
    source = Source.objects.filter(name=request.source).first()
    if source:
        writes.forget_checkpoint(source, by=request.by)


def _terms(request: Request) -> tuple[bool, bool, tuple[str, str] | None]:
    """(everything, the whole list compared, the window)."""
    window = (request.facts["from"], request.facts["until"]) if request.act == Request.Act.WINDOW else None
    return request.act in (Request.Act.FULL, Request.Act.RESET), request.act == Request.Act.SWEEP, window


def _way(request: Request, prefect: bool) -> Callable[[Request], None]:
    if request.act in requests.HERE:
        return _on_quarantine
    return _by_prefect if prefect else _directly


def _on_quarantine(request: Request) -> None:
    """Read what is rejected again, or accept what is suggested for a kind of problem."""
    from flows.commands.run import union_here
    from hub.stages import quarantine

    source = Source.objects.select_related("library").get(name=request.source)
    if request.act == Request.Act.RETRY:
        quarantine.retry(source)
    else:
        quarantine.repair(source, quarantine.waiting(source.name, request.facts["code"]), by=request.by)
    union_here()


def _by_prefect(request: Request) -> None:
    from flows.harvest import harvest

    full, swept, window = _terms(request)
    days = list(window) if window else None
    harvest(request.source, full, publish=True, swept=swept, now=True, window=days, request=request.pk)


def _directly(request: Request) -> None:
    """The same steps without Prefect."""
    from flows.commands.run import union_here
    from flows.harvest import fetch, read, sweep
    from flows.watching import Watch

    full, swept, window = _terms(request)
    run, fence = fetch.fn(request.source, full, True, True, window, request.pk)
    read.fn(request.source, run, fence, request.pk)
    if not window:
        sweep.fn(request.source, swept, request=request.pk if swept else 0)
    watch = Watch(request.source, run=run)
    try:
        watch.united(union_here()["changed"])
    except Trouble:
        watch.journal.say("union_failed")
        raise
