"""What happened in each field of two records, one short function for each: the outcomes that the rules weigh.

Equal marks say more than missing marks, missing marks more than different ones: «Bố ơi» is not «Bò ơi», yet "bo oi" may
be either. The names of the outcomes are those of ``weights`` in ``harvest_config/matching.yaml``.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from functools import lru_cache

from rapidfuzz.distance import Indel
from rapidfuzz.fuzz import partial_ratio, ratio

from hub.match.syllable import impossible
from hub.match.traits import Name, Traits

CLOSE, NEAR, SLIP = 90.0, 80.0, 66.0
SAME_NAME, SAME_LETTERS, SAME_SOUNDS, SAME_PUBLISHER = 88.0, 84.0, 0.6, 86.0
LONG_ENOUGH = 9  # letters of a title from which on the beginning of another says something
_DOUBLED = re.compile(r"(.)\1+")
_SOUNDS = str.maketrans(
    dict(zip("bpfvdtlncqkgjxsz", "bbbbttnnkkkkksss", strict=True)) | dict.fromkeys("aeiouyhrw-'", "")
)


def title(a: Traits, b: Traits) -> str:
    if a.title == b.title:
        return "equal"
    if a.folded == b.folded:
        return marks(a, b)
    if a.squeezed == b.squeezed and len(a.squeezed) > 5:
        return "equal" if not (a.vietnamese and b.vietnamese) else "unmarked"
    if a.script and a.script == b.script and len(a.script) > 3:
        return "equal"
    if a.full == b.full:
        return "rearranged"
    short, long = (a, b) if len(a.folded) <= len(b.folded) else (b, a)
    if long.folded.startswith(short.folded) and _goes_on(short, long):
        return "contained"
    near = ratio(a.squeezed, b.squeezed, score_cutoff=NEAR) > 0
    if near and _is_slip(short.folded, long.folded):
        return "close"
    if len(short.folded) >= LONG_ENOUGH and long.folded.endswith(" " + short.folded):
        return "within"
    return "near" if near else "different"


def marks(a: Traits, b: Traits) -> str:
    """Titles of the same letters: marks that are missing, or that are not the same, or that no syllable can have."""
    if not (a.vietnamese or b.vietnamese):
        return "equal"
    pairs = [(x, y) for x, y in zip(a.title.split(), b.title.split(), strict=False) if x != y]
    if not a.marked or not b.marked:
        return "unmarked"
    if all(impossible(x) or impossible(y) for x, y in pairs):
        return "close"
    plain = [(x.isascii() and x.isalpha()) or (y.isascii() and y.isalpha()) for x, y in pairs]
    return "half_marked" if all(plain) else "marks_differ"


def _goes_on(short: Traits, long: Traits) -> bool:
    """Whether the longer title is the shorter one and its subtitle, or begins with all of it."""
    if len(short.folded) < LONG_ENOUGH and " " not in short.folded:
        return bool(short.subtitle) and long.folded == f"{short.folded} {short.subtitle}"
    if long.folded.startswith(short.folded + " "):
        return len(short.folded) >= LONG_ENOUGH or not short.subtitle or long.folded.endswith(short.subtitle)
    whole = f"{short.folded} {short.subtitle}" if short.subtitle else short.folded
    return len(long.folded) >= LONG_ENOUGH and whole.startswith(long.folded + " ")


@lru_cache(maxsize=1 << 14)
def _is_slip(a: str, b: str) -> bool:
    """Whether two titles differ by slips of the pen: another word («Toán», «Hóa») makes another book."""
    if ratio(a, b, score_cutoff=CLOSE) == 0 and ratio(a.replace(" ", ""), b.replace(" ", ""), score_cutoff=CLOSE) == 0:
        return False
    x, y = a.split(), b.split()
    if len(x) == len(y):
        return all(p == q or _word_slip(p, q) for p, q in zip(x, y, strict=True))
    one, other = _rest(x, y), _rest(y, x)
    return ratio("".join(one), "".join(other)) >= SLIP


def _rest(x: list[str], y: list[str]) -> list[str]:
    """The words of ``x`` that ``y`` has not, each as often as it has not."""
    left = Counter(x) - Counter(y)
    return [word for word in x if left.pop(word, 0)]


def _word_slip(p: str, q: str) -> bool:
    """One letter too many, missing, other or out of place; short syllables must keep all but a doubled letter."""
    if len(p) < 4 and len(q) < 4:
        return _DOUBLED.sub(r"\1", p) == _DOUBLED.sub(r"\1", q)
    return ratio(p, q) >= SLIP and Indel.distance(p, q) <= 2 + (len(p) > 7)


def author(a: Traits, b: Traits) -> str:
    if not a.names or not b.names:
        return "missing"
    if a.names[0].toned == b.names[0].toned:
        return "equal"
    outcome = _best(a.names, b.names)
    if outcome != "different":
        return outcome
    if _best(a.names, b.others) in ("shared", "unmarked") or _best(b.names, a.others) in ("shared", "unmarked"):
        return "role"
    return "different"


def _best(x: tuple[Name, ...], y: tuple[Name, ...]) -> str:
    """The best that any two names of two lists have in common."""
    found = {_name(p, q) for p in x[:6] for q in y[:6]}
    return next((outcome for outcome in ("shared", "unmarked", "partial", "sounds") if outcome in found), "different")


@lru_cache(maxsize=1 << 15)
def _name(p: Name, q: Name) -> str:
    if p.toned == q.toned:
        return "shared"
    if p.folded == q.folded:
        return "unmarked" if p.toned.isascii() or q.toned.isascii() else "partial"
    short, long = (p, q) if len(p.words) <= len(q.words) else (q, p)
    if len(short.words) > 1 and _within(short.words, long.words):
        return "partial"
    if ratio(p.folded, q.folded) >= SAME_NAME or p.folded.replace(" ", "") == q.folded.replace(" ", ""):
        return "partial"
    return (
        "sounds"
        if (p.foreign != q.foreign or p.spelled != q.spelled)
        and not (p.native or q.native)
        and _sound_alike(p.words, q.words)
        else "different"
    )


def _sound_alike(p: tuple[str, ...], q: tuple[str, ...]) -> bool:
    """Whether one name may be the other as Vietnamese spells it: «Mác Oan-cơ» and "Walker, Mark" have m, k and n."""
    one, other = "".join(p), "".join(q)
    if any(len(word) > 3 and word in joined for words, joined in ((p, other), (q, one)) for word in words):
        return True
    if ratio("".join(sorted(one)), "".join(sorted(other))) >= SAME_LETTERS:
        return True
    x, y = _sounds(one), _sounds(other)
    return len(x & y) > 1 and len(x & y) >= SAME_SOUNDS * len(x | y)


def _within(short: tuple[str, ...], long: tuple[str, ...]) -> bool:
    """Whether each word, or its initial, is a word of the other name: «Nguyễn N. A.», «Saint-Exupéry, A. de»."""
    left = list(long)
    for word in sorted(short, key=len, reverse=True):
        same = next((w for w in left if w == word or (1 in (len(w), len(word)) and w[0] == word[0])), "")
        if not same:
            return False
        left.remove(same)
    return any(len(word) > 1 and word in long for word in short)


def _sounds(name: str) -> frozenset[str]:
    """The classes of consonants a name is heard by."""
    plain = name.replace("sch", "s").replace("sh", "s").replace("ce", "s").replace("ci", "s").replace("ph", "b")
    return frozenset(plain.replace("th", "t").translate(_SOUNDS))


def subtitle(a: Traits, b: Traits) -> str:
    if not a.subtitle or not b.subtitle:
        return "missing"
    if a.subtitle == b.subtitle:
        return "equal"
    if alike(a.subtitle, b.subtitle):
        return "close"
    short, long = sorted((a.subtitle, b.subtitle), key=len)
    return "contained" if f" {short} " in f" {long} " else "different"


def alike(x: str, y: str) -> bool:
    """Whether two texts differ by slips of the pen only: «the micro view» is not «the macro view»."""
    return x == y or _is_slip(*sorted((x, y), key=len))


def number(a: Traits, b: Traits) -> str:
    """Both name the same volume or grade; that they name different ones is a veto."""
    return "equal" if a.numbers and a.numbers == b.numbers else "missing"


def part(a: Traits, b: Traits) -> str:
    """The name of the part; without a number, a part on one side only makes it another book, or the whole of it."""
    if not a.part or not b.part:
        return "one_sided" if a.part != b.part and not a.numbers and not b.numbers else "missing"
    return "equal" if a.part == b.part or a.part in b.part or b.part in a.part else "close"


def whole(a: Traits, b: Traits) -> str:
    """One says that it is several volumes together."""
    return "one_sided" if a.several != b.several else "missing"


def comic(a: Traits, b: Traits) -> str:
    """One says that it is a comic, and nothing but the title and the author tells whether the other is."""
    if a.comic == b.comic or not a.publisher or not b.publisher:
        return "missing"
    return "missing" if a.numbers or publisher(a, b) == "equal" else "one_sided"


def parallel(a: Traits, b: Traits) -> str:
    """A parallel title in one of them only: the original's title, or a bilingual edition."""
    if bool(a.description.parallel) == bool(b.description.parallel) or (a.bilingual and b.bilingual):
        return "missing"
    return "one_sided"


