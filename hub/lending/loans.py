"""Loans, from the request until the copy is at home again. The one writer of the tables of loans.

An act comes from a page (:func:`do`: refused where it is not its time) or from a message (:func:`take`: kept whatever
it is, because messages arrive twice, late and in any order). Copies change hands in the same transaction, so that each
has one custodian at every moment; the other library is told by the outbox in it too.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from hub.accounts import audit
from hub.catalog import reads
from hub.lending import carrying, outbox, suppliers
from hub.lending.models import Candidate, Event, Loan
from hub.lending.states import ACTS, STATES, USUAL, Fate, Place, Side, follow, judge
from hub.network.policies import policies
from schemas.problem import Trouble

NUMBER = re.compile(r"[A-Za-z0-9][A-Za-z0-9./_-]{0,39}")
PHONE = re.compile(r"(0|84)\d{8,10}")
GRACE = timedelta(days=7)  # after the day something was to be done, until the coordinator is asked
REMIND = timedelta(days=7)  # between two reminders
HUB = "lienthong"
REASONS = ("not_on_shelf", "in_use", "not_lent", "damaged", "other")
NOTE = 500


@dataclass(frozen=True, slots=True)
class Wish:
    """What a library asks for. ``number`` is its own; "": the hub gives one. ``named``: only this supplier is asked."""

    union: int | None
    title: str
    author: str = ""
    edition: str = ""
    isbn: str = ""
    any_edition: bool = False
    needed_by: date | None = None
    note: str = ""
    number: str = ""
    named: str = ""


@dataclass(frozen=True, slots=True)
class Deed:
    """An act with who does it, for which library (``None``: the hub), when; ``key`` names it, for what comes twice."""

    act: str
    library: str | None
    by: str
    at: datetime
    key: str
    facts: Mapping[str, Any] = field(default_factory=dict)


def wish(union: int, **values: Any) -> Wish:
    """The wish for a record of the union catalog."""
    said = reads.descriptions([union]).get(union)
    if said is None:
        raise Trouble("loan_nothing")
    title = " ".join(filter(None, (said.title, said.part)))
    edition = ", ".join(filter(None, (said.edition, said.publisher, str(said.year or ""))))
    people = "; ".join(name for name, *_ in said.people[:3])
    isbn = said.isbns[0] if said.isbns else ""
    return Wish(union, title[:500], people[:300], edition[:300], isbn, **values)


def check_number(number: str) -> str:
    """A requester's number is opaque: letters and digits, no name, telephone or e-mail (:class:`Trouble`)."""
    number = number.strip()
    digits = number.replace(".", "").replace("-", "")
    if number and (not NUMBER.fullmatch(number) or not re.search(r"\d", number) or PHONE.fullmatch(digits)):
        raise Trouble("loan_number", number=number[:40])
    return number


def ask(requester: str, asked: Wish, *, by: str, at: datetime) -> Loan:
    """A library asks; the first supplier is asked at once. A number that it has used already is the same request."""
    number = check_number(asked.number)
    with transaction.atomic():
        known = Loan.objects.filter(requester=requester, number=number).first() if number else None
        if known is not None:
            return known
        loan = Loan.objects.create(
            requester_id=requester,
            number=number or f"?{at.timestamp()}",
            union=asked.union,
            title=asked.title or "?",
            author=asked.author,
            edition=asked.edition,
            isbn=asked.isbn,
            any_edition=asked.any_edition,
            needed_by=asked.needed_by,
            note=asked.note[:NOTE],
            asked_at=at,
            asked_by=by,
            changed_at=at,
            turn=Side.SUPPLIER,
        )
        if not number:
            loan.number = f"M{loan.pk}"
        _note(loan, Deed("ask", requester, by, at, "ask"), Fate.APPLIED)
        if asked.named:
            Candidate.objects.create(loan=loan, library_id=asked.named, position=1, reasons={"named": True})
        _next_supplier(loan, at)
        loan.save()
        audit.record(by, "loan.asked", f"{requester}/{loan.number}", title=loan.title)
    return loan


def _next_supplier(loan: Loan, at: datetime, facts: Mapping[str, Any] | None = None) -> None:
    """Ask the next library; with nobody left the request ends unfilled, with the last one as its supplier."""
    one = _first(loan)
    if one is None:
        loan.state = "unfilled"
        _turn(loan, at)
        loan.save()
        outbox.say(loan, "unfilled", facts or {}, at)
        return
    one.answer = Candidate.Answer.ASKED
    one.save(update_fields=["answer"])
    loan.supplier, loan.supplier_number, loan.state = one.library, "", "asked"
    _turn(loan, at)
    loan.save()
    outbox.say(loan, "ask", {}, at)


