"""Where libraries lie and how far apart."""

from __future__ import annotations

from pathlib import Path

import pytest

from hub.network.geography import Position, distance, positions
from hub.network.models import Library


def test_distances_are_those_of_the_globe() -> None:
    city, island = Position(20.8449, 106.6881), Position(20.1333, 107.7333)  # Hải Phòng, Bạch Long Vĩ
    assert distance(city, island) == pytest.approx(134.5, abs=2)
    assert distance(city, city) == 0
    assert distance(Position(0, -179.5), Position(0, 179.5)) == pytest.approx(111.2, abs=0.5)
    assert distance(Position(0, 0), Position(0, 180)) == pytest.approx(20015, abs=1)


def test_who_has_not_said_where_it_lies_is_nowhere(catalog: Path) -> None:
    Library.objects.create(code="A", name_vi="A", latitude=20.8, longitude=106.7)
    Library.objects.create(code="B", name_vi="B", latitude=20.8)
    assert positions(["A", "B", "C"]) == {"A": Position(20.8, 106.7)}
