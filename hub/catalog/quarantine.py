"""Quarantine: records that could not be read, tried again when the rules improve, mended when a person accepts it.

The bytes as received are never touched. A mend that a person has accepted is another raw version of the record, "repair
RULE of raw N by WHO", made by a run of its own: raw records are what everything is made anew from, so a rebuild gives
the same. The record keeps the fingerprint of what the source sent: sent again unchanged it stays mended, changed it is
read as new.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence, Set
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

import zstandard
from django.db import connection
from django.utils import timezone

from hub.accounts import audit
from hub.catalog import bulk, runs
from hub.catalog.models import RawRecord, Record, Rejection, Run, Source
from hub.normalize.normalize import rules_version
from hub.sources import normalization_rules
from schemas import version
from schemas.version import READER, code_version

REJECTION = ("record_id", "raw", "code", "facts", "arrived", "rejected_at", "rules", "tries")
VERSION = ("id", "record_id", "run_id", "datestamp", "deleted", "place", "sha256", "body")
LEVEL = 3  # of zstd
UNREADABLE = "record_unreadable"  # the program stumbled over it, which no rule foresaw
MADE_KEY = re.compile(r"k[0-9a-f]{16}")  # an identifier made of a record's bytes, see schemas.marc21.key_of
MADE_OF = re.compile(r"(?:^repair \S+ of|, cut again from) raw (\d{1,18})\b")  # the place of a version made here
Row = tuple[Any, ...]
Problems = Sequence[tuple[int, int, str, dict[str, str]]]  # (record, raw, code, facts)


@cache
def rules() -> str:
    """The version of the rules that read records, 40 characters at most: of the readers and of normalization."""
    return f"{READER}-{rules_version(normalization_rules())[:32]}"


@cache
def _program() -> str:
    """The version of the program that reads, normalizes and describes records."""
    hub = Path(__file__).parents[1]
    return code_version([Path(version.__file__).parent, hub / "normalize", hub / "match"])


def rules_for(code: str) -> str:
    """The version that must change before a record refused for this reason is read again, 40 characters at most."""
    return f"{rules()[:22]}.{_program()[:16]}" if code == UNREADABLE else rules()


def facts_json(facts: Mapping[str, str]) -> str:
    """Facts as JSON that both databases take: without NUL, no value too long to read."""
    return json.dumps({name: value.replace("\x00", "")[:500] for name, value in facts.items()})


class _Waiting(NamedTuple):
    """What quarantine says of a record before it is read: the raw version refused, since when, by which rules."""

    raw: int
    since: Any
    rules: str
    tries: int
    arrived: bool


def settle(raws: Sequence[tuple[int, int]], problems: Problems, kept: Set[int] = frozenset()) -> None:
    """Some records (number, raw version), in the order of their numbers, were read; ``problems`` are those refused.

    Those that can be read leave quarantine; of those ``kept`` it is an earlier version that can be read, and the newest
    stays there. The runs that brought them count them as what they turned out to be, once (inside
    :func:`hub.catalog.bulk.writing`).
    """
    waiting = _waiting(raws)
    refused = {number for number, *_ in problems}
    mended = [(n, raw) for n, raw in raws if n in waiting and n not in refused and n not in kept]
    again = {number for number, raw, *_ in problems if number in waiting and waiting[number].raw == raw}
    if problems:
        now = connection.ops.adapt_datetimefield_value(timezone.now())
        told = [problem for problem in problems if not (problem[0] in again and waiting[problem[0]].arrived)]
        rows = [_row(problem, waiting.get(problem[0]) if problem[0] in again else None, now) for problem in told]
        bulk.upsert(Rejection, REJECTION, rows, ("record_id",))
        lost = sorted(refused - kept)
        bulk.touch(f"UPDATE {bulk.table(Record)} SET state = 'rejected', due = 1 WHERE id IN {{}}", lost)
        _correct_ledgers([raw for number, raw, *_ in problems if number not in again], 1)
    if mended:
        bulk.touch(f"DELETE FROM {bulk.table(Rejection)} WHERE record_id IN {{}}", [number for number, _ in mended])
        _correct_ledgers([raw for number, raw in mended if waiting[number].raw == raw], -1)


def _waiting(raws: Sequence[tuple[int, int]]) -> dict[int, _Waiting]:
    sql = (
        f"SELECT record_id, raw, rejected_at, rules, tries, arrived FROM {bulk.table(Rejection)}"
        " WHERE record_id BETWEEN %s AND %s"
    )
    read = {number for number, _ in raws}
    return {row[0]: _Waiting(*row[1:]) for row in bulk.query(sql, [raws[0][0], raws[-1][0]]) if row[0] in read}


def _row(problem: tuple[int, int, str, dict[str, str]], before: _Waiting | None, now: Any) -> Row:
    """The row of a refused record; one that was refused before keeps its time, and other rules are another try."""
    number, raw, code, facts = problem
    since = before.since if before else now
    tries = before.tries + (before.rules != rules_for(code)) if before else 1
    return number, raw, code, facts_json(facts), False, since, rules_for(code), tries


def _correct_ledgers(raws: Iterable[int], by: int) -> None:
    """The runs that brought these raw versions had counted them as created or updated (``by`` 1), or rejected (-1)."""
    brought = bulk.among(
        f"SELECT w.run_id, EXISTS (SELECT 1 FROM {bulk.table(RawRecord)} v"
        f" WHERE v.record_id = w.record_id AND v.id < w.id) FROM {bulk.table(RawRecord)} w WHERE w.id IN {{}}",
        raws,
    )
    for (run, earlier), count in sorted(Counter((run, bool(earlier)) for run, earlier in brought).items()):
        counted = "updated" if earlier else "created"
        sql = f"UPDATE {bulk.table(Run)} SET rejected = rejected + %s, {counted} = {counted} - %s WHERE id = %s"
        bulk.execute(sql, [by * count, by * count, run])


# --- tried again ----------------------------------------------------------------------------------------------------


def forget_rules(*, source: int = 0, arrived: bool = False) -> None:
    """Let what is rejected be tried again as if by new rules: of one source or of all, or what was cut wrong alone."""
    rejected = Rejection.objects.filter(record__source=source) if source else Rejection.objects.all()
    (rejected.filter(arrived=True) if arrived else rejected).update(rules="")


OUTDATED = "rules <> CASE WHEN code = %s AND NOT arrived THEN %s ELSE %s END"


def outdated() -> set[int]:
    """The sources of which something was rejected by other rules."""
    sql = (
        f"SELECT DISTINCT source_id FROM {bulk.table(Record)} WHERE id IN"
        f" (SELECT record_id FROM {bulk.table(Rejection)} WHERE {OUTDATED})"
    )
    return {row[0] for row in bulk.query(sql, [UNREADABLE, rules_for(UNREADABLE), rules()])}


def take_again(source: int = 0) -> int:
    """What was read and refused by other rules is pending again, of one source or of all; how many records."""
    only = f" AND source_id = {source:d}" if source else ""
    refused = f"SELECT record_id FROM {bulk.table(Rejection)} WHERE NOT arrived AND {OUTDATED}"
    given = [UNREADABLE, rules_for(UNREADABLE), rules()]
    with bulk.writing():
        numbers = bulk.query(
            f"SELECT id FROM {bulk.table(Record)} WHERE state IN ('rejected', 'live', 'aside'){only}"
            f" AND id IN ({refused})",
            given,
        )
        return _pending([number for (number,) in numbers])


def _pending(numbers: Sequence[int]) -> int:
    """Records are to be read again in the versions they have: their libraries' own lists look at them again."""
    bulk.touch(f"UPDATE {bulk.table(Record)} SET state = 'pending' WHERE id IN {{}}", numbers)
    sql = f"SELECT source_id, MIN(raw) FROM {bulk.table(Record)} WHERE id IN {{}} GROUP BY source_id"
    for source, raw in bulk.among(sql, numbers):
        Source.objects.filter(pk=source, listed__gte=raw).update(listed=raw - 1)
    return len(numbers)


