"""Files that are kept for good: in at least two stores, compared with their checksum on a schedule, repaired, restored.

Every damage, repair and loss is an event of the audit trail, whose rows are sealed one with the other, so that it can
be shown when a file was still whole.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from hub.accounts import audit
from hub.deposit.models import Kept, Publication
from hub.deposit.stores import Store, chunks, stores
from schemas.problem import Trouble

EVERY = timedelta(days=30)  # each file is looked at
A_ROUND = 50  # files
HUB = "lienthong"


@dataclass(slots=True)
class Checked:
    """What a round of fixity found: files looked at, copies repaired, files of which no copy is whole."""

    files: int = 0
    damaged: int = 0
    repaired: int = 0
    lost: list[str] = field(default_factory=list)


def keep(stream: Any, name: str, publication: Publication | None, *, by: str, sha256: str = "", kind: str = "") -> Kept:
    """Keep a file, in constant memory; what is kept already stays as it is.

    ``sha256`` is what the sender says of it: where it differs nothing is kept (:class:`Trouble` ``keep_differs``).
    ``kind``: its format, where that is known (:mod:`schemas.content_type`).
    """
    places = stores()
    first, rest = places[0], places[1:]
    written, found, size = first.write(chunks(stream))
    try:
        if not size:
            raise Trouble("keep_empty", name=name[:100])
        if sha256 and sha256.lower() != found:
            raise Trouble("keep_differs", name=name[:100], said=sha256[:64], found=found)
        if first.digest(found) == found:
            first.drop(written)
        else:
            first.place(written, found)
    except BaseException:
        first.drop(written)
        raise
    for other in rest:
        _copy(found, first, other)
    with transaction.atomic():
        kept, new = Kept.objects.get_or_create(
            sha256=found,
            defaults={
                "size": size,
                "name": name.replace("\0", "")[:255],
                "format": kind,
                "publication": publication,
                "at": timezone.now(),
                "by": by,
                "checked_at": timezone.now(),
            },
        )
        if new:
            audit.record(by, "kept", found, name=kept.name, size=size)
        elif kept.lost_at is not None:  # brought again
            kept.checked_at, kept.lost_at = timezone.now(), None
            kept.save(update_fields=["checked_at", "lost_at"])
            audit.record(by, "kept.repaired", found, name=kept.name, store=first.url)
    return kept


def _copy(sha256: str, source: Store, target: Store) -> bool:
    """Copy a file from a store where it is whole; whether the target has it whole then."""
    if target.digest(sha256) == sha256:
        return True
    with source.open(sha256) as stream:
        written, found, _ = target.write(chunks(stream))
    if found != sha256:  # it was damaged between the two readings
        target.drop(written)
        return False
    target.place(written, sha256)
    return target.digest(sha256) == sha256


def check(now: datetime, most: int | None = None, *, before: datetime | None = None, by: str = HUB) -> Checked:
    """Compare every copy with its checksum, those first that were looked at longest ago, and repair what can be.

    ``before``: only those that were not looked at since.
    """
    rows = Kept.objects.order_by(F("checked_at").asc(nulls_first=True), "pk")
    rows = rows.filter(Q(checked_at=None) | Q(checked_at__lt=before)) if before else rows
    found = Checked()
    places = stores() if rows.exists() else []
    for kept in rows[:most]:
        found.files += 1
        _check(kept, places, found, now, by)
    return found


def check_due(now: datetime) -> Checked:
    """A round of the schedule: some of the files that were not looked at for :data:`EVERY`."""
    return check(now, A_ROUND, before=now - EVERY)


def _check(kept: Kept, places: list[Store], found: Checked, now: datetime, by: str) -> None:
    whole = [store for store in places if store.digest(kept.sha256) == kept.sha256]
    broken = [store for store in places if store not in whole]
    with transaction.atomic():
        for store in broken:
            found.damaged += 1
            audit.record(by, "kept.damaged", kept.sha256, name=kept.name, store=store.url)
            if whole and _copy(kept.sha256, whole[0], store):
                found.repaired += 1
                audit.record(by, "kept.repaired", kept.sha256, name=kept.name, store=store.url)
        if not whole:
            found.lost.append(kept.name)
            if kept.lost_at is None:
                audit.record(by, "kept.lost", kept.sha256, name=kept.name)
        kept.checked_at, kept.lost_at = now, kept.lost_at or now if not whole else None
        kept.save(update_fields=["checked_at", "lost_at"])


def restore(folder: Path, store: int = -1) -> Iterator[tuple[Kept, bool]]:
    """The drill: every file out of one store into a folder, by its SHA-256, compared there; whether it is whole."""
    place = stores()[store]
    folder.mkdir(parents=True, exist_ok=True)
    target = Store(str(folder))
    for kept in Kept.objects.order_by("pk"):
        try:
            with place.open(kept.sha256) as stream:
                written, found, _ = target.write(chunks(stream))
        except OSError:
            yield kept, False
            continue
        if found == kept.sha256:
            target.place(written, found)
        else:
            target.drop(written)
        yield kept, found == kept.sha256
