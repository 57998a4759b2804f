"""The copy of a loan changes hands as the loan goes on: also over states that no message told of."""

from __future__ import annotations

from hub.catalog.models import Holding
from hub.custody import custody
from hub.custody.models import Copy
from hub.lending.models import Event, Loan
from hub.lending.states import Place

WAY = (Place.HOME, Place.OUT, Place.THERE, Place.BACK)
SHOWN = 50


def carry(loan: Loan, before: Place, after: Place, event: Event) -> None:
    """Bring the copy from where it is to where the loan has it now; :class:`Trouble` ``copy_elsewhere``."""
    if before == after:
        return
    if loan.copy is None:
        loan.copy = _copy(loan, str(event.facts.get("accession", "")), event)
    copy, key = [loan.copy.pk], f"loan:{loan.pk}:{event.key}"
    home, there = str(loan.supplier_id), str(loan.requester_id)
    steps = _steps(before, after)
    for number, place in enumerate(steps):
        deed = custody.Deed("loan", str(loan.pk), f"{key}:{number}"[:120], event.by, event.at)
        if place == Place.LOST:
            custody.lose(copy, deed)
        elif place in (Place.OUT, Place.BACK):
            custody.send(copy, home if place == Place.OUT else there, deed)
        elif before == Place.LOST:
            custody.find(copy, home if place == Place.HOME else there, deed)
        else:
            custody.receive(copy, home if place == Place.HOME else there, deed)


def _steps(before: Place, after: Place) -> list[Place]:
    """The places on the way, in order. What is still on its way out may come straight back."""
    if Place.LOST in (before, after):
        return [after]
    at = WAY.index(before)
    if after == Place.HOME:
        return [Place.HOME] if before in (Place.OUT, Place.BACK) else [Place.BACK, Place.HOME]
    return list(WAY[at + 1 : WAY.index(after) + 1])


def _copy(loan: Loan, accession: str, event: Event) -> Copy:
    """The copy that is lent: the one that is named, else one that is at home, else one known by the loan only."""
    home = str(loan.supplier_id)
    number = accession.strip()[:100] or next(iter(at_home(loan, home)), "") or f"M{loan.pk}"
    return custody.known(home, number, title=loan.title, union=loan.union, at=event.at)


def at_home(loan: Loan, library: str) -> list[str]:
    """The accession numbers of a library's copies of what is asked for that are at home, as far as it has told them."""
    unions = _unions(loan, library)
    rows = Holding.objects.filter(record__member__union__in=unions, library=library, status="")
    numbers = [number for text in rows.values_list("accessions", flat=True) for number in text.split("\n") if number]
    known = Copy.objects.filter(library=library, accession__in=numbers[:1000])
    gone = set(known.exclude(custodian=library, state=Copy.State.WITH, bound="").values_list("accession", flat=True))
    return [number for number in dict.fromkeys(numbers) if number not in gone][:SHOWN]


def _unions(loan: Loan, library: str) -> list[int]:
    chosen = loan.candidates.filter(library=library).first()
    found = (chosen.reasons.get("unions") if chosen else None) or ([loan.union] if loan.union else [])
    return [int(number) for number in found]
