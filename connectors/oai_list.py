"""One OAI-PMH list read to its end, whatever the server does with its tokens.

A token the server forgets starts the list again. A list that leads nowhere (a token that comes back, pages without a
new record) or forgets its tokens again and again is cut into windows of datestamps, halved until each can be read. The
newest window never sends ``until``. A list that ends before the number it announced is read once more. A list that
never ends, and of which a part gives nothing that the whole had not given, is taken to have ended.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sickle.oaiexceptions import BadArgument, BadResumptionToken, NoRecordsMatch

from connectors.oai_dates import DAYS, SECONDS, Window, halves, window_start
from connectors.oai_page import OaiPage
from connectors.oai_partner import Identity
from schemas.problem import Problem, Trouble

RESTARTS = 5
IDLE_PAGES = 20
IDLE_IN_WINDOW = 1  # of a list that was cut because it never ends
CUTS = 2_000  # windows of one list
SHORT = 0.98
LONGEST_TOKEN = 2**16
WHOLE: Window = ("", "")

Ask = Callable[..., OaiPage]  # (number of the page, **arguments)


@dataclass(slots=True)
class Reading:
    """A window as far as it is read."""

    window: Window = WHOLE
    token: str = ""
    before: int = 0  # records of this window that an earlier run read
    announced: int | None = None
    seen: set[int] = field(default_factory=set)
    tokens: set[str] = field(default_factory=set)
    idle: int = 0
    restarts: int = 0
    again: bool = False  # it ended short once and is read a second time

    def count(self) -> int:
        """How many different records the window has given."""
        return self.before + len(self.seen)

    def short(self) -> bool:
        """Whether fewer records came than the server had announced."""
        return self.announced is not None and self.count() < SHORT * self.announced


class List:
    """A list of records or of headers. ``ask`` asks for a page; ``identity`` is what Identify says, asked when it is
    needed; ``rest`` pauses after so many failures. ``short`` says afterwards that fewer came than announced,
    ``endless`` that the list had no end of its own."""

    def __init__(
        self,
        ask: Ask,
        arguments: dict[str, str],
        identity: Callable[[], Identity],
        rest: Callable[[int], None],
        *,
        granularity: str = SECONDS,
        window: Window = WHOLE,
        page_limit: int = 1_000_000,
    ) -> None:
        self.ask = ask
        self.arguments = arguments
        self.identity = identity
        self.rest = rest
        self.granularity = granularity
        self.page_limit = page_limit
        self.reading = Reading(window)
        self.windows: list[Window] = []
        self.first_response = ""
        self.pages_read = self.cuts = self.idle_cuts = 0
        self.seen: set[int] = set()  # what windows gave that were cut because they never ended
        self.short = self.endless = self.resumed = False
        self.notes: list[Problem] = []

    def resume(self, stored: dict[str, Any]) -> None:
        """Go on where :meth:`position` was stored."""
        window = stored.get("window") or WHOLE
        self.reading = Reading(
            window=(window, "") if isinstance(window, str) else (str(window[0]), str(window[1])),
            token=str(stored["token"]),
            before=int(stored.get("records", 0)),
            announced=stored.get("announced"),
        )
        self.pages_read = int(stored.get("list", 0))
        self.windows = [(str(a), str(b)) for a, b in stored.get("windows", [])]
        self.first_response = str(stored.get("first_response", ""))
        self.resumed = True

    def position(self) -> dict[str, Any]:
        """Where the list stands, as JSON."""
        reading = self.reading
        return {
            "window": list(reading.window),
            "token": reading.token,
            "list": self.pages_read,
            "records": reading.count(),
            "announced": reading.announced,
            "windows": [list(window) for window in self.windows],
            "first_response": self.first_response,
        }

    def pages(self) -> Iterator[tuple[OaiPage, bool]]:
        """(page, whether the list has ended with it)."""
        while True:
            try:
                answer = self._answer()
            except BadResumptionToken:
                self._restart()
                continue
            astray = self._take(answer)
            if self.reading.token and astray is None:
                yield answer, False
            elif astray is not None and not self._has_all(astray):
                yield answer, False
                self._narrow(astray)
            elif astray is None and self._to_be_read_again():
                yield answer, False
                self.reading = Reading(self.reading.window, restarts=self.reading.restarts, again=True)
            else:
                self.reading.token = ""
                ended = not self.windows
                following = Reading(self.reading.window if ended else self.windows.pop())
                yield answer, ended
                if ended:
                    return
                self.reading = following

    def _answer(self) -> OaiPage:
        """The next page. An empty list is a page without records; datestamps the server refuses are asked as days."""
        arguments = self._arguments()
        try:
            return self.ask(self.pages_read + 1, **arguments)
        except NoRecordsMatch as error:
            return OaiPage([], error.args[1])
        except BadArgument as error:
            if self.reading.token:
                raise BadResumptionToken(*error.args) from None
            if not (any(self.reading.window) and self.granularity == SECONDS):
                raise Trouble("oai_error", error="badArgument", text=error.args[0]) from None
        self.granularity = DAYS
        self.reading = Reading(_in_days(self.reading.window))
        self.windows = [_in_days(window) for window in self.windows]
        self.notes.append(Problem("oai_days_only"))
        return self._answer()

    def _arguments(self) -> dict[str, str]:
        if self.reading.token:
            return {"resumptionToken": self.reading.token}
        asked = self.arguments | {"from": self.reading.window[0], "until": self.reading.window[1]}
        return {name: value for name, value in asked.items() if value}

    def _take(self, answer: OaiPage) -> Problem | None:
        """Go past a page; the reason why the list leads nowhere, if it does."""
        reading = self.reading
        self.pages_read += 1
        self.first_response = self.first_response or answer.response_date
        reading.announced = reading.announced or answer.announced
        known = len(reading.seen)
        reading.seen.update(hash(record.identifier) for record in answer.records)
        reading.idle = 0 if len(reading.seen) > known else reading.idle + 1
        reading.tokens.add(reading.token)
        reading.token = answer.token
        if answer.salvaged:
            self.notes.append(Problem("oai_salvaged", {"page": str(self.pages_read), "count": str(answer.salvaged)}))
        return self._astray() if answer.token else None

    def _astray(self) -> Problem | None:
        reading, page = self.reading, str(self.pages_read)
        if len(reading.token) > LONGEST_TOKEN:
            return Problem("oai_token_long", {"limit": str(LONGEST_TOKEN)})
        if reading.token in reading.tokens:
            return Problem("oai_token_loop", {"page": page})
        if reading.idle > (IDLE_IN_WINDOW if self.idle_cuts else IDLE_PAGES):
            return Problem("oai_no_progress", {"page": page, "limit": str(IDLE_PAGES)})
        if self.pages_read >= self.page_limit:
            raise Trouble("oai_page_limit", limit=self.page_limit)
        return None

    def _has_all(self, astray: Problem) -> bool:
        """Whether a list that leads nowhere has given everything all the same: as many as it announced, or, where it
        only gives the same again, nothing in a part of it that the whole had not given."""
        reading = self.reading
        found = bool(reading.announced) and reading.count() >= (reading.announced or 0)
        if not found and astray.code == "oai_no_progress":
            found = self.endless = self._nothing_new()
        if found:
            self.notes.append(Problem("oai_endless", {"page": str(self.pages_read), "count": str(reading.count())}))
        return found

    def _to_be_read_again(self) -> bool:
        """Whether the window ended short for the first time; that it did, it is noted."""
        reading = self.reading
        if not reading.short():
            return False
        facts = {"received": str(reading.count()), "announced": str(reading.announced)}
        self.notes.append(Problem("oai_list_short", facts))
        if reading.again:
            self.short = True
        return not reading.again

    def _restart(self) -> None:
        """The server no longer knows its token: the window starts again; after some times it is cut."""
        reading = self.reading
        self.notes.append(Problem("oai_token_refused", {"page": str(self.pages_read + 1)}))
        restarts = reading.restarts + 1
        if restarts > RESTARTS:
            self._narrow(Problem("oai_restarts", {"limit": str(RESTARTS)}))
            return
        self.rest(restarts)
        self.reading = Reading(reading.window, restarts=restarts, again=reading.again)

    def _narrow(self, astray: Problem) -> None:
        """Cut the window in two; a :class:`Trouble` when it is too small."""
        self.cuts += 1
        identity = self.identity()
        latest = self.first_response or identity.response_date
        parts = halves(self.reading.window, identity.earliest, latest, self.granularity) if self.cuts < CUTS else []
        if not parts:
            raise Trouble(astray.code, **astray.facts)
        if self.cuts == 1:
            self.notes.append(Problem("oai_windows", {"page": str(self.pages_read)}))
        self.windows += reversed(parts)
        self.reading = Reading(self.windows.pop())

    def _nothing_new(self) -> bool:
        """Whether a part of a list that never ends gave only what the whole had given already."""
        nothing = self.idle_cuts > 0 and self.reading.seen <= self.seen
        self.idle_cuts += 1
        self.seen |= self.reading.seen
        return nothing


def _in_days(window: Window) -> Window:
    """A window for a server that takes only days; it starts a day earlier."""
    return window_start(window[0], timedelta(), DAYS), window[1][:10]
