"""What a library gets to clean its own catalog: its duplicates, and its weaker records as they would be better.

Records keep the library's own control number and local fields, so that its system can load them over what it has.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, BinaryIO, NamedTuple

import orjson
from django.db.models import Max

from hub.catalog import bulk, sizes
from hub.catalog.models import Bib, Holding, Member, Record, Run, Source, Union
from hub.catalog.reads import UnionContent, union_contents, union_uid
from hub.match.description import Description
from hub.merge.improve import HUB, Improved, improve, insert
from hub.merge.merge import shared
from hub.network.models import Library
from schemas.format import find_format
from schemas.problem import Trouble
from schemas.record import DELIMITER, data_field
from schemas.record import Record as Content

BATCH = 500  # union records read at a time
FORMATS = ("csv", "marc21", "marcxml")
DUPLICATES = (
    "union", "source", "identifier", "control_number", "fullest", "fields", "copies", "title", "author", "edition",
    "publisher", "year", "pages", "isbns",
)  # fmt: skip
GAINS = ("union", "source", "identifier", "control_number", "title", "tag", "before", "after", "from")
Refused = list[tuple[str, Trouble]]


class Own(NamedTuple):
    """A record of the library."""

    number: int
    union: int
    source: str
    identifier: str
    content: Content
    description: Description
    copies: int
    repairs: list[tuple[str, str, str, str]]  # rule, tag, before, after

    @property
    def control_number(self) -> str:
        """001, or the source's identifier where the record has none."""
        return self.content.control("001") or self.identifier

    @property
    def fullness(self) -> int:
        """How many fields it has that are not only the library's."""
        return sum(1 for tag, _ in self.content.fields if shared(tag))

    def numbered(self, content: Content) -> Content:
        """A record of this one's content with its control number."""
        fields = content.fields if content.control("001") else (("001", self.control_number), *content.fields)
        return Content(content.leader, fields)


def duplicates(library: str, form: str, stream: BinaryIO) -> Refused:
    """The library's records of which two or more are one union record, a group after the other.

    As CSV one row a record; as MARC 21 each record with a private action note (583) that names its union record and the
    fullest of its group. Returns the records that the format cannot hold, with the reason.
    """
    groups = _groups(_checked(library))
    if form == "csv":
        return _table(DUPLICATES, (row for group in groups for row in _duplicate_rows(group)), stream)
    return _records(((one, _noted(one, fullest(group))) for group in groups for one in group), form, stream)


def improved(library: str, form: str, stream: BinaryIO) -> Refused:
    """The library's records to which their union records add something, or which they say better.

    As CSV one row a field that is gained, with the libraries that say it; what a rule of normalization mended in these
    records is among them, with the rule's number. Returns the records that the format cannot hold, with the reason.
    """
    found = _improved(_checked(library))
    if form == "csv":
        return _table(GAINS, (row for one, better, union in found for row in _gain_rows(one, better, union)), stream)
    return _records(((one, one.numbered(better.record)) for one, better, _ in found), form, stream)


def duplicate_groups(library: str, start: int = 0, most: int = 20) -> tuple[int, list[list[Own]]]:
    """How many groups of records of the library are one union record each, and some of them."""
    ran = Run.objects.filter(source__library=library).aggregate(last=Max("pk"), at=Max("finished_at"))
    records = Record.objects.filter(source__library=library)

    def large(_: list[int]) -> int:
        return sizes.LARGE + 1 if records[sizes.LARGE :].exists() else 0

    unions = sizes.kept(
        ("duplicates", library, *ran.values()), lambda: _unions(_checked(library), "COUNT(*) > 1"), large
    )
    groups = _own(library, unions[start : start + most]).values()  # people may have parted some since they were counted
    return len(unions), [group for group in groups if len(group) > 1]


def copies(library: str) -> Iterator[Sequence[Any]]:
    """(number, title, location, call number, accession numbers, copies) of everything the library holds."""
    sql = (
        f"SELECT r.identifier, b.description, h.location, h.call_number, h.accessions, h.copies"
        f" FROM {bulk.table(Holding)} h JOIN {bulk.table(Record)} r ON r.id = h.record_id"
        f" JOIN {bulk.table(Bib)} b ON b.record_id = r.id WHERE h.library_id = %s ORDER BY r.id, h.id"
    )
    for identifier, said, location, call_number, accessions, count in bulk.query(sql, [_checked(library)]):
        title = Description.load(said).title
        yield identifier, title, location, call_number, accessions.replace("\n", "; "), count


def _checked(code: str) -> str:
    if not Library.objects.filter(pk=code).exists():
        known = ", ".join(Library.objects.order_by("code").values_list("code", flat=True)[:50])
        raise Trouble("library_not_there", code=code, known=known or "–")
    return code


def _table(header: Sequence[str], rows: Iterable[Sequence[Any]], stream: BinaryIO) -> Refused:
    text = io.TextIOWrapper(stream, encoding="utf-8", newline="", write_through=True)
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    text.detach()
    return []


def _records(records: Iterable[tuple[Own, Content]], form: str, stream: BinaryIO) -> Refused:
    write = find_format(form).write
    if write is None:
        raise Trouble("format_read_only", name=form)
    names: list[str] = []

    def noting() -> Iterator[Content]:
        for one, content in records:
            names.append(f"{one.source}:{one.identifier}")
            yield content

    return [(names[position], trouble) for position, trouble in write(noting(), stream)]


