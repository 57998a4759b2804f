"""What is asked for on the desk: put into the queue, taken by a worker with a lease, done once, its run written back.

The row is the queue, so nothing is lost when the portal, the worker or the machine stops. A worker that dies leaves its
lease, which runs out (or is free at once, where its process is known to be gone), and the request is taken again; what
it had stored of a harvest stays, and the next run goes on from there. That a source is never harvested twice at once is
not the queue's matter: the source's own lease sees to it (:mod:`hub.catalog.runs`).
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import F, Q, QuerySet
from django.utils import timezone

from hub.catalog import bulk, runs
from hub.catalog.models import Run
from hub.catalog.writes import audit
from hub.operations.models import Request
from hub.sources import load_source
from schemas.problem import Problem, Trouble

LEASE = timedelta(seconds=60)
TRIES = 5  # a request whose worker died as often is given up
AGAIN = timedelta(seconds=30)  # before a source that is busy is tried again
PATIENCE = timedelta(hours=24)  # for one that stays busy
KEPT = timedelta(days=400)
OPEN = (Request.Status.WAITING, Request.Status.RUNNING)
HERE = (Request.Act.RETRY, Request.Act.REPAIR)  # nobody is asked: no source file is needed
PASSING = frozenset({"source_busy", "host_busy"})


def ask(source: str, act: str, *, by: str, facts: dict[str, Any] | None = None) -> Request:
    """Ask for work on a source; who asks is kept.

    :class:`Trouble` ``source_unknown`` where there is no such source file, ``request_repeated`` where the same waits or
    runs already, and what :func:`window` says.
    """
    if act not in HERE:
        config = load_source(source)
        if act == Request.Act.WINDOW and config.connector.window is None:
            raise Trouble("window_impossible", source=source, connector=config.entry.connector)
    with bulk.writing():
        if Request.objects.filter(source=source, act=act, status__in=OPEN).exists():
            raise Trouble("request_repeated", source=source)
        asked = Request.objects.create(source=source, act=act, facts=facts or {}, by=by, asked_at=timezone.now())
        audit(by, f"run.asked.{act}", source, request=asked.pk, **(facts or {}))
    return asked


def window(first: str, last: str) -> dict[str, str]:
    """The facts of a window of two days (ISO 8601); :class:`Trouble` ``window_wrong``."""
    try:
        start, end = date.fromisoformat(first), date.fromisoformat(last)
    except ValueError:
        raise Trouble("window_wrong", first=first[:20] or "–", last=last[:20] or "–") from None
    if start > end or start > timezone.localdate() or start.year < 1970:
        raise Trouble("window_wrong", first=first, last=last)
    return {"from": first, "until": last}


def withdraw(number: int, *, by: str) -> Request:
    """Take back what nobody has begun; :class:`Trouble` ``request_begun`` otherwise."""
    with bulk.writing():
        found = known(number)
        changed = Request.objects.filter(pk=found.pk, status=Request.Status.WAITING).update(
            status=Request.Status.WITHDRAWN, ended_at=timezone.now()
        )
        if not changed:
            raise Trouble("request_begun", number=number)
        audit(by, "run.withdrawn", found.source, request=found.pk)
    found.refresh_from_db()
    return found


def known(number: int) -> Request:
    """The request of a number; :class:`Trouble` ``request_unknown``."""
    found = Request.objects.filter(pk=number).first()
    if found is None:
        raise Trouble("request_unknown", number=number)
    return found


# --- the worker's side ----------------------------------------------------------------------------------------------


def take(owner: str) -> Request | None:
    """The next request that is free, held by ``owner`` from now on; ``None`` where there is none.

    One whose workers died too often is given up: ``request_abandoned``.
    """
    now = timezone.now()
    with bulk.writing():
        for found in _open(now).order_by("pk"):
            if found.status == Request.Status.RUNNING and not _is_free(found, now):
                continue
            if found.tries >= TRIES:
                _end(found, Request.Status.FAILED, Problem("request_abandoned", {"tries": str(found.tries)}))
                continue
            found.status, found.lease_owner, found.lease_expires = Request.Status.RUNNING, owner, now + LEASE
            found.tries, found.begun_at = found.tries + 1, found.begun_at or now
            found.save()
            return found
    return None


def _open(now: datetime) -> QuerySet[Request]:
    waiting = Q(status=Request.Status.WAITING) & (Q(not_before=None) | Q(not_before__lte=now))
    return Request.objects.filter(waiting | Q(status=Request.Status.RUNNING))


def _is_free(found: Request, now: datetime) -> bool:
    return found.lease_expires is None or found.lease_expires <= now or runs.is_gone(found.lease_owner)


def renew(request: Request, owner: str) -> bool:
    """Hold the request for another while; whether it was still ours."""
    mine = Request.objects.filter(pk=request.pk, lease_owner=owner, status=Request.Status.RUNNING)
    return bool(mine.update(lease_expires=timezone.now() + LEASE))


def begun(request: int, run: int) -> None:
    """The request is being done by this run."""
    Request.objects.filter(pk=request).update(run=run)


def end(request: Request, owner: str, problem: Problem | None = None) -> None:
    """It is done, or ``problem`` stopped it; one whose source is busy now waits a little and is tried again.

    A run that failed or received nothing is no success, whatever the worker says of it.
    """
    with bulk.writing():
        found = Request.objects.filter(pk=request.pk, lease_owner=owner, status=Request.Status.RUNNING).first()
        if found is None:
            return  # another worker has it
        if problem and problem.code in PASSING and timezone.now() - found.asked_at < PATIENCE:
            _wait(found)
            return
        run = Run.objects.filter(pk=found.run).first() if found.run else None
        if problem is None and run and run.status in (Run.Status.FAILED, Run.Status.EMPTY):
            problem = Problem(**run.notes[0]) if run.notes else Problem("nothing_received")
        _end(found, Request.Status.FAILED if problem else Request.Status.DONE, problem)


def _wait(found: Request) -> None:
    found.status, found.not_before = Request.Status.WAITING, timezone.now() + AGAIN
    found.tries, found.lease_owner, found.lease_expires = found.tries - 1, "", None
    found.save()


def _end(found: Request, status: str, problem: Problem | None) -> None:
    found.status, found.ended_at = status, timezone.now()
    found.problem = {"code": problem.code, "facts": problem.facts} if problem else {}
    found.lease_owner, found.lease_expires = "", None
    found.save()


def forget_old() -> None:
    """What was done long ago is no longer of use; the audit trail keeps who asked for it."""
    old = Request.objects.exclude(status__in=OPEN).filter(asked_at__lt=timezone.now() - KEPT)
    old.exclude(act=Request.Act.WINDOW, run__isnull=False).delete()  # the calendar of coverage asks for these


# --- for the pages --------------------------------------------------------------------------------------------------


def recent(source: str, most: int = 10) -> list[Request]:
    """The requests of a source, those that are open first, then the latest."""
    every = Request.objects.filter(source=source).order_by(F("ended_at").desc(nulls_first=True), "-pk")
    return list(every[:most])


def waiting(sources: list[str] | None = None) -> dict[str, Request]:
    """What is open, by source: the one that runs, else the first that waits."""
    every = Request.objects.filter(status__in=OPEN)
    if sources is not None:
        every = every.filter(source__in=sources)
    found: dict[str, Request] = {}
    for request in every.order_by("status", "pk"):
        found.setdefault(request.source, request)
    return found
