"""A source made for tests: what it has, what it lists, and what it says of single records."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from connectors.connector import Connector, Header, Headers, Job, Page, Sweeping
from hub.sources import GuardEntry, LibraryEntry, Name, SourceConfig, SourceFile
from schemas.marc21 import to_iso2709
from schemas.problem import Problem, Trouble
from schemas.record import RawRecord
from tests.hub.stages.books import book


class Options(BaseModel):
    confirm_after: timedelta = timedelta()
    rest: timedelta = timedelta(minutes=15)
    max_wait: timedelta = timedelta()
    sweep_every: timedelta = timedelta(days=7)
    per_host: int = 2
    url: str = ""


class Files(BaseModel):
    """Options of a source that gives files with everything it has: what they lack is gone at once."""


@dataclass
class Shelf:
    """The books of a source by identifier: (title, datestamp), the title ``None`` when the source says it is deleted.

    ``listed`` and ``headed`` are the identifiers the lists give (``None``: all of them). ``fails`` is raised instead of
    the next list. ``changed`` are the identifiers of an increment.
    """

    name: str = "ke-sach"
    books: dict[str, tuple[str | None, str]] = field(default_factory=dict)
    listed: list[str] | None = None
    headed: list[str] | None = None
    whole: bool = True
    headers_whole: bool = True
    can_sweep: bool = True
    fails: Trouble | None = None
    asked: list[str] = field(default_factory=list)
    options: Any = field(default_factory=Options)
    guard: GuardEntry = field(default_factory=lambda: GuardEntry(most=3, share=0.05))
    isbns: dict[str, str] = field(default_factory=dict)

    def put(self, *identifiers: str, title: str = "Truyện", datestamp: str = "2026-01-01T00:00:00Z") -> None:
        for identifier in identifiers:
            self.books[identifier] = (f"{title} {identifier}", datestamp)

    def delete(self, *identifiers: str, datestamp: str = "2026-02-01T00:00:00Z") -> None:
        for identifier in identifiers:
            self.books[identifier] = (None, datestamp)

    def lose(self, *identifiers: str) -> None:
        for identifier in identifiers:
            del self.books[identifier]

    def raw(self, identifier: str) -> RawRecord:
        title, datestamp = self.books[identifier]
        isbn = self.isbns.get(identifier, "")
        body = to_iso2709(book(self._number(identifier), title, isbn=isbn)) if title else b""
        return RawRecord(identifier, body, f"record {identifier}", datestamp, deleted=title is None)

    def _number(self, identifier: str) -> str:
        return identifier.rpartition(":")[2]

    def pages(self, job: Job) -> Iterator[Page]:
        if self.fails:
            raise self.fails
        names = list(self.books) if self.listed is None else self.listed
        for start in range(0, len(names), 10):
            yield Page([self.raw(name) for name in names[start : start + 10]], {"at": start})
        yield Page([], {"from": "2026-03-01T00:00:00Z"}, complete=True, everything=self.whole and self.listed is None)

    def headers(self, job: Job) -> Iterator[Headers]:
        names = list(self.books) if self.headed is None else self.headed
        found = [Header(name, self.books[name][1], self.books[name][0] is None) for name in names]
        yield Headers(found, complete=self.headers_whole)

    def get(self, job: Job, identifiers: Sequence[str]) -> Iterator[tuple[str, RawRecord | None]]:
        for identifier in identifiers:
            self.asked.append(identifier)
            yield identifier, self.raw(identifier) if identifier in self.books else None

    def config(self) -> SourceConfig:
        library = LibraryEntry(code="TV-1", name=Name(vi="Thư viện một"))
        entry = SourceFile(library=library, connector="oai_pmh", format="marc21", guard=self.guard)
        sweeping = Sweeping(self.headers, self.get, lambda job: self.options.sweep_every, self._widened)
        connector = Connector("oai_pmh", {}, Options, self.pages, self._check, sweeping if self.can_sweep else None)
        return SourceConfig(self.name, entry, connector, self.options, Path())

    def _check(self, job: Job) -> list[Problem]:
        return []

    def _widened(self, checkpoint: dict[str, Any], datestamps: Sequence[str]) -> dict[str, Any]:
        return checkpoint | {"late": list(datestamps)}
