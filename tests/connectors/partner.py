"""A web server on loopback that answers as a test says, and the pieces of OAI-PMH answers tests are made of."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from connectors.connector import Job, Page
from connectors.oai_pmh import Options, pages
from schemas.format import Format, Reading, find_format
from schemas.problem import Problem, Trouble

MARC = (
    '<record xmlns="http://www.loc.gov/MARC21/slim"><leader>00000nam a2200000   4500</leader>'
    '<controlfield tag="001">{number}</controlfield><datafield tag="245" ind1="1" ind2="0">'
    '<subfield code="a">Dế Mèn phiêu lưu ký {number}</subfield></datafield></record>'
)


@dataclass
class Reply:
    """One answer. ``cut`` sends so many bytes fewer than announced; ``length`` is announced unless it is None."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    cut: int = 0
    length: bool = True
    drip: threading.Event | None = None


@dataclass
class Server:
    """A running server: its address, the arguments and the headers of the requests it had."""

    url: str = ""
    asked: list[dict[str, str]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)


@contextmanager
def serving(answer: Callable[[dict[str, str]], Reply | bytes], tls: ssl.SSLContext | None = None) -> Iterator[Server]:
    """A server that gives ``answer(arguments)``; it stops with the block."""
    seen = Server()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            arguments = dict(parse_qsl(urlsplit(self.path).query, keep_blank_values=True))
            seen.asked.append(arguments)
            seen.headers.append(dict(self.headers))
            given = answer(arguments)
            self._send(given if isinstance(given, Reply) else Reply(given))

        def _send(self, reply: Reply) -> None:
            self.send_response(reply.status)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            if reply.length:
                self.send_header("Content-Length", str(len(reply.body)))
            self.end_headers()
            self.wfile.write(reply.body[: len(reply.body) - reply.cut])
            if reply.drip:
                reply.drip.wait(30)

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.handle_error = lambda *_: None  # type: ignore[method-assign]
    if tls:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    seen.url = f"http://127.0.0.1:{server.server_port}/oai"
    try:
        yield seen
    finally:
        server.shutdown()
        server.server_close()


def oai(inner: str, date: str = "2026-03-01T10:00:00Z") -> bytes:
    """A whole OAI-PMH answer around ``inner``."""
    return (
        '<?xml version="1.0" encoding="UTF-8"?><OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/">'
        f"<responseDate>{date}</responseDate><request>http://127.0.0.1/oai</request>{inner}</OAI-PMH>"
    ).encode()


def record(number: int, metadata: str | None = None, datestamp: str = "2026-02-01T00:00:00Z") -> str:
    """An OAI-PMH record with MARCXML in it."""
    inner = MARC.format(number=number) if metadata is None else metadata
    header = f"<header><identifier>oai:x:{number}</identifier><datestamp>{datestamp}</datestamp></header>"
    return f"<record>{header}<metadata>{inner}</metadata></record>"


def listed(records: Iterable[str], token: str = "", size: int | None = None) -> str:
    """A ListRecords element; a token element is there when there is a token or a size."""
    attribute = f' completeListSize="{size}"' if size is not None else ""
    mark = f"<resumptionToken{attribute}>{token}</resumptionToken>" if token or size is not None else ""
    return f"<ListRecords>{''.join(records)}{mark}</ListRecords>"


def identify(granularity: str = "YYYY-MM-DDThh:mm:ssZ") -> bytes:
    """An Identify answer."""
    return oai(f"<Identify><repositoryName>x</repositoryName><granularity>{granularity}</granularity></Identify>")


def error(code: str) -> bytes:
    """An answer that is an error."""
    return oai(f'<error code="{code}">told so</error>')


def job(
    url: str,
    checkpoint: dict[str, Any] | None = None,
    *,
    full: bool = False,
    form: Format | None = None,
    reading: Reading | None = None,
    **options: Any,
) -> Job:
    """A job over a loopback repository, with short pauses."""
    settings = {"allow_private": True, "pause": "0.001s", "metadata_prefix": "marcxml"} | options
    model = Options.model_validate({"url": url} | settings)
    return Job("x", model, form or find_format("marcxml"), reading or Reading(), checkpoint or {}, full)


def harvest(*arguments: Any, **options: Any) -> list[Page]:
    """All pages of a harvest."""
    return list(pages(job(*arguments, **options)))


def identifiers(harvested: Iterable[Page]) -> list[str]:
    """The identifiers of the records of the pages, in order."""
    return [raw.identifier for page in harvested for raw in page.records]


def until_trouble(running: Iterator[Page]) -> tuple[list[Page], Problem]:
    """The pages that come before a problem stops a harvest, and the problem."""
    found: list[Page] = []
    try:
        for page in running:
            found.append(page)
    except Trouble as trouble:
        return found, trouble.problem
    raise AssertionError("no problem")
