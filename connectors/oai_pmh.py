"""OAI-PMH 2.0 (https://www.openarchives.org/OAI/openarchivesprotocol.html): whole lists and what changed since.

The checkpoint after a page holds the resumption token, so that a harvest that was cut goes on there. Only the end of a
list moves ``from``, to the responseDate of the list's first answer: the server's clock, not ours, and nothing that
changed during the list is missed. The next list asks from there minus an overlap, because servers show a change
minutes after its datestamp, and never sends ``until``. What increments cannot show, a sweep finds: the list of all
identifiers, and single records by GetRecord. The checkpoint also keeps what was learned of the server: that it takes
only days whatever it says, and how much of what it announces it has.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from pydantic import field_validator
from sickle.oaiexceptions import BadArgument, BadResumptionToken, NoRecordsMatch

from connectors.address import split_url
from connectors.connector import Connector, Header, Headers, Job, Page, Sweeping
from connectors.duration import Duration
from connectors.http import Client
from connectors.oai_dates import DAYS, SECONDS, Window, instant_of, lag, window_start
from connectors.oai_list import OURS, Ask, List, Paged, Single
from connectors.oai_page import OaiPage
from connectors.oai_partner import Identity, Partner
from connectors.oai_reading import SHORT, WHOLE
from connectors.oai_single import FUTILE, Singles
from connectors.server import ServerOptions
from schemas.problem import Problem, Trouble
from schemas.record import RawRecord

ASKED_ALONE = frozenset({"oai_no_metadata", "oai_record_broken"})
SWEEPS = {"persistent": timedelta(days=30)}  # by what Identify says of deletions
SWEEP_OFTEN = timedelta(days=7)


class Options(ServerOptions):
    """What a source file says under ``options``.

    Without ``metadata_prefix`` the first prefix of the source's format is asked for. ``overlap`` reaches back before
    the last list. ``sweep_every`` is how often the list of all identifiers is compared with what is stored; without it
    every 30 days where the repository keeps its deletions, every 7 elsewhere. A record missing there is asked for
    twice, ``confirm_after`` apart, before it counts as deleted. ``hub`` says that the repository is another hub, whose
    records are not given on as records of ours.
    """

    url: str
    metadata_prefix: str = ""
    set: str = ""
    overlap: Duration = timedelta(minutes=15)
    sweep_every: Duration | None = None
    confirm_after: Duration = timedelta(hours=24)
    page_limit: int = 1_000_000
    hub: bool = False

    @field_validator("url")
    @classmethod
    def _is_web_address(cls, url: str) -> str:
        try:
            split_url(url)
        except Trouble as trouble:
            raise ValueError(str(trouble)) from None
        return url


class _Harvest:
    """One run over one repository."""

    def __init__(self, job: Job, partner: Partner) -> None:
        self.options: Options = job.options
        self.partner = partner
        self.prefix = metadata_prefix(job)
        self.asked = f"{self.prefix} {self.options.set}".strip()
        self.stored = job.checkpoint if job.checkpoint.get("asked", self.asked) == self.asked else {}
        self.futile = 0
        self.full = job.full
        self._identity: Identity | None = None
        if self.stored.get("token") and not job.full:
            granularity = str(self.stored.get("granularity") or SECONDS)
            self.list = self._list(partner.records, granularity, single=self._by_identifiers)
            self.list.resume(self.stored)
        else:
            self.list = self._opened(full=job.full)

    @property
    def identity(self) -> Identity:
        """Asked for once, when needed. (The lock of cached_property is one for all: others would wait with us.)"""
        if self._identity is None:
            self._identity = self.partner.identify()
        return self._identity

    def _granularity(self) -> str:
        """What Identify says, unless days were all the server took; a full list finds out anew."""
        return DAYS if self.stored.get("granularity") == DAYS and not self.full else self.identity.granularity

    def _opened(self, *, full: bool) -> List:
        granularity = self._granularity()
        overlap = max(self.options.overlap, timedelta(seconds=float(self.stored.get("lag", 0))))
        start = "" if full else window_start(str(self.stored.get("from") or ""), overlap, granularity)
        return self._list(self.partner.records, granularity, (start, ""), self._by_identifiers)

    def _list(self, ask: Ask, granularity: str, window: Window = WHOLE, single: Single | None = None) -> List:
        return List(
            ask,
            {"metadataPrefix": self.prefix, "set": self.options.set},
            lambda: self.identity,
            self.partner.client.rest,
            granularity=granularity,
            window=window,
            page_limit=self.options.page_limit,
            ratio=float(self.stored.get("size_ratio", 1.0)),
            single=single,
        )

    def within(self, first: str, last: str) -> None:
        """List what has a datestamp between two days instead."""
        granularity = self._granularity()
        asked = (first, last) if granularity == DAYS else (f"{first}T00:00:00Z", f"{last}T23:59:59Z")
        self.list = self._list(self.partner.records, granularity, asked, self._by_identifiers)

    def pages(self) -> Iterator[Page]:
        """The pages of the list of records; :class:`Trouble` after the last one when some could not be read."""
        whole = self.list.reading.window == WHOLE and not self.list.resumed
        for answer, ended in self.list.pages():
            records = [self._alone(record) for record in answer.records]
            if ended and not instant_of(self.list.first_response):
                self.list.notes.append(Problem("oai_no_response_date", {"date": self.list.first_response}))
            notes, self.list.notes = tuple(self.list.notes), []
            yield Page(
                records,
                self._checkpoint(ended),
                complete=ended,
                notes=notes,
                announced=None if self.list.cuts else self.list.reading.announced,
                everything=ended and whole and not self.list.short and not self.list.endless,
            )
        for problem in self.list.unread:
            raise Trouble(problem.code, **problem.facts)

    def _alone(self, record: RawRecord) -> RawRecord:
        """A record the list gave broken or without metadata is asked for once by itself."""
        if record.problem is None or record.problem.code not in ASKED_ALONE or self.futile >= FUTILE:
            return record
        try:
            found = self.partner.record(record.identifier, self.prefix)
        except (BadArgument, NoRecordsMatch, BadResumptionToken):
            found = None
        except Trouble as trouble:
            if trouble.problem.code in OURS:
                raise
            found = None
        if found is None or found[0].problem is not None or found[0].identifier != record.identifier:
            self.futile += 1
            return record
        self.futile = 0
        return replace(found[0], place=f"{record.place}, GetRecord")

    def _by_identifiers(self, window: Window, seen: set[int]) -> Generator[Paged, None, tuple[bool, int]]:
        """What a window has beyond the records seen, by ListIdentifiers and GetRecord."""
        headers = self._list(self.partner.headers, self.list.granularity, window)
        singles, found, missing = Singles(self.partner, self.prefix), 0, []
        for answer, _ in headers.pages():
            fresh = [header for header in answer.records if hash(header.identifier) not in seen]
            seen.update(hash(header.identifier) for header in fresh)
            records = []
            for header in fresh:
                answered = None if header.deleted else singles.ask(header.identifier)
                given = header if answered is None else answered.raw
                records += [replace(given, place=f"{header.place}, GetRecord")] if given else []
                missing += [header.identifier] if answered and answered.why else []
            found += len(records)
            yield OaiPage(records, answer.response_date), False
        if missing:
            facts = {"count": str(len(missing)), "identifiers": ", ".join(missing[:3])}
            self.list.notes.append(Problem("oai_not_given", facts))
        return not headers.short, found

    def _checkpoint(self, ended: bool) -> dict[str, Any]:
        """After the end of a list the next ``from``; a list that was short twice leaves it where it was."""
        stored = self.stored.get("from") or ""
        kept: dict[str, Any] = {"asked": self.asked, "from": stored, "granularity": self.list.granularity}
        kept |= {name: self.stored[name] for name in ("lag", "deletions") if name in self.stored}
        if self._identity is not None:
            kept["deletions"] = self._identity.deletions
        if self.list.ratio < SHORT:
            kept["size_ratio"] = round(self.list.ratio, 6)
        if not ended:
            return kept | self.list.position()
        if not self.list.short and instant_of(self.list.first_response):
            kept["from"] = self.list.first_response
        return kept

    def headers(self) -> Iterator[Headers]:
        """The pages of the list of all identifiers."""
        self.list = self._list(self.partner.headers, self._granularity())
        for answer, ended in self.list.pages():
            headers = [Header(record.identifier, record.datestamp, record.deleted) for record in answer.records]
            notes, self.list.notes = tuple(self.list.notes), []
            yield Headers(headers, ended and not self.list.short, notes)


def metadata_prefix(job: Job) -> str:
    """The prefix to ask for: of the options, or the first of the format; :class:`Trouble` when there is neither."""
    prefix = job.options.metadata_prefix or next(iter(job.format.prefixes), "")
    if not prefix:
        raise Trouble("oai_prefix_missing", format=job.format.name)
    return str(prefix)


def pages(job: Job) -> Iterator[Page]:
    """The pages of the repository from the job's checkpoint on."""
    with job.options.client() as client:
        yield from _Harvest(job, _partner(job, client)).pages()


