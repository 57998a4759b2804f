"""How large a record may be that comes in a form without limits of its own: MARCXML, MARC-in-JSON, MARCMaker.

What is beyond is no catalog record, and would stop what works on it: the record is rejected with its bytes.
"""

from __future__ import annotations

from schemas.problem import Problem, Trouble
from schemas.record import Record

MAX_RECORD = 4 * 2**20  # bytes
MAX_FIELD = 2**20  # characters
MAX_FIELDS = 10_000


def too_long() -> Problem:
    """The problem of a raw record beyond :data:`MAX_RECORD`."""
    return Problem("record_too_long", {"limit": str(MAX_RECORD)})


def within(record: Record) -> Record:
    """The record; :class:`Trouble` ``field_too_long`` or ``fields_too_many`` where it is beyond the limits."""
    if len(record.fields) > MAX_FIELDS:
        raise Trouble("fields_too_many", count=len(record.fields), limit=MAX_FIELDS)
    for tag, content in record.fields:
        if len(content) > MAX_FIELD:
            raise Trouble("field_too_long", tag=tag[:3], length=len(content), limit=MAX_FIELD)
    return record