def identifier(a: Traits, b: Traits) -> str:
    """Control numbers of great catalogs."""
    x, y = a.description.numbers, b.description.numbers
    return "shared" if x and y and not set(x).isdisjoint(y) else "missing"


def isbn(a: Traits, b: Traits) -> str:
    if not a.description.isbns or not b.description.isbns:
        return "missing"
    return "shared" if not set(a.description.isbns).isdisjoint(b.description.isbns) else "different"


def publisher(a: Traits, b: Traits) -> str:
    if not a.publisher or not b.publisher:
        return "missing"
    return _publishers(a.publisher, b.publisher)


@lru_cache(maxsize=1 << 14)
def _publishers(x: str, y: str) -> str:
    if x == y or x.startswith(y + " ") or y.startswith(x + " "):
        return "equal"
    short, long = sorted((x, y), key=len)
    if ratio(x, y) >= SAME_PUBLISHER or (len(short) > 9 and partial_ratio(short, long) >= 90):
        return "equal"
    words, others = tuple(short.split()), tuple(long.split())
    if len(words) > 1 and _within(words, others):
        return "equal"
    initials = "".join(word[0] for word in others)
    if len(others) > 1 and len(short) > 1 and initials.startswith(short.replace(" ", "")):
        return "equal"
    common = {word for word in words if len(word) > 4} & set(others)
    return "close" if len(common) > 1 else "different"


