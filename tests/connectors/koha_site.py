"""A Koha on loopback, as far as its REST API lists records: paging, q, four media types, Basic and OAuth2, its errors."""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from schemas.marc21 import to_iso2709
from schemas.marcjson import to_marcjson
from schemas.marcxml import to_marcxml
from schemas.record import BLANK_LEADER, Record, data_field

MEDIA = ("application/json", "application/marcxml+xml", "application/marc-in-json", "application/marc", "text/plain")
USERS = {"thu-thu": "mật khẩu", "ban-doc": "khác"}  # the second may not see the catalog
CLIENTS = {"lienthong": "bí mật"}
KNOWN = {"_page", "_per_page", "_match", "_order_by", "q"}


def book(number: int, control: str = "", title: str = "Dế Mèn phiêu lưu ký") -> Record:
    """A record as Koha keeps it: 001 of wherever it came from (none: "-"), and its own number in 999."""
    return Record(
        BLANK_LEADER,
        (
            *([("001", control or f"ocm{number:05}")] if control != "-" else []),
            data_field("245", "10", [("a", f"{title} {number}")]),
            data_field("999", "  ", [("c", str(number)), ("d", str(number))]),
        ),
    )


@dataclass
class Reply:
    """An answer in place of the usual one."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class Koha:
    """What the library has. ``before`` sees each request for a list first and may change things or answer itself;
    ``unreadable`` are numbers whose records make a page fail; ``marc_total`` says whether lists of MARC tell the total
    as Koha 23.05 does; ``most`` is the server's largest page; ``token_uses`` is how often a token is good."""

    url: str = ""
    books: dict[int, tuple[str, Record]] = field(default_factory=dict)
    deleted: dict[int, tuple[str, Record]] = field(default_factory=dict)
    unreadable: set[int] = field(default_factory=set)
    marc_total: bool = True
    most: int = 1000
    token_uses: int = 10**9
    before: Callable[[str, dict[str, str]], Reply | None] = lambda path, arguments: None
    asked: list[dict[str, str]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    forms: list[dict[str, str]] = field(default_factory=list)
    tokens: dict[str, int] = field(default_factory=dict)

    def put(self, *records: Record, changed: str = "2026-01-01T00:00:00Z") -> None:
        """Add or change records."""
        for record in records:
            self.books[int(record.first("999", "c"))] = (changed, record)

    def remove(self, number: int, when: str = "2026-01-01T00:00:00Z") -> None:
        """Delete a record as Koha does: it goes to the deleted ones."""
        self.deleted[number] = (when, self.books.pop(number)[1])

    def pages(self, *, total: int = 0) -> list[int]:
        """The page numbers that lists of records were asked for, but for single ones."""
        return [int(a["_page"]) for a in self.asked if a.get("_per_page") != "1"]

    def answer(self, path: str, arguments: dict[str, str], headers: dict[str, str]) -> Reply:
        """The answer to a GET."""
        self.asked.append(arguments)
        self.headers.append(headers)
        if reply := self.before(path, arguments):
            return reply
        if refused := self._refused(headers):
            return refused
        if path not in ("/api/v1/biblios", "/api/v1/deleted/biblios"):
            return _error(404, "Not Found")
        if arguments.keys() - KNOWN or headers.get("Accept") not in MEDIA:
            return Reply(json.dumps({"errors": [{"message": "Malformed", "path": "/query"}]}).encode(), 400)
        return self._listed(path, arguments, headers["Accept"])

    def _refused(self, headers: dict[str, str]) -> Reply | None:
        kind, _, value = headers.get("Authorization", "").partition(" ")
        if kind == "Bearer" and self.tokens.get(value, 0) > 0:
            self.tokens[value] -= 1
            return None
        if kind == "Basic":
            name, _, password = base64.b64decode(value).decode().partition(":")
            if USERS.get(name) == password:
                needed = {"error": "Authorization failure. Missing required permission(s).", "required_permissions": {}}
                return None if name == "thu-thu" else Reply(json.dumps(needed).encode(), 403)
        return _error(401, "Authentication failure.")

    def _listed(self, path: str, arguments: dict[str, str], accept: str) -> Reply:
        gone = "deleted" in path
        rows = sorted((self.deleted if gone else self.books).items(), reverse=arguments.get("_order_by", "")[:1] == "-")
        for name, clause in json.loads(arguments.get("q", "{}")).items():
            if name != ("me.deleted_on" if gone else "me.timestamp"):
                return _error(500, "Something went wrong, check Koha logs for details.")
            rows = [row for row in rows if row[1][0] >= clause[">="]]
        size = min(int(arguments.get("_per_page", 20)), self.most)
        first = (int(arguments.get("_page", 1)) - 1) * size
        page = rows[first : first + size]
        if accept != MEDIA[0] and any(number in self.unreadable for number, _ in page):
            return _error(500, "Something went wrong, check Koha logs for details.")
        headers = {"Content-Type": accept}
        if self.marc_total or accept == MEDIA[0]:
            headers["X-Total-Count"] = str(len(rows))
        return Reply(_written([record for _, (_, record) in page], accept), 200, headers)

    def token(self, form: dict[str, str]) -> Reply:
        """The answer to a request for a token."""
        self.forms.append(form)
        if form.get("grant_type") != "client_credentials":
            return _error(400, "Unimplemented grant type")
        if CLIENTS.get(form.get("client_id", "")) != form.get("client_secret"):
            return _error(403, "unauthorized_client")
        name = f"token-{len(self.tokens)}"
        self.tokens[name] = self.token_uses
        return Reply(json.dumps({"access_token": name, "token_type": "Bearer", "expires_in": 3600}).encode())


def _error(status: int, text: str) -> Reply:
    return Reply(json.dumps({"error": text}).encode(), status, {"Content-Type": "application/json"})


def _written(records: list[Record], accept: str) -> bytes:
    if accept == "application/marc":
        return b"\n".join(to_iso2709(record) for record in records)
    if accept == "application/marcxml+xml":
        start = '<?xml version="1.0" encoding="UTF-8"?>\n<collection xmlns="http://www.loc.gov/MARC21/slim">'
        return f"{start}{''.join(to_marcxml(record) for record in records)}</collection>".encode()
    if accept == "application/json":
        return json.dumps([{"biblio_id": int(record.first("999", "c"))} for record in records]).encode()
    return json.dumps([to_marcjson(record) for record in records], ensure_ascii=False).encode()


@contextmanager
def koha(count: int = 0, **settings: Any) -> Iterator[Koha]:
    """A Koha with so many books; it stops with the block."""
    site = Koha(**settings)
    site.put(*[book(number) for number in range(1, count + 1)])

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            arguments = dict(parse_qsl(parts.query, keep_blank_values=True))
            self._send(site.answer(parts.path, arguments, dict(self.headers)))

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            here = urlsplit(self.path).path == "/api/v1/oauth/token"
            self._send(site.token(dict(parse_qsl(body))) if here else _error(404, "Not Found"))

        def _send(self, reply: Reply) -> None:
            self.send_response(reply.status)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(reply.body)))
            self.end_headers()
            self.wfile.write(reply.body)

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.handle_error = lambda *_: None  # type: ignore[method-assign]
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    site.url = f"http://127.0.0.1:{server.server_port}/api/v1"
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
