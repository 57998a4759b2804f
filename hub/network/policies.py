"""What libraries lend to others: as each has said, else by its kind. Lent is to libraries, never to readers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields

from django.db.models import Q
from django.utils import timezone

from hub.network.contacts import PRIVATE
from hub.network.models import LendingPolicy, Library, Membership

NOT_LENDING = (*PRIVATE, "publisher")  # kinds that lend nothing unless they say so
MOST_DAYS, MOST_COPIES, MOST_RENEWALS, MOST_FEE = 365, 500, 20, 10_000_000


@dataclass(frozen=True, slots=True)
class Policy:
    """``days`` of a loan, ``renewals`` of it, ``most`` copies at one library at a time, ``fee`` in VND a loan."""

    lends: bool
    days: int = 30
    renewals: int = 1
    most: int = 10
    fee: int = 0
    groups_only: bool = False
    textbooks: bool = False


def policies(codes: Iterable[str]) -> dict[str, Policy]:
    """What each of these libraries lends."""
    rows = dict(Library.objects.filter(pk__in=list(codes)).values_list("code", "kind"))
    found = {code: Policy(lends=kind not in NOT_LENDING) for code, kind in rows.items()}
    names = [one.name for one in fields(Policy)]
    for row in LendingPolicy.objects.filter(pk__in=rows).values("library_id", *names):
        code = row.pop("library_id")
        found[code] = Policy(**row)
    return found


def keep(library: Library, policy: Policy, *, by: str) -> bool:
    """Keep what a library says; whether that changes anything (call it inside the act's transaction)."""
    if policies([library.pk])[library.pk] == policy and LendingPolicy.objects.filter(pk=library.pk).exists():
        return False
    values = {one.name: getattr(policy, one.name) for one in fields(Policy)}
    moment = {"changed_at": timezone.now(), "changed_by": by}
    LendingPolicy.objects.update_or_create(library=library, defaults=values | moment)
    return True


def groups_of(codes: Iterable[str], day: object) -> Mapping[str, frozenset[int]]:
    """The groups in which each of these libraries is on a day."""
    in_force = Q(since__lte=day) & (Q(until=None) | Q(until__gte=day))
    of_group = Q(group__since__lte=day) & (Q(group__until=None) | Q(group__until__gte=day))
    found: dict[str, set[int]] = {}
    rows = Membership.objects.filter(in_force, of_group, library__in=list(codes))
    for code, group in rows.values_list("library_id", "group_id"):
        found.setdefault(code, set()).add(group)
    return {code: frozenset(groups) for code, groups in found.items()}
