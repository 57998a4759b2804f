"""The command ``harvest``: one source, several, or all of them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import click

from flows.ready import ready
from flows.screen import complain, number, progress, tell
from hub.home import language
from schemas.problem import Problem, Trouble

if TYPE_CHECKING:
    from hub.catalog.models import Run

Ledger = dict[str, int]
Outcomes = dict[str, "list[dict[str, Any]] | Trouble"]  # by source: the ledgers of its runs, or what stopped it

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


def harvest_config(config: object, full: bool) -> Ledger:
    """Harvest a source of any configuration, here and now; its ledger."""
    from hub.sources import SourceConfig
    from hub.stages.harvest import fetch, read_and_finish

    assert isinstance(config, SourceConfig)
    show = progress(config.name)
    return read_and_finish(fetch(config, full=full, progress=show), show).counts


@click.command()
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option(
    "--all", "every", is_flag=True, help="Mọi nguồn trong thư mục nguồn. Every source of the folder of sources."
)
@click.option(
    "--full", is_flag=True, help="Lấy lại từ đầu, không chỉ phần thay đổi. Everything again, not only changes."
)
@click.option(
    "--sweep", is_flag=True, help="Đối chiếu cả danh sách mã với kho. Compare the whole list of identifiers as well."
)
@click.option("--now", is_flag=True, help="Hỏi cả nguồn đang nghỉ vì lỗi. Ask even a source that rests after failures.")
@click.option("--no-prefect", is_flag=True, help="Chạy thẳng, không qua Prefect. Run directly, without Prefect.")
@click.option("--json", "as_json", is_flag=True, help="In sổ cái dạng JSON. Print the ledgers as JSON.")
def harvest(
    names: tuple[str, ...], every: bool, full: bool, sweep: bool, now: bool, no_prefect: bool, as_json: bool
) -> int:
    """Thu hoạch một hay nhiều nguồn vào kho biểu ghi gốc, rồi đọc và chuẩn hóa.

    Harvest one source or several, side by side, into the raw store, then read and normalize them. A harvest that was
    cut goes on where it stopped. The exit status is 1 when any source failed; the others are harvested all the same.
    """
    if bool(names) == every:
        raise click.UsageError("Cần tên nguồn hoặc --all. Give the names of sources, or --all.")
    ready()
    from hub.sources import source_files

    asked = _unpaused([path.stem for path in source_files()]) if every else list(dict.fromkeys(names))
    work = _directly if no_prefect else _by_prefect
    ledgers: dict[str, Any] = {}
    sweeps: dict[str, Any] = {}
    failed = 0
    for name, outcome in work(asked, full, sweep, now).items():
        if isinstance(outcome, Trouble):
            failed += 1
            click.echo(f"{name}: ", nl=False, err=True)
            complain(outcome.problem)
            continue
        ledgers[name] = outcome[0]
        for ledger in outcome:
            ledger_line(name if ledger["stage"] == "harvest" else f"{name} ({ledger['stage']})", ledger)
        if outcome[1:]:
            sweeps[name] = outcome[-1]
        failed += nothing(name)
        held_back(name)
    if as_json:
        click.echo(json.dumps({"ledgers": ledgers, "sweeps": sweeps, "failed": failed}, ensure_ascii=False))
    return 1 if failed else 0


def _unpaused(names: list[str]) -> list[str]:
    """Without the sources that are paused; which those are is said. By its name a paused source is harvested."""
    from hub.operations.pauses import all_paused

    paused = all_paused()
    for name in names:
        if name in paused:
            complain(Problem("source_paused", {"source": name, "by": paused[name].by}))
    return [name for name in names if name not in paused]


def _by_prefect(names: list[str], full: bool, sweep: bool, now: bool) -> Outcomes:
    """Each source by a flow of Prefect; several of them side by side in one."""
    from flows.harvest import harvest as flow
    from flows.harvest import harvest_many

    if len(names) > 1:
        return dict(harvest_many(names, full, sweep, now))
    try:
        return {name: flow(name, full, publish=False, swept=sweep, now=now) for name in names}
    except Trouble as trouble:
        return {names[0]: trouble}


def _directly(names: list[str], full: bool, sweep: bool, now: bool) -> Outcomes:
    """The same without Prefect."""
    from flows.side_by_side import harvest_all

    return harvest_all(names, full, sweep, now)


def held_back(name: str) -> None:
    """Say what of a source waits for a named person."""
    from hub.catalog.models import Hold

    for hold in Hold.objects.filter(source__name=name, verdict=Hold.Verdict.OPEN):
        code = "renaming_held" if hold.kind == Hold.Kind.RENAMING else "removals_held"
        complain(Problem(code, {"count": number(hold.count), "live": number(hold.live), "hold": str(hold.pk)}))


def nothing(name: str) -> bool:
    """Whether the run gave nothing where records were expected; it is said, and is no success."""
    from hub.catalog.models import Record, Run

    run = Run.objects.filter(source__name=name, kind=Run.Kind.HARVEST).order_by("-id").first()
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


COMMANDS = (harvest,)
