"""Declarations, what they owe, what was deposited, claimed and waived. The one writer of these tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from hub.accounts import audit
from hub.catalog import bulk
from hub.deposit.access import LEVELS
from hub.deposit.models import Claim, Duty, Publication, Receipt
from hub.deposit.rules import (
    CONTENTS,
    EDITIONS,
    FORMS,
    LICENCES,
    Facts,
    Owed,
    owed,
    registration_number,
    rules,
)
from hub.network.models import Library
from hub.normalize.identifiers import isbn13
from schemas.problem import Trouble

MOST_COPIES, MOST_RUN = 100, 10_000_000
CHOICES = {"licence": LICENCES, "form": FORMS, "edition": EDITIONS, "content": CONTENTS}


@dataclass(frozen=True, slots=True)
class Declaration:
    """What a publisher says of a publication, checked."""

    title: str
    author: str
    isbn: str
    registration: str
    decision: str
    audience: str
    facts: Facts


def checked(said: Mapping[str, str]) -> Declaration:
    """A declaration of a form; the first thing wrong with it is a :class:`Trouble`."""
    title = " ".join(said.get("title", "").split())[:500]
    if not title or not said.get("release", "").strip():
        raise Trouble("deposit_title")
    for name, known in CHOICES.items():
        if (said.get(name) or known[0]) not in known:
            raise Trouble("deposit_choice", value=said[name][:40])
    run = said.get("run", "").strip()
    licence, form, edition, content = (said.get(name) or known[0] for name, known in CHOICES.items())
    count = whole(run, 1, MOST_RUN) if run else None
    facts = Facts(licence, form, edition, content, count, day_of(said["release"]))
    isbn, registration = said.get("isbn", "").strip(), said.get("registration", "").strip()
    if isbn and not isbn13(isbn):
        raise Trouble("deposit_isbn", isbn=isbn[:30])
    if registration and not registration_number(registration):
        raise Trouble("deposit_registration", number=registration[:60])
    return Declaration(
        title,
        " ".join(said.get("author", "").split())[:300],
        isbn13(isbn) if isbn else "",
        registration_number(registration),
        said.get("decision", "").strip()[:100],
        said.get("audience", "")[:1],
        facts,
    )


def whole(text: str, least: int, most: int) -> int:
    """A whole number of a form; :class:`Trouble` ``deposit_number``."""
    if not (text.isascii() and text.isdigit() and len(text) < 10) or not least <= int(text) <= most:
        raise Trouble("deposit_number", value=text[:20], least=least, most=most)
    return int(text)


def day_of(text: str) -> date:
    """A day as a form gives it; :class:`Trouble` ``deposit_day``."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise Trouble("deposit_day", value=text[:30]) from None


def declare(publisher: Library, said: Declaration, *, by: str, imprint: str = "") -> Publication:
    """A publisher declares a publication; its obligations are kept as the rules are now.

    ``imprint``: who published it, where ``publisher`` only passes it on; then nothing is owed here.
    """
    facts = said.facts
    with transaction.atomic():
        same = Publication.objects.filter(publisher=publisher, isbn=said.isbn, form=facts.form).first()
        if said.isbn and same is not None:
            raise Trouble("deposit_known", day=f"{timezone.localdate(same.at):%d/%m/%Y}")
        made = Publication.objects.create(
            publisher=publisher,
            title=said.title,
            author=said.author,
            imprint=imprint[:300],
            isbn=said.isbn,
            registration=said.registration,
            decision=said.decision,
            licence=facts.licence,
            form=facts.form,
            edition=facts.edition,
            content=facts.content,
            run=facts.run,
            release=facts.release,
            audience=said.audience,
            at=timezone.now(),
            by=by,
            list_on=timezone.localdate(),
        )
        if not imprint:
            Duty.objects.bulk_create(_duty(made, one) for one in owed(facts, rules()))
        audit.record(by, "deposit.declared", str(made.pk), publisher=publisher.pk, isbn=made.isbn)
    return made


BARRIERS = ("free", "lawful", "usable")


def settle(publication: Publication, said: Mapping[str, str], *, by: str) -> None:
    """Who may know of a publication and read its files (:mod:`hub.deposit.access`), as a form says it."""
    level, terms = said.get("level", ""), said.get("terms", "").strip()[:200]
    if level not in LEVELS:
        raise Trouble("deposit_choice", value=level[:40])
    if terms and not terms.startswith(("https://", "http://")):
        raise Trouble("deposit_terms", value=terms[:60])
    flags = {name: bool(said.get(name)) for name in ("room", *BARRIERS)}
    if all(flags[name] for name in BARRIERS) and not terms:
        raise Trouble("deposit_open")
    embargo = day_of(said["embargo"]) if said.get("embargo", "").strip() else None
    with transaction.atomic():
        Publication.objects.filter(pk=publication.pk).update(
            level=level, embargo=embargo, terms=terms, list_on=timezone.localdate(), **flags
        )
        audit.record(by, "deposit.access", str(publication.pk), level=level, embargo=str(embargo or ""), **flags)


