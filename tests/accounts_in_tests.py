"""People who are signed in, for tests: a client with a session, a browser with its cookie."""

from __future__ import annotations

from typing import Any

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


def sign_in(page: Any, address: str, role: str, library: str = "") -> User:
    """The browser's context of ``page`` is signed in at the portal of ``address``, by a real session's cookie."""
    user = somebody(role, library)
    page.context.add_cookies([{"name": sessions.cookie(), "value": sessions.open_for(user), "url": address}])
    return user
