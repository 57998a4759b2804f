"""Commands that make the union catalog: union, rebuild."""

from __future__ import annotations

import json
from collections.abc import Mapping

import click

from flows.ready import ready
from flows.screen import number, progress, tell


def union_here() -> dict[str, int]:
    """Match → merge → publish without Prefect."""
    from hub.stages.match import match
    from hub.stages.merge import merge_due
    from hub.stages.normalize import normalize_idle
    from hub.stages.publish import publish

    show = progress()
    normalize_idle(progress=show)
    return match(progress=show).counts | merge_due(progress=show).counts | publish(progress=show).counts


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
    normalize_pending(progress=show)
    counts = match(progress=show).counts | merge_due(progress=show).counts
    union_line(counts | publish(progress=show, fresh=True).counts)


COMMANDS = (union, rebuild)
