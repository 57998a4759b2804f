"""Union records are grouped under works, whether all at once, a little at a time, or made again."""

from __future__ import annotations

from hub.catalog import reads, writes
from hub.catalog.models import Union
from hub.match.work import NO_WORK
from hub.stages.normalize import normalize_pending
from tests.hub.stages.books import book, raw
from tests.hub.stages.test_path import arrive, unite


def works() -> dict[int, int]:
    return dict(Union.objects.filter(deleted=False).values_list("id", "work"))


def fill() -> None:
    arrive("a", [raw(book("1", "Kính vạn hoa", volume="1")), raw(book("2", "Kính vạn hoa", volume="2", year=2019))])
    arrive("b", [raw(book("1", "KÍNH VẠN HOA", volume="1")), raw(book("2", "Kính vạn hoa", author="Ai đó khác"))])
    unite()


def test_volumes_and_editions_are_of_one_work_and_other_authors_are_not(store: str) -> None:
    fill()
    found = works()
    assert sorted(found) == [1, 2, 4], "the first volume of both libraries is one union record"
    assert found[1] == found[2] != found[4]
    assert NO_WORK not in found.values()
    assert [number for number, _ in reads.other_editions(1)] == [2]
    assert reads.other_editions(4) == reads.other_editions(99) == []


def test_a_work_follows_its_record(store: str) -> None:
    fill()
    arrive("a", [raw(book("2", "Đảo mộng mơ", year=2019))])
    unite()
    assert works()[1] != works()[2]
    assert reads.other_editions(1) == []
    before = works()
    writes.clear_derived(by="test")
    normalize_pending()
    unite()
    assert works() == before


def test_a_rebuild_fills_works_without_publishing_anything_anew(store: str) -> None:
    fill()
    before, stamps = works(), dict(Union.objects.values_list("id", "datestamp"))
    Union.objects.update(work=NO_WORK)
    writes.clear_derived(by="test")
    normalize_pending()
    unite()
    assert works() == before
    assert dict(Union.objects.values_list("id", "datestamp")) == stamps


def test_a_tombstone_is_of_no_work(store: str) -> None:
    fill()
    arrive("a", [raw(book("2", ""), deleted=True)])
    unite()
    assert Union.objects.get(id=2).work == NO_WORK
    assert reads.other_editions(1) == []
