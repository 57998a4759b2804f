"""What the command line shows: sentences in the user's language, and progress on standard error."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

import click

from hub.home import language
from schemas.problem import Problem

STAGES = {
    "harvest": ("nhận", "received"),
    "sweep": ("đối chiếu", "compared"),
    "weigh": ("xem bảng mã", "looked at for the encoding"),
    "trial": ("kiểm tra trước", "tried"),
    "normalize": ("đọc và chuẩn hóa", "read and normalized"),
    "match": ("so khớp", "pairs compared"),
    "train": ("học từ các cặp", "pairs learned from"),
    "merge": ("gộp", "merged"),
    "publish": ("lập chỉ mục", "indexed"),
}
OFTEN = 0.5  # seconds between two lines of progress


def words(vi: str, en: str) -> str:
    """The text in the user's language."""
    return en if language() == "en" else vi


def number(value: int) -> str:
    """A number as the language writes it: 1.234 or 1,234."""
    text = f"{value:,}"
    return text if language() == "en" else text.replace(",", ".")


def tell(vi: str, en: str) -> None:
    """A line for a person (standard error, so that standard output stays for data)."""
    click.echo(words(vi, en), err=True)


def complain(problem: Problem) -> None:
    """A problem as a sentence."""
    click.echo(problem.sentence(language()), err=True)


def progress(name: str = "") -> Callable[[str, int, int], None]:
    """A line of progress now and then: on a terminal rewritten in place, elsewhere one a stage's end."""
    shown: dict[str, float] = {}

    def show(stage: str, done: int, of: int) -> None:
        now = time.monotonic()
        last = of and done >= of
        if not last and now - shown.get(stage, 0.0) < OFTEN:
            return
        if not last and not sys.stderr.isatty() and stage in shown:
            return
        shown[stage] = now
        label = words(*STAGES[stage])
        text = f"  {name + ': ' if name else ''}{label} {number(done)}{' / ' + number(of) if of else ''}"
        end = "\n" if last or not sys.stderr.isatty() else "\r"
        sys.stderr.write(f"\x1b[2K{text}{end}" if sys.stderr.isatty() else text + end)
        sys.stderr.flush()

    return show
