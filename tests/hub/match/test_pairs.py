"""Pairs of real records that a person has read and judged (``tests/pairs.csv``): what the rules make of them.

A record is named by its file below ``data`` of the shared test data and by its identifier (``path#00030857``) or, where
the file gives none that lasts, by its place among the file's records, from 1 (``path#@17``). SAME, DIFFERENT and ASK
are meant as the page for catalogers says: ASK is what the two records do not tell.
"""

from __future__ import annotations

import csv
import gzip
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import BinaryIO, NamedTuple, cast

import pytest

from hub.match.compare import compare, traits
from hub.match.describe import describe
from hub.match.description import Description
from hub.normalize.normalize import normalize
from hub.sources import matching_rules, vocabulary
from schemas.damage import parse_mended
from schemas.format import Reading, find_format

PAIRS = Path(__file__).parents[2] / "pairs.csv"
COLUMNS = ["a", "b", "label", "kind", "reason"]
LABELS = {"SAME", "DIFFERENT", "ASK"}
REFERENCE = re.compile(r"[\w./-]+\.(?:mrc|marc|xml|json|csv)(?:\.gz)?#(?:@[1-9]\d*|[^@\s,]\S*)")
KINDS = {  # what makes the pair hard, or what tells it
    "adaptation": "comic, abridgment, for young readers",
    "author": "another author; an author left out, added or named otherwise",
    "brief": "one record says too little",
    "carrier": "print, online, large print, recording",
    "copy": "one record in two files",
    "edition": "another edition, or the edition said in one record only",
    "generic": "a title that many books have",
    "imprint": "years or pages said otherwise",
    "isbn_differs": "other ISBN",
    "isbn_shared": "one ISBN in both",
    "language": "another language",
    "marks": "marks left out, or other marks and so another word",
    "omnibus": "a set or several volumes in one, and one of them",
    "order": "case, punctuation, order of names, a second copy",
    "parallel": "the parallel title in one record only",
    "part": "named parts",
    "publisher": "another publisher, or another form of its name",
    "reprint": "a later printing",
    "revised": "revised, enlarged",
    "script": "romanization and original script",
    "series": "books of one series or a serial's numbers",
    "subtitle": "the subtitle tells, or stands in one record only",
    "textbook": "grade, level, kind of textbook",
    "translator": "another translator",
    "typo": "a slip of the pen, damaged letters",
    "volume": "volume numbers",
}
FORMATS = {".xml": "marcxml", ".json": "marcjson", ".csv": "csv"}  # other endings: MARC 21
MOST_WRONG = 0.25  # of the pairs judged SAME: these pairs were sought out because they are hard
LEAST_FOUND = 0.87  # of the pairs that are the same: judged SAME, or waiting for a person or for a single fit
NOT_TOLD = {  # what tells these apart stands where no description looks
    ("00022291", "00022752"),  # four picture books of one title, author, publisher and year; 246 and 520 tell
    ("00022291", "00024560"),
    ("9937474493506421", "9937474323506421"),  # the book and its proof sheets; 245 $k tells
}


class Pair(NamedTuple):
    """A line of the file."""

    a: str
    b: str
    label: str
    kind: str
    reason: str


@cache
def all_pairs() -> list[Pair]:
    with PAIRS.open(encoding="utf-8", newline="") as lines:
        rows = csv.reader(lines)
        assert next(rows) == COLUMNS
        return [Pair(*row) for row in rows]


def test_the_file_has_its_form() -> None:
    pairs = all_pairs()
    assert len(pairs) >= 400
    for pair in pairs:
        assert pair.label in LABELS, pair
        assert pair.kind in KINDS, pair
        assert REFERENCE.fullmatch(pair.a), pair
        assert REFERENCE.fullmatch(pair.b), pair
        assert pair.a != pair.b, pair
        assert re.fullmatch(r"[^.].{5,118}\.", pair.reason), pair


def test_no_pair_is_judged_twice() -> None:
    assert [both for both, count in Counter(frozenset((p.a, p.b)) for p in all_pairs()).items() if count > 1] == []


def test_every_label_and_kind_is_there() -> None:
    labels = Counter(pair.label for pair in all_pairs())
    assert min(labels[label] for label in LABELS) >= 50
    assert {pair.kind for pair in all_pairs()} == set(KINDS)


def described(path: Path, name: str, wanted: set[str]) -> Iterator[tuple[str, Description]]:
    """The descriptions of the wanted records of a file, as a harvest makes them; each key is ``@place`` or identifier."""
    ending = Path(name.removesuffix(".gz")).suffix
    form = find_format("unimarc" if name.startswith("unimarc/") else FORMATS.get(ending, "marc21"))
    left = set(wanted)
    with cast(BinaryIO, gzip.open(path)) if name.endswith(".gz") else path.open("rb") as stream:
        for place, raw in enumerate(form.split(stream, Reading()), 1):
            for key in left & {f"@{place}", raw.identifier}:
                record, _ = parse_mended(form, raw.body, Reading())
                left.discard(key)
                yield key, describe(normalize(record, vocabulary()).record)
            if not left:
                return


