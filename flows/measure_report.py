"""A measure in words and as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from flows.screen import number, words
from hub.home import language

if TYPE_CHECKING:
    from hub.match.measure import KindScore, Measure, Score
    from hub.stages.evaluate import Example, Truth

Examples = Mapping[str, "Sequence[Example]"]


def share(value: float) -> str:
    """A share with four digits: 0.9987, in Vietnamese 0,9987."""
    text = f"{value:.4f}"
    return text if language() == "en" else text.replace(".", ",")


def report_lines(found: Measure, examples: Examples, truth: Truth) -> Iterator[str]:
    """The measure for a person to read."""
    yield words(
        "{records} biểu ghi, {true_clusters} ấn phẩm theo sự thật, {made_clusters} trong mục lục",
        "{records} records, {true_clusters} publications in the truth, {made_clusters} in the catalog",
    ).format(
        records=number(found.records),
        true_clusters=number(found.true_clusters),
        made_clusters=number(found.made_clusters),
    )
    if truth.ambiguous:
        yield words("  không tính {n} biểu ghi hợp với nhiều ấn phẩm", "  {n} ambiguous records are left out").format(
            n=number(len(truth.ambiguous))
        )
    if truth.unknown:
        yield words("  {n} dòng không có trong kho", "  {n} rows are not in the catalog").format(
            n=number(len(truth.unknown))
        )
    yield from _figures(found)
    yield from _kinds(found)
    for name, title in (("false", ("Gộp nhầm", "False joins")), ("missed", ("Bỏ sót", "Missed"))):
        if examples.get(name):
            yield ""
            yield words(*title)
            for example in examples[name]:
                yield from _example(example)


def _figures(found: Measure) -> Iterator[str]:
    made, true, missed = (number(n) for n in (found.made_pairs, found.true_pairs, len(found.missed)))
    yield _row(words("độ chính xác", "precision"), found.pairs.precision, f"{number(found.right_pairs)} / {made}")
    yield _row(words("độ bao phủ", "recall"), found.pairs.recall, f"{number(found.right_pairs)} / {true}")
    yield _row("F1", found.pairs.f1)
    yield _row(words("B-cubed chính xác", "B-cubed precision"), found.bcubed.precision)
    yield _row(words("B-cubed bao phủ", "B-cubed recall"), found.bcubed.recall)
    yield _row("B-cubed F1", found.bcubed.f1)
    yield _row(words("bao phủ kể cả chờ duyệt", "recall with queue"), found.recall_with_queue)
    yield _row(words("  nếu duyệt hết và đúng", "  once all is answered"), found.recall_answered)
    yield _row(
        words("sót mà đang chờ duyệt", "misses that wait"), found.misses_waiting, f"{number(found.waiting)} / {missed}"
    )
    asked = words("{pairs} cặp, {records} biểu ghi", "{pairs} pairs, {records} records")
    counts = asked.format(pairs=number(found.queue_pairs), records=number(found.queue_records))
    yield _row(words("hàng chờ / biểu ghi", "queue / records"), found.queue_share, counts)
    if found.reachable is not None:
        reached = found.reachable / found.true_pairs if found.true_pairs else 1.0
        yield _row(words("cặp có chung khóa", "pairs that share a key"), reached, f"{number(found.reachable)} / {true}")


def _row(label: str, value: float, remark: str = "") -> str:
    return f"  {label:<26} {share(value):>8}  {remark}".rstrip()


def _kinds(found: Measure) -> Iterator[str]:
    """A line for each kind of variation, those with most misses first."""
    kinds = {kind: score for kind, score in found.kinds.items() if score.true_pairs or score.false_joins}
    if not kinds:
        return
    yield ""
    heads = words("biến thể|cặp|bao phủ|kể cả chờ|có khóa|gộp nhầm", "variation|pairs|recall|with queue|reached|false")
    yield "  {:<26} {:>9} {:>9} {:>10} {:>9} {:>9}".format(*heads.split("|"))
    for kind, score in sorted(kinds.items(), key=lambda row: (row[1].found - row[1].true_pairs, row[0])):
        reached = score.reachable / score.true_pairs if score.true_pairs else 1.0
        yield (
            f"  {kind:<26} {number(score.true_pairs):>9} {share(score.recall):>9} {share(score.recall_with_queue):>10}"
            f" {share(reached):>9} {number(score.false_joins):>9}"
        )


def _example(example: Example) -> Iterator[str]:
    for mark, (library, identifier, title, rest) in (("•", example.first), (" ", example.second)):
        yield f"  {mark} {library} {identifier}: {title} | {rest}"


def peer_lines(found: Measure, peers: Mapping[str, Measure | None]) -> Iterator[str]:
    """A line for each way to match, ours first."""
    yield ""
    heads = words("cách ghép|chính xác|bao phủ|F1|B³ F1", "way to match|precision|recall|F1|B³ F1")
    yield "  {:<18} {:>10} {:>10} {:>10} {:>10}".format(*heads.split("|"))
    for name, measured in {"lienthong": found, **peers}.items():
        if measured is None:
            yield f"  {name:<18} {'–':>10} {'–':>10} {'–':>10} {'–':>10}"
            continue
        pairs = measured.pairs
        figures = (pairs.precision, pairs.recall, pairs.f1, measured.bcubed.f1)
        yield f"  {name:<18} " + " ".join(f"{share(value):>10}" for value in figures)


def as_json(found: Measure, examples: Examples | None = None, truth: Truth | None = None) -> dict[str, Any]:
    """The measure as one object."""
    said: dict[str, Any] = {
        "records": found.records,
        "clusters": {"truth": found.true_clusters, "made": found.made_clusters},
        "pairs": {"truth": found.true_pairs, "made": found.made_pairs, "right": found.right_pairs},
        **_score(found.pairs),
        "bcubed": _score(found.bcubed),
    }
    if truth is None or examples is None:
        return said
    said |= {
        "recall_with_queue": round(found.recall_with_queue, 6),
        "recall_answered": round(found.recall_answered, 6),
        "misses": {"pairs": len(found.missed), "waiting": found.waiting, "share": round(found.misses_waiting, 6)},
        "queue": {"pairs": found.queue_pairs, "records": found.queue_records, "share": round(found.queue_share, 6)},
        "reachable": found.reachable,
        "false_joins": len(found.false_joins),
        "ambiguous": len(truth.ambiguous),
        "unknown": len(truth.unknown),
        "kinds": {kind: _kind(score) for kind, score in found.kinds.items()},
        "examples": {name: [[*one.first, *one.second] for one in pairs] for name, pairs in examples.items()},
    }
    return said


def _score(score: Score) -> dict[str, float]:
    return {"precision": round(score.precision, 6), "recall": round(score.recall, 6), "f1": round(score.f1, 6)}


def _kind(score: KindScore) -> dict[str, float]:
    return {
        "pairs": score.true_pairs,
        "found": score.found,
        "waiting": score.waiting,
        "reachable": score.reachable,
        "false_joins": score.false_joins,
        "recall": round(score.recall, 6),
        "recall_with_queue": round(score.recall_with_queue, 6),
    }
