"""Commands that do the work: harvest, import, union, rebuild."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from flows.ready import ready
from flows.screen import complain, number, progress, tell
from hub.home import language
from schemas.problem import Problem, Trouble

if TYPE_CHECKING:
    from hub.catalog.models import Run

LEDGER = {
    "received": ("nhận", "received"),
    "created": ("mới", "created"),
    "updated": ("sửa", "updated"),
    "unchanged": ("không đổi", "unchanged"),
    "deleted": ("xóa", "deleted"),
    "rejected": ("cách ly", "rejected"),
}


def ledger_line(name: str, counts: Mapping[str, int]) -> None:
    """One line of a ledger: received = created + updated + unchanged + deleted + rejected."""
    vi = ", ".join(f"{LEDGER[key][0]} {number(counts[key])}" for key in LEDGER)
    en = ", ".join(f"{LEDGER[key][1]} {number(counts[key])}" for key in LEDGER)
    tell(f"{name}: {vi}.", f"{name}: {en}.")


def harvest_here(name: str, full: bool) -> dict[str, int]:
    """Harvest one source without Prefect."""
    from hub.sources import load_source

    return harvest_config(load_source(name), full)


def harvest_config(config: object, full: bool) -> dict[str, int]:
    """Harvest a source of any configuration, here and now."""
    from hub.sources import SourceConfig
    from hub.stages.harvest import fetch, finish
    from hub.stages.normalize import normalize_pending

    assert isinstance(config, SourceConfig)
    show = progress(config.name)
    run, fence = fetch(config, full=full, progress=show)
    normalize_pending(progress=show)
    return finish(run, fence).counts


def union_here() -> dict[str, int]:
    """Match → merge → publish without Prefect."""
    from hub.stages.match import match
    from hub.stages.merge import merge_due
    from hub.stages.publish import publish

    show = progress()
    return match(progress=show).counts | merge_due(progress=show).counts | publish(progress=show).counts


@click.command()
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option(
    "--all", "every", is_flag=True, help="Mọi nguồn trong thư mục nguồn. Every source of the folder of sources."
)
@click.option(
    "--full", is_flag=True, help="Lấy lại từ đầu, không chỉ phần thay đổi. Everything again, not only changes."
)
@click.option("--no-prefect", is_flag=True, help="Chạy thẳng, không qua Prefect. Run directly, without Prefect.")
@click.option("--json", "as_json", is_flag=True, help="In sổ cái dạng JSON. Print the ledgers as JSON.")
def harvest(names: tuple[str, ...], every: bool, full: bool, no_prefect: bool, as_json: bool) -> int:
    """Thu hoạch một hay nhiều nguồn vào kho biểu ghi gốc, rồi đọc và chuẩn hóa.

    Harvest one source or several into the raw store, then read and normalize them. A harvest that was cut goes on where
    it stopped. The exit status is 1 when any source failed; the others are harvested all the same.
    """
    if bool(names) == every:
        raise click.UsageError("Cần tên nguồn hoặc --all. Give the names of sources, or --all.")
    ready()
    from hub.sources import source_files

    ledgers, failed = {}, 0
    for name in [path.stem for path in source_files()] if every else names:
        try:
            ledgers[name] = harvest_here(name, full) if no_prefect else _harvest_flow(name, full)
            ledger_line(name, ledgers[name])
            failed += _nothing(name)
        except Trouble as trouble:
            failed += 1
            click.echo(f"{name}: ", nl=False, err=True)
            complain(trouble.problem)
    if as_json:
        click.echo(json.dumps({"ledgers": ledgers, "failed": failed}, ensure_ascii=False))
    return 1 if failed else 0


def _nothing(name: str) -> bool:
    """Whether the run gave nothing where records were expected; it is said, and is no success."""
    from hub.catalog.models import Record, Run

    run = Run.objects.filter(source__name=name).order_by("-id").first()
    if run is None:
        return False
    live = Record.objects.filter(source=run.source_id, state=Record.State.LIVE)
    if run.received == 0 and (run.full or run.status == Run.Status.EMPTY):
        complain(_why_empty(run))
    elif run.received and run.received == run.rejected and (run.full or not live.exists()):
        complain(_why_unreadable(run))
    else:
        return False
    return True


def _why_empty(run: Run) -> Problem:
    """The first thing the connector noted, else that nothing came."""
    notes = [note for note in run.notes if note["code"] != "nothing_received"]
    return Problem(**notes[0]) if notes else Problem("nothing_received")


def _why_unreadable(run: Run) -> Problem:
    """That no record could be read, with the reason of the first."""
    from hub.catalog.models import Rejection

    first = Rejection.objects.filter(record__source=run.source_id).order_by("-raw").first()
    reason = Problem(first.code, first.facts).sentence(language()) if first else ""
    return Problem("nothing_readable", {"count": number(run.received), "reason": reason})


def _harvest_flow(name: str, full: bool) -> dict[str, int]:
    from flows.harvest import harvest as flow

    return dict(flow(name, full, publish=False))


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
def import_(file: Path, code: str, title: str, kind: str, form: str, encoding: str, trust: int, as_json: bool) -> int:
    """Nhập một tệp của một thư viện thành một nguồn riêng; thư viện mới được tạo.

    Import a library's file as a source of its own; a new library is made. A record is known by its 001, its OAI
    identifier or the column “id”, else by a stable key made of what it says. Importing the same file again changes
    nothing.
    """
    ready()
    from hub.network.models import Library
    from hub.sources import LibraryEntry, Name, ReadingEntry, SourceFile, make_source

    _check_import(file, code, kind, form, encoding)
    known = Library.objects.filter(pk=code).exists()
    new = LibraryEntry(code=code, name=Name(vi=title or code), kind=kind)  # type: ignore[arg-type]
    source = SourceFile(
        library=LibraryEntry(code=code) if known else new,
        connector="files",
        format=form,
        trust=trust,
        reading=ReadingEntry(encoding=encoding),
        options={"path": str(file.resolve())},
    )
    name = f"{code}-{form}" if encoding == "auto" else f"{code}-{form}-{encoding}"
    counts = harvest_config(make_source(name, source, Path.cwd(), file), full=True)
    ledger_line(name, counts)
    empty = _nothing(name)
    if as_json:
        click.echo(json.dumps({"source": name, "library": code, "ledger": counts}, ensure_ascii=False))
    return 1 if empty else 0


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


@click.command()
@click.option("--prefect/--no-prefect", default=False, help="Chạy qua Prefect. Run it as a Prefect flow.")
@click.option("--json", "as_json", is_flag=True, help="In số đếm dạng JSON. Print the counts as JSON.")
def union(prefect: bool, as_json: bool) -> None:
    """So khớp, gộp và xuất bản những gì đã thay đổi vào mục lục liên hợp.

    Match, merge and publish what has changed into the union catalog.
    """
    ready()
    if prefect:
        from flows.union import union as flow

        counts = flow()
    else:
        counts = union_here()
    union_line(counts)
    if as_json:
        click.echo(json.dumps(counts))


def union_line(counts: Mapping[str, int]) -> None:
    """What a union did, in one line."""
    stale, same, ask, changed = (number(counts[key]) for key in ("stale", "same", "ask", "changed"))
    tell(
        f"Mục lục liên hợp: {stale} biểu ghi được xét, {same} cặp trùng, {ask} cặp cần hỏi, {changed} biểu ghi"
        " thay đổi.",
        f"Union catalog: {stale} records looked at, {same} pairs the same, {ask} to ask about, {changed} records"
        " changed.",
    )


@click.command()
def rebuild() -> None:
    """Làm lại toàn bộ mục lục liên hợp từ biểu ghi gốc, cấu hình và quyết định của người.

    Make the union catalog anew from the raw records, the configuration and people's decisions. Identifiers stay.
    """
    ready()
    from hub.catalog.writes import clear_derived
    from hub.stages.harvest import whoever
    from hub.stages.match import match
    from hub.stages.merge import merge_due
    from hub.stages.normalize import normalize_pending
    from hub.stages.publish import publish

    show = progress()
    clear_derived(by=whoever())
    normalize_pending(progress=show, ledger=False)
    counts = match(progress=show).counts | merge_due(progress=show).counts
    union_line(counts | publish(progress=show, fresh=True).counts)


COMMANDS = (harvest, import_, union, rebuild)
