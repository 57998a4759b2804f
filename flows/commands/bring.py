"""The command ``import``: a library's file as a source of its own."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from flows.commands.harvest import harvest_config, ledger_line, nothing
from flows.ready import looking, ready
from flows.screen import progress, tell
from schemas.problem import Trouble

if TYPE_CHECKING:
    from hub.network.models import Library
    from hub.sources import SourceConfig


class _Asked(NamedTuple):
    """What was typed: the file, the library, how the file is to be read, and the name it is to be kept under."""

    file: Path
    code: str
    title: str
    kind: str
    form: str
    encoding: str
    trust: int
    columns: tuple[str, ...]
    sheet: str
    save_source: str


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
@click.option(
    "--columns",
    multiple=True,
    metavar="HEADING=FIELD",
    help="Cột nào là trường nào của bảng; ghi được nhiều lần. What a column of a table is; may be repeated.",
)
@click.option("--sheet", default="", help="Chỉ đọc trang tính này. Read this sheet only.")
@click.option(
    "--save-source",
    default="",
    metavar="NAME",
    help="Lưu cách đọc tệp này thành nguồn NAME. Keep how this file is read as the source NAME.",
)
@click.option("--json", "as_json", is_flag=True, help="In một đối tượng JSON có «ledger». Print one JSON object.")
@click.option("--dry-run", is_flag=True, help="Kiểm tra trước, không ghi gì. Say what would happen, write nothing.")
def import_(as_json: bool, dry_run: bool, **typed: Any) -> int:
    """Nhập một tệp của một thư viện thành một nguồn riêng; thư viện mới được tạo.

    Import a library's file as a source of its own; a new library is made. A record is known by its 001, its OAI
    identifier or the column “id”, else by a stable key made of what it says. Importing the same file again changes
    nothing. With --dry-run it is only said what would happen. With --save-source the file's columns, encoding and
    format are kept in the folder of sources, and “lienthong harvest NAME” reads later versions of the file by them.
    """
    asked = _Asked(**typed)
    store = looking() if dry_run else True
    if not dry_run:
        ready()
    from hub.network.models import Library

    _check_import(asked)
    known = Library.objects.filter(pk=asked.code).first() if store else None
    given = Library(code=asked.code, name_vi=asked.title or asked.code, kind=asked.kind)
    config = _config(asked, given, known is not None)
    if dry_run:
        return _try(config, known or given, store, as_json, asked)
    return _bring(_kept(config, asked), asked, as_json)


def _bring(config: SourceConfig, asked: _Asked, as_json: bool) -> int:
    counts = harvest_config(config, full=True)
    ledger_line(config.name, counts)
    empty = nothing(config.name)
    if as_json:
        click.echo(json.dumps({"source": config.name, "library": asked.code, "ledger": counts}, ensure_ascii=False))
    return 1 if empty else 0


def _config(asked: _Asked, library: Library, known: bool) -> SourceConfig:
    """The file as a source of its own."""
    from hub.sources import LibraryEntry, Name, ReadingEntry, SourceFile, make_source

    name = None if known else Name(vi=library.name_vi)
    source = SourceFile(
        library=LibraryEntry(code=library.code, name=name, kind=library.kind),  # type: ignore[arg-type]
        connector="files",
        format=asked.form,
        trust=asked.trust,
        reading=ReadingEntry(encoding=asked.encoding, columns=dict(_columns(asked.columns)), sheet=asked.sheet),
        options={"path": str(asked.file.resolve())},
    )
    own = (library.code, asked.form, *([] if asked.encoding == "auto" else [asked.encoding]))
    return make_source(asked.save_source or "-".join(own), source, Path.cwd(), asked.file)


def _kept(config: SourceConfig, asked: _Asked) -> SourceConfig:
    """The source as it is read from now on: with --save-source that of the file just written, else the same."""
    from hub.sources import read_source
    from hub.stages import profile

    tables = profile.tables_of(config) if asked.columns or asked.save_source else []
    if not asked.save_source:
        return config
    path = profile.save(asked.save_source, profile.profile(config, tables, profile.encoding_told(config)))
    tell(f"Đã lưu nguồn «{config.name}»: {path}", f"The source “{config.name}” was saved: {path}")
    return read_source(path)


def _try(config: SourceConfig, library: Library, store: bool, as_json: bool, asked: _Asked) -> int:
    """The dry run: what would happen, in the words of a cataloger."""
    from flows.trial_report import as_json as shown
    from flows.trial_report import lines, saved_lines
    from hub.stages.profile import as_yaml, path_of, profile
    from hub.stages.trial import try_import

    trial = try_import(config, library, store=store, progress=progress())
    text = as_yaml(profile(config, trial.tables, trial.encoding)) if asked.save_source else ""
    if as_json:
        saved = {"profile": text} if text else {}
        answer = {"source": config.name, "library": library.code, **shown(trial), **saved}
        click.echo(json.dumps(answer, ensure_ascii=False))
    else:
        click.echo("\n".join(lines(trial)))
        if text:
            click.echo("\n".join(saved_lines(path_of(asked.save_source), text)))
    return 0 if trial.counts["read"] > trial.counts["rejected"] else 1


def _check_import(asked: _Asked) -> None:
    """Everything said on the command line is checked before anything is written."""
    from hub.sources import CODE, KINDS
    from schemas.encodings import find as find_encoding
    from schemas.format import find_format

    if not re.fullmatch(CODE, asked.code):
        raise Trouble("library_code", code=asked.code)
    if asked.kind not in KINDS:
        raise Trouble("kind_unknown", kind=asked.kind, known=", ".join(KINDS))
    table = find_format(asked.form).tables is not None
    if asked.encoding != "auto":
        find_encoding(asked.encoding)
    if (asked.columns or asked.sheet) and not table:
        raise Trouble("columns_no_table", format=asked.form)
    _columns(asked.columns)
    if asked.file.is_dir():
        raise Trouble("file_is_folder", path=asked.file)
    if not asked.file.is_file():
        raise Trouble("file_missing", path=asked.file)
    if asked.save_source:
        _check_name(asked)


def _check_name(asked: _Asked) -> None:
    """The name of a source to be saved: of the right form, and nobody else's."""
    from hub.catalog.models import Source
    from hub.sources import CODE
    from hub.stages.profile import path_of

    if not re.fullmatch(CODE, asked.save_source):
        raise Trouble("source_name", name=asked.save_source)
    path_of(asked.save_source)
    found = Source.objects.filter(name=asked.save_source).first() if looking() else None
    if found and found.library_id != asked.code:
        raise Trouble("source_of_another", name=found.name, library=found.library_id)


def _columns(said: tuple[str, ...]) -> list[tuple[str, str]]:
    """(heading, field) of each --columns."""
    from schemas.headings import FIELDS

    found = []
    for value in said:
        heading, _, field = value.rpartition("=")
        if not heading.strip() or field.strip() not in FIELDS:
            raise Trouble("columns_option", value=value, known=", ".join(FIELDS))
        found.append((heading.strip(), field.strip()))
    return found


COMMANDS = (import_,)
