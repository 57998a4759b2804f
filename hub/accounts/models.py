"""Users with their roles, what lets them in, and the audit trail."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models

from hub.accounts.rights import Given, Reader


class Users(BaseUserManager["User"]):
    """Users by their e-mail addresses, which are kept in small letters."""

    def by_email(self, email: str) -> User | None:
        """The user who signs in with this address."""
        return self.filter(email=clean_email(email)).first()


def clean_email(email: str) -> str:
    """An address as it is kept and compared."""
    return email.strip().lower()[:254]


class User(Reader, AbstractBaseUser):
    """A person who signs in. ``era`` goes up when their roles change: their sessions get new numbers."""

    email = models.CharField(max_length=254, unique=True)
    name = models.CharField(max_length=150, blank=True)
    language = models.CharField(max_length=5, default="vi")
    is_active = models.BooleanField(default=True)
    era = models.IntegerField(default=0)
    made_at = models.DateTimeField()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    objects: ClassVar[Users] = Users()

    def __str__(self) -> str:
        return self.email

    @property
    def is_authenticated(self) -> bool:  # type: ignore[override]
        """Always: strangers are an :class:`hub.accounts.rights.AnonymousReader`."""
        return True

    @property
    def signature(self) -> str:  # type: ignore[override]
        """Who did it, in the audit trail."""
        return self.email[:150]

    def given(self) -> Iterable[Given]:
        """The roles of this user, read once for each request; none when the account is closed."""
        if not self.is_active:
            return ()
        if not hasattr(self, "_given"):
            self._given = [Given(*row) for row in self.grants.values_list("role", "library_code")]
        return self._given

    def forget_given(self) -> None:
        """The roles have changed: read them again."""
        vars(self).pop("_given", None)


class Grant(models.Model):
    """A role that a user has, for one library where the role is scoped."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="grants")
    role = models.CharField(max_length=40)
    library_code = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "role", "library_code"], name="grant_once")]


class Invitation(models.Model):
    """A link that lets somebody in: once, or, as an ``entry`` on this machine, until it expires.

    The token is in the link only; kept is its SHA-256.
    """

    class Kind(models.TextChoices):
        INVITATION = "invitation"
        ENTRY = "entry"

    kind = models.CharField(max_length=12, choices=Kind, default=Kind.INVITATION)
    token_hash = models.CharField(max_length=64, unique=True)
    email = models.CharField(max_length=254)
    role = models.CharField(max_length=40)
    library_code = models.CharField(max_length=40, blank=True)
    by = models.CharField(max_length=150)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)


class Session(AbstractBaseSession):
    """A session of the portal, and whose it is."""

    user = models.ForeignKey(User, null=True, on_delete=models.CASCADE, related_name="sessions")
    started_at = models.DateTimeField(null=True)
    browser = models.CharField(max_length=200, blank=True)

    class Meta:
        db_table = "accounts_session"

    @classmethod
    def get_session_store_class(cls) -> Any:
        """The store of :mod:`hub.accounts.sessions`."""
        from hub.accounts.sessions import SessionStore

        return SessionStore


class Throttle(models.Model):
    """The tries of the last hour for one account, one known browser or one network (``key``), as seconds."""

    key = models.CharField(primary_key=True, max_length=80)
    tries = models.JSONField(default=list)
    at = models.FloatField(default=0, db_index=True)


class ApiKey(models.Model):
    """A program's key: shown once, kept as SHA-256; what it may do is no more than what its owner may do."""

    owner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="keys")
    name = models.CharField(max_length=100)
    prefix = models.CharField(max_length=12)
    key_hash = models.CharField(max_length=64, unique=True)
    permissions = models.JSONField(default=list)
    libraries = models.JSONField(default=list)  # empty: all that the owner may
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)


class AuditEvent(models.Model):
    """Who did what, when: a row of the chain, written in the transaction of the act and never changed."""

    number = models.BigIntegerField(primary_key=True)  # from 1, without gaps
    at = models.DateTimeField()
    by = models.CharField(max_length=150, db_index=True)
    act = models.CharField(max_length=60, db_index=True)
    about = models.CharField(max_length=300, db_index=True)
    facts = models.JSONField(default=dict)
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        indexes = [
            models.Index(fields=["act", "number"], name="audit_act_number"),
            models.Index(fields=["at"], name="audit_at"),
        ]


class AuditHead(models.Model):
    """The last row of the chain: who writes the next one locks this row."""

    number = models.BigIntegerField(default=0)
    hash = models.CharField(max_length=64, blank=True)
