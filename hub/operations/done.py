"""What has just been done, said once on the page that is shown afterwards: by a code in the address, never by text."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

SENTENCES: dict[str, Any] = {
    "asked": _("It is in the queue, and begins in a moment."),
    "withdrawn": _("The request was taken back. Nothing was done."),
    "paused": _("The schedule is paused. It does nothing until you resume it; “Run now” still works."),
    "resumed": _("The schedule runs again."),
    "released": _("It was let happen. The union catalog follows in a moment."),
    "refused": _("It was refused. The records stay as they are."),
    "undone": _("The records are back. The union catalog follows in a moment."),
    "retried": _("What was rejected has been read again."),
    "repaired": _("What was suggested was accepted. The union catalog follows in a moment."),
    "queued": _("That is much: it is in the queue, and done in the background."),
    "saved": _("Saved. The next run reads it so."),
    "created": _("The source was set up, and its first run is in the queue."),
    "contact": _("The contact was saved."),
    "contact-removed": _("The contact was removed, and is told nothing any more."),
    "contact-test": _("A trial message is in the outbox."),
}


def told(request: HttpRequest) -> str:
    """The sentence of ``?done=``; ``""`` for a code that is none."""
    return str(SENTENCES.get(request.GET.get("done", ""), ""))


def to(name: str, *arguments: object, done: str = "", **query: object) -> HttpResponse:
    """On to a page, which says what was done."""
    address = reverse(name, args=arguments)
    asked = {**query, **({"done": done} if done else {})}
    return HttpResponseRedirect(f"{address}?{urlencode(asked)}" if asked else address)
