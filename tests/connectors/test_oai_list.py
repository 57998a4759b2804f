"""Lists of servers that go wrong by a rule or by chance: what ends well has everything."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from sickle.oaiexceptions import BadResumptionToken, NoRecordsMatch

from connectors.oai_dates import DAYS, FORMS, SECONDS, halves, instant_of, is_tight, parted
from connectors.oai_list import List
from connectors.oai_page import OaiPage
from connectors.oai_partner import Identity
from schemas.record import RawRecord

START = datetime(2026, 1, 1, tzinfo=UTC)
NOW = START + timedelta(days=30)
KINDS = ("refuse", "loop", "back", "endless", "short", "empty")


@dataclass
class Server:
    """Records by datestamp, some a page, and what goes wrong: always after ``limit`` pages or on the last one, and by
    chance.

    ``size`` is how many times the true number is announced (0: not at all). ``spread`` is over how many seconds the
    records lie. ``exclusive`` leaves out the bounds of a window; ``windows`` says whether it selects by date at all.
    """

    random: Random
    count: int = 60
    page: int = 5
    kind: str = "refuse"
    limit: int = 1_000
    at_the_end: bool = False
    chance: float = 0.0
    size: float = 0.0
    spread: int = 86_400 * 20
    granularity: str = SECONDS
    exclusive: bool = False
    windows: bool = True
    shuffled: bool = False
    asked: int = 0
    stamps: dict[str, str] = field(default_factory=dict)
    tokens: dict[str, tuple[list[str], int, int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for n in range(self.count):
            moment = START + timedelta(seconds=self.random.randrange(self.spread))
            self.stamps[f"oai:x:{n}"] = moment.strftime(FORMS[self.granularity])

    def ask(self, number: int, **arguments: str) -> OaiPage:
        self.asked += 1
        if self.asked > 40_000:
            raise AssertionError("asked without end")
        if token := arguments.get("resumptionToken"):
            chosen, at, pages = self.tokens[token]
            if pages < 0:
                raise BadResumptionToken("refused", "")
        else:
            chosen, at, pages = self._chosen(arguments.get("from", ""), arguments.get("until", "9999")), 0, 1
        if not chosen:
            raise NoRecordsMatch("none", NOW.strftime(FORMS[SECONDS]))
        return self._page(chosen, at, pages)

    def _chosen(self, start: str, end: str) -> list[str]:
        if not self.windows:
            start, end = "", "9999"

        def inside(stamp: str) -> bool:
            return start < stamp < end if self.exclusive else start <= stamp <= end

        found = sorted((stamp, name) for name, stamp in self.stamps.items() if inside(stamp))
        names = [name for _, name in found]
        return sorted(names, key=lambda name: hash((name, 7))) if self.shuffled else names

    def _page(self, chosen: list[str], at: int, pages: int) -> OaiPage:
        records = [RawRecord(name, b"", "", self.stamps[name]) for name in chosen[at : at + self.page]]
        following = at + self.page
        token = self._token(chosen, following, pages + 1) if following < len(chosen) else ""
        wrong = following >= len(chosen) if self.at_the_end else pages >= self.limit
        if wrong or self.random.random() < self.chance:
            records, token = self._gone_wrong(records, chosen, at, pages, token)
        size = int(len(chosen) * self.size) or None
        return OaiPage(records, NOW.strftime(FORMS[SECONDS]), token, size)

    def _gone_wrong(
        self, records: list[RawRecord], chosen: list[str], at: int, pages: int, token: str
    ) -> tuple[list[RawRecord], str]:
        if self.kind == "refuse":
            return records, self._token(chosen, at, -1) if token else ""
        if self.kind == "loop":  # the token leads to this page again
            return records, self._named(f"l{at}", chosen, at, pages)
        if self.kind == "back":
            return records, self._named(f"b{max(at - self.page, 0)}", chosen, max(at - self.page, 0), pages)
        if self.kind == "endless":
            return records, self._token(chosen, at, pages)
        if self.kind == "empty":
            return [], self._token(chosen, at, 1)
        return records, ""

    def _token(self, chosen: list[str], at: int, pages: int) -> str:
        return self._named(f"t{len(self.tokens)}", chosen, at, pages)

    def _named(self, name: str, chosen: list[str], at: int, pages: int) -> str:
        name = f"{name} {len(chosen)} {chosen[0]}" if not name.startswith("t") else name
        self.tokens[name] = (chosen, at, pages)
        return name


def read(server: Server) -> tuple[set[str], List]:
    def identity() -> Identity:
        return Identity(server.granularity, "persistent", min(server.stamps.values()), NOW.strftime(FORMS[SECONDS]))

    found = List(server.ask, {"metadataPrefix": "x"}, identity, lambda failures: None, granularity=server.granularity)
    names: set[str] = set()
    ends = 0
    for answer, ended in found.pages():
        names |= {record.identifier for record in answer.records}
        ends += ended
    assert ends == 1
    return names, found


def notes(found: List) -> Counter[str]:
    return Counter(note.code for note in found.notes)


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("kind", ["refuse", "loop", "back", "endless", "short"])
@pytest.mark.parametrize("size", [0, 1])
def test_a_server_that_goes_wrong_after_some_pages_is_read_all_the_same(kind: str, size: int, seed: int) -> None:
    if kind == "short" and not size:
        return  # nobody can know
    random = Random(seed)
    server = Server(random, kind=kind, limit=random.randint(1, 6), size=size, shuffled=bool(seed % 2))
    names, found = read(server)
    assert names == server.stamps.keys(), (server.limit, found.notes)
    assert not found.short


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("kind", KINDS)
def test_a_server_that_goes_wrong_by_chance_gives_everything_or_the_list_says_that_it_is_short(
    kind: str, seed: int
) -> None:
    server = Server(Random(seed), kind=kind, chance=(0.05, 0.15, 0.3, 0.5)[seed % 4], size=1)
    names, found = read(server)
    assert names == server.stamps.keys() or found.short, found.notes


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "short"])  # that nobody can know
def test_a_server_that_goes_wrong_by_chance_and_tells_no_size_seldom_goes_unnoticed(kind: str) -> None:
    unnoticed = []
    for seed in range(50):
        server = Server(Random(seed), kind=kind, chance=(0.05, 0.15)[seed % 2])
        names, found = read(server)
        unnoticed += [seed] if names != server.stamps.keys() and not found.endless else []
        unnoticed += [seed] if len(names) < 20 else []
    assert unnoticed == []


@pytest.mark.parametrize("kind", ["refuse", "loop", "endless"])
@pytest.mark.parametrize("granularity", [SECONDS, DAYS])
@pytest.mark.parametrize("exclusive", [False, True])
def test_windows_of_servers_that_leave_out_their_bounds(kind: str, granularity: str, exclusive: bool) -> None:
    server = Server(Random(5), kind=kind, limit=2, granularity=granularity, exclusive=exclusive, count=40, page=3)
    names, found = read(server)
    assert names == server.stamps.keys() or found.short, found.notes


@pytest.mark.parametrize("size", [1.05, 1.3, 2.0])
@pytest.mark.parametrize("spread", [1, 60, 86_400 * 20])
def test_a_size_that_is_too_high_is_found_out_whatever_the_datestamps(size: float, spread: int) -> None:
    server = Server(Random(1), size=size, spread=spread)
    names, found = read(server)
    assert names == server.stamps.keys()
    assert (found.short, notes(found)["oai_size_wrong"]) == (False, 1)
    assert found.ratio == pytest.approx(1 / size, rel=0.02)
    assert server.asked < 110


@pytest.mark.parametrize("kind", ["loop", "endless"])
@pytest.mark.parametrize("spread", [1, 60, 86_400 * 20])
def test_a_last_page_that_is_given_again_ends_the_list(kind: str, spread: int) -> None:
    server = Server(Random(1), count=23, kind=kind, at_the_end=True, spread=spread)
    names, found = read(server)
    assert names == server.stamps.keys()
    assert (found.short, found.endless, found.unread) == (False, True, [])
    assert server.asked < 120


@pytest.mark.parametrize("kind", ["refuse", "loop"])
def test_a_server_that_does_not_select_by_date_is_not_believed(kind: str) -> None:
    server = Server(Random(1), kind=kind, limit=2, windows=False)
    names, found = read(server)
    assert len(names) == 10
    assert found.short == (kind == "refuse")
    assert found.endless == (kind == "loop")


@pytest.mark.parametrize("granularity", [SECONDS, DAYS])
@pytest.mark.parametrize("units", [0, 1, 2, 3, 4, 5, 17])
def test_halves_cover_their_window_and_are_smaller(granularity: str, units: int) -> None:
    unit = timedelta(seconds=1) if granularity == SECONDS else timedelta(days=1)
    form = FORMS[granularity]
    window = (START.strftime(form), (START + units * unit).strftime(form))
    parts = halves(window, "", "", granularity)
    assert bool(parts) == (units > 0)
    if parts:
        (first, end), (start, last) = parts
        assert (first, last) == window
        assert first <= end < last
        assert first < start <= last
        gap = (instant_of(start) or START) - (instant_of(end) or START)
        assert gap <= unit
        assert is_tight(parts, granularity) == (units < 3)


def test_a_window_is_parted_between_what_it_gave() -> None:
    stamps = [f"2026-01-{day:02}T00:00:00Z" for day in (3, 4, 20, 21)]
    parts = parted(("", ""), stamps, "2026-02-01T00:00:00Z", SECONDS)
    assert parts == [("", "2026-01-12T00:00:01Z"), ("2026-01-11T23:59:59Z", "")]
    after = parted(("", ""), stamps[:1], "2026-02-01T00:00:00Z", SECONDS)
    assert after == [("", "2026-01-03T00:00:03Z"), ("2026-01-03T00:00:01Z", "")]
    before = parted(("", "2026-01-03T00:00:00Z"), stamps[:1], "", SECONDS)
    assert before == [("", "2026-01-02T23:59:59Z"), ("2026-01-02T23:59:57Z", "2026-01-03T00:00:00Z")]
    assert parted((stamps[0], stamps[0]), stamps[:1], "", SECONDS) == []
    assert parted(("", ""), ["hôm qua"], "", SECONDS) == []
