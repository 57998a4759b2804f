"""One's own account: name, language, password, sessions, keys for programs."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from hub.accounts import audit, entrance, keys, passwords, people, places, sessions, throttle
from hub.accounts.access import needs, signed_in
from hub.accounts.models import User
from hub.accounts.pages import LANGUAGES, given, in_words, sentence, shown, signed_in_user
from hub.accounts.rights import Given
from hub.accounts.roles import PERMISSION_NAMES, Permission
from schemas.problem import Trouble

BOTH = ["GET", "HEAD", "POST"]
LANGUAGE_COOKIE, YEAR = "language", 365 * 24 * 3600


@signed_in
@require_http_methods(BOTH)
def account(request: HttpRequest) -> HttpResponse:
    """The page of one's own account, and its three forms."""
    user = signed_in_user(request)
    if request.method != "POST":
        return shown(request, "own.html", _own(request, user))
    acts = {"describe": _describe, "password": _password, "sessions": _sessions}
    act = acts.get(given(request, "act"))
    if act is None:
        raise Http404
    try:
        return act(request, user)
    except Trouble as trouble:
        return shown(request, "own.html", _own(request, user) | {"wrong": sentence(trouble)}, status=400)


def _own(request: HttpRequest, user: User) -> dict[str, Any]:
    grants = [Given(*row) for row in user.grants.order_by("role", "library_code").values_list("role", "library_code")]
    names = places.names_of([grant.library for grant in grants if grant.library])
    inviting = user.libraries(Permission.LIBRARY_INVITE) or frozenset()
    return {
        "grants": in_words(grants, names),
        "inviting": sorted((names.get(code, code), code) for code in inviting),
        "open": user.sessions.filter(expire_date__gt=timezone.now()).order_by("-started_at"),
        "here": request.session.session_key,
        "keys": user.may(Permission.KEYS_MANAGE),
        "done": request.GET.get("done", ""),
    }


def _describe(request: HttpRequest, user: User) -> HttpResponse:
    language = given(request, "language")
    language = language if language in LANGUAGES else user.language
    people.describe(user, name=given(request, "name"), language=language)
    response = redirect("my-account")
    response.set_cookie(LANGUAGE_COOKIE, language, max_age=YEAR, httponly=True, samesite="Lax")
    return response


def _password(request: HttpRequest, user: User) -> HttpResponse:
    """A new password ends every session; this one goes on under a new number."""
    if throttle.take({f"{throttle.account_key(user.email, 'own')}": throttle.ACCOUNT}, throttle.clock()) > 0:
        raise Trouble("password_wrong")
    if not passwords.is_right(user, request.POST.get("present", "")):
        raise Trouble("password_wrong")
    if request.POST.get("password", "") != request.POST.get("again", ""):
        raise Trouble("password_differs")
    people.set_password(user, request.POST.get("password", ""), by=user.signature)
    sessions.begin(request, user)
    return HttpResponseRedirect(f"{request.path}?done=password")


def _sessions(request: HttpRequest, user: User) -> HttpResponse:
    """Sign out everywhere, here too."""
    ended = sessions.end_all(user)
    audit.record(user.signature, "sessions.ended", user.email, sessions=ended)
    request.session.flush()
    return entrance.to_out()


@needs(Permission.KEYS_MANAGE)
@require_http_methods(BOTH)
def own_keys(request: HttpRequest) -> HttpResponse:
    """One's keys for programs. A new one is shown in the answer to the form, and never again: it is kept nowhere."""
    user = signed_in_user(request)
    context: dict[str, Any] = {}
    status = 200
    if request.method == "POST":
        try:
            made = _act_on_key(request, user)
            if made is None:
                return redirect("my-keys")
            context = {"made": made[0], "text": made[1]}
        except Trouble as trouble:
            context, status = {"wrong": sentence(trouble)}, 400
    now = timezone.now()
    context |= {
        "rows": [(key, key.revoked_at is None and key.expires_at > now) for key in user.keys.order_by("-made_at")],
        "permissions": [(p, PERMISSION_NAMES[p]) for p in keys.grantable(user)],
        "longest": keys.LONGEST,
    }
    return shown(request, "keys.html", context, status=status)


def _act_on_key(request: HttpRequest, user: User) -> Any:
    act, number = given(request, "act"), given(request, "key")
    if act == "make":
        days = given(request, "days", 5)
        codes = given(request, "libraries").replace(",", " ").split()
        count = int(days) if days.isascii() and days.isdigit() else 0
        chosen = request.POST.getlist("permission")
        return keys.make(user, given(request, "name"), chosen, codes, days=count, by=user.signature)
    found = user.keys.filter(pk=int(number), revoked_at=None).first() if _is_number(number) else None
    if found is None:
        raise Http404
    if act == "rotate":
        return keys.rotate(found, by=user.signature)
    if act == "revoke":
        keys.revoke(found, by=user.signature)
        return None
    raise Http404


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 19
