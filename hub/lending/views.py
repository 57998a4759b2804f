"""Pages of a library's loans: what is its turn, what it asks for, what it lends and under which rules."""

from __future__ import annotations

from dataclasses import fields
from datetime import date, timedelta
from uuid import uuid4

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from hub.accounts import audit
from hub.accounts.access import anyone, needs, reader_of
from hub.accounts.pages import given, sentence
from hub.accounts.roles import Permission
from hub.catalog import bulk
from hub.catalog.reads import union_number, union_uid
from hub.lending import loans, suppliers
from hub.lending.models import Loan
from hub.lending.states import ACTS, STATES, Side
from hub.lending.words import AFTER, BUTTONS, NEXT, NOT_ASKED
from hub.lending.words import SIDES as SIDE_NAMES
from hub.lending.words import STATES as STATE_NAMES
from hub.network import policies
from hub.network.models import Library
from hub.network.own_pages import frame, library_of, private
from schemas.problem import Trouble

BOTH = ["GET", "HEAD", "POST"]
A_PAGE = 50
LISTED = 100


@needs(Permission.LENDING_ACT, library="code")
@require_safe
def home(request: HttpRequest, code: str) -> HttpResponse:
    """The loans of a library: its turn first, then what is under way, then what has ended."""
    library = library_of(code)
    every = loans.of_library(code).select_related("requester", "supplier")
    running = every.filter(state__in=suppliers.OPEN).order_by("act_by", "pk")
    todo = [one for one in running if whose(one) == code]
    ended = Paginator(every.exclude(state__in=suppliers.OPEN).order_by("-pk"), A_PAGE).get_page(request.GET.get("page"))
    context = {
        **frame(request, library, "loans"),
        "todo": list(map(Line, todo)),
        "borrowing": _lines(running.filter(requester=code), todo),
        "lending": _lines(running.filter(supplier=code), todo),
        "ended": ended,
        "ended_lines": list(map(Line, ended.object_list)),
        "today": timezone.localdate(),
    }
    return private(render(request, "lending/home.html", context))


def whose(loan: Loan) -> str:
    """The code of the library whose turn it is."""
    return str({"requester": loan.requester_id, "supplier": loan.supplier_id or ""}.get(loan.turn, ""))


class Line:
    """A loan in a list, with its words."""

    def __init__(self, loan: Loan) -> None:
        self.loan = loan
        self.state = STATE_NAMES[loan.state]
        self.next = NEXT.get(loan.state, "")
        self.side = SIDE_NAMES.get(loan.turn, "")
        self.late = loan.act_by is not None and loan.act_by < timezone.localdate()


def _lines(rows: QuerySet[Loan], shown: list[Loan]) -> list[Line]:
    known = {one.pk for one in shown}
    return [Line(one) for one in rows[: LISTED + len(known)] if one.pk not in known][:LISTED]


@needs(Permission.LENDING_ACT)
@require_safe
def book(request: HttpRequest, uid: str) -> HttpResponse:
    """From a record to the form: straight on where one acts for one library, else by choosing it."""
    codes = reader_of(request).libraries(Permission.LENDING_ACT)
    rows = Library.objects.order_by("name_vi") if codes is None else Library.objects.filter(pk__in=codes)
    if codes is not None and len(codes) == 1:
        response = redirect("loan-ask", code=next(iter(codes)))
        response["Location"] += f"?sach={uid}"
        return response
    return private(render(request, "lending/choice.html", {"libraries": rows[:500], "uid": uid}))


@needs(Permission.LENDING_ACT, library="code")
@require_http_methods(BOTH)
def ask(request: HttpRequest, code: str) -> HttpResponse:
    """Ask for a book: who is asked in which order and why stands on the form."""
    library = library_of(code)
    said = request.POST if request.method == "POST" else request.GET
    if request.method != "POST" and not said.get("sach"):
        return redirect("results")
    number = union_number(said.get("sach", "")[:40])
    union = suppliers.publication(number) if number else None
    if union is None:
        raise Http404
    values = {name: given(request, name) for name in ("number", "needed_by", "note")}
    any_edition = said.get("any_edition") == "yes"
    wrong = ""
    if request.method == "POST" and said.get("look") != "yes":
        try:
            return redirect("loan", number=_asked(request, code, union.pk, any_edition, values).pk)
        except Trouble as trouble:
            wrong = sentence(trouble)
    rows = suppliers.choose(code, suppliers.wanted(union.pk, any_edition), timezone.localdate())
    context = {
        **frame(request, library, "loans"),
        "wish": loans.wish(union.pk),
        "uid": union_uid(union.pk),
        "values": values,
        "any_edition": any_edition,
        "editions": len(suppliers.wanted(union.pk, True)),
        "rows": [(one, why) for one, why in rows if not why.why],
        "others": [(one, NOT_ASKED[why.why]) for one, why in rows if why.why],
        "wrong": wrong,
        "last": timezone.localdate() + timedelta(days=365),
    }
    return private(render(request, "lending/ask.html", context, status=400 if wrong else 200))


