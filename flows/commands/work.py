"""The commands ``work`` (do what was asked for on the desk) and ``notify`` (tell who is to be told)."""

from __future__ import annotations

import signal

import click

from flows.ready import ready
from flows.screen import number, tell


@click.command()
@click.option("--once", is_flag=True, help="Làm những gì đang chờ rồi thôi. Do what waits now, then end.")
@click.option("--no-prefect", is_flag=True, help="Chạy thẳng, không qua Prefect. Run directly, without Prefect.")
def work(once: bool, no_prefect: bool) -> None:
    """Làm việc được yêu cầu trên bàn điều hành, gửi thông báo, mỗi đêm ghi dữ liệu ra. «lienthong up» đã gồm lệnh này.

    Do what is asked for on the IT staff's desk, send notifications, and make a dump each night; "lienthong up" runs it.
    Work goes through Prefect where PREFECT_API_URL names a server that answers.
    """
    ready()
    from flows.asked import Worker
    from flows.nightly import dump_when_due, hour

    hour()  # a wrong time is said at once, not at night
    worker = Worker(prefect=not no_prefect, tell=_tell, others=(dump_when_due, _lend, _look_after), eager=(_judge,))
    if once:
        done = number(worker.once())
        tell(f"Đã làm {done} việc.", f"{done} requests done.")
        return
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: worker.stop())
    tell("Đang đợi việc (Ctrl+C để dừng).", "Waiting for work (Ctrl+C to stop).")
    worker.stay()


@click.command()
def notify() -> None:
    """Gửi thông báo tới người liên hệ: nguồn lỗi, nguồn im lặng, bản tin định kỳ. Mỗi tin chỉ gửi một lần.

    Tell the contacts: sources that fail, sources that are silent, digests. Each message is sent once; what cannot be
    sent is tried again by the next call, some times.
    """
    ready()
    from hub.operations import notices, outbox

    written = notices.gather()
    sent, failed = outbox.send()
    tell(
        f"{number(written)} tin mới, đã gửi {number(sent)}, chưa gửi được {number(failed)}.",
        f"{number(written)} new messages, {number(sent)} sent, {number(failed)} could not be sent.",
    )


def _tell() -> None:
    from hub.operations import notices, outbox

    notices.gather()
    outbox.send()


def _lend() -> None:
    from django.utils import timezone

    from hub.lending import letters, loans, outbox

    outbox.send_due()
    loans.lapse(timezone.now())
    letters.send_daily(timezone.now())


def _look_after() -> None:
    from hub.deposit import rounds

    rounds.everything()


def _judge() -> None:
    from hub.deposit import rounds

    rounds.judge()


COMMANDS = (work, notify)
