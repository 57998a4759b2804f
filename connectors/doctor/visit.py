"""A polite visit to a repository: few requests with pauses between, all of them kept as evidence.

Every answer is taken as it is. What goes wrong beneath (connection, TLS, a body that is cut) or in reading (no XML,
another document) is a problem of the exchange, never an exception: the examinations judge it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import requests

from connectors.doctor.finding import Evidence
from connectors.http import CHUNK, REDIRECTED, Answer, Client, Receiver
from connectors.oai_bytes import charset_of, decoded
from connectors.oai_page import OaiError, find_error, read_root
from connectors.unpack import Unpacker
from schemas.encodings import detect
from schemas.problem import Problem, Trouble

REQUESTS = 30
SECONDS = 75.0
INTERVAL = 0.2
PATIENCE = 20.0  # seconds for one answer
WAIT = 5.0  # seconds a busy server is waited for
MAX_BYTES = 32 * 2**20
SHOWN = 400  # bytes of an answer that are kept as evidence
AGAIN = frozenset({"http_cut", "http_failing", "http_timeout", "oai_not_oai", "xml_broken"})
SECOND_TRIES = 2


def address(url: str, arguments: Mapping[str, str]) -> str:
    """The address of a request, for a person to open in a browser."""
    return f"{url}{'&' if '?' in url else '?'}{urlencode(arguments)}"


class Spent(Exception):
    """The time or the requests of the visit are used up."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request and what came: ``root`` when it is an OAI-PMH document, else the ``problem``.

    ``seconds`` is how long it took, ``packed`` the Content-Encoding, ``wire`` the bytes received.
    """

    url: str
    arguments: Mapping[str, str]
    status: int = 0
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    came_from: str = ""
    seconds: float = 0.0
    packed: str = ""
    root: Any = None
    problem: Problem | None = None
    posted: bool = False

    @property
    def error(self) -> OaiError | None:
        """The error of the protocol it carries."""
        return find_error(self.root) if self.root is not None else None

    def find(self, name: str) -> Any:
        """The element ``name`` below the root, in any namespace, or ``None``."""
        return self.root.find(f"{{*}}{name}") if self.root is not None else None

    @property
    def cut_packed(self) -> bool:
        """Whether it was packed and ended too early."""
        return bool(self.packed) and self.problem is not None and self.problem.code == "http_cut"

    @property
    def outcome(self) -> str:
        """In a word: the code of the error, "HTTP 500", the code of the problem, or "OK"."""
        if self.error is not None:
            return self.error.code or "?"
        if self.root is not None:
            return "OK"
        if self.status and self.status != 200:
            return f"HTTP {self.status}"
        return self.problem.code if self.problem else "?"

    @property
    def evidence(self) -> Evidence:
        """The request and the first bytes of the answer."""
        asked = address(self.url, self.arguments)
        text = " ".join(self.body[:SHOWN].decode("utf-8", "replace").split())
        shown = "".join(letter if letter.isprintable() else "·" for letter in text)
        return Evidence(f"POST {asked}" if self.posted else asked, shown)


@dataclass
class _Raw(Receiver):
    """Takes a body as it comes and keeps what came, also of one that is cut."""

    packed: bool = True
    tries: int = 0
    started: float = 0.0
    status: int = 0
    response_headers: Mapping[str, str] = field(default_factory=dict)
    unpacker: Unpacker = field(default_factory=lambda: Unpacker("", MAX_BYTES))

    def headers(self) -> Mapping[str, str]:
        self.tries += 1
        self.started = time.monotonic()
        return {"Accept-Encoding": "gzip" if self.packed else "identity"}

    def take(self, response: requests.Response, check_time: Callable[[], None]) -> bytes:
        self.status, self.response_headers = response.status_code, response.headers
        if response.status_code in REDIRECTED:
            return b""
        self.unpacker = Unpacker(response.headers.get("Content-Encoding", ""), MAX_BYTES)
        while chunk := response.raw.read1(CHUNK, decode_content=False):
            self.unpacker.add(chunk)
            check_time()
        return self.unpacker.whole()

    @property
    def so_far(self) -> bytes:
        return b"".join(self.unpacker.parts)


class _Posting:
    """A session whose GET is a POST of a form (OAI-PMH 2.0, section 3.1.1.2)."""

    def __init__(self, session: requests.Session, form: Mapping[str, str]) -> None:
        self.session, self.form = session, form

    def get(self, url: str, **options: Any) -> requests.Response:
        return self.session.post(url, data=dict(self.form), **options)


class _Caller(Client):
    """The hub's client, which can POST as well."""

    def post(self, url: str, form: Mapping[str, str], receiver: Receiver) -> Answer:
        """The answer to a POST of ``form``; judged, bounded and refused as a GET is."""
        with self._posting(form):
            return self.get(url, None, receiver)

    @contextmanager
    def _posting(self, form: Mapping[str, str]) -> Iterator[None]:
        plain = self._session
        self._session = _Posting(plain, form)  # type: ignore[assignment]
        try:
            yield
        finally:
            self._session = plain


