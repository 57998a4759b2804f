"""Where kept files lie: at least two stores, folders by default, anything fsspec opens by setting.

``LIENTHONG_DEPOSIT_STORES`` lists them, divided by commas (``/mnt/a,s3://bucket/luu-chieu``). A file lies under the
SHA-256 of its content, so a name that somebody gave is never a path, and the same content is kept once.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Iterator
from typing import IO, Any

from fsspec.core import url_to_fs

from hub.home import home
from schemas.problem import Trouble

CHUNK = 2**20
ERRORS = (OSError, ValueError)


class Store:
    """One place of files; ``url`` names it."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.files, self.root = url_to_fs(url)

    def path(self, sha256: str) -> str:
        """Where the content with this SHA-256 lies."""
        return f"{self.root}/{sha256[:2]}/{sha256[2:4]}/{sha256}"

    def open(self, sha256: str) -> IO[bytes]:
        """The content."""
        opened: IO[bytes] = self.files.open(self.path(sha256), "rb")
        return opened

    def digest(self, sha256: str) -> str:
        """The SHA-256 of what lies there now; "" where nothing does, or it cannot be read."""
        try:
            with self.open(sha256) as stream:
                return digest_of(stream)[0]
        except ERRORS:
            return ""

    def write(self, stream: Iterator[bytes]) -> tuple[str, str, int]:
        """Keep what comes under a name of its own for now: (that name, SHA-256, bytes)."""
        name = f"{self.root}/arriving-{secrets.token_hex(16)}"
        self.files.makedirs(self.root, exist_ok=True)
        found, size = hashlib.sha256(), 0
        try:
            with self.files.open(name, "wb") as target:
                for chunk in stream:
                    target.write(chunk)
                    found.update(chunk)
                    size += len(chunk)
        except BaseException:
            self.drop(name)
            raise
        return name, found.hexdigest(), size

    def place(self, name: str, sha256: str) -> None:
        """What was written gets its own name; from now on it is kept."""
        path = self.path(sha256)
        self.files.makedirs(path.rpartition("/")[0], exist_ok=True)
        self.files.mv(name, path)

    def drop(self, name: str) -> None:
        """What was written is not kept."""
        if self.files.exists(name):
            self.files.rm(name)


def stores() -> list[Store]:
    """The stores; :class:`Trouble` ``keep_two`` for fewer than two."""
    said = os.environ.get("LIENTHONG_DEPOSIT_STORES", "")
    default = [str(home() / "deposit" / name) for name in ("1", "2")]
    urls = list(dict.fromkeys(one.strip() for one in said.split(",") if one.strip())) or default
    if len(urls) < 2:
        raise Trouble("keep_two")
    return [Store(url) for url in urls]


def chunks(stream: Any) -> Iterator[bytes]:
    """The content of a stream, a mebibyte at a time."""
    while chunk := stream.read(CHUNK):
        yield chunk


def digest_of(stream: IO[bytes]) -> tuple[str, int]:
    """(SHA-256, bytes) of a stream."""
    found, size = hashlib.sha256(), 0
    for chunk in chunks(stream):
        found.update(chunk)
        size += len(chunk)
    return found.hexdigest(), size
