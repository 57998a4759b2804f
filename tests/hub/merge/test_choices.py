"""A person's choices in a merge: who leads, where a field is taken from; the rules settle the rest."""

from __future__ import annotations

from itertools import permutations

from hub.merge.merge import Contribution, merge
from schemas.record import Record, data_field


def member(number: int, title: str, year: str, *subjects: str, trust: int = 50) -> Contribution:
    fields = [data_field("245", "10", [("a", title)])]
    if year:
        fields.append(data_field("260", "  ", [("c", year)]))
    fields += [data_field("650", " 4", [("a", subject)]) for subject in subjects]
    return Contribution(number, trust, Record("00000nam a2200000   4500", tuple(fields)))


FIRST = member(1, "Dế Mèn phiêu lưu ký", "2008", "Văn học", trust=90)
SECOND = member(2, "Dế mèn phiêu lưu kí", "2019", "Thiếu nhi", "Văn học")
THIRD = member(3, "De men phieu luu ky", "", "Truyện")


def said(choices: dict[str, int], tag: str, code: str = "a") -> list[str]:
    return merge([FIRST, SECOND, THIRD], choices).record.values(tag, code)


def test_without_choices_the_rules_decide() -> None:
    assert said({}, "245") == ["Dế Mèn phiêu lưu ký"]
    assert said({}, "650") == ["Văn học", "Thiếu nhi", "Truyện"]


def test_a_field_of_another_member() -> None:
    assert said({"245": 2}, "245") == ["Dế mèn phiêu lưu kí"]
    assert said({"245": 2}, "260", "c") == ["2008"], "only that field"
    merged = merge([FIRST, SECOND, THIRD], {"245": 2})
    assert dict(zip([tag for tag, _ in merged.record.fields], merged.origins, strict=True))["245"] == (2,)


def test_a_united_field_of_one_member_alone() -> None:
    assert said({"650": 2}, "650") == ["Thiếu nhi", "Văn học"]


def test_the_member_that_leads() -> None:
    assert said({"": 2}, "245") == ["Dế mèn phiêu lưu kí"]
    assert said({"": 3}, "260", "c") == ["2008"], "what it lacks comes from the next"


def test_a_choice_of_who_is_not_there_or_says_nothing_does_not_count() -> None:
    for choices in ({"245": 9, "": 9}, {"260": 3}, {"300": 2}):
        assert merge([FIRST, SECOND, THIRD], choices) == merge([FIRST, SECOND, THIRD])


def test_fields_of_one_family_go_together() -> None:
    modern = Contribution(4, 10, Record("00000nam a2200000   4500", (data_field("264", " 1", [("c", "2020")]),)))
    merged = merge([FIRST, modern], {"264": 4}).record
    assert merged.values("264", "c") == ["2020"]
    assert merged.values("260", "c") == []


def test_the_order_of_the_members_does_not_matter() -> None:
    choices = {"": 3, "245": 2, "650": 1}
    assert len({merge(order, choices) for order in permutations([FIRST, SECOND, THIRD])}) == 1
