"""A window of an OAI-PMH list as far as it is read, and the doubt about one whose end proves nothing."""

from __future__ import annotations

from dataclasses import dataclass, field

from connectors.oai_dates import Window, halves, parted
from connectors.oai_page import OaiPage
from schemas.problem import Problem

WHOLE: Window = ("", "")
RESTARTS = 5
RESTARTS_IN_HALF = 1  # of a list whose tokens were refused before
IDLE_PAGES = 20  # that give the same records again
IDLE_IN_HALF = 1  # of a list that was cut because it goes on giving the same
EMPTY_PAGES = 200  # with a token and without a record: records that may not be shown
EMPTY_ANNOUNCED = 1_000  # of a list that has announced more than came
SHORT = 0.98
STAMPS = 500  # datestamps of a window that are kept; then two of each page
STUCK = ("oai_token_loop", "oai_no_progress")  # the list gives the same again
PROVABLE = (*STUCK, "oai_list_short", "oai_restarts")  # ends that halves can show to have been the end


@dataclass(slots=True)
class Reading:
    """A window as far as it is read. ``ratio`` is how much of what the server announces it is known to have."""

    window: Window = WHOLE
    token: str = ""
    before: int = 0  # records of this window that an earlier run read
    announced: int | None = None
    ratio: float = 1.0
    seen: set[int] = field(default_factory=set)
    stamps: set[str] = field(default_factory=set)
    tokens: set[str] = field(default_factory=set)
    idle: int = 0
    empty: int = 0
    fresh_pages: int = 0
    fresh: bool = False  # whether the last page gave a new record
    looped: bool = False  # it has followed an old token once, to see where that leads
    refused: list[int] = field(default_factory=list)  # how far it was read each time its token was refused
    first: set[int] | None = None  # what it gave when it ended short and is therefore read a second time
    half_of: Doubt | None = None
    stands_for: Reading | None = None  # a window that gave just the same, and of which it is a part
    hopeless: Problem | None = None  # neither it nor parts of it can be read to an end that proves something
    leaves_out: bool = False  # and the server leaves out the bounds of windows

    def take(self, answer: OaiPage) -> None:
        """Go past a page."""
        known = len(self.seen)
        self.announced = self.announced or answer.announced
        self.seen.update(hash(record.identifier) for record in answer.records)
        kept = answer.records if len(self.stamps) < STAMPS else [*answer.records[:1], *answer.records[-1:]]
        self.stamps.update(record.datestamp for record in kept)
        self.fresh, empty = len(self.seen) > known, not answer.records
        self.fresh_pages += self.fresh
        self.empty = self.empty + 1 if empty else 0
        self.idle = 0 if self.fresh else self.idle + (not empty)
        self.tokens.add(self.token)
        self.token = answer.token

    def count(self) -> int:
        """How many different records the window has given."""
        return self.before + len(self.seen)

    def short(self) -> bool:
        """Whether fewer records came than the server had announced, by what its announcements are worth."""
        return self.announced is not None and self.count() < SHORT * self.ratio * self.announced

    def too_few(self) -> Problem:
        """The note that fewer came than announced."""
        return Problem("oai_list_short", {"received": str(self.count()), "announced": str(self.announced)})

    def no_end(self, page: int) -> Problem:
        """The note that the list goes on after everything has come."""
        return Problem("oai_endless", {"page": str(page), "count": str(self.count())})

    def parts(self, earliest: str, latest: str, granularity: str, *, by_time: bool) -> list[Window]:
        """The window in two: halves of its time, or of what it has given; ``[]`` when it is too small."""
        if by_time or not self.stamps:
            return halves(self.window, earliest, latest, granularity)
        return parted(self.window, self.stamps, latest, granularity)

    def as_announced(self) -> bool:
        """Whether exactly as many records came as announced, and that is not just the size of a page."""
        return self.count() == self.announced and (self.fresh_pages > 1 or self.before > 0)

    def in_circle(self) -> bool:
        """Whether its token is an old one; that is followed once, unless the page gave nothing new already."""
        if self.token not in self.tokens:
            return False
        known, self.looped = self.looped or not self.fresh, True
        return known

    def most_idle(self) -> int:
        """How many pages in a row may give the same records again."""
        return IDLE_IN_HALF if self._is_of_endless() else IDLE_PAGES

    def most_empty(self) -> int:
        """How many pages in a row may be empty."""
        more = self.count() < (self.announced or 0) and not self._is_of_endless()
        return EMPTY_ANNOUNCED if more else EMPTY_PAGES

    def _is_of_endless(self) -> bool:
        """Whether it is half of a window that went on without anything new."""
        return self.half_of is not None and self.half_of.why.code == "oai_no_progress"

    def most_restarts(self) -> int:
        """How often it may start again because its token is refused."""
        refused = self.half_of is not None and self.half_of.why.code == "oai_restarts"
        return RESTARTS_IN_HALF if refused else RESTARTS

    def is_steady_short(self) -> bool:
        """Whether it ended short twice with the same records."""
        whole = self.stands_for or self
        return whole.first == whole.seen

    def repeats(self, why: Problem) -> bool:
        """Whether it ended in giving only the same again, and nothing says that there is more."""
        return why.code in STUCK and not self.fresh and not self.leaves_out

    def steady(self) -> bool:
        """Whether its token was refused at the same place each time, if it was."""
        return len(set(self.refused)) <= 1


