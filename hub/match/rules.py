"""The matching rules as ``harvest_config/matching.yaml`` states them."""

from __future__ import annotations

from functools import cached_property

from pydantic import BaseModel, ConfigDict


class Rules(BaseModel):
    """Weights, thresholds and vetoes; see the comments of ``harvest_config/matching.yaml``."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    version: str
    same: float
    fits: float
    ask: float
    weights: dict[str, dict[str, float]]
    vetoes: tuple[str, ...]
    publisher_prefixes: tuple[str, ...]
    generic_titles: tuple[str, ...]
    genres: tuple[str, ...]
    pen_names: dict[str, str]
    largest_cluster: int

    @cached_property
    def genre(self) -> frozenset[str]:
        """The genres, for looking one up."""
        return frozenset(self.genres)

    @cached_property
    def generic(self) -> frozenset[str]:
        """The generic titles, for looking one up."""
        return frozenset(self.generic_titles)
