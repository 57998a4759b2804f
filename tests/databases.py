"""Databases for tests: fresh ones, made from a migrated template, on SQLite and on a PostgreSQL of our own."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from itertools import count
from pathlib import Path

import pytest

START_SECONDS = 30


def _binaries() -> Path | None:
    """Where initdb and postgres lie: on the path, or where Debian puts them."""
    found = shutil.which("initdb")
    places = [Path(found).parent] if found else sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return next((place for place in places if (place / "postgres").exists()), None)


@dataclass
class PostgreSQL:
    """A server of our own on loopback."""

    port: int
    numbers: Iterator[int] = field(default_factory=lambda: count(1))

    @classmethod
    @contextmanager
    def running(cls) -> Iterator[PostgreSQL]:
        """Start a server in a temporary folder and stop it at the end; as user ``postgres`` when we are root."""
        binaries = _binaries()
        if binaries is None:
            pytest.skip("PostgreSQL is not installed (apt-get install postgresql)")
        folder = Path(tempfile.mkdtemp(prefix="lienthong-pg-"))
        become = ["setpriv", "--reuid", "postgres", "--regid", "postgres", "--clear-groups"] if os.getuid() == 0 else []
        if become:
            shutil.chown(folder, "postgres", "postgres")
        data = str(folder / "data")
        initdb = [*become, str(binaries / "initdb"), "-D", data, "-A", "trust", "-U", "lienthong", "-E", "UTF8"]
        subprocess.run([*initdb, "--locale", "C.UTF-8", "-N"], check=True, stdout=subprocess.DEVNULL)
        with socket.create_server(("127.0.0.1", 0)) as probe:
            port = probe.getsockname()[1]
        server = [*become, str(binaries / "postgres"), "-D", data, "-p", str(port), "-k", str(folder)]
        settings = ["-c", "listen_addresses=127.0.0.1", "-c", "fsync=off", "-c", "max_connections=50"]
        child = subprocess.Popen([*server, *settings], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            _wait_for(port, child)
            yield cls(port)
        finally:
            child.terminate()
            child.wait(START_SECONDS)
            shutil.rmtree(folder, ignore_errors=True)

    def url(self, name: str) -> str:
        return f"postgresql://lienthong@127.0.0.1:{self.port}/{name}"

    def fresh_database(self) -> str:
        """The URL of a new database with all tables, copied from a template that is migrated once."""
        _template(self)
        name = f"test_{next(self.numbers)}"
        self.execute(f"CREATE DATABASE {name} TEMPLATE lienthong_template")
        return self.url(name)

    def execute(self, statement: str) -> None:
        import psycopg

        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(statement)  # type: ignore[call-overload]

    def __hash__(self) -> int:
        return self.port


def _wait_for(port: int, child: subprocess.Popen[bytes]) -> None:
    import psycopg

    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and child.poll() is None:
        try:
            psycopg.connect(f"postgresql://lienthong@127.0.0.1:{port}/postgres").close()
            return
        except psycopg.OperationalError:
            time.sleep(0.05)
    raise RuntimeError("PostgreSQL did not start")


@cache
def _template(server: PostgreSQL) -> None:
    server.execute("CREATE DATABASE lienthong_template")
    _migrate({"LIENTHONG_DATABASE_URL": server.url("lienthong_template")})


@cache
def _sqlite_template() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="lienthong-template-", dir=os.environ["LIENTHONG_HOME"]))
    _migrate({"LIENTHONG_HOME": str(folder)})
    return folder / "lienthong.sqlite3"


def _migrate(environment: dict[str, str]) -> None:
    command = ["python", "-c", "from flows.ready import ready; ready()"]
    import sys

    command[0] = sys.executable
    subprocess.run(command, check=True, env={**os.environ, **environment})


@contextmanager
def use_database() -> Iterator[None]:
    """Django's default connection is, in this block, the one the environment names; SQLite starts from the template."""
    from django.db import connections

    from hub.web import settings

    if not os.environ.get("LIENTHONG_DATABASE_URL"):
        target = Path(os.environ["LIENTHONG_HOME"]) / "lienthong.sqlite3"
        shutil.copy(_sqlite_template(), target)
    before_settings = connections.settings["default"]
    before = getattr(connections._connections, "default", None)
    fresh = connections.configure_settings({"default": settings.database()})["default"]
    connections.settings["default"] = fresh
    if before is not None:
        del connections["default"]
    try:
        yield
    finally:
        connections["default"].close()
        del connections["default"]
        connections.settings["default"] = before_settings
        if before is not None:
            connections["default"] = before
