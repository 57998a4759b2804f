"""What goes out as files: union records, holdings, clusters, the review queue, raw records, rejected records.

Rows come in the order of their numbers, so that the same catalog gives the same file. CSV is for programs: values stand
as they are, UTF-8 with a header line.
"""

from __future__ import annotations

import base64
import csv
import io
from collections.abc import Collection, Iterator, Sequence
from typing import Any, BinaryIO

import orjson
import zstandard

from hub.catalog import bulk, quarantine
from hub.catalog.models import Holding, Member, RawRecord, Record, Rejection, Source, Union
from hub.catalog.questions import count_questions, open_questions
from hub.catalog.reads import union_uid
from hub.match.wording import CONTRADICTIONS, VETOES, words
from hub.provide.outgoing import parts_of, published
from hub.stages.contradictions import contradictions
from schemas.format import find_format
from schemas.marcxml import write_marcxchange
from schemas.problem import Problem, Trouble
from schemas.record import Record as Content
from schemas.record import subfields

BATCH = 2_000
PAIR = ("library_a", "identifier_a", "library_b", "identifier_b")
RECORD_FORMATS = ("marcxml", "marc21", "marcxchange", "marcjson", "mrk", "mods", "qdc", "oai_dc", "jsonl")
Row = Sequence[Any]


def records(form: str, stream: BinaryIO) -> list[tuple[str, Trouble]]:
    """Every live union record; returns those the format cannot hold, with the reason."""
    if form == "jsonl":
        for number, record in union_records():
            stream.write(orjson.dumps({"id": union_uid(number), **as_json(record)}) + b"\n")
        return []
    write = write_marcxchange if form == "marcxchange" else find_format(form).write
    if write is None:
        raise Trouble("format_read_only", name=form)
    numbers: list[int] = []
    refused = write(_noting(numbers), stream)
    return [(union_uid(numbers[position]), trouble) for position, trouble in refused]


def _noting(numbers: list[int]) -> Iterator[Content]:
    for number, record in union_records():
        numbers.append(number)
        yield record


def union_records() -> Iterator[tuple[int, Content]]:
    """Every live union record as it goes out, in the order of their numbers."""
    last = 0
    while True:
        live = Union.objects.filter(deleted=False, id__gt=last).order_by("id")
        stamps = dict(live.values_list("id", "datestamp")[:BATCH])
        if not stamps:
            return
        last = max(stamps)
        yield from sorted(published(stamps, parts_of(stamps)).items())


def as_json(record: Content) -> dict[str, Any]:
    """The record as MARC-in-JSON has it (https://github.com/marc4j/marc4j/wiki/MARC-in-JSON-Description)."""
    fields: list[dict[str, Any]] = []
    for tag, content in record.fields:
        if tag < "010":
            fields.append({tag: content})
        else:
            parts = [{code: value} for code, value in subfields(content)]
            fields.append({tag: {"ind1": content[:1], "ind2": content[1:2], "subfields": parts}})
    return {"leader": record.leader, "fields": fields}


def table(name: str, stream: BinaryIO) -> None:
    """The table ``holdings``, ``clusters``, ``review``, ``contradictions`` or ``rejected`` as CSV."""
    header, rows = TABLES[name]
    text = io.TextIOWrapper(stream, encoding="utf-8", newline="", write_through=True)
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows())
    text.detach()


def _holdings() -> Iterator[Row]:
    rows = bulk.stream(
        f'SELECT m."union", h.library_id, r.identifier, h.location, h.call_number, h.accessions, h.copies'
        f" FROM {bulk.table(Holding)} h JOIN {bulk.table(Member)} m ON m.record_id = h.record_id"
        f" JOIN {bulk.table(Record)} r ON r.id = h.record_id ORDER BY h.record_id, h.id"
    )
    for union, library, identifier, location, call_number, accessions, copies in rows:
        yield union_uid(union), library, identifier, location, call_number, accessions.replace("\n", " "), copies


def _clusters() -> Iterator[Row]:
    rows = bulk.stream(
        f'SELECT s.library_id, r.identifier, m."union" FROM {bulk.table(Member)} m'
        f" JOIN {bulk.table(Record)} r ON r.id = m.record_id"
        f" JOIN {bulk.table(Source)} s ON s.id = r.source_id ORDER BY r.id"
    )
    for library, identifier, union in rows:
        yield library, identifier, union_uid(union)


def count_review() -> int:
    """How many questions wait for a person."""
    return count_questions()


