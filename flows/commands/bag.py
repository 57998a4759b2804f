"""The command ``bag``: judge BagIt packages."""

from __future__ import annotations

from pathlib import Path

import click

from flows.screen import number, tell
from hub.home import language
from schemas.bagit import check
from schemas.bagit_stores import store_of


@click.command()
@click.argument("path", type=click.Path(exists=True, path_type=Path))
def bag(path: Path) -> int:
    """Kiểm tra một gói BagIt (thư mục hay ZIP) mà không giải nén. Judge a BagIt package, a folder or a ZIP, in place.

    Mã thoát 0: hợp lệ; 1: không. Exit status 0: valid; 1: not.
    """
    report = check(store_of(path))
    for problem in report.errors:
        click.echo(f"✗ {problem.sentence(language())}")
    for problem in report.warnings:
        click.echo(f"! {problem.sentence(language())}")
    files, size = number(report.files), number(report.bytes)
    if report.valid:
        tell(
            f"Hợp lệ: BagIt {report.version}, {files} tệp, {size} byte.",
            f"Valid: BagIt {report.version}, {files} files, {size} bytes.",
        )
    else:
        tell(f"Không hợp lệ: {number(len(report.errors))} lỗi.", f"Not valid: {number(len(report.errors))} errors.")
    return 0 if report.valid else 1


COMMANDS = (bag,)
