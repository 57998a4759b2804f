"""Where libraries lie, as far as they have said it: degrees of WGS 84, distances in kilometers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import asin, cos, radians, sin, sqrt

from hub.network.models import Library

EARTH = 6371.0088  # mean radius, km


@dataclass(frozen=True, slots=True)
class Position:
    """A place on the map, in degrees north and east."""

    latitude: float
    longitude: float


def positions(codes: Iterable[str]) -> dict[str, Position]:
    """Where these libraries lie; those that have not said so are left out."""
    rows = Library.objects.filter(code__in=list(codes)).values_list("code", "latitude", "longitude")
    return {code: Position(north, east) for code, north, east in rows if north is not None and east is not None}


def distance(a: Position, b: Position) -> float:
    """The great-circle distance in kilometers (haversine)."""
    north, east = radians(b.latitude - a.latitude) / 2, radians(b.longitude - a.longitude) / 2
    half = sin(north) ** 2 + cos(radians(a.latitude)) * cos(radians(b.latitude)) * sin(east) ** 2
    return 2 * EARTH * asin(sqrt(min(1.0, half)))
