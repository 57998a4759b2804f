"""A worker that was late: another has taken its source, and whatever it still wants to write is refused."""

from __future__ import annotations

from array import array
from collections.abc import Callable
from datetime import timedelta

import pytest

from hub.catalog import arrivals, quarantine, removals, restored, runs
from hub.catalog.arrivals import Older
from hub.catalog.models import Hold, RawRecord, Record, Removal, Run, Source
from hub.sources import Guard, SourceConfig
from hub.stages import missing
from hub.stages.harvest import finish, harvest, sweep_source
from schemas.problem import Problem, Trouble
from tests.hub.stages.shelf import Files, Shelf

TEN = [f"oai:x:{n}" for n in range(10)]
Write = Callable[[Run, int], object]
WRITES: dict[str, Write] = {
    "a page": lambda run, fence: arrivals.store_page(run, fence, [], {"from": "late"}),
    "an older version": lambda run, fence: restored.take_older(run, fence, {1: Older(1, "2026", b"x", "p")}),
    "what is missing": lambda run, fence: removals.miss(run, fence, [1], timedelta()),
    "what is gone": lambda run, fence: removals.gone(run, fence, [1]),
    "a hold": lambda run, fence: removals.hold_missing(run, fence, [1]),
    "what is shown": lambda run, fence: removals.shown(run, fence, [2]),
    "deletions": lambda run, fence: removals.settle(run, fence, Guard()),
    "a sweep": lambda run, fence: runs.swept(run, fence, whole=True),
    "notes": lambda run, fence: runs.add_notes(run, fence, [Problem("sweep_short")]),
    "mends": lambda run, fence: quarantine.keep_mended(run, fence, [], "Lan"),
    "its end": finish,
}


def live() -> set[str]:
    return set(Record.objects.filter(state="live").values_list("identifier", flat=True))


def everything() -> list[object]:
    """What the tables say."""
    tables = (Record, RawRecord, Removal, Hold, Run, Source)
    return [list(model.objects.order_by("pk").values()) for model in tables]


@pytest.fixture
def shelf(store: str) -> Shelf:
    shelf = Shelf()
    shelf.put(*TEN)
    harvest(shelf.config())
    return shelf


@pytest.mark.parametrize("what", WRITES)
def test_nothing_is_written_without_the_source(shelf: Shelf, what: str) -> None:
    source = Source.objects.get()
    run, late = runs.open_run(source, "máy-một:1", False)
    Removal.objects.create(record_id=2, source=source, since=run.started_at, confirmed=run.started_at)
    Source.objects.update(lease_expires=run.started_at)
    runs.open_run(source, "máy-hai:2", False)
    before = everything()
    with pytest.raises(Trouble) as caught:
        WRITES[what](run, late)
    assert caught.value.problem.code == "lease_lost"
    assert everything() == before


def test_a_late_failure_does_not_let_the_source_rest(shelf: Shelf) -> None:
    source = Source.objects.get()
    _, late = runs.open_run(source, "máy-một:1", False)
    Source.objects.update(lease_expires=None, failures=runs.PATIENCE)
    runs.open_run(source, "máy-hai:2", False)
    before = everything()
    runs.failed(source, late, timedelta(minutes=15), Problem("list_incomplete"))
    runs.rest_until(source, late, source.runs.get(status="running").started_at, Problem("list_incomplete"))
    runs.answered(source, late)
    assert everything() == before


@pytest.mark.parametrize("options", [None, Files()])
def test_what_came_while_a_worker_slept_is_not_missing(
    shelf: Shelf, options: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Asleep after the last page of its list, before it looks what the list lacks: another harvests three new books."""
    if options is not None:
        shelf.can_sweep, shelf.options = False, options
    other = Shelf(books=dict(shelf.books), can_sweep=shelf.can_sweep, options=shelf.options)
    other.put("oai:x:a", "oai:x:b", "oai:x:c")
    find = missing.find_missing

    def slowly(source: Source, seen: array[int]) -> list[int]:
        monkeypatch.setattr(missing, "find_missing", find)
        Source.objects.update(lease_expires=None)
        harvest(other.config(), full=True)
        return find(source, seen)

    monkeypatch.setattr(missing, "find_missing", slowly)
    with pytest.raises(Trouble) as caught:
        harvest(shelf.config(), full=True)
    assert caught.value.problem.code == "lease_lost"
    assert live() == {*TEN, "oai:x:a", "oai:x:b", "oai:x:c"}
    assert not Removal.objects.exists()
    assert set(Run.objects.values_list("status", flat=True)) == {"succeeded"}


def test_a_late_sweep_confirms_nothing(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    shelf.lose(TEN[0])
    sweep_source(shelf.config())
    shelf.whole = False
    ask = missing.ask_alone

    def slowly(config: SourceConfig, run: Run, fence: int, rows: list[tuple[int, str]]) -> int:
        monkeypatch.setattr(missing, "ask_alone", ask)
        Source.objects.update(lease_expires=None)
        there = Shelf(books=dict(shelf.books), whole=False)
        there.put(TEN[0])
        harvest(there.config())
        return ask(config, run, fence, rows)

    monkeypatch.setattr(missing, "ask_alone", slowly)
    with pytest.raises(Trouble):
        sweep_source(shelf.config())
    assert live() == set(TEN)
    assert not Removal.objects.exists()
