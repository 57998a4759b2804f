"""Books that a bookcase's owner enters one by one, kept as a source of the library like any other.

The raw record is what was entered, as the cells of a table's row: ``{"rows": [{"title": "Dế Mèn…", "copies": "2"}]}``.
So the path of the record, its holdings, OAI-PMH and a rebuild need nothing of their own. A book picked from the union
catalog is described by what the union record says, and a person's decision joins it with that record's founder.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import orjson

from hub.catalog import decisions, reads
from hub.catalog.models import Bib, RawRecord, Record, Source
from hub.match.description import Description
from hub.network.models import Library
from hub.stages import single
from hub.stages.quarantine import unpacked
from hub.stages.report import storing
from schemas.record import RawRecord as Arrived

CONNECTOR, FORMAT, TRUST = "entry", "csv", 10
CELLS = (
    "title", "subtitle", "volume", "author", "responsibility", "edition", "place", "publisher", "year", "pages", "isbn",
    "language", "series", "copies",
)  # fmt: skip
PICKED = "chọn từ mục lục liên hợp · picked from the union catalog"


@dataclass(frozen=True, slots=True)
class Entered:
    """A book of the bookcase."""

    number: int
    identifier: str
    cells: dict[str, str]
    there: bool

    @property
    def copies(self) -> int:
        return int(self.cells.get("copies", "1")) if self.there else 0


def source_of(library: Library, *, by: str) -> Source:
    """The source that a library's entered books are."""
    return single.keep_source(library, CONNECTOR, FORMAT, TRUST, by=by)


def name_of(code: str) -> str:
    """The name of that source."""
    return f"{code}-{CONNECTOR}"


def cells_of(d: Description) -> dict[str, str]:
    """What tells a publication from others, as cells."""
    said = {
        "title": d.title,
        "subtitle": d.subtitle,
        "volume": d.part or d.volume,
        "author": "; ".join(name for name, role in d.people if role == "author"),
        "responsibility": d.responsibility,
        "edition": d.edition,
        "place": d.place,
        "publisher": d.publisher,
        "year": str(d.year or ""),
        "pages": str(d.pages or ""),
        "isbn": "; ".join(d.isbns),
        "language": d.language,
        "series": d.series,
    }
    return {name: text for name, text in said.items() if text}


def put(
    library: Library,
    identifier: str,
    cells: Mapping[str, str],
    copies: int | Callable[[int], int],
    *,
    by: str,
    union: int = 0,
) -> Entered:
    """Keep a book with so many copies; ``union`` is the union record it was picked from.

    Given again under the same identifier it is the same book: another number of copies changes it. ``copies`` may be
    asked for with the number that is there when nobody else can change it any more.
    """
    said = {name: cells[name] for name in CELLS if cells.get(name)}

    def arrived() -> Arrived:
        count = copies(_copies(source, identifier)) if callable(copies) else copies
        said["copies"] = str(count)
        return Arrived(identifier, orjson.dumps({"rows": [said]}), f"entry {identifier[:8]}")

    with storing():
        source = source_of(library, by=by)
        (number,) = single.store(source, lambda: [arrived()])
        founder = Record.objects.filter(pk=union, state="live").exclude(pk=number).first() if union else None
        if founder is not None:
            decisions.decide(number, founder.pk, "SAME", by=by, reason=PICKED)
    return Entered(number, identifier, said, True)


def remove(library: Library, identifier: str, *, by: str) -> None:
    """The bookcase has the book no more: a tombstone."""
    with storing():
        source = source_of(library, by=by)
        single.store(source, lambda: [Arrived(identifier, b"", f"entry {identifier[:8]}", deleted=True)])


def _copies(source: Source, identifier: str) -> int:
    found = Record.objects.filter(source=source, identifier=identifier).select_related("source__library").first()
    book = entered(source.library, found.pk) if found else None
    return book.copies if book else 0


def entered(library: Library, record: int) -> Entered | None:
    """A book of the bookcase by its record's number, there or removed."""
    found = Record.objects.filter(pk=record, source__library=library, source__connector=CONNECTOR).first()
    if found is None:
        return None
    last = RawRecord.objects.filter(record=found, deleted=False).order_by("-id").first()
    cells = orjson.loads(unpacked(last))["rows"][0] if last else {}
    return Entered(found.pk, found.identifier, cells, found.state != "deleted")


def of_union(library: Library, union: int) -> Entered | None:
    """The book of the bookcase that is of a union record."""
    found = Record.objects.filter(
        member__union=union, source__library=library, source__connector=CONNECTOR, state="live"
    ).first()
    return entered(library, found.pk) if found else None


def books(library: Library, start: int = 0, most: int = 50) -> list[tuple[Record, Description, int]]:
    """The books of the bookcase, the newest first: (record, description, copies)."""
    live = Record.objects.filter(source__library=library, source__connector=CONNECTOR, state="live")
    found = list(live.select_related("member").order_by("-raw")[start : start + most])
    bibs = Bib.objects.in_bulk([record.pk for record in found])
    return [(r, Description.load(bibs[r.pk].description), bibs[r.pk].copies) for r in found if r.pk in bibs]


def totals(library: Library) -> tuple[int, int]:
    """(books, copies) of the bookcase."""
    rows = Bib.objects.filter(
        record__source__library=library, record__source__connector=CONNECTOR, record__state="live"
    ).values_list("copies", flat=True)
    return len(rows), sum(rows)


def described(union: int) -> Description | None:
    """What a union record says, where it is there."""
    content = reads.union_content(union)
    return content.description if content and not content.deleted else None
