"""The pages of the network's state: health with its reason, a ledger that adds up, rejected records with theirs."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.utils import translation

from hub.catalog.models import Hold, Run, Source
from hub.catalog.reads import SourceState
from hub.catalog.waits import Waiting
from hub.operations.health import Health, health
from hub.operations.schedule import in_words, next_run, span
from hub.operations.views import ledger, sentence
from tests.accounts_in_tests import client_of, somebody

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def staff(language: str = "vi") -> Client:
    """A client of somebody of the IT staff."""
    client = client_of(somebody("it_staff"))
    client.cookies["language"] = language
    return client


def page(address: str, status: int = 200) -> str:
    """The page as the IT staff sees it."""
    response = staff().get(address)
    assert response.status_code == status
    return response.content.decode()


def state(status: str | None, *, hours: float = 1, schedule: str = "0 2 * * *", **counts: int) -> SourceState:
    """A source whose last run had ``status`` and whose last success is ``hours`` old."""
    moment = NOW - timedelta(hours=hours)
    run = Run(status=status, started_at=moment, finished_at=moment, **counts) if status else None
    return SourceState(Source(name="x", schedule=schedule), run, run if status == "succeeded" else None, {})


@pytest.mark.parametrize(
    ("given", "word"),
    [
        (state(None), "silent"),
        (state("failed"), "error"),
        (state("empty"), "error"),
        (state("succeeded"), "good"),
        (state("succeeded", hours=40), "slow"),
        (state("succeeded", hours=100), "silent"),
        (state("succeeded", hours=10_000, schedule=""), "good"),
        (state("succeeded", received=100, rejected=11), "slow"),
        (state("running", hours=13), "slow"),
        (state("succeeded", schedule="no cron at all"), "good"),
    ],
)
def test_health(given: SourceState, word: str) -> None:
    verdict = health(given, NOW)
    assert verdict.word == word
    assert verdict.reason


def test_what_waits_for_a_person_is_part_of_health() -> None:
    sound = state("succeeded", received=100)
    assert health(replace(sound, waiting=Waiting(3, NOW - timedelta(days=29))), NOW).word == "good"
    waited = health(replace(sound, waiting=Waiting(3, NOW - timedelta(days=31))), NOW)
    assert (waited.word, "3" in waited.reason) == ("slow", True)
    hold = Hold(kind="deletions", count=1320, live=2000)
    with translation.override("vi"):
        loud = health(replace(sound, holds=(hold,)), NOW)
    assert loud == Health("error", "Có 1.320 biểu ghi bị báo xóa, đang chờ người quyết định.")


def test_a_source_that_rests_is_slow_until_then() -> None:
    sound = state("succeeded")
    sound.source.not_before = NOW + timedelta(hours=2)
    assert health(sound, NOW).word == "slow"
    sound.source.not_before = NOW - timedelta(hours=2)
    assert health(sound, NOW).word == "good"


@pytest.mark.parametrize(
    ("schedule", "words"),
    [
        ("", "chạy thủ công"),
        ("0 2 * * *", "hằng ngày lúc 02:00"),
        ("30 4 1 * *", "ngày 1 hằng tháng lúc 04:30"),
        ("*/15 * * * *", "15 phút một lần"),
        ("0 * * * *", "mỗi giờ một lần"),
        ("0 */6 * * *", "6 giờ một lần"),
        ("0 2 * 1 *", "0 2 * 1 *"),
    ],
)
def test_schedule_in_words(schedule: str, words: str) -> None:
    with translation.override("vi"):
        assert in_words(schedule) == words


def test_next_run() -> None:
    assert next_run("0 2 * * *", NOW) == datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
    assert next_run("never", NOW) is None


def test_span() -> None:
    with translation.override("vi"):
        assert span(NOW - timedelta(minutes=12), NOW) == "12 phút"
        assert span(NOW - timedelta(days=3), NOW) == "3 ngày"


def test_the_bar_adds_up() -> None:
    parts = ledger(Run(received=10, created=1, updated=2, unchanged=3, deleted=1, rejected=3))
    assert sum(part.count for part in parts) == 10
    assert [part.start for part in parts] == [0, 1, 3, 6, 7]


def test_a_problem_without_a_sentence_is_no_error() -> None:
    assert sentence("unheard_of", {}) == "unheard_of"
    assert sentence("file_missing", {}) == "file_missing"


@pytest.mark.usefixtures("network")
class TestPages:
    def test_network(self) -> None:
        html = page("/mang-luoi")
        assert "Trường Tiểu học Lê Lợi" in html
        assert "hằng ngày lúc 02:00" in html

    def test_every_number_of_a_run_leads_to_its_rows(self) -> None:
        run = Run.objects.get(source__name="truong-le-loi")
        assert (run.received, run.created, run.rejected) == (3, 2, 1)
        html = page(f"/luot/{run.pk}")
        assert f'<a href="/nguon/truong-le-loi/bieu-ghi?run={run.pk}">2</a>' in html
        assert f'<a href="/nguon/truong-le-loi/tu-choi?run={run.pk}">1</a>' in html
        assert "Sổ cân" in html

    def test_rejected_record_has_its_reason_its_place_and_its_bytes(self) -> None:
        html = page("/nguon/truong-le-loi/tu-choi")
        assert "record 3" in html
        assert "no record at all" in html
        assert "S3" in html

    def test_source_and_its_records(self) -> None:
        assert "tu-choi?code=" in page("/nguon/truong-le-loi")
        html = page("/nguon/truong-le-loi/bieu-ghi?state=live")
        assert "LT-0000001" in html
        assert "S3" not in html

    @pytest.mark.parametrize(
        "address", ["/nguon/nobody", "/luot/999", "/luot/99999999999999999999", "/nguon/nobody/tu-choi"]
    )
    def test_unknown(self, address: str) -> None:
        page(address, 404)

    @pytest.mark.parametrize("query", ["run=x", "run=99999999999999999999", "code=%00", "page=x", "state=x"])
    def test_any_query_is_answered(self, query: str) -> None:
        page(f"/nguon/truong-le-loi/tu-choi?{query}")
        page(f"/nguon/truong-le-loi/bieu-ghi?{query}")


@pytest.mark.usefixtures("catalog")
def test_no_source_yet() -> None:
    assert "Chưa có nguồn" in page("/mang-luoi")
    assert 'href="/nguon/moi"' in page("/dieu-hanh")
