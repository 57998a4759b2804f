"""What all pages of a library share: whose they are, who acts, and files that spreadsheets open without harm."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence

from django.http import HttpRequest, HttpResponse

from hub.accounts.access import reader_of
from hub.accounts.pages import language
from hub.network.own_pages import frame, library_of, may, private
from hub.partners.wording import SENTENCES
from hub.stages.sheets import sheet
from schemas.advice import Advice
from schemas.problem import Problem

STORED = re.compile(r"[0-9a-f]{32}\.[a-z]{2,4}(?:,\s*|$)")  # the name of an uploaded file
__all__ = ("frame", "library_of", "may", "private")
PLACES = (
    (re.compile(r"\brows (?=\d)"), "các dòng "),
    (re.compile(r"\brow (?=\d)"), "dòng "),
    (re.compile(r"\bsheet “([^”]*)”"), r"trang tính «\1»"),
    (re.compile(r"\brecord (?=\d)"), "biểu ghi thứ "),
    (re.compile(r"\bline (?=\d)"), "dòng "),
    (re.compile(r"\bpage (?=\d)"), "trang "),
)


def sentence(problem: Problem) -> str:
    """A problem in the reader's language."""
    return problem.sentence(language())


def place(text: str) -> str:
    """Where a record stood, in the reader's language and without the name we gave the file: «dòng 9»."""
    text = STORED.sub("", text)
    if language() == "en":
        return text
    for found, said in PLACES:
        text = found.sub(said, text)
    return text


def problem_sentence(problem: Problem) -> str:
    """A problem with a record of the library, its place in the reader's words."""
    facts = {name: place(text) if name == "place" else text for name, text in problem.facts.items()}
    return sentence(Problem(problem.code, facts))


def mend(advice: Advice) -> str:
    """What to do about a record, said to its own library: advice is written for the hub's staff."""
    if advice.body is not None:
        return sentence(Problem("own_mendable")) + " " + advice.sentence(language())
    return " ".join(
        sentence(Problem(f"own_{step.code}", step.facts) if f"own_{step.code}" in SENTENCES else step)
        for step in advice.steps
    )


def signature(request: HttpRequest) -> str:
    """Who acts, for the audit trail."""
    return reader_of(request).signature


def table(name: str, header: Iterable[object], rows: Iterable[Sequence[object]]) -> HttpResponse:
    """A CSV for people, in UTF-8 with the mark by which Excel knows it."""
    return attachment(name, sheet(header, rows), "text/csv; charset=utf-8")


def safe_table(name: str, content: bytes) -> HttpResponse:
    """A CSV made for programs, as one for people."""
    header, *rows = list(csv.reader(io.StringIO(content.decode(), newline=""))) or [[]]
    return table(name, header, rows)


def attachment(name: str, content: bytes, kind: str) -> HttpResponse:
    """A file to be saved; ``name`` is a constant of ours with the library's code."""
    response = HttpResponse(content, content_type=kind)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return private(response)
