"""The page of a union record: its permanent address, with everything that is known of it."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from hub.accounts.access import anyone
from hub.catalog import reads
from hub.provide.fields import field_rows, marc_text
from hub.provide.holders import as_seen, elsewhere, going_out, holders, unseen
from hub.provide.linked_data import address, json_ld
from hub.provide.writing import FILES
from hub.stages.availability import can_be_asked

EDITIONS = 12  # shown at once


@anyone
@require_safe
def record(request: HttpRequest, uid: str) -> HttpResponse:
    """A union record; one that was merged leads to its survivor, one that is gone says so (410)."""
    content = found(uid)
    if content.deleted:
        survivor = reads.survivor(content.id)
        if survivor:
            return redirect(f"{reverse('record', args=[reads.union_uid(survivor)])}?merged={content.uid}")
        return render(request, "gone.html", {"uid": content.uid, "since": content.datestamp}, status=410)
    away = unseen(request)
    merged = request.GET.get("merged", "")
    editions = [(reads.union_uid(other), said) for other, said in reads.other_editions(content.id)]
    seen, places = as_seen(content, away), holders(content, away)
    context = {
        "content": seen,
        "it": content.description,
        "holders": places,
        "askable": can_be_asked(content.id),
        "away": elsewhere(content.id, away),
        "editions": editions[:EDITIONS],
        "more_editions": editions[EDITIONS:],
        "fields": field_rows(seen),
        "oai_identifier": f"oai:{settings.OAI_NAMESPACE}:{content.uid}",
        "marc": marc_text(going_out(content, away).published()),
        "merged": merged if reads.union_number(merged) else "",
        "files": FILES,
        "canonical": address(content.uid),
        "json_ld": json_ld(content.uid, content.description, places),
    }
    return render(request, "record.html", context)


def found(uid: str) -> reads.UnionContent:
    """The union record of this name, live or tombstone; :class:`Http404` where there never was one."""
    number = reads.union_number(uid)
    content = reads.union_content(number) if number else None
    if content is None:
        raise Http404
    return content
