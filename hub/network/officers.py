"""Who is asked about what at a library, and where it serves. The writers of these tables."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction

from hub.accounts import audit, people
from hub.network.models import Library, Officer, ServicePoint
from schemas.problem import Trouble

MATTERS: tuple[str, ...] = tuple(map(str, Officer.Matter.values))
MOST_POINTS = 100


def officer(library: str | None, matter: str) -> Officer | None:
    """Who is asked about a matter; ``None`` where nobody is named for it."""
    return Officer.objects.filter(library=library, matter=matter).first() if library else None


def keep(library: Library, said: Mapping[str, Mapping[str, str]], *, by: str) -> None:
    """Who is asked about each matter; :class:`Trouble` ``email_wrong``. Nothing said: nobody."""
    rows = {}
    for matter in MATTERS:
        values = {name: said.get(matter, {}).get(name, "").strip() for name in ("name", "email", "phone")}
        if values["email"]:
            values["email"] = people.check_email(values["email"])
        rows[matter] = {"name": values["name"][:150], "email": values["email"], "phone": values["phone"][:40]}
    with transaction.atomic():
        for matter, values in rows.items():
            if any(values.values()):
                Officer.objects.update_or_create(library=library, matter=matter, defaults=values)
            else:
                Officer.objects.filter(library=library, matter=matter).delete()
        audit.record(by, "library.officers", library.pk, matters=[m for m in rows if any(rows[m].values())])


def add_point(library: Library, name: str, address: str, hours: str, *, by: str) -> ServicePoint:
    """A place at which the library serves; :class:`Trouble` ``point_wrong``."""
    if not name.strip() or library.points.count() >= MOST_POINTS:
        raise Trouble("point_wrong", most=MOST_POINTS)
    with transaction.atomic():
        made = ServicePoint.objects.create(
            library=library, name=name.strip()[:200], address=address.strip()[:300], hours=hours.strip()[:300]
        )
        audit.record(by, "library.point_added", library.pk, name=made.name)
    return made


def remove_point(library: Library, number: int, *, by: str) -> None:
    """The library serves there no more."""
    with transaction.atomic():
        if library.points.filter(pk=number).delete()[0]:
            audit.record(by, "library.point_removed", library.pk)
