"""How a library may be reached, and whether everybody may see it: private bookcases show nothing unless they say so."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils import timezone

from hub.network.models import Contact, Library

PRIVATE = ("family", "clan", "private")  # kinds of library that are somebody's home
FIELDS = ("email", "phone", "address", "hours", "website", "note")


def contact_of(library: Library) -> Contact:
    """What the library says of itself; an empty contact where it has said nothing."""
    return Contact.objects.filter(library=library).first() or Contact(library=library)


def is_shown(library: Library, contact: Contact) -> bool:
    """Whether everybody may see the contact: as the library has said, else by its kind."""
    return library.kind not in PRIVATE if contact.shown is None else contact.shown


def public(library: Library) -> Contact | None:
    """The contact that the library's public page shows; ``None`` where there is none, or it is private."""
    contact = contact_of(library)
    said = any(getattr(contact, name) for name in FIELDS)
    return contact if said and is_shown(library, contact) else None


def keep(library: Library, values: Mapping[str, str], *, shown: bool, by: str) -> list[str]:
    """Keep what the library says of itself; the names of what has changed (call it inside the act's transaction)."""
    before = contact_of(library)
    said = {name: values.get(name, "") for name in FIELDS}
    changed = [name for name in FIELDS if getattr(before, name) != said[name]]
    changed += ["shown"] if is_shown(library, before) != shown else []
    moment = {"changed_at": timezone.now(), "changed_by": by}
    Contact.objects.update_or_create(library=library, defaults={**said, "shown": shown, **moment})
    return changed
