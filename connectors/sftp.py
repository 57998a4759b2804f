"""Files a library puts on an SFTP server: fetched whole into a temporary file, then read like files in a folder.

A file is fetched when its size or time is new and it is no longer being written. Nothing on the server is changed.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import asyncssh
from pydantic import AfterValidator, Field

from connectors import file_pages
from connectors.connector import Connector, Job, Page
from connectors.duration import Duration
from connectors.file_pages import FolderOptions, Listing
from connectors.file_records import Content, Stamp, digest_of
from connectors.secret import Variable, secret
from connectors.sftp_files import Folder, Remote, fetch, list_folder
from connectors.sftp_server import HostKey, Login, Server
from schemas.problem import Problem, Trouble

MAX_BYTES = 2 * 2**30


def _host_key(text: str) -> str:
    if text:
        HostKey.read(text)
    return text


class Options(FolderOptions):
    """Where the files are and how to log in; secrets are named, never written here.

    ``path`` is a folder, a file, or a folder with a pattern of names ("xuat/*.mrc"). ``host_key`` is the server's key
    or its fingerprint; without it nothing is fetched, but a check says which fingerprint the server offers.
    ``deadline`` and ``max_bytes`` bound the fetching of one file; the others are as for web servers
    (:class:`connectors.server.ServerOptions`).
    """

    host: str = Field(pattern=r"^[^\s/@]{1,253}$")
    port: int = Field(default=22, ge=1, le=65535)
    username: str = Field(min_length=1)
    password_env: Variable = ""
    key_file: str = ""
    passphrase_env: Variable = ""
    host_key: Annotated[str, AfterValidator(_host_key)] = ""
    path: str = "."
    allow_private: bool = False
    deadline: Duration = timedelta(hours=1)
    max_bytes: int = Field(default=MAX_BYTES, gt=0)
    max_wait: Duration = timedelta(minutes=15)
    run_limit: Duration = Field(default=timedelta(hours=24), gt=timedelta())
    pause: Duration = timedelta(seconds=1)
    tries: int = Field(default=5, ge=1, le=20)
    rest: Duration = timedelta(minutes=15)
    per_host: int = Field(default=2, ge=1, le=50)

    def server(self, folder: Path) -> Server:
        """The server these options name; relative key files start from ``folder``."""
        return Server(
            (self.host, self.port),
            lambda: self._login(folder),
            HostKey.read(self.host_key) if self.host_key else None,
            allow_private=self.allow_private,
            tries=self.tries,
            pause=self.pause.total_seconds(),
        )

    def _login(self, folder: Path) -> Login:
        """:class:`Trouble` ``sftp_no_login``, ``secret_missing``, ``sftp_key_file`` or ``sftp_key_open``."""
        if self.key_file:
            passphrase = secret(self.passphrase_env) if self.passphrase_env else None
            return Login(self.username, keys=(_private_key(folder / self.key_file, passphrase),))
        if self.password_env:
            return Login(self.username, password=secret(self.password_env))
        raise Trouble("sftp_no_login")


def _private_key(path: Path, passphrase: str | None) -> asyncssh.SSHKey:
    """The key of a file that nobody else on this machine may read."""
    try:
        if path.stat().st_mode & 0o077:
            raise Trouble("sftp_key_open", path=path)
        return asyncssh.read_private_key(path, passphrase)
    except (OSError, asyncssh.KeyImportError, asyncssh.KeyEncryptionError) as error:
        raise Trouble("sftp_key_file", path=path, detail=error) from None


@dataclass(frozen=True, slots=True)
class RemoteFile:
    """A file on the server, with what is needed to fetch it."""

    remote: Remote
    server: Server
    options: Options

    @property
    def name(self) -> str:
        """The file's name in its folder."""
        return self.remote.name

    @contextmanager
    def content(self, known: Stamp) -> Iterator[Content | None]:
        """What the file holds, fetched; ``None`` when size and time are those it had."""
        stamp = {"size": str(self.remote.size), "mtime": str(self.remote.mtime)}
        if known == stamp:
            yield None
            return
        limit = self.options.max_bytes
        if self.remote.size > limit:
            raise Trouble("file_too_large", path=self.name, size=self.remote.size, limit=limit)
        with tempfile.NamedTemporaryFile(prefix="lienthong-") as copy:
            fetch(self.server, self.remote, copy.file, self.options.deadline.total_seconds())
            copy.flush()
            path = Path(copy.name)
            yield Content(path, digest_of(path), self.name, stamp)

    def check_unchanged(self) -> None:
        """A fetched copy is ours: nobody changes it."""


def pages(job: Job) -> Iterator[Page]:
    """The records of the files that are new or changed, as :func:`connectors.file_pages.pages` says."""
    with job.options.server(job.folder) as server:
        yield from file_pages.pages(job, list_files(job.options, server))


def list_files(options: Options, server: Server) -> Listing:
    """The files that are whole. One whose time is recent is looked at twice, ``stable_seconds`` apart."""
    folder = list_folder(server, options.path)
    if not folder.files:
        raise Trouble("file_missing", path=options.path)
    now = time.time()
    waiting = _waiting(options, folder, now)
    if any(problem.code == "file_growing" for problem in waiting.values()):
        before = {file.name: file for file in folder.files}
        time.sleep(options.patience(single=folder.single))
        folder = list_folder(server, options.path)
        waiting = _waiting(options, folder, now)
        for file in folder.files:
            growing = waiting.get(file.name)
            if growing is not None and growing.code == "file_growing" and before.get(file.name) == file:
                del waiting[file.name]
    entries = [
        RemoteFile(file, server, options)
        for file in folder.files
        if file.name not in waiting and not options.is_marker(file.name)
    ]
    return Listing(entries, list(waiting.values()), folder.refused)


def _waiting(options: Options, folder: Folder, now: float) -> dict[str, Problem]:
    """Why files are left for the next run, by their names. A time ahead of ours is taken to be recent."""
    names = {file.name for file in folder.files}
    found = {}
    for file in folder.files:
        if not options.is_marker(file.name):
            marked = file.name + options.done_marker in names
            age = now - file.mtime
            problem = options.not_now(file.name, file.size, marked=marked, age=age, single=folder.single)
            if problem:
                found[file.name] = problem
    return found


def check(job: Job) -> list[Problem]:
    """Whether the server is the known one, lets us in and shows files; what is wrong."""
    try:
        with job.options.server(job.folder) as server:
            folder = list_folder(server, job.options.path)
    except Trouble as trouble:
        return [trouble.problem]
    if not folder.files:
        return [Problem("file_missing", {"path": job.options.path}), *folder.refused]
    return folder.refused


CONNECTOR = Connector(
    name="sftp",
    title={"vi": "Tệp trên máy chủ SFTP", "en": "Files on an SFTP server"},
    options=Options,
    pages=pages,
    check=check,
)
