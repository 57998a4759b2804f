"""The command ``gaps``: what the network lacks and has too much of."""

from __future__ import annotations

import click
import orjson

from flows.ready import ready
from flows.screen import number, tell


@click.command()
@click.option("--json", "as_json", is_flag=True, help="In cả kết quả dạng JSON. Print the whole of it as JSON.")
def gaps(as_json: bool) -> None:
    """Xem mạng lưới còn thiếu gì: sách không nơi nào có, nơi có quá nhiều, khu vực nào thiếu; kết quả ở /con-thieu.

    Look at what the network lacks: books that nobody holds, that one area has too often, that an area's children miss.
    The page /con-thieu shows what was found; the same catalog gives the same findings.
    """
    ready()
    from hub.reports import survey

    found = survey.make("lienthong gaps")
    if as_json:
        click.echo(orjson.dumps({"digest": found.digest, **found.body}).decode())
        return
    nobody, often = (number(found.body["counts"][name]) for name in ("nobody", "often"))
    tell(
        f"{number(found.titles)} nhan đề: {nobody} không nơi nào có, {often} lần một nơi có quá nhiều.",
        f"{number(found.titles)} titles: {nobody} held by nobody, {often} times one place has too many.",
    )
    for name, area in found.body["areas"].items():
        missing = number(area["missing"])
        tell(f"  {name}: thiếu {missing} nhan đề mà nhiều nơi có", f"  {name}: misses {missing} titles that many have")


COMMANDS = (gaps,)
