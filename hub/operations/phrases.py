"""A schedule as people say it, read as a cron expression: "mỗi đêm lúc 2 giờ", "every night at 2", "mỗi 6 giờ".

Marks and capitals do not matter. Every word must be understood: what is left over is a :class:`Trouble`
``schedule_phrase``, because a schedule that is half understood is wrong. Without an hour it is two at night. The
reverse is :func:`hub.operations.schedule.in_words`, and what that says can be read here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime

from cronsim import CronSim, CronSimError

from hub.normalize.text import fold
from schemas.problem import Trouble

LONGEST = 200
NIGHT = (2, 0)  # when nobody says an hour
CLOCK = re.compile(r"(?<=\d)\s*[:.](?=\d\d)")
BY_HAND = frozenset(map(fold, ("", "chạy thủ công", "thủ công", "bằng tay", "không", "by hand", "manually", "never")))
WEEKDAYS = {  # as folded: the day of cron
    "chu nhat": 0, "cn": 0, "thu hai": 1, "thu ba": 2, "thu tu": 3, "thu nam": 4, "thu sau": 5, "thu bay": 6,
    **{f"thu {day + 1}": day for day in range(1, 7)}, **{f"t{day + 1}": day for day in range(1, 7)},
    "sunday": 0, "monday": 1, "tuesday": 2, "wednesday": 3, "thursday": 4, "friday": 5, "saturday": 6,
}  # fmt: skip
WEEKDAYS |= {f"{name}s": day for name, day in WEEKDAYS.items() if name.endswith("day")}
WORKING = ("ngay lam viec", "ngay thuong", "working days", "workdays", "weekdays", "working day", "weekday")
WEEKEND = ("cuoi tuan", "weekends", "weekend")
NUMBERS = {
    word: number
    for words in (
        ["một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín", "mười"],
        ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"],
    )
    for number, word in enumerate(map(fold, words), 1)
} | {"muoi mot": 11, "muoi hai": 12, "eleven": 11, "twelve": 12}
PARTS = {  # of the day, as folded
    "morning": ("sang", "morning", "am"),
    "noon": ("trua", "noon"),
    "evening": ("chieu", "toi", "afternoon", "evening", "pm"),
    "night": ("dem", "khuya", "night", "nights"),
}
FILLERS = frozenset(
    fold(
        "lúc vào at on the of and và trong in each every mỗi hằng hàng tuần week day days ngày tháng month everyday"
        " daily weekly monthly nightly một lần a time"
    ).split()
)
ORDINAL = r"(\d{1,2})(?:st|nd|rd|th)?"


@dataclass(slots=True)
class _Phrase:
    """What is still to be understood of a phrase, and what was."""

    said: str
    rest: str
    part: str = ""
    days: str = "*"
    weekdays: str = "*"
    clock: list[int] = field(default_factory=list)

    def take(self, pattern: str) -> re.Match[str] | None:
        """The first place of the pattern, which is then understood."""
        found = re.search(rf"\b(?:{pattern})\b", self.rest)
        if found:
            self.rest = f"{self.rest[: found.start()]} ; {self.rest[found.end() :]}"
        return found

    def wrong(self) -> Trouble:
        return Trouble("schedule_phrase", phrase=self.said[:LONGEST])


def parse(said: str) -> str:
    """The cron expression of a phrase, ``""`` for by hand; a cron expression is taken as it is.

    :class:`Trouble` ``schedule_phrase`` where it is not understood, ``schedule_uneven`` where a number of minutes or
    hours does not part an hour or a day evenly.
    """
    text = " ".join(said.split())[:LONGEST]
    if fold(text) in BY_HAND:
        return ""
    if _is_cron(text):
        return text
    phrase = _Phrase(text, fold(CLOCK.sub("h", text)))
    found = _interval(phrase) or _at_times(phrase)
    if set(phrase.rest.replace(";", " ").split()) - FILLERS:
        raise phrase.wrong()
    return found


def _is_cron(text: str) -> bool:
    if len(text.split()) != 5 or not re.match(r"[\d*]", text):
        return False
    try:
        CronSim(text, datetime(2026, 1, 1, tzinfo=UTC))
    except CronSimError:
        return False
    return True


def _interval(phrase: _Phrase) -> str:
    """ "mỗi 6 giờ", "every 30 minutes", "15 phút một lần", "every hour at minute 17"; ``""`` where it is none."""
    if "luc" in phrase.rest.split() or re.search(r"\bat (?!minute)", phrase.rest):
        return ""
    start = r"(?:moi|cu|hang|everi|each)"
    numbers = "|".join(map(str, NUMBERS))
    found = phrase.take(
        rf"(?:{start} )?(\d+|{numbers}) (gio|phut|hours?|minutes?)(?: (?:mot|1) lan)|"
        rf"(?:{start}) (\d+|{numbers})?\s*(gio|phut|hours?|minutes?)(?: (?:mot|1) lan)?|(hourli|nua gio|half hour)"
    )
    if not found:
        return ""
    count, unit = found[1] or found[3] or "1", found[2] or found[4] or "gio"
    if found[5] in ("nua gio", "half hour"):
        count, unit = "30", "phut"
    number = NUMBERS.get(count) or int(count)
    if unit.startswith(("phut", "minute")):
        return "* * * * *" if number == 1 else f"*/{_even(number, 60, phrase)} * * * *"
    minute = _minute(phrase)
    return f"{minute} * * * *" if number == 1 else f"{minute} */{_even(number, 24, phrase)} * * *"


def _minute(phrase: _Phrase) -> int:
    found = phrase.take(r"(?:phut(?: thu)?|minute) (\d{1,2})")
    if found and int(found[1]) > 59:
        raise phrase.wrong()
    return int(found[1]) if found else 0


def _even(number: int, whole: int, phrase: _Phrase) -> int:
    if not 0 < number < whole or whole % number:
        raise Trouble("schedule_uneven", phrase=phrase.said, count=number, whole=whole)
    return number


def _at_times(phrase: _Phrase) -> str:
    """The days a phrase names, and the time."""
    named = _named_days(phrase)
    monthly = _month_days(phrase)
    _part_of_day(phrase)
    hour, minute = _clock(phrase)
    often = re.search(r"\b(moi|hang|everi|each|daili|nightli|everiday)\b", phrase.rest)
    if not (named or monthly or often or phrase.part == "night"):
        raise phrase.wrong()
    if not named and not monthly and re.search(r"\b(tuan|week|weekli|thang|month|monthli)\b", phrase.rest):
        raise phrase.wrong()  # which day of it?
    if named and monthly:
        raise phrase.wrong()  # cron would take either
    return f"{minute} {hour} {phrase.days} * {phrase.weekdays}"


def _named_days(phrase: _Phrase) -> bool:
    """Days of the week: one, several, from one to another, working days, weekends."""
    if phrase.take("|".join(WORKING)):
        phrase.weekdays = "1-5"
        return True
    if phrase.take("|".join(WEEKEND)):
        phrase.weekdays = "0,6"
        return True
    names = "|".join(sorted(WEEKDAYS, key=len, reverse=True))
    span = phrase.take(rf"(?:tu )?({names}) (?:den|toi|to|through) ({names})")
    if span:
        first, last = WEEKDAYS[span[1]], WEEKDAYS[span[2]] or 7
        if first >= last:
            raise phrase.wrong()
        phrase.weekdays = f"{first}-{last}"
        return True
    found = set()
    while day := phrase.take(names):
        found.add(WEEKDAYS[day[0]])
    phrase.weekdays = ",".join(map(str, sorted(found))) or "*"
    return bool(found)


def _month_days(phrase: _Phrase) -> bool:
    """A day of every month: "ngày 1 hằng tháng", "on the 1st of every month", "the last day of the month"."""
    if phrase.take(r"(?:ngay )?cuoi (?:moi |hang )?thang|(?:ngay )?cuoi cung (?:cua )?(?:moi|hang) thang|last day"):
        phrase.days = "L"
    elif phrase.take(r"(?:ngay )?dau (?:moi |hang )?thang|first day"):
        phrase.days = "1"
    else:
        ends = r"(?:cua )?(?:moi|hang) thang|of (?:everi |each |the )?month|everi month|monthli"
        found = phrase.take(rf"(?:ngay (?:mong |mung )?|mong |mung |(?:on )?(?:the )?(?:day )?){ORDINAL} (?:{ends})")
        if not found:
            return False
        if not 1 <= int(found[1]) <= 31:
            raise phrase.wrong()
        phrase.days = str(int(found[1]))
    return True


def _part_of_day(phrase: _Phrase) -> None:
    for part, names in PARTS.items():
        found = phrase.take(rf"(?:moi |hang |everi |each )?(?:buoi |ban )?(?<!nua )(?<!giua )(?:{'|'.join(names)})")
        if found:
            phrase.part = part
            phrase.rest += " everi" if found[0].split()[0] in ("moi", "hang", "everi", "each") else ""
            return
    if re.search(r"\bnightli\b", phrase.rest):
        phrase.part = "night"


def _clock(phrase: _Phrase) -> tuple[int, int]:
    """(hour, minute) of 24."""
    if phrase.take("nua dem|midnight"):
        return 0, 0
    if phrase.take("giua trua"):
        return 12, 0
    numbers = "|".join(sorted(NUMBERS, key=len, reverse=True))
    found = phrase.take(rf"(\d{{1,2}}|{numbers})\s*(?:h|g|gio|o clock|oclock)\s*(\d{{2}}|ruoi)?(?: phut)?")
    found = found or phrase.take(r"(\d{1,2})(am|pm)") or phrase.take(rf"(?:luc|vao|at) (\d{{1,2}}|{numbers})")
    if not found:
        return (12, 0) if phrase.part == "noon" else NIGHT
    hour = NUMBERS.get(found[1]) or int(found[1])
    last = found[2] if (found.lastindex or 0) > 1 else None
    minute = 30 if last == "ruoi" else int(last) if last and last.isdigit() else 0
    part = {"am": "morning", "pm": "evening"}.get(last or "", phrase.part)
    hour = _of_24(hour, part)
    if hour > 23 or minute > 59:
        raise phrase.wrong()
    return hour, minute


def _of_24(hour: int, part: str) -> int:
    if part in ("morning", "night") and hour == 12:
        return 0
    late = {"evening": hour < 12, "noon": hour < 6, "night": 6 <= hour < 12}
    return hour + 12 if late.get(part) else hour
