"""``lienthong harvest`` against servers of several tempers."""

from __future__ import annotations

import threading
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from hub.catalog.models import Hold, Record, Run, Source
from tests.connectors.partner import Reply, error, identify, listed, oai, record, serving
from tests.flows.conftest import Command, balanced

SOURCE = """\
library: {{code: {code}, name: {{vi: Thư viện {code}}}}}
connector: oai_pmh
format: marcxml
options: {{url: "{url}", allow_private: true, pause: 0.001s, tries: 2, confirm_after: 0s{more}}}
"""


def write(sources: Path, name: str, url: str, more: str = "") -> None:
    text = SOURCE.format(code=name.upper(), url=url, more=f", {more}" if more else "")
    (sources / f"{name}.yaml").write_text(text, encoding="utf-8")


class Repository:
    """Records 0 to n − 1; lists give those in ``shown``."""

    def __init__(self, count: int) -> None:
        self.shown = list(range(count))

    def __call__(self, arguments: dict[str, str]) -> bytes:
        verb = arguments["verb"]
        if verb == "Identify":
            return identify()
        if verb == "ListIdentifiers":
            headers = [
                f"<header><identifier>oai:x:{n}</identifier><datestamp>2026-02-01T00:00:00Z</datestamp></header>"
                for n in self.shown
            ]
            return oai(f"<ListIdentifiers>{''.join(headers)}</ListIdentifiers>") if headers else error("noRecordsMatch")
        if verb == "GetRecord":
            number = int(arguments["identifier"].rpartition(":")[2])
            return oai(f"<GetRecord>{record(number)}</GetRecord>") if number in self.shown else error("idDoesNotExist")
        found = [record(n) for n in self.shown] if "from" not in arguments else []
        return oai(listed(found)) if found else error("noRecordsMatch")


def test_a_sweep_by_command_finds_what_nobody_announced(lienthong: Command, sources: Path) -> None:
    repository = Repository(20)
    with serving(repository) as server:
        write(sources, "a", server.url)
        assert lienthong("harvest", "a", "--no-prefect").status == 0
        repository.shown.remove(7)
        deleted = 0
        for _ in range(2):  # asked for alone by the sweep, and again by the next harvest
            answer = lienthong("harvest", "a", "--sweep", "--no-prefect", "--json")
            assert answer.status == 0
            for ledger in (answer.json["ledgers"]["a"], answer.json["sweeps"]["a"]):
                assert balanced(ledger)
                deleted += ledger["deleted"]
    assert deleted == 1
    assert not Record.objects.filter(identifier="oai:x:7", state="live").exists()
    assert Record.objects.filter(state="live").count() == 19


def test_too_many_deletions_are_said_and_wait(lienthong: Command, sources: Path) -> None:
    repository = Repository(120)
    with serving(repository) as server:
        write(sources, "a", server.url)
        lienthong("harvest", "a", "--no-prefect")
        repository.shown = repository.shown[:50]
        answer = lienthong("harvest", "a", "--sweep", "--no-prefect")
    assert "70 of the source's 120 records would be removed" in answer.sentence
    assert f"lienthong holds show {Hold.objects.get().pk}" in answer.sentence
    assert Record.objects.filter(state="live").count() == 120


def test_a_source_without_lists_of_identifiers_cannot_be_swept(lienthong: Command, sources: Path) -> None:
    (sources / "b.mrc").write_bytes(b"")
    text = "library: {code: B, name: {vi: B}}\nconnector: files\nformat: csv\noptions: {path: b.csv}\n"
    (sources / "b.yaml").write_text(text, encoding="utf-8")
    (sources / "b.csv").write_text("Nhan đề,Tác giả\nSố đỏ,Vũ Trọng Phụng\n", encoding="utf-8")
    answer = lienthong("harvest", "b", "--sweep", "--no-prefect")
    assert answer.status == 1
    assert "cannot list identifiers" in answer.sentence


def test_a_server_that_keeps_failing_is_left_alone_for_a_while(lienthong: Command, sources: Path) -> None:
    failing = True
    repository = Repository(3)
    with serving(lambda asked: Reply(b"", status=500) if failing else repository(asked)) as server:
        write(sources, "a", server.url)
        for _ in range(3):
            assert lienthong("harvest", "a", "--no-prefect").status == 1
        requests = len(server.asked)
        answer = lienthong("harvest", "a", "--no-prefect")
        assert (answer.status, len(server.asked)) == (1, requests)
        assert "rests until" in answer.sentence
        failing = False
        assert lienthong("harvest", "a", "--no-prefect", "--now").status == 0
    assert Source.objects.get().failures == 0


