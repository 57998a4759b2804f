"""Holdings in item fields, by configuration, and in holdings records."""

from __future__ import annotations

from pathlib import Path

import pytest

from hub.normalize.holdings import Held, all_holdings, aside_key, checked_key, holdings, holdings_record, item_fields
from hub.sources import read_source
from schemas import unimarc
from schemas.format import Reading
from schemas.marc21 import to_iso2709
from schemas.problem import Trouble
from schemas.record import Field, Record, data_field

SIERRA = {"949": {"location": "lb", "call_number": "a", "accession": "i", "copies": "c"}}


def record(*fields: Field, leader: str = "00000nam a2200000   4500") -> Record:
    return Record(leader, fields)


def mfhd(*fields: Field) -> Record:
    return record(*fields, leader="00000ny  a2200000   4500")


def test_852_and_952_are_read_by_default_and_949_is_not() -> None:
    own = data_field("852", "  ", [("b", "Kho A"), ("h", "500"), ("p", "V1, V2")])
    koha = data_field("952", "  ", [("b", "CN1"), ("c", "Kệ 2"), ("o", "500"), ("p", "B1")])
    found = holdings(record(own, koha, data_field("949", "  ", [("i", "X")])))
    assert found == [Held("Kho A", "500", ("V1", "V2"), 2), Held("CN1, Kệ 2", "500", ("B1",), 1)]


def test_accession_numbers_mean_the_same_in_every_field() -> None:
    items = item_fields({"949": {"accession": "i"}})
    for text, copies in (("TN 00012", 1), ("TN 00012, TN 00013", 2), ("VV12.00345-47", 3), ("TN00012 - TN00015", 4)):
        fields = [("852", "p"), ("852", "j"), ("952", "p"), ("949", "i")]
        found = [holdings(record(data_field(tag, "  ", [(code, text)])), items) for tag, code in fields]
        assert {(held.copies, held.accessions) for each in found for held in each} == {(copies, found[0][0].accessions)}
        assert len(found[0][0].accessions) == copies
    assert holdings(record(data_field("852", "  ", [("j", "00345 00346"), ("9", "5")])))[0].copies == 5


@pytest.mark.parametrize("text", ["²", "₃", "①", "٣", "ba", "9" * 5000, "-1"])
def test_what_is_no_number_of_copies_counts_as_nothing(text: str) -> None:
    assert holdings(record(data_field("852", "  ", [("b", "Kho"), ("9", text)]))) == [Held("Kho", "", (), 1)]
    fixed = ("008", "2401010u    8   4" + text[:3].ljust(3) + "uu   0000000")
    assert holdings_record(mfhd(fixed, data_field("852", "  ", [("b", "Kho")]))) == [
        Held("Kho", "", (), 999 if text[:3] == "999" else 1)
    ]


def test_a_record_that_claims_too_many_copies_is_refused() -> None:
    many = [data_field("852", "  ", [("p", f"{n}.1-1000")]) for n in range(21)]
    with pytest.raises(Trouble) as trouble:
        holdings(record(*many))
    assert trouble.value.problem.code == "copies_too_many"
    with pytest.raises(Trouble):
        holdings_record(mfhd(*many))
    with pytest.raises(Trouble):
        holdings(record(*[data_field("852", "  ", [("9", "99999")])] * 11))


def test_thousands_of_places_and_items_are_matched_at_once() -> None:
    places = [data_field("852", "  ", [("8", str(n)), ("b", f"Kho {n}")]) for n in range(3000)]
    items = [data_field("876", "  ", [("8", f"{n}.1"), ("p", f"B{n}")]) for n in range(3000)]
    found = holdings_record(mfhd(*places, *items))
    assert [held.accessions for held in found] == [(f"B{n}",) for n in range(3000)]


def test_a_sources_own_map_reads_its_field_and_can_switch_others_off() -> None:
    item = data_field("949", "  ", [("l", "Tầng 2"), ("a", "895.92"), ("i", "3001; 3002"), ("c", "5 cuốn")])
    own = record(data_field("852", "  ", [("b", "Kho A")]), item)
    assert holdings(own, item_fields(SIERRA)) == [
        Held("Kho A", "", (), 1),
        Held("Tầng 2", "895.92", ("3001", "3002"), 5),
    ]
    assert len(holdings(own, item_fields({**SIERRA, "852": {}}))) == 1
    assert holdings(record(data_field("949", "  ", [("z", "x")])), item_fields(SIERRA)) == [Held("", "", (), 1)]


def test_unimarc_995_is_kept_as_items_and_as_it_is_where_the_source_reads_it_itself() -> None:
    title = data_field("200", "1 ", [("a", "Biển")])
    item = data_field("995", "  ", [("b", "BIB"), ("e", "Kho"), ("f", "B1"), ("k", "500"), ("j", "INV7")])
    body = to_iso2709(record(("001", "1"), title, item))
    assert holdings(unimarc.parse(body, Reading())) == [Held("BIB", "500", ("B1",), 1)]
    own = {"995": {"location": "e", "call_number": "k", "accession": "j", "copies": ""}}
    assert holdings(unimarc.parse(body, Reading(items=own)), item_fields(own)) == [Held("Kho", "500", ("INV7",), 1)]


def test_unimarc_authorities_and_holdings_are_told_from_publications() -> None:
    heading = data_field("200", " 1", [("a", "Tô"), ("b", "Hoài"), ("f", "1920-2014")])
    authority = unimarc.parse(to_iso2709(record(("001", "a1"), heading, leader="00000nx  a2200000   4500")), Reading())
    assert (authority.leader[6], authority.values("100", "ad")) == ("z", ["Tô, Hoài", "1920-2014"])
    body = to_iso2709(
        record(("001", "h"), ("004", "7"), data_field("852", "  ", [("b", "Kho")]), leader="00000nx  a22")
    )
    holding = unimarc.parse(body, Reading())
    assert (holding.leader[6], holding.control("004"), holdings_record(holding)) == ("x", "7", [Held("Kho", "", (), 1)])


