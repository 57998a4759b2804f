"""The same records of the U.S. Government Publishing Office in MARC-8, in UTF-8 and in MARCXML say the same."""

from __future__ import annotations

import gzip
import unicodedata
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from schemas.damage import parse_mended
from schemas.escapes import figures, ligatures
from schemas.format import Reading, find_format
from schemas.record import Field

FOLDER = "data/marc21/gpo_nist"
ELSEWHERE = {"001076160"}  # its XML was written with a broken reference («⁽&#x22;&#x53;») where the others have a sign


def records(file: Path, form: str) -> dict[str, tuple[Field, ...]]:
    """The fields of each record in NFC, by the control number."""
    kind = find_format(form)
    found: dict[str, tuple[Field, ...]] = {}
    with gzip.open(file) as stream:
        for raw in kind.split(stream, Reading()):
            assert raw.problem is None
            record, _ = parse_mended(kind, raw.body, Reading())
            assert record.control("001") not in found
            fields = [(tag, unicodedata.normalize("NFC", content)) for tag, content in record.fields]
            found[record.control("001")] = tuple(fields)
    return found


def twins(folder: Path) -> Iterator[tuple[Path, str, Path]]:
    for file in sorted((folder / "MARC8").glob("*.gz")):
        name = file.name.removesuffix("_marc8.mrc.gz")
        yield file, "marc21", folder / "UTF8" / f"{name}_utf8.mrc.gz"
        if (xml := folder / "XML" / f"{name}.xml.gz").exists():
            yield file, "marcxml", xml


def test_marc8_utf8_and_marcxml_are_equal_record_by_record(shared: Path) -> None:
    counts: Counter[str] = Counter()
    for first, form, second in twins(shared / FOLDER):
        left, right = records(first, "marc21"), records(second, form)
        assert left.keys() == right.keys()
        known = ELSEWHERE if form == "marcxml" else set[str]()
        different = {number for number, fields in left.items() if fields != right[number]}
        assert different <= known, (second.name, different)
        counts[form] += len(left)
        counts["beyond ASCII"] += sum(not all(c.isascii() for _, c in fields) for fields in left.values())
    print(f"GPO twins equal: {dict(counts)}, but for {sorted(ELSEWHERE)} in MARCXML")
    assert counts["marc21"] == 3223
    assert counts["marcxml"] > 700


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("SiO\x1bb2\x1bs glass", "SiO₂ glass"),
        ("2935\x1bp5\x1bs to 8770\x1bp5\x1bs :", "2935⁵ to 8770⁵ :"),
        ("300\x1bb2", "300₂"),
        ("a \x1bga\x1bs", "a α"),
        ("plain", "plain"),
    ],
)
def test_small_figures_are_decoded(before: str, after: str) -> None:
    assert figures(before) == after


def test_a_ligature_has_one_form() -> None:
    assert ligatures("Nedzi\ufe20e\ufe21lʹnit\ufe20s\ufe21kiĭ") == "Nedzi\u0361elʹnit\u0361skiĭ"
    assert ligatures("n\ufe22g\ufe23") == "n\u0360g"
    assert ligatures("\ufe20") == "\ufe20"
