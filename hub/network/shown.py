"""Libraries whose holdings not everybody may see: somebody's home, unless its owner has said otherwise."""

from __future__ import annotations

from django.db.models import Q

from hub.network.contacts import PRIVATE
from hub.network.models import Library


def hidden() -> frozenset[str]:
    """The codes of libraries that are not shown as holders: as they have said, else by their kind."""
    silent = Q(contact__isnull=True) | Q(contact__shown__isnull=True)
    codes = Library.objects.filter((silent & Q(kind__in=PRIVATE)) | Q(contact__shown=False))
    return frozenset(codes.values_list("code", flat=True))
