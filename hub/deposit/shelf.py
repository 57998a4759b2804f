"""Which kept files belong to a publication. The same content is kept once, also where two publications have it."""

from __future__ import annotations

from datetime import date

from django.db.models import Q, QuerySet

from hub.deposit.models import Delivery, Kept, Publication

TAKEN = (Delivery.State.KEPT, Delivery.State.KNOWN)


def files_of(publication: Publication) -> QuerySet[Kept]:
    """The files of a publication, in the order in which they were kept."""
    brought = Q(deliveries__publication=publication, deliveries__state__in=TAKEN)
    return Kept.objects.filter(Q(publication=publication) | brought).distinct().order_by("pk")


def publications_of(kept: Kept) -> QuerySet[Publication]:
    """The publications that a file is of."""
    brought = Q(deliveries__kept=kept, deliveries__state__in=TAKEN)
    return Publication.objects.filter(Q(files=kept) | brought).distinct().order_by("pk")


def open_files(day: date) -> QuerySet[Kept]:
    """The files that everybody may read on a day: what :meth:`hub.deposit.access.Access.may_read` says, as a query."""
    known = Publication.objects.filter(level="public", content="open", room=False, free=True, lawful=True, usable=True)
    known = known.filter(Q(embargo=None) | Q(embargo__lte=day))
    brought = Q(deliveries__publication__in=known, deliveries__state__in=TAKEN)
    return Kept.objects.filter(Q(publication__in=known) | brought, lost_at=None).distinct().order_by("pk")
