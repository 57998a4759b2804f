"""Union records as they go out, many at once, with as little work as possible: what a page of a list is made of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import NamedTuple

from hub.catalog import bulk
from hub.catalog.models import Bib, Member, Record, Source, Union
from hub.catalog.moves import merged_into
from hub.catalog.reads import union_uid
from hub.merge.merge import publish
from hub.network.shown import hidden
from schemas.record import Record as Content


class Part(NamedTuple):
    """A record that a union record is made of."""

    number: int
    library: str
    identifier: str
    source: int


def parts_of(unions: Mapping[int, object]) -> dict[int, list[Part]]:
    """The records of union records, the oldest first; without those of libraries that are not to be named."""
    sql = (
        f'SELECT m."union", r.id, s.library_id, r.identifier, s.id FROM {bulk.table(Member)} m'
        f" JOIN {bulk.table(Record)} r ON r.id = m.record_id JOIN {bulk.table(Source)} s ON s.id = r.source_id"
        ' WHERE m."union" IN {}'
    )
    found: dict[int, list[Part]] = defaultdict(list)
    away = hidden()
    for union, *row in bulk.among(sql, unions):
        part = Part(*row)
        if part.library not in away:
            found[union].append(part)
    for parts in found.values():
        parts.sort()
    return found


def published(unions: Mapping[int, datetime], parts: Mapping[int, list[Part]]) -> dict[int, Content]:
    """Union records (number → datestamp) that are live, as MARC 21 records that go out."""
    sql = (
        f"SELECT u.id, u.marc, b.marc FROM {bulk.table(Union)} u LEFT JOIN {bulk.table(Bib)} b ON b.record_id = u.id"
        " WHERE NOT u.deleted AND u.id IN {}"
    )
    former = merged_into(unions)
    found = {}
    for number, merged, single in bulk.among(sql, unions):
        said = unions[number].astimezone(UTC).isoformat()
        stamp = f"{said[:4]}{said[5:7]}{said[8:10]}{said[11:13]}{said[14:16]}{said[17:19]}.0"
        members = [(part.library, part.identifier) for part in parts.get(number, ())]
        names = [union_uid(one) for one in former.get(number, ())]
        found[number] = publish(Content.unpack(merged or single or ""), union_uid(number), stamp, members, names)
    return found