@dataclass(slots=True)
class Doubt:
    """A window that ended in a way that proves nothing (short, in a circle, its token refused), read again in halves.

    Halves that give nothing new show that it was whole, unless one of them gave just the same as the window: that one
    is cut again. Those that ended in doubt themselves are read once more first: what goes wrong by chance goes wrong
    elsewhere then. If the halves give something new, each that ended in doubt is read in halves.
    ``tight`` halves do not overlap by a unit on either side: a server that leaves out the bounds loses some there.
    """

    reading: Reading
    why: Problem
    tight: bool
    left: int = 2
    given: list[set[int]] = field(default_factory=list)
    unsure: list[tuple[Reading, Problem]] = field(default_factory=list)
    before: list[Reading] = field(default_factory=list)  # the halves in doubt as they were read first
    uneven: bool = False  # a half gave something else the second time
    honest: bool = False  # a half ended well with just as many records as announced

    def take(self, half: Reading) -> bool:
        """Go past a half; whether it was the last."""
        earlier = [read for read in self.before if read.window == half.window]
        self.uneven = self.uneven or any(read.seen != half.seen for read in earlier)
        ended = all(half is not unsure for unsure, _ in self.unsure)
        self.honest = self.honest or (ended and half.count() == half.announced)
        self.given.append(half.seen)
        self.left -= 1
        return self.left == 0

    def once_more(self) -> list[Reading]:
        """The halves in doubt to be read a second time; ``[]`` when they were."""
        if self.before or not self.unsure:
            return []
        self.before = [read for read, _ in self.unsure]
        self.left, self.unsure = len(self.before), []
        return [Reading(read.window, ratio=read.ratio, half_of=self) for read in self.before]

    def missing(self) -> set[int]:
        """What the window had given and its halves did not."""
        return self.reading.seen.difference(*self.given)

    def fresh(self) -> bool:
        """Whether the halves gave a record that the window had not given, or would have, had they been read as far."""
        if any(not given <= self.reading.seen for given in self.given):
            return True
        unsure = [(self.reading, self.why), *self.unsure]
        uneven = any(not reading.steady() or why.code not in PROVABLE for reading, why in unsure)
        lacking = self.honest and self.reading.short()  # what this server announces is true, and more than came
        return self.uneven or uneven or bool(self.unsure and (lacking or self.missing()))

    def same(self) -> list[tuple[Reading, Problem]]:
        """The halves in doubt that gave just what the window had given, and so show nothing of it."""
        return [(half, why) for half, why in self.unsure if half.seen == self.reading.seen and half.seen]

    def leaves_out(self) -> bool:
        """Whether the server leaves out the bounds of windows, and the halves lack what lies there."""
        return self.tight and bool(self.missing())

    def alike(self) -> bool:
        """Whether the halves gave the same: the server does not select by date."""
        return bool(self.reading.seen and self.unsure) and all(given == self.given[0] for given in self.given)
