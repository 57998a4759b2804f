"""Corrections of single fields by the library's own people: events that are kept for ever and outlive any harvest.

They are applied when a record is read (:mod:`hub.normalize.corrections`); the bytes of the source are never touched.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from django.utils import timezone

from hub.catalog import bulk, writes
from hub.catalog.models import Correction, Record
from hub.normalize.corrections import Correction as Standing
from schemas.problem import Trouble


def standing(first: int, last: int) -> dict[int, list[Standing]]:
    """The corrections that are not undone of the records from one number to another, by record, the oldest first."""
    sql = (
        f"SELECT record_id, id, field, said, old, new FROM {bulk.table(Correction)}"
        " WHERE undone_at IS NULL AND record_id BETWEEN %s AND %s ORDER BY id"
    )
    found: dict[int, list[Standing]] = defaultdict(list)
    for record, *values in bulk.query(sql, [first, last]):
        found[record].append(Standing(*values))
    return found


def keep(record: Record, changes: Sequence[tuple[str, str, str, str]], *, by: str) -> list[Correction]:
    """A person corrects fields of a record: (field, what the source said, what stood there, what is to stand there).

    The record is read again by the next reading.
    """
    _named(by)
    with bulk.writing():
        now = timezone.now()
        made = [
            Correction.objects.create(record=record, field=field, said=said, old=old, new=new, by=by, at=now)
            for field, said, old, new in changes
        ]
        for one in made:
            writes.audit(by, "record.corrected", f"{record.pk}", field=one.field, old=one.old, new=one.new)
        writes.read_again([record.pk])
    return made


def undo(number: int, *, by: str) -> Correction:
    """A correction counts no more; the one before it of the same field, if any, counts again."""
    _named(by)
    with bulk.writing():
        found = Correction.objects.filter(pk=number, undone_at=None).select_related("record__source").first()
        if found is None:
            raise Trouble("correction_unknown", number=number)
        found.undone_at, found.undone_by = timezone.now(), by
        found.save(update_fields=["undone_at", "undone_by"])
        writes.audit(by, "record.correction_undone", f"{found.record_id}", correction=number, field=found.field)
        writes.read_again([found.record_id])
    return found


def _named(by: str) -> None:
    if not by.strip():
        raise Trouble("correction_nobody")
