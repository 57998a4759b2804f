"""A server whose backup was restored shows earlier versions of records, byte for byte, with their old datestamps."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.utils import timezone

from connectors.connector import Job, Page
from hub.catalog.models import Bib, RawRecord, Record, Run, Source
from hub.stages.harvest import harvest, is_sweep_due
from schemas.problem import Trouble
from schemas.record import RawRecord as Raw
from tests.hub.stages.shelf import Shelf

TEN = [f"oai:x:{n}" for n in range(10)]
NEWER = "2026-02-10T00:00:00Z"


def titles() -> dict[str, str]:
    rows = Bib.objects.values_list("record__identifier", "marc")
    return {identifier: marc.split("\x1fa")[2].split("\x1e")[0] for identifier, marc in rows}


def live() -> set[str]:
    return set(Record.objects.filter(state="live").values_list("identifier", flat=True))


def balanced() -> bool:
    return all(
        run.received == run.created + run.updated + run.unchanged + run.deleted + run.rejected
        for run in Run.objects.all()
    )


@pytest.fixture
def shelf(store: str) -> Shelf:
    """Ten books; the first has had a second version."""
    shelf = Shelf()
    shelf.put(*TEN)
    harvest(shelf.config())
    shelf.put(TEN[0], title="Bản mới", datestamp=NEWER)
    harvest(shelf.config())
    assert titles()[TEN[0]] == f"Bản mới {TEN[0]}"
    return shelf


def test_an_earlier_version_that_is_shown_alone_is_the_present_one(shelf: Shelf) -> None:
    shelf.put(TEN[0])
    (report,) = harvest(shelf.config(), full=True)
    assert (report.counts["updated"], report.counts["unchanged"]) == (1, 9)
    assert titles()[TEN[0]] == f"Truyện {TEN[0]}"
    assert Record.objects.get(identifier=TEN[0]).datestamp == "2026-01-01T00:00:00Z"
    versions = RawRecord.objects.count()
    (report,) = harvest(shelf.config(), full=True)
    assert (report.counts["unchanged"], RawRecord.objects.count()) == (10, versions)
    assert not is_sweep_due(shelf.config())
    assert balanced()


@pytest.mark.parametrize("newest_first", [True, False])
def test_beside_the_newer_version_it_means_nothing(shelf: Shelf, newest_first: bool) -> None:
    older = Shelf(books={TEN[0]: ("Truyện oai:x:0", "2026-01-01T00:00:00Z")}).raw(TEN[0])
    _showing(shelf, older, newest_first=newest_first)
    versions = RawRecord.objects.count()
    for _ in range(3):
        harvest(shelf.config(), full=True)
        assert titles()[TEN[0]] == f"Bản mới {TEN[0]}"
    assert RawRecord.objects.count() == versions
    assert balanced()


def _showing(shelf: Shelf, more: Raw, *, newest_first: bool) -> None:
    """Another record on a page of its own, at an end of the list."""
    good = shelf.pages

    def pages(job: Job) -> Iterator[Page]:
        found = list(good(job))
        extra = Page([more], {"at": -1})
        yield from (*found[:-1], extra, found[-1]) if newest_first else (extra, *found)

    shelf.pages = pages  # type: ignore[method-assign]


def test_a_list_that_was_cut_says_nothing_of_it_and_the_sweep_does(shelf: Shelf) -> None:
    shelf.put(TEN[0])
    shelf.whole = False  # as a list that went on where another was cut
    Source.objects.update(swept_at=timezone.now() - timedelta(days=8))
    harvest(shelf.config())
    assert titles()[TEN[0]] == f"Truyện {TEN[0]}", "the sweep asked for it"
    assert balanced()


def test_a_failed_list_takes_nothing_back(shelf: Shelf) -> None:
    shelf.put(TEN[0])
    good = shelf.pages

    def cut(job: Job) -> Iterator[Page]:
        yield next(good(job))
        raise Trouble("list_incomplete")

    shelf.pages = cut  # type: ignore[method-assign]
    with pytest.raises(Trouble):
        harvest(shelf.config(), full=True)
    assert titles()[TEN[0]] == f"Bản mới {TEN[0]}"


def test_a_deletion_that_is_shown_alone_again_is_one(shelf: Shelf) -> None:
    shelf.delete(TEN[1])
    harvest(shelf.config())
    shelf.put(TEN[1], title="Trở lại", datestamp="2026-02-20T00:00:00Z")
    harvest(shelf.config())
    assert live() == set(TEN)
    shelf.delete(TEN[1])
    (report,) = harvest(shelf.config(), full=True)
    assert report.counts["deleted"] == 1
    assert live() == set(TEN) - {TEN[1]}
    assert balanced()


def test_a_record_that_was_deleted_and_is_listed_as_before_is_there(shelf: Shelf) -> None:
    shelf.delete(TEN[1])
    for _ in range(2):
        harvest(shelf.config())
    assert Record.objects.get(identifier=TEN[1]).datestamp == "2026-02-01T00:00:00Z"
    shelf.put(TEN[1])
    harvest(shelf.config(), full=True)
    assert live() == set(TEN)
    assert balanced()