def window(job: Job, first: str, last: str) -> Iterator[Page]:
    """What has a datestamp between two days, both within; the job's checkpoint stays as it is."""
    with job.options.client() as client:
        harvest = _Harvest(replace(job, checkpoint=_learned(job.checkpoint), full=False), _partner(job, client))
        harvest.within(first, last)
        for page in harvest.pages():
            yield replace(page, checkpoint=job.checkpoint)


def headers(job: Job) -> Iterator[Headers]:
    """The list of all identifiers of the repository (in the source's set and format)."""
    with job.options.client() as client:
        yield from _Harvest(replace(job, checkpoint=_learned(job.checkpoint)), _partner(job, client)).headers()


def get(job: Job, identifiers: Sequence[str]) -> Iterator[tuple[str, RawRecord | None]]:
    """Single records; ``None`` for one that is gone or has left the source's set.

    A record that is broken as XML has a problem. One that exists and cannot be given (cannotDisseminateFormat, an error
    of HTTP, no answer that can be read) is left out of the answers; :class:`Trouble` when the server is not there.
    """
    wanted = job.options.set
    with job.options.client() as client:
        singles = Singles(_partner(job, client), metadata_prefix(job))
        for identifier in identifiers:
            found = singles.ask(identifier)
            if not found.why:
                yield identifier, None if _left(found.sets, wanted) else found.raw


