"""Records and results as files."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from hub.accounts.access import anyone
from hub.catalog import reads
from hub.provide.asking import asked
from hub.provide.holders import unseen
from hub.provide.record import found
from hub.provide.writing import FILES, Written, contents_of, write_file

MOST = 500  # records of one file of results


@anyone
@require_safe
def record_file(request: HttpRequest, uid: str, kind: str) -> HttpResponse:
    """A union record as a file; of one that was merged, its survivor."""
    if kind not in FILES:
        raise Http404
    content = found(uid)
    if content.deleted:
        survivor = reads.survivor(content.id)
        if survivor:
            return redirect("record-file", reads.union_uid(survivor), kind)
        return redirect("record", uid)
    return answer(write_file(kind, [content], unseen(request)), f"{content.uid}.{kind}")


@anyone
@require_safe
def results_file(request: HttpRequest, kind: str) -> HttpResponse:
    """The first results of a query, with its filters, as a file: at most :data:`MOST`, every edition by itself."""
    if kind not in FILES:
        raise Http404
    away = unseen(request)
    hits = asked(request.GET, away).find(1, MOST, by_work=False).hits
    return answer(write_file(kind, contents_of([hit.union_id for hit in hits]), away), f"lienthong.{kind}")


def answer(written: Written, name: str) -> HttpResponse:
    """A file to be kept, by its name."""
    response = HttpResponse(written.data, content_type=written.media)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
