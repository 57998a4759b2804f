"""Who is told of what: contacts of one source, of a library, or of all."""

from __future__ import annotations

import re
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.crypto import salted_hmac

from connectors import private
from connectors.address import WEB_PORTS, split_url
from hub.catalog import bulk
from hub.catalog.models import Source
from hub.catalog.writes import audit
from hub.network.models import Library
from hub.operations.models import Contact
from hub.sources import source_files
from schemas.problem import Trouble

SALT = "lienthong.webhook"
FIELDS = ("name", "email", "webhook", "source", "library", "on_failure", "on_silence", "digest", "language", "active")


def key_of(contact: Contact) -> str:
    """The key with which a contact's webhooks are signed: made from the hub's own key, kept nowhere."""
    return salted_hmac(SALT, f"{contact.pk} {contact.webhook}", algorithm="sha256").hexdigest()


def keep(values: dict[str, Any], *, by: str, number: int = 0) -> Contact:
    """A contact, new or changed; :class:`Trouble` where something is wrong with it."""
    checked = check(values)
    with bulk.writing():
        found = Contact.objects.filter(pk=number).first() if number else None
        if number and found is None:
            raise Trouble("contact_unknown", number=number)
        contact = found or Contact(created_at=timezone.now())
        for name, value in checked.items():
            setattr(contact, name, value)
        contact.save()
        audit(by, "contact.changed" if found else "contact.added", contact.source or contact.library or "*",
              contact=contact.pk, name=contact.name)  # fmt: skip
    return contact


def check(values: dict[str, Any]) -> dict[str, Any]:
    """The values as they are kept; :class:`Trouble` for the first thing wrong."""
    checked = {name: values[name] for name in FIELDS if name in values}
    checked["name"] = re.sub(r"\s+", " ", str(checked.get("name", ""))).strip()[:150]
    if not checked["name"]:
        raise Trouble("contact_nameless")
    email, webhook = str(checked.get("email", "")).strip(), str(checked.get("webhook", "")).strip()
    if not email and not webhook:
        raise Trouble("contact_unreachable")
    if email:
        try:
            validate_email(email)
        except ValidationError:
            raise Trouble("contact_email", email=email[:100]) from None
    if webhook:
        _check_webhook(webhook)
    if checked.get("digest", "none") not in Contact.Digest.values:
        raise Trouble("contact_digest", digest=str(checked["digest"])[:20])
    if checked.get("source") and checked["source"] not in {path.stem for path in source_files()}:
        raise Trouble("source_unknown", name=checked["source"], known=", ".join(p.stem for p in source_files()) or "–")
    if checked.get("library") and not Library.objects.filter(pk=checked["library"]).exists():
        raise Trouble("library_not_there", code=checked["library"], known="…")
    language = "en" if checked.get("language") == "en" else "vi"
    return checked | {"email": email[:254], "webhook": webhook, "language": language}


def _check_webhook(url: str) -> None:
    """http or https, without a user in it, on a port that may be asked; its address is judged when it is called."""
    _, origin = split_url(url)
    if len(url) > 500 or (origin[1] not in WEB_PORTS and not private.allows(origin)):
        raise Trouble("http_url", url=url[:100])


def remove(number: int, *, by: str) -> None:
    """A contact is told nothing any more, and is forgotten with its messages."""
    with bulk.writing():
        found = Contact.objects.filter(pk=number).first()
        if found is None:
            raise Trouble("contact_unknown", number=number)
        audit(by, "contact.removed", found.source or found.library or "*", contact=found.pk, name=found.name)
        found.delete()


def of(source: Source) -> QuerySet[Contact]:
    """The contacts who are told of a source."""
    everything = Q(source="", library="")
    return Contact.objects.filter(everything | Q(source=source.name) | Q(source="", library=source.library_id))


def concerns(contact: Contact, source: Source) -> bool:
    """Whether a contact is told of a source."""
    if contact.source:
        return contact.source == source.name
    return not contact.library or contact.library == source.library_id
