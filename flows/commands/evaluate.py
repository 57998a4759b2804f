"""The command ``evaluate``: how good the union catalog is against a known truth, beside other ways of matching."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from flows.measure_report import as_json, peer_lines, report_lines
from flows.ready import ready
from flows.screen import tell

if TYPE_CHECKING:
    from hub.stages.evaluate import Truth


@click.command()
@click.argument("file", metavar="TRUTH.csv", type=click.Path(path_type=Path))
@click.option("--json", "as_json_", is_flag=True, help="In dạng JSON. Print as JSON.")
@click.option(
    "--peers", "with_peers", is_flag=True, help="So với các cách ghép khác. Compare with other ways to match."
)
@click.option(
    "--examples", default=5, show_default=True, type=click.IntRange(0, 1000), help="Số ví dụ. How many examples."
)
@click.option("--all", "everything", is_flag=True, help="Kể cả biểu ghi «ambiguous». The ambiguous records as well.")
def evaluate(file: Path, as_json_: bool, with_peers: bool, examples: int, everything: bool) -> int:
    """Đo mục lục liên hợp hiện có theo một tệp sự thật: độ chính xác, độ bao phủ, B-cubed, hàng chờ duyệt.

    Measure the union catalog as it stands against a truth file (CSV with the columns library or source, identifier,
    cluster and, if known, kind): precision, recall, F1, B-cubed, what waits in the review queue, by kind of variation.
    """
    ready()
    from hub.stages.evaluate import evaluate as measured
    from hub.stages.evaluate import examples as told
    from hub.stages.evaluate import find_truth, read_truth

    truth = find_truth(read_truth(file), everything=everything)
    found = measured(truth)
    shown = {name: told(pairs, examples) for name, pairs in (("false", found.false_joins), ("missed", found.missed))}
    others = _peers(truth) if with_peers else {}
    if as_json_:
        said = as_json(found, shown, truth)
        peers = {"peers": {name: one and as_json(one) for name, one in others.items()}} if with_peers else {}
        click.echo(json.dumps(said | peers, ensure_ascii=False))
    else:
        click.echo("\n".join(report_lines(found, shown, truth)))
        if with_peers:
            click.echo("\n".join(peer_lines(found, others)))
    return 0 if truth.clusters else 1


def _peers(truth: Truth) -> dict[str, Any]:
    """What each peer makes of the same records; ``None`` for one whose package is not installed."""
    from hub.match.peers import peers
    from hub.stages.evaluate import evaluate_peer, known_records

    known = known_records()
    found: dict[str, Any] = {}
    for peer in peers():
        if peer.missing:
            tell(
                f"{peer.name}: chưa cài {peer.missing}, bỏ qua (pip install 'lienthong[train]').",
                f"{peer.name}: {peer.missing} is not installed, left out (pip install 'lienthong[train]').",
            )
            found[peer.name] = None
        else:
            found[peer.name] = evaluate_peer(peer, truth, known)
    return found


COMMANDS = (evaluate,)
