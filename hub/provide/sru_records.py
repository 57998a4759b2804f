"""Union records in the schemas of SRU: marcxml, dc and mods (https://www.loc.gov/standards/sru/recordSchemas/)."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from hub.catalog.models import Union
from hub.catalog.reads import union_uid
from hub.provide.oai_text import xml
from hub.provide.outgoing import parts_of, published
from hub.provide.sru_answers import Entry, surrogate
from hub.provide.sru_diagnostics import Diagnostic
from hub.provide.sru_request import Request
from schemas.marcxml import to_marcxml
from schemas.mods_write import to_mods
from schemas.oai_dc import DC, statements
from schemas.record import Record

SRW_DC = "info:srw/schema/1/dc-schema"


class Schema(NamedTuple):
    """How a record is written, its identifier, its title, and other names it is asked for by."""

    write: Callable[[Record], str]
    identifier: str
    title: str
    names: frozenset[str]


def to_dc(record: Record) -> str:
    """The ``dc`` element of a record as SRU has it."""
    said = "".join(f"<dc:{name}>{xml(value)}</dc:{name}>" for name, value in statements(record) if value)
    return f'<srw_dc:dc xmlns:srw_dc="{SRW_DC}" xmlns:dc="{DC}">{said}</srw_dc:dc>'


SCHEMAS = {
    "marcxml": Schema(
        to_marcxml,
        "info:srw/schema/1/marcxml-v1.1",
        "MARC 21 (MARCXML)",
        frozenset({"http://www.loc.gov/marc21/slim", "marc21", "marc"}),
    ),
    "dc": Schema(
        to_dc,
        "info:srw/schema/1/dc-v1.1",
        "Dublin Core",
        frozenset({SRW_DC, "http://purl.org/dc/elements/1.1/", "info:srw/schema/1/dc-v1.0"}),
    ),
    "mods": Schema(to_mods, "info:srw/schema/1/mods-v3.7", "MODS 3.7", frozenset({"http://www.loc.gov/mods/v3"})),
}


def schema_of(name: str) -> Schema:
    """A schema by its name or identifier, in any version; :class:`Diagnostic` 66 for one that we do not have."""
    wanted = name.strip().lower() or "marcxml"
    for short, schema in SCHEMAS.items():
        start = schema.identifier.rpartition("-v")[0] + "-v"
        if wanted == short or wanted in schema.names or wanted.startswith(start):
            return schema
    raise Diagnostic(66, f"{name[:100]}; there are {', '.join(SCHEMAS)}")


def entries(request: Request, numbers: list[int], start: int, schema: Schema) -> list[Entry]:
    """Records by their numbers, the first of them at place ``start``; one that is gone meanwhile says so."""
    stamps = dict(Union.objects.filter(id__in=numbers, deleted=False).values_list("id", "datestamp"))
    records = published(stamps, parts_of(stamps))
    given = []
    for place, number in enumerate(numbers, start):
        record = records.get(number)
        if record is None:
            given.append(surrogate(request, place, Diagnostic(64, union_uid(number))))
        else:
            given.append(Entry(schema.identifier, schema.write(record), place, union_uid(number)))
    return given
