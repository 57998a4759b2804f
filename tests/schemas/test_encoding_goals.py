"""The goals of encodings, on 1,000 real titles in each way they come: told per source, read right, nothing sound harmed.

99.5 % of titles right in every encoding, as bytes and as text that was read wrongly; each source told by its own
records; no good title changed, whatever stands beside it. TCVN3 has no capitals but seven, so its titles are compared
without regard to case.
"""

from __future__ import annotations

import csv
import json
import random
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from schemas import marc21
from schemas.coding import encode
from schemas.damage import Damage, mend_all, parse_mended
from schemas.detection import Tally, detect
from schemas.format import Reading
from schemas.mend_marc import assemble
from schemas.mending import SHOWN
from schemas.problem import Trouble

GOAL = 0.995
BYTES = ("tcvn3", "vni", "viscii", "vn1", "cp1258", "marc-8", "viqr")
FAMILY = {"tcvn3", "vn1"}  # without capitals the two are one
NAMES = {byte: letter for letter, byte in reversed(SHOWN.items())}


@dataclass(frozen=True, slots=True)
class Titles:
    """The titles in Unicode, and as a person sees them who opens TCVN3, VNI and VIQR in a wrong font."""

    good: list[str]
    tcvn3: list[str]
    vni: list[str]
    viqr: list[str]


@cache
def titles(shared: Path) -> Titles:
    file = shared / "data/vietnamese/encoding/hcmut_titles_reencoded_1000.tsv"
    with file.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))[1:]
    assert len(rows) == 1_000
    good = [unicodedata.normalize("NFC", row[0]) for row in rows]
    return Titles(good, *([row[at] for row in rows] for at in (1, 2, 3)))


def shown(data: bytes) -> str:
    """Bytes as a program shows them that takes them for CP1252."""
    return "".join(chr(byte) if byte < 128 else NAMES[byte] for byte in data)


def iso(title: bytes, number: int, declared: str = "a") -> bytes:
    leader = f"00000nam {declared}2200000   4500".encode()
    made = assemble(leader, [(b"001", b"%d" % number), (b"245", b"00\x1fa" + title)])
    assert made is not None
    return made


def source(texts: Sequence[str]) -> list[bytes]:
    return [iso(text.encode(), number) for number, text in enumerate(texts)]


def weighed(bodies: Sequence[bytes]) -> Reading:
    """How the hub reads a source of these records: by what they say together."""
    tally, damage = Tally(), Damage()
    for body in bodies:
        tally.add(body)
    evidence = tally.evidence()
    for body in bodies:
        try:
            damage.add(marc21.parse(body, Reading(evidence=evidence)))
        except Trouble:
            continue
    return Reading(evidence=evidence, damage=damage.kinds())


def read(bodies: Sequence[bytes], reading: Reading) -> list[str]:
    """The titles as they would be published; the code of the problem where one is not."""
    found = []
    for body in bodies:
        try:
            record, _ = parse_mended(marc21.FORMAT, body, reading)
            found.append(record.first("245", "a"))
        except Trouble as trouble:
            found.append(trouble.problem.code)
    return found


def alike(text: str, *, case: bool = True) -> str:
    text = " ".join(unicodedata.normalize("NFC", text).split())
    return text if case else text.casefold()


def share_right(name: str, bodies: Sequence[bytes], expected: Sequence[str], *, case: bool = True) -> float:
    reading = weighed(bodies)
    found = read(bodies, reading)
    right = sum(alike(a, case=case) == alike(b, case=case) for a, b in zip(found, expected, strict=True))
    told = reading.evidence or ", ".join(reading.damage) or "utf-8"
    print(f"{name}: {right} of {len(expected)} titles right ({right / len(expected):.1%}), told: {told}")
    return right / len(expected)


@pytest.mark.parametrize("column", ["good", "tcvn3", "vni", "viqr"])
def test_titles_as_text_in_each_column(shared: Path, column: str) -> None:
    found = titles(shared)
    assert share_right(f"text {column}", source(getattr(found, column)), found.good) >= GOAL


@pytest.mark.parametrize("declared", ["a", " "])
@pytest.mark.parametrize("name", BYTES)
def test_titles_as_bytes_in_each_encoding(shared: Path, name: str, declared: str) -> None:
    bodies, expected = [], []
    for number, title in enumerate(titles(shared).good):
        try:
            bodies.append(iso(encode(title, name), number, declared))
            expected.append(title)
        except Trouble:  # a letter that the encoding lacks
            continue
    assert len(expected) >= 0.995 * 1_000
    assert share_right(f"bytes {name} {declared!r}", bodies, expected, case=name != "tcvn3") >= GOAL


