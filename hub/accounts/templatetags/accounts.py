"""The desks of the menu: what the reader may do, as far as its pages are there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import template
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from hub.accounts.roles import Permission

register = template.Library()
DESKS: tuple[tuple[str, Permission, Any], ...] = (
    ("review-queue", Permission.REVIEW_SEE, _("Review")),
    ("operations-desk", Permission.SOURCES_SEE, _("Harvesting")),
    ("my-library", Permission.LIBRARY_SEE, _("My library")),
    ("loans", Permission.LENDING_OVERSEE, _("Loans")),
    ("rotation", Permission.ROTATION_PLAN, _("Boxes")),
    ("carry", Permission.ROTATION_CARRY, _("The round")),
    ("deposit", Permission.DEPOSIT_MANAGE, _("Legal deposit")),
    ("gaps", Permission.REPORTS_SEE, _("What is lacking")),
    ("accounts", Permission.ACCOUNTS_MANAGE, _("Accounts")),
)


@dataclass(frozen=True, slots=True)
class Desk:
    """A link of the menu."""

    address: str
    name: Any
    here: bool


@register.simple_tag(takes_context=True)
def desks(context: template.Context) -> list[Desk]:
    """The desks of the reader."""
    request = context.get("request")
    user = getattr(request, "user", None)
    if request is None or user is None or not user.is_authenticated:
        return []
    return [
        Desk(address, name, request.path == address)
        for view, permission, name in DESKS
        if user.may(permission) and (address := _address(view))
    ]


def _address(view: str) -> str:
    try:
        return reverse(view)
    except NoReverseMatch:
        return ""
