"""Records behind a web API that lists them in numbered pages: MARC-in-JSON, MARCXML or ISO 2709 (Koha's REST API).

The first list is whole. After it only what changed is asked for, where the API can tell (``since``), from the server's
time at the beginning of the last list less an overlap; and everything again every so often, because only a whole list
shows what is gone. The checkpoint after a page holds the next page's number, so that a harvest that was cut goes on
there. What makes numbered pages safe stands in :mod:`connectors.rest_list`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from connectors.connector import Connector, Job, Page
from connectors.deletions import is_named
from connectors.oai_dates import SECONDS, instant_of, window_start
from connectors.rest_api import Api, Broken, accept_of
from connectors.rest_list import List
from connectors.rest_options import SINCE, Options
from schemas.problem import Problem, Trouble
from schemas.record import RawRecord


@dataclass(frozen=True, slots=True)
class Listed:
    """A list of a run: its address and arguments, and whether it tells what was deleted."""

    url: str
    arguments: dict[str, str]
    gone: bool = False


class _Harvest:
    """One run: the list of records, and after it, where changes were asked for, that of deletions."""

    def __init__(self, job: Job, api: Api) -> None:
        self.options: Options = job.options
        self.api = api
        self.asked = asked_of(job)
        self.stored = {} if job.full or job.checkpoint.get("asked") != self.asked else job.checkpoint
        self.resumed = "page" in self.stored
        self.start = str(self.stored["start"]) if self.resumed else self._start()
        self.first = str(self.stored["first"]) if self.resumed else ""
        self.announced: int | None = self.stored.get("announced") if self.resumed else None
        self.short = False
        self.live: set[str] = set()

    def _start(self) -> str:
        """From when on changes are asked for; ``""`` when everything is to be listed."""
        whole = instant_of(str(self.stored.get("whole", "")))
        if not self.options.since or whole is None or datetime.now(UTC) - whole >= self.options.whole_every:
            return ""
        return window_start(str(self.stored.get("since", "")), self.options.overlap, SECONDS)

    def pages(self) -> Iterator[Page]:
        """The pages of the lists of this run."""
        lists = lists_of(self.options, self.start)
        reached = int(self.stored["list"]) if self.resumed else 0
        for number in range(reached, len(lists)):
            found = self._open(lists[number])
            found.short = self.short
            if self.resumed and number == reached:
                found.resume(self.stored)
            elif not lists[number].gone:
                self.announced = found.count()
            yield from self._pages(found, lists, number)
            self.short = found.short

    def _open(self, listed: Listed) -> List:
        return List(
            lambda number, size: self.api.page(listed.url, listed.arguments, number, size),
            lambda: self.api.count(listed.url, listed.arguments),
            self.api.client.rest,
            self.options,
        )

    def _pages(self, found: List, lists: list[Listed], number: int) -> Iterator[Page]:
        gone, last = lists[number].gone, number + 1 == len(lists)
        for records, ended in found.pages():
            self.first = self.first or found.date
            if not gone and self.announced is None:
                self.announced = found.total
            if ended and last and self.options.since and not self.first:
                found.notes.append(Problem("rest_no_date"))
            notes, found.notes = tuple(found.notes), []
            yield Page(
                self._deleted(records) if gone else self._kept(records),
                self._checkpoint(found, number, ended=ended, last=last),
                complete=ended and last,
                notes=notes,
                announced=self.announced,
                everything=ended and last and not (self.start or self.resumed or found.doubtful or found.short),
            )

    def _kept(self, records: list[RawRecord]) -> list[RawRecord]:
        if self.start and self.options.deleted_url:
            self.live.update(raw.identifier for raw in records)
        return records

    def _deleted(self, records: list[RawRecord]) -> list[RawRecord]:
        """Deletions, but for those of a name that the list of records has just given: two records may share one."""
        others = [raw for raw in records if raw.identifier not in self.live]
        return [
            raw if raw.problem and not is_named(raw) else replace(raw, deleted=True, problem=None) for raw in others
        ]

    def _checkpoint(self, found: List, number: int, *, ended: bool, last: bool) -> dict[str, Any]:
        """After the end of the lists the next ``since``; a list that was short leaves it where it was.

        A whole list that went on where it was cut shows nothing that is gone: the next one is whole again.
        """
        kept = {"asked": self.asked, "since": self.stored.get("since", ""), "whole": self.stored.get("whole", "")}
        run = {"list": number, "start": self.start, "first": self.first, "announced": self.announced}
        if not ended:
            return kept | run | found.position()
        if not last:
            return kept | run | {"list": number + 1, "page": 1, "size": found.size, "edge": "", "short": found.short}
        if self.first and not found.short:
            kept["since"] = self.first
            if not self.start and not (self.resumed and kept["whole"]):
                kept["whole"] = self.first
        return kept


def lists_of(options: Options, start: str) -> list[Listed]:
    """What a run lists: everything, or what has changed since ``start`` and what was deleted."""
    changes = {name: value.replace(SINCE, start) for name, value in options.since.items()} if start else {}
    lists = [Listed(options.url, options.params | changes)]
    if start and options.deleted_url:
        deletions = {name: value.replace(SINCE, start) for name, value in options.deleted_since.items()}
        lists.append(Listed(options.deleted_url, options.params | deletions, gone=True))
    return lists


def asked_of(job: Job) -> str:
    """What is asked for, in brief: a checkpoint counts only for the same."""
    options: Options = job.options
    asked = (options.url, accept_of(options, job.format), options.params, options.since, options.id_field)
    return sha256(repr((asked, job.format.name)).encode()).hexdigest()[:16]


def _api(job: Job) -> Api:
    return Api(job.options, job.options.client(), job.format, job.reading)


def pages(job: Job) -> Iterator[Page]:
    """The pages of the list from the job's checkpoint on."""
    api = _api(job)
    with api.client:
        yield from _Harvest(job, api).pages()


def check(job: Job) -> list[Problem]:
    """Log in, ask each list for one record, the changes of today too, and read the record; what is wrong."""
    try:
        api = _api(job)
        with api.client:
            return _checked(job, api)
    except (Trouble, Broken) as error:
        return [error.problem]


def _checked(job: Job, api: Api) -> list[Problem]:
    options: Options = job.options
    given = api.page(options.url, options.params, 1, 1)
    api.count(options.url, options.params)
    if not given.records:
        return [Problem("rest_empty", {"url": options.url})]
    for listed in lists_of(options, given.date) if options.since and given.date else []:
        api.page(listed.url, listed.arguments, 1, 1)
    problems = [raw.problem for raw in given.records if raw.problem]
    if not problems:
        job.format.parse(given.records[0].body, job.reading)
    return problems


CONNECTOR = Connector(
    name="rest",
    title={"vi": "API web liệt kê biểu ghi theo trang (Koha REST)", "en": "A web API that lists records (Koha REST)"},
    options=Options,
    pages=pages,
    check=check,
)
