"""Everything that people and records say, said by somebody who means harm: the portal must show it as text."""

from __future__ import annotations

from pathlib import Path
from uuid import uuid4

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from connectors.doctor.finding import Diagnosis, Figures
from hub.accounts import audit, keys
from hub.accounts.models import User
from hub.catalog.models import Correction, Decision, Hold, Record, Rejection, Run, Source
from hub.network.models import Contact as LibraryContact
from hub.network.models import Library
from hub.operations import drafts, guess
from hub.operations.models import Contact, LogLine, Message, Pause, Request
from hub.partners.models import Checkup, Entry, Upload
from hub.review.models import Note
from hub.stages import files
from tests.accounts_in_tests import client_of, somebody
from tests.hub.accounts.routes import FOREIGN, OWN
from tests.hub.operations import troubled
from tests.hub.operations.test_wizard import ANSWERS
from tests.hub.partners.sheets import BOOKS, ward
from tests.hub.partners.test_uploads import address, choose, send
from tests.hub.provide import network
from tests.hub.review import asked
from tests.hub.stages.books import raw

EVIL = (
    '<script>window.hurt=1</script>"><img class=hurt src=x onerror=window.hurt=1>'
    "'><svg class=hurt onload=window.hurt=1></svg>{{ 7|add:7 }}\u202egnurt"
)
NAME = '"><b class=hurt onclick=x>x<\u202e'
LINKS = (
    "javascript:alert(1)",
    "java\tscript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:x",
    "//e.vn",
)
LIBRARY = """\
library: {code: TV-1, name: {vi: "<img class=hurt src=x onerror=window.hurt=1>Thư viện một"}}
connector: files
format: marcxml
options: {path: x.xml}
"""


def fill() -> None:
    """A network with hostile records in it."""
    somebody("administrator")
    network.fill()
    troubled.fill()
    one, other = asked.hostile()
    network.arrive(asked.library("thanh-pho"), [raw(asked.city(1, "Kính vạn hoa")), raw(one)])
    network.arrive(asked.library("truong-le-loi"), [raw(asked.school(1, "Kính vạn hoa")), raw(other)])


def spread(sources: Path) -> list[tuple[str, str]]:
    """Everything else that can be said, as hostile; more pages of it, each as (role, address).

    ``sources``: the folder of source files (``LIENTHONG_SOURCES``).
    """
    now = timezone.now()
    for code in (OWN, FOREIGN):
        Library.objects.filter(pk=code).update(name_vi=f"Thư viện {EVIL}"[:300], name_en=f"Library {EVIL}"[:300])
    contact = {"phone": NAME, "address": EVIL, "hours": EVIL, "website": LINKS[0], "note": EVIL, "shown": True}
    LibraryContact.objects.create(library_id=OWN, changed_at=now, changed_by=NAME, **contact)
    _notes(asked.record("X1"), asked.record("X2"))
    _desk(sources)
    return [*_pair(), *_uploaded(), *_drafted(), *_more()]


def _notes(first: int, second: int) -> None:
    now, by = timezone.now(), NAME
    Note.objects.create(first_id=first, second_id=second, text=EVIL, by=by, at=now)
    Note.objects.create(first_id=first, text=EVIL, by=by, at=now)
    Correction.objects.create(record_id=first, field="title", said=EVIL, old=EVIL, new=EVIL, by=by, at=now)
    for place in range(2):
        Entry.objects.create(
            key=uuid4(), library_id=OWN, act="add", record=first, title=EVIL[:300], before=0, after=place, by=by, at=now
        )
    audit.record(by=by, act="note.added", about=NAME, text=EVIL)


def _desk(sources: Path) -> None:
    now = timezone.now()
    (sources / "a.yaml").write_text(LIBRARY, encoding="utf-8")
    (sources / "b.yaml").write_text(
        "library: {code: '<b class=hurt>'}\nconnector: '<img class=hurt>'\n", encoding="utf-8"
    )
    run = Run.objects.filter(source__name="thanh-pho")[0]
    Run.objects.filter(pk=run.pk).update(notes=[{"code": "list_incomplete", "facts": {"detail": EVIL, "host": EVIL}}])
    for code, facts in (("", {}), ("list_incomplete", {"detail": EVIL})):
        LogLine.objects.create(run=run.pk, at=now, code=code, facts=facts, text=EVIL)
    sender, _ = Source.objects.get_or_create(
        name=NAME, defaults={"library_id": FOREIGN, "connector": "<b class=hurt>", "format": "marcxml"}
    )
    Pause.objects.create(source="thanh-pho", by=NAME, since=now, reason=EVIL)
    failed = {"problem": {"code": "source_unknown", "facts": {"name": EVIL, "known": EVIL}}, "ended_at": now}
    Request.objects.create(source="thanh-pho", act="run", by=NAME, asked_at=now, status="failed", **failed)
    for record in Record.objects.filter(source__name__in=("thanh-pho", "truong-le-loi")).order_by("-pk")[:2]:
        facts = dict.fromkeys(("start", "detail", "place", "value", "field"), EVIL)
        refused = {"raw": record.raw, "code": "marc_not_iso2709", "rejected_at": now, "facts": facts}
        Rejection.objects.get_or_create(record=record, defaults=refused)
    contact = Contact.objects.create(name=EVIL[:150], webhook="https://e.vn/x", created_at=now)
    said = {"subject": EVIL[:300], "body": EVIL, "problem": EVIL, "kind": "failure"}
    Message.objects.create(contact=contact, way="webhook", key="x", created_at=now, **said)
    for hold in Hold.objects.all()[:1]:
        Hold.objects.filter(pk=hold.pk).update(reason=EVIL)
    assert sender.pk


