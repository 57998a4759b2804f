"""Who may open what: strangers sign in first, others are told why not."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.test import Client


def test_a_signed_in_person_is_greeted_by_the_menu(network: Path, as_role: Callable[..., Any]) -> None:
    assert "/dang-nhap" in Client().get("/").content.decode()
    page = as_role("administrator").get("/")
    assert "/dang-xuat" in page.content.decode()
    assert page.headers["Cache-Control"] == "private, no-store"
