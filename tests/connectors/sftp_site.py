"""An SFTP server on loopback that serves a folder, with keys of its own and faults on demand."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import asyncssh

PASSWORD = "đúng là mật khẩu"


@cache
def key(kind: str = "ssh-ed25519", name: str = "") -> asyncssh.SSHKey:
    """A key pair of the tests, one for each name."""
    return asyncssh.generate_private_key(kind, comment=name)


@dataclass
class Site:
    """A running server. ``cuts`` is after how many bytes of a file each of the next connections breaks off."""

    folder: Path
    port: int = 0
    cuts: list[int] = field(default_factory=list)
    names: list[bytes] = field(default_factory=list)
    listed: Callable[[int], None] = lambda _: None
    reads: list[tuple[int, int]] = field(default_factory=list)
    passwords: list[str] = field(default_factory=list)
    connections: int = 0
    listings: int = 0
    wrote: list[str] = field(default_factory=list)


class _Files(asyncssh.SFTPServer):
    """The folder as the root of the server. A name that ``names`` adds is one that no folder here could have."""

    site: Site

    def __init__(self, channel: asyncssh.SSHServerChannel[bytes]) -> None:
        super().__init__(channel, chroot=str(self.site.folder).encode())
        self.left = self.site.cuts.pop(0) if self.site.cuts else None

    async def scandir(self, path: bytes) -> Any:
        self.site.listings += 1
        self.site.listed(self.site.listings)
        async for name in super().scandir(path):
            yield name
        for name in self.site.names:
            yield asyncssh.SFTPName(name, b"", asyncssh.SFTPAttrs(type=1, size=5, permissions=0o100644, mtime=0))

    def read(self, file_obj: Any, offset: int, size: int) -> bytes:
        data = bytes(super().read(file_obj, offset, size))
        self.site.reads.append((offset, size))
        if self.left is not None:
            self.left -= len(data)
            if self.left < 0:
                self.channel.get_connection().abort()
                raise asyncssh.SFTPConnectionLost("cut")
        return data

    def write(self, file_obj: Any, offset: int, data: bytes) -> int:
        self.site.wrote.append("write")
        raise asyncssh.SFTPPermissionDenied("read only")

    def remove(self, path: bytes) -> None:
        self.site.wrote.append("remove")
        raise asyncssh.SFTPPermissionDenied("read only")


class _Door(asyncssh.SSHServer):
    """Lets user ``thuvien`` in, with :data:`PASSWORD` or ``key(name="user")``."""

    site: Site

    def connection_made(self, conn: asyncssh.SSHServerConnection) -> None:
        self.site.connections += 1

    def begin_auth(self, username: str) -> bool:
        return True

    def password_auth_supported(self) -> bool:
        return True

    def validate_password(self, username: str, password: str) -> bool:
        self.site.passwords.append(password)
        return (username, password) == ("thuvien", PASSWORD)

    def public_key_auth_supported(self) -> bool:
        return True

    def validate_public_key(self, username: str, offered: asyncssh.SSHKey) -> bool:
        return username == "thuvien" and offered == key(name="user").convert_to_public()


@contextmanager
def _loop() -> Iterator[Callable[[Any], Any]]:
    """An event loop in a thread of its own, as a function that runs a coroutine there and gives its result."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        yield lambda work: asyncio.run_coroutine_threadsafe(work, loop).result(30)
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()


async def _stop(acceptor: asyncssh.SSHAcceptor) -> None:
    acceptor.close()
    await acceptor.wait_closed()
    rest = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
    for task in rest:
        task.cancel()
    await asyncio.gather(*rest, return_exceptions=True)


@contextmanager
def sftp_site(folder: Path, host_keys: tuple[asyncssh.SSHKey, ...] = (), **settings: Any) -> Iterator[Site]:
    """A server for ``folder``, for user ``thuvien``; it stops with the block."""
    site = Site(folder, **settings)
    door, files = type("Door", (_Door,), {"site": site}), type("Files", (_Files,), {"site": site})

    async def start() -> asyncssh.SSHAcceptor:
        keys = list(host_keys or (key(),))
        return await asyncssh.listen(
            "127.0.0.1", 0, server_factory=door, server_host_keys=keys, sftp_factory=files, config=None
        )

    with _loop() as call:
        acceptor = call(start())
        site.port = acceptor.get_port()
        try:
            yield site
        finally:
            call(_stop(acceptor))
