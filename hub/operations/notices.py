"""What there is to tell: runs that failed, sources that are silent, digests. Each occasion is written once, by its key.

What is written goes into the outbox (:mod:`hub.operations.outbox`) in the contact's language. A run that received
nothing where records were expected is a failure here too.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import number_format
from django.utils.translation import gettext, ngettext

from hub.accounts.pages import language
from hub.catalog import reads
from hub.catalog.models import Run, Source
from hub.catalog.reads import SourceState
from hub.operations import contacts
from hub.operations.health import Health, health
from hub.operations.models import Contact, Message, Request
from hub.operations.pauses import all_paused
from hub.operations.schedule import in_words
from schemas.problem import Problem

BACK = timedelta(days=3)  # failures older than this are no news
MORNING = 7  # the hour of digests, in the hub's time zone
MONDAY = 0


class Notice(NamedTuple):
    """What is told: the occasion's key, its kind, and the words."""

    key: str
    kind: str
    subject: str
    body: str
    facts: dict[str, Any]


def gather() -> int:
    """Write what is new into the outbox; how many messages."""
    listening = list(Contact.objects.filter(active=True))
    if not listening:
        return 0
    now = timezone.localtime()
    states = reads.sources()
    failed = _failed_runs(now)
    undone = _undone_requests(now)
    written = 0
    for contact in listening:
        mine = [state for state in states if contacts.concerns(contact, state.source)]
        with translation.override(contact.language):
            written += _write(contact, _notices(contact, mine, failed, undone, now), now)
    return written


def _notices(
    contact: Contact, states: Sequence[SourceState], failed: Sequence[Run], undone: Sequence[Request], now: datetime
) -> Iterator[Notice]:
    names = {state.source.name for state in states}
    if contact.on_failure:
        yield from (_failure(run) for run in failed if run.source.name in names and _since(contact, run.finished_at))
        ours = [asked for asked in undone if asked.source in names or not (contact.source or contact.library)]
        yield from (_undone(asked) for asked in ours if _since(contact, asked.ended_at))
    if contact.on_silence:
        paused = all_paused()
        for state in states:
            found = health(state, now)
            if found.word == "silent" and state.source.schedule and state.source.name not in paused:
                yield _silence(state, found, now)
    if states and _digest_is_due(contact, now):
        yield _digest(contact, states, now)


def _since(contact: Contact, moment: datetime | None) -> bool:
    return moment is not None and moment >= contact.created_at


def _failed_runs(now: datetime) -> list[Run]:
    bad = (Run.Status.FAILED, Run.Status.EMPTY)
    found = Run.objects.filter(status__in=bad, finished_at__gte=now - BACK).exclude(kind=Run.Kind.DECISION)
    return list(found.select_related("source__library").order_by("pk"))


def _undone_requests(now: datetime) -> list[Request]:
    """What was asked for and came to no run at all."""
    return list(Request.objects.filter(status=Request.Status.FAILED, run=None, ended_at__gte=now - BACK))


def _failure(run: Run) -> Notice:
    library = run.source.library.name_vi
    why = _sentence(run.notes[0]) if run.notes else ""
    if run.status == Run.Status.EMPTY:
        said = gettext("The run received nothing, although records were expected. This is no success.")
    else:
        said = gettext("The run failed. What was stored before is kept.")
    subject = gettext("Harvest failed: %(library)s") % {"library": library}
    address = _address("run", run.pk)
    body = "\n\n".join(filter(None, (said, why, _line(run), address)))
    facts = _facts(run.source) | {"run": run.pk, "status": run.status, "reason": why, "url": address}
    return Notice(f"failure:{run.pk}", "failure", subject, body, facts)


def _undone(asked: Request) -> Notice:
    why = _sentence(asked.problem)
    subject = gettext("Not done: %(source)s") % {"source": asked.source}
    said = gettext("What was asked for could not be done.")
    facts = {"source": asked.source, "request": asked.pk, "status": "failed", "reason": why}
    return Notice(f"request:{asked.pk}", "failure", subject, "\n\n".join(filter(None, (said, why))), facts)


