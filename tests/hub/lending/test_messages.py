"""Loans by ISO 18626 messages: twice, late, in any order, by somebody else; and what goes out."""

from __future__ import annotations

import os
import random
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import permutations

import pytest
from django.test import Client

from hub.accounts import keys
from hub.accounts.models import User
from hub.accounts.rights import Given, Reader
from hub.catalog.reads import union_uid
from hub.custody.models import Copy
from hub.lending import inbox, messages, outbox
from hub.lending.models import Address, Event, Loan, Outgoing, Received
from hub.stages.publish import publish
from schemas.iso18626 import Message, Request, RequestingAgencyMessage, SupplyingAgencyMessage
from schemas.iso18626_codes import Action, MessageStatus, Reason, ServiceType, Status, YesNo
from schemas.iso18626_parts import (
    AgencyId,
    BibliographicInfo,
    DeliveryInfo,
    Header,
    ItemId,
    MessageInfo,
    Moment,
    Pair,
    PatronInfo,
    ServiceInfo,
    StatusInfo,
)
from schemas.iso18626_xml import LARGEST, read, write
from tests.accounts_in_tests import somebody
from tests.hub.lending.conftest import CITY, NOW, SCHOOL, TITLE, WARD, act, asked, union_of

FULL = bool(os.environ.get("LIENTHONG_FULL"))
ISIL = Pair("ISIL")


class Program(Reader):
    """A library's own system."""

    is_authenticated = True

    def __init__(self, code: str) -> None:
        self.code, self.signature = code, f"system of {code}"

    def given(self) -> list[Given]:
        return [Given("partner_librarian", self.code)]


def header(at: datetime, number: str = "S-1", supplier: str = CITY, requester: str = SCHOOL) -> Header:
    return Header(AgencyId(ISIL, supplier), AgencyId(ISIL, requester), "", Moment.of(at), number)


def said(name: str, minute: int, number: str = "S-1", supplier: str = CITY) -> Message:
    """A message of a loan by its act."""
    head = header(NOW + timedelta(minutes=minute), number, supplier)
    if name == "ask":
        return Request(head, BibliographicInfo(title=TITLE, bibliographic_item_id=(ItemId("x", Pair("ISBN")),)))
    actions = {action: one for one, action in messages.ACTIONS.items()} | {Action.RECEIVED: "receive"}
    for action, one in actions.items():
        if one == name:
            return RequestingAgencyMessage(head, action)
    statuses = {
        "agree": (Reason.REQUEST_RESPONSE, None, Status.WILL_SUPPLY),
        "refuse": (Reason.REQUEST_RESPONSE, None, Status.UNFILLED),
        "send": (Reason.STATUS_CHANGE, None, Status.LOANED),
        "renew_yes": (Reason.RENEW_RESPONSE, YesNo.YES, Status.LOANED),
        "cancel_yes": (Reason.CANCEL_RESPONSE, YesNo.YES, Status.CANCELLED),
        "check_in": (Reason.STATUS_CHANGE, None, Status.LOAN_COMPLETED),
    }
    reason, answer, status = statuses[name]
    sent = DeliveryInfo(head.timestamp, item_id="TP.2") if name == "send" else None
    return SupplyingAgencyMessage(head, MessageInfo(reason, answer), StatusInfo(status, head.timestamp), sent)


def deliver(message: Message, code: str = "", minute: int = 0) -> MessageStatus:
    """A message from the system of a library; whether it was taken."""
    speaker = CITY if isinstance(message, SupplyingAgencyMessage) else SCHOOL
    answer = read(inbox.receive(write(message), Program(code or speaker), NOW + timedelta(minutes=minute)))
    status: MessageStatus = answer.confirmation_header.message_status  # type: ignore[union-attr]
    assert answer.confirmation_header.timestamp == message.header.timestamp  # type: ignore[union-attr]
    return status


def state() -> tuple[str, str]:
    loan = Loan.objects.get()
    return loan.state, loan.turn


SEVEN = ("agree", "send", "receive", "renew", "renew_yes", "return", "check_in")


def test_a_loan_by_messages_alone(three: str) -> None:
    for minute, name in enumerate(("ask", *SEVEN)):
        assert deliver(said(name, minute), minute=minute) == MessageStatus.OK, name
    assert state() == ("done", "")
    copy = Copy.objects.get()
    assert (copy.accession, copy.custodian_id, copy.state) == ("TP.2", CITY, "with")
    assert copy.events.count() == 4
    assert Received.objects.count() == 8


def test_every_order_of_seven_with_each_twice_loses_and_doubles_no_copy(three: str) -> None:
    orders = list(permutations(SEVEN))
    chosen = orders if FULL else random.Random(7).sample(orders, 12)
    for number, order in enumerate(chosen):
        name = f"S-{number}"
        deliver(said("ask", 0, name))
        for at, one in enumerate(order, start=1):
            message = said(one, SEVEN.index(one) + 1, name)
            assert deliver(message, minute=at) == deliver(message, minute=at + 1) == MessageStatus.OK
        loan = Loan.objects.get(number=name)
        assert (loan.state, loan.turn, loan.act_by) == ("done", "", None), order
        assert not loan.events.filter(fate="early").exists()
    assert set(Copy.objects.values_list("library", "custodian", "state")) <= {(CITY, CITY, "with")}
    assert len(set(Event.objects.values_list("loan", "key"))) == Event.objects.count()