def _partner(job: Job, client: Client) -> Partner:
    return Partner(job.options.url, client, job.reading.encoding)


def _learned(checkpoint: dict[str, Any]) -> dict[str, Any]:
    """What a checkpoint says of the server, without where its list of records stands."""
    return {name: checkpoint[name] for name in ("asked", "granularity", "size_ratio") if name in checkpoint}


def _left(sets: Sequence[str], wanted: str) -> bool:
    """Whether a record names sets, and neither the wanted one nor one within it is among them."""
    inside = any(name == wanted or name.startswith(f"{wanted}:") for name in sets)
    return bool(wanted and sets) and not inside


def every(job: Job) -> timedelta:
    """How often the list of all identifiers is compared with what is stored."""
    if job.options.sweep_every is not None:
        return timedelta(seconds=job.options.sweep_every.total_seconds())
    return SWEEPS.get(str(job.checkpoint.get("deletions", "")), SWEEP_OFTEN)


def widened(checkpoint: dict[str, Any], datestamps: Sequence[str]) -> dict[str, Any]:
    """The checkpoint that reaches back far enough for records shown later than their datestamps said."""
    late = 1.5 * lag(str(checkpoint.get("from") or ""), list(datestamps)).total_seconds()
    return checkpoint | {"lag": max(late, float(checkpoint.get("lag", 0)))} if late else checkpoint


def check(job: Job) -> list[Problem]:
    """Ask Identify, ListMetadataFormats and one page, and read a record of it; what is wrong."""
    try:
        with job.options.client() as client:
            return _checked(job, _partner(job, client))
    except Trouble as trouble:
        return [trouble.problem]
    except NoRecordsMatch:
        return [Problem("oai_empty")]
    except (BadArgument, BadResumptionToken) as error:
        return [Problem("oai_error", {"error": type(error).__name__, "text": str(error.args[0])})]


def _checked(job: Job, partner: Partner) -> list[Problem]:
    partner.identify()
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
    sweeping=Sweeping(headers=headers, get=get, every=every, widened=widened),
    window=window,
)
