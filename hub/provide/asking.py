"""What a reader asks the catalog, as an address says it, and what comes back: for pages, files and the API alike."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.http import QueryDict

from hub.catalog import reads
from hub.catalog.query import understand
from hub.catalog.search import Results, search, similar
from hub.catalog.suggestions import wordings
from hub.match.description import Description
from hub.provide.facets import chosen_values, chosen_years

SELDOM = 20  # records; a wording that more have is one that people use
MUCH_MORE = 5  # times as many records, before another wording is proposed for one that finds something


@dataclass(frozen=True, slots=True)
class Asked:
    """A query with its filters; ``editions`` lists every edition by itself instead of works."""

    query: str
    filters: dict[str, list[str]]
    years: tuple[int, int] | None = None
    newest: bool = False
    editions: bool = False

    def find(self, page: int, size: int, *, by_work: bool | None = None) -> Results:
        """A page of what is found."""
        works = not self.editions if by_work is None else by_work
        return search(self.query, self.filters, page, size, newest=self.newest, by_work=works, years=self.years)

    def other_wordings(self, found: Results, shown: list[Description]) -> list[str]:
        """How the catalog writes what was asked for, where that is not how it was typed."""
        if found.total and (found.folded or not understand(self.query).marked):
            return wordings(self.query, shown)
        if found.total >= SELDOM:
            return []
        more = similar(self.query, self.filters)
        if more.total <= found.total * MUCH_MORE:
            return []
        return wordings(self.query, reads.descriptions([hit.union_id for hit in more.hits]).values())


def asked(query: QueryDict, unseen: Collection[str] = ()) -> Asked:
    """What an address asks; whatever it says is a question."""
    return Asked(
        query.get("q", "").replace("\x00", "").strip(),
        chosen_values(query, unseen),
        chosen_years(query),
        query.get("sort") == "newest",
        query.get("by") == "edition",
    )
