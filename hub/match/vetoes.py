"""Differences that keep two records apart whatever else agrees: ``vetoes`` of ``harvest_config/matching.yaml``."""

from __future__ import annotations

from collections.abc import Callable

from hub.match import evidence
from hub.match.evidence import _name, alike, author, identifier, isbn, marks, pages, title, year
from hub.match.traits import Name, Traits

AGREED = ("equal", "shared", "unmarked", "partial", "sounds")
ANOTHER_NAME = 3  # of publisher, year and pages that agree: the other author may be another name
THREE_WORDS = 3
LONG_TITLE = 4  # words from which on one other mark may be a slip


def form(a: Traits, b: Traits) -> bool:
    """Another carrier: print, braille, large print, electronic, sound, video, map, music, serial."""
    return a.description.form != b.description.form


def language(a: Traits, b: Traits) -> bool:
    x, y = a.description.language, b.description.language
    return bool(x and y and x != y and "und" not in (x, y) and "mul" not in (x, y))


def volume(a: Traits, b: Traits) -> bool:
    """Of one title, the numbers of title, grade and volume are not the same: «Toán 4», «Toán 5»; tập 1, tập 2."""
    return a.numbers != b.numbers and title(a, b) != "different"


def part(a: Traits, b: Traits) -> bool:
    """Both name a part and the names are not the same: «Einstein» is not «Edison»."""
    if not a.part or not b.part or a.part in b.part or b.part in a.part:
        return False
    return not alike(a.part, b.part) and a.part not in b.subtitle and b.part not in a.subtitle


def kind(a: Traits, b: Traits) -> bool:
    """Of a textbook, one is the teacher's book, the workbook or the book of exercises and the other is not."""
    return a.kind != b.kind


def series(a: Traits, b: Traits) -> bool:
    """Textbooks of two series of one subject and grade."""
    return bool(a.series and b.series and a.series != b.series)


def publisher(a: Traits, b: Traits) -> bool:
    """Another publisher, unless pages and year say that it is one book all the same."""
    if evidence.publisher(a, b) != "different" or isbn(a, b) == "shared" or identifier(a, b) == "shared":
        return False
    return not (pages(a, b) == "equal" and year(a, b) == "equal" and author(a, b) in AGREED)


def extent(a: Traits, b: Traits) -> bool:
    """The pages differ by more than a twelfth, and no number, publisher and year say that it is one book."""
    if pages(a, b) not in ("close", "different") or isbn(a, b) == "shared" or identifier(a, b) == "shared":
        return False
    return not (year(a, b) == "equal" and evidence.publisher(a, b) == "equal" and author(a, b) in ("equal", "shared"))


def another_author(a: Traits, b: Traits) -> bool:
    """Another author, and no publisher, year and pages to say that it is one person under two names."""
    if evidence.author(a, b) != "different" or isbn(a, b) == "shared" or identifier(a, b) == "shared":
        return False
    imprint = (evidence.publisher(a, b) == "equal") + (year(a, b) in ("equal", "near")) + (pages(a, b) == "equal")
    return imprint < ANOTHER_NAME


def translator(a: Traits, b: Traits) -> bool:
    if not a.translators or not b.translators:
        return False
    return not any(_same(x, y) for x in a.translators for y in b.translators)


def _same(x: Name, y: Name) -> bool:
    return _name(x, y) != "different"


def whole(a: Traits, b: Traits) -> bool:
    """One describes several volumes together, the other a single one: it has a number or pages."""
    if a.several == b.several:
        return False
    single = b if a.several else a
    return bool(single.description.pages)


def adaptation(a: Traits, b: Traits) -> bool:
    """One is a comic and the pages, the publisher or the year speak for another book."""
    if a.comic == b.comic or isbn(a, b) == "shared" or pages(a, b) in ("equal", "near"):
        return False
    if pages(a, b) in ("close", "different") or evidence.publisher(a, b) == "different":
        return True
    return year(a, b) == "alone" and a.numbers == ()


def bilingual(a: Traits, b: Traits) -> bool:
    return a.bilingual != b.bilingual and isbn(a, b) != "shared"


def revision(a: Traits, b: Traits) -> bool:
    """One says it is revised and the years and pages are not the same; or both do, and they are of two revisions."""
    if pages(a, b) in ("equal", "near") or not (a.revised or b.revised):
        return False
    if a.revised and b.revised:
        return pages(a, b) != "missing" and year(a, b) == "different"
    return year(a, b) not in ("equal", "near") or pages(a, b) == "different"


def edition(a: Traits, b: Traits) -> bool:
    """Both name an edition, not a printing, and not the same: "3rd ed.", "4th ed."; "brief ed.", "Texas ed."."""
    x, y = a.edition_words, b.edition_words
    if not x or not y or a.vietnamese or b.vietnamese or isbn(a, b) == "shared" or identifier(a, b) == "shared":
        return False
    return x != y or bool(a.edition and b.edition and a.edition != b.edition)


def tones(a: Traits, b: Traits) -> bool:
    """The same letters with other marks, where both have marks: «Bố ơi», «Bò ơi»; «vi mô», «vĩ mô».

    One syllable of a long title is taken for a slip of the pen where author, publisher and year are the same; one of
    three or more, where the pages are the same as well.
    """
    if a.folded != b.folded or a.title == b.title or isbn(a, b) == "shared":
        return False
    if marks(a, b) not in ("marks_differ", "half_marked"):
        return False
    if not _same_people(a, b):
        return True
    if pages(a, b) in ("equal", "near"):
        return not _one_slip(a, b, THREE_WORDS)
    return not (_one_slip(a, b) and year(a, b) == "equal")


def _one_slip(a: Traits, b: Traits, least: int = LONG_TITLE) -> bool:
    words = list(zip(a.title.split(), b.title.split(), strict=False))
    return len(words) >= least and sum(x != y for x, y in words) == 1


def lacks_volume(a: Traits, b: Traits) -> bool:
    """Whether one has the numbers of the other but the last: it may have left out its volume."""
    short, long = sorted((a.numbers, b.numbers), key=len)
    return len(long) == len(short) + 1 and long[: len(short)] == short and a.folded == b.folded


def _same_people(a: Traits, b: Traits) -> bool:
    return author(a, b) in ("equal", "unmarked") and evidence.publisher(a, b) == "equal"


VETOES: dict[str, Callable[[Traits, Traits], bool]] = {
    "form": form,
    "language": language,
    "volume": volume,
    "part": part,
    "kind": kind,
    "series": series,
    "whole": whole,
    "publisher": publisher,
    "extent": extent,
    "author": another_author,
    "translator": translator,
    "adaptation": adaptation,
    "bilingual": bilingual,
    "revision": revision,
    "marks": tones,
    "edition": edition,
}
ASKED = frozenset(
    {"language", "bilingual", "marks", "edition", "volume", "author"}
)  # often a slip of one cataloger: asked about when all else agrees
SOFT = frozenset(
    {"author", "edition", "publisher", "extent", "adaptation", "bilingual", "revision", "marks"}
)  # told by what may be a slip


def in_one_cluster(a: Traits, b: Traits, veto: str) -> bool:
    """Whether two members of one cluster may differ in what is a veto of the pair by itself.

    A volume under its own title has another number than one under the title of its series; a slip of one member parts
    it from the others only where author or publisher do too.
    """
    if veto == "marks":
        agreed = author(a, b) in ("equal", "unmarked", "missing") and evidence.publisher(a, b) in ("equal", "missing")
        return agreed and _one_slip(a, b)
    return veto == "volume" and title(a, b) in ("within", "near", "different")
