"""The first steps in a new hub: who sees them where, and that each goes once it is done."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client, override_settings
from django.utils import timezone

from hub.accounts import invitations
from hub.operations.models import Contact
from tests.hub.operations.test_desk import body
from tests.hub.provide.network import fill

AsRole = Callable[..., Any]
SOURCE = "Thêm nguồn đầu tiên"
PAGES = ("/", "/dieu-hanh")


@pytest.fixture
def empty(catalog: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, settings: Any) -> Path:
    """A hub as it is right after its installation."""
    monkeypatch.setenv("LIENTHONG_SOURCES", str(tmp_path))
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    return catalog


@pytest.mark.usefixtures("empty")
def test_an_administrator_of_an_empty_hub_is_told_what_to_do_first(as_role: AsRole) -> None:
    for page in PAGES:
        html = body(as_role("administrator").get(page))
        assert "đã xong 0 trong 6" in html
        assert 'href="/nguon/moi"' in html
        assert 'href="/quan-tri/tai-khoan"' in html


@pytest.mark.usefixtures("empty")
def test_everybody_sees_the_steps_that_are_theirs(as_role: AsRole) -> None:
    staff = body(as_role("it_staff").get("/dieu-hanh"))
    assert SOURCE in staff
    assert "Mời cán bộ biên mục" not in staff
    assert SOURCE not in body(as_role("cataloger").get("/"))
    stranger = body(Client().get("/"))
    assert SOURCE not in stranger
    assert 'href="/dang-nhap"' in stranger


@pytest.mark.usefixtures("empty")
def test_what_is_done_is_ticked_and_all_of_it_is_shown_no_more(as_role: AsRole) -> None:
    boss = as_role("administrator")
    fill()
    assert "đã xong 2 trong 6" in body(boss.get("/dieu-hanh"))
    assert SOURCE not in body(boss.get("/")), "a catalog with books shows books"
    Contact.objects.create(name="Cô Lan", email="lan@x.example", created_at=timezone.now())
    invitations.invite("hoa@x.example", "cataloger", by="x")
    invitations.invite("tam@x.example", "bookcase_owner", "HP-TP", by="x")
    assert "đã xong 5 trong 6" in body(boss.get("/dieu-hanh"))
    with override_settings(EMAIL_BACKEND="django.core.mail.backends.locmem.EmailBackend"):
        assert SOURCE not in body(boss.get("/dieu-hanh"))
