"""A network in which questions wait, on one database or on both."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.hub.review.asked import fill


@pytest.fixture
def waiting(catalog: Path) -> Path:
    """Six questions, on SQLite."""
    fill(6)
    return catalog


@pytest.fixture
def waiting_anywhere(store: str) -> str:
    """Four questions, on both databases."""
    fill(4)
    return store
