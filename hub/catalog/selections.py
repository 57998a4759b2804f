"""Selections: which union records belong to which set, which records to their library's own list, and since when.

A row of :class:`hub.catalog.models.Listed` says when an item last changed in a selection, so a selective harvest costs
the same at any depth, and an item that has left is still told of: its row stays, with ``gone`` and the time it left.
Rows of union records are written in the transaction that changes these (:func:`keep`), under the same time.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any, NamedTuple

from django.db import connection
from django.utils import timezone

from hub.catalog import bulk
from hub.catalog.models import Bib, Listed, Member, Record, Selection, Source, Union
from hub.match.description import Description
from hub.network.models import Library
from hub.normalize.open_licence import is_open

OWN = "own"  # the list of all libraries' own records; "own:CODE" is that of one library
LISTED = ("item", "selection", "at", "gone", "version")
NAME = re.compile(r"[A-Za-z0-9\-_.!~*'()]+")  # what one part of an OAI-PMH setSpec may hold
AUDIENCES = "abcdefgj"
DEPOSIT = "deposit"  # the connector of what publishers declare here, and the set of it
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


def clock(moment: datetime) -> int:
    """A moment in microseconds since 1970."""
    return (moment - EPOCH) // MICROSECOND


def moment(at: int) -> datetime:
    """The moment of :func:`clock`."""
    return EPOCH + at * MICROSECOND


class Row(NamedTuple):
    """An item of a selection; ``version`` is of a record the raw version that is given."""

    item: int
    at: int
    gone: bool
    version: int = 0


def numbers(specs: Iterable[str]) -> dict[str, int]:
    """The numbers of selections; those that are new are made (inside :func:`hub.catalog.bulk.writing`)."""
    wanted = set(specs)
    found = dict(Selection.objects.values_list("spec", "id"))
    for spec in sorted(wanted - found.keys()):
        found[spec] = Selection.objects.create(spec=spec).pk
    return {spec: found[spec] for spec in wanted}


def own(code: str = "") -> str:
    """The selection of a library's own records, or that of all of them."""
    return f"{OWN}:{code}" if code else OWN


def is_set(spec: str) -> bool:
    """Whether a selection is a set of union records."""
    return spec != OWN and not spec.startswith(f"{OWN}:")


@lru_cache(maxsize=4_096)
def is_spec(spec: str) -> bool:
    """Whether OAI-PMH can name a set so: a library's code may be anything."""
    return all(NAME.fullmatch(part) for part in spec.split(":"))


# Sets of union records.


def keep(live: Mapping[int, int], ended: Mapping[int, int]) -> None:
    """Union records that are new or have changed, and those that have ended, each with the time (in ``writing()``)."""
    wanted = _wanted([*live])
    known = numbers(spec for specs in wanted.values() for spec in specs)
    sets = {number for spec, number in Selection.objects.values_list("spec", "id") if is_set(spec)}
    sql = f"SELECT item, selection FROM {bulk.table(Listed)} WHERE NOT gone AND item IN {{}}"
    before: dict[int, set[int]] = defaultdict(set)
    for item, selection in bulk.among(sql, [*live, *ended]):
        before[item].add(selection)
    rows: list[tuple[Any, ...]] = []
    for item, at in {**live, **ended}.items():
        present = {known[spec] for spec in wanted.get(item, ())}
        rows += [(item, selection, at, False, 0) for selection in sorted(present)]
        rows += [(item, selection, at, True, 0) for selection in sorted((before[item] & sets) - present)]
    bulk.upsert(Listed, LISTED, rows, ("item", "selection"))


def _wanted(unions: Sequence[int]) -> dict[int, list[str]]:
    """The sets of live union records: by library and its kind, language, audience, open licence, deposit."""
    kinds = dict(Library.objects.values_list("code", "kind"))
    found: dict[int, set[str]] = {number: set() for number in unions}
    sql = (
        f'SELECT DISTINCT m."union", s.library_id, s.connector FROM {bulk.table(Member)} m'
        f" JOIN {bulk.table(Record)} r ON r.id = m.record_id JOIN {bulk.table(Source)} s ON s.id = r.source_id"
        ' WHERE m."union" IN {}'
    )
    for union, library, connector in bulk.among(sql, unions):
        found[union] |= {f"library:{library}", f"kind:{kinds[library]}"}
        if connector == DEPOSIT:
            found[union].add(DEPOSIT)
    sql = (
        "SELECT u.id, u.marc, u.description, b.marc, b.description"
        f" FROM {bulk.table(Union)} u LEFT JOIN {bulk.table(Bib)} b ON b.record_id = u.id WHERE u.id IN {{}}"
    )
    for union, merged, said, single, alone in bulk.among(sql, unions):
        found[union] |= _by_content(merged or single or "", said or alone or "")
    return {union: [spec for spec in specs if is_spec(spec)] for union, specs in found.items()}


