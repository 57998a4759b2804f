"""Signing in: who gets in, how often somebody may try, how long a session holds, and what a page says to a stranger."""

from __future__ import annotations

import re
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client, override_settings

from hub.accounts import sessions, throttle
from hub.accounts.entrance import KNOWN
from hub.accounts.models import AuditEvent, Session, User
from hub.web import settings as ours
from tests.accounts_in_tests import client_of, somebody
from tests.hub.accounts.conftest import PASSWORD, Clock

Person = Callable[..., User]


def sign_in(client: Client, email: str, password: str = PASSWORD, **more: Any) -> Any:
    fields = {"email": email, "password": password, "next": more.pop("next", "")}
    return client.post("/dang-nhap", fields, **more)


def test_in_and_out(catalog: Path, person: Person) -> None:
    user, client = person("cataloger"), Client()
    assert sign_in(client, user.email.upper() + " ").headers["Location"] == "/"
    assert client.get("/tai-khoan").status_code == 200
    number = client.cookies[sessions.cookie()].value
    page = client.post("/dang-xuat")
    assert page.status_code == 302
    client.cookies[sessions.cookie()] = number
    assert client.get("/tai-khoan").headers["Location"].startswith("/dang-nhap?next=")
    assert [event.act for event in AuditEvent.objects.order_by("number")] == ["sign_in", "sign_out"]


def test_the_same_password_however_it_is_typed(catalog: Path, person: Person) -> None:
    user = person()
    composed = "mo\u0323\u0302t ca\u0302u de\u0302\u0303 nho\u031b\u0301"
    assert composed != PASSWORD
    assert sign_in(Client(), user.email, composed).status_code == 302


def test_passwords_are_kept_as_argon2id(catalog: Path, person: Person) -> None:
    assert person().password.startswith("argon2$argon2id$v=19$m=19456,t=2,p=1$")


def test_signing_out_is_no_link(catalog: Path, as_role: Callable[..., Any]) -> None:
    client = as_role("cataloger")
    assert client.get("/dang-xuat").status_code == 405
    assert client.get("/tai-khoan").status_code == 200


def test_a_page_that_demands_a_sign_in_leads_back(catalog: Path, person: Person) -> None:
    client, user = Client(), person("administrator")
    asked = client.get("/quan-tri/nhat-ky?by=lan&day=2026-01-01")
    assert asked.status_code == 302
    form = client.get(asked.headers["Location"]).content.decode()
    [back] = re.findall(r'name="next" value="([^"]*)"', form)
    assert sign_in(client, user.email, next=back.replace("&amp;", "&")).headers["Location"] == (
        "/quan-tri/nhat-ky?by=lan&day=2026-01-01"
    )


@pytest.mark.parametrize(
    "evil",
    ["//evil.example", "/\\evil.example", "\\\\evil.example", "javascript:alert(1)", "https://evil.example/", "/\t/evil.example",
     "///evil.example", "http:evil.example", "/%0d%0aSet-Cookie:x=1\r\nX: y", "data:text/html,x"],
)  # fmt: skip
def test_nobody_is_led_elsewhere(catalog: Path, person: Person, evil: str) -> None:
    user = person()
    assert sign_in(Client(), user.email, next=evil).headers["Location"] in ("/", "/%0d%0aSet-Cookie:x=1")
    assert f'value="{evil}"' not in Client().get("/dang-nhap", {"next": evil}).content.decode()


def test_a_foreign_host_is_not_answered(catalog: Path) -> None:
    assert Client().get("/dang-nhap", headers={"host": "evil.example"}).status_code == 400


def test_a_stranger_learns_nothing_of_who_has_an_account(catalog: Path, person: Person) -> None:
    user, closed, without = person(), person(email="closed@x.example"), somebody(email="invited@x.example")
    User.objects.filter(pk=closed.pk).update(is_active=False)
    pages = set()
    for email in (user.email, closed.email, without.email, "nobody@x.example"):
        page = sign_in(Client(), email, "wrong password")
        assert page.status_code == 400
        text = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page.content.decode())
        pages.add(text.replace(email, "EMAIL"))
    assert len(pages) == 1


