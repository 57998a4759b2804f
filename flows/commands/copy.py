"""The command that copies: the best records for ISBNs or titles."""

from __future__ import annotations

from pathlib import Path

import click

from flows.commands.look import OUT, _output
from flows.ready import ready
from flows.screen import number, tell
from hub.home import language

FORMATS = ("marc21", "marcxml", "mrk")


@click.command()
@click.argument("asked", nargs=-1, metavar="[ISBN]…")
@click.option("--list", "lists", multiple=True, type=OUT, help="Danh sách: xlsx, ods, csv, txt. A list of books.")
@click.option(
    "--format", "form", type=click.Choice(FORMATS), default="marc21", show_default=True, help="Khổ mẫu. The format."
)
@click.option("--encoding", default="utf-8", show_default=True, help="Bảng mã (marc21, mrk). The encoding.")
@click.option("--local", is_flag=True, help="Kèm 852 và các trường cục bộ. With 852 and local fields.")
@click.option("--missing", type=OUT, help="Tệp CSV ghi những gì không tìm thấy. A CSV of what was not found.")
@click.option("-o", "--output", type=OUT, help="Tệp ra (mặc định: màn hình). Output file.")
def copy(
    asked: tuple[str, ...],
    lists: tuple[Path, ...],
    form: str,
    encoding: str,
    local: bool,
    missing: Path | None,
    output: Path | None,
) -> int:
    """Sao chép biên mục: biểu ghi tốt nhất cho mỗi ISBN hoặc nhan đề. Copy cataloging, by ISBN or title."""
    ready()
    from hub.network.models import Library
    from hub.provide import copying
    from hub.provide.writing import MARC_FILES, write_file

    lines = [*asked]
    for path in lists:
        lines += copying.lines_of_file(path.name, path.read_bytes())
    copied = copying.copy_list(copying.lines_of("\n".join(lines)))
    own = Library.objects.values_list("code", flat=True) if local else ()
    contents = copying.records_of(copied)
    written = write_file(MARC_FILES[form], contents, frozenset(), encoding=encoding, local=local, own=[*own])
    with _output(output) as stream:
        stream.write(written.data)
    lost = [one.asked for one in copied if not one.number]
    if missing:
        missing.write_text(copying.not_found(copied), encoding="utf-8", newline="")
    for uid, problem in written.refused:
        click.echo(f"{uid}: {problem.sentence(language())}", err=True)
    for one in copied:
        if one.by == copying.MENDED:
            tell(f"«{one.asked}» không phải ISBN đúng; hãy đối chiếu.", f"“{one.asked}” is no ISBN; compare it.")
    tell(
        f"{number(len(contents))} biểu ghi; không tìm thấy {number(len(lost))}.",
        f"{number(len(contents))} records; {number(len(lost))} not found.",
    )
    for text in lost[:20]:
        click.echo(f"  {text[:100]}", err=True)
    return 1 if lost or written.refused else 0


COMMANDS = (copy,)
