"""Personal data taken out of raw records before anything is stored: names of staff, notes about readers.

The fields are those of ``harvest_config/personal.yaml`` and of the source's own ``drop``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

from connectors.oai_page import content_fingerprint
from hub.sources import SourceConfig, personal_fields
from schemas.marc21 import key_of
from schemas.problem import Problem
from schemas.record import RawRecord


class Personal:
    """What is taken out of a source's records, and how often it was."""

    def __init__(self, config: SourceConfig) -> None:
        form = config.job({}).format
        self.without = form.without
        self.names = tuple(name for name in (*personal_fields(), *config.entry.drop) if form.obeys(name))
        self.taken: Counter[str] = Counter()

    def removed(self, records: Iterable[RawRecord]) -> list[RawRecord]:
        """The records as they may be stored."""
        return [self._removed(raw) for raw in records]

    def _removed(self, raw: RawRecord) -> RawRecord:
        if self.without is None or not raw.body:
            return raw
        body, taken = self.without(raw.body, self.names)
        if not taken:
            return raw
        self.taken.update(taken)
        identifier = key_of(body) if raw.identifier == key_of(raw.body) else raw.identifier
        return replace(
            raw, identifier=identifier, body=body, fingerprint=content_fingerprint(body) if raw.fingerprint else None
        )

    def notes(self) -> list[Problem]:
        """What the run says of it."""
        if not self.taken:
            return []
        fields = ", ".join(f"{name} ({count})" for name, count in sorted(self.taken.items()))
        return [Problem("personal_data_removed", {"count": str(self.taken.total()), "fields": fields})]
