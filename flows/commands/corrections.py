"""The commands ``corrections`` and ``quality``: what libraries corrected in their records, and how good these are."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from flows.commands.quarantine import moment
from flows.ready import ready
from flows.screen import number, tell, words

if TYPE_CHECKING:
    from hub.catalog.models import Correction, Quality

LIBRARY = click.option("--library", default="", help="Chỉ thư viện có mã này. Only the library of this code.")
JSON = click.option("--json", "as_json", is_flag=True, help="In dạng JSON. Print as JSON.")


@click.group()
def corrections() -> None:
    """Bản sửa của các thư viện cho biểu ghi của mình. What libraries corrected in their own records."""


@corrections.command(name="list")
@LIBRARY
@click.option("--all", "every", is_flag=True, help="Kể cả bản đã hoàn tác. Also those undone.")
@JSON
def list_(library: str, every: bool, as_json: bool) -> None:
    """Liệt kê các bản sửa, mới nhất trước. List the corrections, the newest first."""
    ready()
    from hub.catalog.models import Correction

    found = Correction.objects.select_related("record__source").order_by("-pk")
    if library:
        found = found.filter(record__source__library=library)
    rows = [_facts(one) for one in (found if every else found.filter(undone_at=None))]
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False))
        return
    for row in rows:
        click.echo(f"{row['correction']:>8}  {row['source']}:{row['identifier']}  {row['field']}  {row['by']}")
        click.echo(f"          {row['old'] or '–'} → {row['new'] or '–'}  {row['undone']}".rstrip())
    if not rows:
        tell("Không có bản sửa nào.", "There are no corrections.")


def _facts(one: Correction) -> dict[str, Any]:
    return {
        "correction": one.pk,
        "library": one.record.source.library_id,
        "source": one.record.source.name,
        "identifier": one.record.identifier,
        "field": one.field,
        "said": one.said,
        "old": one.old,
        "new": one.new,
        "by": one.by,
        "at": one.at.isoformat(),
        "undone": one.undone_at.isoformat() if one.undone_at else "",
    }


@corrections.command()
@click.argument("number_", metavar="ID", type=click.IntRange(1, 2**62))
@click.option("--by", required=True, help="Tên người hoàn tác. The name of the person who undoes it.")
def undo(number_: int, by: str) -> None:
    """Hoàn tác một bản sửa; biểu ghi lại như thư viện gửi. Undo a correction: the record is as the library sent it."""
    ready()
    from hub.catalog import corrections as kept
    from hub.stages.normalize import read_now

    found = kept.undo(number_, by=by)
    read_now(found.record.source_id, found.record_id)
    name = f"{found.record.source.name}:{found.record.identifier}"
    tell(
        f"Đã hoàn tác bản sửa {number_} của {name}. Chạy tiếp: lienthong union",
        f"Correction {number_} of {name} is undone. Go on with: lienthong union",
    )


@click.command()
@LIBRARY
@JSON
def quality(library: str, as_json: bool) -> int:
    """Chấm điểm chất lượng biểu ghi của các thư viện và lưu cho ngày hôm nay.

    Assess the records of each library, or of one, and keep the score of today.
    """
    ready()
    from hub.network.models import Library
    from hub.stages.quality import assess
    from schemas.problem import Trouble

    chosen = Library.objects.filter(sources__isnull=False).distinct().order_by("code")
    if library:
        chosen = chosen.filter(pk=library)
        if not chosen.exists():
            known = ", ".join(Library.objects.order_by("code").values_list("code", flat=True)[:50])
            raise Trouble("library_not_there", code=library, known=known or "–")
    rows = [assess(one) for one in chosen]
    if as_json:
        click.echo(json.dumps([_scored(one) for one in rows], ensure_ascii=False))
        return 0
    for one in rows:
        records = words(f"{number(one.records)} biểu ghi", f"{number(one.records)} records")
        click.echo(f"{one.score:>6.1f}  {one.library_id:<14} {records}  {moment(one.at)}")
    return 0


def _scored(one: Quality) -> dict[str, Any]:
    faults = {code: count for code, (count, _) in one.faults.items()}
    return {
        "library": one.library_id,
        "day": one.day.isoformat(),
        "records": one.records,
        "united": one.united,
        "score": one.score,
        "parts": one.parts,
        "faults": faults,
    }


COMMANDS = (corrections, quality)
