"""The rights of every address, kept by hand: who changes what a page demands changes this table too.

``anyone``, ``signed_in``, or a permission; ``@code``: at the library whose code the address has under that name;
``@object``: at the library of the object that the address names (the view asks :func:`hub.accounts.access.scoped`);
``@person``: only for who made the object.

A new address is a line in ``TABLE`` and, where it has values in it, a line in ``ARGUMENTS``: a function that gives the
values for a library, ``HP-TP`` or ``HP-LL`` (see ``tests/hub/provide/network.py``, ``tests/hub/operations/troubled.py``).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from io import BytesIO
from typing import Any
from uuid import uuid4

from django.utils import timezone

from connectors.doctor.finding import Diagnosis, Figures
from hub.accounts.models import User
from hub.catalog.models import Correction, GenericTitle, Hold, Member, Question, Record, Rejection, Run, Union
from hub.catalog.reads import union_uid
from hub.deposit import deposits, keeping
from hub.deposit.models import Delivery, Publication
from hub.lending.models import Loan, Outgoing
from hub.network.models import Library, Unit
from hub.operations.models import Contact, Draft
from hub.partners.models import Checkup, Entry, Upload
from hub.provide import dump_files
from hub.reports import survey
from hub.rotation import boxes, making
from hub.rotation.models import Box

OWN, FOREIGN = "HP-TP", "HP-LL"
SOURCES = {OWN: "thanh-pho", FOREIGN: "truong-le-loi"}

TABLE: dict[str, str] = {
    # units
    "units": "anyone",
    "unit": "anyone",
    "placing": "network.manage",
    # legal deposit
    "deposit": "deposit.manage",
    "deposit-late": "deposit.manage",
    "deposit-publication": "deposit.manage",
    "deposit-ask": "anyone",
    "deposit-calendar": "deposit.manage",
    "deposit-ics": "deposit.manage",
    "deposit-distribute": "deposit.manage",
    "library-exchange": "lending.act @code",
    "exchange-receipt": "lending.act @code",
    "deposit-preservation": "deposit.manage",
    "library-publication": "deposit.declare @code",
    "deposit-file": "anyone",
    "deposit-list": "anyone",
    "deposit-uploads": "deposit.declare @code",
    "deposit-upload": "deposit.declare @code",
    "deposit-api-uploads": "anyone",
    "deposit-api-upload": "anyone",
    "deposit-receipt": "deposit.declare @object",
    "library-deposit": "deposit.declare @code",
    # members
    "members": "anyone",
    "member": "network.manage",
    "groups": "network.manage",
    "applications": "network.manage",
    "joining": "anyone",
    "library-points": "library.settings @code",
    # boxes that travel
    "rotation": "rotation.plan",
    "box-labels": "rotation.plan",
    "plan-new": "rotation.plan",
    "plan": "rotation.plan",
    "box-contents": "rotation.plan",
    "rotation-box": "anyone",
    "minutes": "rotation.hand @object",
    "carry": "rotation.carry",
    "library-boxes": "rotation.hand @code",
    "offline": "rotation.hand @code",
    "offline-bundle": "rotation.hand @code",
    # loans between libraries
    "library-loans": "lending.act @code",
    "loan-ask": "lending.act @code",
    "lending-policy": "lending.act @code",
    "loan-book": "lending.act",
    "loan": "lending.act @object",
    "loans": "lending.oversee",
    "loans-table": "lending.oversee",
    "loan-send-again": "lending.oversee",
    "loan-states": "anyone",
    "iso18626": "anyone",
    # what the network lacks
    "gaps": "reports.see",
    "gaps-look": "reports.see",
    "gaps-table": "reports.see",
    # what anyone may read
    "home": "anyone",
    "results": "anyone",
    "record": "anyone",
    "libraries": "anyone",
    "library": "anyone",
    "search-help": "anyone",
    "record-file": "anyone",
    "record-now": "anyone",
    "results-file": "anyone",
    "copy": "anyone",
    "copy-file": "anyone",
    "box": "anyone",
    "open-search": "anyone",
    "robots": "anyone",
    "sitemaps": "anyone",
    "sitemap": "anyone",
    "opds": "anyone",
    "opds-books": "anyone",
    "opds-1": "anyone",
    "opds-books-1": "anyone",
    "api-openapi": "anyone",
    "api-docs": "anyone",
    "api-search": "anyone",
    "api-records": "anyone",
    "api-records-one": "anyone",
    "api-records-marcjson": "anyone",
    "api-records-holdings": "anyone",
    "api-works-one": "anyone",
    "api-changes": "anyone",
    "api-libraries": "anyone",
    "api-libraries-one": "anyone",
    "api-copy": "anyone",
    "api-nowhere": "anyone",
    "sru": "anyone",
    "oai": "anyone",
    "oai-library": "anyone",
    "oai-own": "anyone",
    "dumps": "anyone",
    "dump-file": "anyone",
    "resource-list": "anyone",
    "resourcesync": "anyone",
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
    "operations-desk": "sources.see",
    "quarantine": "quarantine.see",
    "contacts": "sources.manage",
    "contact": "sources.manage",
    "source-new": "sources.manage",
    "source-draft": "sources.manage @person",
    "source": "sources.see @object",
    "source-act": "runs.start @object",
    "source-settings": "sources.manage",
    "source-check": "sources.manage",
    "source-calendar": "sources.see @object",
    "source-records": "sources.see @object",
    "rejections": "quarantine.see @object",
    "rejections-retry": "quarantine.repair @object",
    "rejections-preview": "quarantine.repair @object",
    "rejections-repair": "quarantine.repair @object",
    "rejection": "quarantine.see @object",
    "rejection-repair": "quarantine.repair @object",
    "holds": "sources.see",
    "hold": "sources.see @object",
    "hold-decide": "holds.decide @object",
    "run": "sources.see @object",
    "run-progress": "sources.see @object",
    "run-undo": "holds.decide @object",
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
    "my-library": "library.see",
    "library-home": "library.see @code",
    "library-fault": "library.see @code",
    "library-fault-file": "library.see @code",
    "library-rejected": "library.see @code",
    "library-rejected-file": "library.see @code",
    "library-duplicates": "library.see @code",
    "library-holdings-file": "library.see @code",
    "library-file": "library.see @code",
    "library-records": "library.see @code",
    "library-record": "library.see @code",
    "library-corrections": "library.see @code",
    "library-correction-undo": "library.correct @code",
    "library-uploads": "library.upload @code",
    "library-upload": "library.upload @code",
    "library-upload-preview": "library.upload @code",
    "library-upload-bring": "library.upload @code",
    "library-upload-undo": "library.upload @code",
    "library-upload-drop": "library.upload @code",
    "library-settings": "library.settings @code",
    "library-add": "copies.enter @code",
    "library-add-save": "copies.enter @code",
    "library-add-photo": "copies.enter @code",
    "library-add-undo": "copies.enter @code",
    "library-books": "copies.enter @code",
    "library-book": "copies.enter @code",
}


def _record(code: str) -> Record:
    return Record.objects.filter(source__library=code, state="live").order_by("pk")[0]


def _checkup(code: str) -> Checkup:
    diagnosis = Diagnosis("http://x.example/oai", "2026-01-01T00:00:00Z", (), Figures()).to_json()
    found, _ = Checkup.objects.get_or_create(
        url="http://x.example/oai", defaults={"at": timezone.now(), "worst": "good", "diagnosis": diagnosis}
    )
    return found


def _source(code: str) -> dict[str, Any]:
    return {"name": SOURCES[code]}


def _rejection(code: str) -> dict[str, Any]:
    record = Record.objects.filter(source__name=SOURCES[code]).latest("pk")
    others = {"raw": record.raw, "code": "marc_not_iso2709", "rejected_at": timezone.now(), "facts": {"start": "x"}}
    Rejection.objects.get_or_create(record=record, defaults=others)
    return {"name": SOURCES[code], "number": record.pk}


def _run(code: str) -> dict[str, Any]:
    return {"number": Run.objects.filter(source__name=SOURCES[code])[0].pk}


def _hold(code: str) -> dict[str, Any]:
    run = Run.objects.filter(source__name=SOURCES[code])[0]
    others = {"kind": "deletions", "count": 1, "live": 2, "opened_at": timezone.now()}
    return {"number": Hold.objects.get_or_create(source=run.source, run=run, defaults=others)[0].pk}


def _library(code: str) -> dict[str, Any]:
    return {"code": code}


def _correction(code: str) -> dict[str, Any]:
    others = {"field": "title", "new": "Tên khác", "by": "x", "at": timezone.now()}
    return {"code": code, "number": Correction.objects.get_or_create(record=_record(code), defaults=others)[0].pk}


def _upload(code: str) -> dict[str, Any]:
    kept = {"name": "sách.csv", "stored": "x", "size": 1, "sha256": "0" * 64, "format": "csv", "by": "x"}
    made, _ = Upload.objects.get_or_create(library_id=code, defaults=kept | {"at": timezone.now(), "state": "dropped"})
    return {"code": code, "number": made.pk}


def _entry(code: str) -> dict[str, Any]:
    facts = {"act": "add", "record": _record(code).pk, "title": "x", "before": 0, "after": 1, "by": "x"}
    made, _ = Entry.objects.get_or_create(library_id=code, defaults=facts | {"key": uuid4(), "at": timezone.now()})
    return {"code": code, "key": made.pk}


def _draft(code: str) -> dict[str, Any]:
    return {"number": Draft.objects.get_or_create(by="somebody else", defaults={"at": timezone.now()})[0].pk}


def _contact(code: str) -> dict[str, Any]:
    return {"number": Contact.objects.get_or_create(name="Cô Lan", defaults={"created_at": timezone.now()})[0].pk}


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


def _dump() -> str:
    """The name of the first dump, made where there is none."""
    dump_files.make()
    return dump_files.dumps()[0].name


def _a_unit() -> int:
    values = {"level": "commune", "name": "Phường Gia Viên", "spelled": "phuong gia vien"}
    return Unit.objects.get_or_create(code="11359", since=date(2025, 7, 1), defaults=values)[0].pk


def _askable(code: str) -> dict[str, Any]:
    source = _record(code).source
    source.settings["availability"] = {"kind": "koha", "url": "http://127.0.0.1:9/{id}", "allow_private": True}
    source.save(update_fields=["settings"])
    return _uid(code)


def _publication(code: str) -> Publication:
    found = Publication.objects.filter(publisher=code).first()
    said = deposits.checked({"title": f"Sách {code}", "release": "2026-12-01"})
    return found or deposits.declare(Library.objects.get(pk=code), said, by="Lan")


def _delivery(code: str) -> str:
    found = Delivery.objects.filter(library=code).first()
    facts = {
        "name": "sach.epub",
        "size": 5,
        "door": "page",
        "at": timezone.now(),
        "changed_at": timezone.now(),
        "by": "x",
    }
    return (found or Delivery.objects.create(token=uuid4().hex, library_id=code, **facts)).token


def _open_file(code: str) -> str:
    one = _publication(code)
    Publication.objects.filter(pk=one.pk).update(free=True, lawful=True, usable=True)
    return keeping.keep(BytesIO(code.encode()), "sach.epub", one, by="x").sha256


def _receipt(code: str) -> int:
    library = Library.objects.get(pk=code)
    return deposits.receive(_publication(code), library, "2", "tốt", f"k:{code}", by="Lan").pk


def _box(code: str) -> Box:
    values = {"name": "Truyện", "home_id": code, "made_at": timezone.now()}
    made, new = Box.objects.get_or_create(pk=f"H-{code}"[:20], defaults=values)
    if new:
        boxes.fill(made, [f"X.{code}"], by="Lan", at=timezone.now())
    return made


def _minutes(code: str) -> int:
    signed = boxes.Signed("Hoa", timezone.now(), f"m:{code}", "lan")
    return boxes.receive(_box(code), code, {}, signed).pk


def _plan() -> int:
    _box(OWN)
    return making.make("Kế hoạch", [FOREIGN], date(2026, 9, 7), date(2027, 5, 28), 4, [], by="Lan").pk


def _loan(code: str) -> int:
    values = {"title": "Dế Mèn", "turn": "coordinator", "asked_at": timezone.now(), "changed_at": timezone.now()}
    return Loan.objects.get_or_create(requester_id=code, number=f"R-{code}", defaults=values)[0].pk


def _outgoing() -> int:
    now = timezone.now()
    return Outgoing.objects.create(loan_id=_loan(OWN), library_id=OWN, body=b"", made_at=now, due_at=None).pk


def _surveyed() -> dict[str, Any]:
    if survey.newest() is None:
        survey.make("test")
    return {"what": "often"}


def _uid(code: str) -> dict[str, Any]:
    return {"uid": union_uid(Member.objects.get(record=_record(code)).union)}


ARGUMENTS: dict[str, Callable[[str], dict[str, Any]]] = {
    "record": lambda code: {"uid": union_uid(Member.objects.get(record=_record(code)).union)},
    "library": lambda code: {"code": code},
    "gaps-table": lambda code: _surveyed(),
    "unit": lambda code: {"number": _a_unit()},
    "member": lambda code: {"code": code},
    "library-deposit": lambda code: {"code": code},
    "library-exchange": lambda code: {"code": code},
    "exchange-receipt": lambda code: {"code": code, "number": _receipt(code)},
    "deposit-distribute": lambda code: {"number": _publication(code).pk},
    "library-publication": lambda code: {"code": code, "number": _publication(code).pk},
    "deposit-uploads": lambda code: {"code": code},
    "deposit-upload": lambda code: {"code": code, "token": _delivery(code)},
    "deposit-api-uploads": lambda code: {"code": code},
    "deposit-api-upload": lambda code: {"code": code, "token": _delivery(code)},
    "deposit-file": lambda code: {"name": _open_file(code)},
    "deposit-publication": lambda code: {"number": _publication(code).pk},
    "deposit-receipt": lambda code: {"number": _receipt(code)},
    "library-points": lambda code: {"code": code},
    "plan": lambda code: {"number": _plan()},
    "box-contents": lambda code: {"code": _box(code).pk},
    "rotation-box": lambda code: {"code": _box(code).pk},
    "minutes": lambda code: {"number": _minutes(code)},
    "library-boxes": lambda code: {"code": code},
    "offline": lambda code: {"code": code},
    "offline-bundle": lambda code: {"code": code},
    "library-loans": lambda code: {"code": code},
    "loan-ask": lambda code: {"code": code},
    "lending-policy": lambda code: {"code": code},
    "loan-book": _uid,
    "loan": lambda code: {"number": _loan(code)},
    "loans-table": lambda code: {"year": 2026},
    "loan-send-again": lambda code: {"number": _outgoing()},
    "record-now": _askable,
    "record-file": lambda code: _uid(code) | {"kind": "mrc"},
    "results-file": lambda code: {"kind": "csv"},
    "sitemap": lambda code: {"start": 0},
    "api-records-one": _uid,
    "api-records-marcjson": _uid,
    "api-records-holdings": _uid,
    "api-works-one": lambda code: {"work": str(Union.objects.exclude(work=0).values_list("work", flat=True)[0])},
    "api-libraries-one": lambda code: {"code": code},
    "api-nowhere": lambda code: {"rest": "x"},
    "oai-library": lambda code: {"code": code},
    "resource-list": lambda code: {"name": "capabilitylist"},
    "dump-file": lambda code: {"dump": _dump(), "name": "manifest.json"},
    "invitation": lambda code: {"token": "x" * 43},
    "new-password": lambda code: {"number": "MQ", "token": "x-y"},
    "colleagues": lambda code: {"code": code},
    "account": lambda code: {"number": User.objects.earliest("pk").pk},
    "contact": _contact,
    "source-draft": _draft,
    "source": _source,
    "source-act": _source,
    "source-settings": _source,
    "source-check": _source,
    "source-calendar": _source,
    "source-records": _source,
    "rejections": _source,
    "rejections-retry": _source,
    "rejections-preview": _source,
    "rejections-repair": _source,
    "rejection": _rejection,
    "rejection-repair": _rejection,
    "hold": _hold,
    "hold-decide": _hold,
    "run": _run,
    "run-progress": _run,
    "run-undo": _run,
    "review-pair": _pair,
    "review-alike": _pair,
    "review-undo": _act,
    "review-cluster": _uid,
    "review-history": _uid,
    "library-home": _library,
    "library-fault": lambda code: {"code": code, "kind": "isbn_short"},
    "library-fault-file": lambda code: {"code": code, "kind": "isbn_short"},
    "library-rejected": _library,
    "library-rejected-file": _library,
    "library-duplicates": _library,
    "library-holdings-file": _library,
    "library-file": lambda code: {"code": code, "what": "trung", "form": "csv"},
    "library-records": _library,
    "library-record": lambda code: {"code": code, "number": _record(code).pk},
    "library-corrections": _library,
    "library-correction-undo": _correction,
    "library-uploads": _library,
    "library-upload": _upload,
    "library-upload-preview": _upload,
    "library-upload-bring": _upload,
    "library-upload-undo": _upload,
    "library-upload-drop": _upload,
    "library-settings": _library,
    "library-add": _library,
    "library-add-save": _library,
    "library-add-photo": _library,
    "library-add-undo": _entry,
    "library-books": _library,
    "library-book": lambda code: {"code": code, "number": _record(code).pk},
    "letter": lambda code: {"number": _checkup(code).pk},
}
# pages that need more than rows: a stored file, a source file, a query
NEEDS_MORE = {"api-nowhere", "library-upload", "library-upload-preview", "source-settings", "rejections-preview"}
