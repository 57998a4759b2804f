"""What is owed of a publication, to whom and by when: rules as data, and a pure function over them.

The rules stand in ``harvest_config/deposit_rules.yaml``; nothing of the law is in the code but how a day is counted: a
last day that is a day off moves on to the next working day (Bộ luật Dân sự 91/2015/QH13, Điều 148), and a day before
which something is to be done moves back.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, model_validator

from hub.home import CONFIG
from hub.sources import validated_file

Licence = Literal["publisher", "ministry", "province"]
Form = Literal["print", "electronic"]
Edition = Literal["new", "changed", "reprint"]
Content = Literal["open", "secret"]
LICENCES: tuple[str, ...] = get_args(Licence)
FORMS: tuple[str, ...] = get_args(Form)
EDITIONS: tuple[str, ...] = get_args(Edition)
CONTENTS: tuple[str, ...] = get_args(Content)
DAY = timedelta(days=1)
REGISTRATION = re.compile(r"\d{1,5}-\d{4}/CXB(?:IPH)?/\d{1,4}-\d{1,4}/[A-ZĐ]+")


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Copies(_Strict):
    """``few`` copies of a print run below ``threshold``, ``many`` from there on."""

    few: int = Field(ge=0, le=50)
    many: int = Field(ge=0, le=50)
    threshold: int = Field(default=300, ge=1)


class Due(_Strict):
    """So many calendar days before or after the publication is released."""

    days: int = Field(ge=0, le=3650)
    of: Literal["before", "after"]


class Rule(_Strict):
    """For which publications, to whom, how much, by when, under which article, and in which time."""

    licence: list[Licence]
    form: list[Form]
    edition: list[Edition]
    content: list[Content]
    recipient: str
    copies: Copies
    due: Due
    basis: str
    verified: bool = False
    since: date
    until: date | None = None


class Name(_Strict):
    """A name in both languages."""

    vi: str
    en: str


class DaysOff(_Strict):
    """Days on which nobody works; both belong to them."""

    first: date
    last: date
    name: str = ""


class Rules(_Strict):
    """The file of rules."""

    recipients: dict[str, Name]
    rules: dict[str, Rule]
    days_off: list[DaysOff] = []
    fetch: list[str] = []  # codes of publishers whose records' links are fetched
    risks: dict[str, Literal["low", "some", "high"]] = {}  # of formats; where nothing is said: high

    @model_validator(mode="after")
    def _knows_its_recipients(self) -> Rules:
        unknown = sorted({rule.recipient for rule in self.rules.values()} - set(self.recipients))
        if unknown:
            raise ValueError(f"recipients lack {', '.join(unknown)}")
        return self


@dataclass(frozen=True, slots=True)
class Facts:
    """What the obligations of a publication depend on; ``run``: ``None`` where nobody has said it."""

    licence: str
    form: str
    edition: str
    content: str
    run: int | None
    release: date


@dataclass(frozen=True, slots=True)
class Owed:
    """An obligation: ``copies`` (0: the declaration alone) to ``recipient`` by ``due``.

    ``assumed``: the print run is not known, so the larger number is given.
    """

    rule: str
    recipient: str
    copies: int
    due: date
    basis: str
    verified: bool
    assumed: bool


def owed(facts: Facts, rules: Rules) -> list[Owed]:
    """What is owed of a publication by the rules in force on the day of its release, by due day."""
    off = off_days(rules.days_off)
    found = [_owed(name, rule, facts, off) for name, rule in rules.rules.items() if _applies(rule, facts)]
    return sorted(found, key=lambda one: (one.due, one.rule))


def _applies(rule: Rule, facts: Facts) -> bool:
    in_force = rule.since <= facts.release and (rule.until is None or facts.release <= rule.until)
    return in_force and (
        facts.licence in rule.licence
        and facts.form in rule.form
        and facts.edition in rule.edition
        and facts.content in rule.content
    )


def _owed(name: str, rule: Rule, facts: Facts, off: Collection[date]) -> Owed:
    assumed = facts.run is None and rule.copies.few != rule.copies.many
    few = facts.run is not None and facts.run < rule.copies.threshold
    copies = rule.copies.few if few else rule.copies.many
    days = timedelta(days=rule.due.days)
    back = rule.due.of == "before"
    due = working_day(facts.release - days if back else facts.release + days, off, back=back)
    return Owed(name, rule.recipient, copies, due, rule.basis, rule.verified, assumed)


def off_days(spans: Sequence[DaysOff]) -> frozenset[date]:
    """Every day off by itself."""
    return frozenset(one.first + n * DAY for one in spans for n in range((one.last - one.first).days + 1))


def working_day(day: date, off: Collection[date], *, back: bool) -> date:
    """The day itself where people work on it, else the next one, or with ``back`` the one before."""
    while day.weekday() >= 5 or day in off:
        day += -DAY if back else DAY
    return day


def registration_number(text: str) -> str:
    """A number that confirms the registration of a publication (``1328-2024/CXBIPH/3-98/ĐHKTQD``), or ""."""
    plain = "".join(text.upper().split())
    return plain if REGISTRATION.fullmatch(plain) else ""


def rules_file() -> Path:
    """Where the rules stand."""
    return CONFIG / "deposit_rules.yaml"


def rules() -> Rules:
    """The rules as they stand in their file, read again when it changes; a wrong file is a :class:`Trouble`."""
    path = rules_file()
    return _read(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=4)
def _read(path: Path, _: int) -> Rules:
    found: Rules = validated_file(Rules, path)
    return found


def name_of(recipient: str, language: str, known: Mapping[str, Name] | None = None) -> str:
    """What a recipient is called."""
    found = (known or rules().recipients).get(recipient)
    return recipient if found is None else found.vi if language == "vi" else found.en
