"""The pages that links of letters lead to: an invitation, a forgotten password."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from hub.accounts import audit, entrance, invitations, people, places, post, throttle
from hub.accounts.access import anyone, to_sign_in
from hub.accounts.client import network_of, on_this_machine
from hub.accounts.models import Invitation, User, clean_email
from hub.accounts.pages import given, language, role_name, sentence, shown
from schemas.problem import Trouble

BOTH = ["GET", "HEAD", "POST"]


@anyone
@require_http_methods(BOTH)
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Accept an invitation with a name and a password; or enter the demo of this machine."""
    try:
        found = invitations.find(token)
        if found.kind == Invitation.Kind.ENTRY:
            return _entry(request, found)
    except Trouble as trouble:
        return shown(request, "spent.html", {"wrong": sentence(trouble)}, status=410)
    known = User.objects.by_email(found.email)
    signed_in = known is not None and request.user.is_authenticated and request.user.pk == known.pk
    if known is not None and known.is_active and known.has_usable_password() and not signed_in:
        return to_sign_in(request)
    context = {
        "invitation": found,
        "role": role_name(found.role),
        "at": places.names_of([found.library_code]).get(found.library_code, found.library_code),
        "known": signed_in,
        "name": given(request, "name"),
    }
    if request.method != "POST":
        return shown(request, "invitation.html", context)
    try:
        return _accept(request, token, known if signed_in else None)
    except Trouble as trouble:
        return shown(request, "invitation.html", context | {"wrong": sentence(trouble)}, status=400)


def _accept(request: HttpRequest, token: str, user: User | None) -> HttpResponse:
    password = request.POST.get("password", "")
    if user is None and password != request.POST.get("again", ""):
        raise Trouble("password_differs")
    entered = invitations.accept(token, name=given(request, "name"), password=password, language=language(), user=user)
    if user is None:
        entrance.enter(request, entered)
    return entrance.remember_browser(HttpResponseRedirect(reverse("my-account")), entered)


def _entry(request: HttpRequest, found: Invitation) -> HttpResponse:
    """The demo's door: a button for whoever sits at this machine."""
    user = User.objects.by_email(found.email)
    if user is None or not user.is_active or not on_this_machine(request):
        raise Trouble("invitation_spent")
    if request.method != "POST":
        return shown(request, "entry.html", {})
    entrance.enter(request, user, "entry")
    return HttpResponseRedirect(reverse("home"))


@anyone
@require_http_methods(BOTH)
def forgotten(request: HttpRequest) -> HttpResponse:
    """Ask for a letter with the way to a new password; the answer is the same whether there is such an account."""
    if request.method != "POST":
        return shown(request, "forgotten.html", {"email": request.GET.get("email", "")[:254]})
    email, now = clean_email(given(request, "email")), throttle.clock()
    limits = {
        throttle.account_key(email, "letters"): throttle.LETTERS,
        f"asking:{network_of(request)}": throttle.ASKING,
    }
    user = User.objects.by_email(email)
    if throttle.take(limits, now) == 0:
        if user is not None and user.is_active:
            send_reset(user, by="")
        else:
            audit.record("", "password.letter", "?")  # it is written as well, and takes as long
    return HttpResponseRedirect(reverse("letter-sent"))


def send_reset(user: User, *, by: str) -> None:
    """Send a user the way to a new password, in their language."""
    with translation.override(user.language):
        subject = gettext("A new password for Lienthong")
        text = gettext(
            "Somebody, probably you, has asked for a new password for %(email)s.\n\n"
            "Open this page within two hours and choose one:\n%(link)s\n\n"
            "If it was not you, do nothing: the password stays as it is."
        ) % {"email": user.email, "link": invitations.reset_link(user)}
    audit.record(by, "password.letter", user.email)
    post.send(user.email, subject, text)


@anyone
@require_http_methods(["GET", "HEAD"])
def letter_sent(request: HttpRequest) -> HttpResponse:
    """A letter is on its way, if there is such an account."""
    return shown(request, "letter_sent.html", {})


@anyone
@require_http_methods(BOTH)
def new_password(request: HttpRequest, number: str, token: str) -> HttpResponse:
    """Choose a new password, by the link of a letter."""
    try:
        user = invitations.reset_user(number, token)
    except Trouble as trouble:
        return shown(request, "spent.html", {"wrong": sentence(trouble)}, status=410)
    context = {"email": user.email}
    if request.method != "POST":
        return shown(request, "new_password.html", context)
    password = request.POST.get("password", "")
    try:
        if password != request.POST.get("again", ""):
            raise Trouble("password_differs")
        people.set_password(user, password, by=user.signature)
    except Trouble as trouble:
        return shown(request, "new_password.html", context | {"wrong": sentence(trouble)}, status=400)
    return entrance.remember_browser(HttpResponseRedirect(f"{reverse('sign-in')}?note=password"), user)
