"""A list of records read page by page, by number, while others change it.

Numbered pages over a living list are treacherous: when a record before the next page goes, the record that began that
page moves to the one already read and is never seen. So each time a page has come, the last place of the page before
is asked for alone. Another record there means that the list has moved: the page before is read again, and no record is
taken to be gone. Counts alone would not show it where as many came as went.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from connectors.deletions import is_named
from connectors.rest_api import Broken, Given
from connectors.rest_options import Options
from schemas.marc21 import key_of
from schemas.problem import Problem, Trouble
from schemas.record import RawRecord

IDLE_PAGES = 3  # pages in a row that bring nothing new
STEPS_BACK = 10  # pages of one list that are read again because the list moved
FUTILE = 5  # single records of one page asked for in vain, after which no more are

Ask = Callable[[int, int], Given]  # page number (from 1), page size
Count = Callable[[], int | None]


class List:
    """One list. ``page`` is the next page; ``short`` says that the list lacks something it should have, ``doubtful``
    that what it lacks may still be there."""

    def __init__(self, ask: Ask, count: Count, rest: Callable[[int], None], options: Options) -> None:
        self.ask = ask
        self.count = count
        self.rest = rest
        self.options = options
        self.page, self.size = 1, options.page_size
        self.edges: dict[int, str] = {}  # the last record of each page, for as long as it can be compared
        self.seen: set[int] = set()
        self.total: int | None = None
        self.date = ""
        self.notes: list[Problem] = []
        self.short = self.doubtful = self.resumed = False
        self.compares: bool | None = None  # whether single places can be asked for; None: not known yet
        self.last: set[int] = set()  # what the page before named
        self.idle = self.steps = self.unnamed = self.partial = self.furthest = 0

    def resume(self, stored: dict[str, Any]) -> None:
        """Go on where :meth:`position` was stored."""
        self.page, self.size = int(stored["page"]), int(stored["size"])
        self.edges = {self.page - 1: str(stored["edge"])}
        self.short = bool(stored["short"])
        self.resumed = True

    def position(self) -> dict[str, Any]:
        """Where the list stands, as JSON."""
        edge = self.edges.get(self.page - 1, "")
        return {"page": self.page, "size": self.size, "edge": edge, "short": self.short}

    def pages(self) -> Iterator[tuple[list[RawRecord], bool]]:
        """(records, whether the list has ended with them)."""
        while True:
            number = self.page
            given = self._read(number)
            self._take(given, number)
            if self._has_moved(given, number):
                yield given.records, False
                continue
            ended = not given.records or (self.total is not None and number * self.size >= self.total)
            self.edges[number] = given.records[-1].identifier if len(given.records) == self.size else ""
            self.page = number + 1
            if ended:
                self._compare(given)
            elif number >= self.options.page_limit:
                raise Trouble("rest_page_limit", limit=self.options.page_limit)
            yield given.records, ended
            if ended:
                return

    def _read(self, number: int) -> Given:
        """Page ``number``; one that is broken or lacks records is asked for again, then record by record."""
        for attempt in range(1, self.options.tries + 1):
            try:
                given = self.ask(number, self.size)
            except Broken as broken:
                if attempt == self.options.tries:
                    return self._one_by_one(number, broken.problem)
            except Trouble as trouble:
                if trouble.problem.facts.get("status") != "500":
                    raise
                return self._one_by_one(number, trouble.problem)
            else:
                expected = self._expected(given, number)
                if len(given.records) >= expected:
                    return given
                if attempt == self.options.tries:
                    self.short = True
                    self._doubt("rest_page_short", page=number, received=len(given.records), expected=expected)
                    return given
            self.rest(attempt)
        raise AssertionError("at least one try")

    def _expected(self, given: Given, number: int) -> int:
        """How many records a page must have at least: a server may cut its pages smaller, but none is empty."""
        if given.total is None:
            return 0
        expected = max(0, min(self.size, given.total - (number - 1) * self.size))
        return min(expected, 1) if number == 1 else expected

    def _one_by_one(self, number: int, problem: Problem) -> Given:
        """The records of a page, each a page of its own; those that cannot be had come with a problem."""
        found, failed = Given([]), 0
        first = (number - 1) * self.size + 1
        for position in range(first, first + self.size):
            try:
                given = self.ask(position, 1)
            except (Broken, Trouble) as error:
                failed += 1
                lost = _lost(error, position)
                if lost is None or failed > FUTILE:
                    raise Trouble(problem.code, **problem.facts) from None
                given = Given([lost], found.total, found.date)
            if len(given.records) > 1:
                raise Trouble(problem.code, **problem.facts)
            if not given.records:
                break
            found = Given([*found.records, *given.records], given.total, given.date)
        self.notes.append(Problem("rest_one_by_one", {"page": str(number), "failed": str(failed)}))
        return found

    def _take(self, given: Given, number: int) -> None:
        """Go past a page; a list that brings nothing new any more is a :class:`Trouble`."""
        known, before, self.last = len(self.seen), self.last, {hash(raw.identifier) for raw in given.records}
        self.seen |= self.last
        self.unnamed += sum(raw.problem is not None and not is_named(raw) for raw in given.records)
        again, self.furthest = number <= self.furthest, max(number, self.furthest)
        self.idle = 0 if len(self.seen) > known or again or not given.records else self.idle + 1
        if self.idle > IDLE_PAGES or (len(self.last) > 1 and self.last == before):
            raise Trouble("rest_endless", limit=IDLE_PAGES, page=number, param=self.options.page_param)
        self.date = self.date or given.date
        self.total = given.total
        if number == 1 and 0 < len(given.records) < self.size:
            self.size = len(given.records)  # the server's own page is smaller, or this is all there is
        if self.partial and given.records and not self.doubtful:
            self._doubt("rest_page_short", page=self.page - 1, received=self.partial, expected=self.size)
        self.partial = len(given.records) if len(given.records) < self.size else 0

    def _has_moved(self, given: Given, number: int) -> bool:
        """Whether the page before no longer ends with the record it ended with; then it is the next page again."""
        edge = self.edges.get(number - 1, "")
        if not edge or self.idle or not self._can_compare():
            return False
        there = self._at((number - 1) * self.size)
        if there is None or there == edge:
            return False
        self.steps += 1
        if self.steps > STEPS_BACK:
            self.compares, self.short = False, True
            self._doubt("rest_unstable", limit=STEPS_BACK)
            return False
        self._doubt("rest_shifted", page=number)
        self.page = 1 if self.resumed and not self.edges.get(number - 2) else number - 1
        self.edges = {page: edge for page, edge in self.edges.items() if page < self.page}
        self.last = set()
        return True

    def _can_compare(self) -> bool:
        """Whether the server gives single places: the first is asked for."""
        if self.compares is None:
            try:
                received = len(self.ask(1, 1).records)
            except (Broken, Trouble) as error:
                if _lost(error, 1) is None:
                    raise
                received = 1
            self.compares = received <= 1
            if received > 1:
                self._doubt("rest_size_ignored", param=self.options.size_param, received=received)
        return self.compares

    def _at(self, position: int) -> str | None:
        """The identifier of the record at a place; ``""`` where there is none, ``None`` where it cannot be told."""
        try:
            given = self.ask(position, 1)
        except (Broken, Trouble) as error:
            if _lost(error, position) is None:
                raise
            self.doubtful = True
            return None
        return given.records[0].identifier if given.records else ""

    def _compare(self, given: Given) -> None:
        """Compare what came with what the server says there is."""
        total = given.total if given.total is not None else self.count()
        if total is not None and total != len(self.seen) and not self.resumed:
            self._doubt("rest_counts_differ", received=len(self.seen), total=total)
        if self.unnamed:
            self._doubt("full_doubtful", count=self.unnamed)

    def _doubt(self, code: str, **facts: object) -> None:
        """Note something for which no record can be taken to be gone."""
        self.notes.append(Problem(code, {name: str(value) for name, value in facts.items()}))
        self.doubtful = True


def _lost(error: Broken | Trouble, position: int) -> RawRecord | None:
    """What stands for a record that the server cannot give; ``None`` when the fault is not this record's."""
    place = f"record {position}"
    if isinstance(error, Broken):
        return RawRecord(key_of(error.body), error.body, place, problem=error.problem)
    if error.problem.facts.get("status") != "500":
        return None
    body = f"{place}: {error}".encode()
    return RawRecord(key_of(body), body, place, problem=Problem("rest_record_failing", {"place": place}))
