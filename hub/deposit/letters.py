"""A letter in the morning to who looks after deposit at a publisher: what is due soon, what is late.

Written a week and a day before something is due, the day after, and on Mondays while something is late; each late
obligation that a letter names counts as claimed.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hub.accounts import post
from hub.deposit import deposits
from hub.deposit.models import Duty
from hub.deposit.rules import name_of
from hub.home import language
from hub.network.models import Officer
from schemas.problem import Trouble

MORNING = time(7)
SOON = timedelta(days=7)
DAYS = (7, 1, -1)  # to the due day
MONDAY = 0
LISTED = 100
HUB = "lienthong"


def send_daily(now: datetime) -> int:
    """Write to every publisher to whom something is to be said today; how many letters."""
    local = timezone.localtime(now)
    if local.time() < MORNING:
        return 0
    due = Officer.objects.filter(matter=Officer.Matter.DEPOSIT).exclude(email="").exclude(told_on=local.date())
    written = 0
    for one in due.select_related("library"):
        Officer.objects.filter(pk=one.pk).update(told_on=local.date())
        duties = _to_say(one.library_id, local.date())
        if duties:
            with translation.override(language()):
                post.send(one.email, *_letter(one, duties, local.date()))
            _claim(duties, local.date())
            written += 1
    return written


def _to_say(publisher: str, day: date) -> list[Duty]:
    """What is open and late or due within a week, where today is a day to say so."""
    rows = Duty.objects.filter(deposits.is_open(), publication__publisher=publisher, due__lte=day + SOON)
    found = list(rows.select_related("publication").order_by("due", "pk")[:LISTED])
    today = any((one.due - day).days in DAYS for one in found)
    late = any(one.due < day for one in found)
    return found if today or (late and day.weekday() == MONDAY) else []


def _letter(one: Officer, duties: list[Duty], day: date) -> tuple[str, str]:
    """Subject and text."""
    count = len(duties)
    subject = ngettext("%(count)s deposit waits: %(library)s", "%(count)s deposits wait: %(library)s", count)
    subject %= {"count": count, "library": one.library.name_vi}
    base, lines = settings.BASE_URL.rstrip("/"), [subject, ""]
    for duty in duties:
        late = _(" (late)") if duty.due < day else ""
        said = duty.publication
        to = name_of(duty.recipient, language())
        copies = ngettext("%(count)s copy", "%(count)s copies", duty.copies) % {"count": duty.copies}
        lines.append(f"- {said.title} {said.isbn}: {copies} → {to}, {duty.due:%d/%m/%Y}{late}")
    lines += ["", base + reverse("library-deposit", args=[one.library_id]), ""]
    lines += [_("The numbers are not verified against the texts of the law; the hub is not the recipient in law.")]
    return subject, "\n".join(lines)


def _claim(duties: list[Duty], day: date) -> None:
    for duty in duties:
        if duty.due < day:
            try:
                deposits.claim(duty.pk, by=HUB)
            except Trouble:
                continue  # met or waived a moment ago
