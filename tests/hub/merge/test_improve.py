"""A library's own record made better: its own statements stay, what is better or new comes with its origin."""

from __future__ import annotations

import pytest
from hypothesis import given

from hub.merge.improve import better, improve
from hub.merge.merge import Contribution, merge, shared
from schemas.record import Field, Record, data_field, subfields
from tests.hub.merge.test_merge import CITY, LEADER, SCHOOL, records

NAMES = {1: "(VN-HP-0001)000123"}


def of(tag: str, *parts: tuple[str, str]) -> Field:
    return data_field(tag, "  ", parts)


def given_to(own: Record, other: Record, *, unsure: frozenset[str] = frozenset()) -> tuple[Record, dict[str, str]]:
    """The record 2 of a small library, better by the record 1 of a trusted one; the gains as tag → what was before."""
    merged = merge([Contribution(1, 90, other), Contribution(2, 40, own)])
    found = improve(own, merged.record, merged.origins, NAMES, unsure=unsure)
    return found.record, {gain.tag: gain.before for gain in found.gains}


def test_a_schools_record_gains_marks_publisher_and_people() -> None:
    own = Record(LEADER, (("001", "S7"), *SCHOOL.record.fields, of("952", ("a", "Kho B"))))
    record, gains = given_to(own, CITY.record)
    assert record.control("001") == "S7"
    assert record.values("100", "a") == ["Tô Hoài"], "no longer in capitals"
    assert record.values("245", "a") == ["Dế Mèn phiêu lưu ký"]
    assert record.contents("952") == own.contents("952")
    assert record.values("520", "a") == own.values("520", "a")
    assert not record.contents("930"), "local fields of others stay with them"
    assert gains["245"] == SCHOOL.record.contents("245")[0]
    provenance = dict(subfields(record.contents("883")[0]))
    assert (provenance["8"], provenance["q"], provenance["w"]) == ("1\\p", "VN-HP-LT", "(VN-HP-0001)000123")
    assert record.values("245", "8") == ["1\\p"]


@pytest.mark.parametrize(
    ("mine", "theirs", "expected"),
    [
        (of("245", ("a", "De Men phieu luu ky")), of("245", ("a", "Dế Mèn phiêu lưu ký")), True),
        (of("245", ("a", "Dế Mèn phiêu lưu ký")), of("245", ("a", "De Men phieu luu ky")), False),
        (of("245", ("a", "DẾ MÈN PHIÊU LƯU KÝ")), of("245", ("a", "Dế Mèn phiêu lưu ký")), True),
        (of("245", ("a", "Dế Mèn")), of("245", ("a", "DẾ MÈN PHIÊU LƯU KÝ")), False),
        (of("300", ("a", "143 tr.")), of("300", ("a", "143 tr. :"), ("b", "minh họa ;"), ("c", "19 cm")), True),
        (of("300", ("a", "143 tr.")), of("300", ("a", "144 tr. :"), ("b", "minh họa")), False),
        (of("260", ("a", "H. : Kim Đồng, 2020")), of("260", ("a", "H. :"), ("b", "Kim Đồng,"), ("c", "2020")), True),
        (of("260", ("a", "H."), ("b", "Kim Đồng")), of("260", ("a", "H"), ("b", "Kim Đồng,")), False),
        (("008", "a"), ("008", "b"), False),
    ],
)
def test_what_is_better(mine: Field, theirs: Field, expected: bool) -> None:
    assert better(mine, theirs) is expected


def test_what_the_members_do_not_agree_on_is_not_given() -> None:
    own = Record(LEADER, (of("245", ("a", "Dế Mèn")),))
    other = Record(LEADER, (of("245", ("a", "Dế Mèn")), of("260", ("c", "2020")), of("650", ("a", "Truyện"))))
    record, gains = given_to(own, other, unsure=frozenset({"260"}))
    assert (record.contents("260"), gains) == ([], {"650": ""})


def test_numbers_of_links_go_on_after_those_the_record_has() -> None:
    own = Record(LEADER, (of("245", ("8", "3\\c"), ("a", "Dế Mèn")),))
    record, _ = given_to(own, Record(LEADER, (of("245", ("a", "Dế Mèn")), of("650", ("a", "Truyện")))))
    assert record.values("650", "8") == ["4\\p"]


@given(records, records)
def test_nothing_of_the_librarys_own_is_lost(mine: list[Field], theirs: list[Field]) -> None:
    own = Record(LEADER, (("001", "7"), *mine))
    merged = merge([Contribution(1, 90, Record(LEADER, tuple(theirs))), Contribution(2, 40, own)])
    found = improve(own, merged.record, merged.origins, NAMES)
    replaced = [(gain.tag, gain.before) for gain in found.gains if gain.before]
    kept = [field for field in own.fields if field not in replaced]
    assert [field for field in found.record.fields if field in kept] == kept
    assert all(shared(gain.tag) and gain.origins == (1,) for gain in found.gains)
    assert (found.record == own) == (not found.gains)
    assert len(found.record.fields) == len(own.fields) + sum(not g.before for g in found.gains) + bool(found.gains)
