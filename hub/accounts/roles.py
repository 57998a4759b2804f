"""What may be done, and which role may do it: data that can be read aloud.

A scoped role is given for one library; what it may do, it may do there only. Another permission is one line in
:class:`Permission` and its name in the roles that have it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext_lazy as _


class Permission(StrEnum):
    """What may be done."""

    ACCOUNTS_MANAGE = "accounts.manage"  # invite, change roles, deactivate
    AUDIT_SEE = "audit.see"
    REVIEW_SEE = "review.see"
    REVIEW_DECIDE = "review.decide"
    REVIEW_BULK = "review.bulk"
    SOURCES_SEE = "sources.see"
    SOURCES_MANAGE = "sources.manage"
    RUNS_START = "runs.start"
    HOLDS_DECIDE = "holds.decide"
    QUARANTINE_SEE = "quarantine.see"
    QUARANTINE_REPAIR = "quarantine.repair"
    LIBRARY_SEE = "library.see"  # a library's own pages
    LIBRARY_UPLOAD = "library.upload"
    LIBRARY_CORRECT = "library.correct"
    LIBRARY_SETTINGS = "library.settings"
    LIBRARY_INVITE = "library.invite"  # colleagues of the same library
    COPIES_ENTER = "copies.enter"  # a bookcase's copies, book by book
    KEYS_MANAGE = "keys.manage"  # one's own keys for programs
    NETWORK_MANAGE = "network.manage"  # libraries, units, groups, agreements, who asks to join
    LENDING_ACT = "lending.act"  # a library's loans: ask, answer, send, receive
    LENDING_OVERSEE = "lending.oversee"  # all loans, and messages that wait
    ROTATION_PLAN = "rotation.plan"  # boxes, plans, rounds
    ROTATION_HAND = "rotation.hand"  # count, sign and hand over boxes at a library
    ROTATION_CARRY = "rotation.carry"  # a carrier's rounds
    REPORTS_SEE = "reports.see"
    DEPOSIT_DECLARE = "deposit.declare"  # a publisher's declarations and what it owes
    DEPOSIT_MANAGE = "deposit.manage"  # all obligations: claims, waivers, receipts


@dataclass(frozen=True, slots=True)
class Role:
    """What somebody with this role is called, and may do; ``scoped``: at one library only."""

    name: Any  # a lazy string
    permissions: frozenset[Permission]
    scoped: bool = False


def _role(name: Any, *permissions: Permission, scoped: bool = False) -> Role:
    return Role(name, frozenset(permissions), scoped)


P = Permission
ROLES: dict[str, Role] = {
    "administrator": _role(_("Administrator"), *Permission),
    "it_staff": _role(
        _("IT staff"),
        P.SOURCES_SEE, P.SOURCES_MANAGE, P.RUNS_START, P.HOLDS_DECIDE, P.QUARANTINE_SEE, P.QUARANTINE_REPAIR,
        P.LIBRARY_SEE, P.KEYS_MANAGE,
    ),
    "cataloger": _role(
        _("Cataloger"),
        P.REVIEW_SEE, P.REVIEW_DECIDE, P.REVIEW_BULK, P.SOURCES_SEE, P.QUARANTINE_SEE, P.QUARANTINE_REPAIR,
        P.KEYS_MANAGE,
    ),
    "partner_librarian": _role(
        _("Partner librarian"),
        P.LIBRARY_SEE, P.LIBRARY_UPLOAD, P.LIBRARY_CORRECT, P.LIBRARY_SETTINGS, P.LIBRARY_INVITE, P.COPIES_ENTER,
        P.KEYS_MANAGE, P.SOURCES_SEE, P.QUARANTINE_SEE, P.LENDING_ACT, P.ROTATION_HAND,
        scoped=True,
    ),
    "bookcase_owner": _role(
        _("Bookcase owner"),
        P.LIBRARY_SEE, P.LIBRARY_CORRECT, P.LIBRARY_SETTINGS, P.COPIES_ENTER, P.LENDING_ACT, P.ROTATION_HAND,
        scoped=True,
    ),
    "coordinator": _role(
        _("Network coordinator"),
        P.NETWORK_MANAGE, P.LENDING_ACT, P.LENDING_OVERSEE, P.ROTATION_PLAN, P.ROTATION_HAND, P.ROTATION_CARRY,
        P.LIBRARY_SEE, P.SOURCES_SEE, P.REPORTS_SEE, P.KEYS_MANAGE,
    ),
    "carrier": _role(_("Carrier"), P.ROTATION_CARRY, P.ROTATION_HAND),
    "publisher": _role(
        _("Publisher"),
        P.LIBRARY_SEE, P.LIBRARY_UPLOAD, P.LIBRARY_CORRECT, P.LIBRARY_SETTINGS, P.KEYS_MANAGE, P.SOURCES_SEE,
        P.QUARANTINE_SEE, P.DEPOSIT_DECLARE,
        scoped=True,
    ),
    "deposit_clerk": _role(_("Deposit clerk"), P.LIBRARY_SEE, P.DEPOSIT_DECLARE, P.DEPOSIT_MANAGE),
    "screening_officer": _role(_("Screening officer")),
    "department_officer": _role(_("Department officer"), P.SOURCES_SEE, P.LIBRARY_SEE, P.REPORTS_SEE),
}  # fmt: skip
LIBRARY_ROLES = tuple(name for name, role in ROLES.items() if role.scoped)
PERMISSION_NAMES: dict[Permission, Any] = {
    P.ACCOUNTS_MANAGE: _("invite people, give roles, close accounts"),
    P.AUDIT_SEE: _("see the audit trail"),
    P.REVIEW_SEE: _("see the review queue"),
    P.REVIEW_DECIDE: _("decide whether records are the same"),
    P.REVIEW_BULK: _("decide many pairs at once"),
    P.SOURCES_SEE: _("see the desk of sources and runs"),
    P.SOURCES_MANAGE: _("add and change sources"),
    P.RUNS_START: _("start and stop runs"),
    P.HOLDS_DECIDE: _("release or refuse large changes"),
    P.QUARANTINE_SEE: _("see records that could not be read"),
    P.QUARANTINE_REPAIR: _("mend records that could not be read"),
    P.LIBRARY_SEE: _("see a library's own pages"),
    P.LIBRARY_UPLOAD: _("upload files for a library"),
    P.LIBRARY_CORRECT: _("correct a library's records"),
    P.LIBRARY_SETTINGS: _("change a library's settings"),
    P.LIBRARY_INVITE: _("invite colleagues to a library"),
    P.COPIES_ENTER: _("enter books and copies"),
    P.KEYS_MANAGE: _("make keys for programs"),
    P.NETWORK_MANAGE: _("manage libraries, groups and agreements"),
    P.LENDING_ACT: _("borrow and lend for a library"),
    P.LENDING_OVERSEE: _("see all loans"),
    P.ROTATION_PLAN: _("plan boxes and rounds"),
    P.ROTATION_HAND: _("count and hand over boxes"),
    P.ROTATION_CARRY: _("carry boxes"),
    P.REPORTS_SEE: _("see what the network lacks"),
    P.DEPOSIT_DECLARE: _("declare publications"),
    P.DEPOSIT_MANAGE: _("follow legal deposit"),
}
