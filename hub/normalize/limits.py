"""How large a record may be, whatever its format: beyond that it is no description of a book, and is rejected."""

from __future__ import annotations

from schemas.problem import Trouble
from schemas.record import Record

MOST_BYTES = 4 * 2**20  # of a record as received
MOST_IN_FIELD = 2**20  # bytes of one field in UTF-8
MOST_FIELDS = 10_000
SMALL = MOST_IN_FIELD // 4  # bytes of a record none of whose fields can be too long, whatever its encoding


def check_size(body: bytes) -> None:
    """:class:`Trouble` ``record_too_long`` for a record of more than :data:`MOST_BYTES`."""
    if len(body) > MOST_BYTES:
        raise Trouble("record_too_long", limit=MOST_BYTES)


def check_fields(record: Record, size: int) -> None:
    """:class:`Trouble` ``record_many_fields`` or ``record_long_field``; ``size`` is the record's in bytes."""
    if len(record.fields) > MOST_FIELDS:
        raise Trouble("record_many_fields", count=len(record.fields), limit=MOST_FIELDS)
    if size <= SMALL:
        return
    for tag, content in record.fields:
        if len(content.encode()) > MOST_IN_FIELD:
            raise Trouble("record_long_field", tag=tag, length=len(content.encode()), limit=MOST_IN_FIELD)
