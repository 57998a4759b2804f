"""Differences that keep two records apart whatever else agrees: the list that ``harvest_config/matching.yaml`` reads aloud."""

from __future__ import annotations

from collections.abc import Callable

from rapidfuzz.fuzz import ratio

from hub.match.evidence import SAME_PART, _name, isbn, marks, pages, year
from hub.match.traits import Name, Traits


def form(a: Traits, b: Traits) -> bool:
    """Another carrier: print, braille, large print, electronic, sound, video, map, music, serial."""
    return a.description.form != b.description.form


def language(a: Traits, b: Traits) -> bool:
    x, y = a.description.language, b.description.language
    return bool(x and y and x != y and "und" not in (x, y) and "mul" not in (x, y))


def volume(a: Traits, b: Traits) -> bool:
    """The numbers of title, grade and volume are not the same: «Toán 4», «Toán 5»; tập 1, tập 2; a volume, the whole set."""
    return a.numbers != b.numbers


def part(a: Traits, b: Traits) -> bool:
    """Both name a part and the names are not the same: «Einstein» is not «Edison»."""
    if not a.part or not b.part or a.part in b.part or b.part in a.part:
        return False
    return ratio(a.part, b.part) < SAME_PART


def kind(a: Traits, b: Traits) -> bool:
    """Of a textbook, one is the teacher's book, the workbook or the book of exercises and the other is not."""
    return a.kind != b.kind


def series(a: Traits, b: Traits) -> bool:
    """Textbooks of two series of one subject and grade."""
    return bool(a.series and b.series and a.series != b.series)


def translator(a: Traits, b: Traits) -> bool:
    if not a.translators or not b.translators:
        return False
    return not any(_same(x, y) for x in a.translators for y in b.translators)


def _same(x: Name, y: Name) -> bool:
    return _name(x, y) != "different"


def adaptation(a: Traits, b: Traits) -> bool:
    """One is a comic."""
    return a.comic != b.comic and (isbn(a, b) != "shared" or pages(a, b) == "different")


def bilingual(a: Traits, b: Traits) -> bool:
    return a.bilingual != b.bilingual and isbn(a, b) != "shared"


def revision(a: Traits, b: Traits) -> bool:
    """One says it is revised and the years and pages are not the same."""
    if a.revised == b.revised:
        return a.revised and year(a, b) in ("different",) and pages(a, b) in ("different", "near")
    return year(a, b) not in ("equal", "missing") or pages(a, b) == "different"


def tones(a: Traits, b: Traits) -> bool:
    """The same letters with other marks, where both have marks: «Bố ơi», «Bò ơi»."""
    return a.folded == b.folded and a.title != b.title and marks(a, b) == "marks_differ" and isbn(a, b) != "shared"


VETOES: dict[str, Callable[[Traits, Traits], bool]] = {
    "form": form,
    "language": language,
    "volume": volume,
    "part": part,
    "kind": kind,
    "series": series,
    "translator": translator,
    "adaptation": adaptation,
    "bilingual": bilingual,
    "revision": revision,
    "marks": tones,
}
ASKED = frozenset({"language", "bilingual", "marks"})  # often a slip of one cataloger: asked about when all else agrees
