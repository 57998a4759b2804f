"""Each fault of a server, passing and lasting: nothing is lost, nothing goes wrongly, nothing is made up."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

import pytest

from hub.catalog import removals
from hub.catalog.models import Hold, RawRecord, Record, Removal, Run, Source
from hub.stages.harvest import harvest, sweep_source
from schemas.problem import Trouble
from tests.faulty.exchange import Asked, Fault, Occurrence, Reply
from tests.faulty.faults import FAULTS, is_spoiled
from tests.faulty.fleet import FEW, TRANSIENT, WAITING, Member, compare, single
from tests.faulty.quirks import QUIRKS, Manners
from tests.faulty.repository import Repository
from tests.faulty.server import FaultyServer

SIZE = 40


def kinds(*lasting: str) -> list[str]:
    return [name for name, fault in FAULTS.items() if fault.lasting in lasting]


def bring(member: Member, times: int = 6, *, full: bool = False) -> None:
    """Harvest, again after a failure, as a schedule does."""
    for left in range(times, 0, -1):
        try:
            harvest(member.config, full=full, now=True)
            return
        except Trouble:
            if left == 1:
                raise


def live(member: Member) -> set[str]:
    return set(
        Record.objects.filter(source__name=member.config.name, state="live").values_list("identifier", flat=True)
    )


def begin(member: Member, name: str) -> None:
    member.responder.occurrences.append(Occurrence(FAULTS[name]))


def heal(member: Member) -> None:
    """Nothing fails any more, and the time has come that the server had named."""
    member.responder.occurrences.clear()
    Source.objects.filter(name=member.config.name).update(not_before=None)


def assert_nothing(member: Member) -> None:
    difference = compare(member)
    assert difference.nothing(), difference


@pytest.mark.usefixtures("catalog")
@pytest.mark.parametrize("name", TRANSIENT)
def test_a_passing_fault_loses_nothing(name: str) -> None:
    most = 1 if name in WAITING else FEW.get(name, 1_000)
    deadline = "0.7s" if name in ("stall", "drip") else "30s"
    with single(Repository("s", SIZE), Occurrence(FAULTS[name], 3, most), deadline=deadline) as (member, server):
        bring(member)
        assert_nothing(member)
        member.repository.change()
        bring(member)
        assert_nothing(member)
        assert compare(member).quarantined == 0
        assert server.conduct.too_early == 0


@pytest.mark.usefixtures("catalog")
@pytest.mark.parametrize("name", kinds("read", "quarantine"))
def test_a_lasting_fault_that_can_be_read_past(name: str) -> None:
    form = "oai_dc" if len(name) % 2 else "marcxml"
    with single(Repository("s", SIZE), Occurrence(FAULTS[name]), form=form) as (member, _):
        bring(member)
        assert_nothing(member)
        member.repository.change()
        bring(member)
        assert_nothing(member)
        bring(member, full=True)
        assert_nothing(member)
        assert member.responder.deepest <= 25
        spoiled = sum(is_spoiled(member.repository.numbers[name]) for name in member.repository.truth())
        assert compare(member).quarantined <= spoiled


@pytest.mark.usefixtures("catalog")
@pytest.mark.parametrize("name", kinds("fails"))
def test_a_lasting_fault_that_stops_a_harvest_changes_nothing_and_heals(name: str) -> None:
    deadline = "0.7s" if name in ("stall", "drip") else "30s"
    with single(Repository("s", SIZE), tries=2, max_wait="0s", deadline=deadline) as (member, _):
        bring(member)
        before = live(member)
        begin(member, name)
        member.repository.change()
        for full in (False, True):
            with pytest.raises(Trouble):
                harvest(member.config, full=full, now=True)
        assert live(member) == before
        heal(member)
        bring(member)
        assert_nothing(member)


@pytest.mark.usefixtures("catalog")
@pytest.mark.parametrize("name", kinds("swept"))
def test_what_a_list_never_gives_a_sweep_brings(name: str) -> None:
    with single(Repository("s", SIZE), Occurrence(FAULTS[name])) as (member, _):
        bring(member)
        member.repository.change(backdated=True, rewritten=False)
        bring(member)
        difference = compare(member)
        assert difference.wrongly_deleted + difference.invented == []
        for _ in range(2):
            sweep_source(member.config, now=True)
        assert_nothing(member)


@pytest.mark.usefixtures("catalog")
@pytest.mark.parametrize("name", QUIRKS)
def test_a_quirk_loses_nothing(name: str) -> None:
    quirk = QUIRKS[name]
    with single(Repository("s", 30, quirk.on(Manners())), **quirk.options) as (member, server):
        bring(member)
        for turn in range(2):
            if member.repository.manners.offset:
                member.responder.during += [member.repository.update] * 2
            member.repository.change(rewritten=quirk.increments)
            member.repository.pass_time(timedelta(minutes=5))
            bring(member, full=turn == 1)
            assert not quirk.increments or compare(member).nothing(), compare(member)
        member.repository.backdate()
        member.repository.pass_time(timedelta(hours=8))
        for _ in range(2):
            sweep_source(member.config, now=True)
        assert_nothing(member)
        before = RawRecord.objects.count()
        bring(member)
        assert RawRecord.objects.count() == before
        assert server.conduct.too_early == 0


@pytest.mark.usefixtures("catalog")
def test_a_harvest_cut_at_any_page_goes_on_though_the_list_has_changed() -> None:
    with single(Repository("s", 60), tries=1) as (member, _):
        for turn in range(8):
            member.responder.occurrences[:] = [Occurrence(FAULTS["empty"], turn % 4 + 2)]
            member.responder.during = [member.repository.update] * 2
            with suppress(Trouble):
                harvest(member.config, now=True)
            member.repository.change()
        heal(member)
        bring(member)
        bring(member)
        assert_nothing(member)


@pytest.mark.usefixtures("catalog")
def test_two_sources_with_the_same_identifiers_do_not_touch_each_other() -> None:
    manners = QUIRKS["same_identifiers"].on(Manners())
    with single(Repository("a", 20, manners)) as (first, _), single(Repository("b", 30, manners)) as (second, _):
        for member in (first, second, first):
            member.repository.change()
            bring(member)
        sweep_source(first.config, now=True)
        assert_nothing(first)
        assert_nothing(second)


@pytest.fixture
def flagged(catalog: object) -> Iterator[tuple[Member, FaultyServer]]:
    """A source that was harvested, whose server then said that everything is deleted: that waits."""
    with single(Repository("s", SIZE)) as (member, server):
        bring(member)
        begin(member, "all_deleted")
        bring(member, full=True)
        assert_nothing(member)
        assert Hold.objects.get().count == SIZE
        yield member, server


def test_everything_flagged_deleted_waits_for_a_person(flagged: tuple[Member, FaultyServer]) -> None:
    member, _ = flagged
    sweep_source(member.config, now=True)
    assert_nothing(member)
    assert Hold.objects.filter(verdict="open").count() == 1
    removals.refuse(Hold.objects.get(), "Cô Lan")
    heal(member)
    bring(member, full=True)
    assert_nothing(member)
    assert not Removal.objects.exists()
    member.repository.pass_time(timedelta(hours=1))
    member.repository.delete()
    bring(member)
    assert_nothing(member)


def test_a_deletion_after_a_refused_hold_counts(flagged: tuple[Member, FaultyServer]) -> None:
    member, _ = flagged
    removals.refuse(Hold.objects.get(), "Cô Lan")
    heal(member)
    sweep_source(member.config, now=True)
    member.repository.pass_time(timedelta(hours=1))
    member.repository.delete()
    bring(member)
    assert_nothing(member)


def test_a_deletion_after_a_hold_that_ended_by_itself_counts(flagged: tuple[Member, FaultyServer]) -> None:
    member, _ = flagged
    heal(member)
    bring(member, full=True)
    member.repository.pass_time(timedelta(hours=1))
    member.repository.delete()
    bring(member)
    assert_nothing(member)


def test_a_true_deletion_refused_with_all_the_others_comes_in_the_end(catalog: object) -> None:
    with single(Repository("s", SIZE)) as (member, _):
        bring(member)
        member.repository.pass_time(timedelta(hours=1))
        member.repository.delete()
        begin(member, "all_deleted")
        bring(member, full=True)
        removals.refuse(Hold.objects.get(), "Cô Lan")
        heal(member)
        for _ in range(2):
            sweep_source(member.config, now=True)
            bring(member, full=True)
        assert_nothing(member)


@pytest.fixture
def halved(catalog: object) -> Iterator[Member]:
    """A source that was harvested, whose server then listed half of its records: that waits, and was refused."""
    with single(Repository("s", SIZE)) as (member, _):
        bring(member)
        begin(member, "half_listed")
        sweep_source(member.config, now=True)
        assert_nothing(member)
        assert Hold.objects.get().count == SIZE // 2
        removals.refuse(Hold.objects.get(), "Cô Lan")
        yield member


def test_half_a_list_at_a_sweep_removes_nothing(halved: Member) -> None:
    for _ in range(2):
        sweep_source(halved.config, now=True)
    assert_nothing(halved)
    heal(halved)
    bring(halved, full=True)
    sweep_source(halved.config, now=True)
    assert_nothing(halved)


def test_deletions_that_are_told_count_after_half_a_list_was_refused(halved: Member) -> None:
    heal(halved)
    sweep_source(halved.config, now=True)
    for _ in range(8):
        halved.repository.pass_time(timedelta(hours=1))
        halved.repository.delete()
    bring(halved)
    assert_nothing(halved)


@pytest.mark.usefixtures("catalog")
def test_half_a_list_of_identifiers_is_no_reason_to_ask_a_person() -> None:
    with single(Repository("s", SIZE), Occurrence(FAULTS["half_swept"])) as (member, _):
        bring(member)
        member.repository.write(f"oai:s:{SIZE - 1}", member.repository.now - timedelta(days=300))
        sweep_source(member.config, now=True)
        assert_nothing(member)
        assert not Hold.objects.exists()
        assert [run.kind for run in Run.objects.order_by("id")] == ["harvest", "sweep", "harvest"]


def _one_record(asked: Asked) -> bool:
    return asked.verb == "GetRecord" and asked.arguments["identifier"].endswith(":7")


@pytest.mark.usefixtures("catalog")
@pytest.mark.parametrize(
    "fault",
    [
        Fault("fails", "P12", "", _one_record, reply=lambda asked, reply: Reply(b"", 500)),
        Fault("unreadable", "C1", "", _one_record, reply=lambda asked, reply: replace(reply, body=b"<a>")),
        Fault("broken", "C1", "", _one_record, record=FAULTS["bare_ampersand"].record),
        Fault("internal", "P5", "", _one_record, reply=lambda asked, reply: replace(reply, body=INTERNAL)),
    ],
    ids=lambda fault: fault.name,
)
def test_one_record_that_cannot_be_had_does_not_stop_a_sweep(fault: Fault) -> None:
    with single(Repository("s", SIZE), tries=2) as (member, _):
        bring(member)
        member.responder.occurrences.append(Occurrence(fault))
        for number in (6, 7, 8):
            member.repository.write(f"oai:s:{number}", member.repository.now - timedelta(days=300))
        sweep_source(member.config, now=True)
        wrong = compare(member)
        assert [label.split()[1] for label in wrong.stale + wrong.lost] in ([], ["oai:s:7"])


INTERNAL = (
    b'<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><responseDate>2025-03-01T00:00:00Z</responseDate>'
    b'<request>x</request><error code="InternalException">no</error></OAI-PMH>'
)


@pytest.mark.usefixtures("catalog")
def test_a_quarantined_record_that_the_server_has_mended_is_taken() -> None:
    with single(Repository("s", SIZE), Occurrence(FAULTS["unclosed_element"])) as (member, _):
        bring(member)
        assert compare(member).quarantined == 2
        heal(member)
        sweep_source(member.config, now=True)
        assert_nothing(member)
        assert compare(member).quarantined == 0


@pytest.mark.usefixtures("catalog")
@pytest.mark.parametrize("fault", ["token_expires", "token_repeats", "token_cycle", "token_too_long"])
@pytest.mark.parametrize(
    "quirk",
    [
        "from_exclusive", "until_exclusive", "no_size", "earliest_nonsense", "earliest_too_late",
    ],
)  # fmt: skip
def test_tokens_that_cannot_be_used_and_a_quirk(quirk: str, fault: str) -> None:
    manners = QUIRKS[quirk].on(Manners())
    with single(Repository("s", SIZE, manners), Occurrence(FAULTS[fault])) as (member, _):
        bring(member)
        member.repository.change()
        bring(member, full=True)
        assert_nothing(member)


@pytest.mark.usefixtures("catalog")
@pytest.mark.parametrize("quirk", ["no_size", "size_zero", "size_too_high"])
def test_a_list_that_never_ends_and_tells_no_size_is_taken(quirk: str) -> None:
    manners = QUIRKS[quirk].on(Manners())
    with single(Repository("s", SIZE, manners), Occurrence(FAULTS["token_endless"])) as (member, _):
        bring(member, 1)
        assert_nothing(member)
        member.repository.change()
        bring(member, 1)
        assert_nothing(member)
        assert member.responder.deepest <= 25


@pytest.mark.usefixtures("catalog")
def test_a_busy_server_is_left_alone_until_the_time_it_named() -> None:
    fault = Occurrence(FAULTS["busy_seconds"], 2)
    with single(Repository("s", SIZE), fault, max_wait="0s") as (member, server):
        with pytest.raises(Trouble) as caught:
            harvest(member.config)
        assert caught.value.problem.code == "http_busy"
        Source.objects.update(not_before=Source.objects.get().not_before + timedelta(hours=1))
        asked = server.conduct.requests
        with pytest.raises(Trouble) as caught:
            harvest(member.config)
        assert caught.value.problem.code == "source_resting"
        assert (server.conduct.requests, server.conduct.too_early) == (asked, 0)


@pytest.mark.usefixtures("catalog")
def test_who_asks_can_be_reached(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIENTHONG_CONTACT", "thu-vien@lienthong.example")
    with single(Repository("s", 20)) as (member, server):
        bring(member)
        sweep_source(member.config, now=True)
        assert all("thu-vien@lienthong.example" in agent for agent in server.conduct.agents)
