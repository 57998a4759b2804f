"""Holdings and authority records: kept beside the catalog, whatever comes first, changes, goes or is made again."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

import pytest

from hub.catalog import arrivals, runs, writes
from hub.catalog.models import Aside, Bib, Holding, Record, Rejection, Source, Union
from hub.network.models import Library
from hub.stages.harvest import finish
from hub.stages.match import match
from hub.stages.merge import check_copies, merge_due
from hub.stages.normalize import normalize_pending
from schemas.marc21 import to_iso2709
from schemas.record import RawRecord, data_field
from schemas.record import Record as Content
from tests.hub.stages.books import book, raw

ISBN = "978-604-2-99001-1"


def source(name: str, reading: dict[str, object] | None = None) -> Source:
    library, _ = Library.objects.get_or_create(code=f"L-{name}", defaults={"name_vi": f"Thư viện {name}"})
    values = {"library": library, "connector": "files", "format": "marc21", "settings": {"reading": reading or {}}}
    return Source.objects.get_or_create(name=name, defaults=values)[0]


def arrive(records: Sequence[RawRecord], name: str = "a") -> None:
    """One whole harvest, and the union catalog after it."""
    run, fence = runs.open_run(source(name), "test", False)
    arrivals.store_page(run, fence, records, {})
    normalize_pending()
    finish(run, fence)
    unite()


def unite() -> None:
    match()
    merge_due()
    check_copies()
    assert not Record.objects.filter(due__gt=0).exists()


def mfhd(number: str, of: str, *barcodes: str, place: str = "Kho đọc", deleted: bool = False) -> RawRecord:
    """A holdings record of the bibliographic record ``of``."""
    fields = [("001", number), ("004", of), data_field("852", "0 ", [("b", place), ("h", "895.9223")])]
    fields += [data_field("876", "  ", [("p", barcode)]) for barcode in barcodes]
    return raw(Content("00000nx  a2200000   4500", tuple(fields)), deleted=deleted)


def held() -> list[tuple[str, str, str, int]]:
    rows = Holding.objects.order_by("record", "location")
    return [(row.record.identifier, row.location, row.accessions.replace("\n", " "), row.copies) for row in rows]


def state() -> tuple[object, ...]:
    unions = Union.objects.filter(deleted=False).values_list("id", "digest", "copies", "members")
    clean = [(n, bytes(digest), *rest) for n, digest, *rest in unions.order_by("id")]
    asides = Aside.objects.exclude(kind="number").order_by("record").values_list("record", "kind", "key", "marc")
    states = Record.objects.order_by("id").values_list("id", "state", "due")
    return clean, held(), list(asides), list(states)


def rebuilt() -> tuple[object, ...]:
    writes.clear_derived(by="test")
    normalize_pending()
    unite()
    return state()


@pytest.mark.parametrize("order", ["together", "bib first", "holdings first"])
def test_copies_follow_whichever_comes_first(store: str, order: str) -> None:
    bib, holdings = raw(book("1", "Dế Mèn phiêu lưu ký")), mfhd("h1", "1", "VV1", "VV2")
    batches = {"together": [[bib, holdings]], "bib first": [[bib], [holdings]], "holdings first": [[holdings], [bib]]}
    for batch in batches[order]:
        arrive(batch)
    assert held() == [("1", "Kho đọc", "VV1 VV2", 2)], "it replaces the copy that was implied"
    assert Record.objects.get(identifier="h1").state == "aside"
    assert Union.objects.get(deleted=False).copies == 2
    assert rebuilt() == (before := state()) == before


def test_a_change_and_a_deletion_are_followed(store: str) -> None:
    arrive([raw(book("1", "Dế Mèn phiêu lưu ký")), mfhd("h1", "1", "VV1", "VV2"), mfhd("h2", "1", "X1", place="Kho B")])
    assert [row[3] for row in held()] == [1, 2]
    arrive([mfhd("h1", "1", "VV1", "VV2", "VV3")])
    assert Union.objects.get(deleted=False).copies == 4
    arrive([mfhd("h2", "1", deleted=True)])
    assert held() == [("1", "Kho đọc", "VV1 VV2 VV3", 3)]
    arrive([mfhd("h1", "1", deleted=True)])
    assert held() == [("1", "", "", 1)], "the implied copy again"
    assert state() == rebuilt()


def test_holdings_move_to_another_record_and_outlive_theirs(store: str) -> None:
    arrive([raw(book("1", "Dế Mèn phiêu lưu ký")), raw(book("2", "Đất rừng phương Nam")), mfhd("h", "1", "VV1", "VV2")])
    arrive([mfhd("h", "2", "VV1", "VV2")])
    assert [(row[0], row[3]) for row in held()] == [("1", 1), ("2", 2)]
    arrive([raw(book("2", ""), deleted=True)])
    assert [(row[0], row[3]) for row in held()] == [("1", 1)]
    arrive([raw(book("2", "Đất rừng phương Nam"))])
    assert [(row[0], row[3]) for row in held()] == [("1", 1), ("2", 2)]
    assert state() == rebuilt()


def test_a_changed_bibliographic_record_keeps_its_holdings(store: str) -> None:
    arrive([raw(book("1", "Dế Mèn phiêu lưu ký")), mfhd("h", "1", "VV1", "VV2")])
    arrive([raw(book("1", "Dế Mèn phiêu lưu ký", pages="200", copies="K1"))])
    assert [(row[1], row[3]) for row in held()] == [("Kho mượn", 1), ("Kho đọc", 2)], "its own items stay"
    assert state() == rebuilt()


def test_the_number_of_the_record_counts_where_its_identifier_is_another(store: str) -> None:
    bib = raw(book("17", "Dế Mèn phiêu lưu ký"))
    named = RawRecord("oai:tv:9", bib.body, bib.place)
    arrive([named])
    arrive([mfhd("h", "17", "VV1", "VV2", "VV3")])
    assert held()[0][3] == 3
    renumbered = raw(book("18", "Dế Mèn phiêu lưu ký"))
    arrive([RawRecord("oai:tv:9", renumbered.body, "")])
    assert held()[0][3] == 1
    arrive([named])
    assert held()[0][3] == 3
    assert state() == rebuilt()


def test_the_oldest_of_two_records_with_one_number_holds_and_the_other_inherits(store: str) -> None:
    body = raw(book("17", "Dế Mèn phiêu lưu ký")).body
    arrive([mfhd("h", "17", "VV1", "VV2"), RawRecord("oai:1", body, ""), RawRecord("oai:2", body, "")])
    assert [(row[0], row[3]) for row in held()] == [("oai:1", 2), ("oai:2", 1)]
    arrive([RawRecord("oai:1", b"", "", deleted=True)])
    assert [(row[0], row[3]) for row in held()] == [("oai:2", 2)]
    assert state() == rebuilt()


def test_holdings_of_another_source_do_not_count(store: str) -> None:
    arrive([raw(book("1", "Dế Mèn phiêu lưu ký"))])
    arrive([mfhd("h", "1", "VV1", "VV2")], "b")
    assert held() == [("1", "", "", 1)]


def test_the_union_gets_the_copies_of_a_member(store: str) -> None:
    same = [raw(book("1", "Dế Mèn phiêu lưu ký", isbn=ISBN))]
    arrive(same, "a")
    arrive(same, "b")
    arrive([mfhd("h", "1", "X1", "X2", "X3")], "b")
    union = Union.objects.get(deleted=False)
    assert (union.members, union.copies) == (2, 4)


def test_a_record_turns_into_a_holdings_record_and_back(store: str) -> None:
    arrive([raw(book("1", "Dế Mèn phiêu lưu ký")), raw(book("2", "Đất rừng phương Nam"))])
    arrive([RawRecord("2", mfhd("2", "1", "VV1", "VV2").body, "")])
    assert [row[0] for row in held()] == ["1"]
    assert Union.objects.get(id=2).deleted
    assert not Bib.objects.filter(record=2).exists()
    arrive([raw(book("2", "Đất rừng phương Nam"))])
    assert [(row[0], row[3]) for row in held()] == [("1", 1), ("2", 1)]
    assert not Union.objects.get(id=2).deleted
    assert not Aside.objects.filter(kind="holdings").exists()
    assert state() == rebuilt()


def test_a_holdings_record_that_can_no_longer_be_read_holds_what_it_held(store: str) -> None:
    arrive([raw(book("1", "Dế Mèn phiêu lưu ký")), mfhd("h", "1", "VV1", "VV2")])
    before = held()
    lost = Content("00000nx  a2200000   4500", (("001", "h"), data_field("852", "  ", [("b", "Kho")])))
    arrive([raw(lost)])
    assert Rejection.objects.get().code == "holdings_without_004"
    assert held() == before
    assert Record.objects.get(identifier="h").state == "aside"
    assert state() == rebuilt()


def test_a_holdings_record_that_cannot_be_counted_stops_no_other(store: str) -> None:
    odd = mfhd("h1", "1", "VV1")
    poison = Content("00000nx  a2200000   4500", (("001", "h2"), ("004", "1"), data_field("852", "  ", [("9", "²")])))
    ranges = [data_field("852", "  ", [("p", f"{n}.1-1000")]) for n in range(21)]
    many = Content("00000nx  a2200000   4500", (("001", "h3"), ("004", "1"), *ranges))
    arrive([raw(book("1", "Dế Mèn phiêu lưu ký")), raw(poison), raw(many), odd, raw(book("2", "Tắt đèn"))])
    assert [(row.record.identifier, row.code) for row in Rejection.objects.all()] == [("h3", "copies_too_many")]
    assert [(row[0], row[1], row[3]) for row in held()] == [("1", "", 1), ("1", "Kho đọc", 1), ("2", "", 1)]
    assert state() == rebuilt()


def test_what_older_rules_had_taken_and_these_cannot_count_is_read_again(store: str) -> None:
    arrive([raw(book("1", "Dế Mèn phiêu lưu ký")), mfhd("h1", "1", "VV1", "VV2"), raw(book("2", "Tắt đèn"))])
    ranges = [data_field("852", "  ", [("p", f"{n}.1-1000")]) for n in range(21)]
    Aside.objects.filter(key="1").update(marc=Content("00000nx  a2200000   4500", tuple(ranges)).pack())
    run, fence = runs.open_run(source("a"), "test", False)
    arrivals.store_page(run, fence, [mfhd("h2", "1", "VV3"), raw(book("3", "Số đỏ"))], {})
    normalize_pending()
    assert sorted(Record.objects.filter(state="pending").values_list("identifier", flat=True)) == ["1", "h1", "h2"]
    assert Record.objects.get(identifier="3").state == "live"
    normalize_pending()
    finish(run, fence)
    unite()
    assert [row[3] for row in held() if row[0] == "1"] == [3]
    assert state() == rebuilt()


def test_authority_records_are_kept_and_are_no_publication(store: str) -> None:
    heading = data_field("100", "1 ", [("a", "Tô Hoài"), ("d", "1920-2014")])
    arrive([raw(Content("00000nz  a2200000n  4500", (("001", "ta1"), heading))), raw(book("1", "Dế Mèn"))])
    aside = Aside.objects.get()
    assert (aside.kind, aside.key, Content.unpack(aside.marc).values("100", "a")) == ("authority", "ta1", ["Tô Hoài"])
    assert Union.objects.filter(deleted=False).count() == 1
    assert state() == rebuilt()
    arrive([RawRecord("ta1", b"", "", deleted=True)])
    assert not Aside.objects.exists()


def test_fields_of_items_follow_the_configuration(store: str) -> None:
    item = data_field("949", "  ", [("l", "Kho tra cứu"), ("a", "895.92"), ("i", "B1"), ("c", "3")])
    own = book("1", "Dế Mèn phiêu lưu ký", copies="X1")
    source("a", {"items": {"949": {"location": "l", "call_number": "a", "accession": "i", "copies": "c"}, "852": {}}})
    arrive([raw(Content(own.leader, (*own.fields, item)))])
    assert held() == [("1", "Kho tra cứu", "B1", 3)]
    found = Source.objects.get(name="a")
    same = {key: getattr(found, key) for key in ("library", "connector", "format")}
    writes.keep_source("a", {**same, "settings": {"reading": {}}}, by="test")
    normalize_pending()
    unite()
    assert held() == [("1", "Kho mượn", "X1", 1)], "another map is another reading"


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_any_history_ends_as_a_rebuild_would(catalog: object, seed: int) -> None:
    random = Random(seed)
    for _ in range(30):
        page: list[RawRecord] = []
        for _ in range(random.randrange(1, 4)):
            number, gone = str(random.randrange(4)), random.random() < 0.25
            identifier = random.choice([number, f"oai:{number}"])
            if random.random() < 0.5:
                body = to_iso2709(book(number, random.choice(["Một", "Hai"]), copies=random.choice(["", "A"])))
            else:
                items = [f"V{n}" for n in range(random.randrange(3))]
                body = mfhd(f"h{number}", str(random.randrange(4)), *items).body
                identifier = random.choice([f"h{number}", identifier])
            page.append(RawRecord(identifier, b"" if gone else body, "", deleted=gone))
        arrive(page)
    assert state() == rebuilt()
