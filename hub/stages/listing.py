"""What one list of a source has shown so far, as the pages come."""

from __future__ import annotations

from array import array
from collections import Counter
from dataclasses import dataclass, field

from hub.catalog.arrivals import Older, Stored


@dataclass(slots=True)
class Listing:
    """``seen`` has the number of a record for every time that it was shown, in order.

    Versions that were passed over because newer ones are known are kept apart, to be judged at the end of the list.
    """

    seen: array[int] = field(default_factory=lambda: array("q"))
    _older: dict[int, Older] = field(default_factory=dict)
    _times: Counter[int] = field(default_factory=Counter)

    def add(self, stored: Stored) -> None:
        """Another page has been stored."""
        self.seen.extend(stored.numbers)
        for number, version in stored.older:
            self._times[number] += 1
            before = self._older.get(number)
            if before is None or before.datestamp <= version.datestamp:
                self._older[number] = version

    def only_older(self) -> dict[int, Older]:
        """The records that were shown in earlier versions and never in their present one."""
        shown = Counter(number for number in self.seen if number in self._older)
        return {number: version for number, version in self._older.items() if shown[number] == self._times[number]}
