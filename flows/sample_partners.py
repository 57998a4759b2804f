"""The demonstration's partners: small OAI-PMH 2.0 repositories on this machine, with records written for it.

Each is a JSON Lines file, one record a line:
``{"identifier", "datestamp", "deleted", "sets", "metadata": {prefix: xml}}``. All six
verbs, selective harvesting by date and set, resumption tokens and persistent deletions are there
(https://www.openarchives.org/OAI/openarchivesprotocol.html).
"""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit
from xml.sax.saxutils import escape, quoteattr

from hub.home import CONFIG
from schemas.problem import Trouble

PAGE = 25
PORT = 8089
FORMATS = {
    "oai_dc": ("http://www.openarchives.org/OAI/2.0/oai_dc.xsd", "http://www.openarchives.org/OAI/2.0/oai_dc/"),
    "marcxml": ("http://www.loc.gov/standards/marcxml/schema/MARC21slim.xsd", "http://www.loc.gov/MARC21/slim"),
}
ARGUMENTS = {
    "Identify": (set[str](), set[str]()),
    "ListMetadataFormats": (set[str](), {"identifier"}),
    "ListSets": (set[str](), {"resumptionToken"}),
    "GetRecord": ({"identifier", "metadataPrefix"}, set[str]()),
    "ListIdentifiers": ({"metadataPrefix"}, {"from", "until", "set", "resumptionToken"}),
    "ListRecords": ({"metadataPrefix"}, {"from", "until", "set", "resumptionToken"}),
}
SELECTION = ("metadataPrefix", "from", "until", "set")

Item = dict[str, Any]


class OaiFault(Exception):
    """An error of the protocol: its code and a text."""


