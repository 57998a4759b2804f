"""Requests to an OAI-PMH repository: Sickle for the protocol and its errors, our client beneath, strict reading above.

Sickle's own reading repairs broken pages silently (``recover=True``) and so loses records; it is not used.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from sickle import Sickle, oaiexceptions
from sickle.oaiexceptions import BadArgument, BadResumptionToken, IdDoesNotExist, NoRecordsMatch

from connectors.http import Answer, Client
from connectors.oai_dates import DAYS, SECONDS
from connectors.oai_page import (
    OaiError,
    OaiPage,
    find_error,
    read_headers,
    read_list,
    read_record,
    read_root,
    salvage,
    verb_element,
)
from schemas.problem import Trouble
from schemas.record import RawRecord

EXCEPTIONS: dict[str, type[Exception]] = {
    name.lower(): value for name, value in vars(oaiexceptions).items() if isinstance(value, type)
}
ANSWERED = (BadArgument, BadResumptionToken, IdDoesNotExist, NoRecordsMatch)
IDENTITY = ("granularity", "deletedRecord", "earliestDatestamp")
READ_AGAIN = frozenset({"xml_broken", "oai_cut", "oai_not_oai", "oai_no_verb", "oai_unknown_error"})

T = TypeVar("T")


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
    (:data:`ANSWERED`, with the text and the responseDate), everything else as :class:`Trouble`."""

    def __init__(self, url: str, client: Client) -> None:
        super().__init__(url)
        self.client = client

    def _request(self, kwargs: dict[str, str]) -> _Reply:
        return _Reply(self.client.get(self.endpoint, kwargs))

    def identify(self) -> Identity:
        """What the repository says of itself."""

        def read(root: Any) -> Identity:
            said = {name: (verb_element(root, "Identify").findtext(f"{{*}}{name}") or "").strip() for name in IDENTITY}
            granularity = SECONDS if "ss" in said["granularity"].lower() else DAYS
            date = (root.findtext("{*}responseDate") or "").strip()
            return Identity(granularity, said["deletedRecord"].lower(), said["earliestDatestamp"], date)

        return self._ask("Identify", read)

    def record(self, identifier: str, prefix: str) -> tuple[RawRecord, list[str]] | None:
        """One record and the sets it is in; ``None`` when the repository has no such record."""
        try:
            return self._ask("GetRecord", read_record, None, identifier=identifier, metadataPrefix=prefix)
        except IdDoesNotExist:
            return None

    def headers(self, number: int, **arguments: str) -> OaiPage:
        """Page ``number`` of a list of identifiers."""
        return self._ask("ListIdentifiers", lambda root: read_headers(root, number), None, **arguments)

    def prefixes(self) -> list[str]:
        """The metadata prefixes of ListMetadataFormats."""
        return self._ask(
            "ListMetadataFormats",
            lambda root: [
                p.text or "" for p in verb_element(root, "ListMetadataFormats").iterfind(".//{*}metadataPrefix")
            ],
        )

    def records(self, number: int, **arguments: str) -> OaiPage:
        """Page ``number`` of a list. A page broken as XML is asked for once more and then read record by record."""
        return self._ask(
            "ListRecords", lambda root: read_list(root, number), lambda body: salvage(body, number), **arguments
        )

    def _ask(
        self,
        verb: str,
        read: Callable[[Any], T],
        rescue: Callable[[bytes], T] | None = None,
        **arguments: str,
    ) -> T:
        tries = min(self.client.tries, 2) if verb == "GetRecord" else self.client.tries
        for attempt in range(1, tries + 1):
            try:
                return self._read_once(verb, read, rescue if attempt > 1 else None, arguments)
            except Trouble as trouble:
                if trouble.problem.code not in READ_AGAIN or attempt == tries:
                    raise
                self.client.rest(attempt)
        raise AssertionError("at least one try")

    def _read_once(
        self, verb: str, read: Callable[[Any], T], rescue: Callable[[bytes], T] | None, arguments: dict[str, str]
    ) -> T:
        answer = self.harvest(verb=verb, **arguments).http_response.answer
        try:
            root = read_root(answer.body, self.client.max_bytes)
        except Trouble as trouble:
            if answer.status != 200:
                raise Trouble("http_status", url=answer.url, status=answer.status) from None
            if rescue is None or trouble.problem.code != "xml_broken":
                raise
            return rescue(answer.body)
        if error := find_error(root):
            raise _exception(error)
        if answer.status != 200:
            raise Trouble("http_status", url=answer.url, status=answer.status)
        return read(root)


def _exception(error: OaiError) -> Exception:
    known = EXCEPTIONS.get(error.code.lower())
    if known and issubclass(known, ANSWERED):
        return known(error.text, error.response_date)
    return Trouble("oai_error" if known else "oai_unknown_error", error=error.code or "?", text=error.text)
