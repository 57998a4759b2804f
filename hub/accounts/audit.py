"""The audit trail: rows that are only added, each sealed with the hash of the one before.

The hash of a row is the SHA-256 of its content as canonical JSON together with the hash of the row before. A row that
is changed, removed or put in breaks the chain there; a tail that is cut off is seen with a head kept elsewhere.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from django.db import transaction
from django.utils import timezone

from hub.accounts.models import AuditEvent, AuditHead

START = "0" * 64  # before the first row


def plain(value: Any) -> Any:
    """A value as both databases give it back: whole numbers are integers, keys are strings, nothing is NUL."""
    if isinstance(value, dict):
        return {str(key): plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(inner) for inner in (sorted(value) if isinstance(value, set | frozenset) else value)]
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if value is None or isinstance(value, bool | int | float):
        return value
    return str(value).replace("\x00", "").encode("utf-8", "replace").decode()


def seal(number: int, at: datetime, by: str, act: str, about: str, facts: Any, previous: str) -> str:
    """The hash of a row."""
    moment = at.astimezone(UTC).isoformat(timespec="microseconds")
    content = [number, moment, by, act, about, plain(facts), previous]
    return sha256(json.dumps(content, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()).hexdigest()


def append(at: datetime, by: str, act: str, about: str, facts: dict[str, Any]) -> AuditEvent:
    """Add a row to the chain, in the transaction that runs; one writer at a time, by the lock on the head."""
    by, act, about = plain(by)[:150], plain(act)[:60], plain(about)[:300]
    with transaction.atomic():
        head = AuditHead.objects.select_for_update().filter(pk=1).first() or AuditHead(pk=1, number=0, hash=START)
        number, previous, facts = head.number + 1, head.hash, plain(facts)
        digest = seal(number, at, by, act, about, facts, previous)
        event = AuditEvent.objects.create(
            number=number, at=at, by=by, act=act, about=about, facts=facts, previous=previous, hash=digest
        )
        head.number, head.hash = number, digest
        head.save()
    return event


def record(by: str, act: str, about: str, **facts: Any) -> AuditEvent:
    """Write who did what (call it inside the act's own transaction)."""
    return append(timezone.now(), by, act, about, facts)
