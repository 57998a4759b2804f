"""A connection to an SFTP server (version 3, draft-ietf-secsh-filexfer-02), used step by step.

Only to an address that was judged (:mod:`connectors.address`), and only to a server whose host key is the known one; a
password is never sent to another. Nothing is taken from ``~/.ssh`` or an agent. The connection lives in a thread of its
own, so that the hub, which is synchronous, never runs in an event loop. A step that a lost connection cut is tried
again over a new one. Nothing is ever written to the server.
"""

from __future__ import annotations

import asyncio
import logging
import random
import re
import threading
import time
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Self, TypeVar

import asyncssh
from asyncssh.public_key import get_default_public_key_algs

from connectors.address import connect, resolve
from schemas.problem import Trouble

CONNECT_SECONDS = 10
LOGIN_SECONDS = 30
STEP_SECONDS = 60  # without anything coming
KEEPALIVE_SECONDS = 15
LONGEST_PAUSE = 60.0
RETRIED = frozenset({"sftp_failed", "sftp_timeout", "http_unreachable", "http_no_host"})
FINGERPRINT = re.compile(r"SHA256:[A-Za-z0-9+/]{43}")
PUBLIC_KEY = re.compile(r"(?:ssh|ecdsa)-[a-z0-9-]+ [A-Za-z0-9+/]+=*")

T = TypeVar("T")
Step = Callable[[asyncssh.SFTPClient], Awaitable[T]]

logging.getLogger("asyncssh").setLevel(logging.WARNING)


@dataclass(frozen=True, slots=True)
class HostKey:
    """The host key a source knows: a fingerprint, or a whole public key."""

    fingerprint: str
    key: asyncssh.SSHKey | None = None

    @classmethod
    def read(cls, text: str) -> HostKey:
        """From ``SHA256:…``, or a line as ssh-keyscan prints it; :class:`ValueError` for anything else."""
        if found := FINGERPRINT.fullmatch(text.strip().rstrip("=")):
            return cls(found[0])
        if found := PUBLIC_KEY.search(text):
            with suppress(asyncssh.KeyImportError):
                key = asyncssh.import_public_key(found[0])
                return cls(key.get_fingerprint(), key)
        raise ValueError("it is neither a fingerprint such as SHA256:… nor a public key such as ssh-ed25519 AAAA…")

    def algorithms(self) -> list[str]:
        """The algorithms asked for: those of the known key first, so that a server with several shows that one."""
        first = self.key.sig_algorithms if self.key else ()
        return [name.decode() for name in dict.fromkeys([*first, *get_default_public_key_algs()])]


@dataclass(frozen=True, slots=True)
class Login:
    """Who logs in, with a password or with keys."""

    user: str
    password: str | None = None
    keys: tuple[asyncssh.SSHKey, ...] = ()


