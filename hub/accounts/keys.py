"""Keys for programs: ``Authorization: Bearer lt_…``, never in an address. Shown once, kept as SHA-256.

A key may do what its scopes say, there where they say, and never more than its owner may at that moment.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import timedelta
from hashlib import sha256

from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from hub.accounts import audit
from hub.accounts.models import ApiKey, User
from hub.accounts.rights import Reader
from hub.accounts.roles import Permission
from schemas.problem import Trouble

START = "lt_"
SHOWN = 11  # characters of a key that are kept to tell it by
LONGEST = 365  # days
OVERLAP = timedelta(days=7)
FOR_PEOPLE = frozenset(
    {Permission.ACCOUNTS_MANAGE, Permission.LIBRARY_INVITE, Permission.KEYS_MANAGE, Permission.AUDIT_SEE}
)
NOTED = timedelta(minutes=1)  # between two notes of the last use


class KeyReader(Reader):
    """A program with a key: what its owner may, within the scopes of the key."""

    is_authenticated = True
    is_anonymous = False

    def __init__(self, key: ApiKey) -> None:
        self.key = key
        self.signature = f"{key.owner.email[:120]} ({key.prefix}…)"

    def libraries(self, permission: Permission) -> frozenset[str] | None:
        """Where the key has ``permission``."""
        if permission not in self.key.permissions:
            return frozenset()
        of_owner = self.key.owner.libraries(permission)
        if not self.key.libraries:
            return of_owner
        within = frozenset(self.key.libraries)
        return within if of_owner is None else within & of_owner


def grantable(owner: User) -> list[Permission]:
    """What a key of this owner can be given: no program invites people or makes keys."""
    return [permission for permission in Permission if permission not in FOR_PEOPLE and owner.may(permission)]


def make(
    owner: User, name: str, permissions: Sequence[str], libraries: Sequence[str] = (), *, days: int = 90, by: str
) -> tuple[ApiKey, str]:
    """A key and its text, which is shown once. :class:`Trouble` ``key_wrong`` for more than the owner may."""
    wanted = [permission for permission in grantable(owner) if permission in permissions]
    beyond = set(permissions) - set(wanted) or any(
        not owner.may(permission, code) for permission in wanted for code in libraries
    )
    if not name.strip() or not wanted or beyond or not 1 <= days <= LONGEST:
        raise Trouble("key_wrong", most=LONGEST)
    with transaction.atomic():
        key, text = _kept(owner, name.strip()[:100], [str(p) for p in wanted], list(libraries), timedelta(days=days))
        facts = {"name": key.name, "permissions": key.permissions, "libraries": key.libraries, "days": days}
        audit.record(by, "key.made", key.prefix, owner=owner.email, **facts)
    return key, text


def _kept(owner: User, name: str, permissions: list[str], libraries: list[str], life: timedelta) -> tuple[ApiKey, str]:
    text, now = START + secrets.token_urlsafe(32), timezone.now()
    key = ApiKey.objects.create(
        owner=owner,
        name=name,
        prefix=text[:SHOWN],
        key_hash=sha256(text.encode()).hexdigest(),
        permissions=permissions,
        libraries=libraries,
        made_at=now,
        expires_at=now + life,
    )
    return key, text


def rotate(key: ApiKey, *, by: str) -> tuple[ApiKey, str]:
    """A new key with the same scopes and life; the old one holds a week longer, so that programs can be changed."""
    with transaction.atomic():
        made = _kept(key.owner, key.name, key.permissions, key.libraries, key.expires_at - key.made_at)
        key.expires_at = min(key.expires_at, timezone.now() + OVERLAP)
        key.save(update_fields=["expires_at"])
        audit.record(by, "key.rotated", key.prefix, owner=key.owner.email, to=made[0].prefix)
    return made


def revoke(key: ApiKey, *, by: str) -> None:
    """The key opens nothing any more, from now on."""
    with transaction.atomic():
        key.revoked_at = timezone.now()
        key.save(update_fields=["revoked_at"])
        audit.record(by, "key.revoked", key.prefix, owner=key.owner.email)


def authenticated(request: HttpRequest) -> KeyReader | None:
    """The program whose key the request carries in its header; ``None`` without one, or with one that holds no more."""
    scheme, _, text = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not text.startswith(START) or len(text) > 100:
        return None
    now = timezone.now()
    digest = sha256(text.strip().encode()).hexdigest()
    key = ApiKey.objects.select_related("owner").filter(key_hash=digest, revoked_at=None, expires_at__gt=now).first()
    if key is None or not key.owner.is_active:
        return None
    if key.used_at is None or now - key.used_at > NOTED:
        ApiKey.objects.filter(pk=key.pk).update(used_at=now)
    return KeyReader(key)
