"""Runs and the lease of a source: who may write for it, until when, and how long it rests after failures.

A worker holds its source by a lease with a fencing number. The lease expires by itself, so a worker that died frees
its source; the number keeps a late one from writing.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from hub.catalog import bulk
from hub.catalog.models import Run, Source
from schemas.problem import Problem, Trouble

LEASE = timedelta(seconds=100)
COUNTERS = ("received", "created", "updated", "unchanged", "deleted", "rejected")
PATIENCE = 3  # failures in a row after which a source rests
LONGEST_REST = timedelta(days=1)
LONGEST_WAIT = timedelta(days=7)  # that a server may ask for


def open_run(
    source: Source, owner: str, full: bool, kind: str = Run.Kind.HARVEST, per_host: int = 0
) -> tuple[Run, int]:
    """Take the source's lease and its unfinished run, or a new one; returns the run and the fencing number.

    A source another worker holds is a :class:`Trouble` ``source_busy``; a lease that has expired is free, and so is one
    of a process of this machine that is no more. ``per_host`` (0: any number) bounds the leases of one server:
    ``host_busy``.
    """
    now = timezone.now()
    with bulk.writing():
        source.refresh_from_db()
        if is_held(source, now, owner):
            raise Trouble("source_busy", source=source.name, owner=source.lease_owner)
        _check_host(source, now, per_host)
        fence = source.fence + 1
        Source.objects.filter(pk=source.pk).update(lease_owner=owner, lease_expires=now + LEASE, fence=fence)
        unfinished = Run.objects.filter(source=source, status=Run.Status.RUNNING)
        run = unfinished.filter(full=full, kind=kind).order_by("-id").first()
        if run is None:
            unfinished.update(status=Run.Status.FAILED, finished_at=now)
            run = Run.objects.create(source=source, started_at=now, full=full, kind=kind)
    source.refresh_from_db()
    return run, fence


def _check_host(source: Source, now: datetime, per_host: int) -> None:
    if not per_host or not source.host:
        return
    others = Source.objects.filter(host=source.host, lease_expires__gt=now).exclude(pk=source.pk)
    if sum(is_held(other, now, "") for other in others) >= per_host:
        raise Trouble("host_busy", host=source.host, limit=per_host)


def is_held(source: Source, now: datetime, owner: str) -> bool:
    """Whether somebody other than ``owner`` holds the source. A lease longer than any we give is of a wrong clock."""
    expires = source.lease_expires
    if expires is None or not now < expires <= now + 2 * LEASE:
        return False
    return source.lease_owner not in ("", owner) and not is_gone(source.lease_owner)


def is_gone(owner: str) -> bool:
    """Whether the owner ``host:process`` or ``host:process:thread`` was a process of this machine and is no more.

    Should this be wrong (process numbers of containers), the fencing number keeps the two apart.
    """
    host, process, *_ = [*owner.split(":"), ""]
    if host != socket.gethostname() or not process.isdigit():
        return False
    try:
        os.kill(int(process), 0)
    except ProcessLookupError:
        return True
    except OSError:
        return False
    return False


@contextmanager
def writing(run: Run, fence: int) -> Iterator[None]:
    """A transaction of the worker that holds the run's source.

    One whose source another worker has taken meanwhile gets a :class:`Trouble` ``lease_lost`` and has written nothing.
    """
    with bulk.writing():
        if not Source.objects.filter(pk=run.source_id, fence=fence).exists():
            raise Trouble("lease_lost", source=run.source.name)
        yield


def idle() -> list[int]:
    """The numbers of the sources that no worker holds now."""
    now = timezone.now()
    return [source.pk for source in Source.objects.order_by("pk") if not is_held(source, now, "")]


def renew(source: int, fence: int) -> bool:
    """Hold the source for another while; whether the lease was still ours."""
    held = Source.objects.filter(pk=source, fence=fence).exclude(lease_owner="")
    return bool(held.update(lease_expires=timezone.now() + LEASE))


def close_run(run: Run, fence: int, status: str, notes: Sequence[Problem] = ()) -> None:
    """End a run and free its source, unless another worker has taken it meanwhile."""
    with bulk.writing():
        freed = Source.objects.filter(pk=run.source_id, fence=fence).update(lease_owner="", lease_expires=None)
        if freed:
            run.refresh_from_db()
            run.status, run.finished_at = status, timezone.now()
            run.notes = [note(problem) for problem in notes] + run.notes
            run.save(update_fields=["status", "finished_at", "notes"])


def note(problem: Problem) -> dict[str, Any]:
    """A problem as it is stored with a run."""
    return {"code": problem.code, "facts": problem.facts}


def count(run: Run, **added: int) -> None:
    """Add to a run's ledger (inside :func:`hub.catalog.bulk.writing`)."""
    sets = ", ".join(f"{name} = {name} + %s" for name in added if name in COUNTERS)
    bulk.execute(f"UPDATE {bulk.table(Run)} SET {sets} WHERE id = %s", [*added.values(), run.pk])


