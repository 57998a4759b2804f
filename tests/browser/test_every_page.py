"""Every page of the portal in a real browser, as who may see it, in a network in which everything said is hostile.

On a phone, in Vietnamese by day and in English at night: it fits, it is small, it has one heading, nothing of it is
complained of by the browser or by axe-core, and nothing that a record, a person or a file says is more than text.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from playwright.sync_api import Browser, Page

from hub.accounts.roles import ROLES, Permission
from tests.accounts_in_tests import client_of, sign_in, somebody
from tests.browser import hostile
from tests.browser.axe import violations
from tests.browser.chromium import PHONE, running
from tests.databases import use_database
from tests.hub.accounts.routes import ARGUMENTS, OWN, TABLE
from tests.hub.provide.portal import serving

pytestmark = pytest.mark.browser
WHOLE = 200_000  # bytes of a page with all it loads
VISITORS = ("it_staff", "cataloger", "partner_librarian", "bookcase_owner", "administrator")
# what a record, a person or a file said has become part of the page
INJECTED = """
() => [...document.querySelectorAll(`.hurt, script:not([src], [type="application/ld+json"]), [onerror], [onload], [onclick], base, iframe, object, embed,
  [href^="javascript" i], [href^="data" i], [href^="vbscript" i], [href^="//"], [src^="http"], [style]`)]
  .filter(it => !it.matches("html, body")).map(it => it.outerHTML.slice(0, 200)).concat(window.hurt ? ["a script of a record ran"] : [])
"""
TURNED = "() => document.documentElement.outerHTML.match(/.{0,60}[\\u202a-\\u202e\\u2066-\\u2069].{0,60}/g) || []"
WIDEST = """
() => [...document.querySelectorAll("main *")].reduce((one, other) =>
  other.getBoundingClientRect().right > one.getBoundingClientRect().right ? other : one).outerHTML.slice(0, 300)
"""
WEIGHT = """
() => [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")]
  .reduce((sum, one) => sum + one.decodedBodySize, 0)
"""


def patterns(resolver: Any) -> Iterator[URLPattern]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            yield from patterns(pattern)
        else:
            yield pattern


def visitor(rights: str) -> str:
    """The first role that may see it, ``""`` where anybody may."""
    if rights == "anyone":
        return ""
    if rights == "signed_in":
        return "cataloger"
    permission = Permission(rights.partition(" ")[0])
    fits = [role for role in VISITORS if permission in ROLES[role].permissions]
    return "partner_librarian" if "@code" in rights and "partner_librarian" in fits else fits[0]


def library(role: str) -> str:
    return OWN if role and ROLES[role].scoped else ""


def client(role: str) -> Client:
    return client_of(somebody(role, library(role))) if role else Client()


def addresses() -> list[tuple[str, str]]:
    """All addresses of the portal, each as (role, address)."""
    values = {name: give(OWN) for name, give in ARGUMENTS.items()}
    names = [str(pattern.name) for pattern in patterns(get_resolver())]
    return [(visitor(TABLE[name]), reverse(name, kwargs=values.get(name))) for name in names if name in TABLE]


def pages(everything: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Those that answer with a page."""
    found = []
    for role, address in everything:
        answer = client(role).get(address)
        assert answer.status_code < 500, address
        if answer.status_code == 200 and not answer.streaming and answer.content.startswith(b"<!doctype html"):
            found.append((role, address))
    return found


@pytest.fixture(scope="module")
def sites(
    tmp_path_factory: pytest.TempPathFactory, django_db_blocker: Any
) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """The portal's address, and all its pages."""
    sources = tmp_path_factory.mktemp("sources")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LIENTHONG_HOME", str(tmp_path_factory.mktemp("walk")))
        patch.setenv("LIENTHONG_SOURCES", str(sources))
        with django_db_blocker.unblock(), use_database():
            hostile.fill()
            everything = addresses()
            more = hostile.spread(sources)
            walk = sorted(set(pages(everything) + more))
            with serving() as address:
                yield address, walk


@pytest.fixture(scope="module")
def chromium(sites: object) -> Iterator[Browser]:
    assert sites
    with running() as started:
        yield started


def wrong_with(tab: Page, language: str) -> Iterator[str]:
    tab.evaluate("document.querySelectorAll('details').forEach(it => it.open = true)")
    if tab.locator("h1").count() != 1:
        yield f"{tab.locator('h1').count()} headings of the first level"
    if tab.locator("html").get_attribute("lang") != language:
        yield "another language"
    if (width := tab.evaluate("document.documentElement.scrollWidth")) > PHONE["width"]:
        yield f"{width} pixels wide: {tab.evaluate(WIDEST)}"
    if (weight := tab.evaluate(WEIGHT)) > WHOLE:
        yield f"{weight} bytes"
    yield from (f"injected: {it}" for it in tab.evaluate(INJECTED))
    yield from (f"turned: {it}" for it in tab.evaluate(TURNED))
    yield from violations(tab)


@pytest.mark.parametrize(("language", "scheme"), [("vi", "light"), ("en", "dark")])
def test_every_page(sites: tuple[str, list[tuple[str, str]]], chromium: Browser, language: str, scheme: Any) -> None:
    address, walk = sites
    context = chromium.new_context(viewport=PHONE, color_scheme=scheme)  # type: ignore[arg-type]
    tab, wrong, said, role = context.new_page(), [], [], ""
    tab.on("console", lambda message: said.append(message.text))
    tab.on("pageerror", lambda error: said.append(str(error)))
    tab.on("dialog", lambda dialog: (said.append(f"dialog: {dialog.message}"), dialog.dismiss()))
    context.add_cookies([{"name": "language", "value": language, "url": address}])
    for who, path in walk:
        if who != role:
            sign_in(tab, address, who, library(who))
            role = who
        answer = tab.goto(address + path)
        assert answer is not None
        missing = answer.status in (403, 404)
        wrong += [f"{who} {path}: {it}" for it in wrong_with(tab, language)]
        wrong += [f"{who} {path}: complaint: {it}" for it in said if not (missing and str(answer.status) in it)]
        said.clear()
    assert len(walk) > 90
    assert not wrong, "\n".join(wrong)
