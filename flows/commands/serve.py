"""Commands that stay: serve (the portal), up (portal, Prefect and schedules), demo (the sample network)."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import click

from flows.commands.harvest import ledger_line
from flows.commands.run import union_line
from flows.ready import ready
from flows.screen import complain, number, tell
from hub.home import CONFIG, home
from schemas.problem import Trouble

PORTAL, PREFECT = 8000, 4200
START_SECONDS = 90
STOP_SECONDS = 15
RESTART_SECONDS = 2


def port_free(port: int) -> None:
    """A port somebody listens on is a :class:`Trouble`."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            raise Trouble("port_in_use", port=port) from None


@contextmanager
def process(name: str, arguments: list[str], port: int, **environment: str) -> Iterator[subprocess.Popen[bytes]]:
    """A server of ours as a process: started, waited for until its port answers, and ended with us."""
    port_free(port)
    log = home() / f"{name}.log"
    with log.open("ab") as stream:
        command = [sys.executable, "-m", *arguments]
        child = subprocess.Popen(command, stdout=stream, stderr=stream, env={**os.environ, **environment})
    try:
        wait_for(child, name, port, log)
        yield child
    finally:
        end(child)


@contextmanager
def kept(name: str, arguments: list[str]) -> Iterator[None]:
    """A worker of ours as a process that is started again when it ends by itself, and ended with us."""
    over = threading.Event()
    first = _started(name, arguments)
    children = [first]

    def keep() -> None:
        while not over.wait(RESTART_SECONDS):
            if children[-1].poll() is not None and not over.is_set():
                children.append(_started(name, arguments))

    keeper = threading.Thread(target=keep, name=name, daemon=True)
    keeper.start()
    try:
        yield
    finally:
        over.set()
        keeper.join()
        end(children[-1])


def _started(name: str, arguments: list[str]) -> subprocess.Popen[bytes]:
    with (home() / f"{name}.log").open("ab") as stream:
        return subprocess.Popen([sys.executable, "-m", *arguments], stdout=stream, stderr=stream)


def end(child: subprocess.Popen[bytes]) -> None:
    """End a process, by force where it does not listen."""
    child.send_signal(signal.SIGTERM)
    try:
        child.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()


