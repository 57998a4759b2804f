"""A result set read page by page, and found again in another session at the place that was reached.

A result set lives as long as its session. In a new session the query is sent again; the reading goes on only where the
server finds as many records as before and shows the same record at the place before, else the set has changed.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256

from connectors.z3950_client import Client
from connectors.z3950_diagnostics import trouble_of
from connectors.z3950_zoom import Diagnostic, Given
from schemas.problem import Trouble


class Changed(Exception):
    """The server no longer finds what it found before."""


@dataclass(slots=True)
class ResultSet:
    """What a query finds: ``hits`` records, of which ``place`` have been read; ``last`` stands for the last of them."""

    client: Client
    query: str
    hits: int = -1
    place: int = 0
    last: str = ""

    def count(self) -> int:
        """Ask how many records the query finds, and begin with the first."""

        def work() -> int:
            return self.client.search(self.query)

        self.hits, self.place, self.last = self.client.attempt(work), 0, ""
        return self.hits

    def ended(self) -> bool:
        """Whether every place has been read."""
        return self.place >= self.hits

    def page(self, count: int) -> list[Given]:
        """The next ``count`` records, or what is left; each is a record or a diagnostic in its place.

        :class:`Changed` when they can no longer be found, :class:`Trouble` when the server gives none of them.
        """
        count = min(count, self.hits - self.place)
        given = self.client.attempt(lambda: self._page(count))
        self.place += len(given)
        self.last = digest_of(given[-1])
        return given

    def _page(self, count: int) -> list[Given]:
        if self.client.query != self.query:
            self._find_again()
        found = self.client.present(self.place, count)
        given = found if isinstance(found, list) else self._one_by_one(found, count)
        if len(given) < count:
            raise Trouble("z3950_short", host=self.client.target.host, place=self.place + len(given) + 1)
        refused = [one.diagnostic for one in given if one.diagnostic]
        if len(refused) == self.hits or len(refused) == len(given) > 1:
            raise self._trouble(refused[0])
        return given

    def _find_again(self) -> None:
        if self.client.search(self.query) != self.hits:
            raise Changed
        if self.place:
            found = self.client.present(self.place - 1, 1)
            before = found if isinstance(found, list) else [Given(b"", "", found)]
            if not before or digest_of(before[0]) != self.last:
                raise Changed

    def _one_by_one(self, diagnostic: Diagnostic, count: int) -> list[Given]:
        """The records of a page that the server refuses as a whole, so that one does not keep the others back."""
        if count == 1:
            return [Given(b"", "", diagnostic)]
        given = []
        for place in range(self.place, self.place + count):
            found = self.client.present(place, 1)
            given += found if isinstance(found, list) else [Given(b"", "", found)]
            if len(given) == 3 and all(one.diagnostic for one in given):
                raise self._trouble(diagnostic)
        return given

    def _trouble(self, diagnostic: Diagnostic) -> Trouble:
        target = self.client.target
        return trouble_of(diagnostic, target.host, target.port, self.client.deadline)


def digest_of(given: Given) -> str:
    """What a record is known again by: 16 hexadecimal digits of its SHA-256."""
    return sha256(given.body).hexdigest()[:16]
