"""Which words can be Vietnamese: onset, rime and tone of a written syllable.

The lists are the orthography of the school dictionaries; syllables that end in c, ch, p or t take only sắc and nặng.
What decides an encoding is the share of words that can be Vietnamese, so the lists are wide rather than narrow.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from itertools import pairwise

_ONSETS = "b c ch d đ g gh gi h k kh l m n ng ngh nh p ph q r s t th tr v x"
_RIMES = """
a ac ach ai am an ang anh ao ap at au ay ăc ăm ăn ăng ăp ăt âc âm ân âng âp ât âu ây
e ec em en eng eo ep et ê êch êm ên ênh êp êt êu i ia ich im in inh ip it iu iê iêc iêm iên iêng iêp iêt iêu
o oa oac oach oai oam oan oang oanh oao oap oat oay oăc oăm oăn oăng oăt oc oe oen oeng oeo oet oi om on ong ooc oong
op ot ô ôc ôi ôm ôn ông ôông ôp ôt ơ ơi ơm ơn ơp ơt u ua uac uach uai uam uan uang uanh uao uap uat uau uay
uăc uăm uăn uăng uăp uăt uâm uân uâng uânh uâp uât uây uc ue uen ueo uet uê uêch uên uênh uêt uêu ui uich uin uinh
uip uit uiu um un ung uô uôc uôi uôm uôn uông uôt uơ uơi up ut uy uya uych uyn uynh uyp uyt uyu uyê uyên uyêt
ư ưa ưc ưi ưm ưn ưng ưt ưu ươ ươc ươi ươm ươn ương ươp ươt ươu y yêm yên yêng yêt yêu
"""
_SYLLABLE = re.compile(
    "(?P<onset>" + "|".join(sorted(_ONSETS.split(), key=len, reverse=True)) + ")?"
    "(?P<rime>" + "|".join(sorted(_RIMES.split(), key=len, reverse=True)) + ")"
)
_TONES = re.compile("[\u0300\u0301\u0303\u0309\u0323]")
_STOPS = ("c", "ch", "p", "t")


@lru_cache(maxsize=65536)
def is_syllable(word: str) -> bool:
    """Whether ``word`` can be one written Vietnamese syllable, in any case and either tone placement."""
    parts = unicodedata.normalize("NFD", word.lower())
    tones = _TONES.findall(parts)
    plain = unicodedata.normalize("NFC", _TONES.sub("", parts))
    if len(tones) > 1 or len(plain) > 7:
        return False
    match = _SYLLABLE.fullmatch(plain)
    if match is None or (match["onset"] == "q" and not match["rime"].startswith("u")):
        return False
    return not (tones and plain.endswith(_STOPS) and tones[0] not in "\u0301\u0323")


_WORD = re.compile(r"[^\W\d_]+")


def says_vietnamese(text: str) -> bool:
    """Whether a title reads as Vietnamese: it has marks and at least 60 % of its words are Vietnamese syllables."""
    words = _WORD.findall(unicodedata.normalize("NFC", text))
    good = [word for word in words if is_syllable(word)]
    marked = sum([not word.isascii() for word in words])
    if not marked or len(good) < 0.6 * len(words):
        return False
    return sum([not word.isascii() for word in good]) >= 0.6 * marked


_RUN = re.compile(r"[A-Za-z\x80-\U0010ffff]+")
_EDGES = "«»“”‘’„–—…·•€°©®\xa0\xad,;:"


def beyond_ascii(text: str) -> list[str]:
    """The words with a letter beyond ASCII; what an encoding leaves unread stays part of its word."""
    if text.isascii():
        return []
    words = (word.strip(_EDGES) for word in _RUN.findall(text))
    return [word for word in words if word and not word.isascii()]


def plausible(word: str) -> bool:
    """A possible syllable without a capital beyond ASCII after a small letter: «hỌc» is a wrong reading."""
    odd = any(b.isupper() and not b.isascii() and a.islower() for a, b in pairwise(word))
    return not odd and is_syllable(word)


def weigh(text: str) -> tuple[int, int, int]:
    """How many words of a text go beyond ASCII, how many can be Vietnamese, how many of these have several letters."""
    words = beyond_ascii(text)
    good = [word for word in words if plausible(word)]
    return len(words), len(good), sum(len(word) > 1 for word in good)
