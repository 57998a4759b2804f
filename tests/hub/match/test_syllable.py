"""Which marks a Vietnamese syllable can have."""

from __future__ import annotations

import pytest

from hub.match.syllable import impossible
from hub.normalize.text import syllables

SOUND = """
Ngày của nắng nàng quá giúp kỷ Việt nghiêng hoà hòa thuở khuya gì giếng quyết oản xuýt chiệc học sách tiếp bước Đắk
thuế nguyễn quyển khuỷu rượu yêu ướt ọp ẹp
"""


def test_syllables_of_the_language_are_possible() -> None:
    assert [word for word in syllables(SOUND).split() if impossible(word)] == []


@pytest.mark.parametrize("word", ["Viễt", "cuổc", "thuầt", "Việtt", "vvề", "hõc", "sàch"])
def test_slips_of_the_pen_are_not(word: str) -> None:
    assert impossible(syllables(word))


@pytest.mark.parametrize("word", ["toan", "viet", "sherlock", "5", "2020"])
def test_of_words_without_marks_nothing_is_said(word: str) -> None:
    assert not impossible(word)
