"""The command ``match train``: what the weights of matching would be if they were learned, for a person to review."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from flows.measure_report import share
from flows.ready import ready
from flows.screen import number, progress, tell, words
from hub.home import language

if TYPE_CHECKING:
    from hub.match.learn import Lesson, Threshold, Weight


@click.group()
def match() -> None:
    """Luật ghép. The rules of matching."""


@match.command()
@click.option(
    "--truth",
    type=click.Path(path_type=Path),
    metavar="TRUTH.csv",
    help="Học từ tệp sự thật, không từ EM. Learn from labels instead of by EM.",
)
@click.option(
    "--error",
    default=0.005,
    show_default=True,
    type=click.FloatRange(0, 0.5, min_open=True),
    help="Phần sai chấp nhận được. The share of errors to be borne.",
)
@click.option(
    "--records",
    default=20_000,
    show_default=True,
    type=click.IntRange(min=2),
    help="Xét nhiều nhất bấy nhiêu biểu ghi. How many records at most.",
)
@click.option(
    "--write",
    "file",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Ghi một tệp matching.yaml đầy đủ. Write a complete matching.yaml.",
)
@click.option("--force", is_flag=True, help="Ghi đè tệp đã có. Write over a file that is there.")
@click.option("--json", "as_json", is_flag=True, help="In dạng JSON. Print as JSON.")
def train(truth: Path | None, error: float, records: int, file: Path | None, force: bool, as_json: bool) -> None:
    """Học điểm của các luật ghép từ chính biểu ghi trong kho, hoặc từ một tệp sự thật; không tự đổi luật.

    Learn the weights of the matching rules from the catalog's own records (by EM, with Splink), or from a truth. Prints
    each present weight beside the learned one; never changes the rules by itself.
    """
    ready()
    from hub.stages.evaluate import find_truth, read_truth
    from hub.stages.train import check_target, write
    from hub.stages.train import train as learned

    if file:
        check_target(file, force=force)
    answers = find_truth(read_truth(truth)).clusters if truth else None
    lesson = learned(error, most=records, truth=answers, progress=progress())
    click.echo(json.dumps(_said(lesson), ensure_ascii=False) if as_json else "\n".join(_lines(lesson)))
    if file:
        rules = write(file, lesson, error)
        tell(
            f"Đã ghi «{file}», phiên bản {rules.version}. Hãy xem lại; muốn dùng thì đặt nó thay"
            " harvest_config/matching.yaml rồi chạy «lienthong rebuild».",
            f"Written: “{file}”, version {rules.version}. Review it; to adopt it put it in the place of"
            " harvest_config/matching.yaml, then run “lienthong rebuild”.",
        )


def _lines(lesson: Lesson) -> Iterator[str]:
    """The lesson for a person to read."""
    of = words("{pairs} cặp có chung khóa", "{pairs} pairs that share a key").format(pairs=number(lesson.pairs))
    if lesson.labelled:
        of = words("{pairs} cặp có đáp án", "{pairs} pairs with an answer").format(pairs=number(lesson.labelled))
    yield of
    yield ""
    heads = words("trường|điều xảy ra|hiện nay|học được|số cặp", "field|what happened|present|learned|pairs")
    yield "  {:<11} {:<13} {:>8} {:>9} {:>10}".format(*heads.split("|"))
    for weight in lesson.weights:
        yield f"  {_row(weight)}".rstrip()
    yield ""
    for name, at in (("same", lesson.same), ("ask", lesson.ask)):
        yield f"  {name:<5} {_decimal(at.score):>5}  {_means(at)}"


def _row(weight: Weight) -> str:
    remark = words("ít thấy, giữ điểm cũ", "seldom seen, kept") if weight.kept else ""
    present, learned = _decimal(weight.present), _decimal(weight.learned)
    return f"{weight.field:<11} {weight.happened:<13} {present:>8} {learned:>9} {number(weight.seen):>10}  {remark}"


def _means(at: Threshold) -> str:
    said = words(
        "từ đây trở lên sai {errors}, đủ {reached} cặp đúng", "above: {errors} wrong, {reached} of the true pairs"
    )
    return said.format(errors=share(at.errors), reached=share(at.reached))


def _decimal(value: float) -> str:
    text = f"{value:.1f}"
    return text if language() == "en" else text.replace(".", ",")


def _said(lesson: Lesson) -> dict[str, Any]:
    return {
        "pairs": lesson.pairs,
        "labelled": lesson.labelled,
        "weights": [weight._asdict() for weight in lesson.weights],
        "same": lesson.same._asdict(),
        "ask": lesson.ask._asdict(),
    }


COMMANDS = (match,)