class Visit:
    """One visit to the repository at ``url``.

    No more than ``limit`` requests within ``seconds``, at least ``interval`` seconds apart. :class:`Spent` when either
    is used up.
    """

    def __init__(
        self,
        url: str,
        *,
        allow_private: bool = False,
        limit: int = REQUESTS,
        seconds: float = SECONDS,
        interval: float = INTERVAL,
    ) -> None:
        self.url = url
        self.limit = limit
        self.end = time.monotonic() + seconds
        self.asked = 0
        self.packed = True
        self.exchanges: list[Exchange] = []
        self.passed: list[Exchange] = []  # failed once, and not the second time
        self.client = _Caller(
            allow_private=allow_private, max_bytes=MAX_BYTES, tries=1, pause=0.5, interval=interval,
            deadline_seconds=20, redirect_hosts=None,
        )  # fmt: skip

    def close(self) -> None:
        """Close the connections."""
        self.client.close()

    def shown(self, arguments: Mapping[str, str]) -> str:
        """The address of a request to this repository."""
        return address(self.url, arguments)

    def ask(self, arguments: Mapping[str, str], *, post: bool = False) -> Exchange:
        """The answer to a request; one that fails in passing is asked for a second time, not packed."""
        exchange = self._once(arguments, post=post, packed=self.packed)
        failed = exchange.problem is not None and exchange.problem.code in AGAIN
        if failed and exchange.status in (0, 200, 500, 502, 503, 504) and len(self.passed) < SECOND_TRIES:
            again = self._once(arguments, post=post, packed=False)
            if again.problem is None:
                self.passed.append(exchange)
                self.packed = self.packed and not exchange.cut_packed
            exchange = again
        self.exchanges.append(exchange)
        return exchange

    def _once(self, arguments: Mapping[str, str], *, post: bool, packed: bool) -> Exchange:
        left = self.end - time.monotonic()
        if self.asked >= self.limit or left < 1:
            raise Spent("requests" if self.asked >= self.limit else "time")
        self.client.deadline_seconds = min(PATIENCE, left)
        self.client.max_wait = max(0.0, min(WAIT, left - PATIENCE))
        raw = _Raw(packed)
        try:
            send = self.client.post if post else self.client.get
            answer = send(self.url, arguments, raw)
        except Trouble as trouble:
            return self._failed(arguments, raw, trouble.problem, post)
        finally:
            self.asked += max(raw.tries, 1)
        spent = time.monotonic() - raw.started
        root, problem = _read(answer)
        return Exchange(
            self.url, arguments, answer.status, answer.headers, answer.body, answer.url, spent,
            raw.unpacker.name, root, problem, post,
        )  # fmt: skip

    def _failed(self, arguments: Mapping[str, str], raw: _Raw, problem: Problem, post: bool) -> Exchange:
        status = int(problem.facts.get("status", raw.status))
        body, packed = raw.so_far, raw.unpacker.name
        return Exchange(
            self.url, arguments, status, raw.response_headers, body, packed=packed, problem=problem, posted=post
        )


def _read(answer: Answer) -> tuple[Any, Problem | None]:
    """The root of an answer; of one in another encoding than it declares too, where its text says which."""
    try:
        return read_root(answer.body, MAX_BYTES, charset_of(answer.headers)), None
    except Trouble as trouble:
        problem = trouble.problem
    encoding, _ = detect([answer.body]) if problem.code == "xml_broken" else ("unknown", {})
    if encoding in ("unknown", "utf-8", "utf-16"):
        return None, problem
    try:
        return read_root(decoded(answer.body, encoding), MAX_BYTES), None
    except Trouble:
        return None, problem
