"""Exports for a library that cleans its own catalog: its duplicates, and its weaker records made better."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from flows.commands.look import OUTPUT, _format, _output
from flows.ready import ready
from hub.home import language

if TYPE_CHECKING:
    from hub.stages.cleaning import Refused

LIBRARY = click.option("--library", required=True, help="Mã thư viện. The library's code.")


@click.command(name="duplicates")
@LIBRARY
@_format("csv", "marc21", "marcxml")
@OUTPUT
def export_duplicates(library: str, form: str, output: Path | None) -> int:
    """Xuất các biểu ghi của một thư viện trùng nhau ngay trong thư viện ấy. Export a library's own duplicates."""
    ready()
    from hub.stages.cleaning import duplicates

    with _output(output) as stream:
        refused = duplicates(library, form, stream)
    return _said(refused)


@click.command(name="improved")
@LIBRARY
@_format("csv", "marc21", "marcxml")
@OUTPUT
def export_improved(library: str, form: str, output: Path | None) -> int:
    """Xuất biểu ghi của một thư viện sau khi được bổ sung từ mục lục liên hợp. Export its records made better."""
    ready()
    from hub.stages.cleaning import improved

    with _output(output) as stream:
        refused = improved(library, form, stream)
    return _said(refused)


@click.command(name="returns")
@LIBRARY
@click.option(
    "--folder",
    type=click.Path(path_type=Path, file_okay=False),
    required=True,
    help="Thư mục chưa có, hoặc đã có từ lần trước. A folder that is not there yet, or one of an earlier time.",
)
def export_returns(library: str, folder: Path) -> int:
    """Xuất những gì trả lại một thư viện: số liên hợp và biểu ghi tốt hơn. Export what a library gets back."""
    ready()
    from hub.provide.return_files import write

    return _said(write(library, folder))


def _said(refused: Refused) -> int:
    """What the format cannot hold is said; the exit status."""
    for name, trouble in refused:
        click.echo(f"{name}: {trouble.problem.sentence(language())}", err=True)
    return 1 if refused else 0


COMMANDS = (export_duplicates, export_improved, export_returns)  # of the group export
