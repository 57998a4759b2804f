"""Merging: deterministic, independent of order, with the origin of every field."""

from __future__ import annotations

from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st

from hub.merge.merge import Contribution, merge, publish, shared
from schemas.record import Record, data_field

LEADER = "00000nam a2200000   4500"


def member(number: int, trust: int, *fields: tuple[str, str]) -> Contribution:
    return Contribution(number, trust, Record(LEADER, fields))


CITY = member(
    1,
    90,
    ("001", "000123"),
    data_field("020", "  ", [("a", "978-604-2-99001-1")]),
    data_field("100", "1 ", [("a", "Tô Hoài")]),
    data_field("245", "10", [("a", "Dế Mèn phiêu lưu ký")]),
    data_field("260", "  ", [("a", "H. :"), ("b", "Kim Đồng,"), ("c", "2020")]),
    data_field("650", " 4", [("a", "Văn học thiếu nhi")]),
    data_field("700", "1 ", [("a", "Tạ Huy Long"), ("e", "minh họa")]),
    data_field("852", "  ", [("b", "Kho mượn")]),
    data_field("930", "  ", [("a", "572002")]),
)
SCHOOL = member(
    2,
    40,
    data_field("020", "  ", [("a", "9786042990011"), ("c", "35000đ")]),
    data_field("100", "1 ", [("a", "TÔ HOÀI")]),
    data_field("245", "10", [("a", "DẾ MÈN PHIÊU LƯU KÍ")]),
    data_field("264", " 1", [("a", "Hà Nội"), ("b", "Kim Đồng")]),
    data_field("520", "  ", [("a", "Chuyện của một chú dế")]),
    data_field("653", "  ", [("a", "Văn học thiếu nhi")]),
    data_field("700", "1 ", [("a", "Tạ Huy Long"), ("4", "ill")]),
)


def test_the_trusted_record_leads_and_the_others_add_what_it_lacks() -> None:
    merged = merge([SCHOOL, CITY])
    record = merged.record
    assert record.values("245", "a") == ["Dế Mèn phiêu lưu ký"]
    assert record.values("520", "a") == ["Chuyện của một chú dế"]
    assert [tag for tag, _ in record.fields] == ["020", "100", "245", "260", "520", "650", "700"]
    origins = dict(zip([tag for tag, _ in record.fields], merged.origins, strict=True))
    assert origins == {
        "020": (1, 2), "100": (1, 2), "245": (1,), "260": (1,), "520": (2,), "650": (1, 2), "700": (1, 2)
    }  # fmt: skip


def test_fields_of_one_record_that_differ_stay_beside_each_other() -> None:
    author = data_field("100", "1 ", [("a", "Nguyễn Nhật Ánh")])
    same = data_field("700", "1 ", [("a", "Nguyễn Nhật Ánh"), ("e", "minh họa")])
    assert merge([member(1, 50, author, same)]).record.fields == (author, same)


def test_local_fields_and_holdings_stay_with_their_library() -> None:
    assert [tag for tag in ("001", "049", "490", "590", "650", "852", "930", "952") if shared(tag)] == ["490", "650"]


texts = st.sampled_from(["Dế Mèn", "Kính vạn hoa", "Kim Đồng", "2020", "Văn học"])
tags = st.sampled_from(["020", "100", "245", "260", "264", "300", "520", "650", "653", "700", "852", "930"])
records = st.lists(st.builds(lambda tag, text: data_field(tag, "  ", [("a", text)]), tags, texts), max_size=8)


@given(st.lists(st.tuples(st.integers(0, 3), records), min_size=1, max_size=4))
def test_merging_does_not_depend_on_order(drawn: list[tuple[int, list[tuple[str, str]]]]) -> None:
    members = [member(n, trust, *fields) for n, (trust, fields) in enumerate(drawn)]
    results = {merge(order) for order in permutations(members)}
    assert len(results) == 1
    merged = results.pop()
    assert len(merged.origins) == len(merged.record.fields)
    assert all(merged.origins)


def test_what_goes_out_names_itself_and_its_members() -> None:
    out = publish(merge([CITY, SCHOOL]).record, "LT-0000001", "20260101000000.0", [("L1", "000123"), ("L2", "7")])
    assert out.control("001") == "LT-0000001"
    assert out.values("035", "a") == ["(L1)000123", "(L2)7"]
    assert out.contents("852") == []
