"""An SRU server of ours on loopback that can be made to lie, stop, change and break, and the pieces of its answers."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from xml.sax.saxutils import escape

from schemas.marcxml import to_marcxml
from tests.connectors.partner import Reply
from tests.connectors.z3950_site import book

NAMESPACES = {
    "1.1": ("http://www.loc.gov/zing/srw/", "http://www.loc.gov/zing/srw/diagnostic/"),
    "1.2": ("http://www.loc.gov/zing/srw/", "http://www.loc.gov/zing/srw/diagnostic/"),
    "2.0": (
        "http://docs.oasis-open.org/ns/search-ws/sruResponse",
        "http://docs.oasis-open.org/ns/search-ws/diagnostic",
    ),
}
RANGE = re.compile(r"\((.*)\) (and|not) \(\S+ >= (\d+) and \S+ <= (\d+)\)")
Answer = Reply | bytes


def diagnostic(number: int | str, message: str = "told so", details: str = "", version: str = "1.2") -> str:
    """A diagnostic element in the namespace of a version."""
    uri = number if isinstance(number, str) else f"info:srw/diagnostic/1/{number}"
    said = f"<d:uri>{uri}</d:uri><d:details>{details}</d:details><d:message>{message}</d:message>"
    return f'<d:diagnostic xmlns:d="{NAMESPACES[version][1]}">{said}</d:diagnostic>'


def entry(data: str, position: int | None = None, *, schema: str = "marcxml", packing: str = "xml") -> str:
    """A record element with these record data, escaped for the packing ``string``."""
    inner = escape(data) if packing == "string" else data
    place = f"<z:recordPosition>{position}</z:recordPosition>" if position else ""
    named = f"<z:recordSchema>{schema}</z:recordSchema>" if schema else ""
    return f"<z:record>{named}<z:recordPacking>{packing}</z:recordPacking><z:recordData>{inner}</z:recordData>{place}</z:record>"


def response(
    entries: Iterable[str] = (),
    hits: int | str | None = None,
    following: int | None = None,
    diagnostics: str = "",
    *,
    version: str = "1.2",
    more: str = "",
) -> bytes:
    """A whole searchRetrieve answer."""
    listed = "".join(entries)
    parts = [
        f'<?xml version="1.0" encoding="UTF-8"?><z:searchRetrieveResponse xmlns:z="{NAMESPACES[version][0]}">',
        "" if version == "2.0" else f"<z:version>{version}</z:version>",
        "" if hits is None else f"<z:numberOfRecords>{hits}</z:numberOfRecords>",
        f"<z:records>{listed}</z:records>" if listed else "",
        "" if following is None else f"<z:nextRecordPosition>{following}</z:nextRecordPosition>",
        f"<z:diagnostics>{diagnostics}</z:diagnostics>" if diagnostics else "",
        more,
        "</z:searchRetrieveResponse>",
    ]
    return "".join(parts).encode()


def refusing(number: int | str, message: str = "told so", details: str = "", version: str = "1.2") -> bytes:
    """An answer that is a diagnostic."""
    return response(diagnostics=diagnostic(number, message, details, version), version=version)


def numbers(count: int) -> list[str]:
    """The control numbers of the first books."""
    return [f"vn{number:05d}" for number in range(1, count + 1)]


@dataclass
class Database:
    """A server with so many books, which are changed in ``books``; every tenth has no year.

    ``before`` is asked first: what it gives is the answer, unless it is ``None``. ``says`` is what numberOfRecords says
    of a number; ``cap`` is the largest page, ``deepest`` the last place that is given.
    """

    count: int = 50
    before: Callable[[dict[str, str]], Answer | None] = lambda asked: None
    says: Callable[[int], int | str | None] = lambda hits: hits
    speaks: tuple[str, ...] = ("1.1", "1.2", "2.0")
    cap: int = 1000
    deepest: int = 10**9
    nexts: bool = True
    packing: str = "xml"
    schema: str = "info:srw/schema/1/marcxml-v1.1"
    more: str = ""
    books: list[int] = field(default_factory=list)
    versions: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.books = list(range(1, self.count + 1))

    def __call__(self, asked: dict[str, str]) -> Answer:
        given = self.before(asked)
        if given is not None:
            return given
        version = asked.get("version", "2.0")
        if version not in self.speaks:
            return refusing(5, "Unsupported version", max(self.speaks))
        if asked.get("operation") == "explain" or "query" not in asked:
            return self.explain(version)
        self.versions.add(version)
        found = self.found(asked["query"])
        return self.page(found, int(asked["startRecord"]), int(asked["maximumRecords"]), version)

    def found(self, query: str) -> list[int]:
        """The books of a query: all, or those of a range of years or outside of it."""
        within = RANGE.fullmatch(query)
        if not within:
            return self.books
        first, last = int(within[3]), int(within[4])
        inside = [n for n in self.books if n % 10 and first <= 1950 + n % 50 <= last]
        return inside if within[2] == "and" else [n for n in self.books if n not in inside]

    def page(self, found: list[int], start: int, count: int, version: str = "1.2") -> bytes:
        """A page of these books."""
        hits = self.says(len(found))
        if start > min(len(found), self.deepest) and count:
            return response(
                (), hits, None, diagnostic(61, "First record position out of range", version=version), version=version
            )
        end = min(start - 1 + min(count, self.cap), self.deepest)
        chosen = list(enumerate(found, 1))[start - 1 : end]
        entries = [self.entry(number, place) for place, number in chosen]
        following = start + len(chosen) if self.nexts and start + len(chosen) <= len(found) else None
        return response(entries, hits, following, version=version, more=self.more)

    def entry(self, number: int, place: int | None = None) -> str:
        """A book as a record element."""
        return entry(to_marcxml(book(number)), place, schema=self.schema, packing=self.packing)

    def explain(self, version: str) -> bytes:
        """The answer to explain."""
        schemas = '<schema name="marcxml" identifier="info:srw/schema/1/marcxml-v1.1"/><schema name="dc"/>'
        inner = f'<explain xmlns="http://explain.z3950.org/dtd/2.0/"><schemaInfo>{schemas}</schemaInfo></explain>'
        data = (
            f"<z:record><z:recordData>{escape(inner) if self.packing == 'string' else inner}</z:recordData></z:record>"
        )
        return f'<z:explainResponse xmlns:z="{NAMESPACES[version][0]}">{data}</z:explainResponse>'.encode()
