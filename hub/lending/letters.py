"""A letter in the morning to who looks after loans at a library: what waits for it. None where nothing does."""

from __future__ import annotations

from datetime import date, datetime, time

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hub.accounts import post
from hub.home import language
from hub.lending import suppliers
from hub.lending.models import Loan
from hub.lending.states import Side
from hub.lending.words import NEXT
from hub.network.models import Officer

MORNING = time(7)
LISTED = 50


def send_daily(now: datetime) -> int:
    """Write to everybody for whom something waits, once a day; how many letters."""
    local = timezone.localtime(now)
    if local.time() < MORNING:
        return 0
    due = Officer.objects.filter(matter=Officer.Matter.LENDING).exclude(email="").exclude(told_on=local.date())
    written = 0
    for one in due.select_related("library"):
        loans = _waiting(one.library_id)
        Officer.objects.filter(pk=one.pk).update(told_on=local.date())
        if loans:
            with translation.override(language()):
                post.send(one.email, *_letter(one, loans, local.date()))
            written += 1
    return written


def _waiting(library: str) -> list[Loan]:
    open_ones = Loan.objects.filter(state__in=suppliers.OPEN).select_related("requester", "supplier")
    mine = open_ones.filter(requester=library, turn=Side.REQUESTER) | open_ones.filter(
        supplier=library, turn=Side.SUPPLIER
    )
    return list(mine.order_by("act_by", "pk")[:LISTED])


def _letter(one: Officer, loans: list[Loan], day: date) -> tuple[str, str]:
    """Subject and text."""
    subject = ngettext("%(count)s loan waits for %(library)s", "%(count)s loans wait for %(library)s", len(loans))
    subject %= {"count": len(loans), "library": one.library.name_vi}
    base, lines = settings.BASE_URL.rstrip("/"), [subject + ":", ""]
    for loan in loans:
        late = _(" (late)") if loan.act_by and loan.act_by < day else ""
        lines.append(f"- {loan.title} [{loan.number}]: {NEXT[loan.state]}, {loan.act_by:%d/%m/%Y}{late}")
        lines.append(f"  {base}{reverse('loan', args=[loan.pk])}")
    lines += ["", base + reverse("library-loans", args=[one.library_id])]
    return subject, "\n".join(lines)