class Cut(NamedTuple):
    """A record rejected as it arrived, and what cutting its bytes again gave: its identifier and body, or nothing."""

    record: int
    raw: int
    identifier: str = ""
    body: bytes | None = None
    same: bool = False  # the body is the bytes as they are kept


def arrived_before(most: int, source: int = 0) -> list[tuple[int, int, int, bytes]]:
    """(record, raw, source, packed body) of what other rules rejected as it arrived, of one source or of all."""
    only = f" AND r.source_id = {source:d}" if source else ""
    return bulk.query(
        f"SELECT j.record_id, j.raw, r.source_id, w.body FROM {bulk.table(Rejection)} j"
        f" JOIN {bulk.table(Record)} r ON r.id = j.record_id JOIN {bulk.table(RawRecord)} w ON w.id = j.raw"
        f" WHERE j.arrived AND j.rules <> %s AND r.state <> 'deleted' AND r.raw = j.raw{only}"
        f" ORDER BY j.record_id LIMIT {most:d}",
        [rules()],
    )


def keep_cuts(cuts: Sequence[Cut]) -> int:
    """Records whose bytes are one sound record now are pending, with those bytes; the others were tried once more."""
    with bulk.writing():
        numbers = [cut.record for cut in cuts]
        sql = f"UPDATE {bulk.table(Rejection)} SET rules = %s, tries = tries + 1 WHERE record_id IN {{}}"
        bulk.touch(sql, numbers, [rules()])
        sound = [cut for cut in cuts if cut.body is not None]
        _pending([cut.record for cut in sound if cut.same])
        bulk.touch(
            f"UPDATE {bulk.table(Rejection)} SET arrived = FALSE WHERE record_id IN {{}}", [cut.record for cut in sound]
        )
        rows = _cut_versions([cut for cut in sound if not cut.same])
        _put(rows)
        with connection.cursor() as cursor:
            sql = f"UPDATE {bulk.table(Rejection)} SET raw = %s WHERE record_id = %s"
            cursor.executemany(sql, [(row[0], row[1]) for row in rows])
        for cut in sound:
            _rename(cut.record, cut.identifier)
    return len(sound)


