"""Two descriptions compared: evidence field by field, vetoes, and the verdict SAME, ASK or DIFFERENT.

Equal marks say more than missing marks, missing marks more than different ones: «Bố ơi» is not «Bò ơi», yet
"bo oi" may be either.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from rapidfuzz.fuzz import ratio

from hub.match.describe import VOLUME
from hub.match.description import Description
from hub.match.rules import Rules
from hub.normalize.text import fold, has_marks, syllables

Evidence = tuple[str, str, float]  # field, what happened, weight
NUMBER = re.compile(r"\d+")
COMIC = re.compile(r"truyen tranh|comic|manga|tranh truyen")
COMIC_WORDS = ("tranh", "comic", "manga")
REVISED = re.compile(r"sua chua|bo sung|chinh li|chinh ly|revised|enlarged|rev ed|updated|\d(?:nd|rd|th) ed")
CLOSE, SLIP, SAME_PART = 92.0, 70.0, 80.0


class Traits(NamedTuple):
    """What comparison looks at, worked out once for each record."""

    description: Description
    title: str
    folded: str
    subtitle: str
    part: str
    full: str
    numbers: tuple[str, ...]
    authors: tuple[str, ...]
    folded_authors: frozenset[str]
    translators: frozenset[str]
    publisher: str
    edition: str
    comic: bool


@dataclass(frozen=True, slots=True)
class Verdict:
    """SAME, ASK or DIFFERENT, the sum of the weights, and why."""

    status: str
    score: float
    evidence: tuple[Evidence, ...]
    veto: str = ""


def traits(description: Description, rules: Rules) -> Traits:
    """The traits of a description under the rules."""
    d = description
    folded, subtitle = fold(d.title), fold(d.subtitle)
    part = fold(VOLUME.sub(" ", d.part)) if d.part else ""
    authors = [name for name, role in d.people if role == "author"]
    if not authors and d.responsibility:
        authors = [re.split(r"[;,/]", d.responsibility)[0].strip()]
    return Traits(
        description=d,
        title=syllables(d.title),
        folded=folded,
        subtitle=subtitle,
        part=part,
        full=" ".join(filter(None, (folded, subtitle, part))),
        numbers=tuple(NUMBER.findall(folded)),
        authors=tuple(sorted(_name_key(name) for name in authors)),
        folded_authors=frozenset(" ".join(sorted(_words(fold(name)))) for name in authors),
        translators=frozenset(" ".join(sorted(_words(fold(n)))) for n, role in d.people if role == "translator"),
        publisher=_publisher(d.publisher, rules),
        edition=fold(d.edition) if d.edition else "",
        comic=_comic(d),
    )


def _comic(d: Description) -> bool:
    said = f"{d.title} {d.subtitle} {d.part} {' '.join(d.subjects[:4])}".lower()
    return any(word in said for word in COMIC_WORDS) and bool(COMIC.search(fold(said)))


def _words(folded: str) -> list[str]:
    return [word for word in folded.split() if not word.isdigit()]


def _name_key(name: str) -> str:
    """The words of a name with their tones, sorted: order, commas and life dates do not count."""
    return " ".join(sorted(word for word in syllables(name).split() if not word.isdigit()))


def _publisher(text: str, rules: Rules) -> str:
    folded = fold(text)
    for prefix in rules.publisher_prefixes:
        folded = folded.removeprefix(prefix + " ")
    if folded.isdigit():  # a code of the library's own table
        return ""
    return folded.removesuffix(" co").removesuffix(" inc")


def compare(a: Traits, b: Traits, rules: Rules) -> Verdict:
    """The verdict on two records. Symmetric: the order of the two does not matter."""
    evidence: list[Evidence] = []
    score = 0.0
    for field, look in FIELDS:
        happened = look(a, b)
        weight = rules.weights[field][happened]
        score += weight
        evidence.append((field, happened, weight))
    for name in rules.vetoes:
        if VETOES[name](a, b):
            return Verdict("DIFFERENT", round(score, 2), tuple(evidence), veto=name)
    status = "SAME" if score >= rules.same else "ASK" if score >= rules.ask else "DIFFERENT"
    if status == "SAME" and min(_substance(a), _substance(b)) < rules.brief_floor:
        return Verdict("ASK", round(score, 2), (*evidence, ("brief", "too_brief", 0.0)))
    if status == "SAME" and a.folded in rules.generic_titles and not _well_told(a, b):
        return Verdict("ASK", round(score, 2), (*evidence, ("title", "generic", 0.0)))
    return Verdict(status, round(score, 2), tuple(evidence))


def _substance(t: Traits) -> int:
    """How many of ISBN, publisher, year and pages the record gives."""
    d = t.description
    return bool(d.isbns) + bool(d.publisher) + bool(d.year) + bool(d.pages)


def _well_told(a: Traits, b: Traits) -> bool:
    """What a generic title needs beside itself: an ISBN, or the same publisher and the same pages."""
    return _shared(a, b) or (_publisher_of(a, b) == "equal" and _pages(a, b) == "equal")


def _shared(a: Traits, b: Traits) -> bool:
    return not set(a.description.isbns).isdisjoint(b.description.isbns)


def _title(a: Traits, b: Traits) -> str:
    if a.title == b.title:
        return "equal"
    if a.folded == b.folded:
        return "marks_differ" if _both_marked(a, b) else "unmarked"
    short, long = sorted((a, b), key=lambda t: len(t.folded))
    if long.full == short.full:
        return "equal"
    if len(short.folded) > 8 and long.folded.startswith(short.folded + " "):
        return "contained"
    return "close" if ratio(a.title, b.title, score_cutoff=CLOSE) and _slip(a.title, b.title) else "different"


def _slip(a: str, b: str) -> bool:
    """Whether the words that differ look like slips of the pen: another word («Toán», «Hóa») makes another book."""
    x, y = set(a.split()), set(b.split())
    one, other = "".join(sorted(x - y)), "".join(sorted(y - x))
    return not one or not other or ratio(one, other) >= SLIP


def _both_marked(a: Traits, b: Traits) -> bool:
    return has_marks(a.description.title) and has_marks(b.description.title)


def _author(a: Traits, b: Traits) -> str:
    if not a.authors or not b.authors:
        return "missing"
    if a.authors == b.authors:
        return "equal"
    if a.folded_authors == b.folded_authors:
        return "unmarked"
    if a.folded_authors & b.folded_authors:
        return "partial"
    if any(_same_name(x, y) for x in a.folded_authors for y in b.folded_authors):
        return "partial"
    return "different"


def _same_name(a: str, b: str) -> bool:
    """One name within the other (initials, a part left out), or nearly the same letters."""
    x, y = set(a.split()), set(b.split())
    short, long = (x, y) if len(x) <= len(y) else (y, x)
    if len(short) > 1 and all(any(w == v or (len(w) == 1 and v.startswith(w)) for v in long) for w in short):
        return True
    return ratio(a, b) >= 90


def _subtitle(a: Traits, b: Traits) -> str:
    if not a.subtitle or not b.subtitle:
        return "missing"
    if a.subtitle == b.subtitle or a.subtitle in b.subtitle or b.subtitle in a.subtitle:
        return "equal"
    return "missing" if ratio(a.subtitle, b.subtitle) >= SAME_PART else "different"


def _volume(a: Traits, b: Traits) -> str:
    """Both name the same volume; that they name different ones is a veto."""
    return "equal" if a.description.volume and a.description.volume == b.description.volume else "missing"


def _parallel(a: Traits, b: Traits) -> str:
    """A parallel title in one of them only: the original's title, or a bilingual edition."""
    x, y = a.description.parallel, b.description.parallel
    return "missing" if bool(x) == bool(y) else "one_sided"


