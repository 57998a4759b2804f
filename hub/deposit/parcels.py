"""Packages to other hubs and to the National Library: sent until they are acknowledged, the same one once.

The package is made anew from what is kept whenever it is needed, the same bytes each time; the other hub knows by its
SHA-256 how much of it is there. What it refuses stands on the page of the publication with its reasons.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from django.utils import timezone

from connectors import private, tus
from connectors.http import Client
from connectors.secret import secret
from hub.accounts import audit
from hub.catalog import bulk
from hub.deposit import arriving, packages
from hub.deposit.models import Parcel, Publication, Recipient
from hub.home import language
from hub.network.models import Library
from schemas.problem import Trouble

State = Parcel.State
A_ROUND = 20
FIRST, LONGEST = timedelta(minutes=1), timedelta(days=1)
LEASE = timedelta(hours=1)
HUB = "lienthong"


def post(publication: Publication, library: Library, *, by: str) -> Parcel:
    """A publication goes to a library as a package; one that is on its way or there already stays as it is."""
    if publication.level == "forbidden" or publication.content != "open":
        raise Trouble("parcel_forbidden", title=publication.title[:100])
    if not Recipient.objects.filter(pk=library.pk).exists():
        raise Trouble("parcel_nowhere", library=library.pk)
    with _made(publication) as (_, package):
        now = timezone.now()
        with bulk.writing():
            parcel, new = Parcel.objects.get_or_create(
                library=library,
                sha256=package.sha256,
                defaults={
                    "publication": publication, "package": package.name, "size": package.size, "due_at": now, "at": now,
                    "by": by,
                },
            )  # fmt: skip
            if new:
                audit.record(by, "deposit.parcel", package.name, library=library.pk, sha256=package.sha256)
    return parcel


@contextmanager
def _made(publication: Publication) -> Iterator[tuple[Path, packages.Package]]:
    """The package as a file for as long as it is needed."""
    path = arriving.outgoing() / f"{publication.pk}-{timezone.now().timestamp():.6f}.zip"
    try:
        yield path, packages.write(publication, path)
    finally:
        path.unlink(missing_ok=True)


def again(number: int, *, by: str) -> None:
    """Somebody asks that a parcel be sent again, now."""
    with bulk.writing():
        waits = Parcel.objects.filter(pk=number).exclude(state=State.ACKNOWLEDGED)
        if waits.update(state=State.WAITING, due_at=timezone.now()):
            audit.record(by, "deposit.parcel_again", str(number))


def send_due(now: datetime | None = None) -> tuple[int, int]:
    """Send what is due, ask what became of what was sent; (how many were acknowledged, how many were not)."""
    now = now or timezone.now()
    done = 0
    numbers = list(Parcel.objects.filter(due_at__lte=now).order_by("due_at").values_list("pk", flat=True)[:A_ROUND])
    for number in numbers:
        with bulk.writing():
            mine = Parcel.objects.filter(pk=number, due_at__lte=now).update(due_at=now + LEASE)
        if mine:
            done += _send(Parcel.objects.select_related("publication").get(pk=number), now)
    return done, len(numbers) - done


def _send(parcel: Parcel, now: datetime) -> bool:
    parcel.tries += 1
    try:
        _deliver(parcel)
    except Trouble as trouble:
        parcel.problem = trouble.problem.sentence(language())[:500]
    if parcel.state in (State.ACKNOWLEDGED, State.REFUSED):
        parcel.due_at = None
        parcel.acknowledged_at = now
        audit.record(HUB, f"deposit.parcel_{parcel.state}", parcel.package, library=parcel.library_id)
    else:
        parcel.due_at = now + min(FIRST * 2 ** min(parcel.tries - 1, 20), LONGEST)
    parcel.save()
    return parcel.state == State.ACKNOWLEDGED


def _deliver(parcel: Parcel) -> None:
    """Send what is not there yet, then ask what became of it."""
    to = Recipient.objects.filter(pk=parcel.library_id).first()
    if to is None:
        raise Trouble("parcel_nowhere", library=parcel.library_id)
    key = secret(to.secret)
    with Client(allow_private=private.allows_url(to.url), max_wait=timedelta(), tries=2) as client:
        if parcel.state == State.WAITING:
            with _made(parcel.publication) as (path, package), path.open("rb") as stream:
                if package.sha256 != parcel.sha256:  # what has changed since is another parcel
                    parcel.state = State.REFUSED
                    raise Trouble("parcel_changed")
                said = {"filename": f"{package.name}.zip", "sha256": package.sha256}
                parcel.place = tus.send(client, to.url, key, stream, package.size, said)[:600]
            parcel.state, parcel.problem = State.SENT, ""
        parcel.answer = tus.status(client, parcel.place, key)
    state = parcel.answer["state"]
    if state in ("kept", "known"):
        parcel.state = State.ACKNOWLEDGED
    elif state in ("refused", "dropped"):
        parcel.state = State.REFUSED
        parcel.problem = "; ".join(one.get("text", "") for one in parcel.answer.get("problems", ()))[:500]