def _pair() -> list[tuple[str, str]]:
    first, second = sorted((asked.record("X1"), asked.record("X2")))
    seen = [("cataloger", reverse(name, args=(first, second))) for name in ("review-pair", "review-alike")]
    now, lowest = timezone.now(), sorted((asked.record("TP001"), asked.record("LL001")))
    Decision.objects.create(first_id=lowest[0], second_id=lowest[1], verdict="SAME", by=NAME, at=now, reason=EVIL)
    unions = [asked.uid_of(asked.record("X1")), asked.uid_of(lowest[0])]
    for uid in unions:
        seen += [("cataloger", reverse(name, args=(uid,))) for name in ("review-history", "review-cluster", "record")]
    return [*seen, ("", reverse("record", args=(unions[0],)))]


def _uploaded() -> list[tuple[str, str]]:
    """Two files of a library: one is looked at, one is in the catalog."""
    client = client_of(somebody("partner_librarian", OWN))
    books = [*BOOKS, ("6", EVIL.replace("\u202e", ""), NAME.replace("\u202e", ""), "=1+1", "x", LINKS[0], "9", EVIL)]
    seen = []
    for name, done in ((f"{NAME}.xlsx", False), ("<img class=hurt src=x>.xlsx", True)):
        upload = send(client, ward(books), name, OWN)
        seen.append(address(upload))
        choose(client, upload)
        seen.append(address(upload, "/xem-truoc"))
        if done:
            client.post(address(upload, "/nhap"))
    Upload.objects.filter(state="waiting").update(by=NAME)
    return [("partner_librarian", where) for where in seen]


def _drafted() -> list[tuple[str, str]]:
    """A source half way through the wizard: its samples, what would be written."""
    user = somebody("it_staff")
    client: Client = client_of(user)
    books = [("1", EVIL.replace("\u202e", ""), "Tô Hoài", "Kim Đồng", "2020", "", "3", EVIL)]
    kept = files.keep(f"{NAME}.xlsx", [ward(books)])
    draft = drafts.begin(guess.of_file(kept), by=user.signature)
    where = reverse("source-draft", args=(draft.pk,))
    client.post(where, {"step": "2"})
    client.post(where, {"step": "4", **ANSWERS, "new_vi": EVIL[:200], "name": "la"})
    return [("it_staff", f"{where}?step={step}") for step in (2, 3, 4, 5)]


def _more() -> list[tuple[str, str]]:
    """People's names, keys, a letter, searches."""
    now, user = timezone.now(), somebody("partner_librarian", OWN)
    User.objects.filter(pk=user.pk).update(name=EVIL[:150])
    keys.make(user, EVIL[:100], ["library.see"], [], days=30, by=NAME)
    diagnosis = Diagnosis(f"http://x.vn/{EVIL}", "2026-01-01T00:00:00Z", (), Figures()).to_json()
    letter = Checkup.objects.create(url=f"http://x.vn/{EVIL}", at=now, worst="good", diagnosis=diagnosis)
    pages = [
        ("", reverse("letter", args=(letter.pk,))),
        ("", "/tim?q=%3Cscript%3Ewindow.hurt%3D1%3C/script%3E&library=%22%3E%3Cimg%20class=hurt%20src=x%3E"),
        ("", "/tim?q=khong+co+gi+ca"),
        ("", "/thu-vien/HP-LL"),
        ("", "/khong-co-trang-nay"),
        ("it_staff", "/nguon/a"),
        ("it_staff", "/nguon/a/cai-dat"),
        ("it_staff", "/nguon/b/cai-dat"),
        ("it_staff", reverse("source", args=(NAME,))),
        ("it_staff", reverse("source-calendar", args=(NAME,))),
        ("it_staff", reverse("rejections", args=("tu-sach",))),
        ("it_staff", reverse("rejections-preview", args=("tu-sach",)) + "?code=xml_broken"),
        ("it_staff", "/dieu-hanh/cach-ly?code=%22%3E%3Cimg%20class=hurt%20src=x%3E"),
        ("bookcase_owner", f"/cua-toi/{OWN}"),
        ("bookcase_owner", f"/cua-toi/{OWN}/them?q=script"),
        ("bookcase_owner", f"/cua-toi/{OWN}/them?q=%22%3E%3Cimg%20class=hurt%20src=x%3E"),
        ("partner_librarian", f"/cua-toi/{OWN}/bieu-ghi/{asked.record('X1')}"),
        ("administrator", "/"),
        ("administrator", f"/quan-tri/tai-khoan/{user.pk}"),
        ("administrator", f"/quan-tri/nhat-ky?by={NAME[:8]}"),
        ("cataloger", "/quan-tri/tai-khoan"),
    ]
    for number in Rejection.objects.values_list("pk", "record__source__name"):
        pages.append(("it_staff", reverse("rejection", args=(number[1], number[0]))))
    pages += [("it_staff", reverse("hold", args=(hold.pk,))) for hold in Hold.objects.all()]
    return pages