def _by_content(marc: str, said: str) -> set[str]:
    description = Description.load(said) if said else Description()
    found = {f"language:{code}" for code in (description.language, *description.languages) if code.isalpha()}
    if description.audience and description.audience in AUDIENCES:
        found.add(f"audience:{description.audience}")
    return found | ({"open"} if is_open(marc) else set())


# Records as their libraries sent them.


def list_own(code: str, found: Mapping[int, int], gone: Sequence[int], *, told: bool = True) -> int:
    """Records (number → raw version) are in a library's own list as these versions, others have left it.

    They are in the list of all libraries too, unless nobody was ever ``told`` of this one. Only what differs is
    written, under a time later than any before; returns how many (inside ``writing()``).
    """
    known = numbers((own(code), own()))
    sql = f"SELECT item, gone, version FROM {bulk.table(Listed)} WHERE selection = %s AND item IN {{}}"
    before = {
        item: (bool(left), version) for item, left, version in bulk.among(sql, [*found, *gone], [known[own(code)]])
    }
    rows = [(item, False, version) for item, version in sorted(found.items()) if before.get(item) != (False, version)]
    rows += [(item, True, before[item][1]) for item in gone if item in before and not before[item][0]]
    now = _later_than(known[own()])
    for selection in known.values() if told else (known[own(code)],):
        placed = [(item, selection, now, left, version) for item, left, version in rows]
        bulk.upsert(Listed, LISTED, placed, ("item", "selection"))
    return len(rows)


def note_own(code: str, note: str, *, changed: bool) -> None:
    """Whether everybody may see a library's list; where that has ``changed``, all of it has (inside ``writing()``)."""
    Selection.objects.filter(spec=own(code)).update(note=note)
    if not changed:
        return
    known = numbers((own(code), own()))
    now = _later_than(known[own()])
    columns = "item, selection, at, gone, version"  # those that nobody was told of until now
    bulk.execute(
        f"INSERT INTO {bulk.table(Listed)} ({columns})"
        f" SELECT item, %s, %s, gone, version FROM {bulk.table(Listed)} AS l"
        f" WHERE selection = %s AND NOT gone AND NOT EXISTS (SELECT 1 FROM {bulk.table(Listed)} o"
        " WHERE o.selection = %s AND o.item = l.item)",
        [known[own()], now, known[own(code)], known[own()]],
    )
    theirs = f"SELECT item FROM {bulk.table(Listed)} WHERE selection = %s AND NOT gone"
    sql = f"UPDATE {bulk.table(Listed)} SET at = %s WHERE selection = %s AND item IN ({theirs})"
    for selection in sorted(known.values()):
        bulk.execute(sql, [now, selection, known[own(code)]])


def _later_than(selection: int) -> int:
    """Now, but after the last change of a selection."""
    sql = f"SELECT COALESCE(MAX(at), 0) FROM {bulk.table(Listed)} WHERE selection = %s"
    return max(clock(timezone.now()), int(bulk.query(sql, [selection])[0][0]) + 1)


# What is read.


def known_sets() -> list[str]:
    """The sets that have, or had, a record."""
    return sorted(spec for spec in Selection.objects.values_list("spec", flat=True) if is_set(spec))


def own_specs() -> list[str]:
    """The selections of libraries' own records."""
    return sorted(Selection.objects.filter(spec__startswith=f"{OWN}:").values_list("spec", flat=True))


def number_of(spec: str) -> int | None:
    """The number of a selection."""
    return Selection.objects.filter(spec=spec).values_list("id", flat=True).first()


