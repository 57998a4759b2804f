"""Worker processes for the pure part of a stage. Each opens its own connection; only the main process writes."""

from __future__ import annotations

import gc
import multiprocessing
import os
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from typing import TypeVar

from schemas.problem import Trouble

Task = TypeVar("Task")
Result = TypeVar("Result")
WORTH_A_POOL = 8  # tasks; fewer are done here, without the second it takes to start a process
AHEAD = 2  # tasks in flight for each worker: bounds memory

_thread = threading.local()


@contextmanager
def in_this_process() -> Iterator[None]:
    """Without worker processes, in this thread: a server's own processes may not start others."""
    before = getattr(_thread, "alone", False)
    _thread.alone = True
    try:
        yield
    finally:
        _thread.alone = before


def workers() -> int:
    """How many worker processes: ``LIENTHONG_WORKERS``, else one a core."""
    if getattr(_thread, "alone", False):
        return 1
    asked = os.environ.get("LIENTHONG_WORKERS", "")
    if asked and not asked.isdigit():
        raise Trouble("workers_not_a_number", value=asked)
    return int(asked or 0) or len(os.sched_getaffinity(0))


def calm() -> None:
    """Look for garbage seldom: records come as acyclic rows by the ten thousand, and looking at them costs a fifth."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 100)


def _start() -> None:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hub.web.settings")
    django.setup()
    calm()


def processes() -> ProcessPoolExecutor:
    """Worker processes with Django set up, each of which opens connections of its own."""
    return ProcessPoolExecutor(workers(), mp_context=multiprocessing.get_context("spawn"), initializer=_start)


def spread(work: Callable[[Task], Result], tasks: Iterable[Task], count: int) -> Iterator[Result]:
    """The results of ``work`` over the tasks, in their order; ``count`` is about how many tasks there are."""
    if count < WORTH_A_POOL or workers() == 1:
        yield from map(work, tasks)
        return
    with processes() as pool:
        waiting: deque[Future[Result]] = deque()
        for task in tasks:
            waiting.append(pool.submit(work, task))
            if len(waiting) > AHEAD * workers():
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
