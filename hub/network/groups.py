"""Groups of libraries that share, and who asks to join the network. The writers of these tables."""

from __future__ import annotations

import re
from datetime import date

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from hub.accounts import audit, people
from hub.network.models import Application, Group, Library, Membership
from hub.sources import CODE, KINDS
from schemas.problem import Trouble

GROUP_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,39}")


def make(code: str, name: str, liaison: Library | None, agreement: str, since: date, *, by: str) -> Group:
    """A new group with its liaison library, which is in it."""
    if not GROUP_CODE.fullmatch(code) or not name.strip() or Group.objects.filter(code=code).exists():
        raise Trouble("group_wrong")
    with transaction.atomic():
        made = Group.objects.create(
            code=code, name=name.strip()[:300], liaison=liaison, agreement=agreement.strip()[:300], since=since
        )
        audit.record(by, "group.made", code, liaison=liaison.pk if liaison else "")
        if liaison is not None:
            join(made, liaison, since, by=by)
    return made


def join(group: Group, library: Library, since: date, *, by: str) -> None:
    """A library is in a group from a day on; again it changes nothing."""
    if not present(group).filter(library=library).exists():
        Membership.objects.get_or_create(group=group, library=library, since=since, defaults={"until": None})
        audit.record(by, "group.joined", group.code, library=library.pk)


def leave(group: Group, library: Library, day: date, *, by: str) -> None:
    """A library was in a group until a day."""
    if present(group).filter(library=library).update(until=day):
        audit.record(by, "group.left", group.code, library=library.pk)


def present(group: Group) -> QuerySet[Membership]:
    """Who is in a group now."""
    day = timezone.localdate()
    return group.memberships.filter(Q(until=None) | Q(until__gt=day)).select_related("library")


def apply(name: str, kind: str, unit: str, email: str, phone: str, note: str) -> Application:
    """Somebody asks to join."""
    if not name.strip() or kind not in KINDS:
        raise Trouble("application_wrong")
    return Application.objects.create(
        name=name.strip()[:300],
        kind=kind,
        unit=unit.strip()[:200],
        email=people.check_email(email),
        phone=phone.strip()[:40],
        note=note.strip()[:1000],
        at=timezone.now(),
    )


def next_code() -> str:
    """The first local code that is free: ``VN-HP-0010``."""
    taken = [
        int(code[6:]) for code in Library.objects.values_list("pk", flat=True) if re.fullmatch(r"VN-HP-\d{4}", code)
    ]
    return f"VN-HP-{max(taken, default=0) + 1:04d}"


def accept(number: int, code: str, *, by: str) -> Application:
    """The library is a member from now on, under a local code."""
    with transaction.atomic():
        asked = _waiting(number)
        if not re.fullmatch(CODE, code) or Library.objects.filter(pk=code).exists():
            raise Trouble("library_taken", code=code[:40], free=next_code())
        asked.library = Library.objects.create(code=code, name_vi=asked.name, kind=asked.kind, unit=asked.unit)
        _decided(asked, Application.State.ACCEPTED, "", by)
    return asked


def refuse(number: int, why: str, *, by: str) -> Application:
    """The library does not become a member."""
    with transaction.atomic():
        asked = _waiting(number)
        _decided(asked, Application.State.REFUSED, why, by)
    return asked


def _waiting(number: int) -> Application:
    asked = Application.objects.select_for_update().filter(pk=number, state=Application.State.WAITS).first()
    if asked is None:
        raise Trouble("application_wrong")
    return asked


def _decided(asked: Application, state: Application.State, why: str, by: str) -> None:
    asked.state, asked.why, asked.decided_by, asked.decided_at = state, why.strip()[:500], by, timezone.now()
    asked.save()
    audit.record(by, f"application.{state}", asked.name[:100], library=asked.library_id or "")