@pytest.mark.parametrize("how", ["--no-prefect", "--json"])
def test_a_slow_source_delays_no_other(lienthong: Command, sources: Path, how: str) -> None:
    """The slow server answers only when the quick one has been harvested to its end (or gives up after a while)."""
    quick = Repository(5)
    others_done = threading.Event()
    slow = Repository(5)

    def slowly(arguments: dict[str, str]) -> Reply | bytes:
        if arguments["verb"] == "ListRecords" and not others_done.wait(60):
            return Reply(b"", status=500)
        return slow(arguments)

    def quickly(arguments: dict[str, str]) -> bytes:
        answer = quick(arguments)
        if arguments["verb"] == "ListRecords":
            others_done.set()
        return answer

    with serving(slowly) as one, serving(quickly) as other:
        write(sources, "a-slow", one.url)
        write(sources, "b-quick", other.url)
        answer = lienthong("harvest", "--all", how)
    assert answer.status == 0, answer.err
    assert Record.objects.filter(state="live").count() == 10
    assert set(Run.objects.values_list("status", flat=True)) == {"succeeded"}


@pytest.mark.parametrize("how", ["--no-prefect", "--json"])
def test_many_sources_of_a_slow_server_delay_no_other(lienthong: Command, sources: Path, how: str) -> None:
    """Ten sources of a server that answers only when the eleventh, of another, has been harvested to its end."""
    other_done = threading.Event()
    slow, quick = Repository(3), Repository(5)
    asking, most = 0, 0
    counting = threading.Lock()

    def slowly(arguments: dict[str, str]) -> Reply | bytes:
        nonlocal asking, most
        with counting:
            asking += 1
            most = max(most, asking)
        try:
            return slow(arguments) if other_done.wait(60) else Reply(b"", status=500)
        finally:
            with counting:
                asking -= 1

    def quickly(arguments: dict[str, str]) -> bytes:
        answer = quick(arguments)
        if arguments["verb"] == "ListRecords":
            other_done.set()
        return answer

    with serving(slowly) as one, serving(quickly) as other:
        for n in range(10):
            write(sources, f"a{n}", one.url)
        write(sources, "z", other.url)
        answer = lienthong("harvest", "--all", how)
    assert answer.status == 0, answer.err
    assert Record.objects.filter(state="live").count() == 35
    assert set(Run.objects.values_list("status", flat=True)) == {"succeeded"}
    assert most == 2, "as many as per_host allows"


def test_a_server_that_another_process_keeps_busy_is_waited_for_as_long_as_the_source_says(
    lienthong: Command, sources: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("flows.side_by_side.LOOK_AGAIN", 0.05)
    repository = Repository(3)
    with serving(repository) as server, serving(repository) as free:
        write(sources, "a", server.url, "per_host: 1, max_wait: 0s")
        write(sources, "b", server.url, "per_host: 1, max_wait: 0s")
        write(sources, "c", free.url, "per_host: 1, max_wait: 0s")
        assert lienthong("harvest", "--all", "--no-prefect").status == 0
        elsewhere = timezone.now() + timedelta(seconds=90)
        Source.objects.filter(name="a").update(lease_owner="máy-khác:1", lease_expires=elsewhere)
        answer = lienthong("harvest", "b", "c", "--no-prefect", "--json")
        assert (answer.status, list(answer.json["ledgers"])) == (1, ["c"])
        assert "other sources are being harvested" in answer.err
        Source.objects.filter(name="a").update(lease_owner="", lease_expires=None)
        assert lienthong("harvest", "--all", "--no-prefect").status == 0


def test_a_scheduled_harvest_gives_its_place_to_others_when_its_server_is_busy(
    lienthong: Command, sources: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from flows import harvest

    later: list[dict[str, object]] = []
    monkeypatch.setattr(harvest, "run_deployment", lambda number, **how: later.append({"id": number, **how}))
    repository = Repository(3)
    with serving(repository) as server:
        write(sources, "a", server.url, "per_host: 1, max_wait: 1h")
        write(sources, "b", server.url, "per_host: 1, max_wait: 1h")
        assert lienthong("harvest", "--all", "--no-prefect").status == 0
        elsewhere = timezone.now() + timedelta(seconds=90)
        Source.objects.filter(name="a").update(lease_owner="máy-khác:1", lease_expires=elsewhere)
        monkeypatch.setenv("PREFECT__RUNTIME__DEPLOYMENT__ID", "kế-hoạch")
        before = timezone.now()
        assert harvest.harvest("b", publish=False) == []
        (again,) = later
        assert again["id"] == "kế-hoạch"
        assert again["scheduled_time"] > before  # type: ignore[operator]
        assert again["parameters"]["tries"] == 2  # type: ignore[index]
        Source.objects.filter(name="a").update(lease_owner="", lease_expires=None)
        assert [ledger["stage"] for ledger in harvest.harvest("b", publish=False)] == ["harvest"]
    assert len(later) == 1
