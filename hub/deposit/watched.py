"""A folder into which publishers' systems put files, also by SFTP: ``LIENTHONG_DEPOSIT_INBOX``.

Each publisher has a folder of its code in it. A file is taken once nothing has changed in it for a minute; with it may
lie its checksum, ``NAME.sha256`` as ``sha256sum`` writes it. It belongs to the publication whose ISBN its name or its
content has. What was taken goes to ``taken``, what was not kept to ``refused`` with ``NAME.txt``, which says why.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from hub.deposit import arriving
from hub.deposit.models import Delivery
from hub.network.models import Library
from schemas.problem import Problem, Trouble

QUIET = 60.0  # seconds
TAKEN, REFUSED = "taken", "refused"
A_ROUND = 20
State = Delivery.State


def inbox() -> Path | None:
    """The folder, where one is named."""
    said = os.environ.get("LIENTHONG_DEPOSIT_INBOX", "")
    return Path(said) if said else None


def take(now: datetime) -> int:
    """Take what is whole, and put away what was decided; how many files were taken."""
    folder = inbox()
    if folder is None or not folder.is_dir():
        return 0
    count = 0
    for library in Library.objects.filter(pk__in=[one.name for one in folder.iterdir() if one.is_dir()]):
        own = folder / library.pk
        _put_away(library, own)
        for path in [*_ready(own, now)][: A_ROUND - count]:
            count += _bring(library, path)
    return count


def _ready(own: Path, now: datetime) -> Iterator[Path]:
    """The files that nobody writes to any more; links are no files here."""
    for path in sorted(own.iterdir()):
        if path.is_symlink() or not path.is_file() or path.name.endswith((".sha256", ".part", ".filepart")):
            continue
        if now.timestamp() - path.stat().st_mtime >= QUIET and not path.name.startswith("."):
            yield path


def _bring(library: Library, path: Path) -> int:
    beside = path.with_name(path.name + ".sha256")
    try:
        said = beside.read_text("utf-8", "replace")[:64] if beside.is_file() else ""
        with path.open("rb") as stream:
            arriving.bring(library, None, path.name, stream, path.stat().st_size, "folder", by=library.pk, sha256=said)
    except Trouble as trouble:
        if trouble.problem.code != "arriving_disk":
            _move(path, REFUSED, [trouble.problem])
        return 0
    except OSError:
        return 0  # it is tried again
    _move(path, TAKEN, [])
    return 1


def _put_away(library: Library, own: Path) -> None:
    """What was refused after it was taken goes where its publisher sees it."""
    refused = Delivery.objects.filter(library=library, door="folder", state=State.REFUSED).order_by("-pk")[:200]
    for delivery in refused:
        path = own / TAKEN / delivery.name
        if path.is_file():
            rows = delivery.report.get("problems", ())
            _move(path, REFUSED, [Problem(row["code"], row["facts"]) for row in rows])


def _move(path: Path, where: str, problems: list[Problem]) -> None:
    own = path.parent.parent if path.parent.name in (TAKEN, REFUSED) else path.parent
    target = own / where
    target.mkdir(exist_ok=True)
    path.replace(target / path.name)
    beside = path.with_name(path.name + ".sha256")
    if beside.is_file():
        beside.replace(target / beside.name)
    if problems:
        lines = [f"{one.sentence('vi')}\n{one.sentence('en')}" for one in problems]
        (target / f"{path.name}.txt").write_text("\n\n".join(lines) + "\n", "utf-8")
