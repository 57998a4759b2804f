"""Commands that look: status, sources, export."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

import click

from flows.ready import ready
from flows.screen import complain, number, tell, words
from hub.home import language
from schemas.problem import Trouble


@click.command()
@click.option("--json", "as_json", is_flag=True, help="In dạng JSON. Print as JSON.")
def status(as_json: bool) -> None:
    """Cho biết tình trạng mạng lưới: số lượng, từng nguồn, lượt chạy cuối.

    Tell the state of the network: counts, each source, its last run.
    """
    ready()
    state = network_state()
    if as_json:
        click.echo(json.dumps(state, ensure_ascii=False))
        return
    totals = {key: number(state[key]) for key in ("union_records", "records", "copies", "rejected", "review")}
    click.echo(
        words(
            "{union_records} biểu ghi liên hợp từ {records} biểu ghi; {copies} bản; {rejected} cách ly;"
            " {review} chờ duyệt.",
            "{union_records} union records of {records} records; {copies} copies; {rejected} rejected;"
            " {review} to review.",
        ).format(**totals)
    )
    _waits(state)
    for source in state["sources"]:
        run = source["last_run"] or {"status": words("chưa chạy", "never run"), "received": 0, "finished": ""}
        click.echo(f"  {source['name']:<24} {run['status']:<10} {number(run['received']):>10}  {run['finished']}")


def _waits(state: dict[str, Any]) -> None:
    """What waits for somebody: nothing waits unseen."""
    if state["rejected_since"]:
        click.echo(
            words(
                "Cách ly: {count} biểu ghi, lâu nhất từ {since}: lienthong quarantine list",
                "Rejected: {count} records, the oldest since {since}: lienthong quarantine list",
            ).format(count=number(state["rejected"]), since=state["rejected_since"][:10])
        )
    if state["holds"]:
        click.echo(
            words(
                "{count} thay đổi lớn đang chờ người quyết định: lienthong holds list",
                "{count} large changes wait for a person's decision: lienthong holds list",
            ).format(count=number(state["holds"]))
        )


def network_state() -> dict[str, Any]:
    """The state of the network as one object."""
    from hub.catalog import bulk, waits
    from hub.catalog.models import Record, Source, Union
    from hub.provide.dumps import count_review

    live = Union.objects.filter(deleted=False)
    waiting = waits.waiting()
    copies = bulk.query(f"SELECT COALESCE(SUM(copies), 0) FROM {bulk.table(Union)} WHERE NOT deleted")[0][0]
    return {
        "union_records": live.count(),
        "records": Record.objects.filter(state="live").count(),
        "copies": int(copies),
        "pending": Record.objects.filter(state="pending").count(),
        "stale": Record.objects.filter(due__gt=0).count(),
        "rejected": waiting.count,
        "rejected_since": waiting.oldest.isoformat() if waiting.oldest else "",
        "holds": waits.holds(undecided=True).count(),
        "review": count_review(),
        "sources": [_source_state(source) for source in Source.objects.order_by("name")],
    }


def _source_state(source: Any) -> dict[str, Any]:
    from hub.catalog.runs import COUNTERS

    run = source.runs.order_by("-id").first()
    last = run and {
        "status": run.status,
        "started": run.started_at.isoformat(),
        "finished": run.finished_at.isoformat() if run.finished_at else "",
        "notes": run.notes,
        **{name: getattr(run, name) for name in COUNTERS},
    }
    return {
        "name": source.name,
        "library": source.library_id,
        "connector": source.connector,
        "format": source.format,
        "last_run": last,
    }


@click.group()
def sources() -> None:
    """Xem và kiểm tra các nguồn trong harvest_config. See and check the sources of harvest_config."""


@sources.command(name="list")
@click.option("--json", "as_json", is_flag=True, help="In dạng JSON. Print as JSON.")
def list_(as_json: bool) -> int:
    """Liệt kê các nguồn; nguồn có tệp sai được nói rõ. List the sources; a source whose file is wrong is said."""
    ready()
    from hub.sources import read_source, source_files

    rows, wrong = [], 0
    for path in source_files():
        try:
            entry = read_source(path).entry
            rows.append({"name": path.stem, **entry.model_dump(include={"connector", "format", "schedule", "trust"})})
            rows[-1]["library"] = entry.library.code
        except Trouble as trouble:
            wrong += 1
            complain(trouble.problem)
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False))
    else:
        for row in rows:
            click.echo(
                f"{row['name']:<24} {row['library']:<14} {row['connector']:<10} {row['format']:<8} {row['schedule']}"
            )
        if not rows and not wrong:
            tell("Chưa có nguồn nào. Hãy thêm một tệp YAML vào thư mục nguồn.", "No sources yet. Add a YAML file.")
    return 1 if wrong else 0


@sources.command()
@click.argument("name", required=False)
def check(name: str | None) -> int:
    """Kiểm tra tệp cấu hình và hỏi thử đối tác, không thu hoạch. Check the files and ask the partners, no harvest."""
    ready()
    from hub.sources import load_source, source_files

    wrong = 0
    for one in [name] if name else [path.stem for path in source_files()]:
        try:
            config = load_source(one)
            problems = config.connector.check(config.job({}))
        except Trouble as trouble:
            problems = [trouble.problem]
        wrong += bool(problems)
        click.echo(f"{one}: " + (" ".join(p.sentence(language()) for p in problems) or words("tốt.", "well.")))
    return 1 if wrong else 0


@click.group()
def export() -> None:
    """Xuất biểu ghi liên hợp, vốn tài liệu, cụm, hàng chờ duyệt, biểu ghi gốc. Export what the hub holds."""


@contextmanager
def _output(path: Path | None) -> Iterator[BinaryIO]:
    """Standard output, or a file that appears under its name only when it is whole."""
    if path is None or str(path) == "-":
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    if not path.parent.is_dir():
        raise Trouble("folder_missing", path=path.parent)
    part = path.with_name(path.name + ".part")
    try:
        with part.open("wb") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


OUT = click.Path(path_type=Path, dir_okay=False)
OUTPUT = click.option("-o", "--output", type=OUT, help="Tệp ra (mặc định: màn hình). Output file.")


def _format(default: str, *others: str) -> Callable[..., Any]:
    """The option that chooses one of some formats."""
    choice = click.Choice([default, *others])
    return click.option(
        "--format", "form", type=choice, default=default, show_default=True, help="Khổ mẫu. The format."
    )


@export.command(name="records")
@_format("marcxml", "marc21", "marcxchange", "marcjson", "mrk", "mods", "qdc", "oai_dc", "jsonl")
@OUTPUT
def export_records(form: str, output: Path | None) -> int:
    """Xuất mọi biểu ghi liên hợp. Export every union record."""
    ready()
    from hub.provide.dumps import records

    with _output(output) as stream:
        refused = records(form, stream)
    for uid, trouble in refused:
        click.echo(f"{uid}: {trouble.problem.sentence(language())}", err=True)
    return 1 if refused else 0


def _table_command(name: str, title: str) -> click.Command:
    @_format("csv")
    @OUTPUT
    def run(form: str, output: Path | None) -> None:
        ready()
        from hub.provide.dumps import table

        with _output(output) as stream:
            table(name, stream)

    command: Callable[..., click.Command] = click.command(name=name, help=title)
    return command(run)


TABLES = {
    "holdings": "Xuất vốn tài liệu: thư viện nào có bao nhiêu bản, ở đâu. Export who holds how many copies, where.",
    "clusters": "Xuất cụm: mỗi biểu ghi thuộc biểu ghi liên hợp nào. Export which union record each record belongs to.",
    "review": "Xuất các cặp cần người quyết định. Export the pairs a person is asked about.",
    "contradictions": "Xuất quyết định của người mà luật nói khác. Export decisions that the rules deny.",
    "rejected": "Xuất biểu ghi bị cách ly và lý do. Export the rejected records and why.",
}
for _name, _title in TABLES.items():
    export.add_command(_table_command(_name, _title))


@export.command(name="raw")
@click.option("--source", required=True, help="Tên nguồn. The source's name.")
@_format("jsonl")
@OUTPUT
def export_raw(source: str, form: str, output: Path | None) -> None:
    """Xuất biểu ghi gốc của một nguồn, đúng như đã nhận. Export a source's records as they were received."""
    ready()
    from hub.provide.dumps import raw

    with _output(output) as stream:
        raw(source, stream)


COMMANDS = (status, sources, export)
