"""The union catalog follows what people do on the pages: matched, merged, published a moment later, in the background.

One thread a process; what is asked for while it works is done in one more round. Whatever it does not come to is done
by the next flow ``union``.
"""

from __future__ import annotations

import logging
import threading

from django.db import connection

from hub.stages.match import match
from hub.stages.merge import merge_due
from hub.stages.pool import in_this_process
from hub.stages.publish import publish

LOG = logging.getLogger(__name__)


def unite() -> None:
    """Match, merge and publish what is due."""
    with in_this_process():
        match()
        merge_due()
        publish()


class _Follower:
    """The thread that follows, while there is something to do."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.wanted = False
        self.thread: threading.Thread | None = None

    def ask(self) -> None:
        with self.lock:
            self.wanted = True
            if self.thread is None:
                self.thread = threading.Thread(target=self._work, name="union", daemon=True)
                self.thread.start()

    def wait(self, seconds: float = 60) -> None:
        thread = self.thread
        if thread is not None:
            thread.join(seconds)

    def _work(self) -> None:
        try:
            while self._go_on():
                unite()
        except Exception:  # the next flow does it; a person must not see a page fail for it
            LOG.exception("the union catalog could not follow")
            with self.lock:
                self.thread = None
        finally:
            connection.close()

    def _go_on(self) -> bool:
        with self.lock:
            wanted, self.wanted = self.wanted, False
            if not wanted:
                self.thread = None
            return wanted


FOLLOWER = _Follower()


def soon() -> None:
    """Let the union catalog follow what has just been written."""
    FOLLOWER.ask()
