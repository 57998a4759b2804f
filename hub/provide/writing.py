"""Union records as files that people and programs take with them."""

from __future__ import annotations

import io
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

import orjson

from hub.catalog import reads
from hub.catalog.models import Bib, Holding, Union
from hub.provide import citations
from hub.provide.holders import going_out
from hub.provide.linked_data import address
from schemas.encodings import encode
from schemas.format import find_format
from schemas.marc21 import to_iso2709
from schemas.marcjson import to_marcjson
from schemas.mrk import to_mrk
from schemas.problem import Problem, Trouble
from schemas.record import Field, Record, data_field


class FileKind(NamedTuple):
    """How a file of union records is written: by a format of ``schemas``, or for people's programs ("")."""

    title: str
    media: str
    form: str = ""


FILES: dict[str, FileKind] = {
    "mrc": FileKind("MARC 21", "application/marc", "marc21"),
    "xml": FileKind("MARCXML", "application/marcxml+xml", "marcxml"),
    "mrk": FileKind("MARCMaker", "text/plain; charset={}", "mrk"),
    "json": FileKind("MARC-in-JSON", "application/json", "marcjson"),
    "ris": FileKind("RIS", "application/x-research-info-systems; charset=utf-8"),
    "bib": FileKind("BibTeX", "application/x-bibtex; charset=utf-8"),
    "csv": FileKind("CSV", "text/csv; charset=utf-8"),
}
ENCODINGS = ("utf-8", "tcvn3", "vni", "viscii", "cp1258")  # that ISO 2709 and MARCMaker can be had in
MARC_FILES = {"marc21": "mrc", "marcxml": "xml", "mrk": "mrk"}
LOCAL = "9"  # what local fields have in their tags


@dataclass(frozen=True, slots=True)
class Written:
    """A file, and the records (by name) that it cannot hold, with the reason."""

    data: bytes
    media: str
    refused: list[tuple[str, Problem]] = field(default_factory=list)


def contents_of(numbers: Sequence[int]) -> list[reads.UnionContent]:
    """Live union records in the order given."""
    unions = Union.objects.filter(id__in=numbers, deleted=False)
    found = {content.id: content for content in reads.union_contents(unions)}
    return [found[number] for number in numbers if number in found]


def write_file(
    kind: str,
    contents: Sequence[reads.UnionContent],
    away: frozenset[str],
    *,
    encoding: str = "utf-8",
    local: bool = False,
    own: Collection[str] = (),
) -> Written:
    """Union records as a file of :data:`FILES`; ``local`` adds who has them, and local fields of the libraries ``own``.

    :class:`Trouble` ``encoding_not_for_format`` where the format has one encoding only.
    """
    if encoding not in ENCODINGS or (encoding != "utf-8" and kind not in ("mrc", "mrk")):
        raise Trouble("encoding_not_for_format", name=encoding, known=", ".join(ENCODINGS))
    media = FILES[kind].media.format("utf-8" if encoding == "utf-8" else "x-" + encoding)
    if not FILES[kind].form:
        return Written(_for_people(kind, contents).encode(), media)
    named = [(content.uid, _record(content, away, own) if local else _shared(content, away)) for content in contents]
    if kind == "json":
        return Written(orjson.dumps([to_marcjson(record) for _, record in named]), media)
    if kind == "xml":
        stream = io.BytesIO()
        write = find_format("marcxml").write
        assert write is not None
        write([record for _, record in named], stream)
        return Written(stream.getvalue(), media)
    return _in_encoding(kind, named, encoding, media)


def _in_encoding(kind: str, named: Sequence[tuple[str, Record]], encoding: str, media: str) -> Written:
    data, refused = bytearray(), []
    for uid, record in named:
        try:
            data += to_iso2709(record, encoding) if kind == "mrc" else encode(to_mrk(record) + "\n", encoding)
        except Trouble as trouble:
            refused.append((uid, trouble.problem))
    return Written(bytes(data), media, refused)


def _for_people(kind: str, contents: Sequence[reads.UnionContent]) -> str:
    cited = [(content.uid, address(content.uid), content.description) for content in contents]
    write = {"ris": citations.to_ris, "bib": citations.to_bibtex, "csv": citations.to_csv}[kind]
    return write(cited)


def _shared(content: reads.UnionContent, away: frozenset[str]) -> Record:
    return going_out(content, away).published()


def _record(content: reads.UnionContent, away: frozenset[str], own: Collection[str]) -> Record:
    """The record with an 852 for each place that has it, and the local fields of some libraries' own records."""
    record = _shared(content, away)
    more = [_holding(row) for row in reads.holdings(content.id) if row.library_id not in away]
    mine = [member.number for member in content.members if member.library in own]
    for (packed,) in Bib.objects.filter(pk__in=mine).order_by("pk").values_list("marc"):
        more += [one for one in Record.unpack(packed).fields if LOCAL in one[0] and one[0] != "490"]
    return replace(record, fields=(*record.fields, *sorted(dict.fromkeys(more))))


def _holding(row: Holding) -> Field:
    said = [("a", row.library_id), ("b", row.location), ("h", row.call_number), ("z", f"{row.copies} bản")]
    return data_field("852", "  ", [(code, value) for code, value in said if value])
