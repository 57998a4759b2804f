"""The actions of the desk, for the pages and for the command line; each writes its line of the audit trail."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import product
from typing import NamedTuple

from django.db import transaction
from django.utils import timezone

from hub.catalog import choices, decisions, writes
from hub.catalog.links import members
from hub.catalog.models import Question, Record
from hub.catalog.reads import union_uid
from hub.merge.merge import shared
from hub.review import claims
from hub.review.models import Note
from hub.stages.settle import settle
from schemas.problem import Trouble

MOST_PAIRS = 400  # decided in one act
LONGEST_NOTE = 2_000
Pair = tuple[int, int]


class Done(NamedTuple):
    """What was done: the name of the act (:mod:`hub.review.acts`), and whether the union catalog shows it already."""

    ref: str
    shown: bool


def answer(pair: Pair, verdict: str, *, by: str, reason: str = "") -> Done:
    """Two records are the same publication, or not."""
    made = decisions.decide(*pair, verdict, by=by, reason=reason)
    claims.let_go([pair])
    return Done(f"d{made.pk}", settle(pair))


def answer_all(pairs: Sequence[Pair], verdict: str, *, by: str, reason: str = "") -> Done:
    """The same verdict on several open pairs, undone as one.

    Those that are no questions any more, or that somebody else is at, are left.
    """
    here = {(one.first, one.second) for one in Question.objects.filter(first__in=[first for first, _ in pairs])}
    wanted = [pair for pair in pairs if pair in here and claims.holder(pair, by) is None]
    if not wanted:
        raise Trouble("review_no_pairs")
    if len(wanted) > MOST_PAIRS:
        raise Trouble("review_too_many", most=MOST_PAIRS)
    made = decisions.decide_all(wanted, verdict, by=by, reason=reason)
    claims.let_go(wanted)
    records = {record for pair in wanted for record in pair}
    return Done(f"b{made[0].batch}" if made[0].batch else f"d{made[0].pk}", settle(records))


def split(union: int, leaving: Collection[int], *, by: str, reason: str = "") -> Done:
    """Some records of a union record are another publication than the rest."""
    here = members(union)
    out = sorted(set(leaving).intersection(here))
    stay = [record for record in here if record not in out]
    if not out or not stay:
        raise Trouble("split_nobody", union=union_uid(union))
    if len(out) * len(stay) > MOST_PAIRS:
        raise Trouble("review_too_many", most=MOST_PAIRS)
    made = decisions.decide_all(list(product(out, stay)), "DIFFERENT", by=by, reason=reason)
    return Done(f"b{made[0].batch}" if made[0].batch else f"d{made[0].pk}", settle(here))


def choose(record: int, tag: str = choices.LEADS, *, by: str, reason: str = "") -> Done:
    """A record leads its union record, or a field is taken from it."""
    if tag and (len(tag) != 3 or not tag.isdigit() or not shared(tag)):
        raise Trouble("choice_tag", tag=tag[:10])
    if not Record.objects.filter(pk=record).exists():
        raise Trouble("record_unknown", id=record)
    made = choices.choose(record, tag, by=by, reason=reason)
    return Done(f"c{made.pk}", settle([record]))


def mark_generic(title: str, *, by: str, reason: str = "") -> Done:
    """A title says too little to tell books by. The records that have it are matched again by the next union."""
    return Done(f"g{choices.mark_generic(title, by=by, reason=reason).pk}", False)


def not_sure(pair: Pair, *, by: str) -> Done:
    """Leave a question to others, and to later."""
    return Done(f"u{claims.unsure(pair, by).pk}", True)


def note(text: str, first: int, second: int | None = None, *, by: str) -> Note:
    """Keep a note on two records, or on the union record of one."""
    decisions.named(by)
    text = text.replace("\x00", "").strip()[:LONGEST_NOTE]
    if not text:
        raise Trouble("note_empty")
    with transaction.atomic():
        made = Note.objects.create(first_id=first, second_id=second, text=text, by=by, at=timezone.now())
        writes.audit(by, "review.noted", f"{first} {second or ''}".strip(), note=made.pk)
    return made


def remove_note(number: int, *, by: str) -> None:
    """A note is shown no more; it stays in the store."""
    with transaction.atomic():
        if not Note.objects.filter(pk=number, removed_at=None).update(removed_at=timezone.now()):
            raise Trouble("review_act_unknown", act=number)
        writes.audit(by, "review.note_removed", str(number))
