"""The queue of what is asked for: taken once, by one worker; a dead worker's request is free; busy sources wait."""

from __future__ import annotations

import os
import socket
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from hub.accounts.models import AuditEvent
from hub.operations import requests
from hub.operations.models import Request
from schemas.problem import Problem, Trouble

SOURCE = """\
library: {code: TV-1, name: {vi: Thư viện một}}
connector: CONNECTOR
format: marcxml
options: OPTIONS
"""
OAI = SOURCE.replace("CONNECTOR", "oai_pmh").replace("OPTIONS", '{url: "http://127.0.0.1:9/oai", allow_private: true}')
FILES = SOURCE.replace("CONNECTOR", "files").replace("OPTIONS", "{path: x.xml}")
ME = f"{socket.gethostname()}:{os.getpid()}:1"


@pytest.fixture
def sources(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path_factory.mktemp("sources")
    monkeypatch.setenv("LIENTHONG_SOURCES", str(folder))
    (folder / "a.yaml").write_text(OAI, encoding="utf-8")
    (folder / "b.yaml").write_text(FILES, encoding="utf-8")
    return folder


def wrong(call: object, *arguments: object, **named: object) -> str:
    with pytest.raises(Trouble) as stopped:
        call(*arguments, **named)  # type: ignore[operator]
    return stopped.value.problem.code


@pytest.mark.usefixtures("store", "sources")
class TestQueue:
    def test_asked_for_taken_and_done_once(self) -> None:
        asked = requests.ask("a", "run", by="lan@x.vn")
        taken = requests.take(ME)
        assert taken is not None
        assert (taken.pk, taken.status, taken.tries) == (asked.pk, "running", 1)
        assert requests.take("elsewhere:1:1") is None, "its lease holds"
        requests.end(taken, ME)
        asked.refresh_from_db()
        assert (asked.status, asked.problem) == ("done", {})
        assert requests.take(ME) is None
        assert AuditEvent.objects.filter(by="lan@x.vn", act="run.asked.run", about="a").count() == 1

    def test_the_same_is_not_asked_for_twice_while_it_waits(self) -> None:
        requests.ask("a", "run", by="lan@x.vn")
        assert wrong(requests.ask, "a", "run", by="lan@x.vn") == "request_repeated"
        requests.ask("b", "run", by="lan@x.vn")
        assert wrong(requests.ask, "c", "run", by="lan@x.vn") == "source_unknown"
        assert wrong(requests.ask, "b", "window", by="lan@x.vn") == "window_impossible"

    def test_a_lease_that_ran_out_is_free(self) -> None:
        requests.ask("a", "run", by="lan@x.vn")
        first = requests.take("elsewhere:1:1")
        assert first is not None
        Request.objects.update(lease_expires=timezone.now() - timedelta(seconds=1))
        second = requests.take(ME)
        assert second is not None
        assert second.tries == 2
        assert not requests.renew(first, "elsewhere:1:1")
        requests.end(first, "elsewhere:1:1", Problem("list_incomplete"))
        assert Request.objects.get().status == "running", "who has lost it writes nothing"

    def test_a_process_that_is_gone_frees_it_at_once(self) -> None:
        child = subprocess.Popen(["true"])
        child.wait()
        requests.ask("a", "run", by="lan@x.vn")
        assert requests.take(f"{socket.gethostname()}:{child.pid}:1") is not None
        assert requests.take(ME) is not None

    def test_one_that_kills_its_workers_is_given_up(self) -> None:
        requests.ask("a", "run", by="lan@x.vn")
        for _ in range(requests.TRIES):
            assert requests.take("elsewhere:1:1") is not None
            Request.objects.update(lease_expires=timezone.now() - timedelta(seconds=1))
        assert requests.take(ME) is None
        found = Request.objects.get()
        assert (found.status, found.problem["code"]) == ("failed", "request_abandoned")

    def test_a_busy_source_is_tried_again_later(self) -> None:
        requests.ask("a", "run", by="lan@x.vn")
        taken = requests.take(ME)
        assert taken is not None
        requests.end(taken, ME, Problem("source_busy", {"source": "a", "owner": "x"}))
        found = Request.objects.get()
        assert (found.status, found.tries) == ("waiting", 0)
        assert requests.take(ME) is None
        Request.objects.update(not_before=timezone.now())
        assert requests.take(ME) is not None

    def test_what_nobody_has_begun_can_be_taken_back(self) -> None:
        asked = requests.ask("a", "run", by="lan@x.vn")
        assert requests.withdraw(asked.pk, by="lan@x.vn").status == "withdrawn"
        again = requests.ask("a", "run", by="lan@x.vn")
        requests.take(ME)
        assert wrong(requests.withdraw, again.pk, by="lan@x.vn") == "request_begun"
        assert wrong(requests.withdraw, 4711, by="lan@x.vn") == "request_unknown"


@pytest.mark.parametrize(
    ("first", "last"),
    [
        ("2026-02-02", "2026-02-01"),
        ("", "2026-02-01"),
        ("2999-01-01", "2999-01-02"),
        ("x", "y"),
        ("0001-01-01", "2026-01-01"),
    ],
)
def test_windows_that_are_none(first: str, last: str) -> None:
    assert wrong(requests.window, first, last) == "window_wrong"


def test_a_window() -> None:
    assert requests.window("2026-01-01", "2026-01-31") == {"from": "2026-01-01", "until": "2026-01-31"}
