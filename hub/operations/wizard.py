"""The wizard that adds a source, in five steps: where, what was found, how it looks, whose, written and run.

What is said is kept on the server between the steps; every step can be gone back to, and nothing is stored in the
catalog, nor written as a source file, before the last.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.files.uploadhandler import StopUpload, TemporaryFileUploadHandler
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.formats import number_format
from django.utils.translation import gettext, ngettext
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods

from connectors.doctor.finding import Diagnosis
from connectors.doctor.letter import write
from hub.accounts.access import needs, reader_of
from hub.accounts.pages import language
from hub.accounts.roles import Permission
from hub.network.models import Library
from hub.operations import drafts, guess
from hub.operations.done import to
from hub.operations.models import Draft
from hub.operations.names import COLUMN
from hub.operations.schedule import in_words
from hub.operations.views import sentence
from hub.sources import KINDS
from hub.stages import files
from schemas.encodings import NAMES
from schemas.format import formats
from schemas.problem import Trouble

STEPS = (1, 2, 3, 4, 5)
SKIPPED = "ledger"  # the meaning that keeps a column out of the record
ROOM = 2**20  # bytes of a form beside its file
ENCODINGS = ("auto", *NAMES)
FIRST_KINDS = ("public", "ward", "commune", "school", "university", "special", "clan", "family", "community")


class Capped(TemporaryFileUploadHandler):
    """Takes a file no larger than one may be: what comes beyond is not even written."""

    def handle_raw_input(self, input_data: Any, META: Any, content_length: Any, *rest: Any) -> None:
        """Refuse by the announced length."""
        if content_length > files.LARGEST + ROOM:
            raise StopUpload(connection_reset=True)
        self.taken = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Refuse by what has come."""
        self.taken += len(raw_data)
        if self.taken > files.LARGEST + ROOM:
            raise StopUpload(connection_reset=True)
        super().receive_data_chunk(raw_data, start)


