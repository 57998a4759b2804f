"""Many rows at once, on SQLite and on PostgreSQL: the only place that knows the difference.

Table and column names come from the models and are never input; values are always parameters.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import connection, models, transaction

CHUNK = 900  # parameters of one IN list: SQLite built with the old limit takes 999
WRITER_LOCK = 0x11E4
FETCHED = 10_000
Rows = Sequence[Sequence[Any]]


def is_postgresql() -> bool:
    """Whether the database is PostgreSQL."""
    return connection.vendor == "postgresql"


@contextmanager
def writing() -> Iterator[None]:
    """One transaction of the catalog's one writer: SQLite locks the file, PostgreSQL an advisory lock."""
    with transaction.atomic():
        if is_postgresql():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [WRITER_LOCK])
        yield


def table(model: type[models.Model]) -> str:
    """The quoted table of a model."""
    return connection.ops.quote_name(model._meta.db_table)


def query(sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    """All rows of a query."""
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return list(cursor.fetchall())


def execute(sql: str, parameters: Sequence[Any] = ()) -> int:
    """Run a statement; the number of rows it touched."""
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return int(cursor.rowcount)


def among(sql: str, values: Iterable[Any], before: Sequence[Any] = ()) -> Iterator[tuple[Any, ...]]:
    """The rows of a query with ``{}`` where the IN list stands, a chunk of values at a time."""
    every = list(values)
    for start in range(0, len(every), CHUNK):
        part = every[start : start + CHUNK]
        yield from query(sql.replace("{}", f"({','.join(['%s'] * len(part))})"), [*before, *part])


def touch(sql: str, values: Iterable[Any], before: Sequence[Any] = ()) -> None:
    """A statement with ``{}`` where the IN list stands, a chunk of values at a time."""
    every = list(values)
    for start in range(0, len(every), CHUNK):
        part = every[start : start + CHUNK]
        execute(sql.replace("{}", f"({','.join(['%s'] * len(part))})"), [*before, *part])


def insert(model: type[models.Model], columns: Sequence[str], rows: Rows) -> None:
    """Insert rows that are new: COPY on PostgreSQL, one prepared statement on SQLite."""
    if not rows:
        return
    names = ",".join(connection.ops.quote_name(column) for column in columns)
    with connection.cursor() as cursor:
        if is_postgresql():
            with cursor.copy(f"COPY {table(model)} ({names}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
        else:
            marks = ",".join(["%s"] * len(columns))
            cursor.executemany(f"INSERT INTO {table(model)} ({names}) VALUES ({marks})", rows)


def upsert(model: type[models.Model], columns: Sequence[str], rows: Rows, key: Sequence[str]) -> None:
    """Insert rows, or update those whose ``key`` columns are there; ``columns`` are all that may not be empty."""
    if not rows:
        return
    quoted = {column: connection.ops.quote_name(column) for column in columns}
    names = ",".join(quoted.values())
    changed = ",".join(f"{quoted[c]}=excluded.{quoted[c]}" for c in columns if c not in key)
    conflict = (
        f"ON CONFLICT ({','.join(quoted[c] for c in key)}) DO {f'UPDATE SET {changed}' if changed else 'NOTHING'}"
    )
    with connection.cursor() as cursor:
        if is_postgresql():
            cursor.execute(f"CREATE TEMP TABLE arriving (LIKE {table(model)} INCLUDING DEFAULTS) ON COMMIT DROP")
            with cursor.copy(f"COPY arriving ({names}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
            cursor.execute(f"INSERT INTO {table(model)} ({names}) SELECT {names} FROM arriving {conflict}")
            cursor.execute("DROP TABLE arriving")
        else:
            marks = ",".join(["%s"] * len(columns))
            cursor.executemany(f"INSERT INTO {table(model)} ({names}) VALUES ({marks}) {conflict}", rows)


def set_where(model: type[models.Model], assignment: str, columns: tuple[str, str], pairs: Rows) -> None:
    """Set something in the rows whose two number columns are one of the pairs; ``assignment`` is a constant of ours."""
    one, other = (connection.ops.quote_name(column) for column in columns)
    update = f"UPDATE {table(model)} SET {assignment}"
    with connection.cursor() as cursor:
        if is_postgresql():
            given = "FROM unnest(%s::bigint[], %s::bigint[]) AS given (one, other)"
            sql = f"{update} {given} WHERE {one} = given.one AND {other} = given.other"
            cursor.execute(sql, [[pair[0] for pair in pairs], [pair[1] for pair in pairs]])
        else:
            cursor.executemany(f"{update} WHERE {one} = %s AND {other} = %s", pairs)


def next_id(model: type[models.Model]) -> int:
    """The first free number of a table whose numbers we give ourselves (inside :func:`writing`)."""
    return int(query(f"SELECT COALESCE(MAX(id), 0) + 1 FROM {table(model)}")[0][0])


def stream(sql: str) -> Iterator[tuple[Any, ...]]:
    """The rows of a query over a whole table, some thousands in memory at a time."""
    if is_postgresql():
        yield from _walk(sql)
        return
    with connection.cursor() as cursor:
        cursor.execute(sql)
        while rows := cursor.fetchmany(FETCHED):
            yield from rows


def _walk(sql: str) -> Iterator[tuple[Any, ...]]:
    """A server-side cursor, which PostgreSQL has only inside a transaction."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"DECLARE walk NO SCROLL CURSOR FOR {sql}")
        while True:
            cursor.execute(f"FETCH {FETCHED} FROM walk")
            rows = cursor.fetchall()
            if not rows:
                break
            yield from rows
        cursor.execute("CLOSE walk")
