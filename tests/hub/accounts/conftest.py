"""The small network in a database of its own, and people with passwords."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.core import mail
from django.test import override_settings

from hub.accounts import post, throttle
from hub.accounts.models import User
from tests.accounts_in_tests import somebody
from tests.hub.provide.conftest import network

assert network
PASSWORD = "một câu dễ nhớ"


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The clock of the throttle."""
    found = Clock()
    monkeypatch.setattr(throttle, "clock", found)
    return found


@pytest.fixture
def person() -> Callable[..., User]:
    """``person("cataloger")``: a user with a role who signs in with PASSWORD."""

    def made(role: str = "", library: str = "", email: str = "") -> User:
        user = somebody(role, library, email)
        user.set_password(PASSWORD)
        user.save()
        return user

    return made


@pytest.fixture
def letters() -> Iterator[Callable[[], list[mail.EmailMessage]]]:
    """``letters()``: what was sent so far."""
    with override_settings(EMAIL_BACKEND="django.core.mail.backends.locmem.EmailBackend"):
        mail.outbox = []

        def sent() -> list[mail.EmailMessage]:
            post.wait()
            return list(mail.outbox)

        yield sent


@pytest.fixture
def two_libraries(catalog: Path) -> Path:
    """Two libraries without records: HP-TP and HP-LL."""
    from hub.network.models import Library

    Library.objects.create(code="HP-TP", name_vi="Thư viện thành phố")
    Library.objects.create(code="HP-LL", name_vi="Trường Tiểu học Lê Lợi")
    return catalog