def test_items_of_a_holdings_record_are_its_copies() -> None:
    found = holdings_record(
        mfhd(
            data_field("852", "0 ", [("8", "1"), ("b", "Kho A"), ("h", "500")]),
            data_field("852", "0 ", [("8", "2"), ("b", "Kho B"), ("h", "500")]),
            data_field("876", "  ", [("8", "2.1"), ("p", "B1")]),
            data_field("876", "  ", [("8", "2.2"), ("p", "B2")]),
            data_field("876", "  ", [("8", "1.1"), ("p", "A1")]),
        )
    )
    assert found == [Held("Kho A", "500", ("A1",), 1), Held("Kho B", "500", ("B1", "B2"), 2)]


@pytest.mark.parametrize(
    ("fields", "shown"),
    [
        ([data_field("866", " 0", [("a", "T.1-20 (1990-2009)")])], "Kho báo — T.1-20 (1990-2009)"),
        (
            [
                data_field("853", "20", [("8", "1"), ("a", "T."), ("b", "S."), ("i", "(năm)")]),
                data_field("863", "40", [("8", "1.1"), ("a", "1"), ("b", "1-4"), ("i", "1990")]),
                data_field("863", "40", [("8", "1.2"), ("a", "3-9"), ("i", "1992-1998")]),
            ],
            "Kho báo — T.1:S.1-4(1990); T.3-9(1992-1998)",
        ),
        ([data_field("863", "40", [("8", "1.1"), ("i", "2001")])], "Kho báo — 2001"),
    ],
)
def test_volumes_are_said_behind_the_location(fields: list[Field], shown: str) -> None:
    (found,) = holdings_record(mfhd(data_field("852", "  ", [("b", "Kho báo")]), *fields))
    assert found.location == shown


def test_the_number_of_copies_that_is_reported_counts_where_there_are_no_items() -> None:
    fixed = ("008", "2401010u    8   4003uu   0000000")
    place = data_field("852", "  ", [("b", "Kho")])
    assert holdings_record(mfhd(fixed, place))[0].copies == 3
    assert holdings_record(mfhd(fixed, place, data_field("876", "  ", [("p", "1")])))[0].copies == 1
    assert holdings_record(mfhd(fixed, place, place))[0].copies == 1, "it is not said of which place"


def test_holdings_records_replace_the_implied_copy_and_are_believed_about_a_place() -> None:
    apart = [mfhd(data_field("852", "  ", [("b", "Kho A")]), data_field("876", "  ", [("p", "1")]))]
    bare, own = record(("001", "1")), record(data_field("852", "  ", [("b", "Kho A"), ("p", "1")]))
    assert all_holdings(bare, (), item_fields({}), holds=True) == [Held("", "", (), 1)]
    assert all_holdings(bare, (), item_fields({}), holds=False) == []
    assert all_holdings(bare, apart, item_fields({}), holds=True) == [Held("Kho A", "", ("1",), 1)]
    assert all_holdings(own, apart, item_fields({}), holds=True) == [Held("Kho A", "", ("1",), 1)], "not twice"


def test_a_holdings_record_must_say_what_it_belongs_to() -> None:
    assert aside_key("holdings", record(("001", "h"), ("004", " 17 "))) == "17"
    assert aside_key("authority", record(("001", "ta1"))) == "ta1"
    with pytest.raises(Trouble, match="004"):
        aside_key("holdings", record(("001", "h")))


def test_a_holdings_record_whose_copies_cannot_be_counted_is_refused_when_it_is_read() -> None:
    many = mfhd(("001", "h"), ("004", "1"), *[data_field("852", "  ", [("p", f"{n}.1-1000")]) for n in range(21)])
    with pytest.raises(Trouble):
        checked_key("holdings", many, many.pack())
    broken = mfhd(("001", "h"), ("004", "1"), data_field("852", "  ", [("b", "Kho \ud800")]))
    with pytest.raises(UnicodeEncodeError):
        checked_key("holdings", broken, broken.pack())


SOURCE = """library: {code: L-1, name: {vi: Thư viện}}
connector: files
format: %s
reading:
  items:
    "949": {location: l, %s: i}
  field_table:
    "24^a": "%s"
options: {path: a.mrc}
"""


@pytest.mark.parametrize(
    ("key", "place", "said"),
    [("barcode", "245$a", "barcode"), ("accession", "245", "no place in MARC 21"), ("accession", "245$a", "")],
)
def test_the_maps_of_a_source_are_checked_when_they_are_loaded(tmp_path: Path, key: str, place: str, said: str) -> None:
    file = tmp_path / "a.yaml"
    file.write_text(SOURCE % ("marc21", key, place), encoding="utf-8")
    if said:
        with pytest.raises(Trouble, match=said):
            read_source(file)
    else:
        reading = read_source(file).job({}).reading
        assert reading.items["949"] == {"location": "l", "call_number": "", "accession": "i", "copies": ""}
        assert reading.field_table == {"24^a": "245$a"}


def test_a_cds_isis_source_without_a_table_takes_the_one_of_the_configuration(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    text = "library: {code: L-1, name: {vi: Thư viện}}\nconnector: files\nformat: isis\noptions: {path: a.iso}\n"
    file.write_text(text, encoding="utf-8")
    assert read_source(file).entry.reading.field_table["24"] == "245$a"
