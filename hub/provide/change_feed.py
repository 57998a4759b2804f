"""The change feed for programs: which union records are new, changed or gone, in order, from any place on.

``/thay-doi?since=2026-01-01T00:00:00Z`` begins, ``next`` goes on, also tomorrow: it stays good as long as the catalog.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from hub.accounts.access import anyone
from hub.catalog import bulk, selections
from hub.catalog.models import Union
from hub.catalog.reads import union_uid
from hub.catalog.selections import Row, clock, moment
from hub.provide.oai_text import base_url, identifier
from hub.provide.oai_union import hidden_sets

PLACE = re.compile(r"(\d{1,17})-(\d{1,18})")
MOST, USUAL = 1_000, 100
KNOWN = {"since", "after", "limit", "set"}


class _Wrong(Exception):
    """A sentence about what cannot be asked so."""


@anyone
@require_safe
def changes(request: HttpRequest) -> HttpResponse:
    """A page of the feed; with ``set`` that of a set of OAI-PMH, where what has left it is deleted."""
    try:
        return JsonResponse(_page({name: request.GET.get(name, "") for name in request.GET}))
    except _Wrong as wrong:
        return JsonResponse({"error": str(wrong)}, status=400)


def _page(asked: dict[str, str]) -> dict[str, Any]:
    if strange := asked.keys() - KNOWN:
        raise _Wrong(f"Not known: {', '.join(sorted(strange))}. What may be asked: {', '.join(sorted(KNOWN))}.")
    after, limit, spec = _place(asked), _limit(asked.get("limit", "")), asked.get("set", "")
    selection = None
    if spec:
        known = selections.is_set(spec) and "\x00" not in spec and spec not in hidden_sets()
        selection = selections.number_of(spec) if known else None
        if selection is None:
            raise _Wrong("There is no such set; ListSets of OAI-PMH lists them.")
    rows = selections.walk(selection, after=after, since=None, until=None, limit=limit + 1)
    shown = rows[:limit]
    place = (shown[-1].at, shown[-1].item) if shown else after
    query = {"after": f"{place[0]}-{place[1]}", "limit": limit, **({"set": spec} if spec else {})}
    return {
        "changes": _said(shown),
        "more": len(rows) > limit,
        "next": f"{base_url(reverse('changes'))}?{urlencode(query)}",
    }


def _place(asked: dict[str, str]) -> tuple[int, int]:
    """(time, number) of the change behind which the page begins."""
    if "after" in asked:
        found = PLACE.fullmatch(asked["after"])
        if not found or not found[0].isascii():
            raise _Wrong("after is what next has given, as it is.")
        return int(found[1]), int(found[2])
    if not asked.get("since"):
        return 0, 0
    try:
        since = datetime.fromisoformat(asked["since"])
        return max(clock(since if since.tzinfo else since.replace(tzinfo=UTC)) - 1, 0), 2**62
    except (ValueError, OverflowError):
        raise _Wrong("since is a date or a moment, such as 2026-01-31T23:59:59Z.") from None


def _limit(text: str) -> int:
    if not text:
        return USUAL
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:5]) <= MOST and len(text) < 5):
        raise _Wrong(f"limit is a number from 1 to {MOST}.")
    return int(text)


def _said(rows: list[Row]) -> list[dict[str, Any]]:
    gone = [row.item for row in rows if row.gone]
    sql = f"SELECT id, survivor FROM {bulk.table(Union)} WHERE survivor IS NOT NULL AND id IN {{}}"
    survivors = dict(bulk.among(sql, gone))
    found = []
    for row in rows:
        uid, survivor = union_uid(row.item), survivors.get(row.item)
        said = {"id": uid, "at": moment(row.at).isoformat(), "deleted": row.gone, "oai": identifier(uid)}
        found.append(said | {"url": base_url(f"/r/{uid}"), "survivor": union_uid(survivor) if survivor else None})
    return found