@needs(Permission.SOURCES_MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
@csrf_exempt
def new(request: HttpRequest) -> HttpResponse:
    """Step 1: an address, or a file. (The size of a file is bounded before the form, and its token, are read.)"""
    if _length(request) > files.LARGEST + ROOM:
        too_large = Trouble("upload_over", limit=files.LARGEST // 2**20).problem.sentence(language())
        return _first(request, url="", wrong=too_large, status=413)
    request.upload_handlers = [Capped(request)]
    return _new(request)


def _length(request: HttpRequest) -> int:
    said = request.META.get("CONTENT_LENGTH") or "0"
    return int(said) if said.isascii() and said.isdigit() else 0


@csrf_protect
def _new(request: HttpRequest) -> HttpResponse:
    by = reader_of(request).signature
    if request.method != "POST":
        return _first(request)
    url = request.POST.get("url", "").strip()[:500]
    try:
        draft = drafts.begin(_found(request, url), by=by)
    except Trouble as trouble:
        return _first(request, url=url, wrong=trouble.problem.sentence(language()), status=400)
    return to("source-draft", draft.pk, step=2)


def _found(request: HttpRequest, url: str) -> dict[str, Any]:
    given = request.FILES.get("file")
    if given is not None:
        kept = files.keep(given.name or "", given.chunks())
        try:
            return guess.of_file(kept)
        except Trouble:
            files.drop(kept.stored)
            raise
    if not url:
        raise Trouble("draft_nothing")
    return guess.of_address(url)


def _first(request: HttpRequest, *, url: str = "", wrong: str = "", status: int = 200) -> HttpResponse:
    mine = Draft.objects.filter(by=reader_of(request).signature).order_by("-at")[:5]
    context = {
        "url": url or request.GET.get("url", "")[:500],
        "limit": files.LARGEST // 2**20,
        "drafts": mine,
        "step": 1,
        "steps": STEPS,
        "wrong": wrong,
    }
    return render(request, "operations/new.html", context, status=status)


@needs(Permission.SOURCES_MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def draft(request: HttpRequest, number: UUID) -> HttpResponse:
    """Steps 2 to 5 of a draft; each says what is wrong with what was given, and keeps it."""
    found = drafts.known(number, reader_of(request).signature)
    if found is None:
        raise Http404
    if request.method != "POST":
        return _step(request, found, _reached(found, request.GET.get("step", "")))
    if request.POST.get("act") == "drop":
        drafts.drop(found)
        return to("operations-desk")
    step = _reached(found, request.POST.get("step", ""))
    try:
        return _go_on(request, found, step)
    except Trouble as trouble:
        return _step(request, found, step, wrong=trouble.problem.sentence(language()), status=400)


def _reached(found: Draft, asked: str) -> int:
    """The step that is asked for, as far as those before it are done."""
    done = 2 + bool(found.content.get("look")) * 2 + bool(found.content.get("name") and found.content.get("look"))
    step = int(asked) if asked in ("2", "3", "4", "5") else done
    return min(step, done)


def _go_on(request: HttpRequest, found: Draft, step: int) -> HttpResponse:
    if step == 2:
        drafts.choose(found, _choice(request, found))
        if not found.content["look"]["records"]:
            raise Trouble("draft_no_records")
        return to("source-draft", found.pk, step=3)
    if step == 3:
        return to("source-draft", found.pk, step=4)
    if step == 4:
        drafts.answer(found, request.POST.dict())
        return to("source-draft", found.pk, step=5)
    name = found.content["name"]
    drafts.finish(found, by=reader_of(request).signature)
    return to("source", name, done="created")


def _choice(request: HttpRequest, found: Draft) -> dict[str, Any]:
    """How the records are to be read, as the form says."""
    said: dict[str, Any] = {"encoding": request.POST.get("encoding", "auto")}
    if found.content["kind"] == "file":
        columns = {}
        for number, table in enumerate(found.content.get("tables", [])):
            for at, heading, field in table["columns"]:
                wanted = request.POST.get(f"column-{number}-{at}", field)
                if wanted == SKIPPED and not field:
                    continue
                if wanted and (wanted != field or table["guessed"]):
                    columns[at if table["guessed"] else heading] = wanted
        return said | {"columns": columns, "sheet": request.POST.get("sheet", "")[:100]}
    for key, most in (("connector", 20), ("format", 20), ("prefix", 100), ("set", 200)):
        said[key] = request.POST.get(key, "").strip()[:most]
    if said["connector"] not in guess.CONNECTORS:
        raise Trouble("connector_unknown", name=said["connector"], known=", ".join(guess.CONNECTORS))
    return said


def _step(request: HttpRequest, found: Draft, step: int, *, wrong: str = "", status: int = 200) -> HttpResponse:
    content = found.content
    context: dict[str, Any] = {
        "draft": found, "content": content, "step": step, "steps": STEPS, "wrong": wrong,
        "reached": _reached(found, ""),
    }  # fmt: skip
    context |= {2: _second, 3: _third, 4: _fourth, 5: _fifth}[step](found)
    if status == 400:
        context["values"] = {**context.get("values", {}), **request.POST.dict()}
    return render(request, f"operations/step{step}.html", context, status=status)


def _second(found: Draft) -> dict[str, Any]:
    content = found.content
    context: dict[str, Any] = {"encodings": ENCODINGS, "fields": COLUMN, "values": content["choice"]}
    if content["kind"] == "address":
        letter = write(Diagnosis.from_json(content["diagnosis"]), language())
        context |= {"letter": letter, "connectors": guess.CONNECTORS, "formats": sorted(formats())}
    else:
        context |= {
            "tables": content.get("tables", []),
            "form": formats()[content["choice"]["format"]].title[language()],
        }
    return context


def _third(found: Draft) -> dict[str, Any]:
    look = found.content["look"]
    rows = [_row(row) for row in look["records"]]
    notes = [sentence(**note) for note in look["notes"]]
    count = len(rows)
    return {"look": look, "rows": rows, "notes": notes, "good": count - look["bad"], "count": count}


def _row(row: dict[str, Any]) -> tuple[dict[str, Any], str, str]:
    """A record, why it cannot be read, and what to do about that."""
    problem = sentence(**row["problem"]) if "problem" in row else ""
    return {**row, "facts": _facts(row)}, problem, row.get("advice", {}).get(language(), "")


def _facts(row: dict[str, Any]) -> str:
    """The imprint, the pages, the numbers and the copies of a record, in one line."""
    book, copies = row.get("book", {}), row.get("copies", 0)
    pages = gettext("%(n)s pages") % {"n": number_format(book["pages"])} if book.get("pages") else ""
    many = ngettext("%(n)s copy", "%(n)s copies", copies) % {"n": number_format(copies)} if copies else ""
    return " · ".join(filter(None, (book.get("imprint"), pages, *(f"ISBN {n}" for n in book.get("isbns", [])), many)))


def _fourth(found: Draft) -> dict[str, Any]:
    kinds = [*FIRST_KINDS, *(kind for kind in KINDS if kind not in FIRST_KINDS)]
    library, contact = found.content.get("library", {}), found.content.get("contact", {})
    values = {f"new_{key}": library.get(key, "") for key in ("code", "vi", "en", "kind", "unit")}
    values |= {"library": library.get("code", ""), "name": found.content.get("name", "")}
    values |= {"schedule": found.content.get("phrase", ""), "trust": found.content.get("trust", 50)}
    values |= {"contact": contact.get("contact", ""), "email": contact.get("email", "")}
    return {"libraries": Library.objects.order_by("name_vi"), "kinds": kinds, "values": values}


def _fifth(found: Draft) -> dict[str, Any]:
    return {"text": drafts.as_text(found), "words": in_words(found.content["schedule"])}
