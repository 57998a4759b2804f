"""Requests to an SRU server: the parameters of each version, which one it speaks, answers read or asked for again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeVar

from connectors.address import split_url
from connectors.http import Client
from connectors.sru_diagnostics import OUT_OF_RANGE, trouble_of
from connectors.sru_page import Explain, SruPage, read_explain, read_page, read_root, salvage
from schemas.problem import Trouble

VERSIONS = ("1.2", "1.1", "2.0")  # in the order they are tried
READ_AGAIN = frozenset({"xml_broken", "sru_cut", "sru_not_sru", "sru_busy", "sru_gone"})
OTHER_VERSION = frozenset({"sru_version", "sru_parameter", "sru_no_answer", "http_status"})

T = TypeVar("T")


class Partner:
    """An SRU server and the schema records are asked for in.

    ``version`` is the one it is spoken to in, ``""`` until it has answered; ``versions`` are those to be tried.
    """

    def __init__(self, url: str, client: Client, schema: str, versions: tuple[str, ...] = VERSIONS) -> None:
        self.url = url
        self.client = client
        self.schema = schema
        self.versions = versions
        self.version = ""
        self.host = split_url(url)[1][0]

    def search(self, query: str, start: int, count: int) -> SruPage:
        """So many records of a query (CQL) from place ``start`` on; the first is 1.

        A diagnostic in place of records is a :class:`Trouble`, but for the one that says that there are none so far on;
        beside records it is in the page. A page broken as XML is asked for once more and then read record by record.
        The first answer decides about the version.
        """
        if self.version:
            return self._search(self.version, query, start, count)
        failure: Trouble | None = None
        for version in self.versions:
            try:
                page = self._search(version, query, start, count)
            except Trouble as trouble:
                if trouble.problem.code not in OTHER_VERSION:
                    raise
                failure = failure or trouble
                continue
            self.version = page.version if page.version in self.versions else version
            return page
        assert failure
        raise failure

    def prefer(self, version: str) -> None:
        """Try a version first, if it is one of those to be tried."""
        if version in self.versions:
            self.versions = tuple(sorted(self.versions, key=lambda other: other != version))

    def explain(self) -> Explain:
        """What the server says of itself, asked for once."""
        version = self.version or self.versions[0]
        asked = {} if version == "2.0" else {"operation": "explain", "version": version}
        return self._ask_once(asked, read_explain)

    def _search(self, version: str, query: str, start: int, count: int) -> SruPage:
        def read(root: Any) -> SruPage:
            page = read_page(root)
            if page.entries or not page.diagnostics:
                return page
            first = page.diagnostics[0]
            if first.standard == OUT_OF_RANGE:
                hits = page.hits or (0 if start == 1 else None)
                return replace(page, hits=hits, diagnostics=(), refusal=first.sentence)
            raise trouble_of(first, self.host)

        asked = arguments(version, query, start, count, self.schema)
        return self._ask(asked, read, lambda body: salvage(body, start))

    def _ask(self, asked: dict[str, str], read: Callable[[Any], T], rescue: Callable[[bytes], T]) -> T:
        tries = self.client.tries
        for attempt in range(1, tries + 1):
            try:
                return self._ask_once(asked, read, rescue if attempt >= min(2, tries) else None)
            except Trouble as trouble:
                if trouble.problem.code not in READ_AGAIN or attempt == tries:
                    raise
                self.client.rest(attempt)
        raise AssertionError("at least one try")

    def _ask_once(
        self, asked: dict[str, str], read: Callable[[Any], T], rescue: Callable[[bytes], T] | None = None
    ) -> T:
        """One answer. An error status may carry a diagnostic, which says more."""
        answer = self.client.get(self.url, asked)
        status = Trouble("http_status", url=answer.url, status=answer.status)
        try:
            root = read_root(answer.body, self.client.max_bytes)
        except Trouble as trouble:
            if answer.status != 200:
                raise status from None
            if rescue is None or trouble.problem.code != "xml_broken":
                raise
            return rescue(answer.body)
        found = read(root)
        if answer.status != 200:
            raise status
        return found


def arguments(version: str, query: str, start: int, count: int, schema: str) -> dict[str, str]:
    """The parameters of searchRetrieve. 2.0 has neither operation nor version, and its recordPacking means another
    thing: what was recordPacking is recordXMLEscaping there."""
    asked = {"query": query, "startRecord": str(start), "maximumRecords": str(count), "recordSchema": schema}
    if version == "2.0":
        return {"queryType": "cql", **asked, "recordXMLEscaping": "xml"}
    return {"operation": "searchRetrieve", "version": version, **asked, "recordPacking": "xml"}