def _review() -> Iterator[Row]:
    """The pairs a person is asked about, best first."""
    asked = open_questions()
    names = _names({number for question in asked for number in (question.first, question.second)})
    for question in asked:
        if question.first in names and question.second in names:
            yield (*names[question.first], *names[question.second], question.score)


def _contradictions() -> Iterator[Row]:
    """People's decisions that the rules, or other decisions, disagree with."""
    found = contradictions()
    names = _names({number for one in found for number in (one.decided.first, one.decided.second)})
    for decided, kind, rules, changed in found:
        why = CONTRADICTIONS[kind]["vi"] + (f": {words(VETOES, rules.veto)['vi']}" if rules.veto else "")
        made = (decided.verdict, decided.by, decided.at.isoformat(timespec="seconds"), decided.reason)
        against = (kind, rules.status, rules.veto, rules.score, "yes" if changed else "no", why)
        yield (*names[decided.first], *names[decided.second], *made, *against)


def _names(numbers: Collection[int]) -> dict[int, tuple[str, str]]:
    """(library code, identifier) of some records."""
    sql = (
        f"SELECT r.id, s.library_id, r.identifier FROM {bulk.table(Record)} r"
        f" JOIN {bulk.table(Source)} s ON s.id = r.source_id WHERE r.id IN {{}}"
    )
    return {number: (library, identifier) for number, library, identifier in bulk.among(sql, sorted(numbers))}


def _rejected() -> Iterator[Row]:
    rows = bulk.stream(
        f"SELECT s.name, s.library_id, r.identifier, w.place, j.code, j.facts, w.sha256 FROM {bulk.table(Rejection)} j"
        f" JOIN {bulk.table(Record)} r ON r.id = j.record_id JOIN {bulk.table(Source)} s ON s.id = r.source_id"
        f" JOIN {bulk.table(RawRecord)} w ON w.id = j.raw ORDER BY r.id"
    )
    for source, library, identifier, place, code, facts, digest in rows:
        reason = Problem(code, _facts(facts)).sentence("vi")
        yield source, library, identifier, place, code, reason, bytes(digest).hex()


def _facts(facts: Any) -> dict[str, str]:
    return dict(facts if isinstance(facts, dict) else orjson.loads(facts))


TABLES = {
    "holdings": (
        ("union", "library", "identifier", "location", "call_number", "accession_numbers", "copies"),
        _holdings,
    ),
    "clusters": (("library", "identifier", "cluster"), _clusters),
    "review": ((*PAIR, "score"), _review),
    "contradictions": (
        (*PAIR, "decision", "by", "at", "reason", "kind", "rules", "veto", "score", "changed", "why"),
        _contradictions,
    ),
    "rejected": (("source", "library", "identifier", "place", "code", "reason", "sha256"), _rejected),
}


def raw(source: str, stream: BinaryIO) -> None:
    """The raw records of a source as it sent them, one JSON object a line, in the order in which they first came."""
    found = Source.objects.filter(name=source).first()
    if found is None:
        known = ", ".join(Source.objects.order_by("name").values_list("name", flat=True))
        raise Trouble("source_unknown", name=source, known=known or "–")
    decompress = zstandard.ZstdDecompressor().decompress
    last = 0
    while True:
        rows = bulk.query(
            f"SELECT r.id, r.identifier, r.datestamp, r.state, w.sha256, w.body, w.place, j.code, j.facts"
            f" FROM {bulk.table(Record)} r JOIN {bulk.table(RawRecord)} w ON w.id = r.raw"
            f" LEFT JOIN {bulk.table(Rejection)} j ON j.record_id = r.id"
            f" WHERE r.source_id = %s AND r.id > %s ORDER BY r.id LIMIT {BATCH}",
            [found.pk, last],
        )
        if not rows:
            return
        last = rows[-1][0]
        sent = quarantine.received({row[0]: row[6] for row in rows})
        for row in rows:
            digest, body, place = sent.get(row[0], row[4:7])
            stream.write(_raw_line((*row[:4], digest, body, place, *row[7:]), decompress(body)))


def _raw_line(row: Row, body: bytes) -> bytes:
    _, identifier, datestamp, state, digest, _, place, code, facts = row
    line = {
        "identifier": identifier,
        "datestamp": datestamp,
        "deleted": state == "deleted",
        "status": "rejected" if code or state == "rejected" else "stored",
        "reason": Problem(code, _facts(facts)).sentence("en") if code else "",
        "place": place,
        "sha256": bytes(digest).hex(),
    }
    try:
        line |= {"raw": body.decode(), "encoding": "text"}
    except UnicodeDecodeError:
        line |= {"raw": base64.b64encode(body).decode(), "encoding": "base64"}
    return orjson.dumps(line) + b"\n"
