"""What a damaged ISBN may have been."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.isbn import check_digit, figures, is_isbn13, repairs

RIGHT = "9786042990011"


@pytest.mark.parametrize(
    ("damaged", "slip"),
    [
        ("978604299001", "the check digit left off"),
        ("9786042990O11", "a letter for a figure"),
        ("978-6O4-299-001-l", "letters for figures"),
        ("9786024990011", "two figures changed places"),
        ("9786042990711", "one figure wrong"),
        ("97860429900111", "one too many"),
        ("978604290011", "one too few"),
        ("604299001", "of the old form without its check digit"),
        ("6042990017", "of the old form with a wrong check digit"),
    ],
)
def test_the_right_number_is_among_the_candidates(damaged: str, slip: str) -> None:
    found = [number for group in repairs(damaged) for number in group] or [figures(damaged)]
    assert RIGHT in found, slip


@pytest.mark.parametrize(
    "text", ["", "Dế Mèn", RIGHT, "9.78604E+12", "12345", "978604299" * 3, "٩٧٨٦٠٤٢٩٩٠٠١١", "X" * 13]
)
def test_what_is_right_or_no_number_has_none(text: str) -> None:
    assert list(repairs(text)) == []


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.text(max_size=30), st.from_regex(r"[0-9OIX \-]{5,20}")))
def test_candidates_are_isbns_whatever_comes(text: str) -> None:
    groups = list(repairs(text))
    assert all(is_isbn13(number) for group in groups for number in group)
    assert sum(map(len, groups)) < 200


@given(st.integers(0, 10**9 - 1))
def test_check_digits(number: int) -> None:
    digits = f"978{number:09d}"
    assert is_isbn13(digits + check_digit(digits))
