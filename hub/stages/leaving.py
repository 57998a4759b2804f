"""A library leaves the network: its records become tombstones, its sources bring nothing any more."""

from __future__ import annotations

from datetime import date

from hub.accounts import audit
from hub.catalog import removals
from hub.catalog.models import Record
from hub.custody import custody
from hub.custody.models import Copy
from hub.network.models import Library
from hub.stages import soon
from schemas.problem import Trouble


def leave(library: Library, day: date, successor: Library | None, *, by: str) -> int:
    """The library is a member until this day; the number of its records that are gone.

    :class:`Trouble` ``library_owes`` while copies of others are with it or its own are with others, ``library_itself``
    where it would succeed itself or has left already.
    """
    if library.left_on is not None or (successor is not None and (successor.pk == library.pk or successor.left_on)):
        raise Trouble("library_itself", code=library.pk)
    owed = custody.away(library.pk).exclude(state=Copy.State.LOST).count()
    kept = Copy.objects.filter(custodian=library).exclude(library=library).exclude(state=Copy.State.LOST).count()
    if owed or kept:
        raise Trouble("library_owes", away=owed, here=kept)
    gone = 0
    for source in library.sources.all():
        with removals.deciding(source) as (run, _):
            numbers = list(
                Record.objects.filter(source=source, state__in=removals.PRESENT).values_list("pk", flat=True)
            )
            removals.carry_out(run, [(number, None) for number in numbers])
            gone += len(numbers)
    Library.objects.filter(pk=library.pk).update(left_on=day, successor=successor)
    audit.record(by, "library.left", library.pk, records=gone, successor=successor.pk if successor else "")
    soon.FOLLOWER.ask()
    return gone


def come_back(library: Library, *, by: str) -> None:
    """The library is a member again; the next harvest brings its records back under their numbers."""
    Library.objects.filter(pk=library.pk).update(left_on=None, successor=None)
    audit.record(by, "library.back", library.pk)
