"""Recorded answers of real repositories, served again on loopback: each request gets the answer that fits it best."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import yaml

from tests.connectors.partner import Reply, error, identify, oai, serving

XML = {"Content-Type": "text/xml; charset=utf-8"}
FORMATS = (
    "<ListMetadataFormats><metadataFormat><metadataPrefix>oai_dc</metadataPrefix>"
    "<schema>http://www.openarchives.org/OAI/2.0/oai_dc.xsd</schema>"
    "<metadataNamespace>http://www.openarchives.org/OAI/2.0/oai_dc/</metadataNamespace>"
    "</metadataFormat></ListMetadataFormats>"
)
COMMON: Mapping[str, bytes] = {
    "Identify": identify().replace(b"<granularity>", b"<protocolVersion>2.0</protocolVersion><granularity>"),
    "ListMetadataFormats": oai(FORMATS),
}


@dataclass(frozen=True)
class Recording:
    """One recorded answer and the arguments it answered."""

    arguments: Mapping[str, str]
    body: bytes
    status: int = 200

    def fits(self, asked: Mapping[str, str]) -> int:
        """How well it answers: 0 not at all, more the more arguments are the same."""
        if self.arguments.get("verb") != asked.get("verb"):
            return 0
        if ("resumptionToken" in self.arguments) != ("resumptionToken" in asked):
            return 0
        return 1 + sum(asked.get(name) == value for name, value in self.arguments.items())


def answering(recordings: list[Recording]) -> Callable[[dict[str, str]], Reply]:
    """The answer that fits best; what nobody recorded is answered as a repository would."""

    def answer(asked: dict[str, str]) -> Reply:
        found = max(recordings, key=lambda recording: recording.fits(asked), default=None)
        if found is not None and found.fits(asked):
            return Reply(found.body, found.status, dict(XML))
        if asked.get("verb") in COMMON:
            return Reply(COMMON[asked["verb"]], 200, dict(XML))
        known = asked.get("verb") in ("ListSets", "ListRecords", "ListIdentifiers", "GetRecord")
        code = "noSetHierarchy" if asked.get("verb") == "ListSets" else "noRecordsMatch" if known else "badVerb"
        return Reply(error(code), 200, dict(XML))

    return answer


@contextmanager
def playing(recordings: list[Recording]) -> Iterator[str]:
    """The address of a server that plays recordings."""
    with serving(answering(recordings)) as server:
        yield server.url


def file(path: Path, **arguments: str) -> Recording:
    """A file as the answer to a verb; without arguments, to what its request element says."""
    body = path.read_bytes()
    said = re.search(rb"<request([^>]*)>", body)
    written = dict(re.findall(r'(\w+)="([^"]*)"', said[1].decode())) if said else {}
    return Recording(arguments or written, body)


def cassettes(folder: Path, host: str) -> list[Recording]:
    """The recordings of one host in a folder of VCR cassettes."""
    found = []
    for path in sorted(folder.glob("*.yaml")):
        for exchange in yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)["interactions"]:
            parts = urlsplit(exchange["request"]["uri"])
            body = exchange["response"]["body"]
            text = body.get("content", body.get("string", "")) if isinstance(body, dict) else body
            if parts.hostname == host:
                data = text if isinstance(text, bytes) else str(text).encode()
                found.append(Recording(dict(parse_qsl(parts.query)), data, exchange["response"]["status"]))
    return found
