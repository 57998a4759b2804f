"""People who are signed in, for tests: a client with a session, a browser with its cookie."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.db import connections
from django.test import Client
from django.utils import timezone

from hub.accounts import sessions
from hub.accounts.models import Grant, User


def somebody(role: str = "", library: str = "", email: str = "") -> User:
    """A user with a role; the same one each time it is asked for."""
    address = email or f"{role or 'nobody'}{'.' + library if library else ''}@lienthong.example".lower()
    user, _ = User.objects.get_or_create(
        email=address, defaults={"name": address.split("@")[0], "made_at": timezone.now()}
    )
    if not user.password:
        user.set_unusable_password()
        user.save()
    if role:
        Grant.objects.get_or_create(user=user, role=role, library_code=library)
    user.forget_given()
    return user


def client_of(user: User, **options: Any) -> Client:
    """A client with a session of the user."""
    client = Client(**options)
    client.cookies[sessions.cookie()] = sessions.open_for(user)
    return client


def apart(act: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
    """What ``act`` gives, in a thread: beside a browser that Playwright drives Django keeps off the database."""

    def run() -> Any:
        try:
            return act(*arguments, **named)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(max_workers=1) as thread:
        return thread.submit(run).result()


def sign_in(page: Any, address: str, role: str, library: str = "") -> User:
    """The browser's context of ``page`` is signed in at the portal of ``address``, by a real session's cookie."""
    user = apart(somebody, role, library)
    number = apart(sessions.open_for, user)
    page.context.add_cookies([{"name": sessions.cookie(), "value": number, "url": address}])
    return user  # type: ignore[no-any-return]
