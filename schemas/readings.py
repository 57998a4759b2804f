"""A text as each damage would have it, and whether that reads better: the cases the evidence of a source is made of.

Two questions are asked of a case. Does it speak for the damage, whatever the source (:attr:`Case.is_better`)? And where
the source's records have proven the damage together, is this text one that has it (:attr:`Case.is_likely`)? The second
needs less: a word with a sign inside («T« Hoµi») is enough. Text with letters that CP1252 cannot show was never a font
read as CP1252: it is left alone, whatever else the source holds.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Collection
from functools import partial
from itertools import pairwise
from typing import NamedTuple

from schemas import viqr
from schemas.detection import ACCEPT, MARGIN, WORDS
from schemas.mending import mend_converted, mend_mojibake, mend_soft_hyphen, reread, shown_class
from schemas.syllables import beyond_ascii, plausible

FONTS = ("tcvn3", "vni", "cp1258", "viscii")  # every accented word is touched
VIEWS: dict[str, Callable[[str], str]] = {
    "utf-8": lambda text: mend_mojibake(text) or text,
    **{name: partial(reread, encoding=name) for name in FONTS},
    "soft-hyphen": mend_soft_hyphen,
    "viqr": lambda text: viqr.decode(text, cautious=True),
    "converted": mend_converted,
}
RULES = {name: f"{name}@2" for name in VIEWS} | {"utf-8": "mojibake@2", "converted": "converted@1"}
PLAIN = 0.50  # gain with which two words are enough, where the source has the damage
VIETNAMESE = 0.60  # share of all words that must be syllables where few words speak
_WORD = re.compile(r"[^\W\d_]+")
_NEXT = shown_class(0x80, 0xBF)
_SIGN = "\xa1-\xbf\xc4-\xc7\xcb\xce\xcf\xd0\xd1\xd6-\xd8\xdb\xdc\xde\xdf\xe4-\xe7\xeb\xee-\xf1\xf6-\xf8\xfb\xfc\xfe"
_TRIGGER = re.compile(  # what a damaged text has somewhere and a sound Vietnamese one has not
    "[\xa1-\xffơớờởỡợỏõũừ\u2212\u2022](?:"
    f"(?<=[A-Za-z][{_SIGN}])|(?<=[\xa7\xae])(?=[A-Za-z\xc0-\xff])"
    "|(?<=[aâăeêioôơuưyAÂĂEÊIOÔƠUƯY][\xec\xf2\xcc\xd2\xde])"
    "|(?<=[aey][\xe1\xe0\xe5\xe3\xe4\xe2\xe9\xe8\xfa\xfc\xeb\xea\xf9\xf8\xfb\xf5\xef])"
    "|(?<=o[\xe2\xe3\xe4\xe5\xf5\xf8\xf9\xfb\xef])"
    f"|(?<=[\xc3-\xc6])(?={_NEXT})|(?<=á)(?=[º»])|(?<=\\w[\u2212\u2022\xad])(?=\\w|\\s)"
    "|(?<=[ơớờởỡợ])(?<![ưƯ].)(?=(?:ng|c)\\b)|(?<=[a-zđ]-[ơớờởỡợ])"
    "|(?<=[ỏõờỡũừ])(?=(?:ch?|p|t)\\b)|(?<=[ớờỡ])(?=(?:nh|ch)\\b)|(?<=[iy]ờ))"
)
_VIQR = re.compile(r"[aeoAEO]\^[a-z'`?~.]|[uoUO]\+[a-z'`?~.]")
_OWN_VIQR = re.compile(r"[aeoAEO]\^|[ouOU]\+|[aA]\(|[aeiouyAEIOUY]`|(?<![aeiouyAEIOUY])dd")
_FIGURES = re.compile(
    r"(?i)\d[¼½¾]|\b[kcdm]?m[²³]\b|\d ?µ[a-z]\b"
)  # measures, which TCVN3 and VISCII have no signs for
_LETTERS = re.compile("µ?[A-Za-zÀ-ÖØ-öø-ÿĂăĐđĨĩŒœŠšŨũŽžŸƠơƯư\u1ea0-\u1ef9]+")
_BEYOND = re.compile(r"(?![\x00-\x7f])[^\W\d_]")  # letters that VIQR, which is ASCII, has not
_SOUND = re.compile("[ĂăĐđĨĩŨũƠơƯư\u0300-\u036f\u1ea0-\u1ef9]")  # Vietnamese letters that CP1252 has not


def is_suspect(text: str) -> bool:
    """Whether a text has what damaged text has; quick, and wrong only in what it lets be looked at."""
    if ("^" in text or "+" in text) and _VIQR.search(text):
        return True
    return not text.isascii() and _TRIGGER.search(text) is not None


def has_sound(text: str) -> bool:
    """Whether a text has Vietnamese letters that no wrong encoding shows."""
    return _SOUND.search(text) is not None


def says_vietnamese(text: str) -> bool:
    """Whether most words of a text, with marks or without, can be Vietnamese."""
    words = _WORD.findall(text)
    return sum(map(plausible, words)) >= VIETNAMESE * len(words)


class Case(NamedTuple):
    """A text as one damage would have it.

    ``gain`` is the share of possible syllables among the words beyond ASCII afterwards (``share``), less the share
    before; ``rise`` the same where a word that is none but has only letters counts half. ``broken`` says that a word
    had a sign or a capital inside that it has no more.
    """

    kind: str
    before: str
    after: str
    changed: int  # different words
    good: int  # of them possible syllables
    gain: float
    share: float
    rise: float
    broken: bool

    @property
    def is_better(self) -> bool:
        """Whether the text speaks for the damage by itself."""
        if self.kind in ("soft-hyphen", "converted"):  # they change nothing but what becomes a syllable
            return self.changed > 0
        if self.kind == "viqr" and _BEYOND.search(self.before):
            return False
        if self.kind in FONTS and len({letter for letter in self.before if not letter.isascii()}) < 2:
            return False  # «nü lü»: one letter that is another says nothing
        least = MARGIN if self.kind in FONTS else 1e-9
        return self.changed > 0 and self.good >= ACCEPT * self.changed and self.share >= ACCEPT and self.gain >= least

    @property
    def is_likely(self) -> bool:
        """Whether the text has the damage, where its source is known to have it."""
        if self.kind in FONTS:
            plain = self.changed > 1 and self.good == self.changed and self.gain >= PLAIN
            enough = self.broken or plain or self.changed >= WORDS or says_vietnamese(self.after)
            return not has_sound(self.before) and not _FIGURES.search(self.before) and self.rise >= MARGIN and enough
        if self.kind == "viqr":
            least = VIETNAMESE if _OWN_VIQR.search(self.before) else ACCEPT
            said = least == VIETNAMESE or says_vietnamese(self.after)
            return said and not _BEYOND.search(self.before) and self.good >= least * self.changed
        return self.changed > 0 and (self.rise > 0 or self.kind in ("soft-hyphen", "converted"))

    @property
    def is_possible(self) -> bool:
        """Whether the text reads well both ways («lóa», «lúa»), and so as the rest of its record does."""
        fits = self.good == self.changed and self.gain >= 0 and says_vietnamese(self.after)
        return self.kind in FONTS and not has_sound(self.before) and (fits or self.rise >= MARGIN)


def case(text: str, kind: str) -> Case | None:
    """How a text reads as ``kind`` would have it; ``None`` when it changes nothing."""
    after = VIEWS[kind](text)
    if after == text:
        return None
    before_words, after_words = beyond_ascii(text), beyond_ascii(after)
    changed = Counter(after_words) - Counter(before_words)
    good = sum(map(plausible, changed))
    share = _share(after_words)
    before = _share(before_words) if before_words else 0.0
    rise = _quality(after_words) - (_quality(before_words) if before_words else 0.0)
    broken = any(len(word) > 1 and not _is_whole(word) for word in before_words) and all(map(_is_whole, changed))
    return Case(kind, text, after, len(changed), good, share - before, share, rise, broken)


def _share(words: list[str]) -> float:
    return sum(map(plausible, words)) / len(words) if words else 0.0


def _quality(words: list[str]) -> float:
    return sum(1.0 if plausible(word) else 0.5 * _is_whole(word) for word in words) / len(words) if words else 0.0


def _is_whole(word: str) -> bool:
    """Letters only, and no capital beyond ASCII after a small letter: «Môdem», not «M«dem» or «SystÌme»."""
    odd = any(b.isupper() and not b.isascii() and a.islower() for a, b in pairwise(word))
    return _LETTERS.fullmatch(unicodedata.normalize("NFC", word)) is not None and not odd


def best_case(text: str, kinds: Collection[str] = VIEWS) -> Case | None:
    """The best of the readings that speak for themselves, when no other that is about as good reads differently.

    A damage that every accented word has says nothing of a text that has letters it could not show.
    """
    sound = has_sound(text)
    cases = [
        found for kind in kinds if not (sound and kind in FONTS) and (found := case(text, kind)) and found.is_better
    ]
    cases.sort(key=lambda found: (-found.share, found.changed))
    rivals = [found for found in cases[1:] if found.after != cases[0].after and found.kind in FONTS]
    if not cases or (cases[0].kind in FONTS and any(cases[0].share - r.share < MARGIN for r in rivals)):
        return None
    return cases[0]


def likely_case(text: str, kinds: Collection[str]) -> Case | None:
    """The best reading of a text by the damages its source is known to have; ``None`` where it has none of them."""
    cases = [found for kind in kinds if (found := case(text, kind)) and found.is_likely]
    return min(cases, key=lambda found: (-found.rise, found.changed), default=None)
