"""The commands ``review``: the catalogers' desk on the command line."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from flows.ready import ready
from flows.screen import number, tell, words
from hub.home import language
from schemas.problem import Trouble

if TYPE_CHECKING:
    from hub.review.actions import Done
    from hub.review.acts import Act

BY = click.option("--by", required=True, help="Tên người quyết định. The name of the person who decides.")
REASON = click.option("--reason", default="", help="Lý do, được lưu lại. The reason, which is kept.")
JSON = click.option("--json", "as_json", is_flag=True, help="In dạng JSON. Print as JSON.")
VERDICTS = {"same": "SAME", "different": "DIFFERENT"}
KINDS = {
    "same": ("cùng một ấn phẩm", "the same publication"),
    "different": ("khác nhau", "different publications"),
    "unsure": ("chưa chắc", "not sure"),
    "lead": ("dẫn đầu", "leads"),
    "field": ("chọn trường", "field chosen"),
    "generic": ("nhan đề quá chung", "generic title"),
}


@click.group()
def review() -> None:
    """Duyệt những cặp biểu ghi mà máy không tự quyết được. Review the pairs that the rules leave open."""


@review.command(name="list")
@click.option("--library", default="", help="Chỉ cặp có biểu ghi của thư viện này (mã). Pairs of this library.")
@click.option("--source", default="", help="Chỉ cặp có biểu ghi của nguồn này. Pairs of this source.")
@click.option("--language", "text_language", default="", help="Mã ngôn ngữ, ví dụ vie. The language of the text.")
@click.option("--doubt", default="", help="Lý do nghi ngờ: year, isbn, brief… What leaves it open.")
@click.option("--limit", default=20, show_default=True, type=click.IntRange(1, 10_000), help="Số dòng. How many lines.")
@JSON
def list_(library: str, source: str, text_language: str, doubt: str, limit: int, as_json: bool) -> None:
    """Liệt kê hàng chờ, cặp được lợi nhiều nhất đứng trước. List the queue, the pairs that win most first."""
    ready()
    from hub.catalog.links import known
    from hub.catalog.questions import Chosen, chosen
    from hub.stages.neighbors import full_title, name_of

    found = chosen(Chosen(library, source, text_language, doubt))
    count, page = found.count(), list(found[:limit])
    records = known({n for one in page for n in (one.first, one.second)})
    rows: list[dict[str, Any]] = [
        {
            "first": name_of(records[one.first]),
            "second": name_of(records[one.second]),
            "titles": [full_title(records[one.first]), full_title(records[one.second])],
            "verdict": one.verdict,
            "score": one.score,
            "doubt": one.doubt,
            "gain": round(one.gain, 3),
        }
        for one in page
        if one.first in records and one.second in records
    ]
    if as_json:
        click.echo(json.dumps({"count": count, "pairs": rows}, ensure_ascii=False))
        return
    for row in rows:
        click.echo(f"{row['gain']:>7.2f}  {row['doubt']:<10} {row['first']}  {row['second']}  {row['titles'][0][:60]}")
    tell(f"{number(count)} cặp chờ duyệt.", f"{number(count)} pairs wait.")


@review.command()
@click.argument("one", metavar="ID")
@click.argument("other", metavar="ID")
@JSON
def show(one: str, other: str, as_json: bool) -> None:
    """Xem một cặp: hai biểu ghi, căn cứ, các cặp cùng kiểu. See a pair, its evidence, and pairs like it."""
    ready()
    from flows.explain_report import lines
    from hub.review import why
    from hub.stages.explain import explain_pair

    first, second = _pair(one, other)
    told = explain_pair(one, other)
    pattern = " ".join(line["outcome"] for line in told["rules"]["evidence"])
    like = why.alike(pattern)
    if as_json:
        alike = {"same": like.same, "different": like.different, "waiting": like.waiting}
        click.echo(json.dumps({**told, "records": [first, second], "alike": alike}, ensure_ascii=False))
        return
    click.echo("\n".join(lines(told, language())))
    click.echo(
        words(
            f"Cặp giống thế này: {like.same} trùng, {like.different} khác; {like.waiting} đang chờ.",
            f"Pairs like this one: {like.same} the same, {like.different} different; {like.waiting} wait.",
        )
    )


def _record(text: str) -> int:
    """The number of a record; of a union record, that of its oldest member."""
    from hub.catalog.links import find

    return min(find(text).records())


def _pair(one: str, other: str) -> tuple[int, int]:
    first, second = _record(one), _record(other)
    if first == second:
        raise Trouble("record_same", first=one, second=other)
    return min(first, second), max(first, second)


@review.command()
@click.argument("one", metavar="ID")
@click.argument("other", metavar="ID")
@click.argument("verdict", type=click.Choice([*VERDICTS, "unsure"]))
@BY
@REASON
@click.option("--alike", is_flag=True, help="Cả các cặp cùng kiểu đang chờ. All open pairs of the same kind as well.")
@click.option("--dry-run", is_flag=True, help="Chỉ cho biết sẽ quyết định những cặp nào. Say which pairs, decide none.")
def decide(one: str, other: str, verdict: str, by: str, reason: str, alike: bool, dry_run: bool) -> None:
    """Quyết định hai biểu ghi là cùng (same), khác (different), hay chưa chắc (unsure). Decide about two records."""
    ready()
    from hub.review import actions

    pair = _pair(one, other)
    pairs = _alike(pair) if alike else [pair]
    if dry_run:
        _preview(pairs)
        return
    if verdict == "unsure":
        _told(actions.not_sure(pair, by=_named(by)))
    elif alike:
        _told(actions.answer_all(pairs, VERDICTS[verdict], by=_named(by), reason=reason))
    else:
        _told(actions.answer(pair, VERDICTS[verdict], by=_named(by), reason=reason))


def _named(by: str) -> str:
    from hub.catalog.decisions import named

    named(by)
    return by


def _alike(pair: tuple[int, int]) -> list[tuple[int, int]]:
    """The open pairs of the pattern of a question."""
    from hub.catalog.models import Question
    from hub.catalog.questions import alike
    from hub.review.actions import MOST_PAIRS

    found = Question.objects.filter(first=pair[0], second=pair[1]).first()
    if found is None:
        raise Trouble("review_no_pairs")
    return alike(found.pattern, MOST_PAIRS)


def _preview(pairs: list[tuple[int, int]]) -> None:
    from hub.catalog.links import known
    from hub.stages.neighbors import full_title, name_of

    records = known({n for pair in pairs for n in pair})
    for first, second in pairs:
        a, b = records[first], records[second]
        click.echo(f"{name_of(a)}  {name_of(b)}  {full_title(a)[:60]}  |  {full_title(b)[:60]}")
    tell(f"{number(len(pairs))} cặp; chưa quyết định gì.", f"{number(len(pairs))} pairs; nothing was decided.")


def _told(done: Done) -> None:
    later = "" if done.shown else words(" Chạy tiếp: lienthong union.", " Go on with: lienthong union.")
    click.echo(done.ref)
    tell(
        f"Đã ghi.{later} Hoàn tác: lienthong review undo {done.ref} --by TÊN",
        f"Recorded.{later} To undo it: lienthong review undo {done.ref} --by NAME",
    )


@review.command()
@click.argument("union", metavar="LT-…")
@click.argument("leaving", metavar="ID…", nargs=-1, required=True)
@BY
@REASON
def split(union: str, leaving: tuple[str, ...], by: str, reason: str) -> None:
    """Tách: các biểu ghi này rời khỏi biểu ghi liên hợp. Let these records leave a union record."""
    ready()
    from hub.catalog.links import find
    from hub.review import actions

    _told(actions.split(find(union).union, [_record(text) for text in leaving], by=by, reason=reason))


@review.command()
@click.argument("record", metavar="ID")
@BY
@REASON
@click.option("--tag", default="", help="Nhãn trường, ví dụ 245; không nêu: biểu ghi dẫn đầu. A field; none: it leads.")
def choose(record: str, tag: str, by: str, reason: str) -> None:
    """Chọn biểu ghi dẫn đầu, hoặc lấy một trường từ biểu ghi này. Let a record lead, or take a field from it."""
    ready()
    from hub.review import actions

    _told(actions.choose(_record(record), tag, by=by, reason=reason))


@review.command()
@click.argument("title")
@BY
@REASON
def generic(title: str, by: str, reason: str) -> None:
    """Đánh dấu một nhan đề là quá chung. Mark a title as one that says too little."""
    ready()
    from hub.review import actions

    _told(actions.mark_generic(title, by=by, reason=reason))


@review.command()
@JSON
def acts(as_json: bool) -> None:
    """Liệt kê những việc đã làm, mới nhất trước. List what was done, the newest first."""
    ready()
    from hub.review.acts import recent

    found = recent()
    if as_json:
        click.echo(json.dumps([_act(act) for act in found], ensure_ascii=False))
        return
    for act in found:
        undone = words(" (đã hoàn tác)", " (undone)") if act.undone else ""
        click.echo(f"{act.ref:<10} {act.at:%Y-%m-%d %H:%M}  {act.by:<24} {words(*KINDS[act.kind])} {act.said}{undone}")
    if not found:
        tell("Chưa có quyết định nào.", "Nothing was decided yet.")


def _act(act: Act) -> dict[str, Any]:
    return {
        "act": act.ref,
        "kind": act.kind,
        "by": act.by,
        "at": act.at.isoformat(timespec="seconds"),
        "undone": act.undone,
        "records": list(act.records),
        "count": act.count,
        "said": act.said,
        "reason": act.reason,
    }


@review.command()
@click.argument("act")
@BY
@click.option("--cascade", is_flag=True, help="Hoàn tác cả những việc tiếp theo từ đó. What followed as well.")
def undo(act: str, by: str, cascade: bool) -> None:
    """Hoàn tác một việc (mã do decide hay acts cho). Undo an act by the name that decide or acts gives."""
    ready()
    from hub.review.acts import find, followed
    from hub.review.acts import undo as undo_acts

    found = find(act)
    after = followed(found)
    refs = [one.ref for one in after] if cascade else []
    _, shown = undo_acts([*refs, found.ref], _named(by))
    later = "" if shown else words(" Chạy tiếp: lienthong union.", " Go on with: lienthong union.")
    count = len(refs) + 1
    tell(f"Đã hoàn tác {count} việc.{later}", f"Undone: {count}.{later}")
    if after and not cascade:
        names = ", ".join(one.ref for one in after)
        tell(f"Tiếp theo từ đó còn: {names} (--cascade)", f"What followed still counts: {names} (--cascade)")


COMMANDS = (review,)
