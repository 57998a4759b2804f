"""The nouns of an exchange with a repository of the tests: what was asked, a page of a list, a reply, a fault."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Any

Place = dict[str, Any]
LISTS = ("ListRecords", "ListIdentifiers")


class Way(Enum):
    """How the bytes of a reply leave the server."""

    WHOLE = "whole"
    SHORT = "short"  # fewer bytes than announced, then the connection is closed
    RESET = "reset"  # the connection is reset (RST)
    STALL = "stall"  # headers, then nothing
    DRIP = "drip"  # a byte at a time


@dataclass(frozen=True, slots=True)
class Asked:
    """A request: its arguments, the time, whether the client takes gzip, and the place its token stands for."""

    arguments: dict[str, str]
    now: datetime
    packed: bool = False
    place: Place = field(default_factory=dict)

    @property
    def verb(self) -> str:
        return self.arguments.get("verb", "")

    @property
    def is_list(self) -> bool:
        return self.verb in LISTS


@dataclass(frozen=True, slots=True)
class Version:
    """What a record was from ``datestamp`` on; lists show it from ``shown`` on."""

    title: str
    datestamp: datetime
    shown: datetime
    deleted: bool = False
    sets: tuple[str, ...] = ()


@dataclass(slots=True)
class Leaf:
    """A page of a list before it is written: (identifier, version) pairs, its place and that of the next page.

    A place is what a token stands for: ``listed`` (the arguments of the list), ``page`` and ``after`` (the key of the
    last record given), ``before`` (that of the page before); ``turn`` counts the pages beyond the end of a list that
    never ends. ``refused`` is an error of the protocol given instead, ``token`` a token given instead of that of
    ``onward``.
    """

    items: list[tuple[str, Version]]
    place: Place
    onward: Place | None = None
    size: int | None = None
    refused: str = ""
    token: str = ""


@dataclass(slots=True)
class Reply:
    """An answer over HTTP. ``announced`` is the Content-Length where it lies; ``wait`` the seconds of Retry-After."""

    body: bytes
    status: int = 200
    headers: dict[str, str] = field(default_factory=lambda: {"Content-Type": "text/xml; charset=UTF-8"})
    way: Way = Way.WHOLE
    pack: bool = True  # with gzip, when the client takes it
    wait: float = 0.0


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that goes wrong on a server, with the rule it is met by, and what is left of it when it never stops.

    Each hook changes one step of an answer: ``items`` what there is to be listed or given, ``leaf`` a page of a list,
    ``record`` the bytes of one record, ``reply`` what is sent. ``struck`` says which requests it can strike.
    """

    name: str
    rule: str
    lasting: str  # "read": nothing is missing all the same; "fails"; "quarantine"; "held"; "swept": after a sweep
    struck: Callable[[Asked], bool] = lambda asked: True
    items: Callable[[Asked, dict[str, Version]], dict[str, Version]] | None = None
    leaf: Callable[[Asked, Leaf], Leaf] | None = None
    record: Callable[[int, bytes], bytes] | None = None
    reply: Callable[[Asked, Reply], Reply] | None = None


@dataclass(slots=True)
class Occurrence:
    """A fault at work: it strikes each ``every``-th request that it can strike, ``most`` times."""

    fault: Fault
    every: int = 1
    most: int = 1_000_000
    met: int = 0
    times: int = 0

    def strikes(self, asked: Asked) -> bool:
        """Whether this request is struck; counts it."""
        if not self.fault.struck(asked):
            return False
        self.met += 1
        if self.met % self.every or self.times >= self.most:
            return False
        self.times += 1
        return True