class Repository:
    """The records of one partner, in the order of (datestamp, identifier)."""

    def __init__(self, name: str, items: Iterable[Item] = ()) -> None:
        self.name = name
        self.items: dict[str, Item] = {}
        for item in items:
            self.put(item)

    @classmethod
    def load(cls, path: Path) -> Repository:
        """The repository of a JSON Lines file, named after the file."""
        lines = path.read_text(encoding="utf-8").splitlines()
        return cls(path.stem, (json.loads(line) for line in lines if line.strip()))

    def put(self, item: Item) -> None:
        """Add a record, or replace the one of the same identifier."""
        self.items[item["identifier"]] = item

    def answer(self, pairs: list[tuple[str, str]], base_url: str) -> bytes:
        """The whole answer to a request, given as its (name, value) pairs."""
        arguments = dict(pairs)
        try:
            verb = _checked(pairs)
            request = " ".join(f"{name}={quoteattr(value)}" for name, value in arguments.items())
            body = VERBS[verb](self, arguments, base_url)
        except OaiFault as fault:
            code, text = fault.args
            request = ""
            body = f'<error code="{code}">{escape(text)}</error>'
        return (
            '<?xml version="1.0" encoding="UTF-8"?>\n<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/">'
            f"<responseDate>{_now()}</responseDate><request {request}>{escape(base_url)}</request>{body}</OAI-PMH>\n"
        ).encode()

    def _identify(self, arguments: Mapping[str, str], base_url: str) -> str:
        earliest = min((item["datestamp"] for item in self.items.values()), default="2000-01-01T00:00:00Z")
        return (
            f"<Identify><repositoryName>{escape(self.name)}</repositoryName><baseURL>{escape(base_url)}</baseURL>"
            "<protocolVersion>2.0</protocolVersion><adminEmail>demo@lienthong.example</adminEmail>"
            f"<earliestDatestamp>{earliest}</earliestDatestamp><deletedRecord>persistent</deletedRecord>"
            "<granularity>YYYY-MM-DDThh:mm:ssZ</granularity></Identify>"
        )

    def _list_metadata_formats(self, arguments: Mapping[str, str], base_url: str) -> str:
        items = [self._item(arguments["identifier"])] if "identifier" in arguments else list(self.items.values())
        known = {prefix for item in items for prefix in item.get("metadata", {})} or {"oai_dc"}
        entries = (
            f"<metadataFormat><metadataPrefix>{prefix}</metadataPrefix><schema>{schema}</schema>"
            f"<metadataNamespace>{namespace}</metadataNamespace></metadataFormat>"
            for prefix, (schema, namespace) in FORMATS.items()
            if prefix in known
        )
        return f"<ListMetadataFormats>{''.join(entries)}</ListMetadataFormats>"

    def _list_sets(self, arguments: Mapping[str, str], base_url: str) -> str:
        if "resumptionToken" in arguments:
            raise OaiFault("badResumptionToken", "there is no such token")
        specs = sorted({spec for item in self.items.values() for spec in item.get("sets", [])})
        if not specs:
            raise OaiFault("noSetHierarchy", "this repository has no sets")
        sets = (f"<set><setSpec>{escape(s)}</setSpec><setName>{escape(s)}</setName></set>" for s in specs)
        return f"<ListSets>{''.join(sets)}</ListSets>"

    def _get_record(self, arguments: Mapping[str, str], base_url: str) -> str:
        item = self._item(arguments["identifier"])
        prefix = arguments["metadataPrefix"]
        if not item.get("deleted") and prefix not in item["metadata"]:
            raise OaiFault("cannotDisseminateFormat", f"the item is not available as {prefix}")
        return f"<GetRecord>{_record(item, prefix)}</GetRecord>"

    def _item(self, identifier: str) -> Item:
        try:
            return self.items[identifier]
        except KeyError:
            raise OaiFault("idDoesNotExist", f"there is no item {identifier}") from None

    def _list(self, arguments: Mapping[str, str], base_url: str, *, verb: str) -> str:
        asked, after = _resumed(arguments)
        prefix = asked["metadataPrefix"]
        if prefix not in FORMATS:
            raise OaiFault("cannotDisseminateFormat", f"{prefix} is not offered")
        chosen = sorted(self._chosen(asked), key=_key)
        if not chosen:
            raise OaiFault("noRecordsMatch", "no record matches")
        rest = [item for item in chosen if _key(item) > after]
        page = rest[:PAGE]
        token = _token(asked, _key(page[-1])) if len(rest) > PAGE else ""
        mark = f'<resumptionToken completeListSize="{len(chosen)}">{token}</resumptionToken>'
        show = partial(_record, prefix=prefix) if verb == "ListRecords" else _header
        body = "".join(show(item) for item in page)
        return f"<{verb}>{body}{mark if token or after != ('', '') else ''}</{verb}>"

    def _chosen(self, asked: Mapping[str, str]) -> Iterator[Item]:
        start, end, spec = _bound(asked, "from", "T00:00:00Z"), _bound(asked, "until", "T23:59:59Z"), asked.get("set")
        if start and end and len(asked["from"]) != len(asked["until"]):
            raise OaiFault("badArgument", "from and until have different granularities")
        for item in list(self.items.values()):
            within = (not start or item["datestamp"] >= start) and (not end or item["datestamp"] <= end)
            in_set = not spec or any(s == spec or s.startswith(spec + ":") for s in item.get("sets", []))
            if within and in_set and (item.get("deleted") or asked["metadataPrefix"] in item["metadata"]):
                yield item


VERBS: dict[str, Callable[[Repository, Mapping[str, str], str], str]] = {
    "Identify": Repository._identify,
    "ListMetadataFormats": Repository._list_metadata_formats,
    "ListSets": Repository._list_sets,
    "GetRecord": Repository._get_record,
    "ListIdentifiers": partial(Repository._list, verb="ListIdentifiers"),
    "ListRecords": partial(Repository._list, verb="ListRecords"),
}


def _checked(pairs: list[tuple[str, str]]) -> str:
    """The verb of a request whose arguments are all as the protocol allows."""
    arguments = dict(pairs)
    verb = arguments.pop("verb", "")
    if verb not in ARGUMENTS or [name for name, _ in pairs].count("verb") > 1:
        raise OaiFault("badVerb", "the verb is missing, repeated or unknown")
    required, allowed = ARGUMENTS[verb]
    if "resumptionToken" in arguments and "resumptionToken" in allowed:
        required, allowed = set(), {"resumptionToken"}
    if len(arguments) + 1 < len(pairs) or not required <= set(arguments) or not set(arguments) <= required | allowed:
        raise OaiFault("badArgument", f"{verb} takes {', '.join(sorted(required | allowed)) or 'no arguments'}")
    return verb