def _duty(publication: Publication, one: Owed) -> Duty:
    return Duty(
        publication=publication,
        rule=one.rule,
        recipient=one.recipient,
        copies=one.copies,
        due=one.due,
        basis=one.basis[:300],
        verified=one.verified,
        assumed=one.assumed,
    )


def is_open() -> Q:
    """Obligations that are neither met nor waived."""
    return Q(done_on=None, waived_at=None)


def overdue(day: date) -> QuerySet[Duty]:
    """What should have been deposited before a day, the longest first."""
    return Duty.objects.filter(is_open(), due__lt=day).select_related("publication__publisher").order_by("due", "pk")


def deposited(number: int, publisher: str | None, day: date, proof: str, *, by: str) -> Duty:
    """An obligation is met: on that day, by the receipt of its recipient. ``publisher``: whose it must be."""
    with transaction.atomic():
        duty = _open(number, publisher)
        duty.done_on, duty.proof = day, proof.strip()[:100]
        duty.save(update_fields=["done_on", "proof"])
        audit.record(by, "deposit.met", str(duty.pk), day=str(day), proof=duty.proof)
    return duty


def waive(number: int, why: str, *, by: str) -> Duty:
    """Nothing is owed here, for a reason."""
    if not why.strip():
        raise Trouble("deposit_why")
    with transaction.atomic():
        duty = _open(number, None)
        duty.waived_at, duty.waived_by, duty.why = timezone.now(), by, why.strip()[:500]
        duty.save(update_fields=["waived_at", "waived_by", "why"])
        audit.record(by, "deposit.waived", str(duty.pk), why=duty.why)
    return duty


def claim(number: int, *, by: str) -> Claim:
    """The publisher is reminded of an obligation."""
    with transaction.atomic():
        duty = _open(number, None)
        made = Claim.objects.create(duty=duty, at=timezone.now(), by=by)
        audit.record(by, "deposit.claimed", str(duty.pk))
    return made


def _open(number: int, publisher: str | None) -> Duty:
    rows = Duty.objects.select_for_update().filter(pk=number)
    duty = (rows.filter(publication__publisher=publisher) if publisher else rows).first()
    if duty is None or duty.done_on is not None or duty.waived_at is not None:
        raise Trouble("deposit_done")
    return duty


def receive(publication: Publication, library: Library, copies: str, condition: str, key: str, *, by: str) -> Receipt:
    """A library has received copies for exchange; the same key again gives the same receipt."""
    count = whole(copies.strip(), 1, MOST_COPIES)
    with bulk.writing():
        known = Receipt.objects.filter(key=key).first()
        if known is not None:
            return known
        at = timezone.now()
        year = timezone.localdate(at).year
        last = Receipt.objects.filter(year=year).order_by("-number").first()
        made = Receipt.objects.create(
            year=year,
            number=1 + (last.number if last else 0),
            publication=publication,
            library=library,
            copies=count,
            body=_said(publication, library, count, condition, at),
            key=key,
            at=at,
            by=by,
        )
        audit.record(by, "deposit.received", f"{year}/{made.number}", publication=publication.pk, copies=count)
    return made


def _said(publication: Publication, library: Library, copies: int, condition: str, at: datetime) -> dict[str, Any]:
    """What a receipt says, so that it prints the same for ever."""
    return {
        "library": library.name_vi,
        "publisher": publication.publisher.name_vi,
        "title": publication.title,
        "author": publication.author,
        "isbn": publication.isbn,
        "registration": publication.registration,
        "decision": publication.decision,
        "release": publication.release.isoformat(),
        "copies": copies,
        "condition": condition.strip()[:300],
        "day": timezone.localdate(at).isoformat(),
    }


def found(text: str) -> QuerySet[Publication]:
    """Publications by ISBN, number of registration or words of the title: for everybody who asks."""
    text = " ".join(text.split())[:200]
    number, isbn = registration_number(text), isbn13(text)
    if not text:
        return Publication.objects.none()
    by_number = Q(isbn=isbn) if isbn else Q(registration=number) if number else Q(title__icontains=text)
    known = Publication.objects.filter(by_number, content="open", level="public")
    return known.select_related("publisher").order_by("-release", "pk")