def rest_until(source: Source, fence: int, until: datetime, why: Problem) -> None:
    """The server asked to be left alone until then (a week at most)."""
    until = min(until, timezone.now() + LONGEST_WAIT)
    Source.objects.filter(pk=source.pk, fence=fence).update(not_before=until, rest_reason=note(why))


def failed(source: Source, fence: int, first_rest: timedelta, why: Problem) -> None:
    """The server let a run fail; after some such runs the source rests, twice as long each time."""
    source.refresh_from_db(fields=["failures"])
    failures = source.failures + 1
    values: dict[str, Any] = {"failures": failures}
    if failures >= PATIENCE and first_rest:
        rest = min(first_rest * 2 ** min(failures - PATIENCE, 20), LONGEST_REST)
        values |= {"not_before": timezone.now() + rest, "rest_reason": note(why)}
    Source.objects.filter(pk=source.pk, fence=fence).update(**values)


def answered(source: Source, fence: int) -> None:
    """The server gave its list to the end: what it let fail before is forgotten."""
    Source.objects.filter(pk=source.pk, fence=fence).update(failures=0, not_before=None, rest_reason={})


def swept(run: Run, fence: int, *, whole: bool) -> None:
    """The whole list of the source has been compared with what is stored; not ``whole``, it is due again at once."""
    with writing(run, fence):
        Source.objects.filter(pk=run.source_id).update(swept_at=timezone.now() if whole else None)


def add_notes(run: Run, fence: int, notes: Sequence[Problem]) -> None:
    """Problems for the IT staff, kept with the run; the last fifty."""
    with writing(run, fence):
        run.refresh_from_db()
        run.notes = [*run.notes, *(note(problem) for problem in notes)][-50:]
        run.save(update_fields=["notes"])


def pausing(problem: Problem, fence: int) -> Problem:
    """The note of a run that is to be paused by the worker with this fencing number."""
    return Problem(problem.code, problem.facts | {"fence": str(fence)})


def pause(run: Run, fence: int) -> Problem | None:
    """Free the source of a run that is to be paused, and say why; the run stays open for the next worker.

    ``None`` when it is not to be paused, or another worker has taken it meanwhile.
    """
    run.refresh_from_db()
    last = run.notes[-1] if run.notes else {}
    if last.get("facts", {}).get("fence") != str(fence):
        return None
    freed = Source.objects.filter(pk=run.source_id, fence=fence).update(lease_owner="", lease_expires=None)
    return Problem(last["code"], last["facts"]) if freed else None


def is_paused(source: Source) -> bool:
    """Whether a harvest of the source has not come to its end."""
    return Run.objects.filter(source=source, status=Run.Status.RUNNING, kind=Run.Kind.HARVEST).exists()


def resting(source: Source) -> bool:
    """Whether the source rests now. A rest longer than any we give is of a wrong clock."""
    now = timezone.now()
    return source.not_before is not None and now < source.not_before <= now + LONGEST_WAIT
