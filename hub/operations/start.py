"""The first things to do in a new hub, and which of them are done."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from hub.accounts.models import Grant, Invitation
from hub.accounts.rights import Reader
from hub.accounts.roles import LIBRARY_ROLES, Permission
from hub.catalog.models import Run
from hub.operations import scope
from hub.operations.models import Contact


@dataclass(frozen=True, slots=True)
class Step:
    """Something to do, where, and whether it is done."""

    what: Any  # a lazy string
    why: Any  # a lazy string
    view: str
    done: bool


def steps(reader: Reader) -> list[Step]:
    """The steps that this person can take, in their order."""
    found: list[Step] = []
    if reader.may(Permission.SOURCES_MANAGE):
        ran = Run.objects.filter(status=Run.Status.SUCCEEDED).exists()
        found += [
            Step(
                _("Add the first source"),
                _("A library's server, or a file of its records. The wizard guesses the settings."),
                "source-new",
                ran or bool(scope.unharvested(set())),
            ),
            Step(
                _("Harvest it"),
                _("“Run now” on the desk; afterwards it runs by its schedule."),
                "operations-desk",
                ran,
            ),
            Step(
                _("Say who is told when something fails"),
                _("By e-mail or by a webhook; otherwise only who looks at the desk sees it."),
                "contacts",
                Contact.objects.filter(active=True).exists(),
            ),
        ]
    if reader.may(Permission.ACCOUNTS_MANAGE):
        found += [
            Step(
                _("Invite a cataloger"),
                _("Catalogers decide about records that resemble each other without telling enough."),
                "accounts",
                _invited("cataloger"),
            ),
            Step(
                _("Invite librarians and bookcase owners"),
                _("They mend their records, upload lists and enter books with a phone."),
                "accounts",
                _invited(*LIBRARY_ROLES),
            ),
            Step(
                _("Let letters go out by e-mail"),
                _("LIENTHONG_EMAIL_URL names the mail server; without it letters are only files on this machine."),
                "accounts",
                "filebased" not in settings.EMAIL_BACKEND,
            ),
        ]
    return found


def _invited(*roles: str) -> bool:
    return Grant.objects.filter(role__in=roles).exists() or Invitation.objects.filter(role__in=roles).exists()
