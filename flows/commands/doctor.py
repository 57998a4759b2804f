"""The command ``doctor``: examine an OAI-PMH server and print the letter."""

from __future__ import annotations

import json

import click

from connectors.doctor.costs import Severity
from connectors.doctor.examine import Terms, examine
from connectors.doctor.letter import as_text
from flows.screen import tell
from hub.home import language

BAD = (Severity.BLOCKS, Severity.LOSES)
LANGUAGE = click.Choice(["vi", "en"])


@click.command()
@click.argument("url")
@click.option(
    "--allow-private", is_flag=True, help="Cho hỏi máy chủ ở địa chỉ nội bộ. Also ask a server at a private address."
)
@click.option("--json", "as_json", is_flag=True, help="In dạng JSON. Print as JSON.")
@click.option("--lang", type=LANGUAGE, help="Ngôn ngữ của thư. The language of the letter.")
def doctor(url: str, allow_private: bool, as_json: bool, lang: str | None) -> int:
    """Khám một máy chủ OAI-PMH và in thư: cái gì tốt, thu hoạch sẽ mất gì, sửa thế nào.

    Examine an OAI-PMH server and print a letter: what works, what a harvest loses, how to mend it. The exit status is 0
    when nothing blocks a harvest or loses anything, else 1.
    """
    tell("Đang khám, mất khoảng một phút…", "Examining; it takes about a minute…")
    diagnosis = examine(url, Terms(allow_private=allow_private))
    if as_json:
        click.echo(json.dumps(diagnosis.to_json(), ensure_ascii=False))
    else:
        click.echo(as_text(diagnosis, lang or language()), nl=False)
    return 1 if diagnosis.worst in BAD else 0


COMMANDS = (doctor,)
