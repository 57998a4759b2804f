"""A source file edited in place: comments stay, the rest says what it said."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from hub.operations.yaml_text import set_value
from schemas.problem import Trouble

TEXT = """\
# Thư viện quận một; hỏi chị Lan trước khi sửa.
library: {code: TV-1, name: {vi: Thư viện một}}   # mã của mạng lưới
connector: oai_pmh
format: marcxml
schedule: "0 2 * * *"                    # 2 giờ sáng

options:
  # máy chủ mới từ tháng 3
  url: "https://thuvien.example/oai"
  set: sach # chỉ sách
"""


@pytest.mark.parametrize(
    ("keys", "value", "line"),
    [
        (("schedule",), "0 3 * * 1", "schedule: 0 3 * * 1                    # 2 giờ sáng"),
        (("trust",), 80, "trust: 80"),
        (("options", "set"), "sách hiếm", "  set: sách hiếm # chỉ sách"),
        (("options", "interval"), "2s", "  interval: 2s"),
        (
            ("library", "kind"),
            "ward",
            "library: {code: TV-1, name: {vi: Thư viện một}, kind: ward}   # mã của mạng lưới",
        ),
        (
            ("library", "name", "vi"),
            "Thư viện: hai",
            "library: {code: TV-1, name: {vi: 'Thư viện: hai'}}   # mã của mạng lưới",
        ),
        (("reading", "encoding"), "tcvn3", "reading: {encoding: tcvn3}"),
        (("guard",), {"most": 5}, "guard: {most: 5}"),
    ],
)
def test_one_value_is_changed_and_every_comment_stays(keys: tuple[str, ...], value: Any, line: str) -> None:
    edited = set_value(TEXT, keys, value)
    assert line in edited.splitlines()
    comments = [part for part in TEXT.split("\n") if "#" in part]
    assert all(part[part.index("#") :] in edited for part in comments)
    assert len(edited.splitlines()) - len(TEXT.splitlines()) in (0, 1)


def test_a_key_is_taken_out() -> None:
    assert "schedule" not in set_value(TEXT, ("schedule",), None)
    assert set_value(TEXT, ("options", "set"), None) == TEXT.replace("  set: sach # chỉ sách\n", "")
    assert "name" not in set_value(TEXT, ("library", "name"), None)
    assert "{name: {vi: Thư viện một}}" in set_value(TEXT, ("library", "code"), None)
    assert set_value(TEXT, ("trust",), None) == TEXT
    assert set_value(TEXT, ("reading", "encoding"), None) == TEXT


def test_the_same_value_changes_nothing() -> None:
    assert set_value(TEXT, ("format",), "marcxml") == TEXT


def test_blocks_and_no_line_end() -> None:
    text = "a:\n- 1\n- 2\nb: |\n  nhiều\n  dòng\nc: 1"
    for key, value in (("a", [3]), ("b", "một"), ("c", 2), ("d", 4)):
        assert yaml.safe_load(set_value(text, (key,), value)) == yaml.safe_load(text) | {key: value}
    assert yaml.safe_load(set_value(text, ("b",), None)) == {"a": [1, 2], "c": 1}


def test_what_cannot_be_edited_in_place_is_left_alone() -> None:
    with pytest.raises(Trouble) as refused:
        set_value("a: &x {b: 1}\nc: *x\n", ("c", "b"), 2)
    assert refused.value.problem.code == "yaml_edit"


KEY = st.sampled_from(["schedule", "trust", "format", "new key", "đ"])
VALUE = st.one_of(
    st.none(), st.integers(), st.booleans(), st.text(max_size=30), st.lists(st.text(max_size=5), max_size=3)
)


@given(keys=st.one_of(st.tuples(KEY), st.tuples(st.sampled_from(["options", "library", "reading"]), KEY)), value=VALUE)
def test_whatever_is_set_is_what_the_file_says_then(keys: tuple[str, ...], value: Any) -> None:
    before = yaml.safe_load(TEXT)
    try:
        after = yaml.safe_load(set_value(TEXT, keys, value))
    except Trouble:
        return
    inner = after
    for key in keys[:-1]:
        inner = inner.get(key) or {}
    assert inner.get(keys[-1]) == value
    assert {k: v for k, v in after.items() if k != keys[0]} == {k: v for k, v in before.items() if k != keys[0]}
