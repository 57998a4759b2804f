"""Splink as a peer: Fellegi–Sunter weights learned from the records themselves by EM (extra ``train``)."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.util import find_spec
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hub.match.peers import Clusters, Known


def installed() -> bool:
    """Whether Splink is there."""
    return find_spec("splink") is not None


def with_splink(records: Sequence[Known], volumes: bool) -> Clusters:
    """The clusters of Splink."""
    raise NotImplementedError
