"""Folding and syllables: what is the same word to a Vietnamese reader, and what is not."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.normalize.identifiers import isbn13
from hub.normalize.normalize import normalize
from hub.normalize.text import fold, syllables
from hub.sources import vocabulary
from schemas.record import Record, data_field


@pytest.mark.parametrize(
    ("a", "b", "same"),
    [
        ("Hoà Bình", "Hòa Bình", True),
        ("phiêu lưu ký", "phiêu lưu kí", True),
        ("thuỷ", "thủy", True),
        ("Bố ơi", "Bò ơi", False),
        ("hay", "hai", False),
        ("Cẩm Giang", "Cẩm Giàng", False),
        ("Góc sân & khoảng trời", "Góc sân và khoảng trời", True),
    ],
)
def test_syllables(a: str, b: str, same: bool) -> None:
    assert (syllables(a) == syllables(b)) is same


def test_fold_keeps_every_letter() -> None:
    assert fold("Đất rừng phương Nam") == "dat rung phuong nam"
    assert fold("An Dương Vương") == "an duong vuong"
    assert fold(unicodedata.normalize("NFD", "Đất rừng")) == "dat rung"


@given(st.text(max_size=60))
def test_fold_and_syllables_of_anything(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert fold(unicodedata.normalize("NFC", text)) == fold(text)
    syllables(text)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("978-604-2-99001-1", "9786042990011"),
        ("604-2-01234-X", ""),
        ("0-306-40615-2 (pbk.)", "9780306406157"),
        ("9.78604E+12", ""),
        ("080442957X", "9780804429573"),
        ("9786042990012", ""),
        ("", ""),
    ],
)
def test_isbn(text: str, number: str) -> None:
    assert isbn13(text) == number


def test_every_repair_says_its_rule_and_what_stood_before() -> None:
    decomposed = unicodedata.normalize("NFD", "Đất rừng")
    fields = (data_field("020", "  ", [("a", "9786042990012")]), data_field("245", "10", [("a", decomposed)]))
    record, _, repairs = normalize(Record("00000nam a2200000   4500", fields), vocabulary())
    assert [(rule, tag) for rule, tag, _, _ in repairs] == [("nfc@1", "245"), ("R-10@2", "020"), ("R-12@1", "041")]
    assert repairs[0][2] == fields[1][1]
    assert record.values("245", "a") == ["Đất rừng"]
    assert record.values("020", "z") == ["9786042990012"]
