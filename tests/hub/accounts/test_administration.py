"""Administrators give and take roles, close accounts; nobody removes the last of them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from hub.accounts import people, sessions
from hub.accounts.models import AuditEvent, Invitation, User
from hub.accounts.roles import Permission
from schemas.problem import Trouble
from tests.accounts_in_tests import client_of, somebody


def test_roles_are_given_and_taken_and_take_effect_at_once(two_libraries: Path, as_role: Callable[..., Any]) -> None:
    client, user = as_role("administrator"), somebody(email="lan@x.example")
    theirs = client_of(user)
    address = f"/quan-tri/tai-khoan/{user.pk}"
    assert theirs.get("/quan-tri/nhat-ky").status_code == 403
    before = theirs.cookies[sessions.cookie()].value
    assert client.post(address, {"act": "give", "role": "administrator"}).status_code == 302
    assert theirs.get("/quan-tri/nhat-ky").status_code == 200
    assert theirs.cookies[sessions.cookie()].value != before, "a new session number when rights change"
    client.post(address, {"act": "take", "role": "administrator"})
    assert theirs.get("/quan-tri/nhat-ky").status_code == 403
    client.post(address, {"act": "give", "role": "publisher", "library": "HP-LL"})
    assert somebody(email="lan@x.example").libraries(Permission.LIBRARY_SEE) == {"HP-LL"}
    acts = AuditEvent.objects.filter(about="lan@x.example").order_by("number")
    assert [(event.act, event.by) for event in acts] == [
        (act, "administrator@lienthong.example") for act in ("role.given", "role.taken", "role.given")
    ]


@pytest.mark.parametrize(
    ("role", "library", "said"),
    [
        ("publisher", "", "Hãy cho biết mã thư viện"),
        ("publisher", "HP-XX", "Không có thư viện mang mã «HP-XX»"),
        ("cataloger", "HP-TP", "không ghi mã thư viện"),
        ("superuser", "", "Không có vai trò"),
    ],
)
def test_a_role_that_cannot_be(
    two_libraries: Path, as_role: Callable[..., Any], role: str, library: str, said: str
) -> None:
    user = somebody(email="lan@x.example")
    client = as_role("administrator")
    page = client.post(f"/quan-tri/tai-khoan/{user.pk}", {"act": "give", "role": role, "library": library})
    assert page.status_code == 400
    assert said in page.content.decode()
    fields = {"act": "invite", "email": "a@x.example", "role": role, "library": library}
    assert said in client.post("/quan-tri/tai-khoan", fields).content.decode()
    assert not Invitation.objects.exists()


def test_closing_and_opening(catalog: Path, as_role: Callable[..., Any]) -> None:
    client, theirs = as_role("administrator"), as_role("cataloger")
    address = f"/quan-tri/tai-khoan/{theirs.user.pk}"
    client.post(address, {"act": "close"})
    assert theirs.get("/tai-khoan").status_code == 302
    assert not User.objects.get(pk=theirs.user.pk).may(Permission.REVIEW_SEE)
    assert "đã đóng" in client.get("/quan-tri/tai-khoan").content.decode()
    client.post(address, {"act": "open"})
    assert User.objects.get(pk=theirs.user.pk).may(Permission.REVIEW_SEE)


def test_nobody_removes_the_last_administrator(store: str) -> None:
    first, second = somebody("administrator"), somebody("administrator", email="second@x.example")
    people.close(second, by="x")
    for remove in (
        lambda: people.close(first, by="x"),
        lambda: people.take_role(first, "administrator", by="x"),
    ):
        with pytest.raises(Trouble, match="is the last administrator"):
            remove()
    people.reopen(second, by="x")
    people.take_role(first, "administrator", by="x")
    with pytest.raises(Trouble, match="is the last administrator"):
        people.close(User.objects.get(pk=second.pk), by="x")


def test_an_account_that_is_not_there(catalog: Path, as_role: Callable[..., Any]) -> None:
    client = as_role("administrator")
    for number in (0, 99_999, 10**30):
        assert client.get(f"/quan-tri/tai-khoan/{number}").status_code == 404
    assert client.post(f"/quan-tri/tai-khoan/{client.user.pk}", {"act": "delete"}).status_code == 404


def test_the_trail_can_be_searched(catalog: Path, as_role: Callable[..., Any]) -> None:
    from hub.accounts import audit

    for n in range(60):
        audit.record("lan@x.example", "match.decided", f"LT-{n}", verdict="SAME")
    audit.record("<b>x</b>", "odd.act", '<script>alert("1")</script>', note="<img src=x>")
    client = as_role("administrator")
    page = client.get("/quan-tri/nhat-ky").content.decode()
    assert "<script>alert" not in page
    assert "<img src=x>" not in page
    assert "LT-59" in page
    assert "?before=12" in page
    older = client.get("/quan-tri/nhat-ky?before=12").content.decode()
    assert "LT-10<" in older
    assert "LT-11<" not in older
    for query, there in (
        ("by=lan", True),
        ("act=match.decided", True),
        ("act=role.given", False),
        ("about=LT-5", True),
        ("day=2020-01-01", False),
        ("day=x", True),
        ("day=2026-13-45", True),
    ):
        assert ("LT-5" in client.get(f"/quan-tri/nhat-ky?{query}").content.decode()) == there, query
    assert "Không có dòng nào hợp với bộ lọc" in client.get("/quan-tri/nhat-ky?by=nobody").content.decode()
    assert client.get("/quan-tri/nhat-ky?lang=en", follow=True).status_code == 200


def test_a_hostile_name_is_only_text(two_libraries: Path, as_role: Callable[..., Any]) -> None:
    from hub.accounts import keys
    from tests.hub.provide.network import HOSTILE

    client = as_role("administrator")
    other = somebody("partner_librarian", "HP-TP", email="hostile@x.example")
    for user in (client.user, other):
        User.objects.filter(pk=user.pk).update(name=HOSTILE)
        keys.make(user, HOSTILE, [Permission.LIBRARY_SEE], by=HOSTILE)
    theirs = client_of(other)
    hostile_browser = {"HTTP_USER_AGENT": HOSTILE}
    for address in (
        "/",
        "/tai-khoan",
        "/tai-khoan/khoa",
        "/tai-khoan/dong-nghiep/HP-TP",
        "/quan-tri/tai-khoan",
        f"/quan-tri/tai-khoan/{other.pk}",
        "/quan-tri/nhat-ky",
        "/quan-tri/nhat-ky?by=%22%3E%3Cimg%20src%3Dx%3E",
        "/dang-nhap?next=/%22%3E%3Cimg%20src%3Dx%3E",
        "/dang-nhap/quen?email=%22%3E%3Cimg%20src%3Dx%3E",
    ):
        for reader in (client, theirs):
            page = reader.get(address, **hostile_browser).content.decode()
            assert "<img" not in page.replace('<img src="/static/lienthong.svg"', ""), address
            assert "<script" not in page.replace("<script src=", ""), address
