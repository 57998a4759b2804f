"""Textbooks of one title belong to one school program or to another."""

from __future__ import annotations

import pytest

from hub.match.textbooks import program


@pytest.mark.parametrize(
    ("grade", "year", "counted"),
    [("1", 2001, 0), ("1", 2002, 1), ("1", 2019, 1), ("1", 2020, 2), ("5", 2023, 1), ("12", 2024, 2), ("6", 2021, 2)],
)
def test_programs_begin_by_grades(grade: str, year: int, counted: int) -> None:
    assert program(grade, year) == counted


@pytest.mark.parametrize(("grade", "year"), [("1", 0), ("", 2020), ("13", 2020), ("I", 2020)])
def test_what_is_not_known(grade: str, year: int) -> None:
    assert program(grade, year) == -1
