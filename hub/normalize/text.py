"""Vietnamese and other text for comparison: folded (no marks) and by syllable (marks as evidence).

đ has no Unicode decomposition, so it is mapped before anything is stripped. Both styles of tone placement (hoà, hòa)
and both spellings of final i/y after a consonant (kỹ, kĩ) give one key; «hay» and «hai» stay two words.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

TONES = {"\u0300": "1", "\u0309": "2", "\u0303": "3", "\u0301": "4", "\u0323": "5"}
SPECIAL = {"đ": "d", "ð": "d", "ø": "o", "ł": "l", "ß": "ss", "æ": "ae", "œ": "oe", "þ": "th", "ı": "i", "ħ": "h"}
ARABIC = dict(zip("أإآٱىةؤئ", "اااايهوي", strict=True))  # letters that catalogs interchange
APOSTROPHES = dict.fromkeys(map(ord, "'`´‘’ʹʺʻʼʽʾʿˈˊˋ·ـ\u200c\u200d\u200e\u200f"))  # within words: they part nothing
WORD = re.compile(r"\w+")
LOOSE = re.compile(
    "[\u0300-\u036f\u0483-\u0487\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\ufe20-\ufe2f]"
)
TONE_INSIDE = re.compile(r"([^\W\d_]*)([1-5])([^\W\d_]+)")
FINAL_Y = re.compile(r"(?<=[bcdđghklmnprstvx])y(?=[1-5]?\b)|(?<=qu)y(?=[1-5]?\b)")


def _fold_letter(letter: str) -> str:
    plain = "".join(c for c in unicodedata.normalize("NFD", letter) if not unicodedata.combining(c))
    return "".join(SPECIAL.get(c, c) for c in plain)


def _tone_letter(letter: str) -> str:
    """ề → ê1: the letter with its shape, then the digit of its tone."""
    parts = unicodedata.normalize("NFD", letter)
    tone = "".join(TONES[c] for c in parts if c in TONES)
    return unicodedata.normalize("NFC", "".join(c for c in parts if c not in TONES)) + tone


_RANGES = [*range(0xC0, 0x250), *range(0x1E00, 0x1F00)]
_FOLD = {c: _fold_letter(chr(c).lower()) for c in _RANGES}
_TONE = {c: _tone_letter(chr(c).lower()) for c in _RANGES}
_FOLD |= {ord(letter): plain for letter, plain in ARABIC.items()}
_MARKS = dict.fromkeys(range(0x300, 0x370))


def fold(text: str) -> str:
    """Lower case, no marks, đ → d, y after a consonant → i, & → va: «Đất rừng phương Nam» → "dat rung phuong nam"."""
    return " ".join(map(_fold_word, _words(text, " va ")))


def syllables(text: str) -> str:
    """Lower case, each word with its tone as a digit at its end: «Hoà Bình» and «Hòa Bình» → "hoa1 binh1"."""
    return " ".join(map(_tone_word, _words(text, " và ")))


def _words(text: str, ampersand: str) -> list[str]:
    if "&" in text:
        text = text.replace("&", ampersand)
    lowered = text.lower()
    if not lowered.isascii():
        lowered = LOOSE.sub("", unicodedata.normalize("NFC", lowered)).translate(APOSTROPHES)
    elif "'" in lowered or "`" in lowered:
        lowered = lowered.replace("'", "").replace("`", "")
    return WORD.findall(lowered)


@lru_cache(maxsize=1 << 16)
def _fold_word(word: str) -> str:
    if not word.isascii():
        word = word.translate(_FOLD)
        if not word.isascii():
            word = unicodedata.normalize("NFD", word).translate(_MARKS).translate(_FOLD)
    return FINAL_Y.sub("i", word) if "y" in word else word


@lru_cache(maxsize=1 << 16)
def _tone_word(word: str) -> str:
    if not word.isascii():
        word = TONE_INSIDE.sub(r"\1\3\2", word.translate(_TONE))
    return FINAL_Y.sub("i", word) if "y" in word else word


def has_marks(text: str) -> bool:
    """Whether the text carries any diacritic or đ."""
    return not text.isascii()