def _isbn(a: Traits, b: Traits) -> str:
    if not a.description.isbns or not b.description.isbns:
        return "missing"
    return "shared" if _shared(a, b) else "different"


def _publisher_of(a: Traits, b: Traits) -> str:
    if not a.publisher or not b.publisher:
        return "missing"
    if a.publisher == b.publisher or a.publisher in b.publisher or b.publisher in a.publisher:
        return "equal"
    return "equal" if ratio(a.publisher, b.publisher) >= 88 else "different"


def _year(a: Traits, b: Traits) -> str:
    x, y = a.description.year, b.description.year
    if not x or not y:
        return "missing"
    return "equal" if x == y else "near" if abs(x - y) == 1 else "different"


def _pages(a: Traits, b: Traits) -> str:
    x, y = a.description.pages, b.description.pages
    if not x or not y:
        return "missing"
    gap = abs(x - y)
    return "equal" if gap <= 2 else "near" if gap <= max(x, y) * 0.1 else "different"


def _edition(a: Traits, b: Traits) -> str:
    if not a.edition or not b.edition:
        return "missing"
    return "equal" if a.edition == b.edition else "different"


FIELDS: tuple[tuple[str, Callable[[Traits, Traits], str]], ...] = (
    ("title", _title),
    ("author", _author),
    ("subtitle", _subtitle),
    ("volume", _volume),
    ("parallel", _parallel),
    ("isbn", _isbn),
    ("publisher", _publisher_of),
    ("year", _year),
    ("pages", _pages),
    ("edition", _edition),
)


