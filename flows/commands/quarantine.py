"""The commands ``quarantine``: look at what could not be read, try it again, accept what is suggested."""

from __future__ import annotations

import json
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING, Any

import click

from flows.ready import ready
from flows.screen import number, progress, tell, words
from hub.home import language
from schemas.problem import Problem, Trouble

if TYPE_CHECKING:
    from hub.catalog.models import Rejection, Source

LISTED = 100  # records; --json gives them all


@click.group()
def quarantine() -> None:
    """Biểu ghi cách ly: xem, thử lại, nhận cách sửa. Rejected records: look, try again, accept what is suggested."""


def moment(value: datetime | None) -> str:
    """14:05 22/11/2026 in the hub's time zone."""
    from django.utils import timezone

    return timezone.localtime(value).strftime("%H:%M %d/%m/%Y") if value else "–"


def _known(name: str) -> Source:
    from hub.catalog.models import Source

    found = Source.objects.filter(name=name).first()
    if found is None:
        known = ", ".join(Source.objects.order_by("name").values_list("name", flat=True))
        raise Trouble("source_unknown", name=name, known=known or "–")
    return found


@quarantine.command(name="list")
@click.argument("source", required=False, default="")
@click.option("--code", default="", help="Chỉ một loại lỗi. Only one kind of problem.")
@click.option("--json", "as_json", is_flag=True, help="In dạng JSON, đủ mọi biểu ghi. Print all of them as JSON.")
def list_(source: str, code: str, as_json: bool) -> None:
    """Liệt kê biểu ghi cách ly: từng loại lỗi, rồi từng biểu ghi. List the kinds of problem, then the records."""
    ready()
    from hub.catalog import waits
    from hub.stages.quarantine import waiting

    if source:
        _known(source)
    if as_json:
        click.echo(json.dumps([_facts(one) for one in waiting(source, code)], ensure_ascii=False))
        return
    kinds = [kind for kind in waits.kinds(source) if code in ("", kind.code)]
    if not kinds:
        tell("Không có biểu ghi nào bị cách ly.", "No record is rejected.")
        return
    for kind in kinds:
        since = words("từ", "since") + " " + moment(kind.oldest)
        click.echo(f"{number(kind.count):>8}  {kind.source}  {kind.code}  {since}")
        click.echo(f"          {Problem(kind.code, kind.facts).sentence(language())}")
    click.echo("")
    for one in islice(waiting(source, code), LISTED):
        click.echo(f"{one.pk:>8}  {one.record.source.name}  {one.record.identifier}  {one.code}")
    if sum(kind.count for kind in kinds) > LISTED:
        tell(f"Chỉ hiện {LISTED} biểu ghi đầu; --json cho đủ.", f"The first {LISTED} are shown; --json gives all.")
    tell("Xem một biểu ghi: lienthong quarantine show SỐ", "See a record: lienthong quarantine show NUMBER")


def _facts(one: Rejection) -> dict[str, Any]:
    return {
        "record": one.pk,
        "source": one.record.source.name,
        "identifier": one.record.identifier,
        "code": one.code,
        "reason": Problem(one.code, one.facts).sentence(language()),
        "since": one.rejected_at.isoformat(),
        "tries": one.tries,
    }


@quarantine.command()
@click.argument("record", type=click.IntRange(1, 2**62))
@click.option("--json", "as_json", is_flag=True, help="In dạng JSON. Print as JSON.")
def show(record: int, as_json: bool) -> None:
    """Xem một biểu ghi cách ly: lý do, nơi nó đứng, byte gốc, cách sửa. See why, where, the bytes, what to do."""
    ready()
    from hub.operations.octets import dump
    from hub.stages.quarantine import suggest

    one = _rejected(record)
    found = suggest(one)
    facts = _facts(one) | {
        "place": found.raw.place,
        "bytes": len(found.body),
        "advice": found.advice.sentence(language()),
        "rule": found.advice.rule,
    }
    if as_json:
        click.echo(json.dumps(facts, ensure_ascii=False))
        return
    click.echo(f"{one.pk}  {facts['source']}  {facts['identifier']}")
    click.echo(f"{words('Nơi đứng', 'Place')}: {found.raw.place}")
    click.echo(f"{words('Từ', 'Since')}: {moment(one.rejected_at)}, {words('đã thử', 'tries')}: {one.tries}")
    click.echo(f"{words('Lý do', 'Reason')}: {facts['reason']}")
    click.echo(f"{words('Đề nghị', 'Suggestion')}: {facts['advice']}")
    if found.advice.rule:
        name = words("TÊN", "NAME")
        click.echo(f"{words('Nhận', 'Accept')}: lienthong quarantine repair {one.pk} --by {name}")
    click.echo(f"\n{words('Byte gốc', 'Bytes')} ({number(len(found.body))}):")
    for line in dump(found.body, 512):
        click.echo(f"{line.offset}  {line.octets:<47}  {line.text}")


