"""Administrative units over time: a table of them, and libraries that stay where they are while units come and go."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import orjson
import pytest

from hub.network import unit_table, units
from hub.network.models import Library, Place, Succession, Unit
from schemas.problem import Trouble

BEFORE, AFTER = date(2023, 12, 31), date(2026, 3, 1)
TABLE: dict[str, Any] = {
    "eras": [
        {
            "valid_from": "2023-04-10",
            "valid_to": "2024-12-31",
            "province": {"code": "31", "full_name": "Thành phố Hải Phòng"},
            "districts": [
                {"code": "306", "full_name": "Quận Ngô Quyền", "wards": [
                    {"code": "11347", "full_name": "Phường Gia Viên"}, {"code": "11350", "full_name": "Phường Đông Khê"},
                    {"code": "11353", "full_name": "Phường Hoà Bình"}]},
                {"code": "318", "full_name": "Huyện đảo Bạch Long Vĩ", "wards": []},
            ],
        },
        {
            "valid_from": "2025-01-01",
            "valid_to": "2025-06-30",
            "province": {"code": "31", "full_name": "Thành phố Hải Phòng"},
            "districts": [
                {"code": "306", "full_name": "Quận Ngô Quyền", "wards": [
                    {"code": "11347", "full_name": "Phường Gia Viên"}, {"code": "11350", "full_name": "Phường Đông Khê"},
                    {"code": "11353", "full_name": "Phường Hòa Bình"}]},
                {"code": "318", "full_name": "Huyện đảo Bạch Long Vĩ", "wards": []},
            ],
        },
        {
            "valid_from": "2025-07-01",
            "legal_basis": "1669/NQ-UBTVQH15",
            "province": {"code": "31", "full_name": "Thành phố Hải Phòng"},
            "units": [
                {"code": "11347", "full_name": "Phường Ngô Quyền", "predecessors": [
                    {"name": "Phường Gia Viên", "district": "Quận Ngô Quyền"},
                    {"name": "Phường Hoà Bình", "district": "Quận Ngô Quyền"}]},
                {"code": "11359", "full_name": "Phường Gia Viên", "predecessors": [
                    {"name": "phường Đông Khê", "district": "QUẬN NGÔ QUYỀN"},
                    {"name": "Phường Hòa Bình", "district": "Quận Ngô Quyền"}]},
                {"code": "11948", "full_name": "Đặc khu Bạch Long Vĩ", "predecessors": [
                    {"name": "Huyện đảo Bạch Long Vĩ", "district": "Huyện đảo Bạch Long Vĩ"}]},
                {"code": "10888", "full_name": "Xã Cẩm Giang", "predecessors": [{"name": "Xã Không Có", "district": "?"}]},
                {"code": "10891", "full_name": "Xã Cẩm Giàng"},
            ],
        },
    ]
}  # fmt: skip


def table(**changes: Any) -> unit_table.Table:
    return unit_table.read(orjson.dumps({**TABLE, **changes}))


@pytest.fixture
def known(store: str) -> str:
    units.keep(table())
    return store


def unit(code: str, day: date) -> Unit:
    return units.in_force(day).get(code=code)


def library(code: str, name: str = "", **values: Any) -> Library:
    return Library.objects.create(code=code, name_vi=name or code, **values)


def test_a_unit_that_goes_on_is_one_and_a_code_used_again_is_two(known: str) -> None:
    assert unit("11347", BEFORE).name == "Phường Gia Viên"
    assert unit("11347", AFTER).name == "Phường Ngô Quyền"
    assert list(Unit.objects.filter(code="11353").values_list("since", "until")) == [
        (date(2023, 4, 10), date(2025, 6, 30))
    ], "Hoà Bình and Hòa Bình are one name"
    assert Unit.objects.filter(code="31").count() == 1
    assert unit("11350", BEFORE).parent == unit("306", BEFORE)
    assert unit("306", BEFORE).parent == unit("11359", AFTER).parent == Unit.objects.get(code="31")


def test_successions_are_whole_or_parts(known: str) -> None:
    found = {(row.before.name, row.after.name): row.whole for row in Succession.objects.all()}
    assert found == {
        ("Phường Gia Viên", "Phường Ngô Quyền"): True,
        ("Phường Hoà Bình", "Phường Ngô Quyền"): False,
        ("Phường Hoà Bình", "Phường Gia Viên"): False,
        ("Phường Đông Khê", "Phường Gia Viên"): True,
        ("Huyện đảo Bạch Long Vĩ", "Đặc khu Bạch Long Vĩ"): True,
    }
    assert table().unknown == ["Xã Không Có, ?"]


def test_islands_are_told_by_their_kind(known: str) -> None:
    assert set(Unit.objects.filter(island=True).values_list("code", flat=True)) == {"318", "11948"}


def test_the_same_table_again_changes_nothing_and_another_what_it_says(known: str) -> None:
    again = units.keep(table())
    assert (again.created, again.changed, again.successions) == (0, 0, 0)
    assert again.unchanged == Unit.objects.count()
    eras = orjson.loads(orjson.dumps(TABLE["eras"]))
    eras[2]["units"][4]["full_name"] = "Xã Cẩm Giàng mới"
    assert units.keep(table(eras=eras)).changed == 1


def test_a_unit_that_came_to_another_district_goes_on(store: str) -> None:
    eras = [
        {"valid_from": "2020-01-01", "valid_to": "2020-12-31", "districts": [
            {"code": "1", "full_name": "Huyện Một", "wards": [{"code": "11", "full_name": "Xã Này"}]},
            {"code": "2", "full_name": "Huyện Hai", "wards": []}]},
        {"valid_from": "2021-01-01", "districts": [
            {"code": "2", "full_name": "Huyện Hai", "wards": [{"code": "11", "full_name": "Xã Này"}]}]},
    ]  # fmt: skip
    units.keep(table(eras=eras))
    assert [(row.before.since.year, row.after.since.year, row.whole) for row in Succession.objects.all()] == [
        (2020, 2021, True)
    ]


def test_a_library_is_reported_where_it_was_on_the_day(known: str) -> None:
    here = library("VN-HP-1")
    units.put(here, unit("11350", BEFORE), date(2023, 4, 10), by="Lan")
    done = units.settle(AFTER, by="lienthong units")
    assert (done.moved, done.waiting) == (1, [])
    assert [str(units.unit_of("VN-HP-1", day)) for day in (BEFORE, date(2025, 6, 30), date(2025, 7, 1), AFTER)] == [
        "Phường Đông Khê",
        "Phường Đông Khê",
        "Phường Gia Viên",
        "Phường Gia Viên",
    ]
    assert units.unit_of("VN-HP-1", date(2020, 1, 1)) is None
    assert units.settle(AFTER, by="lienthong units").moved == 0


def test_who_was_in_a_unit_that_was_divided_waits_for_a_person(known: str) -> None:
    here = library("VN-HP-1")
    units.put(here, unit("11353", BEFORE), date(2023, 4, 10), by="Lan")
    done = units.settle(AFTER, by="lienthong units")
    assert done.waiting == [("VN-HP-1", "Phường Hoà Bình", ["Phường Ngô Quyền", "Phường Gia Viên"])]
    assert units.unit_of("VN-HP-1", AFTER) is None, "nowhere, and not where it was"
    units.put(here, unit("11359", AFTER), date(2025, 7, 1), by="Lan")
    assert units.settle(AFTER, by="x").waiting == []
    assert str(units.unit_of("VN-HP-1", AFTER)) == "Phường Gia Viên"
    assert str(units.unit_of("VN-HP-1", BEFORE)) == "Phường Hoà Bình"


@pytest.mark.parametrize(
    ("said", "code"),
    [("Gia Viên", "11359"), ("phường gia viên", "11359"), ("Bạch Long Vĩ", "11948"), ("Cẩm Giang", "10888"),
     ("Cẩm Giàng", "10891"), ("Cam Giang", ""), ("Viên", ""), ("", "")],
)  # fmt: skip
def test_libraries_are_placed_by_the_name_they_give_never_without_its_marks(known: str, said: str, code: str) -> None:
    library("VN-HP-1", unit=said)
    done = units.settle(AFTER, by="lienthong units")
    found = units.unit_of("VN-HP-1", AFTER)
    assert (found.code if found else "") == code
    assert done.placed == bool(code)
    assert bool(done.waiting) == (bool(said) and not code)


def test_nobody_is_put_where_there_was_nothing(known: str) -> None:
    here = library("VN-HP-1")
    with pytest.raises(Trouble, match="Phường Gia Viên"):
        units.put(here, unit("11359", AFTER), BEFORE, by="Lan")
    with pytest.raises(Trouble):
        units.put(here, unit("11359", AFTER), AFTER, by=" ")
    assert not Place.objects.exists()


@pytest.mark.parametrize(
    "body",
    [b"", b"[]", b"{", b'{"eras": [1]}', b'{"eras": []}', b'{"eras": [{"units": [{"code": "1"}]}]}',
     b'{"eras": [{"valid_from": "1/7/2025", "units": [{"code": "1", "full_name": "X"}]}]}',
     orjson.dumps({"eras": [{"units": [{"code": "1", "full_name": "X" * 201}]}]})],
)  # fmt: skip
def test_what_is_no_table_is_said(body: bytes) -> None:
    with pytest.raises(Trouble) as refused:
        unit_table.read(body)
    assert refused.value.problem.code == "units_unreadable"


def test_the_units_of_hai_phong(store: str, shared: Path) -> None:
    """113 of the 114 codes of 2025 had been used before, 83 by a unit with another name."""
    kept = units.keep(unit_table.read((shared / "tables" / "haiphong_admin_units.json").read_bytes()))
    assert kept.unknown == ["Xã Phúc Thành A, Huyện Kim Thành"], "a slip of the table: Phúc Thành"
    now = units.in_force(AFTER, "commune")
    assert now.count() == 114
    assert set(now.filter(island=True).values_list("name", flat=True)) == {"Đặc khu Cát Hải", "Đặc khu Bạch Long Vĩ"}
    assert units.in_force(BEFORE, "district").filter(since__gt=unit_table.UNKNOWN).count() == 15
    assert units.in_force(BEFORE, "commune").filter(since__gt=unit_table.UNKNOWN).count() == 217
    parts = {row.before_id for row in Succession.objects.filter(whole=False)}
    assert len(parts) == 42
    here = library("VN-HP-1")
    went = Succession.objects.filter(whole=True, before__since=date(2023, 4, 10)).order_by("pk")[0]
    units.put(here, went.before, BEFORE, by="Lan")
    units.settle(AFTER, by="x")
    assert [units.unit_of("VN-HP-1", day) for day in (BEFORE, AFTER)] == [went.before, went.after]
