"""Z39.50 (ISO 23950, https://www.loc.gov/z3950/agency/): everything a database holds, by the YAZ client.

The protocol is made for searching: it knows neither changes nor deletions, so each harvest lists everything, and a
whole list shows what is gone. Where a server limits its result sets the list is read in slices
(:mod:`connectors.slices`). The checkpoint after a page holds the place within the result set, so that a harvest that
was cut goes on there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256
from io import BytesIO
from typing import Any, Literal

from pydantic import Field, field_validator

from connectors.connector import Connector, Job, Page
from connectors.deletions import is_named
from connectors.secret import Variable, secret
from connectors.slices import ResultSetOptions, Slice, cut, next_slice
from connectors.z3950_client import Client, Target
from connectors.z3950_diagnostics import problem_of
from connectors.z3950_results import Changed, ResultSet
from connectors.z3950_zoom import Given
from schemas.marc21 import key_of
from schemas.problem import Problem, Trouble
from schemas.record import RawRecord

EVERYTHING = '@attr 1=_ALLRECORDS @attr 2=103 ""'  # Bib-1: relation AlwaysMatches
ATTRIBUTE_SET = re.compile(r"\s*(@attrset\s+\S+\s+)?(.*)", re.DOTALL)
SYNTAXES = {"marc21": "usmarc", "unimarc": "unimarc"}  # by the source's format; the others come as XML
RESTARTS = 3
UNLIMITED = 2**31


class Options(ResultSetOptions):
    """Where the database is and what is asked of it.

    ``query`` is in PQF (https://software.indexdata.com/yaz/doc/tools.html#PQF) and finds everything unless it says
    otherwise. Without ``syntax`` the source's format decides. ``page_size`` records are asked for at once.
    ``max_records`` is the most records the server gives of one result set, 0 when it has no such limit; a larger set is
    read in ``slices``. A record that two whole lists lack, ``confirm_after`` apart, is gone.
    """

    host: str = Field(pattern=r"^[^\s/@:]{1,253}$|^[0-9a-fA-F:]{2,45}$")
    port: int = Field(default=210, ge=1, le=65535)
    database: str = Field(default="Default", min_length=1, max_length=500)
    syntax: Literal["", "usmarc", "unimarc", "xml"] = ""
    element_set: str = Field(default="F", max_length=100)
    query: str = Field(default=EVERYTHING, min_length=1, max_length=4000)
    username: str = ""
    password_env: Variable = ""

    @field_validator("database", "element_set", "query", "username")
    @classmethod
    def _is_plain(cls, text: str) -> str:
        if not text.isprintable():
            raise ValueError("it has control characters")
        return text

    def target(self, syntax: str) -> Target:
        """The server and the session these options ask for; :class:`Trouble` ``secret_missing``."""
        session = {
            "implementationName": "Lienthong",
            "databaseName": self.database,
            "preferredRecordSyntax": syntax,
            "elementSetName": self.element_set,
            "presentChunk": str(self.page_size),
            "count": "0",
            "piggyback": "0",
            "maximumRecordSize": str(self.max_bytes),
            "preferredMessageSize": str(self.max_bytes),
            "user": self.username,
            "password": secret(self.password_env) if self.password_env else "",
        }
        return Target(self.host, self.port, {name: value for name, value in session.items() if value})

    def query_of(self, part: Slice | None) -> str:
        """The query of a slice, or of everything (RPN operators and, not; Bib-1 relations 2 and 4: ≤ and ≥)."""
        if part is None or self.slices is None:
            return self.query
        index, width = self.slices.index, len(str(self.slices.last))
        attributes, query = _split(self.query)
        within = f"@and {index} @attr 2=4 {part.first:0{width}} {index} @attr 2=2 {part.last:0{width}}"
        return f"{attributes}@{'not' if part.rest else 'and'} {query} {within}"


def _split(query: str) -> tuple[str, str]:
    """The attribute set a query begins with, if any, and the query."""
    found = ATTRIBUTE_SET.fullmatch(query)
    assert found
    return found[1] or "", found[2]


def syntax_of(job: Job) -> str:
    """The record syntax to ask for."""
    return str(job.options.syntax or SYNTAXES.get(job.format.name, "xml"))


class _Harvest:
    """One run over one database. ``waiting`` are the slices to come; ``counted`` is what the others have together."""

    def __init__(self, job: Job, client: Client) -> None:
        self.job = job
        self.options: Options = job.options
        self.client = client
        self.syntax = syntax_of(job)
        self.asked = _asked(self.options, self.syntax)
        self.notes: list[Problem] = []
        self.doubtful = 0
        self.counted = self.total = 0
        self.waiting: list[Slice] = []
        self.part: Slice | None = None
        self.results: ResultSet | None = None
        stored = {} if job.full or job.checkpoint.get("asked") != self.asked else job.checkpoint
        self.everything = "place" not in stored
        if self.everything:
            self._begin()
        else:
            self._resume(stored)

    def _begin(self) -> None:
        results = self._of(None)
        self.total = self.counted = results.count()
        limit = self.options.max_records
        if self.options.slices is None and 0 < limit < self.total:
            raise Trouble("z3950_too_many", hits=self.total, limit=limit)
        if self.options.slices is None or self.total < limit:
            self.results = results
        else:
            self.counted, self.waiting = 0, cut(self.options.slices)
            self._next()

    def _resume(self, stored: dict[str, Any]) -> None:
        self.total, self.counted = int(stored["total"]), int(stored["counted"])
        self.waiting = [Slice(**part) for part in stored["waiting"]]
        self.part = Slice(**stored["slice"]) if stored["slice"] else None
        self.results = self._of(self.part)
        self.results.hits, self.results.place = int(stored["hits"]), int(stored["place"])
        self.results.last = str(stored["last"])

    def _of(self, part: Slice | None) -> ResultSet:
        return ResultSet(self.client, self.options.query_of(part))

    def _next(self) -> None:
        """Go on to the next slice; at the end there are no results."""
        found = next_slice(self.waiting, self._hits, self.options.max_records or UNLIMITED)
        self.part = self.results = None
        if found:
            self.part, hits = found
            self.results = self._of(self.part)
            self.results.hits = hits
            self.counted += hits

    def _hits(self, part: Slice) -> int:
        try:
            return self._of(part).count()
        except Trouble as trouble:
            if not part.rest or trouble.problem.code != "z3950_query_refused":
                raise
            self.notes.append(Problem("z3950_rest_refused", trouble.problem.facts))
            self.everything = False
            return 0

    def pages(self) -> Iterator[Page]:
        """The pages of all result sets, then the page that says that this was the end."""
        while self.results is not None:
            if self.results.ended():
                self._next()
                continue
            yield from self._part(self.results)
        if self.counted < self.total:
            self._doubt("z3950_slices_short", counted=self.counted, total=self.total)
        if self.doubtful:
            self._doubt("full_doubtful", count=self.doubtful)
        end = {"asked": self.asked, "total": self.total}
        yield Page([], end, True, tuple(self.notes), self.total, everything=self.everything)

    def _part(self, results: ResultSet) -> Iterator[Page]:
        """The pages of one result set; one that changes is read from its beginning again."""
        restarts = 0
        while not results.ended():
            start, before = results.place, results.hits
            try:
                given = results.page(self.options.page_size)
            except Changed:
                restarts += 1
                if restarts > RESTARTS:
                    raise Trouble("z3950_unstable", limit=RESTARTS) from None
                self.counted += results.count() - before
                self.total += results.hits - before
                self._doubt("z3950_changed", place=start, before=before, now=results.hits)
                continue
            records = [record for n, one in enumerate(given, start + 1) for record in self._records(one, n)]
            notes, self.notes = tuple(self.notes), []
            yield Page(records, self._checkpoint(results), notes=notes, announced=self.total)

    def _records(self, given: Given, number: int) -> list[RawRecord]:
        place = f"record {number} of {self.part}" if self.part else f"record {number}"
        found = raw_records(self.job, given, self.syntax, place)
        self.doubtful += sum(record.problem is not None and not is_named(record) for record in found)
        return found

    def _doubt(self, code: str, **facts: object) -> None:
        """Note something for which no record can be taken to be gone."""
        self.notes.append(Problem(code, {name: str(value) for name, value in facts.items()}))
        self.everything = False

    def _checkpoint(self, results: ResultSet) -> dict[str, Any]:
        return {
            "asked": self.asked,
            "total": self.total,
            "counted": self.counted,
            "waiting": [part.stored() for part in self.waiting],
            "slice": self.part.stored() if self.part else None,
            "hits": results.hits,
            "place": results.place,
            "last": results.last,
        }


def _asked(options: Options, syntax: str) -> str:
    """What is asked for, in brief: a checkpoint counts only for the same."""
    asked = (options.host, options.port, options.database, options.query, options.element_set, syntax, options.slices)
    return sha256(repr(asked).encode()).hexdigest()[:16]


def raw_records(job: Job, given: Given, syntax: str, place: str) -> list[RawRecord]:
    """The raw records of what a server gave for one place: one, unless its bytes hold several."""
    if given.diagnostic:
        problem = problem_of(given.diagnostic, place)
        body = f"{problem.facts['number']} {problem.facts['message']}".encode()
        return [RawRecord(key_of(f"{place} {body!r}".encode()), body, place, problem=problem)]
    if given.syntax.lower() != syntax or not given.body:
        other = Problem("z3950_other_syntax", {"place": place, "syntax": given.syntax or "?", "asked": syntax})
        return [RawRecord(key_of(given.body), given.body, place, problem=other)]
    try:
        found = list(job.format.split(BytesIO(given.body), job.reading))
    except Trouble as trouble:
        return [RawRecord(key_of(given.body), given.body, place, problem=trouble.problem)]
    if not found:
        return [RawRecord(key_of(given.body), given.body, place, problem=Problem("z3950_no_record", {"place": place}))]
    return [replace(record, place=place) for record in found]


def pages(job: Job) -> Iterator[Page]:
    """The pages of the database from the job's checkpoint on."""
    with Client(job.options.target(syntax_of(job)), job.options) as client:
        yield from _Harvest(job, client).pages()


def check(job: Job) -> list[Problem]:
    """Open a session, count, and read one record; what is wrong."""
    try:
        syntax = syntax_of(job)
        with Client(job.options.target(syntax), job.options) as client:
            return _checked(job, ResultSet(client, job.options.query), syntax)
    except Trouble as trouble:
        return [trouble.problem]


def _checked(job: Job, results: ResultSet, syntax: str) -> list[Problem]:
    hits, limit = results.count(), job.options.max_records
    if not hits:
        return [Problem("z3950_empty", {"database": job.options.database})]
    problems = []
    if 0 < limit < hits and job.options.slices is None:
        problems.append(Problem("z3950_too_many", {"hits": str(hits), "limit": str(limit)}))
    for record in raw_records(job, results.page(1)[0], syntax, "record 1"):
        if record.problem:
            problems.append(record.problem)
        elif not record.deleted:
            job.format.parse(record.body, job.reading)
    return problems


CONNECTOR = Connector(
    name="z3950",
    title={"vi": "Z39.50: lấy hết một cơ sở dữ liệu", "en": "Z39.50: everything a database holds"},
    options=Options,
    pages=pages,
    check=check,
)
