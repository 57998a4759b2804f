"""The page of one loan: both libraries see the same, and each what is for it to do."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from hub.accounts.access import needs, reader_of
from hub.accounts.pages import given, sentence
from hub.accounts.roles import Permission
from hub.catalog.reads import union_uid
from hub.lending import carrying, loans, views, words
from hub.lending.models import Candidate, Event, Loan, Outgoing
from hub.lending.states import ACTS, STATES, Fate, Side
from hub.network.officers import officer
from hub.network.own_pages import private
from schemas.problem import Trouble

WITH_REASON = ("refuse",)
WITH_DATE = ("send", "renew_yes")


@needs(Permission.LENDING_ACT)
@require_http_methods(["GET", "HEAD", "POST"])
def loan(request: HttpRequest, number: int) -> HttpResponse:
    """See how a loan stands, and do what is for one's own library to do."""
    one = Loan.objects.select_related("requester", "supplier", "copy").filter(pk=number).first()
    codes = reader_of(request).libraries(Permission.LENDING_ACT)
    if one is None or not loans.may_see(one, codes):
        raise Http404
    wrong = ""
    if request.method == "POST":
        try:
            _act(request, one)
            return redirect("loan", number=number)
        except Trouble as trouble:
            wrong = sentence(trouble)
            one.refresh_from_db()
    return private(render(request, "lending/loan.html", _page(request, one, wrong), status=400 if wrong else 200))


def _act(request: HttpRequest, one: Loan) -> None:
    act, mine = given(request, "act", 20), views.acting(request, one)
    if act == "note":
        return _write(request, one, mine)
    if act not in ACTS:
        raise Http404
    facts = {name: given(request, name, 500) for name in ("accession", "why", "note")}
    if "<" in facts["accession"] or len(facts["accession"]) > 100:
        facts["accession"] = ""
    if facts["why"] not in loans.REASONS:
        facts["why"] = "other" if act in WITH_REASON else ""
    due = views.day_of(given(request, "due", 10)) if act in WITH_DATE else None
    facts["due"] = due.isoformat() if due else ""
    deed = loans.Deed(
        act,
        loans.library_of(one, act, mine),
        reader_of(request).signature,
        timezone.now(),
        f"page:{given(request, 'key', 32)}:{act}",  # each act of a page that one came back to
        {name: value for name, value in facts.items() if value},
    )
    loans.do(one.pk, deed)
    return None


def _write(request: HttpRequest, one: Loan, mine: set[Side]) -> None:
    text = given(request, "note", loans.NOTE)
    if not text or not mine:
        return
    library = one.requester_id if Side.REQUESTER in mine else one.supplier_id
    deed = loans.Deed(
        "note", library, reader_of(request).signature, timezone.now(), f"page:{given(request, 'key', 32)}",
        {"note": text},
    )  # fmt: skip
    loans.write(one.pk, deed)


def _page(request: HttpRequest, one: Loan, wrong: str) -> dict[str, Any]:
    mine = views.acting(request, one)
    acts = loans.possible(one, mine)
    turn = one.turn in mine
    known = {one.requester_id: one.requester.name_vi}
    candidates = list(one.candidates.select_related("library"))
    known |= {each.library_id: each.library.name_vi for each in candidates}
    return {
        "loan": one,
        "uid": union_uid(one.union) if one.union else "",
        "state": words.STATES[one.state],
        "next": words.NEXT.get(one.state, ""),
        "side": words.SIDES.get(one.turn, ""),
        "mine": turn,
        "sides": mine,
        "late": one.act_by is not None and one.act_by < timezone.localdate(),
        "ended": STATES[one.state].ends,
        "acts": [
            {"name": act, "button": words.BUTTONS[act], "reason": act in WITH_REASON, "date": act in WITH_DATE}
            for act in acts
        ],
        "accessions": carrying.at_home(one, str(one.supplier_id)) if "send" in acts else [],
        "reasons": [(code, words.WHY[code]) for code in loans.REASONS],
        "events": [_said(event, known) for event in one.events.order_by("-pk")[:200]],
        "candidates": [_candidate(each) for each in candidates],
        "outgoing": Outgoing.objects.filter(loan=one).select_related("library").order_by("-pk")[:20],
        "people": [who for code in (one.requester_id, one.supplier_id) if (who := officer(code, "lending"))],
        "key": views.key(),
        "wrong": wrong,
    }


def _said(event: Event, known: dict[str, str]) -> dict[str, Any]:
    return {
        "event": event,
        "library": known.get(event.library_id or "", event.library_id or "Liên thông"),
        "done": words.DONE.get(event.act, event.act),
        "why": words.WHY.get(event.facts.get("why", ""), ""),
        "waits": event.fate == Fate.EARLY,
        "late": event.fate == Fate.LATE,
    }


def _candidate(one: Candidate) -> dict[str, Any]:
    return {
        "library": one.library,
        "reasons": one.reasons,
        "answer": one.answer,
        "why": words.WHY.get(one.why, ""),
        "not_asked": words.NOT_ASKED.get(one.reasons.get("why", ""), ""),
    }