class Server:
    """An SFTP server; to be used in a ``with`` block, by one thread."""

    def __init__(
        self,
        address: tuple[str, int],
        login: Callable[[], Login],
        host_key: HostKey | None,
        *,
        allow_private: bool = False,
        tries: int = 5,
        pause: float = 1.0,
    ) -> None:
        self.host, self.port = address
        self.login = login
        self.host_key = host_key
        self.allow_private = allow_private
        self.tries = tries
        self.pause = pause
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="sftp", daemon=True)
        self._line: asyncssh.SSHClientConnection | None = None
        self._client: asyncssh.SFTPClient | None = None

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._in_loop(self._hang_up())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def run(self, step: Step[T]) -> T:
        """What the step gives. A lost connection is made anew and the step begun again, ``tries`` times at most.

        :class:`Trouble`: those of the step, ``sftp_failed``, ``sftp_timeout``, ``sftp_denied``, those of the host key,
        and of :func:`connectors.address.resolve`.
        """
        failures = 0
        while True:
            try:
                return self._in_loop(self._attempt(step))
            except Trouble as trouble:
                failures += 1
                if trouble.problem.code not in RETRIED or failures >= self.tries:
                    raise
            rest = min(self.pause * 2 ** (failures - 1), LONGEST_PAUSE)
            time.sleep(rest * random.uniform(0.5, 1.5))  # noqa: S311

    def _in_loop(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()

    async def _attempt(self, step: Step[T]) -> T:
        try:
            if self._client is None:
                self._line = await self._connected()
                started = self._line.start_sftp_client(path_errors="surrogateescape")
                self._client = await self.within(started, LOGIN_SECONDS)
            return await step(self._client)
        except (OSError, asyncssh.Error, TimeoutError) as error:
            await self._hang_up()
            raise self._said(error) from None

    async def within(self, work: Awaitable[T], seconds: float) -> T:
        """What the work gives; after so many seconds the connection is cut, and :class:`TimeoutError` raised.

        Cancelling the work alone would wait for the answers of a server that gives none.
        """
        task = asyncio.ensure_future(work)
        await asyncio.wait({task}, timeout=max(0.0, seconds))
        if not task.done():
            await self._hang_up()
            await asyncio.wait({task}, timeout=CONNECT_SECONDS)
            if task.done():
                task.exception()
            raise TimeoutError
        return task.result()

    def _said(self, error: Exception) -> Trouble:
        """The trouble an error of the connection stands for."""
        if isinstance(error, TimeoutError):
            return Trouble("sftp_timeout", host=self.host, seconds=STEP_SECONDS)
        return Trouble("sftp_failed", host=self.host, detail=str(error)[:300] or type(error).__name__)

    async def _connected(self) -> asyncssh.SSHClientConnection:
        login = self.login() if self.host_key else Login("lienthong")
        addresses = resolve((self.host, self.port), self.allow_private)
        try:
            line = connect(addresses, CONNECT_SECONDS)
        except OSError as error:
            raise Trouble("http_unreachable", host=self.host, port=self.port, detail=error) from None
        line.setblocking(False)
        shown: list[asyncssh.SSHKey] = []
        try:
            settings = self._settings(login, shown)
            return await asyncio.wait_for(asyncssh.connect(self.host, self.port, sock=line, **settings), LOGIN_SECONDS)
        except asyncssh.HostKeyNotVerifiable:
            raise self._refused(shown) from None
        except asyncssh.PermissionDenied:
            raise Trouble("sftp_denied", host=self.host, user=login.user) from None

    def _settings(self, login: Login, shown: list[asyncssh.SSHKey]) -> dict[str, Any]:
        """Everything is said, so that nothing comes from the account's own SSH configuration."""
        known = self.host_key

        class Client(asyncssh.SSHClient):
            def validate_host_public_key(self, host: str, addr: str, port: int, key: asyncssh.SSHKey) -> bool:
                shown.append(key)
                return known is not None and key.get_fingerprint() == known.fingerprint

        return {
            "config": None,
            "client_factory": Client,
            "known_hosts": lambda *_: ([], [], []),
            "server_host_key_algs": (known or HostKey("")).algorithms(),
            "username": login.user,
            "password": login.password,
            "client_keys": list(login.keys) or None,
            "agent_path": None,
            "preferred_auth": ["publickey"] if login.keys else ["password", "keyboard-interactive"],
            "login_timeout": LOGIN_SECONDS,
            "keepalive_interval": KEEPALIVE_SECONDS,
        }

    def _refused(self, shown: list[asyncssh.SSHKey]) -> Trouble:
        """The host key is not the known one, or none is known: the sentence says which was offered."""
        if not shown:
            return Trouble("sftp_failed", host=self.host, detail="no host key of a usual kind")
        kind, fingerprint = shown[-1].get_algorithm(), shown[-1].get_fingerprint()
        code = "sftp_host_key_wrong" if self.host_key else "sftp_host_key_missing"
        return Trouble(code, host=self.host, port=self.port, kind=kind, fingerprint=fingerprint)

    async def _hang_up(self) -> None:
        line, self._line, self._client = self._line, None, None
        if line is not None:
            line.abort()
            with suppress(OSError, asyncssh.Error, TimeoutError):
                await asyncio.wait_for(line.wait_closed(), CONNECT_SECONDS)
