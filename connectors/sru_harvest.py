"""One harvest of an SRU server: everything a query finds, in one list or in slices; a checkpoint a page."""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from typing import Any

from connectors.connector import Job, Page
from connectors.deletions import is_named
from connectors.slices import Slice, cut, next_slice
from connectors.sru_notes import Notes
from connectors.sru_options import Options
from connectors.sru_page import Entry
from connectors.sru_partner import Partner
from connectors.sru_records import raw_records
from connectors.sru_results import Changed, ResultSet
from schemas.problem import Trouble
from schemas.record import RawRecord

RESTARTS = 3
UNLIMITED = 2**31
ROUND = 1000  # a number of records that is a multiple of it, or one less, may be where a server stops counting


class Harvest:
    """One run. ``waiting`` are the slices to come; ``total`` is what the server announced, ``before`` what earlier
    parts of a list that was cut gave; ``contents`` are hashes of what came now, one a record."""

    def __init__(self, job: Job, partner: Partner) -> None:
        self.job = job
        self.options: Options = job.options
        self.partner = partner
        self.asked = self.options.asked(partner.schema)
        self.notes = Notes()
        self.contents = array("q")
        self.doubtful = self.before = 0
        self.total: int | None = 0
        self.sliced = False
        self.waiting: list[Slice] = []
        self.part: Slice | None = None
        self.results: ResultSet | None = None
        stored = {} if job.full or job.checkpoint.get("asked") != self.asked else job.checkpoint
        partner.prefer(str(stored.get("version", "")))
        if "place" in stored:
            self._resume(stored)
        else:
            self._begin()

    def _begin(self) -> None:
        results = self._of(None)
        self.total = results.count()
        limit = self.options.max_records
        if self.total is None:
            self.notes.doubt("sru_uncounted")
        elif not self.total:
            self.notes.doubt("sru_empty")
        elif self.options.slices is None and 0 < limit <= self.total:
            raise Trouble("sru_too_many", hits=self.total, limit=limit)
        self.results = results
        if self.options.slices is not None and (self.total is None or self.total >= limit):
            self.sliced, self.waiting = True, cut(self.options.slices)
            self._next()

    def _resume(self, stored: dict[str, Any]) -> None:
        self.notes.certain = False
        self.total, self.before = stored["total"], int(stored["received"])
        self.waiting = [Slice(**part) for part in stored["waiting"]]
        self.part = Slice(**stored["slice"]) if stored["slice"] else None
        self.sliced = self.part is not None
        self.results = self._of(self.part)
        self.results.hits, self.results.place = stored["hits"], int(stored["place"])
        self.results.last, self.results.resumed = str(stored["last"]), True

    def _of(self, part: Slice | None) -> ResultSet:
        query = self.options.query_of(part)
        return ResultSet(self.partner, query, self.options.page_size, self._read, self.notes)

    def _read(self, entry: Entry, number: int) -> list[RawRecord]:
        place = f"record {number} of {self.part}" if self.part else f"record {number}"
        return raw_records(self.job.format, self.job.reading, entry, self.partner.schema, place)

    def _next(self) -> None:
        """Go on to the next slice; at the end there are no results."""
        found = next_slice(self.waiting, self._hits, self.options.max_records or UNLIMITED)
        self.part = self.results = None
        if found:
            self.part, hits = found
            self.results = self._of(self.part)
            self.results.hits = hits

    def _hits(self, part: Slice) -> int:
        try:
            hits = self._of(part).count()
        except Trouble as trouble:
            if not part.rest or trouble.problem.code != "sru_query_refused":
                raise
            self.notes.doubt("sru_rest_refused", **trouble.problem.facts)
            return 0
        if hits is None:
            raise Trouble("sru_slice_uncounted", slice=part)
        return hits

    def pages(self) -> Iterator[Page]:
        """The pages of all result sets, then the page that says that this was the end."""
        while self.results is not None:
            yield from self._part(self.results)
            self._next()
        self._judge()
        end = {"asked": self.asked, "version": self.partner.version, "total": self.total}
        yield Page([], end, True, self.notes.taken(), self.total, everything=self.notes.certain)

    def _part(self, results: ResultSet) -> Iterator[Page]:
        """The pages of one result set; one that changes is read from its beginning again."""
        restarts = 0
        while not results.over:
            try:
                records = results.page()
            except Changed:
                restarts += 1
                if restarts > RESTARTS:
                    raise Trouble("sru_unstable", limit=RESTARTS) from None
                self.notes.doubt("sru_restarted", place=results.place)
                self._adopt(results.count())
                continue
            self._adopt(results.hits)
            if records:
                self._keep(records)
                yield Page(records, self._checkpoint(results), notes=self.notes.taken(), announced=self.total)

    def _adopt(self, hits: int | None) -> None:
        """What the server says now of the whole list."""
        self.total = hits if self.part is None else self.total

    def _keep(self, records: list[RawRecord]) -> None:
        self.doubtful += sum(record.problem is not None and not is_named(record) for record in records)
        self.contents.extend({record.place: hash(record.body) for record in records}.values())

    def _received(self) -> int:
        """How many different records came."""
        return self.before + len(set(self.contents))

    def _judge(self) -> None:
        """Doubt a list that gave fewer records than announced, or just as many as a limit has, or records nobody can
        tell by their identifiers."""
        received, announced = self._received(), self.total or 0
        if received < announced:
            self.notes.doubt("sru_slices_short" if self.sliced else "sru_short", received=received, announced=announced)
        if announced >= ROUND - 1 and announced % ROUND in (0, ROUND - 1):
            self.notes.doubt("sru_round", announced=announced)
        if self.doubtful:
            self.notes.doubt("full_doubtful", count=self.doubtful)

    def _checkpoint(self, results: ResultSet) -> dict[str, Any]:
        return {
            "asked": self.asked,
            "version": self.partner.version,
            "total": self.total,
            "received": self.before + len(self.contents),
            "waiting": [part.stored() for part in self.waiting],
            "slice": self.part.stored() if self.part else None,
            "hits": results.hits,
            "place": results.place,
            "last": results.last,
        }
