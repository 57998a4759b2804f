"""The records of a library as it sent them, as a repository of its own; and those of all libraries, for other hubs.

So a bookcase or a spreadsheet has an endpoint. A record is given in the last version that could be read, as MARC 21 and
not mended: what the hub changed, merged or added is in the union catalog only.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime

import zstandard

from hub.catalog import bulk, selections
from hub.catalog.models import RawRecord, Record, Source
from hub.catalog.selections import Row, moment
from hub.network.models import Library
from hub.network.shown import hidden
from hub.provide.oai_formats import FORMATS
from hub.provide.oai_origins import CONNECTOR, origins_of
from hub.provide.oai_text import header, identifier, utc, xml
from hub.stages.normalize import manner_of
from schemas.damage import parse_mended
from schemas.problem import Trouble
from schemas.provenance import write
from schemas.record import Record as Content

NAME = re.compile(r"([A-Za-z0-9\-_.!~*'()]+)/([1-9][0-9]{0,17})")


def library_path(code: str) -> str:
    """The path of a library's own repository."""
    return f"/oai/{code}"


def own_paths() -> list[str]:
    """The paths of the repositories of all libraries that show them."""
    shown = set(open_libraries())
    specs = (spec.partition(":")[2] for spec in selections.own_specs())
    return [OwnRecords.path, *(library_path(code) for code in specs if code in shown)]


def open_libraries() -> dict[str, str]:
    """Name by code of the libraries whose own records everybody may harvest."""
    away = hidden()
    every = Library.objects.order_by("code").values_list("code", "name_vi")
    return {code: name for code, name in every if code not in away}


class OwnRecords:
    """The repository at ``/oai-own``, or at ``/oai/CODE`` of one library."""

    path = "/oai-own"

    def __init__(self, code: str = "") -> None:
        self.code = code
        self.shown = open_libraries()
        if code:
            self.path = library_path(code)

    def name(self) -> str:
        """What the repository is called."""
        if self.code:
            return f"{self.shown[self.code]} (Liên thông)"
        return "Liên thông · Biểu ghi gốc của các thư viện · Records as their libraries sent them"

    def sample(self) -> str:
        """An identifier as they are here."""
        return identifier(f"{self.code or 'VN-HP-0001'}/1")

    def earliest(self) -> datetime | None:
        """The oldest datestamp."""
        number = selections.number_of(selections.own(self.code))
        return selections.first(number) if number else None

    def sets(self) -> list[tuple[str, str]]:
        """(setSpec, name): a set for each library where there are several."""
        if self.code:
            return []
        codes = (spec.partition(":")[2] for spec in selections.own_specs())
        named = ((code, f"library:{code}") for code in codes if code in self.shown)
        return [(spec, self.shown[code]) for code, spec in named if selections.is_spec(spec)]

    def selection(self, spec: str) -> int | None:
        """The number of a list; ``LookupError`` where there is none."""
        code = self.code
        if spec:
            kind, _, code = spec.partition(":")
            if self.code or kind != "library" or code not in self.shown:
                raise LookupError(spec)
        number = selections.number_of(selections.own(code))
        if number is None:
            raise LookupError(spec)
        return number

    def find(self, name: str) -> Row | None:
        """The item of an identifier."""
        start = identifier("")
        found = NAME.fullmatch(name[len(start) :]) if name.startswith(start) else None
        if not found or self.code not in ("", found[1]):
            return None
        number, item = selections.number_of(selections.own(self.code)), int(found[2])
        row = selections.one(number, item) if number and item < 2**63 else None
        return row if row and self._codes([row]).get(item) == found[1] else None

    def headers(self, rows: Sequence[Row]) -> list[str]:
        """The headers of items; those of a library that shows nothing any more are deleted."""
        codes = self._codes(rows)
        return [self._header(row, codes.get(row.item, "")) for row in rows]

    def _codes(self, rows: Sequence[Row]) -> dict[int, str]:
        """The libraries under whose codes records are listed here: where there is one, that one."""
        return {row.item: self.code for row in rows} if self.code else _libraries(rows)

    def _header(self, row: Row, code: str) -> str:
        spec = f"library:{code}"
        gone = row.gone or code not in self.shown
        specs = [spec] if not self.code and code in self.shown and selections.is_spec(spec) else []
        return header(xml(identifier(f"{code}/{row.item}")), utc(moment(row.at)), specs, gone=gone)

    def records(self, rows: Sequence[Row], prefix: str) -> list[str]:
        """The records of items."""
        codes = self._codes(rows)
        rows = [row if codes.get(row.item, "") in self.shown else row._replace(gone=True) for row in rows]
        contents, beside = _contents(rows), _origins(rows)
        found = []
        for row in rows:
            content = None if row.gone else contents.get(row.item)
            head = self._header(row if content else row._replace(gone=True), codes.get(row.item, ""))
            if content is None:
                found.append(f"<record>{head}</record>")
            else:
                metadata = FORMATS[prefix].write(content)
                found.append(f"<record>{head}<metadata>{metadata}</metadata>{beside.get(row.item, '')}</record>")
        return found

    def neighbors(self) -> list[str]:
        """Addresses of repositories that belong to this one."""
        return ["/oai"]


def _libraries(rows: Sequence[Row]) -> dict[int, str]:
    sql = (
        f"SELECT r.id, s.library_id FROM {bulk.table(Record)} r JOIN {bulk.table(Source)} s ON s.id = r.source_id"
        " WHERE r.id IN {}"
    )
    return dict(bulk.among(sql, [row.item for row in rows]))


def _contents(rows: Sequence[Row]) -> dict[int, Content]:
    """What records said in the versions that are given, as their source's file says they are read."""
    sql = (
        f"SELECT w.record_id, r.source_id, w.body FROM {bulk.table(RawRecord)} w"
        f" JOIN {bulk.table(Record)} r ON r.id = w.record_id WHERE w.id IN {{}}"
    )
    found = list(bulk.among(sql, [row.version for row in rows if not row.gone]))
    sources = Source.objects.select_related("library").in_bulk({source for _, source, _ in found})
    manners = {number: manner_of(source) for number, source in sources.items()}
    decompress = zstandard.ZstdDecompressor().decompress
    contents = {}
    for number, source, body in found:
        manner = manners[source]
        try:
            contents[number] = parse_mended(manner.format, decompress(body), manner.reading)[0]
        except Trouble:
            continue  # newer rules cannot read it: it is given again when they can
    return contents


def _origins(rows: Sequence[Row]) -> dict[int, str]:
    harvested = set(Source.objects.filter(connector=CONNECTOR).values_list("id", flat=True))
    items = [row.item for row in rows if not row.gone]
    sql = f"SELECT id, source_id FROM {bulk.table(Record)} WHERE id IN {{}}"
    wanted = [number for number, source in bulk.among(sql, items) if source in harvested] if harvested else []
    return {
        number: "".join(f"<about>{write(origin)}</about>" for origin in origins)
        for number, origins in origins_of(wanted).items()
    }
