"""The picture of a cluster: its records on a circle, and the links that hold it together; bridges are drawn bold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, pi, sin
from typing import Any

MOST = 40  # records drawn
WIDTH, SMALLEST = 640, 260
ROUND = 17  # radius of a record


@dataclass(frozen=True, slots=True)
class Dot:
    """A record: its number in the table, and where it is drawn."""

    number: int
    x: float
    y: float
    name: str


@dataclass(frozen=True, slots=True)
class Edge:
    """A link between two records; ``kind`` is same, fits or person."""

    x1: float
    y1: float
    x2: float
    y2: float
    kind: str
    bridge: bool
    text: str


@dataclass(frozen=True, slots=True)
class Picture:
    """What is drawn, in a box of this size."""

    width: int
    height: int
    dots: list[Dot]
    edges: list[Edge]
    left_out: int


def draw(names: Sequence[str], links: Sequence[dict[str, Any]], bridges: Sequence[dict[str, Any]]) -> Picture:
    """The picture of records and links as :func:`hub.stages.explain.explain_cluster` tells them."""
    shown = list(names)[:MOST]
    height = max(SMALLEST, min(520, 160 + 26 * len(shown)))
    dots = {name: _dot(place, len(shown), name, height) for place, name in enumerate(shown)}
    bold = {frozenset((one["first"], one["second"])) for one in bridges}
    edges = [
        _edge(dots[link["first"]], dots[link["second"]], link, bold)
        for link in links
        if link["first"] in dots and link["second"] in dots
    ]
    return Picture(WIDTH, height, list(dots.values()), edges, len(names) - len(shown))


def _dot(place: int, count: int, name: str, height: int) -> Dot:
    turn = 2 * pi * place / max(count, 1) - pi / 2
    wide, high = (WIDTH / 2 - 2 * ROUND - 60, height / 2 - 2 * ROUND) if count > 1 else (0.0, 0.0)
    return Dot(place + 1, round(WIDTH / 2 + wide * cos(turn), 1), round(height / 2 + high * sin(turn), 1), name)


def _edge(a: Dot, b: Dot, link: dict[str, Any], bold: set[frozenset[str]]) -> Edge:
    kind = "person" if link["decision"] else "fits" if link["verdict"] == "FITS" else "same"
    bridge = frozenset((a.name, b.name)) in bold
    return Edge(a.x, a.y, b.x, b.y, kind, bridge, f"{a.number} – {b.number}")
