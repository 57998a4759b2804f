"""A web server on loopback with many repositories, which sends faulty replies as they are and keeps a log of conduct."""

from __future__ import annotations

import gzip
import os
import socket
import struct
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

from tests.faulty.exchange import Reply, Way
from tests.faulty.protocol import Responder

LONGEST = 20.0  # seconds a stalled reply is held
NEW = "-new"  # where a repository that moved for good is now


@dataclass
class Conduct:
    """How a client behaves towards one server."""

    requests: int = 0
    too_early: int = 0  # requests before the time a reply had asked to wait for
    parallel: int = 0
    most_parallel: int = 0
    agents: set[str] = field(default_factory=set)
    by_repository: dict[str, int] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _not_before: dict[str, float] = field(default_factory=dict)

    def begin(self, name: str, agent: str) -> None:
        with self._lock:
            self.requests += 1
            self.parallel += 1
            self.most_parallel = max(self.most_parallel, self.parallel)
            self.agents.add(agent)
            self.by_repository[name] = self.by_repository.get(name, 0) + 1
            self.too_early += time.monotonic() < self._not_before.pop(name, 0)

    def end(self) -> None:
        with self._lock:
            self.parallel -= 1

    def ask_to_wait(self, name: str, seconds: float) -> None:
        if seconds:
            self._not_before[name] = time.monotonic() + seconds


@dataclass
class FaultyServer:
    """A running server. The repository ``name`` answers at :meth:`address`."""

    port: int
    responders: Mapping[str, Responder]
    conduct: Conduct = field(default_factory=Conduct)
    stopping: threading.Event = field(default_factory=threading.Event)

    def address(self, name: str) -> str:
        return f"http://127.0.0.1:{self.port}/{name}"


@contextmanager
def serving(responders: Mapping[str, Responder]) -> Iterator[FaultyServer]:
    """The repositories at ``/<name>`` until the block ends."""
    http = _Http(("127.0.0.1", 0), _Handler)
    http.faulty = FaultyServer(http.server_port, responders)
    thread = threading.Thread(target=http.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield http.faulty
    finally:
        http.faulty.stopping.set()
        http.shutdown()
        http.server_close()
        thread.join(5)


class _Http(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 64
    faulty: FaultyServer

    def handle_error(self, request: object, client_address: object) -> None:
        """Nothing: clients hang up on purpose."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    timeout = LONGEST
    server: _Http

    def do_GET(self) -> None:
        faulty, parts = self.server.faulty, urlsplit(self.path)
        found = parts.path.strip("/")
        name = found.partition("/")[0].removesuffix(NEW)
        responder = faulty.responders.get(name)
        if responder is None:
            self.send_error(404)
            return
        faulty.conduct.begin(name, self.headers.get("User-Agent", ""))
        try:
            reply = self._reply(responder, found, parts.query)
            faulty.conduct.ask_to_wait(name, reply.wait)
        finally:
            faulty.conduct.end()
        self._send(reply)

    def _reply(self, responder: Responder, found: str, query: str) -> Reply:
        name = found.partition("/")[0]
        if responder.repository.manners.moved and not name.endswith(NEW):
            return Reply(b"", 301, {"Location": f"/{name}{NEW}"})
        packed = "gzip" in self.headers.get("Accept-Encoding", "")
        reply = responder.answer(query, packed=packed)
        if reply.status == 302 and found.endswith("/elsewhere"):
            reply.status = 200
        if location := reply.headers.get("Location"):
            reply.headers["Location"] = f"/{found}{location}"
        if packed and reply.pack and reply.body:
            reply.body = gzip.compress(reply.body, 1)
            reply.headers["Content-Encoding"] = "gzip"
        return reply

    def _send(self, reply: Reply) -> None:
        if reply.way is Way.RESET:
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.close_connection = True
            os.close(self.connection.detach())
            return
        self.send_response(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(reply.body)))
        self.end_headers()
        self._send_body(reply)

    def _send_body(self, reply: Reply) -> None:
        if reply.way is Way.WHOLE:
            self.wfile.write(reply.body)
            return
        self.close_connection = True
        if reply.way is Way.SHORT:
            self.wfile.write(reply.body[: len(reply.body) // 2])
        elif reply.way is Way.STALL:
            self.server.faulty.stopping.wait(LONGEST)
        else:
            end = time.monotonic() + LONGEST
            for byte in reply.body:
                if time.monotonic() > end or self.server.faulty.stopping.wait(0.05):
                    return
                self.wfile.write(bytes([byte]))

    def log_message(self, format: str, *args: object) -> None:
        """Nothing."""
