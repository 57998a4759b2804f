"""A Z39.50 session (ISO 23950, https://www.loc.gov/z3950/agency/) in a process of its own, which can always be ended.

The address is resolved and judged here (:mod:`connectors.address`); the process is given nothing but the judged
address. A question that is not answered in time ends that process, and no other; the next question starts a new one.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self, TypeVar

from connectors.address import resolve
from connectors.server import PartnerOptions
from connectors.z3950_diagnostics import trouble_of
from connectors.z3950_frames import LONGEST_MESSAGE, Ended, TooLong, receive, send
from connectors.z3950_zoom import Diagnostic, Given
from schemas.problem import Trouble

LIBRARIES = ("libyaz.so.5",)
CONNECT_SECONDS = 10
ANSWER_SECONDS = 60  # without anything coming
LONGEST_PAUSE = 60.0
MEMORY = 2**29  # bytes of address space of the process, beside eight times the longest answer
SESSION_BYTES = 64 * 2**20  # of records, after which a session is made anew: the library keeps what it has received
RETRIED = frozenset({"http_unreachable", "http_no_host", "z3950_lost", "z3950_timeout", "z3950_busy", "z3950_short"})
PROJECT = Path(__file__).resolve().parent.parent

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Target:
    """A server, and the session it is asked for in the words of ZOOM's connection options."""

    host: str
    port: int
    session: Mapping[str, str]


class Process:
    """The process that speaks with the server: :mod:`connectors.z3950_child`."""

    def __init__(self) -> None:
        kept = {name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH") if name in os.environ}
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "connectors.z3950_child"],
            bufsize=0,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=kept | {"PYTHONPATH": str(PROJECT), "PYTHONUTF8": "1"},
        )
        self.number = self._process.pid

    def ask(self, question: Mapping[str, Any], seconds: float, limit: int) -> tuple[dict[str, Any], bytes]:
        """The answer and the bytes of its records; :class:`TimeoutError`, ``Ended`` or ``TooLong`` without one."""
        assert self._process.stdin
        assert self._process.stdout
        until = time.monotonic() + seconds
        send(self._process.stdin.fileno(), json.dumps({**question, "seconds": seconds}).encode())
        said: dict[str, Any] = json.loads(receive(self._process.stdout.fileno(), LONGEST_MESSAGE, until))
        return said, receive(self._process.stdout.fileno(), limit, until) if "records" in said else b""

    def end(self) -> int:
        """End the process, whatever it is doing; its exit status, or the negative number of the signal."""
        self._process.kill()
        status = self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with suppress(OSError):
                    pipe.close()
        return status


class Client:
    """Asks a Z39.50 server for result sets; to be used in a ``with`` block, by one thread.

    ``query`` is what the present session has searched for, ``None`` when there is no session.
    """

    def __init__(self, target: Target, options: PartnerOptions) -> None:
        self.target = target
        self.options = options
        self.deadline = options.deadline.total_seconds()
        self.query: str | None = None
        self.process: Process | None = None
        self._received = 0
        self._asked = 0.0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.hang_up()

    def hang_up(self) -> int:
        """End the session, if there is one; the exit status of its process."""
        process, self.process, self.query, self._received = self.process, None, None, 0
        return process.end() if process else 0

    def attempt(self, work: Callable[[], T]) -> T:
        """What the work gives; when the server or the line fails it is begun again in a new session, ``tries`` times.

        :class:`Trouble`: the last failure, or what :func:`connectors.z3950_diagnostics.trouble_of` says.
        """
        failures = 0
        while True:
            try:
                return work()
            except Trouble as trouble:
                failures += 1
                if trouble.problem.code not in RETRIED or failures >= self.options.tries:
                    raise
            self.hang_up()
            pause = self.options.pause.total_seconds() * 2 ** (failures - 1)
            time.sleep(min(pause, LONGEST_PAUSE) * random.uniform(0.5, 1.5))  # noqa: S311

    def search(self, query: str) -> int:
        """How many records a query in PQF finds. A diagnostic is a :class:`Trouble`."""
        if self._received > SESSION_BYTES:
            self.hang_up()
        said, _ = self._ask({"do": "search", "query": query})
        if "refused" in said:
            raise self._trouble(said["refused"])
        self.query = query
        return int(said["hits"])

    def present(self, start: int, count: int) -> list[Given] | Diagnostic:
        """Records of the query from place ``start`` (the first is 0) on, or the diagnostic in place of all of them."""
        question = {"do": "present", "start": start, "count": count, "limit": self.options.max_bytes}
        said, bodies = self._ask(question)
        if "refused" in said:
            return Diagnostic(**said["refused"])
        if "records" not in said:
            raise Trouble("http_too_long", limit=self.options.max_bytes)
        self._received += len(bodies)
        if self._received > SESSION_BYTES:
            self.query = None
        return _given(said["records"], bodies)

    def _ask(self, question: Mapping[str, Any]) -> tuple[dict[str, Any], bytes]:
        """An answer of the session. Failures of the line are :class:`Trouble`, what the server refuses is not."""
        if self.process is None:
            self._open()
        self._keep_interval()
        said, bodies = self._answer(question)
        diagnostic = said.get("refused")
        if diagnostic and diagnostic["group"] in ("ZOOM", "HTTP"):
            raise self._trouble(diagnostic)
        return said, bodies

    def _open(self) -> None:
        """Start a process and let it connect to a judged address."""
        found = resolve((self.target.host, self.target.port), self.options.allow_private)
        addresses = [f"[{to[0]}]" if ":" in str(to[0]) else str(to[0]) for to in (address.to for address in found)]
        self.process = Process()
        said, _ = self._answer(
            {
                "do": "open",
                "libraries": LIBRARIES,
                "addresses": [f"tcp:{address}:{self.target.port}" for address in addresses],
                "options": {"timeout": str(min(CONNECT_SECONDS, self._patience())), **self.target.session},
                "timeout": self._patience(),
                "memory": MEMORY + 8 * self.options.max_bytes,
            }
        )
        if said:
            self.hang_up()
            if "missing" in said:
                raise Trouble("z3950_library_missing", library=LIBRARIES[0])
            raise self._trouble(said["refused"])

    def _trouble(self, refused: Mapping[str, Any]) -> Trouble:
        return trouble_of(Diagnostic(**refused), self.target.host, self.target.port, self._patience())

    def _patience(self) -> int:
        """The whole seconds the library waits for something to come."""
        return max(1, round(min(ANSWER_SECONDS, self.deadline)))

    def _keep_interval(self) -> None:
        due = self._asked + self.options.interval.total_seconds() - time.monotonic()
        if due > 0:
            time.sleep(due)
        self._asked = time.monotonic()

    def _answer(self, question: Mapping[str, Any]) -> tuple[dict[str, Any], bytes]:
        assert self.process is not None
        try:
            return self.process.ask(question, self.deadline, self.options.max_bytes)
        except TimeoutError:
            self.hang_up()
            raise Trouble("z3950_timeout", host=self.target.host, seconds=f"{self.deadline:g}") from None
        except (Ended, TooLong, ValueError):
            status = self.hang_up()
            detail = f"the client's process ended ({status})"
            raise Trouble("z3950_lost", host=self.target.host, detail=detail) from None


def _given(said: list[dict[str, Any]], bodies: bytes) -> list[Given]:
    """The records of an answer, their bytes taken apart."""
    given, at = [], 0
    for one in said:
        diagnostic = Diagnostic(**one["diagnostic"]) if one["diagnostic"] else None
        given.append(Given(bodies[at : at + one["length"]], one["syntax"], diagnostic))
        at += one["length"]
    return given
