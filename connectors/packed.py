"""The streams within a file: the file itself, what gzip packed, or the members of zip and tar, within limits.

What a file is, its suffix says (a spreadsheet is a zip by its content); gzip is also known by its first bytes (RFC 1952
section 2.3.1). Members are read in their order, never by a path of theirs; a packed file in a packed file is not opened
(OWASP ASVS 5.0, 5.2.3).
"""

from __future__ import annotations

import gzip
import io
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, cast

from schemas.problem import Trouble

MAX_BYTES = 8 * 2**30
MAX_MEMBERS = 10_000
MAX_RATIO = 200
RATIO_FROM = 2**24
TARS = (".tar", ".tar.gz", ".tgz")
GZIP = b"\x1f\x8b"
BROKEN = (
    EOFError,
    zlib.error,
    gzip.BadGzipFile,
    zipfile.BadZipFile,
    tarfile.TarError,
    NotImplementedError,
    RuntimeError,
)


def members(path: Path, name: str = "") -> Iterator[tuple[str, BinaryIO]]:
    """The (name, stream) pairs of a file; a plain file is one with the name ``""``.

    ``name`` is what the file is called where it comes from, if that differs. Streams are open until the next is asked
    for. :class:`Trouble` ``file_cut`` when the packing is broken or cut, ``file_bomb`` beyond the limits.
    """
    name = name or path.name
    suffix = name.lower()
    try:
        if suffix.endswith(TARS):
            yield from _tar(path, name)
        elif suffix.endswith(".zip"):
            yield from _zip(path, name)
        elif suffix.endswith(".gz") or _is_gzip(path):
            with gzip.open(path) as stream:
                yield "", _limited(cast(BinaryIO, stream), _Allowance(path, name))
        else:
            with path.open("rb") as stream:
                yield "", stream
    except BROKEN as error:
        raise Trouble("file_cut", path=name, detail=str(error) or type(error).__name__) from None


def _is_gzip(path: Path) -> bool:
    with path.open("rb") as stream:
        return stream.read(len(GZIP)) == GZIP


def _zip(path: Path, name: str) -> Iterator[tuple[str, BinaryIO]]:
    allowance = _Allowance(path, name)
    with zipfile.ZipFile(path) as archive:
        for info in archive.infolist():
            allowance.member()
            if not info.is_dir() and _wanted(info.filename):
                with archive.open(info) as stream:
                    yield info.filename, _limited(cast(BinaryIO, stream), allowance)


def _tar(path: Path, name: str) -> Iterator[tuple[str, BinaryIO]]:
    allowance = _Allowance(path, name)
    with tarfile.open(path, "r|*") as archive:
        for info in archive:
            allowance.member()
            stream = archive.extractfile(info) if info.isreg() and _wanted(info.name) else None
            if stream is not None:
                with stream:
                    yield info.name, _limited(cast(BinaryIO, stream), allowance)


def _wanted(name: str) -> bool:
    """Not the hidden files that some systems add to their archives."""
    last = name.rpartition("/")[2]
    return not last.startswith(".") and not name.startswith("__MACOSX/")


class _Allowance:
    """How many members and bytes may still come out of a packed file."""

    def __init__(self, path: Path, name: str) -> None:
        self.name = name
        self.most = min(MAX_BYTES, max(RATIO_FROM, MAX_RATIO * path.stat().st_size))
        self.bytes = self.members = 0

    def member(self) -> None:
        self.members += 1
        if self.members > MAX_MEMBERS:
            raise Trouble("file_bomb", path=self.name, limit=f"{MAX_MEMBERS} members")

    def take(self, count: int) -> None:
        self.bytes += count
        if self.bytes > self.most:
            raise Trouble("file_bomb", path=self.name, limit=f"{self.most // 2**20} MiB")


class _Limited(io.RawIOBase):
    """A stream that counts what comes out of it."""

    def __init__(self, stream: BinaryIO, allowance: _Allowance) -> None:
        super().__init__()
        self.stream = stream
        self.allowance = allowance

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
        try:
            part = self.stream.read(len(buffer))
        except BROKEN as error:
            raise Trouble("file_cut", path=self.allowance.name, detail=str(error) or type(error).__name__) from None
        self.allowance.take(len(part))
        buffer[: len(part)] = part
        return len(part)


def _limited(stream: BinaryIO, allowance: _Allowance) -> BinaryIO:
    return cast(BinaryIO, io.BufferedReader(_Limited(stream, allowance), 2**17))
