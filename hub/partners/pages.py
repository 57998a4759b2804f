"""What all pages of a library share: whose they are, who acts, and files that spreadsheets open without harm."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import get_language

from hub.accounts.access import reader_of
from hub.accounts.roles import Permission
from hub.network.models import Library
from schemas.problem import Problem

FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
PRIVATE = "private, no-store"


def library_of(code: str) -> Library:
    """The library of a code, or 404."""
    found = Library.objects.filter(pk=code).first()
    if found is None:
        raise Http404
    return found


def language() -> str:
    """The reader's language: ``vi`` or ``en``."""
    return "en" if get_language() == "en" else "vi"


def sentence(problem: Problem) -> str:
    """A problem in the reader's language."""
    return problem.sentence(language())


def signature(request: HttpRequest) -> str:
    """Who acts, for the audit trail."""
    return reader_of(request).signature


def may(request: HttpRequest, permission: Permission, library: Library) -> bool:
    """Whether the reader has a permission at a library."""
    return reader_of(request).may(permission, library.pk)


def frame(request: HttpRequest, library: Library, here: str) -> dict[str, Any]:
    """What the frame of each page asks: the library, where the reader is, what the reader may do."""
    allowed = {
        "upload": Permission.LIBRARY_UPLOAD,
        "correct": Permission.LIBRARY_CORRECT,
        "settings": Permission.LIBRARY_SETTINGS,
        "enter": Permission.COPIES_ENTER,
    }
    can = {name: may(request, permission, library) for name, permission in allowed.items()}
    return {"library": library, "here": here, "can": can}


def private(response: HttpResponse) -> HttpResponse:
    """A page of one library alone: kept nowhere on the way."""
    response.headers["Cache-Control"] = PRIVATE
    return response


def cell(value: object) -> str:
    """A cell of a CSV for people: what a spreadsheet would take for a formula begins with an apostrophe (CWE-1236)."""
    text = str(value)
    return f"'{text}" if text.startswith(FORMULA) else text


def table(name: str, header: Iterable[object], rows: Iterable[Sequence[object]]) -> HttpResponse:
    """A CSV for people, in UTF-8 with the mark by which Excel knows it."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow([cell(one) for one in header])
    writer.writerows([cell(one) for one in row] for row in rows)
    return attachment(name, ("\ufeff" + stream.getvalue()).encode(), "text/csv; charset=utf-8")


def safe_table(name: str, content: bytes) -> HttpResponse:
    """A CSV made for programs, as one for people."""
    header, *rows = list(csv.reader(io.StringIO(content.decode(), newline=""))) or [[]]
    return table(name, header, rows)


def attachment(name: str, content: bytes, kind: str) -> HttpResponse:
    """A file to be saved; ``name`` is a constant of ours with the library's code."""
    response = HttpResponse(content, content_type=kind)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return private(response)
