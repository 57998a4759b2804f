"""The one way out to the web: every request of the hub to a partner goes through :class:`Client`.

It connects only to addresses that were judged (:mod:`connectors.address`), verifies TLS always, bounds the time and the
size of every answer, and gives a body only when it is whole: the announced length (RFC 9112 section 6.3) and the end of
the gzip stream (RFC 1952) are checked. A server that says when to come back is obeyed (RFC 9110 section 10.2.3), one
that says "at once" is not. A redirect is followed to the same host, or to one the operator has named, and never from
https to http.
"""

from __future__ import annotations

import random
import socket
import threading
import time
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import partial
from http.client import HTTPException
from typing import Protocol, Self
from urllib.parse import urljoin

import requests
from urllib3 import HTTPResponse
from urllib3.exceptions import HTTPError, SSLError

from connectors.address import WEB_PORTS, Origin, connect, resolve, split_url
from connectors.errand import present
from connectors.http_session import contact_of_this_hub, session
from connectors.retry_after import retry_after
from connectors.unpack import Unpacker
from schemas.problem import Trouble

MAX_BYTES = 64 * 2**20
REDIRECTS = 3
CONNECT_SECONDS = 10
READ_SECONDS = 60
LONGEST_PAUSE = 60.0
CHUNK = 2**16

REDIRECTED = frozenset({301, 302, 303, 307, 308})
FOR_GOOD = frozenset({301, 308})
PASSING = frozenset({408, 425, 429, 500, 502, 503, 504, 507, 509, *range(520, 525)})  # 52x: a proxy's, of its server
RETRIED = frozenset({"http_cut", "http_timeout", "http_unreachable", "http_no_host", "http_failing"})


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer: its status, its headers (names in any case), its body unpacked, and the address it came from."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    url: str


class Receiver(Protocol):
    """Takes the bodies of answers itself, as they come, where they are too long to be kept in memory."""

    def headers(self) -> Mapping[str, str]:
        """The headers of the next try."""

    def take(self, response: requests.Response, check_time: Callable[[], None]) -> bytes:
        """Read the body, with ``check_time`` called after each part; what is returned is the answer's body."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: an address, by GET or with the form (or the body) of a POST, and who takes the answer's body."""

    url: str
    receiver: Receiver | None = None
    form: Mapping[str, str] | bytes | None = None
    headers: Mapping[str, str] | None = None


