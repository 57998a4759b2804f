"""What a library gets to clean its own catalog, as files its system can load."""

from __future__ import annotations

import csv
import io

import pytest

from hub.catalog import sizes
from hub.catalog.decisions import decide
from hub.catalog.models import Record as Row
from hub.stages.cleaning import duplicate_groups, duplicates, improved
from hub.stages.merge import merge_due
from schemas.format import Reading, find_format
from schemas.problem import Trouble
from schemas.record import Record, data_field
from tests.hub.stages.books import book, raw
from tests.hub.stages.test_path import ISBN, arrive, unite


def with_local(record: Record, *fields: tuple[str, str]) -> Record:
    return Record(record.leader, (*record.fields, *fields))


def fill() -> None:
    """A city's good records and a school's, of which two are one book and one is in capitals."""
    summary = data_field("520", "  ", [("a", "Chuyện của một chú dế")])
    subject = data_field("650", " 4", [("a", "Văn học thiếu nhi")])
    city = with_local(book("000123", "Dế Mèn phiêu lưu ký", isbn=ISBN, copies="A1"), summary, subject)
    forest = book("000124", "Đất rừng phương Nam", author="Đoàn Giỏi")
    arrive("a", [raw(city), raw(forest)], trust=90)
    shelf = data_field("909", "  ", [("a", "Tủ 3")])
    caps = with_local(book("S1", "DẾ MÈN PHIÊU LƯU KÝ", author="TÔ HOÀI", copies="B1 B2"), shelf)
    again = with_local(book("S2", "Dế Mèn phiêu lưu ký", note="Sách tặng", copies="B3"))
    arrive("b", [raw(caps), raw(again), raw(book("S3", "Đất rừng phương Nam", author="Đoàn Giỏi"))], trust=30)
    unite()


def table(stream: io.BytesIO) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(stream.getvalue().decode())))


def read(stream: io.BytesIO, form: str) -> list[Record]:
    found = find_format(form)
    stream.seek(0)
    return [found.parse(one.body, Reading()) for one in found.split(stream, Reading())]


def test_a_librarys_own_duplicates(store: str) -> None:
    fill()
    stream = io.BytesIO()
    assert duplicates("L-b", "csv", stream) == []
    rows = table(stream)
    assert [(row["union"], row["control_number"], row["fullest"], row["copies"]) for row in rows] == [
        ("LT-0000001", "S1", "no", "2"),
        ("LT-0000001", "S2", "yes", "1"),
    ]
    assert rows[0]["title"] == "DẾ MÈN PHIÊU LƯU KÝ"
    empty = io.BytesIO()
    duplicates("L-a", "csv", empty)
    assert table(empty) == []


def test_a_group_that_people_parted_since_it_was_counted_is_shown_no_more(
    store: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sizes, "LARGE", 0)  # every library is one whose counts are kept
    fill()
    assert [len(group) for group in duplicate_groups("L-b")[1]] == [2]
    _, second = Row.objects.filter(identifier__in=("S1", "S2")).values_list("pk", flat=True)
    for other in Row.objects.exclude(pk=second).values_list("pk", flat=True):
        decide(second, other, "DIFFERENT", by="Lan")
    merge_due()
    assert duplicate_groups("L-b")[1] == []


@pytest.mark.parametrize("form", ["marc21", "marcxml"])
def test_duplicates_as_records_keep_everything_and_name_the_fullest(catalog: object, form: str) -> None:
    fill()
    stream = io.BytesIO()
    assert duplicates("L-b", form, stream) == []
    first, second = read(stream, form)
    assert (first.control("001"), second.control("001")) == ("S1", "S2")
    assert (first.values("583", "b"), first.values("583", "l")) == (["LT-0000001"], ["trùng với · duplicate of S2"])
    assert second.values("583", "l") == ["đầy đủ nhất · fullest"]
    assert first.values("909", "a") == ["Tủ 3"]
    assert first.values("852", "p") == ["B1", "B2"]


def test_the_fields_a_library_gains(store: str) -> None:
    fill()
    stream = io.BytesIO()
    assert improved("L-b", "csv", stream) == []
    gained = {(row["control_number"], row["tag"]): row for row in table(stream)}
    assert {tag for number, tag in gained if number == "S1"} >= {"020", "100", "245", "520", "650"}
    assert gained["S1", "100"]["from"].startswith("R-18"), "what a rule mended is said too"
    assert "245" not in {tag for number, tag in gained if number == "S2"}
    assert not any(number == "S3" for number, _ in gained), "where nothing is gained there is no row"
    caps = gained["S1", "245"]
    assert (caps["before"], caps["after"]) == ("10$aDẾ MÈN PHIÊU LƯU KÝ", "10$aDế Mèn phiêu lưu ký")
    assert (caps["from"], gained["S1", "500"]["from"]) == ("L-a L-b", "L-b")


@pytest.mark.parametrize("form", ["marc21", "marcxml"])
def test_better_records_keep_number_shelf_and_copies(catalog: object, form: str) -> None:
    fill()
    stream = io.BytesIO()
    assert improved("L-b", form, stream) == []
    first, second = read(stream, form)
    assert (first.control("001"), second.control("001")) == ("S1", "S2")
    assert (first.values("909", "a"), first.values("852", "p")) == (["Tủ 3"], ["B1", "B2"])
    assert (first.values("245", "a"), first.values("100", "a")) == (["Dế Mèn phiêu lưu ký"], ["Tô Hoài"])
    assert "(L-a)000123" in first.values("883", "w")
    assert second.values("650", "a") == ["Văn học thiếu nhi"]


def test_another_printings_year_and_number_are_not_given(catalog: object) -> None:
    arrive(
        "a",
        [
            raw(book("1", "Dế Mèn phiêu lưu ký", isbn=ISBN)),
            raw(book("2", "Dế Mèn phiêu lưu ký", year=2022, isbn="9786042068086")),
        ],
    )
    bare = book("S1", "Dế Mèn phiêu lưu ký")
    arrive("b", [raw(Record(bare.leader, tuple(field for field in bare.fields if field[0] != "008")))])
    unite()
    stream = io.BytesIO()
    improved("L-b", "csv", stream)
    assert {row["tag"] for row in table(stream)}.isdisjoint({"008", "020", "260"})


def test_a_record_without_a_number_is_known_by_the_sources(catalog: object) -> None:
    from schemas.marc21 import to_iso2709
    from schemas.record import RawRecord

    good = with_local(book("1", "Dế Mèn phiêu lưu ký"), data_field("650", " 4", [("a", "Truyện")]))
    arrive("a", [raw(good)])
    own = book("x", "Dế Mèn phiêu lưu ký")
    body = to_iso2709(Record(own.leader, own.fields[1:]))
    arrive("b", [RawRecord("row 5", body, "row 5")])
    unite()
    stream = io.BytesIO()
    improved("L-b", "marc21", stream)
    [record] = read(stream, "marc21")
    assert record.control("001") == "row 5"


def test_an_unknown_library(catalog: object) -> None:
    arrive("a", [raw(book("1", "Một"))])
    for export in (duplicates, improved):
        with pytest.raises(Trouble, match="There are: L-a"):
            export("nobody", "csv", io.BytesIO())