def _cut_versions(cuts: Sequence[Cut]) -> list[Row]:
    """Raw versions of what was cut anew; they belong to the run that brought the bytes."""
    origins = {raw.pk: raw for raw in RawRecord.objects.defer("body").filter(pk__in=[cut.raw for cut in cuts])}
    rows: list[Row] = []
    first = bulk.next_id(RawRecord)
    for cut in cuts:
        raw = origins[cut.raw]
        place = f"{raw.place}, cut again from raw {cut.raw}"[:300]
        rows.append(_version(first + len(rows), cut.record, raw.run_id, place, cut.body or b""))
    return rows


def _rename(number: int, identifier: str) -> None:
    """A record that had no identifier of its own gets the one its bytes give, unless another record has it."""
    record = Record.objects.get(pk=number)
    taken = Record.objects.filter(source=record.source_id, identifier=identifier).exists()
    if MADE_KEY.fullmatch(record.identifier) and identifier and not taken:
        Record.objects.filter(pk=number).update(identifier=identifier)


# --- mended ---------------------------------------------------------------------------------------------------------


class Mended(NamedTuple):
    """A mend that a person has accepted: of which raw version of a record, by which rule, and the body it makes."""

    record: int
    raw: int
    rule: str
    body: bytes


def keep_mended(run: Run, fence: int, mends: Sequence[Mended], by: str) -> int:
    """Store accepted mends as raw versions of the run, to be read; how many.

    A record that another version has come for meanwhile is left alone.
    """
    with runs.writing(run, fence):
        sql = f"SELECT id, raw FROM {bulk.table(Record)} WHERE state IN ('rejected', 'live', 'aside') AND id IN {{}}"
        present = dict(bulk.among(sql, [mend.record for mend in mends]))
        rows: list[Row] = []
        first = bulk.next_id(RawRecord)
        for mend in mends:
            if present.get(mend.record) == mend.raw:
                place = f"repair {mend.rule} of raw {mend.raw} by {by}"[:300]
                rows.append(_version(first + len(rows), mend.record, run.pk, place, mend.body))
        _put(rows)
        sql = f"UPDATE {bulk.table(Run)} SET received = received + %s, updated = updated + %s WHERE id = %s"
        bulk.execute(sql, [len(rows), len(rows), run.pk])
        rules_used = Counter(mend.rule for mend in mends if present.get(mend.record) == mend.raw)
        facts = {"run": run.pk, "count": len(rows), "rules": rules_used, "records": [row[1] for row in rows[:100]]}
        audit.record(by, "records.mended", run.source.name, **facts)
    return len(rows)


def _version(number: int, record: int, run: int, place: str, body: bytes) -> Row:
    packed = zstandard.ZstdCompressor(level=LEVEL).compress(body)
    return number, record, run, "", False, place, sha256(body).digest(), packed


def _put(rows: Sequence[Row]) -> None:
    """These raw versions are the present ones of their records, which are pending; fingerprints stay the source's."""
    bulk.insert(RawRecord, VERSION, rows)
    versions = [(row[0], row[1]) for row in rows]
    with connection.cursor() as cursor:
        sql = f"UPDATE {bulk.table(Record)} SET state = 'pending', raw = %s WHERE id = %s"
        cursor.executemany(sql, versions)


def received(places: Mapping[int, str]) -> dict[int, tuple[bytes, bytes, str]]:
    """Of records (number → place of the present version) that were mended or cut again, what the source had sent.

    As (SHA-256, packed body, place).
    """
    found: dict[int, tuple[bytes, bytes, str]] = {}
    origins = _origins(places)
    while origins:
        sql = f"SELECT id, record_id, sha256, body, place FROM {bulk.table(RawRecord)} WHERE id IN {{}}"
        rows = {row[0]: row[1:] for row in bulk.among(sql, origins.values())}
        sent = {number: rows[raw] for number, raw in origins.items() if raw in rows and rows[raw][0] == number}
        found |= {number: (bytes(row[1]), bytes(row[2]), row[3]) for number, row in sent.items()}
        origins = {
            number: raw
            for number, raw in _origins({n: row[3] for n, row in sent.items()}).items()
            if raw < origins[number]
        }
    return found


def _origins(places: Mapping[int, str]) -> dict[int, int]:
    made = {number: MADE_OF.search(place) for number, place in places.items()}
    return {number: int(match[1]) for number, match in made.items() if match}
