"""Learn the weights of the rules from the catalog's own records, or from a truth, and write them down to be reviewed.

Nothing here changes the rules in force: what is learned goes to a file of its own, which a person adopts.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import yaml

from hub.catalog import bulk
from hub.catalog.models import Bib
from hub.home import CONFIG
from hub.match import learn_labels, learn_splink
from hub.match.learn import Lesson, Tally, learn, observe
from hub.match.rules import Rules
from hub.sources import matching_rules
from hub.stages.match import candidates, load_traits
from hub.stages.pool import spread
from hub.stages.report import Progress, silent, storing
from schemas.problem import Trouble

RECORDS = 20_000  # looked at, with all the records they share keys with
LEAST = 500  # pairs: fewer teach nothing
TASK = 10_000  # pairs
FIELD = re.compile(r"^  (\w+): \{.*\}$")
THRESHOLD = re.compile(r"^(same|ask): [-\d.]+$")
VERSION = re.compile(r"^version: .*$")
REMARK = "# Điểm học được · Weights learned: "

Answers = Mapping[int, str]  # record → its cluster
Pair = tuple[int, int, bool | None]


def train(error: float, *, most: int = RECORDS, truth: Answers | None = None, progress: Progress = silent) -> Lesson:
    """What the pairs that share a key teach: without labels by EM, or by the clusters of a truth.

    ``error`` is the share of false joins to be borne. Of more than ``most`` records every so manieth is looked at.
    """
    if truth is None and not learn_splink.installed():
        raise Trouble("train_not_installed")
    with storing():
        counts = _observed(_pairs(most, truth), progress)
    open_pairs = sum(count for tally, count in counts.items() if not tally.vetoed)
    if open_pairs < LEAST:
        raise Trouble("train_too_few", pairs=open_pairs, least=LEAST)
    rules = matching_rules()
    if truth is None:
        return learn(counts, learn_splink.estimate(counts, rules), rules, error)
    if len({tally.same for tally in counts}) < 2:
        raise Trouble("train_one_sided")
    return learn(counts, learn_labels.estimate(counts, rules), rules, error)


def _pairs(most: int, truth: Answers | None) -> list[Pair]:
    """The pairs that share a key, each with its answer where there is a truth; always the same ones."""
    records = [number for (number,) in bulk.query(f"SELECT record_id FROM {bulk.table(Bib)} ORDER BY record_id")]
    if truth is not None:
        records = [number for number in records if number in truth]
    chosen = records[:: max(1, -(-len(records) // most))]
    pairs = sorted(candidates(chosen))
    if truth is None:
        return [(a, b, None) for a, b in pairs]
    return [(a, b, truth[a] == truth[b]) for a, b in pairs if a in truth and b in truth]


def _observed(pairs: list[Pair], progress: Progress) -> Counter[Tally]:
    tasks = [pairs[start : start + TASK] for start in range(0, len(pairs), TASK)]
    counts: Counter[Tally] = Counter()
    for number, found in enumerate(spread(observe_pairs, tasks, len(tasks)), 1):
        counts.update(found)
        progress("train", min(number * TASK, len(pairs)), len(pairs))
    return counts


def observe_pairs(pairs: list[Pair]) -> Counter[Tally]:
    """What happens between the records of some pairs. Writes nothing."""
    rules = matching_rules()
    known = load_traits({number for pair in pairs for number in pair[:2]})
    seen = ((observe(known[a], known[b], rules), same) for a, b, same in pairs if a in known and b in known)
    return Counter(tally._replace(same=same) for tally, same in seen if tally)


def rewritten(text: str, lesson: Lesson, error: float) -> str:
    """The text of ``matching.yaml`` with the learned weights and thresholds; everything else stands as it was."""
    table = lesson.table()
    thresholds = {"same": lesson.same.score, "ask": lesson.ask.score}
    lines = []
    for line in text.splitlines():
        if line.startswith(REMARK):
            continue
        if VERSION.match(line):
            version = raised(str(yaml.safe_load(line)["version"]))
            manner = f"{lesson.labelled} labelled pairs" if lesson.labelled else f"{lesson.pairs} pairs, EM"
            line = f'{REMARK}{manner}, error {error:g}\nversion: "{version}"'
        elif found := THRESHOLD.match(line):
            line = f"{found[1]}: {thresholds[found[1]]}"
        elif (found := FIELD.match(line)) and found[1] in table:
            inner = ", ".join(f"{happened}: {weight}" for happened, weight in table[found[1]].items())
            line = f"  {found[1]}: {{{inner}}}"
        lines.append(line)
    return "\n".join(lines) + "\n"


def raised(version: str) -> str:
    """The next version: 2 → 3, 2.9 → 2.10, haiphong → haiphong-2."""
    head, number, tail = re.match(r"(.*?)(\d*)(\D*)$", version).groups()  # type: ignore[union-attr]
    return f"{head}{int(number) + 1}{tail}" if number else f"{version}-2"


def check_target(path: Path, *, force: bool) -> None:
    """A file that is there is not written over without ``force``, and the file of the rules in force never."""
    if path.exists() and path.samefile(CONFIG / "matching.yaml"):
        raise Trouble("train_rules_in_force", path=path)
    if path.exists() and not force:
        raise Trouble("train_file_there", path=path)


def write(path: Path, lesson: Lesson, error: float) -> Rules:
    """Write a complete ``matching.yaml`` with what was learned; the rules it holds, read back."""
    present = CONFIG / "matching.yaml"
    text = rewritten(present.read_text(encoding="utf-8"), lesson, error)
    rules = Rules.model_validate(yaml.safe_load(text))
    if rules.weights != lesson.table() or (rules.same, rules.ask) != (lesson.same.score, lesson.ask.score):
        raise Trouble("train_file_shape", path=present)
    part = path.with_name(path.name + ".part")
    part.write_text(text, encoding="utf-8")
    os.replace(part, path)
    return rules
