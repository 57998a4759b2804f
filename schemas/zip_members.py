"""Whether the members of a ZIP are safe to look at. Nothing is ever unpacked by its name.

APPNOTE 6.3.10 of the format lets names be anything; here they must be plain relative paths, once each.
"""

from __future__ import annotations

import stat
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from schemas.bagit import is_inside
from schemas.problem import Problem, Trouble

MOST_MEMBERS = 10_000
LARGEST = 2 * 2**30  # bytes of all members, unpacked
RATIO = 200  # unpacked to packed, of a member above SMALL; more is a bomb
SMALL = 2**20
BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError)  # as zipfile raises
ARCHIVES = (".zip", ".epub", ".rar", ".7z", ".gz", ".tar", ".jar", ".exe")


@contextmanager
def opened(path: Path) -> Iterator[zipfile.ZipFile]:
    """The archive of a file; :class:`Trouble` ``zip_broken`` for one that cannot be read, also while it is read."""
    try:
        with zipfile.ZipFile(path) as archive:
            yield archive
    except BROKEN as error:
        raise Trouble("zip_broken", detail=str(error)[:80] or type(error).__name__) from None


def is_bomb(one: zipfile.ZipInfo) -> bool:
    """Whether a member unpacks to far more than it is."""
    return one.file_size > SMALL and one.file_size > RATIO * max(one.compress_size, 1)


def unsafe(archive: zipfile.ZipFile) -> list[Problem]:
    """What makes the archive one that nobody should open, in words; [] where nothing does."""
    members = archive.infolist()
    if len(members) > MOST_MEMBERS:
        return [Problem("zip_members", {"count": str(len(members)), "most": str(MOST_MEMBERS)})]
    found = []
    if sum(one.file_size for one in members) > LARGEST:
        found.append(Problem("zip_bomb", {"name": "*"}))
    for one in members:
        name = one.filename.rstrip("/")
        if is_bomb(one):
            found.append(Problem("zip_bomb", {"name": shown(one.filename)}))
        if not is_inside(name) or len(name) > 255 or "\0" in one.orig_filename:
            found.append(Problem("zip_name", {"name": shown(one.orig_filename)}))
        elif stat.S_ISLNK(one.external_attr >> 16):
            found.append(Problem("zip_link", {"name": shown(one.filename)}))
    counted = Counter(one.filename.lower() for one in members)
    found += [Problem("zip_twice", {"name": shown(name)}) for name, count in counted.items() if count > 1]
    return found


def nested(archive: zipfile.ZipFile) -> list[str]:
    """Members that are archives again, by their names."""
    return [name for name in archive.namelist() if name.lower().endswith(ARCHIVES)]


def content(archive: zipfile.ZipFile, name: str, most: int) -> bytes:
    """A member's bytes, at most so many; :class:`Trouble` ``zip_member`` where it cannot be read."""
    try:
        with archive.open(name) as stream:
            body = stream.read(most + 1)
    except BROKEN as error:
        raise Trouble("zip_member", name=shown(name), detail=type(error).__name__) from None
    if len(body) > most:
        raise Trouble("zip_member", name=shown(name), detail=f"> {most}")
    return body


def shown(name: str) -> str:
    """A name as a page can show it."""
    return "".join(sign if sign.isprintable() else "�" for sign in name)[:100]
