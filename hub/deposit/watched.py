"""A folder into which publishers' systems put files, also by SFTP: ``LIENTHONG_DEPOSIT_INBOX``.

Each publisher has a folder of its code in it. A file is taken once nothing has changed in it for a minute; with it may
lie its checksum, ``NAME.sha256`` as ``sha256sum`` writes it. It belongs to the publication whose ISBN its name or its
content has. What was taken goes to ``taken``, what was not kept to ``refused`` with ``NAME.txt``, which says why;
some signs before each name keep files of one name apart.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from uuid import uuid4

from hub.deposit import arriving
from hub.deposit.models import Delivery
from hub.deposit.stores import digest_of
from hub.network.models import Library
from schemas.problem import Problem, Trouble

QUIET = 60.0  # seconds
TAKEN, REFUSED = "taken", "refused"
A_ROUND, LOOKED_AT = 20, 200  # files
State = Delivery.State


def inbox() -> Path | None:
    """The folder, where one is named."""
    said = os.environ.get("LIENTHONG_DEPOSIT_INBOX", "")
    return Path(said) if said else None


def take(now: datetime) -> int:
    """Take what is whole; how many files were taken."""
    count = 0
    for library, own in _folders():
        for path in [*_ready(own, now)][: A_ROUND - count]:
            count += _bring(library, path)
    return count


def answer() -> None:
    """What was refused after it was taken goes where its publisher sees it, with the reasons."""
    for library, own in _folders():
        refused = Delivery.objects.filter(library=library, door="folder", state=State.REFUSED).order_by("-pk")
        for delivery in refused[:LOOKED_AT]:
            path = own / TAKEN / _name(delivery)
            if path.is_file():
                rows = delivery.report.get("problems", ())
                _move(path, own / REFUSED, path.name, [Problem(row["code"], row["facts"]) for row in rows])


def _folders() -> Iterator[tuple[Library, Path]]:
    folder = inbox()
    if folder is not None and folder.is_dir():
        for library in Library.objects.filter(pk__in=[one.name for one in folder.iterdir() if one.is_dir()]):
            yield library, folder / library.pk


def _name(delivery: Delivery) -> str:
    """What a taken file is called: files of one name come again and again."""
    return f"{delivery.token[:8]}-{delivery.name}"


def _ready(own: Path, now: datetime) -> Iterator[Path]:
    """The files that nobody writes to any more; links are no files here."""
    for path in sorted(own.iterdir()):
        if path.is_symlink() or not path.is_file() or path.name.endswith((".sha256", ".part", ".filepart")):
            continue
        if now.timestamp() - path.stat().st_mtime >= QUIET and not path.name.startswith("."):
            yield path


def _bring(library: Library, path: Path) -> int:
    beside = path.with_name(path.name + ".sha256")
    own = path.parent
    try:
        with path.open("rb") as stream:
            said = beside.read_text("utf-8", "replace")[:64] if beside.is_file() else digest_of(stream)[0]
            size = path.stat().st_size
            delivery = arriving.bring(library, None, path.name, stream, size, "folder", by=library.pk, sha256=said)
    except Trouble as trouble:
        if trouble.problem.code != "arriving_disk":
            _move(path, own / REFUSED, f"{uuid4().hex[:8]}-{path.name}", [trouble.problem])
        return 0
    except OSError:
        return 0  # it is tried again
    _move(path, own / TAKEN, _name(delivery), [])
    return 1


def _move(path: Path, folder: Path, name: str, problems: list[Problem]) -> None:
    """Put a file away, and its checksum with it; ``problems`` are written beside it."""
    folder.mkdir(exist_ok=True)
    path.replace(folder / name)
    beside = path.with_name(path.name + ".sha256")
    if beside.is_file():
        beside.replace(folder / f"{name}.sha256")
    if problems:
        lines = [f"{one.sentence('vi')}\n{one.sentence('en')}" for one in problems]
        (folder / f"{name}.txt").write_text("\n\n".join(lines) + "\n", "utf-8")
