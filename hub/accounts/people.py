"""What is done to accounts: each act in one transaction with its row of the audit trail."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone

from hub.accounts import audit, passwords, places, sessions
from hub.accounts.models import Grant, User, clean_email
from hub.accounts.roles import ROLES
from schemas.problem import Trouble

ADMINISTRATOR = "administrator"


def check_email(text: str) -> str:
    """An e-mail address, as it is kept; :class:`Trouble` ``email_wrong``."""
    email = clean_email(text)
    try:
        validate_email(email)
    except ValidationError:
        raise Trouble("email_wrong", email=text.strip()[:100]) from None
    return email


def check_role(role: str, library: str) -> None:
    """A role is there, and has a library where it needs one; otherwise a :class:`Trouble`."""
    if role not in ROLES:
        raise Trouble("role_unknown", role=role, known=", ".join(ROLES))
    if not ROLES[role].scoped and library:
        raise Trouble("role_without_library", role=role)
    if ROLES[role].scoped and not library:
        raise Trouble("role_needs_library", role=role)
    if library and library not in places.names_of([library]):
        raise Trouble("library_code_unknown", code=library)


def give_role(user: User, role: str, library: str = "", *, by: str) -> None:
    """Give a user a role."""
    check_role(role, library)
    with transaction.atomic():
        _, fresh = Grant.objects.get_or_create(user=user, role=role, library_code=library)
        if fresh:
            _changed(user)
            audit.record(by, "role.given", user.email, role=role, library=library)


def take_role(user: User, role: str, library: str = "", *, by: str) -> None:
    """Take a role from a user; :class:`Trouble` ``last_administrator``."""
    with transaction.atomic():
        administrators = _administrators()
        if role == ADMINISTRATOR and administrators == [user.pk]:
            raise Trouble("last_administrator", email=user.email)
        if Grant.objects.filter(user=user, role=role, library_code=library).delete()[0]:
            _changed(user)
            audit.record(by, "role.taken", user.email, role=role, library=library)


def _changed(user: User) -> None:
    """The user's sessions get new numbers, and their roles are read again."""
    user.era += 1
    user.save(update_fields=["era"])
    user.forget_given()


def _administrators() -> list[int]:
    """Who administers, locked so that two of them cannot remove each other at once."""
    users = User.objects.select_for_update().filter(is_active=True, grants__role=ADMINISTRATOR).order_by("pk")
    return list(dict.fromkeys(users.values_list("pk", flat=True)))


def close(user: User, *, by: str) -> None:
    """Close an account: nobody signs in with it, its sessions and its keys end; what it did stays."""
    with transaction.atomic():
        if _administrators() == [user.pk]:
            raise Trouble("last_administrator", email=user.email)
        user.is_active = False
        user.save(update_fields=["is_active"])
        user.forget_given()
        ended = sessions.end_all(user)
        keys = user.keys.filter(revoked_at=None).update(revoked_at=timezone.now())
        audit.record(by, "account.closed", user.email, sessions=ended, keys=keys)


def reopen(user: User, *, by: str) -> None:
    """Open a closed account again, with the roles it had; its keys stay ended."""
    with transaction.atomic():
        user.is_active = True
        user.save(update_fields=["is_active"])
        audit.record(by, "account.opened", user.email)


def make(email: str, *, by: str, name: str = "", password: str = "", language: str = "vi") -> User:
    """A new account, without roles; without a password nobody can sign in with it yet."""
    user = User(email=check_email(email), name=name.strip()[:150], language=language, made_at=timezone.now())
    if password:
        user.set_password(passwords.check_new(password, user.email, user.name))
    else:
        user.set_unusable_password()
    with transaction.atomic():
        user.save()
        audit.record(by, "account.made", user.email)
    return user


def set_password(user: User, password: str, *, by: str) -> None:
    """A new password: every session of the user ends."""
    user.set_password(passwords.check_new(password, user.email, user.name))
    with transaction.atomic():
        user.save(update_fields=["password"])
        ended = sessions.end_all(user)
        audit.record(by, "password.changed", user.email, sessions=ended)


def describe(user: User, *, name: str, language: str) -> None:
    """What a user says of themselves."""
    user.name, user.language = " ".join(name.split())[:150], language
    with transaction.atomic():
        user.save(update_fields=["name", "language"])
        audit.record(user.signature, "account.described", user.email)
