"""Two people do not get the same question: who is at one has it for some minutes, or until the answer."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from hub.catalog import bulk, writes
from hub.catalog.models import Question
from hub.catalog.questions import Chosen, chosen
from hub.review.models import Claim, Unsure

HELD = timedelta(minutes=20)
LATER = timedelta(days=3)  # until a question comes back to a person who was not sure
TRIED = 20  # questions tried at a time, of which others may take some meanwhile
EVERY = Chosen()
Pair = tuple[int, int]


def free(wanted: Chosen, by: str) -> QuerySet[Question]:
    """The questions that may be given to a person: nobody else is at them, and the person was not unsure of late."""
    now = timezone.now()
    this = {"first": OuterRef("first"), "second": OuterRef("second")}
    taken = Claim.objects.filter(**this, until__gt=now).exclude(by=by)
    unsure = Unsure.objects.filter(**this, by=by, at__gt=now - LATER)
    return chosen(wanted).filter(~Exists(taken), ~Exists(unsure))


def mine(by: str, wanted: Chosen = EVERY) -> QuerySet[Question]:
    """The questions a person is at."""
    held = Claim.objects.filter(by=by, until__gt=timezone.now())
    firsts = list(held.values_list("first", flat=True))
    this = held.filter(first=OuterRef("first"), second=OuterRef("second"))
    return chosen(wanted).filter(Exists(this), first__in=firsts)


def take(by: str, wanted: Chosen, count: int = 1) -> list[Pair]:
    """Give a person the next questions: those already held first, then the best that are free."""
    held = list(mine(by, wanted).values_list("first", "second")[:count])
    known = set(held)
    if len(held) < count:
        for pair in free(wanted, by).values_list("first", "second")[: count + TRIED]:
            if pair not in known and hold(pair, by):
                held.append(pair)
                if len(held) == count:
                    break
    return held


def hold(pair: Pair, by: str, *, over: bool = False) -> bool:
    """A person is at a question from now on, unless somebody else is (``over``: even so)."""
    now = timezone.now()
    table = bulk.table(Claim)
    sql = (
        f'INSERT INTO {table} ("first", "second", "by", "until") VALUES (%s, %s, %s, %s)'
        ' ON CONFLICT ("first", "second") DO UPDATE SET "by" = excluded."by", "until" = excluded."until"'
        f' WHERE {table}."until" <= %s OR {table}."by" = excluded."by"'
    )
    values = [*pair, by, writes.stamp(now + HELD)]
    with transaction.atomic():
        if over:
            Claim.objects.filter(first=pair[0], second=pair[1]).delete()
        return bulk.execute(sql, [*values, writes.stamp(now)]) == 1


def let_go(pairs: list[Pair]) -> None:
    """Nobody is at these questions any more."""
    for first, second in pairs:
        Claim.objects.filter(first=first, second=second).delete()
    Claim.objects.filter(until__lt=timezone.now() - timedelta(days=1)).delete()


def holder(pair: Pair, by: str) -> Claim | None:
    """Who else is at a question."""
    found = Claim.objects.filter(first=pair[0], second=pair[1], until__gt=timezone.now()).exclude(by=by)
    return found.first()


def unsure(pair: Pair, by: str) -> Unsure:
    """A person is not sure: the question goes to others, and comes back later. Whoever else is at it stays at it."""
    with transaction.atomic():
        made, _ = Unsure.objects.update_or_create(first=pair[0], second=pair[1], by=by, defaults={"at": timezone.now()})
        writes.audit(by, "match.unsure", f"{pair[0]} {pair[1]}")
        Claim.objects.filter(first=pair[0], second=pair[1], by=by).delete()
    return made


def sure_again(number: int, by: str) -> None:
    """The question of an :class:`Unsure` comes back at once to the person who was not sure."""
    with transaction.atomic():
        row = Unsure.objects.get(pk=number)
        row.delete()
        writes.audit(by, "match.unsure_undone", f"{row.first} {row.second}")


def times_unsure(pair: Pair) -> list[str]:
    """Who was not sure about a question."""
    found = Unsure.objects.filter(first=pair[0], second=pair[1]).order_by("at")
    return list(found.values_list("by", flat=True))