def year(a: Traits, b: Traits) -> str:
    """«reprint» is another year with the same pages, «alone» another year where nobody knows the pages."""
    x, y = a.description.year, b.description.year
    if not x or not y:
        return "missing"
    if x == y:
        return "equal"
    if abs(x - y) == 1:
        return "near"
    return {"equal": "reprint", "missing": "alone"}.get(pages(a, b), "different")


def pages(a: Traits, b: Traits) -> str:
    x, y = a.description.pages, b.description.pages
    if not x or not y:
        p, q = a.description.volumes, b.description.volumes
        return "missing" if not p or not q else "equal" if p == q and p > 2 else "missing"
    gap = abs(x - y)
    if gap <= 2:
        return "equal"
    if gap * 33 <= min(x, y) or (gap <= 4 and gap * 14 <= min(x, y)):
        return "near"
    return "close" if gap * 12 <= max(x, y) else "different"


def edition(a: Traits, b: Traits) -> str:
    """The edition where both name one; «In lần thứ 3» is a printing, "3rd ed." an edition of its own."""
    x, y = a.edition_words, b.edition_words
    if x and y and x != y and not (a.vietnamese or b.vietnamese):
        return "different"
    if not a.edition or not b.edition:
        return "missing"
    if a.edition == b.edition:
        return "equal"
    return "different" if x and y else "reprint" if pages(a, b) == "equal" else "different"


FIELDS: tuple[tuple[str, Callable[[Traits, Traits], str]], ...] = (
    ("title", title),
    ("author", author),
    ("subtitle", subtitle),
    ("number", number),
    ("part", part),
    ("whole", whole),
    ("comic", comic),
    ("parallel", parallel),
    ("identifier", identifier),
    ("isbn", isbn),
    ("publisher", publisher),
    ("year", year),
    ("pages", pages),
    ("edition", edition),
)
