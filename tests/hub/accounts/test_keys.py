"""Keys for programs: in the header only, kept as hashes, no more than their owner may."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from django.test import RequestFactory
from django.utils import timezone

from hub.accounts import keys, people
from hub.accounts.models import ApiKey, AuditEvent
from hub.accounts.roles import Permission
from schemas.problem import Trouble
from tests.accounts_in_tests import somebody

UPLOAD, SEE = Permission.LIBRARY_UPLOAD, Permission.LIBRARY_SEE


def reader(text: str) -> keys.KeyReader | None:
    return keys.authenticated(RequestFactory().get("/", headers={"authorization": f"Bearer {text}"}))


def test_a_key_is_256_bits_of_chance_and_is_kept_as_a_hash(two_libraries: Path) -> None:
    owner = somebody("partner_librarian", "HP-TP")
    key, text = keys.make(owner, "Koha", [UPLOAD], by=owner.signature)
    assert re.fullmatch(r"lt_[\w-]{43}", text)
    assert key.key_hash == sha256(text.encode()).hexdigest()
    assert text not in repr(list(ApiKey.objects.values())) + repr(list(AuditEvent.objects.values()))
    assert text.startswith(key.prefix)
    found = reader(text)
    assert found is not None
    assert found.may(UPLOAD, "HP-TP")
    assert not found.may(UPLOAD, "HP-LL")
    assert not found.may(SEE, "HP-TP"), "not in its scopes"
    assert found.signature == f"{owner.email} ({key.prefix}…)"
    assert ApiKey.objects.get().used_at is not None


def test_only_the_header_counts(two_libraries: Path) -> None:
    owner = somebody("partner_librarian", "HP-TP")
    _, text = keys.make(owner, "Koha", [UPLOAD], by="x")
    make = RequestFactory()
    for request in (
        make.get("/", {"key": text, "access_token": text}),
        make.post("/", {"key": text}),
        make.get("/", headers={"authorization": f"Basic {text}"}),
        make.get("/", headers={"authorization": text}),
        make.get("/", headers={"cookie": f"key={text}"}),
        make.get("/", headers={"authorization": f"Bearer {text}x"}),
        make.get("/", headers={"authorization": "Bearer lt_" + "x" * 10_000}),
    ):
        assert keys.authenticated(request) is None


def test_a_key_ends_with_its_time_its_withdrawal_its_owner_and_its_owners_rights(two_libraries: Path) -> None:
    somebody("administrator")
    owner = somebody("partner_librarian", "HP-TP")
    _, text = keys.make(owner, "Koha", [UPLOAD], days=1, by="x")
    ApiKey.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert reader(text) is None
    ApiKey.objects.update(expires_at=timezone.now() + timedelta(days=1))
    assert reader(text) is not None
    people.take_role(owner, "partner_librarian", "HP-TP", by="x")
    assert not reader(text).may(UPLOAD)  # type: ignore[union-attr]
    people.close(owner, by="x")
    assert reader(text) is None
    people.reopen(owner, by="x")
    assert reader(text) is None, "a key does not come back with the account"
    people.give_role(owner, "partner_librarian", "HP-TP", by="x")
    owner.forget_given()
    other, text = keys.make(owner, "Koha", [UPLOAD], days=1, by="x")
    keys.revoke(other, by="x")
    assert reader(text) is None


def test_scopes_of_libraries(two_libraries: Path) -> None:
    owner = somebody("it_staff")
    _, text = keys.make(owner, "Koha", [SEE], ["HP-TP"], by="x")
    found = reader(text)
    assert found is not None
    assert found.libraries(SEE) == {"HP-TP"}
    assert not found.may(SEE, "HP-LL")


@pytest.mark.parametrize(
    ("permissions", "libraries", "days", "name"),
    [
        ([Permission.ACCOUNTS_MANAGE], [], 90, "x"),
        ([UPLOAD, "nonsense"], [], 90, "x"),
        ([UPLOAD], ["HP-LL"], 90, "x"),
        ([], [], 90, "x"),
        ([UPLOAD], [], 0, "x"),
        ([UPLOAD], [], 366, "x"),
        ([UPLOAD], [], 90, " "),
    ],
)
def test_a_key_beyond_its_owner(
    two_libraries: Path, permissions: list[str], libraries: list[str], days: int, name: str
) -> None:
    owner = somebody("partner_librarian", "HP-TP")
    with pytest.raises(Trouble):
        keys.make(owner, name, permissions, libraries, days=days, by="x")
    assert not ApiKey.objects.exists()


def test_replacing_leaves_a_week(two_libraries: Path) -> None:
    owner = somebody("partner_librarian", "HP-TP")
    key, old = keys.make(owner, "Koha", [UPLOAD], ["HP-TP"], days=90, by="x")
    made, new = keys.rotate(key, by="x")
    assert (made.permissions, made.libraries) == (key.permissions, key.libraries)
    assert reader(old) is not None
    assert reader(new) is not None
    assert timedelta(days=6) < ApiKey.objects.get(pk=key.pk).expires_at - timezone.now() <= timedelta(days=7)


def test_the_page_shows_a_key_once(two_libraries: Path, as_role: Callable[..., Any]) -> None:
    client, address = as_role("partner_librarian", "HP-TP"), "/tai-khoan/khoa"
    made = client.post(address, {"act": "make", "name": "Koha", "permission": [UPLOAD], "days": "30"})
    [text] = set(re.findall(r"lt_[\w-]{43}", made.content.decode()))
    assert made.headers["Cache-Control"] == "private, no-store"
    assert text not in client.get(address).content.decode()
    assert reader(text) is not None
    key = ApiKey.objects.get()
    stranger = as_role("partner_librarian", "HP-LL")
    for act in ("rotate", "revoke"):
        assert stranger.post(address, {"act": act, "key": key.pk}).status_code == 404
    assert client.post(address, {"act": "revoke", "key": key.pk}).status_code == 302
    assert reader(text) is None
    bad = client.post(address, {"act": "make", "name": "x", "permission": [Permission.ACCOUNTS_MANAGE], "days": "30"})
    assert bad.status_code == 400
