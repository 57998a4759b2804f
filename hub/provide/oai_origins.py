"""Where the records of a page were harvested from: the provenance that goes out beside them.

Each record that came here by OAI-PMH has its origin with the repository's address; what that repository said of its own
origins stands within, so that a hub harvested by a hub keeps them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import zstandard

from hub.catalog import bulk
from hub.catalog.models import RawRecord, Record, Run, Source
from hub.provide.oai_formats import FORMATS
from hub.provide.oai_text import utc
from hub.provide.outgoing import Part
from schemas.provenance import Origin, read, write

CONNECTOR = "oai_pmh"
NAMESPACES = {name: form.namespace for name, form in FORMATS.items()} | {
    "unimarc": "http://www.bncf.firenze.sbn.it/unimarc/slim",
    "onix": "http://ns.editeur.org/onix/3.0/reference",
}


def abouts(parts: Mapping[int, list[Part]]) -> dict[int, str]:
    """The ``about`` elements of union records, by number; of those alone that have a record that was harvested."""
    harvested = {pk for (pk,) in bulk.query(f"SELECT id FROM {bulk.table(Source)} WHERE connector = %s", [CONNECTOR])}
    owner = {part.number: union for union, some in parts.items() for part in some if part.source in harvested}
    found: dict[int, list[str]] = defaultdict(list)
    for number, origins in origins_of(owner).items():
        found[owner[number]] += [f"<about>{write(origin)}</about>" for origin in origins]
    return {union: "".join(texts) for union, texts in found.items()}


def origins_of(records: Iterable[int]) -> dict[int, list[Origin]]:
    """The origins of records that came by OAI-PMH; several where their repository names several."""
    sql = (
        "SELECT r.id, r.identifier, r.datestamp, r.source_id, n.started_at, w.body"
        f" FROM {bulk.table(Record)} r JOIN {bulk.table(RawRecord)} w ON w.id = COALESCE(r.good, r.raw)"
        f" JOIN {bulk.table(Run)} n ON n.id = w.run_id WHERE r.id IN {{}}"
    )
    rows = sorted(bulk.among(sql, records))
    sources = {source.pk: source for source in Source.objects.filter(pk__in={row[3] for row in rows})}
    decompress = zstandard.ZstdDecompressor().decompress
    return {row[0]: _origins(row, sources[row[3]], decompress(row[5])) for row in rows}


def _origins(row: tuple[Any, ...], source: Source, body: bytes) -> list[Origin]:
    _, name, datestamp, _, started, _ = row
    namespace = NAMESPACES.get(source.format, NAMESPACES["marcxml"])
    here = Origin(address(source), name, datestamp, namespace, utc(_aware(started)))
    return [here._replace(before=before) for before in read(body)] or [here]


def address(source: Source) -> str:
    """The repository's address, without what lets somebody in."""
    parts = urlsplit(str(source.settings.get("options", {}).get("url", "")))
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))


def _aware(value: Any) -> datetime:
    found = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    return found if found.tzinfo else found.replace(tzinfo=UTC)
