"""Chromium for the tests of the portal."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.browser.chromium import running


@pytest.fixture
def browser(portal: object) -> Iterator[Browser]:
    """A browser that starts once the portal of the module serves."""
    assert portal
    with running() as started:
        yield started
