"""A catalog with two libraries and a bookcase; the union catalog follows at once instead of a moment later."""

from __future__ import annotations

import pytest

from hub.network.models import Library
from hub.stages import soon
from tests.hub.provide.network import fill


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """What people do is carried out before the page is there."""
    monkeypatch.setattr(soon.FOLLOWER, "ask", soon.unite)


@pytest.fixture
def libraries(catalog: object, at_once: None) -> Library:
    """The sample network with an empty bookcase."""
    fill()
    return Library.objects.create(code="HP-VU", name_vi="Tủ sách dòng họ Vũ", kind="clan")
