"""Union records in the shapes of the API."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from hub.catalog import reads
from hub.catalog.models import Union
from hub.catalog.search import Editions
from hub.match.description import Description
from hub.provide.api_shapes import Brief, Full, Person, Place
from hub.provide.holders import holders, unnamed
from hub.provide.linked_data import address


def briefs(
    numbers: Sequence[int], away: Collection[str], editions: Mapping[int, Editions] | None = None
) -> list[Brief]:
    """Union records in the order given; one that is gone meanwhile is left out."""
    described, available = reads.descriptions(numbers), reads.availability(numbers, away)
    works = dict(Union.objects.filter(id__in=numbers).values_list("id", "work"))
    said = editions or {}
    return [
        Brief(
            **_said(number, described[number]),
            copies=available[number].copies,
            libraries=[name or unnamed() for name in available[number].libraries],
            work=str(works.get(number) or ""),
            editions=said[works[number]].records if works.get(number) in said else 1,
        )
        for number in numbers
        if number in described
    ]


def _said(number: int, it: Description) -> dict[str, Any]:
    uid = reads.union_uid(number)
    return {
        "id": uid,
        "url": address(uid),
        "title": it.title,
        "subtitle": it.subtitle,
        "part": it.part,
        "responsibility": it.responsibility,
        "people": [Person(name=name, role=role) for name, role in it.people],
        "publisher": it.publisher,
        "year": it.year if it.year > 0 else None,
        "language": it.language,
        "form": it.form,
        "audience": it.audience,
        "isbns": it.isbns,
    }


def fulls(contents: Sequence[reads.UnionContent], away: frozenset[str]) -> list[Full]:
    """Union records with everything they say, and who has them."""
    works = dict(Union.objects.filter(id__in=[content.id for content in contents]).values_list("id", "work"))
    return [_full(content, away, works.get(content.id, 0)) for content in contents]


def _full(content: reads.UnionContent, away: frozenset[str], work: int) -> Full:
    it, places = content.description, holders(content, away)
    return Full(
        **_said(content.id, it),
        copies=sum(place.copies or 0 for place in places),
        libraries=[*dict.fromkeys(place.name for place in places)],
        work=str(work or ""),
        parallel=it.parallel,
        edition=it.edition,
        volume=it.volume,
        place=it.place,
        pages=it.pages or None,
        languages=it.languages,
        issns=it.issns,
        series=it.series,
        subjects=it.subjects,
        summary=it.summary,
        links=it.links,
        changed=content.datestamp,
        holdings=[
            Place(code=p.code, name=p.name, location=p.location, call_number=p.call_number, copies=p.copies)
            for p in places
        ],
        former=list(content.former),
    )
