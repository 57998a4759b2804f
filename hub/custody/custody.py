"""Copies change hands: sent by their custodian, received by the next, lost and found. One custodian at every moment.

Each act has a ``key``; the same key again changes nothing, so that what comes twice, late or from a USB stick does no
harm. An act that its copies do not allow (sent by who does not have them) is a :class:`Trouble` and changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import F, QuerySet

from hub.custody.models import Copy, Custody
from schemas.problem import Trouble

State, Act = Copy.State, Custody.Act


@dataclass(frozen=True, slots=True)
class Deed:
    """Why copies change hands: ``reason`` ("loan", "rotation"), the loan's or box's number, who did it and when.

    ``key`` names the act: with the same key it is the same act.
    """

    reason: str
    reference: str
    key: str
    by: str
    at: datetime


def known(library: str, accession: str, *, title: str = "", union: int | None = None, at: datetime) -> Copy:
    """The copy of a library with that accession number; made, at home, when it has never left before."""
    values = {"title": title[:500], "union": union, "custodian_id": library, "since": at}
    return Copy.objects.get_or_create(library_id=library, accession=accession, defaults=values)[0]


def send(copies: Sequence[int], custodian: str, deed: Deed) -> None:
    """Its custodian gives copies away; it answers for them until somebody has signed."""
    _act(copies, Act.SENT, deed, custodian, State.ON_THE_WAY, lambda one: one.state == State.WITH, custodian)


def receive(copies: Sequence[int], custodian: str, deed: Deed) -> None:
    """A library signs for copies that were on the way: it answers for them from now on."""
    _act(copies, Act.RECEIVED, deed, custodian, State.WITH, lambda one: one.state == State.ON_THE_WAY, None)


def lose(copies: Sequence[int], deed: Deed) -> None:
    """Copies are lost; who answered for them does so still."""
    _act(copies, Act.LOST, deed, None, State.LOST, lambda one: one.state != State.LOST, None)


def find(copies: Sequence[int], custodian: str, deed: Deed) -> None:
    """Lost copies turn up at a library, which answers for them from now on."""
    _act(copies, Act.FOUND, deed, custodian, State.WITH, lambda one: one.state == State.LOST, None)


def _act(
    copies: Sequence[int],
    act: Custody.Act,
    deed: Deed,
    custodian: str | None,
    state: Copy.State,
    allowed: Callable[[Copy], bool],
    holder: str | None,
) -> None:
    with transaction.atomic():
        rows = list(Copy.objects.select_for_update().filter(pk__in=copies).order_by("pk"))
        done = set(Custody.objects.filter(key=deed.key, copy__in=copies).values_list("copy_id", flat=True))
        for one in rows:
            if one.pk in done:
                continue
            if (
                (one.bound and deed.reason == "loan" and act == Act.SENT and one.custodian_id == one.library_id)
                or (not allowed(one))
                or (holder is not None and one.custodian_id != holder)
            ):
                raise Trouble("copy_elsewhere", accession=one.accession, library=one.custodian_id, state=one.state)
            one.custodian_id = custodian or one.custodian_id
            one.state, one.since = state, deed.at
            one.save(update_fields=["custodian", "state", "since"])
            Custody.objects.create(
                copy=one,
                act=act,
                custodian_id=one.custodian_id,
                reason=deed.reason,
                reference=deed.reference,
                key=deed.key,
                at=deed.at,
                by=deed.by,
            )


def bind(copies: Iterable[int], box: str) -> None:
    """Copies are in a box from now on (``""``: in none)."""
    Copy.objects.filter(pk__in=list(copies)).update(bound=box)


def away(library: str) -> QuerySet[Copy]:
    """A library's own copies that are not at home now."""
    return Copy.objects.filter(library=library).exclude(custodian=library, state=State.WITH)


def where(unions: Iterable[int]) -> QuerySet[Copy]:
    """The copies of union records that are not at home now, with who has them."""
    found = Copy.objects.filter(union__in=list(unions)).select_related("library", "custodian")
    return found.exclude(custodian=F("library"), state=State.WITH)
