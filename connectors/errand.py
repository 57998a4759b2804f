"""One run at a partner's server: how long it may wait and last in all, and what it noticed on the way.

A run asks its partner through several clients (the list, single records, the list of identifiers). What they wait for
a busy server, and when the run has to end, counts together; so does what the IT staff should know of the way there: a
server that has moved, a certificate that was waived.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import timedelta

from pydantic import BaseModel

from schemas.problem import Problem, Trouble

NEVER = float("inf")


@dataclass(slots=True)
class Errand:
    """What a run may still spend, in seconds of a clock that nobody sets, and its notes."""

    limit: float = NEVER
    started: float = field(default_factory=time.monotonic)
    waited: float = 0.0  # for servers that asked to be left alone
    notes: list[Problem] = field(default_factory=list)

    def check(self) -> None:
        """:class:`Trouble` ``run_limit`` once the run has lasted as long as it may."""
        if time.monotonic() - self.started >= self.limit:
            raise Trouble("run_limit", hours=f"{self.limit / 3600:.3g}")

    def note(self, code: str, **facts: object) -> None:
        """Keep what the IT staff should know, once."""
        problem = Problem(code, {name: str(value) for name, value in facts.items()})
        if problem not in self.notes:
            self.notes.append(problem)


_present: ContextVar[Errand | None] = ContextVar("errand", default=None)


@contextmanager
def errand(options: BaseModel) -> Iterator[Errand]:
    """A run with the options of a source (``run_limit``, where its connector has one); it lasts as the block does."""
    limit: timedelta | None = getattr(options, "run_limit", None)
    begun = Errand(limit.total_seconds() if limit else NEVER)
    token = _present.set(begun)
    try:
        yield begun
    finally:
        _present.reset(token)


def present() -> Errand:
    """The run that is going on; outside of one, a new one without an end."""
    return _present.get() or Errand()
