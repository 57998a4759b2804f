"""A hub as a process of its own that lends and borrows, told what to do by lines (``tests.hub.provide.hub_process``)."""

from __future__ import annotations

import os
from datetime import timedelta
from typing import Any

from tests.hub.provide.hub_process import main


def bring(code: str, books: list[list[str]]) -> int:
    """Books of a library; an empty list makes the library known."""
    from hub.stages.match import match
    from hub.stages.merge import merge_due
    from hub.stages.publish import publish
    from tests.hub.provide.network import arrive, source
    from tests.hub.stages.books import book, raw

    records = [raw(book(number, title, isbn=isbn, copies=copies)) for number, title, isbn, copies in books]
    arrive(source(f"nguon-{code.lower()}", code, f"Thư viện {code}"), records)
    match()
    merge_due()
    publish()
    return len(records)


def key(code: str) -> str:
    """A key with which the other hub speaks for a library."""
    from hub.accounts import keys
    from tests.accounts_in_tests import somebody

    return keys.make(somebody("partner_librarian", code), "Hub kia", ["lending.act"], [code], by="Lan")[1]


def address(code: str, url: str, secret: str) -> None:
    """Where the messages for a library go."""
    from hub.lending.models import Address

    os.environ["HUB_KEY"] = secret
    Address.objects.update_or_create(library_id=code, defaults={"url": url, "secret": "HUB_KEY"})


def ask(code: str, title: str, number: str) -> str:
    """A library asks for a book by its title."""
    from django.utils import timezone

    from hub.lending import loans
    from tests.hub.lending.conftest import union_of

    loan = loans.ask(code, loans.wish(union_of(title), number=number), by="Lan", at=timezone.now())
    return str(loan.supplier_id)


def do(number: str, act: str, code: str, facts: dict[str, str] | None = None) -> str:
    """Somebody does something on a page."""
    from django.utils import timezone

    from hub.lending import loans
    from hub.lending.models import Loan

    loan = Loan.objects.get(number=number)
    deed = loans.Deed(act, code, "Lan", timezone.now(), f"{act}:{loan.events.count()}", facts or {})
    return loans.do(loan.pk, deed).state


def send(hours: int = 0) -> list[int]:
    """Send what is due in some hours."""
    from django.utils import timezone

    from hub.lending import outbox

    return list(outbox.send_due(timezone.now() + timedelta(hours=hours)))


def state() -> dict[str, Any]:
    """The loans, and where the copies are."""
    from hub.custody.models import Copy
    from hub.lending.models import Loan, Outgoing

    return {
        "loans": [[one.number, one.state, one.turn, str(one.due)] for one in Loan.objects.order_by("pk")],
        "copies": [[one.accession, one.library_id, one.custodian_id, one.state] for one in Copy.objects.order_by("pk")],
        "waiting": [one.problem for one in Outgoing.objects.exclude(due_at=None)],
    }


ACTS = {"bring": bring, "key": key, "address": address, "ask": ask, "do": do, "send": send, "state": state}

if __name__ == "__main__":
    main(ACTS)
