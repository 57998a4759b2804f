"""Links that let somebody in: an invitation to a role, the way to a new password, the entry to the demo."""

from __future__ import annotations

import secrets
from datetime import timedelta
from hashlib import sha256

from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlsafe_base64_decode, urlsafe_base64_encode

from hub.accounts import audit, people
from hub.accounts.models import Invitation, User
from hub.accounts.rights import Reader
from hub.accounts.roles import ROLES, Permission
from schemas.problem import Trouble

LIFE = timedelta(days=7)
ENTRY_LIFE = timedelta(hours=12)
DEMO = "demo@lienthong.example"


def token_hash(token: str) -> str:
    """How a token is kept: 256 bits of chance need no salt."""
    return sha256(token.encode()).hexdigest()


def address(path: str, base: str = "") -> str:
    """A link for a letter: the configured public address, never what a request says of the host."""
    return (base or settings.BASE_URL).rstrip("/") + path


def invite(email: str, role: str, library: str = "", *, by: str) -> tuple[Invitation, str]:
    """An invitation and its link, which is shown once; earlier ones to the same role are withdrawn."""
    email = people.check_email(email)
    people.check_role(role, library)
    user = User.objects.by_email(email)
    if user is not None and user.grants.filter(role=role, library_code=library).exists() and user.has_usable_password():
        raise Trouble("user_has_role", email=email)
    return _made(Invitation.Kind.INVITATION, email, role, library, by=by, life=LIFE)


def _made(
    kind: str, email: str, role: str, library: str, *, by: str, life: timedelta, base: str = ""
) -> tuple[Invitation, str]:
    token, now = secrets.token_urlsafe(32), timezone.now()
    with transaction.atomic():
        before = Invitation.objects.filter(email=email, kind=kind, used_at=None, withdrawn_at=None)
        before.filter(role=role, library_code=library).update(withdrawn_at=now)
        made = Invitation.objects.create(
            kind=kind,
            token_hash=token_hash(token),
            email=email,
            role=role,
            library_code=library,
            by=by,
            made_at=now,
            expires_at=now + life,
        )
        audit.record(by, f"{kind}.made", email, role=role, library=library, invitation=made.pk)
    return made, address(reverse("invitation", args=[token]), base)


def open_ones(library: str | None = None) -> list[Invitation]:
    """Invitations that can still be accepted; of one library, or all."""
    found = Invitation.objects.filter(
        kind=Invitation.Kind.INVITATION, used_at=None, withdrawn_at=None, expires_at__gt=timezone.now()
    )
    return list((found if library is None else found.filter(library_code=library)).order_by("-made_at"))


def withdraw(invitation: Invitation, *, by: str) -> None:
    """The link lets nobody in any more."""
    with transaction.atomic():
        Invitation.objects.filter(pk=invitation.pk, used_at=None).update(withdrawn_at=timezone.now())
        audit.record(by, "invitation.withdrawn", invitation.email, invitation=invitation.pk)


def find(token: str, *, lock: bool = False) -> Invitation:
    """The invitation of a link, while it holds; :class:`Trouble` ``invitation_spent``."""
    rows = Invitation.objects.select_for_update() if lock else Invitation.objects.all()
    found = rows.filter(token_hash=token_hash(token[:100])).first()
    if found is None or found.used_at or found.withdrawn_at or found.expires_at <= timezone.now():
        raise Trouble("invitation_spent")
    return found


def accept(token: str, *, name: str = "", password: str = "", language: str = "vi", user: User | None = None) -> User:
    """Use an invitation, once: a new account with this password, or another role for the user who is signed in."""
    with transaction.atomic():
        found = find(token, lock=True)
        known = User.objects.by_email(found.email)
        if known is not None and not known.is_active:
            raise Trouble("account_closed", email=known.email)
        if known is None:
            known = people.make(found.email, by=found.email, name=name, password=password, language=language)
        elif not known.has_usable_password() and _nothing_else(known, found):
            people.set_password(known, password, by=found.email)
            people.describe(known, name=name or known.name, language=language)
        elif user is None or user.pk != known.pk:
            raise Trouble("invitation_spent")
        people.give_role(known, found.role, found.library_code, by=found.by)
        found.used_at = timezone.now()
        found.save(update_fields=["used_at"])
        audit.record(found.email, "invitation.accepted", found.email, invitation=found.pk)
    return known


def _nothing_else(known: User, found: Invitation) -> bool:
    """Whether an account that nobody has used yet has no role but the invited one: a link gives no other."""
    return not known.grants.exclude(role=found.role, library_code=found.library_code).exists()


def entry(base: str) -> str:
    """The link by which whoever sits at this machine enters the demo as its administrator."""
    user = User.objects.by_email(DEMO) or people.make(DEMO, by="lienthong demo", name="Người xem thử")
    people.give_role(user, people.ADMINISTRATOR, by="lienthong demo")
    made = _made(Invitation.Kind.ENTRY, DEMO, people.ADMINISTRATOR, "", by="lienthong demo", life=ENTRY_LIFE, base=base)
    return made[1]


def may_give(reader: Reader, role: str, library: str) -> bool:
    """Whether somebody may invite to a role: to any, or at one's own library to no more than one has."""
    if reader.may(Permission.ACCOUNTS_MANAGE):
        return True
    scoped = role in ROLES and ROLES[role].scoped and bool(library)
    return (
        scoped
        and reader.may(Permission.LIBRARY_INVITE, library)
        and all(reader.may(permission, library) for permission in ROLES[role].permissions)
    )


def reset_link(user: User) -> str:
    """The way to a new password: it holds two hours, and until the password changes or the user signs in."""
    number = urlsafe_base64_encode(str(user.pk).encode())
    return address(reverse("new-password", args=[number, default_token_generator.make_token(user)]))


def reset_user(number: str, token: str) -> User:
    """Whose way to a new password this is; :class:`Trouble` ``invitation_spent``."""
    try:
        text = urlsafe_base64_decode(number).decode("ascii")
    except (ValueError, UnicodeDecodeError):
        text = ""
    user = User.objects.filter(pk=int(text), is_active=True).first() if text.isdigit() and len(text) < 19 else None
    if user is None or not default_token_generator.check_token(user, token):
        raise Trouble("invitation_spent")
    return user