class Client:
    """Asks web servers for documents.

    ``allow_private`` opens a private address for the host and port that is asked for, and for no other. ``max_bytes``
    bounds a body packed and unpacked. ``deadline_seconds`` bounds one try with its redirects, ``max_wait`` all the
    waiting that servers ask for in one run (:mod:`connectors.errand`); ``pause`` is the first pause between tries and
    ``interval`` the least time between two requests, in seconds. ``redirect_hosts`` are other hosts a redirect may lead
    to, ``None`` any. ``ca_file`` names the certificates of a library's own authority; until ``tls_waiver_until`` is
    over a certificate that does not hold is put up with, and noted. ``headers`` go along with every request to the
    server that is asked, and to no other it leads to. Not for use by two threads at once.
    """

    def __init__(
        self,
        *,
        allow_private: bool = False,
        max_bytes: int = MAX_BYTES,
        deadline_seconds: float = 300,
        contact: str | None = None,
        max_wait: timedelta = timedelta(minutes=15),
        tries: int = 5,
        pause: float = 1.0,
        interval: float = 0.0,
        ca_file: str = "",
        redirect_hosts: Collection[str] | None = (),
        tls_waiver_until: date | None = None,
    ) -> None:
        self.allow_private = allow_private
        self.max_bytes = max_bytes
        self.deadline_seconds = deadline_seconds
        self.max_wait = max_wait.total_seconds()
        self.tries = tries
        self.pause = pause
        self.interval = interval
        self.redirect_hosts = redirect_hosts if redirect_hosts is None else {name.lower() for name in redirect_hosts}
        self.tls_waiver_until = tls_waiver_until
        self.errand = present()
        self.headers: dict[str, str] = {}
        self._asked = -interval
        self._first: Origin = ("", 0)
        self._origin: Origin = ("", 0)
        self._lines: dict[Origin, socket.socket] = {}
        self._waived = False
        self._session = session(self.open_line, contact_of_this_hub() if contact is None else contact)
        self._verify: bool | str = ca_file or True

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._session.close()
        while self._lines:
            self._lines.popitem()[1].close()

    def get(
        self,
        url: str,
        params: Mapping[str, str] | None = None,
        receiver: Receiver | None = None,
        tries: int | None = None,
    ) -> Answer:
        """The answer to a GET, of any status but those that pass (:data:`PASSING`), which are tried again.

        A ``receiver`` takes the body of every answer in place of the client. ``tries`` may be fewer than the client's.

        Raises :class:`Trouble`: ``http_busy`` (with ``until``) when the server asks to wait longer than what is left of
        ``max_wait``, ``run_limit`` when the run is over, the last failure when every try failed, and what :meth:`_said`
        names.
        """
        return self._answer(Question(_with_params(url, params), receiver), tries)

    def submit(self, url: str, form: Mapping[str, str]) -> Answer:
        """The answer to a POST of a form, tried again as a GET is; a redirect is given and not followed."""
        return self._answer(Question(_with_params(url, None), form=form))

    def deliver(self, url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        """The answer to a POST of a body of our own; a redirect is given and not followed."""
        return self._answer(Question(_with_params(url, None), form=body, headers=headers))

    def _answer(self, question: Question, tries: int | None = None) -> Answer:
        failures = asked_off = 0
        tries = min(tries or self.tries, self.tries)
        while True:
            self.errand.check()
            try:
                answer = self._follow(question, packed=failures == 0)
                if answer.status not in PASSING:
                    return answer
                seconds = retry_after(answer.headers)
                if not seconds:  # "now" is no time to come back: the server fails
                    raise Trouble("http_failing", url=question.url, status=answer.status)
            except Trouble as trouble:
                if self._is_waived(trouble):
                    continue
                failures += 1
                if trouble.problem.code not in RETRIED or failures >= tries:
                    raise
                self.rest(failures)
            else:
                asked_off += 1
                self._wait(max(seconds, self._back_off(asked_off)))

    def _wait(self, seconds: float) -> None:
        """Leave a busy server alone for so long, unless that is more than this run may wait in all."""
        if self.errand.waited + seconds > self.max_wait:
            raise Trouble("http_busy", host=self._first[0], until=_instant(seconds))
        self.errand.waited += seconds
        time.sleep(seconds)

    def _back_off(self, times: int) -> float:
        return min(self.pause * 2.0 ** (times - 1), LONGEST_PAUSE)

    def rest(self, failures: int) -> None:
        """Pause after so many failures: twice as long each time, and never at the same beat as others."""
        time.sleep(self._back_off(failures) * random.uniform(0.5, 1.5))  # noqa: S311

    def _is_waived(self, trouble: Trouble) -> bool:
        """Whether the server's certificate does not hold and the operator lets it pass for now; it is noted.

        :class:`Trouble` ``http_tls_waiver_over`` from the day after the last day on.
        """
        until = self.tls_waiver_until
        if trouble.problem.code != "http_tls" or until is None or self._waived or self._origin != self._first:
            return False
        facts = trouble.problem.facts | {"until": until.isoformat()}
        if datetime.now(UTC).date() > until:
            raise Trouble("http_tls_waiver_over", **facts) from None
        self.errand.note("http_tls_waived", **facts)
        self._waived = True
        return True

    def _follow(self, question: Question, *, packed: bool) -> Answer:
        """One try: the request and its redirects, each judged anew, within the deadline."""
        self._keep_interval()
        end = time.monotonic() + self.deadline_seconds
        watch = threading.Timer(self.deadline_seconds, self._hang_up)
        watch.daemon = True
        watch.start()
        url, asked = question.url, split_url(question.url)[0].query
        self._first = split_url(url)[1]
        try:
            for _ in range(REDIRECTS + 1):
                answer = self._exchange(question, url, end, packed=packed)
                target = answer.headers.get("Location")
                if answer.status not in REDIRECTED or not target or question.form is not None:
                    return answer
                url = self._redirected(answer.url, target, asked)
                if answer.status in FOR_GOOD:
                    self.errand.note("http_moved", url=_bare(answer.url), target=_bare(url))
        finally:
            watch.cancel()
        raise Trouble("http_redirects", url=url, limit=REDIRECTS)

    def _keep_interval(self) -> None:
        """Wait until the interval since the last request has passed."""
        due = self._asked + self.interval - time.monotonic()
        if self.interval and due > 0:
            time.sleep(due)
        self._asked = time.monotonic()

    def _redirected(self, url: str, target: str, asked: str) -> str:
        """Where a redirect leads; the query goes along when the target has none."""
        target = urljoin(url, target)
        parts, origin = split_url(target)
        named = self.redirect_hosts
        approved = named is None or not named.isdisjoint({origin[0], f"{origin[0]}:{origin[1]}"})
        if origin[1] not in WEB_PORTS | {self._first[1]} and f"{origin[0]}:{origin[1]}" not in (named or ()):
            raise Trouble("http_url", url=target)
        if origin[0] != self._first[0] and not approved:
            raise Trouble("http_redirect", url=_bare(url), target=_bare(target), host=origin[0])
        if parts.scheme == "http" and split_url(url)[0].scheme == "https" and named is not None:
            raise Trouble("http_redirect_plain", url=_bare(url), target=_bare(target))
        return target if parts.query else parts._replace(query=asked, fragment="").geturl()

    def _exchange(self, question: Question, url: str, end: float, *, packed: bool) -> Answer:
        self._origin = split_url(url)[1]
        receiver, form = question.receiver, question.form
        headers = {**self.headers, **(question.headers or {})} if _is_same_server(question.url, url) else {}
        headers |= receiver.headers() if receiver else {"Accept-Encoding": "gzip" if packed else "identity"}
        timeout = (CONNECT_SECONDS, min(READ_SECONDS, self.deadline_seconds))
        ask = partial(self._session.post, data=form) if form is not None else self._session.get
        verify = False if self._waived and self._origin == self._first else self._verify
        try:
            response = ask(url, headers=headers, stream=True, allow_redirects=False, timeout=timeout, verify=verify)
            with response:
                if response.status_code in REDIRECTED and "Location" in response.headers:
                    body = b""  # nobody reads it, whatever it is
                elif receiver:
                    body = receiver.take(response, lambda: self._check_time(end))
                else:
                    body = self._body(response.raw, response.headers.get("Content-Encoding", ""), end)
        except Trouble:
            raise
        except (requests.RequestException, HTTPError, HTTPException, OSError, ValueError) as error:
            raise self._said(error, url, end) from None
        return Answer(response.status_code, response.headers, body, url)

    def _body(self, raw: HTTPResponse, encoding: str, end: float) -> bytes:
        """The whole body, unpacked; nothing is given of a body that is cut, too long or too late."""
        unpack = Unpacker(encoding, self.max_bytes)
        while chunk := raw.read1(CHUNK, decode_content=False):
            unpack.add(chunk)
            self._check_time(end)
        self._check_time(end)
        return unpack.whole()

    def _check_time(self, end: float) -> None:
        if time.monotonic() >= end:
            raise Trouble("http_deadline", host=self._origin[0], seconds=f"{self.deadline_seconds:g}")

    def _said(self, error: Exception, url: str, end: float) -> Trouble:
        """The trouble an error of the libraries beneath stands for."""
        host = self._origin[0]
        if time.monotonic() >= end:
            return Trouble("http_deadline", host=host, seconds=f"{self.deadline_seconds:g}")
        if isinstance(error, requests.exceptions.SSLError | SSLError):
            return Trouble("http_tls", host=host, detail=_root_cause(error))
        if isinstance(error, requests.exceptions.InvalidURL | requests.exceptions.InvalidSchema):
            return Trouble("http_url", url=url)
        if isinstance(error, requests.Timeout | TimeoutError) or "timed out" in str(error):
            return Trouble("http_timeout", host=host, seconds=READ_SECONDS)
        return Trouble("http_cut", host=host, detail=_root_cause(error))

    def open_line(self) -> socket.socket:
        """A new connection for the request at hand, to a judged address. The client keeps a second handle to end it."""
        host, port = self._origin
        allowed = self.allow_private and self._origin == self._first
        addresses = resolve(self._origin, allowed)
        if self._origin == self._first and port not in WEB_PORTS and not allowed:
            raise Trouble("http_port", host=host, port=port)
        try:
            line = connect(addresses, CONNECT_SECONDS)
        except OSError as error:
            raise Trouble("http_unreachable", host=host, port=port, detail=error) from None
        if old := self._lines.pop(self._origin, None):
            old.close()
        self._lines[self._origin] = line.dup()
        return line

    def _hang_up(self) -> None:
        """End what is going on, wherever it waits: the deadline has passed."""
        for line in list(self._lines.values()):
            with suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)


