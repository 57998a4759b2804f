"""A web server on loopback with files that have entity tags and can be asked for in part, and faults on demand."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Dumps:
    """The files by path; ``cuts`` is after how many bytes each of the next answers breaks off (None: whole)."""

    url: str = ""
    files: dict[str, bytes] = field(default_factory=dict)
    cuts: list[int | None] = field(default_factory=list)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    answered: list[int] = field(default_factory=list)
    ranges: bool = True
    tags: bool = True
    lengths: bool = True
    type: str = "application/octet-stream"

    def at(self, name: str) -> str:
        return f"{self.url}/{name}"


@contextmanager
def dumps(**settings: object) -> Iterator[Dumps]:
    """A running server; it stops with the block."""
    site = Dumps(**settings)  # type: ignore[arg-type]

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            site.asked.append((self.path, dict(self.headers)))
            body = site.files.get(self.path.lstrip("/"))
            if body is None:
                self._answer(404, {"Content-Length": "0"}, b"")
                return
            tag = f'"{sha256(body).hexdigest()[:8]}"'
            headers = {"Content-Type": site.type} | ({"ETag": tag} if site.tags else {})
            if site.tags and self.headers.get("If-None-Match") == tag:
                self._answer(304, headers, b"")
                return
            status, body = self._part(body, tag, headers)
            if site.lengths:
                headers["Content-Length"] = str(len(body))
            self._answer(status, headers, body)

        def _part(self, body: bytes, tag: str, headers: dict[str, str]) -> tuple[int, bytes]:
            found = re.match(r"bytes=(\d+)-", self.headers.get("Range", ""))
            if not found or not site.ranges or self.headers.get("If-Range") != tag:
                return 200, body
            begin = int(found[1])
            headers["Content-Range"] = f"bytes {begin}-{len(body) - 1}/{len(body)}"
            return 206, body[begin:]

        def _answer(self, status: int, headers: dict[str, str], body: bytes) -> None:
            site.answered.append(status)
            cut = site.cuts.pop(0) if site.cuts and status in (200, 206) else None
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body if cut is None else body[:cut])

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.handle_error = lambda *_: None  # type: ignore[method-assign]
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    site.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
