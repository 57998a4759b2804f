"""The union catalog as it stands against a known truth, and against what other ways of matching make of its records."""

from __future__ import annotations

import csv
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from hub.catalog import bulk
from hub.catalog.models import Bib, Member, RawRecord, Record, Source
from hub.catalog.questions import open_questions
from hub.match.description import Description
from hub.match.measure import Measure, Pair, measure
from hub.match.peers import Known, Peer
from hub.stages.match import candidates
from hub.stages.report import storing
from schemas.problem import Trouble
from schemas.record import Record as Content

AMBIGUOUS = "ambiguous"
ROW = re.compile(r"row:(\d+)")
PLACE = re.compile(r"\brows? (\d+)")
Name = tuple[str, str]  # library or source, identifier


@dataclass(frozen=True, slots=True)
class TruthRow:
    """One record of a truth file; ``where`` is a library's code or a source's name."""

    where: str
    identifier: str
    cluster: str
    kinds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Truth:
    """A truth whose records were found: record number → cluster and kinds.

    ``ambiguous`` are the records that are left out, ``unknown`` the rows whose records the catalog does not have.
    """

    clusters: dict[int, str]
    kinds: dict[int, tuple[str, ...]]
    ambiguous: frozenset[int]
    unknown: tuple[TruthRow, ...]


@dataclass(frozen=True, slots=True)
class Example:
    """Two records, each as (library, identifier, title, what else it says)."""

    first: tuple[str, str, str, str]
    second: tuple[str, str, str, str]


def read_truth(path: Path) -> list[TruthRow]:
    """The rows of a truth file: CSV with library (or source), identifier, cluster and, if known, kind."""
    if not path.is_file():
        raise Trouble("truth_missing", path=path)
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise Trouble("config_not_utf8", path=path) from None
    rows = csv.DictReader(text.splitlines())
    columns = set(rows.fieldnames or ())
    where = next((name for name in ("library", "source") if name in columns), "")
    if not where or not {"identifier", "cluster"} <= columns:
        raise Trouble("truth_columns", path=path, found=", ".join(sorted(filter(None, columns))) or "–")
    found = [
        TruthRow(row[where], row["identifier"], row["cluster"], tuple((row.get("kind") or "").split()))
        for row in rows
        if row["identifier"] and row["cluster"]
    ]
    if not found:
        raise Trouble("truth_empty", path=path)
    return found


def find_truth(rows: Sequence[TruthRow], *, everything: bool = False) -> Truth:
    """The records of the truth in the catalog. Those of kind ``ambiguous`` are left out unless all are wanted."""
    with storing():
        numbers = _numbers(any(ROW.fullmatch(row.identifier) for row in rows))
    clusters: dict[int, str] = {}
    kinds: dict[int, tuple[str, ...]] = {}
    ambiguous, unknown = set(), []
    for row in rows:
        number = numbers.get((row.where, row.identifier))
        if number is None:
            unknown.append(row)
        elif AMBIGUOUS in row.kinds and not everything:
            ambiguous.add(number)
        else:
            clusters[number], kinds[number] = row.cluster, row.kinds
    return Truth(clusters, kinds, frozenset(ambiguous), tuple(unknown))


def _numbers(rows_too: bool) -> dict[Name, int]:
    """Record numbers by (library, identifier) and by (source, identifier); ``row:N`` for the first row of a table."""
    found: dict[Name, int] = {}
    tables = f"{bulk.table(Record)} r JOIN {bulk.table(Source)} s ON s.id = r.source_id"
    sql = f"SELECT r.id, s.library_id, s.name, r.identifier FROM {tables} WHERE r.state = 'live' ORDER BY r.id"
    for number, library, source, identifier in bulk.query(sql):
        found[library, identifier] = found[source, identifier] = number
    if rows_too:
        sql = f"SELECT r.id, s.library_id, s.name, w.place FROM {tables}"
        sql += f" JOIN {bulk.table(RawRecord)} w ON w.id = r.raw WHERE r.state = 'live' ORDER BY r.id"
        for number, library, source, place in bulk.query(sql):
            if row := PLACE.search(place):
                found[library, f"row:{row[1]}"] = found[source, f"row:{row[1]}"] = number
    return found


def evaluate(truth: Truth) -> Measure:
    """The union catalog as it stands against the truth; pairs with a record that is left out do not count."""
    with storing():
        sql = f'SELECT record_id, "union" FROM {bulk.table(Member)}'
        made = {int(record): int(union) for record, union in bulk.query(sql)}
        queue = [(question.first, question.second) for question in open_questions()]
        reached = candidates(sorted(made))
    return measure(truth.clusters, made, queue, set(reached), truth.kinds)


def evaluate_peer(peer: Peer, truth: Truth, known: Sequence[Known]) -> Measure:
    """What another way of matching makes of the same records."""
    return measure(truth.clusters, peer.cluster(known), kinds=truth.kinds)


def known_records() -> list[Known]:
    """Every live record with what it says, for the peers."""
    sql = f"SELECT b.record_id, r.source_id, b.marc, b.description FROM {bulk.table(Bib)} b"
    sql += f" JOIN {bulk.table(Record)} r ON r.id = b.record_id WHERE r.state = 'live' ORDER BY b.record_id"
    with storing():
        rows = bulk.query(sql)
    return [Known(int(n), int(source), Content.unpack(marc), Description.load(said)) for n, source, marc, said in rows]


def examples(pairs: Collection[Pair], most: int) -> list[Example]:
    """Some of the pairs in words, spread over all of them."""
    step = max(1, len(pairs) // most) if most else 1
    chosen = list(pairs)[::step][:most]
    told = dict(_told({record for pair in chosen for record in pair}))
    return [Example(told[first], told[second]) for first, second in chosen]


def _told(numbers: Collection[int]) -> Iterator[tuple[int, tuple[str, str, str, str]]]:
    sql = f"SELECT r.id, s.library_id, r.identifier, b.description FROM {bulk.table(Record)} r"
    sql += f" JOIN {bulk.table(Source)} s ON s.id = r.source_id JOIN {bulk.table(Bib)} b ON b.record_id = r.id"
    for number, library, identifier, text in bulk.among(sql + " WHERE r.id IN {}", sorted(numbers)):
        d = Description.load(text)
        title = " : ".join(filter(None, (". ".join(filter(None, (d.title, d.part))), d.subtitle)))
        people = ", ".join(name for name, _ in d.people[:3])
        rest = " | ".join(filter(None, (people, d.publisher, str(d.year or ""), f"{d.pages} tr." if d.pages else "")))
        yield number, (library, identifier, title, rest)
