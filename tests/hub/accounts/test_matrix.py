"""Every address × every role × one's own library and another's × GET and POST: who is let in, and who is not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from hub.accounts.access import Access
from hub.accounts.models import User
from hub.accounts.rights import Given, libraries
from hub.accounts.roles import ROLES, Permission
from tests.accounts_in_tests import client_of, somebody
from tests.databases import use_database
from tests.hub.accounts.routes import ARGUMENTS, FOREIGN, NEEDS_MORE, OWN, TABLE
from tests.hub.operations import troubled
from tests.hub.provide import network


def patterns(resolver: Any) -> Iterator[URLPattern]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            yield from patterns(pattern)
        else:
            yield pattern


ROUTES = {pattern.name or str(pattern.pattern): pattern for pattern in patterns(get_resolver())}


def demanded(pattern: URLPattern) -> Access:
    access = getattr(pattern.callback, "access", None)
    assert isinstance(access, Access), (
        f"{pattern.name}: its view has no @anyone, @signed_in or @needs(…) outermost (hub/accounts/access.py)"
    )
    return access


def written(access: Access) -> str:
    if access.permission is None:
        return access.kind
    return f"{access.permission}{f' @{access.library}' if access.library else ''}"


@pytest.mark.parametrize("name", sorted(ROUTES))
def test_every_address_demands_what_the_table_says(name: str) -> None:
    assert name in TABLE, f"add the address {name} to TABLE in tests/hub/accounts/routes.py"
    assert written(demanded(ROUTES[name])) == TABLE[name].removesuffix(" @object").removesuffix(" @person")
    if ROUTES[name].pattern.converters:
        assert name in ARGUMENTS, f"add the values of the address {name} to ARGUMENTS in tests/hub/accounts/routes.py"


def test_the_table_has_no_address_that_is_gone() -> None:
    assert sorted((TABLE.keys() | ARGUMENTS.keys()) - ROUTES.keys()) == []


def test_a_library_is_asked_for_by_its_name_in_the_address() -> None:
    for name, pattern in ROUTES.items():
        library = demanded(pattern).library
        assert not library or library in pattern.pattern.converters, name


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory, django_db_blocker: Any) -> Iterator[None]:
    """A catalog of several libraries, for all the visits; each visit is rolled back."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LIENTHONG_HOME", str(tmp_path_factory.mktemp("matrix")))
        with django_db_blocker.unblock(), use_database():
            network.fill()
            troubled.fill()
            yield


def visitors() -> Iterator[tuple[str, list[Given], User | None]]:
    yield "a stranger", [], None
    closed = somebody("administrator", email="closed@lienthong.example")
    User.objects.filter(pk=closed.pk).update(is_active=False)
    yield "somebody whose account is closed", [], closed
    yield "somebody without a role", [], somebody()
    for role, data in ROLES.items():
        library = OWN if data.scoped else ""
        yield f"{role} {library}", [Given(role, library)], somebody(role, library)


def expected(rights: str, user: User | None, given: list[Given], library: str) -> str:
    """``in``, ``sign in``, ``forbidden`` or ``not there``."""
    if rights == "anyone":
        return "in"
    if user is None or user.email.startswith("closed@"):
        return "sign in"
    if rights == "signed_in":
        return "in"
    permission, _, scope = rights.partition(" @")
    where = libraries(given, Permission(permission))
    if where is not None and not where:
        return "forbidden"
    return "in" if where is None or scope in ("", "person") or library in where else "not there"


def happened(client: Client, method: str, address: str) -> str:
    with transaction.atomic():
        response = getattr(client, method)(address)
        transaction.set_rollback(True)
    if response.status_code == 302 and response.headers["Location"].startswith("/dang-nhap?next="):
        return "sign in"
    if response.status_code >= 500:
        return f"failed ({response.status_code})"
    return {403: "forbidden", 404: "not there", 405: "no such method"}.get(response.status_code, "in")


@pytest.mark.parametrize("name", sorted(ROUTES))
def test_who_is_let_in(name: str, filled: None) -> None:
    rights, wrong = TABLE[name], []
    with transaction.atomic():
        for who, given, user in list(visitors()):
            for library in (OWN, FOREIGN):
                address = reverse(name, kwargs=ARGUMENTS[name](library) if name in ARGUMENTS else None)
                for method in ("get", "post"):
                    client = client_of(user) if user else Client()
                    wanted, found = expected(rights, user, given, library), happened(client, method, address)
                    # an act that is not named is not there, whoever asks; nor what somebody else has begun
                    vague = method == "post" or "@person" in rights or name in NEEDS_MORE
                    empty = wanted == "in" and found == "not there" and vague
                    if (
                        found != wanted
                        and not empty
                        and not (found == "no such method" and wanted in ("in", "not there"))
                    ):
                        wrong.append(f"{who}: {method} {address}: {found}, not {wanted}")
        transaction.set_rollback(True)
    assert wrong == []


OBJECTS = [name for name, give in ARGUMENTS.items() if TABLE.get(name, "").endswith("@code")]


@pytest.mark.parametrize("name", OBJECTS)
def test_what_is_another_librarys_is_not_there_under_the_own_code(name: str, filled: None) -> None:
    """Everything of the own library, with the number of an object of the other."""
    permission = Permission(TABLE[name].partition(" ")[0])
    found = set()
    with transaction.atomic():
        values = ARGUMENTS[name](FOREIGN)
        if len(values) > 1 and values.keys() & {"number", "key"}:
            address = reverse(name, kwargs=values | {"code": OWN})
            for role, data in ROLES.items():
                if data.scoped and permission in data.permissions:
                    client = client_of(somebody(role, OWN))
                    found |= {(method, happened(client, method, address)) for method in ("get", "post")}
        transaction.set_rollback(True)
    assert {outcome for _, outcome in found} <= {"not there", "no such method"}, found
