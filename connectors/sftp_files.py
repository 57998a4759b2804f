"""The files of a folder on an SFTP server: listed, and fetched so that a cut fetch goes on where it ended.

A name that the server gives is used to ask for the file and for nothing else; the copy here has a name of our own.
"""

from __future__ import annotations

import posixpath
import time
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import IO, cast

import asyncssh
from asyncssh.constants import FILEXFER_TYPE_DIRECTORY, FILEXFER_TYPE_REGULAR, FILEXFER_TYPE_SYMLINK

from connectors.file_records import shown
from connectors.sftp_server import STEP_SECONDS, Server
from schemas.problem import Problem, Trouble

PIECE = 2**20  # bytes asked for at once, in several requests
MOST_FILES = 100_000
LIST_SECONDS = 4 * STEP_SECONDS
MAGIC = frozenset("*?[")
GONE = (asyncssh.SFTPNoSuchFile, asyncssh.SFTPNoSuchPath)


@dataclass(frozen=True, slots=True)
class Remote:
    """A file on the server: its name as it is shown, its path there, its size in bytes, its time in seconds (1970)."""

    name: str
    path: str
    size: int
    mtime: int


@dataclass(frozen=True, slots=True)
class Folder:
    """What a path names: a single file, or the files of a folder; and which of them are never read."""

    files: list[Remote]
    refused: list[Problem]
    single: bool


def list_folder(server: Server, path: str) -> Folder:
    """The regular files that ``path`` names (a folder, a file, or a pattern in a folder), in order of their names.

    :class:`Trouble` ``file_missing`` when there is no such folder or file, ``file_denied`` when it may not be seen.
    """

    async def step(client: asyncssh.SFTPClient) -> Folder:
        try:
            return await server.within(_listed(client, path), LIST_SECONDS)
        except GONE:
            raise Trouble("file_missing", path=path) from None
        except asyncssh.SFTPPermissionDenied:
            raise Trouble("file_denied", path=path) from None

    return server.run(step)


async def _listed(client: asyncssh.SFTPClient, path: str) -> Folder:
    folder, pattern = posixpath.split(path) if MAGIC & set(posixpath.basename(path)) else (path, "*")
    attrs = await client.stat(folder or ".")
    if attrs.type != FILEXFER_TYPE_DIRECTORY:
        name = posixpath.basename(folder)
        return Folder([Remote(shown(name), folder, attrs.size or 0, attrs.mtime or 0)], [], True)
    base = str(await client.realpath(folder or "."))
    files: list[Remote] = []
    refused: list[Problem] = []
    async for entry in client.scandir(folder or "."):
        name = str(entry.filename)
        if "/" not in name and (name.startswith(".") or not fnmatchcase(name, pattern)):
            continue
        found = await _judged(client, base, name, entry.attrs)
        if isinstance(found, Problem):
            refused.append(found)
        elif found is not None:
            files.append(found)
        if len(files) + len(refused) > MOST_FILES:
            raise Trouble("sftp_failed", host=path, detail=f"more than {MOST_FILES} files")
    return Folder(sorted(files, key=lambda file: file.name), refused, False)


async def _judged(
    client: asyncssh.SFTPClient, base: str, name: str, attrs: asyncssh.SFTPAttrs
) -> Remote | Problem | None:
    """A regular file within the folder; what is wrong with one that is not read; ``None`` for what is no file."""
    if "/" in name or "\x00" in name:
        return Problem("file_name_refused", {"name": shown(name)[:200]})
    path = posixpath.join(base, name)
    if attrs.type == FILEXFER_TYPE_SYMLINK:
        try:
            real = str(await client.realpath(path))
            attrs = await client.stat(real)
        except asyncssh.SFTPError:
            return None
        if not real.startswith(base.rstrip("/") + "/"):
            return Problem("file_outside", {"path": shown(name)})
    elif attrs.type != FILEXFER_TYPE_REGULAR and attrs.permissions is None:
        attrs = await client.stat(path)
    if attrs.type != FILEXFER_TYPE_REGULAR:
        return None
    return Remote(shown(name), path, attrs.size or 0, attrs.mtime or 0)


def fetch(server: Server, file: Remote, stream: IO[bytes], seconds: float) -> None:
    """Write the file to ``stream``; what a lost connection cut goes on after the last byte that came.

    :class:`Trouble` ``file_changed`` when the file is not the one that was listed (also at the end),
    ``file_denied``, ``sftp_deadline`` after so many seconds, ``file_not_kept`` when it cannot be written here.
    """
    end = time.monotonic() + seconds

    async def step(client: asyncssh.SFTPClient) -> None:
        try:
            await server.within(_fetched(server, client, file, stream), end - time.monotonic())
        except GONE:
            raise Trouble("file_changed", path=file.name) from None
        except asyncssh.SFTPPermissionDenied:
            raise Trouble("file_denied", path=file.name) from None
        except TimeoutError:
            if time.monotonic() < end:
                raise
            raise Trouble("sftp_deadline", path=file.name, seconds=f"{seconds:g}") from None

    server.run(step)


async def _fetched(server: Server, client: asyncssh.SFTPClient, file: Remote, stream: IO[bytes]) -> None:
    async with client.open(file.path, "rb") as remote:
        _check(file, await remote.stat())
        while (here := stream.tell()) < file.size:
            asked = min(PIECE, file.size - here)
            part = cast(bytes, await server.within(remote.read(asked, here), STEP_SECONDS))
            if not 0 < len(part) <= asked:
                raise Trouble("file_changed", path=file.name)
            try:
                stream.write(part)
            except OSError as error:
                raise Trouble("file_not_kept", path=file.name, detail=error.strerror or error) from None
    _check(file, await client.stat(file.path))


def _check(file: Remote, attrs: asyncssh.SFTPAttrs) -> None:
    if (attrs.size or 0, attrs.mtime or 0) != (file.size, file.mtime):
        raise Trouble("file_changed", path=file.name)
