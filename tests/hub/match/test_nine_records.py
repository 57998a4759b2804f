"""One book as nine libraries have it, a comic after it and a bilingual edition: eight are one, two stay apart."""

from __future__ import annotations

import unicodedata
from itertools import combinations

import pytest

from hub.match.cluster import clusters
from hub.match.compare import Traits, compare, separation, traits
from hub.match.describe import describe
from hub.normalize.normalize import normalize
from hub.sources import matching_rules, vocabulary
from schemas.record import DELIMITER, Record

D = DELIMITER
FIXED = "200101s2020    vm            000 1 vie d"


def book(*fields: tuple[str, str], fixed: str = "") -> Record:
    made = [(tag, content.replace("$", D)) for tag, content in fields]
    return Record("00000nam a2200000   4500", (*([("008", fixed)] if fixed else []), *made))


NETWORK = {
    "city": book(
        ("100", "1 $aTô Hoài"), ("245", "10$aDế mèn phiêu lưu ký /$cTô Hoài"), ("082", "04$223$a895.92233$bD250M"),
        ("260", "  $aH. :$bKim Đồng,$c2020"), ("300", "  $a143tr."), fixed=FIXED,
    ),
    "province": book(
        ("100", "0 $aTô Hoài,$d1920-2014"), ("245", "10$aDế Mèn phiêu lưu ký /$cTô Hoài"),
        ("260", "  $aHà Nội :$bKim Đồng,$c2020"), ("300", "  $a143 tr. :$bminh họa ;$c19 cm"),
    ),
    "children": book(
        ("100", "0 $aTô Hoài"), ("245", "10$aDế Mèn phiêu lưu ký"), ("084", "  $aĐV13$219lop"),
        ("260", "  $bKim Đồng,$c2020"),
    ),
    "ward": book(
        ("020", "  $z9.78604E+12"), ("100", "0 $aTÔ HOÀI"), ("245", "10$aDẾ MÈN PHIÊU LƯU KÍ (tái bản)"),
        ("260", "  $bNXB Kim Đồng$c2020"),
    ),
    "school": book(("100", "0 $amã TG 0154"), ("245", "10$aDế Mèn phiêu lưu kí (STN)"), ("260", "  $bmã NXB 07")),
    "clan": book(("100", "0 $aTo Hoai"), ("245", "10$aDe men phieu luu ky")),
    "repository": book(
        ("245", "00$aDế Mèn phiêu lưu ký"), ("700", "0 $aTô Hoài"), ("700", "0 $aTạ Huy Long minh họa"),
        ("260", "  $bKim Đồng,$cc2020"),
    ),
    "publisher": book(
        ("020", "  $a9786042235518"), ("100", "0 $aTô Hoài$4aut"), ("700", "0 $aTạ Huy Long$4ill"),
        ("245", "10$aDế Mèn phiêu lưu ký (Bìa mềm)"), ("260", "  $bKim Đồng$c2020-05"),
    ),
    "comic": book(
        ("100", "0 $aTô Hoài (truyện gốc)"), ("245", "10$aDế Mèn phiêu lưu ký : truyện tranh. T.1"),
        ("082", "04$223$a741.59597"), ("260", "  $bKim Đồng"),
    ),
    "bilingual": book(
        ("041", "0 $avie$aeng"), ("100", "0 $aTô Hoài"),
        ("245", "10$aDế Mèn phiêu lưu ký =$bDiary of a cricket /$cTô Hoài ; Đặng Thế Bính dịch"), ("260", "  $bKim Đồng"),
    ),
}  # fmt: skip


def read(record: Record, decomposed: bool = False) -> Traits:
    if decomposed:
        record = Record(record.leader, tuple((tag, unicodedata.normalize("NFD", text)) for tag, text in record.fields))
    return traits(describe(normalize(record, vocabulary()).record), matching_rules())


def united(names: list[str]) -> list[set[str]]:
    """The clusters of some of the records, in the order in which they are given."""
    rules = matching_rules()
    known = [read(NETWORK[name], decomposed=name == "province") for name in names]
    verdicts = {(a, b): compare(known[a], known[b], rules) for a, b in combinations(range(len(names)), 2)}
    made = clusters(
        range(len(names)),
        [(*pair, v.score) for pair, v in verdicts.items() if v.status == "SAME"],
        lambda a, b: separation(known[a], known[b], rules),
        (),
        [(*pair, v.score) for pair, v in verdicts.items() if v.status == "FITS"],
        lambda record: known[record].substance,
    )
    return [{names[member] for member in members} for members in made.values()]


def test_eight_are_one_and_two_stay_apart() -> None:
    eight = set(NETWORK) - {"comic", "bilingual"}
    found = united(list(NETWORK))
    assert sorted(found, key=len) == [{"comic"}, {"bilingual"}, eight]


def test_the_order_of_arrival_does_not_matter() -> None:
    backwards = united(list(reversed(NETWORK)))
    assert {frozenset(group) for group in backwards} == {frozenset(group) for group in united(list(NETWORK))}


@pytest.mark.parametrize("brief", ["school", "clan"])
def test_a_brief_record_waits_where_two_publications_fit(brief: str) -> None:
    other = book(
        ("100", "0 $aTô Hoài"), ("245", "10$aDế Mèn phiêu lưu ký"), ("260", "  $bVăn học,$c2015"), ("300", "  $a190tr.")
    )
    NETWORK["other"] = other
    try:
        assert {brief} in united(["city", brief, "other"])
        assert {"city", brief} in united(["city", brief])
    finally:
        del NETWORK["other"]
