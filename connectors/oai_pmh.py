"""OAI-PMH 2.0 (https://www.openarchives.org/OAI/openarchivesprotocol.html): whole lists and what changed since.

A list is read page by page. The checkpoint after a page holds the resumption token, so that a harvest that was cut
goes on there. Only the end of a list moves ``from``, to the responseDate of the list's first answer: the server's
clock, not ours, and nothing that changed during the list is missed. The next list asks from there minus an overlap,
because servers show a change minutes after its datestamp, and never sends ``until``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, field_validator
from sickle.oaiexceptions import BadArgument, BadResumptionToken, NoRecordsMatch

from connectors.address import split_url
from connectors.connector import Connector, Job, Page
from connectors.duration import Duration
from connectors.http import MAX_BYTES, Client
from connectors.oai_dates import DAYS, SECONDS, instant_of, window_start
from connectors.oai_page import OaiPage
from connectors.oai_partner import Partner
from schemas.problem import Problem, Trouble

RESTARTS = 5
IDLE_PAGES = 20
SHORT = 0.98
LONGEST_TOKEN = 2**16


class Options(BaseModel):
    """What a source file says under ``options``; durations are written ``15m``, ``24h``, ``7d``.

    Without ``metadata_prefix`` the first prefix of the source's format is asked for. ``overlap`` reaches back before
    the last list; ``max_wait`` is how long a busy server is waited for within a run; ``deadline`` bounds one request.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    url: str
    metadata_prefix: str = ""
    set: str = ""
    allow_private: bool = False
    overlap: Duration = timedelta(minutes=15)
    max_wait: Duration = timedelta(minutes=15)
    deadline: Duration = timedelta(minutes=5)
    pause: Duration = timedelta(seconds=1)
    tries: int = Field(default=5, ge=1, le=20)
    max_bytes: int = Field(default=MAX_BYTES, gt=0)
    page_limit: int = Field(default=1_000_000, gt=0)
    ca_file: str = ""

    @field_validator("url")
    @classmethod
    def _is_web_address(cls, url: str) -> str:
        try:
            split_url(url)
        except Trouble as trouble:
            raise ValueError(str(trouble)) from None
        return url

    def client(self) -> Client:
        """The client these options ask for."""
        return Client(
            allow_private=self.allow_private,
            max_bytes=self.max_bytes,
            deadline_seconds=self.deadline.total_seconds(),
            max_wait=self.max_wait,
            tries=self.tries,
            pause=self.pause.total_seconds(),
            ca_file=self.ca_file,
        )


@dataclass(slots=True)
class _List:
    """A list as far as it is read. ``window`` is its ``from`` argument, ``""`` for everything."""

    window: str = ""
    token: str = ""
    first_response: str = ""
    pages: int = 0
    before: int = 0  # records of this list that an earlier run read
    announced: int | None = None
    seen: set[int] = field(default_factory=set)
    tokens: set[str] = field(default_factory=set)
    idle: int = 0

    def count(self) -> int:
        """How many different records the list has given."""
        return self.before + len(self.seen)

    def short(self) -> bool:
        """Whether fewer records came than the server had announced."""
        return self.announced is not None and self.count() < SHORT * self.announced