DAMAGES: dict[str, Callable[[str], str]] = {
    "NFD": lambda title: unicodedata.normalize("NFD", title),
    "UTF-8 twice": lambda title: shown(title.encode()),
    "cp1258 shown": lambda title: shown(encode(title, "cp1258")),
    "soft hyphen": lambda title: title.replace("ư", "\xad"),
    "minus": lambda title: title.replace("ư", "\u2212"),
    "bullet": lambda title: title.replace("ư", "•"),
    "hyphen": lambda title: title.replace("ư", "-"),
}


@pytest.mark.parametrize("name", DAMAGES)
def test_titles_damaged_on_the_way(shared: Path, name: str) -> None:
    good = titles(shared).good
    assert share_right(name, source([DAMAGES[name](title) for title in good]), good) >= GOAL


@pytest.mark.parametrize("sign", ["\u2212", "•", "-"])
def test_tcvn3_whose_soft_hyphens_became_signs(shared: Path, sign: str) -> None:
    found = titles(shared)
    bodies = source([title.replace("\xad", sign) for title in found.tcvn3])
    assert share_right(f"TCVN3 with {sign!r}", bodies, found.good, case=False) >= GOAL


@pytest.mark.parametrize("size", [1_000, 25, 5])
def test_every_source_is_told(shared: Path, size: int) -> None:
    good, told, of = titles(shared).good, 0, 0
    for name in BYTES[:-1]:
        for start in range(0, len(good), size):
            samples = []
            for title in good[start : start + size]:
                try:
                    samples.append(encode(title, name))
                except Trouble:
                    continue
            if all(sample.isascii() for sample in samples):
                continue
            of += 1
            found = detect(samples)[0]
            told += found == name or {found, name} <= FAMILY
    print(f"sources of {size} titles: {told} of {of} told")
    assert told == of


def _mixed(found: Titles) -> dict[str, list[str]]:
    """Damaged titles of each kind, to stand among good ones."""
    mixed = {"tcvn3": found.tcvn3, "vni": found.vni, "viqr": found.viqr}
    mixed |= {name: [change(title) for title in found.good] for name, change in DAMAGES.items() if name != "NFD"}
    letters = str.maketrans("áãâéèêíìóòõôúù", "ỏóõộốờớỡúũừụỳự")
    return mixed | {"converted": [title.translate(letters) for title in found.good]}


@pytest.mark.parametrize("share", [0.02, 0.5])
def test_no_good_title_is_changed_beside_damaged_ones(shared: Path, share: float) -> None:
    found = titles(shared)
    french = [
        "Architectures et Systèmes Distribués Tolérants aux Fautes",
        "Élève à la forêt, déjà vu",
        "Größe der Bäume",
    ]
    good = found.good + french
    for name, damaged in _mixed(found).items():
        some = random.Random(3).sample(damaged, int(len(damaged) * share))
        reading = weighed(source([*some, *good]))
        harmed = [(a, b) for a, b in zip(good, read(source(good), reading), strict=True) if alike(a) != alike(b)]
        print(f"{name}, {len(some)} damaged among {len(good)}: {len(harmed)} good titles changed")
        assert harmed == []


def test_cells_of_a_workbook_that_is_said_to_be_in_a_font(shared: Path) -> None:
    found = titles(shared)
    for name, column in (("tcvn3", found.tcvn3), ("vni", found.vni)):
        right = sum(alike(mend_all(a, name)) == alike(b) for a, b in zip(column, found.good, strict=True))
        harmed = sum(mend_all(title, name) != title for title in found.good)
        print(f"cells, encoding: {name}: {right} of 1,000 right, {harmed} good ones changed")
        assert right >= GOAL * 1_000
        assert harmed == 0


def test_the_damage_of_real_documents(shared: Path) -> None:
    """Vectors found in library documents: TCVN3 shown as Latin-1 with its soft hyphens gone, and a double conversion."""
    table: Any = json.loads((shared / "tables/vn_encodings.json").read_text(encoding="utf-8"))
    for vector in table["test_vectors"]:
        if "in" not in vector or vector["in"].startswith("Trung tâm") or "double" in vector["kind"]:
            continue
        bodies = source([vector["in"]])
        assert alike(read(bodies, weighed(bodies))[0]) == alike(vector["out"]), vector["id"]


def test_a_double_conversion_is_mended_where_it_is_sure_and_waits_where_it_is_not() -> None:
    bodies = source(["từ khỏc nhau", "một cỏch viết", "cú thể dựng 4 từ bằng Anh ngữ khỏc nhau", "núi", "độc giả"])
    reading = weighed(bodies)
    assert reading.damage == ("converted",)
    assert read(bodies, reading) == ["từ khác nhau", "một cách viết", "converted_in_doubt", "núi", "độc giả"]
