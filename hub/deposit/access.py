"""Who may know of a deposited publication, and who may read its files. Pure: no database, no request.

Levels, from open to closed: ``public`` (Công khai), ``internal`` (Nội bộ), ``restricted`` (Hạn chế), ``forbidden``
(Cấm). A publication is known to the public, here and in every output, on the level ``public`` only.
Its files everybody reads where the test of three barriers finds none of money, law or technique (Luật Thư viện
46/2019/QH14, Điều 3, of open information resources); else the rules below, in their order.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import IntEnum

LEVELS = ("public", "internal", "restricted", "forbidden")


class Reader(IntEnum):
    """Who asks, the later the closer."""

    ANYBODY = 0
    STAFF = 1  # somebody of a library of the network
    PUBLISHER = 2  # somebody of the publisher itself
    CLERK = 3  # who looks after deposit


@dataclass(frozen=True, slots=True)
class Access:
    """What is settled for a publication: see :class:`hub.deposit.models.Publication`."""

    level: str = "public"
    embargo: date | None = None
    room: bool = False
    free: bool = False
    lawful: bool = False
    usable: bool = False

    @property
    def is_open(self) -> bool:
        """Whether no barrier stands."""
        return self.free and self.lawful and self.usable

    def is_known(self) -> bool:
        """Whether the public may know of it."""
        return self.level == "public"

    def may_read(self, reader: Reader, day: date, *, in_room: bool = False) -> bool:
        """Whether a reader may have its files on a day; ``in_room``: at an address of a reading room."""
        if reader is Reader.CLERK:
            return True
        if self.level == "forbidden":
            return False
        if reader is Reader.PUBLISHER:
            return True
        if self.level == "restricted" or (self.embargo is not None and day < self.embargo):
            return False
        if self.room:
            return in_room and (self.level == "public" or reader is Reader.STAFF)
        if self.level == "internal":
            return reader is Reader.STAFF
        return self.is_open
