"""Loans in the words of ISO 18626:2021: what is said when something is done, what is done when something is said."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from typing import Any

from django.conf import settings
from django.utils import timezone

from hub.catalog.reads import union_number, union_uid
from hub.lending.models import Loan
from hub.lending.states import STATES
from schemas.iso18626 import Message, Request, RequestingAgencyMessage, SupplyingAgencyMessage
from schemas.iso18626_codes import Action, Reason, RequestType, ServiceType, Status, YesNo
from schemas.iso18626_parts import (
    AgencyId,
    BibliographicInfo,
    DeliveryInfo,
    Header,
    ItemId,
    MessageInfo,
    Moment,
    Pair,
    PublicationInfo,
    RecordId,
    RequestingAgencyInfo,
    ServiceInfo,
    StatusInfo,
)

LOCAL = Pair("LIENTHONG")  # our codes are local: no ISIL agency serves these libraries
UNFILLED = {  # our reasons, and those of the open list of ISO 18626
    "not_on_shelf": "NotOnShelf",
    "in_use": "OnLoan",
    "not_lent": "NonCirculating",
    "damaged": "PoorCondition",
    "silent": "NoReplyInTime",
}
STATUS = {
    "asked": Status.REQUEST_RECEIVED,
    "promised": Status.WILL_SUPPLY,
    "cancel_asked": Status.WILL_SUPPLY,
    "sent": Status.LOANED,
    "on_loan": Status.LOANED,
    "renewal_asked": Status.LOANED,
    "recalled": Status.RECALLED,
    "returned": Status.LOANED,
    "lost": Status.LOANED,
    "done": Status.LOAN_COMPLETED,
    "cancelled": Status.CANCELLED,
    "unfilled": Status.UNFILLED,
    "settled": Status.COMPLETED_WITHOUT_RETURN,
}
ACTIONS = {
    "cancel": Action.CANCEL,
    "receive": Action.RECEIVED,
    "renew": Action.RENEW,
    "return": Action.SHIPPED_RETURN,
    "find": Action.RECEIVED,
}
ANSWERS = {
    "agree": (Reason.REQUEST_RESPONSE, None),
    "refuse": (Reason.REQUEST_RESPONSE, None),
    "unfilled": (Reason.REQUEST_RESPONSE, None),
    "cancel_yes": (Reason.CANCEL_RESPONSE, YesNo.YES),
    "cancel_no": (Reason.CANCEL_RESPONSE, YesNo.NO),
    "renew_yes": (Reason.RENEW_RESPONSE, YesNo.YES),
    "renew_no": (Reason.RENEW_RESPONSE, YesNo.NO),
    "status": (Reason.STATUS_REQUEST_RESPONSE, None),
}
DONE = {action: act for act, action in ACTIONS.items() if act != "find"}
TOLD = {
    Status.WILL_SUPPLY: "agree",
    Status.EXPECT_TO_SUPPLY: "agree",
    Status.LOANED: "send",
    Status.RECALLED: "recall",
    Status.LOAN_COMPLETED: "check_in",
    Status.COMPLETED_WITHOUT_RETURN: "settle",
    Status.UNFILLED: "refuse",
    Status.RETRY_POSSIBLE: "refuse",
    Status.CANCELLED: "cancel_yes",
}


def header(loan: Loan, at: datetime) -> Header:
    """Between whom, when, about which request."""
    return Header(
        AgencyId(LOCAL, str(loan.supplier_id or "")),
        AgencyId(LOCAL, loan.requester_id),
        "",
        Moment.of(at),
        loan.number,
        loan.supplier_number or None,
    )


def request(loan: Loan, at: datetime) -> Request:
    """The request to the supplier that is asked now."""
    items = (ItemId(loan.isbn, Pair("ISBN")),) if loan.isbn else ()
    numbers = (RecordId(_catalog(), union_uid(loan.union)),) if loan.union else ()
    return Request(
        header(loan, at),
        BibliographicInfo(
            title=loan.title, author=loan.author or None, bibliographic_item_id=items, bibliographic_record_id=numbers
        ),
        PublicationInfo(publisher=loan.edition) if loan.edition else None,
        ServiceInfo(
            ServiceType.LOAN,
            RequestType.NEW,
            need_before_date=_moment(loan.needed_by) if loan.needed_by else None,
            any_edition=YesNo.YES if loan.any_edition else YesNo.NO,
            note=loan.note or None,
        ),
        requesting_agency_info=RequestingAgencyInfo(name=loan.requester.name_vi),
    )


def told(loan: Loan, act: str, facts: Mapping[str, Any], at: datetime) -> Message:
    """What is said of an act: by the requester to the supplier, or by the supplier to the requester."""
    note = str(facts.get("note", "")) or None
    if act == "ask":
        return request(loan, at)
    if act in ACTIONS:
        return RequestingAgencyMessage(header(loan, at), ACTIONS[act], note)
    reason, answer = ANSWERS.get(act, (Reason.STATUS_CHANGE, None))
    why = UNFILLED.get(str(facts.get("why", "")))
    status = Status.OVERDUE if act == "overdue" else STATUS[loan.state]
    sent = act == "send"
    due = _moment(loan.due) if loan.due and STATES[loan.state].rank in (2, 3) else None
    return SupplyingAgencyMessage(
        header(loan, at),
        MessageInfo(reason, answer, note, Pair(why) if why and status == Status.UNFILLED else None),
        StatusInfo(status, Moment.of(loan.changed_at), due_date=due),
        DeliveryInfo(Moment.of(at), loan.copy.accession if loan.copy else None) if sent else None,
    )


def said(loan: Loan, act: str, at: datetime, note: str) -> Message:
    """A word that changes no state."""
    if act == "requester":
        return RequestingAgencyMessage(header(loan, at), Action.NOTIFICATION, note)
    status = StatusInfo(STATUS[loan.state], Moment.of(loan.changed_at))
    return SupplyingAgencyMessage(header(loan, at), MessageInfo(Reason.NOTIFICATION, note=note), status)


def done(message: Message) -> tuple[str, dict[str, str]]:
    """The act that a message tells of (``note``: none), with its facts."""
    if isinstance(message, RequestingAgencyMessage):
        act = DONE.get(message.action, "status" if message.action == Action.STATUS_REQUEST else "note")
        return act, {"note": message.note} if message.note else {}
    if isinstance(message, Request):
        return "note", {}
    info, status = message.message_info, message.status_info.status
    facts = {"note": info.note or "", "number": message.header.supplying_agency_request_id or ""}
    if message.status_info.due_date:
        facts["due"] = timezone.localdate(message.status_info.due_date.at).isoformat()
    if message.delivery_info and message.delivery_info.item_id:
        facts["accession"] = message.delivery_info.item_id
    if info.reason_unfilled:
        facts["why"] = next((ours for ours, one in UNFILLED.items() if one == info.reason_unfilled.value), "other")
    return _act(info, status), {name: value[:500] for name, value in facts.items() if value}


def _act(info: MessageInfo, status: Status) -> str:
    reason, yes = info.reason_for_message, info.answer_yes_no == YesNo.YES
    if reason == Reason.RENEW_RESPONSE:
        return "renew_yes" if yes else "renew_no"
    if reason == Reason.CANCEL_RESPONSE:
        return "cancel_yes" if yes else "cancel_no"
    if reason in (Reason.NOTIFICATION, Reason.STATUS_REQUEST_RESPONSE):
        return "note"
    return TOLD.get(status, "note")


def described(message: Request) -> dict[str, Any]:
    """What a request asks for, as the fields of :class:`hub.lending.loans.Wish`."""
    info, service = message.bibliographic_info, message.service_info
    publication = message.publication_info
    isbns = [one.bibliographic_item_identifier for one in info.bibliographic_item_id]
    ours = [one for one in info.bibliographic_record_id if one.bibliographic_record_identifier_code == _catalog()]
    uids = [one.bibliographic_record_identifier for one in ours]
    parts = (publication.publisher, publication.publication_date) if publication else ()
    unions = [number for number in map(union_number, [*uids, info.supplier_unique_record_id or ""]) if number]
    return {
        "union": unions[0] if unions else None,
        "title": " ".join(filter(None, (info.title, info.volume)))[:500],
        "author": (info.author or "")[:300],
        "edition": ", ".join(filter(None, (info.edition, *parts)))[:300],
        "isbn": (isbns[0] if isbns else "")[:20],
        "any_edition": bool(service and service.any_edition == YesNo.YES),
        "needed_by": timezone.localdate(service.need_before_date.at) if service and service.need_before_date else None,
        "note": (service.note or "")[:500] if service else "",
    }


def _catalog() -> Pair:
    """The union catalog of this hub: another hub has other numbers."""
    return Pair(f"LIENTHONG {settings.OAI_NAMESPACE}")


def _moment(day: date) -> Moment:
    noon = datetime.combine(day, time(12), tzinfo=timezone.get_default_timezone())
    return Moment.of(noon.astimezone(UTC))
