"""The page on which several pairs of one pattern are decided in one act, after they have been looked at."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from hub.accounts.access import needs
from hub.accounts.pages import language
from hub.accounts.roles import Permission
from hub.catalog import questions
from hub.catalog.links import Known, known
from hub.catalog.models import Question
from hub.review import actions, desk, diff, sides, why
from hub.stages.neighbors import full_title
from schemas.problem import Trouble

SHOWN = 200  # pairs listed, and so decided at most
VERDICTS = {"same": "SAME", "different": "DIFFERENT"}
Pair = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Row:
    """A pair of the pattern: its records, their titles and imprints with what differs."""

    first: Known
    second: Known
    title: diff.Aligned
    imprint: diff.Aligned


@needs(Permission.REVIEW_BULK)
@require_http_methods(["GET", "HEAD", "POST"])
def alike(request: HttpRequest, first: int, second: int) -> HttpResponse:
    """The open pairs of the pattern of a pair: look, leave some out, decide the rest."""
    this = Question.objects.filter(first=first, second=second).first() if max(first, second) < 2**63 else None
    if request.method == "POST":
        return _decide(request, this)
    if this is None:
        raise Http404
    return _show(request, this)


def _show(request: HttpRequest, this: Question, wrong: str = "") -> HttpResponse:
    found = why.alike(this.pattern)
    rows = _rows(questions.alike(this.pattern, SHOWN))
    a, b = (known([number]).get(number) for number in (this.first, this.second))
    context = {
        "question": this,
        "why": why.why(a, b, language()) if a and b else None,
        "alike": found,
        "rows": rows,
        "rest": found.waiting - len(rows),
        "query": desk.query(desk.wanted(request)),
        "libraries": sides.library_names({one.library for row in rows for one in (row.first, row.second)}),
        "wrong": wrong,
    }
    return desk.page(request, "alike.html", context, status=409 if wrong else 200)


def _rows(pairs: list[Pair]) -> list[Row]:
    found = known({number for pair in pairs for number in pair})
    return [
        Row(a, b, diff.align("title", [full_title(a), full_title(b)]), diff.align("", [_imprint(a), _imprint(b)]))
        for one, other in pairs
        if (a := found.get(one)) and (b := found.get(other))
    ]


def _imprint(record: Known) -> str:
    d = record.description
    people = ", ".join(name for name, _ in d.people[:2])
    return ". ".join(filter(None, (people, d.publisher, str(d.year or ""), str(d.pages or ""))))


def _decide(request: HttpRequest, this: Question | None) -> HttpResponse:
    """Decide the pairs that were left marked; nothing but open pairs of the pattern counts."""
    verdict = VERDICTS.get(request.POST.get("act", ""), "")
    pairs = [pair for text in request.POST.getlist("pair")[:SHOWN] if (pair := _pair(text))]
    if this is not None:
        pairs = _of_pattern(pairs, this.pattern)
    try:
        if not verdict:
            raise Trouble("review_no_pairs")
        made = actions.answer_all(pairs, verdict, by=desk.signature(request))
    except Trouble as trouble:
        if this is None:
            raise Http404 from None
        return _show(request, this, desk.sentence(trouble))
    return HttpResponseRedirect(reverse("review-queue") + desk.query(desk.wanted(request), **desk.told(made)))


def _pair(text: str) -> Pair | None:
    one, _, other = text.partition("-")
    if not (one.isascii() and one.isdigit() and other.isascii() and other.isdigit()) or len(text) > 38:
        return None
    return int(one), int(other)


def _of_pattern(pairs: list[Pair], pattern: str) -> list[Pair]:
    """Those of some pairs that are open questions of a pattern."""
    found = Question.objects.filter(first__in=[first for first, _ in pairs], pattern=pattern)
    here = set(found.values_list("first", "second"))
    return [pair for pair in pairs if pair in here]
