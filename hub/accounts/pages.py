"""What the pages of accounts have in common: the reader's language, who is signed in, pages that are not stored."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language

from hub.accounts.models import User
from hub.accounts.rights import Given
from hub.accounts.roles import ROLES
from schemas.problem import Trouble

LANGUAGES = ("vi", "en")


def language() -> str:
    """The reader's language, as problems and names know it: ``vi`` or ``en``."""
    return "en" if get_language() == "en" else "vi"


def sentence(trouble: Trouble) -> str:
    """What is wrong, in the reader's language."""
    return trouble.problem.sentence(language())


def signed_in_user(request: HttpRequest) -> User:
    """The user of a page that demands one."""
    user = request.user
    assert user.is_authenticated
    return user  # type: ignore[return-value]


def given(request: HttpRequest, name: str, most: int = 300) -> str:
    """A field of the form, without what no field holds."""
    return request.POST.get(name, "").replace("\x00", "")[:most].strip()


def shown(request: HttpRequest, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    """A page that nobody keeps: it has tokens, keys or names in it."""
    response = render(request, f"accounts/{template}", context, status=status)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def role_name(role: str) -> Any:
    """What a role is called."""
    return ROLES[role].name if role in ROLES else role


def in_words(grants: list[Given], names: dict[str, str]) -> list[dict[str, Any]]:
    """Roles with their names and those of their libraries."""
    return [
        {
            "role": grant.role,
            "library": grant.library,
            "name": role_name(grant.role),
            "at": names.get(grant.library, grant.library),
        }
        for grant in grants
    ]
