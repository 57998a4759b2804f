"""Tombstones of records, as raw versions without a body, and records set to another of their versions."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from typing import Any

import zstandard
from django.db import connection

from hub.catalog import bulk
from hub.catalog.models import RawRecord, Record

LEVEL = 3  # of zstd
EMPTY = zstandard.ZstdCompressor(level=LEVEL).compress(b"")
NOTHING = sha256(b"").digest()
DELETED = sha256(b"deleted").digest()  # the fingerprint of every record that is gone
MADE_HERE = "'run ' || run_id"  # SQL: the place of a tombstone that a run wrote itself, as no source writes it
Row = tuple[Any, ...]


def stone(number: int, record: int, run: int) -> Row:
    """The raw version (as :data:`hub.catalog.writes.RAW`) by which a run says itself that a record is gone."""
    return number, record, run, "", True, f"run {run}", NOTHING, EMPTY


def told_gone(numbers: Sequence[int]) -> dict[int, int]:
    """The latest raw versions in which sources said that these records are gone, by record."""
    sql = f"SELECT record_id, MAX(id) FROM {bulk.table(RawRecord)} WHERE deleted AND place <> {MADE_HERE}"
    return dict(bulk.among(f"{sql} AND record_id IN {{}} GROUP BY record_id", numbers))


def set_records(assignments: str, rows: Sequence[Row]) -> None:
    """Update records one by one: ``assignments`` is a constant of ours, the last value of each row the number."""
    with connection.cursor() as cursor:
        cursor.executemany(f"UPDATE {bulk.table(Record)} SET {assignments} WHERE id = %s", rows)
