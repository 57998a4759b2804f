"""Pairs a cataloger would judge at a glance."""

from __future__ import annotations

import pytest

from hub.match.compare import compare, traits
from hub.match.description import Description
from hub.sources import matching_rules

DE_MEN = Description(
    title="Dế Mèn phiêu lưu ký",
    people=[["Tô Hoài", "author"]],
    publisher="Kim Đồng",
    year=2020,
    pages=143,
    language="vie",
    isbns=["9786042990011"],
)
BARE = DE_MEN._replace(isbns=[])


def judged(a: Description, b: Description) -> str:
    rules = matching_rules()
    one, other = compare(traits(a, rules), traits(b, rules), rules), compare(traits(b, rules), traits(a, rules), rules)
    assert one == other, "the order of the two does not matter"
    return one.veto or one.status


@pytest.mark.parametrize(
    ("other", "verdict"),
    [
        (DE_MEN, "SAME"),
        (BARE._replace(title="DẾ MÈN PHIÊU LƯU KÍ", publisher="NXB Kim Đồng"), "SAME"),
        (BARE._replace(people=[["Tô, Hoài, 1920-2014", "author"]], year=2022), "SAME"),
        (Description(title="De Men phieu luu ky", people=[["To Hoai", "author"]]), "FITS"),
        (BARE._replace(volume="1", part="T. 1"), "volume"),
        (BARE._replace(language="eng"), "language"),
        (BARE._replace(form="braille"), "form"),
        (BARE._replace(languages=["vie", "eng"]), "bilingual"),
        (BARE._replace(subtitle="truyện tranh", pages=64), "adaptation"),
        (BARE._replace(edition="Tái bản có sửa chữa, bổ sung", year=2023, pages=190), "revision"),
        (BARE._replace(title="Dế Mèn phiêu lưu ký 2"), "volume"),
        (BARE._replace(title="Để Men phiêu lưu ký", year=2016), "marks"),
        (BARE._replace(title="Để Mèn phiêu lưu ký"), "SAME"),  # one slip in a long title, all else the same
        (BARE._replace(publisher="Văn học", pages=200, year=2009), "publisher"),
        (BARE._replace(pages=200, year=2009), "extent"),
        (BARE._replace(title="Đất rừng phương Nam", people=[["Đoàn Giỏi", "author"]]), "DIFFERENT"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_pairs(other: Description, verdict: str) -> None:
    assert judged(DE_MEN, other) == verdict


def test_translators_make_two_expressions() -> None:
    prince = Description(title="Hoàng tử bé", people=[["Saint-Exupéry", "author"], ["Bùi Giáng", "translator"]])
    other = prince._replace(people=[["Saint-Exupéry", "author"], ["Vĩnh Lạc", "translator"]])
    assert judged(prince, other) == "translator"
