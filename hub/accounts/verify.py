"""Whether the audit trail is whole: every row, the last one, and heads that were kept elsewhere."""

from __future__ import annotations

import json
from datetime import UTC
from pathlib import Path
from typing import Any

from django.core import signing
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from hub.accounts.audit import START, seal
from hub.accounts.models import AuditEvent, AuditHead
from schemas.problem import Trouble

CHUNK = 2000
SALT = "head of the audit trail"


def verify(head: dict[str, Any] | None = None) -> int:
    """How many rows the trail has, when it is whole; ``head`` is one of :func:`signed_head`, or of an earlier day.

    Otherwise a :class:`Trouble` that names the first bad row: ``audit_missing``, ``audit_changed`` or ``audit_cut``.
    """
    number, previous = 0, START
    last = AuditHead.objects.filter(pk=1).first()
    for row in AuditEvent.objects.order_by("number").iterator(chunk_size=CHUNK):
        number += 1
        if row.number != number:
            raise Trouble("audit_missing", number=number)
        if row.previous != previous or row.hash != seal(
            row.number, row.at, row.by, row.act, row.about, row.facts, row.previous
        ):
            raise Trouble("audit_changed", number=number, by=row.by, act=row.act)
        previous = row.hash
        if head is not None and number == head["number"] and not constant_time_compare(previous, head["hash"]):
            raise Trouble("audit_rewritten", number=number, at=head["at"])
    for number_kept in [last.number if last else 0, head["number"] if head else 0]:
        if number_kept > number:
            raise Trouble("audit_cut", number=number + 1, kept=number_kept)
    if last is not None and last.number == number and last.hash != previous:
        raise Trouble("audit_changed", number=number, by="", act="")
    return number


def signed_head() -> dict[str, Any]:
    """The last row's number and hash, with the moment, signed by this hub: to be kept where nobody here can write."""
    last = AuditHead.objects.filter(pk=1).first()
    head: dict[str, Any] = {
        "number": last.number if last else 0,
        "hash": last.hash if last else START,
        "at": timezone.now().astimezone(UTC).isoformat(timespec="seconds"),
    }
    return head | {"signature": _signature(head)}


def read_head(path: Path) -> dict[str, Any]:
    """A head that was kept; :class:`Trouble` ``audit_head_wrong`` for one that this hub has not signed."""
    try:
        head = json.loads(path.read_text(encoding="utf-8"))
        if not constant_time_compare(_signature(head), str(head["signature"])):
            raise ValueError
    except (ValueError, KeyError, TypeError, UnicodeDecodeError):
        raise Trouble("audit_head_wrong", path=path) from None
    return dict(head)


def _signature(head: dict[str, Any]) -> str:
    return signing.Signer(salt=SALT).signature(f"{head['number']}:{head['hash']}:{head['at']}")
