"""The pages about a cluster: its picture, its history, what was done, and what speaks against decisions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from hub.accounts.access import needs
from hub.accounts.pages import language
from hub.accounts.roles import Permission
from hub.catalog import reads
from hub.catalog.choices import choices_of, in_force
from hub.catalog.links import Known, known, members
from hub.catalog.models import Move, Union
from hub.match import wording
from hub.review import actions, acts, desk, picture, sides
from hub.review.models import Note
from hub.review.views import chosen_fields
from hub.stages import story
from hub.stages.contradictions import contradictions
from hub.stages.explain import explain_cluster
from hub.stages.neighbors import full_title
from schemas.problem import Trouble

COLUMNS = 6  # records beside each other
SIZE = 50


def _union(uid: str) -> int:
    """The number of a live union record; one that was merged stands for its survivor."""
    number = reads.union_number(uid)
    if not number or not Union.objects.filter(pk=number).exists():
        raise Http404
    return number


@needs(Permission.REVIEW_SEE)
@require_http_methods(["GET", "HEAD", "POST"])
def cluster(request: HttpRequest, uid: str) -> HttpResponse:
    """What holds a union record together, and what is decided of it."""
    number = _union(uid)
    live = reads.survivor(number)
    if live is None:
        return redirect("review-history", uid)
    if live != number:
        return redirect("review-cluster", reads.union_uid(live))
    if request.method != "POST":
        return _show(request, number)
    if not desk.may_decide(request):
        raise PermissionDenied
    try:
        done = _act(request, number)
    except Trouble as trouble:
        return _show(request, number, desk.sentence(trouble))
    return HttpResponseRedirect(reverse("review-cluster", args=[uid]) + desk.query(desk.wanted(request), **done))


def _act(request: HttpRequest, number: int) -> dict[str, str]:
    act, by = request.POST.get("act", ""), desk.signature(request)
    if act == "split":
        leaving = [int(text) for text in request.POST.getlist("record") if text.isascii() and text.isdigit()]
        return desk.told(actions.split(number, leaving, by=by, reason=request.POST.get("reason", "")[:500]))
    if act == "choose":
        return chosen_fields(request, members(number), by)
    if act == "note":
        actions.note(request.POST.get("text", ""), number, by=by)
    if act == "remove_note":
        text = request.POST.get("number", "")
        actions.remove_note(int(text) if text.isascii() and text.isdigit() else 0, by=by)
    return {}


def _show(request: HttpRequest, number: int, wrong: str = "") -> HttpResponse:
    numbers = members(number)
    records = list(known(numbers).values())
    told = explain_cluster(reads.union_uid(number))
    names = [one["record"] for one in told["records"]]
    places = {name: place for place, name in enumerate(names, 1)}
    contents = sides.contents(numbers[:COLUMNS])
    context = {
        "union": number,
        "uid": reads.union_uid(number),
        "title": told["title"],
        "waiting": told["waiting"],
        "records": list(enumerate(records, 1)),
        "copies": sides.copies(numbers),
        "libraries": sides.library_names(record.library for record in records),
        "picture": picture.draw(names, told["links"], told["bridges"]["links"]) if len(names) > 1 else None,
        "links": [_link(link, places, told["bridges"]["links"]) for link in told["links"]],
        "bridging": [(places[name], name) for name in told["bridges"]["records"]],
        "near": told["near"],
        "kept_away": told["kept_away"],
        "decisions": told["decisions"],
        "rows": sides.rows(records[:COLUMNS]) if len(records) > 1 else [],
        "columns": list(enumerate(records[:COLUMNS], 1)),
        "offers": sides.offers(contents) if len(records) > 1 else [],
        "choices": in_force(numbers, choices_of(numbers)),
        "acts": [(act, desk.titles_of(act)) for act in acts.recent(records=numbers, most=10)],
        "notes": Note.objects.filter(first__in=numbers, second=None, removed_at=None).order_by("id"),
        "language": language(),
        "wrong": wrong,
    }
    return desk.page(request, "cluster.html", context, status=409 if wrong else 200)


def _link(link: dict[str, Any], places: dict[str, int], bridges: list[dict[str, Any]]) -> dict[str, Any]:
    bold = {frozenset((one["first"], one["second"])) for one in bridges}
    words = link["words"] or wording.STATUSES["SAME"]
    return link | {
        "from": places[link["first"]],
        "to": places[link["second"]],
        "bridge": frozenset((link["first"], link["second"])) in bold,
        "said": words[language()],
    }


@dataclass(frozen=True, slots=True)
class Event:
    """Something in the history of a union record; ``what`` holds its particulars."""

    at: datetime
    kind: str  # came | changed | gone | refused | joined | left | merged | act
    what: Any
    record: Known | None = None
    fields: Iterable[sides.FieldPair] = ()
    titles: Iterable[str] = ()


@needs(Permission.REVIEW_SEE)
@require_safe
def history(request: HttpRequest, uid: str) -> HttpResponse:
    """What became of a union record, the newest first."""
    number = _union(uid)
    were = set(Move.objects.filter(before=number).values_list("record_id", flat=True))
    records = set(members(number)) | were | {number}
    named = known(records)
    events = [_version(one, named) for one in story.versions(records)]
    events += [
        Event(one.at, "joined" if one.joined else "left", one, named.get(one.record)) for one in story.moves(number)
    ]
    events += [Event(one.at, "merged", one) for one in story.merged(number)]
    events += [Event(act.at, "act", act, titles=desk.titles_of(act)) for act in acts.recent(records=records)]
    context = {
        "uid": uid,
        "title": full_title(named[number]) if number in named else uid,
        "live": Union.objects.filter(pk=number, deleted=False).exists(),
        "events": sorted(events, key=lambda event: event.at, reverse=True),
        "libraries": sides.library_names(record.library for record in named.values()),
        "many": len(records) > story.MOST_RECORDS,
    }
    return desk.page(request, "history.html", context)


def _version(one: story.Version, named: dict[int, Known]) -> Event:
    record = named.get(one.record)
    if one.deleted:
        return Event(one.at, "gone", one, record)
    if one.content is None:
        return Event(one.at, "refused", one, record)
    if one.first or one.before is None:
        return Event(one.at, "came", one, record)
    fields = [pair for pair in sides.field_pairs(one.before, one.content) if not pair.same]
    return Event(one.at, "changed", one, record, fields)


@needs(Permission.REVIEW_SEE)
@require_safe
def done(request: HttpRequest) -> HttpResponse:
    """What people did at the desk, the newest first, each with its undo."""
    mine = request.GET.get("mine") == "1"
    found = acts.recent(desk.signature(request) if mine else "", most=100)
    return desk.page(request, "done.html", {"acts": [(act, desk.titles_of(act)) for act in found], "mine": mine})


@needs(Permission.REVIEW_SEE)
@require_safe
def against(request: HttpRequest) -> HttpResponse:
    """Decisions that the rules, or other decisions, now speak against."""
    page = Paginator(contradictions(), SIZE).get_page(request.GET.get("page"))
    named = known({number for one in page for number in (one.decided.first, one.decided.second)})
    lang = language()
    rows = [
        {
            "found": one,
            "a": named.get(one.decided.first),
            "b": named.get(one.decided.second),
            "titles": [full_title(named[n]) for n in (one.decided.first, one.decided.second) if n in named],
            "words": wording.CONTRADICTIONS[one.kind][lang],
            "veto": wording.words(wording.VETOES, one.rules.veto)[lang] if one.rules.veto else "",
            "decision": wording.STATUSES[one.decided.verdict][lang],
        }
        for one in page
    ]
    return desk.page(request, "contradictions.html", {"page": page, "rows": rows})
