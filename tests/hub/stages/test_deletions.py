"""Deletions, sweeps and holds: nothing goes that is not gone, and nothing stays that is."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone

from hub.accounts.models import AuditEvent
from hub.catalog import removals
from hub.catalog.models import Bib, FormerIdentifier, Hold, RawRecord, Record, Removal, Run, Source
from hub.sources import GuardEntry
from hub.stages.harvest import harvest, is_sweep_due, sweep_source
from hub.stages.match import match
from hub.stages.merge import check_copies, merge_due
from hub.stages.normalize import normalize_pending
from schemas.problem import Trouble
from tests.hub.stages.shelf import Files, Options, Shelf

TEN = [f"oai:x:{n}" for n in range(10)]


def live() -> set[str]:
    return set(Record.objects.filter(state="live").values_list("identifier", flat=True))


def titles() -> dict[str, str]:
    rows = Bib.objects.values_list("record__identifier", "marc")
    return {identifier: marc.split("\x1fa")[2].split("\x1e")[0] for identifier, marc in rows}


def balanced() -> bool:
    return all(
        run.received == run.created + run.updated + run.unchanged + run.deleted + run.rejected
        for run in Run.objects.all()
    )


@pytest.fixture
def shelf(store: str) -> Shelf:
    """Ten books, harvested."""
    shelf = Shelf()
    shelf.put(*TEN)
    harvest(shelf.config())
    assert live() == set(TEN)
    return shelf


def test_a_deletion_the_source_tells_is_carried_out(shelf: Shelf) -> None:
    shelf.delete(TEN[0])
    (report,) = harvest(shelf.config())
    assert report.counts["deleted"] == 1
    assert live() == set(TEN[1:])
    assert not Removal.objects.exists()
    (again,) = harvest(shelf.config())
    assert again.counts["unchanged"] == 10
    shelf.put(TEN[0])  # as a restored backup would: the sweep finds it
    sweep_source(shelf.config())
    assert live() == set(TEN)
    shelf.delete(TEN[0], datestamp="2026-02-02T00:00:00Z")
    harvest(shelf.config())
    shelf.put(TEN[0], datestamp="2026-02-03T00:00:00Z")
    harvest(shelf.config())
    assert live() == set(TEN)
    assert RawRecord.objects.filter(record__identifier=TEN[0]).count() == 5
    assert balanced()


def test_everything_told_as_deleted_is_held_and_can_be_refused(shelf: Shelf) -> None:
    shelf.delete(*TEN)
    (report,) = harvest(shelf.config())
    assert live() == set(TEN)
    assert report.counts["deleted"] == 0
    assert report.counts["unchanged"] == 10
    assert [problem.code for problem in report.problems] == ["removals_held"]
    (hold,) = Hold.objects.all()
    assert (hold.count, hold.live, hold.kind) == (10, 10, "deletions")
    harvest(shelf.config())
    assert Hold.objects.count() == 1
    removals.refuse(hold, "Cô Lan", "máy chủ của họ hỏng")
    harvest(shelf.config())
    assert live() == set(TEN)
    assert Hold.objects.get().decided_by == "Cô Lan"
    shelf.put(*TEN)
    harvest(shelf.config())
    assert not Removal.objects.exists()
    assert live() == set(TEN)
    assert balanced()


def test_a_hold_released_by_a_named_person_removes_and_can_be_undone(shelf: Shelf) -> None:
    shelf.delete(*TEN[:5])
    harvest(shelf.config())
    (hold,) = Hold.objects.all()
    with pytest.raises(Trouble):
        removals.release(hold, "  ")
    run = removals.release(hold, "Cô Lan", "đã thanh lý")
    assert live() == set(TEN[5:])
    assert (run.kind, Run.objects.get(pk=run.pk).deleted) == ("decision", 5)
    assert AuditEvent.objects.filter(act="hold.released", by="Cô Lan").exists()
    with pytest.raises(Trouble):
        removals.refuse(hold, "Anh Ba")
    match()
    merge_due()
    removals.undo(run, "Anh Ba")
    normalize_pending()
    assert live() == set(TEN)
    match()
    merge_due()
    check_copies()
    assert balanced()


def test_few_deletions_beside_a_hold_wait_with_it(shelf: Shelf) -> None:
    shelf.delete(*TEN[:4])
    harvest(shelf.config())
    shelf.delete(TEN[4])
    harvest(shelf.config())
    assert Hold.objects.get().count == 5
    assert live() == set(TEN)


def test_a_run_that_fails_deletes_nothing(shelf: Shelf) -> None:
    shelf.delete(TEN[0])
    config = shelf.config()
    good = shelf.pages

    def cut(job):
        yield next(good(job))
        raise Trouble("list_incomplete")

    shelf.pages = cut  # type: ignore[method-assign]
    with pytest.raises(Trouble):
        harvest(shelf.config())
    assert live() == set(TEN)
    shelf.pages = good  # type: ignore[method-assign]
    harvest(config)
    assert live() == set(TEN[1:])
    assert balanced()


def test_a_record_missing_from_the_list_goes_after_two_questions(shelf: Shelf) -> None:
    shelf.lose(TEN[3])
    sweep_source(shelf.config())
    assert live() == set(TEN)
    assert shelf.asked == [TEN[3]]
    report = sweep_source(shelf.config())
    assert live() == set(TEN) - {TEN[3]}
    assert shelf.asked == [TEN[3], TEN[3]]
    assert report.counts["deleted"] == 1
    assert balanced()


def test_the_two_questions_lie_apart(shelf: Shelf) -> None:
    shelf.options = Options(confirm_after=timedelta(hours=24))
    shelf.lose(TEN[3])
    for _ in range(3):
        sweep_source(shelf.config())
    assert live() == set(TEN)
    Removal.objects.update(since=timezone.now() - timedelta(hours=25))
    harvest(shelf.config())
    assert live() == set(TEN) - {TEN[3]}


def test_a_record_that_is_given_alone_is_there(shelf: Shelf) -> None:
    shelf.headed = TEN[:9]
    for _ in range(3):
        sweep_source(shelf.config())
    assert live() == set(TEN)
    assert not Removal.objects.exists()


def test_a_record_that_comes_back_before_the_second_question_stays(shelf: Shelf) -> None:
    book = shelf.books[TEN[3]]
    shelf.lose(TEN[3])
    sweep_source(shelf.config())
    assert Removal.objects.count() == 1
    shelf.books[TEN[3]] = book
    harvest(shelf.config())
    assert not Removal.objects.exists()
    assert live() == set(TEN)


@pytest.mark.parametrize("kept", [0, 5])
def test_an_empty_or_half_list_of_identifiers_removes_nothing(shelf: Shelf, kept: int) -> None:
    shelf.lose(*TEN[kept:])
    sweep_source(shelf.config())
    assert shelf.asked == []
    assert live() == set(TEN)
    assert Hold.objects.get().count == 10 - kept
    shelf.headers_whole = False
    removals.refuse(Hold.objects.get(), "Cô Lan")
    sweep_source(shelf.config())
    assert Hold.objects.filter(verdict="open").count() == 0
    assert live() == set(TEN)


def test_a_sweep_finds_what_increments_do_not_show(shelf: Shelf) -> None:
    shelf.put(TEN[0], title="Bản khôi phục", datestamp="2025-06-01T00:00:00Z")
    shelf.put("oai:x:new", datestamp="2026-02-28T00:00:00Z")
    shelf.delete(TEN[1])
    report = sweep_source(shelf.config())
    assert titles()[TEN[0]] == f"Bản khôi phục {TEN[0]}"
    assert live() == {*TEN, "oai:x:new"} - {TEN[1]}
    assert report.counts == {"received": 3, "created": 1, "updated": 1, "unchanged": 0, "deleted": 1, "rejected": 0}
    assert Source.objects.get().checkpoint["late"] == ["2025-06-01T00:00:00Z", "2026-02-28T00:00:00Z"]
    assert sorted(shelf.asked) == ["oai:x:0", "oai:x:new"]


def test_an_older_version_shown_after_the_newer_is_not_taken(shelf: Shelf) -> None:
    older = shelf.raw(TEN[0])
    shelf.put(TEN[0], title="Bản mới", datestamp="2026-02-10T00:00:00Z")
    good = shelf.pages

    def twice(job):
        for page in good(job):
            records = page.records + ([older] if page.records else [])
            yield type(page)(records, page.checkpoint, page.complete)

    shelf.pages = twice  # type: ignore[method-assign]
    for _ in range(2):
        harvest(shelf.config())
        assert titles()[TEN[0]] == f"Bản mới {TEN[0]}"
    shelf.put("oai:x:z", title="Mới", datestamp="2026-02-10T00:00:00Z")
    newer = shelf.raw("oai:x:z")
    shelf.put("oai:x:z", title="Cũ", datestamp="2026-01-10T00:00:00Z")
    older = shelf.raw("oai:x:z")
    shelf.books["oai:x:z"] = ("Mới", newer.datestamp)
    shelf.raw = lambda identifier, found=shelf.raw: newer if identifier == "oai:x:z" else found(identifier)  # type: ignore[method-assign]
    for _ in range(2):
        harvest(shelf.config())
        assert titles()["oai:x:z"] == "Mới oai:x:z"
    assert balanced()


def test_files_that_are_everything_say_at_once_what_is_gone(shelf: Shelf) -> None:
    shelf.can_sweep, shelf.options = False, Files()
    shelf.lose(*TEN[:2])
    (report,) = harvest(shelf.config())
    assert live() == set(TEN[2:])
    assert report.counts["deleted"] == 2
    shelf.lose(*TEN[2:6])
    (report,) = harvest(shelf.config())
    assert live() == set(TEN[2:])
    assert Hold.objects.get().count == 4
    assert balanced()


def test_what_one_list_of_a_server_lacks_is_gone_when_a_second_one_lacks_it_too(shelf: Shelf) -> None:
    shelf.can_sweep, shelf.options = False, Options(confirm_after=timedelta(hours=24))
    books = dict(shelf.books)
    shelf.lose(*TEN[:2])
    for _ in range(3):  # lists of the same day are one answer
        harvest(shelf.config())
    assert live() == set(TEN)
    assert set(Removal.objects.values_list("record__identifier", flat=True)) == set(TEN[:2])
    shelf.books[TEN[0]] = books[TEN[0]]  # the index was being rebuilt
    harvest(shelf.config())
    Removal.objects.update(since=timezone.now() - timedelta(hours=25))
    (report,) = harvest(shelf.config())
    assert report.counts["deleted"] == 1
    assert live() == set(TEN) - {TEN[1]}
    assert not Removal.objects.exists()
    assert balanced()


def test_more_records_missing_than_one_run_asks_for_are_asked_for_by_the_next(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hub.stages.missing.ASKED", 2)
    shelf.whole = False
    shelf.guard = GuardEntry(most=5)
    shelf.lose(*TEN[:5])
    sweep_source(shelf.config())
    assert is_sweep_due(shelf.config())
    assert len(shelf.asked) == 2
    for _ in range(2):
        harvest(shelf.config())
    assert set(shelf.asked) == set(TEN[:5])
    assert not is_sweep_due(shelf.config())
    for _ in range(3):
        harvest(shelf.config())
    assert live() == set(TEN[5:])
    assert balanced()


@pytest.mark.parametrize("told", [True, False])
def test_a_small_source_has_a_guard_too(store: str, told: bool) -> None:
    shelf = Shelf(guard=GuardEntry())  # as it is without any configuration: 50 records, 5 %
    names = [f"oai:x:{n}" for n in range(45)]
    shelf.put(*names)
    harvest(shelf.config())
    (shelf.delete if told else shelf.lose)(*names[:23])
    for _ in range(2):
        harvest(shelf.config())
    assert live() == set(names)
    assert Hold.objects.get().count == 23
    shelf.put(*names[:3])
    for _ in range(3):
        harvest(shelf.config())
    assert live() == set(names), "twenty more than half is not the matter: the hold is open"


def test_five_records_may_always_go(store: str) -> None:
    shelf = Shelf(guard=GuardEntry())
    shelf.put(*TEN[:5])
    harvest(shelf.config())
    shelf.delete(*TEN[:5])
    harvest(shelf.config())
    assert live() == set()


def test_a_source_may_be_allowed_to_lose_everything(store: str) -> None:
    shelf = Shelf(guard=GuardEntry(share=1))
    shelf.put(*TEN)
    harvest(shelf.config())
    shelf.delete(*TEN)
    harvest(shelf.config())
    assert live() == set()


def test_what_is_undone_stays_while_the_source_goes_on_saying_that_it_is_gone(shelf: Shelf) -> None:
    shelf.delete(*TEN[:2])
    harvest(shelf.config())
    removals.undo(Run.objects.latest("pk"), "Cô Lan", "gọi điện hỏi rồi")
    normalize_pending()
    (hold,) = Hold.objects.all()
    assert (hold.verdict, hold.count, hold.decided_by, hold.reason) == ("refused", 2, "Cô Lan", "gọi điện hỏi rồi")
    for _ in range(2):
        (report,) = harvest(shelf.config())
        assert (report.counts["deleted"], live()) == (0, set(TEN))
    sweep_source(shelf.config())
    assert live() == set(TEN)
    shelf.put(TEN[0])  # there again, and then truly deleted
    harvest(shelf.config())
    shelf.delete(TEN[0], datestamp="2026-02-09T00:00:00Z")
    harvest(shelf.config())
    assert live() == set(TEN[1:])
    removals.release(hold, "Anh Ba", "đã thanh lý")  # after all
    assert live() == set(TEN[2:])
    assert balanced()


def test_what_is_undone_of_a_sweep_is_not_asked_for_again(shelf: Shelf) -> None:
    shelf.lose(*TEN[:2])
    for _ in range(2):
        sweep_source(shelf.config())
    assert live() == set(TEN[2:])
    removals.undo(Run.objects.latest("pk"), "Cô Lan")
    normalize_pending()
    asked = len(shelf.asked)
    for _ in range(3):
        sweep_source(shelf.config())
    assert live() == set(TEN)
    assert len(shelf.asked) == asked
    shelf.delete(TEN[0])  # only missing before; now it is said, which nobody has refused
    harvest(shelf.config())
    assert live() == set(TEN[1:])
    assert balanced()


def test_the_run_that_removed_is_the_one_to_undo_whoever_was_told(shelf: Shelf) -> None:
    shelf.delete(TEN[0])
    good = shelf.pages

    def cut(job):
        yield next(good(job))
        raise Trouble("list_incomplete")

    shelf.pages = cut  # type: ignore[method-assign]
    with pytest.raises(Trouble):
        harvest(shelf.config())
    failed = Run.objects.latest("pk")
    shelf.pages = good  # type: ignore[method-assign]
    harvest(shelf.config())
    removed = Run.objects.latest("pk")
    failed.refresh_from_db()
    assert (failed.deleted, removed.deleted) == (0, 1)
    with pytest.raises(Trouble) as caught:
        removals.undo(failed, "Cô Lan")
    assert caught.value.problem.code == "nothing_removed"
    removals.undo(removed, "Cô Lan")
    normalize_pending()
    assert live() == set(TEN)
    harvest(shelf.config())
    assert live() == set(TEN)
    assert balanced()


def test_undoing_brings_back_the_version_that_was_shown_last(shelf: Shelf) -> None:
    older = shelf.raw(TEN[0])
    shelf.put(TEN[0], title="Bản mới", datestamp="2026-02-10T00:00:00Z")
    good = shelf.pages

    def twice(job):
        for page in good(job):
            older_too = replace(older, body=older.body.replace(b"Truy", b"truy"))
            yield type(page)(page.records + ([older_too] if page.records else []), page.checkpoint, page.complete)

    shelf.pages = twice  # type: ignore[method-assign]
    harvest(shelf.config())
    shelf.pages = good  # type: ignore[method-assign]
    shelf.delete(TEN[0], datestamp="2026-02-11T00:00:00Z")
    harvest(shelf.config())
    assert live() == set(TEN[1:])
    removals.undo(Run.objects.latest("pk"), "Cô Lan")
    normalize_pending()
    assert titles()[TEN[0]] == f"Bản mới {TEN[0]}"


def test_a_decision_that_cannot_be_made_leaves_the_source_free(shelf: Shelf) -> None:
    shelf.delete(*TEN[:5])
    harvest(shelf.config())
    (hold,) = Hold.objects.all()
    removals.release(hold, "Cô Lan")
    with pytest.raises(Trouble):
        removals.release(hold, "Anh Ba")
    assert Source.objects.get().lease_owner == ""
    harvest(shelf.config())


def test_new_identifiers_for_the_same_books_are_held_and_renamed(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hub.catalog.renaming.AT_ONCE", 3)
    match()
    merge_due()
    numbers = dict(Record.objects.values_list("identifier", "id"))
    for n, identifier in enumerate(TEN):
        shelf.lose(identifier)
        shelf.put(f"oai:new:{n}")
    sweep_source(shelf.config())
    (hold,) = Hold.objects.all()
    assert (hold.kind, hold.count) == ("renaming", 10)
    assert len(hold.pairs) == 10
    removals.release(hold, "Cô Lan")
    normalize_pending()
    match()
    merge_due()
    check_copies()
    assert live() == {f"oai:new:{n}" for n in range(10)}
    assert dict(Record.objects.filter(state="live").values_list("identifier", "id")) == {
        f"oai:new:{n}": numbers[identifier] for n, identifier in enumerate(TEN)
    }
    assert set(FormerIdentifier.objects.values_list("identifier", flat=True)) == set(TEN)
    sweep_source(shelf.config())
    (report,) = harvest(shelf.config())
    assert report.counts["unchanged"] == 10
    assert balanced()
