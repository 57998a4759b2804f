"""An SRU server of ours on loopback that can be made to lie, stop, change and break, and the pieces of its answers."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any
from unicodedata import normalize
from xml.sax.saxutils import escape

from connectors.connector import Job, Page
from connectors.sru import CONNECTOR, Options, pages
from schemas.format import Reading, find_format
from schemas.marcxml import to_marcxml
from schemas.problem import Problem
from tests.connectors.partner import Reply, identifiers, serving, until_trouble
from tests.connectors.z3950_site import book

NAMESPACES = {
    "1.1": ("http://www.loc.gov/zing/srw/", "http://www.loc.gov/zing/srw/diagnostic/"),
    "1.2": ("http://www.loc.gov/zing/srw/", "http://www.loc.gov/zing/srw/diagnostic/"),
    "2.0": (
        "http://docs.oasis-open.org/ns/search-ws/sruResponse",
        "http://docs.oasis-open.org/ns/search-ws/diagnostic",
    ),
}
PICA = '<record xmlns="info:srw/schema/5/picaXML-v1.0"><datafield tag="003@"><subfield code="0">1</subfield></datafield></record>'
RANGE = re.compile(r"\((.*)\) (and|not) \(\S+ >= (\d+) and \S+ <= (\d+)\)")
YEARS = {"index": "dc.date"}
VERSIONS = ("1.1", "1.2", "2.0")
MARCXML = find_format("marcxml")

Answer = Reply | bytes
Asked = dict[str, str]
Server = Callable[[Asked], Answer]


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


def job(
    url: str, checkpoint: dict[str, Any] | None = None, *, full: bool = False, form: str = "marcxml", **options: Any
) -> Job:
    """A job over a loopback server, with short pauses."""
    settings = {"url": url, "allow_private": True, "pause": "0.001s", "tries": 3} | options
    return Job("x", Options(**settings), find_format(form), Reading(), checkpoint or {}, full)


def harvest(url: str, checkpoint: dict[str, Any] | None = None, **options: Any) -> list[Page]:
    """All pages of a harvest."""
    return list(pages(job(url, checkpoint, **options)))


def served(database: Server, stored: dict[str, Any] | None = None, **options: Any) -> tuple[list[Page], list[Asked]]:
    """The harvest of a scripted server, ten records a page, and what it was asked for.

    A stored checkpoint counts as that of the same server, whatever port that had.
    """
    options = {"page_size": 10} | options
    with serving(database) as here:
        if stored:
            stored = stored | {"asked": job(here.url, **options).options.asked("marcxml")}
        return harvest(here.url, stored, **options), here.asked


def stopped(database: Server, **options: Any) -> tuple[list[Page], Problem]:
    """The pages until a problem, and the problem."""
    with serving(database) as here:
        return until_trouble(pages(job(here.url, **{"page_size": 10} | options)))


def checked(database: Server, **options: Any) -> list[str]:
    """The codes of what a check finds wrong."""
    with serving(database) as here:
        return [problem.code for problem in CONNECTOR.check(job(here.url, **options))]


def codes(harvested: Iterable[Page]) -> list[str]:
    """The codes of the notes."""
    return [note.code for page in harvested for note in page.notes]


def problems(harvested: Iterable[Page]) -> list[str]:
    """The codes of the rejections."""
    return [record.problem.code for page in harvested for record in page.records if record.problem]


def outcome(harvested: list[Page]) -> tuple[int, list[str], bool, bool]:
    """How many different records came, what was noted, whether the list ended and was everything."""
    return len(set(identifiers(harvested))), codes(harvested), harvested[-1].complete, harvested[-1].everything


def texts(harvested: Iterable[Page]) -> list[str]:
    """The records as they are read, letters and marks together."""
    records = [MARCXML.parse(raw.body, Reading()) for page in harvested for raw in page.records]
    return [normalize("NFC", record.pack()) for record in records]


def at(place: int, *answers: Answer) -> Callable[[Asked], Answer | None]:
    """Answers for the first pages that are asked for from a place on (not for single records), then as usual."""
    left = list(answers)

    def before(asked: Asked) -> Answer | None:
        if asked.get("startRecord") != str(place) or asked["maximumRecords"] == "1" or not left:
            return None
        return left.pop(0)

    return before
