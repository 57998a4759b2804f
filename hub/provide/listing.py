"""Union records in a list: what each is, who has it, how many editions of its work there are."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from hub.catalog import reads
from hub.catalog.search import Editions, Hit
from hub.match.description import Description
from hub.provide.holders import unnamed


@dataclass(frozen=True, slots=True)
class Row:
    """A union record in a list."""

    uid: str
    description: Description
    availability: reads.Availability
    editions: Editions | None = None


def rows(
    union_ids: Sequence[int], unseen: Collection[str] = (), editions: Mapping[int, Editions] | None = None
) -> list[Row]:
    """Union records for a list, in the order given; one that is gone meanwhile is left out."""
    described, available = reads.descriptions(union_ids), reads.availability(union_ids, unseen)
    for one in available.values():
        one.libraries = [name or unnamed() for name in one.libraries]
    said = editions or {}
    return [Row(reads.union_uid(n), described[n], available[n], said.get(n)) for n in union_ids if n in described]


def found_rows(hits: Sequence[Hit], editions: Mapping[int, Editions], unseen: Collection[str]) -> list[Row]:
    """The rows of what was found, with the editions of their works."""
    several = {hit.union_id: editions[hit.work] for hit in hits if hit.work in editions}
    return rows([hit.union_id for hit in hits], unseen, several)
