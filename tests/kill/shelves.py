"""Two sources whose lists can be read on from any page: what the drill harvests, and what it finds when it sweeps."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from connectors.connector import Connector, Header, Headers, Job, Page, Sweeping
from hub.sources import GuardEntry, LibraryEntry, Name, SourceConfig, SourceFile
from schemas.marc21 import to_iso2709
from schemas.problem import Problem
from schemas.record import RawRecord
from tests.hub.stages.books import book
from tests.hub.stages.shelf import Options


def shelves(count: int, page: int) -> list[SourceConfig]:
    """Two libraries that hold half of their books in common; every fiftieth record cannot be read."""
    return [_shelf("mot", 0, count, page), _shelf("hai", count // 2, count, page)]


def _shelf(name: str, first: int, count: int, page: int) -> SourceConfig:
    def pages(job: Job) -> Iterator[Page]:
        start = 0 if job.full else int(job.checkpoint.get("at", 0))
        for at in range(start, count, page):
            records = [_raw(name, n) for n in range(first + at, first + min(at + page, count))]
            yield Page(records, {"at": at + page})
        yield Page([], {"at": count}, complete=True)

    later = {record.identifier: record for record in _later(name, first, count)}

    def headers(job: Job) -> Iterator[Headers]:
        every = [Header(record.identifier, record.datestamp, record.deleted) for record in later.values()]
        for at in range(0, len(every), page):
            yield Headers(every[at : at + page], complete=at + page >= len(every))

    def get(job: Job, identifiers: Sequence[str]) -> Iterator[tuple[str, RawRecord | None]]:
        for identifier in identifiers:
            yield identifier, later.get(identifier)

    library = LibraryEntry(code=f"TV-{name}", name=Name(vi=f"Thư viện {name}"))
    entry = SourceFile(library=library, connector="oai_pmh", format="marc21", guard=GuardEntry(most=100))
    sweeping = Sweeping(headers, get, lambda job: timedelta(days=7), _widened)
    connector = Connector("oai_pmh", {}, Options, pages, _check, sweeping)
    return SourceConfig(name, entry, connector, Options(), Path())


def _later(name: str, first: int, count: int) -> Iterator[RawRecord]:
    """What a source has later: some records are gone, told to be deleted, changed, or changed so that nobody can read
    them; one is new."""
    for number in range(first, first + count):
        record = _raw(name, number)
        if number % 7 == 3:
            continue
        if number % 11 == 5:
            record = replace(record, body=b"", datestamp=LATER, deleted=True)
        elif number % 13 == 2:
            record = replace(_raw(name, number, edition=" in lần hai"), datestamp=LATER)
        elif number % 17 == 4:
            record = replace(record, body=b"00030nam a2200025   4500\x1e\x1d", datestamp=LATER)
        yield record
    yield replace(_raw(name, first + count), datestamp=LATER)


def _raw(name: str, number: int, edition: str = "") -> RawRecord:
    if number % 50 == 49:
        return RawRecord(f"{name}-{number}", b"00030nam a2200025   4500\x1e\x1d", f"record {number}")
    title = f"Truyện số {number} của {TITLES[number % len(TITLES)]}{edition}"
    record = book(f"{name}-{number}", title, pages=str(100 + number), copies=f"{name}{number}")
    return RawRecord(f"{name}-{number}", to_iso2709(record), f"record {number}")


LATER = "2026-02-01T00:00:00Z"
TITLES = ("Đồi Gió", "Sông Cấm", "Hoa Phượng", "Cát Bà", "Bến Bính", "Núi Voi", "Đồ Sơn")


def _check(job: Job) -> list[Problem]:
    return []


def _widened(checkpoint: dict[str, Any], datestamps: Sequence[str]) -> dict[str, Any]:
    return checkpoint