def _rejected(record: int) -> Rejection:
    from hub.stages.quarantine import waiting

    found = next(waiting(record=record), None)
    if found is None:
        raise Trouble("rejection_unknown", number=record)
    return found


@quarantine.command()
@click.argument("source", required=False, default="")
@click.option("--all", "every", is_flag=True, help="Mọi nguồn. Every source.")
@click.option("--json", "as_json", is_flag=True, help="In số đếm dạng JSON. Print the counts as JSON.")
def retry(source: str, every: bool, as_json: bool) -> None:
    """Thử đọc lại mọi biểu ghi cách ly của một nguồn, hay của mọi nguồn. Try a source's, or all, again."""
    if bool(source) == every:
        raise click.UsageError("Cần tên nguồn hoặc --all. Give the name of a source, or --all.")
    ready()
    from hub.stages.quarantine import retry as stage

    counts = stage(_known(source) if source else None, progress=progress()).counts
    tried, read, rejected = (number(counts[key]) for key in ("tried", "read", "rejected"))
    tell(
        f"Đã thử {tried} biểu ghi: {read} đọc được, {rejected} vẫn cách ly.",
        f"{tried} records tried: {read} can be read now, {rejected} are still rejected.",
    )
    _then(counts["read"])
    if as_json:
        click.echo(json.dumps(counts))


@quarantine.command()
@click.argument("record", required=False, type=click.IntRange(1, 2**62))
@click.option("--source", default="", help="Mọi biểu ghi của nguồn này. Every record of this source.")
@click.option("--code", default="", help="Chỉ loại lỗi này. Only this kind of problem.")
@click.option("--by", default="", help="Tên người quyết định. The name of the person who decides.")
@click.option("--dry-run", is_flag=True, help="Kiểm tra trước, không ghi gì. Say what would be done, write nothing.")
@click.option("--json", "as_json", is_flag=True, help="In số đếm dạng JSON. Print the counts as JSON.")
def repair(record: int | None, source: str, code: str, by: str, dry_run: bool, as_json: bool) -> int:
    """Nhận cách sửa được đề nghị cho một biểu ghi, hay cho mọi biểu ghi cùng loại lỗi của một nguồn.

    Accept what is suggested for a record, or for every record of a source with one kind of problem. What the source
    sent is kept; the mended record is another version of it, with the name of the person.
    """
    if bool(record) == bool(source):
        raise click.UsageError("Cần số biểu ghi hoặc --source. Give the number of a record, or --source.")
    ready()
    from hub.stages.quarantine import repair as stage
    from hub.stages.quarantine import waiting

    chosen = [_rejected(record)] if record else waiting(_known(source).name, code)
    owner = _rejected(record).record.source if record else _known(source)
    report, rules = stage(owner, chosen, by=by, dry_run=dry_run, progress=progress())
    for rule, count in rules.most_common():
        click.echo(f"{number(count):>8}  {rule}", err=True)
    mended, rejected = number(report.counts["mended"]), number(report.counts["rejected"])
    if dry_run:
        tell(f"Có thể sửa {mended} biểu ghi; chưa ghi gì.", f"{mended} records can be mended; nothing was written.")
    else:
        tell(
            f"Đã sửa {mended} biểu ghi, {rejected} vẫn cách ly.", f"{mended} records mended, {rejected} still rejected."
        )
        _then(report.counts["mended"])
    if as_json:
        click.echo(json.dumps({**report.counts, "rules": dict(rules), "dry_run": dry_run}))
    return 0 if report.counts["mended"] else 1


def _then(read: int) -> None:
    if read:
        tell("Đưa vào mục lục liên hợp: lienthong union", "To bring them into the union catalog: lienthong union")


COMMANDS = (quarantine,)
