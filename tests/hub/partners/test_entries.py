"""Books entered one by one: a source like any other, joined with the union record they were picked from."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from hub.catalog import writes
from hub.catalog.models import Holding, Member, Record, Run, Union
from hub.catalog.reads import union_uid
from hub.network.models import Library
from hub.partners import shelving
from hub.partners.models import Entry
from hub.stages import entries, soon
from hub.stages.normalize import normalize_pending
from tests.hub.provide.network import fill

BY = "vu@tu-sach.example"


@pytest.fixture
def bookcase(store: str) -> Library:
    fill()
    return Library.objects.create(code="HP-VU", name_vi="Tủ sách dòng họ Vũ", kind="clan")


def enter(library: Library, key: str, union: int, copies: int = 1) -> entries.Entered:
    description = entries.described(union)
    assert description is not None
    made = entries.put(library, key, entries.cells_of(description), copies, by=BY, union=union)
    soon.unite()
    return made


def members(union: int) -> int:
    return Member.objects.filter(union=union).count()


def test_a_picked_book_joins_its_union_record_and_stays_there(bookcase: Library) -> None:
    union = Record.objects.get(identifier="1").member.union
    before = members(union)
    made = enter(bookcase, "k1", union, 2)
    assert members(union) == before + 1
    assert sum(Holding.objects.filter(library=bookcase).values_list("copies", flat=True)) == 2
    assert entries.of_union(bookcase, union) == entries.entered(bookcase, made.number)
    assert entries.totals(bookcase) == (1, 2)
    writes.clear_derived(by="test")
    normalize_pending()
    soon.unite()
    assert members(union) == before + 1
    assert entries.totals(bookcase) == (1, 2)


def test_a_book_with_nothing_but_a_title_joins_too_when_it_was_picked(bookcase: Library) -> None:
    """What the rules would not dare to join, the person has said."""
    union = Record.objects.get(identifier="X1").member.union
    before = members(union)
    enter(bookcase, "k9", union)
    assert members(union) == before + 1


def test_copies_change_and_a_book_goes_and_comes_back(bookcase: Library) -> None:
    union = Record.objects.get(identifier="2").member.union
    made = enter(bookcase, "k1", union)
    again = entries.put(bookcase, "k1", made.cells, 3, by=BY)
    assert (again.number, again.copies) == (made.number, 3)
    entries.put(bookcase, "k1", made.cells, 3, by=BY)
    assert entries.totals(bookcase) == (1, 3)
    entries.remove(bookcase, "k1", by=BY)
    soon.unite()
    assert entries.totals(bookcase) == (0, 0)
    gone = entries.entered(bookcase, made.number)
    assert gone is not None
    assert (gone.there, gone.copies) == (False, 0)
    entries.put(bookcase, "k1", gone.cells, 2, by=BY)
    soon.unite()
    assert entries.totals(bookcase) == (1, 2)
    assert Union.objects.filter(deleted=False, id=union).exists()
    ledgers = Run.objects.filter(source__name="HP-VU-entry").order_by("id")
    assert {run.status for run in ledgers} == {"succeeded"}
    for run in ledgers:
        assert run.received == run.created + run.updated + run.unchanged + run.deleted + run.rejected


def test_a_book_that_nobody_has_is_a_record_of_its_own(bookcase: Library) -> None:
    cells = {"title": "Gia phả họ Vũ", "author": "Vũ Văn Tám", "publisher": "Lao động", "year": "2003"}
    made = entries.put(bookcase, "k1", cells, 1, by=BY)
    soon.unite()
    assert Member.objects.get(record=made.number).union == made.number


def test_two_phones_add_the_same_book_at_once(bookcase: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    union = Record.objects.get(identifier="2").member.union
    made = enter(bookcase, "k1", union)
    union_now = Record.objects.get(pk=made.number).member.union
    whole, others = shelving._begun, iter([True])

    def late(*values: Any) -> Any:
        begun = whole(*values)
        if next(others, False):  # the other phone was quicker
            shelving.add(bookcase, uuid4(), union_uid(union_now), 1, by=BY)
        return begun

    monkeypatch.setattr(shelving, "_begun", late)
    key = uuid4()
    act = shelving.add(bookcase, key, union_uid(union_now), 1, by=BY)
    assert entries.totals(bookcase) == (1, 3)
    assert (act.before, act.after) == (2, 3)
    shelving.add(bookcase, key, union_uid(union_now), 1, by=BY)
    assert entries.totals(bookcase) == (1, 3), "asked again it does nothing more"
    Entry.objects.filter(pk=key).update(record=0)  # as if it had been cut before it was written down as done
    shelving.add(bookcase, key, union_uid(union_now), 1, by=BY)
    assert entries.totals(bookcase) == (1, 3)