def _instant(seconds: float) -> str:
    """So many seconds from now, never too early."""
    return (datetime.now(UTC) + timedelta(seconds=min(seconds, 10**8) + 1)).strftime("%Y-%m-%dT%H:%M:%SZ")


def _bare(url: str) -> str:
    """An address without its query, for a person to read."""
    return url.partition("?")[0]


def _with_params(url: str, params: Mapping[str, str] | None) -> str:
    split_url(url)
    try:
        return str(requests.Request("GET", url, params=params).prepare().url)
    except (requests.RequestException, ValueError):
        raise Trouble("http_url", url=url) from None


def _is_same_server(first: str, url: str) -> bool:
    """Whether ``url`` is at the server of ``first``, or at the same one by TLS (its usual port)."""
    (one, there), (other, here) = split_url(first), split_url(url)
    upgraded = (one.scheme, there[1], other.scheme, here) == ("http", 80, "https", (there[0], 443))
    return upgraded or (one.scheme, there) == (other.scheme, here)


def _root_cause(error: BaseException) -> str:
    """The innermost reason of an error that was wrapped again and again."""
    while (inner := getattr(error, "reason", None) or error.__cause__ or error.__context__) is not None:
        if not isinstance(inner, BaseException):
            break
        error = inner
    return f"{type(error).__name__}: {error}"[:300]
