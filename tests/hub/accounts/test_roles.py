"""Roles are data: what the documentation says they may do is what they may do."""

from __future__ import annotations

import re
from pathlib import Path

from hub.accounts.rights import AnonymousReader, Given, Reader, libraries
from hub.accounts.roles import PERMISSION_NAMES, ROLES, Permission

PAGE = Path(__file__).resolve().parents[3] / "docs" / "accounts.md"


class Somebody(Reader):
    def __init__(self, *given: Given) -> None:
        self._given = given

    def given(self) -> tuple[Given, ...]:
        return self._given


def test_the_table_of_the_documentation_is_what_roles_may() -> None:
    rows = re.findall(r"^\| `([a-z]+\.[a-z]+)` \|(.*)\|$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    head = re.search(r"^\| [^|]* \|((?: `\w+` \|)+)$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert head is not None
    names = re.findall(r"`(\w+)`", head[1])
    assert names == list(ROLES)
    said = {
        permission: {name for name, cell in zip(names, cells.split("|"), strict=True) if cell.strip()}
        for permission, cells in rows
    }
    wanted = {str(p): {name for name, role in ROLES.items() if p in role.permissions} for p in Permission}
    lines = [f"| `{p}` | {' | '.join('✓' if name in wanted[p] else '' for name in ROLES)} |" for p in Permission]
    assert said == wanted, "the table in docs/accounts.md should be:\n" + "\n".join(lines)


def test_every_permission_has_its_words() -> None:
    assert PERMISSION_NAMES.keys() == set(Permission)


def test_a_scoped_role_holds_at_its_library_only() -> None:
    lan = Somebody(Given("partner_librarian", "A"), Given("bookcase_owner", "B"), Given("publisher", ""))
    assert lan.libraries(Permission.LIBRARY_UPLOAD) == {"A"}
    assert lan.libraries(Permission.COPIES_ENTER) == {"A", "B"}
    assert lan.may(Permission.LIBRARY_UPLOAD)
    assert lan.may(Permission.LIBRARY_UPLOAD, "A")
    assert not lan.may(Permission.LIBRARY_UPLOAD, "B")
    assert not lan.may(Permission.LIBRARY_UPLOAD, "")
    assert not lan.may(Permission.REVIEW_SEE)


def test_a_role_for_the_network_holds_everywhere() -> None:
    assert Somebody(Given("it_staff")).libraries(Permission.LIBRARY_SEE) is None
    assert Somebody(Given("it_staff"), Given("publisher", "A")).may(Permission.LIBRARY_SEE, "B")


def test_a_stranger_and_an_unknown_role_may_nothing() -> None:
    assert not any(AnonymousReader().may(permission) for permission in Permission)
    assert not any(AnonymousReader().may(permission, "A") for permission in Permission)
    assert libraries([Given("former_role", "A")], Permission.LIBRARY_SEE) == frozenset()
