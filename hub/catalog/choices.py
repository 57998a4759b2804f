"""What people chose for union records: who leads, where a field is taken from, which titles say too little.

Events that are kept for ever, as decisions are. A choice is about a record: it holds in whatever union record that
record is, and of several there the newest counts.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.utils import timezone

from hub.catalog import bulk, writes
from hub.catalog.decisions import due, named
from hub.catalog.models import Choice, GenericTitle, MatchKey, Record
from hub.match.description import Description
from hub.match.keys import number_of
from hub.match.rules import Rules
from hub.match.traits import traits
from hub.normalize.text import fold
from hub.sources import matching_rules
from schemas.problem import Trouble

LEADS = ""
_GRADES = [str(number) for number in range(1, 21)]
_NUMBERED = ["", *_GRADES, *(f"{grade}.{volume}" for grade in _GRADES[:12] for volume in range(1, 5))]


def choose(record: int, tag: str = LEADS, *, by: str, reason: str = "") -> Choice:
    """A person chose that a record leads its union record, or that the field ``tag`` is taken from it."""
    named(by)
    with bulk.writing():
        made = Choice.objects.create(record_id=record, tag=tag, by=by, at=timezone.now(), reason=reason)
        writes.audit(by, "union.chosen", str(record), tag=tag, reason=reason)
        due([record])
    return made


def undo_choice(number: int, *, by: str) -> None:
    """A choice counts no more."""
    named(by)
    with bulk.writing():
        found = Choice.objects.filter(pk=number, undone_at=None).first()
        if found is None:
            raise Trouble("decision_unknown", number=number)
        Choice.objects.filter(pk=number).update(undone_at=timezone.now())
        writes.audit(by, "union.choice_undone", str(found.record_id), choice=number, tag=found.tag)
        due([found.record_id])


def choices_of(records: Iterable[int]) -> dict[int, list[tuple[int, str]]]:
    """(number, tag) of the choices that stand, by the record that was chosen."""
    sql = f"SELECT record_id, id, tag FROM {bulk.table(Choice)} WHERE undone_at IS NULL AND record_id IN {{}}"
    found: dict[int, list[tuple[int, str]]] = {}
    for record, number, tag in bulk.among(sql, sorted(records)):
        found.setdefault(record, []).append((number, tag))
    return found


def in_force(members: Iterable[int], chosen: dict[int, list[tuple[int, str]]]) -> dict[str, int]:
    """Tag → the record it is taken from, in a union record of these members; the newest choice counts."""
    made = sorted((number, tag, record) for record in members for number, tag in chosen.get(record, ()))
    return {tag: record for _, tag, record in made}


# Titles that say too little.


def mark_generic(shown: str, *, by: str, reason: str = "") -> GenericTitle:
    """A title says too little to tell books by; the records that have it are matched again.

    :class:`Trouble` ``title_generic_already``.
    """
    named(by)
    title = traits(Description(title=shown), matching_rules()).folded or fold(shown)
    if not title or title in rules_in_force(matching_rules()).generic:
        raise Trouble("title_generic_already", title=shown)
    with bulk.writing():
        made = GenericTitle.objects.create(
            title=title[:300], shown=shown[:300], by=by, at=timezone.now(), reason=reason
        )
        writes.audit(by, "title.generic", shown[:300], reason=reason)
        _match_again(title)
    return made


def undo_generic(number: int, *, by: str) -> None:
    """A title tells books again."""
    named(by)
    with bulk.writing():
        found = GenericTitle.objects.filter(pk=number, undone_at=None).first()
        if found is None:
            raise Trouble("decision_unknown", number=number)
        GenericTitle.objects.filter(pk=number).update(undone_at=timezone.now())
        writes.audit(by, "title.generic_undone", found.shown, title=number)
        _match_again(found.title)


def _match_again(title: str) -> None:
    """Records of this folded title are to be matched again; they are found by their blocking keys."""
    keys = sorted({number_of(f"t{title.replace(' ', '')[:60]}|{numbers}") for numbers in _NUMBERED})
    found = {row[0] for row in bulk.among(f"SELECT record_id FROM {bulk.table(MatchKey)} WHERE key IN {{}}", keys)}
    bulk.touch(f"UPDATE {bulk.table(Record)} SET due = 1 WHERE due <> 1 AND id IN {{}}", sorted(found))


def rules_in_force(rules: Rules) -> Rules:
    """The rules with the titles that people marked as generic."""
    more = set(GenericTitle.objects.filter(undone_at=None).values_list("title", flat=True)) - rules.generic
    if not more:
        return rules
    return Rules(**rules.model_dump() | {"generic_titles": (*rules.generic_titles, *sorted(more))})
