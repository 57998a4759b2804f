"""Result sets too large for their server, read in slices: ranges of numbers, halved until each is small enough.

The numbers are years of publication or record numbers, whatever the server has an index of. What has no such number is
in no range; it is asked for last, as the rest.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, model_validator

from connectors.duration import Duration
from connectors.server import PartnerOptions
from schemas.problem import Trouble


class Slices(BaseModel):
    """How a source is cut: the index whose values are numbers, and from which number to which.

    ``index`` is in the protocol's own words: "dc.date" (CQL), "@attr 1=30" (PQF).
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    index: str = Field(min_length=1, max_length=200)
    first: int = Field(default=1400, ge=0)
    last: int = Field(default=2100, ge=0)

    @model_validator(mode="after")
    def _in_order(self) -> Slices:
        if self.first > self.last:
            raise ValueError("first comes after last")
        return self


class ResultSetOptions(PartnerOptions):
    """Options of connectors that read the result set of a search: how much at once, and how much the server gives."""

    page_size: int = Field(default=100, ge=1, le=1000)
    max_records: int = Field(default=0, ge=0)
    slices: Slices | None = None
    confirm_after: Duration = timedelta(hours=24)

    @model_validator(mode="after")
    def _has_a_limit(self) -> ResultSetOptions:
        if self.slices is not None and not self.max_records:
            raise ValueError("slices need max_records: how many records the server gives of one result set")
        return self


@dataclass(frozen=True, slots=True)
class Slice:
    """The numbers from ``first`` to ``last``, both included. ``rest`` stands for everything in no such range."""

    first: int
    last: int
    rest: bool = False

    def halves(self) -> tuple[Slice, Slice]:
        """The two halves of a range of more than one number."""
        middle = (self.first + self.last) // 2
        return Slice(self.first, middle), Slice(middle + 1, self.last)

    def can_be_halved(self) -> bool:
        """Whether there is more than one number in it, and it is a range at all."""
        return not self.rest and self.first < self.last

    def __str__(self) -> str:
        return f"not {self.first}–{self.last}" if self.rest else f"{self.first}–{self.last}"

    def stored(self) -> dict[str, Any]:
        """The slice as JSON for a checkpoint; ``Slice(**stored)`` reads it back."""
        return {"first": self.first, "last": self.last, "rest": self.rest}


def cut(slices: Slices) -> list[Slice]:
    """The slices to begin with, in the order they are read: the whole range, then the rest."""
    return [Slice(slices.first, slices.last), Slice(slices.first, slices.last, rest=True)]


def next_slice(waiting: list[Slice], hits: Callable[[Slice], int], most: int) -> tuple[Slice, int] | None:
    """Take the next slice of fewer than ``most`` records out of ``waiting``, with its hits; ``None`` at the end.

    Slices that are too large are halved on the way and empty ones left out; ``waiting`` is changed in place and is what
    a checkpoint keeps. One of just ``most`` is halved too, because some servers stop counting there. :class:`Trouble`
    ``slice_too_large`` for one that cannot be halved any further.
    """
    while waiting:
        found = waiting.pop(0)
        count = hits(found)
        if count >= most:
            if not found.can_be_halved():
                raise Trouble("slice_too_large", slice=found, hits=count, limit=most)
            waiting[:0] = found.halves()
        elif count:
            return found, count
    return None
