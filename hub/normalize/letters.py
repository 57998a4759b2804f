"""The letters of a whole record: one Unicode form, the letters that are meant, marks in their order, no strays.

Each rule has a cheap look at the packed record, which tells most records that there is nothing to do.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from schemas.record import DELIMITER, FIELD_END, Field
from schemas.syllables import is_syllable

INVISIBLE = re.compile("[\x00-\x1d\x7f\x80-\x9f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")
JOINERS = re.compile("[\u200c-\u200f]")
OTHER_SCRIPTS = re.compile("[\u0590-\u08ff\u0900-\u109f\ufb1d-\ufeff]")  # where joiners and direction are spelling
NOT_OURS = re.compile("[þÞæÆøØœŒƒƑɣƔŋŊɔƆɛƐʋƲ]")  # letters of Nordic and African languages that have ð or ɖ
OURS_ALONE = re.compile("[ăđơưĂĐƠƯ\u1ea0-\u1ef9]")  # letters that French and Portuguese do not have
ETH = str.maketrans("ÐðƉɖ", "ĐđĐđ")
WORD = re.compile(r"[^\W\d_]+")
CONSONANTS = re.compile("[BCDÐGHKLMNPQRSTVX]{2,8}")
HORN = str.maketrans("Ƣƣ", "Ưư")
TONES = "\u0300\u0301\u0303\u0309\u0323"
TONE_BEFORE_SHAPE = re.compile(f"([aeoAEO])([{TONES}])([\u0302\u0306])")
TONE_AFTER_SPACE = re.compile(f"([aăâeêioôơuưyAĂÂEÊIOÔƠUƯY]) ([{TONES}])(?=\\w)")
STRAY_TONE = re.compile(f" [{TONES}]")
SPACES = re.compile(" {2,}")
LEADING = re.compile("\x1f. ")


def nfc(text: str) -> str:
    """NFC (Unicode Standard Annex 15); the same text where nothing is to be composed."""
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def has_eth(packed: str) -> bool:
    """Whether there is an eth or an African D anywhere."""
    return not packed.isascii() and ("ð" in packed or "Ð" in packed or "Ɖ" in packed or "ɖ" in packed)


def eth(content: str) -> str:
    """Ð ð (eth) and Ɖ ɖ (African D) stand for Đ đ in Vietnamese words typed or converted with the wrong letter.

    A word is Vietnamese where it is a syllable then; ð, Ɖ and ɖ, which other languages begin words with, only where
    the field has a letter that Vietnamese alone has. Abbreviations («QÐND») are mended, «TolÐrants» is not.
    """
    if not has_eth(content) or NOT_OURS.search(content):
        return content
    ours = OURS_ALONE.search(content) is not None
    start, *parts = content.split(DELIMITER)
    made = [part[:1] + WORD.sub(lambda found: _eth_word(found[0], ours), part[1:]) for part in parts]
    return DELIMITER.join([start, *made])


def _eth_word(word: str, ours: bool) -> str:
    after = word.translate(ETH)
    if after == word or (not ours and "Ð" not in word):
        return word
    abbreviated = CONSONANTS.fullmatch(word) or (ours and after.isupper() and len(after) < 9)
    return after if abbreviated or is_syllable(after) or (ours and word[0] in "ÐƉ" and word[1:].islower()) else word


def has_gha(packed: str) -> bool:
    """Whether there is a gha anywhere."""
    return not packed.isascii() and ("ƣ" in packed or "Ƣ" in packed)


def gha(text: str) -> str:
    """Ƣ ƣ (gha) stand for Ư ư in text converted by a faulty table."""
    return text.translate(HORN)


def has_invisible(packed: str) -> bool:
    """The cheap test first: what is printable throughout holds nothing invisible."""
    plain = packed.replace(DELIMITER, "").replace(FIELD_END, "")
    return not plain.isprintable() and INVISIBLE.search(packed) is not None


def visible(text: str) -> str:
    """Without control and layout characters; joiners and directions stay in scripts that spell with them."""
    if JOINERS.search(text) and OTHER_SCRIPTS.search(text):
        return INVISIBLE.sub(lambda found: found[0] if JOINERS.match(found[0]) else "", text)
    return INVISIBLE.sub("", text)


def has_stray_marks(packed: str) -> bool:
    """Whether a tone stands alone, as it cannot in Vietnamese text in NFC."""
    if packed.isascii():
        return False
    return "\u0302" in packed or "\u0306" in packed or STRAY_TONE.search(packed) is not None


def marks(text: str) -> str:
    """Marks on their letters, the shape before the tone: «xuá̂t» → «xuất», «Nha ̀xuất» → «Nhà xuất».

    MARC-8 knows no order of two marks on a letter, so records of the Library of Congress have either.
    """
    if not has_stray_marks(text):
        return text
    parts = TONE_BEFORE_SHAPE.sub(r"\1\3\2", unicodedata.normalize("NFD", text))
    made = unicodedata.normalize("NFC", parts)
    return TONE_AFTER_SPACE.sub(_joined, made) if OURS_ALONE.search(made) else made


def _joined(found: re.Match[str]) -> str:
    return unicodedata.normalize("NFC", found[1] + found[2]) + " "


def has_spaces(fields: Iterable[Field]) -> bool:
    """Whether a subfield begins or ends with a blank, or has several in a row."""
    text = FIELD_END.join([content[2:] for tag, content in fields if "100" <= tag < "900"])
    if "  " in text or " \x1f" in text or " \x1e" in text or text.endswith(" "):
        return True
    return LEADING.search(text) is not None


def spaces(tag: str, content: str) -> str:
    """One blank between words and none around a subfield, in 1XX to 8XX: numbers and call numbers may be padded."""
    if not "100" <= tag < "900" or " " not in content[2:]:
        return content
    start, *parts = content.split(DELIMITER)
    return DELIMITER.join([start, *[part[:1] + SPACES.sub(" ", part[1:].strip(" ")) for part in parts]])
