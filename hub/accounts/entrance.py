"""Signing in and out."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from hub.accounts import audit, passwords, sessions, throttle
from hub.accounts.access import anyone, reader_of
from hub.accounts.client import network_of
from hub.accounts.models import User, clean_email
from hub.accounts.pages import given, shown

KNOWN = "known-browser"
YEAR = 365 * 24 * 3600
NOTES = {
    "password": _("The new password is kept. Sign in with it."),
    "out": _("You have signed out."),
    "over": _("For safety you were signed out after a while without activity."),
}


@dataclass(frozen=True, slots=True)
class Tried:
    """What came of a try: the user, or how many seconds until the next one is heard (0: it was wrong)."""

    user: User | None
    wait: float = 0.0


def way_back(request: HttpRequest) -> str:
    """Where ``next`` leads: a path of this site, otherwise the front page."""
    wanted = (request.POST if request.method == "POST" else request.GET).get("next", "")
    safe = wanted.startswith("/") and wanted.isprintable() and "\\" not in wanted
    if safe and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None):
        return wanted
    return reverse("home")


def attempt(request: HttpRequest, email: str, password: str) -> Tried:
    """Try a password: same steps, same time, whether there is such an account or not."""
    now, user = throttle.clock(), User.objects.by_email(email)
    network = network_of(request)
    whole, one = _browser(request, user) or throttle.account_key(email), f"network:{network}"
    wait = throttle.take({whole: throttle.ACCOUNT, one: throttle.NETWORK}, now)
    if wait > 0:
        return Tried(None, wait)
    if not passwords.is_right(user, password) or user is None:
        tries = throttle.tries(whole, now)
        about = user.email if user else "?"
        audit.record("", "sign_in.failed", about, network=network, tries=tries, held=tries >= throttle.ACCOUNT.free)
        return Tried(None)
    throttle.forgive(now, whole, one)
    return Tried(user)


def _browser(request: HttpRequest, user: User | None) -> str:
    """The key of tries from a browser with which this user has signed in before; ``""`` for a strange one."""
    try:
        number, chance = signing.loads(request.COOKIES.get(_known_cookie(), ""), salt=KNOWN, max_age=YEAR)
    except (signing.BadSignature, ValueError, TypeError):
        return ""
    return f"browser:{chance}" if user is not None and number == user.pk else ""


def _known_cookie() -> str:
    return f"__Host-{KNOWN}" if settings.HTTPS else KNOWN


def remember_browser(response: HttpResponse, user: User) -> HttpResponse:
    """This browser is the user's: what strangers try does not hold it up."""
    value = signing.dumps([user.pk, secrets.token_hex(16)], salt=KNOWN)
    response.set_cookie(_known_cookie(), value, max_age=YEAR, secure=settings.HTTPS, httponly=True, samesite="Lax")
    return response


def enter(request: HttpRequest, user: User, act: str = "sign_in") -> None:
    """The user is signed in from now on."""
    sessions.begin(request, user)
    User.objects.filter(pk=user.pk).update(last_login=timezone.now())
    audit.record(user.signature, act, user.email, network=network_of(request))


@anyone
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """The form for an e-mail address and a password."""
    context: dict[str, Any] = {"next": way_back(request), "note": NOTES.get(request.GET.get("note", ""), "")}
    if request.method != "POST":
        return shown(request, "sign_in.html", context)
    email = clean_email(given(request, "email"))
    tried = attempt(request, email, request.POST.get("password", ""))
    if tried.user is not None:
        enter(request, tried.user)
        return remember_browser(HttpResponseRedirect(way_back(request)), tried.user)
    context |= {"email": email, "wait": int(-(-tried.wait // 1)), "wrong": not tried.wait}
    response = shown(request, "sign_in.html", context, status=429 if tried.wait else 400)
    if tried.wait:
        response.headers["Retry-After"] = str(context["wait"])
    return response


@anyone
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session, here and on the server."""
    if request.user.is_authenticated:
        audit.record(reader_of(request).signature, "sign_out", reader_of(request).signature)
    request.session.flush()
    return to_out()


def to_out() -> HttpResponse:
    """The page that says so."""
    return HttpResponseRedirect(f"{reverse('sign-in')}?note=out")