def walk(
    selection: int | None, *, after: tuple[int, int] | None, since: int | None, until: int | None, limit: int
) -> list[Row]:
    """Items of a selection (or all union records) by (time, number) from behind ``after``; ``until`` is outside."""
    table, columns, at, conditions, values = _order(selection)
    # one bound of the walk is enough, and two would keep the database from its index
    if after is not None:
        conditions.append(f"({at}, {columns[0]}) > (%s, %s)")
        values += [_bound(selection, after[0]), after[1]]
    elif since is not None:
        conditions.append(f"{at} >= %s")
        values.append(_bound(selection, since))
    if until is not None:
        conditions.append(f"{at} < %s")
        values.append(_bound(selection, until))
    where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
    sql = f"SELECT {', '.join(columns)} FROM {table}{where} ORDER BY {at}, {columns[0]} LIMIT {limit:d}"
    rows = bulk.query(sql, values)
    if selection is None:
        return [Row(row[0], clock(_aware(row[1])), bool(row[2])) for row in rows]
    return [Row(row[0], row[1], bool(row[2]), row[3]) for row in rows]


def count(selection: int | None, *, since: int | None, until: int | None) -> int:
    """How many items :func:`walk` gives in all."""
    table, _, at, conditions, values = _order(selection)
    for sign, bound in ((">=", since), ("<", until)):
        if bound is not None:
            conditions.append(f"{at} {sign} %s")
            values.append(_bound(selection, bound))
    where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
    return int(bulk.query(f"SELECT COUNT(*) FROM {table}{where}", values)[0][0])


def newest(selection: int | None) -> int:
    """The time of the last change of a selection, or of all union records; 0 where there is none."""
    table, _, at, conditions, values = _order(selection)
    where = f" WHERE {conditions[0]}" if conditions else ""
    last = bulk.query(f"SELECT MAX({at}) FROM {table}{where}", values)[0][0]
    return 0 if last is None else clock(_aware(last)) if selection is None else int(last)


def _order(selection: int | None) -> tuple[str, tuple[str, ...], str, list[str], list[Any]]:
    """(table, columns, the column of time, conditions, their values) of a selection or of all union records."""
    if selection is None:
        return bulk.table(Union), ("id", "datestamp", "deleted"), "datestamp", [], []
    return bulk.table(Listed), ("item", "at", "gone", "version"), "at", ["selection = %s"], [selection]


def _bound(selection: int | None, at: int) -> Any:
    return connection.ops.adapt_datetimefield_value(moment(at)) if selection is None else at


def _aware(value: Any) -> datetime:
    found = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def one(selection: int, item: int) -> Row | None:
    """An item of a selection."""
    sql = f"SELECT item, at, gone, version FROM {bulk.table(Listed)} WHERE selection = %s AND item = %s"
    rows = bulk.query(sql, [selection, item])
    return Row(rows[0][0], rows[0][1], bool(rows[0][2]), rows[0][3]) if rows else None


def sets_of(items: Iterable[int], but: Collection[str] = ()) -> dict[int, list[str]]:
    """The sets that union records belong to, without some that are not told of."""
    every = Selection.objects.values_list("spec", "id")
    names = {number: spec for spec, number in every if is_set(spec) and spec not in but}
    found: dict[int, list[str]] = defaultdict(list)
    sql = f"SELECT item, selection FROM {bulk.table(Listed)} WHERE NOT gone AND item IN {{}}"
    for item, selection in bulk.among(sql, items):
        if selection in names:
            found[item].append(names[selection])
    return {item: sorted(specs) for item, specs in found.items()}


def first(selection: int) -> datetime | None:
    """The oldest time of a selection."""
    sql = f"SELECT at FROM {bulk.table(Listed)} WHERE selection = %s ORDER BY at LIMIT 1"
    rows = bulk.query(sql, [selection])
    return moment(rows[0][0]) if rows else None


def fill() -> int:
    """Make the sets of a catalog that has none yet (inside ``writing()``); returns of how many union records.

    What its tombstones belonged to is not known: they are told of in the set of every library.
    """
    if any(is_set(spec) for spec in Selection.objects.values_list("spec", flat=True)):
        return 0
    last = done = 0
    stones: dict[int, int] = {}
    while True:
        sql = f"SELECT id, datestamp, deleted FROM {bulk.table(Union)} WHERE id > %s ORDER BY id LIMIT 5000"
        rows = bulk.query(sql, [last])
        if not rows:
            break
        last, done = rows[-1][0], done + len(rows)
        keep({row[0]: clock(_aware(row[1])) for row in rows if not row[2]}, {})
        stones |= {row[0]: clock(_aware(row[1])) for row in rows if row[2]}
    libraries = Selection.objects.filter(spec__startswith="library:").values_list("id", flat=True)
    for selection in libraries:
        bulk.insert(Listed, LISTED, [(item, selection, at, True, 0) for item, at in stones.items()])
    return done
