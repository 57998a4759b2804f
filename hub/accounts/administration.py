"""The administrators' pages: accounts, one account; and the colleagues of one library."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import translation
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from hub.accounts import audit, doors, invitations, people, places, post, sessions
from hub.accounts.access import needs, reader_of
from hub.accounts.models import Invitation, User
from hub.accounts.pages import given, in_words, language, role_name, sentence, shown
from hub.accounts.rights import Given
from hub.accounts.roles import LIBRARY_ROLES, ROLES, Permission
from schemas.problem import Trouble

BOTH = ["GET", "HEAD", "POST"]


def _choices(names: Any = None) -> list[tuple[str, Any]]:
    return [(name, ROLES[name].name) for name in (names or ROLES)]


def _listed(users: list[User]) -> list[dict[str, Any]]:
    grants = {user.pk: [Given(grant.role, grant.library_code) for grant in user.grants.all()] for user in users}
    codes = {grant.library for given_roles in grants.values() for grant in given_roles if grant.library}
    names = places.names_of(codes)
    return [{"user": user, "grants": in_words(grants[user.pk], names)} for user in users]


@needs(Permission.ACCOUNTS_MANAGE)
@require_http_methods(BOTH)
def accounts(request: HttpRequest) -> HttpResponse:
    """Every account with its roles, the invitations that wait, and the form for another."""
    wrong, link = "", ""
    if request.method == "POST":
        try:
            link = _invite_or_withdraw(request, given(request, "role"), given(request, "library"))
            if not link:
                return redirect("accounts")
        except Trouble as trouble:
            wrong = sentence(trouble)
    context = {
        "rows": _listed(list(User.objects.prefetch_related("grants").order_by("-is_active", "email"))),
        "waiting": [(one, role_name(one.role)) for one in invitations.open_ones()],
        "roles": _choices(),
        "wrong": wrong,
        "link": link,
        "email": given(request, "email"),
    }
    return shown(request, "accounts.html", context, status=400 if wrong else 200)


def _invite_or_withdraw(request: HttpRequest, role: str, library: str, only: str | None = None) -> str:
    """Do what the form of invitations asks for; the link of a new one, which is mailed and shown once."""
    by, act = reader_of(request).signature, given(request, "act")
    if act == "withdraw":
        number = given(request, "invitation", 18)
        waiting = {str(one.pk): one for one in invitations.open_ones(only)}
        if number not in waiting:
            raise Http404
        invitations.withdraw(waiting[number], by=by)
        return ""
    if act != "invite" or not invitations.may_give(reader_of(request), role, library):
        raise Trouble("role_unknown", role=role, known=", ".join(ROLES if only is None else LIBRARY_ROLES))
    made, link = invitations.invite(given(request, "email"), role, library, by=by)
    _send(made, link)
    return link


def _send(made: Invitation, link: str) -> None:
    with translation.override(language()):
        subject = gettext("An invitation to Lienthong")
        text = gettext(
            "%(by)s invites you to work in the union catalog as: %(role)s.\n\n"
            "Open this page within seven days and choose a password:\n%(link)s\n\n"
            "The link works once. If you do not know what this is about, do nothing."
        ) % {"by": made.by, "role": role_name(made.role), "link": link}
    post.send(made.email, subject, text)


@needs(Permission.ACCOUNTS_MANAGE)
@require_http_methods(BOTH)
def account(request: HttpRequest, number: int) -> HttpResponse:
    """One account: its roles, its sessions, closed or open."""
    user = User.objects.filter(pk=number).first() if number < 2**63 else None
    if user is None:
        raise Http404
    wrong = ""
    if request.method == "POST":
        try:
            _act_on(request, user)
            return redirect("account", number)
        except Trouble as trouble:
            wrong = sentence(trouble)
            user.refresh_from_db()
    context = {
        "row": _listed([user])[0],
        "it": user,
        "sessions": user.sessions.count(),
        "roles": _choices(),
        "wrong": wrong,
        "keys": user.keys.filter(revoked_at=None).order_by("-made_at"),
    }
    return shown(request, "account.html", context, status=400 if wrong else 200)


def _act_on(request: HttpRequest, user: User) -> None:
    by, act = reader_of(request).signature, given(request, "act")
    role, library = given(request, "role"), given(request, "library")
    if act == "give":
        people.give_role(user, role, library, by=by)
    elif act == "take":
        people.take_role(user, role, library, by=by)
    elif act == "close":
        people.close(user, by=by)
    elif act == "open":
        people.reopen(user, by=by)
    elif act == "letter" and user.is_active:
        doors.send_reset(user, by=by)
    elif act == "sessions":
        audit.record(by, "sessions.ended", user.email, sessions=sessions.end_all(user))
    else:
        raise Http404


@needs(Permission.LIBRARY_INVITE, library="code")
@require_http_methods(BOTH)
def colleagues(request: HttpRequest, code: str) -> HttpResponse:
    """Who works for a library here, and the form to invite another."""
    names = places.names_of([code])
    if code not in names:
        raise Http404
    wrong, link = "", ""
    if request.method == "POST":
        try:
            link = _act_on_colleague(request, code)
            if not link:
                return redirect("colleagues", code)
        except Trouble as trouble:
            wrong = sentence(trouble)
    reader = reader_of(request)
    there = User.objects.filter(grants__library_code=code, grants__role__in=LIBRARY_ROLES, is_active=True).distinct()
    context = {
        "code": code,
        "library": names[code],
        "rows": [
            (user, [(g.role, role_name(g.role)) for g in user.grants.filter(library_code=code)])
            for user in there.order_by("email")
        ],
        "waiting": [(one, role_name(one.role)) for one in invitations.open_ones(code)],
        "roles": _choices([role for role in LIBRARY_ROLES if invitations.may_give(reader, role, code)]),
        "wrong": wrong,
        "link": link,
        "email": given(request, "email"),
    }
    return shown(request, "colleagues.html", context, status=400 if wrong else 200)


def _act_on_colleague(request: HttpRequest, code: str) -> str:
    role = given(request, "role")
    if given(request, "act") != "take":
        return _invite_or_withdraw(request, role, code, only=code)
    reader, number = reader_of(request), given(request, "user", 18)
    user = User.objects.filter(pk=int(number)).first() if number.isascii() and number.isdigit() else None
    if user is None or not invitations.may_give(reader, role, code):
        raise Http404
    people.take_role(user, role, code, by=reader.signature)
    return ""
