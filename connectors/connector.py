"""What a connector is: one module in this folder that ends in one value ``CONNECTOR = Connector(...)``.

A connector brings bytes. It gives them a page at a time; with each page comes the checkpoint from which a later run can
go on after that page. The hub stores page and checkpoint in one transaction, so the connector itself keeps no state.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from schemas.format import Format, Reading
from schemas.problem import Problem, Trouble
from schemas.record import RawRecord


@dataclass(frozen=True, slots=True)
class Job:
    """What one harvest asks of a connector.

    ``options`` is the connector's own model, already validated. ``checkpoint`` is what the last stored page left
    (``{}`` at first); ``full`` asks for everything again. ``folder`` is where relative paths of a source file start.
    """

    source: str
    options: Any
    format: Format
    reading: Reading
    checkpoint: dict[str, Any] = field(default_factory=dict)
    full: bool = False
    folder: Path = Path()


@dataclass(frozen=True, slots=True)
class Page:
    """Some records and the checkpoint (JSON) that stands after them.

    ``complete`` is true on the last page of a list that ended well; a harvest without a complete page has not
    succeeded. ``notes`` are problems that lose nothing but which the IT staff should see. ``announced`` is how many
    records the server says the whole list has. ``everything`` on the complete page says that the pages of
    this one call listed every record the source has, so that one they did not list is gone; a call that went on where
    an earlier one was cut never says so.
    """

    records: list[RawRecord]
    checkpoint: dict[str, Any]
    complete: bool = False
    notes: tuple[Problem, ...] = ()
    announced: int | None = None
    everything: bool = False


@dataclass(frozen=True, slots=True)
class Header:
    """What a list of identifiers says of one record."""

    identifier: str
    datestamp: str
    deleted: bool = False


@dataclass(frozen=True, slots=True)
class Headers:
    """A page of such a list. ``complete`` is true on the last page of a list that ended well and was not short."""

    headers: list[Header]
    complete: bool = False
    notes: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Sweeping:
    """How the whole of a source is compared with what is stored, for protocols that can list without sending.

    ``headers`` lists every identifier; ``get`` asks for single records and gives ``None`` for one the source no longer
    has; ``every`` is how often, from what the source says of its deletions; ``widened`` is the checkpoint that reaches
    far enough back for records that were shown later than these datestamps said.
    """

    headers: Callable[[Job], Iterator[Headers]]
    get: Callable[[Job, Sequence[str]], Iterator[tuple[str, RawRecord | None]]]
    every: Callable[[Job], timedelta]
    widened: Callable[[dict[str, Any], Sequence[str]], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Connector:
    """A way records arrive; ``check`` asks the partner without harvesting and returns what is wrong, if anything.

    ``window`` lists what changed from one day to another (ISO 8601, both within), for protocols that can; its pages
    carry the job's own checkpoint, which so stays where it was.
    """

    name: str
    title: dict[str, str]
    options: type[BaseModel]
    pages: Callable[[Job], Iterator[Page]]
    check: Callable[[Job], list[Problem]]
    sweeping: Sweeping | None = None
    window: Callable[[Job, str, str], Iterator[Page]] | None = None


@cache
def connectors() -> dict[str, Connector]:
    """Every connector, by name: each module of this folder that ends in ``CONNECTOR``."""
    found = {}
    for module in pkgutil.iter_modules([str(Path(__file__).parent)]):
        value = getattr(importlib.import_module(f"connectors.{module.name}"), "CONNECTOR", None)
        if isinstance(value, Connector):
            found[value.name] = value
    return dict(sorted(found.items()))


def find_connector(name: str) -> Connector:
    """The connector ``name``; an unknown one is a :class:`Trouble` that lists the known ones."""
    try:
        return connectors()[name]
    except KeyError:
        raise Trouble("connector_unknown", name=name, known=", ".join(connectors())) from None