def _unions(library: str, condition: str) -> list[int]:
    """The union records of a library's records under a condition of ours on the counts of members."""
    sql = (
        f'SELECT m."union" FROM {bulk.table(Member)} m JOIN {bulk.table(Record)} r ON r.id = m.record_id'
        f' JOIN {bulk.table(Source)} s ON s.id = r.source_id JOIN {bulk.table(Union)} u ON u.id = m."union"'
        f' WHERE s.library_id = %s GROUP BY m."union", u.members HAVING {condition} ORDER BY m."union"'
    )
    return [int(number) for (number,) in bulk.query(sql, [library])]


def _own(library: str, unions: Sequence[int]) -> dict[int, list[Own]]:
    """The library's records of some union records, the oldest first."""
    sql = (
        'SELECT r.id, m."union", s.name, r.identifier, b.marc, b.description, b.copies, b.repairs'
        f" FROM {bulk.table(Member)} m"
        f" JOIN {bulk.table(Record)} r ON r.id = m.record_id JOIN {bulk.table(Source)} s ON s.id = r.source_id"
        f' JOIN {bulk.table(Bib)} b ON b.record_id = r.id WHERE s.library_id = %s AND m."union" IN {{}}'
    )
    found: dict[int, list[Own]] = {union: [] for union in unions}
    for number, union, source, identifier, marc, said, copies, repairs in sorted(bulk.among(sql, unions, [library])):
        content, description = Content.unpack(marc), Description.load(said)
        mended = [tuple(row) for row in orjson.loads(repairs)] if repairs else []
        found[union].append(Own(number, union, source, identifier, content, description, copies, mended))
    return found


def _batches(unions: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(unions), BATCH):
        yield unions[start : start + BATCH]


def _groups(library: str) -> Iterator[list[Own]]:
    for batch in _batches(_unions(library, "COUNT(*) > 1")):
        yield from (group for group in _own(library, batch).values() if len(group) > 1)


def fullest(group: Sequence[Own]) -> Own:
    """The record of a group that says most."""
    return max(group, key=lambda one: (one.fullness, -one.number))


def _duplicate_rows(group: Sequence[Own]) -> Iterator[Sequence[Any]]:
    best = fullest(group)
    for one in group:
        d = one.description
        title = " : ".join(filter(None, (". ".join(filter(None, (d.title, d.part))), d.subtitle)))
        named = (union_uid(one.union), one.source, one.identifier, one.control_number)
        held = ("yes" if one is best else "no", one.fullness, one.copies)
        imprint = (d.edition, d.publisher, d.year or "", d.pages or "", " ".join(d.isbns))
        yield (*named, *held, title, ", ".join(name for name, _ in d.people[:3]), *imprint)


def _noted(one: Own, best: Own) -> Content:
    """The record with a private action note: which union record it is of, and which record of the group is fullest."""
    status = "đầy đủ nhất · fullest" if one is best else f"trùng với · duplicate of {best.control_number}"
    parts = [("a", "gộp trùng · merge duplicates"), ("b", union_uid(one.union)), ("k", HUB), ("l", status)]
    note = data_field("583", "0 ", parts)
    fields = list(one.numbered(one.content).fields)
    insert(fields, note)
    return Content(one.content.leader, tuple(fields))


def _improved(library: str) -> Iterator[tuple[Own, Improved, UnionContent]]:
    for batch in _batches(_unions(library, "u.members > 1")):
        own = _own(library, batch)
        unions = union_contents(Union.objects.filter(id__in=batch).order_by("id"))
        said = _descriptions([member.number for union in unions for member in union.members])
        for union in unions:
            unsure = _unsure([said[member.number] for member in union.members])
            for one in own[union.id]:
                names = {m.number: f"({m.library}){m.identifier}" for m in union.members if m.number != one.number}
                better = improve(one.content, union.record, union.origins, names, unsure=unsure)
                if better.gains:
                    yield one, better, union


def _descriptions(numbers: Sequence[int]) -> dict[int, Description]:
    sql = f"SELECT record_id, description FROM {bulk.table(Bib)} WHERE record_id IN {{}}"
    return {number: Description.load(text) for number, text in bulk.among(sql, numbers)}


def _unsure(said: Sequence[Description]) -> set[str]:
    """The families of fields in which the members of a cluster speak of several printings."""
    looks: tuple[tuple[Callable[[Description], Any], tuple[str, ...]], ...] = (
        (lambda d: d.year, ("260", "008")),
        (lambda d: d.edition, ("250",)),
        (lambda d: d.pages, ("300",)),
    )
    found = {tag for look, tags in looks if len({look(d) for d in said} - {0, ""}) > 1 for tag in tags}
    return found | ({"020"} if len({isbn for d in said for isbn in d.isbns}) > 1 else set())


def _gain_rows(one: Own, better: Improved, union: UnionContent) -> Iterator[Sequence[Any]]:
    libraries = {member.number: member.library for member in union.members}
    named = (union.uid, one.source, one.identifier, one.control_number, one.description.title)
    for gain in better.gains:
        origins = " ".join(sorted({libraries[number] for number in gain.origins}))
        yield (*named, gain.tag, _shown(gain.before), _shown(gain.after), origins)
    for rule, tag, before, after in one.repairs:
        yield (*named, tag, _shown(before), _shown(after), rule)


def _shown(content: str) -> str:
    return content.replace(DELIMITER, "$")
