"""The page of copy cataloging: one book, or a list of them."""

from __future__ import annotations

from collections.abc import Mapping

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from hub.accounts.access import anyone, reader_of
from hub.accounts.pages import language
from hub.accounts.roles import Permission
from hub.network.models import Library
from hub.provide import copying
from hub.provide.fields import marc_text
from hub.provide.files import answer
from hub.provide.holders import going_out, unseen
from hub.provide.writing import ENCODINGS, MARC_FILES, Written, contents_of, write_file
from schemas.problem import Trouble

NAMES = {"marc21": "MARC 21 (ISO 2709)", "marcxml": "MARCXML", "mrk": "MARCMaker (.mrk)"}


@anyone
@require_http_methods(["GET", "HEAD", "POST"])
def copy(request: HttpRequest) -> HttpResponse:
    """Find one record by its ISBN or title; or take the records of a whole list."""
    wrong, asked = "", request.GET.get("q", "").replace("\x00", "").strip()
    if request.method == "POST":
        try:
            return _take_list(request)
        except Trouble as trouble:
            wrong = trouble.problem.sentence(language())
    away = unseen(request)
    one = copying.copy_one(asked) if asked else None
    content = next(iter(contents_of([one.number])), None) if one and one.number else None
    context = {
        "asked": asked,
        "one": one,
        "content": content,
        "marc": marc_text(going_out(content, away).published()) if content else "",
        "formats": NAMES,
        "encodings": ENCODINGS,
        "typed": request.POST.get("list", "")[:100_000],
        "most": copying.MOST,
        "wrong": wrong,
        "limit": copying.LARGEST // 2**20,
    }
    return render(request, "copy.html", context, status=400 if wrong else 200)


@anyone
@require_safe
def copy_file(request: HttpRequest) -> HttpResponse:
    """The best record for one ISBN or title as a file; 404 in words where there is none."""
    try:
        asked = request.GET.get("q", "").strip()
        if not asked:
            raise Trouble("copy_none")
        one = copying.copy_one(asked)
        if not one.number:
            return render(request, "copy.html", _nothing(one), status=404)
        written, kind = _written(request, request.GET, [one])
    except Trouble as trouble:
        sentence = trouble.problem.sentence(language())
        return render(request, "copy.html", {**_nothing(None), "wrong": sentence}, status=400)
    return answer(written, f"lienthong.{kind}")


def _nothing(one: copying.Copied | None) -> dict[str, object]:
    return {
        "asked": one.asked if one else "",
        "one": one,
        "formats": NAMES,
        "encodings": ENCODINGS,
        "most": copying.MOST,
        "limit": copying.LARGEST // 2**20,
    }


def _take_list(request: HttpRequest) -> HttpResponse:
    given = request.FILES.get("file")
    if given is not None and not isinstance(given, list):
        if (given.size or 0) > copying.LARGEST:
            raise Trouble("copy_large", limit=copying.LARGEST // 2**20)
        lines = copying.lines_of_file(given.name or "", given.read())
    else:
        lines = copying.lines_of(request.POST.get("list", ""))
    copied = copying.copy_list(lines)
    written, kind = _written(request, request.POST, copied)
    response = HttpResponse(copying.packed(copied, written, f"lienthong.{kind}"), content_type="application/zip")
    response.headers["Content-Disposition"] = 'attachment; filename="lienthong.zip"'
    return response


def _written(request: HttpRequest, given: Mapping[str, str], copied: list[copying.Copied]) -> tuple[Written, str]:
    """The records in the format and encoding that were chosen, and the ending of the file's name."""
    form = given.get("format") or "marc21"
    if form not in MARC_FILES:
        raise Trouble("file_kind_unknown", name=form[:40], known=", ".join(MARC_FILES))
    encoding, local = given.get("encoding") or "utf-8", given.get("local") == "yes"
    own = own_libraries(request) if local else frozenset()
    contents = copying.records_of(copied)
    written = write_file(MARC_FILES[form], contents, unseen(request), encoding=encoding[:40], local=local, own=own)
    return written, MARC_FILES[form]


def own_libraries(request: HttpRequest) -> frozenset[str]:
    """The libraries whose local fields this reader may have."""
    reader = reader_of(request)
    where = reader.libraries(Permission.LIBRARY_SEE) if reader.is_authenticated else frozenset()
    return frozenset(Library.objects.values_list("code", flat=True)) if where is None else where
