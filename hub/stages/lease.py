"""Holding something while work on it goes on, however long a server lets us wait."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import timedelta

from django.db import DatabaseError, connection

from hub.catalog import runs


def held(source: int, fence: int) -> AbstractContextManager[None]:
    """Renew a source's lease in the background until the block ends, or until another worker has taken it."""
    return beating(lambda: runs.renew(source, fence), runs.LEASE)


@contextmanager
def beating(renew: Callable[[], object], lease: timedelta) -> Iterator[None]:
    """Call ``renew`` four times in each ``lease`` until the block ends, or until it says that the lease is lost."""
    done = threading.Event()

    def beat() -> None:
        try:
            while not done.wait(lease.total_seconds() / 4):
                try:
                    if not renew():
                        return
                except DatabaseError:
                    continue  # the next beat tries again; the lease outlives some
        finally:
            connection.close()

    thread = threading.Thread(target=beat, name="lease", daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()
