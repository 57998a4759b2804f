"""Corrections of a record, field by field: what the source says, what stands there, what a person made of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from hub.catalog import bulk, corrections
from hub.catalog.models import Correction, RawRecord, Record
from hub.normalize.corrections import FIELDS, NEEDED, correct, plain, value_of
from hub.normalize.corrections import Correction as Standing
from hub.normalize.normalize import normalize
from hub.stages.normalize import manner_of, read_now
from hub.stages.quarantine import unpacked
from hub.stages.report import storing
from hub.stages.soon import soon
from schemas.damage import parse_mended
from schemas.problem import Trouble
from schemas.record import Record as Content


@dataclass(frozen=True, slots=True)
class FieldSaid:
    """A field of a record in plain words.

    ``said`` is the source's value, ``old`` the same as normalization has it, ``now`` what stands in the catalog.
    ``state`` is "" (not corrected), "corrected", "overtaken" (the source has changed it since) or "agreed" (the source
    now says the same).
    """

    field: str
    said: str
    old: str
    now: str
    correction: Correction | None
    state: str


def fields_of(record: Record) -> list[FieldSaid]:
    """Every field of a record (with its source and library) that can be corrected.

    A record that cannot be read is a :class:`Trouble`.
    """
    with storing():
        said, normalized = _contents(record)
        made = list(Correction.objects.filter(record=record, undone_at=None).order_by("id"))
        standing = [Standing(one.pk, one.field, one.said, one.old, one.new) for one in made]
        result = correct(said, normalized, standing)
        newest = {one.field: one for one in made}
    return [_field(field, said, normalized, result.record, newest.get(field), result.overtaken) for field in FIELDS]


def _field(
    field: str, said: Content, normalized: Content, made: Content, one: Correction | None, overtaken: tuple[int, ...]
) -> FieldSaid:
    old = value_of(normalized, field)
    state = "overtaken" if one and one.pk in overtaken else "agreed" if one and old == one.new else "corrected"
    return FieldSaid(field, value_of(said, field), old, value_of(made, field), one, state if one else "")


def _contents(record: Record) -> tuple[Content, Content]:
    """A record as its source says it and as normalization has it, without corrections."""
    manner = manner_of(record.source)
    body = unpacked(RawRecord.objects.get(pk=record.good or record.raw))
    try:
        parsed, _ = parse_mended(manner.format, body, manner.reading)
    except Trouble:
        raise
    except Exception as error:
        raise Trouble("record_unreadable", detail=f"{type(error).__name__}: {error}"[:300]) from None
    return parsed, normalize(parsed, manner.vocabulary).record


def correct_fields(record: Record, wanted: Mapping[str, str], *, by: str) -> list[Correction]:
    """Make fields of a record say what a person wants; a field that is to be as the source has it is corrected no more.

    Returns the corrections made. :class:`Trouble` ``correction_empty`` for a record without a title.
    """
    changes, undone = [], []
    for one in fields_of(record):
        if one.field not in wanted:
            continue
        new = plain(wanted[one.field])
        if not new and one.field in NEEDED:
            raise Trouble("correction_empty")
        if new == one.now:
            continue
        if one.correction is not None:
            undone.append(one.correction.pk)
        if new != one.old:
            changes.append((one.field, one.said, one.old, new))
    with storing():
        with bulk.writing():
            for number in undone:
                corrections.undo(number, by=by)
            made = corrections.keep(record, changes, by=by) if changes else []
        if undone or made:
            read_now(record.source_id, record.pk)
            soon()
    return made


def undo(number: int, *, by: str) -> Correction:
    """A correction counts no more, and its record is read again."""
    with storing():
        found = corrections.undo(number, by=by)
        read_now(found.record.source_id, found.record_id)
        soon()
    return found
