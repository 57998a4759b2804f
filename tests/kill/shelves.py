"""Two sources whose lists can be read on from any page: what the drill harvests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from connectors.connector import Connector, Job, Page
from hub.sources import LibraryEntry, Name, SourceConfig, SourceFile
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

    library = LibraryEntry(code=f"TV-{name}", name=Name(vi=f"Thư viện {name}"))
    entry = SourceFile(library=library, connector="oai_pmh", format="marc21")
    connector = Connector("oai_pmh", {}, Options, pages, _check)
    return SourceConfig(name, entry, connector, Options(), Path())


def _raw(name: str, number: int) -> RawRecord:
    if number % 50 == 49:
        return RawRecord(f"{name}-{number}", b"00030nam a2200025   4500\x1e\x1d", f"record {number}")
    title = f"Truyện số {number} của {TITLES[number % len(TITLES)]}"
    record = book(f"{name}-{number}", title, pages=str(100 + number), copies=f"{name}{number}")
    return RawRecord(f"{name}-{number}", to_iso2709(record), f"record {number}")


TITLES = ("Đồi Gió", "Sông Cấm", "Hoa Phượng", "Cát Bà", "Bến Bính", "Núi Voi", "Đồ Sơn")


def _check(job: Job) -> list[Problem]:
    return []
