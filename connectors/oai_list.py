"""One OAI-PMH list read to its end, whatever the server does with its tokens.

A token the server forgets starts the list again. An end that proves nothing is doubted: fewer records than announced
(twice), a token that comes back, pages that give the same again or nothing, tokens refused again and again. Such a list
is read once more in two halves by datestamp. When they give nothing new it was whole: its announcement is wrong, or it
has no end. When they do, a half that is doubtful itself is cut in its turn, down to a second or a day. The newest
window never sends ``until``. What cannot be cut any further is read record by record, after the list of identifiers.
So is a page that the server cannot give: the first one, or the one at which the run before this one stopped.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

from sickle.oaiexceptions import BadArgument, BadResumptionToken, NoRecordsMatch

from connectors.oai_dates import DAYS, SECONDS, Window, is_tight, window_start
from connectors.oai_page import OaiPage
from connectors.oai_partner import READ_AGAIN, Identity
from connectors.oai_reading import PROVABLE, WHOLE, Doubt, Reading
from schemas.problem import Problem, Trouble

CUTS = 2_000  # windows of one list
UNREAD = 20  # windows that cannot be read to their end, after which no more is asked for
LONGEST_TOKEN = 2**16
OURS = ("http_busy", "run_limit")  # troubles that end a run for now, and say nothing of the list
OF_THE_PAGE = READ_AGAIN | {
    "http_failing", "http_cut", "http_timeout", "http_deadline", "http_too_long", "http_bomb", "xml_too_long",
}  # fmt: skip
FAILING = 6  # windows in a row of which not a page can be had, after which the server is at fault

Ask = Callable[..., OaiPage]  # (number of the page, **arguments)
Paged = tuple[OaiPage, bool]  # a page, and whether the list has ended with it
Single = Callable[[Window, set[int]], Generator[Paged, None, tuple[bool, int]]]


class List:
    """A list of records or of headers. ``ask`` asks for a page; ``identity`` is what Identify says, asked when it is
    needed; ``rest`` pauses after so many failures. ``single`` gives what a window has beyond the records already seen,
    one by one, and returns whether that is all and how many there were. ``ratio`` is how much of what the server
    announces it is known to have; afterwards it is what this list has shown.

    ``short`` says afterwards that fewer came than there are, ``unread`` why windows of it could not be read to their
    end in any way, ``endless`` that the list had no end of its own.
    """

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
        ratio: float = 1.0,
        single: Single | None = None,
    ) -> None:
        self.ask = ask
        self.arguments = arguments
        self.identity = identity
        self.rest = rest
        self.granularity = granularity
        self.page_limit = page_limit
        self.ratio = ratio
        self.single = single
        self.reading = Reading(window, ratio=ratio)
        self.waiting: list[Reading] = []  # windows, the next one last
        self.first_response = ""
        self.pages_read = self.start = self.cuts = self.failing = 0
        self.short = self.endless = self.resumed = self.in_windows = False
        self.whole: Reading | None = None  # the list as a whole, where it announced how many it has
        self.given: set[int] = set()  # what it and its windows have given
        self.unread: list[Problem] = []
        self.notes: list[Problem] = []

    def resume(self, stored: dict[str, Any]) -> None:
        """Go on where :meth:`position` was stored."""
        window = stored.get("window") or WHOLE
        self.reading = Reading(
            window=(window, "") if isinstance(window, str) else (str(window[0]), str(window[1])),
            token=str(stored["token"]),
            before=int(stored.get("records", 0)),
            announced=stored.get("announced"),
            ratio=self.ratio,
        )
        self.pages_read = self.start = int(stored.get("list", 0))
        self.waiting = [Reading((str(a), str(b)), ratio=self.ratio) for a, b in stored.get("windows", [])]
        self.first_response = str(stored.get("first_response", ""))
        self.resumed = True

    def position(self) -> dict[str, Any]:
        """Where the list stands, as JSON. Halves that ended in doubt are still to be read."""
        reading = self.reading
        doubts = {id(read.half_of): read.half_of for read in [reading, *self.waiting] if read.half_of}
        unsure = [half for doubt in doubts.values() for half, _ in doubt.unsure]
        return {
            "window": list(reading.window),
            "token": reading.token,
            "list": self.pages_read,
            "records": reading.count(),
            "announced": reading.announced,
            "windows": [list(read.window) for read in [*unsure, *self.waiting]],
            "first_response": self.first_response,
        }

    def pages(self) -> Iterator[Paged]:
        """(page, whether the list has ended with it)."""
        ended = False
        while not ended:
            if self.reading.hopeless is not None:
                ended = yield from self._one_by_one(self.reading.hopeless)
                yield OaiPage([], ""), ended
                continue
            try:
                answer = self._answer()
            except BadResumptionToken:
                ended = self._restart()
                if ended:
                    yield OaiPage([], ""), True
                continue
            except Trouble as trouble:
                ended = self._pass_over(trouble)
                if ended:
                    yield OaiPage([], ""), True
                continue
            self.failing = 0
            ended = self._go_on(answer)
            yield answer, ended

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
        self.reading = Reading(_in_days(self.reading.window), ratio=self.ratio, half_of=self.reading.half_of)
        self.waiting = [replace(read, window=_in_days(read.window)) for read in self.waiting]
        self.notes.append(Problem("oai_days_only"))
        return self._answer()

    def _arguments(self) -> dict[str, str]:
        if self.reading.token:
            return {"resumptionToken": self.reading.token}
        asked = self.arguments | {"from": self.reading.window[0], "until": self.reading.window[1]}
        return {name: value for name, value in asked.items() if value}

    def _go_on(self, answer: OaiPage) -> bool:
        """Go past a page, and on to what is to be read next; whether the list has ended."""
        reading = self.reading
        self.pages_read += 1
        self.first_response = self.first_response or answer.response_date
        reading.take(answer)
        for code, count in (("oai_salvaged", answer.salvaged), ("oai_other_bytes", answer.foreign)):
            if count:
                self.notes.append(Problem(code, {"page": str(self.pages_read), "count": str(count)}))
        why = self._astray() if reading.token else None
        if reading.token and why is None:
            return False
        if why is not None and reading.as_announced():
            self.notes.append(reading.no_end(self.pages_read))
            return self._settle()
        return self._doubted(why) if why is not None else self._ended()

    def _astray(self) -> Problem | None:
        """Why the list leads nowhere, if it does."""
        reading, page = self.reading, str(self.pages_read)
        if len(reading.token) > LONGEST_TOKEN:
            return Problem("oai_token_long", {"limit": str(LONGEST_TOKEN)})
        if reading.in_circle():
            return Problem("oai_token_loop", {"page": page})
        if reading.idle > reading.most_idle() or reading.empty > reading.most_empty():
            return Problem("oai_no_progress", {"page": page, "limit": str(max(reading.idle, reading.empty) - 1)})
        if self.pages_read >= self.page_limit:
            raise Trouble("oai_page_limit", limit=self.page_limit)
        return None

    def _ended(self) -> bool:
        """The window has ended by itself: well, or short, and then it is read a second time or doubted."""
        reading = self.reading
        if not reading.short():
            if reading.window == WHOLE and not reading.before and reading.announced:
                self.ratio = min(1.0, reading.count() / reading.announced)
            return self._settle()
        short = reading.too_few()
        if reading.first is not None or reading.half_of is not None:
            return self._doubted(short)
        self.notes.append(short)
        self.reading = Reading(reading.window, ratio=self.ratio, refused=reading.refused, first=reading.seen)
        return False

    def _restart(self) -> bool:
        """The server no longer knows its token: the window starts again, and is doubted after some times."""
        reading = self.reading
        self.notes.append(Problem("oai_token_refused", {"page": str(self.pages_read + 1)}))
        reading.refused.append(reading.count())
        if len(reading.refused) > reading.most_restarts():
            return self._doubted(Problem("oai_restarts", {"limit": str(reading.most_restarts())}))
        self.rest(len(reading.refused))
        self.reading = Reading(
            reading.window, ratio=self.ratio, refused=reading.refused, first=reading.first, half_of=reading.half_of
        )
        return False

    def _pass_over(self, trouble: Trouble) -> bool:
        """The server cannot give a page. What it lacks is sought in smaller windows, where that loses no time: nothing
        was read in this run, or this is a window already. The trouble again when it says more of the server."""
        goes_on = self.single is not None and (self.cuts or self.pages_read == self.start)
        self.failing += 1
        if trouble.problem.code not in OF_THE_PAGE or self.failing > FAILING or not goes_on:
            raise trouble
        return self._doubted(trouble.problem)

    # Doubt

    def _doubted(self, why: Problem) -> bool:
        """The end of the window proves nothing. A half waits for the other, then both are judged together."""
        reading = self.reading
        if reading.half_of is not None:
            reading.half_of.unsure.append((reading, why))
            return self._settle()
        self._cut(reading, why, by_time=False)
        return self._follow()

    def _cut(self, reading: Reading, why: Problem, *, by_time: bool) -> None:
        """A window is to be read again in two halves, of its time or of what it has given; too small it is hopeless."""
        self.cuts += 1
        if reading.window == WHOLE and not reading.before and reading.announced:
            self.whole, self.given = reading, set(reading.seen)
        identity = self.identity()
        latest = self.first_response or identity.response_date
        bounds = (identity.earliest, latest, self.granularity)
        parts = reading.parts(*bounds, by_time=by_time) if self.cuts < CUTS else []
        if not parts:
            self._give_up(reading, why)
            return
        doubt = Doubt(reading, why, is_tight(parts, self.granularity))
        self.waiting += [Reading(part, ratio=self.ratio, half_of=doubt) for part in reversed(parts)]

    def _give_up(self, reading: Reading, why: Problem) -> None:
        """A window of which neither the end nor the halves prove anything is to be read one by one."""
        self.waiting.append(replace(reading, token="", half_of=None, hopeless=why))

    def _settle(self) -> bool:
        """The window is read as far as it can be; whether it was the last."""
        doubt = self.reading.half_of
        if doubt is not None and doubt.take(self.reading):
            self._judge(doubt)
        return self._follow()

    def _follow(self) -> bool:
        """Go on to the window that waits; whether there is none."""
        if not self.waiting:
            self.reading.token = ""
            if self.whole is not None and not self.short:
                self.ratio = min(1.0, len(self.given | self.reading.seen) / (self.whole.announced or 1))
            return True
        if self.whole is not None:
            self.given |= self.reading.seen
        self.reading = self.waiting.pop()
        return False

    def _judge(self, doubt: Doubt) -> None:
        """What both halves say of a window."""
        if doubt.leaves_out() or doubt.alike():
            doubt.reading.leaves_out = doubt.leaves_out()
            self._give_up(doubt.reading, doubt.why)
        elif doubt.fresh():
            if not self.in_windows:
                self.notes.append(Problem("oai_windows", {"page": str(self.pages_read)}))
            self.in_windows = True
            for half, why in reversed(doubt.unsure):
                self._cut(half, why, by_time=half.seen != doubt.reading.seen)
        elif same := doubt.same():
            for half, why in reversed(same):
                half.stands_for = doubt.reading.stands_for or doubt.reading
                self._cut(half, why, by_time=False)
        elif again := doubt.once_more():
            self.waiting += reversed(again)
        else:
            self._take_as_whole(doubt.reading, doubt.why, proved=not doubt.before)

    def _one_by_one(self, why: Problem) -> Generator[Paged, None, bool]:
        """The records of a hopeless window that are not known yet; whether the list has ended."""
        reading, whole, found = self.reading, False, 0
        short = why.code == "oai_list_short"
        if self.single is not None:
            try:
                whole, found = yield from self.single(reading.window, reading.seen)
            except Trouble as trouble:
                if trouble.problem.code in OURS:
                    raise
        if whole and (found or why.code not in PROVABLE):
            self.notes.append(Problem("oai_one_by_one", {"count": str(found)}))
        elif whole or reading.repeats(why) or (short and reading.is_steady_short()):
            self._take_as_whole(reading, why, proved=whole)
        elif short:
            self.notes.append(why)
            self.short = True
        else:
            self.notes.append(why)
            self.unread.append(why)
            self.short = True
            if len(self.unread) >= UNREAD:
                self.waiting.clear()
        return self._follow()

    def _take_as_whole(self, reading: Reading, why: Problem, *, proved: bool) -> None:
        """Read again, the window gave nothing new: the server announces too much, or its list has no end.

        It is ``proved`` when it was read in another way that ended well.
        """
        reading = reading.stands_for or reading
        if why.code == "oai_list_short":
            self.notes.append(Problem("oai_size_wrong", why.facts))
            return
        self.notes.append(reading.no_end(self.pages_read))
        self.endless = self.endless or not proved
        if reading.short() and not proved:
            self.notes.append(reading.too_few())
            self.short = True


def _in_days(window: Window) -> Window:
    """A window for a server that takes only days; it starts a day earlier."""
    return window_start(window[0], timedelta(), DAYS), window[1][:10]
