"""Many sources over faulty repositories, harvested and swept by the stages of the hub, and compared with the truth."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from zlib import crc32

import zstandard
from django.db import connection

from hub.catalog import removals
from hub.catalog.models import Bib, Hold, RawRecord, Record, Rejection
from hub.sources import GuardEntry, LibraryEntry, Name, SourceConfig, SourceFile, make_source
from hub.stages.harvest import harvest, sweep_source
from hub.stages.report import StageReport
from schemas.problem import Trouble
from schemas.record import Record as Marc
from tests.faulty.exchange import Occurrence
from tests.faulty.faults import FAULTS
from tests.faulty.protocol import Responder
from tests.faulty.quirks import QUIRKS, Manners, Quirk
from tests.faulty.repository import Repository
from tests.faulty.server import FaultyServer, serving

ATTEMPTS = 8
PROFILES = ("good", "flaky", "quirky", "broken")
SERVERS = 2  # repositories are spread over so many servers, each asked by PER_HOST threads
PER_HOST = 2
COMBINATIONS = 10
WAITING = ("busy_seconds", "busy_date", "too_many_requests", "stall", "drip", "huge_record")  # cost time: once a source
FEW = {"list_ends_early": 3}  # strikes, after which a fault is over; others go on for ever
NOT_PASSING = (
    "all_deleted",  # only a person can mend what it does once
    "half_listed",  # only a person
    "first_page_is_all",  # only a sweep: no token, no size
    "half_swept",  # only a sweep
    "not_as_declared",  # no server changes its encoding in passing
)
TRANSIENT = [name for name in FAULTS if name not in NOT_PASSING]
BROKEN: tuple[tuple[str, ...], ...] = (
    ("token_expires",),
    ("token_repeats",),
    ("token_cycle",),
    ("token_endless", "control_character"),
    ("list_ends_early",),
    ("first_page_is_all", "stray_byte"),
    ("empty_page", "bare_ampersand"),
    ("unclosed_element",),
    ("half_swept", "unknown_entity"),
    ("huge_record",),
)
OUTAGES = ("xml_cut", "", "html", "", "failing", "all_deleted", "", "all_deleted", "", "unknown_error")


def source(name: str, url: str, *, form: str = "marcxml", guard: int = 12, **options: Any) -> SourceConfig:
    """The configuration of a source over a repository of the tests."""
    given = {
        "url": url, "allow_private": True, "pause": "0s", "rest": "0s", "max_wait": "5s", "deadline": "3s",
        "sweep_every": "30d", "confirm_after": "0s", "per_host": PER_HOST,
    }  # fmt: skip
    library = LibraryEntry(code=f"TV-{name}", name=Name(vi=f"Thư viện {name}"))
    entry = SourceFile(
        library=library, connector="oai_pmh", format=form, guard=GuardEntry(most=guard), options=given | options
    )
    return make_source(name, entry, Path(), Path(f"{name}.yaml"))


@dataclass
class Member:
    """A source of the fleet: its repository and what the harvester is to do with it."""

    profile: str
    responder: Responder
    config: SourceConfig
    outage: str = ""  # a fault that lasts for one round
    rewritten: bool = True  # whether records change twice in a second: headers cannot tell, a whole list can

    @property
    def repository(self) -> Repository:
        return self.responder.repository

    @property
    def wanted(self) -> str:
        return str(getattr(self.config.options, "set", ""))


@dataclass
class Difference:
    """Where the store differs from the truth, by kind: ``source identifier`` each."""

    lost: list[str] = field(default_factory=list)
    stale: list[str] = field(default_factory=list)
    phantom: list[str] = field(default_factory=list)
    invented: list[str] = field(default_factory=list)
    wrongly_deleted: list[str] = field(default_factory=list)
    without_bytes: list[str] = field(default_factory=list)  # quarantined, and the bytes are not there
    quarantined: int = 0

    def nothing(self) -> bool:
        """Whether the store is as it must be."""
        kinds = (
            self.lost, self.stale, self.phantom, self.invented, self.wrongly_deleted, self.without_bytes,
        )  # fmt: skip
        return not any(kinds)

    def add(self, other: Difference) -> None:
        for kind in ("lost", "stale", "phantom", "invented", "wrongly_deleted", "without_bytes"):
            getattr(self, kind).extend(getattr(other, kind))
        self.quarantined += other.quarantined


def compare(member: Member) -> Difference:
    """What the store says of a source against what is true."""
    found, name = Difference(), member.config.name
    rows = {
        identifier: (number, state)
        for identifier, number, state in Record.objects.filter(source__name=name).values_list(
            "identifier", "id", "state"
        )
    }
    titles = _titles(name)
    truth = member.repository.truth(member.wanted)
    found.invented = [f"{name} {identifier}" for identifier in rows.keys() - member.repository.history.keys()]
    for identifier, title in truth.items():
        number, state = rows.get(identifier, (0, "absent"))
        label = f"{name} {identifier} ({state})"
        spoiled = identifier in member.responder.spoiled
        if state == "live":
            shown = titles.get(identifier, "")
            found.stale += (
                [] if shown == title or (spoiled and shown.endswith(title)) else [f"{label}: {shown} ≠ {title}"]
            )
        elif state == "rejected" and spoiled:
            found.quarantined += 1
            found.without_bytes += [] if _kept(number, identifier) else [label]
        elif state == "deleted":
            found.wrongly_deleted.append(label)
        else:
            found.lost.append(label)
    there = {identifier for identifier, (_, state) in rows.items() if state in removals.PRESENT}
    found.phantom = [f"{name} {identifier} ({rows[identifier][1]})" for identifier in sorted(there - truth.keys())]
    return found


def _titles(name: str) -> dict[str, str]:
    rows = Bib.objects.filter(record__source__name=name).values_list("record__identifier", "marc")
    return {identifier: Marc.unpack(marc).values("245", "a")[0].rstrip(" /:.") for identifier, marc in rows}


def _kept(number: int, identifier: str) -> bool:
    """Whether the bytes of a quarantined record and the reason are there."""
    rejection = Rejection.objects.get(record_id=number)
    body = zstandard.ZstdDecompressor().decompress(bytes(RawRecord.objects.get(pk=rejection.raw).body))
    return bool(rejection.code) and identifier.encode().split(b"&")[0] in body and b"metadata" in body


class Fleet:
    """Sources over repositories, a few servers, a few threads."""

    def __init__(self, members: Sequence[Member], servers: Sequence[FaultyServer]) -> None:
        self.members = members
        self.servers = servers
        self.failures: dict[str, list[str]] = {}

    def change(self, *, backdated: Container[str] = (), outage: bool = False) -> None:
        """The changes of a round in every repository; where everything is told to be deleted, nothing truly is."""
        for member in self.members:
            removing = not (outage and member.outage == "all_deleted")
            dated = member.profile in backdated
            member.repository.change(2, backdated=dated, rewritten=member.rewritten, removing=removing)

    def harvest(self, *, full: Callable[[Member], bool] = lambda member: False) -> None:
        """Harvest every source; one that fails is tried again some times, as a schedule would."""
        self._each(lambda member: self._insist(member, lambda: harvest(member.config, full=full(member), now=True)))

    def sweep(self, *profiles: str) -> None:
        """Sweep the sources of some profiles."""
        chosen = [member for member in self.members if member.profile in profiles]
        self._each(lambda member: self._insist(member, lambda: [sweep_source(member.config, now=True)]), chosen)

    def fail(self, on: bool) -> None:
        """The outages of broken repositories begin or end."""
        for member in self.members:
            faults = member.responder.occurrences
            if on and member.outage:
                faults.append(Occurrence(FAULTS[member.outage]))
            elif member.outage:
                faults[:] = [met for met in faults if met.fault.name != member.outage]

    def refuse_holds(self) -> int:
        """A person keeps whatever waits."""
        holds = list(Hold.objects.filter(verdict=Hold.Verdict.OPEN))
        for hold in holds:
            removals.refuse(hold, "Cô Lan", "máy chủ của đối tác hỏng")
        return len(holds)

    def compare(self, chosen: Callable[[Member], bool] = lambda member: True) -> Difference:
        """The differences of the chosen sources together."""
        total = Difference()
        for member in filter(chosen, self.members):
            total.add(compare(member))
        return total

    def _each(self, act: Callable[[Member], object], chosen: Sequence[Member] = ()) -> None:
        """Do something with every source, or the chosen ones, PER_HOST threads a server."""
        workers, members = len(self.servers) * PER_HOST, chosen or self.members
        with ThreadPoolExecutor(workers) as pool:
            parts = [[m for m in members if self.members.index(m) % workers == n] for n in range(workers)]
            for done in [pool.submit(_in_thread, act, part) for part in parts]:
                done.result()

    def _insist(self, member: Member, act: Callable[[], list[StageReport]]) -> None:
        attempts = 1 if any(met.fault.name == member.outage for met in member.responder.occurrences) else ATTEMPTS
        for _ in range(attempts):
            try:
                act()
                return
            except Trouble as trouble:
                self.failures.setdefault(member.config.name, []).append(trouble.problem.code)


def _in_thread(act: Callable[[Member], object], part: Sequence[Member]) -> None:
    try:
        for member in part:
            act(member)
    finally:
        connection.close()


@contextmanager
def single(repository: Repository, *faults: Occurrence, **options: Any) -> Iterator[tuple[Member, FaultyServer]]:
    """One source over a repository with faults."""
    responder = Responder(repository)
    responder.occurrences += faults
    with serving({repository.name: responder}) as server:
        yield Member("single", responder, source(repository.name, server.address(repository.name), **options)), server


@contextmanager
def fleet(per_profile: int, size: int, *, seed: int = 0) -> Iterator[Fleet]:
    """A fleet with so many repositories of each profile, and so many records in each."""
    planned = [_plan(profile, n, per_profile, size, seed) for profile in PROFILES for n in range(per_profile)]
    groups = [dict(plan[:2] for plan in planned[n::SERVERS]) for n in range(SERVERS)]
    with ExitStack() as stack:
        servers = [stack.enter_context(serving(group)) for group in groups]
        members = [_member(plan, servers[n % SERVERS]) for n, plan in enumerate(planned)]
        yield Fleet(members, servers)


Plan = tuple[str, Responder, str, int, list[Quirk]]


def _plan(profile: str, n: int, of: int, size: int, seed: int) -> Plan:
    """A repository of a profile: its name, the responder, its quirks."""
    turn = (n * max(1, COMBINATIONS // of) + seed) % COMBINATIONS
    names = list(QUIRKS)[turn::COMBINATIONS] if profile == "quirky" else []
    quirks = [QUIRKS[name] for name in names] + ([QUIRKS["same_identifiers"]] if profile == "good" and n == 0 else [])
    manners = Manners()
    for quirk in quirks:
        manners = quirk.on(manners)
    name = f"{profile}{n}"
    responder = Responder(Repository(name, size, manners, seed=seed))
    if profile == "flaky":
        for k, fault in enumerate(TRANSIENT[turn::COMBINATIONS]):
            most = 1 if fault in WAITING else FEW.get(fault, 1_000_000)
            responder.occurrences.append(Occurrence(FAULTS[fault], 4 + k, most))
    if profile == "broken":
        responder.occurrences += [Occurrence(FAULTS[fault]) for fault in BROKEN[turn]]
    return name, responder, profile, turn, quirks


def _member(plan: Plan, server: FaultyServer) -> Member:
    name, responder, profile, turn, quirks = plan
    options: dict[str, Any] = {}
    for quirk in quirks:
        options |= quirk.options
    form = ("marcxml", "oai_dc")[turn % 2]
    config = source(name, server.address(name), form=form, **options)
    outage = OUTAGES[turn] if profile == "broken" else ""
    cut = any(met.fault.lasting == "swept" and met.every == 1 for met in responder.occurrences)
    rewritten = all(quirk.increments for quirk in quirks) and not cut
    return Member(profile, responder, config, outage, rewritten)


def drill(fleet: Fleet, rounds: int) -> Difference:
    """Rounds of changes with outages, increments, and sweeps of what is broken; what increments alone missed."""
    fleet.harvest()
    for number in range(rounds):
        outage = number == rounds // 2
        fleet.change(backdated=("quirky", "broken"), outage=outage)
        fleet.fail(outage)
        fleet.harvest(full=lambda member, turn=number: crc32(member.config.name.encode()) % 3 == turn % 3)  # type: ignore[misc]
        fleet.sweep("broken")
        fleet.refuse_holds()
    fleet.fail(False)
    for member in fleet.members:
        member.repository.pass_time(timedelta(minutes=10))
    fleet.harvest()
    return fleet.compare(lambda member: member.profile in ("good", "flaky"))


def settle(fleet: Fleet) -> Difference:
    """Time passes; every source is harvested, and swept until what nobody announced is confirmed."""
    for member in fleet.members:
        member.repository.pass_time(timedelta(days=1))
    fleet.harvest()
    fleet.sweep(*PROFILES)
    fleet.sweep(*PROFILES)
    return fleet.compare()