def test_what_comes_before_its_request_waits_for_it(three: str) -> None:
    assert deliver(said("receive", 3)) == MessageStatus.ERROR
    assert deliver(said("ask", 0)) == MessageStatus.OK
    assert state()[0] == "on_loan", "what was received was sent"
    assert deliver(said("receive", 3)) == MessageStatus.OK


def test_nobody_speaks_for_another(three: str) -> None:
    assert deliver(said("ask", 0), code=WARD) == MessageStatus.ERROR
    assert not Loan.objects.exists()
    deliver(said("ask", 0))
    assert deliver(said("agree", 1), code=WARD) == MessageStatus.ERROR
    assert deliver(said("agree", 1, supplier=WARD), code=WARD) == MessageStatus.ERROR, "a loan it was not asked for"
    assert state()[0] == "asked"


def test_who_was_given_up_changes_nothing_any_more(three: str) -> None:
    loan = act(asked("S-1"), "refuse")
    assert loan.supplier_id == WARD
    assert deliver(said("send", 1)) == MessageStatus.OK
    loan.refresh_from_db()
    assert (loan.state, loan.supplier_id) == ("asked", WARD)
    assert loan.events.latest("pk").fate == "late"
    assert not Copy.objects.exists()


def test_the_reader_in_a_request_is_not_kept(three: str) -> None:
    message = replace(said("ask", 0), patron_info=PatronInfo(patron_id="HS-77", surname="Nguyễn Văn An"))
    deliver(message)
    assert b"Nguy" not in bytes(Received.objects.get().body)
    assert b"HS-77" not in bytes(Received.objects.get().body)


def test_a_book_is_found_by_the_number_of_our_record_and_by_isbn(three: str) -> None:
    publish()
    ours = messages.request(asked("S-9"), NOW)
    info = replace(ours.bibliographic_info, bibliographic_item_id=())
    nobody = header(NOW, "S-2", supplier="")
    assert deliver(Request(nobody, info)) == MessageStatus.OK
    loan = Loan.objects.get(number="S-2")
    assert (loan.union, loan.supplier_id) == (union_of(), CITY)
    foreign = replace(info, title=None, bibliographic_record_id=(
        replace(info.bibliographic_record_id[0], bibliographic_record_identifier_code=Pair("LIENTHONG elsewhere")),
    ))  # fmt: skip
    assert deliver(Request(replace(nobody, requesting_agency_request_id="S-3"), foreign)) == MessageStatus.ERROR
    assert union_uid(union_of()) in write(ours).decode()


def test_copies_are_not_supplied(three: str) -> None:
    asked_for = replace(said("ask", 0), service_info=ServiceInfo(ServiceType.COPY))
    assert deliver(asked_for) == MessageStatus.ERROR
    either = replace(said("ask", 1), service_info=ServiceInfo(ServiceType.COPY_OR_LOAN))
    assert deliver(either) == MessageStatus.OK


def test_how_it_stands_is_told_to_who_asks(three: str) -> None:
    Address.objects.create(library_id=SCHOOL, url="https://opac.truong.example/iso18626")
    deliver(said("ask", 0))
    question = RequestingAgencyMessage(header(NOW + timedelta(minutes=1)), Action.STATUS_REQUEST)
    assert deliver(question) == deliver(question) == MessageStatus.OK
    told = read(bytes(Outgoing.objects.get().body))
    assert told.message_info.reason_for_message == Reason.STATUS_REQUEST_RESPONSE  # type: ignore[union-attr]
    assert told.status_info.status == Status.REQUEST_RECEIVED  # type: ignore[union-attr]
    for action in (Action.SHIPPED_FORWARD, Action.NOTIFICATION):
        word = RequestingAgencyMessage(header(NOW + timedelta(minutes=2)), action, "chào")
        assert deliver(word) == MessageStatus.OK
    assert state()[0] == "asked"


@pytest.fixture
def with_systems(three: str) -> list[str]:
    """The city has a system of its own, which answers what the list says: OK, ERROR, or nothing."""
    Address.objects.create(library_id=CITY, url="http://127.0.0.1:9/iso18626")
    return []


def answers(monkeypatch: pytest.MonkeyPatch, script: list[str]) -> list[bytes]:
    from schemas.iso18626 import confirm
    from schemas.iso18626_codes import ErrorType
    from schemas.iso18626_refusal import error
    from schemas.problem import Trouble

    seen: list[bytes] = []

    def post(library: str, body: bytes) -> bytes:
        seen.append(body)
        what = script.pop(0) if script else "OK"
        if what == "down":
            raise Trouble("http_unreachable", host="127.0.0.1", port=9, detail="refused")
        message = read(body)
        wrong = error(ErrorType.UNKNOWN_VALUE, "no such title") if what == "ERROR" else None
        return b"<html>" if what == "html" else write(confirm(message, NOW, wrong))  # type: ignore[arg-type]

    monkeypatch.setattr(outbox, "_post", post)
    return seen


