"""Who may supply a loan, in which order, and why: a list that can be read, also of those who are not asked.

The order: libraries of the same ward or commune, of a common group, the nearer (by tens of kilometers), those that
share the least of their copies already, the cheaper, by code. Nothing else counts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from django.db.models import F, Q

from hub.catalog import reads
from hub.catalog.models import Holding, Union
from hub.custody.models import Copy
from hub.lending.models import Loan
from hub.lending.states import STATES
from hub.network import units
from hub.network.geography import distance, positions
from hub.network.models import Library
from hub.network.policies import Policy, groups_of, policies
from hub.normalize.collections import LESSONS, collection

RESTRICTED = ("hạn chế", "restricted")  # what a note of access (506) says of what may be read on the spot only
STEP = 10  # km within which two libraries are equally near
EDITIONS = 30
OPEN = [name for name, state in STATES.items() if not state.ends]


@dataclass(slots=True)
class Reasons:
    """What the place of a library in the order is made of. ``copies``: at home and lendable; ``km``: not known, None.

    ``why`` says why it is not asked: ``restricted``, ``private``, ``nothing``, ``group``, ``textbook``, ``away``,
    ``most``; "": it is asked.
    """

    copies: int
    same_unit: bool = False
    group: bool = False
    km: int | None = None
    load: int = 0  # its loans to others that have not ended
    fee: int = 0
    days: int = 30
    why: str = ""
    unions: list[int] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """As it is kept."""
        return asdict(self)

    def order(self, code: str) -> tuple[object, ...]:
        """What the order goes by."""
        near = 10**6 if self.km is None else self.km // STEP
        return bool(self.why), not self.same_unit, not self.group, near, self.load / max(self.copies, 1), self.fee, code


def wanted(union: int, any_edition: bool) -> list[int]:
    """The union records that will do: the one itself, or every edition of its work."""
    if not any_edition:
        return [union]
    return [union, *(number for number, _ in reads.other_editions(union))][:EDITIONS]


def choose(requester: str, unions: Sequence[int], day: date) -> list[tuple[Library, Reasons]]:
    """Every library that has one of these records, those that are asked first, in their order."""
    lendable = [number for number in unions if not _is_restricted(number)]
    held, lessons, where = _held(lendable or unions)
    held.pop(requester, None)
    lessons.pop(requester, None)
    codes = {code for code in [*held, *lessons] if code != requester}
    libraries = Library.objects.in_bulk(codes)
    policy = policies(codes)
    away, load, asked = _away(unions, codes), _load(codes), _of_requester(requester, codes)
    near = _Near(requester, codes, day)
    found = []
    for code, library in libraries.items():
        said = policy[code]
        copies = held[code] + (lessons[code] if said.textbooks else 0) - away[code]
        reasons = Reasons(max(copies, 0), load=load[code], fee=said.fee, days=said.days, unions=sorted(where[code]))
        near.describe(code, reasons)
        reasons.why = "restricted" if not lendable else _why(said, reasons, asked[code], held[code], lessons[code])
        found.append((library, reasons))
    return sorted(found, key=lambda row: row[1].order(row[0].pk))


def _why(policy: Policy, reasons: Reasons, asked: int, held: int, lessons: int) -> str:
    """Why a library is not asked."""
    if not policy.lends:
        return "nothing"
    if policy.groups_only and not reasons.group:
        return "group"
    if not held and lessons and not policy.textbooks:
        return "textbook"
    if reasons.copies < 1:
        return "away"
    return "most" if asked >= policy.most else ""


def _is_restricted(union: int) -> bool:
    """Whether a record says that the publication is read on the spot only (Luật Thư viện 46/2019/QH14, Điều 7)."""
    content = reads.union_content(union)
    if content is None:
        return False
    notes = " ".join(content.record.values("506", "af")).lower().replace("unrestricted", "")
    return any(word in notes for word in RESTRICTED)


def _held(unions: Iterable[int]) -> tuple[Counter[str], Counter[str], dict[str, set[int]]]:
    """Copies by library, textbooks apart, and which records each has; one that says nothing of copies has one."""
    held, lessons, where = Counter[str](), Counter[str](), dict[str, set[int]]()
    rows = Holding.objects.filter(record__member__union__in=list(unions))
    for code, union, place, call, numbers, copies, status in rows.values_list(
        "library_id", "record__member__union", "location", "call_number", "accessions", "copies", "status"
    ):
        marked = collection((place, call, numbers)) in LESSONS
        (lessons if marked else held)[code] += 0 if status else copies
        where.setdefault(code, set()).add(union)
    for union, members in reads.contributors(list(unions)).items():
        for member in members:
            if member.library not in where:
                held[member.library] += 1
            where.setdefault(member.library, set()).add(union)
    return held, lessons, where


def _away(unions: Iterable[int], codes: Iterable[str]) -> Counter[str]:
    """Copies of these records that are not at home, or promised already."""
    gone = Copy.objects.filter(union__in=list(unions), library__in=list(codes))
    found = Counter(
        gone.exclude(custodian=F("library"), state=Copy.State.WITH, bound="").values_list("library_id", flat=True)
    )
    promised = Loan.objects.filter(union__in=list(unions), supplier__in=list(codes), copy=None, state__in=OPEN)
    found.update(promised.values_list("supplier_id", flat=True))
    return found


def _load(codes: Iterable[str]) -> Counter[str]:
    busy = Loan.objects.filter(supplier__in=list(codes), state__in=OPEN)
    return Counter(busy.values_list("supplier_id", flat=True))


def _of_requester(requester: str, codes: Iterable[str]) -> Counter[str]:
    """How many loans the requester has from each library already."""
    busy = Loan.objects.filter(Q(requester=requester), supplier__in=list(codes), state__in=OPEN)
    return Counter(busy.values_list("supplier_id", flat=True))


class _Near:
    """How near libraries are to the one that asks: by unit, group and distance."""

    def __init__(self, requester: str, codes: Iterable[str], day: date) -> None:
        every = [requester, *codes]
        self.requester = requester
        self.units = {code: unit.pk for code, unit in units.places_on(every, day).items()}
        self.groups = groups_of(every, day)
        self.positions = positions(every)

    def describe(self, code: str, reasons: Reasons) -> None:
        """Fill in what is known of a library."""
        here, there = self.positions.get(self.requester), self.positions.get(code)
        reasons.km = round(distance(here, there)) if here and there else None
        reasons.same_unit = self.units.get(code) is not None and self.units.get(code) == self.units.get(self.requester)
        reasons.group = bool(self.groups.get(code, frozenset()) & self.groups.get(self.requester, frozenset()))


def publication(union: int) -> Union | None:
    """The live record of this number, or of the one it was merged into."""
    number = reads.survivor(union)
    return Union.objects.filter(pk=number).first() if number else None
