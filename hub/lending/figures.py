"""What libraries lent and borrowed in a time: counts by library, nothing about readers."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from hub.lending.models import Candidate, Event, Loan
from hub.lending.states import Fate
from hub.network.models import Library


@dataclass(slots=True)
class Figures:
    """A library in a time: what it asked for and what it was asked for. ``days``: from the request to the arrival."""

    code: str
    name: str
    asked: int = 0
    received: int = 0
    unfilled: int = 0
    was_asked: int = 0
    lent: int = 0
    refused: int = 0
    lost: int = 0
    waits: list[float] = field(default_factory=list)

    @property
    def days(self) -> float | None:
        """The mean of the days until it arrived; ``None`` where nothing has."""
        return sum(self.waits) / len(self.waits) if self.waits else None


def of_year(year: int) -> tuple[datetime, datetime]:
    """From its first moment to that of the next."""
    return _start(date(year, 1, 1)), _start(date(year + 1, 1, 1))


def year(day: date) -> tuple[datetime, datetime]:
    """The year of a day."""
    return of_year(day.year)


def _start(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))


def by_library(first: datetime, end: datetime) -> list[Figures]:
    """The libraries that took part in loans asked for in a time (``end`` is not in it), by name."""
    asked = Loan.objects.filter(asked_at__gte=first, asked_at__lt=end)
    found: dict[str, Figures] = {}

    def of(code: str | None) -> Figures:
        return found.setdefault(code or "", Figures(code or "", code or ""))

    begun = {}
    for loan in asked.only("requester_id", "state", "asked_at", "supplier_id"):
        of(loan.requester_id).asked += 1
        of(loan.requester_id).unfilled += loan.state in ("unfilled", "cancelled")
        begun[loan.pk] = loan.asked_at
    tried = Candidate.objects.filter(loan__in=asked).exclude(answer=Candidate.Answer.WAITS)
    for code, answer in tried.values_list("library_id", "answer"):
        of(code).was_asked += 1
        of(code).refused += answer in (Candidate.Answer.REFUSED, Candidate.Answer.SILENT)
    events = Event.objects.filter(loan__in=asked, fate=Fate.APPLIED, act__in=("send", "receive", "lose"))
    for act, number, at, lender, borrower in events.values_list(
        "act", "loan_id", "at", "loan__supplier_id", "loan__requester_id"
    ):
        if act == "send":
            of(lender).lent += 1
        elif act == "receive":
            of(borrower).received += 1
            of(borrower).waits.append((at - begun[number]) / timedelta(days=1))
        else:
            of(lender).lost += 1
    names = dict(Library.objects.filter(pk__in=found).values_list("code", "name_vi"))
    for code, one in found.items():
        one.name = names.get(code, code)
    return sorted((one for code, one in found.items() if code), key=lambda one: (one.name, one.code))
