"""The commands ``audit``: whether the trail of who did what is whole, and its signed head to be kept elsewhere."""

from __future__ import annotations

import json
from pathlib import Path

import click

from flows.ready import ready
from flows.screen import number, tell


@click.group()
def audit() -> None:
    """Nhật ký: ai đã làm gì. The audit trail: who did what."""


@audit.command("verify")
@click.option(
    "--head",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Đầu chuỗi đã cất giữ, để phát hiện đoạn cuối bị cắt. A head kept elsewhere, to see whether the tail was cut.",
)
def verify(head: Path | None) -> None:
    """Kiểm tra nhật ký; nói rõ dòng sai đầu tiên. Check the trail; the first bad row is named."""
    ready()
    from hub.accounts import verify as trail

    rows = trail.verify(trail.read_head(head) if head else None)
    tell(f"Nhật ký nguyên vẹn: {number(rows)} dòng.", f"The audit trail is whole: {number(rows)} rows.")


@audit.command("head")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Ghi vào tệp. Write to this file.")
def head(output: Path | None) -> None:
    """In dòng cuối của nhật ký, có chữ ký; mỗi ngày nên cất một bản ở nơi khác.

    Print the last row's number and hash, signed; keep one a day somewhere else.
    """
    ready()
    from hub.accounts import verify as trail

    text = json.dumps(trail.signed_head())
    if output is None:
        click.echo(text)
    else:
        output.write_text(text + "\n", encoding="utf-8")
        tell(f"Đã ghi {output}.", f"Written: {output}.")


COMMANDS = (audit,)
