"""The map of what areas hold for children: a circle an area, drawn on the server, with nothing fetched from outside."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import cos, radians, sqrt
from typing import Any

WIDTH, MARGIN, SMALL, LARGE = 640, 40, 5, 26
FLATTEST, TALLEST = 240, 640


@dataclass(frozen=True, slots=True)
class Circle:
    """An area: where it is drawn, how large, whether it is poor in anything."""

    name: str
    x: float
    y: float
    size: float
    titles: int
    poor: int


@dataclass(frozen=True, slots=True)
class Picture:
    """What is drawn, and the areas whose place is not known."""

    height: int
    circles: list[Circle]
    unknown: list[str]
    width: int = WIDTH


def draw(areas: Mapping[str, Any], places: Mapping[str, tuple[float, float]]) -> Picture:
    """The map of areas (as :meth:`hub.reports.gaps.Found.dump` tells them) at their (latitude, longitude)."""
    known = {name: places[name] for name in areas if name in places}
    unknown = sorted(name for name in areas if name not in places)
    if not known:
        return Picture(FLATTEST, [], unknown)
    south, north = min(lat for lat, _ in known.values()), max(lat for lat, _ in known.values())
    west, east = min(lon for _, lon in known.values()), max(lon for _, lon in known.values())
    narrow = cos(radians((south + north) / 2))  # a degree of longitude beside one of latitude
    scale = (WIDTH - 2 * MARGIN) / max((east - west) * narrow, (north - south), 0.01)
    height = int(min(TALLEST, max(FLATTEST, (north - south) * scale + 2 * MARGIN)))
    most = max(sum(areas[name]["titles"].values()) for name in known) or 1
    circles = []
    for name, (latitude, longitude) in sorted(known.items()):
        titles = sum(areas[name]["titles"].values())
        x = MARGIN + (longitude - west) * narrow * scale
        y = MARGIN + (north - latitude) * scale
        size = SMALL + (LARGE - SMALL) * sqrt(titles / most)
        circles.append(Circle(name, round(x, 1), round(y, 1), round(size, 1), titles, len(areas[name]["poor"])))
    circles.sort(key=lambda one: -one.size)
    return Picture(height, circles, unknown)
