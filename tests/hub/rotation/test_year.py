"""A year of a network: 14 partners and 60 schools lend, refuse, lose, restart and pass boxes on. No copy is lost or doubled.

A day at a time, by chance that is the same each time (``LIENTHONG_FULL=1``: the whole year; else ten weeks of it).
"""

from __future__ import annotations

import json
import os
import random
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection

from hub.custody.models import Copy, Custody
from hub.lending import loans, suppliers
from hub.lending.models import Event, Loan
from hub.lending.states import ACTS, STATES, Side
from hub.network.models import Library
from hub.rotation import boxes, making
from hub.rotation.boxes import Signed
from hub.rotation.calendar import Closed
from hub.rotation.models import Box, Handover
from hub.stages.match import match
from hub.stages.merge import merge_due
from schemas.problem import Trouble
from tests.conftest import PROJECT
from tests.hub.provide.network import arrive, source
from tests.hub.stages.books import book, raw

FULL = bool(os.environ.get("LIENTHONG_FULL"))
PARTNERS, SCHOOLS, TITLES, BOXES = 14, 60, 120, 12
FIRST = date(2026, 9, 7)
DAYS = 365 if FULL else 70
KINDS = {"publisher": "publisher", "family_clan": "clan", "private": "private", "school": "school", "commune": "ward"}
TET = Closed(date(2027, 2, 1), date(2027, 2, 14), "Tết")
CHANCE = random.Random(2026)


def partners() -> dict[str, tuple[str, str]]:
    """The 14 sample partners by code, with name and kind; where the shared tables are absent, as many of our own."""
    path = Path(os.environ.get("LIENTHONG_SHARED", PROJECT.parent / "shared")) / "tables" / "vn_sample_partners.json"
    if not path.is_file():
        return {f"P{n:02}": (f"Thư viện {n}", "public") for n in range(PARTNERS)}
    rows = json.loads(path.read_text(encoding="utf-8"))["profiles"]
    return {row["pid"]: (row["name"], KINDS.get(row["cls"], "public")) for row in rows}


def a_network() -> list[str]:
    """Partners with some copies of some titles each, schools with a few."""
    members = partners()
    assert len(members) == PARTNERS
    codes = [*members, *(f"T{n:02}" for n in range(SCHOOLS))]
    for index, code in enumerate(codes):
        school = code not in members
        held = CHANCE.sample(range(TITLES), 4 if school else 40)
        found = source(f"nguon-{code.lower()}", code, f"Trường Tiểu học {code}" if school else members[code][0])
        rows = [
            raw(book(f"{n}", f"Nhan đề thứ {n}", author=f"Tác giả {n}", year=2000 + n % 20, copies=f"{code}.{n}.1 {code}.{n}.2"))
            for n in held
        ]  # fmt: skip
        arrive(found, rows)
        Library.objects.filter(pk=code).update(
            kind="school" if school else members[code][1],
            latitude=20.7 + index % 9 / 20,
            longitude=106.5 + index % 11 / 20,
        )
    match()
    merge_due()
    return codes


