"""Traits are read back as they were, but for what comparison does not look at."""

from __future__ import annotations

from itertools import combinations

import pytest

from hub.match.compare import Traits, compare, traits
from hub.match.description import Description
from hub.match.packed import LOOKED_AT, dump, load
from hub.sources import matching_rules
from tests.hub.match.test_nine_records import NETWORK, read

VOLUMES = [
    Description(
        title="Lời nguyền bức tranh cũ", series="Biên niên sử xứ Đoài ; Tập 1", people=[["Emily Fisher", "author"]]
    ),
    Description(title="Biên niên sử xứ Đoài", part="Tập 1, Lời nguyền bức tranh cũ", volume="1"),
    Description(title="Lương Thùy. Hóa học 11", edition="4th international ed.", isbns=["9786042090049"], volumes=2),
]


def known() -> list[Traits]:
    return [read(record) for record in NETWORK.values()] + [traits(each, matching_rules()) for each in VOLUMES]


@pytest.mark.parametrize("t", known(), ids=lambda t: t.description.title)
def test_what_is_kept_is_read_back(t: Traits) -> None:
    back = load(dump(t))
    seen = Description(**{name: getattr(t.description, name) for name in LOOKED_AT})
    assert back._replace(alternates=()) == t._replace(description=seen, alternates=())
    assert [each._replace(description=seen) for each in t.alternates] == list(back.alternates)


def test_verdicts_are_the_same() -> None:
    rules = matching_rules()
    for a, b in combinations(known(), 2):
        assert compare(load(dump(a)), load(dump(b)), rules) == compare(a, b, rules)
