"""What a run may last and wait, when a server is left alone, and single records that cannot be had."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from hub.catalog.models import Record, Rejection, Run, Source
from hub.stages.harvest import fetch, harvest, is_sweep_due, read_and_finish, sweep_source
from schemas.problem import Trouble
from tests.faulty.exchange import Asked, Fault, Occurrence, Reply
from tests.faulty.faults import FAULTS, is_spoiled
from tests.faulty.fleet import compare, single
from tests.faulty.quirks import QUIRKS, Manners
from tests.faulty.repository import Repository

SIZE = 60


def notes(source: str = "s") -> list[str]:
    return [note["code"] for note in Run.objects.filter(source__name=source).latest("id").notes]


def busy(seconds: int) -> Fault:
    def reply(asked: Asked, reply: Reply) -> Reply:
        return Reply(b"", 503, {"Retry-After": str(seconds)}, wait=seconds)

    return Fault("busy", "T5", "fails", reply=reply)


@pytest.mark.parametrize("full", [False, True])
def test_a_run_that_has_lasted_long_enough_ends_and_is_gone_on_with(store: str, full: bool) -> None:
    with single(Repository("s", SIZE), interval="0.2s", run_limit="0.5s") as (member, server):
        reports = []
        while not reports or reports[-1].problems:
            assert len(reports) < 20
            report = read_and_finish(fetch(member.config, full=full))
            reports.append(report)
            source, run = Source.objects.get(), Run.objects.get(kind=Run.Kind.HARVEST)
            assert source.lease_owner == ""
            assert (source.failures, source.not_before) == (0, None)
            assert [problem.code for problem in report.problems] in ([], ["run_limit"])
            assert (run.status == Run.Status.RUNNING) == bool(report.problems)
            assert Record.objects.filter(state="live").count() == run.received
            assert is_sweep_due(member.config) == (not report.problems)
        assert len(reports) > 1
        assert Run.objects.get(kind=Run.Kind.HARVEST).pages == 6
        assert server.conduct.requests <= 6 + 1  # the pages and Identify
        assert compare(member).nothing()


@pytest.mark.usefixtures("catalog")
def test_a_sweep_that_has_lasted_too_long_fails_and_blames_nobody() -> None:
    with single(Repository("s", SIZE), interval="0.1s") as (member, _):
        harvest(member.config)
        hurried = replace(member.config, options=member.config.options.model_copy(update={"run_limit": SOON}))
        with pytest.raises(Trouble) as caught:
            sweep_source(hurried)
        assert caught.value.problem.code == "run_limit"
        assert Source.objects.get().failures == 0
        assert compare(member).nothing()


SOON = timedelta(seconds=0.3)


@pytest.mark.usefixtures("catalog")
def test_what_a_run_waits_for_a_busy_server_adds_up() -> None:
    with single(Repository("s", SIZE), Occurrence(busy(1), 2), max_wait="2s") as (member, server):
        with pytest.raises(Trouble) as caught:
            harvest(member.config)
        assert caught.value.problem.code == "http_busy"
        assert server.conduct.requests == 6  # three of them busy: the third is not waited for
        assert server.conduct.too_early == 0


@pytest.mark.usefixtures("catalog")
def test_a_time_the_server_has_named_is_waited_for_even_now() -> None:
    with single(Repository("s", SIZE), Occurrence(busy(3600))) as (member, server):
        for code in ("http_busy", "source_resting", "source_resting"):
            with pytest.raises(Trouble) as caught:
                harvest(member.config, now=code != "http_busy")
            assert caught.value.problem.code == code
        with pytest.raises(Trouble):
            sweep_source(member.config, now=True)
        assert (server.conduct.requests, server.conduct.too_early) == (1, 0)
        member.responder.occurrences.clear()
        Source.objects.update(not_before=Source.objects.get().not_before - timedelta(hours=2))
        harvest(member.config)
        assert compare(member).nothing()


@pytest.mark.usefixtures("catalog")
def test_a_rest_after_failures_is_passed_over_now() -> None:
    with single(Repository("s", SIZE), tries=1, rest="1h") as (member, _):
        member.responder.occurrences.append(Occurrence(FAULTS["failing"]))
        for _ in range(3):
            with pytest.raises(Trouble):
                harvest(member.config)
        member.responder.occurrences.clear()
        with pytest.raises(Trouble) as caught:
            harvest(member.config)
        assert caught.value.problem.code == "source_resting"
        harvest(member.config, now=True)
        assert compare(member).nothing()


@pytest.mark.usefixtures("catalog")
def test_a_server_that_has_moved_for_good_is_told_with_the_run() -> None:
    with single(Repository("s", SIZE, QUIRKS["moved_for_good"].on(Manners()))) as (member, _):
        harvest(member.config)
        assert notes() == ["http_moved"]


def is_alone_and_spoiled(asked: Asked) -> bool:
    return asked.verb == "GetRecord" and is_spoiled(int(asked.arguments["identifier"].rpartition(":")[2]))


@pytest.mark.usefixtures("catalog")
@pytest.mark.parametrize("alone", [None, Reply(b"no", 500), Reply(b"<a>"), Reply(b"<html/>", 404)])
def test_records_in_quarantine_never_stop_a_sweep(alone: Reply | None) -> None:
    with single(Repository("s", 200), Occurrence(FAULTS["bare_ampersand"]), tries=2) as (member, _):
        harvest(member.config)
        assert Rejection.objects.count() == compare(member).quarantined == 10
        if alone is not None:
            fault = Fault("alone", "C1", "", is_alone_and_spoiled, reply=lambda asked, reply: alone)
            member.responder.occurrences.append(Occurrence(fault))
        member.repository.backdate()
        for _ in range(2):
            sweep_source(member.config)
        assert Source.objects.get().swept_at
        assert compare(member).nothing()
        assert compare(member).quarantined == 10


@pytest.mark.usefixtures("catalog")
def test_records_that_are_broken_and_only_a_sweep_can_see_are_quarantined() -> None:
    faults = [Occurrence(FAULTS[name]) for name in ("first_page_is_all", "stray_byte")]
    with single(Repository("s", 200), *faults, tries=2) as (member, _):
        harvest(member.config)
        assert len(compare(member).lost) > 150
        sweep_source(member.config)
        assert compare(member).nothing()
        assert compare(member).quarantined == 10


@pytest.mark.usefixtures("catalog")
@pytest.mark.parametrize("quirk", ["size_too_high", "size_a_little_too_high"])
def test_a_size_that_is_always_wrong_costs_its_proof_once_and_hides_no_deletion(quirk: str) -> None:
    manners = replace(QUIRKS[quirk].on(Manners()), deletions="no", keeps=timedelta())
    with single(Repository("s", 200, manners)) as (member, server):
        harvest(member.config)
        assert notes() == ["oai_list_short", "oai_size_wrong"]
        asked = server.conduct.requests
        member.repository.pass_time(timedelta(hours=5))
        member.repository.update()
        member.repository.delete()
        harvest(member.config)
        assert server.conduct.requests == asked + 2
        for _ in range(2):
            sweep_source(member.config)
        assert compare(member).nothing()
        assert "sweep_short" not in notes()