def wait_for(child: subprocess.Popen[bytes], name: str, port: int, log: Path) -> None:
    """Return when a process answers at its port; :class:`Trouble` when it does not in time."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and child.poll() is None:
        with socket.socket() as probe:
            probe.settimeout(1)
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise Trouble("server_did_not_start", name=name, seconds=START_SECONDS, path=log)


def portal(host: str, port: int, workers: int = 2) -> Any:
    """The portal behind granian, in processes of its own."""
    arguments = ["granian", "--interface", "wsgi", "--host", host, "--port", str(port), "--workers", str(workers)]
    return process("portal", [*arguments, "--blocking-threads", "4", "hub.web.wsgi:application"], port)


def stay(children: list[subprocess.Popen[bytes]]) -> None:
    """Stay until interrupted, or until a server ends by itself."""
    signal.signal(signal.SIGTERM, lambda *_: (_ for _ in ()).throw(KeyboardInterrupt()))
    while all(child.poll() is None for child in children):
        time.sleep(0.5)


HOST = click.option("--host", default="127.0.0.1", show_default=True, help="Địa chỉ nghe. The address to listen on.")


@click.command()
@click.option("--port", default=PORTAL, show_default=True, help="Cổng. The port.")
@click.option("--workers", default=2, show_default=True, help="Số tiến trình. The number of processes.")
@HOST
def serve(port: int, workers: int, host: str) -> None:
    """Mở cổng thông tin (tìm kiếm, tình trạng mạng lưới, OAI-PMH ở /oai).

    Serve the portal: search, the state of the network, OAI-PMH at /oai.
    """
    port_free(port)
    ready()
    os.environ.setdefault("LIENTHONG_BASE_URL", f"http://{host}:{port}")
    with portal(host, port, workers) as child:
        tell(
            f"Cổng thông tin: http://{host}:{port}  (Ctrl+C để dừng)", f"Portal: http://{host}:{port}  (Ctrl+C to stop)"
        )
        stay([child])


@click.command()
@click.option("--port", default=PORTAL, show_default=True, help="Cổng của cổng thông tin. The portal's port.")
@click.option("--prefect-port", default=PREFECT, show_default=True, help="Cổng của Prefect. Prefect's port.")
@HOST
def up(port: int, prefect_port: int, host: str) -> None:
    """Chạy tất cả: cổng thông tin, Prefect, lịch thu hoạch của từng nguồn và việc được yêu cầu trên bàn điều hành.

    Run everything: the portal, Prefect's server with its UI, each source's harvest by the schedule in its file, and the
    worker that does what is asked for on the desk and sends notifications. New and changed source files are taken up
    by themselves.
    """
    port_free(port)
    port_free(prefect_port)
    ready()
    from flows.schedules import deploy

    api = f"http://127.0.0.1:{prefect_port}/api"
    os.environ["PREFECT_API_URL"] = api
    os.environ.setdefault("LIENTHONG_BASE_URL", f"http://{host}:{port}")
    os.environ.setdefault("LIENTHONG_PREFECT_URL", f"http://127.0.0.1:{prefect_port}")
    server = ["prefect", "server", "start", "--host", "127.0.0.1", "--port", str(prefect_port), "--no-services"]
    with ExitStack() as stack:
        stack.enter_context(process("prefect", server[:-1], prefect_port, PREFECT_UI_API_URL=api))
        stack.enter_context(portal(host, port))
        stack.enter_context(kept("worker", ["flows.cli", "work"]))
        tell(f"Cổng thông tin: http://{host}:{port}", f"Portal: http://{host}:{port}")
        tell(f"Prefect: http://127.0.0.1:{prefect_port}  (Ctrl+C để dừng)", f"Prefect: http://127.0.0.1:{prefect_port}")
        deploy()


@click.command()
@click.option("--no-serve", is_flag=True, help="Chạy xong thì thôi, không mở cổng thông tin. Do not serve the portal.")
@click.option("--port", default=PORTAL, show_default=True, help="Cổng của cổng thông tin. The portal's port.")
def demo(no_serve: bool, port: int) -> int:
    """Chạy thử với mạng lưới mẫu: thu hoạch mọi nguồn mẫu, gộp thành mục lục liên hợp, rồi mở cổng thông tin.

    Try it with the sample network: harvest its sources, make the union catalog, then serve the portal.
    """
    if not no_serve:
        port_free(port)
    os.environ["LIENTHONG_SOURCES"] = str(CONFIG / "demo" / "sources")
    os.environ.setdefault("LIENTHONG_BASE_URL", f"http://127.0.0.1:{port}")  # it stands in the sample's records
    tell("Đang chuẩn bị kho dữ liệu và Prefect…", "Making the store and Prefect ready…")
    ready()
    from flows.sample_partners import demo_partners

    with demo_partners():
        failed = _demo_run()
        if not no_serve and not failed:
            with portal("127.0.0.1", port) as child, kept("worker", ["flows.cli", "work", "--no-prefect"]):
                tell(
                    f"Mời xem: http://127.0.0.1:{port}  (Ctrl+C để dừng)",
                    f"See http://127.0.0.1:{port}  (Ctrl+C to stop)",
                )
                _tell_the_entry(f"http://127.0.0.1:{port}")
                stay([child])
    return 1 if failed else 0


def _tell_the_entry(address: str) -> None:
    """The link by which whoever sits at this machine enters every desk of the demo."""
    from hub.accounts.invitations import entry

    link = entry(address)
    tell(
        f"Vào các bàn làm việc với vai trò quản trị viên (chỉ trên máy này): {link}",
        f"Enter the desks as administrator (on this machine only): {link}",
    )


def _demo_units() -> None:
    from django.utils import timezone

    from hub.network import unit_table, units
    from hub.reports import survey

    units.keep(unit_table.read((CONFIG / "demo" / "units.json").read_bytes()))
    units.settle(timezone.localdate(), by="lienthong demo")
    survey.make("lienthong demo")


def _demo_run() -> int:
    from flows.commands.look import network_state
    from flows.harvest import harvest
    from flows.union import union
    from hub.sources import source_files

    failed = 0
    for path in source_files():
        try:
            ledger_line(path.stem, harvest(path.stem, publish=False)[0])
        except Trouble as trouble:
            failed += 1
            complain(trouble.problem)
    union_line(union())
    _demo_units()
    from flows.sample_network import set_going

    set_going()
    state = network_state()
    counts = {key: number(state[key]) for key in ("records", "union_records", "copies", "rejected", "review")}
    tell(
        "Xong: {records} biểu ghi → {union_records} biểu ghi liên hợp, {copies} bản sách; {rejected} cách ly,"
        " {review} cặp chờ duyệt.".format(**counts),
        "Done: {records} records → {union_records} union records, {copies} copies; {rejected} rejected,"
        " {review} pairs to review.".format(**counts),
    )
    return failed


COMMANDS = (serve, up, demo)