def _first(loan: Loan) -> Candidate | None:
    """Who is asked next, by what is so today: copies that have come home, policies that have changed."""
    tried = set(loan.candidates.exclude(answer=Candidate.Answer.WAITS).values_list("library_id", flat=True))
    waiting = loan.candidates.filter(answer=Candidate.Answer.WAITS)
    if loan.union is None or loan.candidates.filter(reasons__named=True).exists():
        return waiting.first()
    waiting.delete()
    unions = suppliers.wanted(loan.union, loan.any_edition)
    rows = suppliers.choose(loan.requester_id, unions, timezone.localdate(loan.changed_at))
    new = [row for row in rows if row[0].pk not in tried]
    for position, (library, reasons) in enumerate(new, start=len(tried) + 1):
        Candidate.objects.create(loan=loan, library=library, position=position, reasons=reasons.as_json())
    return next((one for one in loan.candidates.filter(answer=Candidate.Answer.WAITS) if not one.reasons["why"]), None)


def do(number: int, deed: Deed) -> Loan:
    """What somebody does on a page. Not its time: :class:`Trouble` ``loan_not_now``; nothing is changed."""
    with transaction.atomic():
        loan = Loan.objects.select_for_update().get(pk=number)
        if Event.objects.filter(loan=loan, key=deed.key).exists():
            return loan
        if judge(loan.state, deed.act) is not Fate.APPLIED:
            raise Trouble("loan_not_now", state=loan.state)
        if deed.act == "renew":
            _check_renewal(loan)
        _take(loan, deed)
        audit.record(deed.by, "loan.act", f"{loan.requester_id}/{loan.number}", done=deed.act, **_plain(deed.facts))
    return loan


def write(number: int, deed: Deed) -> None:
    """A word to the other library; it changes no state."""
    with transaction.atomic():
        loan = Loan.objects.select_for_update().get(pk=number)
        if not Event.objects.filter(loan=loan, key=deed.key).exists():
            _note(loan, deed, Fate.APPLIED)
            outbox.say(loan, "note", deed.facts, deed.at, of=deed.library)


def _check_renewal(loan: Loan) -> None:
    assert loan.supplier_id is not None
    if loan.renewals >= policies([loan.supplier_id])[loan.supplier_id].renewals:
        raise Trouble("loan_renewals", count=loan.renewals)


def take(loan: Loan, deed: Deed) -> Fate:
    """What a message says was done: applied, kept until its time, or late. The same key changes nothing."""
    with transaction.atomic():
        loan = Loan.objects.select_for_update().get(pk=loan.pk)
        known = Event.objects.filter(loan=loan, key=deed.key).first()
        if known is not None:
            return Fate(known.fate)
        if deed.act not in ACTS:
            return _note(loan, deed, Fate.APPLIED)
        if not _is_of(loan, deed):
            return _note(loan, deed, Fate.LATE)
        return _take(loan, deed)


def _is_of(loan: Loan, deed: Deed) -> bool:
    """Whether the library that acts is the one whose act it is; a supplier that was given up is not any more."""
    side = ACTS[deed.act].side
    return (side != Side.SUPPLIER and deed.library == loan.requester_id) or (
        side != Side.REQUESTER and deed.library == loan.supplier_id
    )


def _take(loan: Loan, deed: Deed) -> Fate:
    waiting = list(loan.events.filter(fate=Fate.EARLY))
    event = Event(
        loan=loan, key=deed.key, act=deed.act, library_id=deed.library, by=deed.by, at=deed.at, facts=dict(deed.facts)
    )
    taken, left = follow(loan.state, waiting, event)
    event.fate, event.state = (Fate.EARLY if event in left else Fate.LATE), loan.state
    for one in taken:
        _happen(loan, one)
        one.fate, one.state = Fate.APPLIED, loan.state
        one.save()
        outbox.say(loan, one.act, one.facts, deed.at, of=one.library_id)
    if event.pk is None:
        event.save()
    if taken:
        over = [one.pk for one in waiting if one not in taken and one not in left]
        loan.events.filter(pk__in=over).update(fate=Fate.LATE)
        if taken[-1].act == "refuse":
            _refused(loan, taken[-1])
        loan.save()
    return Fate(event.fate)


def _happen(loan: Loan, event: Event) -> None:
    """The loan goes on to the next state, and its copy along with it."""
    before, after = STATES[loan.state], STATES[ACTS[event.act].to]
    said = event.facts
    if event.act == "refuse":
        return
    carrying.carry(loan, before.place, after.place, event)
    assert loan.supplier_id is not None
    days = policies([loan.supplier_id])[loan.supplier_id].days
    day = timezone.localdate(event.at)
    due = date.fromisoformat(said["due"]) if said.get("due") else None
    if event.act == "renew_yes":
        loan.renewals += 1
        loan.due = due or max(loan.due or day, day) + timedelta(days=days)
    elif due is not None:
        loan.due = due
    elif loan.due is None and after.rank in (2, 3):
        loan.due = day + timedelta(days=days)
    loan.supplier_number = said.get("number") or loan.supplier_number
    loan.state = ACTS[event.act].to
    _turn(loan, event.at)


