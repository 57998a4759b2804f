"""The pages of the review queue: the list, a pair, undoing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hub.accounts.access import needs
from hub.accounts.pages import language
from hub.accounts.roles import Permission
from hub.catalog import questions, reads
from hub.catalog.choices import choices_of, in_force
from hub.catalog.decisions import Decided, standing
from hub.catalog.links import Known, known, members
from hub.catalog.models import Question
from hub.match.description import Description
from hub.network.models import Library
from hub.review import actions, acts, claims, desk, sides, why
from hub.review.models import Claim, Note
from hub.stages.neighbors import full_title
from schemas.problem import Trouble

SIZE = 25
AT_ONCE = 20  # questions taken at a time
EDITIONS = 6
VERDICTS = {"same": "SAME", "different": "DIFFERENT"}
Pair = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Row:
    """A question in the list."""

    question: Question
    first: Known
    second: Known
    titles: tuple[str, str]
    by: str  # who is at it


@needs(Permission.REVIEW_SEE)
@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    """The open questions, those that win most first."""
    by, chosen = desk.signature(request), desk.wanted(request)
    only_mine = request.GET.get("mine") == "1"
    found = claims.mine(by, chosen) if only_mine else questions.chosen(chosen)
    counts = desk.counts(by)
    pages = Paginator(found, SIZE)
    if not any(chosen) and not only_mine:
        pages.count = counts.open
    page = pages.get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": _rows(list(page)),
        "chosen": chosen,
        "query": desk.query(chosen),
        "mine": only_mine,
        "counts": counts,
        "doubts": questions.kinds("doubt"),
        "languages": questions.kinds("language"),
        "libraries": Library.objects.filter(sources__isnull=False).distinct().order_by("name_vi"),
        "filtered": any(chosen),
        "at_once": AT_ONCE,
    }
    return desk.page(request, "queue.html", context)


def _rows(page: list[Question]) -> list[Row]:
    found = known({number for one in page for number in (one.first, one.second)})
    first = {one.first for one in page}
    held = Claim.objects.filter(first__in=first, until__gt=timezone.now())
    who = {(claim.first, claim.second): claim.by for claim in held}
    return [
        Row(one, a, b, (full_title(a), full_title(b)), who.get((one.first, one.second), ""))
        for one in page
        if (a := found.get(one.first)) and (b := found.get(one.second))
    ]


@needs(Permission.REVIEW_DECIDE)
@require_POST
def start(request: HttpRequest) -> HttpResponse:
    """Give the reader the next question, or some of them at once."""
    if request.POST.get("several"):
        claims.take(desk.signature(request), desk.wanted(request), AT_ONCE)
        return HttpResponseRedirect(reverse("review-queue") + desk.query(desk.wanted(request), mine="1"))
    return desk.to_next(request)


@needs(Permission.REVIEW_SEE)
@require_http_methods(["GET", "HEAD", "POST"])
def pair(request: HttpRequest, first: int, second: int) -> HttpResponse:
    """Two records beside each other, and what is decided of them."""
    both = (min(first, second), max(first, second))
    found = known(both) if both[1] < 2**63 else {}
    if len(found) < 2:
        raise Http404
    if request.method != "POST":
        return _show(request, found[both[0]], found[both[1]])
    if not desk.may_decide(request):
        raise PermissionDenied
    try:
        return _act(request, both)
    except Trouble as trouble:
        return _show(request, found[both[0]], found[both[1]], wrong=desk.sentence(trouble))


def _act(request: HttpRequest, both: Pair) -> HttpResponse:
    """Carry out the action of the form and lead on."""
    act, by = request.POST.get("act", ""), desk.signature(request)
    if act in VERDICTS:
        _not_of_another(both, by)
        reason = request.POST.get("reason", "")[:500]
        return desk.to_next(request, **desk.told(actions.answer(both, VERDICTS[act], by=by, reason=reason)))
    if act == "unsure":
        return desk.to_next(request, **desk.told(actions.not_sure(both, by=by)))
    return desk.to_pair(both, desk.wanted(request), **_STAYS.get(act, _nothing)(request, both, by))


def _not_of_another(both: Pair, by: str) -> None:
    """:class:`Trouble` ``review_taken`` where somebody else is at the question."""
    if other := claims.holder(both, by):
        raise Trouble("review_taken", by=other.by, until=timezone.localtime(other.until).strftime("%H:%M"))


def _nothing(request: HttpRequest, both: Pair, by: str) -> dict[str, str]:
    return {}


def _take(request: HttpRequest, both: Pair, by: str) -> dict[str, str]:
    claims.hold(both, by, over=True)
    return {}


def _generic(request: HttpRequest, both: Pair, by: str) -> dict[str, str]:
    which = both[1] if request.POST.get("record") == str(both[1]) else both[0]
    return desk.told(actions.mark_generic(known([which])[which].description.title, by=by))


def _choose(request: HttpRequest, both: Pair, by: str) -> dict[str, str]:
    return chosen_fields(request, both, by)


def chosen_fields(request: HttpRequest, records: Pair | list[int], by: str) -> dict[str, str]:
    """Carry out the choices of the form of fields (``lead`` and ``f245``…: the number of a record)."""
    made: list[actions.Done] = []
    for name in request.POST:
        value = request.POST.get(name, "")
        tag = "" if name == "lead" else name[1:] if name[:1] == "f" else None
        if tag is not None and value.isascii() and value.isdigit() and int(value) in records:
            made.append(actions.choose(int(value), tag, by=by))
    return desk.told(made[-1]) if made else {}


def _note(request: HttpRequest, both: Pair, by: str) -> dict[str, str]:
    actions.note(request.POST.get("text", ""), *both, by=by)
    return {}


def _remove_note(request: HttpRequest, both: Pair, by: str) -> dict[str, str]:
    number = request.POST.get("number", "")
    actions.remove_note(int(number) if number.isascii() and number.isdigit() else 0, by=by)
    return {}


_STAYS: dict[str, Callable[[HttpRequest, Pair, str], dict[str, str]]] = {
    "take": _take,
    "generic": _generic,
    "choose": _choose,
    "note": _note,
    "remove_note": _remove_note,
}


def _show(request: HttpRequest, a: Known, b: Known, wrong: str = "") -> HttpResponse:
    both, by, chosen = (a.number, b.number), desk.signature(request), desk.wanted(request)
    reasons = why.why(a, b, language())
    question = Question.objects.filter(first=both[0], second=both[1]).first()
    contents = sides.contents(both)
    here = [both[0]] if a.union == 0 else members(a.union)
    there = [both[1]] if b.union == 0 else members(b.union)
    context = {
        "a": a,
        "b": b,
        "sides": [_Side("A", a, here), _Side("B", b, there)],
        "rows": sides.rows([a, b]),
        "why": reasons,
        "alike": why.alike(question.pattern if question else reasons.pattern),
        "others": why.others(a, b),
        "editions": _editions(a, b),
        "libraries": sides.library_names([a.library, b.library]),
        "copies": sides.copies({*here, *there}),
        "question": question,
        "together": bool(a.union) and a.union == b.union,
        "decided": _decided(both),
        "holder": claims.holder(both, by),
        "unsure": claims.times_unsure(both),
        "notes": Note.objects.filter(first=both[0], second=both[1], removed_at=None).order_by("id"),
        "marc": sides.field_pairs(contents[both[0]], contents[both[1]]),
        "offers": sides.offers(contents),
        "pair_columns": [("A", a), ("B", b)],
        "choices": in_force(both, choices_of(both)),
        "counts": desk.counts(by),
        "query": desk.query(chosen),
        "wrong": wrong,
    }
    return desk.page(request, "pair.html", context, status=409 if wrong else 200)


@dataclass(frozen=True, slots=True)
class _Side:
    """One of the two records, and the records of its union record."""

    letter: str
    record: Known
    cluster: list[int]


def _decided(both: Pair) -> list[tuple[Decided, str]]:
    """The decision that stands, with the name of its act."""
    found = [one for one in standing([both[0]]) if {one.first, one.second} == set(both)]
    return [(one, f"b{one.batch}" if one.batch else f"d{one.number}") for one in found]


def _editions(a: Known, b: Known) -> list[tuple[str, Description]]:
    """Other union records of the work, besides these two."""
    found = {number: said for union in {a.union, b.union} if union for number, said in reads.other_editions(union)}
    rest = sorted((number, said) for number, said in found.items() if number not in (a.union, b.union))
    return [(reads.union_uid(number), said) for number, said in rest[:EDITIONS]]


@needs(Permission.REVIEW_DECIDE)
@require_POST
def undo_last(request: HttpRequest) -> HttpResponse:
    """Undo what the reader did last; where something followed from it, ask first."""
    by = desk.signature(request)
    ref = request.POST.get("ref", "")
    act = acts.last(by) if not ref else _found(ref)
    if act is None:
        return desk.page(request, "undo.html", {"wrong": desk.sentence(Trouble("review_nothing"))}, status=409)
    if acts.followed(act):
        return redirect("review-undo", act.ref)
    return _undo(request, [act.ref], act)


def _found(ref: str) -> acts.Act:
    try:
        return acts.find(ref)
    except Trouble:
        raise Http404 from None


@needs(Permission.REVIEW_DECIDE)
@require_http_methods(["GET", "HEAD", "POST"])
def undo(request: HttpRequest, ref: str) -> HttpResponse:
    """What would be undone and what followed from it; then undo it, with what was chosen of the rest."""
    act = _found(ref)
    after = acts.followed(act)
    if request.method == "POST":
        known_after = {one.ref for one in after}
        also = [one for one in request.POST.getlist("also") if one in known_after]
        return _undo(request, [*also, act.ref], act)
    context = {"act": act, "titles": desk.titles_of(act), "after": [(one, desk.titles_of(one)) for one in after]}
    return desk.page(request, "undo.html", context)


def _undo(request: HttpRequest, refs: list[str], act: acts.Act) -> HttpResponse:
    """Undo, and lead to where it was done."""
    by = desk.signature(request)
    try:
        _, shown = acts.undo(refs, by)
    except Trouble as trouble:
        context = {"act": act, "titles": desk.titles_of(act), "wrong": desk.sentence(trouble)}
        return desk.page(request, "undo.html", context, status=409)
    said = {"undone": act.ref, "shown": "1" if shown else "0"}
    if len(act.records) == 2 and act.count == 1:
        both = (min(act.records), max(act.records))
        claims.hold(both, by)
        if len(known(both)) == 2:
            return desk.to_pair(both, desk.wanted(request), **said)
    return HttpResponseRedirect(reverse("review-acts") + desk.query(desk.wanted(request), **said))
