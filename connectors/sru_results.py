"""The records a query finds, read page by page from a list that may change, lie about its length, or lead nowhere.

Each page is a search of its own: there is no result set that the server would keep for us. Where there is a doubt the
place within the list is verified by the record that was read last: it must stand at its place still, or as many places
further on as there are more records now. Else the list has changed and is read from its beginning again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from connectors.sru_notes import Notes
from connectors.sru_page import Entry, SruPage
from connectors.sru_partner import Partner
from schemas.problem import Problem, Trouble
from schemas.record import RawRecord

MOVES = 3  # times a list may move while one page is asked for
IDLE_PAGES = 20  # pages in a row without a new record
REFUSED = 10  # records in a row that cannot be had
HALVED = frozenset(
    {"sru_diagnostic", "sru_parameter", "sru_cut", "xml_broken", "xml_too_long", "http_status", "http_failing",
     "http_too_long", "http_bomb"}
)  # fmt: skip
STOPS = frozenset({"sru_diagnostic", "sru_limited", "sru_parameter"})  # where a server gives no more of its list

Read = Callable[[Entry, int], list[RawRecord]]


class Changed(Exception):
    """The list is no longer the one that was being read."""


@dataclass(slots=True)
class ResultSet:
    """What a query finds: ``hits`` records if the server is to be believed, of which ``place`` have been passed.

    ``last`` is the identifier of the record at that place, ``""`` where it cannot be known. ``resumed`` says that an
    earlier harvest has read so far, ``over`` that there is nothing more to come.
    """

    partner: Partner
    query: str
    page_size: int
    read: Read
    notes: Notes
    hits: int | None = None
    place: int = 0
    last: str = ""
    resumed: bool = False
    over: bool = False
    _pages: int = 0
    _largest: int = 0
    _wanted: int = 0
    _idle: int = 0
    _seen: set[int] = field(default_factory=set)
    _marks: list[tuple[str, int]] = field(default_factory=list)

    def count(self) -> int | None:
        """Ask how many records the query finds, and begin with the first; ``None`` where the server does not say."""
        answer = self._counted()
        if not answer.exact:
            self.notes.doubt("sru_inexact", hits=answer.hits)
        self.hits, self.place, self.last, self.resumed = answer.hits, 0, "", False
        self.over = answer.hits == 0 or (answer.hits is None and not answer.entries)
        self._pages = self._largest = self._idle = 0
        self._seen, self._marks = set(), []
        return self.hits

    def page(self) -> list[RawRecord]:
        """The next records; none where the list has ended, or where it has none at its next places.

        :class:`Changed` when it cannot be gone on with, :class:`Trouble` when the server does not give it.
        """
        if self.resumed:
            self.resumed = False
            self._find_place(self._asked(self.place - 1, 1).hits)
        for _ in range(MOVES):
            answer = self._answer()
            if not answer.entries:
                return self._ended(answer)
            if answer.hits in (None, self.hits) or not self._find_place(answer.hits):
                return self._taken(answer)
        raise Changed

    def _counted(self) -> SruPage:
        """An answer with one record; without, where it is the first record that cannot be had."""
        try:
            return self.partner.search(self.query, 1, 1)
        except Trouble as trouble:
            if not _is_of_records(trouble.problem) or trouble.problem.code == "sru_parameter":
                raise
        return self.partner.search(self.query, 1, 0)

    def _asked(self, start: int, count: int) -> SruPage:
        """The same, or fewer: half of what the server cannot give, and half of that, so that one record keeps no other
        back. A single record that cannot be had is the reason why, in its place."""
        while True:
            self._wanted = count
            try:
                return self.partner.search(self.query, start + 1, count)
            except Trouble as trouble:
                failure = trouble.problem
                if not _is_of_records(failure) or (count == 1 and self._is_the_end(start, failure)):
                    raise
            if count == 1:
                said = f"{self.query}, {start + 1}: {failure.sentence('en')}".encode()
                return SruPage((Entry(said, problem=failure),), self.hits)
            count //= 2
            if failure.code == "sru_parameter":
                self.page_size = count

    def _is_the_end(self, place: int, failure: Problem) -> bool:
        """Whether it is not the record after this place alone that cannot be had, but none of those that follow."""
        if failure.code == "sru_parameter" or (self.hits is not None and place >= self.hits):
            return True
        for following in range(place + 1, place + REFUSED):
            if self.hits is not None and following >= self.hits:
                return False
            try:
                answer = self.partner.search(self.query, following + 1, 1)
            except Trouble as trouble:
                if not _is_of_records(trouble.problem):
                    raise
            else:
                if answer.entries or answer.refusal:
                    return False
        return True

    def _answer(self) -> SruPage:
        """The next page; without records where the list ends there, whatever way the server says so."""
        try:
            return self._again(self._asked(self.place, self.page_size))
        except Trouble as trouble:
            code = trouble.problem.code
            if self._is_complete():  # what was announced has come
                if code != "sru_parameter":
                    self.notes.doubt("sru_unproven", hits=self.hits)
                return SruPage()
            if code == "sru_gone":
                raise Changed from None
            if not self.place or code not in STOPS:
                raise
            return SruPage(refusal=_said(trouble.problem))

    def _again(self, answer: SruPage) -> SruPage:
        """A page that came without records before the end is asked for again; the last answer."""
        for attempt in range(1, self.partner.client.tries):
            if answer.entries or answer.refusal or self._is_complete():
                break
            self.partner.client.rest(attempt)
            answer = self._asked(self.place, self.page_size)
        return answer

    def _is_complete(self) -> bool:
        """Whether as many places have been passed as the server announced."""
        return self.hits is not None and self.place >= self.hits

    def _find_place(self, now: int | None) -> bool:
        """The server finds another number of records, or the list was left for a while: whether it has moved."""
        before, self.hits = self.hits, self.hits if now is None else now
        shift = self.hits - before if self.hits is not None and before is not None else 0
        if shift:
            self.notes.doubt("sru_changed", place=self.place, before=before, now=now)
        if not self.last or self._holds_last(self.place):
            return False
        if not shift or not self._holds_last(self.place + shift):
            raise Changed
        self.place += shift
        return True

    def _holds_last(self, place: int) -> bool:
        """Whether the record that was read last is at this place."""
        entries = self._asked(place - 1, 1).entries if place > 0 else ()
        return any(record.identifier == self.last for entry in entries[:1] for record in self.read(entry, place))

    def _taken(self, answer: SruPage) -> list[RawRecord]:
        """Go past a page that has records."""
        numbers = _numbers(answer.entries, self.place, self.page_size)
        found = [record for n, one in zip(numbers, answer.entries, strict=True) for record in self.read(one, n)]
        self._check_refusals(answer)
        if self._leads_nowhere(found):
            self.over = True
            return []
        self.place, self.last = numbers[-1], found[-1].identifier
        more = answer.following is not None and answer.following > self.place
        room = len(answer.entries) < min(self._largest, self._wanted)  # a page without room may hide that there is more
        self.over = self._is_complete() and room and not more
        self._pages, self._largest = self._pages + 1, max(self._largest, len(answer.entries))
        self._note(answer)
        return found

    def _check_refusals(self, answer: SruPage) -> None:
        """:class:`Trouble` when the server has only diagnostics in the place of its first records."""
        refused = [entry.diagnostic for entry in answer.entries if entry.diagnostic]
        some = len(answer.entries) > 1 or self.hits == 1
        if not self.place and some and len(refused) == len(answer.entries):
            raise Trouble("sru_gives_nothing", hits=_number(self.hits), message=refused[0].sentence)

    def _leads_nowhere(self, found: list[RawRecord]) -> bool:
        """Whether a page that has nothing new means that the list does not go on."""
        marks = [(record.identifier, hash(record.body)) for record in found]
        before, known = self._marks, len(self._seen)
        self._marks = marks
        self._seen.update(hash(identifier) for identifier, _ in marks)
        if len(self._seen) > known:
            self._idle = 0
            return False
        self._idle += 1
        complete = self._is_complete()
        if marks != before and self._idle <= IDLE_PAGES and not complete:
            return False
        if self._pages == 1 and not complete:
            raise Trouble("sru_repeats", place=self.place, hits=_number(self.hits))
        self.notes.doubt("sru_stuck", place=self.place, hits=_number(self.hits))
        return True

    def _ended(self, answer: SruPage) -> list[RawRecord]:
        """A page without records: the end, a gap, or a list that is shorter than the server says."""
        self.over = True
        if self.hits is None or self._is_complete():
            return []
        if self._counted().hits != self.hits:
            raise Changed
        if not self.place:
            raise Trouble("sru_gives_nothing", hits=self.hits, message=answer.refusal or "-")
        following = answer.following or 0
        if self.place + 1 < following <= self.hits:
            self.notes.doubt("sru_skipped", place=self.place, following=following)
            self.place, self.last, self.over = following - 1, "", False
        else:
            self.notes.doubt("sru_stopped", place=self.place, hits=self.hits, message=answer.refusal or "-")
        return []

    def _note(self, answer: SruPage) -> None:
        """Note what was strange about a page."""
        for said in answer.diagnostics:
            tell = self.notes.note if said.harmless else self.notes.doubt
            tell("sru_warned", number=said.number, message=said.said)
        if answer.salvaged:
            self.notes.note("sru_salvaged", place=self.place, count=answer.salvaged)
        if self.hits is not None and self.place > self.hits:
            self.notes.doubt("sru_more", hits=self.hits)


def _said(problem: Problem) -> str:
    return ": ".join(problem.facts[name] for name in ("number", "message") if name in problem.facts)


def _number(hits: int | None) -> str:
    return "?" if hits is None else str(hits)


def _is_of_records(problem: Problem) -> bool:
    """Whether a failure may be that of a single record; of the statuses that pass only 500 is."""
    return problem.code in HALVED and (problem.code != "http_failing" or problem.facts["status"] == "500")


def _numbers(entries: tuple[Entry, ...], start: int, count: int) -> list[int]:
    """The places of the entries: those they say, if these can be, else one after the other."""
    said = [entry.position or 0 for entry in entries]
    rising = all(a < b for a, b in zip([start, *said], said, strict=False))
    return said if rising and said[-1] <= start + count else list(range(start + 1, start + 1 + len(entries)))
