"""The pages of uploads: choose a file, say what its columns are, see what would happen, import, undo."""

from __future__ import annotations

from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hub.accounts.access import needs
from hub.accounts.pages import language
from hub.accounts.roles import Permission
from hub.network.models import Library
from hub.partners import bringing, mapping, pages, words
from hub.partners.models import Upload
from hub.stages.files import LARGEST
from hub.stages.trial import Group
from schemas.encodings import NAMES
from schemas.format import find_format
from schemas.problem import Problem, Trouble


@needs(Permission.LIBRARY_UPLOAD, library="code")
@require_http_methods(["GET", "HEAD", "POST"])
def uploads(request: HttpRequest, code: str) -> HttpResponse:
    """The files of the library; another one can be chosen here."""
    library = pages.library_of(code)
    wrong = ""
    if request.method == "POST":
        given = request.FILES.get("file")
        try:
            if given is None or isinstance(given, list):
                raise Trouble("upload_none")
            made = bringing.arrive(library, given.name or "", given.chunks(), by=pages.signature(request))
            return redirect("library-upload", code, made.pk)
        except Trouble as trouble:
            wrong = pages.sentence(trouble.problem)
    rows = Upload.objects.filter(library=library).exclude(state=Upload.State.DROPPED).order_by("-at")
    context = {
        **pages.frame(request, library, "uploads"),
        "page": Paginator(rows, 30).get_page(request.GET.get("page", "1")),
        "wrong": wrong,
        "states": words.STATES,
        "limit": LARGEST // 2**20,
    }
    return pages.private(render(request, "partners/uploads.html", context, status=400 if wrong else 200))


def _own(library: Library, number: UUID) -> Upload:
    found = Upload.objects.select_related("library").filter(library=library, pk=number).first()
    if found is None or found.state == Upload.State.DROPPED:
        raise Http404
    return found


@needs(Permission.LIBRARY_UPLOAD, library="code")
@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: HttpRequest, code: str, number: UUID) -> HttpResponse:
    """One file: what was recognized and the mapping while it waits; afterwards its ledger, with undo."""
    library = pages.library_of(code)
    found = _own(library, number)
    if found.state != Upload.State.WAITING:
        return _outcome(request, library, found)
    wrong, seen = "", []
    if request.method == "POST":
        try:
            bringing.choose(found, request.POST, by=pages.signature(request))
            return redirect("library-upload-preview", code, found.pk)
        except Trouble as trouble:
            wrong = pages.sentence(trouble.problem)
    try:
        seen = bringing.seen(found) if bringing.is_table(found) else []
    except Trouble as trouble:
        wrong = wrong or pages.sentence(trouble.problem)
    context = {
        **pages.frame(request, library, "uploads"),
        "upload": found,
        "format": find_format(found.format).title[language()],
        "seen": seen,
        "table": bringing.is_table(found),
        "choices": mapping.CHOICES,
        "encodings": NAMES if found.format in ("csv", "marc21", "mrk", "unimarc") else (),
        "wrong": wrong,
    }
    status = 400 if wrong and request.method == "POST" else 200
    return pages.private(render(request, "partners/upload.html", context, status=status))


def _outcome(request: HttpRequest, library: Library, found: Upload) -> HttpResponse:
    context = {
        **pages.frame(request, library, "uploads"),
        "upload": found,
        "state": words.STATES[found.state],
        "problem": pages.sentence(Problem(**found.problem)) if found.problem else "",
        "stuck": bringing.is_stuck(found),
        "undoable": found.state in (Upload.State.IMPORTED, Upload.State.FAILED) and found.run,
    }
    return pages.private(render(request, "partners/outcome.html", context))


@needs(Permission.LIBRARY_UPLOAD, library="code")
@require_safe
def preview(request: HttpRequest, code: str, number: UUID) -> HttpResponse:
    """What an import would do, and the first records as they will look."""
    library = pages.library_of(code)
    found = _own(library, number)
    if found.state not in bringing.OPEN:
        return redirect("library-upload", code, number)
    wrong, shown = "", None
    try:
        shown = bringing.preview(found)
    except Trouble as trouble:
        wrong = pages.sentence(trouble.problem)
    context = {
        **pages.frame(request, library, "uploads"),
        "upload": found,
        "trial": shown.trial if shown else None,
        "rows": [
            (row, _problem(row), words.OUTCOMES[row.looked.outcome], pages.place(row.looked.place))
            for row in shown.rows
        ]
        if shown
        else [],
        "problems": _groups(shown.trial.problems) if shown else [],
        "remarks": _groups(shown.trial.remarks) if shown else [],
        "notes": [pages.sentence(note) for note in shown.trial.notes] if shown else [],
        "faults": words.FAULTS,
        "wrong": wrong,
    }
    return pages.private(render(request, "partners/preview.html", context))


def _problem(row: bringing.PreviewRow) -> tuple[str, str]:
    """What is wrong with a record of the preview, and what to do."""
    one = row.looked
    if one.problem is None:
        return "", ""
    return pages.problem_sentence(one.problem), pages.mend(one.advice) if one.advice else ""


def _groups(groups: dict[str, Group]) -> list[tuple[int, str, list[str]]]:
    """(count, in words, where) of each kind of problem."""
    return [
        (group.count, pages.problem_sentence(group.examples[0].problem), [pages.place(e.place) for e in group.examples])
        for group in groups.values()
    ]


@needs(Permission.LIBRARY_UPLOAD, library="code")
@require_POST
def bring(request: HttpRequest, code: str, number: UUID) -> HttpResponse:
    """Import the file."""
    return _act(request, code, number, bringing.bring)


@needs(Permission.LIBRARY_UPLOAD, library="code")
@require_POST
def undo(request: HttpRequest, code: str, number: UUID) -> HttpResponse:
    """Take the import back."""
    return _act(request, code, number, bringing.undo)


def _act(request: HttpRequest, code: str, number: UUID, act: bringing.Act) -> HttpResponse:
    library = pages.library_of(code)
    found = _own(library, number)
    try:
        act(found, by=pages.signature(request))
    except Trouble as trouble:
        context = {
            **pages.frame(request, library, "uploads"),
            "upload": found,
            "state": words.STATES[found.state],
            "problem": pages.sentence(trouble.problem),
            "undoable": False,
        }
        return pages.private(render(request, "partners/outcome.html", context, status=409))
    return redirect("library-upload", code, number)


@needs(Permission.LIBRARY_UPLOAD, library="code")
@require_POST
def drop(request: HttpRequest, code: str, number: UUID) -> HttpResponse:
    """Put the file aside."""
    found = _own(pages.library_of(code), number)
    if found.state == Upload.State.WAITING:
        bringing.drop(found, by=pages.signature(request))
    return redirect("library-uploads", code)
