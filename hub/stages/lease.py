"""Holding a source while its run goes on, however long the server lets us wait."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import DatabaseError, connection

from hub.catalog import runs

RENEWED = runs.LEASE.total_seconds() / 4


@contextmanager
def held(source: int, fence: int) -> Iterator[None]:
    """Renew the source's lease in the background until the block ends, or until another worker has taken it."""
    done = threading.Event()

    def renew() -> None:
        try:
            while not done.wait(RENEWED):
                try:
                    if not runs.renew(source, fence):
                        return
                except DatabaseError:
                    continue  # the next beat tries again; the lease outlives some
        finally:
            connection.close()

    beat = threading.Thread(target=renew, name="lease", daemon=True)
    beat.start()
    try:
        yield
    finally:
        done.set()
        beat.join()
