"""The small network in a database of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.hub.provide.network import fill


@pytest.fixture
def network(catalog: Path) -> Path:
    fill()
    return catalog
