"""Messages to libraries' own systems: kept with the act that they tell of, and sent until they are confirmed.

The same bytes go out each time, those of one loan in their order, after a failure later and later up to a day; a
partner that is down for a week gets everything when it is back. What a partner's system refuses is not sent again: the
answer stands on the page of the loan.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from connectors import private
from connectors.http import Client
from connectors.secret import secret
from hub.catalog import bulk
from hub.home import language
from hub.lending import messages
from hub.lending.models import Address, Loan, Outgoing
from hub.lending.states import ACTS, Side
from schemas.iso18626 import (
    RequestConfirmation,
    RequestingAgencyMessageConfirmation,
    SupplyingAgencyMessageConfirmation,
)
from schemas.iso18626_codes import MessageStatus
from schemas.iso18626_xml import LARGEST, read, write
from schemas.problem import Trouble

AT_ONCE = 200
FIRST, LONGEST = timedelta(minutes=1), timedelta(days=1)
LEASE = timedelta(minutes=5)
DEADLINE = 30.0  # seconds for one message
CONFIRMATIONS = (RequestConfirmation, SupplyingAgencyMessageConfirmation, RequestingAgencyMessageConfirmation)
SAID = {"lose": "The copy is lost.", "note": ""}  # what ISO 18626 has no act for
XML = {"Content-Type": "application/xml; charset=utf-8"}


def say(loan: Loan, act: str, facts: Mapping[str, Any], at: datetime, *, of: str | None = None) -> None:
    """Tell the other side of an act, where it has a system of its own (call it inside the act's transaction).

    ``of``: the library that did it; it is not told of its own act.
    """
    if act == "refuse":  # the next one is asked, or the requester is told that nobody is left
        return
    side = ACTS[act].side if act in ACTS else Side.NOBODY
    to_supplier = act == "ask" or side == Side.REQUESTER or (act in SAID and of == loan.requester_id)
    library = loan.supplier_id if to_supplier else loan.requester_id
    if library is None or library == of or not Address.objects.filter(pk=library).exists():
        return
    if act in SAID:
        text = str(facts.get("note", "")) or SAID[act]
        message = messages.said(loan, "requester" if to_supplier else "supplier", at, text)
    else:
        message = messages.told(loan, act, facts, at)
    Outgoing.objects.create(loan=loan, library_id=library, body=write(message), made_at=at, due_at=at)


def send_due(now: datetime | None = None) -> tuple[int, int]:
    """Send what is due, the first of each loan and library only; (how many were confirmed, how many were not)."""
    sent = failed = 0
    now = now or timezone.now()
    for number in list(Outgoing.objects.filter(due_at__lte=now).order_by("pk").values_list("pk", flat=True)[:AT_ONCE]):
        one = _claim(number, now)
        if one is None:
            continue
        if _send(one, now):
            sent += 1
        else:
            failed += 1
    return sent, failed


def _claim(number: int, now: datetime) -> Outgoing | None:
    """The message, put aside for a while; ``None`` where another worker has it, or one before it is not confirmed."""
    with bulk.writing():
        one = Outgoing.objects.filter(pk=number, due_at__lte=now).select_related("loan").first()
        if one is None:
            return None
        before = Outgoing.objects.filter(loan=one.loan_id, library=one.library_id, pk__lt=number)
        if before.exclude(due_at=None).exists():
            return None
        Outgoing.objects.filter(pk=number).update(due_at=now + LEASE)
    return one


def _send(one: Outgoing, now: datetime) -> bool:
    problem, answer = "", b""
    try:
        answer = _post(one.library_id, bytes(one.body))
        problem = _refused(answer)
    except Trouble as trouble:
        one.tries += 1
        one.problem = trouble.problem.sentence(language())[:500]
        one.due_at = now + min(FIRST * 2 ** min(one.tries - 1, 20), LONGEST)
        one.save(update_fields=["tries", "problem", "due_at"])
        return False
    one.tries, one.problem, one.answer, one.due_at = one.tries + 1, problem[:500], answer, None
    one.save(update_fields=["tries", "problem", "answer", "due_at"])
    return not problem


def _post(library: str, body: bytes) -> bytes:
    address = Address.objects.filter(pk=library).first()
    if address is None:
        raise Trouble("loan_no_address", library=library)
    allow = private.allows_url(address.url)
    headers = XML | ({"Authorization": f"Bearer {secret(address.secret)}"} if address.secret else {})
    with Client(
        allow_private=allow, max_bytes=LARGEST, deadline_seconds=DEADLINE, max_wait=timedelta(), tries=1
    ) as client:
        answer = client.deliver(address.url, body, headers)
    if answer.status != 200:
        raise Trouble("http_status", url=address.url, status=answer.status)
    return answer.body


def _refused(answer: bytes) -> str:
    """What a confirmation says is wrong; ""; :class:`Trouble` for an answer that confirms nothing."""
    said = read(answer)
    if not isinstance(said, CONFIRMATIONS):
        raise Trouble("iso18626_other", name=type(said).__name__)
    if said.confirmation_header.message_status == MessageStatus.OK:
        return ""
    error = said.error_data
    return ": ".join(filter(None, (error.error_type, error.error_value))) if error else "ERROR"


def again(number: int, now: datetime) -> None:
    """Somebody asks that a message be sent now."""
    with transaction.atomic():
        Outgoing.objects.filter(pk=number).exclude(due_at=None).update(due_at=now)
