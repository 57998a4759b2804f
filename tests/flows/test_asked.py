"""The worker that does what is asked for on the desk: to the end, once, and after being killed on the way too."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from flows.asked import Worker
from flows.commands import serve
from flows.ready import environment
from hub.catalog.models import Record, Run, Source, Union
from hub.operations import journal, pauses, requests
from hub.operations.models import Request
from tests.connectors.partner import Reply, error, identify, listed, oai, record, serving
from tests.flows.conftest import Command, command, surroundings

SOURCE = """\
library: {{code: TV-1, name: {{vi: Thư viện một}}}}
connector: oai_pmh
format: marcxml
schedule: "0 2 * * *"
options: {{url: "{url}", allow_private: true, pause: 0.001s, tries: 2, overlap: 0s}}
"""


def write(sources: Path, url: str, name: str = "a") -> None:
    (sources / f"{name}.yaml").write_text(SOURCE.format(url=url), encoding="utf-8")


def answer(arguments: dict[str, str]) -> bytes:
    if arguments["verb"] == "Identify":
        return identify()
    return oai(listed([record(n) for n in range(3)]))


def asked(act: str = "run", **facts: str) -> Request:
    return requests.ask("a", act, by="lan@x.vn", facts=facts)


def said(run: int) -> str:
    return "\n".join(line.sentence for line in journal.lines(run, "en"))


@pytest.mark.usefixtures("store")
def test_a_request_is_done_and_its_run_is_told(sources: Path) -> None:
    with serving(answer) as server:
        write(sources, server.url)
        request = asked()
        assert Worker().once() == 1
    request.refresh_from_db()
    run = Run.objects.get(pk=request.run)
    assert (request.status, run.status, run.received) == ("done", "succeeded", 3)
    assert Union.objects.filter(deleted=False).count() == 3, "the union catalog has followed"
    log = said(run.pk)
    assert "lan@x.vn" in log
    assert "3" in log.splitlines()[-2]
    assert log.splitlines()[-1] == "The union catalog has followed: 3 union records changed."


def test_a_source_that_somebody_harvests_waits_and_the_other_log_is_left_alone(catalog: Path, sources: Path) -> None:
    with serving(answer) as server:
        write(sources, server.url)
        asked()
        Worker().once()
        run = Run.objects.get()
        Run.objects.update(status="running")
        Source.objects.update(lease_owner="elsewhere:1", lease_expires=timezone.now() + timedelta(seconds=90))
        lines = said(run.pk)
        request = asked()
        Worker().once()
    request.refresh_from_db()
    assert (request.status, request.run, request.tries) == ("waiting", None, 0)
    assert said(run.pk) == lines


def test_everything_again_a_reset_and_a_window(catalog: Path, sources: Path) -> None:
    with serving(answer) as server:
        write(sources, server.url)
        asked()
        Worker().once()
        before = Source.objects.get().checkpoint
        window = asked("window", **requests.window("2026-01-15", "2026-02-15"))
        Worker().once()
        lists = [a for a in server.asked if a["verb"] == "ListRecords"]
        assert lists[-1] | {"from": "2026-01-15T00:00:00Z", "until": "2026-02-15T23:59:59Z"} == lists[-1]
        window.refresh_from_db()
        assert Run.objects.get(pk=window.run).kind == "window"
        assert Source.objects.get().checkpoint == before, "the next harvest goes on where the last one ended"
        asked("reset")
        Worker().once()
        assert "from" not in [a for a in server.asked if a["verb"] == "ListRecords"][-1]
    newest = Run.objects.order_by("-id").first()
    assert newest is not None
    assert (newest.full, newest.unchanged) == (True, 3)


@pytest.mark.parametrize(
    "given", [lambda _: Reply(status=404), lambda a: identify() if a["verb"] == "Identify" else error("noRecordsMatch")]
)
def test_what_failed_or_brought_nothing_never_reads_as_done(
    catalog: Path, sources: Path, given: Callable[[dict[str, str]], Reply | bytes]
) -> None:
    with serving(given) as server:
        write(sources, server.url)
        request = asked()
        Worker().once()
    request.refresh_from_db()
    assert request.status == "failed"
    assert request.problem["code"]
    assert request.run
    log = said(request.run)
    assert "no success" in log or "without success" in log
    assert "Ended well" not in log


def test_a_worker_that_is_killed_loses_nothing(catalog: Path, sources: Path) -> None:
    """The first page is stored, the second never comes; the worker dies; the next one goes on after the first page."""
    reached, alive = threading.Event(), threading.Event()
    alive.set()

    def slow(arguments: dict[str, str]) -> Reply | bytes:
        if arguments["verb"] == "Identify":
            return identify()
        if arguments["verb"] == "ListIdentifiers":
            header = "<header><identifier>oai:x:{}</identifier><datestamp>2026-02-01T00:00:00Z</datestamp></header>"
            return oai(f"<ListIdentifiers>{''.join(header.format(n) for n in range(5))}</ListIdentifiers>")
        if arguments.get("resumptionToken") == "2":
            if alive.is_set():
                reached.set()
                return Reply(b"<", drip=threading.Event(), cut=-100)
            return oai(listed([record(n) for n in range(3, 5)]))
        return oai(listed([record(n) for n in range(3)], "2"))

    with serving(slow) as server:
        write(sources, server.url)
        request = asked()
        environment = surroundings(catalog, LIENTHONG_SOURCES=sources)
        child = subprocess.Popen(command("work", "--once", "--no-prefect"), env=environment)
        try:
            assert reached.wait(60)
            request.refresh_from_db()
            assert request.status == "running"
            os.kill(child.pid, signal.SIGKILL)
        finally:
            child.kill()
            child.wait()
        alive.clear()
        assert Worker().once() == 1, "the dead worker's request is free at once"
        firsts = [a for a in server.asked if a["verb"] == "ListRecords" and "resumptionToken" not in a]
    request.refresh_from_db()
    assert (request.status, request.tries, len(firsts)) == ("done", 2, 1)
    assert Record.objects.filter(state="live").count() == 5
    run = Run.objects.get(kind="harvest")
    assert (run.pk, run.received) == (request.run, 5)
    assert "stopped on the way" in said(run.pk)


def test_what_is_asked_for_while_it_runs_is_done_soon(catalog: Path, sources: Path) -> None:
    with serving(answer) as server:
        write(sources, server.url)
        environment = surroundings(catalog, LIENTHONG_SOURCES=sources)
        child = subprocess.Popen(command("work", "--no-prefect"), env=environment)
        try:
            request = asked()
            deadline = time.monotonic() + 60
            while request.status in requests.OPEN and time.monotonic() < deadline:
                time.sleep(0.2)
                request.refresh_from_db()
            assert request.status == "done"
        finally:
            child.terminate()
            assert child.wait(30) == 0


def test_a_new_source_a_pause_and_a_wrong_file_reach_the_schedules(
    catalog: Path, sources: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    environment()
    from flows.schedules import changes, look, plans

    write(sources, "http://127.0.0.1:9/oai")
    first, seen = plans(), look()
    assert first["a"].schedule == "0 2 * * *"
    write(sources, "http://127.0.0.1:9/oai", "b")
    pauses.pause("a", by="lan@x.vn", reason="bảo trì")
    assert look() != seen
    second = plans()
    assert changes(first, second) == ({"a": second["a"], "b": second["b"]}, set())
    assert second["a"].schedule == ""
    (sources / "b.yaml").write_text("library: no", encoding="utf-8")
    assert changes(second, plans()) == ({}, {"b"})
    assert "b.yaml" in capsys.readouterr().err
    assert pauses.resume("a", by="lan@x.vn")
    assert plans()["a"].schedule == "0 2 * * *"


def test_all_leaves_a_paused_source_alone_and_its_name_does_not(
    lienthong: Command, catalog: Path, sources: Path
) -> None:
    with serving(answer) as server:
        write(sources, server.url)
        write(sources, server.url, "b")
        pauses.pause("a", by="lan@x.vn")
        every = lienthong("harvest", "--all", "--no-prefect", "--json")
        assert list(every.json["ledgers"]) == ["b"]
        assert "lan@x.vn" in every.err
        assert list(lienthong("harvest", "a", "--no-prefect", "--json").json["ledgers"]) == ["a"]


def test_a_worker_that_dies_is_started_again_and_ends_with_us(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serve, "RESTART_SECONDS", 0.05)
    started: list[subprocess.Popen[bytes]] = []
    begin = serve._started

    def noted(name: str, arguments: list[str]) -> subprocess.Popen[bytes]:
        started.append(begin(name, arguments))
        return started[-1]

    monkeypatch.setattr(serve, "_started", noted)
    with serve.kept("worker", ["http.server", "--bind", "127.0.0.1", "0"]):
        started[0].kill()
        deadline = time.monotonic() + 20
        while len(started) < 2 and time.monotonic() < deadline:
            time.sleep(0.05)
        assert len(started) >= 2
    assert all(child.poll() is not None for child in started)