def test_a_wrong_password_takes_as_long_as_no_account(catalog: Path, person: Person, clock: Clock) -> None:
    user, took = person(), {"known": [], "unknown": []}
    for _ in range(15):
        for name, email in (("known", user.email), ("unknown", "nobody@x.example")):
            clock.now += 4000
            before = time.thread_time()  # of the processor: what else runs here does not count
            assert sign_in(Client(), email, "wrong password").status_code == 400
            took[name].append(time.thread_time() - before)
    known, unknown = (statistics.median(values) for values in took.values())
    assert abs(known - unknown) < 0.010, f"{known:.4f} and {unknown:.4f} s"


def test_the_fifth_failure_makes_wait_and_no_hour_hears_more_than_a_hundred(
    catalog: Path, person: Person, clock: Clock
) -> None:
    user, heard, start = person(), [], clock.now
    for n in range(5):
        assert sign_in(Client(), user.email, f"wrong {n}", REMOTE_ADDR=f"10.0.{n}.1").status_code == 400
    page = sign_in(Client(), user.email, PASSWORD, REMOTE_ADDR="10.1.0.1")
    assert (page.status_code, page.headers["Retry-After"]) == (429, "1")
    clock.now += 1
    assert sign_in(Client(), user.email, PASSWORD, REMOTE_ADDR="10.1.0.1").status_code == 302
    while clock.now < start + 3 * 3600:
        key = {throttle.account_key(user.email): throttle.ACCOUNT}
        if throttle.take(key, clock.now) == 0:
            heard.append(clock.now)
        clock.now += 1
    assert max(sum(1 for other in heard if at <= other < at + 3600) for at in heard) <= 100


def test_one_password_on_a_thousand_accounts(catalog: Path, clock: Clock) -> None:
    heard = 0
    for n in range(1000):
        heard += (
            sign_in(Client(), f"user{n}@x.example", "Summer2026!", REMOTE_ADDR=f"2001:db8:1:2::{n:x}").status_code
            == 400
        )
        clock.now += 3
    assert heard <= 100


def test_strangers_do_not_lock_a_person_out_of_their_own_browser(catalog: Path, person: Person, clock: Clock) -> None:
    user, own = person("administrator"), Client()
    assert sign_in(own, user.email).status_code == 302
    own.post("/dang-xuat")
    for n in range(30):
        sign_in(Client(), user.email, "guess", REMOTE_ADDR=f"10.0.{n}.1")
    assert sign_in(Client(), user.email, REMOTE_ADDR="10.9.9.9").status_code == 429
    assert sign_in(own, user.email).status_code == 302


def test_a_known_browser_is_known_for_its_user_only(catalog: Path, person: Person, clock: Clock) -> None:
    mine, other = person(email="mine@x.example"), person(email="other@x.example")
    client = Client()
    sign_in(client, mine.email)
    client.post("/dang-xuat")
    statuses = [sign_in(client, other.email, "guess").status_code for _ in range(6)]
    assert statuses == [400] * 5 + [429]
    client.cookies[KNOWN] = "forged:value"
    assert sign_in(client, mine.email).status_code == 302


@pytest.mark.parametrize("trusted", [False, True])
def test_a_client_cannot_claim_another_address(catalog: Path, clock: Clock, trusted: bool) -> None:
    proxies = ours.TRUSTED_PROXIES
    if trusted:
        from ipaddress import ip_network

        proxies = (ip_network("10.0.0.0/24"),)
    with override_settings(TRUSTED_PROXIES=proxies):
        statuses = [
            sign_in(
                Client(), f"u{n}@x.example", "guess", REMOTE_ADDR="10.0.0.7", HTTP_X_FORWARDED_FOR=f"198.51.100.{n}"
            ).status_code
            for n in range(25)
        ]
        spoofed = [
            sign_in(
                Client(),
                f"v{n}@x.example",
                "g",
                REMOTE_ADDR="10.0.0.7",
                HTTP_X_FORWARDED_FOR=f"203.0.113.{n}, 192.0.2.1",
            ).status_code
            for n in range(25)
        ]
    assert statuses.count(400) == (25 if trusted else 20)
    assert spoofed.count(400) == (20 if trusted else 0)