class Year:
    """What people do on a day, by chance."""

    def __init__(self, codes: list[str]) -> None:
        self.codes = codes
        self.count = Counter[str]()
        self.late: list[tuple[int, loans.Deed]] = []
        for number in range(BOXES):
            home = Library.objects.filter(kind="public").order_by("pk")[number % 5]
            box = boxes.make(f"H-{number:02}", "", home, "b", by="x")
            rows = (
                suppliers.Holding.objects.filter(library=box.home).order_by("pk").values_list("accessions", flat=True)
            )
            numbers = [one for text in rows for one in text.split("\n")]
            boxes.fill(
                box, numbers[number // 5 * 10 : number // 5 * 10 + 10], by="x", at=datetime(2026, 9, 1, tzinfo=UTC)
            )
        schools = [code for code in codes if Library.objects.get(pk=code).kind == "school"][:30]
        last = FIRST + timedelta(days=max(DAYS, 120))
        self.plan = making.make("Năm học", schools, FIRST, last, 4, [TET], by="x")
        making.put_in_force(self.plan, by="x")
        self.titles = list(suppliers.Union.objects.filter(deleted=False).values_list("pk", flat=True))

    def day(self, day: date) -> None:
        at = datetime(day.year, day.month, day.day, 3, tzinfo=UTC)
        for number in range(2):
            code, union = CHANCE.choice(self.codes), CHANCE.choice(self.titles)
            loan = loans.ask(code, loans.wish(union, number=f"{day:%m%d}-{number}"), by="x", at=at)
            self.count["asked"] += 1
            self.count[f"first {loan.state}"] += 1
        for loan in list(Loan.objects.filter(state__in=suppliers.OPEN)):
            if CHANCE.random() < 0.35:
                self.act(loan, at)
        self.move_boxes(day, at)
        self.count.update(loans.lapse(at + timedelta(hours=9)))
        if CHANCE.random() < 0.1:  # a restart: nothing is kept but the tables
            connection.close()
            self.count["restarts"] += 1

    def act(self, loan: Loan, at: datetime) -> None:
        """Somebody does one of the things that are possible; now and then twice, or what a message of long ago says."""
        both = {Side.REQUESTER, Side.SUPPLIER}
        acts = [name for name in loans.possible(loan, both) if name != "lose" or CHANCE.random() < 0.1]
        name = CHANCE.choice(acts) if CHANCE.random() < 0.3 else acts[0]
        library = loan.requester_id if ACTS[name].side == Side.REQUESTER else str(loan.supplier_id)
        deed = loans.Deed(name, library, "x", at, f"{name}:{at:%j}")
        self.count[name] += 1
        try:
            loans.do(loan.pk, deed)
            loans.do(loan.pk, deed)
        except Trouble as refused:
            if refused.problem.code not in ("copy_elsewhere", "loan_renewals"):
                raise
            self.count[refused.problem.code] += 1
        if CHANCE.random() < 0.2:
            old = loans.Deed(CHANCE.choice(list(ACTS)), library, "x", at, f"old:{at:%j}")
            if old.act in ("agree", "send", "receive", "renew"):
                try:
                    loans.take(loan, old)
                except Trouble as refused:
                    if refused.problem.code != "copy_elsewhere":
                        raise

    def move_boxes(self, day: date, at: datetime) -> None:
        for period, (first, _) in enumerate(self.plan.body["periods"]):
            if first == day.isoformat():
                for move in making.moves(self.plan, period):
                    self.move(Box.objects.get(pk=move.box), move.before, move.after, at, f"{period}")

    def move(self, box: Box, before: str, after: str, at: datetime, key: str) -> None:
        copies = list(box.copies.values_list("copy_id", flat=True))
        missing = {copies[0]: "missing"} if CHANCE.random() < 0.2 else {}
        given = (box, before, after, {}, Signed("A", at, f"{key}:{box.pk}:g", "x"))
        received = (box, after, missing, Signed("B", at + timedelta(hours=3), f"{key}:{box.pk}:r", "x"))
        if CHANCE.random() < 0.3:  # the paper of the second comes first
            boxes.receive(*received)
            boxes.give(*given)
        else:
            boxes.give(*given)
            boxes.receive(*received)
        self.count["boxes moved"] += 1


def check(day: date) -> None:
    """What must be so on every day."""
    for loan in Loan.objects.exclude(state__in=[name for name, state in STATES.items() if state.ends]):
        assert loan.turn, loan.pk
        assert loan.act_by is not None, loan.pk
        assert loan.act_by >= day - timedelta(days=8), (loan.pk, loan.state, loan.act_by)
    known = list(Copy.objects.values_list("library_id", "accession"))
    assert len(known) == len(set(known)), "no copy is doubled"
    lent = Loan.objects.filter(state__in=("sent", "on_loan", "renewal_asked", "recalled", "returned")).values_list(
        "copy", flat=True
    )
    assert max(Counter(lent).values(), default=1) == 1, "no copy is lent twice"
    for loan in Loan.objects.filter(state__in=("on_loan", "renewal_asked", "recalled")).select_related("copy"):
        assert loan.copy is not None
        assert (loan.copy.custodian_id, loan.copy.state) == (loan.requester_id, "with")


def test_a_year_of_the_network(store: str, record_property: pytest.FixtureRequest) -> None:
    if store == "postgresql" and not FULL:
        pytest.skip("on PostgreSQL by LIENTHONG_FULL=1")
    year = Year(a_network())
    for number in range(DAYS):
        day = FIRST + timedelta(days=number)
        year.day(day)
        if number % 7 == 0:
            check(day)
    check(FIRST + timedelta(days=DAYS))
    end = datetime(2027, 12, 1, tzinfo=UTC)
    for loan in list(Loan.objects.filter(state__in=suppliers.OPEN)):  # everything ends when everybody acts
        for _ in range(12):
            loan.refresh_from_db()
            if STATES[loan.state].ends:
                break
            act = loans.possible(loan, {Side.REQUESTER, Side.SUPPLIER})[0]
            library = loan.requester_id if ACTS[act].side == Side.REQUESTER else str(loan.supplier_id)
            try:
                loans.do(loan.pk, loans.Deed(act, library, "x", end, f"end:{act}:{_}"))
            except Trouble:
                loans.do(loan.pk, loans.Deed("refuse", str(loan.supplier_id), "x", end, f"end:refuse:{_}"))
        assert STATES[loan.state].ends, (loan.pk, loan.state)
    away = Copy.objects.exclude(state="lost").exclude(custodian=suppliers.F("library"), state="with", bound="")
    boxed = set(Copy.objects.exclude(bound="").values_list("pk", flat=True))
    assert set(away.values_list("pk", flat=True)) <= boxed, "what is not in a box is at home"
    last = Custody.objects.order_by("copy", "-pk")
    newest: dict[int, Custody] = {}
    for event in last:
        newest.setdefault(event.copy_id, event)
    assert all(newest[copy.pk].custodian_id == copy.custodian_id for copy in Copy.objects.all() if copy.pk in newest)
    assert [one.number for one in Handover.objects.order_by("year", "number")] == [
        n for _, count in sorted(Counter(Handover.objects.values_list("year", flat=True)).items())
        for n in range(1, count + 1)
    ]  # fmt: skip
    assert year.count["boxes moved"] > 0
    assert year.count["silent"] > 0
    assert Event.objects.filter(fate="late").exists()
    record_property("year", dict(year.count))  # type: ignore[operator]
    print(dict(year.count))
