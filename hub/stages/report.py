"""What a stage says when it is done, and how it tells of its progress."""

from __future__ import annotations

import errno
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from django.db import DatabaseError, OperationalError

from hub.home import home
from schemas.problem import Problem, Trouble

Progress = Callable[[str, int, int], None]  # stage, done, of how many (0: not known)


@dataclass(frozen=True, slots=True)
class StageReport:
    """The stage, what it counted, and what the IT staff should know."""

    stage: str
    counts: dict[str, int] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()


def silent(stage: str, done: int, of: int) -> None:
    """No progress shown."""


@contextmanager
def storing() -> Iterator[None]:
    """A full disk or a database that cannot be used, said as a sentence."""
    try:
        yield
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise Trouble("disk_full", path=home()) from None
        raise
    except OperationalError as error:
        if "full" in str(error).lower():
            raise Trouble("disk_full", path=home()) from None
        raise Trouble("database_unreachable", detail=str(error).split("\n")[0]) from None
    except DatabaseError as error:
        raise Trouble("database_unreachable", detail=str(error).split("\n")[0]) from None
