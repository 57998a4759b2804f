"""The pages of quarantine: rejected records by reason and by source, read again, mended one by one or all of a kind."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from hub.accounts.access import needs, reader_of
from hub.accounts.pages import language
from hub.accounts.roles import Permission
from hub.catalog import reads, waits
from hub.catalog.models import RawRecord, Rejection, Source
from hub.operations import requests, scope
from hub.operations.done import to, told
from hub.operations.models import Request
from hub.operations.octets import SHOWN, dump, text
from hub.operations.scope import known
from hub.operations.views import kinds, page_of, run_asked, sentence
from hub.stages import quarantine
from hub.stages.quarantine import Suggestion, suggest, unpacked
from hub.stages.soon import soon
from schemas.problem import Trouble

GLANCE = 600  # bytes of a record in a list
AT_ONCE = 2_000  # rejected records that are tried or mended while somebody waits; more go into the queue
PREVIEWED = 5  # mends shown before all of a kind are accepted
WEIGHED = 500  # rejected records looked at to say how many could be mended


@dataclass(frozen=True, slots=True)
class RejectedRow:
    """A rejected record: why, where it stood, and its first bytes."""

    rejection: Rejection
    sentence: str
    raw: RawRecord | None
    glance: str


@needs(Permission.QUARANTINE_SEE)
@require_safe
def reasons(request: HttpRequest) -> HttpResponse:
    """Quarantine by reason, over all sources the reader sees."""
    libraries = scope.libraries(request, Permission.QUARANTINE_SEE)
    owners = dict(Source.objects.values_list("name", "library__name_vi"))
    codes = dict(Source.objects.values_list("name", "library"))
    found = [kind for kind in waits.kinds() if libraries is None or codes[kind.source] in libraries]
    totals: Counter[str] = Counter()
    for kind in found:
        totals[kind.code] += kind.count
    groups = [
        (code, count, sentence(code, next(k.facts for k in found if k.code == code)),
         [(kind, owners[kind.source]) for kind in found if kind.code == code])
        for code, count in totals.most_common()
    ]  # fmt: skip
    return render(request, "operations/reasons.html", {"groups": groups, "count": totals.total()})


def _of(request: HttpRequest, name: str, permission: Permission) -> Source:
    found = known(request, name, permission)
    if found.pk is None:
        raise Http404
    return found


@needs(Permission.QUARANTINE_SEE)
@require_safe
def rejections(request: HttpRequest, name: str) -> HttpResponse:
    """A source's quarantine: its kinds of problem, and the records with their places."""
    return _rejections(request, _of(request, name, Permission.QUARANTINE_SEE))


def _rejections(request: HttpRequest, found: Source, *, wrong: str = "", status: int = 200) -> HttpResponse:
    code = request.GET.get("code", "")
    of_run = run_asked(found, request)
    page = page_of(request, reads.rejections(found, run=of_run, code=code))
    context = {
        "source": found,
        "page": page,
        "rows": _rows(list(page)),
        "kept": waits.kept(found),
        "kinds": kinds(found.name),
        "code": code,
        "run": of_run,
        "waiting": waits.waiting_by_source([found.pk]).get(found.pk),
        "repairs": reader_of(request).may(Permission.QUARANTINE_REPAIR, found.library_id),
        "told": told(request),
        "wrong": wrong,
    }
    return render(request, "rejections.html", context, status=status)


def _rows(rows: Sequence[Rejection]) -> list[RejectedRow]:
    raws = reads.raw_versions(row.raw for row in rows)
    return [_row(row, raws.get(row.raw)) for row in rows]


def _row(row: Rejection, raw: RawRecord | None) -> RejectedRow:
    glance = text(unpacked(raw, GLANCE), GLANCE) if raw else ""
    return RejectedRow(row, sentence(row.code, row.facts), raw, glance)


@needs(Permission.QUARANTINE_SEE)
@require_safe
def rejection(request: HttpRequest, name: str, number: int) -> HttpResponse:
    """A rejected record: its bytes, the reason, what is suggested, and the buttons."""
    source = _of(request, name, Permission.QUARANTINE_SEE)
    return _rejection(request, source, _rejected(source, number))


def _rejected(source: Source, number: int) -> Rejection:
    found = Rejection.objects.select_related("record__source__library").filter(record__source=source, pk=number)
    row = found.first() if number < 2**63 else None
    if row is None:
        raise Http404
    return row


