"""Tokens and keys are not written into logs."""

from __future__ import annotations

import io
import logging
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from hub.accounts.invitations import invite
from hub.accounts.logs import Masked

TOKEN = "Wm7bq0y3x-token_that_is_long"


@pytest.mark.parametrize(
    ("message", "arguments"),
    [
        ("Bad Request: %s", (f"/dang-nhap/moi/{TOKEN}",)),
        ("Gone: %s", (f"/dang-nhap/dat-lai/MQ/{TOKEN}",)),
        (f"Forbidden: /dang-nhap/moi/{TOKEN}", ()),
        ("asked with %s at %d", (f"Bearer lt_{TOKEN}", 3)),
    ],
)
def test_a_message_is_masked(message: str, arguments: tuple[object, ...]) -> None:
    record = logging.LogRecord("x", logging.WARNING, "x", 1, message, arguments, None)
    assert Masked().filter(record)
    assert TOKEN not in record.getMessage()
    assert "…" in record.getMessage()


def test_the_portals_log_is_masked(two_libraries: Path) -> None:
    link = invite("a@x.example", "cataloger", by="x")[1].removeprefix("http://127.0.0.1:8000")
    assert settings.LOGGING["handlers"]["console"]["filters"] == ["masked"]
    handler, logger = logging.StreamHandler(io.StringIO()), logging.getLogger("django.request")
    handler.addFilter(Masked())
    logger.addHandler(handler)
    try:
        assert Client().post(link, {"name": "x", "password": "x", "again": "x"}).status_code == 400
    finally:
        logger.removeHandler(handler)
    said = handler.stream.getvalue()
    assert "/dang-nhap/moi/…" in said
    assert link.rpartition("/")[2] not in said
