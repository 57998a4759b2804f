"""The page of who is told: contacts, what they were told lately, a trial message."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from hub.accounts.access import needs, reader_of
from hub.accounts.pages import language
from hub.accounts.roles import Permission
from hub.network.models import Library
from hub.operations import contacts, notices, scope
from hub.operations.done import to, told
from hub.operations.models import Contact, Message
from schemas.problem import Trouble

RECENT = 20
EMPTY = {"on_failure": True, "on_silence": True, "digest": "none", "language": "vi", "active": True}


@needs(Permission.SOURCES_MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def people(request: HttpRequest, number: int = 0) -> HttpResponse:
    """The contacts; a form for a new one, or for the one of ``number``."""
    if request.method != "POST":
        return _page(request, number)
    by, act = reader_of(request).signature, request.POST.get("act", "save")
    try:
        if act == "remove":
            contacts.remove(number, by=by)
            return to("contacts", done="contact-removed")
        if act == "test":
            notices.trial(_known(number))
            return to("contacts", done="contact-test")
        contacts.keep(_values(request), by=by, number=number)
    except Trouble as trouble:
        return _page(request, number, wrong=trouble.problem.sentence(language()), status=400)
    return to("contacts", done="contact")


def _known(number: int) -> Contact:
    found = Contact.objects.filter(pk=number).first() if number < 2**63 else None
    if found is None:
        raise Trouble("contact_unknown", number=number)
    return found


def _values(request: HttpRequest) -> dict[str, Any]:
    said = request.POST
    values: dict[str, Any] = {
        key: said.get(key, "").strip()[:500] for key in ("name", "email", "webhook", "digest", "language")
    }
    about = said.get("about", "")
    values |= {
        "source": about[7:] if about.startswith("source:") else "",
        "library": about[8:] if about.startswith("library:") else "",
    }
    return values | {key: key in said for key in ("on_failure", "on_silence", "active")}


def _page(request: HttpRequest, number: int, *, wrong: str = "", status: int = 200) -> HttpResponse:
    chosen = Contact.objects.filter(pk=number).first() if number else None
    if number and chosen is None and not wrong:
        wrong, status = Trouble("contact_unknown", number=number).problem.sentence(language()), 404
    values = {name: getattr(chosen, name) for name in contacts.FIELDS} if chosen else dict(EMPTY)
    if request.method == "POST" and request.POST.get("act", "save") == "save":
        values = _values(request)
    context = {
        "rows": [
            (contact, contacts.key_of(contact) if contact.webhook else "")
            for contact in Contact.objects.order_by("name", "pk")
        ],
        "chosen": chosen,
        "values": values,
        "digests": Contact.Digest.values,
        "sources": [path.stem for path in scope.paths()],
        "libraries": Library.objects.order_by("name_vi"),
        "messages": Message.objects.select_related("contact").order_by("-pk")[:RECENT],
        "told": told(request),
        "wrong": wrong,
    }
    return render(request, "operations/contacts.html", context, status=status)
