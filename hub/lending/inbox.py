"""Messages from libraries' own systems: kept as they came, applied once, answered the same each time.

A message speaks for the library that its key is for and for no other; of a loan that is not its own it learns nothing.
What comes before the request it belongs to is kept, and applied when the request has come.
"""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Q

from hub.accounts.rights import Reader
from hub.accounts.roles import Permission
from hub.catalog.models import Member
from hub.catalog.query import isbn_key
from hub.catalog.search import with_isbn
from hub.lending import loans, messages, outbox
from hub.lending.models import Loan, Received
from hub.network.models import Library
from hub.normalize.identifiers import isbn13
from schemas.iso18626 import (
    MESSAGES,
    Message,
    Request,
    RequestingAgencyMessage,
    SupplyingAgencyMessage,
    confirm,
    fit_to_keep,
)
from schemas.iso18626_codes import ErrorType, ServiceType
from schemas.iso18626_parts import ErrorData
from schemas.iso18626_refusal import error, error_of, refusal
from schemas.iso18626_xml import read, write
from schemas.problem import Trouble

NAMES = {kind: name for name, kind in MESSAGES.items()}
KEPT = (Request, SupplyingAgencyMessage, RequestingAgencyMessage)
WAITING = 200  # messages of one sender whose request is not known


def receive(body: bytes, reader: Reader, at: datetime) -> bytes:
    """The answer to a message: its confirmation, which is the same when the message comes again."""
    try:
        message = read(body)
        if not isinstance(message, KEPT):
            raise Trouble("iso18626_other", name=NAMES[type(message)])
    except Trouble as trouble:
        return write(refusal(body, error_of(trouble.problem), at))
    message = fit_to_keep(message)
    sender = _sender(message, reader)
    if sender is None:
        field = "supplyingAgencyId" if isinstance(message, SupplyingAgencyMessage) else "requestingAgencyId"
        return write(confirm(message, at, error(ErrorType.UNKNOWN_VALUE, f"header/{field}")))
    try:
        with transaction.atomic():
            return _once(message, sender, reader, at)
    except IntegrityError:  # the same message came twice at once: the first has answered
        return bytes(_known(message, sender).get().answer)


def _sender(message: Message, reader: Reader) -> Library | None:
    """The library that speaks, where the key is for it."""
    header = message.header
    supplier = isinstance(message, SupplyingAgencyMessage)
    code = (header.supplying_agency_id if supplier else header.requesting_agency_id).agency_id_value.strip()
    return Library.objects.filter(pk=code).first() if code and reader.may(Permission.LENDING_ACT, code) else None


def _known(message: Message, sender: Library):  # type: ignore[no-untyped-def]
    header = message.header
    return Received.objects.filter(
        sender=sender,
        number=header.requesting_agency_request_id[:200],
        kind=NAMES[type(message)],
        stamp=header.timestamp.text[:60],
    )


def _once(message: Message, sender: Library, reader: Reader, at: datetime) -> bytes:
    known = _known(message, sender).first()
    if known is not None and known.loan_id is not None:
        return bytes(known.answer)
    loan, wrong = _applied(message, sender, reader, at)
    answer = write(confirm(message, at, wrong))
    if known is not None:  # its request has come since
        Received.objects.filter(pk=known.pk).update(loan=loan, answer=answer)
    elif loan is not None or Received.objects.filter(sender=sender, loan=None).count() < WAITING:
        header = message.header
        Received.objects.create(
            sender=sender,
            number=header.requesting_agency_request_id[:200],
            kind=NAMES[type(message)],
            stamp=header.timestamp.text[:60],
            body=write(message),
            answer=answer,
            loan=loan,
            at=at,
        )
    if isinstance(message, Request) and loan is not None:
        _catch_up(loan, at)
    return answer


def _applied(message: Message, sender: Library, reader: Reader, at: datetime) -> tuple[Loan | None, ErrorData | None]:
    """The loan that a message belongs to, and what is wrong with the message."""
    if isinstance(message, Request):
        return _asked(message, sender, reader, at)
    header = message.header
    number, requester = header.requesting_agency_request_id, header.requesting_agency_id.agency_id_value.strip()
    loan = Loan.objects.filter(requester=requester, number=number).first()
    if loan is None or not _takes_part(loan, sender):
        return None, error(ErrorType.UNKNOWN_VALUE, "header/requestingAgencyRequestId")
    return loan, _told(loan, message, sender, reader.signature, at)


def _takes_part(loan: Loan, sender: Library) -> bool:
    return loans.of_library(sender.pk).filter(pk=loan.pk).exists()


def _told(loan: Loan, message: Message, sender: Library, by: str, at: datetime) -> ErrorData | None:
    act, facts = messages.done(message)
    key = f"{sender.pk}|{NAMES[type(message)]}|{message.header.timestamp.text}"[:200]
    try:
        with transaction.atomic():
            loans.take(loan, loans.Deed(act, sender.pk, by, at, key, facts))
            if act == "status":
                outbox.say(Loan.objects.get(pk=loan.pk), "status", {}, at)
    except Trouble as trouble:
        if trouble.problem.code != "copy_elsewhere":
            raise
        return error(ErrorType.UNKNOWN_VALUE, f"deliveryInfo/itemId: {facts.get('accession', '')}")
    return None


def _asked(message: Request, sender: Library, reader: Reader, at: datetime) -> tuple[Loan | None, ErrorData | None]:
    """A loan is asked for: from the library that is named, else from whoever has it."""
    service = message.service_info
    if service is not None and service.service_type == ServiceType.COPY:  # what may be copied is open to everybody
        return None, error(ErrorType.UNKNOWN_VALUE, "serviceInfo/serviceType: Copy")
    values = messages.described(message)
    named = message.header.supplying_agency_id.agency_id_value.strip()
    number = message.header.requesting_agency_request_id
    if named and (named == sender.pk or not Library.objects.filter(pk=named).exists()):
        return None, error(ErrorType.UNKNOWN_VALUE, "header/supplyingAgencyId")
    values["union"] = _union(values)
    if values["union"] is None and not (values["title"] and named):
        return None, error(ErrorType.UNKNOWN_VALUE, "bibliographicInfo")
    try:
        wish = loans.Wish(**values, number=number, named=named)
        return loans.ask(sender.pk, wish, by=reader.signature, at=at), None
    except Trouble:
        return None, error(ErrorType.UNKNOWN_VALUE, "header/requestingAgencyRequestId")


def _union(values: dict[str, object]) -> int | None:
    """The record of our union catalog that is meant: by its number there, else by the ISBN where that is one record."""
    number = values["union"]
    if isinstance(number, int) and Member.objects.filter(union=number).exists():
        return number
    isbn = isbn13(str(values["isbn"]))
    unions = with_isbn([isbn_key(isbn)]) if isbn else []
    return unions[0] if len(unions) == 1 else None


def _catch_up(loan: Loan, at: datetime) -> None:
    """What came before its request, in the order in which it came."""
    early = Received.objects.filter(Q(number=loan.number), loan=None).select_related("sender").order_by("pk")
    for one in early:
        message = read(bytes(one.body))
        if (
            isinstance(message, Request | SupplyingAgencyMessage | RequestingAgencyMessage)
            and (message.header.requesting_agency_id.agency_id_value.strip() == loan.requester_id)
            and _takes_part(loan, one.sender)
        ):
            wrong = _told(loan, message, one.sender, one.sender.pk, at)
            Received.objects.filter(pk=one.pk).update(loan=loan, answer=write(confirm(message, one.at, wrong)))