class _Harvest:
    """One run over one repository."""

    def __init__(self, job: Job, partner: Partner) -> None:
        self.options: Options = job.options
        self.partner = partner
        self.prefix = metadata_prefix(job)
        self.asked = f"{self.prefix} {self.options.set}".strip()
        stored = job.checkpoint if job.checkpoint.get("asked", self.asked) == self.asked else {}
        self.stored_from = str(stored.get("from") or "")
        self.granularity = str(stored.get("granularity") or "")
        self.notes: list[Problem] = []
        self.relisted = False
        self.list = _resumed(stored) if stored.get("token") and not job.full else self._opened(full=job.full)

    def _opened(self, *, full: bool) -> _List:
        self.granularity = self.partner.granularity()
        return _List("" if full else self._window())

    def _window(self) -> str:
        return window_start(self.stored_from, self.options.overlap, self.granularity)

    def pages(self) -> Iterator[Page]:
        """The pages; a token the server no longer knows starts the list again, what was stored stays."""
        for restarts in range(1, RESTARTS + 2):
            try:
                yield from self._pages_of_list()
            except BadResumptionToken:
                self._start_again(Problem("oai_token_refused", {"page": str(self.list.pages + 1)}))
                self.partner.client.rest(restarts)
            else:
                return
        raise Trouble("oai_restarts", limit=RESTARTS)

    def _pages_of_list(self) -> Iterator[Page]:
        while True:
            answer = self._answer()
            ended = self._take(answer)
            if ended and self.list.short() and not self.relisted:
                yield self._page(answer, self._stored(self.stored_from), complete=False)
                self.relisted = True
                self._start_again()
                continue
            yield self._page(answer, self._checkpoint(ended), complete=ended)
            if ended:
                return

    def _start_again(self, *notes: Problem) -> None:
        self.notes += notes
        self.list = _List(self.list.window)

    def _answer(self) -> OaiPage:
        """The next page. An empty list is a page without records."""
        arguments = self._arguments()
        number = self.list.pages + 1
        try:
            return self.partner.records(number, **arguments)
        except NoRecordsMatch as error:
            return OaiPage([], error.args[1])
        except BadArgument as error:
            if self.list.token:
                raise BadResumptionToken(*error.args) from None
            if not (self.list.window and self.granularity == SECONDS):
                raise Trouble("oai_error", error="badArgument", text=error.args[0]) from None
        self.granularity = DAYS
        self.list = _List(self._window())
        self.notes.append(Problem("oai_days_only"))
        return self._answer()

    def _arguments(self) -> dict[str, str]:
        if self.list.token:
            return {"resumptionToken": self.list.token}
        asked = {"metadataPrefix": self.prefix, "set": self.options.set, "from": self.list.window}
        return {name: value for name, value in asked.items() if value}

    def _take(self, answer: OaiPage) -> bool:
        """Go past a page; whether it is the last. A list that leads nowhere is a :class:`Trouble`."""
        reading = self.list
        reading.pages += 1
        reading.first_response = reading.first_response or answer.response_date
        reading.announced = reading.announced or answer.announced
        known = len(reading.seen)
        reading.seen.update(hash(record.identifier) for record in answer.records)
        reading.idle = 0 if len(reading.seen) > known else reading.idle + 1
        reading.tokens.add(reading.token)
        reading.token = answer.token
        if answer.token:
            self._check_progress()
        else:
            self._judge_end()
        if answer.salvaged:
            self.notes.append(Problem("oai_salvaged", {"page": str(reading.pages), "count": str(answer.salvaged)}))
        return not answer.token

    def _judge_end(self) -> None:
        reading = self.list
        if reading.short():
            facts = {"received": str(reading.count()), "announced": str(reading.announced)}
            self.notes.append(Problem("oai_list_short", facts))
        if not instant_of(reading.first_response):
            self.notes.append(Problem("oai_no_response_date", {"date": reading.first_response}))

    def _check_progress(self) -> None:
        reading = self.list
        if len(reading.token) > LONGEST_TOKEN:
            raise Trouble("oai_token_long", limit=LONGEST_TOKEN)
        if reading.token in reading.tokens:
            raise Trouble("oai_token_loop", page=reading.pages)
        if reading.idle > IDLE_PAGES:
            raise Trouble("oai_no_progress", page=reading.pages, limit=IDLE_PAGES)
        if reading.pages >= self.options.page_limit:
            raise Trouble("oai_page_limit", limit=self.options.page_limit)

    def _page(self, answer: OaiPage, checkpoint: dict[str, Any], *, complete: bool) -> Page:
        notes, self.notes = tuple(self.notes), []
        return Page(answer.records, checkpoint, complete, notes, self.list.announced)

    def _stored(self, stored_from: str) -> dict[str, Any]:
        return {"asked": self.asked, "from": stored_from, "granularity": self.granularity}

    def _checkpoint(self, ended: bool) -> dict[str, Any]:
        """After the end of a list the next ``from``; a list that was short twice leaves it where it was."""
        reading = self.list
        if ended:
            moved = not reading.short() and instant_of(reading.first_response)
            return self._stored(reading.first_response if moved else self.stored_from)
        return self._stored(self.stored_from) | {
            "window": reading.window,
            "token": reading.token,
            "first_response": reading.first_response,
            "list": reading.pages,
            "records": reading.count(),
            "announced": reading.announced,
        }


def _resumed(stored: dict[str, Any]) -> _List:
    return _List(
        window=str(stored.get("window", "")),
        token=str(stored["token"]),
        first_response=str(stored.get("first_response", "")),
        pages=int(stored.get("list", 0)),
        before=int(stored.get("records", 0)),
        announced=stored.get("announced"),
    )


def metadata_prefix(job: Job) -> str:
    """The prefix to ask for: of the options, or the first of the format; :class:`Trouble` when there is neither."""
    prefix = job.options.metadata_prefix or next(iter(job.format.prefixes), "")
    if not prefix:
        raise Trouble("oai_prefix_missing", format=job.format.name)
    return str(prefix)


def pages(job: Job) -> Iterator[Page]:
    """The pages of the repository from the job's checkpoint on."""
    with job.options.client() as client:
        yield from _Harvest(job, Partner(job.options.url, client)).pages()


def check(job: Job) -> list[Problem]:
    """Ask Identify, ListMetadataFormats and one page, and read a record of it; what is wrong."""
    try:
        with job.options.client() as client:
            return _checked(job, Partner(job.options.url, client))
    except Trouble as trouble:
        return [trouble.problem]
    except NoRecordsMatch:
        return [Problem("oai_empty")]
    except (BadArgument, BadResumptionToken) as error:
        return [Problem("oai_error", {"error": type(error).__name__, "text": str(error.args[0])})]


def _checked(job: Job, partner: Partner) -> list[Problem]:
    partner.granularity()
    prefix, known = metadata_prefix(job), partner.prefixes()
    if prefix not in known:
        return [Problem("oai_prefix_unknown", {"prefix": prefix, "known": ", ".join(known)})]
    arguments = {"metadataPrefix": prefix} | ({"set": job.options.set} if job.options.set else {})
    page = partner.records(1, **arguments)
    problems = [record.problem for record in page.records if record.problem]
    for record in page.records:
        if not record.deleted and not record.problem:
            job.format.parse(record.body, job.reading)
            break
    return problems[:3]


CONNECTOR = Connector(
    name="oai_pmh",
    title={"vi": "OAI-PMH: thu hoạch từ kho của đối tác", "en": "OAI-PMH: harvest a partner's repository"},
    options=Options,
    pages=pages,
    check=check,
)
