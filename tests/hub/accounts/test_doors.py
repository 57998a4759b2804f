"""What links of letters open: invitations, new passwords, the demo."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.test import Client, override_settings
from django.utils import timezone

from hub.accounts import invitations, people
from hub.accounts.models import AuditEvent, Invitation, User
from hub.accounts.roles import Permission
from schemas.problem import Trouble
from tests.accounts_in_tests import client_of, somebody
from tests.hub.accounts.conftest import Clock

Letters = Callable[[], list[mail.EmailMessage]]
NEW = {"name": "Trần Thị Hoa", "password": "đọc sách mỗi ngày", "again": "đọc sách mỗi ngày"}


def path_in(text: str) -> str:
    [found] = re.findall(r"http://127\.0\.0\.1:8000(/dang-nhap/\S+)", text)
    return found


def invite(email: str = "hoa@x.example", role: str = "partner_librarian", library: str = "HP-TP") -> str:
    return path_in(invitations.invite(email, role, library, by="chu@x.example")[1])


def test_an_invitation_by_letter_makes_an_account_once(
    two_libraries: Path, as_role: Callable[..., Any], letters: Letters
) -> None:
    page = as_role("administrator").post(
        "/quan-tri/tai-khoan",
        {"act": "invite", "email": "Hoa@X.example", "role": "partner_librarian", "library": "HP-TP"},
    )
    [letter] = letters()
    assert letter.to == ["hoa@x.example"]
    assert "Cán bộ thư viện thành viên" in letter.body
    link = path_in(letter.body)
    assert link in page.content.decode()
    assert link.rpartition("/")[2] not in repr(list(Invitation.objects.values()))
    client = Client()
    form = client.get(link)
    assert "Thư viện thành phố" in form.content.decode()
    assert client.post(link, NEW | {"again": "đọc sách mỗi tuần"}).status_code == 400
    assert client.post(link, NEW | {"role": "administrator", "email": "evil@x.example"}).status_code == 302
    user = User.objects.get(email="hoa@x.example")
    assert (user.name, user.libraries(Permission.LIBRARY_SEE)) == ("Trần Thị Hoa", frozenset({"HP-TP"}))
    assert not user.may(Permission.ACCOUNTS_MANAGE)
    assert client.get("/tai-khoan").status_code == 200, "signed in at once"
    assert Client().get(link).status_code == 410
    assert Client().post(link, NEW).status_code == 410


@pytest.mark.parametrize("spoil", ["expired", "withdrawn", "replaced", "wrong"])
def test_a_link_that_holds_no_more(two_libraries: Path, spoil: str) -> None:
    link = invite()
    if spoil == "expired":
        Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    elif spoil == "withdrawn":
        invitations.withdraw(Invitation.objects.get(), by="chu@x.example")
    elif spoil == "replaced":
        assert Client().get(invite()).status_code == 200
    else:
        link += "x"
    assert Client().get(link).status_code == 410
    assert Client().post(link, NEW).status_code == 410
    assert not User.objects.exists()


def test_another_role_for_somebody_who_has_an_account(two_libraries: Path, person: Callable[..., User]) -> None:
    user, other = person("cataloger"), person(email="other@x.example")
    link = invite(user.email, "partner_librarian", "HP-LL")
    assert Client().get(link).headers["Location"].startswith("/dang-nhap?next=")
    assert client_of(other).post(link).headers["Location"].startswith("/dang-nhap?next=")
    assert client_of(user).post(link).status_code == 302
    user.forget_given()
    assert user.may(Permission.LIBRARY_SEE, "HP-LL")
    with pytest.raises(Trouble, match="has this role already"):
        invite(user.email, "partner_librarian", "HP-LL")


def test_an_invitation_gives_nobody_the_roles_of_an_account_that_is_there(two_libraries: Path) -> None:
    invitations.entry("http://127.0.0.1:8000")  # an administrator without a password
    link = invite(invitations.DEMO, "bookcase_owner", "HP-LL")
    client = Client()
    client.post(link, NEW)
    assert client.get("/quan-tri/tai-khoan").status_code == 302, "a stranger still"
    assert not User.objects.get(email=invitations.DEMO).has_usable_password()


def test_a_closed_account_is_not_opened_by_an_invitation(two_libraries: Path, person: Callable[..., User]) -> None:
    person("administrator")
    user = person("cataloger")
    link = invite(user.email)
    people.close(user, by="chu@x.example")
    page = Client().post(link, NEW)
    assert page.status_code == 400
    assert "đã đóng" in page.content.decode()


def test_a_librarian_invites_colleagues_of_the_same_library_only(
    two_libraries: Path, as_role: Callable[..., Any], letters: Letters
) -> None:
    client = as_role("partner_librarian", "HP-TP")
    address, fields = (
        "/tai-khoan/dong-nghiep/HP-TP",
        {"act": "invite", "email": "hoa@x.example", "role": "bookcase_owner"},
    )
    assert client.post(address, fields).status_code == 200
    assert client.post(address, fields | {"library": "HP-LL"}).status_code == 200
    assert set(Invitation.objects.values_list("role", "library_code")) == {("bookcase_owner", "HP-TP")}
    for role in ("administrator", "cataloger", "nonsense", ""):
        assert client.post(address, fields | {"role": role}).status_code == 400
    assert client.post(address.replace("TP", "LL"), fields).status_code == 404
    assert as_role("bookcase_owner", "HP-TP").post(address, fields).status_code == 403
    assert len(letters()) == 2


def test_a_librarian_withdraws_and_takes_away_at_the_same_library_only(
    two_libraries: Path, as_role: Callable[..., Any]
) -> None:
    client, address = as_role("partner_librarian", "HP-TP"), "/tai-khoan/dong-nghiep/HP-TP"
    foreign, own = somebody("bookcase_owner", "HP-LL"), somebody("bookcase_owner", "HP-TP")
    invite("a@x.example", "publisher", "HP-LL")
    theirs = Invitation.objects.get()
    assert client.post(address, {"act": "withdraw", "invitation": theirs.pk}).status_code == 404
    for user in (foreign, own):
        client.post(address, {"act": "take", "user": user.pk, "role": "bookcase_owner"})
    assert foreign.grants.count() == 1
    assert own.grants.count() == 0
    assert client.post(address, {"act": "take", "user": own.pk, "role": "administrator"}).status_code == 404


def test_a_forgotten_password(catalog: Path, person: Callable[..., User], letters: Letters, clock: Clock) -> None:
    user, elsewhere = person("cataloger"), None
    elsewhere = client_of(user)
    answers = [Client().post("/dang-nhap/quen", {"email": email}) for email in (user.email, "nobody@x.example")]
    assert {(answer.status_code, answer.headers["Location"]) for answer in answers} == {(302, "/dang-nhap/da-gui")}
    assert list(AuditEvent.objects.values_list("act", "about")) == [
        ("password.letter", user.email),
        ("password.letter", "?"),
    ]
    [letter] = letters()
    link = path_in(letter.body)
    client = Client()
    assert client.get(link).status_code == 200
    assert client.post(link, NEW | {"password": "ngắn", "again": "ngắn"}).status_code == 400
    assert client.post(link, NEW).status_code == 302
    assert client.post(link, NEW).status_code == 410, "once"
    assert elsewhere.get("/tai-khoan").status_code == 302, "sessions end"
    user.refresh_from_db()
    assert user.check_password("đọc sách mỗi ngày")
    assert AuditEvent.objects.filter(act="password.changed", about=user.email).exists()


def test_letters_are_few_and_lead_to_the_configured_address(
    catalog: Path, person: Callable[..., User], letters: Letters, clock: Clock
) -> None:
    user = person()
    with override_settings(ALLOWED_HOSTS=["*"], BASE_URL="https://lienthong.example"):
        for _ in range(20):
            Client().post("/dang-nhap/quen", {"email": user.email}, headers={"host": "evil.example"})
            clock.now += 1
    found = letters()
    assert 1 <= len(found) <= 5
    assert all("https://lienthong.example/dang-nhap/" in letter.body and "evil" not in letter.body for letter in found)


@pytest.mark.parametrize(
    "link", ["/dang-nhap/dat-lai/MQ/x-y", "/dang-nhap/dat-lai/////x", "/dang-nhap/dat-lai/4pyT/x", "/dang-nhap/moi/x"]
)
def test_a_guessed_link_opens_nothing(catalog: Path, person: Callable[..., User], link: str) -> None:
    person()
    assert Client().get(link).status_code in (404, 410)
    assert Client().post(link, NEW).status_code in (404, 410)


def test_the_letter_speaks_the_language_of_its_reader(
    catalog: Path, person: Callable[..., User], letters: Letters, clock: Clock
) -> None:
    user = person()
    User.objects.update(language="en")
    Client().post("/dang-nhap/quen", {"email": user.email})
    assert letters()[0].subject == "A new password for Lienthong"


def test_the_demos_door_opens_on_this_machine_only(catalog: Path, network: Path) -> None:
    link = path_in(invitations.entry("http://127.0.0.1:8000"))
    far = [
        {"REMOTE_ADDR": "10.0.0.3"},
        {"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": "203.0.113.5"},
        {"REMOTE_ADDR": "127.0.0.1", "HTTP_FORWARDED": "for=203.0.113.5"},
    ]
    for where in far:
        assert Client(**where).get(link).status_code == 410
        assert Client(**where).post(link).status_code == 410
    with override_settings(BASE_URL="https://lienthong.example"):
        assert Client(HTTP_HOST="127.0.0.1").get(link).status_code == 410
    for _ in range(2):
        client = Client(HTTP_HOST="127.0.0.1:8000")
        assert client.get(link).status_code == 200
        assert client.get("/quan-tri/tai-khoan").status_code == 302, "no effect by GET"
        assert client.post(link).status_code == 302
        assert client.get("/quan-tri/tai-khoan").status_code == 200
    invitations.entry("http://127.0.0.1:8000")
    assert Client(HTTP_HOST="127.0.0.1").get(link).status_code == 410, "each demo has its own"
