"""The pages of what waits for a person: rejected records, and changes too large to be believed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from hub.accounts.access import anyone
from hub.catalog import reads, waits
from hub.catalog.models import Hold, RawRecord, Rejection
from hub.operations.health import held
from hub.operations.octets import SHOWN, dump, text
from hub.operations.views import kinds, known, page_of, run_asked, sentence
from hub.stages.quarantine import suggest, unpacked

GLANCE = 600  # bytes of a record in a list
RECORDS = 50  # of a hold


@dataclass(frozen=True, slots=True)
class RejectedRow:
    """A rejected record: why, where it stood, and its first bytes."""

    rejection: Rejection
    sentence: str
    raw: RawRecord | None
    glance: str


@anyone
@require_safe
def rejections(request: HttpRequest, name: str) -> HttpResponse:
    """A source's quarantine: its kinds of problem, and the records with their places."""
    found, code = known(name), request.GET.get("code", "")
    of_run = run_asked(found, request)
    page = page_of(request, reads.rejections(found, run=of_run, code=code))
    context = {
        "source": found,
        "page": page,
        "rows": _rows(list(page)),
        "kept": waits.kept(found),
        "kinds": kinds(name),
        "code": code,
        "run": of_run,
        "waiting": waits.waiting_by_source([found.pk]).get(found.pk),
    }
    return render(request, "rejections.html", context)


def _rows(rows: Sequence[Rejection]) -> list[RejectedRow]:
    raws = reads.raw_versions(row.raw for row in rows)
    return [_row(row, raws.get(row.raw)) for row in rows]


def _row(row: Rejection, raw: RawRecord | None) -> RejectedRow:
    glance = text(unpacked(raw, GLANCE), GLANCE) if raw else ""
    return RejectedRow(row, sentence(row.code, row.facts), raw, glance)


@anyone
@require_safe
def rejection(request: HttpRequest, name: str, number: int) -> HttpResponse:
    """A rejected record: its bytes, the reason, what is suggested, and the commands to type."""
    source = known(name)
    found = Rejection.objects.select_related("record__source__library").filter(record__source=source, pk=number).first()
    if found is None:
        raise Http404
    suggestion = suggest(found)
    context = {
        "source": source,
        "rejection": found,
        "raw": suggestion.raw,
        "sentence": sentence(found.code, found.facts),
        "advice": suggestion.advice.sentence("en" if get_language() == "en" else "vi"),
        "rule": suggestion.advice.rule,
        "before": text(suggestion.body),
        "after": text(suggestion.advice.body) if suggestion.advice.body is not None else "",
        "lines": dump(suggestion.body),
        "kept": found.record.state in waits.KEPT,
        "size": len(suggestion.body),
        "cut": len(suggestion.body) > SHOWN,
    }
    return render(request, "rejection.html", context)


@anyone
@require_safe
def holds(request: HttpRequest) -> HttpResponse:
    """Changes too large to be believed, those to be decided first."""
    page = page_of(request, waits.holds())
    return render(request, "holds.html", {"page": page, "rows": [(hold, held(hold)) for hold in page]})


@anyone
@require_safe
def hold(request: HttpRequest, number: int) -> HttpResponse:
    """A hold: what it would do, to which records, and the commands to type."""
    found = waits.hold(number)
    if found is None:
        raise Http404
    renaming = found.kind == Hold.Kind.RENAMING
    context = {
        "hold": found,
        "source": found.source,
        "sentence": held(found),
        "share": f"{100 * found.count / found.live:.0f}" if found.live else "",
        "records": waits.held(found, RECORDS) if not renaming else [],
        "pairs": waits.pairs(found, RECORDS),
        "done_by": waits.run_of(found),
        "undoable": waits.undoable(found),
        "left": found.removals.exists(),
    }
    return render(request, "hold.html", context)
