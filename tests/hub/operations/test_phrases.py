"""Schedules as people say them: read as cron, said in words, read back as the same; half understood is refused."""

from __future__ import annotations

import pytest
from django.utils import translation

from hub.operations.phrases import parse
from hub.operations.schedule import in_words
from schemas.problem import Trouble


@pytest.mark.parametrize(
    ("said", "cron"),
    [
        ("mỗi đêm lúc 2 giờ", "0 2 * * *"),
        ("every night at 2", "0 2 * * *"),
        ("moi dem luc 2 gio", "0 2 * * *"),
        ("thứ hai hằng tuần 3:30", "30 3 * * 1"),
        ("mỗi 6 giờ", "0 */6 * * *"),
        ("ngày 1 hằng tháng", "0 2 1 * *"),
        ("every night at 10", "0 22 * * *"),
        ("mỗi tối lúc 8 giờ", "0 20 * * *"),
        ("12 giờ đêm mỗi ngày", "0 0 * * *"),
        ("nửa đêm mỗi ngày", "0 0 * * *"),
        ("lúc 12 giờ trưa mỗi ngày", "0 12 * * *"),
        ("hai giờ sáng hằng ngày", "0 2 * * *"),
        ("hai giờ một lần", "0 */2 * * *"),
        ("chủ nhật hàng tuần lúc hai giờ sáng", "0 2 * * 0"),
        ("thứ hai và thứ năm lúc 2 giờ rưỡi", "30 2 * * 1,4"),
        ("thứ 2 lúc 3g30", "30 3 * * 1"),
        ("mùng 5 hằng tháng lúc 3 giờ chiều", "0 15 5 * *"),
        ("cuối tháng lúc 23 giờ", "0 23 L * *"),
        ("daily at 3am", "0 3 * * *"),
        ("every sunday at 11 pm", "0 23 * * 0"),
        ("monday to friday at 4", "0 4 * * 1-5"),
        ("every weekday at 22:15", "15 22 * * 1-5"),
        ("on the 1st of every month at 5", "0 5 1 * *"),
        ("every hour at minute 17", "17 * * * *"),
        ("every 30 minutes", "*/30 * * * *"),
        ("nightly", "0 2 * * *"),
        ("15 3 * * 2-4", "15 3 * * 2-4"),
        ("chạy thủ công", ""),
        ("by hand", ""),
        ("  ", ""),
    ],
)
def test_what_people_say(said: str, cron: str) -> None:
    assert parse(said) == cron


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("mỗi đêm lúc 2 giờ trừ chủ nhật", "schedule_phrase"),
        ("every day at 2 except monday", "schedule_phrase"),
        ("hằng tuần", "schedule_phrase"),
        ("ngày 32 hằng tháng", "schedule_phrase"),
        ("25 giờ mỗi ngày", "schedule_phrase"),
        ("2 giờ", "schedule_phrase"),
        ("thứ hai ngày 1 hằng tháng", "schedule_phrase"),
        ("khi nào rảnh", "schedule_phrase"),
        ("99 99 * * *", "schedule_phrase"),
        ("mỗi 7 giờ", "schedule_uneven"),
        ("every 45 minutes", "schedule_uneven"),
        ("every 0 hours", "schedule_uneven"),
        ("mỗi " + "đêm " * 10_000, "schedule_phrase"),
    ],
)
def test_what_is_half_understood_is_refused(said: str, code: str) -> None:
    with pytest.raises(Trouble) as refused:
        parse(said)
    assert refused.value.problem.code == code


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize(
    "cron",
    [
        "",
        "0 2 * * *",
        "5 0 * * *",
        "30 3 * * 1",
        "0 2 * * 0",
        "30 2 * * 1,4",
        "0 4 * * 1-5",
        "0 23 L * *",
        "30 4 1 * *",
        "*/15 * * * *",
        "0 * * * *",
        "17 * * * *",
        "0 */6 * * *",
        "30 */12 * * *",
        "0 5 1,15 * *",
        "0 2 * 1 *",
    ],
)
def test_what_is_said_in_words_is_read_back(cron: str, language: str) -> None:
    with translation.override(language):
        assert parse(in_words(cron)) == cron
