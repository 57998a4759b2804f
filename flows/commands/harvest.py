"""The command ``harvest``: one source, several, or all of them."""

from __future__ import annotations

import json
from collections.abc import Mapping
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
            failed += nothing(name)
        except Trouble as trouble:
            failed += 1
            click.echo(f"{name}: ", nl=False, err=True)
            complain(trouble.problem)
    if as_json:
        click.echo(json.dumps({"ledgers": ledgers, "failed": failed}, ensure_ascii=False))
    return 1 if failed else 0


def nothing(name: str) -> bool:
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


COMMANDS = (harvest,)
