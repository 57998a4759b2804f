"""Whose turn it is: when a sweep is due, how a failing source rests, how many ask one server."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from hub.catalog import runs
from hub.catalog.models import Record, Run, Source
from hub.stages.harvest import fetch, harvest, is_sweep_due, read_and_finish
from schemas.problem import Problem, Trouble
from tests.hub.stages.shelf import Options, Shelf
from tests.hub.stages.test_deletions import shelf

assert shelf


def test_a_sweep_is_due_by_the_interval_and_after_a_clock_went_wrong(shelf: Shelf) -> None:
    config = shelf.config()
    assert not is_sweep_due(config)
    Source.objects.update(swept_at=timezone.now() - timedelta(days=8))
    assert is_sweep_due(config)
    Source.objects.update(swept_at=timezone.now() + timedelta(days=1))
    assert is_sweep_due(config)
    assert [report.stage for report in harvest(config)] == ["harvest"]  # a whole list is a sweep


def test_a_sweep_follows_an_increment_when_it_is_due(shelf: Shelf) -> None:
    shelf.whole = False
    Source.objects.update(swept_at=timezone.now() - timedelta(days=8))
    assert [report.stage for report in harvest(shelf.config())] == ["harvest", "sweep"]
    assert [report.stage for report in harvest(shelf.config())] == ["harvest"]
    assert [report.stage for report in harvest(shelf.config(), swept=True)] == ["harvest", "sweep"]


def test_a_source_that_fails_rests_longer_and_longer(shelf: Shelf) -> None:
    shelf.fails = Trouble("http_failing", url="http://x.example/", status=500)
    for _ in range(3):
        with pytest.raises(Trouble, match="500"):
            harvest(shelf.config())
    with pytest.raises(Trouble) as caught:
        harvest(shelf.config())
    assert caught.value.problem.code == "source_resting"
    first = Source.objects.get().not_before
    with pytest.raises(Trouble, match="500"):
        harvest(shelf.config(), now=True)
    assert Source.objects.get().not_before - timezone.now() > (first - timezone.now()) * 1.5
    shelf.fails = None
    harvest(shelf.config(), now=True)
    assert Source.objects.get().not_before is None
    assert Source.objects.get().failures == 0


def test_a_server_that_asks_for_patience_gets_it_across_runs(shelf: Shelf) -> None:
    until = (timezone.now() + timedelta(hours=5)).strftime("%Y-%m-%dT%H:%M:%SZ")
    shelf.fails = Trouble("http_busy", host="x.example", until=until)
    with pytest.raises(Trouble):
        harvest(shelf.config())
    shelf.fails = None
    with pytest.raises(Trouble) as caught:
        harvest(shelf.config())
    assert caught.value.problem.code == "source_resting"
    Source.objects.update(not_before=timezone.now() + timedelta(days=300))  # a clock that went back
    harvest(shelf.config())


def test_one_server_is_asked_for_few_sources_at_once(store: str) -> None:
    options = Options(url="http://thu-vien.example/oai", per_host=1)
    one, other = Shelf("mot", options=options), Shelf("hai", options=options)
    one.put("oai:x:1")
    other.put("oai:x:1")
    opened = fetch(one.config())
    with pytest.raises(Trouble) as caught:
        fetch(other.config())
    assert caught.value.problem.code == "host_busy"
    read_and_finish(opened)
    harvest(other.config())
    assert Record.objects.filter(identifier="oai:x:1", state="live").count() == 2


def test_a_lease_can_be_renewed_until_another_takes_it(shelf: Shelf) -> None:
    source = Source.objects.get()
    run, fence = runs.open_run(source, "máy-khác:1", False)
    Source.objects.update(lease_expires=timezone.now() + timedelta(seconds=1))
    assert runs.renew(source.pk, fence)
    assert Source.objects.get().lease_expires > timezone.now() + timedelta(seconds=60)
    Source.objects.update(lease_expires=timezone.now() - timedelta(seconds=1))
    _, later = runs.open_run(source, "máy-ba:2", False)
    assert not runs.renew(source.pk, fence)
    assert runs.renew(source.pk, later)
    runs.close_run(run, fence, Run.Status.FAILED, [Problem("list_incomplete")])
    assert Source.objects.get().lease_owner == "máy-ba:2"
    Source.objects.update(lease_expires=timezone.now() + timedelta(days=2))  # given by a clock that was ahead
    runs.open_run(source, "máy-tư:3", False)
