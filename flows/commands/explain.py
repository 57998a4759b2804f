"""The command ``explain``: why records are, or are not, one union record."""

from __future__ import annotations

import json

import click

from flows.ready import ready
from hub.home import language

LANGUAGE = click.Choice(["vi", "en"])


@click.command()
@click.argument("one", metavar="ID")
@click.argument("other", metavar="[ID]", required=False)
@click.option("--json", "as_json", is_flag=True, help="In dạng JSON. Print as JSON.")
@click.option("--lang", type=LANGUAGE, help="Ngôn ngữ của lời giải thích. The language of the explanation.")
def explain(one: str, other: str | None, as_json: bool, lang: str | None) -> None:
    """Giải thích vì sao hai biểu ghi được gộp hay không, hoặc điều gì giữ một cụm lại với nhau.

    Say why two records are, or are not, one publication and what would change that; or, of one, what holds its cluster
    together, which records bridge it and what was nearly in it. ID is LT-0000123, SOURCE:IDENTIFIER or
    LIBRARY:IDENTIFIER.
    """
    ready()
    from flows.explain_report import lines
    from hub.stages.explain import explain_cluster, explain_pair

    told = explain_pair(one, other) if other else explain_cluster(one)
    if as_json:
        click.echo(json.dumps(told, ensure_ascii=False))
    else:
        click.echo("\n".join(lines(told, lang or language())))


COMMANDS = (explain,)
