"""The commands ``holds``: changes too large to be believed, which wait for a named person."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from flows.commands.quarantine import moment
from flows.ready import ready
from flows.screen import number, progress, tell, words
from schemas.problem import Trouble

if TYPE_CHECKING:
    from hub.catalog.models import Hold

SHOWN = 20
BY = click.option("--by", required=True, help="Tên người quyết định. The name of the person who decides.")
REASON = click.option("--reason", default="", help="Lý do, được lưu lại. The reason, which is kept.")
VERDICTS = {
    "open": ("đang chờ", "open"),
    "released": ("đã cho phép", "released"),
    "refused": ("đã từ chối", "refused"),
}


@click.group()
def holds() -> None:
    """Thay đổi lớn đang chờ người quyết định. Changes too large to be believed, which wait for a person."""


def sentence(hold: Hold) -> str:
    """What a hold would do, of how many."""
    many, live = number(hold.count), number(hold.live)
    if hold.kind == "renaming":
        return words(f"{many} trong {live} biểu ghi đổi mã định danh", f"{many} of {live} records get new identifiers")
    return words(f"{many} trong {live} biểu ghi bị báo xóa", f"{many} of {live} records would be removed")


def _facts(hold: Hold) -> dict[str, Any]:
    return {
        "hold": hold.pk,
        "source": hold.source.name,
        "kind": hold.kind,
        "verdict": hold.verdict,
        "count": hold.count,
        "live": hold.live,
        "opened": hold.opened_at.isoformat(),
        "run": hold.run_id,
        "decided": hold.decided_at.isoformat() if hold.decided_at else "",
        "by": hold.decided_by,
        "reason": hold.reason,
    }


def _hold(number: int) -> Hold:
    from hub.catalog import waits

    found = waits.hold(number)
    if found is None:
        raise Trouble("hold_unknown", number=number)
    return found


@holds.command(name="list")
@click.option("--json", "as_json", is_flag=True, help="In dạng JSON. Print as JSON.")
def list_(as_json: bool) -> None:
    """Liệt kê các mục chờ, mục chưa quyết định trước. List the holds, those to be decided first."""
    ready()
    from hub.catalog import waits

    rows = list(waits.holds())
    if as_json:
        click.echo(json.dumps([_facts(hold) for hold in rows], ensure_ascii=False))
        return
    for hold in rows:
        verdict = words(*VERDICTS[hold.verdict])
        click.echo(f"{hold.pk:>6}  {verdict:<12} {hold.source.name:<24} {sentence(hold)}  {moment(hold.opened_at)}")
    if not rows:
        tell("Không có gì chờ quyết định.", "Nothing waits for a decision.")


@holds.command()
@click.argument("number_", metavar="ID", type=click.IntRange(1, 2**62))
@click.option("--json", "as_json", is_flag=True, help="In dạng JSON. Print as JSON.")
def show(number_: int, as_json: bool) -> None:
    """Xem một mục chờ: việc gì, bao nhiêu, những biểu ghi nào. See a hold: what, how many, which records."""
    ready()
    from hub.catalog import waits

    hold = _hold(number_)
    held = waits.held(hold, SHOWN)
    pairs = waits.pairs(hold, SHOWN)
    if as_json:
        records = [one._asdict() for one in held]
        renamed = [{"old": old.identifier, "new": new.identifier} for old, new in pairs]
        click.echo(json.dumps({**_facts(hold), "records": records, "pairs": renamed}, ensure_ascii=False))
        return
    click.echo(f"{hold.pk}  {hold.source.name}: {sentence(hold)}")
    click.echo(words("Từ {0}, lượt {1}.", "Since {0}, run {1}.").format(moment(hold.opened_at), hold.run_id))
    if hold.verdict != "open":
        verdict = words(*VERDICTS[hold.verdict])
        click.echo(f"{verdict}: {hold.decided_by}, {moment(hold.decided_at)}. {hold.reason}".rstrip())
    for old, new in pairs:
        click.echo(f"  {old.identifier} → {new.identifier}  {new.title or old.title}")
    for one in held if not pairs else ():
        click.echo(f"  {one.identifier}  {one.title}")
    name = words("TÊN", "NAME")
    if hold.verdict == "open":
        click.echo(f"lienthong holds release {hold.pk} --by {name}  |  lienthong holds refuse {hold.pk} --by {name}")
    elif hold.verdict == "refused" and held:
        click.echo(f"lienthong holds release {hold.pk} --by {name}")
    elif run := waits.undoable(hold):
        click.echo(f"lienthong holds undo {run} --by {name}")


@holds.command()
@click.argument("number_", metavar="ID", type=click.IntRange(1, 2**62))
@BY
@REASON
def release(number_: int, by: str, reason: str) -> None:
    """Cho phép thay đổi của một mục chờ. Let the change of a hold happen."""
    ready()
    from hub.catalog import removals
    from hub.stages.normalize import normalize_pending

    hold = _hold(number_)
    run = removals.release(hold, by, reason)
    normalize_pending(hold.source_id, progress=progress())
    done = sentence(hold)
    tell(
        f"Đã cho phép: {done} (lượt {run.pk}). Chạy tiếp: lienthong union. Muốn hoàn lại: lienthong holds undo"
        f" {run.pk} --by TÊN",
        f"Released: {done} (run {run.pk}). Go on with: lienthong union. To take it back: lienthong holds undo"
        f" {run.pk} --by NAME",
    )


@holds.command()
@click.argument("number_", metavar="ID", type=click.IntRange(1, 2**62))
@BY
@REASON
def refuse(number_: int, by: str, reason: str) -> None:
    """Từ chối thay đổi của một mục chờ: biểu ghi được giữ nguyên. Refuse it: the records stay as they are."""
    ready()
    from hub.catalog import removals

    hold = _hold(number_)
    removals.refuse(hold, by, reason)
    tell(f"Đã từ chối: {sentence(hold)}; giữ nguyên.", f"Refused: {sentence(hold)}; they stay.")


@holds.command()
@click.argument("run", type=click.IntRange(1, 2**62))
@BY
@REASON
def undo(run: int, by: str, reason: str) -> None:
    """Khôi phục những biểu ghi mà một lượt đã xóa, và giữ chúng lại dù nguồn còn báo xóa.

    Bring back the records that a run removed, and keep them even while the source goes on saying that they are gone.
    """
    ready()
    from hub.catalog import removals
    from hub.catalog.models import Run
    from hub.stages.normalize import normalize_pending

    found = Run.objects.select_related("source").filter(pk=run).first()
    if found is None:
        raise Trouble("run_unknown", number=run)
    mine = removals.undo(found, by.strip(), reason)
    normalize_pending(found.source_id, progress=progress())
    mine.refresh_from_db()
    back = number(mine.received)
    tell(
        f"Đã khôi phục {back} biểu ghi (lượt {mine.pk}); lượt sau không xóa lại. Chạy tiếp: lienthong union",
        f"{back} records are back (run {mine.pk}), and the next run does not remove them again. Go on with: lienthong"
        " union",
    )


COMMANDS = (holds,)
