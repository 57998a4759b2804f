"""Names in one string."""

from __future__ import annotations

import pytest

from hub.match.people import people_of


@pytest.mark.parametrize("text", ["Nhiều tác giả", "[Nhiều tác giả]", "NHIỀU TÁC GIẢ", "Khuyết danh", "Nhóm tác giả"])
def test_nobody_is_nobody(text: str) -> None:
    assert people_of(text) == ()


def test_a_role_behind_a_name_is_no_part_of_it() -> None:
    assert people_of("Tô Hoài tác giả") == (("Tô Hoài", "author"),)
