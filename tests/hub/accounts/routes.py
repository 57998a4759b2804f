"""The rights of every address, kept by hand: who changes what a page demands changes this table too.

``anyone``, ``signed_in``, or a permission; ``@code``: at the library whose code the address has under that name;
``@object``: at the library of the object that the address names (the view asks :func:`hub.accounts.access.scoped`).

A new address is a line in ``TABLE`` and, where it has values in it, a line in ``ARGUMENTS``: a function that gives the
values for a library, ``HP-TP`` or ``HP-LL`` (see ``tests/hub/provide/network.py``, ``tests/hub/operations/troubled.py``).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils import timezone

from connectors.doctor.finding import Diagnosis, Figures
from hub.accounts.models import User
from hub.catalog.models import GenericTitle, Hold, Member, Question, Record, Rejection, Run
from hub.catalog.reads import union_uid
from hub.partners.models import Checkup

OWN, FOREIGN = "HP-TP", "HP-LL"
SOURCES = {OWN: "thanh-pho", FOREIGN: "truong-le-loi"}

TABLE: dict[str, str] = {
    # what anyone may read
    "home": "anyone",
    "results": "anyone",
    "record": "anyone",
    "libraries": "anyone",
    "library": "anyone",
    "oai": "anyone",
    # accounts
    "sign-in": "anyone",
    "sign-out": "anyone",
    "invitation": "anyone",
    "forgotten": "anyone",
    "letter-sent": "anyone",
    "new-password": "anyone",
    "my-account": "signed_in",
    "my-keys": "keys.manage",
    "colleagues": "library.invite @code",
    "accounts": "accounts.manage",
    "account": "accounts.manage",
    "audit": "audit.see",
    # operations
    "network": "anyone",
    "source": "anyone",
    "source-records": "anyone",
    "rejections": "anyone",
    "rejection": "anyone",
    "holds": "anyone",
    "hold": "anyone",
    "run": "anyone",
    # review
    "review-queue": "review.see",
    "review-start": "review.decide",
    "review-pair": "review.see",
    "review-alike": "review.bulk",
    "review-undo-last": "review.decide",
    "review-undo": "review.decide",
    "review-acts": "review.see",
    "review-contradictions": "review.see",
    "review-cluster": "review.see",
    "review-history": "review.see",
    # partners
    "doctor": "anyone",
    "letter": "anyone",
}


def _record(code: str) -> Record:
    return Record.objects.filter(source__library=code, state="live").order_by("pk")[0]


def _checkup(code: str) -> Checkup:
    diagnosis = Diagnosis("http://x.example/oai", "2026-01-01T00:00:00Z", (), Figures()).to_json()
    found, _ = Checkup.objects.get_or_create(
        url="http://x.example/oai", defaults={"at": timezone.now(), "worst": "good", "diagnosis": diagnosis}
    )
    return found


def _pair(code: str) -> dict[str, Any]:
    """Two records, and a question about them."""
    first, second = list(Record.objects.filter(state="live").order_by("pk").values_list("pk", flat=True)[:2])
    others = {"verdict": "ASK", "score": 7.0, "pattern": "equal", "cluster": first, "other": second, "doubt": "year"}
    sizes = {"source": 1, "beside": 1, "size": 1.0, "gain": 0.5}
    Question.objects.get_or_create(first=first, second=second, defaults=others | sizes)
    return {"first": first, "second": second}


def _act(code: str) -> dict[str, Any]:
    """Something that a cataloger did."""
    made, _ = GenericTitle.objects.get_or_create(
        title="tho", undone_at=None, defaults={"shown": "Thơ", "by": "Lan", "at": timezone.now()}
    )
    return {"ref": f"g{made.pk}"}


def _uid(code: str) -> dict[str, Any]:
    return {"uid": union_uid(Member.objects.get(record=_record(code)).union)}


ARGUMENTS: dict[str, Callable[[str], dict[str, Any]]] = {
    "record": lambda code: {"uid": union_uid(Member.objects.get(record=_record(code)).union)},
    "library": lambda code: {"code": code},
    "invitation": lambda code: {"token": "x" * 43},
    "new-password": lambda code: {"number": "MQ", "token": "x-y"},
    "colleagues": lambda code: {"code": code},
    "account": lambda code: {"number": User.objects.earliest("pk").pk},
    "source": lambda code: {"name": SOURCES[code]},
    "source-records": lambda code: {"name": SOURCES[code]},
    "rejections": lambda code: {"name": SOURCES[code]},
    "rejection": lambda code: {
        "name": "tu-sach",
        "number": Rejection.objects.filter(record__source__name="tu-sach")[0].pk,
    },
    "hold": lambda code: {"number": Hold.objects.earliest("pk").pk},
    "run": lambda code: {"number": Run.objects.filter(source__name=SOURCES[code])[0].pk},
    "review-pair": _pair,
    "review-alike": _pair,
    "review-undo": _act,
    "review-cluster": _uid,
    "review-history": _uid,
    "letter": lambda code: {"number": _checkup(code).pk},
}