class Judged(NamedTuple):
    """A pair and what the rules say of it."""

    pair: Pair
    status: str
    veto: str


@pytest.fixture(scope="module")
def descriptions(shared: Path) -> dict[str, Description]:
    """The descriptions of all records of the pairs that are here, by their references."""
    wanted: defaultdict[str, set[str]] = defaultdict(set)
    for pair in all_pairs():
        for reference in (pair.a, pair.b):
            name, key = reference.split("#", 1)
            wanted[name].add(key)
    found = {}
    for name, keys in wanted.items():
        path = shared / "data" / name
        if path.is_file():
            found.update({f"{name}#{key}": described_ for key, described_ in described(path, name, keys)})
    if not found:
        pytest.skip("none of the files of tests/pairs.csv is here")
    return found


@pytest.fixture(scope="module")
def judged(descriptions: dict[str, Description]) -> list[Judged]:
    rules = matching_rules()
    known = {reference: traits(description, rules) for reference, description in descriptions.items()}
    results = []
    for pair in all_pairs():
        if pair.a in known and pair.b in known:
            verdict = compare(known[pair.a], known[pair.b], rules)
            results.append(Judged(pair, verdict.status, verdict.veto))
    return results


def test_every_record_is_found(shared: Path, descriptions: dict[str, Description]) -> None:
    references = {reference for pair in all_pairs() for reference in (pair.a, pair.b)}
    here = {name for name in references if (shared / "data" / name.split("#")[0]).is_file()}
    assert sorted(here - descriptions.keys()) == []


def test_the_order_of_two_records_does_not_matter(descriptions: dict[str, Description], judged: list[Judged]) -> None:
    rules = matching_rules()
    known = {reference: traits(description, rules) for reference, description in descriptions.items()}
    for each in judged:
        assert compare(known[each.pair.b], known[each.pair.a], rules).status == each.status, each.pair


def test_what_is_different_is_not_merged(judged: list[Judged]) -> None:
    merged = [each.pair for each in judged if each.status == "SAME"]
    wrong = [pair for pair in merged if pair.label == "DIFFERENT"]
    seen = [pair for pair in wrong if _identifiers(pair) not in NOT_TOLD]
    decided = sum(pair.label != "ASK" for pair in merged)
    print(f"\n{len(wrong)} of {decided} merged pairs are different:", *map(_line, wrong), sep="\n  ")
    assert len(seen) <= MOST_WRONG * decided, f"{len(seen)} of {decided} merged pairs are different"


def test_what_is_the_same_is_found_or_waits(judged: list[Judged]) -> None:
    same = [each for each in judged if each.pair.label == "SAME"]
    lost = [each for each in same if each.status == "DIFFERENT"]
    print(f"\n{len(lost)} of {len(same)} pairs that are the same are lost:")
    print(*(f"  {_line(each.pair)} [{each.veto}]" for each in lost), sep="\n")
    assert len(same) - len(lost) >= LEAST_FOUND * len(same), f"{len(lost)} of {len(same)} pairs are lost"


def test_figures_by_kind(judged: list[Judged], record_property: Callable[[str, object], None]) -> None:
    """Prints precision, recall and the share that waits, of all pairs and of each kind (``pytest -rA``)."""
    print(f"\n{'kind':14} pairs precision recall waits found+waits")
    by_kind = {kind: [each for each in judged if each.pair.kind == kind] for kind in sorted(KINDS)}
    for kind, some in {**by_kind, "all": judged}.items():
        line = _figures(some)
        record_property(kind, line)
        print(f"{kind:14} {line}")
    assert judged


def _figures(some: list[Judged]) -> str:
    merged = [each.pair.label for each in some if each.status == "SAME" and each.pair.label != "ASK"]
    same = [each.status for each in some if each.pair.label == "SAME"]
    waiting = sum(each.status not in ("SAME", "DIFFERENT") for each in some)
    found, lost = same.count("SAME"), same.count("DIFFERENT")
    shares = (_share(merged.count("SAME"), len(merged)), _share(found, len(same)), _share(waiting, len(some)))
    return f"{len(some):5} {shares[0]:>9} {shares[1]:>6} {shares[2]:>5} {_share(len(same) - lost, len(same)):>11}"


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.3f}" if whole else "–"


def _identifiers(pair: Pair) -> tuple[str, str]:
    return pair.a.split("#")[1], pair.b.split("#")[1]


def _line(pair: Pair) -> str:
    return f"{pair.kind}: {pair.a} {pair.b}: {pair.reason}"
