"""The names of libraries by their codes."""

from __future__ import annotations

from collections.abc import Iterable

from hub.network.models import Library


def names_of(codes: Iterable[str]) -> dict[str, str]:
    """Codes → names, of the libraries that are there."""
    return dict(Library.objects.filter(code__in=list(codes)).values_list("code", "name_vi"))