def _key(item: Item) -> tuple[str, str]:
    return item["datestamp"], item["identifier"]


def _bound(asked: Mapping[str, str], name: str, day_end: str) -> str:
    written = asked.get(name, "")
    for form, end in (("%Y-%m-%d", day_end), ("%Y-%m-%dT%H:%M:%SZ", "")):
        try:
            datetime.strptime(written, form)
        except ValueError:
            continue
        return written + end
    if written:
        raise OaiFault("badArgument", f"{name} is not a date")
    return ""


def _token(asked: Mapping[str, str], after: tuple[str, str]) -> str:
    value = [[asked.get(name, "") for name in SELECTION], list(after)]
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode()


def _resumed(arguments: Mapping[str, str]) -> tuple[Mapping[str, str], tuple[str, str]]:
    """What a list was asked for and the key of the last record given, also out of a token."""
    if "resumptionToken" not in arguments:
        return arguments, ("", "")
    try:
        values, after = json.loads(base64.urlsafe_b64decode(arguments["resumptionToken"]))
        asked = {name: str(value) for name, value in zip(SELECTION, values, strict=True) if value}
        return {"metadataPrefix": asked["metadataPrefix"], **asked}, (str(after[0]), str(after[1]))
    except (ValueError, TypeError, KeyError, IndexError):
        raise OaiFault("badResumptionToken", "the token cannot be read") from None


def _header(item: Item) -> str:
    status = ' status="deleted"' if item.get("deleted") else ""
    sets = "".join(f"<setSpec>{escape(spec)}</setSpec>" for spec in item.get("sets", []))
    return (
        f"<header{status}><identifier>{escape(item['identifier'])}</identifier>"
        f"<datestamp>{item['datestamp']}</datestamp>{sets}</header>"
    )


def _record(item: Item, prefix: str) -> str:
    metadata = "" if item.get("deleted") else f"<metadata>{item['metadata'][prefix]}</metadata>"
    return f"<record>{_header(item)}{metadata}</record>"


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _handler(repositories: Mapping[str, Repository]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_GET(self) -> None:
            self._reply(urlsplit(self.path).query)

        def do_POST(self) -> None:
            length = min(int(self.headers.get("Content-Length") or 0), 2**16)
            self._reply(self.rfile.read(length).decode("utf-8", "replace"))

        def _reply(self, query: str) -> None:
            path = urlsplit(self.path).path.strip("/")
            repository = repositories.get(path)
            if repository is None:
                self.send_error(404)
                return
            pairs = parse_qsl(query, keep_blank_values=True)
            body = repository.answer(pairs, f"http://{self.headers.get('Host', '')}/{path}")
            self.send_response(200)
            self.send_header("Content-Type", "text/xml; charset=UTF-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Nothing: the demonstration's screen is for the hub."""

    return Handler


@contextmanager
def serve(repositories: Mapping[str, Repository], port: int = 0) -> Iterator[str]:
    """The repositories on 127.0.0.1, each at ``/<its key>``, until the block ends; gives the address without the key.

    Port 0 takes any free one; a port in use is :class:`Trouble` ``port_in_use``.
    """
    try:
        server = ThreadingHTTPServer(("127.0.0.1", port), _handler(repositories))
    except OSError:
        raise Trouble("port_in_use", port=port) from None
    server.daemon_threads = True
    threading.Thread(target=partial(server.serve_forever, poll_interval=0.05), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


@contextmanager
def demo_partners(port: int = PORT, folder: Path = CONFIG / "demo" / "data") -> Iterator[str]:
    """The partners of the demonstration: every ``*.jsonl`` of the folder at ``/<file stem>``."""
    with serve({path.stem: Repository.load(path) for path in sorted(folder.glob("*.jsonl"))}, port) as url:
        yield url