def _forms_differ(a: Traits, b: Traits) -> bool:
    return a.description.form != b.description.form


def _languages_differ(a: Traits, b: Traits) -> bool:
    x, y = a.description.language, b.description.language
    return bool(x and y and x != y and "und" not in (x, y))


def _volumes_differ(a: Traits, b: Traits) -> bool:
    return a.description.volume != b.description.volume


def _parts_differ(a: Traits, b: Traits) -> bool:
    """Both name a part and the names are not the same: «Einstein» is not «Edison»."""
    return bool(a.part and b.part and a.part not in b.part and b.part not in a.part) and (
        ratio(a.part, b.part) < SAME_PART
    )


def _numbers_differ(a: Traits, b: Traits) -> bool:
    """Numbers in the title: «Toán 4» is not «Toán 5»."""
    return a.numbers != b.numbers


def _translators_differ(a: Traits, b: Traits) -> bool:
    if not a.translators or not b.translators:
        return False
    return not any(x == y or _same_name(x, y) for x in a.translators for y in b.translators)


def _adaptations_differ(a: Traits, b: Traits) -> bool:
    return a.comic != b.comic and _pages(a, b) != "equal" and not _shared(a, b)


def _bilingual_differs(a: Traits, b: Traits) -> bool:
    return _bilingual(a) != _bilingual(b) and not _shared(a, b)


def _bilingual(t: Traits) -> bool:
    return len(set(t.description.languages)) > 1 or "song ngu" in t.full or "song ngu" in t.edition


def _revision_differs(a: Traits, b: Traits) -> bool:
    """One says it is revised and the years and pages are not the same."""
    x, y = bool(REVISED.search(a.edition)), bool(REVISED.search(b.edition))
    if x == y:
        return False
    return _year(a, b) != "equal" or _pages(a, b) == "different"


def _marks_differ(a: Traits, b: Traits) -> bool:
    return a.title != b.title and a.folded == b.folded and _both_marked(a, b) and not _shared(a, b)


VETOES: dict[str, Callable[[Traits, Traits], bool]] = {
    "form": _forms_differ,
    "language": _languages_differ,
    "volume": _volumes_differ,
    "part": _parts_differ,
    "number": _numbers_differ,
    "translator": _translators_differ,
    "adaptation": _adaptations_differ,
    "bilingual": _bilingual_differs,
    "revision": _revision_differs,
    "marks": _marks_differ,
}
