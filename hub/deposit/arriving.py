"""Files on their way in: any number of pieces, cut anywhere, begun again where they stopped, in constant memory.

What is here of a file lies under a name of ours in ``LIENTHONG_HOME/deposit/arriving``; its length is how far the
upload has come, so a process that ends at any moment loses nothing that was written. One at a time writes to a file.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import secrets
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO, Any

from django.db import transaction
from django.utils import timezone

from hub.accounts import audit
from hub.deposit.models import Delivery, Publication
from hub.home import home
from hub.network.models import Library
from schemas.problem import Trouble

CHUNK, GIBIBYTE = 2**20, 2**30
SPARE = GIBIBYTE  # bytes of the disk that stay free
MOST_OPEN = 100  # unfinished files of a library
LOOKED_AT = 200  # unfinished files in one look
FORGOTTEN = timedelta(days=14)  # after which an unfinished file is dropped
LEFT = timedelta(days=2)  # after which nobody works in a folder of the moment any more
ALGORITHMS = ("sha256", "sha1")
State = Delivery.State


def largest() -> int:
    """The bytes of the largest file; :class:`Trouble` ``arriving_largest`` where the setting is no number."""
    said = os.environ.get("LIENTHONG_DEPOSIT_LARGEST_GIB", "100")
    if not (said.isascii() and said.isdigit() and 0 < int(said) < 2**20):
        raise Trouble("arriving_largest", value=said[:20])
    return int(said) * GIBIBYTE


def folder() -> Path:
    """Where files arrive."""
    return home() / "deposit" / "arriving"


def path_of(delivery: Delivery) -> Path:
    """Where what is here of a file lies."""
    return folder() / delivery.token


def offset_of(delivery: Delivery) -> int:
    """How many bytes of it are here."""
    if delivery.state != State.ARRIVING:
        return delivery.offset
    try:
        return path_of(delivery).stat().st_size
    except OSError:
        return 0


def begin(
    library: Library, publication: Publication | None, name: str, size: int, sha256: str, door: str, *, by: str,
    origin: str = "",
) -> Delivery:  # fmt: skip
    """A file is announced. One of the same content that is under way, or was taken, is given back instead."""
    name, sha256 = _name(name), sha256.strip().lower()
    if not 0 < size <= (most := largest()):
        raise Trouble("arriving_size", name=name, most=most // GIBIBYTE)
    if sha256 and (len(sha256) != 64 or not all(sign in "0123456789abcdef" for sign in sha256)):
        raise Trouble("arriving_sum", sum=sha256[:70])
    mine = Delivery.objects.filter(library=library)
    if sha256:
        same = mine.filter(size=size, sha256=sha256)
        same = same.filter(publication=publication) if publication else same  # a package has found its own by then
        found = same.exclude(state__in=(State.REFUSED, State.DROPPED)).order_by("-pk").first()
        if found is not None:
            recover([found])
            return found
    if mine.filter(state=State.ARRIVING).count() >= MOST_OPEN:
        raise Trouble("arriving_many", most=MOST_OPEN)
    folder().mkdir(parents=True, exist_ok=True)
    if shutil.disk_usage(folder()).free < size + SPARE:
        raise Trouble("arriving_disk", name=name)
    now = timezone.now()
    return Delivery.objects.create(
        token=secrets.token_hex(16), library=library, publication=publication, name=name, size=size, sha256=sha256,
        door=door, origin=origin[:500], at=now, by=by, changed_at=now,
    )  # fmt: skip


def _name(text: str) -> str:
    """What the sender calls it, as data: never a path."""
    last = text.replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(sign for sign in last if sign.isprintable())[:255] or "—"


def append(delivery: Delivery, offset: int, stream: Any, checksum: tuple[str, str] = ("", "")) -> Delivery:
    """The next bytes of a file, from ``offset`` on; ``checksum``: (algorithm, hexadecimal) of this piece alone.

    A piece that is cut stays as far as it came; one whose checksum differs, or that is too long, leaves nothing.
    """
    with _held(delivery) as target:
        delivery.refresh_from_db()
        here = target.seek(0, os.SEEK_END)
        if delivery.state != State.ARRIVING or offset != here:
            raise Trouble("arriving_offset", offset=offset, here=offset_of(delivery))
        digest = hashlib.new(checksum[0], usedforsecurity=False) if checksum[0] else None
        try:
            count = _take(target, stream, delivery, here, digest)
            if digest and digest.hexdigest() != checksum[1].lower():
                raise Trouble("arriving_piece", name=delivery.name, offset=here)
        except BaseException as error:
            if digest or isinstance(error, Trouble):
                target.truncate(here)
            raise
        target.flush()
        os.fsync(target.fileno())
        delivery.offset, delivery.changed_at = here + count, timezone.now()
        if delivery.offset == delivery.size:
            delivery.state = State.ARRIVED
        delivery.save(update_fields=["offset", "state", "changed_at"])
    return delivery


def _take(target: IO[bytes], stream: Any, delivery: Delivery, here: int, digest: Any) -> int:
    """Write what comes behind byte ``here``; how much it was."""
    count = 0
    while chunk := stream.read(CHUNK):
        count += len(chunk)
        if here + count > delivery.size:
            raise Trouble("arriving_longer", name=delivery.name, size=delivery.size)
        target.write(chunk)
        if digest:
            digest.update(chunk)
    return count


def recover(deliveries: Iterable[Delivery]) -> int:
    """Files of which everything is here, though the process that took the last piece could not say so any more."""
    count = 0
    for one in deliveries:
        if one.state == State.ARRIVING and offset_of(one) == one.size:
            with suppress(Trouble), _held(one) as target:  # who writes to it just now says so itself
                if target.seek(0, os.SEEK_END) == one.size:
                    values = {"state": State.ARRIVED, "offset": one.size, "changed_at": timezone.now()}
                    count += Delivery.objects.filter(pk=one.pk, state=State.ARRIVING).update(**values)
            one.refresh_from_db()
    return count


@contextmanager
def _held(delivery: Delivery) -> Iterator[IO[bytes]]:
    """The file, for one writer at a time; another one is told to wait."""
    folder().mkdir(parents=True, exist_ok=True)
    with path_of(delivery).open("ab") as target:
        try:
            fcntl.flock(target, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise Trouble("arriving_busy", name=delivery.name) from None
        yield target


def bring(
    library: Library, publication: Publication | None, name: str, stream: Any, size: int, door: str, *, by: str,
    sha256: str = "", origin: str = "",
) -> Delivery:  # fmt: skip
    """A whole file in one go."""
    delivery = begin(library, publication, name, size, sha256, door, by=by, origin=origin)
    if delivery.state != State.ARRIVING:
        return delivery
    stream.seek(offset_of(delivery))
    return append(delivery, offset_of(delivery), stream)


def drop(delivery: Delivery, *, by: str) -> None:
    """The sender gives an unfinished file up."""
    with transaction.atomic():
        changed = Delivery.objects.filter(pk=delivery.pk, state=State.ARRIVING).update(
            state=State.DROPPED, changed_at=timezone.now()
        )
        if not changed:
            raise Trouble("arriving_done", name=delivery.name)
        audit.record(by, "deposit.file_dropped", delivery.token, name=delivery.name)
    path_of(delivery).unlink(missing_ok=True)


def forget(now: datetime) -> int:
    """Drop what nobody has sent more of for :data:`FORGOTTEN`."""
    recover(Delivery.objects.filter(state=State.ARRIVING).order_by("-changed_at")[:LOOKED_AT])
    old = list(Delivery.objects.filter(state=State.ARRIVING, changed_at__lt=now - FORGOTTEN)[:100])
    for delivery in old:
        drop(delivery, by="lienthong")
    _sweep(now)
    return len(old)


def _sweep(now: datetime) -> None:
    """Folders and packages in the making that a process which was killed left behind."""
    for path in (*folder().glob("*/"), *outgoing().glob("*.zip")):
        if now.timestamp() - path.stat().st_mtime > LEFT.total_seconds():
            shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)


def outgoing() -> Path:
    """Where packages for others are made."""
    return home() / "deposit" / "outgoing"
