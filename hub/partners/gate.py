"""Who may be examined, and how often: anonymous visitors must not make a scanner of ports or a hammer of the doctor.

The limits hold for each process of the portal. A private address is examined only when a source file names its host and
port and allows it, or when ``LIENTHONG_DOCTOR_PRIVATE=1`` opens them all.
"""

from __future__ import annotations

import os
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from connectors.address import WEB_PORTS, Origin, split_url
from hub.sources import read_source, source_files
from schemas.problem import Trouble

AT_ONCE = 2
MANY, WITHIN = 20, 600.0  # examinations, within so many seconds
REST = 10.0  # seconds between two examinations of one host


class Gate:
    """Lets few examinations through: :class:`Trouble` ``doctor_busy`` for the others."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.clock = clock
        self.lock = threading.Lock()
        self.running: set[str] = set()
        self.begun: deque[float] = deque()
        self.ended: dict[str, float] = {}

    @contextmanager
    def through(self, host: str) -> Iterator[None]:
        """The time of one examination of ``host``."""
        self._enter(host)
        try:
            yield
        finally:
            with self.lock:
                self.running.discard(host)
                self.ended[host] = self.clock()

    def _enter(self, host: str) -> None:
        with self.lock:
            now = self.clock()
            while self.begun and self.begun[0] <= now - WITHIN:
                self.begun.popleft()
            self.ended = {name: at for name, at in self.ended.items() if at > now - REST}
            if len(self.running) >= AT_ONCE or len(self.begun) >= MANY or host in self.running or host in self.ended:
                raise Trouble("doctor_busy")
            self.running.add(host)
            self.begun.append(now)


GATE = Gate()


def allowed_private(url: str) -> bool:
    """Whether ``url`` may be examined at a private address.

    :class:`Trouble` ``http_url`` for a port that is neither usual nor that of a source which allows it.
    """
    _, origin = split_url(url)
    if os.environ.get("LIENTHONG_DOCTOR_PRIVATE") == "1" or origin in _private_sources():
        return True
    if origin[1] not in WEB_PORTS:
        raise Trouble("http_url", url=url)
    return False


def _private_sources() -> set[Origin]:
    """The hosts and ports of source files that allow private addresses; a file that is wrong names none."""
    found = set()
    for path in source_files():
        try:
            options = read_source(path).options
            if getattr(options, "allow_private", False):
                found.add(split_url(str(getattr(options, "url", "")))[1])
        except Trouble:
            continue
    return found