def _silence(state: SourceState, found: Health, now: datetime) -> Notice:
    """Once for each silence, and again each week it lasts."""
    source, last = state.source, state.success
    year, week, _ = now.isocalendar()
    address = _address("source", source.name)
    subject = gettext("No news from %(library)s") % {"library": source.library.name_vi}
    when = gettext("Schedule: %(schedule)s.") % {"schedule": in_words(source.schedule)}
    facts = _facts(source) | {"status": "silent", "reason": found.reason, "url": address}
    key = f"silence:{source.pk}:{last.pk if last else 0}:{year}-{week}"
    return Notice(key, "silence", subject, "\n\n".join((found.reason, when, address)), facts)


def _digest_is_due(contact: Contact, now: datetime) -> bool:
    if now.hour < MORNING or contact.digest == Contact.Digest.NONE:
        return False
    return contact.digest == Contact.Digest.DAILY or now.weekday() == MONDAY


def _digest(contact: Contact, states: Sequence[SourceState], now: datetime) -> Notice:
    """Every source of the contact with its word and reason; what needs somebody comes first."""
    order = ("error", "silent", "slow", "good")
    told = sorted(((health(state, now), state) for state in states), key=lambda pair: order.index(pair[0].word))
    bad = sum(found.word != "good" for found, _ in told)
    subject = (
        ngettext("%(n)s source needs somebody", "%(n)s sources need somebody", bad) % {"n": bad}
        if bad
        else gettext("All sources are well")
    )
    lines = [_told(found, state) for found, state in told]
    address = _address("operations-desk")
    facts = {
        "status": "attention" if bad else "good",
        "sources": [_facts(state.source) | {"health": found.word, "reason": found.reason} for found, state in told],
        "url": address,
    }
    key = f"digest:{contact.digest}:{now:%Y-%m-%d}"
    return Notice(key, "digest", subject, "\n\n".join([*lines, address]), facts)


def _told(found: Health, state: SourceState) -> str:
    words = {"good": gettext("Good"), "slow": gettext("Slow"), "error": gettext("Error"), "silent": gettext("Silent")}
    head = f"{words[found.word]}: {state.source.library.name_vi} ({state.source.name}). {found.reason}"
    return "\n".join(filter(None, (head, _line(state.last) if state.last else "")))


def _line(run: Run) -> str:
    """The ledger of a run in one line."""
    names = ("received", "created", "updated", "unchanged", "deleted", "rejected")
    counts = {name: number_format(getattr(run, name), use_l10n=True, force_grouping=True) for name in names}
    said = gettext(
        "Run %(run)s: %(received)s received, %(created)s new, %(updated)s changed, %(unchanged)s unchanged,"
        " %(deleted)s deleted, %(rejected)s rejected."
    )
    return said % {**counts, "run": run.pk}


def _facts(source: Source) -> dict[str, Any]:
    return {"source": source.name, "library": source.library_id}


def _sentence(note: dict[str, Any]) -> str:
    try:
        return Problem(**note).sentence(language())
    except (KeyError, TypeError, ValueError, IndexError):
        return str(note.get("code", ""))


def _address(name: str, *arguments: object) -> str:
    """The address of a page, from the configuration."""
    return str(settings.BASE_URL).rstrip("/") + reverse(name, args=[str(argument) for argument in arguments])


def trial(contact: Contact) -> int:
    """A message to see whether a contact can be reached; how many were written."""
    now = timezone.localtime()
    with translation.override(contact.language):
        subject = gettext("Trial message from Liên thông")
        body = gettext("This is how you will be told. Nothing has happened.")
        notice = Notice(f"test:{now.isoformat()}", "test", subject, body, {"status": "test", "url": _address("home")})
        return _write(contact, [notice], now)


def _write(contact: Contact, told: Iterator[Notice] | list[Notice], now: datetime) -> int:
    """Put notices into the outbox, each once a way."""
    ways = [way for way in ("email", "webhook") if getattr(contact, way)]
    notices = list(told)
    known = set(Message.objects.filter(contact=contact, key__in=[n.key for n in notices]).values_list("way", "key"))
    rows = [
        Message(
            contact=contact, way=way, key=n.key, kind=n.kind, subject=n.subject[:300], body=n.body, facts=n.facts,
            created_at=now, due_at=now,
        )
        for n in notices
        for way in ways
        if (way, n.key) not in known
    ]  # fmt: skip
    Message.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)
