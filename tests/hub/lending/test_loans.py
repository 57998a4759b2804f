"""Loans on both databases: who is asked, whose turn it is, where the copy is."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from hub.custody.models import Copy
from hub.lending import loans, suppliers
from hub.lending.models import Event, Loan
from hub.lending.states import Side
from hub.network.models import Group, LendingPolicy, Library, Membership
from schemas.problem import Trouble
from tests.hub.lending.conftest import CITY, NOW, SCHOOL, TITLE, WARD, act, asked, union_of

DAY = date(2026, 9, 7)


def where(loan: Loan) -> tuple[str, str]:
    copy = Copy.objects.get(pk=loan.copy_id)
    return copy.custodian_id, copy.state


def test_a_loan_from_the_request_to_the_shelf(three: str) -> None:
    loan = asked()
    assert (loan.title, loan.author, loan.supplier_id, loan.state) == (TITLE, "Tô Hoài", CITY, "asked")
    assert (loan.turn, loan.act_by) == (Side.SUPPLIER, DAY + timedelta(days=3))
    assert loan.number == f"M{loan.pk}"
    act(loan, "agree")
    loan = act(loan, "send", accession="TP.2")
    assert where(loan) == (CITY, "on_the_way")
    assert (loan.turn, loan.due) == (Side.REQUESTER, DAY + timedelta(days=30))
    loan = act(loan, "receive", days=2)
    assert where(loan) == (SCHOOL, "with")
    assert loan.act_by == loan.due == DAY + timedelta(days=30)
    loan = act(act(loan, "renew", days=20), "renew_yes", days=21)
    assert (loan.due, loan.renewals) == (DAY + timedelta(days=60), 1)
    with pytest.raises(Trouble, match="renewed 1 times"):
        act(loan, "renew", days=22)
    loan = act(act(loan, "return", days=40), "check_in", days=42)
    assert where(loan) == (CITY, "with")
    assert (loan.state, loan.turn, loan.act_by) == ("done", "", None)
    assert list(loan.events.values_list("act", flat=True)) == [
        "ask", "agree", "send", "receive", "renew", "renew_yes", "return", "check_in",
    ]  # fmt: skip


def test_what_is_not_its_time_changes_nothing(three: str) -> None:
    loan = asked()
    with pytest.raises(Trouble) as refused:
        act(loan, "renew")
    assert refused.value.problem.code == "loan_not_now"
    assert loan.events.count() == 1
    assert not Copy.objects.exists()


def test_the_next_is_asked_and_with_nobody_left_it_ends(three: str) -> None:
    loan = act(asked(), "refuse", why="in_use")
    assert (loan.supplier_id, loan.state, loan.turn) == (WARD, "asked", Side.SUPPLIER)
    assert {one.library_id: one.answer for one in loan.candidates.all()} == {CITY: "refused", WARD: "asked"}
    loan = act(loan, "refuse", days=1)
    assert (loan.supplier_id, loan.state, loan.turn, loan.act_by) == ("HP-P", "unfilled", "", None)


def test_who_is_silent_is_passed_over(three: str) -> None:
    loan = asked()
    assert loans.lapse(NOW + timedelta(days=3))["silent"] == 0
    assert loans.lapse(NOW + timedelta(days=4))["silent"] == 1
    loan.refresh_from_db()
    assert (loan.supplier_id, loan.act_by) == (WARD, DAY + timedelta(days=7))
    assert loan.candidates.get(library=CITY).answer == "silent"


def test_who_keeps_a_book_too_long_is_reminded_and_then_the_coordinator_is_asked(three: str) -> None:
    loan = act(act(asked(), "send"), "receive")
    assert loans.lapse(NOW + timedelta(days=31)) == {"silent": 0, "reminded": 1, "handed_over": 0}
    assert loans.lapse(NOW + timedelta(days=32))["reminded"] == 0
    assert loans.lapse(NOW + timedelta(days=38)) == {"silent": 0, "reminded": 1, "handed_over": 1}
    loan.refresh_from_db()
    assert (loan.turn, loan.act_by) == (Side.COORDINATOR, DAY + timedelta(days=45))
    assert act(loan, "return", days=39).turn == Side.SUPPLIER


def test_cancelling_is_asked_and_answered(three: str) -> None:
    first, second = asked("A-1"), asked("A-2")
    assert act(act(first, "cancel"), "cancel_yes").state == "cancelled"
    second = act(second, "cancel")
    assert act(second, "send").state == "sent", "it was on its way already"


def test_a_lost_copy_is_found_or_settled(three: str) -> None:
    loan = act(act(asked(), "send"), "receive")
    loan = act(loan, "lose", days=3)
    assert (where(loan), loan.turn) == ((SCHOOL, "lost"), Side.SUPPLIER)
    loan = act(loan, "find", days=4)
    assert (where(loan), loan.state) == ((SCHOOL, "with"), "on_loan")
    loan = act(act(loan, "lose", days=5), "settle", days=6)
    assert (where(loan), loan.state) == ((SCHOOL, "lost"), "settled")


def test_the_last_copy_is_not_promised_twice(three: str) -> None:
    first, second, third = (asked(f"A-{number}") for number in range(3))
    assert [one.supplier_id for one in (first, second, third)] == [CITY, CITY, WARD]
    assert asked("A-3").state == "unfilled"
    act(first, "send", accession="TP.1")
    with pytest.raises(Trouble, match=r"TP\.1"):
        act(second, "send", accession="TP.1")
    assert act(second, "send").copy.accession == "TP.2", "one that is at home"


def test_the_same_number_is_the_same_request(three: str) -> None:
    assert asked("PM-7").pk == asked("PM-7").pk
    assert Loan.objects.count() == 1


@pytest.mark.parametrize(
    "number", ["Nguyễn An 3A", "0912345678", "84 912345678", "lan@truong.vn", "Lan", "x" * 41, "09.1234.5678", "<b>1"]
)
def test_a_number_says_nothing_about_a_reader(three: str, number: str) -> None:
    with pytest.raises(Trouble, match="cannot be the number"):
        asked(number)
    assert not Loan.objects.exists()


def reasons() -> dict[str, suppliers.Reasons]:
    return {one.pk: why for one, why in suppliers.choose(SCHOOL, [union_of()], DAY)}


def test_who_is_asked_first_has_its_reasons(three: str) -> None:
    found = reasons()
    assert list(found) == [CITY, WARD]
    assert (found[CITY].km, found[CITY].copies, found[WARD].copies) == (2, 2, 1)
    assert found[WARD].km > 30
    group = Group.objects.create(code="LL", name="Cụm", since=DAY)
    for code in (SCHOOL, WARD):
        Membership.objects.create(group=group, library_id=code, since=DAY)
    assert list(reasons()) == [WARD, CITY], "those who have agreed to share come before the nearer"


@pytest.mark.parametrize(
    ("values", "why"),
    [({"lends": False}, "nothing"), ({"groups_only": True}, "group"), ({"most": 0}, "most")],
)
def test_who_is_not_asked_has_a_reason(three: str, values: dict[str, object], why: str) -> None:
    LendingPolicy.objects.create(library_id=CITY, changed_at=NOW, changed_by="Lan", **({"lends": True} | values))
    assert [(code, one.why) for code, one in reasons().items()] == [(WARD, ""), (CITY, why)]


def test_somebodys_home_lends_nothing_unless_it_says_so(three: str) -> None:
    Library.objects.filter(pk=WARD).update(kind="family")
    assert reasons()[WARD].why == "nothing"


def test_every_event_is_kept_with_who_did_it(three: str) -> None:
    loan = act(asked(), "agree")
    assert [(one.act, one.library_id, one.by, one.state) for one in Event.objects.filter(loan=loan)] == [
        ("ask", SCHOOL, "Lan", "asked"),
        ("agree", CITY, "Lan", "promised"),
    ]


def test_what_is_on_its_way_back_is_not_called_overdue(three: str) -> None:
    loan = act(act(act(asked(), "send"), "receive"), "return", days=29)
    assert loans.lapse(NOW + timedelta(days=45)) == {"silent": 0, "reminded": 0, "handed_over": 0}
    loan.refresh_from_db()
    changed = loan.changed_at
    assert loans.lapse(NOW + timedelta(days=52))["handed_over"] == 1
    loan.refresh_from_db()
    assert (loan.turn, loan.changed_at) == (Side.COORDINATOR, changed)
