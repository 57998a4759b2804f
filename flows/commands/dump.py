"""The command ``dump``: files of the whole union catalog, or of what has changed since the last."""

from __future__ import annotations

import json

import click

from flows.ready import ready
from flows.screen import number, tell


@click.command()
@click.option("--full", is_flag=True, help="Toàn bộ, dù chưa đến hạn. The whole catalog, though it is not due.")
@click.option(
    "--keep",
    type=click.IntRange(1),
    default=2,
    show_default=True,
    help="Số bản đầy đủ được giữ, cùng các phần thay đổi sau nó. Full dumps that are kept, with their deltas.",
)
@click.option("--json", "as_json", is_flag=True, help="In dạng JSON. Print as JSON.")
def dump(full: bool, keep: int, as_json: bool) -> None:
    """Ghi mục lục liên hợp ra tệp: cả bộ mỗi tuần, các đêm khác chỉ phần thay đổi. «lienthong up» tự làm việc này.

    Write the union catalog to files under LIENTHONG_HOME/dumps, which the portal serves: everything once a week, else
    what has changed since the last time, deletions included. "lienthong up" does it every night.
    """
    ready()
    from hub.provide.dump_files import make
    from hub.stages.lists import follow

    follow(whole=True)
    made = make(full=full, keep=keep)
    if as_json:
        click.echo(json.dumps(made._asdict() if made else None, ensure_ascii=False))
    elif made is None:
        tell("Không có gì thay đổi.", "Nothing has changed.")
    else:
        counts = number(made.records), number(made.deletions)
        tell(
            f"{made.name}: {counts[0]} biểu ghi, {counts[1]} bản ghi xóa.",
            f"{made.name}: {counts[0]} records, {counts[1]} deletions.",
        )


COMMANDS = (dump,)
