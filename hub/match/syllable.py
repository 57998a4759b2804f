"""Vietnamese syllables: which letters and tones can stand together, so that a slip of the pen is known by itself.

A syllable that ends in c, ch, p or t has the acute tone or the dot below; «Viễt» and «cuổc» are no syllables, whatever
the word. Đoàn Thiện Thuật, *Ngữ âm tiếng Việt* (1977), on the distribution of tones.
"""

from __future__ import annotations

import re
from functools import lru_cache

from hub.normalize.text import fold

PLAIN = re.compile(  # a Vietnamese syllable without its marks
    r"(?:b|ch?|d|gh?|gi|h|kh?|l|m|n(?:gh?|h)?|ph|qu|r|s|th?|tr|v|x)?[aeiouy]{1,3}(?:ch?|m|ng?|nh|p|t)?"
)
_STOPPED_TONES = ("4", "5")  # acute and dot below, as :func:`hub.normalize.text.syllables` writes them
_STOPS = ("c", "ch", "p", "t")


@lru_cache(maxsize=1 << 14)
def impossible(word: str) -> bool:
    """Whether a syllable of :func:`hub.normalize.text.syllables` has marks that no Vietnamese syllable can have."""
    if word.isascii() and (word.isalpha() or word.isdigit()):
        return False
    tone = word[-1] if word[-1:].isdigit() else ""
    plain = fold(word.rstrip("0123456789"))
    if plain.endswith("k"):
        return False  # «Đắk Lắk», «Kông Chro»: names in other languages of the country
    if not PLAIN.fullmatch(plain):
        return True
    return plain.endswith(_STOPS) and tone not in _STOPPED_TONES
