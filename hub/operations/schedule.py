"""A source's schedule in words, when its next run is due, and how long things have taken."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import lru_cache

from cronsim import CronSim, CronSimError
from django.utils.translation import gettext, ngettext

DAYS = {"0": "Sunday", "1": "Monday", "2": "Tuesday", "3": "Wednesday", "4": "Thursday", "5": "Friday", "6": "Saturday"}
DAYS["7"] = DAYS["0"]


def next_run(schedule: str, now: datetime) -> datetime | None:
    """The next moment of a cron expression after ``now`` (in its time zone); ``None`` when there is none."""
    try:
        return next(CronSim(schedule, now)) if schedule else None
    except (CronSimError, StopIteration):
        return None


def interval(schedule: str, now: datetime) -> timedelta | None:
    """The time between the next two runs, as of this hour."""
    return _interval(schedule, now.replace(minute=0, second=0, microsecond=0))


@lru_cache(maxsize=4096)
def _interval(schedule: str, now: datetime) -> timedelta | None:
    first = next_run(schedule, now)
    second = next_run(schedule, first) if first else None
    return second - first if first and second else None


def in_words(schedule: str) -> str:
    """ "0 2 * * *" → "hằng ngày lúc 02:00"; what is not that simple stays as it is written.

    :func:`hub.operations.phrases.parse` reads it back.
    """
    parts = schedule.split()
    if not parts:
        return gettext("by hand")
    if len(parts) != 5 or parts[3] != "*":
        return schedule
    minute, hour, day, _, weekday = parts
    if minute.isdigit() and hour.isdigit():
        return _at(f"{int(hour):02}:{int(minute):02}", day, weekday) or schedule
    if (day, weekday) == ("*", "*"):
        return _every(minute, hour) or schedule
    return schedule


def _at(time: str, day: str, weekday: str) -> str:
    if (day, weekday) == ("*", "*"):
        return gettext("every day at %(time)s") % {"time": time}
    if day == "*" and (days := _weekdays(weekday)):
        return gettext("every %(day)s at %(time)s") % {"day": days, "time": time}
    if weekday == "*" and day == "L":
        return gettext("on the last day of every month at %(time)s") % {"time": time}
    if weekday == "*" and day.isdigit():
        return gettext("on day %(day)s of every month at %(time)s") % {"day": day, "time": time}
    return ""


def _weekdays(weekday: str) -> str:
    """ "1,4" → "thứ Hai và thứ Năm"; "1-5" → "thứ Hai đến thứ Sáu"."""
    first, dash, last = weekday.partition("-")
    if dash and first in DAYS and last in DAYS:
        return gettext("%(first)s to %(last)s") % {"first": gettext(DAYS[first]), "last": gettext(DAYS[last])}
    days = weekday.split(",")
    if not all(day in DAYS for day in days):
        return ""
    names = [gettext(DAYS[day]) for day in days]
    head = ", ".join(names[:-1])
    return gettext("%(head)s and %(last)s") % {"head": head, "last": names[-1]} if head else names[-1]


def _every(minute: str, hour: str) -> str:
    if hour == "*" and minute.startswith("*/") and minute[2:].isdigit():
        return gettext("every %(count)s minutes") % {"count": minute[2:]}
    if not minute.isdigit():
        return ""
    said = ""
    if hour == "*":
        said = gettext("every hour")
    elif hour.startswith("*/") and hour[2:].isdigit():
        said = gettext("every %(count)s hours") % {"count": hour[2:]}
    return f"{said}, {gettext('at minute %(minute)s') % {'minute': minute}}" if said and int(minute) else said


def span(since: datetime, until: datetime) -> str:
    """The time between two moments in its largest unit: "12 phút", "3 giờ", "2 ngày"."""
    minutes = max(int((until - since).total_seconds()) // 60, 0)
    hours, days = minutes // 60, minutes // 1440
    if days >= 730:
        return ngettext("%(n)s year", "%(n)s years", days // 365) % {"n": days // 365}
    if days >= 60:
        return ngettext("%(n)s month", "%(n)s months", days // 30) % {"n": days // 30}
    if days:
        return ngettext("%(n)s day", "%(n)s days", days) % {"n": days}
    if hours:
        return ngettext("%(n)s hour", "%(n)s hours", hours) % {"n": hours}
    return ngettext("%(n)s minute", "%(n)s minutes", minutes) % {"n": minutes}
