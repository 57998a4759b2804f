"""The command ``import``: a library's file as a source of its own."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

import click

from flows.commands.harvest import harvest_config, ledger_line, nothing
from flows.ready import looking, ready
from flows.screen import progress
from schemas.problem import Trouble

if TYPE_CHECKING:
    from hub.network.models import Library
    from hub.sources import SourceConfig


@click.command(name="import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--library", "code", required=True, help="Mã thư viện. The library's code.")
@click.option(
    "--name", "title", default="", help="Tên thư viện, nếu là thư viện mới. The library's name, if it is new."
)
@click.option(
    "--kind",
    default="other",
    show_default=True,
    help="Loại thư viện, nếu là thư viện mới. The library's kind, if it is new.",
)
@click.option("--format", "form", required=True, help="Khổ mẫu: marc21, marcxml, oai_dc, xlsx, csv… The format.")
@click.option("--encoding", default="auto", show_default=True, help="Bảng mã của tệp. The file's encoding.")
@click.option("--trust", default=50, show_default=True, type=click.IntRange(0, 100), help="Độ tin cậy. The trust.")
@click.option("--json", "as_json", is_flag=True, help="In một đối tượng JSON có «ledger». Print one JSON object.")
@click.option("--dry-run", is_flag=True, help="Kiểm tra trước, không ghi gì. Say what would happen, write nothing.")
def import_(
    file: Path, code: str, title: str, kind: str, form: str, encoding: str, trust: int, as_json: bool, dry_run: bool
) -> int:
    """Nhập một tệp của một thư viện thành một nguồn riêng; thư viện mới được tạo.

    Import a library's file as a source of its own; a new library is made. A record is known by its 001, its OAI
    identifier or the column “id”, else by a stable key made of what it says. Importing the same file again changes
    nothing. With --dry-run it is only said what would happen.
    """
    store = looking() if dry_run else True
    if not dry_run:
        ready()
    from hub.network.models import Library

    _check_import(file, code, kind, form, encoding)
    known = Library.objects.filter(pk=code).first() if store else None
    given = Library(code=code, name_vi=title or code, kind=kind)
    config = _config(file, given, known is not None, form, encoding, trust)
    if dry_run:
        return _try(config, known or given, store, as_json)
    counts = harvest_config(config, full=True)
    ledger_line(config.name, counts)
    empty = nothing(config.name)
    if as_json:
        click.echo(json.dumps({"source": config.name, "library": code, "ledger": counts}, ensure_ascii=False))
    return 1 if empty else 0


def _config(file: Path, library: Library, known: bool, form: str, encoding: str, trust: int) -> SourceConfig:
    """The file as a source of its own."""
    from hub.sources import LibraryEntry, Name, ReadingEntry, SourceFile, make_source

    name = None if known else Name(vi=library.name_vi)
    source = SourceFile(
        library=LibraryEntry(code=library.code, name=name, kind=library.kind),  # type: ignore[arg-type]
        connector="files",
        format=form,
        trust=trust,
        reading=ReadingEntry(encoding=encoding),
        options={"path": str(file.resolve())},
    )
    called = f"{library.code}-{form}" if encoding == "auto" else f"{library.code}-{form}-{encoding}"
    return make_source(called, source, Path.cwd(), file)


def _try(config: SourceConfig, library: Library, store: bool, as_json: bool) -> int:
    """The dry run: what would happen, in the words of a cataloger."""
    from flows.trial_report import as_json as shown
    from flows.trial_report import lines
    from hub.stages.trial import try_import

    trial = try_import(config, library, store=store, progress=progress())
    if as_json:
        click.echo(json.dumps({"source": config.name, "library": library.code, **shown(trial)}, ensure_ascii=False))
    else:
        click.echo("\n".join(lines(trial)))
    return 0 if trial.counts["read"] > trial.counts["rejected"] else 1


def _check_import(file: Path, code: str, kind: str, form: str, encoding: str) -> None:
    """Everything said on the command line is checked before anything is written."""
    from hub.sources import CODE, KINDS
    from schemas.encodings import find as find_encoding
    from schemas.format import find_format

    if not re.fullmatch(CODE, code):
        raise Trouble("library_code", code=code)
    if kind not in KINDS:
        raise Trouble("kind_unknown", kind=kind, known=", ".join(KINDS))
    find_format(form)
    if encoding != "auto":
        find_encoding(encoding)
    if file.is_dir():
        raise Trouble("file_is_folder", path=file)
    if not file.is_file():
        raise Trouble("file_missing", path=file)


COMMANDS = (import_,)
