"""What is typed on a phone: whole numbers, damaged ones, words."""

from __future__ import annotations

import pytest

from hub.partners.typed import understand


@pytest.mark.parametrize(
    "text",
    ["9786042990011", "978 604 2 99001 1", "ISBN: 978-6O4-2-99OO1-l", "9786042990011 50000", "urn:isbn:9786042990011"],
)
def test_a_whole_number_in_any_manner(text: str) -> None:
    found = understand(text)
    assert (found.number, found.sound) == ("9786042990011", True)


@pytest.mark.parametrize("text", ["978604299001", "9786042990012", "9786049290011"])
def test_a_damaged_number_is_looked_for_as_it_may_have_been(text: str) -> None:
    found = understand(text)
    assert not found.sound
    assert "9786042990011" in found.numbers


@pytest.mark.parametrize("text", ["Dế Mèn phiêu lưu ký", "Toán 5", "1984", "Lớp 12A1 năm 2020"])
def test_words_are_words(text: str) -> None:
    assert understand(text).words == text