def _rejection(
    request: HttpRequest, source: Source, found: Rejection, *, wrong: str = "", status: int = 200
) -> HttpResponse:
    suggestion = suggest(found)
    context = {
        "source": source,
        "rejection": found,
        "raw": suggestion.raw,
        "sentence": sentence(found.code, found.facts),
        "advice": suggestion.advice.sentence(language()),
        "rule": suggestion.advice.rule,
        **_sides(suggestion),
        "lines": dump(suggestion.body),
        "kept": found.record.state in waits.KEPT,
        "size": len(suggestion.body),
        "cut": len(suggestion.body) > SHOWN,
        "repairs": reader_of(request).may(Permission.QUARANTINE_REPAIR, source.library_id),
        "wrong": wrong,
    }
    return render(request, "rejection.html", context, status=status)


def _sides(found: Suggestion) -> dict[str, Any]:
    """A record as received and as mended."""
    after = text(found.advice.body) if found.advice.body is not None else ""
    return {"before": text(found.body), "after": after}


@needs(Permission.QUARANTINE_REPAIR)
@require_POST
def retry(request: HttpRequest, name: str) -> HttpResponse:
    """Read what a source has rejected once more."""
    source = _of(request, name, Permission.QUARANTINE_REPAIR)
    try:
        if _too_many(source):
            requests.ask(source.name, Request.Act.RETRY, by=reader_of(request).signature)
            return to("rejections", name, done="queued")
        quarantine.retry(source)
    except Trouble as trouble:
        return _rejections(request, source, wrong=trouble.problem.sentence(language()), status=409)
    soon()
    return to("rejections", name, done="retried")


def _too_many(source: Source, code: str = "") -> bool:
    return reads.rejections(source, code=code).count() > AT_ONCE


@needs(Permission.QUARANTINE_REPAIR)
@require_safe
def preview(request: HttpRequest, name: str) -> HttpResponse:
    """What accepting the suggestions for all of one kind of problem would do: how many, by which rule, examples."""
    source, code = _of(request, name, Permission.QUARANTINE_REPAIR), request.GET.get("code", "")
    count = reads.rejections(source, code=code).count() if code else 0
    if not count:
        raise Http404
    weighed = [suggest(one) for one in islice(quarantine.waiting(source.name, code), WEIGHED)]
    mended = [one for one in weighed if one.advice.body is not None]
    context = {
        "source": source,
        "code": code,
        "count": count,
        "weighed": len(weighed),
        "mended": len(mended),
        "rules": Counter(one.advice.rule for one in mended).most_common(),
        "advice": next(iter(mended or weighed)).advice.sentence(language()),
        "sentence": sentence(weighed[0].rejection.code, weighed[0].rejection.facts),
        "examples": [(one, _sides(one)) for one in mended[:PREVIEWED]],
    }
    return render(request, "operations/preview.html", context)


@needs(Permission.QUARANTINE_REPAIR)
@require_POST
def repair(request: HttpRequest, name: str) -> HttpResponse:
    """Accept what is suggested for every record of a source with one kind of problem."""
    source, code = _of(request, name, Permission.QUARANTINE_REPAIR), request.POST.get("code", "")
    if not code or not reads.rejections(source, code=code).exists():
        raise Http404
    by = reader_of(request).signature
    try:
        if _too_many(source, code):
            requests.ask(source.name, Request.Act.REPAIR, by=by, facts={"code": code})
            return to("rejections", name, done="queued")
        quarantine.repair(source, quarantine.waiting(source.name, code), by=by)
    except Trouble as trouble:
        return _rejections(request, source, wrong=trouble.problem.sentence(language()), status=409)
    soon()
    return to("rejections", name, done="repaired")


@needs(Permission.QUARANTINE_REPAIR)
@require_POST
def repair_one(request: HttpRequest, name: str, number: int) -> HttpResponse:
    """Accept what is suggested for one record."""
    source = _of(request, name, Permission.QUARANTINE_REPAIR)
    found = _rejected(source, number)
    try:
        report, _ = quarantine.repair(source, [found], by=reader_of(request).signature)
        if not report.counts["mended"]:
            raise Trouble("repair_not_possible", number=number)
    except Trouble as trouble:
        return _rejection(request, source, found, wrong=trouble.problem.sentence(language()), status=409)
    soon()
    return to("rejections", name, done="repaired")
