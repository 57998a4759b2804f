"""Obligations as pages and tables show them: with the name of who must get what."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from hub.accounts.pages import language
from hub.deposit.rules import name_of, rules


def lines(duties: Any) -> list[dict[str, Any]]:
    """Obligations with the names of their recipients."""
    known, today, shown = rules().recipients, timezone.localdate(), language()
    return [
        {"duty": one, "to": name_of(one.recipient, shown, known), "late": one.due < today, "claims": one.claims.count()}
        for one in duties
    ]