def _asked(request: HttpRequest, code: str, union: int, any_edition: bool, values: dict[str, str]) -> Loan:
    needed = day_of(values["needed_by"])
    wish = loans.wish(union, any_edition=any_edition, needed_by=needed, note=values["note"], number=values["number"])
    return loans.ask(code, wish, by=reader_of(request).signature, at=timezone.now())


def day_of(text: str) -> date | None:
    """A day from today to a year from now, as a form gives it; :class:`Trouble` ``loan_date``; ``None``: not given."""
    if not text.strip():
        return None
    today = timezone.localdate()
    try:
        found = date.fromisoformat(text.strip())
    except ValueError:
        raise Trouble("loan_date", value=text[:30]) from None
    if not today <= found <= today + timedelta(days=366):
        raise Trouble("loan_date", value=text[:30])
    return found


MOST = {
    "days": policies.MOST_DAYS,
    "renewals": policies.MOST_RENEWALS,
    "most": policies.MOST_COPIES,
    "fee": policies.MOST_FEE,
}


@needs(Permission.LENDING_ACT, library="code")
@require_http_methods(BOTH)
def policy(request: HttpRequest, code: str) -> HttpResponse:
    """What the library lends to others."""
    library, wrong = library_of(code), ""
    values = policies.policies([code])[code]
    if request.method == "POST":
        try:
            values = _policy(request)
            with bulk.writing():
                by = reader_of(request).signature
                if policies.keep(library, values, by=by):
                    audit.record(by, "lending.policy", code, **{one.name: getattr(values, one.name) for one in FIELDS})
            return redirect(f"{request.path}?done=1")
        except Trouble as trouble:
            wrong = sentence(trouble)
    context = {
        **frame(request, library, "loans"),
        "values": values,
        "most": MOST,
        "wrong": wrong,
        "done": request.GET.get("done"),
    }
    return private(render(request, "lending/policy.html", context, status=400 if wrong else 200))


FIELDS = fields(policies.Policy)


def _policy(request: HttpRequest) -> policies.Policy:
    days, renewals, most, fee = (_number(request, name, most) for name, most in MOST.items())
    lends, groups_only, textbooks = (given(request, name) == "yes" for name in ("lends", "groups_only", "textbooks"))
    return policies.Policy(lends, days, renewals, most, fee, groups_only, textbooks)


def _number(request: HttpRequest, name: str, most: int) -> int:
    text = given(request, name, 12)
    if not (text.isascii() and text.isdigit()) or int(text) > most:
        raise Trouble("policy_number", name=name, most=most)
    return int(text)


@anyone
@require_safe
def states(request: HttpRequest) -> HttpResponse:
    """The table of states: whose turn it is, for how long, what may be done and where that leads."""
    rows = [
        {
            "name": STATE_NAMES[name],
            "side": SIDE_NAMES.get(state.turn, ""),
            "days": state.days,
            "next": NEXT.get(name, ""),
            "acts": [
                (BUTTONS[act], SIDE_NAMES.get(rule.side, ""), AFTER.get(act, STATE_NAMES[rule.to]))
                for act, rule in ACTS.items()
                if name in rule.at
            ],
        }
        for name, state in STATES.items()
    ]
    return render(request, "lending/states.html", {"rows": rows})


def key() -> str:
    """A name for an act that a form may send twice."""
    return uuid4().hex


def acting(request: HttpRequest, loan: Loan) -> set[Side]:
    """For which sides the reader may act: one's own library's, the coordinator for both."""
    return loans.sides(loan, reader_of(request).libraries(Permission.LENDING_ACT))
