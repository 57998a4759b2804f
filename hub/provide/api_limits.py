"""How often the API may be asked: by strangers from one network, by programs with one key; each process counts."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from django.http import HttpRequest

from hub.accounts.client import network_of
from hub.accounts.keys import authenticated
from hub.provide.api_problems import Refused

MINUTE = 60.0
ANONYMOUS, WITH_KEY = 240, 2_400  # requests a minute
MOST_NETWORKS = 20_000  # that are remembered at once


class Meter:
    """Requests of the running minute, by who asks."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.clock = clock
        self.lock = threading.Lock()
        self.begun = clock()
        self.counts: dict[str, int] = {}

    def count(self, who: str, most: int) -> None:
        """One more request; :class:`Refused` when it is one too many."""
        with self.lock:
            now = self.clock()
            if now - self.begun >= MINUTE or len(self.counts) >= MOST_NETWORKS:
                self.begun, self.counts = now, {}
            self.counts[who] = self.counts.get(who, 0) + 1
            if self.counts[who] <= most:
                return
            left = max(int(self.begun + MINUTE - now) + 1, 1)
        refused = Refused(429, "api_busy", most=most, seconds=left)
        refused.headers = {"Retry-After": str(left)}
        raise refused


METER = Meter()


def admit(request: HttpRequest) -> None:
    """Let a request in: with a key as the program it is of, without one as a stranger."""
    if "Authorization" in request.headers:
        reader = authenticated(request)
        if reader is None:
            METER.count(network_of(request), ANONYMOUS)  # whoever guesses keys is counted
            raise Refused(401, "api_key")
        request.user = reader  # type: ignore[assignment]
        METER.count(f"key {reader.key.pk}", WITH_KEY)
    else:
        METER.count(network_of(request), ANONYMOUS)
