"""What a reader of the portal may do: the same questions for a person, a program with a key, and a stranger."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from hub.accounts.roles import ROLES, Permission


class Given(NamedTuple):
    """A role that was given, for one library or (``""``) for all."""

    role: str
    library: str = ""


def libraries(given: Iterable[Given], permission: Permission) -> frozenset[str] | None:
    """The codes of the libraries at which ``permission`` is given; ``None``: at all of them."""
    found = set()
    for role_name, code in given:
        role = ROLES.get(role_name)
        if role is None or permission not in role.permissions:
            continue
        if not role.scoped:
            return None
        if code:
            found.add(code)
    return frozenset(found)


class Reader:
    """Somebody who reads the portal."""

    is_authenticated = False
    signature = ""

    def given(self) -> Iterable[Given]:
        """The roles of this reader."""
        return ()

    def libraries(self, permission: Permission) -> frozenset[str] | None:
        """Where ``permission`` holds: codes of libraries, or ``None`` for all."""
        return libraries(self.given(), permission)

    def may(self, permission: Permission, library: str | None = None) -> bool:
        """Whether ``permission`` is given at a library; without one: anywhere."""
        where = self.libraries(permission)
        return where is None or (bool(where) if library is None else library in where)


class AnonymousReader(Reader):
    """Somebody who has not signed in: may read what anyone may read."""

    is_anonymous = True
    is_active = False
    pk = None
    email = name = language = ""

    def __str__(self) -> str:
        return ""
