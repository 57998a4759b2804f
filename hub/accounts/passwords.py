"""Passwords: kept as Argon2id, long enough, and not among those that everybody tries."""

from __future__ import annotations

from django.contrib.auth.hashers import Argon2PasswordHasher


class Argon2(Argon2PasswordHasher):
    """Argon2id with 19 MiB, two passes, one lane (OWASP, Password Storage): many can sign in at once."""

    time_cost, memory_cost, parallelism = 2, 19_456, 1
