"""Who may open what: strangers sign in first, others are told why not; the menu shows what one may do."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.http import Http404, HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from hub.accounts.access import scoped, to_sign_in
from hub.accounts.roles import Permission
from tests.accounts_in_tests import somebody


def links(client: Client) -> set[str]:
    page = client.get("/").content.decode()
    return set(re.findall(r'href="(/[\w/-]*)"', page[page.index("<header") : page.index("</header>")]))


@pytest.mark.parametrize(
    ("role", "library", "there", "not_there"),
    [
        ("administrator", "", {"/duyet", "/dieu-hanh", "/cua-toi", "/quan-tri/tai-khoan"}, set()),
        ("cataloger", "", {"/duyet", "/tai-khoan"}, {"/quan-tri/tai-khoan", "/cua-toi"}),
        ("bookcase_owner", "HP-TP", {"/cua-toi", "/tai-khoan"}, {"/duyet", "/dieu-hanh", "/quan-tri/tai-khoan"}),
        ("screening_officer", "", {"/tai-khoan"}, {"/duyet", "/dieu-hanh", "/cua-toi", "/quan-tri/tai-khoan"}),
    ],
)
def test_the_menu_shows_what_one_may_do(
    network: Path, as_role: Callable[..., Any], role: str, library: str, there: set[str], not_there: set[str]
) -> None:
    found = links(as_role(role, library))
    assert there <= found
    assert not found & not_there
    assert "/dang-nhap" not in found


def test_a_stranger_is_offered_to_sign_in(network: Path) -> None:
    found = links(Client())
    assert "/dang-nhap" in found
    assert not found & {"/duyet", "/dieu-hanh", "/cua-toi", "/tai-khoan"}


def test_what_is_not_permitted_is_said_in_words(network: Path, as_role: Callable[..., Any]) -> None:
    client = as_role("cataloger")
    page = client.get("/quan-tri/tai-khoan")
    assert page.status_code == 403
    assert "không có quyền mở trang này" in page.content.decode()
    client.cookies["language"] = "en"
    assert "has no right to it" in client.get("/quan-tri/tai-khoan").content.decode()


def test_what_belongs_to_another_library_is_not_there(catalog: Path) -> None:
    lan = somebody("partner_librarian", "HP-TP")
    scoped(lan, Permission.LIBRARY_SEE, "HP-TP")
    for code in ("HP-LL", "", "HP-T", "hp-tp"):
        with pytest.raises(Http404):
            scoped(lan, Permission.LIBRARY_SEE, code)


@pytest.mark.parametrize(
    ("referer", "back"),
    [
        ("http://testserver/duyet?loc=1", "%2Fduyet%3Floc%3D1"),
        ("https://evil.example/duyet", "%2F"),
        ("//evil.example", "%2F"),
        ("", "%2F"),
    ],
)
def test_after_a_form_the_way_leads_back_to_its_page(referer: str, back: str) -> None:
    request: HttpRequest = RequestFactory().post("/duyet/tiep", headers={"referer": referer})
    found: HttpResponse = to_sign_in(request)
    assert found.headers["Location"] == f"/dang-nhap?next={back}"
