"""Passwords: kept as Argon2id, long enough, and not among those that everybody tries."""

from __future__ import annotations

import unicodedata
from difflib import SequenceMatcher
from functools import cache

from django.contrib.auth.hashers import Argon2PasswordHasher, check_password, make_password
from django.contrib.auth.password_validation import CommonPasswordValidator

from hub.accounts.models import User
from schemas.problem import Trouble

LEAST, MOST = 10, 1000
LIKE = 0.7  # so much of a password may not be the name


class Argon2(Argon2PasswordHasher):
    """Argon2id with 19 MiB, two passes, one lane (OWASP, Password Storage): many can sign in at once."""

    time_cost, memory_cost, parallelism = 2, 19_456, 1


def clean(password: str) -> str:
    """A password as it is kept: however a keyboard composes ế, it is the same (RFC 8265)."""
    return unicodedata.normalize("NFC", password)[:MOST]


@cache
def _common() -> frozenset[str]:
    return frozenset(CommonPasswordValidator().passwords)


@cache
def _nobodys() -> str:
    return make_password("the password of nobody")


def check_new(password: str, *about: str) -> str:
    """The password, as it is kept; a poor one is a :class:`Trouble`. ``about``: the name and the e-mail address."""
    wanted = clean(password)
    if len(wanted) < LEAST:
        raise Trouble("password_short", least=LEAST)
    small = wanted.casefold()
    if small in _common() or len(set(small)) < 4:
        raise Trouble("password_common")
    for text in about:
        for part in (text.casefold(), text.casefold().partition("@")[0]):
            if len(part) > 3 and SequenceMatcher(a=small, b=part).ratio() >= LIKE:
                raise Trouble("password_like_name")
    return wanted


def is_right(user: User | None, password: str) -> bool:
    """Whether this is the user's password; it takes as long where there is no such user, or no password."""
    wanted = clean(password)
    if user is None or not user.has_usable_password():
        check_password(wanted, _nobodys())
        return False
    return user.check_password(wanted) and user.is_active
