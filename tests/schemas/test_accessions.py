"""Accession numbers and numbers of copies as libraries write them."""

from __future__ import annotations

import pytest

from schemas.accessions import MAX_NUMBERS, MAX_RANGE, accession_numbers, count
from schemas.problem import Trouble


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("TN 00012", ["TN 00012"]),
        ("TN 00012, TN 00013", ["TN 00012", "TN 00013"]),
        ("TN.00012; TN.00013|TN.00014", ["TN.00012", "TN.00013", "TN.00014"]),
        ("TN00012 TN00013", ["TN00012", "TN00013"]),
        ("TN 00012 TN 00013", ["TN 00012", "TN 00013"]),
        ("VN 01/2015", ["VN 01/2015"]),
        ("00345 00346", ["00345 00346"]),
        ("(TN.1, TN.2)", ["TN.1", "TN.2"]),
        ("TN 00012 (mất)", ["TN 00012 (mất)"]),
        ("TK-001", ["TK-001"]),
        ("-", []),
        (" ", []),
    ],
)
def test_a_blank_belongs_to_the_number_unless_the_letters_begin_again(text: str, numbers: list[str]) -> None:
    assert accession_numbers(text) == numbers


@pytest.mark.parametrize(
    ("text", "first", "last", "copies"),
    [
        ("VV12.00345-47", "VV12.00345", "VV12.00347", 3),
        ("TN00012 - TN00015", "TN00012", "TN00015", 4),
        ("TN.0001 – TN.0003", "TN.0001", "TN.0003", 3),
        ("M 123 - 125", "M 123", "M 125", 3),
        ("SGK-00040-00049", "SGK-00040", "SGK-00049", 10),
        ("TN 00012 TN 00013-15", "TN 00012", "TN 00015", 4),
        ("TN.9-12", "TN.9", "TN.12", 4),
        (f"1-{MAX_RANGE}", "1", str(MAX_RANGE), MAX_RANGE),
        (f"1-{MAX_RANGE + 1}", f"1-{MAX_RANGE + 1}", f"1-{MAX_RANGE + 1}", 1),
        ("2015-00123", "2015-00123", "2015-00123", 1),
        ("TN.5 - VV.9", "TN.5 - VV.9", "TN.5 - VV.9", 1),
    ],
)
def test_ranges_are_written_out_within_bounds(text: str, first: str, last: str, copies: int) -> None:
    found = accession_numbers(text)
    assert (found[0], found[-1], len(found)) == (first, last, copies)


def test_where_a_list_is_expected_blanks_part_plain_numbers() -> None:
    assert accession_numbers("00345 00346", blanks=True) == ["00345", "00346"]
    assert accession_numbers("TN 00345 VV 00346", blanks=True) == ["TN 00345", "VV 00346"]
    assert accession_numbers("TN 00345", blanks=True) == ["TN 00345"]


def test_a_record_that_claims_too_many_is_refused_before_they_are_made() -> None:
    ranges = ",".join(f"{n}.1-1000" for n in range(10_000))
    with pytest.raises(Trouble) as trouble:
        accession_numbers(ranges)
    assert trouble.value.problem.code == "copies_too_many"
    assert len(accession_numbers(",".join(["1-1000"] * (MAX_NUMBERS // 1000)))) == MAX_NUMBERS


@pytest.mark.parametrize(
    ("text", "copies"), [("3", 3), ("3 cuốn", 3), ("²", 0), ("", 0), ("ba", 0), ("9" * 5000, 0), ("٣", 0), ("007", 7)]
)
def test_numbers_of_copies(text: str, copies: int) -> None:
    assert count(text) == copies