def test_several_processes_count_together(store: str) -> None:
    limits = {"account:x": throttle.ACCOUNT, "network:y": throttle.NETWORK}
    assert [throttle.take(limits, 1000.0) for _ in range(5)] == [0] * 5
    assert throttle.take(limits, 1000.0) == 1
    assert throttle.take(limits, 1001.0) == 0
    throttle.forgive(1001.0, "account:x", "network:y")
    assert throttle.tries("account:x", 1001.0) == 0
    assert throttle.tries("network:y", 1001.0) == 5
    assert throttle.take({"network:z": throttle.NETWORK}, 99_999.0) == 0
    assert throttle.tries("network:y", 1001.0) == 0, "old rows go"


def test_a_session_gets_a_new_number_at_sign_in(catalog: Path, person: Person) -> None:
    user, client = person(), Client()
    planted = "a" * 32
    client.cookies[sessions.cookie()] = planted
    sign_in(client, user.email)
    first = client.cookies[sessions.cookie()].value
    assert first != planted
    assert len(first) >= 32
    sign_in(client, user.email)
    assert client.cookies[sessions.cookie()].value != first
    assert not Session.objects.filter(session_key=first).exists()


def test_a_session_ends_when_idle_and_after_twelve_hours(catalog: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    client = client_of(somebody("cataloger"))
    now = sessions.moment()
    for minutes, status in ((25, 200), (50, 200), (75, 200), (106, 302)):
        monkeypatch.setattr(sessions, "moment", lambda: now + minutes * 60)  # noqa: B023
        assert client.get("/tai-khoan").status_code == status, minutes
    monkeypatch.setattr(sessions, "moment", lambda: now)
    client = client_of(somebody("cataloger"))
    statuses = []
    for n in range(26):
        monkeypatch.setattr(sessions, "moment", lambda: now + n * 29 * 60)  # noqa: B023
        statuses.append(client.get("/tai-khoan").status_code)
    assert statuses == [200] * 25 + [302], "720 minutes are over at 725"


def test_a_new_password_ends_the_other_sessions(catalog: Path, person: Person) -> None:
    user = person()
    here, elsewhere = Client(), Client()
    sign_in(here, user.email)
    sign_in(elsewhere, user.email)
    before = here.cookies[sessions.cookie()].value
    fields = {"act": "password", "present": PASSWORD, "password": "một câu khác hẳn", "again": "một câu khác hẳn"}
    assert here.post("/tai-khoan", fields).status_code == 302
    assert here.get("/tai-khoan").status_code == 200
    assert here.cookies[sessions.cookie()].value != before
    assert elsewhere.get("/tai-khoan").status_code == 302


@pytest.mark.parametrize(
    ("present", "new", "again", "said"),
    [
        ("wrong", "một câu khác hẳn", "một câu khác hẳn", "Mật khẩu hiện tại không đúng"),
        (PASSWORD, "một câu khác hẳn", "một câu khác", "không giống nhau"),
        (PASSWORD, "ngắn", "ngắn", "ít nhất 10 ký tự"),
        (PASSWORD, "1234567890", "1234567890", "nhiều người dùng"),
        (PASSWORD, "aaaaaaaaaaaa", "aaaaaaaaaaaa", "nhiều người dùng"),
        (PASSWORD, "nobody@lienthong", "nobody@lienthong", "gần giống tên"),
    ],
)
def test_a_poor_password_is_refused_with_the_reason(
    catalog: Path, person: Person, present: str, new: str, again: str, said: str
) -> None:
    client = client_of(person())
    page = client.post("/tai-khoan", {"act": "password", "present": present, "password": new, "again": again})
    assert page.status_code == 400
    assert said in page.content.decode()
    assert client.get("/tai-khoan").status_code == 200


def test_sign_out_everywhere(catalog: Path, person: Person) -> None:
    user = person()
    here, elsewhere = client_of(user), client_of(user)
    here.post("/tai-khoan", {"act": "sessions"})
    assert [client.get("/tai-khoan").status_code for client in (here, elsewhere)] == [302, 302]
    assert not Session.objects.filter(user=user).exists()


def test_name_and_language(catalog: Path, person: Person) -> None:
    client = client_of(person())
    client.post(
        "/tai-khoan", {"act": "describe", "name": " Nguyễn  Thị Lan ", "language": "en", "role": "administrator"}
    )
    page = client.get("/tai-khoan").content.decode()
    assert "Nguyễn Thị Lan" in page
    assert "Sign out" in page
    assert User.objects.get().grants.count() == 0


def test_forms_need_their_token(catalog: Path, person: Person) -> None:
    user = person("administrator")
    client = client_of(user, enforce_csrf_checks=True)
    for address, fields in (
        ("/dang-xuat", {}),
        ("/tai-khoan", {"act": "sessions"}),
        ("/quan-tri/tai-khoan", {"act": "invite", "email": "a@x.example", "role": "administrator"}),
        ("/tai-khoan/khoa", {"act": "make"}),
    ):
        page = client.post(address, fields, headers={"origin": "https://evil.example"})
        assert page.status_code == 403, address
        assert "Chưa có gì thay đổi" in page.content.decode()
        assert client.post(address, fields, content_type="text/plain").status_code == 403
    assert client.get("/tai-khoan", headers={"x-http-method-override": "POST"}).status_code == 200
    assert not AuditEvent.objects.exists()


def test_pages_of_a_person_are_not_stored(network: Path, as_role: Callable[..., Any]) -> None:
    client = as_role("administrator")
    for address in ("/", "/tim", "/tai-khoan", "/quan-tri/tai-khoan", "/quan-tri/nhat-ky"):
        assert client.get(address).headers["Cache-Control"] == "private, no-store", address
    assert "no-store" not in Client().get("/").headers.get("Cache-Control", "")
    assert Client().get("/dang-nhap").headers["Cache-Control"] == "private, no-store"


def test_headers_and_cookies_where_the_portal_is_https(catalog: Path, person: Person) -> None:
    import subprocess
    import sys

    code = (
        "import json, hub.web.settings as s;"
        "print(json.dumps([s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME, s.SESSION_COOKIE_SECURE, s.CSRF_TRUSTED_ORIGINS]))"
    )
    import json
    import os

    environment = {**os.environ, "LIENTHONG_BASE_URL": "https://lienthong.example:8443/x"}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == ["__Host-session", "__Host-csrf", True, ["https://lienthong.example:8443"]]
    with override_settings(HTTPS=True, SESSION_COOKIE_SECURE=True, SESSION_COOKIE_NAME="__Host-session"):
        client, user = Client(), person()
        page = sign_in(client, user.email)
        assert page.headers["Strict-Transport-Security"] == "max-age=31536000"
        for name in ("__Host-session", f"__Host-{KNOWN}"):
            cookie = page.cookies[name]
            assert (cookie["secure"], cookie["httponly"], cookie["samesite"], cookie["path"]) == (
                True,
                True,
                "Lax",
                "/",
            )
            assert not cookie["domain"]


def test_failures_are_in_the_trail(catalog: Path, person: Person, clock: Clock) -> None:
    user = person()
    for _ in range(7):
        sign_in(Client(), user.email, "guess", REMOTE_ADDR="192.0.2.9")
    sign_in(Client(), "my password by mistake", "guess", REMOTE_ADDR="192.0.2.9")
    rows = list(AuditEvent.objects.filter(act="sign_in.failed").order_by("number"))
    assert [row.facts["tries"] for row in rows] == [1, 2, 3, 4, 5, 1]
    assert [row.facts["held"] for row in rows] == [False] * 4 + [True, False]
    assert {row.about for row in rows} == {user.email, "?"}, "what is no account is not written down"
