"""Records that their source has renamed: they keep their numbers, and with them their places in the union catalog."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils import timezone

from hub.catalog import bulk, runs
from hub.catalog.models import FormerIdentifier, RawRecord, Record, Rejection, Run
from hub.catalog.stones import DELETED, set_records, stone
from hub.catalog.writes import RAW, forget_content

AT_ONCE = 400  # pairs


def rename(run: Run, pairs: Sequence[Sequence[int]]) -> set[int]:
    """Give records that vanished the identifiers and the content that came under new ones; returns the former.

    The row of the new identifier becomes the tombstone of the old one (inside :func:`hub.catalog.runs.writing`).
    """
    renamed: set[int] = set()
    for start in range(0, len(pairs), AT_ONCE):
        part = pairs[start : start + AT_ONCE]
        found = Record.objects.in_bulk([number for pair in part for number in pair])
        for old, new in part:
            if old in found and new in found and found[new].state != Record.State.DELETED:
                _swap(run, found[old], found[new])
                renamed.add(old)
    runs.count(run, received=len(renamed), updated=len(renamed))
    return renamed


def _swap(run: Run, before: Record, after: Record) -> None:
    old, new = before.pk, after.pk
    FormerIdentifier.objects.create(
        source_id=run.source_id, identifier=before.identifier, record=before, at=timezone.now()
    )
    RawRecord.objects.filter(record_id=new).update(record_id=old)
    Rejection.objects.filter(record_id=new).delete()
    forget_content([new])
    Record.objects.filter(pk=new).update(identifier=f"\x01{old}")
    set_records(
        "identifier = %s, raw = %s, good = %s, fingerprint = %s, datestamp = %s, state = 'pending'",
        [(after.identifier, after.raw, after.good or before.good, bytes(after.fingerprint), after.datestamp, old)],
    )
    number = bulk.next_id(RawRecord)
    bulk.insert(RawRecord, RAW, [stone(number, new, run.pk)])
    set_records(
        "identifier = %s, raw = %s, fingerprint = %s, state = 'deleted', good = NULL, due = 1",
        [(before.identifier, number, DELETED, new)],
    )
