"""What people did at the desk, as acts that can be undone by one word: ``d12`` a decision, ``b12`` several at once,
``c5`` a choice, ``g3`` a title marked as generic, ``u4`` a question somebody was not sure about.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Max, Min, Q

from hub.catalog import choices, decisions
from hub.catalog.links import members
from hub.catalog.models import Choice, Decision, GenericTitle, Member
from hub.review import claims
from hub.review.models import Unsure
from hub.stages.settle import settle
from schemas.problem import Trouble

REF = re.compile(r"([dbcgu])(\d{1,18})", re.ASCII)
SHOWN = 50
MOST_RECORDS = 900  # of the union records looked at for what followed


@dataclass(frozen=True, slots=True)
class Act:
    """Something a person did: ``kind`` is same, different, lead, field, generic or unsure; ``count`` of pairs."""

    ref: str
    kind: str
    by: str
    at: datetime
    undone: bool
    records: tuple[int, ...]  # the first pair, or the record that was chosen
    count: int = 1
    said: str = ""  # the tag of a field, or the title
    reason: str = ""


def find(ref: str) -> Act:
    """The act of a name; :class:`Trouble` ``review_act_unknown``."""
    found = REF.fullmatch(ref)
    act = _FIND[found[1]](int(found[2])) if found else None
    if act is None:
        raise Trouble("review_act_unknown", act=ref[:40])
    return act


def _decision(number: int) -> Act | None:
    row = Decision.objects.filter(pk=number, batch=None).first()
    return _decided(row) if row else None


def _batch(number: int) -> Act | None:
    rows = Decision.objects.filter(batch=number).order_by("id")
    row = rows.first()
    return _decided(row, rows.count(), rows.filter(undone_at=None).exists()) if row else None


def _choice(number: int) -> Act | None:
    row = Choice.objects.filter(pk=number).first()
    return _chosen(row) if row else None


def _title(number: int) -> Act | None:
    row = GenericTitle.objects.filter(pk=number).first()
    return _generic(row) if row else None


def _unsure(number: int) -> Act | None:
    row = Unsure.objects.filter(pk=number).first()
    return _left(row) if row else None


_FIND = {"d": _decision, "b": _batch, "c": _choice, "g": _title, "u": _unsure}


def _decided(row: Decision, count: int = 1, standing: bool | None = None) -> Act:
    ref = f"b{row.batch}" if row.batch else f"d{row.pk}"
    undone = row.undone_at is not None if standing is None else not standing
    pair = (row.first_id, row.second_id)
    return Act(ref, row.verdict.lower(), row.by, row.at, undone, pair, count, "", row.reason)


def _chosen(row: Choice) -> Act:
    kind = "field" if row.tag else "lead"
    undone = row.undone_at is not None
    return Act(f"c{row.pk}", kind, row.by, row.at, undone, (row.record_id,), 1, row.tag, row.reason)


def _left(row: Unsure) -> Act:
    return Act(f"u{row.pk}", "unsure", row.by, row.at, False, (row.first, row.second))


def _generic(row: GenericTitle) -> Act:
    return Act(f"g{row.pk}", "generic", row.by, row.at, row.undone_at is not None, (), 1, row.shown, row.reason)


def recent(by: str = "", records: Collection[int] | None = None, most: int = SHOWN) -> list[Act]:
    """The newest acts, of a person or of all, about any of some records or about anything."""
    who: dict[str, Any] = {"by": by} if by else {}
    made, chose = Decision.objects.filter(**who), Choice.objects.filter(**who)
    titles = GenericTitle.objects.filter(**who)
    if records is not None:
        numbers = sorted(records)[:MOST_RECORDS]
        made = made.filter(Q(first__in=numbers) | Q(second__in=numbers))
        chose, titles = chose.filter(record__in=numbers), titles.none()
    found = [_decided(row) for row in made.filter(batch=None).order_by("-id")[:most]]
    batches = made.exclude(batch=None).values("batch").annotate(last=Max("id"), first=Min("id")).order_by("-last")
    found += [act for row in batches[:most] if (act := _batch(int(row["batch"] or 0)))]
    found += [_chosen(row) for row in chose.order_by("-id")[:most]]
    found += [_generic(row) for row in titles.order_by("-id")[:most]]
    return sorted(found, key=lambda act: act.at, reverse=True)[:most]


def last(by: str) -> Act | None:
    """The newest act of a person that still counts."""
    found = [act for act in recent(by, most=20) if not act.undone]
    row = Unsure.objects.filter(by=by).order_by("-at").first()
    if row and (not found or row.at > found[0].at):
        return _left(row)
    return found[0] if found else None


def followed(act: Act) -> list[Act]:
    """What was done after an act, and still counts, about the union records that its records are in now."""
    around = _around(_records(act))
    return [one for one in recent(records=around) if not one.undone and one.at > act.at and one.ref != act.ref]


def _records(act: Act) -> set[int]:
    if act.ref.startswith("b"):
        rows = Decision.objects.filter(batch=int(act.ref[1:])).values_list("first_id", "second_id")
        return {record for pair in rows for record in pair}
    return set(act.records)


def _around(records: Iterable[int]) -> set[int]:
    numbers = sorted(records)[:MOST_RECORDS]
    unions = set(Member.objects.filter(record__in=numbers).values_list("union", flat=True))
    return set(numbers) | {record for union in sorted(unions) for record in members(union)}


def undo(refs: Iterable[str], by: str) -> tuple[list[Act], bool]:
    """Undo some acts; those acts, and whether the union catalog shows it already.

    :class:`Trouble` ``review_act_unknown``, or ``decision_unknown`` for one that was undone before.
    """
    undone, touched = [], set()
    for ref in refs:
        act = find(ref)
        number = int(ref[1:])
        if ref[0] == "d":
            decisions.undo(number, by=by)
        elif ref[0] == "b":
            decisions.undo_batch(number, by=by)
        elif ref[0] == "c":
            choices.undo_choice(number, by=by)
        elif ref[0] == "g":
            choices.undo_generic(number, by=by)
        else:
            claims.sure_again(number, by)
        if ref[0] in "dbc":
            touched |= _records(act)
        undone.append(act)
    shown = settle(touched) if touched else all(act.kind == "unsure" for act in undone)
    return undone, shown