def test_a_partner_that_is_down_for_days_gets_the_same_in_order(
    with_systems: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = answers(monkeypatch, ["down", "down", "html", "down", "down", "OK"])
    loan = asked()
    act(loan, "cancel", days=1)
    tried = []
    for hour in range(24 * 4):
        now = NOW + timedelta(hours=hour)
        tried.append(outbox.send_due(now))
    bodies = list(dict.fromkeys(seen))
    assert len(bodies) == 2, "the same bytes each time"
    assert seen == [bodies[0]] * 6 + [bodies[1]]
    assert [type(read(body)) for body in bodies] == [Request, RequestingAgencyMessage]
    assert not Outgoing.objects.exclude(due_at=None).exists()


def test_pauses_grow_to_a_day(with_systems: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    answers(monkeypatch, ["down"] * 50)
    asked()
    now, pauses = NOW, []
    for _ in range(14):
        outbox.send_due(now)
        due = Outgoing.objects.get().due_at
        assert due is not None
        pauses.append(due - now)
        now = due
    assert pauses[0] == timedelta(minutes=1)
    assert pauses == sorted(pauses)
    assert pauses[-1] == timedelta(days=1)


def test_what_is_refused_is_not_sent_again_and_is_shown(
    with_systems: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = answers(monkeypatch, ["ERROR"])
    asked()
    assert outbox.send_due(NOW) == (0, 1)
    assert outbox.send_due(NOW + timedelta(days=3)) == (0, 0)
    assert len(seen) == 1
    assert "no such title" in Outgoing.objects.get().problem


def test_the_requester_with_a_system_is_told_what_happens_and_not_its_own_acts(three: str) -> None:
    Address.objects.create(library_id=SCHOOL, url="https://opac.truong.example/iso18626")
    deliver(said("ask", 0))
    loan = Loan.objects.get()
    act(act(loan, "agree"), "send", accession="TP.1")
    deliver(said("receive", 5))
    told = [read(bytes(one.body)) for one in Outgoing.objects.order_by("pk")]
    assert [one.status_info.status for one in told] == [Status.WILL_SUPPLY, Status.LOANED]  # type: ignore[union-attr]
    assert told[1].delivery_info.item_id == "TP.1"  # type: ignore[union-attr]


def test_a_refusal_is_told_when_nobody_is_left(three: str) -> None:
    Address.objects.create(library_id=SCHOOL, url="https://opac.truong.example/iso18626")
    loan = asked("S-1")
    act(loan, "refuse", why="in_use")
    assert not Outgoing.objects.exists(), "the next is asked first"
    act(Loan.objects.get(), "refuse", days=1, why="damaged")
    told = read(bytes(Outgoing.objects.get().body))
    assert told.status_info.status == Status.UNFILLED  # type: ignore[union-attr]
    assert told.message_info.reason_unfilled == Pair("PoorCondition")  # type: ignore[union-attr]


@pytest.fixture
def program(three: str) -> Client:
    owner: User = somebody("partner_librarian", SCHOOL)
    _, text = keys.make(owner, "ILS", ["lending.act"], [SCHOOL], by="Lan")
    return Client(headers={"Authorization": f"Bearer {text}"})


def test_the_endpoint_wants_a_key_and_answers_in_xml(program: Client) -> None:
    body = write(said("ask", 0))
    xml = "application/xml"
    assert Client().post("/iso18626", body, content_type=xml).status_code == 401
    assert program.get("/iso18626").status_code == 405
    assert program.post("/iso18626", b"x" * (LARGEST + 1), content_type=xml).status_code == 413
    answer = program.post("/iso18626", body, content_type=xml)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/xml; charset=utf-8")
    first = answer.content
    assert b"<messageStatus>OK<" in first
    assert program.post("/iso18626", body, content_type=xml).content == first, "a repeat gets the same answer"
    assert Loan.objects.count() == 1


@pytest.mark.parametrize(
    "body",
    [b"", b"<a/>", b"\x00\xff", b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", b"{}", b"<a" * 4_000],
)
def test_whatever_comes_is_answered_in_the_protocol(program: Client, body: bytes) -> None:
    answer = program.post("/iso18626", body, content_type="application/xml")
    assert answer.status_code == 200
    assert b"<messageStatus>ERROR<" in answer.content
    assert not Received.objects.exists()


def test_a_sender_cannot_fill_the_table_with_what_belongs_to_nothing(
    three: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inbox, "WAITING", 3)
    for number in range(6):
        assert deliver(said("receive", 1, f"X-{number}")) == MessageStatus.ERROR
    assert Received.objects.count() == 3
