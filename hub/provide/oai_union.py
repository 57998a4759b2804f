"""The union catalog as a repository: union records, in sets by library, kind, language, audience, licence, deposit."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from hub.catalog import reads, selections
from hub.catalog.models import Union
from hub.catalog.selections import Row, moment
from hub.network.models import Library
from hub.network.shown import hidden
from hub.provide.oai_formats import FORMATS
from hub.provide.oai_origins import abouts
from hub.provide.oai_text import header, identifier, utc, xml
from hub.provide.outgoing import parts_of, published

EVERYTHING = None  # the selection of all union records
KIND_NAMES = {"open": "Giấy phép mở · Open licence", "deposit": "Lưu chiểu và trao đổi · Deposit and exchange"}
WORDS = {"library": "", "kind": "Loại thư viện · Kind of library", "language": "Ngôn ngữ · Language"}
WORDS |= {"audience": "Đối tượng (MARC 21 008/22) · Audience"}


class UnionCatalog:
    """The repository at ``/oai``."""

    path = "/oai"

    def name(self) -> str:
        """What the repository is called."""
        return "Liên thông · Mục lục liên hợp thành phố Hải Phòng"

    def sample(self) -> str:
        """An identifier as they are here."""
        return identifier(reads.union_uid(1))

    def earliest(self) -> datetime | None:
        """The oldest datestamp."""
        return reads.earliest()

    def sets(self) -> list[tuple[str, str]]:
        """(setSpec, name) of the sets that have, or had, a record."""
        names = dict(Library.objects.values_list("code", "name_vi"))
        away = hidden_sets()
        return [(spec, _set_name(spec, names)) for spec in selections.known_sets() if spec not in away]

    def selection(self, spec: str) -> int | None:
        """The number of a set; ``LookupError`` where there is none."""
        if not spec:
            return EVERYTHING
        known = selections.is_set(spec) and spec not in hidden_sets()
        number = selections.number_of(spec) if known else None
        if number is None:
            raise LookupError(spec)
        return number

    def find(self, name: str) -> Row | None:
        """The item of an identifier."""
        start = identifier("")
        number = reads.union_number(name[len(start) :]) if name.startswith(start) else None
        found = Union.objects.filter(id=number).values_list("id", "datestamp", "deleted").first() if number else None
        return Row(found[0], selections.clock(found[1]), found[2]) if found else None

    def headers(self, rows: Sequence[Row]) -> list[str]:
        """The headers of items."""
        sets, start = selections.sets_of([row.item for row in rows], but=hidden_sets()), xml(identifier(""))
        return [
            header(start + reads.union_uid(row.item), utc(moment(row.at)), sets.get(row.item, []), gone=row.gone)
            for row in rows
        ]

    def records(self, rows: Sequence[Row], prefix: str) -> list[str]:
        """The records of items; what has ended since the list was read is given as deleted."""
        stamps = {row.item: moment(row.at) for row in rows if not row.gone}
        parts = parts_of(stamps)
        contents, beside = published(stamps, parts), abouts(parts)
        rows = [row if row.item in contents else row._replace(gone=True) for row in rows]
        write = FORMATS[prefix].write
        found = []
        for row, head in zip(rows, self.headers(rows), strict=True):
            if row.gone:
                found.append(f"<record>{head}</record>")
            else:
                metadata = write(contents[row.item])
                found.append(f"<record>{head}<metadata>{metadata}</metadata>{beside.get(row.item, '')}</record>")
        return found

    def neighbors(self) -> list[str]:
        """Addresses of repositories that belong to this one."""
        from hub.provide.oai_own import own_paths

        return own_paths()


def hidden_sets() -> frozenset[str]:
    """The sets of libraries that are not to be named."""
    return frozenset(f"library:{code}" for code in hidden())


def _set_name(spec: str, libraries: dict[str, str]) -> str:
    kind, _, code = spec.partition(":")
    if kind == "library":
        return libraries.get(code, code)
    if spec in KIND_NAMES:
        return KIND_NAMES[spec]
    return f"{WORDS.get(kind, kind)}: {code}"