def _refused(loan: Loan, event: Event) -> None:
    silent = event.facts.get("why") == "silent"
    answer = Candidate.Answer.SILENT if silent else Candidate.Answer.REFUSED
    why = str(event.facts.get("why", ""))[:40]
    loan.candidates.filter(library=loan.supplier_id).update(answer=answer, why=why, answered_at=event.at)
    loan.changed_at = event.at
    _next_supplier(loan, event.at, event.facts)
    event.state = loan.state
    event.save(update_fields=["state"])


def _turn(loan: Loan, at: datetime) -> None:
    """Whose turn it is now, and until when."""
    state, day = STATES[loan.state], timezone.localdate(at)
    loan.turn, loan.changed_at = state.turn, at
    loan.act_by = None if state.ends else day + timedelta(days=state.days) if state.days else max(loan.due or day, day)


def _note(loan: Loan, deed: Deed, fate: Fate) -> Fate:
    Event.objects.create(
        loan=loan,
        key=deed.key,
        act=deed.act,
        library_id=deed.library,
        by=deed.by,
        at=deed.at,
        fate=fate,
        state=loan.state,
        facts=dict(deed.facts),
    )
    return fate


def lapse(now: datetime) -> dict[str, int]:
    """What time brings: the next supplier where one is silent, reminders, the coordinator where nobody acts."""
    day, done = timezone.localdate(now), {"silent": 0, "reminded": 0, "handed_over": 0}
    for number in _open().filter(act_by__lt=day).values_list("pk", flat=True):
        with transaction.atomic():
            loan = Loan.objects.select_for_update().get(pk=number)
            if loan.act_by is None or loan.act_by >= day:  # somebody has acted since
                continue
            for name in _lapsed(loan, day, now):
                done[name] += 1
    return done


def _lapsed(loan: Loan, day: date, now: datetime) -> list[str]:
    """What comes about for a loan that waits too long."""
    done = []
    if loan.state == "asked":
        _take(loan, Deed("refuse", None, HUB, now, f"silent:{loan.supplier_id}", {"why": "silent"}))
        return ["silent"]
    there = STATES[loan.state].place is Place.THERE
    if there and loan.due and loan.due < day and (loan.overdue_told or date.min) <= day - REMIND:
        loan.overdue_told = day
        _note(loan, Deed("overdue", None, HUB, now, f"overdue:{day}"), Fate.APPLIED)
        outbox.say(loan, "overdue", {}, now)
        done.append("reminded")
    if loan.act_by is not None and loan.act_by < day - GRACE:
        loan.turn, loan.act_by = Side.COORDINATOR, day + GRACE
        _note(loan, Deed("handed_over", None, HUB, now, f"over:{day}"), Fate.APPLIED)
        done.append("handed_over")
    if done:
        loan.save()
    return done


def _open() -> QuerySet[Loan]:
    return Loan.objects.filter(state__in=suppliers.OPEN)


def of_library(code: str) -> QuerySet[Loan]:
    """The loans of a library, asked for by it or from it: also those it was asked for before another."""
    asked = Q(candidates__library=code) & ~Q(candidates__answer=Candidate.Answer.WAITS)
    return Loan.objects.filter(Q(requester=code) | Q(supplier=code) | asked).distinct()


def may_see(loan: Loan, codes: frozenset[str] | None) -> bool:
    """Whether who acts for these libraries may see a loan (``None``: all)."""
    return codes is None or any(of_library(code).filter(pk=loan.pk).exists() for code in codes)


def sides(loan: Loan, codes: frozenset[str] | None) -> set[Side]:
    """For which sides who acts for these libraries may act."""
    mine = {Side.REQUESTER} if codes is None or loan.requester_id in codes else set()
    return mine | ({Side.SUPPLIER} if loan.supplier_id and (codes is None or loan.supplier_id in codes) else set())


def possible(loan: Loan, mine: set[Side]) -> list[str]:
    """What these sides can do now, the usual first."""
    found = [
        name
        for name, act in ACTS.items()
        if loan.state in act.at and (act.side in mine or (act.side == Side.NOBODY and mine))
    ]
    found = [name for name in found if name != "renew" or _can_renew(loan)]
    return sorted(found, key=lambda name: name != USUAL.get(loan.state))


def _can_renew(loan: Loan) -> bool:
    try:
        _check_renewal(loan)
    except Trouble:
        return False
    return True


def library_of(loan: Loan, act: str, mine: set[Side]) -> str:
    """For which library an act is done by who may act for these sides."""
    side = ACTS[act].side or (Side.REQUESTER if Side.REQUESTER in mine else Side.SUPPLIER)
    if side not in mine:
        raise Trouble("loan_not_yours")
    return str(loan.requester_id if side == Side.REQUESTER else loan.supplier_id)


def _plain(facts: Mapping[str, Any]) -> dict[str, str]:
    return {name: str(value)[:100] for name, value in facts.items() if name in ("due", "accession", "why")}
