"""Requests to an OAI-PMH repository: Sickle for the protocol and its errors, our client beneath, strict reading above.

Sickle's own reading repairs broken pages silently (``recover=True``) and so loses records; it is not used.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from sickle import Sickle, oaiexceptions
from sickle.oaiexceptions import BadArgument, BadResumptionToken, IdDoesNotExist, NoRecordsMatch

from connectors.http import Answer, Client
from connectors.oai_bytes import charset_of, decoded, own_encoding
from connectors.oai_dates import DAYS, SECONDS
from connectors.oai_page import (
    OaiError,
    OaiPage,
    find_error,
    read_headers,
    read_list,
    read_record,
    read_root,
    sets_of,
    verb_element,
)
from connectors.oai_salvage import has_records, salvage
from schemas.problem import Trouble
from schemas.record import RawRecord

EXCEPTIONS: dict[str, type[Exception]] = {
    name.lower(): value for name, value in vars(oaiexceptions).items() if isinstance(value, type)
}
ANSWERED = (BadArgument, BadResumptionToken, IdDoesNotExist, NoRecordsMatch)
IDENTITY = ("granularity", "deletedRecord", "earliestDatestamp")
READ_AGAIN = frozenset({"xml_broken", "oai_cut", "oai_not_oai", "oai_no_verb", "oai_unknown_error"})
TRIES_ALONE = 2  # of a single record: what a server cannot give is seldom given the third time

T = TypeVar("T")
Read = Callable[[Any, Answer], T]  # of the root and the answer it came in


@dataclass(frozen=True, slots=True)
class Identity:
    """What Identify says: the granularity of the datestamps, how deletions are told, the first datestamp, the time."""

    granularity: str
    deletions: str
    earliest: str
    response_date: str


@dataclass(frozen=True, slots=True)
class _Reply:
    """An answer of our client in the place of a :class:`requests.Response`; its status is judged later."""

    answer: Answer

    def raise_for_status(self) -> None:
        """Nothing: an error status may carry an OAI-PMH error, which says more."""


class Partner(Sickle):  # type: ignore[misc]  # Sickle is not typed
    """An OAI-PMH repository. Protocol errors come as Sickle's exceptions where the harvest answers them
    (:data:`ANSWERED`, with the text and the responseDate), everything else as :class:`Trouble`.

    ``encoding`` is the ``reading.encoding`` of the source: where it names one, whatever the pages declare, their
    records are kept as received, in that encoding (``kept_in``).
    """

    def __init__(self, url: str, client: Client, encoding: str = "auto") -> None:
        super().__init__(url)
        self.client = client
        self.kept_in = own_encoding(encoding)

    def _request(self, kwargs: dict[str, str]) -> _Reply:
        tries = TRIES_ALONE if kwargs.get("verb") == "GetRecord" else None
        return _Reply(self.client.get(self.endpoint, kwargs, tries=tries))

    def identify(self) -> Identity:
        """What the repository says of itself."""

        def read(root: Any, answer: Answer) -> Identity:
            said = {name: (verb_element(root, "Identify").findtext(f"{{*}}{name}") or "").strip() for name in IDENTITY}
            granularity = SECONDS if "ss" in said["granularity"].lower() else DAYS
            date = (root.findtext("{*}responseDate") or "").strip()
            return Identity(granularity, said["deletedRecord"].lower(), said["earliestDatestamp"], date)

        return self._ask("Identify", read)

    def record(self, identifier: str, prefix: str) -> tuple[RawRecord, list[str]] | None:
        """One record and the sets it is in; ``None`` when the repository has no such record.

        A record whose answer stays broken as XML has a problem.
        """
        try:
            raw = self._ask(
                "GetRecord", self._alone, self._salvaged_alone, identifier=identifier, metadataPrefix=prefix
            )
        except IdDoesNotExist:
            return None
        named = raw if raw.problem is None else replace(raw, identifier=identifier)
        return named, sets_of(raw)

    def _alone(self, root: Any, answer: Answer) -> RawRecord:
        return self._salvaged_alone(answer) if self._is_own(answer) else read_record(root)

    def _salvaged_alone(self, answer: Answer) -> RawRecord:
        return salvage(answer.body, 0, charset_of(answer.headers), self.kept_in).records[0]

    def _is_own(self, answer: Answer) -> bool:
        """Whether the records of an answer are kept in the source's own encoding."""
        return bool(self.kept_in) and has_records(answer.body)

    def headers(self, number: int, **arguments: str) -> OaiPage:
        """Page ``number`` of a list of identifiers."""
        return self._ask("ListIdentifiers", lambda root, answer: read_headers(root, number), None, **arguments)

    def prefixes(self) -> list[str]:
        """The metadata prefixes of ListMetadataFormats."""
        return self._ask(
            "ListMetadataFormats",
            lambda root, answer: [
                p.text or "" for p in verb_element(root, "ListMetadataFormats").iterfind(".//{*}metadataPrefix")
            ],
        )

    def records(self, number: int, **arguments: str) -> OaiPage:
        """Page ``number`` of a list. A page broken as XML is asked for once more and then read record by record."""

        def rescue(answer: Answer) -> OaiPage:
            return salvage(answer.body, number, charset_of(answer.headers), self.kept_in)

        def read(root: Any, answer: Answer) -> OaiPage:
            verb_element(root, "ListRecords")
            return rescue(answer) if self._is_own(answer) else read_list(root, number)

        return self._ask("ListRecords", read, rescue, **arguments)

    def _ask(
        self,
        verb: str,
        read: Read[T],
        rescue: Callable[[Answer], T] | None = None,
        **arguments: str,
    ) -> T:
        tries = min(self.client.tries, TRIES_ALONE) if verb == "GetRecord" else self.client.tries
        for attempt in range(1, tries + 1):
            try:
                return self._read_once(verb, read, rescue if attempt > 1 else None, arguments)
            except Trouble as trouble:
                if trouble.problem.code not in READ_AGAIN or attempt == tries:
                    raise
                self.client.rest(attempt)
        raise AssertionError("at least one try")

    def _read_once(
        self, verb: str, read: Read[T], rescue: Callable[[Answer], T] | None, arguments: dict[str, str]
    ) -> T:
        answer = self.harvest(verb=verb, **arguments).http_response.answer
        body = decoded(answer.body, self.kept_in) if self.kept_in else answer.body
        try:
            root = read_root(body, self.client.max_bytes, charset_of(answer.headers))
        except Trouble as trouble:
            if answer.status != 200:
                raise Trouble("http_status", url=answer.url, status=answer.status) from None
            if rescue is None or trouble.problem.code != "xml_broken":
                raise
            return rescue(answer)
        if error := find_error(root):
            raise _exception(error)
        if answer.status != 200:
            raise Trouble("http_status", url=answer.url, status=answer.status)
        return read(root, answer)


def _exception(error: OaiError) -> Exception:
    known = EXCEPTIONS.get(error.code.lower())
    if known and issubclass(known, ANSWERED):
        return known(error.text, error.response_date)
    return Trouble("oai_error" if known else "oai_unknown_error", error=error.code or "?", text=error.text)
