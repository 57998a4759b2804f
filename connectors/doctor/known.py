"""What the examinations of one visit tell each other: the further they come, the more is known."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from connectors.doctor.visit import Exchange, Visit
from connectors.oai_dates import SECONDS, instant_of
from connectors.oai_page import OaiPage
from schemas.format import Format
from schemas.record import RawRecord

SAMPLE = 100  # records looked at


@dataclass(frozen=True, slots=True)
class Leaf:
    """A page of a list: the exchange, what was read of it, and its token's attributes as written."""

    exchange: Exchange
    page: OaiPage
    cursor: str = ""
    size: str = ""
    expires: str = ""


@dataclass
class Known:
    """What is known of the repository so far."""

    visit: Visit
    identify: Exchange | None = None
    granularity: str = SECONDS
    deletions: str = ""
    earliest: str = ""
    prefix: str = ""
    form: Format | None = None
    leaves: list[Leaf] = field(default_factory=list)
    seen_records: int = 0  # on the pages that were walked
    bogus: Exchange | None = None  # what a token was answered with that nobody gave

    @property
    def records(self) -> list[RawRecord]:
        """The sample: the first records of the pages that were walked."""
        return [record for leaf in self.leaves for record in leaf.page.records][:SAMPLE]

    @property
    def live(self) -> RawRecord | None:
        """A record that is not deleted and has no problem, from the middle of the first page."""
        first = self.leaves[0].page.records if self.leaves else []
        live = [record for record in first if not record.deleted and record.problem is None]
        return live[len(live) // 2] if live else None

    @property
    def now(self) -> datetime | None:
        """The server's time, as Identify said it."""
        found = self.identify.find("responseDate") if self.identify else None
        return instant_of((found.text or "").strip()) if found is not None else None

    def listing(self, **more: str) -> dict[str, str]:
        """The arguments of ListRecords in the chosen format; ``since`` stands for ``from``."""
        renamed = {"from" if name == "since" else name: value for name, value in more.items()}
        return {"verb": "ListRecords", "metadataPrefix": self.prefix, **renamed}

    def get(self, identifier: str) -> dict[str, str]:
        """The arguments of GetRecord in the chosen format."""
        return {"verb": "GetRecord", "metadataPrefix": self.prefix, "identifier": identifier}
