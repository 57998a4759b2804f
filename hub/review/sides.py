"""Records beside each other: what each says in each field, and where they differ."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from hub.catalog import bulk
from hub.catalog.links import Known
from hub.catalog.models import Bib, Holding
from hub.match.description import Description
from hub.merge.merge import shared
from hub.network.models import Library
from hub.review import diff
from schemas.record import Record, is_control, subfields

Say = Callable[[Description], str]
JOINED = " ; "


def _people(d: Description) -> str:
    return JOINED.join(name for name, _ in d.people)


def _list(values: Iterable[str]) -> str:
    return JOINED.join(values)


FIELDS: tuple[tuple[str, Any, Say], ...] = (  # name, what it is called, what a record says
    ("title", _("Title"), lambda d: d.title),
    ("subtitle", _("Subtitle"), lambda d: d.subtitle),
    ("part", _("Part"), lambda d: d.part),
    ("parallel", _("Parallel title"), lambda d: d.parallel),
    ("people", _("People"), _people),
    ("responsibility", _("Responsibility"), lambda d: d.responsibility),
    ("edition", _("Edition"), lambda d: d.edition),
    ("place", _("Place of publication"), lambda d: d.place),
    ("publisher", _("Publisher"), lambda d: d.publisher),
    ("year", _("Year of publication"), lambda d: str(d.year or "")),
    ("pages", _("Number of pages"), lambda d: str(d.pages or "")),
    ("isbn", _("ISBN"), lambda d: _list(d.isbns)),
    ("issn", _("ISSN"), lambda d: _list(d.issns)),
    ("series", _("Series"), lambda d: d.series),
    ("subjects", _("Subjects"), lambda d: _list(d.subjects)),
    ("summary", _("Summary"), lambda d: d.summary[:600]),
)


@dataclass(frozen=True, slots=True)
class Row:
    """A field of the records, aligned."""

    name: str
    label: Any
    sides: list[list[diff.Part]]
    same: bool


def rows(records: Sequence[Known]) -> list[Row]:
    """The fields in which any of the records says something."""
    found = []
    for name, label, say in FIELDS:
        said = [say(record.description) for record in records]
        if any(said):
            aligned = diff.align(name, said)
            found.append(Row(name, label, aligned.sides, aligned.same))
    return found


@dataclass(frozen=True, slots=True)
class Copies:
    """The copies that a library has by a record."""

    library: str
    copies: int


def copies(numbers: Iterable[int]) -> dict[int, list[Copies]]:
    """Who has copies by some records."""
    sql = (
        f"SELECT h.record_id, l.name_vi, SUM(h.copies) FROM {bulk.table(Holding)} h"
        f" JOIN {bulk.table(Library)} l ON l.code = h.library_id WHERE h.record_id IN {{}}"
        " GROUP BY h.record_id, l.name_vi ORDER BY h.record_id, l.name_vi"
    )
    found: dict[int, list[Copies]] = {}
    for record, library, count in bulk.among(sql, sorted(numbers)):
        found.setdefault(record, []).append(Copies(library, int(count)))
    return found


def library_names(codes: Iterable[str]) -> dict[str, str]:
    """The names of some libraries."""
    return dict(Library.objects.filter(code__in=set(codes)).values_list("code", "name_vi"))


def contents(numbers: Sequence[int]) -> dict[int, Record]:
    """The normalized MARC 21 records."""
    found = Bib.objects.filter(pk__in=numbers).values_list("pk", "marc")
    return {number: Record.unpack(packed) for number, packed in found}


def lines(record: Record) -> list[tuple[str, str]]:
    """The fields as catalogers write them: tag, and indicators (# for a blank) with subfields.

    Lengths and addresses in the leader say nothing of the book, and are left out.
    """
    leader = record.leader.ljust(24)
    found = [("LDR", f"#####{leader[5:12]}#####{leader[17:24]}")]
    for tag, content in record.fields:
        text = content
        if not is_control(tag):
            text = f"{content[:2].replace(' ', '#')} " + " ".join(f"${c} {v}" for c, v in subfields(content))
        found.append((tag, text))
    return found


@dataclass(frozen=True, slots=True)
class FieldPair:
    """A field of MARC 21 in two records or two versions."""

    tag: str
    left: list[diff.Part]
    right: list[diff.Part]
    same: bool


def field_pairs(one: Record, other: Record) -> list[FieldPair]:
    """The fields of two records beside each other."""
    return [
        FieldPair(tag, *diff.differences(left, right), left == right)
        for tag, left, right in diff.fields(lines(one), lines(other))
    ]


@dataclass(frozen=True, slots=True)
class Offer:
    """A field that one of some records may give: the tag, and what each says (number, text)."""

    tag: str
    said: list[tuple[int, str]]


def offers(records: dict[int, Record]) -> list[Offer]:
    """The shared fields that not all of the records say alike."""
    tags = sorted({tag for record in records.values() for tag, _ in record.fields if tag > "009" and shared(tag)})
    found = []
    for tag in tags:
        said = [(number, " ⏎ ".join(_text(c) for c in record.contents(tag))) for number, record in records.items()]
        if len({text for _, text in said}) > 1:
            found.append(Offer(tag, said))
    return found


def _text(content: str) -> str:
    return " ".join(value for code, value in subfields(content) if code not in "0123456789")
