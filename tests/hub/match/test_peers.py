"""The ways of matching that ours is measured against do what they are known to do, mistakes included."""

from __future__ import annotations

import pytest

from hub.match import peers
from hub.match.describe import describe
from hub.match.peers import Clusters, Known, goldrush_key, record_manager_keys, record_manager_match
from schemas.record import Record, data_field


def known(number: int, title: str, author: str = "", year: str = "2015", pages: str = "100", **more: str) -> Known:
    """A record of source ``number``; ``isbn``, ``volume`` and ``publisher`` where they matter."""
    fields = [("008", f"200101s{year}    vm            000 0 vie d")]
    parts = [("020", "a", more.get("isbn", "")), ("100", "a", author), ("260", "b", more.get("publisher", "Trẻ"))]
    parts.append(("300", "a", f"{pages} tr."))
    fields += [data_field(tag, "  ", [(code, value)]) for tag, code, value in parts if value]
    volume = [("n", more["volume"])] if "volume" in more else []
    fields.append(data_field("245", "10", [("a", title), *volume]))
    record = Record("00000nam a2200000   4500", tuple(sorted(fields)))
    return Known(number, number, record, describe(record))


def cluster(name: str, *records: Known) -> Clusters:
    return next(peer for peer in peers.peers() if peer.name == name).cluster(records)


def key(title: str) -> str:
    return goldrush_key(known(1, title).record)


@pytest.mark.parametrize(
    ("title", "start"),
    [
        ("Đất rừng phương Nam", "đatrungphuongnam_"),
        ("Dat rung phuong Nam", "datrungphuongnam_"),
        ("An Dương Vương", "duongvuong_"),
    ],
)
def test_goldrush_keys_of_vietnamese_titles(title: str, start: str) -> None:
    assert key(title).startswith(start)


def test_goldrush_has_no_tones_and_fixed_widths() -> None:
    assert key("Bố ơi") == key("Bò ơi")
    assert key("Bố ơi")[70:78] == "20150100"
    assert len(key("Bố ơi")) == len(key("Một nhan đề dài hơn nhiều"))


def test_goldrush_joins_equal_keys_only() -> None:
    found = cluster("goldrush", known(1, "Bố ơi"), known(2, "Bò ơi"), known(3, "Bố ơi", year="2016"))
    assert found == {1: 1, 2: 1, 3: 3}


def test_isbn_joins_whatever_else_is_said() -> None:
    number = "9786041004757"
    found = cluster("isbn", known(1, "Tập một", isbn=number), known(2, "Tập hai", isbn=number), known(3, "Tập một"))
    assert found == {1: 1, 2: 1, 3: 3}


def test_record_manager_needs_an_author_for_its_title_key() -> None:
    assert record_manager_keys(known(1, "Đất rừng phương Nam").description) == []
    assert len(record_manager_keys(known(1, "Đất rừng phương Nam", "Đoàn Giỏi").description)) == 1


def test_record_manager_compares_years_and_pages() -> None:
    one = known(1, "Đất rừng phương Nam", "Đoàn Giỏi").description
    assert record_manager_match(one, known(2, "Đất rừng phương Nam", "Đoàn Giỏi", pages="108").description)
    assert not record_manager_match(one, known(2, "Đất rừng phương Nam", "Đoàn Giỏi", pages="120").description)
    assert not record_manager_match(one, known(2, "Đất rừng phương Nam", "Đoàn Giỏi", year="2016").description)
    assert not record_manager_match(one, known(2, "Đất rừng phương Nam").description)


def test_record_manager_takes_one_record_of_a_source() -> None:
    same = [known(number, "Đất rừng phương Nam", "Đoàn Giỏi") for number in (1, 2, 3)]
    same[2] = same[2]._replace(source=1)
    assert cluster("recordmanager", *same) == {1: 1, 2: 1, 3: 3}


def test_folded_titles_join_volumes_unless_they_are_looked_at() -> None:
    volumes = [known(n, "Kính vạn hoa", "Nguyễn Nhật Ánh", volume=f"Tập {n}") for n in (1, 2)]
    assert cluster("folded", *volumes) == {1: 1, 2: 1}
    assert cluster("folded+volume", *volumes) == {1: 1, 2: 2}


def test_splink_joins_what_agrees() -> None:
    pytest.importorskip("splink", reason="the optional extra «train» is not installed")
    twice = [known(n, f"Chuyện làng {n // 2}", f"Trần Văn {n // 2}", str(1990 + n // 2)) for n in range(2, 120)]
    found = cluster("splink+volume", *twice)
    assert sum(found[number] == number - 1 for number in range(3, 120, 2)) > 50
