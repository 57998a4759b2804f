"""The matching rules as ``harvest_config/matching.yaml`` states them."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Rules(BaseModel):
    """Weights, thresholds and vetoes; see the comments of ``harvest_config/matching.yaml``."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    version: str
    same: float
    ask: float
    weights: dict[str, dict[str, float]]
    vetoes: tuple[str, ...]
    brief_floor: int
    publisher_prefixes: tuple[str, ...]
    generic_titles: tuple[str, ...]
